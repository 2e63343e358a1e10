package lds_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
)

// mrzWith is a TD1 zone with some characters written over.
func mrzWith(t *testing.T, line, at int, text string) lds.MRZ {
	t.Helper()
	lines := []string{"IDVNM0900000177099090000017<<3", "9001011M3001019VNM<<<<<<<<<<<4", "NGUYEN<<VAN<MAU<<<<<<<<<<<<<<<"}
	if text != "" {
		lines[line] = lines[line][:at] + text + lines[line][at+len(text):]
	}
	m, err := lds.ParseMRZ(lines...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMRZFindings(t *testing.T) {
	for name, v := range map[string]struct {
		line, at int
		text     string
		want     []lds.Finding
	}{
		"none":                 {0, 0, "", nil},
		"kind of document":     {0, 0, "X<", []lds.Finding{lds.FindingDocumentCode}},
		"digit in the kind":    {0, 0, "I1", []lds.Finding{lds.FindingDocumentCode}},
		"issuer":               {0, 2, "V1M", []lds.Finding{lds.FindingIssuer}},
		"no issuer":            {0, 2, "<<<", []lds.Finding{lds.FindingIssuer}},
		"Germany":              {0, 2, "D<<", nil},
		"nationality":          {1, 15, "V<M", []lds.Finding{lds.FindingNationality}},
		"no name":              {2, 0, strings.Repeat("<", 30), []lds.Finding{lds.FindingName}},
		"digit in the name":    {2, 2, "0", []lds.Finding{lds.FindingName}},
		"sex":                  {1, 7, "X", []lds.Finding{lds.FindingSex}},
		"sex not given":        {1, 7, "<", nil},
		"31 February":          {1, 0, "900231", []lds.Finding{lds.FindingBirth, lds.FindingBirthCheck, lds.FindingComposite}},
		"29 February 1990":     {1, 0, "9002291", []lds.Finding{lds.FindingBirth, lds.FindingBirthCheck, lds.FindingComposite}},
		"29 February 1992":     {1, 0, "9202298", []lds.Finding{lds.FindingComposite}},
		"letter in the birth":  {1, 0, "9O0101", []lds.Finding{lds.FindingBirth, lds.FindingBirthCheck, lds.FindingComposite}},
		"birth without day":    {1, 0, "9001<<0", nil},
		"birth without month":  {1, 0, "90<<017", []lds.Finding{lds.FindingBirthCheck, lds.FindingComposite}},
		"birth unknown":        {1, 0, "<<<<<<0", nil},
		"expiry without day":   {1, 8, "3001<<", []lds.Finding{lds.FindingExpiry, lds.FindingExpiryCheck, lds.FindingComposite}},
		"month 13":             {1, 8, "301301", []lds.Finding{lds.FindingExpiry, lds.FindingExpiryCheck, lds.FindingComposite}},
		"check of the number":  {0, 14, "8", []lds.Finding{lds.FindingNumberCheck, lds.FindingComposite}},
		"check of the expiry":  {1, 14, "0", []lds.Finding{lds.FindingExpiryCheck, lds.FindingComposite}},
		"composite":            {1, 29, "5", []lds.Finding{lds.FindingComposite}},
		"card without expiry":  {1, 8, "9912315", nil},
		"one half of a filler": {1, 4, "<1", []lds.Finding{lds.FindingBirth}},
	} {
		if got := mrzWith(t, v.line, v.at, v.text).Findings(); !slices.Equal(got, v.want) {
			t.Errorf("%s: %v, want %v", name, got, v.want)
		}
	}
	if got := (lds.MRZ{}).Findings(); len(got) == 0 {
		t.Error("nothing at all is found to be in order")
	}
}

func TestCOMFindings(t *testing.T) {
	com := func(version, unicode, tags string) []byte {
		var parts [][]byte
		for _, o := range []struct {
			tag  tlv.Tag
			text string
		}{{0x5F01, version}, {0x5F36, unicode}, {0x5C, tags}} {
			if o.text != "" {
				parts = append(parts, tlv.New(o.tag, []byte(o.text)))
			}
		}
		return tlv.New(0x60, parts...)
	}
	const tags = "\x61\x75\x63\x6D\x6F\x6E"
	for name, v := range map[string]struct {
		file []byte
		want []lds.Finding
	}{
		"none":             {com("0107", "040000", tags), nil},
		"version 1.8":      {com("0108", "040000", tags), nil},
		"version 3.0":      {com("0300", "040000", tags), []lds.Finding{lds.FindingLDSVersion}},
		"no version":       {com("", "040000", tags), []lds.Finding{lds.FindingLDSVersion}},
		"Unicode 5":        {com("0107", "050000", tags), []lds.Finding{lds.FindingUnicodeVersion}},
		"no Unicode":       {com("0107", "", tags), []lds.Finding{lds.FindingUnicodeVersion}},
		"without DG1":      {com("0107", "040000", "\x75\x6D"), []lds.Finding{lds.FindingNoGroup1}},
		"a tag of nothing": {com("0107", "040000", tags+"\x72"), []lds.Finding{lds.FindingTags}},
	} {
		c, err := lds.ParseCOM(v.file)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Findings(); !slices.Equal(got, v.want) {
			t.Errorf("%s: %v, want %v", name, got, v.want)
		}
	}
}

// TestPortraitFindings changes one byte of the facial record at a time.
func TestPortraitFindings(t *testing.T) {
	jpeg := cardtest.Hex(t, "FFD8FFE000064A464946"+"FFC000110800300020"+"03011100021101031101"+"FFD9")
	block := append(append(binary32(uint32(32+len(jpeg))), make([]byte, 16)...), 1, 0, 0, 32, 0, 48, 1, 2, 0, 0, 0, 0)
	block = append(block, jpeg...)
	record := append(append([]byte("FAC\x00010\x00"), binary32(uint32(14+len(block)))...), 0, 1)
	record = append(record, block...)
	header := func(parts ...string) []byte {
		var out []byte
		for _, p := range parts {
			out = append(out, cardtest.Hex(t, p)...)
		}
		return tlv.New(0xA1, out)
	}
	good := header("810102", "820100", "87020101", "88020008")
	file := func(count, header, record []byte) []byte {
		return tlv.New(0x75, tlv.New(0x7F61, count, tlv.New(0x7F60, header, tlv.New(0x5F2E, record))))
	}
	one := []byte{2, 1, 1}
	at := func(i int, b byte) []byte {
		r := slices.Clone(record)
		r[i] = b
		return r
	}
	for name, v := range map[string]struct {
		file []byte
		want []lds.Finding
	}{
		"none":              {file(one, good, record), nil},
		"no count":          {file(nil, good, record), []lds.Finding{lds.FindingInstances}},
		"two faces, one":    {file([]byte{2, 1, 2}, good, record), []lds.Finding{lds.FindingInstances}},
		"no owner":          {file(one, header("88020008"), record), []lds.Finding{lds.FindingOwner}},
		"no type":           {file(one, header("87020101"), record), []lds.Finding{lds.FindingType}},
		"fingers":           {file(one, header("810108", "87020101", "88020008"), record), []lds.Finding{lds.FindingBiometric}},
		"type of two bytes": {file(one, header("81020002", "87020101", "88020008"), record), nil},
		"no header":         {file(one, nil, record), []lds.Finding{lds.FindingOwner, lds.FindingType}},
		"version":           {file(one, good, at(5, '9')), []lds.Finding{lds.FindingVersion}},
		"sex":               {file(one, good, at(20, 3)), []lds.Finding{lds.FindingGender}},
		"eyes":              {file(one, good, at(21, 8)), []lds.Finding{lds.FindingEyes}},
		"other eyes":        {file(one, good, at(21, 0xFF)), nil},
		"hair":              {file(one, good, at(22, 10)), []lds.Finding{lds.FindingHair}},
		"yaw":               {file(one, good, at(28, 182)), []lds.Finding{lds.FindingPose}},
		"roll":              {file(one, good, at(30, 255)), []lds.Finding{lds.FindingPose}},
		"uncertain pitch":   {file(one, good, at(32, 182)), []lds.Finding{lds.FindingUncertainty}},
		"kind of image":     {file(one, good, at(34, 3)), []lds.Finding{lds.FindingImageKind}},
	} {
		if _, err := lds.ParseDG2(v.file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := lds.PortraitFindings(v.file); !slices.Equal(got, v.want) {
			t.Errorf("%s: %v, want %v", name, got, v.want)
		}
	}
	for _, bad := range [][]byte{nil, {0x75, 0}, tlv.New(0x75, tlv.New(0x7F61, []byte{2, 5})), file(one, good, record[:20])} {
		_ = lds.PortraitFindings(bad) // whatever it is, it is not read beyond its end
	}
}

// The specimens of testdata are in order, as far as these rules go.
func TestFindingsOfSpecimens(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("testdata", "files", "bsi2008_EF_COM.bin"))
	if err != nil {
		t.Fatal(err)
	}
	com, err := lds.ParseCOM(raw)
	if err != nil || len(com.Findings()) != 0 {
		t.Errorf("%v, %v", com.Findings(), err)
	}
	if raw, err = os.ReadFile(filepath.Join("testdata", "files", "bsi2008_Datagroup1.bin")); err != nil {
		t.Fatal(err)
	}
	m, err := lds.ParseDG1(raw)
	if err != nil || len(m.Findings()) != 0 {
		t.Errorf("%v, %v", m.Findings(), err)
	}
}

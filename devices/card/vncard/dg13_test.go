package vncard_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
	"motcua/devices/card/vncard"
)

// sampleDG13 was put together from what was published of the structure; nobody's card.
const sampleDG13 = "6d8201a23082019e020101060628d3160100083182018f3011020101130c30393930393030303030313730180201020c134e677579e1bb856e2056c4836e204de1baab75300f020103130a30312f30312f3139393030080201040c034e616d300f0201050c0a5669e1bb8774204e616d30090201060c044b696e68300b0201070c064b68c3b46e67302b0201080c2658c3a3204de1baab752c20487579e1bb876e204de1baab752c2054e1bb896e68204de1baab7530440201090c3f53e1bb9120312c20c490c6b0e1bb9d6e67204de1baab752c2058c3a3204de1baab752c20487579e1bb876e204de1baab752c2054e1bb896e68204de1baab75302c02010a0c274ee1bb9174207275e1bb936920433a31636d207472c3aa6e20736175206dc3a970207472c3a169300f02010b130a30312f30322f32303231300f02010c0c0a30312f30312f32303330302d02010d30130c114e677579e1bb856e2056c4836e2043686130130c115472e1baa76e205468e1bb8b204de1bab9300302010e300e02010f13093031323334353637383015020110131030313233343536373839414243444546"

func TestDG13Sample(t *testing.T) {
	d, err := vncard.ParseDG13(cardtest.Hex(t, sampleDG13))
	if err != nil {
		t.Fatal(err)
	}
	want := vncard.DG13{Number: "099090000017", Name: "Nguyễn Văn Mẫu", Birth: "01/01/1990", Sex: "Nam", Nationality: "Việt Nam", Ethnicity: "Kinh",
		Religion: "Không", Origin: "Xã Mẫu, Huyện Mẫu, Tỉnh Mẫu", Residence: "Số 1, Đường Mẫu, Xã Mẫu, Huyện Mẫu, Tỉnh Mẫu",
		Features: "Nốt ruồi C:1cm trên sau mép trái", Issued: "01/02/2021", Expires: "01/01/2030", Father: "Nguyễn Văn Cha", Mother: "Trần Thị Mẹ",
		OldNumber: "012345678", Serial: "0123456789ABCDEF"}
	if d.Unknown != nil || d.Father+d.Mother+d.Spouse != want.Father+want.Mother {
		t.Errorf("%+v", d)
	}
	for _, pair := range [][2]string{{d.Number, want.Number}, {d.Name, want.Name}, {d.Birth, want.Birth}, {d.Sex, want.Sex}, {d.Nationality, want.Nationality},
		{d.Ethnicity, want.Ethnicity}, {d.Religion, want.Religion}, {d.Origin, want.Origin}, {d.Residence, want.Residence}, {d.Features, want.Features},
		{d.Issued, want.Issued}, {d.Expires, want.Expires}, {d.OldNumber, want.OldNumber}, {d.Serial, want.Serial}} {
		if pair[0] != pair[1] {
			t.Errorf("%q, want %q", pair[0], pair[1])
		}
	}
}

func field(n byte, value ...[]byte) []byte {
	return tlv.New(0x30, append([][]byte{{2, 1, n}}, value...)...)
}

func text(s string) []byte { return tlv.New(0x0C, []byte(s)) }

func dg13(fields ...[]byte) []byte {
	return tlv.New(0x6D, tlv.New(0x30, []byte{2, 1, 1}, []byte{6, 6, 0x28, 0xD3, 0x16, 1, 0, 8}, tlv.New(0x31, fields...)))
}

func TestDG13Parents(t *testing.T) {
	father, mother := tlv.New(0x30, text("Cha")), tlv.New(0x30, text("Mẹ"))
	none := tlv.New(0x30)
	for name, v := range map[string]struct {
		value          [][]byte
		father, mother string
	}{
		"two sequences":            {[][]byte{father, mother}, "Cha", "Mẹ"},
		"two in one":               {[][]byte{tlv.New(0x30, father, mother)}, "Cha", "Mẹ"},
		"two strings in one":       {[][]byte{tlv.New(0x30, text("Cha"), text("Mẹ"))}, "Cha", "Mẹ"},
		"bare strings":             {[][]byte{text("Cha"), text("Mẹ")}, "Cha", "Mẹ"},
		"no father":                {[][]byte{none, mother}, "", "Mẹ"},
		"no father, in one":        {[][]byte{tlv.New(0x30, none, mother)}, "", "Mẹ"},
		"no father, empty string":  {[][]byte{tlv.New(0x30, text("")), mother}, "", "Mẹ"},
		"no mother":                {[][]byte{father}, "Cha", ""},
		"neither":                  {nil, "", ""},
		"neither, empty sequences": {[][]byte{none, none}, "", ""},
	} {
		d, err := vncard.ParseDG13(dg13(field(13, v.value...)))
		if err != nil || d.Father != v.father || d.Mother != v.mother {
			t.Errorf("%s: %q, %q, %v", name, d.Father, d.Mother, err)
		}
	}
}

// padded is an object whose length is written in n bytes after the first.
func padded(n int, tag byte, value ...[]byte) []byte {
	content := bytes.Join(value, nil)
	length := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	out := append([]byte{tag, 0x80 | byte(n)}, length[len(length)-n:]...)
	return append(out, content...)
}

// whole is a DG13 with every length written in n bytes, and with zero bytes wherever something ends.
func whole(n, zeros int) []byte {
	pad := make([]byte, zeros)
	name := padded(n, 0x30, []byte{2, 1, 2}, padded(n, 0x0C, []byte("Lò Thị Ún")), pad)
	parents := padded(n, 0x30, []byte{2, 1, 13}, padded(n, 0x30, padded(n, 0x0C, []byte("Cha")), pad), padded(n, 0x30, padded(n, 0x0C, []byte("Mẹ")), pad))
	set := padded(n, 0x31, name, parents, pad)
	return append(padded(n, 0x6D, padded(n, 0x30, []byte{2, 1, 1}, []byte{6, 6, 0x28, 0xD3, 0x16, 1, 0, 8}, set, pad), pad), pad...)
}

// TestDG13Oddities is what cards were seen with, or may have, each alone.
func TestDG13Oddities(t *testing.T) {
	name := func(want string) func(vncard.DG13) bool {
		return func(d vncard.DG13) bool { return d.Name == want && d.Unknown == nil }
	}
	lengths := func(d vncard.DG13) bool { return d.Name == "Lò Thị Ún" && d.Father == "Cha" && d.Mother == "Mẹ" }
	raw := func(n int, want string) func(vncard.DG13) bool {
		return func(d vncard.DG13) bool {
			return d.Number == "099090000017" && len(d.Unknown) == 1 && strings.HasPrefix(string(d.Unknown[n]), want)
		}
	}
	number := field(1, tlv.New(0x13, []byte("099090000017")))
	deep := text("x")
	for range 8 {
		deep = tlv.New(0x30, deep)
	}
	for title, v := range map[string]struct {
		file  []byte
		holds func(vncard.DG13) bool
	}{
		"TLV-11 unknown field":     {dg13(number, field(40, text("?"))), raw(40, "\x0C\x01?")},
		"TLV-11 field zero":        {dg13(number, field(0, text("?"))), raw(0, "\x0C\x01?")},
		"TLV-11 long field number": {dg13(number, tlv.New(0x30, []byte{2, 2, 1, 0}, text("?"))), raw(256, "\x0C\x01?")},
		"TLV-11 wrong order": {dg13(field(16, text("S")), field(2, text("B")), field(13, text("F"), text("M")), number),
			func(d vncard.DG13) bool {
				return d.Serial+d.Name+d.Father+d.Mother+d.Number == "SBFM099090000017" && d.Unknown == nil
			}},
		"TLV-11 missing fields":   {dg13(number), func(d vncard.DG13) bool { return d.Number != "" && d.Name == "" && d.Spouse == "" }},
		"TLV-11 no fields at all": {dg13(), func(d vncard.DG13) bool { return !d.Opaque && d.Number == "" }},
		"TLV-11 duplicate field":  {dg13(field(2, text("First")), field(2, text("Second"))), name("First")},

		"lengths of one byte":           {whole(1, 0), lengths},
		"lengths of two bytes":          {whole(2, 0), lengths},
		"lengths of three bytes":        {whole(3, 0), lengths},
		"zeros after everything":        {whole(1, 4), lengths},
		"zeros in a text":               {dg13(field(2, text("Ún\x00\x00"))), name("Ún")},
		"UTF8String":                    {dg13(field(2, tlv.New(0x0C, []byte("Ún")))), name("Ún")},
		"PrintableString with marks":    {dg13(field(2, tlv.New(0x13, []byte("Ún")))), name("Ún")},
		"IA5String":                     {dg13(field(2, tlv.New(0x16, []byte("Un")))), name("Un")},
		"OCTET STRING":                  {dg13(field(2, tlv.New(0x04, []byte("Ún")))), name("Ún")},
		"decomposed letters":            {dg13(field(2, text("Nguye\u0302\u0303n"))), name("Nguyễn")},
		"marks in the other order":      {dg13(field(2, text("Lo\u0323\u0302c"))), name("Lộc")},
		"invisible letters":             {dg13(field(2, text("\ufeffLò\u200b Thị\u0085 "))), name("Lò Thị")},
		"no value":                      {dg13(field(2)), name("")},
		"empty value":                   {dg13(field(2, text(""))), name("")},
		"NULL":                          {dg13(field(2, []byte{5, 0})), name("")},
		"unmarried, no value":           {dg13(field(14)), func(d vncard.DG13) bool { return d.Spouse == "" && d.Unknown == nil }},
		"unmarried, empty sequence":     {dg13(field(14, tlv.New(0x30))), func(d vncard.DG13) bool { return d.Spouse == "" && d.Unknown == nil }},
		"married, in a sequence":        {dg13(field(14, tlv.New(0x30, text("Cà")))), func(d vncard.DG13) bool { return d.Spouse == "Cà" }},
		"married, bare":                 {dg13(field(14, text("Cà"))), func(d vncard.DG13) bool { return d.Spouse == "Cà" }},
		"no CMND, no value":             {dg13(field(15)), func(d vncard.DG13) bool { return d.OldNumber == "" && d.Unknown == nil }},
		"no CMND, empty string":         {dg13(field(15, tlv.New(0x13))), func(d vncard.DG13) bool { return d.OldNumber == "" }},
		"CMND of twelve digits":         {dg13(field(15, tlv.New(0x13, []byte("098700231000")))), func(d vncard.DG13) bool { return d.OldNumber == "098700231000" }},
		"field 16 is no old number":     {dg13(field(16, tlv.New(0x13, []byte("0123456789ABCDEF")))), func(d vncard.DG13) bool { return d.Serial == "0123456789ABCDEF" && d.OldNumber == "" }},
		"fields in a SEQUENCE":          {tlv.New(0x6D, tlv.New(0x30, []byte{2, 1, 1}, tlv.New(0x30, number))), func(d vncard.DG13) bool { return d.Number != "" }},
		"value that is not UTF-8":       {dg13(number, field(2, tlv.New(0x04, []byte{0xFF, 0xFE}))), raw(2, "\x04\x02\xFF\xFE")},
		"value that is no object":       {dg13(number, field(2, []byte{0x0C, 0x7F, 1})), raw(2, "\x0C\x7F")},
		"value nested too deep":         {dg13(number, field(13, deep)), raw(13, "\x30")},
		"value too long":                {dg13(number, field(9, text(strings.Repeat("a", 2000)))), raw(9, "\x0C\x82")},
		"other things beside the texts": {dg13(field(13, text("F"), []byte{5, 0}, text("M"))), func(d vncard.DG13) bool { return d.Father == "F" && d.Mother == "M" }},
		"no encoding":                   {tlv.New(0x6D, tlv.New(0x30, []byte{2, 1, 1}, tlv.New(0x31, number))), func(d vncard.DG13) bool { return d.Number != "" }},
	} {
		t.Run(title, func(t *testing.T) {
			if d, err := vncard.ParseDG13(v.file); err != nil || !v.holds(d) {
				t.Errorf("%v, %+v", err, d)
			}
		})
	}
}

func TestDG13Expiry(t *testing.T) {
	for words, want := range map[string]string{
		"03/12/2040": "2040-12-03", "Không thời hạn": "2099-12-31", "31/12/2099": "2099-12-31", "": "", "31/02/2030": "", "2040": "",
	} {
		got, ok := vncard.DG13{Expires: words}.ExpiryDate()
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("%q: %v, %t", words, got, ok)
		}
	}
}

func TestDG13Opaque(t *testing.T) {
	for _, s := range []string{"6D081122334455667788", "6D03040101", "6D0430020401", "6D00"} {
		if d, err := vncard.ParseDG13(cardtest.Hex(t, s)); err != nil || !d.Opaque {
			t.Errorf("%s: %+v, %v", s, d, err)
		}
	}
}

func TestDG13Damaged(t *testing.T) {
	whole := cardtest.Hex(t, sampleDG13)
	for name, raw := range map[string][]byte{
		"nothing": nil, "other tag": {0x6E, 0}, "cut": whole[:200], "cut inside": tlv.New(0x6D, whole[4:200]),
		"field without number": dg13(tlv.New(0x30, text("x"))), "field without anything": dg13(tlv.New(0x30)), "field is no sequence": dg13(text("x")),
		"number below zero": dg13(tlv.New(0x30, []byte{2, 1, 0x80})), "number of three bytes": dg13(tlv.New(0x30, []byte{2, 3, 1, 0, 0})),
		"number without a value": dg13(tlv.New(0x30, []byte{2, 0})),
	} {
		if d, err := vncard.ParseDG13(raw); !errors.Is(err, lds.ErrFormat) {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

func FuzzDG13(f *testing.F) {
	f.Add(cardtest.Hex(f, sampleDG13))
	f.Add(dg13(field(13, tlv.New(0x30, text("Cha"), text("Mẹ")))))
	f.Add([]byte{0x6D, 0})
	f.Add(whole(2, 3))
	f.Add(dg13(field(14), field(40, text("?")), field(2, tlv.New(0x04, []byte{0xFF}))))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := vncard.ParseDG13(raw)
		if err != nil {
			return
		}
		if d.Opaque && (d.Name != "" || d.Number != "") {
			t.Errorf("opaque, and yet %+v", d)
		}
		_, _ = d.ExpiryDate()
		for _, s := range []string{d.Number, d.Name, d.Origin, d.Residence, d.Father, d.Mother, d.Spouse, d.Serial} {
			if !norm.NFC.IsNormalString(s) || len(s) > 3*1024 || strings.ContainsAny(s, "\x00\n") {
				t.Errorf("not clean: %q", s)
			}
		}
	})
}

package emrtd_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
	"motcua/devices/card/vncard"
)

// dataFiles are the files behind access control that a reading takes.
func dataFiles() []emrtd.File {
	return []emrtd.File{emrtd.SOD, emrtd.DG1, emrtd.DG2, emrtd.DG13, emrtd.DG14, emrtd.DG15}
}

// parse reads a file as its own parser does.
func parse(file emrtd.File, raw []byte) error {
	var err error
	switch file {
	case emrtd.SOD:
		_, err = lds.ParseSOD(raw)
	case emrtd.DG1:
		_, err = lds.ParseDG1(raw)
	case emrtd.DG2:
		_, err = lds.ParseDG2(raw)
	case emrtd.DG13:
		_, err = vncard.ParseDG13(raw)
	case emrtd.DG14:
		_, err = lds.ParseDG14(raw)
	case emrtd.DG15:
		_, err = lds.ParseDG15(raw)
	}
	return err
}

// addLength changes the last byte of a file's own length.
func addLength(n int) func(raw []byte) []byte {
	return func(raw []byte) []byte {
		_, header, _, err := tlv.Strict.Header(raw)
		if err != nil {
			return raw
		}
		raw[header-1] = byte(int(raw[header-1]) + n)
		return raw
	}
}

// TestNegativeTLVFile: a file whose own tag or length is wrong is not taken, and the others are.
func TestNegativeTLVFile(t *testing.T) {
	for _, v := range []struct {
		id, what string
		change   func(raw []byte) []byte
	}{
		{"TLV-01", "next tag", func(raw []byte) []byte { raw[0]++; return raw }},
		{"TLV-01", "tag of another data group", func(raw []byte) []byte { raw[0] = 0x6B; return raw }},
		{"TLV-02", "length one too small", addLength(-1)},
		{"TLV-02", "length one too big", addLength(1)},
		{"TLV-03", "indefinite length", func(raw []byte) []byte {
			_, header, _, err := tlv.Strict.Header(raw)
			if err != nil {
				return raw
			}
			return bytes.Join([][]byte{{raw[0], 0x80}, raw[header:], {0, 0}}, nil)
		}},
		{"TLV-03", "indefinite length without an end", func(raw []byte) []byte { raw[1] = 0x80; return raw }},
		{"TLV-05", "length of five bytes", func(raw []byte) []byte {
			return bytes.Join([][]byte{{raw[0], 0x85, 0, 0, 0, 0}, raw[1:]}, nil)
		}},
	} {
		for _, file := range dataFiles() {
			t.Run(v.id+" "+v.what+" "+file.String(), func(t *testing.T) {
				id := cardsim.FileID(file.Identifier())
				p := with(t, id, v.change)
				situation{profile: p}.read(t).succeeds(file)
				if err := parse(file, p.Files[id]); !errors.Is(err, lds.ErrFormat) {
					t.Errorf("parsed: %v", err)
				}
			})
		}
	}
}

// TestNegativeTLVForms: what no encoding of a card may have.
func TestNegativeTLVForms(t *testing.T) {
	for name, s := range map[string]string{
		"TLV-03 indefinite on a primitive":    "0480010000",
		"TLV-03 indefinite on a constructed":  "30800401010000",
		"TLV-03 unterminated":                 "3080040101",
		"TLV-05 tag of six bytes":             "7F818181810100",
		"TLV-05 tag that has no end":          "7FFFFFFFFFFFFF",
		"TLV-05 length of five bytes":         "04850000000101",
		"TLV-05 length of 126 bytes":          "04FE01",
		"TLV-05 length that goes beyond":      "0405010203",
		"TLV-05 length of four bytes, 4 GiB":  "0484FFFFFFFF00",
		"TLV-05 length of three bytes, 1 MiB": "0483100001" + "00",
	} {
		t.Run(name, func(t *testing.T) {
			raw := cardtest.Hex(t, s)
			for _, mode := range []tlv.Mode{tlv.Strict, tlv.Tolerant} {
				if _, err := mode.Parse(raw); !errors.Is(err, tlv.ErrMalformed) {
					t.Errorf("mode %d: %v", mode, err)
				}
			}
		})
	}
}

// TestNegativeTLVSize (TLV-04): nesting and numbers have an end.
func TestNegativeTLVSize(t *testing.T) {
	enter := func(int, tlv.Object) (bool, error) { return true, nil }
	deep := []byte{4, 0}
	for range 10000 {
		deep = tlv.New(0x30, deep)
	}
	million := bytes.Repeat([]byte{4, 0}, 1_000_000)
	const branches = 250
	var tree [][]byte // of a million nodes, none of which has too many children
	for range branches {
		tree = append(tree, tlv.New(0x30, bytes.Repeat([]byte{4, 0}, 4000)))
	}
	for name, raw := range map[string][]byte{"10000 deep": deep, "a million in a row": million} {
		t.Run("TLV-04 "+name, func(t *testing.T) {
			if err := tlv.Tolerant.Walk(raw, enter); !errors.Is(err, tlv.ErrMalformed) {
				t.Errorf("%v", err)
			}
		})
	}
	t.Run("TLV-04 a million in a tree", func(t *testing.T) {
		nodes := 0
		err := tlv.Tolerant.Walk(bytes.Join(tree, nil), func(int, tlv.Object) (bool, error) {
			nodes++
			return true, nil
		})
		if err != nil || nodes != branches*4001 {
			t.Errorf("%d nodes, %v", nodes, err)
		}
	})
	t.Run("TLV-04 in the files", func(t *testing.T) {
		nested := deep[:len(deep)/2]
		for file, raw := range map[emrtd.File][]byte{
			emrtd.DG2:  tlv.New(0x75, tlv.New(0x7F61, []byte{2, 1, 1}, tlv.New(0x7F60, tlv.New(0xA1), tlv.New(0x7F2E, deep)))),
			emrtd.DG14: tlv.New(0x6E, tlv.New(0x31, bytes.Repeat([]byte{0x30, 0}, 5000))),
			emrtd.SOD:  tlv.New(0x77, nested),
			emrtd.DG15: tlv.New(0x6F, deep),
		} {
			if err := parse(file, raw); !errors.Is(err, lds.ErrFormat) {
				t.Errorf("%s: %v", file, err)
			}
		}
		// A field of DG13 that nobody understands is kept as it is, and no text is made of it.
		d, err := vncard.ParseDG13(tlv.New(0x6D, tlv.New(0x30, []byte{2, 1, 1}, tlv.New(0x31, tlv.New(0x30, []byte{2, 1, 13}, deep)))))
		if err != nil && !errors.Is(err, lds.ErrFormat) || d.Father+d.Mother != "" {
			t.Errorf("DG13: %+v, %v", d, err)
		}
	})
}

// faceFile is a DG2 around a facial record.
func faceFile(record []byte) []byte {
	header := tlv.New(0xA1, tlv.New(0x87, []byte{1, 1}), tlv.New(0x88, []byte{0, 8}))
	return tlv.New(0x75, tlv.New(0x7F61, []byte{2, 1, 1}, tlv.New(0x7F60, header, tlv.New(0x5F2E, record))))
}

// facialRecord is an ISO 19794-5 record of so many faces around one image.
func facialRecord(faces uint16, kind byte, image []byte) []byte {
	size := uint32(20 + 12 + len(image))
	record := binary.BigEndian.AppendUint32([]byte("FAC\x00010\x00"), 14+size)
	record = binary.BigEndian.AppendUint16(record, faces)
	record = binary.BigEndian.AppendUint32(record, size)
	record = append(record, make([]byte, 16)...)
	record = append(record, 1, kind, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0)
	return append(record, image...)
}

// jp2 is a JP2 file whose codestream has a header for 256 by 384 pixels and claims to be so long.
func jp2(claim int) []byte {
	stream := []byte("\xFF\x4F\xFF\x51\x00\x29\x00\x00\x00\x00\x01\x00\x00\x00\x01\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01\x80")
	file := []byte("\x00\x00\x00\x0CjP  \r\n\x87\n")
	file = binary.BigEndian.AppendUint32(file, uint32(8+claim))
	return append(append(file, "jp2c"...), stream...)
}

// TestNegativeTLVPortrait (TLV-06): portraits that cannot be shown are not, and the rest of the card is.
func TestNegativeTLVPortrait(t *testing.T) {
	photo, err := smallPhoto()
	if err != nil {
		t.Fatal(err)
	}
	wide := bytes.Clone(photo)
	frame := bytes.Index(wide, []byte{0xFF, 0xC0})
	copy(wide[frame+7:], []byte{0xFF, 0xFF})
	whole := facialRecord(1, 0, photo)
	for name, record := range map[string][]byte{
		"no images":                    facialRecord(0, 0, photo),
		"image of size 0":              facialRecord(1, 0, nil),
		"JP2 cut after its header":     facialRecord(1, 1, jp2(20000)),
		"JP2 cut in its header":        facialRecord(1, 1, jp2(32)[:50]),
		"65535 pixels wide":            facialRecord(1, 0, wide),
		"no record":                    {},
		"record cut":                   whole[:40],
		"record claims more":           append(binary.BigEndian.AppendUint32([]byte("FAC\x00010\x00"), 0xFFFFFFFF), whole[12:]...),
		"JPEG cut before its size":     facialRecord(1, 0, photo[:frame]),
		"neither JPEG nor JPEG 2000":   facialRecord(1, 0, []byte("GIF89a, which no card has")),
		"an image type of nobody":      facialRecord(1, 7, photo),
		"feature points without bytes": func() []byte { r := bytes.Clone(whole); r[18], r[19] = 0xFF, 0xFF; return r }(),
	} {
		t.Run("TLV-06 "+name, func(t *testing.T) {
			p := with(t, cardsim.DG(2), func([]byte) []byte { return faceFile(record) })
			if c := (situation{profile: p}).read(t).succeeds(emrtd.DG2); c.Photo != nil {
				t.Errorf("an image of %d bytes is shown", len(c.Photo.Data))
			}
		})
	}
	t.Run("TLV-06 the record is right otherwise", func(t *testing.T) {
		p := with(t, cardsim.DG(2), func([]byte) []byte { return faceFile(whole) })
		if c := (situation{profile: p}).read(t).succeeds(); !bytes.Equal(c.Photo.Data, photo) {
			t.Error("another image")
		}
	})
}

// TestNegativeTLVExtensible (TLV-07): the face of ISO 39794-5, which follows 19794-5.
func TestNegativeTLVExtensible(t *testing.T) {
	t.Run("TLV-07 the published sample", func(t *testing.T) {
		raw, err := os.ReadFile(filepath.Join(cardtest.Shared(t), "vectors", "files", "sample-39794-5-ed-1-v1.der"))
		if err != nil {
			t.Fatal(err)
		}
		image, err := lds.ParseDG2(faceFile(raw))
		if err != nil || len(image.Data) == 0 || image.Width == 0 {
			t.Errorf("%s %dx%d, %v", image.MediaType, image.Width, image.Height, err)
		}
	})
}

// zone is the plain card's MRZ with some characters of a line written over.
func zone(t *testing.T, line, at int, text string) *cardsim.Profile {
	t.Helper()
	return with(t, cardsim.DG(1), func(raw []byte) []byte {
		start := len(raw) - 90 + 30*line + at
		copy(raw[start:], text)
		return raw
	})
}

// TestNegativeTLVZone (TLV-08): an MRZ that is wrong is shown as it is, with what is wrong about it.
func TestNegativeTLVZone(t *testing.T) {
	for name, v := range map[string]struct {
		line, at int
		text     string
		finding  lds.Finding
		check    vncard.Outcome
	}{
		"number's check digit": {0, 14, "0", lds.FindingNumberCheck, vncard.Failed},
		"birth's check digit":  {1, 6, "9", lds.FindingBirthCheck, vncard.Failed},
		"composite":            {1, 29, "9", lds.FindingComposite, vncard.Failed},
		"31 February":          {1, 0, "9002314", lds.FindingBirth, vncard.Failed},
		"month 13 of expiry":   {1, 8, "301301", lds.FindingExpiry, vncard.Failed},
		"letters in the birth": {1, 0, "NO0101", lds.FindingBirth, vncard.Failed},
		"sex":                  {1, 7, "Z", lds.FindingSex, ""},
		"name is void":         {2, 0, strings.Repeat("<", 30), lds.FindingName, ""},
		"no day":               {1, 4, "<<0", "", ""},
	} {
		t.Run("TLV-08 "+name, func(t *testing.T) {
			p := zone(t, v.line, v.at, v.text)
			c := situation{profile: p}.read(t).succeeds()
			if got := c.MRZ.Lines[v.line]; !strings.HasPrefix(got[v.at:], v.text) {
				t.Errorf("shown as %s", got)
			}
			findings := c.MRZ.Findings()
			if v.finding != "" && !slices.Contains(findings, v.finding) || v.finding == "" && slices.Contains(findings, lds.FindingBirth) {
				t.Errorf("%v", findings)
			}
			if v.check != "" && outcome(c, vncard.CheckNumber) != v.check {
				t.Errorf("%v", c.Checks)
			}
		})
	}
}

// TestNegativeTLVOtherZone (TLV-09): DG1 is not the MRZ that opened the chip.
func TestNegativeTLVOtherZone(t *testing.T) {
	p, err := plainProfile()
	if err != nil {
		t.Fatal(err)
	}
	mrz := p.Persona.MRZ()
	byMRZ := vncard.Request{MRZ: mrz[:]}
	t.Run("TLV-09 number", func(t *testing.T) {
		other := zone(t, 0, 5, "1900000174"+"099190000017<<0")
		r := situation{profile: other, options: cardsim.Options{NoPACE: true}, request: &byMRZ}.read(t)
		isOnly(t, r.err, vncard.ErrOtherCard)
		if r.card != nil {
			t.Error("a card is given out")
		}
	})
	for name, v := range map[string]struct {
		at   int
		text string
	}{"birth": {0, "9101018"}, "expiry": {8, "3101016"}} {
		for key, request := range map[string]*vncard.Request{"MRZ": &byMRZ, "QR code": nil} {
			t.Run("TLV-09 "+name+" by "+key, func(t *testing.T) {
				r := situation{profile: zone(t, 1, v.at, v.text), options: cardsim.Options{NoPACE: true}, request: request}.read(t)
				if c := r.succeeds(); outcome(c, vncard.CheckNumber) != vncard.Failed {
					t.Errorf("%v", c.Checks)
				}
			})
		}
	}
}

// TestNegativeTLVDetails (TLV-10): DG11 and DG12 of a careless issuer. They are nothing that a reading needs, so they are
// not even asked for.
func TestNegativeTLVDetails(t *testing.T) {
	for name, content := range map[string][]byte{
		"BCD dates":      tlv.New(0x5F2B, []byte{0x19, 0x90, 0x01, 0x01}),
		"empty strings":  tlv.New(0x5F0E),
		"no UTF-8":       tlv.New(0x5F0E, []byte{0xC3, 0x28, 0xFF}),
		"nothing at all": {},
	} {
		t.Run("TLV-10 "+name, func(t *testing.T) {
			p := with(t, cardsim.DG(11), func([]byte) []byte { return tlv.New(0x6B, content) })
			p.Files[cardsim.DG(12)] = tlv.New(0x6C, content)
			p.Files[cardsim.EFCOM] = tlv.New(lds.TagCOM, tlv.New(0x5F01, []byte("0107")), tlv.New(0x5F36, []byte("040000")),
				tlv.New(0x5C, []byte("\x61\x75\x6B\x6C\x6D\x6E\x6F")))
			r := situation{profile: p}.read(t)
			r.succeeds()
			for _, c := range r.commands {
				if file := c[2] & 0x1F; c[1] == apdu.InsReadBinary && c[2]&0x80 != 0 && (file == 11 || file == 12) {
					t.Errorf("DG%d is read", file)
				}
			}
		})
	}
}

// TestNegativeTLVFields (TLV-11): fields of DG13 that are unknown, out of order, missing or there twice.
func TestNegativeTLVFields(t *testing.T) {
	text := func(s string) []byte { return tlv.New(0x0C, []byte(s)) }
	field := func(n byte, value ...[]byte) []byte { return tlv.New(0x30, append([][]byte{{2, 1, n}}, value...)...) }
	p, err := plainProfile()
	if err != nil {
		t.Fatal(err)
	}
	number, name := field(1, tlv.New(0x13, []byte(p.Persona.Number))), field(2, text("Nguyễn Văn Mẫu"))
	for title, fields := range map[string][][]byte{
		"unknown": {number, name, field(40, text("?"))}, "out of order": {field(8, text("Quê")), name, number},
		"missing": {number, name}, "twice": {number, name, field(2, text("Another"))},
	} {
		t.Run("TLV-11 "+title, func(t *testing.T) {
			file := tlv.New(0x6D, tlv.New(0x30, []byte{2, 1, 1}, []byte{6, 6, 0x28, 0xD3, 0x16, 1, 0, 8}, tlv.New(0x31, fields...)))
			c := situation{profile: with(t, cardsim.DG(13), func([]byte) []byte { return file })}.read(t).succeeds()
			if c.DG13.Name != "Nguyễn Văn Mẫu" || c.DG13.Number != p.Persona.Number || c.DG13.Opaque {
				t.Errorf("%+v", c.DG13)
			}
		})
	}
}

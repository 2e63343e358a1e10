package lds_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
)

// picture is the head of a JPEG of a size.
func picture(w, h uint16) []byte {
	b := []byte("\xFF\xD8\xFF\xE0\x00\x06JFIF\xFF\xC0\x00\x11\x08")
	b = binary.BigEndian.AppendUint16(b, h)
	b = binary.BigEndian.AppendUint16(b, w)
	return append(b, "\x03\x01\x11\x00\x02\x11\x01\x03\x11\x01\xFF\xD9"...)
}

// picture2000 is the head of a JPEG 2000 file of a size.
func picture2000(w, h uint32) []byte {
	stream := []byte("\xFF\x4F\xFF\x51\x00\x29\x00\x00")
	for _, v := range []uint32{w, h, 0, 0} {
		stream = binary.BigEndian.AppendUint32(stream, v)
	}
	stream = append(stream, make([]byte, 16)...)
	file := append([]byte("\x00\x00\x00\x0CjP  \r\n\x87\n"), binary32(uint32(8+len(stream)))...)
	return append(append(file, "jp2c"...), stream...)
}

// fixed is an ISO 19794-5 record that claims so many images and has these.
func fixed(claimed uint16, images ...[]byte) []byte {
	var blocks []byte
	for _, image := range images {
		block := append(binary32(uint32(20+12+len(image))), make([]byte, 16)...)
		blocks = append(blocks, append(append(block, 1, 1, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0), image...)...)
	}
	record := append([]byte("FAC\x00010\x00"), binary32(uint32(14+len(blocks)))...)
	return append(binary.BigEndian.AppendUint16(record, claimed), blocks...)
}

// extensible is an ISO 39794-5 block of these images.
func extensible(images ...[]byte) []byte {
	var blocks [][]byte
	for i, image := range images {
		base := tlv.New(0xA0, tlv.New(0xA0, tlv.New(0x80, image), tlv.New(0xA1, tlv.New(0xA0, tlv.New(0x80, []byte{3})))))
		blocks = append(blocks, tlv.New(0x30, tlv.New(0x80, []byte{byte(i)}), tlv.New(0xA1, base)))
	}
	version := tlv.New(0xA0, tlv.New(0x80, []byte{3}), tlv.New(0x81, []byte{0x07, 0xE3}))
	return tlv.New(0x65, version, tlv.New(0xA1, blocks...))
}

// template is a biometric information template with a record of a format.
func template(tag tlv.Tag, owner, kind uint16, record []byte) []byte {
	header := tlv.New(0xA1, tlv.New(0x81, []byte{2}),
		tlv.New(0x87, binary.BigEndian.AppendUint16(nil, owner)), tlv.New(0x88, binary.BigEndian.AppendUint16(nil, kind)))
	return tlv.New(0x7F60, header, tlv.New(tag, record))
}

func dg2(templates ...[]byte) []byte {
	all := append([][]byte{tlv.New(0x02, []byte{byte(len(templates))})}, templates...)
	return tlv.New(0x75, tlv.New(0x7F61, all...))
}

const (
	plain, constructed = tlv.Tag(0x5F2E), tlv.Tag(0x7F2E)
	sc37               = 0x0101
	type19, type39     = 0x0008, 0x002A
)

func wrapped(block []byte) []byte { return tlv.New(0xA1, block) }

// TestDG2Kinds: what cards of either generation hold, and what they may.
func TestDG2Kinds(t *testing.T) {
	small := picture(240, 320)
	for name, file := range map[string][]byte{
		"TLV-07 ISO 19794-5":                  dg2(template(plain, sc37, type19, fixed(1, small))),
		"TLV-07 ISO 39794-5":                  dg2(template(constructed, sc37, type39, wrapped(extensible(small)))),
		"TLV-07 the header names the other":   dg2(template(constructed, sc37, type19, wrapped(extensible(small)))),
		"TLV-07 another format owner":         dg2(template(plain, 0x001B, type19, fixed(1, small))),
		"TLV-07 another format type":          dg2(template(plain, sc37, 0x0009, fixed(1, small))),
		"ISO 19794-5 in a constructed object": dg2(template(constructed, sc37, type19, fixed(1, small))),
		"ISO 39794-5 without A1":              dg2(template(constructed, sc37, type39, extensible(small))),
		"no header":                           dg2(tlv.New(0x7F60, tlv.New(plain, fixed(1, small)))),
		"two images, the first is none":       dg2(template(plain, sc37, type19, fixed(2, []byte("GIF89a"), small))),
		"two images, the first is empty":      dg2(template(plain, sc37, type19, fixed(2, nil, small))),
		"two images":                          dg2(template(plain, sc37, type19, fixed(2, small, picture(1, 1)))),
		"two representations":                 dg2(template(constructed, sc37, type39, wrapped(extensible([]byte("x"), small)))),
		"two templates, the first is none": dg2(template(plain, sc37, type19, fixed(0)),
			template(constructed, sc37, type39, wrapped(extensible(small)))),
	} {
		t.Run(name, func(t *testing.T) {
			p, err := lds.ParseDG2(file)
			_ = lds.PortraitFindings(file) // which looks at the first face, that may be the damaged one
			if err != nil || p.MediaType != lds.MediaJPEG || p.Width != 240 || p.Height != 320 || !bytes.Equal(p.Data, small) {
				t.Errorf("%s %dx%d of %d bytes, %v", p.MediaType, p.Width, p.Height, len(p.Data), err)
			}
		})
	}
}

// TestDG2Faults: each is an error that says what is wrong.
func TestDG2Faults(t *testing.T) {
	whole := picture2000(240, 320)
	shape := tlv.New(0x65, tlv.New(0xA1, tlv.New(0x30, tlv.New(0xA1, tlv.New(0xA0, tlv.New(0xA1, nil))))))
	for name, c := range map[string]struct {
		file []byte
		says string
	}{
		"TLV-06 0 images":                  {dg2(template(plain, sc37, type19, fixed(0))), "no images"},
		"TLV-06 0 representations":         {dg2(template(constructed, sc37, type39, wrapped(extensible()))), "without a face"},
		"TLV-06 0 templates":               {dg2(), "without a face"},
		"TLV-06 image size 0":              {dg2(template(plain, sc37, type19, fixed(1, nil))), "no bytes"},
		"TLV-06 image size 0, ISO 39794-5": {dg2(template(constructed, sc37, type39, wrapped(extensible(nil)))), "no bytes"},
		"TLV-06 truncated JP2":             {dg2(template(plain, sc37, type19, fixed(1, whole[:len(whole)-9]))), "cut short"},
		"TLV-06 JP2 of its signature":      {dg2(template(constructed, sc37, type39, wrapped(extensible(whole[:12])))), "cut short"},
		"TLV-06 width 65535":               {dg2(template(plain, sc37, type19, fixed(1, picture(65535, 320)))), "65535 x 320"},
		"TLV-06 width 65535, JP2":          {dg2(template(plain, sc37, type19, fixed(1, picture2000(65535, 320)))), "65535 x 320"},
		"TLV-06 width 0":                   {dg2(template(plain, sc37, type19, fixed(1, picture(0, 320)))), "no size"},
		"TLV-07 neither":                   {dg2(template(constructed, sc37, type39, tlv.New(0x66, nil))), "neither ISO 19794-5"},
		"only a shape in three dimensions": {dg2(template(constructed, sc37, type39, wrapped(shape))), "without A0"},
		"images that are not there":        {dg2(template(plain, sc37, type19, fixed(65535))), "image block"},
		"a PNG":                            {dg2(template(plain, sc37, type19, fixed(1, []byte("\x89PNG\r\n\x1A\n")))), "neither JPEG"},
		"no record":                        {dg2(tlv.New(0x7F60, tlv.New(0xA1, nil))), "without a facial record"},
		"another file":                     {tlv.New(0x61, nil), "tag 61"},
		"seventeen bad faces before a good one": {dg2(template(plain, sc37, type19,
			fixed(18, append(slicesOf([]byte("x"), 17), whole)...))), "neither JPEG"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := lds.ParseDG2(c.file)
			if !errors.Is(err, lds.ErrFormat) || p.Data != nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s %dx%d, %v; want an error that says %q", p.MediaType, p.Width, p.Height, err, c.says)
			}
		})
	}
}

func slicesOf(b []byte, n int) [][]byte {
	all := make([][]byte, n)
	for i := range all {
		all[i] = b
	}
	return all
}

// TestDG2CutShort: no beginning of a file of either generation is taken, and the widths in the record do not count.
func TestDG2CutShort(t *testing.T) {
	for name, file := range map[string][]byte{
		"19794": dg2(template(plain, sc37, type19, fixed(1, picture2000(240, 320)))),
		"39794": dg2(template(constructed, sc37, type39, wrapped(extensible(picture(240, 320))))),
	} {
		for n := range file {
			if _, err := lds.ParseDG2(file[:n]); !errors.Is(err, lds.ErrFormat) {
				t.Errorf("%s: %d of %d bytes: %v", name, n, len(file), err)
			}
		}
	}
}

// TestSilverSet is ICAO's example of a DG2 of ISO 39794-5 with a JPEG 2000.
func TestSilverSet(t *testing.T) {
	file, err := os.ReadFile("testdata/files/dg2_silver_mandatory_fields.bin")
	if err != nil {
		t.Fatal(err)
	}
	p, err := lds.ParseDG2(file)
	if err != nil || p.MediaType != lds.MediaJPEG2000 || p.Width != 413 || p.Height != 531 || len(p.Data) != 15000 {
		t.Errorf("%s %dx%d of %d bytes, %v", p.MediaType, p.Width, p.Height, len(p.Data), err)
	}
}

// TestFaceBlockVector is the standard's own example, a progressive JPEG among every optional part.
func TestFaceBlockVector(t *testing.T) {
	record, err := os.ReadFile(filepath.Join(cardtest.Shared(t), "vectors/files/sample-39794-5-ed-1-v1.der"))
	if err != nil {
		t.Skip(err)
	}
	p, err := lds.ParseFace(record)
	if err != nil || p.MediaType != lds.MediaJPEG || p.Width != 1024 || p.Height != 1024 || len(p.Data) != 893557 {
		t.Errorf("%s %dx%d of %d bytes, %v", p.MediaType, p.Width, p.Height, len(p.Data), err)
	}
}

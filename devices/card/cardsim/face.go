package cardsim

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image/jpeg"

	"motcua/devices/card/tlv"
)

// Tags of the biometric information template, ICAO 9303-10 §4.7.2, and of the face image data block of ISO 39794-5.
const (
	tagTemplate      tlv.Tag = 0x7F60
	tagBioHeader     tlv.Tag = 0xA1
	tagBioData       tlv.Tag = 0x5F2E
	tagBioDataBlock  tlv.Tag = 0x7F2E
	tagFaceDataBlock tlv.Tag = 0x65

	tagA0, tagA1 tlv.Tag = 0xA0, 0xA1 // constructed
	tag80, tag81 tlv.Tag = 0x80, 0x81 // primitive
)

// Sizes of ISO 19794-5 §5: facial record header, face information, image information.
const (
	recordHeaderSize = 14
	faceInfoSize     = 20
	imageInfoSize    = 12
)

// face is a picture with what a record says about it.
type face struct {
	photo         []byte
	jpeg2000      bool
	width, height int
	female        bool
}

// dataGroup2 holds one face in a record of one of the two generations.
func dataGroup2(p Persona, photo []byte, extensible bool) ([]byte, error) {
	f := face{photo: photo, female: p.Sex == Female}
	if err := f.measure(); err != nil {
		return nil, fmt.Errorf("cardsim: photo: %w", err)
	}
	kind, record := byte(0x08), tlv.New(tagBioData, f.fixed())
	if extensible {
		kind, record = 0x2A, tlv.New(tagBioDataBlock, tlv.New(tagA1, f.extensible()))
	}
	header := tlv.New(tagBioHeader,
		tlv.New(tag81, []byte{2}), tlv.New(0x82, []byte{0}), // facial features
		tlv.New(0x87, []byte{1, 1}), tlv.New(0x88, []byte{0, kind})) // ISO/IEC JTC1 SC37, facial image
	return tlv.New(tagDG2, tlv.New(tagBiometrics, integer(1), tlv.New(tagTemplate, header, record))), nil
}

// measure finds the size of a JPEG or of a JP2 file, which says it in its image header box (ISO 15444-1 §I.5.3.1).
func (f *face) measure() error {
	if !bytes.HasPrefix(f.photo, []byte("\x00\x00\x00\x0CjP  ")) {
		size, err := jpeg.DecodeConfig(bytes.NewReader(f.photo))
		f.width, f.height = size.Width, size.Height
		return err
	}
	_, box, found := bytes.Cut(f.photo, []byte("ihdr"))
	if !found || len(box) < 8 {
		return errors.New("a JP2 file without an image header")
	}
	f.jpeg2000 = true
	f.height, f.width = int(binary.BigEndian.Uint32(box)), int(binary.BigEndian.Uint32(box[4:]))
	return nil
}

// fixed is the record of ISO 19794-5. The image begins at byte 84 of DG2, as on the cards.
func (f *face) fixed() []byte {
	gender, kind := byte(1), byte(0)
	if f.female {
		gender = 2
	}
	if f.jpeg2000 {
		kind = 1
	}
	block := faceInfoSize + imageInfoSize + len(f.photo)
	record := append([]byte("FAC\x00010\x00"), 0, 0, 0, 0, 0, 1) // total length follows below; one face
	binary.BigEndian.PutUint32(record[8:], uint32(recordHeaderSize+block))
	record = binary.BigEndian.AppendUint32(record, uint32(block))
	record = append(record, 0, 0, gender)                        // no feature points
	record = append(record, make([]byte, faceInfoSize-4-2-1)...) // eyes, hair, expression, pose: unspecified
	record = append(record, 1, kind)                             // full frontal
	record = binary.BigEndian.AppendUint16(record, uint16(f.width))
	record = binary.BigEndian.AppendUint16(record, uint16(f.height))
	record = append(record, 1, 2, 0, 0, 0, 0) // sRGB, from a static camera; device and quality unspecified
	return append(record, f.photo...)
}

// extensible is the face image data block of ISO 39794-5:2019 with what it must have: version 3 of 2019, one
// representation, its image with format and kind.
func (f *face) extensible() []byte {
	const jpegCode, jpeg2000LossyCode, travelDocument = 2, 3, 1
	format := byte(jpegCode)
	if f.jpeg2000 {
		format = jpeg2000LossyCode
	}
	code := func(v byte) []byte { return tlv.New(tag80, []byte{v}) }
	information := tlv.New(tagA1, tlv.New(tagA0, code(format)), tlv.New(tagA1, code(travelDocument)))
	image := tlv.New(tagA0, tlv.New(tag80, f.photo), information) // of two dimensions
	representation := sequence(code(0), tlv.New(tagA1, tlv.New(tagA0, image)))
	version := tlv.New(tagA0, code(3), tlv.New(tag81, []byte{0x07, 0xE3}))
	return tlv.New(tagFaceDataBlock, version, tlv.New(tagA1, representation))
}

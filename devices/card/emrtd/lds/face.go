package lds

import (
	"encoding/binary"
	"fmt"

	"motcua/devices/card/tlv"
)

// Tags of the biometric information template, 9303-10 §4.7.2 (ISO 7816-11).
const (
	tagBITGroup    tlv.Tag = 0x7F61
	tagBIT         tlv.Tag = 0x7F60
	tagRecordPlain tlv.Tag = 0x5F2E
	tagRecord      tlv.Tag = 0x7F2E
)

// Sizes of the facial record, ISO 19794-5:2005 §5.4 to §5.7.
const (
	faceHeaderSize   = 14
	facialInfoSize   = 20
	featurePointSize = 8
	imageInfoSize    = 12

	magicFAC = "FAC\x00"

	imageTypeJPEG     = 0
	imageTypeJPEG2000 = 1
)

// Media types of a portrait.
const (
	MediaJPEG     = "image/jpeg"
	MediaJPEG2000 = "image/jp2"
)

// largestSide is the most pixels that a portrait may claim a side to have. Those on cards have some hundred; whoever
// decodes one makes room for what is claimed.
const largestSide = 4096

// Portrait is the first face in DG2.
type Portrait struct {
	MediaType     string // MediaJPEG or MediaJPEG2000, from the image's own first bytes
	Data          []byte // the image as stored; shares the file's memory
	Width, Height int    // pixels, from the image itself
}

// ParseDG2 reads the facial image, 9303-10 §4.7.2: CBEFF, ISO 19794-5 record, JPEG or JPEG 2000.
func ParseDG2(file []byte) (Portrait, error) {
	children, err := outer("DG2", file, TagDG2)
	if err != nil {
		return Portrait{}, err
	}
	group, ok := tlv.Find(children, tagBITGroup)
	if !ok {
		return Portrait{}, malformed("DG2 without biometric information", nil)
	}
	templates, err := group.ChildrenIn(tlv.Tolerant)
	if err != nil {
		return Portrait{}, malformed("DG2", err)
	}
	template, ok := tlv.Find(templates, tagBIT)
	if !ok {
		return Portrait{}, malformed("DG2 without a face", nil)
	}
	parts, err := template.ChildrenIn(tlv.Tolerant)
	if err != nil {
		return Portrait{}, malformed("DG2", err)
	}
	for _, tag := range []tlv.Tag{tagRecordPlain, tagRecord} {
		if record, ok := tlv.Find(parts, tag); ok {
			return parseRecord(record.Value)
		}
	}
	return Portrait{}, malformed("DG2 without a facial record", nil)
}

// parseRecord decides between the two generations of records: ISO 19794-5 begins with FAC, ISO 39794-5 is ASN.1.
func parseRecord(record []byte) (Portrait, error) {
	if len(record) >= len(magicFAC) && string(record[:len(magicFAC)]) == magicFAC {
		return ParseFace(record)
	}
	return parseExtensibleFace(record)
}

// parseExtensibleFace finds the image in an ISO 39794-5 face image data block (9303-10 §4.7.2.2). Of its many optional
// parts only the image is wanted, so the first primitive object that is an image is taken, wherever it stands.
func parseExtensibleFace(record []byte) (Portrait, error) {
	var found Portrait
	err := tlv.Tolerant.Walk(record, func(_ int, o tlv.Object) (bool, error) {
		if p, err := parseImage(o.Value, imageTypeJPEG); found.Data == nil && !o.Tag.Constructed() && err == nil {
			found = p
		}
		return found.Data == nil, nil
	})
	if err != nil {
		return Portrait{}, malformed("facial record", err)
	}
	if found.Data == nil {
		return Portrait{}, malformed("facial record without an image", nil)
	}
	return found, nil
}

// ParseFace reads an ISO 19794-5:2005 facial record and takes its first image. The header's own width and height are
// ignored in favour of the image's, because encoders have written them wrong.
func ParseFace(record []byte) (Portrait, error) {
	if len(record) < faceHeaderSize+facialInfoSize || string(record[:4]) != magicFAC {
		return Portrait{}, malformed("facial record", nil)
	}
	total := uint64(binary.BigEndian.Uint32(record[8:12]))
	if total > uint64(len(record)) || binary.BigEndian.Uint16(record[12:14]) == 0 {
		return Portrait{}, malformed(fmt.Sprintf("facial record of %d bytes claims %d", len(record), total), nil)
	}
	face := record[faceHeaderSize:]
	length := uint64(binary.BigEndian.Uint32(face[:4]))
	points := int(binary.BigEndian.Uint16(face[4:6]))
	start := facialInfoSize + points*featurePointSize + imageInfoSize
	if length > uint64(len(face)) || uint64(start) >= length {
		return Portrait{}, malformed("facial image block", nil)
	}
	imageType := face[start-imageInfoSize+1]
	return parseImage(face[start:length:length], imageType)
}

func parseImage(data []byte, imageType byte) (Portrait, error) {
	if imageType > imageTypeJPEG2000 {
		return Portrait{}, malformed(fmt.Sprintf("image type %d", imageType), nil)
	}
	if w, h, ok := jpegSize(data); ok {
		return Portrait{MediaJPEG, data, w, h}, nil
	}
	if w, h, ok := jpeg2000Size(data); ok {
		return Portrait{MediaJPEG2000, data, w, h}, nil
	}
	return Portrait{}, malformed("image is neither JPEG nor JPEG 2000", nil)
}

// Markers of JPEG, ITU-T T.81 table B.1.
const (
	jpegPrefix = 0xFF
	jpegSOI    = 0xD8
	jpegEOI    = 0xD9
	jpegSOS    = 0xDA
	jpegSOF0   = 0xC0
	jpegSOF15  = 0xCF
	jpegDHT    = 0xC4
	jpegJPG    = 0xC8
	jpegDAC    = 0xCC
)

// jpegSize walks the marker segments up to the frame header.
func jpegSize(b []byte) (width, height int, ok bool) {
	if len(b) < 4 || b[0] != jpegPrefix || b[1] != jpegSOI {
		return 0, 0, false
	}
	for b = b[2:]; len(b) >= 4 && b[0] == jpegPrefix; {
		marker := b[1]
		if marker == jpegPrefix { // fill byte
			b = b[1:]
			continue
		}
		length := int(binary.BigEndian.Uint16(b[2:4]))
		if marker == jpegEOI || marker == jpegSOS || length < 2 || length+2 > len(b) {
			return 0, 0, false
		}
		if isFrameHeader(marker) && length >= 7 {
			height, width = int(binary.BigEndian.Uint16(b[5:7])), int(binary.BigEndian.Uint16(b[7:9]))
			return width, height, plausible(width, height)
		}
		b = b[2+length:]
	}
	return 0, 0, false
}

func plausible(width, height int) bool {
	return width > 0 && height > 0 && width <= largestSide && height <= largestSide
}

func isFrameHeader(marker byte) bool {
	return marker >= jpegSOF0 && marker <= jpegSOF15 && marker != jpegDHT && marker != jpegJPG && marker != jpegDAC
}

// jpeg2000Size reads the SIZ segment of a codestream (ISO 15444-1 §A.5.1), bare or in the jp2c box of a JP2 file (§I).
func jpeg2000Size(b []byte) (width, height int, ok bool) {
	const (
		signature  = "\x00\x00\x00\x0CjP  \r\n\x87\n"
		codestream = "\xFF\x4F\xFF\x51" // SOC, SIZ
		sizeNeeded = 24
	)
	if len(b) >= len(signature) && string(b[:len(signature)]) == signature {
		b = boxContents(b[len(signature):], "jp2c")
	}
	if len(b) < sizeNeeded || string(b[:4]) != codestream {
		return 0, 0, false
	}
	x, y := binary.BigEndian.Uint32(b[8:12]), binary.BigEndian.Uint32(b[12:16])
	x0, y0 := binary.BigEndian.Uint32(b[16:20]), binary.BigEndian.Uint32(b[20:24])
	if x0 >= x || y0 >= y || x-x0 > largestSide || y-y0 > largestSide {
		return 0, 0, false
	}
	return int(x - x0), int(y - y0), true
}

// boxContents finds a box at the top level; length 0 is "up to the end", length 1 is followed by eight bytes of it.
func boxContents(b []byte, name string) []byte {
	for len(b) >= 8 {
		length, header := uint64(binary.BigEndian.Uint32(b[:4])), uint64(8)
		kind := string(b[4:8])
		switch length {
		case 0:
			length = uint64(len(b))
		case 1:
			if len(b) < 16 {
				return nil
			}
			length, header = binary.BigEndian.Uint64(b[8:16]), 16
		}
		if length < header || length > uint64(len(b)) {
			return nil
		}
		if kind == name {
			return b[header:length]
		}
		b = b[length:]
	}
	return nil
}

package lds

import (
	"encoding/binary"
	"fmt"
)

// maxSide is the most pixels that a portrait may claim a side to have. Those on cards have some hundred; whoever decodes
// one makes room for what is claimed.
const maxSide = 4096

// parseImage tells what a picture is by its first bytes, and reads its size from it.
func parseImage(data []byte) (Portrait, error) {
	p := Portrait{Data: data}
	var ok bool
	switch {
	case len(data) == 0:
		return Portrait{}, malformed("image of no bytes", nil)
	case isJPEG(data):
		p.MediaType = MediaJPEG
		p.Width, p.Height, ok = jpegSize(data)
	case isJPEG2000(data):
		p.MediaType = MediaJPEG2000
		p.Width, p.Height, ok = jpeg2000Size(data)
	default:
		return Portrait{}, malformed("image is neither JPEG nor JPEG 2000", nil)
	}
	if !ok {
		return Portrait{}, malformed("image "+p.MediaType+" is cut short or has no size", nil)
	}
	if p.Width > maxSide || p.Height > maxSide {
		return Portrait{}, malformed(fmt.Sprintf("image of %d x %d pixels", p.Width, p.Height), nil)
	}
	return p, nil
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

func isJPEG(b []byte) bool {
	return len(b) > 2 && b[0] == jpegPrefix && b[1] == jpegSOI && b[2] == jpegPrefix
}

// jpegSize walks the marker segments up to the frame header.
func jpegSize(b []byte) (width, height int, ok bool) {
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
			return width, height, width > 0 && height > 0
		}
		b = b[2+length:]
	}
	return 0, 0, false
}

func isFrameHeader(marker byte) bool {
	return marker >= jpegSOF0 && marker <= jpegSOF15 && marker != jpegDHT && marker != jpegJPG && marker != jpegDAC
}

// How JPEG 2000 begins: a file with its signature box, or a codestream with SOC and SIZ.
const (
	startOfJP2        = "\x00\x00\x00\x0CjP  \r\n\x87\n"
	startOfCodestream = "\xFF\x4F\xFF\x51"
)

func begins(b []byte, with string) bool { return len(b) >= len(with) && string(b[:len(with)]) == with }

func isJPEG2000(b []byte) bool { return begins(b, startOfJP2) || begins(b, startOfCodestream) }

// jpeg2000Size reads the SIZ segment of a codestream (ISO 15444-1 §A.5.1), bare or in the jp2c box of a JP2 file (§I).
func jpeg2000Size(b []byte) (width, height int, ok bool) {
	if begins(b, startOfJP2) {
		b = boxContents(b[len(startOfJP2):], "jp2c")
	}
	const sizeNeeded = 24
	if len(b) < sizeNeeded || !begins(b, startOfCodestream) {
		return 0, 0, false
	}
	x, y := binary.BigEndian.Uint32(b[8:12]), binary.BigEndian.Uint32(b[12:16])
	x0, y0 := binary.BigEndian.Uint32(b[16:20]), binary.BigEndian.Uint32(b[20:24])
	if x0 >= x || y0 >= y {
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

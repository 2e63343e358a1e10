package lds

import (
	"encoding/binary"
	"fmt"
)

// Sizes of the facial record, ISO 19794-5:2005 §5.4 to §5.7.
const (
	faceHeaderSize   = 14
	facialInfoSize   = 20
	featurePointSize = 8
	imageInfoSize    = 12

	magicFAC = "FAC\x00"

	imageTypeJPEG2000 = 1 // and 0 is JPEG
)

// parseFixedFace reads an ISO 19794-5:2005 facial record and takes its first image that can be used.
func parseFixedFace(record []byte) (Portrait, error) {
	if len(record) < faceHeaderSize {
		return Portrait{}, malformed("facial record", nil)
	}
	total, images := uint64(binary.BigEndian.Uint32(record[8:12])), int(binary.BigEndian.Uint16(record[12:14]))
	if total > uint64(len(record)) {
		return Portrait{}, malformed(fmt.Sprintf("facial record of %d bytes claims %d", len(record), total), nil)
	}
	if images == 0 {
		return Portrait{}, malformed("facial record of no images", nil)
	}
	var why error
	rest := record[faceHeaderSize:]
	for i := 0; i < min(images, maxFaces); i++ {
		block, after, err := nextFace(rest)
		if err == nil {
			var p Portrait
			if p, err = parseFaceBlock(block); err == nil {
				return p, nil
			}
		}
		if why == nil {
			why = err
		}
		if after == nil {
			break
		}
		rest = after
	}
	return Portrait{}, why
}

// nextFace cuts off the facial record data that b begins with, §5.5.1: its length counts all of it.
func nextFace(b []byte) (block, rest []byte, err error) {
	if len(b) < facialInfoSize {
		return nil, nil, malformed("facial image block", nil)
	}
	length := uint64(binary.BigEndian.Uint32(b[:4]))
	if length < facialInfoSize || length > uint64(len(b)) {
		return nil, nil, malformed(fmt.Sprintf("facial image block claims %d of %d bytes", length, len(b)), nil)
	}
	return b[:length:length], b[length:], nil
}

// parseFaceBlock skips feature points, and ignores the image information's width and height in favour of the image's own,
// because encoders have written them wrong.
func parseFaceBlock(block []byte) (Portrait, error) {
	points := int(binary.BigEndian.Uint16(block[4:6]))
	start := facialInfoSize + points*featurePointSize + imageInfoSize
	if start > len(block) {
		return Portrait{}, malformed(fmt.Sprintf("facial image block of %d bytes claims %d points", len(block), points), nil)
	}
	if kind := block[start-imageInfoSize+1]; kind > imageTypeJPEG2000 {
		return Portrait{}, malformed(fmt.Sprintf("image type %d", kind), nil)
	}
	return parseImage(block[start:])
}

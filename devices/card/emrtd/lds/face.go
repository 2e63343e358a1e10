package lds

import (
	"bytes"

	"motcua/devices/card/tlv"
)

// Tags of the biometric information template, 9303-10 §4.7.2 (ISO 7816-11).
const (
	tagBITGroup    tlv.Tag = 0x7F61
	tagBIT         tlv.Tag = 0x7F60
	tagRecordPlain tlv.Tag = 0x5F2E
	tagRecord      tlv.Tag = 0x7F2E
)

// maxFaces is the most faces that are looked at in a file, and in a record. There should be one.
const maxFaces = 16

// Media types of a portrait.
const (
	MediaJPEG     = "image/jpeg"
	MediaJPEG2000 = "image/jp2"
)

// Portrait is a face in DG2.
type Portrait struct {
	MediaType     string // MediaJPEG or MediaJPEG2000, from the image's own first bytes
	Data          []byte // the image as stored; shares the file's memory
	Width, Height int    // pixels, from the image itself; at least 1
}

// ParseDG2 reads the facial image, 9303-10 §4.7.2: CBEFF around a record of ISO 19794-5 or ISO 39794-5 around a JPEG or a
// JPEG 2000. Of several faces it takes the first that can be used; if there is none, the error is that of the first.
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
	return first("DG2", templates, tagBIT, parseTemplate)
}

// first gives the portrait of the first object with the tag that has one.
func first(where string, objects []tlv.Object, tag tlv.Tag, parse func(tlv.Object) (Portrait, error)) (Portrait, error) {
	var why error
	seen := 0
	for _, o := range objects {
		if o.Tag != tag {
			continue
		}
		if seen++; seen > maxFaces {
			break
		}
		p, err := parse(o)
		if err == nil {
			return p, nil
		}
		if why == nil {
			why = err
		}
	}
	if why == nil {
		why = malformed(where+" without a face", nil)
	}
	return Portrait{}, why
}

// parseTemplate reads the record of one biometric information template. What the header says of its format does not
// count (PortraitFindings compares it): the record's own first bytes say it, too.
func parseTemplate(template tlv.Object) (Portrait, error) {
	parts, err := template.ChildrenIn(tlv.Tolerant)
	if err != nil {
		return Portrait{}, malformed("DG2", err)
	}
	for _, tag := range []tlv.Tag{tagRecordPlain, tagRecord} {
		if record, ok := tlv.Find(parts, tag); ok {
			return ParseFace(record.Value)
		}
	}
	return Portrait{}, malformed("DG2 without a facial record", nil)
}

// ParseFace reads a facial record of either generation: ISO 19794-5 begins with FAC, ISO 39794-5 is ASN.1.
func ParseFace(record []byte) (Portrait, error) {
	if bytes.HasPrefix(record, []byte(magicFAC)) {
		return parseFixedFace(record)
	}
	return parseExtensibleFace(record)
}

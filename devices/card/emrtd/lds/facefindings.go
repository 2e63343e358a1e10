package lds

import (
	"bytes"
	"encoding/binary"

	"motcua/devices/card/tlv"
)

// What PortraitFindings can be: the biometric header (9303-10 §4.7.2.1) and the facial record (ISO 19794-5:2005 §5.4 to
// §5.7).
const (
	FindingInstances   Finding = "DG2 does not say how many faces it holds"
	FindingOwner       Finding = "the biometric header names no format owner that is allowed"
	FindingType        Finding = "the biometric header names no format type that is allowed"
	FindingBiometric   Finding = "the biometric header is for something else than a face"
	FindingLengths     Finding = "the lengths in the facial record do not add up"
	FindingVersion     Finding = "the facial record is of an unknown version"
	FindingGender      Finding = "the facial record has an unknown sex"
	FindingEyes        Finding = "the facial record has an unknown colour of eyes"
	FindingHair        Finding = "the facial record has an unknown colour of hair"
	FindingPose        Finding = "the facial record has a pose that no head can have"
	FindingUncertainty Finding = "the facial record has an impossible uncertainty of the pose"
	FindingImageKind   Finding = "the facial record has an image of an unknown kind"
)

// Data objects of the biometric header template.
const (
	tagHeader    tlv.Tag = 0xA1
	tagBiometric tlv.Tag = 0x81
	tagOwner     tlv.Tag = 0x87
	tagType      tlv.Tag = 0x88
)

// Values that are allowed in a facial record.
const (
	lastGender   = 2
	lastEyes     = 7
	lastHair     = 9
	lastAngle    = 181 // (degrees + 180)/2 + 1; 0 is unspecified
	lastKind     = 2   // basic, full frontal, token
	otherUnknown = 0xFF
	faceFeatures = 2 // biometric type of CBEFF
)

// PortraitFindings is what is odd about a DG2 that ParseDG2 reads, beside the image itself.
func PortraitFindings(file []byte) []Finding {
	children, err := outer("DG2", file, TagDG2)
	if err != nil {
		return nil
	}
	group, _ := tlv.Find(children, tagBITGroup)
	templates, err := tlv.Tolerant.Parse(group.Value)
	if err != nil {
		return nil
	}
	var out []Finding
	if count, ok := tlv.Find(templates, tagInteger); !ok || len(count.Value) != 1 || int(count.Value[0]) != len(templates)-1 {
		out = append(out, FindingInstances)
	}
	template, _ := tlv.Find(templates, tagBIT)
	parts, err := tlv.Tolerant.Parse(template.Value)
	if err != nil {
		return out
	}
	for _, tag := range []tlv.Tag{tagRecordPlain, tagRecord} {
		if record, ok := tlv.Find(parts, tag); ok {
			header, _ := tlv.Find(parts, tagHeader)
			isFAC := bytes.HasPrefix(record.Value, []byte(magicFAC))
			out = append(out, headerFindings(header, isFAC)...)
			if isFAC {
				out = append(out, recordFindings(record.Value)...)
			}
			return out
		}
	}
	return out
}

// headerFindings: the owner is ISO/IEC JTC1 SC37, the type that of the record's generation.
func headerFindings(header tlv.Object, isFAC bool) []Finding {
	objects, err := tlv.Tolerant.Parse(header.Value)
	if err != nil {
		return []Finding{FindingOwner, FindingType}
	}
	var out []Finding
	if owner, _ := tlv.Find(objects, tagOwner); !bytes.Equal(owner.Value, []byte{0x01, 0x01}) {
		out = append(out, FindingOwner)
	}
	allowed := map[bool]string{true: "\x00\x08", false: "\x00\x2A"}[isFAC] // binary face image of ISO 19794-5, of ISO 39794-5
	if kind, _ := tlv.Find(objects, tagType); string(kind.Value) != allowed {
		out = append(out, FindingType)
	}
	if biometric, ok := tlv.Find(objects, tagBiometric); ok && !bytes.Equal(bytes.TrimLeft(biometric.Value, "\x00"), []byte{faceFeatures}) {
		out = append(out, FindingBiometric)
	}
	return out
}

// recordFindings looks into the fields before the first image. Their places are those that parseFaceBlock checks.
func recordFindings(record []byte) []Finding {
	if len(record) < faceHeaderSize {
		return nil
	}
	var out []Finding
	if version := string(record[4:8]); version != "010\x00" && version != "030\x00" {
		out = append(out, FindingVersion)
	}
	face, rest, err := nextFace(record[faceHeaderSize:])
	if err != nil {
		return out
	}
	if alone := binary.BigEndian.Uint16(record[12:14]) == 1; alone && len(rest) > 0 {
		out = append(out, FindingLengths)
	}
	if _, err := parseFaceBlock(face); err != nil {
		return out
	}
	image := face[facialInfoSize+int(binary.BigEndian.Uint16(face[4:6]))*featurePointSize:]
	within := func(v, last byte) bool { return v <= last || v == otherUnknown }
	pose, uncertainty := face[14:17], face[17:20]
	for _, f := range []struct {
		is   bool
		what Finding
	}{
		{!within(face[6], lastGender), FindingGender},
		{!within(face[7], lastEyes), FindingEyes},
		{!within(face[8], lastHair), FindingHair},
		{max(pose[0], pose[1], pose[2]) > lastAngle, FindingPose},
		{max(uncertainty[0], uncertainty[1], uncertainty[2]) > lastAngle, FindingUncertainty},
		{image[0] > lastKind, FindingImageKind},
	} {
		if f.is {
			out = append(out, f.what)
		}
	}
	return out
}

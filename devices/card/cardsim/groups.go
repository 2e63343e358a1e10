package cardsim

import (
	"crypto/sha256"
	"math/rand/v2"

	"motcua/devices/card/tlv"
)

// Tags of the files, ICAO 9303-10 §4.
const (
	tagCOM        tlv.Tag = 0x60
	tagDG1        tlv.Tag = 0x61
	tagDG2        tlv.Tag = 0x75
	tagDG3        tlv.Tag = 0x63
	tagDG13       tlv.Tag = 0x6D
	tagDG14       tlv.Tag = 0x6E
	tagDG15       tlv.Tag = 0x6F
	tagSOD        tlv.Tag = 0x77
	tagMRZ        tlv.Tag = 0x5F1F
	tagLDSVersion tlv.Tag = 0x5F01
	tagUnicode    tlv.Tag = 0x5F36
	tagTagList    tlv.Tag = 0x5C
	tagBiometrics tlv.Tag = 0x7F61
)

// com is EF.COM: LDS 1.7, Unicode 4.0.0, and the data groups in the order in which these cards list them.
func com() []byte {
	groups := []byte{byte(tagDG1), byte(tagDG2), byte(tagDG3), byte(tagDG13), byte(tagDG15), byte(tagDG14)}
	return tlv.New(tagCOM,
		tlv.New(tagLDSVersion, []byte("0107")), tlv.New(tagUnicode, []byte("040000")), tlv.New(tagTagList, groups))
}

func dataGroup1(p Persona) []byte {
	mrz := p.MRZ()
	return tlv.New(tagDG1, tlv.New(tagMRZ, []byte(mrz[0]+mrz[1]+mrz[2])))
}

// dataGroup3 stands for the fingerprints, which nobody here can read.
func dataGroup3(p Persona) []byte {
	digest := sha256.Sum256([]byte("fingerprints " + p.Number))
	return tlv.New(tagDG3, tlv.New(tagBiometrics, integer(0), octets(digest[:])))
}

// dataGroup13 is Vietnam's own: sixteen numbered fields in the order of their numbers, which is not the order of DER.
// A field without a value keeps its number.
func dataGroup13(p Persona) []byte {
	values := [...][]byte{
		printableString(p.Number), utf8String(p.Name), printableString(p.Birth.Format(dayFormat)),
		utf8String(p.Sex.Text()), utf8String(p.Nationality), utf8String(p.Ethnicity), utf8String(p.Religion),
		utf8String(p.Origin), utf8String(p.Residence), utf8String(p.Features),
		printableString(p.Issued.Format(dayFormat)), utf8String(p.ExpiryText()),
		relatives(p.Father, p.Mother), relatives(p.Spouse), optional(p.CMND), printableString(p.ChipSerial),
	}
	var fields []byte
	for i, value := range values {
		fields = append(fields, sequence(integer(int64(i+1)), value)...)
	}
	utf8Encoding := objectID(1, 0, 10646, 1, 0, 8)
	return tlv.New(tagDG13, sequence(integer(1), utf8Encoding, tlv.New(tagSet, fields)))
}

func relatives(names ...string) []byte {
	var out []byte
	for _, name := range names {
		if name != "" {
			out = append(out, sequence(utf8String(name))...)
		}
	}
	return out
}

func optional(text string) []byte {
	if text == "" {
		return nil
	}
	return printableString(text)
}

// opaqueDataGroup13 is a cipher text of the identity authority, for all that a reader can tell.
func opaqueDataGroup13(p Persona) []byte {
	const size = 448
	var content [size]byte
	_, _ = rand.NewChaCha8(sha256.Sum256([]byte("opaque " + p.Number))).Read(content[:]) // never fails
	return tlv.New(tagDG13, content[:])
}

package lds

import (
	"fmt"
	"slices"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/spki"
	"motcua/devices/card/tlv"
)

// Tags of the files, 9303-10 table 38.
const (
	TagCOM  tlv.Tag = 0x60
	TagDG1  tlv.Tag = 0x61
	TagDG2  tlv.Tag = 0x75
	TagDG13 tlv.Tag = 0x6D
	TagDG14 tlv.Tag = 0x6E
	TagDG15 tlv.Tag = 0x6F
	TagSOD  tlv.Tag = 0x77

	tagMRZ        tlv.Tag = 0x5F1F
	tagLDSVersion tlv.Tag = 0x5F01
	tagUnicode    tlv.Tag = 0x5F36
	tagTagList    tlv.Tag = 0x5C

	tagSet     = der.TagSet
	tagInteger = der.TagInteger
	tagOctets  = der.TagOctetString
)

// malformed wraps ErrFormat, and cause if there is one.
func malformed(what string, cause error) error {
	if cause == nil {
		return fmt.Errorf("%w: %s", ErrFormat, what)
	}
	return fmt.Errorf("%w: %s: %w", ErrFormat, what, cause)
}

// outer reads a file as one object with the tag, and returns its children. Padding after the object is tolerated:
// the file's hash decides what belongs to it, and readers that end at the object's length never see it.
func outer(name string, file []byte, tag tlv.Tag) ([]tlv.Object, error) {
	o, err := tlv.Tolerant.One(file)
	if err != nil {
		return nil, malformed(name, err)
	}
	if o.Tag != tag {
		return nil, malformed(fmt.Sprintf("%s begins with tag %s", name, o.Tag), nil)
	}
	children, err := o.ChildrenIn(tlv.Tolerant)
	if err != nil {
		return nil, malformed(name, err)
	}
	return children, nil
}

// ParseDG1 reads the MRZ data group, 9303-10 §4.7.1.
func ParseDG1(file []byte) (MRZ, error) {
	children, err := outer("DG1", file, TagDG1)
	if err != nil {
		return MRZ{}, err
	}
	zone, ok := tlv.Find(children, tagMRZ)
	if !ok {
		return MRZ{}, malformed("DG1 without MRZ", nil)
	}
	return ParseMRZ(string(zone.Value))
}

// COM is EF.COM, 9303-10 §4.6.1. Nothing signs it: the data groups that exist are those that EF.SOD lists.
type COM struct {
	LDSVersion, UnicodeVersion string // "0107", "040000"
	Tags                       []tlv.Tag
}

// ParseCOM reads EF.COM.
func ParseCOM(file []byte) (COM, error) {
	children, err := outer("EF.COM", file, TagCOM)
	if err != nil {
		return COM{}, err
	}
	var com COM
	for _, o := range children {
		switch o.Tag {
		case tagLDSVersion:
			com.LDSVersion = string(o.Value)
		case tagUnicode:
			com.UnicodeVersion = string(o.Value)
		case tagTagList:
			for _, t := range o.Value {
				com.Tags = append(com.Tags, tlv.Tag(t))
			}
		}
	}
	if com.Tags == nil {
		return COM{}, malformed("EF.COM without tag list", nil)
	}
	return com, nil
}

// GroupTag is what the file of data group n begins with, 1 to 16 (9303-10 table 38); 0 for any other n.
func GroupTag(n int) tlv.Tag {
	if n < 1 || n > maxDataGroup {
		return 0
	}
	return [...]tlv.Tag{0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70}[n-1]
}

// Lists says whether EF.COM names data group n.
func (c COM) Lists(n int) bool { return slices.Contains(c.Tags, GroupTag(n)) }

// Differs gives the numbers of data groups that only one of EF.COM and EF.SOD lists. EF.SOD is right, because it is
// signed; a chip on which they differ was made carelessly, or was changed.
func (c COM) Differs(so SecurityObject) (onlyCOM, onlySOD []int) {
	for n := 1; n <= maxDataGroup; n++ {
		_, signed := so.Hashes[n]
		switch listed := c.Lists(n); {
		case listed && !signed:
			onlyCOM = append(onlyCOM, n)
		case signed && !listed:
			onlySOD = append(onlySOD, n)
		}
	}
	return onlyCOM, onlySOD
}

// ParseDG15 reads the public key for active authentication, 9303-10 §4.7.15. spki.ErrUnsupported is a key that may be
// right and that this program cannot use.
func ParseDG15(file []byte) (spki.Key, error) {
	children, err := outer("DG15", file, TagDG15)
	if err != nil {
		return spki.Key{}, err
	}
	if len(children) != 1 {
		return spki.Key{}, malformed(fmt.Sprintf("DG15 with %d objects", len(children)), nil)
	}
	key, err := spki.Parse(children[0])
	if err != nil {
		return spki.Key{}, malformed("DG15", err)
	}
	return key, nil
}

// sequence returns the members of a SEQUENCE.
func sequence(o tlv.Object) ([]tlv.Object, error) { return der.Sequence(o) }

// parseOID reads an object identifier into its dotted form.
func parseOID(o tlv.Object) (string, error) {
	oid, err := der.OID(o)
	if err != nil {
		return "", malformed("object identifier", err)
	}
	return oid, nil
}

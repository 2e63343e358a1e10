package emrtd

import (
	"fmt"

	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
)

// File is an elementary file, by its short file identifier (9303-10 table 38 and §3.11). Data group n is File(n).
type File byte

// The files that are not data groups, and the data groups that Vietnam's card has.
const (
	DG1        File = 1
	DG2        File = 2
	DG3        File = 3
	DG13       File = 13
	DG14       File = 14
	DG15       File = 15
	CardAccess File = 0x1C
	SOD        File = 0x1D
	COM        File = 0x1E
	// CardSecurity has the short identifier of EF.SOD, in the master file; the flag tells them apart here.
	CardSecurity File = inMaster | 0x1D

	inMaster       File = 0x20
	shortFileIDBit File = 0x1F
)

// String gives the file's name: "DG2", "EF.SOD".
func (f File) String() string {
	switch f {
	case CardAccess:
		return "EF.CardAccess"
	case CardSecurity:
		return "EF.CardSecurity"
	case SOD:
		return "EF.SOD"
	case COM:
		return "EF.COM"
	}
	return fmt.Sprintf("DG%d", byte(f))
}

// Identifier is the two-byte file identifier.
func (f File) Identifier() uint16 { return 0x0100 | uint16(f.short()) }

// short is the short file identifier.
func (f File) short() byte { return byte(f & shortFileIDBit) }

// Tag is what the file begins with; 0 if f is no file of the LDS.
func (f File) Tag() tlv.Tag {
	switch f {
	case CardAccess:
		return 0x31 // a SET, without a tag of its own
	case CardSecurity:
		return 0x30 // signed data, likewise
	case SOD:
		return lds.TagSOD
	case COM:
		return lds.TagCOM
	}
	return lds.GroupTag(int(f))
}

// Package der reads what certificates, keys and signatures are written in (ITU-T X.690), on top of package tlv.
//
// Start with Sequence. Lengths are read tolerantly, since signed files of real issuers have lengths that are not in
// their shortest form; what a value must be, it must be exactly. Everything works on the memory that was given and is
// bounded by package tlv's limits.
package der

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"motcua/devices/card/tlv"
)

// ErrFormat is what every failure of this package unwraps to.
var ErrFormat = errors.New("der: malformed")

// Universal tags of X.690 §8.
const (
	TagBoolean     tlv.Tag = 0x01
	TagInteger     tlv.Tag = 0x02
	TagBitString   tlv.Tag = 0x03
	TagOctetString tlv.Tag = 0x04
	TagNull        tlv.Tag = 0x05
	TagOID         tlv.Tag = 0x06
	TagUTF8        tlv.Tag = 0x0C
	TagPrintable   tlv.Tag = 0x13
	TagUTCTime     tlv.Tag = 0x17
	TagGeneralTime tlv.Tag = 0x18
	TagSequence    tlv.Tag = 0x30
	TagSet         tlv.Tag = 0x31
)

// Context is the tag [n] of a constructed object.
func Context(n int) tlv.Tag { return 0xA0 | tlv.Tag(n) }

// Implicit is the tag [n] of a primitive object.
func Implicit(n int) tlv.Tag { return 0x80 | tlv.Tag(n) }

// Limits of single values.
const (
	maxOIDBytes     = 64
	maxIntegerBytes = 1025 // 8192 bits and a sign
)

func wrong(what string) error { return fmt.Errorf("%w: %s", ErrFormat, what) }

// One reads b as one object, which may have zero bytes after it.
func One(b []byte) (tlv.Object, error) {
	o, err := tlv.Tolerant.One(b)
	if err != nil {
		return o, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return o, nil
}

// Sequence gives the members of a SEQUENCE.
func Sequence(o tlv.Object) ([]tlv.Object, error) { return Members(o, TagSequence) }

// Members gives the members of a constructed object with the tag.
func Members(o tlv.Object, tag tlv.Tag) ([]tlv.Object, error) {
	if o.Tag != tag {
		return nil, wrong("tag " + o.Tag.String() + " in place of " + tag.String())
	}
	members, err := o.ChildrenIn(tlv.Tolerant)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return members, nil
}

// Exactly is Sequence for one with at least min and at most max members.
func Exactly(o tlv.Object, min, max int) ([]tlv.Object, error) {
	members, err := Sequence(o)
	if err == nil && (len(members) < min || len(members) > max) {
		return nil, wrong(fmt.Sprintf("sequence of %d", len(members)))
	}
	return members, err
}

// arcBits is the size of the largest arc, in bits, that is read and written.
const arcBits = 63

// OID reads an OBJECT IDENTIFIER, X.690 §8.19, into its dotted form.
func OID(o tlv.Object) (string, error) {
	if o.Tag != TagOID || len(o.Value) == 0 || len(o.Value) > maxOIDBytes {
		return "", wrong("object identifier")
	}
	var arcs []string
	var value uint64
	begins := true
	for i, b := range o.Value {
		const continues, digits = 0x80, 7
		if begins && b == continues { // X.690 §8.19.2: an identifier has one encoding
			return "", wrong("object identifier with leading zeros")
		}
		begins = b&continues == 0
		if value >= 1<<(arcBits-digits) {
			return "", wrong("object identifier with a huge arc")
		}
		value = value<<digits | uint64(b&^continues)
		if b&continues != 0 {
			if i == len(o.Value)-1 {
				return "", wrong("object identifier cut short")
			}
			continue
		}
		if len(arcs) == 0 {
			first := min(value/40, 2) // X.690 §8.19.4: the first two arcs share a number
			arcs = append(arcs, strconv.FormatUint(first, 10))
			value -= first * 40
		}
		arcs = append(arcs, strconv.FormatUint(value, 10))
		value = 0
	}
	return strings.Join(arcs, "."), nil
}

// EncodeOID writes the contents (no tag, no length) of an object identifier from its dotted form.
func EncodeOID(dotted string) ([]byte, error) {
	var arcs []uint64
	for _, part := range strings.Split(dotted, ".") {
		n, err := strconv.ParseUint(part, 10, arcBits)
		if err != nil {
			return nil, wrong("object identifier " + dotted)
		}
		arcs = append(arcs, n)
	}
	if len(arcs) < 2 || arcs[0] > 2 || arcs[0] < 2 && arcs[1] >= 40 {
		return nil, wrong("object identifier " + dotted)
	}
	out := appendArc(nil, arcs[0]*40+arcs[1])
	for _, arc := range arcs[2:] {
		out = appendArc(out, arc)
	}
	return out, nil
}

// appendArc writes base-128 digits, all but the last with the top bit set.
func appendArc(out []byte, arc uint64) []byte {
	for shift := 63; shift > 0; shift -= 7 {
		if arc>>shift != 0 {
			out = append(out, byte(arc>>shift)|0x80)
		}
	}
	return append(out, byte(arc)&0x7F)
}

// Integer reads an INTEGER, negative ones included.
func Integer(o tlv.Object) (*big.Int, error) {
	if o.Tag != TagInteger || len(o.Value) == 0 || len(o.Value) > maxIntegerBytes {
		return nil, wrong("integer")
	}
	n := new(big.Int).SetBytes(o.Value)
	if o.Value[0]&0x80 != 0 { // two's complement
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(o.Value))))
	}
	return n, nil
}

// Natural reads an INTEGER that stands for a number of cryptography. Some issuers forget the leading zero byte that
// keeps such a number from looking negative; it is never negative.
func Natural(o tlv.Object) (*big.Int, error) {
	if o.Tag != TagInteger || len(o.Value) == 0 || len(o.Value) > maxIntegerBytes {
		return nil, wrong("integer")
	}
	return new(big.Int).SetBytes(o.Value), nil
}

// Small reads an INTEGER between 0 and 127, as versions and identifiers are.
func Small(o tlv.Object) (int, error) {
	if o.Tag != TagInteger || len(o.Value) != 1 || o.Value[0] > 0x7F {
		return 0, wrong("small integer")
	}
	return int(o.Value[0]), nil
}

// BitString reads a BIT STRING of whole bytes.
func BitString(o tlv.Object) ([]byte, error) {
	if o.Tag != TagBitString || len(o.Value) == 0 || o.Value[0] != 0 {
		return nil, wrong("bit string")
	}
	return o.Value[1:], nil
}

// Time reads UTCTime (years 1950 to 2049, RFC 5280 §4.1.2.5.1) or GeneralizedTime, both in Zulu. Seconds may be missing,
// as some issuers leave them out.
func Time(o tlv.Object) (time.Time, error) {
	var layouts []string
	switch o.Tag {
	case TagUTCTime:
		layouts = []string{"060102150405Z", "0601021504Z"}
	case TagGeneralTime:
		layouts = []string{"20060102150405Z", "200601021504Z"}
	default:
		return time.Time{}, wrong("time in tag " + o.Tag.String())
	}
	const pivot = 2050
	for _, layout := range layouts {
		if t, err := time.Parse(layout, string(o.Value)); err == nil {
			if o.Tag == TagUTCTime && t.Year() >= pivot {
				t = t.AddDate(-100, 0, 0)
			}
			return t, nil
		}
	}
	return time.Time{}, wrong("time")
}

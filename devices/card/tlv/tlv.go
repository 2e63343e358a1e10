// Package tlv reads and writes BER-TLV data objects (ISO 7816-4 §5.2.2, ITU-T X.690), as cards and their files use them.
//
// Start with Parse for a sequence of objects, One for exactly one, and New to build. Header reads only tag and length,
// which is what reading a file needs to know where it ends.
//
// Why not encoding/asn1: card data has multi-byte application tags, sets that are not in DER order, and lengths that
// lie. Every function here works on memory that is already there, never allocates from a claimed length, refuses the
// indefinite form, and bounds depth and number of objects.
//
// Two modes. Strict takes only what X.690 calls DER lengths, with nothing left over. Tolerant also takes lengths with
// leading zero bytes and zero bytes of padding after the last object: personalisation systems pad files to the size
// they reserved (seen in DG13 of Vietnamese cards) and older ones write every length in two bytes. Nothing that is
// protected by secure messaging's own rules is ever read tolerantly.
package tlv

import (
	"errors"
	"fmt"
)

// Hard limits, far above what an eMRTD or a master list holds and far below what harms the program.
const (
	MaxLength  = 8 << 20 // bytes of one value; the largest file of LDS1 is 64 KiB, a master list has 0.9 MB and grows
	MaxDepth   = 16      // of nested constructed objects in Walk
	MaxObjects = 4096    // in one sequence

	maxTagBytes    = 3
	maxLengthBytes = 4 // after the first one; a minimal encoding of MaxLength needs 3
)

// ErrMalformed is what every parsing failure of this package unwraps to.
var ErrMalformed = errors.New("tlv: malformed")

// Tag is the tag with its leading bytes as they stand on the wire: 0x61, 0x5F1F, 0x7F2E.
type Tag uint32

// Constructed says whether the value consists of data objects (bit 6 of the first byte).
func (t Tag) Constructed() bool {
	for t > 0xFF {
		t >>= 8
	}
	return t&0x20 != 0
}

// String gives the tag in hexadecimal.
func (t Tag) String() string { return fmt.Sprintf("%02X", uint32(t)) }

// Object is one data object. Value and Raw share memory with what was parsed.
type Object struct {
	Tag   Tag
	Value []byte
	Raw   []byte // header and value
}

// Mode is how much is forgiven.
type Mode uint8

// The two modes; see the package comment for what Tolerant takes and why.
const (
	Strict Mode = iota
	Tolerant
)

// Parse reads b as a sequence of data objects, strictly.
func Parse(b []byte) ([]Object, error) { return Strict.Parse(b) }

// One reads b as exactly one data object, strictly.
func One(b []byte) (Object, error) { return Strict.One(b) }

// Parse reads b as a sequence of data objects. An empty b is an empty sequence.
func (m Mode) Parse(b []byte) ([]Object, error) {
	var objects []Object
	for len(b) > 0 {
		if m == Tolerant && allZero(b) {
			break
		}
		if len(objects) == MaxObjects {
			return nil, fmt.Errorf("%w: more than %d objects", ErrMalformed, MaxObjects)
		}
		o, rest, err := m.Next(b)
		if err != nil {
			return nil, err
		}
		objects, b = append(objects, o), rest
	}
	return objects, nil
}

// One reads b as exactly one data object; in Tolerant mode zero bytes may follow it.
func (m Mode) One(b []byte) (Object, error) {
	o, rest, err := m.Next(b)
	if err != nil {
		return Object{}, err
	}
	if len(rest) > 0 && (m == Strict || !allZero(rest)) {
		return Object{}, fmt.Errorf("%w: %d bytes after the object", ErrMalformed, len(rest))
	}
	return o, nil
}

// Next reads the first data object of b and returns what follows it.
func (m Mode) Next(b []byte) (o Object, rest []byte, err error) {
	tag, header, length, err := m.Header(b)
	if err != nil {
		return Object{}, nil, err
	}
	if length > len(b)-header {
		return Object{}, nil, fmt.Errorf("%w: tag %s claims %d bytes, %d are there", ErrMalformed, tag, length, len(b)-header)
	}
	end := header + length
	return Object{Tag: tag, Value: b[header:end:end], Raw: b[:end:end]}, b[end:], nil
}

// Children reads the value of a constructed object as a sequence, strictly.
func (o Object) Children() ([]Object, error) { return o.ChildrenIn(Strict) }

// ChildrenIn reads the value of a constructed object as a sequence in the given mode.
func (o Object) ChildrenIn(m Mode) ([]Object, error) {
	if !o.Tag.Constructed() {
		return nil, fmt.Errorf("%w: tag %s is primitive", ErrMalformed, o.Tag)
	}
	return m.Parse(o.Value)
}

// Find returns the first object with the tag.
func Find(objects []Object, tag Tag) (Object, bool) {
	for _, o := range objects {
		if o.Tag == tag {
			return o, true
		}
	}
	return Object{}, false
}

// Walk calls visit for every object of b, parents before children, and fails where b is malformed, deeper than
// MaxDepth, or visit does. visit returns whether to go into a constructed object.
func (m Mode) Walk(b []byte, visit func(depth int, o Object) (enter bool, err error)) error {
	return m.walk(b, 0, visit)
}

func (m Mode) walk(b []byte, depth int, visit func(int, Object) (bool, error)) error {
	if depth == MaxDepth {
		return fmt.Errorf("%w: nested more than %d deep", ErrMalformed, MaxDepth)
	}
	objects, err := m.Parse(b)
	if err != nil {
		return err
	}
	for _, o := range objects {
		enter, err := visit(depth, o)
		if err != nil {
			return err
		}
		if !enter || !o.Tag.Constructed() {
			continue
		}
		if err := m.walk(o.Value, depth+1, visit); err != nil {
			return err
		}
	}
	return nil
}

func allZero(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}

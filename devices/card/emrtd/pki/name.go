package pki

import (
	"bytes"
	"strings"
	"unicode/utf16"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/tlv"
)

// Name is an X.501 name. Two names are compared by what they say, because issuers change string types between their own
// certificates.
type Name struct {
	Raw   []byte
	Parts []NamePart
}

// NamePart is one attribute of a Name.
type NamePart struct {
	OID, Value string
}

const (
	maxNameParts = 64
	oidCountry   = "2.5.4.6"
	tagBMP       = tlv.Tag(0x1E)
	tagT61       = tlv.Tag(0x14)
)

func parseName(o tlv.Object) (Name, error) {
	n := Name{Raw: o.Raw}
	sets, err := der.Sequence(o)
	if err != nil {
		return n, malformed("name", err)
	}
	for _, set := range sets {
		attributes, err := der.Members(set, der.TagSet)
		if err != nil {
			return n, malformed("name", err)
		}
		for _, a := range attributes {
			parts, err := der.Exactly(a, 2, 2)
			if err != nil || len(n.Parts) == maxNameParts {
				return n, malformed("name", err)
			}
			oid, err := der.OID(parts[0])
			if err != nil {
				return n, malformed("name", err)
			}
			n.Parts = append(n.Parts, NamePart{oid, text(parts[1])})
		}
	}
	return n, nil
}

// text reads a string of whichever type.
func text(o tlv.Object) string {
	switch o.Tag {
	case tagBMP:
		var units []uint16
		for i := 0; i+1 < len(o.Value); i += 2 {
			units = append(units, uint16(o.Value[i])<<8|uint16(o.Value[i+1]))
		}
		return string(utf16.Decode(units))
	case tagT61: // in practice Latin-1
		var b strings.Builder
		for _, c := range o.Value {
			b.WriteRune(rune(c))
		}
		return b.String()
	}
	return strings.ToValidUTF8(string(o.Value), "�")
}

// Country is the two-letter code in capitals, "" if there is none.
func (n Name) Country() string {
	for _, p := range n.Parts {
		if p.OID == oidCountry {
			return strings.ToUpper(strings.TrimSpace(p.Value))
		}
	}
	return ""
}

// String gives the name as people write it, the most particular part first: "CN=…,O=…,C=VN".
func (n Name) String() string {
	short := map[string]string{"2.5.4.3": "CN", oidCountry: "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU",
		"2.5.4.5": "serialNumber"}
	var parts []string
	for i := len(n.Parts) - 1; i >= 0; i-- {
		p := n.Parts[i]
		name := short[p.OID]
		if name == "" {
			name = p.OID
		}
		parts = append(parts, name+"="+p.Value)
	}
	return strings.Join(parts, ",")
}

// Equal compares what two names say: the same attributes in the same order, without regard to string types, capitals and
// space (RFC 5280 §7.1).
func (n Name) Equal(m Name) bool {
	if bytes.Equal(n.Raw, m.Raw) {
		return true
	}
	return len(n.Parts) > 0 && n.Key() == m.Key()
}

// Key is the same for names that are Equal, and for no others.
func (n Name) Key() string {
	var b strings.Builder
	for _, p := range n.Parts {
		b.WriteString(p.OID + "=" + strings.ToUpper(strings.Join(strings.Fields(p.Value), " ")) + "\n")
	}
	return b.String()
}

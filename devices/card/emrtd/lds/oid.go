package lds

import (
	"strconv"
	"strings"

	"motcua/devices/card/tlv"
)

const maxOIDBytes = 64 // far above any object identifier of a travel document

// parseOID reads an OBJECT IDENTIFIER, X.690 §8.19, into its dotted form.
func parseOID(o tlv.Object) (string, error) {
	if o.Tag != tagOID || len(o.Value) == 0 || len(o.Value) > maxOIDBytes {
		return "", malformed("object identifier", nil)
	}
	var arcs []string
	var value uint64
	for i, b := range o.Value {
		const continues, digits = 0x80, 7
		if value > 1<<(63-digits) {
			return "", malformed("object identifier with a huge arc", nil)
		}
		value = value<<digits | uint64(b&^continues)
		if b&continues != 0 {
			if i == len(o.Value)-1 {
				return "", malformed("object identifier cut short", nil)
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
		n, err := strconv.ParseUint(part, 10, 32)
		if err != nil {
			return nil, malformed("object identifier", err)
		}
		arcs = append(arcs, n)
	}
	if len(arcs) < 2 || arcs[0] > 2 || arcs[0] < 2 && arcs[1] >= 40 {
		return nil, malformed("object identifier", nil)
	}
	out := appendArc(nil, arcs[0]*40+arcs[1])
	for _, arc := range arcs[2:] {
		out = appendArc(out, arc)
	}
	return out, nil
}

func appendArc(out []byte, arc uint64) []byte {
	started := false
	for shift := 63; shift > 0; shift -= 7 {
		if group := byte(arc>>shift) & 0x7F; group != 0 || started {
			out, started = append(out, 0x80|group), true
		}
	}
	return append(out, byte(arc)&0x7F)
}

package tlv

import "fmt"

// Header reads tag and length of the object that b begins with; the value need not be there yet. header is the number
// of bytes before the value, length the number of bytes in it (at most MaxLength).
func (m Mode) Header(b []byte) (tag Tag, header, length int, err error) {
	tag, n, err := readTag(b)
	if err != nil {
		return 0, 0, 0, err
	}
	length, size, err := m.readLength(b[n:])
	if err != nil {
		return 0, 0, 0, fmt.Errorf("%w (tag %s)", err, tag)
	}
	return tag, n + size, length, nil
}

// readTag follows X.690 §8.1.2, but for one thing: a number below 31 in the long form is taken, because ISO 7816 has
// such tags (5F01, the LDS version in EF.COM).
func readTag(b []byte) (Tag, int, error) {
	const more, lowTag = 0x80, 0x1F
	if len(b) == 0 {
		return 0, 0, fmt.Errorf("%w: no tag", ErrMalformed)
	}
	if b[0] == 0 {
		return 0, 0, fmt.Errorf("%w: tag 00", ErrMalformed)
	}
	tag := Tag(b[0])
	if b[0]&lowTag != lowTag {
		return tag, 1, nil
	}
	for i := 1; i < maxTagBytes && i < len(b); i++ {
		tag = tag<<8 | Tag(b[i])
		if b[i]&more != 0 {
			if i == 1 && b[i] == more {
				break // X.690 §8.1.2.4.2 c: no leading zero groups
			}
			continue
		}
		return tag, i + 1, nil
	}
	return 0, 0, fmt.Errorf("%w: tag beginning %02X", ErrMalformed, b[0])
}

// readLength follows X.690 §8.1.3 and, in Strict mode, §10.1 (shortest form).
func (m Mode) readLength(b []byte) (length, size int, err error) {
	const long, shortestLong = 0x80, 0x80
	if len(b) == 0 {
		return 0, 0, fmt.Errorf("%w: no length", ErrMalformed)
	}
	if b[0] < long {
		return int(b[0]), 1, nil
	}
	n := int(b[0] - long)
	if n == 0 {
		return 0, 0, fmt.Errorf("%w: indefinite length", ErrMalformed)
	}
	if n > maxLengthBytes || n >= len(b) {
		return 0, 0, fmt.Errorf("%w: length of %d bytes", ErrMalformed, n)
	}
	for _, x := range b[1 : n+1] {
		length = length<<8 | int(x)
	}
	if length < 0 || length > MaxLength {
		return 0, 0, fmt.Errorf("%w: length over %d", ErrMalformed, MaxLength)
	}
	if m == Strict && (b[1] == 0 || length < shortestLong) {
		return 0, 0, fmt.Errorf("%w: length is not in its shortest form", ErrMalformed)
	}
	return length, n + 1, nil
}

// New builds one data object whose value is the parts joined, with the shortest length.
func New(tag Tag, parts ...[]byte) []byte {
	length := 0
	for _, p := range parts {
		length += len(p)
	}
	out := appendBigEndian(make([]byte, 0, length+maxTagBytes+maxLengthBytes+1), uint32(tag))
	out = appendLength(out, length)
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// appendBigEndian writes v without leading zero bytes, at least one.
func appendBigEndian(out []byte, v uint32) []byte {
	for shift := 24; shift > 0; shift -= 8 {
		if v>>shift != 0 {
			out = append(out, byte(v>>shift))
		}
	}
	return append(out, byte(v))
}

func appendLength(out []byte, length int) []byte {
	if length < 0x80 {
		return append(out, byte(length))
	}
	at := len(out)
	out = appendBigEndian(append(out, 0), uint32(length))
	out[at] = 0x80 | byte(len(out)-at-1)
	return out
}

package typeset

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// errFont is a font file that is not laid out as OpenType wants.
var errFont = errors.New("typeset: not a font file")

// roomForAccents gives a copy of a font file in which the line is as high as its highest letter.
//
// Fyne draws a text into a picture as high as the font's line, and what reaches over it is cut off. In Be Vietnam Pro
// that is the second accent of capitals: NGUYỄN would read NGUYÊN, which is another name. So ascender and descender (hhea
// and OS/2 tables, OpenType 1.9) are set to the bounds of all glyphs (head.yMax, head.yMin). Texts do not move by
// it: they are placed by their baseline.
func roomForAccents(font []byte) ([]byte, error) {
	data := append([]byte(nil), font...)
	head, err := table(data, "head", 54)
	if err != nil {
		return nil, err
	}
	hhea, err := table(data, "hhea", 36)
	if err != nil {
		return nil, err
	}
	os2, err := table(data, "OS/2", 78)
	if err != nil {
		return nil, err
	}
	const yMin, yMax = 38, 42 // of head
	low, high := head[yMin:yMin+2], head[yMax:yMax+2]
	const ascender, descender, lineGap = 4, 6, 8 // of hhea
	copy(hhea[ascender:], high)
	copy(hhea[descender:], low)
	clear(hhea[lineGap : lineGap+2])
	const typoAscender, typoDescender, typoLineGap, winAscent, winDescent = 68, 70, 72, 74, 76 // of OS/2
	copy(os2[typoAscender:], high)
	copy(os2[typoDescender:], low)
	clear(os2[typoLineGap : typoLineGap+2])
	copy(os2[winAscent:], high)
	binary.BigEndian.PutUint16(os2[winDescent:], -binary.BigEndian.Uint16(low))
	return data, nil
}

// table finds a table of at least the given size.
func table(font []byte, tag string, least int) ([]byte, error) {
	const header, record = 12, 16
	if len(font) < header {
		return nil, errFont
	}
	for i := range int(binary.BigEndian.Uint16(font[4:])) {
		at := header + i*record
		if len(font) < at+record {
			return nil, errFont
		}
		if string(font[at:at+4]) != tag {
			continue
		}
		offset, length := binary.BigEndian.Uint32(font[at+8:]), binary.BigEndian.Uint32(font[at+12:])
		if uint64(offset)+uint64(length) > uint64(len(font)) || int(length) < least {
			return nil, errFont
		}
		return font[offset : offset+length], nil
	}
	return nil, fmt.Errorf("%w: no table %s", errFont, tag)
}

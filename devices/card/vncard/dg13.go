package vncard

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
)

// DG13 is Vietnam's own data group: what the front and back of the card say. Texts are in Unicode NFC and as the card
// has them; an absent fact is "". Nobody has published a specification: the structure is that of cards that were seen,
// so the parser keys on the field numbers and nothing else, and keeps what it does not know.
//
// Cards of 2024 may hold something else here ("encoded by an algorithm of the identity authority", Circular
// 16/2024/TT-BCA art. 6): then Opaque is true and all fields are empty.
type DG13 struct {
	Opaque bool

	Number      string // 1: 12 digits
	Name        string // 2
	Birth       string // 3: dd/MM/yyyy
	Sex         string // 4: Nam, Nữ
	Nationality string // 5
	Ethnicity   string // 6
	Religion    string // 7
	Origin      string // 8: quê quán
	Residence   string // 9: nơi thường trú
	Features    string // 10: đặc điểm nhận dạng
	Issued      string // 11: dd/MM/yyyy
	Expires     string // 12: dd/MM/yyyy, or words where the card does not expire
	Father      string // 13, first
	Mother      string // 13, second
	Spouse      string // 14
	OldNumber   string // 15: nine digits of the old paper card
	Serial      string // 16: meaning not known

	// Unknown has what follows the field number, as bytes, of other fields and of those whose value is not text.
	Unknown map[int][]byte
}

// BirthDate is field 3 as a date.
func (d DG13) BirthDate() (Date, bool) { return ParseDate(d.Birth) }

// IssueDate is field 11 as a date.
func (d DG13) IssueDate() (Date, bool) { return ParseDate(d.Issued) }

// ExpiryDate is field 12 as a date. A card whose field has words in place of a date does not expire: NoExpiry.
func (d DG13) ExpiryDate() (Date, bool) {
	if date, ok := ParseDate(d.Expires); ok {
		return date, true
	}
	if d.Expires != "" && !strings.ContainsAny(d.Expires, "0123456789") {
		return NoExpiry(), true
	}
	return Date{}, false
}

const (
	tagSequence        tlv.Tag = 0x30
	tagSet             tlv.Tag = 0x31
	tagInteger         tlv.Tag = 0x02
	tagOctetString     tlv.Tag = 0x04
	tagOID             tlv.Tag = 0x06
	tagUTF8String      tlv.Tag = 0x0C
	tagPrintableString tlv.Tag = 0x13
	tagIA5String       tlv.Tag = 0x16

	maxTextBytes = 1024 // of one field
	maxNesting   = 4    // of sequences in field 13
	maxNumber    = 2    // bytes of a field's number
)

// Fields that are more than one string.
const (
	fieldParents = 13
	fieldCount   = 16
)

// ParseDG13 reads DG13. Something that does not begin like the known structure is opaque; something that does and
// then breaks off is an error (lds.ErrFormat). Fields may come in any order, be absent, or have no value; of one that
// comes twice the first counts. A field whose value makes no sense costs that field and no other: whether the bytes are
// as they were signed is not for a parser to say.
func ParseDG13(file []byte) (DG13, error) {
	// Tolerant, because cards were seen that fill the file up with zero bytes, inside and outside of objects.
	outer, err := tlv.Tolerant.One(file)
	if err != nil || outer.Tag != lds.TagDG13 {
		return DG13{}, fmt.Errorf("%w: DG13", lds.ErrFormat)
	}
	set, known, err := fieldSet(outer.Value)
	if err != nil {
		return DG13{}, err
	}
	if !known {
		return DG13{Opaque: true}, nil
	}
	fields, err := tlv.Tolerant.Parse(set)
	if err != nil {
		return DG13{}, fmt.Errorf("%w: DG13: %w", lds.ErrFormat, err)
	}
	var d DG13
	seen := map[int]bool{}
	for _, f := range fields {
		if err := d.addField(f, seen); err != nil {
			return DG13{}, err
		}
	}
	return d, nil
}

// fieldSet finds SEQUENCE { INTEGER version, OID, SET }. known is false if it does not begin so.
func fieldSet(value []byte) (set []byte, known bool, err error) {
	tag, header, _, err := tlv.Tolerant.Header(value)
	if err != nil || tag != tagSequence {
		return nil, false, nil
	}
	version, rest, err := tlv.Tolerant.Next(value[header:])
	if err != nil || version.Tag != tagInteger {
		return nil, false, nil
	}
	if encoding, after, err := tlv.Tolerant.Next(rest); err == nil && encoding.Tag == tagOID {
		rest = after
	}
	if _, err := tlv.Tolerant.One(value); err != nil {
		return nil, false, fmt.Errorf("%w: DG13: %w", lds.ErrFormat, err)
	}
	fields, _, err := tlv.Tolerant.Next(rest)
	if err != nil {
		return nil, false, fmt.Errorf("%w: DG13: %w", lds.ErrFormat, err)
	}
	if fields.Tag != tagSet && fields.Tag != tagSequence {
		return nil, false, fmt.Errorf("%w: DG13: fields in tag %s", lds.ErrFormat, fields.Tag)
	}
	return fields.Value, true, nil
}

// addField reads SEQUENCE { INTEGER n, value… }.
func (d *DG13) addField(f tlv.Object, seen map[int]bool) error {
	first, value, err := tlv.Tolerant.Next(f.Value)
	if err != nil || f.Tag != tagSequence || first.Tag != tagInteger {
		return fmt.Errorf("%w: field of DG13", lds.ErrFormat)
	}
	number, ok := fieldNumber(first.Value)
	if !ok {
		return fmt.Errorf("%w: number of a field of DG13", lds.ErrFormat)
	}
	if seen[number] {
		return nil
	}
	seen[number] = true
	if number >= 1 && number <= fieldCount {
		if found, err := fieldTexts(value); err == nil {
			d.set(number, found)
			return nil
		}
	}
	if d.Unknown == nil {
		d.Unknown = map[int][]byte{}
	}
	d.Unknown[number] = value
	return nil
}

// fieldNumber reads a small INTEGER that is not negative.
func fieldNumber(value []byte) (number int, ok bool) {
	const sign = 0x80
	if len(value) == 0 || len(value) > maxNumber || value[0]&sign != 0 {
		return 0, false
	}
	for _, b := range value {
		number = number<<8 | int(b)
	}
	return number, true
}

// fieldTexts reads what follows a field's number.
func fieldTexts(value []byte) ([]string, error) {
	objects, err := tlv.Tolerant.Parse(value)
	if err != nil {
		return nil, err
	}
	return texts(objects, 0)
}

// texts collects the strings in a field. An empty sequence is a text that is absent, so that a mother without a
// father stays the second; absent values otherwise leave nothing.
func texts(objects []tlv.Object, depth int) ([]string, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("%w: nested too deep", lds.ErrFormat)
	}
	var out []string
	for _, o := range objects {
		switch o.Tag {
		case tagUTF8String, tagPrintableString, tagIA5String, tagOctetString:
			if len(o.Value) > maxTextBytes || !utf8.Valid(o.Value) {
				return nil, fmt.Errorf("%w: text", lds.ErrFormat)
			}
			out = append(out, clean(string(o.Value)))
		case tagSequence:
			children, err := o.ChildrenIn(tlv.Tolerant)
			if err != nil {
				return nil, fmt.Errorf("%w: nested text", lds.ErrFormat)
			}
			nested, err := texts(children, depth+1)
			if err != nil {
				return nil, err
			}
			if len(nested) == 0 {
				nested = []string{""}
			}
			out = append(out, nested...)
		}
	}
	return out, nil
}

// clean makes NFC and takes away padding, control characters and invisible formatting, which nobody wants on a screen
// or slip.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf) {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(norm.NFC.String(s))
}

// set puts the strings of a field in place.
func (d *DG13) set(number int, texts []string) {
	first, second := "", ""
	if len(texts) > 0 {
		first = texts[0]
	}
	if len(texts) > 1 {
		second = texts[1]
	}
	if number == fieldParents {
		d.Father, d.Mother = first, second
		return
	}
	targets := [...]*string{1: &d.Number, 2: &d.Name, 3: &d.Birth, 4: &d.Sex, 5: &d.Nationality, 6: &d.Ethnicity,
		7: &d.Religion, 8: &d.Origin, 9: &d.Residence, 10: &d.Features, 11: &d.Issued, 12: &d.Expires,
		14: &d.Spouse, 15: &d.OldNumber, 16: &d.Serial}
	*targets[number] = first
}

package der

import (
	"errors"
	"math/big"
	"testing"
	"time"

	"motcua/devices/card/tlv"
)

func object(tag tlv.Tag, value ...byte) tlv.Object {
	return tlv.Object{Tag: tag, Value: value, Raw: tlv.New(tag, value)}
}

func TestOID(t *testing.T) {
	for dotted, want := range map[string]string{
		"1.2.840.10045.2.1": "\x2A\x86\x48\xCE\x3D\x02\x01", "0.4.0.127.0.7.2.2.4.2.2": "\x04\x00\x7F\x00\x07\x02\x02\x04\x02\x02",
		"2.999.3": "\x88\x37\x03", "2.5.29.15": "\x55\x1D\x0F", "1.16384.1": "",
	} {
		got, err := EncodeOID(dotted)
		if want == "" {
			if err == nil {
				t.Errorf("%s is encoded", dotted)
			}
			continue
		}
		if err != nil || string(got) != want {
			t.Errorf("%s: %X, %v", dotted, got, err)
		}
		if back, err := OID(object(TagOID, got...)); err != nil || back != dotted {
			t.Errorf("%s comes back as %s, %v", dotted, back, err)
		}
	}
	for _, bad := range []string{"", "1", "3.1", "1.40", "a.b", "1.2.-3"} {
		if _, err := EncodeOID(bad); !errors.Is(err, ErrFormat) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for name, o := range map[string]tlv.Object{
		"empty": object(TagOID), "cut": object(TagOID, 0x2A, 0x86), "other tag": object(TagInteger, 1),
		"huge": object(TagOID, 0x2A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F), "long": object(TagOID, make([]byte, 65)...),
	} {
		if s, err := OID(o); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %s, %v", name, s, err)
		}
	}
}

func TestIntegers(t *testing.T) {
	for _, v := range []struct {
		value   []byte
		integer int64
		natural int64
	}{{[]byte{5}, 5, 5}, {[]byte{0xFF}, -1, 255}, {[]byte{0, 0xFF}, 255, 255}, {[]byte{0x80, 0}, -32768, 32768}} {
		o := object(TagInteger, v.value...)
		if n, err := Integer(o); err != nil || n.Cmp(big.NewInt(v.integer)) != 0 {
			t.Errorf("%X: %v, %v", v.value, n, err)
		}
		if n, err := Natural(o); err != nil || n.Cmp(big.NewInt(v.natural)) != 0 {
			t.Errorf("%X: %v, %v", v.value, n, err)
		}
	}
	if n, err := Small(object(TagInteger, 13)); err != nil || n != 13 {
		t.Error(n, err)
	}
	for _, bad := range []tlv.Object{object(TagInteger), object(TagOctetString, 1), object(TagInteger, make([]byte, 1026)...)} {
		_, err1 := Integer(bad)
		_, err2 := Natural(bad)
		_, err3 := Small(bad)
		if err1 == nil || err2 == nil || err3 == nil {
			t.Errorf("%d bytes in %s: %v %v %v", len(bad.Value), bad.Tag, err1, err2, err3)
		}
	}
}

func TestTime(t *testing.T) {
	for text, want := range map[string]string{
		"\x17210701120000Z": "2021-07-01T12:00:00Z", "\x17500101000000Z": "1950-01-01T00:00:00Z", "\x17490101000000Z": "2049-01-01T00:00:00Z",
		"\x172107011200Z": "2021-07-01T12:00:00Z", "\x1820510701120000Z": "2051-07-01T12:00:00Z", "\x18205107011200Z": "2051-07-01T12:00:00Z",
		"\x17210701120000+0700": "", "\x17210231120000Z": "", "\x17": "", "\x04210701120000Z": "",
	} {
		got, err := Time(object(tlv.Tag(text[0]), []byte(text[1:])...))
		if want == "" != (err != nil) || err == nil && got.Format(time.RFC3339) != want {
			t.Errorf("%q: %v, %v", text[1:], got, err)
		}
	}
}

func TestStructures(t *testing.T) {
	two := object(TagSequence, 2, 1, 5, 2, 1, 6)
	if m, err := Exactly(two, 2, 3); err != nil || len(m) != 2 {
		t.Error(m, err)
	}
	for name, err := range map[string]error{
		"three":    second(Exactly(two, 3, 4)),
		"a set":    second(Members(two, TagSet)),
		"cut":      second(Sequence(object(TagSequence, 2, 5, 1))),
		"garbage":  secondObject(One([]byte{0x30, 5})),
		"unused":   secondBytes(BitString(object(TagBitString, 3, 0xF8))),
		"no bits":  secondBytes(BitString(object(TagBitString))),
		"not bits": secondBytes(BitString(object(TagOctetString, 0, 1))),
	} {
		if !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b, err := BitString(object(TagBitString, 0, 7)); err != nil || len(b) != 1 {
		t.Error(b, err)
	}
}

func second(_ []tlv.Object, err error) error     { return err }
func secondObject(_ tlv.Object, err error) error { return err }
func secondBytes(_ []byte, err error) error      { return err }

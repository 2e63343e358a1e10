package der_test

import (
	"bytes"
	"testing"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/tlv"
)

// FuzzOID: an identifier that is read is written to the same bytes, and read again to the same text.
func FuzzOID(f *testing.F) {
	for _, s := range []string{"\x04\x00\x7F\x00\x07\x02\x02\x04\x02\x02", "\x2A\x86\x48\x86\xF7\x0D", "\x80", "\x78", "", "\x2A\x80\x01"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		text, err := der.OID(tlv.Object{Tag: der.TagOID, Value: value})
		if err != nil {
			return
		}
		back, err := der.EncodeOID(text)
		if err != nil || !bytes.Equal(back, value) {
			t.Errorf("%X is %s, which is %X: %v", value, text, back, err)
		}
	})
}

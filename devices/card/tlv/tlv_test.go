package tlv_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"motcua/devices/card/cardtest"
	"motcua/devices/card/tlv"
)

func TestVectors(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		err := tlv.Strict.Walk(v.InHex(t, "hex"), func(int, tlv.Object) (bool, error) { return true, nil })
		if !errors.Is(err, tlv.ErrMalformed) {
			t.Errorf("%s is taken: %v", v.In("hex"), err)
		}
	}, "tlv_decode_error")
}

func TestStrictRefusesWhatTolerantTakes(t *testing.T) {
	for name, s := range map[string]string{
		"length in two bytes": "04810101", "length with a zero byte": "0482000101", "padding": "0401010000",
	} {
		raw := cardtest.Hex(t, s)
		if _, err := tlv.One(raw); !errors.Is(err, tlv.ErrMalformed) {
			t.Errorf("%s: strict takes it: %v", name, err)
		}
		if o, err := tlv.Tolerant.One(raw); err != nil || !bytes.Equal(o.Value, []byte{1}) {
			t.Errorf("%s: tolerant: %v", name, err)
		}
	}
}

func TestBothRefuse(t *testing.T) {
	for name, s := range map[string]string{
		"empty": "", "no length": "04", "short value": "040201", "indefinite": "30800000", "length of five bytes": "04850000000101",
		"2 GiB": "04847FFFFFFF01", "4 GiB": "0484FFFFFFFF01", "tag of six bytes": "7F818181810100", "padded tag number": "5F800100",
		"garbage behind": "040101FF", "tag 00": "000100", "length cut": "0482FF",
	} {
		for _, mode := range []tlv.Mode{tlv.Strict, tlv.Tolerant} {
			if o, err := mode.One(cardtest.Hex(t, s)); !errors.Is(err, tlv.ErrMalformed) {
				t.Errorf("%s: mode %d gives %v, %v", name, mode, o, err)
			}
		}
	}
}

func TestDepth(t *testing.T) {
	raw := []byte{}
	for range tlv.MaxDepth + 1 {
		raw = tlv.New(0x30, raw)
	}
	enter := func(int, tlv.Object) (bool, error) { return true, nil }
	if err := tlv.Strict.Walk(raw, enter); !errors.Is(err, tlv.ErrMalformed) {
		t.Errorf("%d levels: %v", tlv.MaxDepth+1, err)
	}
	if err := tlv.Strict.Walk(raw[4:], enter); err != nil {
		t.Errorf("%d levels: %v", tlv.MaxDepth-1, err)
	}
}

func TestTooManyObjects(t *testing.T) {
	raw := bytes.Repeat([]byte{0x04, 0}, tlv.MaxObjects)
	if o, err := tlv.Parse(raw); err != nil || len(o) != tlv.MaxObjects {
		t.Errorf("%d objects: %v", len(o), err)
	}
	if _, err := tlv.Parse(append(raw, 0x04, 0)); !errors.Is(err, tlv.ErrMalformed) {
		t.Errorf("one more: %v", err)
	}
}

func TestNew(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 255, 256, 65535, 65536} {
		for _, tag := range []tlv.Tag{0x04, 0x5F1F, 0x7F2E, 0x5F8101} {
			value := bytes.Repeat([]byte{7}, n)
			o, err := tlv.One(tlv.New(tag, value[:n/2], value[n/2:]))
			if err != nil || o.Tag != tag || !bytes.Equal(o.Value, value) {
				t.Errorf("%s of %d: %v", tag, n, err)
			}
		}
	}
	if o, err := tlv.One(tlv.New(0x5F01, []byte("0107"))); err != nil || o.Tag != 0x5F01 {
		t.Errorf("5F01, which 9303-10 uses although X.690 would not: %v", err)
	}
	if !tlv.Tag(0x7F2E).Constructed() || tlv.Tag(0x5F2E).Constructed() || !tlv.Tag(0x61).Constructed() {
		t.Error("constructed")
	}
}

func TestFind(t *testing.T) {
	raw := tlv.New(0x61, tlv.New(0x04, []byte{1}), tlv.New(0x5F1F, []byte{2}))
	o, err := tlv.One(raw)
	if err != nil {
		t.Fatal(err)
	}
	children, err := o.Children()
	if err != nil {
		t.Fatal(err)
	}
	if found, ok := tlv.Find(children, 0x5F1F); !ok || found.Value[0] != 2 {
		t.Error("not found")
	}
	if _, ok := tlv.Find(children, 0x99); ok {
		t.Error("found what is not there")
	}
	if _, err := children[0].Children(); !errors.Is(err, tlv.ErrMalformed) {
		t.Errorf("children of a primitive: %v", err)
	}
}

// FuzzParse: what strict parsing takes is built again to the same bytes, and tolerant parsing takes it too.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"61095F1F050123456789", "60155F010530313036305F36063034303030305C026175", "0401010000", "30800000", "7F2E820100"} {
		raw, _ := hex.DecodeString(s)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		objects, err := tlv.Parse(raw)
		_ = tlv.Tolerant.Walk(raw, func(int, tlv.Object) (bool, error) { return true, nil })
		if err != nil {
			return
		}
		var back []byte
		for _, o := range objects {
			back = append(back, tlv.New(o.Tag, o.Value)...)
		}
		if !bytes.Equal(back, raw) {
			t.Errorf("%X became %X", raw, back)
		}
		if _, err := tlv.Tolerant.Parse(raw); err != nil {
			t.Errorf("tolerant refuses %X: %v", raw, err)
		}
	})
}

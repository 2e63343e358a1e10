package spki_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/spki"
)

// recorded is one key of testdata/keys.json: made by OpenSSL 3.0, which also gave the numbers in it.
type recorded struct {
	Name, Key, Kind string
	Curve, Point    string
	Explicit        bool
	Group           int
	N, Y, P         string
	E               int64
}

func keys(t testing.TB) []recorded {
	t.Helper()
	raw, err := os.ReadFile("testdata/keys.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []recorded
	if err := json.Unmarshal(raw, &all); err != nil || len(all) == 0 {
		t.Fatal(err)
	}
	return all
}

func (r recorded) der(t testing.TB) []byte {
	t.Helper()
	b, err := hex.DecodeString(r.Key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// parse reads bytes that are one object.
func parse(b []byte) (spki.Key, error) {
	o, err := der.One(b)
	if err != nil {
		return spki.Key{}, fmt.Errorf("%w: %w", spki.ErrFormat, err)
	}
	return spki.Parse(o)
}

// TestOpenSSLKeys: every kind of key, every curve by name and spelled out, points compressed and not.
func TestOpenSSLKeys(t *testing.T) {
	for _, r := range keys(t) {
		t.Run(r.Name, func(t *testing.T) {
			k, err := parse(r.der(t))
			if r.Kind == "unsupported" {
				if !errors.Is(err, spki.ErrUnsupported) || kinds(k) != 0 {
					t.Errorf("%v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if kinds(k) != 1 || !bytes.Equal(k.Raw, r.der(t)) || len(k.Bits) == 0 {
				t.Errorf("%+v", k)
			}
			if got, want := describe(k), r.describe(); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// kinds counts what is set.
func kinds(k spki.Key) int {
	n := 0
	for _, set := range []bool{k.RSA != nil, k.EC != nil, k.DH != nil, k.DSA != nil} {
		if set {
			n++
		}
	}
	return n
}

func describe(k spki.Key) string {
	switch {
	case k.RSA != nil:
		return fmt.Sprintf("RSA %X %d", k.RSA.N, k.RSA.E)
	case k.EC != nil:
		return fmt.Sprintf("EC %s %X %t", k.EC.Curve.Name, k.EC.Curve.Encode(k.EC.Point), k.EC.Explicit)
	case k.DH != nil:
		return fmt.Sprintf("DH %d %X", k.DH.Group.ID, k.DH.Public)
	case k.DSA != nil:
		return fmt.Sprintf("DSA %X %X", k.DSA.P, k.DSA.Y)
	}
	return "nothing"
}

func (r recorded) describe() string {
	switch r.Kind {
	case "RSA":
		return fmt.Sprintf("RSA %s %d", r.N, r.E)
	case "EC":
		return fmt.Sprintf("EC %s %s %t", r.Curve, r.Point, r.Explicit)
	case "DH":
		return fmt.Sprintf("DH %d %s", r.Group, r.Y)
	}
	return fmt.Sprintf("DSA %s %s", r.P, r.Y)
}

// TestTruncated: no key that was cut short is a key, and none makes the parser fall.
func TestTruncated(t *testing.T) {
	for _, r := range keys(t) {
		raw := r.der(t)
		for n := range len(raw) {
			if _, err := parse(raw[:n]); err == nil {
				t.Fatalf("%s cut to %d of %d bytes is a key", r.Name, n, len(raw))
			}
		}
	}
}

// FuzzParse: whatever the bytes are, there is an error that a caller can act on, or exactly one kind of key, whose
// numbers are in their group.
func FuzzParse(f *testing.F) {
	for _, r := range keys(f) {
		f.Add(r.der(f))
	}
	for _, k := range madeKeys(f) {
		f.Add(k.der)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if longDH(raw) {
			t.Skip("testing a long prime takes longer than a fuzzer waits")
		}
		k, err := parse(raw)
		if err != nil {
			if !errors.Is(err, spki.ErrFormat) && !errors.Is(err, spki.ErrUnsupported) && !errors.Is(err, spki.ErrParameters) {
				t.Fatalf("an error that nobody knows: %v", err)
			}
			if kinds(k) != 0 {
				t.Fatalf("%v, and yet a key", err)
			}
			return
		}
		switch {
		case kinds(k) != 1:
			t.Fatalf("%d kinds", kinds(k))
		case k.EC != nil && !k.EC.Curve.OnCurve(k.EC.Point):
			t.Fatal("a point off the curve")
		case k.DH != nil && k.DH.Group.Validate(k.DH.Public) != nil:
			t.Fatal("a number outside the group")
		case k.RSA != nil && (k.RSA.E < 2 || k.RSA.N.BitLen() > 8192):
			t.Fatal("RSA beyond the limits")
		}
	})
}

func longDH(raw []byte) bool {
	const x942, long = "\x2A\x86\x48\xCE\x3E\x02\x01", 700
	return len(raw) > long && strings.Contains(string(raw), x942)
}

package dh

import (
	"bytes"
	"crypto/rand"
	"errors"
	"math/big"
	"testing"
)

func TestStandardizedGroups(t *testing.T) {
	for id, bits := range [][2]int{{1024, 160}, {2048, 224}, {2048, 256}} {
		g, ok := ByID(id)
		if !ok || g.P.BitLen() != bits[0] || g.Q.BitLen() != bits[1] || g.ID != id || g.Size != bits[0]/8 {
			t.Fatalf("group %d: %v", id, ok)
		}
		if !g.P.ProbablyPrime(20) || !g.Q.ProbablyPrime(20) || g.Validate(g.G) != nil {
			t.Errorf("group %d is none", id)
		}
		if same, err := New(g.P, g.G, g.Q); err != nil || same != g {
			t.Errorf("group %d is not recognised: %v", id, err)
		}
	}
	if _, ok := ByID(3); ok {
		t.Error("3 is reserved and yet has a group")
	}
}

// Both ends agree, and keys are what they say.
func TestAgreement(t *testing.T) {
	for id := range 3 {
		g, _ := ByID(id)
		a, publicA, err := g.GenerateKey(rand.Reader, g.G)
		if err != nil {
			t.Fatal(err)
		}
		b, publicB, err := g.GenerateKey(rand.Reader, g.G)
		if err != nil {
			t.Fatal(err)
		}
		back, err := g.Decode(g.Encode(publicB))
		if err != nil {
			t.Fatal(err)
		}
		if g.Shared(a, back).Cmp(g.Shared(b, publicA)) != 0 {
			t.Errorf("group %d: the ends do not agree", id)
		}
	}
}

func TestRefused(t *testing.T) {
	g, _ := ByID(0)
	one := big.NewInt(1)
	last := new(big.Int).Sub(g.P, one)
	outside := big.NewInt(2)
	for g.Validate(outside) == nil {
		outside.Add(outside, one)
	}
	for name, raw := range map[string][]byte{
		"nothing": nil, "zero": {0}, "one": {1}, "p-1": last.Bytes(), "p": g.P.Bytes(), "too long": make([]byte, g.Size+1),
		"another order": g.Encode(outside), "all ones": bytes.Repeat([]byte{0xFF}, g.Size),
	} {
		if _, err := g.Decode(raw); !errors.Is(err, ErrPublic) {
			t.Errorf("%s: %v", name, err)
		}
	}
	small := big.NewInt(23)
	for name, err := range map[string]error{
		"small":             second(New(small, big.NewInt(2), big.NewInt(11))),
		"another order":     second(New(g.P, g.G, new(big.Int).Add(g.Q, big.NewInt(2)))),
		"no generator":      second(New(g.P, one, g.Q)),
		"outside generator": second(New(g.P, outside, g.Q)),
		"not prime":         second(New(new(big.Int).Add(new(big.Int).Mul(g.Q, new(big.Int).Lsh(one, 1500)), one), g.G, g.Q)),
	} {
		if !errors.Is(err, ErrGroup) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ *Group, err error) error { return err }

func FuzzDecode(f *testing.F) {
	for id := range 3 {
		g, _ := ByID(id)
		f.Add(uint8(id), g.Encode(g.G))
	}
	f.Fuzz(func(t *testing.T, id uint8, raw []byte) {
		g, _ := ByID(int(id) % 3)
		y, err := g.Decode(raw)
		if err == nil && (g.Validate(y) != nil || new(big.Int).SetBytes(raw).Cmp(y) != 0) {
			t.Fatal("taken and not in the group")
		}
	})
}

package agree_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"math/big"
	"testing"

	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/agree"
	"motcua/devices/card/emrtd/dh"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/secmsg"
)

// The worked examples of 9303-11 appendix H: over a curve and over numbers, both with AES-128.
func TestIntegratedMapping(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		s, nonce := v.InHex(t, "s"), v.InHex(t, "t")
		g := group(t, v)
		x, err := agree.Pseudorandom(secmsg.AES128, g.Prime(), s, nonce)
		if err != nil || !bytes.Equal(x.FillBytes(make([]byte, len(v.OutHex(t, "Rp")))), v.OutHex(t, "Rp")) {
			t.Fatalf("R_p is %X, %v", x, err)
		}
		if v.Kind != "pace_im_dh" {
			return
		}
		mapped, err := g.MapIntegrated(x)
		if err != nil || !bytes.Equal(g.Encode(mapped), v.OutHex(t, "mapped_generator")) {
			t.Errorf("mapped generator, %v", err)
		}
	}, "pace_im_prf", "pace_im_dh")
}

// group is the one that an example names or spells out.
func group(t *testing.T, v cardtest.Vector) agree.Group {
	t.Helper()
	id := ec.BrainpoolP256r1().ID
	if v.Kind == "pace_im_dh" {
		known, ok := dh.Match(new(big.Int).SetBytes(v.InHex(t, "p")), new(big.Int).SetBytes(v.InHex(t, "g")))
		if !ok {
			t.Fatal("no such group")
		}
		id = known.ID
	}
	g, ok := agree.ByID(id)
	if !ok {
		t.Fatal("no group", id)
	}
	return g
}

// Both ends of every group agree, on every generator, whatever the cipher.
func TestEveryGroup(t *testing.T) {
	for id := range 20 {
		g, ok := agree.ByID(id)
		if known := id <= 2 || id >= 8 && id <= 18; known != ok {
			t.Errorf("%d: %t", id, ok)
		}
		if !ok {
			continue
		}
		t.Run(g.Name(), func(t *testing.T) {
			t.Parallel()
			h, base := g.Generator(), g.Generator()
			for _, c := range []secmsg.Cipher{secmsg.TripleDES, secmsg.AES128, secmsg.AES192, secmsg.AES256} {
				agreeOn(t, g, base)
				var err error
				if base, err = g.MapGeneric(big.NewInt(int64(c)+1000), h); err != nil {
					t.Fatal(err)
				}
				x, err := agree.Pseudorandom(c, g.Prime(), make([]byte, agree.NonceSize(c)), make([]byte, c.KeySize()))
				if err != nil {
					t.Fatal(err)
				}
				mapped, err := g.MapIntegrated(x)
				if unable := g.Name() == "secp224r1"; unable != (err != nil) {
					t.Fatal(err)
				} else if !unable {
					agreeOn(t, g, mapped)
				}
			}
			if _, err := g.Apply(g.Order(), h); err == nil {
				t.Error("the neutral element is a secret")
			}
			for _, bad := range []string{"", "00", "01", "04"} {
				raw, _ := hex.DecodeString(bad)
				if _, err := g.Decode(raw); err == nil {
					t.Errorf("%q is a public key", bad)
				}
			}
		})
	}
}

func agreeOn(t *testing.T, g agree.Group, base agree.Element) {
	t.Helper()
	a, publicA, err := g.Generate(rand.Reader, base)
	if err != nil {
		t.Fatal(err)
	}
	b, publicB, err := g.Generate(rand.Reader, base)
	if err != nil {
		t.Fatal(err)
	}
	back, err := g.Decode(g.Encode(publicB))
	if err != nil {
		t.Fatal(err)
	}
	one, err := g.Apply(a, back)
	if err != nil {
		t.Fatal(err)
	}
	other, err := g.Apply(b, publicA)
	if err != nil || !bytes.Equal(g.Secret(one), g.Secret(other)) {
		t.Errorf("the ends do not agree: %v", err)
	}
	if g.Same(publicA, publicB) || !g.Same(publicB, back) {
		t.Error("same and different are mixed up")
	}
}

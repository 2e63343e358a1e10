package cardsim

import (
	"bytes"
	"crypto"
	"math/big"
	"testing"

	"motcua/devices/card/apdu"
)

// representative undoes an RSA signature: what the chip padded, or n less it.
func representative(k *ActiveKey, signature []byte) []byte {
	m := new(big.Int).Exp(new(big.Int).SetBytes(signature), big.NewInt(rsaExponent), k.rsa.n)
	if m.Bit(0)|m.Bit(1) != 0 { // every trailer ends in C
		m.Sub(k.rsa.n, m)
	}
	return m.FillBytes(make([]byte, k.RSA/8))
}

// TestActiveRSA takes signatures apart by the description in 9303-11 §6.1.2.2.
func TestActiveRSA(t *testing.T) {
	challenge := []byte("eight by")
	for trailer, o := range map[string]ActiveOptions{
		"BC":   {RSA: 1024, Hash: crypto.SHA1, Implicit: true},
		"33CC": {RSA: 1024, Hash: crypto.SHA1},
		"38CC": {RSA: 1024, Hash: crypto.SHA224, Smaller: true},
		"34CC": {RSA: 1024},
		"36CC": {RSA: 1024, Hash: crypto.SHA384, Smaller: true},
		"35CC": {RSA: 1032, Hash: crypto.SHA512},
	} {
		t.Run(trailer, func(t *testing.T) {
			k, err := newActiveKey(o, "test")
			if err != nil {
				t.Fatal(err)
			}
			for range 8 {
				s, err := k.sign(seeded(), challenge, ActiveHonest)
				if err != nil || len(s) != o.RSA/8 {
					t.Fatalf("%d bytes, %v", len(s), err)
				}
				if half := new(big.Int).Rsh(k.rsa.n, 1); o.Smaller && new(big.Int).SetBytes(s).Cmp(half) > 0 {
					t.Error("it is the larger of s and n-s")
				}
				f := representative(k, s)
				tail := unhex(t, trailer)
				middle, ok := bytes.CutSuffix(f, tail)
				if !ok || f[0] != 0x6A {
					t.Fatalf("%X", f)
				}
				at := len(middle) - k.Hash.Size()
				h := k.Hash.New()
				h.Write(middle[1:at])
				h.Write(challenge)
				if !bytes.Equal(h.Sum(nil), middle[at:]) {
					t.Error("another digest")
				}
			}
		})
	}
}

func TestActiveKeysAreDerived(t *testing.T) {
	a, b, c := newRSAKey(1024, "one"), newRSAKey(1024, "one"), newRSAKey(1024, "two")
	if a.n.Cmp(b.n) != 0 || a.n.Cmp(c.n) == 0 || a.n.BitLen() != 1024 {
		t.Error("a label does not make a key")
	}
	for name, o := range map[string]ActiveOptions{
		"MD5": {Hash: crypto.MD5}, "curve 7": {Curve: 7}, "RSA of 512 bits": {RSA: 512}, "RSA of 8192 bits": {RSA: 8192},
		"RSA of 1025 bits": {RSA: 1025},
	} {
		if _, err := Build(Personas()[0], ProfileOptions{Active: o}); err == nil {
			t.Errorf("%s is built", name)
		}
	}
}

// TestActiveInfo looks for the entry of DG14, whose bytes 9303-11 §9.2.8 and TR-03111 §5.2.1 give.
func TestActiveInfo(t *testing.T) {
	seen := unhex(t, "30170606678108010105020101060A04007F00070101040103")
	for name, v := range map[string]struct {
		options ActiveOptions
		want    byte
	}{
		"as seen":         {ActiveOptions{}, 3},
		"SHA-512":         {ActiveOptions{Hash: crypto.SHA512}, 5},
		"mistaken":        {ActiveOptions{Hash: crypto.SHA512, InfoHash: crypto.SHA224}, 2},
		"no such":         {ActiveOptions{BadInfo: true}, 9},
		"silent":          {ActiveOptions{NoInfo: true}, 0},
		"RSA":             {ActiveOptions{RSA: 1024}, 0},
		"RSA, no such":    {ActiveOptions{RSA: 1024, BadInfo: true}, 9},
		"brainpoolP320r1": {ActiveOptions{Curve: 14, Hash: crypto.SHA384}, 4},
	} {
		k, err := newActiveKey(v.options, "test")
		if err != nil {
			t.Fatal(err)
		}
		switch got := k.info(); {
		case v.want == 0 && got != nil, v.want != 0 && !bytes.HasSuffix(got, []byte{0x04, 0x01, v.want}):
			t.Errorf("%s: %X", name, got)
		case v.want == 3 && !bytes.Equal(got, seen):
			t.Errorf("%s: %X, want %X", name, got, seen)
		}
	}
}

// TestContinue: an answer with more than Le has room for comes in pieces, and any other command gives up the rest.
func TestContinue(t *testing.T) {
	ask := func(x *terminal) apdu.Response {
		wrapped, err := x.session.Protect(readAt(0, 256))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := wrapped.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return x.send(raw)
	}
	x := login(t, newCard(t, Options{Oversize: Continue}))
	x.protected(selectEF(DG(2)))
	first := ask(x)
	if first.SW != 0x611B || len(first.Data) != 256 {
		t.Fatalf("%d bytes, %s", len(first.Data), first.SW)
	}
	second := x.plain("00C0000008")
	third := x.plain("00C0000013")
	if second.SW != 0x6113 || len(second.Data) != 8 || third.SW != apdu.OK {
		t.Fatalf("%s, %s", second.SW, third.SW)
	}
	data := bytes.Join([][]byte{first.Data, second.Data, third.Data}, nil)
	whole, err := x.session.Unprotect(apdu.Response{Data: data, SW: third.SW})
	if err != nil || !bytes.Equal(whole.Data, x.card.profile.Files[DG(2)][:256]) {
		t.Errorf("%v, %d bytes", err, len(whole.Data))
	}
	ask(x)
	x.plain("00B0000004")
	if r := x.plain("00C0000013"); len(r.Data) > 0 || r.SW != apdu.WrongINS {
		t.Errorf("the rest after another command: %d bytes, %s", len(r.Data), r.SW)
	}
}

package ec

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"errors"
	"math/big"
	"testing"
)

func TestDomains(t *testing.T) {
	for _, d := range domains {
		c, ok := ByOID(d.oid)
		if !ok || c.Name != d.name {
			t.Fatalf("no curve %s", d.name)
		}
		if same, ok := ByID(d.id); d.id != 0 && (!ok || same != c) {
			t.Errorf("%s is not curve %d", c.Name, d.id)
		}
		if !c.P.ProbablyPrime(20) || !c.N.ProbablyPrime(20) {
			t.Errorf("%s: field or order is not prime", c.Name)
		}
		g := c.Generator()
		if !c.OnCurve(g) {
			t.Errorf("%s: generator is not on the curve", c.Name)
		}
		if !c.Multiply(c.N, g).Infinity() {
			t.Errorf("%s: order times generator is not infinity", c.Name)
		}
	}
	if _, ok := ByID(7); ok {
		t.Error("7 is reserved and yet has a curve")
	}
}

// The standard library has P-256 of its own: an outside judge of the arithmetic.
func TestMultiplyAgainstStandardLibrary(t *testing.T) {
	c := P256()
	for range 20 {
		k, public, err := c.GenerateKey(rand.Reader, c.Generator())
		if err != nil {
			t.Fatal(err)
		}
		key, err := ecdh.P256().NewPrivateKey(k.FillBytes(make([]byte, c.Size)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(key.PublicKey().Bytes(), c.Encode(public)) {
			t.Fatalf("k = %x: public keys differ", k)
		}
	}
}

func TestGroupLaw(t *testing.T) {
	c := BrainpoolP256r1()
	g := c.Generator()
	two, three := c.Multiply(big.NewInt(2), g), c.Multiply(big.NewInt(3), g)
	for name, pair := range map[string][2]Point{
		"g+g = 2g":          {c.Add(g, g), two},
		"g+2g = 3g":         {c.Add(g, two), three},
		"g-g = infinity":    {c.Add(g, c.Negate(g)), {}},
		"g+infinity = g":    {c.Add(g, Point{}), g},
		"infinity+g = g":    {c.Add(Point{}, g), g},
		"0g = infinity":     {c.Multiply(new(big.Int), g), {}},
		"(n+1)g = g":        {c.Multiply(new(big.Int).Add(c.N, big.NewInt(1)), g), g},
		"-infinity":         {c.Negate(Point{}), {}},
		"k·infinity":        {c.Multiply(big.NewInt(5), Point{}), {}},
		"3g-2g = g":         {c.Add(three, c.Negate(two)), g},
		"order minus 1 = -": {c.Multiply(new(big.Int).Sub(c.N, big.NewInt(1)), g), c.Negate(g)},
	} {
		if !pair[0].Equal(pair[1]) {
			t.Errorf("%s does not hold", name)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	c := BrainpoolP256r1()
	good := c.Encode(c.Generator())
	offCurve := bytes.Clone(good)
	offCurve[len(offCurve)-1] ^= 1
	compressed := bytes.Clone(good)
	compressed[0] = 2
	tooBig := bytes.Clone(good)
	copy(tooBig[1:], new(big.Int).Add(c.Gx, c.P).FillBytes(make([]byte, 33))[1:])
	for name, b := range map[string][]byte{
		"empty": nil, "infinity": {0}, "short": good[:64], "long": append(bytes.Clone(good), 0),
		"off the curve": offCurve, "compressed": compressed, "coordinate over p": tooBig, "origin": append([]byte{4}, make([]byte, 64)...),
	} {
		if _, err := c.Decode(b); !errors.Is(err, ErrPoint) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p, err := c.Decode(good)
	if err != nil || !p.Equal(c.Generator()) {
		t.Errorf("generator: %v", err)
	}
}

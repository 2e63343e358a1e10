package ec

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"testing"
)

// slow is the group law in affine coordinates as a textbook has it: an outside judge of the arithmetic in limbs.
type slow struct{ c *Curve }

func (s slow) add(p, q Point) Point {
	switch {
	case p.Infinity():
		return q
	case q.Infinity():
		return p
	}
	slope := new(big.Int)
	if p.X.Cmp(q.X) == 0 {
		if new(big.Int).Mod(new(big.Int).Add(p.Y, q.Y), s.c.P).Sign() == 0 {
			return Point{}
		}
		slope.Mul(p.X, p.X).Mul(slope, big.NewInt(3)).Add(slope, s.c.A)
		slope.Mul(slope, new(big.Int).ModInverse(new(big.Int).Lsh(p.Y, 1), s.c.P))
	} else {
		dx := new(big.Int).Sub(q.X, p.X)
		slope.Sub(q.Y, p.Y).Mul(slope, new(big.Int).ModInverse(dx.Mod(dx, s.c.P), s.c.P))
	}
	slope.Mod(slope, s.c.P)
	x := new(big.Int).Mul(slope, slope)
	x.Sub(x, p.X).Sub(x, q.X).Mod(x, s.c.P)
	y := new(big.Int).Sub(p.X, x)
	y.Mul(y, slope).Sub(y, p.Y).Mod(y, s.c.P)
	return Point{x, y}
}

func (s slow) multiply(k *big.Int, p Point) Point {
	var sum Point
	for i := k.BitLen() - 1; i >= 0; i-- {
		sum = s.add(sum, sum)
		if k.Bit(i) == 1 {
			sum = s.add(sum, p)
		}
	}
	return sum
}

// edgeScalars are those at which windows, carries and reductions change.
func edgeScalars(c *Curve) []*big.Int {
	n := c.N
	var out []*big.Int
	for _, k := range []int64{0, 1, 2, 3, 15, 16, 17, 255, 256} {
		out = append(out, big.NewInt(k), new(big.Int).Sub(n, big.NewInt(k)), new(big.Int).Add(n, big.NewInt(k)))
	}
	ones := new(big.Int).Lsh(big.NewInt(1), uint(n.BitLen()))
	return append(out, ones.Sub(ones, big.NewInt(1)), new(big.Int).Lsh(n, 3), new(big.Int).Rsh(n, 1))
}

func TestMultiplyAgainstReference(t *testing.T) {
	for _, c := range curves() {
		t.Run(c.Name, func(t *testing.T) {
			other := c.Multiply(big.NewInt(0x12345), c.Generator())
			scalars := edgeScalars(c)
			for range 6 {
				k, err := rand.Int(rand.Reader, c.N)
				if err != nil {
					t.Fatal(err)
				}
				scalars = append(scalars, k)
			}
			for _, k := range scalars {
				for name, p := range map[string]Point{"generator": c.Generator(), "another point": other} {
					if got, want := c.Multiply(k, p), (slow{c}).multiply(k, p); !got.Equal(want) {
						t.Errorf("%x times the %s", k, name)
					} else if !got.Infinity() && !c.OnCurve(got) {
						t.Errorf("%x times the %s is not on the curve", k, name)
					}
				}
			}
		})
	}
}

// Numbers at the edges of a limb go into Montgomery form and back, and multiply as numbers do.
func TestField(t *testing.T) {
	for _, c := range curves() {
		f := c.field
		var numbers []*big.Int
		for bit := uint(0); bit <= uint(c.P.BitLen()); bit += 31 {
			x := new(big.Int).Lsh(big.NewInt(1), bit)
			for _, d := range []int64{-1, 0, 1} {
				y := new(big.Int).Add(x, big.NewInt(d))
				numbers = append(numbers, y.Mod(y, c.P), new(big.Int).Sub(new(big.Int).Sub(c.P, big.NewInt(1)), y))
			}
		}
		for _, x := range numbers {
			for _, y := range numbers {
				a, b := f.enter(x), f.enter(y)
				var product, sum, difference element
				f.mul(&product, &a, &b)
				f.add(&sum, &a, &b)
				f.sub(&difference, &a, &b)
				for got, want := range map[*element]*big.Int{
					&product: new(big.Int).Mul(x, y), &sum: new(big.Int).Add(x, y), &difference: new(big.Int).Sub(x, y),
				} {
					if f.leave(got).Cmp(want.Mod(want, c.P)) != 0 {
						t.Fatalf("%s: %x and %x", c.Name, x, y)
					}
				}
			}
		}
	}
}

// Signatures that OpenSSL made, with digests shorter and longer than the order.
func TestVerifyOpenSSL(t *testing.T) {
	raw, err := os.ReadFile("testdata/ecdsa.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []struct{ Curve, Digest, R, S, Public, Compressed string }
	if err := json.Unmarshal(raw, &all); err != nil || len(all) < 20 {
		t.Fatal(len(all), err)
	}
	for _, v := range all {
		t.Run(fmt.Sprintf("%s with %d bytes", v.Curve, len(v.Digest)/2), func(t *testing.T) {
			c, ok := find(func(c *Curve) bool { return c.Name == v.Curve })
			if !ok {
				t.Fatal("no such curve")
			}
			public, err := c.DecodePoint(fromHex(t, v.Public))
			if err != nil {
				t.Fatal(err)
			}
			if p, err := c.DecodePoint(fromHex(t, v.Compressed)); err != nil || !p.Equal(public) {
				t.Errorf("compressed: %v", err)
			}
			if _, err := c.Decode(fromHex(t, v.Compressed)); err == nil {
				t.Error("a protocol point was taken compressed")
			}
			checkVerify(t, c, fromHex(t, v.Digest), number(v.R), number(v.S), public)
		})
	}
}

// checkVerify: the signature holds, and nothing near it does.
func checkVerify(t *testing.T, c *Curve, digest []byte, r, s *big.Int, public Point) {
	t.Helper()
	if !c.Verify(digest, r, s, public) {
		t.Error("a good signature is refused")
	}
	bad := bytes.Clone(digest)
	bad[0] ^= 1
	one := big.NewInt(1)
	for name, refused := range map[string]bool{
		"another digest": c.Verify(bad, r, s, public),
		"r + 1":          c.Verify(digest, new(big.Int).Add(r, one), s, public),
		"r + n":          c.Verify(digest, new(big.Int).Add(r, c.N), s, public),
		"s + n":          c.Verify(digest, r, new(big.Int).Add(s, c.N), public),
		"r = 0":          c.Verify(digest, new(big.Int), s, public),
		"s = 0":          c.Verify(digest, r, new(big.Int), public),
		"s = n":          c.Verify(digest, r, c.N, public),
		"no r":           c.Verify(digest, nil, s, public),
		"another key":    c.Verify(digest, r, s, c.Add(public, c.Generator())),
		"no key":         c.Verify(digest, r, s, Point{}),
		"off the curve":  c.Verify(digest, r, s, Point{public.X, new(big.Int).Add(public.Y, one)}),
	} {
		if refused {
			t.Errorf("%s: verified", name)
		}
	}
}

func TestVerifyStandardLibrary(t *testing.T) {
	for _, curve := range []elliptic.Curve{elliptic.P224(), elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		c, ok := find(func(c *Curve) bool { return c.P.Cmp(curve.Params().P) == 0 })
		if !ok {
			t.Fatal(curve.Params().Name)
		}
		for size := range 80 {
			key, err := ecdsa.GenerateKey(curve, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			digest := bytes.Repeat([]byte{0xA5, byte(size)}, size+1)[:size+1]
			r, s, err := ecdsa.Sign(rand.Reader, key, digest)
			if err != nil {
				t.Fatal(err)
			}
			if !c.Verify(digest, r, s, Point{key.X, key.Y}) {
				t.Errorf("%s, digest of %d bytes", c.Name, len(digest))
			}
		}
	}
}

// The same equation with another generator is not the curve: whoever chooses the generator can make a key for any
// signature.
func TestMatch(t *testing.T) {
	for _, c := range curves() {
		good := Parameters{c.P, c.A, c.B, c.Gx, c.Gy, c.N, big.NewInt(1)}
		if got, ok := Match(good); !ok || got != c {
			t.Errorf("%s is not recognised", c.Name)
		}
		if good.Cofactor = nil; !ok(Match(good)) {
			t.Errorf("%s without cofactor is not recognised", c.Name)
		}
		g := c.Multiply(big.NewInt(5), c.Generator())
		for name, bad := range map[string]Parameters{
			"generator": {c.P, c.A, c.B, g.X, g.Y, c.N, nil},
			"sign":      {c.P, c.A, c.B, c.Gx, new(big.Int).Sub(c.P, c.Gy), c.N, nil},
			"order":     {c.P, c.A, c.B, c.Gx, c.Gy, new(big.Int).Add(c.N, big.NewInt(2)), nil},
			"cofactor":  {c.P, c.A, c.B, c.Gx, c.Gy, c.N, big.NewInt(2)},
			"b":         {c.P, c.A, new(big.Int).Add(c.B, big.NewInt(1)), c.Gx, c.Gy, c.N, nil},
			"nothing":   {},
		} {
			if ok(Match(bad)) {
				t.Errorf("%s with another %s is taken", c.Name, name)
			}
		}
	}
}

func ok(_ *Curve, found bool) bool { return found }

// The worked example of 9303-11 appendix H.1, and what the encoding promises for other curves: a point, always the same.
func TestMapToPoint(t *testing.T) {
	want := Point{number("8E82D31559ED0FDE92A4D0498ADD3C23BABA94FB77691E31E90AEA77FB17D427"),
		number("4C1AE14BD0C3DBAC0C871B7F3608169364437CA30AC243A089D3F266C1E60FAD")}
	got, err := BrainpoolP256r1().MapToPoint(number("A2F8FF2DF50E52C6599F386ADCB595D229F6A167ADE2BE5F2C3296ADD5B7430E"))
	if err != nil || !got.Equal(want) {
		t.Errorf("%x %x, %v", got.X, got.Y, err)
	}
	for _, c := range curves() {
		for range 20 {
			x, err := rand.Int(rand.Reader, c.P)
			if err != nil {
				t.Fatal(err)
			}
			p, err := c.MapToPoint(x)
			if unable := c.Name == "secp224r1" || c.Name == "secp256k1"; unable != (err != nil) {
				t.Errorf("%s: %v", c.Name, err)
			} else if err == nil && !c.OnCurve(p) {
				t.Errorf("%s: not on the curve", c.Name)
			}
		}
		if _, err := c.MapToPoint(new(big.Int)); err == nil {
			t.Errorf("%s maps 0", c.Name)
		}
		if _, err := c.MapToPoint(c.P); err == nil {
			t.Errorf("%s maps a number that is not in the field", c.Name)
		}
	}
}

func fromHex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// FuzzPoint: what is taken as a point is one, goes back to the same bytes, and multiplies as the textbook says.
func FuzzPoint(f *testing.F) {
	for i, c := range curves() {
		f.Add(uint8(i), c.Encode(c.Generator()), []byte{3})
		f.Add(uint8(i), append([]byte{compressed}, c.EncodeX(c.Generator())...), c.N.Bytes())
	}
	f.Fuzz(func(t *testing.T, which uint8, raw, scalar []byte) {
		c := curves()[int(which)%len(curves())]
		p, err := c.DecodePoint(raw)
		if err != nil {
			return
		}
		if raw[0] == uncompressed && !bytes.Equal(c.Encode(p), raw) {
			t.Fatal("another encoding of the same point")
		}
		const enough = 40
		k := new(big.Int).SetBytes(scalar[:min(len(scalar), enough)])
		if !c.Multiply(k, p).Equal(slow{c}.multiply(k, p)) {
			t.Fatalf("%s: %x times %x", c.Name, k, raw)
		}
	})
}

func BenchmarkCurves(b *testing.B) {
	for _, c := range curves() {
		k := new(big.Int).Sub(c.N, big.NewInt(12345))
		p := c.Multiply(big.NewInt(77), c.Generator())
		b.Run(c.Name+"/multiply", func(b *testing.B) {
			for b.Loop() {
				c.Multiply(k, p)
			}
		})
		b.Run(c.Name+"/generator", func(b *testing.B) {
			for b.Loop() {
				c.Multiply(k, c.Generator())
			}
		})
		// A whole signature: with numbers chosen at will one of the two multiplications may be a short one.
		digest := bytes.Repeat([]byte{0x99}, 20)
		private := new(big.Int).Rsh(c.N, 1)
		public := c.Multiply(private, c.Generator())
		r := new(big.Int).Mod(p.X, c.N)
		s := new(big.Int).Mul(r, private)
		s.Add(s, c.truncate(digest)).Mul(s, new(big.Int).ModInverse(big.NewInt(77), c.N)).Mod(s, c.N)
		b.Run(c.Name+"/verify", func(b *testing.B) {
			for b.Loop() {
				if !c.Verify(digest, r, s, public) {
					b.Fatal("it does not verify")
				}
			}
		})
	}
}

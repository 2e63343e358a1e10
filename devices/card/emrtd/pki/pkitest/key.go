package pkitest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"math/big"

	"motcua/devices/card/emrtd/ec"
)

// Key is a private key with its SubjectPublicKeyInfo, which a test may replace.
type Key struct {
	Info []byte

	bits    []byte // contents of the public key's bit string
	rsa     *rsa.PrivateKey
	curve   *ec.Curve
	private *big.Int // of curve, or of DSA
}

// ID is the key identifier of RFC 5280 §4.2.1.2 (1).
func (k *Key) ID() []byte {
	id := sha1.Sum(k.bits)
	return id[:]
}

func newKey(algorithm, bits []byte) *Key {
	return &Key{Info: Sequence(algorithm, Bits(bits)), bits: bits}
}

// must is for what fails only where the system has no randomness, or a test is wrong.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

const oidRSA = "1.2.840.113549.1.1.1"

// NewRSA makes an RSA key. noNull leaves the parameters out, as one issuer does.
func NewRSA(bits int, noNull bool) *Key {
	private := must(rsa.GenerateKey(rand.Reader, bits))
	algorithm := Sequence(OID(oidRSA), Null())
	if noNull {
		algorithm = Sequence(OID(oidRSA))
	}
	k := newKey(algorithm, Sequence(Integer(private.N), Number(int64(private.E))))
	k.rsa = private
	return k
}

// Form is how a key on a curve is written.
type Form uint8

// The forms.
const (
	Named             Form = iota
	Spelled                // explicit parameters
	SpelledCompressed      // explicit parameters, generator and key compressed
)

// NewEC makes a key on a curve.
func NewEC(curve *ec.Curve, form Form) *Key {
	private, point, err := curve.GenerateKey(rand.Reader, curve.Generator())
	if err != nil {
		panic(err)
	}
	public, parameters := curve.Encode(point), OID(curve.OID)
	switch form {
	case Spelled:
		parameters = Parameters(curve, curve.Encode(curve.Generator()))
	case SpelledCompressed:
		public, parameters = compress(curve, point), Parameters(curve, compress(curve, curve.Generator()))
	}
	k := newKey(Sequence(OID("1.2.840.10045.2.1"), parameters), public)
	k.curve, k.private = curve, private
	return k
}

func compress(curve *ec.Curve, p ec.Point) []byte {
	const even = 2
	return append([]byte{even | byte(p.Y.Bit(0))}, curve.EncodeX(p)...)
}

// Parameters spells a curve out (TR-03111 §5.1.1) with the base point as given.
func Parameters(curve *ec.Curve, generator []byte) []byte {
	coefficient := func(x *big.Int) []byte { return Octets(x.FillBytes(make([]byte, curve.Size))) }
	return Sequence(Number(1), Sequence(OID("1.2.840.10045.1.1"), Integer(curve.P)),
		Sequence(coefficient(curve.A), coefficient(curve.B)), Octets(generator), Integer(curve.N), Number(1))
}

// Forge makes a key that has the public key of another and a private one that its maker knows, by a base point that fits:
// the trick of CVE-2020-0601. With the private key 1 the base point is the public key.
func Forge(k *Key) *Key {
	forged := newKey(Sequence(OID("1.2.840.10045.2.1"), Parameters(k.curve, k.bits)), k.bits)
	point := must(k.curve.Decode(k.bits))
	imitation := *k.curve
	imitation.Gx, imitation.Gy = point.X, point.Y
	forged.curve, forged.private = &imitation, big.NewInt(1)
	return forged
}

// Domain parameters of DSA with 1024 and 224 bits, made once with openssl dsaparam.
const (
	dsaP = "98dbc148f9aefc395215193e5b1d65e077de81be27b4709cbc3aef723c134dd20b8bdfcb8ae4e339b48fd80ac3b90b016e9c76ed6fc33751db9369c030609d5" +
		"8b1ac2dc3baea14fcae71ab111d280759970b07daa6733ba00eaf4b6227bf1ec2c1c9e2803ce8a92456508d14ff4b78470526197e282b423f5847be7a1184057b"
	dsaQ = "e6c82620b702d7e82c43a86289163230627bb523de90f22c095c3735"
	dsaG = "305cb6f0aa981a0357c558799b70521006a80f3342d02ea7b1797988723200eb2021b45dbbc2df092bbec03b435b93b56b4ca25dcc05a9d344d0f75c057a890" +
		"31c67e702894a49cb74a2b2f0b8aa8a8efb342935dd67b7a8e02ae1f2aa35620d8bd5fc9b6793479d4fdfb46df578fe18be983a91592524d9dbd09856c435bd1"
)

func fromHex(s string) *big.Int {
	n, ok := new(big.Int).SetString(s, 16)
	if !ok {
		panic("pkitest: not hexadecimal: " + s)
	}
	return n
}

// NewDSA makes a DSA key.
func NewDSA() *Key {
	p, q, g := fromHex(dsaP), fromHex(dsaQ), fromHex(dsaG)
	private := below(q)
	k := newKey(Sequence(OID("1.2.840.10040.4.1"), Sequence(Integer(p), Integer(q), Integer(g))), Integer(new(big.Int).Exp(g, private, p)))
	k.private = private
	return k
}

// below draws from 1 to n-1.
func below(n *big.Int) *big.Int {
	one := big.NewInt(1)
	k := must(rand.Int(rand.Reader, new(big.Int).Sub(n, one)))
	return k.Add(k, one)
}

// twoNumbers is SEQUENCE { r, s }.
func twoNumbers(r, s *big.Int) []byte { return Sequence(Integer(r), Integer(s)) }

// truncate takes as many bits of a digest as an order has.
func truncate(digest []byte, order *big.Int) *big.Int {
	z := new(big.Int).SetBytes(digest)
	if excess := 8*len(digest) - order.BitLen(); excess > 0 {
		z.Rsh(z, uint(excess))
	}
	return z
}

// signNumbers is the signature of DSA and ECDSA, of which only r differs.
func (k *Key) signNumbers(digest []byte) (r, s *big.Int) {
	order := fromHex(dsaQ)
	if k.curve != nil {
		order = k.curve.N
	}
	secret := below(order)
	if k.curve != nil {
		r = new(big.Int).Mod(k.curve.Multiply(secret, ec.Point{X: k.curve.Gx, Y: k.curve.Gy}).X, order)
	} else {
		p := fromHex(dsaP)
		r = new(big.Int).Exp(fromHex(dsaG), secret, p)
		r.Mod(r, order)
	}
	s = new(big.Int).Mul(r, k.private)
	s.Add(s, truncate(digest, order)).Mul(s, new(big.Int).ModInverse(secret, order)).Mod(s, order)
	return r, s
}

// Scheme is a signature algorithm.
type Scheme struct {
	ID   []byte // AlgorithmIdentifier
	Hash crypto.Hash

	sign func(k *Key, digest []byte) []byte
}

// byHash are object identifiers that differ in their last arc.
func byHash(h crypto.Hash, prefix string, last map[crypto.Hash]string) []byte {
	arc, ok := last[h]
	if !ok {
		panic("pkitest: no algorithm " + prefix + " with " + h.String())
	}
	return OID(prefix + arc)
}

// PKCS1 is RSASSA-PKCS1-v1_5. bare names only the key's algorithm, as CMS allows.
func PKCS1(h crypto.Hash, bare bool) Scheme {
	id := byHash(h, "1.2.840.113549.1.1.", map[crypto.Hash]string{crypto.SHA1: "5", crypto.SHA224: "14", crypto.SHA256: "11",
		crypto.SHA384: "12", crypto.SHA512: "13", crypto.MD5: "4"})
	if bare {
		id = OID(oidRSA)
	}
	return Scheme{Sequence(id, Null()), h, func(k *Key, digest []byte) []byte {
		return must(rsa.SignPKCS1v15(rand.Reader, k.rsa, h, digest))
	}}
}

const oidPSS = "1.2.840.113549.1.1.10"

// PSS is RSASSA-PSS with its parameters spelled out.
func PSS(h crypto.Hash, salt int) Scheme {
	return pss(h, salt, Sequence(OID(oidPSS), Sequence(Explicit(0, HashID(h)),
		Explicit(1, Sequence(OID("1.2.840.113549.1.1.8"), HashID(h))), Explicit(2, Number(int64(salt))))))
}

// PSSDefault is RSASSA-PSS without parameters, which means SHA-1 and 20 bytes of salt. Some issuers write an empty SEQUENCE.
func PSSDefault(empty bool) Scheme {
	id := Sequence(OID(oidPSS))
	if empty {
		id = Sequence(OID(oidPSS), Sequence())
	}
	return pss(crypto.SHA1, sha1.Size, id)
}

func pss(h crypto.Hash, salt int, id []byte) Scheme {
	return Scheme{id, h, func(k *Key, digest []byte) []byte {
		return must(rsa.SignPSS(rand.Reader, k.rsa, h, digest, &rsa.PSSOptions{SaltLength: salt, Hash: h}))
	}}
}

// Recode changes what a signature with RSA is made of, below the private key: the encoded message of RFC 8017 §8.1.1 and
// §8.2.1, as long as the modulus. change may be called several times, until the result is a number below the modulus.
func Recode(s Scheme, change func(encoded []byte)) Scheme {
	honest := s.sign
	s.sign = func(k *Key, digest []byte) []byte {
		for {
			n := new(big.Int).SetBytes(honest(k, digest))
			encoded := n.Exp(n, big.NewInt(int64(k.rsa.E)), k.rsa.N).FillBytes(make([]byte, k.rsa.Size()))
			change(encoded)
			if n.SetBytes(encoded).Cmp(k.rsa.N) < 0 {
				return n.Exp(n, k.rsa.D, k.rsa.N).FillBytes(encoded)
			}
		}
	}
	return s
}

// ECDSA is ECDSA under the identifiers of ANSI X9.62. bare names only the key's algorithm.
func ECDSA(h crypto.Hash, bare bool) Scheme {
	id := byHash(h, "1.2.840.10045.4.", map[crypto.Hash]string{crypto.SHA1: "1", crypto.SHA224: "3.1", crypto.SHA256: "3.2",
		crypto.SHA384: "3.3", crypto.SHA512: "3.4"})
	if bare {
		id = OID("1.2.840.10045.2.1")
	}
	return Scheme{Sequence(id), h, func(k *Key, digest []byte) []byte { return twoNumbers(k.signNumbers(digest)) }}
}

// Plain is ECDSA under the identifiers of TR-03111 §5.2.1, r and s without any frame.
func Plain(h crypto.Hash) Scheme {
	id := byHash(h, "0.4.0.127.0.7.1.1.4.1.", map[crypto.Hash]string{crypto.SHA1: "1", crypto.SHA224: "2", crypto.SHA256: "3",
		crypto.SHA384: "4", crypto.SHA512: "5"})
	return Scheme{Sequence(id), h, func(k *Key, digest []byte) []byte {
		r, s := k.signNumbers(digest)
		size := (k.curve.N.BitLen() + 7) / 8
		return append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
	}}
}

// DSA is DSA.
func DSA(h crypto.Hash) Scheme {
	ids := map[crypto.Hash]string{crypto.SHA1: "1.2.840.10040.4.3", crypto.SHA224: "2.16.840.1.101.3.4.3.1",
		crypto.SHA256: "2.16.840.1.101.3.4.3.2"}
	return Scheme{Sequence(OID(ids[h])), h, func(k *Key, digest []byte) []byte { return twoNumbers(k.signNumbers(digest)) }}
}

// Sign signs a message.
func (s Scheme) Sign(k *Key, message []byte) []byte { return s.sign(k, digest(s.Hash, message)) }

// Package pkitest issues certificates, revocation lists, master lists and signed objects for tests: good ones, and ones
// that are wrong in exactly one place. Everything is synthetic.
//
// Start with NewAuthority and its Document. Every structure is a struct of which a test changes a field before it is
// signed, so that a fault is in what the signature is over and not only in broken bytes.
package pkitest

import (
	"bytes"
	"crypto"
	"math/big"
	"slices"
	"time"

	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/tlv"
)

// Sequence is a SEQUENCE of what is given.
func Sequence(parts ...[]byte) []byte { return tlv.New(der.TagSequence, parts...) }

// SetOf is a SET OF in the order of DER.
func SetOf(parts ...[]byte) []byte {
	parts = slices.Clone(parts)
	slices.SortFunc(parts, bytes.Compare)
	return tlv.New(der.TagSet, parts...)
}

// OID is an OBJECT IDENTIFIER from its dotted form, which tests write as constants.
func OID(dotted string) []byte {
	value, err := der.EncodeOID(dotted)
	if err != nil {
		panic(err)
	}
	return tlv.New(der.TagOID, value)
}

// Integer is an INTEGER, in two's complement.
func Integer(n *big.Int) []byte {
	if n.Sign() >= 0 {
		return tlv.New(der.TagInteger, n.FillBytes(make([]byte, n.BitLen()/8+1)))
	}
	size := new(big.Int).Not(n).BitLen()/8 + 1
	return tlv.New(der.TagInteger, new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*size))).FillBytes(make([]byte, size)))
}

// Number is an INTEGER.
func Number(n int64) []byte { return Integer(big.NewInt(n)) }

// Octets is an OCTET STRING.
func Octets(b []byte) []byte { return tlv.New(der.TagOctetString, b) }

// Bits is a BIT STRING of whole bytes.
func Bits(b []byte) []byte { return tlv.New(der.TagBitString, []byte{0}, b) }

// Null is NULL.
func Null() []byte { return tlv.New(der.TagNull) }

// Explicit is [n] around something.
func Explicit(n int, parts ...[]byte) []byte { return tlv.New(der.Context(n), parts...) }

// Time is a UTCTime.
func Time(t time.Time) []byte {
	return tlv.New(der.TagUTCTime, []byte(t.UTC().Format("060102150405Z")))
}

// HashID is the AlgorithmIdentifier of a hash.
func HashID(h crypto.Hash) []byte { return Sequence(OID(lds.OIDOfHash(h))) }

// Name is "C, O, CN" of a synthetic issuer.
func Name(country, common string) []byte {
	return Sequence(
		SetOf(Sequence(OID("2.5.4.6"), tlv.New(der.TagPrintable, []byte(country)))),
		SetOf(Sequence(OID("2.5.4.10"), tlv.New(der.TagUTF8, []byte("Synthetic test documents")))),
		SetOf(Sequence(OID("2.5.4.3"), tlv.New(der.TagUTF8, []byte(common)))))
}

func digest(h crypto.Hash, message []byte) []byte {
	f := h.New()
	f.Write(message)
	return f.Sum(nil)
}

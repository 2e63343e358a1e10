package cardsim

import (
	"crypto/sha1"
	"crypto/sha512"
	"math/big"
	"time"

	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/tlv"
)

// signer is a key with a name and a certificate.
type signer struct {
	curve       *ec.Curve
	private     *big.Int
	public      []byte // the point, encoded
	subject     []byte // its Name in DER
	serial      int64
	certificate []byte
}

// Terms of the certificates. They cover every persona's card.
func certifiedFrom() time.Time { return day(2021, time.January, 1) }

const (
	signingYears       = 5  // the document signer signs for so long (9303-12 §4.1.2 wants less; cards here span more)
	documentYears      = 21 // and its cards are to be checked for so long
	rootYears          = 25
	rootSerial         = 1
	documentSerial     = 0x0990001
	keyUsageSign       = 0x80 // digitalSignature, bit 0
	keyUsageRoot       = 0x06 // keyCertSign and cRLSign, bits 5 and 6
	unusedBitsSign     = 7
	unusedBitsRoot     = 1
	expiredSignerYears = 1
)

// newRoot makes the country's root of trust, a CSCA as of ICAO 9303-12 §7.1.1: brainpoolP384r1 with SHA-384.
func newRoot(explicit bool) signer {
	curve, _ := ec.ByID(idBrainpoolP384r1)
	root := newSigner(curve, "csca", "CSCA Motcua Test", rootSerial)
	root.certificate = certify(root, root, rootYears, [][]byte{
		extension(true, sequence(boolean(), integer(0)), 2, 5, 29, 19), // basic constraints: a CA of path length 0
		extension(true, bitString(unusedBitsRoot, []byte{keyUsageRoot}), 2, 5, 29, 15),
	}, explicit)
	return root
}

// newDocumentSigner makes the signer of EF.SOD: brainpoolP256r1 with SHA-256.
func newDocumentSigner(root signer, o ProfileOptions) signer {
	curve := ec.BrainpoolP256r1()
	years, serial := documentYears, int64(documentSerial)
	if o.ExpiredSigner {
		years, serial = expiredSignerYears, serial+1
	}
	issuer := root
	if o.ForgedSigner { // it names the root, who did not sign it
		issuer.private, serial = privateKey(root.curve, "not the csca"), serial+2
	}
	ds := newSigner(curve, "document signer", "Document Signer Motcua Test", serial)
	documentTypes := sequence(integer(0), tlv.New(tagSet, printableString("ID")))
	ds.certificate = certify(ds, issuer, years, [][]byte{
		extension(true, bitString(unusedBitsSign, []byte{keyUsageSign}), 2, 5, 29, 15),
		extension(false, documentTypes, 2, 23, 136, 1, 1, 6, 2),
	}, !o.NamedCurves)
	return ds
}

func newSigner(curve *ec.Curve, label, name string, serial int64) signer {
	private := privateKey(curve, label)
	return signer{
		curve: curve, private: private, public: publicPoint(curve, private),
		subject: distinguishedName(name), serial: serial,
	}
}

func distinguishedName(common string) []byte {
	attribute := func(value []byte, arcs ...int) []byte {
		return tlv.New(tagSet, sequence(objectID(arcs...), value))
	}
	return sequence(
		attribute(printableString("VN"), 2, 5, 4, 6),
		attribute(utf8String("Synthetic test cards"), 2, 5, 4, 10),
		attribute(utf8String(common), 2, 5, 4, 3),
	)
}

func extension(critical bool, value []byte, arcs ...int) []byte {
	if critical {
		return sequence(objectID(arcs...), boolean(), octets(value))
	}
	return sequence(objectID(arcs...), octets(value))
}

// certify makes an X.509 v3 certificate as ICAO 9303-12 §7.1.1 profiles it.
func certify(subject, issuer signer, years int, special [][]byte, explicit bool) []byte {
	from := certifiedFrom()
	until := from.AddDate(years, 0, 0)
	usedUntil := from.AddDate(min(years, signingYears), 0, 0)
	generalized := func(t time.Time) []byte { return []byte(t.Format("20060102150405Z")) }
	place := sequence(tlv.New(tagContext(4), sequence(tlv.New(tagSet, sequence(objectID(2, 5, 4, 7), printableString("VNM"))))))
	extensions := [][]byte{
		extension(false, sequence(tlv.New(tagImplicit(0), keyIdentifier(issuer))), 2, 5, 29, 35),
		extension(false, octets(keyIdentifier(subject)), 2, 5, 29, 14),
		extension(false, sequence(tlv.New(tagImplicit(0), generalized(from)), tlv.New(tagImplicit(1), generalized(usedUntil))), 2, 5, 29, 16),
		extension(false, place, 2, 5, 29, 17),
		extension(false, place, 2, 5, 29, 18),
	}
	algorithm := signatureAlgorithm(issuer.curve)
	body := sequence(
		tlv.New(tagContext(0), integer(2)), integer(subject.serial), algorithm, issuer.subject,
		sequence(utcTime(from), utcTime(until)), subject.subject,
		publicKeyInfo(subject.curve, subject.public, explicit),
		tlv.New(tagContext(3), sequence(append(extensions, special...)...)),
	)
	return sequence(body, algorithm, bitString(0, issuer.sign(body)))
}

func keyIdentifier(s signer) []byte {
	digest := sha1.Sum(s.public)
	return digest[:]
}

// sign hashes with what suits the curve and gives the signature in DER.
func (s signer) sign(message []byte) []byte {
	if s.curve.ID == idBrainpoolP384r1 {
		digest := sha512.Sum384(message)
		return derSignature(sign(s.curve, s.private, digest[:]))
	}
	return derSignature(sign(s.curve, s.private, sha256Digest(message)))
}

// signatureAlgorithm is ECDSA with SHA-384 for the root's curve, with SHA-256 for the others.
func signatureAlgorithm(curve *ec.Curve) []byte {
	if curve.ID == idBrainpoolP384r1 {
		return sequence(objectID(1, 2, 840, 10045, 4, 3, 3))
	}
	return sequence(objectID(1, 2, 840, 10045, 4, 3, 2))
}

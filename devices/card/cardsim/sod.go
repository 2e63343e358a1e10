package cardsim

import (
	"maps"
	"slices"
	"time"

	"motcua/devices/card/tlv"
)

// securityObject is the LDSSecurityObject of ICAO 9303-10 §4.6.2.2: the hash of each data group. The one of wrong has
// its last bit changed, the one of unlisted is left out (0: none).
func securityObject(groups map[int][]byte, wrong, unlisted int) []byte {
	var hashes [][]byte
	for _, n := range slices.Sorted(maps.Keys(groups)) {
		if n == unlisted {
			continue
		}
		digest := sha256Digest(groups[n])
		if n == wrong {
			digest[len(digest)-1] ^= 1
		}
		hashes = append(hashes, sequence(integer(int64(n)), octets(digest)))
	}
	return sequence(integer(0), hashAlgorithm(), sequence(hashes...))
}

// hashAlgorithm is SHA-256.
func hashAlgorithm() []byte { return sequence(objectID(2, 16, 840, 1, 101, 3, 4, 2, 1)) }

// sod is EF.SOD: signed data around a security object, as ICAO 9303-10 §4.6.2.1 profiles it.
func sod(object []byte, root, ds signer, signedOn time.Time) []byte {
	return tlv.New(tagSOD, signedData(objectID(2, 23, 136, 1, 1, 1), object, root, ds, signedOn))
}

// cardSecurity is EF.CardSecurity: signed data around SecurityInfos (9303-11 §9.2.12).
func cardSecurity(infos []byte, root, ds signer, signedOn time.Time) []byte {
	return signedData(objectID(0, 4, 0, 127, 0, 7, 3, 2, 1), infos, root, ds, signedOn)
}

// signedData is CMS SignedData (RFC 5652) around content.
func signedData(contentType, content []byte, root, ds signer, signedOn time.Time) []byte {
	attribute := func(value []byte, last int) []byte {
		return sequence(objectID(1, 2, 840, 113549, 1, 9, last), tlv.New(tagSet, value))
	}
	attributes := setOf(
		attribute(contentType, 3), attribute(octets(sha256Digest(content)), 4), attribute(utcTime(signedOn), 5))
	stored := append([]byte{byte(tagContext(0))}, attributes[1:]...) // signed as SET OF, stored as [0] (RFC 5652 §5.4)
	signerInfo := sequence(
		integer(1), sequence(root.subject, integer(ds.serial)), hashAlgorithm(), stored,
		signatureAlgorithm(ds.curve), octets(ds.sign(attributes)))
	signed := sequence(
		integer(3), tlv.New(tagSet, hashAlgorithm()),
		sequence(contentType, tlv.New(tagContext(0), octets(content))),
		tlv.New(tagContext(0), ds.certificate),
		tlv.New(tagSet, signerInfo))
	return sequence(objectID(1, 2, 840, 113549, 1, 7, 2), tlv.New(tagContext(0), signed))
}

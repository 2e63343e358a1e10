package pki_test

import (
	"crypto"
	_ "crypto/md5" // to sign with it, as nobody may
	"math/big"
	"testing"
	"time"

	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/devices/card/tlv"
)

var (
	trusted    = wanted{verdict: pki.Trusted}
	signature  = wanted{pki.Forged, pki.StepSignature, pki.CauseSignature, ""}
	attributes = wanted{pki.Forged, pki.StepSignature, pki.CauseAttributes, ""}
	malformed  = wanted{pki.Forged, pki.StepStructure, pki.CauseMalformed, ""}
)

func noted(note string) wanted { return wanted{verdict: pki.Trusted, note: note} }

// TestData has the cases about the data groups and their hashes.
func TestData(t *testing.T) {
	hash := func(step string) wanted { return wanted{pki.Forged, step, pki.CauseHash, ""} }
	spoil := func(n int) func(*world) {
		return func(w *world) {
			w.in.Groups[n] = append([]byte(nil), w.in.Groups[n]...)
			w.in.Groups[n][3] ^= 1
		}
	}
	runScenarios(t, []scenario{
		{"good", "document", func(*world) {}, trusted},
		{"PA-01", "DG1 changed", spoil(1), hash("DG1")},
		{"PA-01", "DG2 changed", spoil(2), hash("DG2")},
		{"PA-01", "DG13 changed", spoil(13), hash("DG13")},
		{"PA-01", "changed and nobody known", func(w *world) { spoil(2)(w); w.in.Trust = nil }, hash("DG2")},
		{"PA-01", "changed and signature unknown", func(w *world) { spoil(2)(w); w.doc.NoSigner = true }, hash("DG2")},
		{"PA-02", "hash of DG13 missing", func(w *world) { delete(w.doc.Hashes.Groups, 13) },
			wanted{pki.Forged, "DG13", pki.CauseNotListed, ""}},
		{"PA-02", "hash of DG10 too many", func(w *world) { w.doc.Hashes.Groups[10] = []byte("no such file") }, trusted},
		{"PA-02", "DG1 not given", func(w *world) { delete(w.in.Groups, 1) }, wanted{verdict: pki.Incomplete}},
		{"PA-02", "DG2 as hash", func(w *world) {
			w.in.Hashes = map[int][]byte{2: digestOf(w.in.Groups[2])}
			delete(w.in.Groups, 2)
		}, trusted},
		{"PA-02", "DG2 as wrong hash", func(w *world) {
			w.in.Hashes = map[int][]byte{2: digestOf(w.in.Groups[1])}
			delete(w.in.Groups, 2)
		}, hash("DG2")},
		{"PA-26", "version 1 with LDS version 1.8", func(w *world) {
			w.doc.Hashes.Version, w.doc.Hashes.LDSVersion = 1, "0108"
		}, trusted},
		{"PA-26", "version 0 with LDS version 1.8", func(w *world) { w.doc.Hashes.LDSVersion = "0108" }, noted("LDS version")},
		{"PA-26", "version 1 without LDS version", func(w *world) { w.doc.Hashes.Version = 1 }, noted("LDS version")},
		{"PA-26", "version 2", func(w *world) { w.doc.Hashes.Version = 2 }, malformed},
		{"PA-29", "groups of another document", func(w *world) {
			for n := range w.in.Groups {
				w.in.Groups[n] = append([]byte("B: "), w.in.Groups[n]...)
			}
		}, hash("DG1")},
		{"PA-07", "hashes with MD5", func(w *world) {
			w.doc.Hashes.HashID = pkitest.Sequence(pkitest.OID("1.2.840.113549.2.5"))
		}, wanted{pki.Forged, pki.StepStructure, pki.CauseForbidden, ""}},
		{"unknown hash", "SHA3-256", func(w *world) {
			w.doc.Hashes.HashID = pkitest.Sequence(pkitest.OID("2.16.840.1.101.3.4.2.8"))
		}, wanted{pki.Incomplete, pki.StepStructure, pki.CauseUnsupported, ""}},
		{"no SOD", "at all", func(w *world) { w.in.SOD = []byte{} },
			wanted{pki.Incomplete, pki.StepStructure, pki.CauseMissing, ""}},
	})
}

func digestOf(b []byte) []byte {
	h := crypto.SHA256.New()
	h.Write(b)
	return h.Sum(nil)
}

// TestSignature has the cases about SignedData and SignerInfo.
func TestSignature(t *testing.T) {
	md5 := pkitest.Sequence(pkitest.OID("1.2.840.113549.2.5"))
	runScenarios(t, []scenario{
		{"PA-03", "signature changed", func(w *world) { w.signer().Spoil = true }, signature},
		{"PA-03", "RSA signature changed", func(w *world) {
			w.signWith(rsaKey(), pkitest.PKCS1(crypto.SHA256, false))
			w.signer().Spoil = true
		}, signature},
		{"PA-03", "hash list changed after signing", func(w *world) {
			w.sign = func() []byte {
				raw := w.doc.SOD()
				at := indexOf(raw, digestOf(w.in.Groups[2]))
				w.in.Groups[2] = []byte("another face")
				copy(raw[at:], digestOf(w.in.Groups[2]))
				return raw
			}
		}, attributes},
		{"PA-04", "message digest wrong", func(w *world) { w.signer().Message = digestOf([]byte("other")) }, attributes},
		{"PA-04", "message digest missing", func(w *world) { w.signer().LeaveOut = pkitest.DigestAttribute }, attributes},
		{"PA-04", "no signed attributes", func(w *world) { w.signer().Bare = true }, noted("no signed attributes")},
		{"PA-04", "no signed attributes, content changed", func(w *world) {
			w.signer().Bare = true
			w.sign = func() []byte {
				raw := w.doc.SOD()
				w.in.Groups[2] = []byte("another face")
				copy(raw[indexOf(raw, digestOf(w.doc.Hashes.Groups[2])):], digestOf(w.in.Groups[2]))
				return raw
			}
		}, signature},
		{"PA-04", "two message digests", func(w *world) {
			w.signer().Extra = [][]byte{pkitest.Attribute(pkitest.DigestAttribute, pkitest.Octets(digestOf([]byte("other"))))}
		}, attributes},
		{"PA-05", "two content types", func(w *world) {
			w.signer().Extra = [][]byte{pkitest.Attribute(pkitest.TypeAttribute, pkitest.OID("1.2.840.113549.1.7.1"))}
		}, attributes},
		{"PA-05", "content type wrong", func(w *world) { w.signer().Type = "1.2.840.113549.1.7.1" }, attributes},
		{"PA-05", "content type missing", func(w *world) { w.signer().LeaveOut = pkitest.TypeAttribute }, attributes},
		{"PA-05", "content of another type", func(w *world) { w.doc.Signed.ContentType = "1.2.840.113549.1.7.1" }, malformed},
		{"PA-06", "stored unsorted and signed sorted", func(w *world) { w.signer().Unsorted = true }, trusted},
		{"PA-06", "stored and signed unsorted", func(w *world) { w.signer().Unsorted, w.signer().SignStored = true, true }, trusted},
		{"PA-07", "digest algorithm not on the list", func(w *world) {
			w.doc.Signed.Digests = [][]byte{pkitest.HashID(crypto.SHA512)}
		}, attributes},
		{"PA-07", "list empty", func(w *world) { w.doc.Signed.Digests = [][]byte{} }, attributes},
		{"PA-07", "only MD5 on the list", func(w *world) { w.doc.Signed.Digests = [][]byte{md5} }, attributes},
		{"PA-07", "signer with MD5", func(w *world) { w.signer().DigestID, w.signer().Digest = md5, crypto.MD5 },
			wanted{pki.Forged, pki.StepSignature, pki.CauseForbidden, ""}},
		{"PA-07", "signature with MD5", func(w *world) {
			w.signWith(rsaKey(), pkitest.PKCS1(crypto.SHA256, false))
			w.signer().Scheme = pkitest.PKCS1(crypto.MD5, false)
			w.signer().Digest = crypto.SHA256
		}, wanted{pki.Forged, pki.StepSignature, pki.CauseForbidden, ""}},
		{"PA-08", "version 1 with wrong serial number", func(w *world) {
			w.signer().ID = pkitest.By(w.doc.Signer.Issuer, big.NewInt(7))
		}, wanted{pki.Forged, pki.StepSignature, pki.CauseSignerOther, ""}},
		{"PA-08", "version 3 with wrong key identifier", func(w *world) {
			w.signer().Version, w.signer().ID = 3, pkitest.ByKey(rootKey().ID())
		}, wanted{pki.Forged, pki.StepSignature, pki.CauseSignerOther, ""}},
		{"PA-08", "version 3 with right key identifier", func(w *world) {
			w.signer().Version, w.signer().ID = 3, pkitest.ByKey(ecKey().ID())
		}, trusted},
		{"LDS_H_84", "version 3 by serial number", func(w *world) { w.signer().Version = 3 }, noted("not that of version 3")},
		{"LDS_H_85", "version 1 by key identifier", func(w *world) { w.signer().ID = pkitest.ByKey(ecKey().ID()) },
			noted("not that of version 1")},
		{"LDS_H_74", "different hashes of groups and signature", func(w *world) { w.doc.Hashes.Hash = crypto.SHA512 }, trusted},
		{"PA-24", "two signers", func(w *world) { addSigner(w, ecKey(), false) }, trusted},
		{"PA-24", "two signers, one wrong", func(w *world) { addSigner(w, ecKey(), true) }, signature},
		{"PA-24", "two signers, one unknown", func(w *world) {
			addSigner(w, ecKey(), false)
			w.doc.Signed.Signers[1].ID = pkitest.ByKey([]byte("nobody"))
		}, wanted{pki.Forged, pki.StepSignature, pki.CauseSignerOther, ""}},
		{"PA-25", "tag 78", func(w *world) { w.doc.Tag = 0x78 }, malformed},
		{"PA-25", "length one too small", func(w *world) { w.sign = func() []byte { return lengthOf(w.doc.SOD(), -1) } }, malformed},
		{"PA-25", "length one too big", func(w *world) { w.sign = func() []byte { return lengthOf(w.doc.SOD(), 1) } }, malformed},
		{"PA-25", "bytes after it", func(w *world) { w.sign = func() []byte { return append(w.doc.SOD(), 0x05, 0x00) } }, malformed},
		{"PA-25", "bytes after the signed data", func(w *world) {
			w.sign = func() []byte {
				o, _ := tlv.One(w.doc.SOD())
				return tlv.New(0x77, o.Value, []byte{0x05, 0x00})
			}
		}, malformed},
		{"PA-25", "not signed data", func(w *world) { w.doc.Signed.Wrapper = "1.2.840.113549.1.7.1" }, malformed},
		{"LDS_H_34", "signed before the signer's term", func(w *world) {
			w.signer().SignedAt = w.doc.Signer.From.Add(-time.Hour)
		}, wanted{pki.Forged, pki.StepSigner, pki.CauseSignerTerm, ""}},
		{"LDS_H_35", "no signing time", func(w *world) { w.signer().SignedAt = time.Time{} }, trusted},
		{"LDS_H_38", "no signers", func(w *world) { w.doc.Signed.Signers = nil }, malformed},
	})
}

// addSigner lets a second key sign too.
func addSigner(w *world, key *pkitest.Key, spoil bool) {
	second := *w.signer()
	second.Spoil, second.Version, second.ID = spoil, 3, pkitest.ByKey(key.ID())
	w.doc.Signed.Signers = append(w.doc.Signed.Signers, second)
}

func indexOf(haystack, needle []byte) int {
	for i := range haystack {
		if len(haystack)-i >= len(needle) && string(haystack[i:i+len(needle)]) == string(needle) {
			return i
		}
	}
	panic("not there")
}

// lengthOf changes the two-byte length of a file.
func lengthOf(file []byte, by int) []byte {
	if file[1] != 0x82 {
		panic("not a length of two bytes")
	}
	file[3] += byte(by)
	return file
}

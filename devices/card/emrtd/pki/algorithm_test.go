package pki_test

import (
	"crypto"
	"fmt"
	"testing"

	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/pki/pkitest"
)

// TestAlgorithms has every algorithm that TR-03105-5.1 wants of a reader, in EF.SOD and in the signer's certificate.
func TestAlgorithms(t *testing.T) {
	weak := func(what string) wanted { return noted("the signature uses " + what) }
	with := func(key *pkitest.Key, scheme pkitest.Scheme) func(*world) {
		return func(w *world) { w.signWith(key, scheme) }
	}
	point := ecKey()
	all := []scenario{
		{"PA-22", "DSA", with(pkitest.NewDSA(), pkitest.DSA(crypto.SHA256)), weak("DSA")},
		{"PA-22", "SHA-1", with(rsaKey(), pkitest.PKCS1(crypto.SHA1, false)), weak("SHA-1")},
		{"PA-22", "signer's certificate with SHA-1", func(w *world) {
			w.replaceAuthority("VN", rootKey(), pkitest.ECDSA(crypto.SHA1, false))
		}, noted("the signer's certificate uses SHA-1")},
		{"PA-17", "salt longer than the hash", with(rsaKey(), pkitest.PSS(crypto.SHA256, 64)), trusted},
		{"PA-17", "salt shorter than the hash", with(rsaKey(), pkitest.PSS(crypto.SHA512, 20)), trusted},
		{"PA-17", "parameters left out", with(rsaKey(), pkitest.PSSDefault(false)), weak("SHA-1")},
		{"PA-17", "parameters empty", with(rsaKey(), pkitest.PSSDefault(true)), weak("SHA-1")},
		{"PA-17", "salt of another length than it says", func(w *world) {
			w.signWith(rsaKey(), pkitest.PSS(crypto.SHA256, 32))
			w.signer().Scheme.ID = pkitest.PSS(crypto.SHA256, 20).ID
		}, signature},
		{"PA-17", "another hash than it says", func(w *world) {
			w.signWith(rsaKey(), pkitest.PSS(crypto.SHA384, 32))
			w.signer().Scheme.ID = pkitest.PSS(crypto.SHA256, 32).ID
		}, signature},
		{"PA-17", "PKCS1 under the name of PSS", func(w *world) {
			w.signWith(rsaKey(), pkitest.PKCS1(crypto.SHA256, false))
			w.signer().Scheme.ID = pkitest.PSS(crypto.SHA256, 32).ID
		}, signature},
		{"LDS_H_02", "PSS with SHA-1", with(rsaKey(), pkitest.PSS(crypto.SHA1, 20)), weak("SHA-1")},
		{"LDS_H_08", "DSA with SHA-1", with(pkitest.NewDSA(), pkitest.DSA(crypto.SHA1)), weak("DSA")},
		{"LDS_H_97", "DSA with SHA-224", with(pkitest.NewDSA(), pkitest.DSA(crypto.SHA224)), weak("DSA")},
		{"LDS_H_75", "PSS in SOD, PKCS1 in certificate", func(w *world) {
			w.replaceAuthority("VN", rsaKey(), pkitest.PKCS1(crypto.SHA512, false))
			w.signWith(rsaKey(), pkitest.PSS(crypto.SHA256, 32))
		}, trusted},
		{"LDS_H_76", "ECDSA in SOD, PSS in certificate", func(w *world) {
			w.replaceAuthority("VN", rsaKey(), pkitest.PSS(crypto.SHA384, 48))
		}, trusted},
		{"LDS_H_58", "RSA key, ECDSA signature", func(w *world) {
			w.signWith(ecKey(), pkitest.ECDSA(crypto.SHA256, false))
			w.doc.Signer.Info = rsaKey().Info
		}, wanted{pki.Incomplete, pki.StepSignature, pki.CauseUnsupported, ""}},
		{"LDS_H_65", "certificate with MD5", func(w *world) {
			w.replaceAuthority("VN", rsaKey(), pkitest.PKCS1(crypto.MD5, false))
		}, wanted{pki.Forged, pki.StepIssuer, pki.CauseForbidden, ""}},
	}
	for i, h := range []crypto.Hash{crypto.SHA1, crypto.SHA224, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		good := trusted
		if h == crypto.SHA1 {
			good = weak("SHA-1")
		}
		all = append(all,
			scenario{fmt.Sprintf("LDS_H_%02d", []int{1, 4, 5, 6, 7}[i]), "PKCS1 " + h.String(), with(rsaKey(), pkitest.PKCS1(h, false)), good},
			scenario{fmt.Sprintf("LDS_H_%02d", 79+i), "PKCS1 bare " + h.String(), with(rsaKey(), pkitest.PKCS1(h, true)), good},
			scenario{fmt.Sprintf("LDS_H_%02d", 10+i), "ECDSA plain " + h.String(), with(point, pkitest.Plain(h)), good},
			scenario{fmt.Sprintf("LDS_H_%02d", []int{9, 70, 71, 72, 73}[i]), "ECDSA " + h.String(), with(point, pkitest.ECDSA(h, false)), good},
			scenario{"bare key", "ECDSA " + h.String(), with(point, pkitest.ECDSA(h, true)), good})
		if i > 0 {
			scheme := pkitest.PSS(h, h.Size())
			all = append(all, scenario{fmt.Sprintf("LDS_H_%02d", []int{94, 3, 95, 96}[i-1]), "PSS " + h.String(), with(rsaKey(), scheme), good})
		}
	}
	runScenarios(t, all)
}

// TestEncodings has signatures that only the holder of the key can make, and that are not as RFC 8017 wants them: whoever
// takes one of these takes others that anybody can make.
func TestEncodings(t *testing.T) {
	pkcs1, pss := pkitest.PKCS1(crypto.SHA256, false), pkitest.PSS(crypto.SHA256, 32)
	plain := pkitest.Plain(crypto.SHA256)
	framed := pkitest.ECDSA(crypto.SHA256, false)
	renamed := plain // as some issuers write it
	framed.ID, renamed.ID = plain.ID, framed.ID
	for name, c := range map[string]struct {
		key    *pkitest.Key
		scheme pkitest.Scheme
		want   wanted
	}{
		"nothing changed":     {rsaKey(), pkitest.Recode(pkcs1, func([]byte) {}), trusted},
		"nothing changed PSS": {rsaKey(), pkitest.Recode(pss, func([]byte) {}), trusted},
		"short fill and bytes at the end": {rsaKey(), pkitest.Recode(pkcs1, func(e []byte) {
			copy(e[20:], e[60:])
			clear(e[len(e)-40:])
		}), signature},
		"fill":              {rsaKey(), pkitest.Recode(pkcs1, func(e []byte) { e[40] = 0xFE }), signature},
		"block type 2":      {rsaKey(), pkitest.Recode(pkcs1, func(e []byte) { e[1] = 2 }), signature},
		"no NULL":           {rsaKey(), pkitest.Recode(pkcs1, dropNull), trusted},
		"PSS trailer":       {rsaKey(), pkitest.Recode(pss, func(e []byte) { e[len(e)-1] = 0xCC }), signature},
		"PSS unused bit":    {rsaKey(), pkitest.Recode(pss, func(e []byte) { e[0] |= 0x80 }), signature},
		"PSS padding":       {rsaKey(), pkitest.Recode(pss, func(e []byte) { e[5] ^= 1 }), signature},
		"PSS salt":          {rsaKey(), pkitest.Recode(pss, func(e []byte) { e[len(e)-40] ^= 1 }), signature},
		"PSS hash":          {rsaKey(), pkitest.Recode(pss, func(e []byte) { e[len(e)-9] ^= 1 }), signature},
		"plain in DER":      {ecKey(), framed, signature},
		"plain as it is":    {ecKey(), plain, trusted},
		"plain named ECDSA": {ecKey(), renamed, trusted},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.signWith(c.key, c.scheme)
			c.want.compare(t, w.report())
		})
	}
}

// dropNull writes DigestInfo for SHA-256 without the NULL of its parameters.
func dropNull(e []byte) {
	const info = 51 // bytes of DigestInfo with NULL
	old := append([]byte(nil), e[len(e)-info:]...)
	short := append([]byte{0x30, info - 4, 0x30, 0x0B}, old[4:15]...)
	short = append(short, old[17:]...)
	at := len(e) - len(short)
	e[at-3], e[at-2], e[at-1] = 0xFF, 0xFF, 0
	copy(e[at:], short)
}

// TestEveryCurve signs document and signer's certificate on each curve, in each form.
func TestEveryCurve(t *testing.T) {
	count := 0
	for id := range 32 {
		c, ok := ec.ByID(id)
		if !ok {
			continue
		}
		count++
		for form, name := range map[pkitest.Form]string{
			pkitest.Named: "named", pkitest.Spelled: "spelled", pkitest.SpelledCompressed: "compressed",
		} {
			t.Run(c.Name+"/"+name, func(t *testing.T) {
				w := newWorld(t)
				key := pkitest.NewEC(c, form)
				w.replaceAuthority("VN", key, pkitest.Plain(crypto.SHA256))
				w.signWith(key, pkitest.ECDSA(crypto.SHA384, false))
				trusted.compare(t, w.report())
				w.in.Groups[1] = []byte("other")
				wanted{pki.Forged, "DG1", pki.CauseHash, ""}.compare(t, w.report())
			})
		}
	}
	if count < 11 {
		t.Errorf("%d curves", count)
	}
}

// TestSpoiledSignatures changes single bits all over a signature of each family: none is taken.
func TestSpoiledSignatures(t *testing.T) {
	a := pkitest.NewAuthority("VN", "CSCA Test", rootKey(), pkitest.ECDSA(crypto.SHA384, false))
	for name, s := range map[string]struct {
		key    *pkitest.Key
		scheme pkitest.Scheme
	}{
		"PKCS1": {rsaKey(), pkitest.PKCS1(crypto.SHA256, false)}, "PSS": {rsaKey(), pkitest.PSS(crypto.SHA256, 32)},
		"ECDSA": {ecKey(), pkitest.ECDSA(crypto.SHA256, false)}, "plain": {ecKey(), pkitest.Plain(crypto.SHA256)},
		"DSA": {pkitest.NewDSA(), pkitest.DSA(crypto.SHA256)},
	} {
		t.Run(name, func(t *testing.T) {
			spec := a.Spec
			spec.Info, spec.Scheme = s.key.Info, s.scheme
			raw := spec.Sign(s.key)
			c, err := pki.ParseCertificate(raw)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.CheckSignatureFrom(c); err != nil {
				t.Fatalf("good one: %v", err)
			}
			for at := len(raw) - 30; at < len(raw); at += 3 {
				bad := append([]byte(nil), raw...)
				bad[at] ^= 0x10
				if spoiled, err := pki.ParseCertificate(bad); err == nil && spoiled.CheckSignatureFrom(c) == nil {
					t.Errorf("bit in byte %d of the end does not matter", len(raw)-at)
				}
			}
		})
	}
}

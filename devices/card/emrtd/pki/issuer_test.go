package pki_test

import (
	"crypto"
	"math/big"
	"testing"
	"time"

	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/pki/pkitest"
)

// TestSigner has the cases about the document signer's certificate.
func TestSigner(t *testing.T) {
	term := wanted{pki.Forged, pki.StepSigner, pki.CauseSignerTerm, ""}
	usage := wanted{pki.Forged, pki.StepSigner, pki.CauseSignerUsage, ""}
	runScenarios(t, []scenario{
		{"PA-09", "certificate left out", func(w *world) { w.doc.NoSigner = true },
			wanted{pki.Incomplete, pki.StepSignature, pki.CauseSignerUnknown, ""}},
		{"PA-09", "certificate left out and known", func(w *world) {
			w.doc.NoSigner = true
			w.trust.signers = []*pki.Certificate{w.parse(w.doc.Signer.Sign(w.authority.Key))}
		}, trusted},
		{"PA-10", "ended since", func(w *world) { w.doc.Signer.Until = w.in.At.AddDate(0, -1, 0) }, noted("has ended since")},
		{"PA-11", "not valid yet", func(w *world) {
			w.doc.Signer.From = w.in.At.AddDate(0, 1, 0)
			w.signer().SignedAt = time.Time{}
		}, term},
		{"PA-15", "without digitalSignature", func(w *world) { w.doc.Signer.Set(pkitest.Usage(0x40)) }, usage},
		{"PA-15", "an authority's", func(w *world) { w.doc.Signer.Set(pkitest.Usage(0x06)) }, usage},
		{"LDS_H_64", "no key usage", func(w *world) { w.doc.Signer.Remove(pkitest.UsageExtension) }, noted("no key usage")},
		{"PA-16", "algorithms differ", func(w *world) { w.doc.Signer.Inside = pkitest.ECDSA(crypto.SHA256, false).ID },
			wanted{pki.Forged, pki.StepIssuer, pki.CauseIssuer, ""}},
		{"PA-16", "algorithms differ and nobody known", func(w *world) {
			w.doc.Signer.Inside = pkitest.ECDSA(crypto.SHA256, false).ID
			w.in.Trust = nil
		}, wanted{pki.Forged, pki.StepIssuer, pki.CauseIssuer, ""}},
		{"PA-14", "revoked", func(w *world) { w.trust.lists = []*pki.CRL{w.crl(w.authority.CRL(w.doc.Signer.Serial))} },
			wanted{pki.Forged, pki.StepRevocation, pki.CauseRevoked, ""}},
		{"PA-14", "another revoked", func(w *world) { w.trust.lists = []*pki.CRL{w.crl(w.authority.CRL(big.NewInt(8)))} }, trusted},
		{"PA-14", "nobody revoked", func(w *world) { w.trust.lists = []*pki.CRL{w.crl(w.authority.CRL())} }, trusted},
		{"PA-14", "list out of date", func(w *world) {
			l := w.authority.CRL()
			l.Next = w.in.At.AddDate(0, -1, 0)
			w.trust.lists = []*pki.CRL{w.crl(l)}
		}, noted("should have been replaced on 2026-02-01")},
		{"PA-27", "certificate of version 1", func(w *world) {
			w.doc.Signer.Version, w.doc.Signer.Extensions = 1, nil
		}, noted("of version 1")},
		{"PA-27", "negative serial number", func(w *world) {
			w.doc.Signer.Serial = big.NewInt(-78)
			w.signer().ID = pkitest.By(w.doc.Signer.Issuer, w.doc.Signer.Serial)
		}, trusted},
		{"PA-27", "RSA key without NULL", func(w *world) {
			key := pkitest.NewRSA(1024, true)
			w.signWith(key, pkitest.PKCS1(crypto.SHA256, false))
		}, noted("RSA with 1024 bits")},
	})
}

func (w *world) crl(spec pkitest.CRL) *pki.CRL {
	w.t.Helper()
	l, err := pki.ParseCRL(spec.Sign(w.authority.Key))
	if err != nil {
		w.t.Fatal(err)
	}
	if err := l.CheckSignatureFrom(w.parse(w.authority.Raw)); err != nil {
		w.t.Fatal(err)
	}
	return l
}

// TestIssuer has the cases about the CSCA.
func TestIssuer(t *testing.T) {
	unknown := wanted{pki.IssuerUnknown, pki.StepIssuer, pki.CauseIssuerUnknown, ""}
	wrong := wanted{pki.Forged, pki.StepIssuer, pki.CauseIssuer, ""}
	scheme := pkitest.ECDSA(crypto.SHA384, false)
	believe := func(w *world, all ...*pkitest.Authority) {
		for _, a := range all {
			w.trust.issuers = append(w.trust.issuers, w.parse(a.Raw))
		}
	}
	impostor := func() *pkitest.Authority { return pkitest.NewAuthority("VN", "CSCA Test", otherKey(), scheme) }
	runScenarios(t, []scenario{
		{"PA-12", "nobody trusted", func(w *world) { w.in.Trust = nil }, unknown},
		{"PA-12", "another authority trusted", func(w *world) {
			believe(w, pkitest.NewAuthority("VN", "CSCA Other", otherKey(), scheme))
		}, unknown},
		{"PA-12", "another key of the same authority trusted", func(w *world) { believe(w, impostor()) }, unknown},
		{"PA-12", "the second key of the authority", func(w *world) { believe(w, impostor(), w.authority) }, trusted},
		{"PA-12", "signed by an impostor who names the key", func(w *world) {
			w.doc.Authority = &pkitest.Authority{Key: otherKey()}
		}, wrong},
		{"PA-12", "signed by an impostor who names no key", func(w *world) {
			w.doc.Signer.Remove(pkitest.AuthorityExtension)
			w.doc.Authority = &pkitest.Authority{Key: otherKey()}
		}, wrong},
		{"LDS_H_61", "no authority key identifier", func(w *world) { w.doc.Signer.Remove(pkitest.AuthorityExtension) },
			noted("does not name its issuer's key")},
		{"LDS_H_60", "wrong authority key identifier", func(w *world) {
			w.doc.Signer.Set(pkitest.Extension{OID: pkitest.AuthorityExtension, Value: pkitest.Sequence([]byte{0x80, 1, 7})})
		}, noted("names another key")},
		{"LDS_H_54", "issuer of another name", func(w *world) {
			w.doc.Signer.Issuer = pkitest.Name("VN", "CSCA Other")
			w.signer().ID = pkitest.By(w.doc.Signer.Issuer, w.doc.Signer.Serial)
		}, unknown},
		{"PA-13", "key usage period over, signer in time", func(w *world) {
			w.authority.Spec.Set(pkitest.Period(w.authority.Spec.From, w.doc.Signer.From.AddDate(0, 1, 0)))
			w.authority.Sign()
		}, trusted},
		{"PA-13", "key usage period over before the signer", func(w *world) {
			w.authority.Spec.Set(pkitest.Period(w.authority.Spec.From, w.doc.Signer.From.AddDate(0, -1, 0)))
			w.authority.Sign()
		}, noted("should have rested")},
		{"PA-13", "ended since", func(w *world) {
			w.authority.Spec.Until = w.in.At.AddDate(0, -1, 0)
			w.authority.Sign()
		}, noted("issuer's certificate has ended")},
		{"PA-13", "signer issued after the end", func(w *world) {
			w.authority.Spec.Until = w.doc.Signer.From.AddDate(0, -1, 0)
			w.authority.Sign()
		}, wanted{pki.Forged, pki.StepIssuer, pki.CauseSignerTerm, ""}},
		{"issuer", "may not issue", func(w *world) {
			w.authority.Spec.Set(pkitest.Usage(0x80))
			w.authority.Sign()
		}, wrong},
		{"PA-23", "German authority", func(w *world) { w.replaceAuthority("DE", rootKey(), scheme) },
			wanted{pki.Forged, pki.StepCountry, pki.CauseCountry, ""}},
		{"PA-23", "German document", func(w *world) {
			w.replaceAuthority("de", rootKey(), scheme)
			w.in.Country = "D<<"
		}, trusted},
		{"PA-23", "no state of that code", func(w *world) { w.in.Country = "UTO" },
			wanted{pki.Incomplete, pki.StepCountry, pki.CauseUnsupported, ""}},
		{"PA-23", "state not known yet", func(w *world) { w.in.Country = "" }, trusted},
	})
}

// TestCurves has the cases about elliptic curves.
func TestCurves(t *testing.T) {
	forged := func(step string) wanted { return wanted{pki.Forged, step, pki.CauseParameters, ""} }
	unsupported := func(oid string) func(*world) {
		return func(w *world) {
			key := *ecKey()
			key.Info = pkitest.Sequence(pkitest.Sequence(pkitest.OID("1.2.840.10045.2.1"), pkitest.OID(oid)), pkitest.Bits([]byte{4, 1, 2}))
			w.doc = w.authority.Document(&key, pkitest.ECDSA(crypto.SHA256, false))
		}
	}
	sign := pkitest.ECDSA(crypto.SHA256, false)
	runScenarios(t, []scenario{
		{"PA-18", "signer spelled out", func(w *world) { w.signWith(pkitest.NewEC(ec.P256(), pkitest.Spelled), sign) }, trusted},
		{"PA-18", "signer spelled out and compressed", func(w *world) {
			w.signWith(pkitest.NewEC(ec.BrainpoolP256r1(), pkitest.SpelledCompressed), sign)
		}, trusted},
		{"PA-19", "signer with another base point", func(w *world) { w.signWith(pkitest.Forge(ecKey()), sign) },
			forged(pki.StepSignature)},
		{"PA-19", "authority with another base point", func(w *world) {
			w.replaceAuthority("VN", pkitest.Forge(rootKey()), pkitest.ECDSA(crypto.SHA384, false))
		}, forged(pki.StepIssuer)},
		{"PA-19", "forged copy of a trusted authority", func(w *world) {
			// The impostor has the public key of the authority and signs with the private key 1.
			w.doc.Authority = &pkitest.Authority{Key: pkitest.Forge(rootKey())}
		}, wanted{pki.Forged, pki.StepIssuer, pki.CauseIssuer, ""}},
		{"PA-20", "secp112r1", unsupported("1.3.132.0.6"), wanted{pki.Incomplete, pki.StepSignature, pki.CauseUnsupported, ""}},
		{"PA-20", "GOST", unsupported("1.2.643.2.2.35.1"), wanted{pki.Incomplete, pki.StepSignature, pki.CauseUnsupported, ""}},
		{"PA-20", "unknown signature algorithm", func(w *world) {
			w.signer().Scheme.ID = pkitest.Sequence(pkitest.OID("1.3.101.112"))
		}, wanted{pki.Incomplete, pki.StepSignature, pki.CauseUnsupported, ""}},
		{"PA-20", "key for Diffie-Hellman", func(w *world) {
			w.doc.Signer.Info = pkitest.Sequence(pkitest.Sequence(pkitest.OID("1.2.840.10046.2.1"), pkitest.Sequence()),
				pkitest.Bits(pkitest.Number(4)))
		}, wanted{pki.Incomplete, pki.StepSignature, pki.CauseUnsupported, ""}},
		{"PA-21", "SHA-512 on 256 bits", func(w *world) { w.signWith(ecKey(), pkitest.ECDSA(crypto.SHA512, false)) }, trusted},
		{"PA-21", "SHA-512 on 521 bits", func(w *world) {
			w.signWith(pkitest.NewEC(curve("secp521r1"), pkitest.Named), pkitest.ECDSA(crypto.SHA512, false))
		}, trusted},
		{"PA-21", "SHA-256 on 384 bits", func(w *world) {
			w.replaceAuthority("VN", rootKey(), pkitest.ECDSA(crypto.SHA256, false))
		}, trusted},
		{"point", "not on the curve", func(w *world) {
			key := *ecKey()
			key.Info = append([]byte(nil), key.Info...)
			key.Info[len(key.Info)-1] ^= 1
			w.doc = w.authority.Document(&key, sign)
		}, wanted{pki.Forged, pki.StepSignature, pki.CauseMalformed, ""}},
	})
}

package pki_test

import (
	"crypto"
	"fmt"
	"slices"
	"testing"

	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/devices/card/tlv"
)

// without gives every form of a file that lacks one object, by the path to it; lengths fit again.
func without(file []byte) map[string][]byte {
	out := map[string][]byte{}
	objects, err := tlv.Parse(file)
	if err != nil {
		return nil
	}
	for i, o := range objects {
		name := fmt.Sprintf("/%d.%s", i, o.Tag)
		rest := func(middle []byte) []byte {
			return slices.Concat(file[:offset(objects, i)], middle, file[offset(objects, i+1):])
		}
		out[name] = rest(nil)
		if !o.Tag.Constructed() {
			continue
		}
		for path, value := range without(o.Value) {
			out[name+path] = rest(tlv.New(o.Tag, value))
		}
	}
	return out
}

func offset(objects []tlv.Object, n int) (at int) {
	for _, o := range objects[:n] {
		at += len(o.Raw)
	}
	return at
}

// TestMissingElements takes away each element of EF.SOD (LDS_H_21, 23, 25, 27, 31, 33, 38, 40, 42, 47, 66 and 68): a
// document without it is not trusted.
func TestMissingElements(t *testing.T) {
	w := newWorld(t)
	trusted.compare(t, w.report())
	all := without(w.in.SOD)
	if len(all) < 100 {
		t.Errorf("only %d elements", len(all))
	}
	for path, file := range all {
		in := w.in
		in.SOD = file
		if r := pki.Verify(in); r.Verdict() == pki.Trusted {
			t.Errorf("%s is missing, and the document is trusted", path)
		}
	}
}

// TestMissingFields takes away each field of the signer's certificate before it is signed (LDS_H_49 to 59). Two may be
// missing, and are noted: the version, and all extensions.
func TestMissingFields(t *testing.T) {
	want := map[int]wanted{0: noted("of version 1"), 7: noted("no key usage")}
	for field := range 8 {
		t.Run(fmt.Sprint(field), func(t *testing.T) {
			w := newWorld(t)
			w.doc.Signer.Change = func(tbs []byte) []byte {
				o, err := tlv.One(tbs)
				if err != nil {
					t.Fatal(err)
				}
				fields, err := o.Children()
				if err != nil || len(fields) != 8 {
					t.Fatalf("%d fields, %v", len(fields), err)
				}
				return pkitest.Sequence(o.Value[:offset(fields, field)], o.Value[offset(fields, field+1):])
			}
			expected, ok := want[field]
			if !ok {
				expected = malformed
			}
			expected.compare(t, w.report())
		})
	}
}

// TestOddParameters has algorithm identifiers that say something else than they should.
func TestOddParameters(t *testing.T) {
	unsupported := wanted{pki.Incomplete, pki.StepSignature, pki.CauseUnsupported, ""}
	pss := func(members ...[]byte) []byte {
		return pkitest.Sequence(pkitest.OID("1.2.840.113549.1.1.10"), pkitest.Sequence(members...))
	}
	sha256 := pkitest.HashID(crypto.SHA256)
	hash, salt := pkitest.Explicit(0, sha256), pkitest.Explicit(2, pkitest.Number(32))
	mask := pkitest.Explicit(1, pkitest.Sequence(pkitest.OID("1.2.840.113549.1.1.8"), sha256))
	specified := func(hash []byte) []byte { return pkitest.Sequence(pkitest.OID("1.2.840.10045.4.3"), hash) }
	for _, c := range []struct {
		name string
		ec   bool
		id   []byte
		want wanted
	}{
		{"all members", false, pss(hash, mask, salt), trusted},
		{"trailer 1", false, pss(hash, mask, salt, pkitest.Explicit(3, pkitest.Number(1))), trusted},
		{"trailer 2", false, pss(hash, mask, salt, pkitest.Explicit(3, pkitest.Number(2))), unsupported},
		{"another mask function", false, pss(hash, pkitest.Explicit(1, pkitest.Sequence(pkitest.OID("1.2.3"), sha256)), salt), unsupported},
		{"mask with the default hash", false, pss(hash, salt), signature},
		{"unknown hash", false, pss(pkitest.Explicit(0, pkitest.Sequence(pkitest.OID("2.16.840.1.101.3.4.2.8"))), mask, salt), unsupported},
		{"MD5", false, pss(pkitest.Explicit(0, pkitest.Sequence(pkitest.OID("1.2.840.113549.2.5"))), mask, salt),
			wanted{pki.Forged, pki.StepSignature, pki.CauseForbidden, ""}},
		{"huge salt", false, pss(hash, mask, pkitest.Explicit(2, pkitest.Number(1<<40))), malformed},
		{"unknown member", false, pss(hash, mask, salt, pkitest.Explicit(4, pkitest.Number(1))), malformed},
		{"RSA key, ECDSA", false, pkitest.ECDSA(crypto.SHA256, false).ID, unsupported},
		{"hash specified", true, specified(sha256), trusted},
		{"another hash specified", true, specified(pkitest.HashID(crypto.SHA384)), signature},
		{"unknown hash specified", true, specified(pkitest.Sequence(pkitest.OID("1.2.3"))), unsupported},
		{"no identifier", true, pkitest.Sequence(pkitest.Null()), malformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			if !c.ec {
				w.signWith(rsaKey(), pkitest.PSS(crypto.SHA256, 32))
			}
			w.signer().Scheme.ID = c.id
			c.want.compare(t, w.report())
		})
	}
}

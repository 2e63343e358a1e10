package spki_test

import (
	"errors"
	"math/big"
	"testing"

	"motcua/devices/card/emrtd/dh"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/devices/card/emrtd/spki"
	"motcua/devices/card/tlv"
)

func TestDomain(t *testing.T) {
	curve := ec.BrainpoolP256r1()
	generator := curve.Encode(curve.Generator())
	other := curve.Encode(curve.Multiply(big.NewInt(2), curve.Generator()))
	unnumbered, ok := ec.ByOID("1.3.36.3.3.2.8.1.1.1")
	if !ok {
		t.Fatal("no brainpoolP160r1")
	}
	group, _ := dh.ByID(1)
	numbers := func(p, g, q *big.Int) []byte {
		return pkitest.Sequence(pkitest.Integer(p), pkitest.Integer(g), pkitest.Integer(q))
	}
	const ecKey, x942, standard = "1.2.840.10045.2.1", "1.2.840.10046.2.1", "0.4.0.127.0.7.1.2"
	for name, v := range map[string]struct {
		algorithm  string
		parameters []byte
		id         int
		err        error
	}{
		"by name":           {ecKey, pkitest.OID(curve.OID), 13, nil},
		"spelt out":         {ecKey, pkitest.Parameters(curve, generator), 13, nil},
		"by number":         {standard, pkitest.Number(18), 18, nil},
		"group by number":   {standard, pkitest.Number(2), 2, nil},
		"group":             {x942, numbers(group.P, group.G, group.Q), 1, nil},
		"PKCS #3":           {"1.2.840.113549.1.3.1", numbers(group.P, group.G, big.NewInt(256)), 1, nil},
		"another generator": {ecKey, pkitest.Parameters(curve, other), 0, spki.ErrParameters},
		"another order":     {x942, numbers(group.P, group.G, group.P), 0, spki.ErrParameters},
		"without a number":  {ecKey, pkitest.OID(unnumbered.OID), 0, spki.ErrUnsupported},
		"reserved number":   {standard, pkitest.Number(5), 0, spki.ErrUnsupported},
		"RSA":               {"1.2.840.113549.1.1.1", pkitest.Null(), 0, spki.ErrUnsupported},
		"a text":            {standard, pkitest.Octets([]byte("13")), 0, spki.ErrFormat},
	} {
		o, err := tlv.One(pkitest.Sequence(pkitest.OID(v.algorithm), v.parameters))
		if err != nil {
			t.Fatal(err)
		}
		if id, err := spki.Domain(o); id != v.id || !errors.Is(err, v.err) {
			t.Errorf("%s: %d, %v", name, id, err)
		}
	}
}

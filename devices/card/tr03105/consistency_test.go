package tr03105_test

import (
	"slices"
	"testing"

	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/pki"
)

// consistency compares EF.COM with a hash list of DG1, DG2 and DG13: what only one of them names.
func consistency(tags string, onlyCOM, onlySOD []int) func(*testing.T) {
	return func(t *testing.T) {
		so, err := lds.ParseSOD(newDocument(t).SOD())
		if err != nil {
			t.Fatal(err)
		}
		c, err := lds.ParseCOM(com("0107", "040000", tags))
		if err != nil {
			t.Fatal(err)
		}
		if a, b := c.Differs(so); !slices.Equal(a, onlyCOM) || !slices.Equal(b, onlySOD) {
			t.Errorf("only EF.COM %v, only EF.SOD %v", a, b)
		}
	}
}

// revoked has a signer whose certificate its issuer took back.
func revoked() check {
	want := verdict{pki.Forged, pki.StepRevocation, pki.CauseRevoked, ""}
	return documented("ISO7816_B_10", want, func(d *document) {
		l, err := pki.ParseCRL(d.authority.CRL(d.Signer.Serial).Sign(d.authority.Key))
		if err != nil {
			d.t.Fatal(err)
		}
		if err := l.CheckSignatureFrom(d.parse(d.authority.Raw)); err != nil {
			d.t.Fatal(err)
		}
		d.trust.lists = []*pki.CRL{l}
	})
}

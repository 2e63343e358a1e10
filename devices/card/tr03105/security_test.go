package tr03105_test

import (
	"bytes"
	"crypto"
	"strings"
	"testing"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
	"motcua/devices/card/vncard"
)

const (
	paceGM = "0.4.0.127.0.7.2.2.4.2."
	onP256 = 12 // secp256r1
	onBP   = 13 // brainpoolP256r1
)

// mappedProfile is a chip that proves itself with PACE and in no other way.
func mappedProfile(t *testing.T) *cardsim.Profile {
	t.Helper()
	return smallProfile(t, cardsim.ProfileOptions{NoActive: true, Chip: []cardsim.ChipOffer{},
		PACE: []cardsim.PACEOffer{{Mapping: cardsim.ChipAuthentication, Cipher: secmsg.AES128, Parameters: onBP}}})
}

// signedAccess is the chip's EF.CardSecurity with other entries, signed anew.
func signedAccess(t *testing.T, p *cardsim.Profile, change func(infos [][]byte) [][]byte) []byte {
	t.Helper()
	genuine, err := pki.OpenCardSecurity(p.CardSecurity)
	if err != nil {
		t.Fatal(err)
	}
	infos, err := lds.ParseCardAccess(genuine.Infos)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for _, info := range infos {
		all = append(all, info.Raw)
	}
	scheme := pkitest.ECDSA(crypto.SHA256, false)
	d := pkitest.NewAuthority("VN", "CSCA Test", ecKey(), scheme).Document(ecKey(), scheme)
	d.Signed.ContentType, d.Signed.Content = pkitest.CardSecurity, pkitest.SetOf(change(all)...)
	o, err := tlv.One(d.SOD())
	if err != nil {
		t.Fatal(err)
	}
	return o.Value
}

// leaving takes away the entries whose identifier begins so.
func leaving(prefix string) func([][]byte) [][]byte {
	return func(all [][]byte) (rest [][]byte) {
		arc := pkitest.OID(strings.TrimSuffix(prefix, "."))[2:]
		for _, info := range all {
			if !bytes.Contains(info, arc) {
				rest = append(rest, info)
			}
		}
		return rest
	}
}

func paceInfo(oid string, parameters int64) []byte {
	return pkitest.Sequence(pkitest.OID(oid), pkitest.Number(2), pkitest.Number(parameters))
}

// otherKey puts another point of the curve into the public key of EF.CardSecurity.
func otherKey(b []byte) []byte {
	curve := ec.BrainpoolP256r1()
	header := []byte{0x03, 0x42, 0x00, 0x04} // BIT STRING of an uncompressed point
	b = bytes.Clone(b)
	copy(b[bytes.Index(b, header)+len(header)-1:], curve.Encode(curve.Generator()))
	return b
}

// mapped reads a chip that proves itself with PACE, whose EF.CardSecurity is changed.
func mapped(change func(t *testing.T, p *cardsim.Profile) []byte, outcome vncard.Outcome, cause vncard.Cause) func(*testing.T) {
	return func(t *testing.T) {
		p := mappedProfile(t)
		p.CardSecurity = change(t, p)
		c := reading(t, p, cardsim.Options{})
		if c.Files[emrtd.DG1] == nil {
			t.Error("DG1 was not read")
		}
		wants(t, c, vncard.CheckChip, outcome, cause)
	}
}

func asIs(_ *testing.T, p *cardsim.Profile) []byte { return p.CardSecurity }

func anotherKey(_ *testing.T, p *cardsim.Profile) []byte { return otherKey(p.CardSecurity) }

// securityChecks are about EF.CardSecurity.
func securityChecks() []check {
	const paceOID = "0.4.0.127.0.7.2.2.4"
	more := func(all [][]byte) [][]byte { return append(all, paceInfo(paceGM+"4", 16)) }
	less := leaving(paceOID)
	return []check{
		{"LDS_H_93", mapped(asIs, vncard.Passed, "")},
		{"LDS_J_01", otherAccess(more, vncard.Failed, vncard.CauseAltered)},
		{"LDS_J_02", otherAccess(less, vncard.Failed, vncard.CauseAltered)},
		{"LDS_J_03", otherAccess(func(all [][]byte) [][]byte { return more(less(all)) }, vncard.Failed, vncard.CauseAltered)},
		{"LDS_J_03", otherAccess(func(all [][]byte) [][]byte { return all }, vncard.Passed, "")},
		{"LDS_J_04", mapped(anotherKey, vncard.Failed, vncard.CauseCloned)},
	}
}

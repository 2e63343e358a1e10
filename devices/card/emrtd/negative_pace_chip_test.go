package emrtd_test

import (
	"bytes"
	"crypto"
	"errors"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
	"motcua/devices/card/vncard"
)

// mappedProfile is a chip that proves itself with PACE and in no other way.
func mappedProfile(t *testing.T, o cardsim.ProfileOptions) *cardsim.Profile {
	t.Helper()
	o.PACE = []cardsim.PACEOffer{{Mapping: cardsim.ChipAuthentication, Cipher: secmsg.AES128, Parameters: 13}}
	o.Chip, o.NoActive = []cardsim.ChipOffer{}, true
	return profile(t, o)
}

// objects are those of the last answer of PACE.
func paceObjects(t *testing.T, plain apdu.Response) (token, chipData []byte) {
	t.Helper()
	objects, err := tlv.Parse(objectsOf(plain.Data))
	if err != nil || len(objects) != 2 || objects[1].Tag != 0x8A {
		t.Fatalf("%X", plain.Data)
	}
	return bytes.Clone(objects[0].Raw), bytes.Clone(objects[1].Value)
}

// TestNegativePACEChipData (PACE-16): what is wrong with the chip's data leaves PACE as it is. Only the chip is not
// proven.
func TestNegativePACEChipData(t *testing.T) {
	offer := kinds()["CAM over a curve"]
	for name, change := range map[string]func(token, data []byte) []byte{
		"missing":           func(token, _ []byte) []byte { return token },
		"empty":             func(token, _ []byte) []byte { return append(token, 0x8A, 0) },
		"changed":           func(token, data []byte) []byte { data[0] ^= 1; return append(token, tlv.New(0x8A, data)...) },
		"changed padding":   func(token, data []byte) []byte { data[len(data)-1] ^= 1; return append(token, tlv.New(0x8A, data)...) },
		"part of a block":   func(token, data []byte) []byte { return append(token, tlv.New(0x8A, data[:len(data)-1])...) },
		"a block less":      func(token, data []byte) []byte { return append(token, tlv.New(0x8A, data[:len(data)-16])...) },
		"in another tag":    func(token, data []byte) []byte { return append(token, tlv.New(0x8B, data)...) },
		"in a constructed":  func(token, data []byte) []byte { return append(token, tlv.New(0xAA, tlv.New(0x04, data))...) },
		"of twice the size": func(token, data []byte) []byte { return append(token, tlv.New(0x8A, data, data)...) },
	} {
		t.Run("PACE-16 "+name, func(t *testing.T) {
			r := newPACERun(t, offer, at(4, func(r *paceRun, plain apdu.Response) apdu.Response {
				token, data := paceObjects(r.t, plain)
				return apdu.Response{Data: tlv.New(0x7C, change(token, data)), SW: plain.SW}
			}))
			if err := r.run(r.profile.CAN); err != nil {
				t.Fatal(err)
			}
			if err := verifyMapping(t.Context(), r.conn); !errors.Is(err, emrtd.ErrNotGenuine) {
				t.Errorf("the chip is proven: %v", err)
			}
			r.reads()
		})
	}
	t.Run("PACE-16 a copy", func(t *testing.T) {
		r := newPACERun(t, offer, nil)
		r.options.Clone = true
		if err := r.run(r.profile.CAN); err != nil {
			t.Fatal(err)
		}
		if err := verifyMapping(t.Context(), r.conn); !errors.Is(err, emrtd.ErrNotGenuine) {
			t.Errorf("the chip is proven: %v", err)
		}
		r.reads()
	})
}

// TestNegativePACECardSecurity (PACE-16, PACE-17): what a reading says of the chip by EF.CardSecurity.
func TestNegativePACECardSecurity(t *testing.T) {
	last := func(b []byte) []byte { b[len(b)-1] ^= 1; return b }
	for name, v := range map[string]struct {
		options cardsim.Options
		change  func([]byte) []byte
		outcome vncard.Outcome
		cause   vncard.Cause
	}{
		"PACE-16 genuine":         {outcome: vncard.Passed},
		"PACE-16 a copy":          {options: cardsim.Options{Clone: true}, outcome: vncard.Failed, cause: vncard.CauseCloned},
		"PACE-17 bad signature":   {change: last, outcome: vncard.NotPossible, cause: vncard.CauseNotVouched},
		"PACE-17 changed content": {change: otherMappingKey, outcome: vncard.Failed, cause: vncard.CauseCloned},
		"PACE-17 not signed data": {change: func(b []byte) []byte { return tlv.New(0x30, make([]byte, len(b)-4)) }, outcome: vncard.NotPossible, cause: vncard.CauseDamaged},
		"PACE-17 cut off":         {change: func(b []byte) []byte { return b[:len(b)/2] }, outcome: vncard.NotPossible, cause: vncard.CauseMissing},
		"PACE-17 not there":       {change: func([]byte) []byte { return nil }, outcome: vncard.NotPossible, cause: vncard.CauseMissing},
	} {
		t.Run(name, func(t *testing.T) {
			p := mappedProfile(t, cardsim.ProfileOptions{})
			if v.change != nil {
				p.CardSecurity = v.change(bytes.Clone(p.CardSecurity))
			}
			r := situation{profile: p, options: v.options}.read(t)
			if r.err != nil {
				t.Fatal(r.err)
			}
			for _, c := range r.card.Checks {
				if c.Name == vncard.CheckChip && (c.Outcome != v.outcome || c.Cause != v.cause) {
					t.Errorf("%+v", c)
				}
			}
			if got := r.card.Files[emrtd.DG1]; !bytes.Equal(got, p.Files[cardsim.DG(1)]) {
				t.Error("DG1 was not read")
			}
		})
	}
}

// otherMappingKey puts another point of the curve into the first public key of EF.CardSecurity.
func otherMappingKey(b []byte) []byte {
	curve := ec.BrainpoolP256r1()
	header := []byte{0x03, 0x42, 0x00, 0x04} // BIT STRING of an uncompressed point
	copy(b[bytes.Index(b, header)+len(header)-1:], curve.Encode(curve.Generator()))
	return b
}

// TestNegativePACEForeignData (PACE-18): more objects at the end of PACE than a mapping has are passed over, as chips
// that also do EAC send some.
func TestNegativePACEForeignData(t *testing.T) {
	for kind, offer := range kinds() {
		if offer.Mapping == cardsim.ChipAuthentication {
			continue
		}
		for name, more := range map[string][]byte{
			"8A": tlv.New(0x8A, make([]byte, 32)), "87": tlv.New(0x87, []byte("DETESTeID00001")), "8A, empty": {0x8A, 0},
		} {
			t.Run("PACE-18 "+name+" "+kind, func(t *testing.T) {
				r := newPACERun(t, offer, at(4, func(_ *paceRun, plain apdu.Response) apdu.Response {
					return apdu.Response{Data: tlv.New(0x7C, objectsOf(plain.Data), more), SW: plain.SW}
				}))
				r.works()
				if r.conn.ChipMapping() != nil {
					t.Error("a chip mapping came of it")
				}
			})
		}
	}
}

// rooted believes one issuer.
type rooted struct {
	pki.Nobody
	root *pki.Certificate
}

func (r rooted) Issuers(name pki.Name) []*pki.Certificate {
	if r.root.Subject.Equal(name) {
		return []*pki.Certificate{r.root}
	}
	return nil
}

// TestNegativePACEForeignCardSecurity (PACE-17): a copy brings an EF.CardSecurity of its own, signed by whom nobody knows,
// beside the files of a genuine chip, whose issuer is trusted.
func TestNegativePACEForeignCardSecurity(t *testing.T) {
	p := mappedProfile(t, cardsim.ProfileOptions{})
	root, err := pki.ParseCertificate(p.Root)
	if err != nil {
		t.Fatal(err)
	}
	genuine, err := pki.OpenCardSecurity(p.CardSecurity)
	if err != nil {
		t.Fatal(err)
	}
	scheme := pkitest.ECDSA(crypto.SHA256, false)
	key := pkitest.NewEC(ec.P256(), 0)
	d := pkitest.NewAuthority("VN", "Somebody else", key, scheme).Document(key, scheme)
	d.Signed.ContentType, d.Signed.Content = pkitest.CardSecurity, genuine.Infos
	o, err := tlv.One(d.SOD())
	if err != nil {
		t.Fatal(err)
	}
	foreign := *p
	foreign.CardSecurity = o.Value
	for name, v := range map[string]struct {
		profile *cardsim.Profile
		trust   pki.Trust
		outcome vncard.Outcome
	}{
		"genuine":               {p, rooted{root: root}, vncard.Passed},
		"foreign":               {&foreign, rooted{root: root}, vncard.NotPossible},
		"foreign, nobody known": {&foreign, nil, vncard.Passed}, // no worse than EF.SOD, which another check is about
	} {
		t.Run("PACE-17 "+name, func(t *testing.T) {
			request := fromQR(p.Persona)
			request.Trust = v.trust
			r := situation{profile: v.profile, request: &request}.read(t)
			if r.err != nil || outcome(r.card, vncard.CheckChip) != v.outcome {
				t.Errorf("%v, %v", r.err, r.card.Checks)
			}
			if passive := outcome(r.card, vncard.CheckPassive); (passive == vncard.Passed) != (v.trust != nil) {
				t.Errorf("EF.SOD %s", passive)
			}
		})
	}
}

package tr03105_test

import (
	"errors"
	"slices"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
	"motcua/devices/card/vncard"
)

// overNumbers and overCurve are chip authentication of either family.
var (
	overNumbers = cardsim.ChipOffer{Parameters: 0, Cipher: secmsg.TripleDES}
	overCurve   = cardsim.ChipOffer{Parameters: onBP, Cipher: secmsg.AES128}
)

// chipRun is an open chip and the keys that its DG14 offers.
type chipRun struct {
	t       *testing.T
	profile *cardsim.Profile
	record  *cardtest.Record
	conn    *emrtd.Conn
	keys    []lds.ChipKey
	err     error // of reading the offers
}

func newChipRun(t *testing.T, o cardsim.Options, offers ...cardsim.ChipOffer) *chipRun {
	t.Helper()
	r := &chipRun{t: t, profile: smallProfile(t, cardsim.ProfileOptions{Chip: offers})}
	r.record = recorded(r.profile, o)
	r.conn = opened(t, r.record, r.profile)
	r.conn.SetSizes(emrtd.Sizes{Extended: o.Extended})
	raw, err := r.conn.ReadFile(t.Context(), emrtd.DG14, nil)
	if err != nil {
		t.Fatal(err)
	}
	infos, err := lds.ParseDG14(raw)
	if err != nil {
		t.Fatal(err)
	}
	r.keys, r.err = infos.ChipKeys()
	return r
}

// proves: the chip proves each of its keys, one under the session of the other, and reads on.
func (r *chipRun) proves(keys int) {
	r.t.Helper()
	if len(r.keys) != keys {
		r.t.Fatalf("%d keys, %v, want %d", len(r.keys), r.err, keys)
	}
	for _, key := range r.keys {
		proof, err := r.conn.ChipAuthenticate(r.t.Context(), key)
		if err != nil {
			r.t.Fatal(err)
		}
		if _, err := r.conn.ReadFile(r.t.Context(), emrtd.DG1, nil); err != nil || !proof.Proven() || r.conn.Cipher() != key.Cipher {
			r.t.Errorf("%s: proven %t, %v", key.Protocol, proof.Proven(), err)
		}
		if err := emrtd.VerifyChipProof(proof, key); err != nil {
			r.t.Error(err)
		}
	}
}

// chipProven runs a card whole, and its keys by hand.
func chipProven(offers ...cardsim.ChipOffer) func(*testing.T) {
	return func(t *testing.T) {
		newChipRun(t, cardsim.Options{}, offers...).proves(len(offers))
		p := smallProfile(t, cardsim.ProfileOptions{Chip: offers})
		wants(t, reading(t, p, cardsim.Options{}), vncard.CheckChip, vncard.Passed, "")
	}
}

func withID(o cardsim.ChipOffer, id int) cardsim.ChipOffer {
	o.KeyID = id
	return o
}

// chipRefuses: the chip does not run it, with each of these status words; the session goes on as it was.
func chipRefuses(words ...apdu.StatusWord) func(*testing.T) {
	return func(t *testing.T) {
		for _, sw := range words {
			for _, offer := range []cardsim.ChipOffer{overNumbers, overCurve} {
				r := newChipRun(t, says(apdu.InsManageSecurityEnvironment, sw), offer)
				cipher := r.conn.Cipher()
				if _, err := r.conn.ChipAuthenticate(t.Context(), r.keys[0]); !errors.Is(err, emrtd.ErrChipRefused) {
					t.Errorf("%s: %v", sw, err)
				}
				if _, err := r.conn.ReadFile(t.Context(), emrtd.DG1, nil); err != nil || r.conn.Cipher() != cipher {
					t.Errorf("%s: the session did not go on, %v", sw, err)
				}
			}
		}
	}
}

// keyRefused: a key that is none is not taken, and nothing is sent to the chip for it.
func keyRefused(offer cardsim.ChipOffer) func(*testing.T) {
	offer.Outside = true
	return func(t *testing.T) {
		r := newChipRun(t, cardsim.Options{}, offer)
		if len(r.keys) > 0 || !errors.Is(r.err, lds.ErrOffer) {
			t.Errorf("%d keys, %v", len(r.keys), r.err)
		}
		p := smallProfile(t, cardsim.ProfileOptions{Chip: []cardsim.ChipOffer{offer}})
		wants(t, reading(t, p, cardsim.Options{}), vncard.CheckChip, vncard.NotPossible, vncard.CauseUnsupported)
	}
}

// illSpecified has a key whose entry is for the other family, so that the parameters do not fit it.
func illSpecified(offer cardsim.ChipOffer, family string) func(*testing.T) {
	return func(t *testing.T) {
		raw := smallProfile(t, cardsim.ProfileOptions{Chip: []cardsim.ChipOffer{offer}}).Files[cardsim.DG(14)]
		infos, err := lds.ParseDG14(raw)
		if err != nil {
			t.Fatal(err)
		}
		var out [][]byte
		for _, info := range infos {
			if info.OID == lds.OIDPublicKeyDH || info.OID == lds.OIDPublicKeyECDH {
				out = append(out, pkitest.Sequence(pkitest.OID(family), info.Required.Raw))
				continue
			}
			out = append(out, info.Raw)
		}
		bad, err := lds.ParseDG14(tlv.New(lds.TagDG14, tlv.New(0x31, out...)))
		if err != nil {
			t.Fatal(err)
		}
		if keys, err := bad.ChipKeys(); len(keys) > 0 || !errors.Is(err, lds.ErrOffer) {
			t.Errorf("%d keys, %v", len(keys), err)
		}
	}
}

// unpaired: DG14 speaks of one key and holds another.
func unpaired(t *testing.T) {
	raw := dg14(t, func(info lds.SecurityInfo) []byte {
		return pkitest.Sequence(pkitest.OID(info.OID), info.Required.Raw, pkitest.Number(77))
	})
	p := changed(t, smallProfile(t, cardsim.ProfileOptions{}), cardsim.DG(14), func([]byte) []byte { return raw })
	infos, err := lds.ParseDG14(raw)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := infos.ChipKeys()
	for _, k := range keys {
		if k.Cipher != secmsg.TripleDES && k.Named {
			t.Errorf("key %v is taken, %v", k.ID, err)
		}
	}
	wants(t, reading(t, p, cardsim.Options{}), vncard.CheckDataGroups, vncard.Failed, vncard.CauseHash)
}

// unproven: a chip that goes on with the old keys, or has others than DG14 says, is no genuine one.
func unproven(o cardsim.Options) func(*testing.T) {
	return func(t *testing.T) {
		for _, offer := range []cardsim.ChipOffer{overNumbers, overCurve} {
			r := newChipRun(t, o, offer)
			proof, err := r.conn.ChipAuthenticate(t.Context(), r.keys[0])
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.conn.ReadFile(t.Context(), emrtd.DG1, nil); !errors.Is(err, emrtd.ErrNotGenuine) || proof.Proven() {
				t.Errorf("%v, proven %t", err, proof.Proven())
			}
			p := smallProfile(t, cardsim.ProfileOptions{Chip: []cardsim.ChipOffer{offer}})
			wants(t, reading(t, p, o), vncard.CheckChip, vncard.Failed, vncard.CauseCloned)
		}
	}
}

// freshKeys: the terminal's key is another in every run.
func freshKeys(t *testing.T) {
	for _, offer := range []cardsim.ChipOffer{overNumbers, overCurve} {
		var seen [][]byte
		for range 3 {
			r := newChipRun(t, cardsim.Options{}, offer)
			for range 2 {
				proof, err := r.conn.ChipAuthenticate(t.Context(), r.keys[0])
				if err != nil {
					t.Fatal(err)
				}
				if slices.ContainsFunc(seen, func(key []byte) bool { return slices.Equal(key, proof.Public) }) {
					t.Error("a key comes again")
				}
				seen = append(seen, proof.Public)
				if _, err := r.conn.ReadFile(t.Context(), emrtd.DG1, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// extendedKeys: a key that fits no short command goes in one long one.
func extendedKeys(t *testing.T) {
	for _, cipher := range []secmsg.Cipher{secmsg.TripleDES, secmsg.AES128} {
		r := newChipRun(t, cardsim.Options{Extended: true}, cardsim.ChipOffer{Parameters: 2, Cipher: cipher})
		r.proves(1)
		long := slices.ContainsFunc(r.record.Commands(), func(c []byte) bool {
			return (c[1] == apdu.InsGeneralAuthenticate || c[1] == apdu.InsManageSecurityEnvironment) && len(c) > 261
		})
		if !long {
			t.Errorf("%s: no long command", cipher)
		}
	}
}

// chipChecks are about chip authentication.
func chipChecks() []check {
	strong := cardsim.ChipOffer{Parameters: 16, Cipher: secmsg.AES256}
	return []check{
		{"ISO7816_D_01", chipProven(overNumbers)},
		{"ISO7816_D_02", chipProven(overCurve)},
		{"ISO7816_D_03", chipProven(withID(overCurve, 1))},
		{"ISO7816_D_04", chipProven(withID(overCurve, 1), withID(overNumbers, 2))},
		{"ISO7816_D_05", chipProven(withID(overCurve, 1), withID(overNumbers, 2), withID(strong, 3))},
		{"ISO7816_D_06", chipRefuses(apdu.ReferenceNotFound)},
		{"ISO7816_D_07", keyRefused(overNumbers)},
		{"ISO7816_D_08", keyRefused(overCurve)},
		{"ISO7816_D_09", unproven(cardsim.Options{KeepsOldKeys: true})},
		{"ISO7816_D_10", freshKeys},
		{"ISO7816_D_11", illSpecified(overNumbers, lds.OIDPublicKeyECDH)},
		{"ISO7816_D_12", illSpecified(overCurve, lds.OIDPublicKeyDH)},
		{"ISO7816_D_13", unpaired},
		{"ISO7816_D_14", extendedKeys},
		{"ISO7816_D_15", chipRefuses(0x6A80, 0x6A88, 0x6A86, 0x6985, 0x6984, 0x6F00)},
	}
}

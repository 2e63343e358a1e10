package emrtd_test

import (
	"errors"
	"fmt"
	"testing"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/vncard"
)

// chipOffers are chip authentication of each sort.
func chipOffers() map[string]cardsim.ChipOffer {
	return map[string]cardsim.ChipOffer{
		"AES over a curve":  {Parameters: 13, Cipher: secmsg.AES128},
		"3DES over a curve": {Parameters: 12, Cipher: secmsg.TripleDES},
		"AES over numbers":  {Parameters: 0, Cipher: secmsg.AES256},
		"3DES over numbers": {Parameters: 0, Cipher: secmsg.TripleDES},
	}
}

// chipRun is an open chip, its offers read.
type chipRun struct {
	t       *testing.T
	profile *cardsim.Profile
	conn    *emrtd.Conn
	record  *cardtest.Record
	keys    []lds.ChipKey
	err     error // of reading the offers
}

func newChipRun(t *testing.T, o cardsim.Options, offers ...cardsim.ChipOffer) *chipRun {
	t.Helper()
	r := &chipRun{t: t, profile: activeProfile(t, cardsim.ProfileOptions{Chip: offers})}
	r.record = cardtest.NewRecord(cardsim.New(r.profile, o).Transport())
	r.conn = emrtd.New(r.record)
	r.conn.SetSizes(emrtd.Sizes{Extended: o.Extended})
	if err := r.conn.SelectApplication(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.conn.BAC(t.Context(), r.profile.MRZInformation); err != nil {
		t.Fatal(err)
	}
	r.keys, r.err = chipKeys(t, r.conn)
	return r
}

// authenticate runs chip authentication with the first key.
func (r *chipRun) authenticate() (*emrtd.ChipProof, error) {
	r.t.Helper()
	if r.err != nil || len(r.keys) == 0 {
		r.t.Fatalf("%d keys, %v", len(r.keys), r.err)
	}
	return r.conn.ChipAuthenticate(r.t.Context(), r.keys[0])
}

func eachChipOffer(t *testing.T, name string, test func(t *testing.T, offer cardsim.ChipOffer)) {
	t.Helper()
	for kind, offer := range chipOffers() {
		t.Run(name+" "+kind, func(t *testing.T) { test(t, offer) })
	}
}

// checkChip is what a reading says of the chip.
func checkChip(t *testing.T, r result, want vncard.Outcome, cause vncard.Cause) {
	t.Helper()
	if r.err != nil {
		t.Fatal(r.err)
	}
	for _, c := range r.card.Checks {
		if c.Name == vncard.CheckChip && (c.Outcome != want || c.Cause != cause) {
			t.Errorf("%+v", c)
		}
	}
}

// TestNegativeCAVouched (CA-01): a key whose file has another hash than EF.SOD says proves nothing.
func TestNegativeCAVouched(t *testing.T) {
	for name, o := range map[string]cardsim.ProfileOptions{"wrong hash": {BadHash: 14}, "no hash": {Unlisted: 14}} {
		t.Run("CA-01 "+name, func(t *testing.T) {
			r := situation{profile: profile(t, o)}.read(t)
			if r.err != nil || outcome(r.card, vncard.CheckChip) == vncard.Passed {
				t.Errorf("%v, %v", r.err, r.card.Checks)
			}
		})
	}
}

// TestNegativeCARefused (CA-02): the chip does not know the key, or does not want to. The session stays.
func TestNegativeCARefused(t *testing.T) {
	for _, sw := range []apdu.StatusWord{0x6A80, 0x6A88, 0x6985, 0x6D00, 0x6F00} {
		for _, ins := range []byte{apdu.InsManageSecurityEnvironment, apdu.InsGeneralAuthenticate} {
			eachChipOffer(t, fmt.Sprintf("CA-02 INS %02X %s", ins, sw), func(t *testing.T, offer cardsim.ChipOffer) {
				if offer.Cipher == secmsg.TripleDES && ins == apdu.InsGeneralAuthenticate {
					t.Skip("3DES needs one command")
				}
				r := newChipRun(t, cardsim.Options{Edit: instead(ins, apdu.Response{SW: sw})}, offer)
				if proof, err := r.authenticate(); !errors.Is(err, emrtd.ErrChipRefused) || proof != nil || r.conn.Cipher() != secmsg.TripleDES {
					t.Errorf("%v", err)
				}
				checkReads(t, r.conn, r.profile)
			})
		}
	}
	eachChipOffer(t, "CA-02 unknown key", func(t *testing.T, offer cardsim.ChipOffer) {
		second := offer
		offer.KeyID, second.KeyID = 1, 2
		r := newChipRun(t, cardsim.Options{}, offer, second)
		r.profile.ChipKeys[0].KeyID = 77
		key := r.keys[0]
		if key.ID.Int64() != 1 {
			key = r.keys[1]
		}
		if _, err := r.conn.ChipAuthenticate(t.Context(), key); !errors.Is(err, emrtd.ErrChipRefused) || !errors.Is(err, apdu.ErrReferenceNotFound) {
			t.Errorf("%v", err)
		}
		checkReads(t, r.conn, r.profile)
	})
}

// TestNegativeCAKeys (CA-03, CA-04, CA-08): offers that cannot be used are refused before anything is sent, and do not
// hide those that can.
func TestNegativeCAKeys(t *testing.T) {
	for name, change := range map[string]func(*cardsim.ChipOffer){
		"CA-03 CA-04 outside the group": func(o *cardsim.ChipOffer) { o.Outside = true },
		"CA-08 illegal protocol":        func(o *cardsim.ChipOffer) { o.BadInfo = true },
	} {
		eachChipOffer(t, name, func(t *testing.T, offer cardsim.ChipOffer) {
			bad := offer
			change(&bad)
			r := newChipRun(t, cardsim.Options{}, bad)
			if !errors.Is(r.err, lds.ErrOffer) || len(r.keys) > 0 {
				t.Errorf("%d keys, %v", len(r.keys), r.err)
			}
			bad.KeyID, offer.KeyID = 1, 2
			r = newChipRun(t, cardsim.Options{}, bad, offer)
			if len(r.keys) == 0 {
				t.Fatal(r.err)
			}
			for _, key := range r.keys {
				if key.ID.Int64() == 2 {
					authenticateChip(t, r.conn, r.profile, key)
				}
			}
		})
	}
}

// TestNegativeCAUnproven (CA-05, CA-09): a chip that keeps its keys, or has others than it says, fails at the first
// command after it, whatever that is, and the connection is dead.
func TestNegativeCAUnproven(t *testing.T) {
	for name, o := range map[string]cardsim.Options{"CA-05 old keys": {KeepsOldKeys: true}, "CA-09 a copy": {Clone: true}} {
		eachChipOffer(t, name, func(t *testing.T, offer cardsim.ChipOffer) {
			for way, next := range map[string]func(*chipRun) error{
				"read":   func(r *chipRun) error { _, err := r.conn.ReadFile(t.Context(), emrtd.DG1, nil); return err },
				"select": func(r *chipRun) error { return r.conn.SelectApplication(t.Context()) },
				"again":  func(r *chipRun) error { _, err := r.authenticate(); return err },
			} {
				r := newChipRun(t, o, offer)
				proof, err := r.authenticate()
				if err != nil {
					t.Fatal(err)
				}
				if err := next(r); !errors.Is(err, emrtd.ErrNotGenuine) || !errors.Is(err, emrtd.ErrSecureMessaging) || proof.Proven() {
					t.Errorf("%s: %v, proven %t", way, err, proof.Proven())
				}
				sent := len(r.record.Commands())
				if _, err := r.conn.ReadFile(t.Context(), emrtd.DG1, nil); err == nil || len(r.record.Commands()) != sent {
					t.Errorf("%s: something went out after it, %v", way, err)
				}
			}
			checkChip(t, situation{profile: profile(t, cardsim.ProfileOptions{Chip: []cardsim.ChipOffer{offer}}), options: o}.read(t),
				vncard.Failed, vncard.CauseCloned)
		})
	}
}

// TestNegativeCASeveral (CA-06): one key is not named, even where it has an identifier; of several the strongest is
// taken and named.
func TestNegativeCASeveral(t *testing.T) {
	eachChipOffer(t, "CA-06 one with an identifier", func(t *testing.T, offer cardsim.ChipOffer) {
		offer.KeyID = 300
		r := newChipRun(t, cardsim.Options{}, offer)
		if proof, err := r.authenticate(); err != nil || proof.KeyID != nil {
			t.Errorf("%v, key named", err)
		}
		checkReads(t, r.conn, r.profile)
	})
	eachChipOffer(t, "CA-06 two", func(t *testing.T, offer cardsim.ChipOffer) {
		strong := cardsim.ChipOffer{Parameters: 16, Cipher: secmsg.AES256, KeyID: 300}
		offer.KeyID = 1
		for _, offers := range [][]cardsim.ChipOffer{{offer, strong}, {strong, offer}} {
			r := newChipRun(t, cardsim.Options{}, offers...)
			if len(r.keys) != 2 || r.keys[0].Cipher != secmsg.AES256 {
				t.Fatalf("%d keys, %v", len(r.keys), r.err)
			}
			for _, key := range r.keys {
				if !key.Named {
					t.Error("a key is not named")
				}
				authenticateChip(t, r.conn, r.profile, key) // one after the other, each under the keys of the last
			}
		}
	})
}

// TestNegativeCAInferred (CA-07): a key of which nothing is said is for 3DES.
func TestNegativeCAInferred(t *testing.T) {
	for _, id := range []int{0, 13} {
		t.Run("CA-07 "+groupName(t, id), func(t *testing.T) {
			r := newChipRun(t, cardsim.Options{}, cardsim.ChipOffer{Parameters: id, Cipher: secmsg.TripleDES, NoInfo: true})
			if r.err != nil || len(r.keys) != 1 || !r.keys[0].Inferred {
				t.Fatalf("%d keys, %v", len(r.keys), r.err)
			}
			authenticateChip(t, r.conn, r.profile, r.keys[0])
		})
	}
}

// TestNegativeCAProof (CA-10): nothing is proven before an answer, and any answer under the new keys proves, even a
// refusal. A chip that is gone before has proven nothing.
func TestNegativeCAProof(t *testing.T) {
	eachChipOffer(t, "CA-10 refusal", func(t *testing.T, offer cardsim.ChipOffer) {
		r := newChipRun(t, cardsim.Options{}, offer)
		proof, err := r.authenticate()
		if err != nil || proof.Proven() {
			t.Fatal(err)
		}
		if err := emrtd.VerifyChipProof(proof, r.keys[0]); !errors.Is(err, emrtd.ErrProof) {
			t.Errorf("without an answer: %v", err)
		}
		if _, err := r.conn.ReadFile(t.Context(), emrtd.DG3, nil); !errors.Is(err, apdu.ErrSecurityStatus) || !proof.Proven() {
			t.Errorf("fingerprints: %v, proven %t", err, proof.Proven())
		}
		if err := emrtd.VerifyChipProof(proof, r.keys[0]); err != nil {
			t.Error(err)
		}
	})
	eachChipOffer(t, "CA-10 gone", func(t *testing.T, offer cardsim.ChipOffer) {
		whole := newChipRun(t, cardsim.Options{}, offer)
		if _, err := whole.authenticate(); err != nil {
			t.Fatal(err)
		}
		r := newChipRun(t, cardsim.Options{TearAfter: len(whole.record.Commands())}, offer)
		proof, err := r.authenticate()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.conn.ReadFile(t.Context(), emrtd.DG1, nil); !errors.Is(err, card.ErrRemoved) || errors.Is(err, emrtd.ErrNotGenuine) || proof.Proven() {
			t.Errorf("%v, proven %t", err, proof.Proven())
		}
	})
}

// TestNegativeCALong (CA-11): keys that do not fit a short command go in a chain, or extended where that goes through.
func TestNegativeCALong(t *testing.T) {
	for _, cipher := range []secmsg.Cipher{secmsg.TripleDES, secmsg.AES128} {
		for _, extended := range []bool{false, true} {
			t.Run(fmt.Sprintf("CA-11 %s extended %t", cipher, extended), func(t *testing.T) {
				r := newChipRun(t, cardsim.Options{Extended: extended}, cardsim.ChipOffer{Parameters: 2, Cipher: cipher})
				if len(r.keys) != 1 {
					t.Fatal(r.err)
				}
				authenticateChip(t, r.conn, r.profile, r.keys[0])
				chained, long := 0, 0
				for _, c := range r.record.Commands() {
					if c[0] == apdu.ClassSecure|apdu.ClassChained {
						chained++
					}
					if (c[1] == apdu.InsGeneralAuthenticate || c[1] == apdu.InsManageSecurityEnvironment) && len(c) > 261 {
						long++
					}
				}
				if extended && (chained > 0 || long != 1) || !extended && (chained != 1 || long > 0) {
					t.Errorf("%d chained, %d long commands", chained, long)
				}
			})
		}
	}
	t.Run("CA-11 refused in the middle of a chain", func(t *testing.T) {
		refuse := func(_ int, ins byte, plain apdu.Response) apdu.Response {
			if ins == apdu.InsGeneralAuthenticate {
				return apdu.Response{SW: apdu.ChainingNotSupported}
			}
			return plain
		}
		r := newChipRun(t, cardsim.Options{Edit: refuse}, cardsim.ChipOffer{Parameters: 2, Cipher: secmsg.AES128})
		if _, err := r.authenticate(); !errors.Is(err, emrtd.ErrChipRefused) {
			t.Errorf("%v", err)
		}
		checkReads(t, r.conn, r.profile)
	})
}

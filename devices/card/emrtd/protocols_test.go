package emrtd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/agree"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/secmsg"
)

// parameterIDs are the standardized domain parameters.
func parameterIDs() []int { return []int{0, 1, 2, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18} }

func ciphers() []secmsg.Cipher {
	return []secmsg.Cipher{secmsg.TripleDES, secmsg.AES128, secmsg.AES192, secmsg.AES256}
}

// groupName is for the names of subtests.
func groupName(t *testing.T, id int) string {
	t.Helper()
	g, ok := agree.ByID(id)
	if !ok {
		t.Fatal("no group", id)
	}
	return g.Name()
}

// everyPACE are all ways that there are.
func everyPACE() []cardsim.PACEOffer {
	const secp224r1, firstCurve = 10, 8
	var all []cardsim.PACEOffer
	for _, id := range parameterIDs() {
		for _, c := range ciphers() {
			all = append(all, cardsim.PACEOffer{Mapping: cardsim.Generic, Cipher: c, Parameters: id})
			if id != secp224r1 {
				all = append(all, cardsim.PACEOffer{Mapping: cardsim.Integrated, Cipher: c, Parameters: id})
			}
			if id >= firstCurve && c != secmsg.TripleDES {
				all = append(all, cardsim.PACEOffer{Mapping: cardsim.ChipAuthentication, Cipher: c, Parameters: id})
			}
		}
	}
	return all
}

// speltPACE are offers whose domain parameters EF.CardAccess spells out under numbers of its own.
func speltPACE() []cardsim.PACEOffer {
	const firstOwn = 32
	var all []cardsim.PACEOffer
	for i, o := range everyPACE() {
		if o.Cipher == secmsg.AES128 {
			o.Own = firstOwn + i%50
			all = append(all, o)
		}
	}
	return all
}

// long says whether public keys do not fit short commands.
func long(parameters int) bool { return parameters == 1 || parameters == 2 }

func mappingName(m cardsim.Mapping) string { return [...]string{"GM", "IM", "CAM"}[m] }

// readAccess reads EF.CardAccess of a fresh chip and picks the best offer.
func readAccess(t *testing.T, c *emrtd.Conn, extended bool) lds.PACEInfo {
	t.Helper()
	_, infos, err := c.ReadCardAccess(t.Context(), extended)
	if err != nil {
		t.Fatal(err)
	}
	info, err := emrtd.Best(infos.PACE())
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// checkReads: the session reads what the chip holds.
func checkReads(t *testing.T, c *emrtd.Conn, p *cardsim.Profile) {
	t.Helper()
	raw, err := c.ReadFile(t.Context(), emrtd.DG1, nil)
	if err != nil || !bytes.Equal(raw, p.Files[cardsim.DG(1)]) {
		t.Errorf("DG1: %d bytes, %v", len(raw), err)
	}
}

// TestEveryPACE runs all mappings with all ciphers over all domain parameters, with both passwords.
func TestEveryPACE(t *testing.T) {
	for i, offer := range append(everyPACE(), speltPACE()...) {
		t.Run(fmt.Sprintf("%s/%s/%s/%d", mappingName(offer.Mapping), offer.Cipher, groupName(t, offer.Parameters), offer.Own), func(t *testing.T) {
			t.Parallel()
			p := activeProfile(t, cardsim.ProfileOptions{PACE: []cardsim.PACEOffer{offer}})
			c := emrtd.New(cardsim.New(p, cardsim.Options{Extended: long(offer.Parameters)}).Transport())
			password := emrtd.CAN(p.CAN)
			if i%2 == 1 {
				password = emrtd.MRZ(p.MRZInformation)
			}
			info := readAccess(t, c, long(offer.Parameters))
			if err := c.PACE(t.Context(), info, password); err != nil {
				t.Fatal(err)
			}
			if c.Cipher() != offer.Cipher || info.Parameters() != offer.Parameters {
				t.Errorf("%s, parameters %d", c.Cipher(), info.Parameters())
			}
			if offer.Mapping == cardsim.ChipAuthentication {
				checkMapping(t, c)
			} else if c.ChipMapping() != nil {
				t.Error("a chip mapping came of nothing")
			}
			if err := c.SelectApplication(t.Context()); err != nil {
				t.Fatal(err)
			}
			checkReads(t, c, p)
		})
	}
}

// checkMapping: the chip has the private key of EF.CardSecurity, which its issuer signed.
func checkMapping(t *testing.T, c *emrtd.Conn) {
	t.Helper()
	if err := verifyMapping(t.Context(), c); err != nil {
		t.Error(err)
	}
}

// verifyMapping reads EF.CardSecurity and holds the mapping against the one key that fits.
func verifyMapping(ctx context.Context, c *emrtd.Conn) error {
	raw, err := c.ReadFile(ctx, emrtd.CardSecurity, nil)
	if err != nil {
		return err
	}
	report, keys, err := pki.CheckCardSecurity(raw, pki.Nobody{}, time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC), "")
	if err != nil {
		return err
	}
	if step, failed := report.Failed(); failed && step.Cause != pki.CauseIssuerUnknown {
		return fmt.Errorf("EF.CardSecurity: %s: %s", step.Name, step.Reason)
	}
	err = errors.New("EF.CardSecurity has no keys")
	for _, k := range keys {
		if err = c.ChipMapping().Verify(k.Key); err == nil {
			return nil
		}
	}
	return err
}

// openByBAC opens a chip in the way that costs least.
func openByBAC(t *testing.T, p *cardsim.Profile, o cardsim.Options) *emrtd.Conn {
	t.Helper()
	c := emrtd.New(cardsim.New(p, o).Transport())
	if o.Extended {
		c.SetSizes(emrtd.Sizes{Extended: true})
	}
	if err := c.SelectApplication(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.BAC(t.Context(), p.MRZInformation); err != nil {
		t.Fatal(err)
	}
	return c
}

// chipKeys are the offers of the chip's DG14.
func chipKeys(t *testing.T, c *emrtd.Conn) ([]lds.ChipKey, error) {
	t.Helper()
	raw, err := c.ReadFile(t.Context(), emrtd.DG14, nil)
	if err != nil {
		t.Fatal(err)
	}
	infos, err := lds.ParseDG14(raw)
	if err != nil {
		t.Fatal(err)
	}
	return infos.ChipKeys()
}

// TestEveryChipAuthentication runs it with all ciphers over all domain parameters, short and extended, with and without
// a key identifier, with parameters spelled out and by number.
func TestEveryChipAuthentication(t *testing.T) {
	for i, id := range parameterIDs() {
		for j, cipher := range ciphers() {
			for _, extended := range []bool{false, true} {
				offer := cardsim.ChipOffer{Parameters: id, Cipher: cipher, Short: (i+j)%2 == 0, KeyID: j % 3}
				t.Run(fmt.Sprintf("%s/%s/extended %t", groupName(t, id), cipher, extended), func(t *testing.T) {
					t.Parallel()
					p := activeProfile(t, cardsim.ProfileOptions{Chip: []cardsim.ChipOffer{offer}})
					c := openByBAC(t, p, cardsim.Options{Extended: extended})
					keys, err := chipKeys(t, c)
					if err != nil || len(keys) != 1 {
						t.Fatalf("%d keys, %v", len(keys), err)
					}
					authenticateChip(t, c, p, keys[0])
				})
			}
		}
	}
}

// authenticateChip runs chip authentication, proves it by a read and checks the proof as an examiner would.
func authenticateChip(t *testing.T, c *emrtd.Conn, p *cardsim.Profile, key lds.ChipKey) {
	t.Helper()
	proof, err := c.ChipAuthenticate(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if proof.Proven() || c.Cipher() != key.Cipher {
		t.Errorf("before the first answer: proven %t, session with %s", proof.Proven(), c.Cipher())
	}
	checkReads(t, c, p)
	if !proof.Proven() {
		t.Fatal("not proven after an answer")
	}
	kept, err := json.Marshal(proof)
	if err != nil {
		t.Fatal(err)
	}
	var again emrtd.ChipProof
	if err := json.Unmarshal(kept, &again); err != nil {
		t.Fatal(err)
	}
	if err := emrtd.VerifyChipProof(&again, key); err != nil {
		t.Errorf("the proof does not hold: %v", err)
	}
	again.Response[len(again.Response)-3] ^= 1
	if err := emrtd.VerifyChipProof(&again, key); !errors.Is(err, emrtd.ErrNotGenuine) {
		t.Errorf("a changed answer proves: %v", err)
	}
}

// TestPACEThenChipAuthentication goes the whole way over each kind of group.
func TestPACEThenChipAuthentication(t *testing.T) {
	for _, id := range []int{0, 13, 18} {
		t.Run(groupName(t, id), func(t *testing.T) {
			p := activeProfile(t, cardsim.ProfileOptions{
				PACE: []cardsim.PACEOffer{{Cipher: secmsg.AES256, Parameters: id}},
				Chip: []cardsim.ChipOffer{{Parameters: id, Cipher: secmsg.AES192}},
			})
			c := emrtd.New(cardsim.New(p, cardsim.Options{}).Transport())
			if err := c.PACE(t.Context(), readAccess(t, c, false), emrtd.CAN(p.CAN)); err != nil {
				t.Fatal(err)
			}
			if err := c.SelectApplication(t.Context()); err != nil {
				t.Fatal(err)
			}
			keys, err := chipKeys(t, c)
			if err != nil {
				t.Fatal(err)
			}
			authenticateChip(t, c, p, keys[0])
		})
	}
}

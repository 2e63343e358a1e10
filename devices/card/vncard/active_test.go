package vncard_test

import (
	"crypto"
	"strings"
	"testing"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/vncard"
)

// TestCheckActive is what a reading says of the key of DG15: passed only where the chip has it and EF.SOD
// vouches for it, failed where somebody answered who has it not.
func TestCheckActive(t *testing.T) {
	type active = cardsim.ActiveOptions
	for name, v := range map[string]struct {
		profile cardsim.ProfileOptions
		chip    cardsim.Options
		outcome vncard.Outcome
		detail  string // of the reason if it passed, else the cause
	}{
		"as issued":             {cardsim.ProfileOptions{}, cardsim.Options{}, vncard.Passed, "ECDSA plain with SHA-256"},
		"RSA":                   {cardsim.ProfileOptions{Active: active{RSA: 1024, Hash: crypto.SHA1, Implicit: true}}, cardsim.Options{}, vncard.Passed, "RSA ISO 9796-2 with SHA-1"},
		"RSA, short answers":    {cardsim.ProfileOptions{Active: active{RSA: 2048}}, cardsim.Options{}, vncard.Passed, "RSA"},
		"RSA, in pieces":        {cardsim.ProfileOptions{Active: active{RSA: 2048}}, cardsim.Options{Oversize: cardsim.Continue}, vncard.Passed, "RSA"},
		"RSA, extended":         {cardsim.ProfileOptions{Active: active{RSA: 2048}}, cardsim.Options{Extended: true, Oversize: cardsim.Refuse}, vncard.Passed, "RSA"},
		"RSA, extended, BAC":    {cardsim.ProfileOptions{BACOnly: true, Active: active{RSA: 2048}}, cardsim.Options{Extended: true, Oversize: cardsim.Refuse}, vncard.Passed, "RSA"},
		"brainpoolP512r1, DER":  {cardsim.ProfileOptions{Active: active{Curve: 17, Hash: crypto.SHA512, DER: true}}, cardsim.Options{}, vncard.Passed, "ECDSA DER with SHA-512"},
		"AA-01 wrong":           {cardsim.ProfileOptions{}, cardsim.Options{Active: cardsim.ActiveWrong}, vncard.Failed, "cloned"},
		"AA-02 other challenge": {cardsim.ProfileOptions{}, cardsim.Options{Active: cardsim.ActiveReplay}, vncard.Failed, "cloned"},
		"AA-04 trailer":         {cardsim.ProfileOptions{Active: active{RSA: 1024}}, cardsim.Options{Active: cardsim.ActiveTrailer}, vncard.Failed, "cloned"},
		"AA-10 unlisted":        {cardsim.ProfileOptions{Unlisted: 15}, cardsim.Options{}, vncard.NotPossible, "not-offered"},
		"AA-11 no such":         {cardsim.ProfileOptions{Active: active{BadInfo: true}}, cardsim.Options{}, vncard.NotPossible, "unsupported"},
		"no DG15":               {cardsim.ProfileOptions{NoActive: true}, cardsim.Options{}, vncard.NotPossible, "not-offered"},
		"9000 and nothing":      {cardsim.ProfileOptions{}, cardsim.Options{Active: cardsim.ActiveEmpty}, vncard.NotPossible, "refused"},
		"refused":               {cardsim.ProfileOptions{}, cardsim.Options{Active: cardsim.ActiveRefused}, vncard.NotPossible, "refused"},
		"refused in the clear":  {cardsim.ProfileOptions{}, cardsim.Options{Active: cardsim.ActiveRefused, PlainErrors: true}, vncard.NotPossible, "refused"},
		"refused for its length": {cardsim.ProfileOptions{Active: active{RSA: 2048}}, cardsim.Options{Oversize: cardsim.Refuse},
			vncard.NotPossible, "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			check := readActive(t, v.profile, v.chip)
			detail := string(check.Cause)
			if check.Outcome == vncard.Passed {
				detail = check.Reason
			}
			if check.Outcome != v.outcome || !strings.HasPrefix(detail, v.detail) {
				t.Errorf("%+v", check)
			}
		})
	}
	t.Run("AA-08 DG15 altered", func(t *testing.T) {
		if check := readActive(t, cardsim.ProfileOptions{BadHash: 15}, cardsim.Options{}); check.Outcome == vncard.Passed {
			t.Errorf("%+v", check)
		}
	})
}

// readActive reads a simulated card and gives the check.
func readActive(t *testing.T, p cardsim.ProfileOptions, o cardsim.Options) vncard.Check {
	t.Helper()
	p.Photo = tinyPhoto(t)
	profile, err := cardsim.Build(cardsim.Personas()[0], p)
	if err != nil {
		t.Fatal(err)
	}
	mrz := profile.Persona.MRZ()
	request := vncard.Request{Number: profile.Persona.Number, MRZ: mrz[:]}
	c, err := vncard.Read(deadline(t), cardsim.New(profile, o).Transport(), request)
	if err != nil {
		t.Fatal(err)
	}
	if c.Photo == nil {
		t.Error("the reading did not go on")
	}
	for _, check := range c.Checks {
		if check.Name == vncard.CheckActive {
			return check
		}
	}
	t.Fatal("nothing is said of active authentication")
	return vncard.Check{}
}

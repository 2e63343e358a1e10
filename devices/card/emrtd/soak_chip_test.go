package emrtd_test

import (
	"os"
	"testing"
	"time"

	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
)

// How often the software chip that is not ours is opened: as often as it took to find a reader that loses leading zeros.
const (
	usualOpenings = 12
	soakOpenings  = 2500
)

// TestSoakForeignChip opens a chip that shares no code with the reader, by PACE and every fifth time by BAC, and has it
// prove itself. The keys are new each time.
func TestSoakForeignChip(t *testing.T) {
	cardtest.Shared(t)
	profile := cardtest.Profile(t)
	chip := cardtest.StartChip(t, profile, "--extended")
	person := cardtest.ReadPersona(t, profile)
	openings := usualOpenings
	if os.Getenv(soakVariable) != "" {
		openings = soakOpenings
	}
	begin, failed := time.Now(), 0
	for n := range openings {
		if err := chip.Reset(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := openForeign(t, emrtd.New(chip), person, n%5 == 4); err != nil {
			failed++
			t.Errorf("opening %d: %v", n, err)
		}
	}
	t.Logf("%d openings, %d failures, %v", openings, failed, time.Since(begin).Round(time.Second))
}

func openForeign(t *testing.T, c *emrtd.Conn, person cardtest.Persona, bac bool) error {
	t.Helper()
	ctx := t.Context()
	_, infos, err := c.ReadCardAccess(ctx, true)
	if err != nil {
		return err
	}
	if !bac {
		if err := c.PACE(ctx, infos.PACE()[0], emrtd.CAN(person.Text("can"))); err != nil {
			return err
		}
	}
	if err := c.SelectApplication(ctx); err != nil {
		return err
	}
	if bac {
		if err := c.BAC(ctx, person.Text("mrz_key")); err != nil {
			return err
		}
	}
	raw, err := c.ReadFile(ctx, emrtd.DG14, nil)
	if err != nil {
		return err
	}
	offers, err := lds.ParseDG14(raw)
	if err != nil {
		return err
	}
	keys, err := offers.ChipKeys()
	if err != nil {
		return err
	}
	proof, err := c.ChipAuthenticate(ctx, keys[0])
	if err != nil {
		return err
	}
	if _, err := c.ReadFile(ctx, emrtd.DG1, nil); err != nil {
		return err
	}
	return emrtd.VerifyChipProof(proof, keys[0])
}

package tr03105_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/vncard"
)

// unprotected reads a document that anybody may read.
func unprotected(t *testing.T) {
	want := goodZone().file()
	c := emrtd.New(&openChip{files: map[emrtd.File][]byte{emrtd.DG1: want}})
	if err := c.SelectApplication(t.Context()); err != nil {
		t.Fatal(err)
	}
	if raw, err := c.ReadFile(t.Context(), emrtd.DG1, nil); err != nil || !bytes.Equal(raw, want) || c.Secured() {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
}

func withBAC(t *testing.T) {
	c := reading(t, smallProfile(t, cardsim.ProfileOptions{BACOnly: true}), cardsim.Options{NoPACE: true})
	if c.Access != vncard.BAC || c.MRZ == nil || c.Photo == nil {
		t.Errorf("opened with %s", c.Access)
	}
	wants(t, c, vncard.CheckAccess, vncard.Passed, "")
}

// answers changes the answers to one instruction.
func answers(ins byte, change func(plain apdu.Response) apdu.Response) cardsim.Options {
	return cardsim.Options{Edit: func(_ int, now byte, plain apdu.Response) apdu.Response {
		if now == ins {
			return change(plain)
		}
		return plain
	}}
}

// says answers one instruction with a status word.
func says(ins byte, sw apdu.StatusWord) cardsim.Options {
	return answers(ins, func(apdu.Response) apdu.Response { return apdu.Response{SW: sw} })
}

// flips changes one byte of the answers to one instruction, counted from the end where at is below zero.
func flips(ins byte, at int) cardsim.Options {
	return answers(ins, func(plain apdu.Response) apdu.Response {
		i := at
		if i < 0 {
			i += len(plain.Data)
		}
		if i >= 0 && i < len(plain.Data) {
			plain.Data[i] ^= 1
		}
		return plain
	})
}

// notOpened: the chip is not opened, with this error, and no card comes of it.
func notOpened(o cardsim.ProfileOptions, options cardsim.Options, want error) func(*testing.T) {
	return func(t *testing.T) {
		if c, err := tryReading(t, smallProfile(t, o), options); !errors.Is(err, want) || c != nil {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

// broken opens a chip, and then one answer is not as secure messaging has it: the file is not read, and nothing more goes
// out under those keys.
func broken(fault cardsim.Fault, want error) func(*testing.T) {
	return func(t *testing.T) {
		strike := false
		p := smallProfile(t, cardsim.ProfileOptions{BACOnly: true})
		record := recorded(p, cardsim.Options{Fault: func(int) cardsim.Fault {
			if strike {
				return fault
			}
			return cardsim.NoFault
		}})
		c := opened(t, record, p)
		strike = true
		if raw, err := c.ReadFile(t.Context(), emrtd.DG1, nil); !errors.Is(err, want) || raw != nil {
			t.Errorf("%v, want %v", err, want)
		}
		strike = false
		sent := len(record.Commands())
		if _, err := c.ReadFile(t.Context(), emrtd.DG1, nil); err == nil || len(record.Commands()) != sent {
			t.Errorf("something went out after it, %v", err)
		}
	}
}

// opened is a chip after BAC.
func opened(t *testing.T, record *cardtest.Record, p *cardsim.Profile) *emrtd.Conn {
	t.Helper()
	c := emrtd.New(record)
	if err := c.SelectApplication(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.BAC(t.Context(), p.MRZInformation); err != nil {
		t.Fatal(err)
	}
	return c
}

// accessChecks are about the application, BAC and secure messaging.
func accessChecks() []check {
	bac := cardsim.ProfileOptions{BACOnly: true}
	return []check{
		{"ISO7816_A_01", unprotected},
		{"ISO7816_A_02", withBAC},
		{"ISO7816_A_03", notOpened(bac, says(apdu.InsSelect, apdu.FileNotFound), emrtd.ErrNotEMRTD)},
		{"ISO7816_B_01", notOpened(bac, flips(apdu.InsExternalAuthenticate, -1), emrtd.ErrSecureMessaging)},
		{"ISO7816_B_02", notOpened(bac, flips(apdu.InsExternalAuthenticate, 0), emrtd.ErrSecureMessaging)},
		{"ISO7816_B_03", notOpened(bac, says(apdu.InsExternalAuthenticate, 0x6300), emrtd.ErrWrongKey)},
		{"ISO7816_B_04", broken(cardsim.PlainUnknown, emrtd.ErrSessionEnded)},
		{"ISO7816_B_05", broken(cardsim.DropMAC, emrtd.ErrSecureMessaging)},
		{"ISO7816_B_06", broken(cardsim.DropCryptogram, emrtd.ErrSecureMessaging)},
		{"ISO7816_B_07", broken(cardsim.DropStatus, emrtd.ErrSecureMessaging)},
		{"ISO7816_B_08", broken(cardsim.FlipMAC, emrtd.ErrSecureMessaging)},
		{"ISO7816_B_09", broken(cardsim.FlipCryptogram, emrtd.ErrSecureMessaging)},
	}
}

// fileMissing: a file that cannot be selected is named, and the rest is read.
func fileMissing(t *testing.T) {
	p := changed(t, smallProfile(t, cardsim.ProfileOptions{}), cardsim.DG(13), func([]byte) []byte { return nil })
	c := reading(t, p, cardsim.Options{})
	if !slices.Contains(c.Refused, emrtd.DG13) || c.MRZ == nil {
		t.Errorf("%v refused", c.Refused)
	}
	wants(t, c, vncard.CheckDataGroups, vncard.Failed, vncard.CauseMissing)
}

// largeFile reads a DG2 of this size; past 32767 bytes the odd instruction reads on.
func largeFile(size int, odd bool) func(*testing.T) {
	return func(t *testing.T) {
		p := smallProfile(t, cardsim.ProfileOptions{PhotoBytes: size})
		record := recorded(p, cardsim.Options{Extended: !odd})
		c, err := readOver(t, record, p.Persona)
		if err != nil || c.Photo == nil || !bytes.Equal(c.Files[emrtd.DG2], p.Files[cardsim.DG(2)]) {
			t.Fatalf("%v", err)
		}
		if got := cardtest.Count(record.Commands(), apdu.InsReadBinaryOdd); (got > 0) != odd {
			t.Errorf("%d odd commands", got)
		}
		wants(t, c, vncard.CheckDataGroups, vncard.Passed, "")
	}
}

// shortFile reads a file over a chip that answers so to who asks for more than is left. A file that is as long as it says is
// read; one that ends before is damaged.
func shortFile(past func(left int) apdu.StatusWord) func(*testing.T) {
	return func(t *testing.T) {
		want := goodZone().file()
		for name, file := range map[string][]byte{"whole": want, "cut off": want[:len(want)-10]} {
			c := emrtd.New(&openChip{files: map[emrtd.File][]byte{emrtd.DG1: file}, past: past})
			if err := c.SelectApplication(t.Context()); err != nil {
				t.Fatal(err)
			}
			raw, err := c.ReadFile(t.Context(), emrtd.DG1, nil)
			if whole := len(file) == len(want); whole && (err != nil || !bytes.Equal(raw, want)) || !whole && !errors.Is(err, emrtd.ErrDamaged) {
				t.Errorf("%s: %d bytes, %v", name, len(raw), err)
			}
		}
	}
}

// emptyImage: a picture of no bytes is no picture, at the parser and at the card.
func emptyImage(t *testing.T) {
	faceRefused(func(f *face) { f.picture = nil })(t)
	f := goodFace()
	f.picture = nil
	p := changed(t, smallProfile(t, cardsim.ProfileOptions{}), cardsim.DG(2), func([]byte) []byte { return f.file() })
	if c := reading(t, p, cardsim.Options{}); c.Photo != nil || !slices.Contains(c.Damaged, emrtd.DG2) {
		t.Errorf("%v damaged", c.Damaged)
	}
}

// fileChecks are about reading files.
func fileChecks() []check {
	always := func(sw apdu.StatusWord) func(int) apdu.StatusWord { return func(int) apdu.StatusWord { return sw } }
	const large, larger = 30000, 40000
	return []check{
		{"ISO7816_C_01", fileMissing},
		{"ISO7816_C_02", largeFile(large, false)},
		{"ISO7816_C_03", shortFile(nil)},
		{"ISO7816_C_04", shortFile(always(apdu.StatusWord(0x6B00)))},
		{"ISO7816_C_05", shortFile(always(apdu.EndOfFile))},
		{"ISO7816_C_06", shortFile(func(left int) apdu.StatusWord {
			if left <= 0 {
				return 0x6B00
			}
			return 0x6C00 | apdu.StatusWord(left&0xFF)
		})},
		{"ISO7816_C_07", largeFile(larger, true)},
		{"ISO7816_C_08", emptyImage},
	}
}

// otherAccess reads a chip whose signed EF.CardSecurity offers PACE differently from its EF.CardAccess.
func otherAccess(change func(infos [][]byte) [][]byte, outcome vncard.Outcome, cause vncard.Cause) func(*testing.T) {
	return func(t *testing.T) {
		p := mappedProfile(t)
		p.CardSecurity = signedAccess(t, p, change)
		wants(t, reading(t, p, cardsim.Options{}), vncard.CheckAccess, outcome, cause)
	}
}

//go:build linux

package pcsc_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/pcsc"
	"motcua/devices/card/pcsc/pcsctest"
	"motcua/devices/card/vncard"
)

// This file holds the reader against a chip that shares no code with it, through a real PC/SC service: those of the
// negative cases that the chip can bring about. The same cases, and those it cannot, run in package emrtd at every
// command.

// apart is how many commands lie between two faults of one chip, more than a reading has. The faults are set when the
// chip starts; each reading is led up to its fault with commands that do nothing.
const apart = 80

// strike is one fault.
type strike struct {
	id, kind string
	ins      byte // the command that is struck …
	nth      int  // … is the n-th of these of a reading, from 1
	want     error
	whole    bool // the card is read all the same
}

// lies is a chip on a real reader.
type lies struct {
	t       *testing.T
	readers *pcsc.Readers
	chip    *cardtest.Laid
	profile string
	sent    int
}

func layChip(t *testing.T, r *pcsc.Readers, profile string, options ...string) *lies {
	t.Helper()
	l := &lies{t: t, readers: r, profile: profile}
	l.chip = cardtest.LayChip(t, pcsctest.Addr, profile, options...)
	return l
}

// connect powers the card. The service looks every 0.4 s, and at times misses a card that came soon after another; then
// it is lifted for a moment.
func (l *lies) connect() card.Transport {
	l.t.Helper()
	const (
		patience, seen, lifted = 20 * time.Second, 2 * time.Second, 1200 * time.Millisecond
		again                  = 50 * time.Millisecond
	)
	for end, lift := time.Now().Add(patience), time.Now().Add(seen); ; time.Sleep(again) {
		tr, err := l.readers.Connect(l.t.Context(), pcsctest.Reader)
		if err == nil {
			return tr
		}
		if time.Now().After(end) {
			l.t.Fatal(err)
		}
		if time.Now().After(lift) {
			l.chip.Away()
			time.Sleep(lifted)
			l.chip.Back()
			lift = time.Now().Add(seen)
		}
	}
}

// lift takes the chip away and waits until the service has seen it.
func (l *lies) lift() {
	l.t.Helper()
	l.chip.Lift()
	for end := time.Now().Add(hang); ; time.Sleep(100 * time.Millisecond) {
		tr, err := l.readers.Connect(l.t.Context(), pcsctest.Reader)
		if errors.Is(err, card.ErrNoCard) {
			return
		}
		if err == nil {
			_ = tr.Close()
		}
		if time.Now().After(end) {
			l.t.Fatalf("the chip is lifted, and still there: %v", err)
		}
	}
}

// counted counts what goes to the chip.
type counted struct {
	card.Transport
	l *lies
}

func (c counted) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	c.l.sent++
	return c.Transport.Transmit(ctx, command)
}

// read reads the card from power-on; the next fault strikes at the given command of it.
func (l *lies) read(next, command int) (*vncard.Card, [][]byte, error) {
	l.t.Helper()
	tr := counted{l.connect(), l}
	for l.sent < next-command {
		if _, err := tr.Transmit(l.t.Context(), []byte{0, 0xFE, 0, 0}); err != nil {
			l.t.Fatal(err)
		}
	}
	_ = tr.Close()
	tr = counted{l.connect(), l} // powered anew
	defer tr.Close()
	p := cardtest.ReadPersona(l.t, l.profile)
	date := func(key string) vncard.Date {
		d, err := time.Parse(time.DateOnly, p.Text(key))
		if err != nil {
			l.t.Fatal(err)
		}
		return vncard.Date{Year: d.Year(), Month: d.Month(), Day: d.Day()}
	}
	record := cardtest.NewRecord(tr)
	c, err := vncard.Read(l.t.Context(), record, vncard.Request{Number: p.Text("number"), Birth: date("birth"), Issued: date("issued")})
	cardtest.CheckCommands(l.t, record.Commands())
	return c, record.Commands(), err
}

// place is the number of the strike's command in a clean reading.
func (s strike) place(t *testing.T, clean [][]byte) int {
	t.Helper()
	n := s.nth
	for i, c := range clean {
		if c[1] == s.ins {
			if n--; n == 0 {
				return i + 1
			}
		}
	}
	t.Fatalf("no command %02X, %d", s.ins, s.nth)
	return 0
}

// run strikes one after the other.
func (l *lies) run(t *testing.T, clean [][]byte, strikes []strike) {
	defer func() { l.t = t }()
	for i, s := range strikes {
		t.Run(s.id+" "+s.kind, func(t *testing.T) {
			l.t = t
			at := s.place(t, clean)
			c, commands, err := l.read((i+1)*apart, at)
			if !errors.Is(err, s.want) || (c != nil) != (s.want == nil) {
				t.Errorf("%v, want %v", err, s.want)
			}
			if s.want != nil && len(commands) != at {
				t.Errorf("%d commands went out, want %d", len(commands), at)
			}
			if c != nil && len(c.Damaged)+len(c.Refused) > 0 == s.whole {
				t.Errorf("damaged %v, refused %v", c.Damaged, c.Refused)
			}
		})
	}
}

// faults are the options of a chip that has these strikes.
func faults(t *testing.T, clean [][]byte, strikes []strike) []string {
	t.Helper()
	out := []string{"--reinsert-ms", "1200", "--fault"}
	for i, s := range strikes {
		s.place(t, clean)
		out = append(out, fmt.Sprintf("%s@%d", s.kind, (i+1)*apart))
	}
	return out
}

// smallCard is a card with a small portrait.
func smallCard(t *testing.T, options ...string) string {
	t.Helper()
	photo, err := filepath.Abs(filepath.Join("..", "vncard", "testdata", "portrait.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	return cardtest.Profile(t, append([]string{"--photo", photo}, options...)...)
}

// TestNegativeCases: one fault at a time, on one chip with PACE and on one with BAC.
func TestNegativeCases(t *testing.T) {
	cardtest.Shared(t)
	const read, authorize, challenge = apdu.InsReadBinary, apdu.InsExternalAuthenticate, apdu.InsGetChallenge
	sm, access := emrtd.ErrSecureMessaging, emrtd.ErrAccess
	pcsctest.Start(t)
	readers := pcsc.New()
	t.Cleanup(func() { _ = readers.Close() })
	for name, v := range map[string]struct {
		options []string
		strikes []strike
	}{
		"PACE": {nil, []strike{
			{"SM-01", "flip-mac", read, 2, sm, false}, {"SM-01", "flip-mac", read, 9, sm, false}, {"SM-02", "drop-do8e", read, 3, sm, false},
			{"SM-04", "drop-do99", read, 4, sm, false}, {"SM-05", "flip-cryptogram", read, 5, sm, false}, {"SM-06", "wrong-sw99", read, 6, sm, false},
			{"SM-06", "wrong-sw", read, 7, sm, false}, {"SM-07", "replay", read, 8, sm, false}, {"SM-08", "plain-9000", read, 2, sm, false},
			{"SM-08", "empty-9000", read, 3, sm, false}, {"SM-13", "huge-length", read, 4, sm, false}, {"READ-07", "huge-file", read, 2, nil, false},
			{"READ-04", "sw-6700", read, 5, nil, true}, {"READ-16", "tear", read, 6, card.ErrRemoved, false}, {"READ-16", "tear", apdu.InsManageSecurityEnvironment, 1, card.ErrRemoved, false},
		}},
		"BAC": {[]string{"--no-pace"}, []strike{
			{"BAC-01", "flip-mac", authorize, 1, sm, false}, {"BAC-02", "flip-cryptogram", authorize, 1, sm, false}, {"BAC-07", "truncate", authorize, 1, access, false},
			{"BAC-06", "truncate", challenge, 1, access, false}, {"SM-01", "flip-mac", read, 4, sm, false}, {"SM-05", "flip-cryptogram", read, 4, sm, false},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			profile := smallCard(t)
			l := layChip(t, readers, profile, v.options...)
			c, clean, err := l.read(0, 0)
			if err != nil || len(c.Damaged)+len(c.Refused) > 0 {
				t.Fatalf("%v", err)
			}
			if len(clean) > apart-5 {
				t.Fatalf("a reading of %d commands does not fit between two faults", len(clean))
			}
			l.lift()
			l = layChip(t, readers, profile, append(v.options, faults(t, clean, v.strikes)...)...)
			l.run(t, clean, v.strikes)
			l.lift()
		})
	}
}

// TestNegativeChips: chips with habits and files of their own. Each is laid down, read and lifted.
func TestNegativeChips(t *testing.T) {
	cardtest.Shared(t)
	pcsctest.Start(t)
	readers := pcsc.New()
	t.Cleanup(func() { _ = readers.Close() })
	small := smallCard(t)
	cut := func(raw []byte) []byte { return raw[:len(raw)-3] }
	gone := func([]byte) []byte { return nil }
	nextTag := func(raw []byte) []byte { raw[0]++; return raw }
	shorter := func(raw []byte) []byte { raw[1]--; return raw }
	for _, v := range []struct {
		id      string
		profile string
		options []string
		access  vncard.Access
		bad     emrtd.File // 0: none
		check   vncard.Outcome
	}{
		{"READ-02 SM-16", small, []string{"--eof", "6282"}, vncard.PACECAN, 0, vncard.Passed},
		{"READ-04", small, []string{"--max-le", "160"}, vncard.PACECAN, 0, vncard.Passed},
		{"READ-04 ends the session", small, []string{"--max-le", "160", "--plain-errors"}, vncard.PACECAN, 0, vncard.Passed},
		{"READ-13", small, []string{"--no-pace"}, vncard.BAC, 0, vncard.Passed},
		{"READ-14", small, []string{"--mf", "6982"}, vncard.PACECAN, 0, vncard.Passed},
		{"READ-12", cardtest.Damage(t, small, "DG13.bin", gone), nil, vncard.PACECAN, emrtd.DG13, vncard.Failed},
		{"READ-20", cardtest.Damage(t, small, "EF_COM.bin", gone), nil, vncard.PACECAN, 0, vncard.Passed},
		{"READ-08", cardtest.Damage(t, small, "DG15.bin", cut), nil, vncard.PACECAN, emrtd.DG15, vncard.Failed},
		{"TLV-01", cardtest.Damage(t, small, "DG14.bin", nextTag), nil, vncard.PACECAN, emrtd.DG14, vncard.Failed},
		{"TLV-02", cardtest.Damage(t, small, "DG1.bin", shorter), nil, vncard.PACECAN, emrtd.DG1, vncard.Failed},
	} {
		t.Run(v.id, func(t *testing.T) {
			l := layChip(t, readers, v.profile, v.options...)
			c, _, err := l.read(0, 0)
			if err != nil {
				t.Fatal(err)
			}
			bad := append(c.Damaged, c.Refused...)
			if c.Access != v.access || v.bad == 0 && len(bad) > 0 || v.bad != 0 && (len(bad) != 1 || bad[0] != v.bad) {
				t.Errorf("%s, bad %v", c.Access, bad)
			}
			for _, check := range c.Checks {
				downgrade := check.Name == vncard.CheckAccess && v.access == vncard.BAC
				if downgrade && check.Outcome != vncard.Failed || check.Name == vncard.CheckDataGroups && check.Outcome != v.check {
					t.Errorf("%+v", check)
				}
			}
			l.lift()
		})
	}
}

// TestNegativeLarge (READ-10): a portrait beyond what P1-P2 can name.
func TestNegativeLarge(t *testing.T) {
	t.Run("READ-10", func(t *testing.T) {
		small := smallCard(t)
		pcsctest.Start(t)
		readers := pcsc.New()
		t.Cleanup(func() { _ = readers.Close() })
		path := filepath.Join(t.TempDir(), "large.jpg")
		photo, err := os.ReadFile(filepath.Join(small, "photo.jpg"))
		if err != nil {
			t.Fatal(err)
		}
		const segment = 33000 // bytes of a segment that means nothing, behind the JFIF header
		at := 4 + (int(photo[4])<<8 | int(photo[5]))
		filled := append([]byte{0xFF, 0xEB, segment >> 8, segment & 0xFF}, make([]byte, segment-2)...)
		if err := os.WriteFile(path, append(append(append([]byte{}, photo[:at]...), filled...), photo[at:]...), 0o600); err != nil {
			t.Fatal(err)
		}
		l := layChip(t, readers, cardtest.Profile(t, "--photo", path))
		c, commands, err := l.read(0, 0)
		if err != nil || len(c.Damaged) > 0 || cardtest.Count(commands, apdu.InsReadBinaryOdd) == 0 {
			t.Errorf("%v", err)
		}
		l.lift()
	})
}

package vncard_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/vncard"
)

// simProfile is a card in this process with a small portrait.
var simProfile = sync.OnceValues(func() (*cardsim.Profile, error) {
	photo, err := os.ReadFile("testdata/portrait.jpg")
	if err != nil {
		return nil, err
	}
	return cardsim.Build(cardsim.Personas()[0], cardsim.ProfileOptions{Photo: photo})
})

// simRequest is what the QR code of the card says.
func simRequest(p *cardsim.Profile) vncard.Request {
	date := func(t time.Time) vncard.Date { return vncard.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()} }
	return vncard.Request{Number: p.Persona.Number, Birth: date(p.Persona.Birth), Issued: date(p.Persona.Issued)}
}

// quirk is a chip and a reader with a habit.
type quirk struct {
	chip   cardsim.Options
	reader func(card.Transport) card.Transport
}

// read reads the whole card and counts the commands.
func (q quirk) read(t *testing.T, hints *vncard.Hints) (*vncard.Card, int, error) {
	t.Helper()
	p, err := simProfile()
	if err != nil {
		t.Fatal(err)
	}
	var transport card.Transport = cardsim.New(p, q.chip).Transport()
	if q.reader != nil {
		transport = q.reader(transport)
	}
	record := cardtest.NewRecord(transport)
	request := simRequest(p)
	request.Hints, request.Reader = hints, "reader"
	c, err := vncard.Read(deadline(t), record, request)
	if err == nil {
		checkSim(t, c, p)
		if c.Stats.APDUs != len(record.Commands()) {
			t.Errorf("%d commands are said, %d went out", c.Stats.APDUs, len(record.Commands()))
		}
	}
	cardtest.CheckCommands(t, record.Commands())
	return c, len(record.Commands()), err
}

// checkSim: the card was read whole, and every check that needs no issuer is passed.
func checkSim(t *testing.T, c *vncard.Card, p *cardsim.Profile) {
	t.Helper()
	for _, f := range []emrtd.File{emrtd.SOD, emrtd.DG1, emrtd.DG2, emrtd.DG13, emrtd.DG14, emrtd.DG15} {
		if !bytes.Equal(c.Files[f], p.Files[cardsim.FileID(f.Identifier())]) {
			t.Errorf("%s is not the chip's", f)
		}
	}
	for _, name := range []vncard.CheckName{vncard.CheckDataGroups, vncard.CheckChip, vncard.CheckActive, vncard.CheckNumber} {
		if outcome(c, name) != vncard.Passed {
			t.Errorf("%s: %v", name, c.Checks)
		}
	}
}

// errReader is a word of PC/SC that the contract has none for.
var errReader = errors.New("scard: Invalid parameter")

// narrow makes a reader that is less than it should be.
func narrow(n cardtest.Narrow) func(card.Transport) card.Transport {
	return func(t card.Transport) card.Transport {
		n := n
		n.Transport = t
		return &n
	}
}

// refusing is a chip whose ATR tells of extended length, and that answers it so.
func refusing(answer apdu.Response) quirk {
	return quirk{cardsim.Options{Extended: true}, narrow(cardtest.Narrow{Refusal: answer.Encode()})}
}

// habit is a quirk and what it costs: the commands of the best reading of its kind, and how many more there may be.
type habit struct {
	quirk
	base, more int
}

// opening is how many commands open a chip again: PACE and SELECT.
const opening = 6

// habits are readers and chips as they were seen to be. short and extended are how many commands the best readings take.
func habits(short, extended int) map[string]habit {
	long := cardsim.Options{Extended: true}
	return map[string]habit{
		// Readers of the ACR122U class: an answer over 255 or 256 bytes is cut, or an error. What a cut leaves for a status
		// word is chance: once in 256 times it is 61xx, and the rest is asked for.
		"short chip, answers cut at 255":           {quirk{reader: narrow(cardtest.Narrow{Reach: 255})}, short, 0},
		"short chip, answers cut at 256":           {quirk{reader: narrow(cardtest.Narrow{Reach: 256})}, short, 0},
		"short chip, no answer over 255":           {quirk{reader: narrow(cardtest.Narrow{Reach: 255, Lost: card.ErrUnresponsive})}, short, 0},
		"short chip under BAC, answers cut at 255": {quirk{cardsim.Options{NoPACE: true}, narrow(cardtest.Narrow{Reach: 255})}, short, 0},
		"extended chip, answers cut at 255":        {quirk{long, narrow(cardtest.Narrow{Reach: 255})}, short, opening + 2},
		"extended chip, answers cut at 256":        {quirk{long, narrow(cardtest.Narrow{Reach: 256})}, short, opening + 2},
		"extended chip, answers cut at 258":        {quirk{long, narrow(cardtest.Narrow{Reach: 258})}, short, opening + 2},
		"extended chip, answers cut at 262":        {quirk{long, narrow(cardtest.Narrow{Reach: 262})}, short, opening + 2},
		"extended chip, no answer over 256":        {quirk{long, narrow(cardtest.Narrow{Reach: 256, Lost: card.ErrUnresponsive})}, short, opening + 1},
		"extended chip, an error of its own":       {quirk{long, narrow(cardtest.Narrow{Reach: 256, Lost: errReader})}, short, opening + 1},
		// Readers without extended commands.
		"no extended commands, unresponsive":       {quirk{long, narrow(cardtest.Narrow{Extended: card.ErrUnresponsive})}, short, 1},
		"no extended commands, an error of PC/SC":  {quirk{long, narrow(cardtest.Narrow{Extended: errReader})}, short, 1},
		"no extended commands, but an ATR with it": {quirk{cardsim.Options{ATR: cardsim.New(&cardsim.Profile{}, long).ATR()}, nil}, short, 1},
		// A trial that is refused costs two commands at the most.
		"trial 6700":             {refusing(apdu.Response{SW: apdu.WrongLength}), short, 1},
		"trial 6D00":             {refusing(apdu.Response{SW: apdu.WrongINS}), short, 1},
		"trial 6E00":             {refusing(apdu.Response{SW: apdu.WrongCLA}), short, 1},
		"trial 6F00":             {refusing(apdu.Response{SW: apdu.NoDiagnosis}), short, 1},
		"trial 6B00":             {refusing(apdu.Response{SW: apdu.OffsetOutside}), short, 2},
		"trial 6282 and nothing": {refusing(apdu.Response{SW: apdu.EndOfFile}), short, 2},
		"trial 6C36":             {refusing(apdu.Response{SW: 0x6C36}), short, 2},
		"trial 9000 and nothing": {refusing(apdu.Response{SW: apdu.OK}), short, 1},
		"trial 6110":             {refusing(apdu.Response{SW: 0x6110}), short, 2},
		// Chips.
		"Le 256 is 6700":                {quirk{chip: cardsim.Options{MaxNe: 255}}, short, 1},
		"Le over 223 is 6700":           {quirk{chip: cardsim.Options{MaxNe: 223}}, short, 1},
		"SELECT MF is 6D00":             {quirk{chip: cardsim.Options{MF: apdu.WrongINS}}, short, 0},
		"no file at power-on, 6982":     {quirk{chip: noFile(apdu.SecurityStatus)}, short, 2},
		"no file at power-on, 6985":     {quirk{chip: noFile(apdu.ConditionsOfUse)}, short, 2},
		"file only in the application":  {quirk{chip: fileInApplication()}, short, 2},
		"6282 at the end of each file":  {quirk{chip: cardsim.Options{EndOfFileWarning: true}}, short, 0},
		"256 plain bytes in 285":        {quirk{chip: cardsim.Options{Oversize: cardsim.Overflow}}, short, 0},
		"no more than fits":             {quirk{chip: cardsim.Options{Oversize: cardsim.Fit}}, short, 0},
		"errors in the clear":           {quirk{chip: cardsim.Options{PlainErrors: true}}, short, 0},
		"over T=0, no piece needed":     {quirk{reader: narrow(cardtest.Narrow{Pieces: 256})}, short, 0},
		"over T=0, pieces of 200 bytes": {quirk{reader: narrow(cardtest.Narrow{Pieces: 200})}, short, short},
		"extended over T=0":             {quirk{long, narrow(cardtest.Narrow{Pieces: 256})}, extended, 20},
	}
}

// TestQuirk: each card is read whole, and for how many commands more than the best reading of its kind is part of the
// promise.
func TestQuirk(t *testing.T) {
	t.Parallel()
	_, short, err := quirk{}.read(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, extended, err := quirk{chip: cardsim.Options{Extended: true}}.read(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d commands short, %d extended", short, extended)
	for name, v := range habits(short, extended) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hints := &vncard.Hints{}
			_, first, err := v.read(t, hints)
			if err != nil {
				t.Fatal(err)
			}
			if first > v.base+v.more {
				t.Errorf("%d commands, want at most %d and %d more", first, v.base, v.more)
			}
			_, second, err := v.read(t, hints)
			if err != nil || second > first || v.more == opening+1 && second != short {
				t.Errorf("the next card takes %d commands, after %d: %v", second, first, err)
			}
		})
	}
}

// TestQuirkLearnt: that long answers go through is known only once one has come, and for no longer than it is so.
func TestQuirkLearnt(t *testing.T) {
	t.Parallel()
	long := cardsim.Options{Extended: true}
	cutting := narrow(cardtest.Narrow{Reach: 256})
	t.Run("the card left after the trial", func(t *testing.T) {
		for index := 1; index <= 7; index++ {
			hints, torn := &vncard.Hints{}, long
			torn.Fault = cardsim.Tear.At(index + 1)
			if _, _, err := (quirk{torn, cutting}).read(t, hints); !errors.Is(err, card.ErrRemoved) {
				t.Errorf("after %d: %v", index, err)
			}
			if _, _, err := (quirk{long, cutting}).read(t, hints); err != nil {
				t.Errorf("the next card: %v", err)
			}
		}
	})
	t.Run("another reader under the same name", func(t *testing.T) {
		hints := &vncard.Hints{}
		if _, _, err := (quirk{chip: long}).read(t, hints); err != nil {
			t.Fatal(err)
		}
		if _, _, err := (quirk{long, cutting}).read(t, hints); !errors.Is(err, vncard.ErrSecureMessaging) {
			t.Errorf("the first card: %v", err)
		}
		if _, _, err := (quirk{long, cutting}).read(t, hints); err != nil {
			t.Errorf("the next card: %v", err)
		}
	})
}

// noFile is a chip that does not give EF.CardAccess at power-on.
func noFile(sw apdu.StatusWord) cardsim.Options {
	return cardsim.Options{Edit: func(index int, _ byte, plain apdu.Response) apdu.Response {
		if index == 1 {
			return apdu.Response{SW: sw}
		}
		return plain
	}}
}

// fileInApplication is a chip that gives EF.CardAccess once the application is selected, and not before.
func fileInApplication() cardsim.Options {
	o := noFile(apdu.SecurityStatus)
	o.AccessInApplet = apdu.OK
	return o
}

// TestQuirkBounded: a chip that announces more for ever, or corrects the length for ever, ends the reading soon.
func TestQuirkBounded(t *testing.T) {
	t.Parallel()
	for name, sw := range map[string]apdu.StatusWord{"61xx": 0x6120, "6Cxx": 0x6C20} {
		for _, from := range []int{1, 8} {
			t.Run(name, func(t *testing.T) {
				_, commands, err := quirk{chip: cardsim.Options{Rewrite: func(index int, raw []byte) []byte {
					if index >= from {
						return apdu.Response{SW: sw}.Encode()
					}
					return raw
				}}}.read(t, nil)
				if err == nil || commands > from+40 {
					t.Errorf("%d commands, %v", commands, err)
				}
			})
		}
	}
}

// slow takes long for each command after a failed access control, in the time of synctest.
type slow struct {
	card.Transport
	pause time.Duration
}

func (s *slow) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	select {
	case <-time.After(s.pause):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	response, err := s.Transport.Transmit(ctx, command)
	if err == nil && bytes.Equal(response, []byte{0x63, 0x00}) {
		s.pause = 14 * time.Second
	}
	return response, err
}

// TestQuirkSlow (BAC-09): a chip that takes 14 s for each command once a key was wrong is read all the same.
func TestQuirkSlow(t *testing.T) {
	p, err := simProfile()
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]cardsim.Options{"BAC": {NoPACE: true}, "PACE": {}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				chip := cardsim.New(p, o)
				transport := &slow{Transport: chip.Transport()}
				wrong := simRequest(p)
				wrong.Number = "099090000018"
				if _, err := vncard.Read(t.Context(), transport, wrong); !errors.Is(err, vncard.ErrWrongKey) {
					t.Errorf("%v", err)
				}
				chip.Reset()
				began, request := time.Now(), simRequest(p)
				request.Now = func() time.Time { return p.Persona.Issued.AddDate(1, 0, 0) }
				c, err := vncard.Read(t.Context(), transport, request)
				if err != nil {
					t.Fatal(err)
				}
				checkSim(t, c, p)
				if time.Since(began) < time.Minute {
					t.Error("the chip was not slow")
				}
			})
		})
	}
}

// repeating is a generator that is broken.
type repeating struct{}

func (repeating) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 0x42
	}
	return len(b), nil
}

// TestRepeatedChallenge (BAC-08): a chip that sends one random number in two readings is read, with a note.
func TestRepeatedChallenge(t *testing.T) {
	t.Parallel()
	hints := &vncard.Hints{}
	for i, random := range []io.Reader{repeating{}, repeating{}, nil} {
		c, _, err := quirk{chip: cardsim.Options{NoPACE: true, Random: random}}.read(t, hints)
		if err != nil {
			t.Fatal(err)
		}
		if noted := slices.Contains(c.Notes, emrtd.ErrRepeatedChallenge.Error()); noted != (i == 1) {
			t.Errorf("reading %d: notes %v", i+1, c.Notes)
		}
	}
}

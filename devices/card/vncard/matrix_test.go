package vncard_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/vncard"
)

// expected is what a kind of fault may end in under secure messaging: nil that the card is read, with the file that was
// struck named as bad at the most.
func expected(f cardsim.Fault) []error {
	switch f {
	case cardsim.Tear:
		return []error{card.ErrRemoved}
	case cardsim.HugeFile: // one file is damaged
		return []error{nil}
	case cardsim.PlainWrongLength: // shorter, after the chip was opened again
		return []error{nil, vncard.ErrSecureMessaging}
	}
	return []error{vncard.ErrSecureMessaging}
}

// onlyData are the kinds that change an answer only if it has data: at SELECT and MSE they do nothing.
func onlyData(f cardsim.Fault) bool {
	return slices.Contains([]cardsim.Fault{cardsim.DropCryptogram, cardsim.SwapObjects, cardsim.WrongIndicator, cardsim.NoIndicator,
		cardsim.NoPadding, cardsim.LongForm, cardsim.IndefiniteLength}, f)
}

// inTheClear is what any fault but a tear may end in before secure messaging: nobody protects that phase. A wrong key is
// the chip's word for a token that was changed on the way.
func inTheClear() []error {
	return []error{nil, vncard.ErrAccess, vncard.ErrWrongKey, vncard.ErrSecureMessaging, vncard.ErrNotEMRTD, vncard.ErrUnsupported}
}

// clean is a reading without a fault.
type clean struct {
	commands [][]byte
	data     []bool // whether the answer to each command has data
}

func cleanReading(t *testing.T, p *cardsim.Profile, o cardsim.Options) clean {
	t.Helper()
	var out clean
	o.Edit = func(_ int, _ byte, plain apdu.Response) apdu.Response {
		out.data = append(out.data, len(plain.Data) > 0)
		return plain
	}
	record := cardtest.NewRecord(cardsim.New(p, o).Transport())
	c, err := vncard.Read(deadline(t), record, simRequest(p))
	if err != nil {
		t.Fatal(err)
	}
	checkSim(t, c, p)
	out.commands = record.Commands()
	return out
}

// TestFaultMatrix: each kind of fault at each command of a reading, whatever commands a reading has. The reading ends
// with the right word, nothing wrong is given out, nothing goes out after an answer that is not genuine, and the next
// reading of the same card is as good as any.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	p, err := simProfile()
	if err != nil {
		t.Fatal(err)
	}
	kinds := cardsim.Faults()
	if len(kinds) < 12 {
		t.Fatalf("%d kinds", len(kinds))
	}
	for way, o := range map[string]cardsim.Options{"PACE": {}, "PACE, extended": {Extended: true}, "BAC": {NoPACE: true}} {
		whole := cleanReading(t, p, o)
		for _, kind := range kinds {
			t.Run(way+"/"+kind.String(), func(t *testing.T) {
				t.Parallel()
				for i := range whole.commands {
					struck{t, p, o, kind, i + 1, whole}.check()
				}
			})
		}
	}
}

// struck is one reading with one fault.
type struck struct {
	t     *testing.T
	p     *cardsim.Profile
	o     cardsim.Options
	kind  cardsim.Fault
	index int
	whole clean
}

func (s struck) errorf(format string, args ...any) {
	s.t.Helper()
	s.t.Errorf("at %d: %s", s.index, fmt.Sprintf(format, args...))
}

func (s struck) check() {
	s.t.Helper()
	s.o.Fault = s.kind.At(s.index)
	chip := cardsim.New(s.p, s.o)
	record := cardtest.NewRecord(chip.Transport())
	c, err := vncard.Read(deadline(s.t), record, simRequest(s.p))
	commands := record.Commands()
	cardtest.CheckCommands(s.t, commands)
	switch protected := s.whole.commands[s.index-1][0]&apdu.ClassSecure != 0; {
	case !protected && s.kind != cardsim.Tear:
		if !isOneOf(err, inTheClear()) {
			s.errorf("%v", err)
		}
	case onlyData(s.kind) && !s.whole.data[s.index-1]:
		if err != nil {
			s.errorf("%v", err)
		}
	case err == nil && !isOneOf(nil, expected(s.kind)):
		s.contradicted(c, len(commands))
	case !isOneOf(err, expected(s.kind)):
		s.errorf("%v", err)
	case errors.Is(err, vncard.ErrSecureMessaging) && s.kind != cardsim.PlainWrongLength && len(commands) != s.index:
		if s.kind != cardsim.DropCryptogram { // genuine, and only what follows from it is not
			s.errorf("%d commands went out", len(commands))
		}
	}
	if (c == nil) != (err != nil) {
		s.errorf("a card with %v", err)
	}
	if c != nil {
		s.nothingWrong(c)
	}
	const thin = 5 // a tear leaves the chip as any other fault does, so that the others need not be followed up everywhere
	if s.kind == cardsim.Tear || s.index%thin == 0 {
		s.again(chip)
	}
}

// contradicted: where secure messaging was expected to fail and the card is given out all the same, it must be because
// the answer was the chip's proof: the card is that of a copy, or of a chip that proves nothing.
func (s struck) contradicted(c *vncard.Card, commands int) {
	s.t.Helper()
	if outcome(c, vncard.CheckChip) == vncard.Passed && outcome(c, vncard.CheckActive) == vncard.Passed {
		s.errorf("the card is read, and the chip is proven")
	}
	if outcome(c, vncard.CheckChip) == vncard.Failed && commands != s.index {
		s.errorf("%d commands went out", commands)
	}
}

// nothingWrong: a file that is given out is the chip's; one that is not is named, or the reading says that it ended
// early.
func (s struck) nothingWrong(c *vncard.Card) {
	s.t.Helper()
	missing := false
	for _, f := range []emrtd.File{emrtd.SOD, emrtd.DG1, emrtd.DG2, emrtd.DG13, emrtd.DG14, emrtd.DG15} {
		raw := c.Files[f]
		missing = missing || raw == nil
		if raw != nil && !bytes.Equal(raw, s.p.Files[cardsim.FileID(f.Identifier())]) {
			s.errorf("%s is wrong", f)
		}
	}
	if missing && len(c.Damaged)+len(c.Refused) == 0 && !c.Proof.Skipped && !c.Proof.NotGenuine {
		s.errorf("a file is missing without a word")
	}
	if len(c.Damaged) > 0 && outcome(c, vncard.CheckDataGroups) == vncard.Passed {
		s.errorf("%v damaged, and the check passed", c.Damaged)
	}
}

// again reads the same card once more. The fault has struck already.
func (s struck) again(chip *cardsim.Card) {
	s.t.Helper()
	c, err := vncard.Read(deadline(s.t), chip.Transport(), simRequest(s.p))
	if err != nil {
		s.errorf("the next reading: %v", err)
		return
	}
	checkSim(s.t, c, s.p)
}

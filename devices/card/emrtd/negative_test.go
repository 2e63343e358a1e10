package emrtd_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/vncard"
)

// The negative_*_test.go files hold the reader against a chip on which one thing is wrong at a time. Each subtest has
// the number of its case. What a case asks of the reader is an error of one class, a number of commands, and that
// nothing more goes out under keys that may be compromised.

// smallPhoto keeps readings short.
var smallPhoto = sync.OnceValues(func() ([]byte, error) { return os.ReadFile("../vncard/testdata/portrait.jpg") })

// profile is the card of the first persona with a small portrait.
func profile(t testing.TB, o cardsim.ProfileOptions) *cardsim.Profile {
	t.Helper()
	if o.Photo == nil {
		photo, err := smallPhoto()
		if err != nil {
			t.Fatal(err)
		}
		o.Photo = photo
	}
	p, err := cardsim.Build(cardsim.Personas()[0], o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var plainProfile = sync.OnceValues(func() (*cardsim.Profile, error) {
	photo, err := smallPhoto()
	if err != nil {
		return nil, err
	}
	return cardsim.Build(cardsim.Personas()[0], cardsim.ProfileOptions{Photo: photo})
})

// with is the plain profile with one file changed; nil takes it away.
func with(t testing.TB, id cardsim.FileID, change func([]byte) []byte) *cardsim.Profile {
	t.Helper()
	p, err := plainProfile()
	if err != nil {
		t.Fatal(err)
	}
	changed := *p
	changed.Files = map[cardsim.FileID][]byte{}
	for f, content := range p.Files {
		changed.Files[f] = bytes.Clone(content)
	}
	if content := change(changed.Files[id]); content != nil {
		changed.Files[id] = content
	} else {
		delete(changed.Files, id)
	}
	return &changed
}

// situation is a chip and what is known of its holder.
type situation struct {
	profile *cardsim.Profile // nil: the plain one
	options cardsim.Options
	request *vncard.Request // nil: what the QR code says
	between func(card.Transport) card.Transport
}

// fromQR is what the QR code of the persona says.
func fromQR(p cardsim.Persona) vncard.Request {
	date := func(t time.Time) vncard.Date { return vncard.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()} }
	return vncard.Request{Number: p.Number, Birth: date(p.Birth), Issued: date(p.Issued)}
}

// result is what came of a reading.
type result struct {
	t        testing.TB
	profile  *cardsim.Profile
	chip     *cardsim.Card
	card     *vncard.Card
	err      error
	commands [][]byte
}

// read reads the whole card.
func (s situation) read(t testing.TB) result {
	t.Helper()
	if s.profile == nil {
		p, err := plainProfile()
		if err != nil {
			t.Fatal(err)
		}
		s.profile = p
	}
	chip := cardsim.New(s.profile, s.options)
	record := cardtest.NewRecord(chip.Transport())
	var transport card.Transport = record
	if s.between != nil {
		transport = s.between(record)
	}
	request := fromQR(s.profile.Persona)
	if s.request != nil {
		request = *s.request
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := vncard.Read(ctx, transport, request)
	r := result{t, s.profile, chip, c, err, record.Commands()}
	cardtest.CheckCommands(t, r.commands)
	return r
}

// classes are the errors that a caller tells apart. An error is of one class only.
func classes() []error {
	return []error{emrtd.ErrWrongKey, emrtd.ErrNotEMRTD, emrtd.ErrSecureMessaging, emrtd.ErrAccess, emrtd.ErrDamaged,
		emrtd.ErrUnsupported, vncard.ErrOtherCard, vncard.ErrKeyMissing, card.ErrRemoved, card.ErrUnresponsive}
}

// isOnly fails the test unless err is of this class and of no other.
func isOnly(t testing.TB, err, class error) {
	t.Helper()
	if !errors.Is(err, class) {
		t.Errorf("%v, want %v", err, class)
	}
	for _, other := range classes() {
		if !errors.Is(class, other) && errors.Is(err, other) {
			t.Errorf("%v is also %v", err, other)
		}
	}
}

// fails: the error is of this class, nothing that was read is given out, and so many commands went out in all.
func (r result) fails(class error, commands int) {
	r.t.Helper()
	isOnly(r.t, r.err, class)
	if r.card != nil {
		r.t.Error("a card is given out")
	}
	if len(r.commands) != commands {
		r.t.Errorf("%d commands went out, want %d", len(r.commands), commands)
	}
}

// ends: an answer to the command made the reading end there, and so many commands went out in all. What comes first after
// chip authentication is the chip's proof: a wrong answer to it is not told from one of a copy, and what was read before
// is given out as that of a copy.
func (r result) ends(at, commands int) {
	r.t.Helper()
	if r.err != nil || at != proving(r.commands) {
		r.fails(emrtd.ErrSecureMessaging, commands)
		return
	}
	if outcome(r.card, vncard.CheckChip) != vncard.Failed || outcome(r.card, vncard.CheckActive) == vncard.Passed {
		r.t.Errorf("command %d: %v", at, r.card.Checks)
	}
	if len(r.commands) != commands || r.card.Photo != nil {
		r.t.Errorf("%d commands went out, want %d", len(r.commands), commands)
	}
}

// proving is the number of the command after chip authentication, 0 if there was none.
func proving(commands [][]byte) int {
	for i, c := range commands {
		if c[0]&apdu.ClassSecure != 0 && c[1] == apdu.InsGeneralAuthenticate {
			return i + 2
		}
	}
	return 0
}

// succeeds: every file is the chip's, but for those that are named as damaged or refused. A reading that found something
// contradicted ends early, and says so.
func (r result) succeeds(without ...emrtd.File) *vncard.Card {
	r.t.Helper()
	if r.err != nil {
		r.t.Fatal(r.err)
	}
	named := append(append([]emrtd.File{}, r.card.Damaged...), r.card.Refused...)
	for _, f := range []emrtd.File{emrtd.SOD, emrtd.DG1, emrtd.DG2, emrtd.DG13, emrtd.DG14, emrtd.DG15} {
		missing := contains(without, f)
		raw := r.card.Files[f]
		if raw == nil && r.card.Proof.Skipped && !contains(named, f) {
			continue
		}
		if contains(named, f) != missing {
			r.t.Errorf("%s: named as bad %t, want %t", f, !missing, missing)
		}
		if !missing && !bytes.Equal(raw, r.profile.Files[cardsim.FileID(f.Identifier())]) {
			r.t.Errorf("%s is not the chip's", f)
		}
	}
	return r.card
}

func contains(files []emrtd.File, f emrtd.File) bool {
	for _, x := range files {
		if x == f {
			return true
		}
	}
	return false
}

// outcome of a check of the card.
func outcome(c *vncard.Card, name vncard.CheckName) vncard.Outcome {
	for _, check := range c.Checks {
		if check.Name == name {
			return check.Outcome
		}
	}
	return ""
}

// instead is an Options.Edit that answers every command with the instruction alike.
func instead(ins byte, r apdu.Response) func(int, byte, apdu.Response) apdu.Response {
	return func(_ int, got byte, plain apdu.Response) apdu.Response {
		if got == ins {
			return r
		}
		return plain
	}
}

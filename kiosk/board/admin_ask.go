package board

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"motcua/kiosk/desk"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// This file is the dialogs of the page of administration.

// FieldKind is what is typed into a field.
type FieldKind string

// The kinds.
const (
	FieldLine   FieldKind = "line"   // as it is typed
	FieldWords  FieldKind = "words"  // Vietnamese, written with Options.Compose
	FieldSecret FieldKind = "secret" // digits, of which a Snapshot has the number alone
	FieldSheet  FieldKind = "sheet"  // letters of a sheet of the recovery key, of which a Snapshot has the number alone
	FieldChoice FieldKind = "choice" // one of Choices, by number, or with the keys left and right
)

// Ask is a dialog to be seen. Its texts are desk.ask.ID.
type Ask struct {
	ID      string
	Lines   []Words // what is about to be done
	Fields  []Field
	At      int           // which is being filled
	Problem string        // key of assets/text under desk.error
	Wait    time.Duration // until the next PIN counts
	Grim    bool          // what it does cannot be taken back
}

// Field is one of a dialog. Its label is desk.input.ID.
type Field struct {
	ID      string
	Kind    FieldKind
	Value   string // "" of a secret
	Digits  int    // typed of a secret or a sheet
	Choices []Words
	Chosen  int
}

// question is a dialog that is open.
type question struct {
	id      string
	lines   []Words
	fields  []blank
	at      int
	problem string
	grim    bool
	// wait is how long a PIN has to wait. May be nil.
	wait func() time.Duration
	// tend fits the fields to what was chosen. May be nil.
	tend func(q *question)
	// then does what the dialog is for. It gives a problem, and the dialog stays; or it is closed, also by an error.
	then func(ctx context.Context, q *question) (problem string, err error)

	reading *task[cardRead] // of a card that it waits for
	owner   string          // the officer whose card that should be
	// read goes on with what the chip said.
	read func(ctx context.Context, secret []byte) (problem string, err error)
}

// blank is a field while it is filled.
type blank struct {
	id      string
	kind    FieldKind
	value   []rune
	choices []Words
	chosen  int
}

// longestField is the longest text of a field, in characters.
const longestField = desk.MaxReason

// text is what a field has.
func (q *question) text(id string) string {
	if f := q.field(id); f != nil {
		return strings.TrimSpace(string(f.value))
	}
	return ""
}

// chosen is which choice of a field is taken.
func (q *question) chosen(id string) int {
	if f := q.field(id); f != nil {
		return f.chosen
	}
	return 0
}

func (q *question) field(id string) *blank {
	for i := range q.fields {
		if q.fields[i].id == id {
			return &q.fields[i]
		}
	}
	return nil
}

// forget overwrites what was typed.
func (q *question) forget() {
	if q == nil {
		return
	}
	for i := range q.fields {
		clear(q.fields[i].value)
		q.fields[i].value = nil
	}
	if r := q.reading.result(); r != nil {
		clear(r.value.secret)
	}
	q.reading.stop()
	q.reading = nil
}

// inAsk takes the keys of a dialog.
func (b *Board) inAsk(ctx context.Context, i Intent) error {
	q := b.admin.ask
	if q.reading != nil && !passesReading(i) {
		return nil
	}
	if q.tend != nil {
		defer q.tend(q)
	}
	switch i := i.(type) {
	case Tick:
		return errors.Join(b.readSecond(ctx, q), b.tendAdmin(ctx), b.refresh(ctx))
	case Move:
		if n := len(q.fields); n > 0 {
			q.at = (q.at + i.By%n + n) % n
		}
	case Choose:
		if i.Row >= 0 && i.Row < len(q.fields) {
			q.at = i.Row
		}
	case Pick:
		if i.Field >= 0 && i.Field < len(q.fields) && i.Choice >= 0 && i.Choice < len(q.fields[i.Field].choices) {
			q.at, q.fields[i.Field].chosen = i.Field, i.Choice
		}
	case Type:
		q.problem = ""
		q.typed(i.Rune, b.opt.Compose)
	case Turn:
		q.turn(i.By)
	case Delete:
		q.problem = ""
		if q.at < len(q.fields) {
			if v := &q.fields[q.at].value; len(*v) > 0 {
				(*v)[len(*v)-1] = 0
				*v = (*v)[:len(*v)-1]
			}
		}
	case Escape:
		q.forget()
		b.admin.ask = nil
	case Enter:
		return b.answer(ctx, q)
	case Lock:
		return b.lock(ctx)
	}
	return nil
}

// answer goes to the next field, and from the last one does what the dialog is for.
func (b *Board) answer(ctx context.Context, q *question) error {
	if q.at < len(q.fields)-1 {
		q.at++
		return nil
	}
	problem, err := q.then(ctx, q)
	return b.endAsk(ctx, q, problem, err)
}

// endAsk closes a dialog that has no problem.
func (b *Board) endAsk(ctx context.Context, q *question, problem string, err error) error {
	if q.problem = problem; problem != "" {
		return nil
	}
	q.forget()
	if b.admin.ask == q {
		b.admin.ask = nil
	}
	if b.key == nil {
		return err
	}
	return errors.Join(err, b.admin.list[b.admin.at].open(ctx, b), b.refresh(ctx))
}

func (q *question) typed(r rune, compose func(string, rune) string) {
	if q.at >= len(q.fields) {
		return
	}
	f := &q.fields[q.at]
	switch f.kind {
	case FieldSecret:
		if r >= '0' && r <= '9' && len(f.value) < seal.MaxPIN {
			if f.value == nil {
				f.value = make([]rune, 0, seal.MaxPIN) // it never moves, so that forget reaches all of it
			}
			f.value = append(f.value, r)
		}
	case FieldSheet:
		if f.value == nil {
			f.value = make([]rune, 0, longestField)
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			f.value = append(f.value[:min(len(f.value), longestField-1)], r)
		}
	case FieldChoice:
		if n := int(r - '1'); n >= 0 && n < len(f.choices) {
			f.chosen = n
		}
	case FieldWords:
		if len(f.value) < longestField {
			f.value = []rune(compose(string(f.value), r))
		}
	case FieldLine:
		if len(f.value) < longestField {
			f.value = append(f.value, r)
		}
	}
}

func (q *question) turn(by int) {
	if q.at < len(q.fields) && q.fields[q.at].kind == FieldChoice {
		f := &q.fields[q.at]
		n := len(f.choices)
		f.chosen = (f.chosen + by%n + n) % n
	}
}

// asked is the dialog to be seen.
func (b *Board) asked() *Ask {
	q := b.admin.ask
	if q == nil {
		return nil
	}
	a := &Ask{ID: q.id, Lines: q.lines, At: q.at, Problem: q.problem, Grim: q.grim}
	if q.wait != nil {
		a.Wait = q.wait()
	}
	for _, f := range q.fields {
		field := Field{ID: f.id, Kind: f.kind, Choices: f.choices, Chosen: f.chosen}
		if f.kind == FieldSecret || f.kind == FieldSheet {
			field.Digits = len(f.value)
		} else {
			field.Value = string(f.value)
		}
		a.Fields = append(a.Fields, field)
	}
	return a
}

// newPIN is the PIN that was typed twice, or the problem with it.
func (q *question) newPIN() (pin, problem string) {
	one, two := q.text("pin"), q.text("again")
	switch {
	case seal.CheckPIN(one) != nil:
		return "", "pin"
	case one != two:
		return "", "pins"
	}
	return one, ""
}

// pinTwice are the fields for a new PIN.
func pinTwice() []blank {
	return []blank{{id: "pin", kind: FieldSecret}, {id: "again", kind: FieldSecret}}
}

// colleague finds an account among all, locked ones too.
func colleague(all []officer.Account, id string) (officer.Account, bool) {
	at := slices.IndexFunc(all, func(a officer.Account) bool { return a.ID == id })
	if at < 0 {
		return officer.Account{}, false
	}
	return all[at], true
}

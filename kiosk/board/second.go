package board

import (
	"context"
	"errors"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

// This file is the second officer of what takes two: a colleague signs in in a dialog, with the PIN, and with the own card where the account wants
// both. There is one reader: while the dialog is open, whoever signed in by card may take theirs away, and is signed out once all is done.

// AskReading is the problem of an Ask that is none: a card is being read.
const AskReading = "reading"

// The fields of the dialog.
const (
	secondWho = iota
	secondPIN
	secondDigits // only if nobody here knows what opens the card
)

// together has a second officer sign in for what takes two, and then does it. lines say what it is. Whoever is at the desk, or the second,
// has to have the right: the store wants both signatures.
func (b *Board) together(right officer.Right, lines []Words, do func(ctx context.Context, by []store.Signer) error) {
	var others []officer.Account
	var names []Words
	for _, a := range b.accounts {
		if a.ID != b.me.ID && (b.me.Role.May(right) || a.Role.May(right)) {
			others, names = append(others, a), append(names, As(a.Name))
		}
	}
	if len(others) == 0 {
		b.notice = "desk.notice.no-second"
		return
	}
	q := &question{id: "second", lines: lines, grim: true, fields: []blank{{id: "second", kind: FieldChoice, choices: names}, {id: "pin-of", kind: FieldSecret}}}
	who := func() officer.Account { return others[q.chosen("second")] }
	q.wait = func() time.Duration { return b.triesOf(who().ID).Wait(b.opt.Now()) }
	q.tend = func(q *question) { b.fitSecond(q, who()) }
	q.tend(q)
	signs := func(ctx context.Context, s seal.Secret) (string, error) {
		key, problem, err := b.proves(ctx, who(), s)
		if problem != "" || err != nil {
			q.empty(secondPIN)
			return problem, err
		}
		return "", do(ctx, []store.Signer{b.signer(), {ID: who().ID, Identity: key}})
	}
	q.then = func(ctx context.Context, q *question) (string, error) {
		secret := seal.Secret{PIN: q.text("pin-of")}
		if !who().Locked.Card {
			return signs(ctx, secret)
		}
		q.read = func(ctx context.Context, card []byte) (string, error) {
			secret.Card = card
			return signs(ctx, secret)
		}
		return b.askCard(q, who()), nil
	}
	b.admin.ask = q
}

// fitSecond asks for the six digits of a card only if they are needed.
func (b *Board) fitSecond(q *question, a officer.Account) {
	needs := a.Locked.Card && b.opt.ReadCard != nil && b.cards.known[a.ID] == ""
	switch has := len(q.fields) > secondDigits; {
	case needs && !has:
		q.fields = append(q.fields, blank{id: "digits-of", kind: FieldSecret})
	case !needs && has:
		q.empty(secondDigits)
		q.fields = q.fields[:secondDigits]
		q.at = min(q.at, secondPIN)
	}
}

// empty overwrites what was typed into a field, and goes there.
func (q *question) empty(field int) {
	f := &q.fields[field]
	clear(f.value)
	f.value = f.value[:0]
	q.at = field
}

// askCard begins to read the card of an officer, and gives the problem with that, AskReading if there is none.
func (b *Board) askCard(q *question, a officer.Account) string {
	can := b.cards.known[a.ID]
	if can == "" {
		can = q.text("digits-of")
	}
	switch {
	case b.opt.ReadCard == nil:
		return "card"
	case b.triesOf(a.ID).Wait(b.opt.Now()) > 0:
		return "wait"
	case len(can) != CANDigits:
		return "digits-of"
	case b.cards.state != CardLies:
		return "lay"
	}
	q.owner = a.ID
	q.reading = b.startReading(b.shift.ctx, []string{can})
	return AskReading
}

// passesReading reports whether an intent goes on while a card is being read.
func passesReading(i Intent) bool {
	switch i.(type) {
	case Tick, Escape, Lock:
		return true
	}
	return false
}

// readSecond goes on with the card that was read for a dialog.
func (b *Board) readSecond(ctx context.Context, q *question) error {
	r := q.reading.result()
	if r == nil {
		return nil
	}
	q.reading = nil
	defer clear(r.value.secret)
	if r.err == nil {
		b.cards.known[q.owner] = r.value.can
		problem, err := q.read(ctx, r.value.secret)
		return b.endAsk(ctx, q, problem, err)
	}
	switch code := fault.CodeOf(r.err); code {
	case fault.CardWrongKey:
		delete(b.cards.known, q.owner)
		q.problem = "digits-of"
	case fault.CardForged, fault.CardCloned, fault.CardDowngraded:
		q.problem = "card-bad"
		return b.refused(ctx, string(code))
	default:
		q.problem = "card-mute"
	}
	return nil
}

// lend lets the card of whoever signed in by it leave the reader for a colleague's, and reports whether it may.
func (b *Board) lend() bool {
	if b.cards.lent.IsZero() && b.admin.ask != nil && b.admin.ask.id == "second" {
		b.cards.lent = b.opt.Now()
	}
	return !b.cards.lent.IsZero()
}

// tendLent signs out whoever gave the reader to a colleague, once what they did together is done.
func (b *Board) tendLent(ctx context.Context) error {
	if b.key == nil || b.cards.lent.IsZero() {
		return nil
	}
	waits := b.admin.ask != nil && b.opt.Now().Sub(b.cards.lent) < b.opt.Idle
	if waits || b.admin.work != nil {
		return nil
	}
	return b.lock(ctx)
}

// proves signs an officer in who is at the desk besides, or again; the delays of the door hold here too.
func (b *Board) proves(ctx context.Context, a officer.Account, s seal.Secret) (*seal.Identity, string, error) {
	tries := b.triesOf(a.ID)
	if tries.Wait(b.opt.Now()) > 0 {
		return nil, "wait", nil
	}
	if a.Locked.Card && len(s.Card) == 0 {
		return nil, "card", nil
	}
	key, err := a.SignIn(s)
	if errors.Is(err, seal.ErrWrong) {
		tries.Failed(b.opt.Now())
		return nil, "wrong", b.store.Note(ctx, "officer.refused", map[string]string{"officer": a.ID})
	}
	if err != nil {
		return nil, "", fault.New(fault.StoreDamaged, err)
	}
	tries.Succeeded()
	return key, "", nil
}

// triesOf counts the failed tries of an account at this desk.
func (b *Board) triesOf(id string) *officer.Tries {
	if b.tries[id] == nil {
		b.tries[id] = &officer.Tries{}
	}
	return b.tries[id]
}

package board

import (
	"context"
	"errors"
	"slices"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// This file is the officer's own card at the door. Who signed in with it is signed out the moment it leaves the reader; a card that leaves
// after a PIN was typed means nothing. What opens a chip, the last six digits of its holder's number, is known once its owner signed in here since the
// desk was started, or is typed; package seal says why it lies on no disk. Reading takes seconds and is done beside.

// CardState is what the officers' reader says.
type CardState string

// The states of the reader. A Board without Options.ReadCard has none of them.
const (
	ReaderAway CardState = "away" // it is not plugged in, or its service does not answer
	CardGone   CardState = "gone" // nothing lies on it
	CardMute   CardState = "mute" // what lies there does not answer
	CardLies   CardState = "lies" // a card was laid down
)

// CANDigits is how many digits open a chip.
const CANDigits = 6

// mostOpened is how many officers' digits are tried on a card: each costs a second, and a chip may slow down.
const mostOpened = 4

// The words about a card at the door, keys of assets/text under desk.card.
const (
	sayReading = "reading"
	sayDigits  = "digits"  // nobody's digits open it: they have to be typed
	sayWrong   = "wrong"   // nor do those that were typed
	sayPIN     = "pin"     // it was read; some officers have to type their PIN besides
	sayForeign = "foreign" // nobody's keys open with it
	sayAgain   = "again"   // it lies there since its owner was signed out
	sayNeeded  = "needed"  // the PIN is not enough for this officer
	sayFailed  = "failed"  // Code says why
)

// cards is the officer's card at this desk.
type cards struct {
	state  CardState
	task   *task[cardRead]
	typed  bool   // the digits of the task were typed
	secret []byte // what the chip said, while its owner's PIN is waited for
	can    string // that opened it
	say    string
	code   fault.Code
	lent   time.Time         // since when a colleague may have the reader; zero: nobody has
	known  map[string]string // by officer: what opens the chip; as long as the program runs, and nowhere but here
}

// cardRead is what came of reading a card.
type cardRead struct {
	secret []byte
	can    string
}

// drop forgets a card and what was read of it.
func (c *cards) drop() {
	if r := c.task.result(); r != nil {
		clear(r.value.secret)
	}
	c.task.stop()
	clear(c.secret)
	c.task, c.secret, c.can, c.say, c.code = nil, nil, "", "", ""
}

// onReader takes what the reader says. It is no touch of a key: it keeps nobody signed in.
func (b *Board) onReader(ctx context.Context, state CardState) error {
	b.cards.drop()
	b.cards.state = state
	var err error
	if b.key != nil && b.byCard && !b.lend() { // whatever lies there now is not the card that signed in
		err = b.lock(ctx)
	}
	switch {
	case b.key == nil && state == CardLies:
		b.readCard(b.openers(), false)
	case b.key == nil && state == CardMute:
		b.cards.say, b.cards.code = sayFailed, fault.CardMute
	}
	return err
}

// openers are the digits that may open the card: of who is chosen, then of the others.
func (b *Board) openers() []string {
	var list []string
	add := func(a officer.Account) {
		if can := b.cards.known[a.ID]; can != "" && len(list) < mostOpened && !slices.Contains(list, can) {
			list = append(list, can)
		}
	}
	if b.at < len(b.accounts) {
		add(b.accounts[b.at])
	}
	for _, a := range b.accounts {
		add(a)
	}
	return list
}

// readCard begins to read the card that lies there with the first digits that open it.
func (b *Board) readCard(cans []string, typed bool) {
	b.cards.drop()
	if b.opt.ReadCard == nil || b.cards.state != CardLies {
		return
	}
	if len(cans) == 0 {
		b.cards.say = sayDigits
		return
	}
	b.cards.typed = typed
	b.cards.task = b.startReading(context.Background(), cans)
}

func (b *Board) startReading(ctx context.Context, cans []string) *task[cardRead] {
	read := b.opt.ReadCard
	return besideIn(ctx, b, func(ctx context.Context) (cardRead, error) {
		var err error
		for _, can := range cans {
			var secret []byte
			if secret, err = read(ctx, can); err == nil {
				return cardRead{secret, can}, nil
			}
			if fault.CodeOf(err) != fault.CardWrongKey {
				break
			}
		}
		return cardRead{}, err
	})
}

// takeCard takes the card that was read at the door: its owner is in.
func (b *Board) takeCard(ctx context.Context) error {
	r := b.cards.task.result()
	if r == nil {
		return nil
	}
	b.cards.task = nil
	if r.err != nil {
		return b.refuseCard(ctx, r.err)
	}
	if err := b.readAccounts(ctx); err != nil { // another desk may have changed them
		clear(r.value.secret)
		return err
	}
	for i, a := range b.accounts {
		if a.Locked.Or == nil {
			continue
		}
		key, err := a.SignIn(seal.Secret{Card: r.value.secret})
		if errors.Is(err, seal.ErrWrong) {
			continue
		}
		clear(r.value.secret)
		if err != nil {
			return fault.New(fault.StoreDamaged, err)
		}
		b.at = i
		return b.begun(ctx, a, key, withCard, r.value.can)
	}
	if slices.ContainsFunc(b.accounts, func(a officer.Account) bool { return a.Locked.Card }) {
		b.cards.secret, b.cards.can, b.cards.say = r.value.secret, r.value.can, sayPIN
		if i := slices.IndexFunc(b.accounts, func(a officer.Account) bool { return b.cards.known[a.ID] == r.value.can }); i >= 0 {
			b.at = i
		}
		return nil
	}
	clear(r.value.secret)
	b.cards.say = sayForeign
	return b.refused(ctx, sayForeign)
}

// refuseCard says why a card was not read. What is wrong with a card itself is journaled, as a wrong PIN is.
func (b *Board) refuseCard(ctx context.Context, err error) error {
	b.cards.say, b.cards.code = sayFailed, fault.CodeOf(err)
	switch b.cards.code {
	case fault.CardWrongKey:
		if b.cards.say = sayDigits; b.cards.typed {
			b.cards.say = sayWrong
		}
	case fault.CardForged, fault.CardCloned, fault.CardDowngraded:
		return b.refused(ctx, string(b.cards.code))
	}
	return nil
}

// refused journals a card that did not sign in; whose it is, is not known.
func (b *Board) refused(ctx context.Context, why string) error {
	return b.store.Note(ctx, "officer.refused", map[string]string{"by": withCard, "why": why})
}

// enterAtDoor is the key Enter: six digits are for the card that lies there, none are another try of it, more are a PIN.
func (b *Board) enterAtDoor(ctx context.Context) error {
	lies := b.cards.state == CardLies && b.opt.ReadCard != nil
	switch n := len(b.pin); {
	case lies && n == CANDigits:
		can := string(b.pin)
		b.clearPIN()
		b.readCard([]string{can}, true)
		return nil
	case lies && n == 0 && !b.cards.task.busy() && b.cards.say != sayPIN:
		b.readCard(b.openers(), false)
		return nil
	}
	return b.signIn(ctx)
}

func (b *Board) clearPIN() {
	clear(b.pin)
	b.pin = nil
}

// cardAtDoor is what the door says of cards; nil where the desk has no reader.
func (b *Board) cardAtDoor() *DoorCard {
	if b.opt.ReadCard == nil {
		return nil
	}
	d := &DoorCard{State: b.cards.state, Say: b.cards.say, Code: b.cards.code}
	if b.cards.task != nil {
		d.Say = sayReading
	}
	return d
}

// DoorCard is the officer's card at the door.
type DoorCard struct {
	State CardState
	Say   string     // key of assets/text under desk.card; "" for none: then State says it
	Code  fault.Code // of "failed"
}

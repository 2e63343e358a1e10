package board

import (
	"context"
	"errors"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

// This file is the page "my card": an officer sets their own card, how it signs in, or gives it up. The PIN is asked for each time, so that a
// desk left open gives nobody a way in for later.

// The ways in which an officer's card signs in.
const (
	CardAlone   = "alone"   // in place of the PIN
	CardBesides = "besides" // the PIN is asked for, too
	CardNever   = "never"
)

// ownChoices are they, in the order of the page.
var ownChoices = []string{CardAlone, CardBesides, CardNever}

// The fields of the page.
const (
	OwnWay = iota
	OwnDigits
	OwnPIN
	ownFields
)

// Own is the page "my card".
type Own struct {
	Has     string   // the way that holds now
	Ways    []string // to choose from
	Way     string   // that is chosen
	At      int      // which field is being filled: OwnWay, OwnDigits, OwnPIN
	Needs   bool     // the card is read for this: it has to lie there, and its digits be typed
	Digits  int      // how many of what opens the chip are there
	PIN     int      // digits typed
	State   CardState
	Busy    bool          // the card is being read
	Problem string        // key of assets/text under desk.own.problem, "" for none
	Code    fault.Code    // of the problem "failed"
	Wait    time.Duration // until the next PIN counts
}

// The problems of the page.
const (
	ownLay    = "lay"    // no card lies there
	ownDigits = "digits" // six of them are needed
	ownWrong  = "wrong"  // they do not open the card
	ownPIN    = "pin"    // the PIN, or the card besides, is not the officer's
	ownFailed = "failed"
)

// own is what the page holds.
type own struct {
	way, at  int
	can, pin []rune
	problem  string
	code     fault.Code
	task     *task[cardRead]
}

// endOwn forgets what was typed.
func (b *Board) endOwn() {
	if r := b.own.task.result(); r != nil {
		clear(r.value.secret)
	}
	b.own.task.stop()
	clear(b.own.pin)
	clear(b.own.can)
	b.own = own{}
}

// openOwn opens the page, where the desk has a reader.
func (b *Board) openOwn() {
	if b.opt.ReadCard == nil {
		return
	}
	b.endOwn()
	b.page, b.search = OwnCard, false
	b.own.can = []rune(b.cards.known[b.me.ID])
	for i, way := range ownChoices {
		if way == b.hasCard() {
			b.own.way = i
		}
	}
	if b.hasCard() == CardNever {
		b.own.way = 0
	}
}

// hasCard is how the officer's card signs in now.
func (b *Board) hasCard() string {
	switch {
	case b.me.Locked.Card:
		return CardBesides
	case b.me.Locked.Or != nil:
		return CardAlone
	}
	return CardNever
}

func (b *Board) ownWay() string { return ownChoices[b.own.way] }

// ownReads reports whether the card is read for what is chosen: to be set, or because the keys do not open without it.
func (b *Board) ownReads() bool { return b.ownWay() != CardNever || b.me.Locked.Card }

func (b *Board) ownCard(now time.Time) *Own {
	return &Own{Has: b.hasCard(), Ways: ownChoices, Way: b.ownWay(), At: b.own.at, Needs: b.ownReads(), Digits: len(b.own.can), PIN: len(b.own.pin), State: b.cards.state,
		Busy: b.own.task.busy(), Problem: b.own.problem, Code: b.own.code, Wait: b.triesOf(b.me.ID).Wait(now)}
}

// atOwn is what keys do on the page.
func (b *Board) atOwn(ctx context.Context, i Intent) error {
	if b.own.task.busy() {
		return nil
	}
	switch i := i.(type) {
	case Move:
		b.own.at = (b.own.at + i.By + ownFields) % ownFields
		if b.own.at == OwnDigits && !b.ownReads() {
			b.own.at = (b.own.at + i.By + ownFields) % ownFields
		}
	case Turn:
		b.own.way, b.own.problem = (b.own.way+i.By+len(ownChoices))%len(ownChoices), ""
	case Choose:
		if i.Row >= 0 && i.Row < len(ownChoices) {
			b.own.way, b.own.at, b.own.problem = i.Row, OwnWay, ""
		}
	case Type:
		b.own.typed(i.Rune)
	case Delete:
		if field, _ := b.own.field(); field != nil && len(*field) > 0 {
			*field = (*field)[:len(*field)-1]
		}
	case Enter:
		return b.confirmOwn(ctx)
	}
	return nil
}

// field is what is being filled and how long it can be, nil for the choice.
func (o *own) field() (*[]rune, int) {
	switch o.at {
	case OwnDigits:
		return &o.can, CANDigits
	case OwnPIN:
		return &o.pin, seal.MaxPIN
	}
	return nil, 0
}

func (o *own) typed(r rune) {
	o.problem = ""
	if n := int(r - '1'); o.at == OwnWay {
		if n >= 0 && n < len(ownChoices) {
			o.way = n
		}
		return
	}
	if field, most := o.field(); r >= '0' && r <= '9' && len(*field) < most {
		*field = append(*field, r)
	}
}

// confirmOwn does what was chosen, or goes to what is lacking for it.
func (b *Board) confirmOwn(ctx context.Context) error {
	lacks := func(field int, problem string) error {
		b.own.at, b.own.problem = field, problem
		return nil
	}
	reads := b.ownReads()
	switch {
	case reads && len(b.own.can) != CANDigits && b.own.at == OwnDigits && len(b.own.can) > 0:
		return lacks(OwnDigits, ownDigits)
	case reads && len(b.own.can) != CANDigits:
		return lacks(OwnDigits, "")
	case len(b.own.pin) == 0:
		return lacks(OwnPIN, "")
	case reads && b.cards.state != CardLies:
		return lacks(OwnPIN, ownLay)
	case b.triesOf(b.me.ID).Wait(b.opt.Now()) > 0:
		return nil
	}
	if !b.me.Locked.Card { // then the PIN alone says who this is, before anything is read
		if ok, err := b.ownSecret(ctx, seal.Secret{PIN: string(b.own.pin)}); !ok {
			return err
		}
	}
	if !reads {
		return b.setOwn(ctx, nil, "")
	}
	b.own.problem = ""
	b.own.task = b.startReading(b.shift.ctx, []string{string(b.own.can)})
	return nil
}

// ownSecret reports whether a secret opens the officer's keys, and counts tries as the door does.
func (b *Board) ownSecret(ctx context.Context, s seal.Secret) (bool, error) {
	_, err := b.me.SignIn(s)
	if err == nil {
		b.triesOf(b.me.ID).Succeeded()
		return true, nil
	}
	clear(b.own.pin)
	b.own.pin, b.own.at, b.own.problem = nil, OwnPIN, ownPIN
	if !errors.Is(err, seal.ErrWrong) {
		return false, fault.New(fault.StoreDamaged, err)
	}
	b.triesOf(b.me.ID).Failed(b.opt.Now())
	return false, b.store.Note(ctx, "officer.refused", map[string]string{"officer": b.me.ID})
}

// takeOwn takes the card that was read for the page.
func (b *Board) takeOwn(ctx context.Context) error {
	r := b.own.task.result()
	if r == nil {
		return nil
	}
	b.own.task = nil
	defer clear(r.value.secret)
	if r.err != nil {
		b.own.problem, b.own.code = ownFailed, fault.CodeOf(r.err)
		if b.own.code == fault.CardWrongKey {
			b.own.at, b.own.problem = OwnDigits, ownWrong
		}
		return nil
	}
	if b.me.Locked.Card {
		if ok, err := b.ownSecret(ctx, seal.Secret{PIN: string(b.own.pin), Card: r.value.secret}); !ok {
			return err
		}
	}
	return b.setOwn(ctx, r.value.secret, r.value.can)
}

// setOwn puts the officer's keys under what was chosen.
func (b *Board) setOwn(ctx context.Context, card []byte, can string) error {
	way, secret := b.ownWay(), seal.Secret{PIN: string(b.own.pin)}
	if way == CardBesides {
		secret.Card = card
	}
	var err error
	locked := b.me.Locked
	if locked.Or, locked.Chip = nil, nil; locked.Card || way == CardBesides { // else the PIN locks as it did
		locked, err = seal.Lock(b.key, b.me.ID, secret)
	}
	if err == nil && way == CardAlone {
		locked, err = locked.OrCard(b.key, b.me.ID, card)
	}
	if err == nil && way != CardNever {
		locked, err = locked.WithChip(b.key, b.me.ID, can)
	}
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	if err := b.store.SetSecret(ctx, locked, store.Signer{ID: b.me.ID, Identity: b.key}); err != nil {
		return err
	}
	b.me.Locked = locked
	if delete(b.cards.known, b.me.ID); way != CardNever {
		b.cards.known[b.me.ID] = can
	}
	b.openOwn()
	b.notice = "desk.notice.card-" + way
	return nil
}

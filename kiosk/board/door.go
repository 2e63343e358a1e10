package board

import (
	"cmp"
	"context"
	"errors"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/sweep"
)

// atDoor is signing in: a name is chosen, a PIN typed.
func (b *Board) atDoor(ctx context.Context, i Intent) error {
	switch i := i.(type) {
	case Move:
		if n := len(b.accounts); n > 0 {
			b.at = turn(b.at+i.By, n)
		}
		b.pin, b.wrong = nil, false
	case Choose:
		if i.Row >= 0 && i.Row < len(b.accounts) {
			b.at, b.pin, b.wrong = i.Row, nil, false
		}
	case Type:
		if i.Rune >= '0' && i.Rune <= '9' && len(b.pin) < seal.MaxPIN {
			b.pin = append(b.pin, i.Rune)
			b.wrong = false
		}
	case Delete:
		if len(b.pin) > 0 {
			b.pin = b.pin[:len(b.pin)-1]
		}
	case Escape:
		b.pin, b.wrong = nil, false
	case Enter:
		return b.enterAtDoor(ctx)
	case Refresh, Tick:
		if b.cards.task.result() != nil {
			return b.takeCard(ctx)
		}
	}
	return nil
}

func (b *Board) signIn(ctx context.Context) error {
	if len(b.accounts) == 0 || len(b.pin) == 0 {
		return nil
	}
	a, there, err := b.account(ctx, b.accounts[b.at].ID)
	if err != nil {
		return err
	}
	tries := b.triesOf(a.ID)
	if tries.Wait(b.opt.Now()) > 0 {
		return nil
	}
	pin := string(b.pin)
	b.clearPIN()
	if a.Locked.Card && b.cards.secret == nil {
		b.cards.say = sayNeeded
		return nil
	}
	key, err := a.SignIn(seal.Secret{PIN: pin, Card: b.cards.secret})
	if !there || errors.Is(err, seal.ErrWrong) {
		tries.Failed(b.opt.Now())
		b.wrong = true
		return b.store.Note(ctx, "officer.refused", map[string]string{"officer": a.ID})
	}
	if err != nil {
		return fault.New(fault.StoreDamaged, err)
	}
	tries.Succeeded()
	if a.Locked.Card {
		return b.begun(ctx, a, key, withBoth, b.cards.can)
	}
	return b.begun(ctx, a, key, withPIN, "")
}

// How somebody signed in, as the journal has it.
const (
	withPIN  = "pin"
	withCard = "card"
	withBoth = "both"
)

// begun begins a shift. can opened the officer's card, if there was one.
func (b *Board) begun(ctx context.Context, a officer.Account, key *seal.Identity, by, can string) error {
	b.clearPIN()
	b.me, b.key, b.names, b.wrong, b.touched = a, key, map[string]string{}, false, b.opt.Now()
	b.byCard = by != withPIN
	b.cards.drop()
	if can = cmp.Or(can, a.Locked.ChipKey(key, a.ID)); can != "" {
		b.cards.known[a.ID] = can
	}
	b.shift = newShift(a, key)
	b.page = b.pages()[0]
	if err := b.store.Note(ctx, "officer.in", map[string]string{"officer": a.ID, "by": by}); err != nil {
		return err
	}
	return b.openPage(ctx, b.page)
}

// lock signs the officer out: the filing is given back, and nothing of people stays.
func (b *Board) lock(ctx context.Context) error {
	b.endVisit()
	kept := b.letGo(ctx)
	b.endPortal()
	b.endAdmin()
	b.sheets.over = true
	left := b.leave(ctx)
	id := b.me.ID
	b.shift.end()
	b.shift, b.line, b.stations = nil, &desk.Line{}, nil
	b.key, b.me, b.all, b.names, b.dialog, b.query, b.search = nil, officer.Account{}, nil, nil, nil, "", false
	b.filter, b.shown = FilterAll, nil
	b.goFirst()
	b.page, b.figures, b.devices, b.byCard = SignIn, figures{}, devices{}, false
	b.endOwn()
	b.cards.lent = time.Time{}
	b.notice, b.noticeOf = "", nil // it may name a filing, or a code of the portal
	if b.cards.state == CardLies {
		b.cards.say = sayAgain
	}
	sweep.Soon()
	return errors.Join(kept, left, b.store.Note(ctx, "officer.out", map[string]string{"officer": id}), b.readAccounts(ctx))
}

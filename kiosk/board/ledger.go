package board

import (
	"context"
	"errors"

	"motcua/kiosk/calendar"
	"motcua/kiosk/identity"
	"motcua/kiosk/ledger"
	"motcua/kiosk/paper"
	"motcua/kiosk/report"
)

// This file prints the two papers that keep themselves: Mẫu 06 of the open filing, Mẫu 07 of a month or of today.

func (b *Board) book() ledger.Book {
	return ledger.Book{Store: b.store, Printer: b.opt.Printer, Texts: b.opt.Texts}
}

// printControl puts the slip of the open filing's way on paper. It goes with the filing and leaves the building with nobody, so what was decided can still be
// taken back.
func (b *Board) printControl(ctx context.Context) error {
	if b.open == nil || !b.prints() {
		return nil
	}
	printed, err := b.book().Control(ctx, b.open.filing.Reference, b.key)
	if err != nil {
		return err
	}
	if err := b.opt.Print(ctx, printed.Form, printed.PDF); err != nil {
		return err
	}
	b.notice = "desk.notice.control"
	return b.store.Note(ctx, "control.printed", map[string]string{"officer": b.me.ID, "filing": b.open.filing.Reference.String()})
}

// prints reports whether these papers can be made here.
func (b *Board) prints() bool { return b.opt.Print != nil && b.opt.Texts != nil }

// registers reports whether the officer can have the register: it names people.
func (b *Board) registers() bool { return b.prints() && b.reads() }

// printRegister begins to put the register on paper, of the month that is shown, or of today. Every name is opened for it, beside.
func (b *Board) printRegister(today bool) {
	f := &b.figures
	if !b.registers() || f.out.busy() {
		return
	}
	p := f.month
	if today {
		p = report.DayOf(identity.DateOf(b.opt.Now().In(calendar.Zone)))
	}
	book, key, st, print, by := b.book(), b.key, b.store, b.opt.Print, b.me.ID
	f.out = beside(b, func(ctx context.Context) (Words, error) {
		printed, n, err := book.Register(ctx, p, key)
		if errors.Is(err, paper.ErrTooLarge) {
			return Words{"desk.notice.register-much", []any{paper.MaxRows}}, nil
		}
		if err != nil {
			return Words{}, err
		}
		if err := print(ctx, printed.Form, printed.PDF); err != nil {
			return Words{}, err
		}
		detail := map[string]string{"officer": by, "from": identity.DateOf(p.From).String(), "until": identity.DateOf(p.To.AddDate(0, 0, -1)).String()}
		return Words{"desk.notice.register", []any{n}}, st.Note(ctx, "register.printed", detail)
	})
}

package board

import (
	"context"
	"errors"

	"motcua/kiosk/officer"
)

// This file is which pages there are for whom, and how one gets from one to the other.

// rights are what a page takes.
var rights = map[Page]officer.Right{Queue: officer.ReadFilings, Figures: officer.SeeFigures, Devices: officer.SeeDevices}

// pages are those of the officer, in the order of the tabs; the first is where a shift begins and Escape leads.
func (b *Board) pages() []Page {
	var list []Page
	for _, p := range []Page{Queue, Figures, Devices, Admin} {
		if b.sees(p) {
			list = append(list, p)
		}
	}
	return list
}

// sees reports whether a page is there for the officer. That of administration has at least their own account.
func (b *Board) sees(p Page) bool { return p == Admin || b.me.Role.May(rights[p]) }

// reads reports whether the officer may see filings and people. Whoever may not has a Board that holds none.
func (b *Board) reads() bool { return b.me.Role.May(officer.ReadFilings) }

// openPage goes to a page, if it is the officer's.
func (b *Board) openPage(ctx context.Context, p Page) error {
	if !b.sees(p) {
		return nil
	}
	b.endOwn()
	b.page, b.search, b.devices.chooser = p, false, nil
	switch p {
	case Figures:
		b.openFigures()
	case Devices:
		b.lookAgain()
	case Admin:
		return errors.Join(b.openAdmin(ctx), b.refresh(ctx))
	}
	return b.refresh(ctx)
}

// signedIn takes an intent outside of dialogs: what every page knows, and then the page's own.
func (b *Board) signedIn(ctx context.Context, i Intent) error {
	switch i := i.(type) {
	case Open:
		if i.Page == OwnCard {
			b.openOwn()
			return nil
		}
		return b.openPage(ctx, i.Page)
	case Lock:
		return b.lock(ctx)
	case Scan:
		return b.scanned(ctx, i.Text)
	case Tick:
		b.collect(ctx)
		return errors.Join(b.tendAdmin(ctx), b.refresh(ctx))
	case Find:
		if !b.reads() {
			return nil
		}
		b.endOwn()
		b.page = Queue
	case GoHelp:
		if b.reads() {
			return b.withPeople(ctx, i)
		}
		return nil
	case Escape:
		if first := b.pages()[0]; b.page != first && b.devices.chooser == nil {
			return b.openPage(ctx, first)
		}
	}
	switch b.page {
	case Figures:
		return b.atFigures(ctx, i)
	case Devices:
		return b.atDevices(ctx, i)
	case OwnCard:
		return b.atOwn(ctx, i)
	case Admin:
		return b.atAdmin(ctx, i)
	}
	return b.atQueue(ctx, i)
}

// collect takes what was done beside since.
func (b *Board) collect(ctx context.Context) {
	if r := b.figures.out.result(); r != nil {
		b.figures.out = nil
		b.notice, b.noticeOf = r.value.Key, r.value.Args
		b.fail(r.err)
	}
	switch b.page {
	case Devices:
		b.tendDevices()
	case OwnCard:
		b.fail(b.takeOwn(ctx))
	}
}

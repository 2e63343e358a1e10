package board

import (
	"context"

	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
)

// scanned takes what the desk's scanner read while no dialog was open: a slip is the filing it was printed for, a card what its holder filed, the
// portal's code belongs to the filing that is open. "" is what could not be read.
func (b *Board) scanned(ctx context.Context, text string) error {
	if !b.reads() {
		return nil
	}
	if query := searched(text); query != "" {
		return b.findScanned(ctx, query)
	}
	if _, err := filing.ScanDossier(text); err != nil {
		b.notice = "desk.notice.scan"
		return nil
	}
	if b.open == nil {
		b.notice = "desk.notice.scan-open"
		return nil
	}
	b.endOwn()
	b.page, b.search = Queue, false
	if err := b.openPortal(); err != nil {
		return err
	}
	b.dialog.Fields[0].Value = text
	return b.setCode(ctx)
}

// searched is what to search for by a code: the number of a slip or of a person, "" if it is of neither.
func searched(text string) string {
	if ref, err := filing.ParseReference(text); err == nil {
		return ref.String()
	}
	if card, err := identity.ParseQR(text); err == nil {
		return string(card.Person.Number)
	}
	return ""
}

// findScanned searches among all filings, and opens what it found if that is one.
func (b *Board) findScanned(ctx context.Context, query string) error {
	b.endOwn()
	b.page, b.search, b.query, b.filter, b.row, b.top = Queue, false, query, FilterAll, 0, 0
	switch list, _ := b.listed(ctx); len(list) {
	case 0:
		b.notice = "desk.notice.scan-none"
	case 1:
		return b.openFiling(ctx, list[0].Reference)
	}
	return nil
}

package board

import (
	"context"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
)

// scanned takes what the desk's scanner read while no dialog was open: a slip is the filing it was printed for, a card what its holder filed, the
// portal's code belongs to the filing that is open. "" is what could not be read.
func (b *Board) scanned(ctx context.Context, text string) error {
	if !b.reads() {
		return nil
	}
	if ref, err := filing.ParseReference(text); err == nil {
		b.endOwn()
		b.page, b.search = Queue, false
		if err := b.openFiling(ctx, ref); fault.CodeOf(err) != fault.NotFound {
			return err
		}
		b.notice = "desk.notice.scan-none"
		return nil
	}
	if card, err := identity.ParseQR(text); err == nil {
		return b.findCard(ctx, card.Person.Number)
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
	return b.scannedCode(ctx, text)
}

// scannedCode takes a code that was scanned in the panel of the portal. One in place of another, which may be the slip of somebody else, stands there
// until the officer confirms it.
func (b *Board) scannedCode(ctx context.Context, text string) error {
	b.dialog.Fields[0].Value = text
	code, err := filing.ScanDossier(text)
	if has := b.open.filing.Dossier; err == nil && has != "" && code != has {
		b.dialog.Fields[0].Value, b.dialog.Problem = string(code), "code-other"
		return nil
	}
	return b.setCode(ctx)
}

// findCard opens what a person filed, or lists it. Numbers stand in the officer's finder alone.
func (b *Board) findCard(ctx context.Context, n identity.Number) error {
	if b.shift.finder() == nil {
		b.notice = "desk.notice.scan-later"
		return nil
	}
	b.endOwn()
	b.page, b.search, b.query, b.filter = Queue, true, string(n), FilterAll
	b.goFirst()
	list, _ := b.listed(ctx)
	if len(list) > 1 {
		return nil
	}
	b.search, b.query = false, ""
	if len(list) == 0 {
		b.notice = "desk.notice.scan-none"
		return nil
	}
	return b.openFiling(ctx, list[0].Reference)
}

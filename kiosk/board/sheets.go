package board

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/store"
)

// This file puts pictures of papers beside the open filing: the officer scans the sheets, says which paper they are, and what the scanner left in its
// folder is sealed and taken out of there.

// Sheets is the folder in which a document scanner leaves pictures.
type Sheets interface {
	// Waiting lists them, in the order in which they were scanned; others counts files that are none, such as PDF. fault.ScansFailed if there is no folder.
	Waiting() (list []Sheet, others int, err error)
	// Read gives one as a JPEG of at most most bytes; fault.PictureBad for what is none.
	Read(name string, most int) ([]byte, error)
	// Remove takes one away, once it is kept; not what came under its name since.
	Remove(s Sheet) error
}

// Sheet is a picture that waits.
type Sheet struct {
	Name string
	At   time.Time
	Old  bool // it may be of somebody who is gone
}

// The dialogs of pictures.
const (
	DialogPapers    = "papers"    // which paper was scanned; Choices are their names
	DialogUnpicture = "unpicture" // whether one is to be removed
)

// Stack is what waits in the folder, for DialogPapers.
type Stack struct {
	Count, Others int
	Newest        time.Time
	Old           int  // how many are old
	Sent          bool // the portal has the filing, and will not get what is taken now
}

// sheets is what a Board does with pictures.
type sheets struct {
	take   *task[taken]
	over   bool             // whoever began it signed out
	of     filing.Reference // whose they become
	stack  Stack
	remove int     // number of the picture that DialogUnpicture is about
	kept   []Sheet // that lie in the folder still, because they could not be taken away: they are somebody's already
}

// taken is what came of taking pictures.
type taken struct {
	count, bad int
	full       bool // a filing has no more room
	kept       []Sheet
	left       error // a file that could not be taken away
}

// scans reports whether pictures can be put beside the open filing.
func (b *Board) scans() bool {
	return b.open != nil && b.opt.Sheets != nil && !b.open.is.Status.Ended() && len(b.open.filing.Papers) > 0
}

// openPapers asks which paper was scanned.
func (b *Board) openPapers() error {
	switch {
	case !b.scans() || b.isSending():
		return nil
	case b.sheets.take.busy():
		b.notice = "desk.notice.papers-busy"
		return nil
	}
	d := &Dialog{ID: DialogPapers}
	for i, p := range b.open.filing.Papers {
		d.Choices = append(d.Choices, p.Name)
		pictured := slices.ContainsFunc(b.open.pictures, func(x filing.Picture) bool { return x.Paper == p.Name })
		if p.State == filing.PaperMissing && !pictured && d.At == 0 {
			d.At = i // what is lacking comes next
		}
	}
	b.dialog = d
	return b.lookAtSheets()
}

// lookAtSheets reads what waits in the folder.
func (b *Board) lookAtSheets() error {
	list, others, err := b.opt.Sheets.Waiting()
	list = without(list, b.sheets.kept)
	b.sheets.stack = Stack{Count: len(list), Others: others, Sent: b.handing.state.Sent != nil}
	if len(list) > 0 {
		b.dialog.Problem = ""
	}
	for _, s := range list {
		b.sheets.stack.Newest = s.At
		if s.Old {
			b.sheets.stack.Old++
		}
	}
	return err
}

// without is a list without those of another.
func without(list, others []Sheet) []Sheet {
	return slices.DeleteFunc(slices.Clone(list), func(s Sheet) bool {
		return slices.ContainsFunc(others, func(o Sheet) bool { return o.Name == s.Name && o.At.Equal(s.At) })
	})
}

// inPapers takes the keys of DialogPapers, and reports whether it did.
func (b *Board) inPapers(ctx context.Context, i Intent) (bool, error) {
	d := b.dialog
	switch i := i.(type) {
	case Tick:
		return true, errors.Join(b.lookAtSheets(), b.refresh(ctx))
	case Move:
		d.At = turn(d.At+i.By, len(d.Choices))
		return true, nil
	case Pick:
		if i.Choice >= 0 && i.Choice < len(d.Choices) {
			d.At = i.Choice
		}
		return true, nil
	case Type:
		if n := int(i.Rune - '1'); n >= 0 && n < len(d.Choices) {
			d.At = n
		}
		return true, nil
	case Enter:
		if err := b.lookAtSheets(); err != nil || b.sheets.stack.Count == 0 {
			d.Problem = "no-sheets"
			return true, err
		}
		b.takeSheets(d.Choices[d.At])
		b.dialog, b.notice = nil, "desk.notice.papers-taking"
		return true, nil
	}
	return false, nil
}

// takeSheets puts what waits beside the open filing, beside: a page takes a moment to be decoded. A file is taken away only once its picture is on disk.
func (b *Board) takeSheets(paper string) {
	st, by, ref := b.store, store.Signer{ID: b.me.ID, Identity: b.key}, b.open.filing.Reference
	b.sheets.of, b.sheets.over = ref, false
	s := stacker{src: b.opt.Sheets, log: b.opt.Log, paper: paper, bytes: store.MaxPictures, pictures: store.MostPictures}
	for _, p := range b.open.pictures {
		s.bytes, s.pictures = s.bytes-len(p.Data)-packing, min(s.pictures, store.MostPictures-p.Number)
	}
	kept := b.sheets.kept
	b.sheets.take = beside(b, func(ctx context.Context) (taken, error) {
		all, _, err := s.src.Waiting()
		if err != nil {
			return taken{kept: kept}, err
		}
		var t taken
		list := without(all, kept)
		t.remove(s.src, without(all, list)) // once more
		read, pictures, err := s.read(ctx, list, &t)
		if err != nil || len(pictures) == 0 {
			return t, err
		}
		_, err = st.AddPictures(ctx, ref, pictures, by)
		switch {
		case fault.CodeOf(err) == fault.Usage: // those that were removed count, too
			t.full = true
			return t, nil
		case err != nil:
			return t, err
		}
		t.count = len(pictures)
		t.remove(s.src, read)
		return t, nil
	})
}

// packing is what sealing adds to a picture, and more, in bytes.
const packing = 1 << 10

// stacker reads sheets as pictures of one paper, as far as a filing has room: bytes and pictures are what is left of it.
type stacker struct {
	src             Sheets
	log             *slog.Logger
	paper           string
	bytes, pictures int
}

// read gives the pictures, and the sheets they are of. What is no picture stays, what cannot be opened, and what has no room.
func (s stacker) read(ctx context.Context, list []Sheet, t *taken) (read []Sheet, pictures []filing.Picture, err error) {
	var held error
	for _, one := range list {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		data, err := s.src.Read(one.Name, filing.MaxPicture)
		if err != nil { // one that the scanner's program holds keeps the others from nobody
			s.log.Warn("desk.papers", "code", fault.CodeOf(err), "err", err)
			t.bad++
			if fault.CodeOf(err) != fault.PictureBad {
				held = err
			}
			continue
		}
		if s.bytes -= len(data) + packing; s.bytes < 0 || len(pictures) == s.pictures {
			t.full = true
			break
		}
		read, pictures = append(read, one), append(pictures, filing.Picture{Paper: s.paper, Type: "image/jpeg", Data: data})
	}
	if len(read) > 0 || t.full {
		held = nil
	}
	return read, pictures, held
}

// remove takes sheets out of the folder, and notes those that stay.
func (t *taken) remove(src Sheets, list []Sheet) {
	for _, s := range list {
		if err := src.Remove(s); err != nil {
			t.left, t.kept = errors.Join(t.left, err), append(t.kept, s)
		}
	}
}

// tendSheets takes what came of that. It runs after every intent.
func (b *Board) tendSheets(ctx context.Context) error {
	r := b.sheets.take.result()
	if r == nil || b.key == nil {
		return nil
	}
	b.sheets.take, b.sheets.kept = nil, r.value.kept
	if err := r.value.left; err != nil {
		b.opt.Log.Warn("desk.papers", "code", fault.CodeOf(err), "err", err)
	}
	if b.sheets.over { // that it was broken off is nothing for who came
		return nil
	}
	switch t := r.value; {
	case r.err != nil:
		return r.err
	case t.left != nil:
		b.notice, b.noticeOf = "desk.notice.papers-stay", []any{t.count, b.sheets.of.Short()}
	case t.full:
		b.notice, b.noticeOf = "desk.notice.papers-full", []any{t.count, b.sheets.of.Short()}
	case t.count == 0:
		b.notice = "desk.notice.papers-bad"
	case t.bad > 0:
		b.notice, b.noticeOf = "desk.notice.papers-some", []any{t.count, b.sheets.of.Short(), t.bad}
	default:
		b.notice, b.noticeOf = "desk.notice.papers", []any{t.count, b.sheets.of.Short()}
	}
	if b.open != nil && b.open.filing.Reference == b.sheets.of {
		return b.readPictures(ctx)
	}
	return nil
}

// readPictures opens the pictures of the open filing. One that cannot be opened hides the others, not the filing.
func (b *Board) readPictures(ctx context.Context) error {
	list, err := b.store.Pictures(ctx, b.open.filing.Reference, b.key)
	// In the order of the papers, as they are looked at.
	order := func(name string) int {
		return slices.IndexFunc(b.open.filing.Papers, func(p filing.Paper) bool { return p.Name == name })
	}
	slices.SortStableFunc(list, func(x, y filing.Picture) int { return order(x.Paper) - order(y.Paper) })
	b.open.pictures = list
	return err
}

// openUnpicture asks whether a picture is to be removed.
func (b *Board) openUnpicture(number int) {
	if b.scans() && slices.ContainsFunc(b.open.pictures, func(p filing.Picture) bool { return p.Number == number }) && !b.isSending() {
		b.sheets.remove, b.dialog = number, &Dialog{ID: DialogUnpicture}
	}
}

// unpicture removes it.
func (b *Board) unpicture(ctx context.Context) error {
	b.dialog = nil
	if err := b.store.RemovePicture(ctx, b.open.filing.Reference, b.sheets.remove, store.Signer{ID: b.me.ID, Identity: b.key}); err != nil {
		return err
	}
	b.notice = "desk.notice.unpicture"
	return errors.Join(b.readPictures(ctx), b.refresh(ctx))
}

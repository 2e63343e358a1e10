package board

import (
	"context"
	"errors"

	"motcua/kiosk/officer"
)

// This file is the page of administration. It is made of sections, each in a file of its own (admin_NAME.go): what it lists, what there is to say of
// the chosen entry, and what can be done. The page keeps what all of them have: which entry is chosen, dialogs (admin_ask.go), and the one thing that is
// being done beside.

// EntriesOnPage is how many entries of a section the page shows.
const EntriesOnPage = 11

// section is a part of the page. It lives as long as the shift.
type section interface {
	// name is that of its texts: desk.admin.NAME.
	name() string
	// may reports whether it is there for a role.
	may(r officer.Role) bool
	// open reads anew what it shows: when one goes to it, and after something was done.
	open(ctx context.Context, b *Board) error
	// entries are the list, all of it.
	entries(b *Board) []Entry
	// about is what there is to say of an entry and to do; -1: there is none.
	about(b *Board, at int) About
	// act does what one of the deeds of about is for.
	act(ctx context.Context, b *Board, at int, id string) error
}

// sections are all there are, in the order of the page.
func sections() []section {
	return []section{&self{}, &officers{}, &services{}, &hours{}, &trusts{}, &voices{}, &keys{}, &retention{}, &backups{}, &condition{}}
}

// admin is the page's own.
type admin struct {
	list []section // those of the officer
	at   int
	row  int
	top  int
	ask  *question

	work   *task[Words]
	doing  Words                           // what the work is
	result *Words                          // of the last
	after  func(ctx context.Context) error // what follows once it is done without an error. May be nil
}

// openAdmin goes to the page, to the section that was open before.
func (b *Board) openAdmin(ctx context.Context) error {
	d := &b.admin
	if d.list == nil {
		for _, s := range sections() {
			if s.may(b.me.Role) {
				d.list = append(d.list, s)
			}
		}
	}
	return d.list[d.at].open(ctx, b)
}

// endAdmin forgets all of it, typed PINs first.
func (b *Board) endAdmin() {
	b.admin.ask.forget()
	b.admin.work.stop()
	b.admin = admin{}
}

func (b *Board) atAdmin(ctx context.Context, i Intent) error {
	d := &b.admin
	switch i := i.(type) {
	case Section:
		return b.toSection(ctx, i.At)
	case Turn:
		return b.toSection(ctx, (d.at+i.By+len(d.list))%len(d.list))
	case Move:
		d.row += i.By
	case Choose:
		d.row = d.top + i.Row
	case Act:
		return b.act(ctx, i.ID)
	case Enter:
		if deeds := b.about().Deeds; len(deeds) > 0 {
			return b.act(ctx, deeds[0].ID)
		}
	case Refresh:
		return d.list[d.at].open(ctx, b)
	}
	return nil
}

func (b *Board) toSection(ctx context.Context, at int) error {
	d := &b.admin
	if at < 0 || at >= len(d.list) {
		return nil
	}
	if at != d.at {
		d.at, d.row, d.top = at, 0, 0
		if !d.work.busy() {
			d.result = nil
		}
	}
	return d.list[at].open(ctx, b)
}

// act does a deed that is there now and can be done.
func (b *Board) act(ctx context.Context, id string) error {
	d := &b.admin
	if d.work.busy() {
		return nil
	}
	for _, deed := range b.about().Deeds {
		if deed.ID == id && !deed.Off {
			d.result = nil
			return d.list[d.at].act(ctx, b, d.row, id)
		}
	}
	return nil
}

// about is what there is to say of the entry that is chosen.
func (b *Board) about() About {
	d := &b.admin
	n := len(d.list[d.at].entries(b))
	d.row = max(0, min(d.row, n-1))
	if n == 0 {
		return d.list[d.at].about(b, -1)
	}
	return d.list[d.at].about(b, d.row)
}

// beside does something that takes long, beside; what it gives is said on the page then.
func (b *Board) beside(doing Words, do func(ctx context.Context) (Words, error)) {
	b.admin.doing, b.admin.result, b.admin.after = doing, nil, nil
	b.admin.work = beside(b, do)
}

// tendAdmin takes what was done beside.
func (b *Board) tendAdmin(ctx context.Context) error {
	d := &b.admin
	r := d.work.result()
	if r == nil {
		return nil
	}
	after := d.after
	d.work, d.after = nil, nil
	if r.err != nil {
		return errors.Join(r.err, d.list[d.at].open(ctx, b))
	}
	if d.result = &r.value; after != nil {
		if err := after(ctx); err != nil {
			return err
		}
		if d.ask != nil { // it asks for something, wherever the officer went meanwhile
			b.page, b.search = Admin, false
		}
	}
	return d.list[d.at].open(ctx, b)
}

// administration is the page to be seen.
func (b *Board) administration() *Administration {
	d := &b.admin
	p := &Administration{At: d.at, Result: d.result}
	for _, s := range d.list {
		p.Sections = append(p.Sections, s.name())
	}
	if d.work.busy() {
		p.Doing = &d.doing
	}
	all := d.list[d.at].entries(b)
	p.About = b.about()
	if d.row < d.top {
		d.top = d.row
	}
	d.top = max(0, min(max(d.top, d.row-EntriesOnPage+1), len(all)-1))
	end := min(len(all), d.top+EntriesOnPage)
	p.Entries, p.Above, p.Below, p.Row = all[d.top:end], d.top, len(all)-end, d.row-d.top
	if len(all) == 0 {
		p.Row = -1
	}
	return p
}

// Administration is the page of that name: sections at the left, a list of one of them, and what there is to say of one entry.
type Administration struct {
	Sections     []string // names: the texts are desk.admin.NAME
	At           int      // which is open
	Entries      []Entry
	Above, Below int // entries before and after these
	Row          int // which is chosen; -1: there are none
	About        About
	Doing        *Words // what is being done beside
	Result       *Words // what came of the last
}

// Entry is a row of a section's list.
type Entry struct {
	Name Words // an empty Key: Args[0] as it is
	Text Words // under it; an empty Key and no Args: nothing
	Mark Words // at its right, in the colour of Mood
	Mood Mood  // "" for no mark
}

// About is what there is to say of an entry.
type About struct {
	Title Words
	Lines []Remark
	Deeds []Deed // the first is that of Enter
}

// Remark is a line of About: a label and what it is. Without a label the words have the whole width.
type Remark struct {
	Label string // key of assets/text
	Words Words
	Mood  Mood // "" is plain
}

// Deed is something that can be done. Its texts are desk.deed.ID.
type Deed struct {
	ID   string
	Key  string // of the keyboard: a letter, or a function key
	Off  bool   // not now
	Grim bool   // what it does cannot be taken back
}

// As is a text as it is.
func As(text string) Words { return Words{Args: []any{text}} }

package session

import (
	"slices"

	"motcua/kiosk/fault"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

// This file is lists of people: guests, members of a household, the other half of a marriage. Each is added by the code of
// a card that is shown to the scanner, better proven by its chip if the card is then laid down, or by typing.
//
// Rules: nobody is on the list twice, and nobody who is here for himself; what the cards said of people who were taken
// off the list again is forgotten; a chip that cannot be read takes nothing of what its code said.

// PageRow is a row of a list being typed, one column a page. Screens never see it: they are shown PageForm or PageQuestion.
const PageRow Page = "row"

// RowsOnPage is how many rows a page of a list shows.
const RowsOnPage = 4

// rowEdit is the row that is being typed.
type rowEdit struct {
	at      int // which page of it
	row     int // its place in the list
	answers form.Answers
	columns []form.FieldID // that are asked, in order
}

// guest is somebody else whose card was shown.
type guest struct {
	group   form.FieldID
	who     who
	running bool // the chip is being read
}

// group is the list on the page that is shown, or to which the row that is being typed belongs.
func (s State) group() form.Field {
	sh := s.sheet(PageForm)
	if f := sh.field(s.v.at); f.Kind == form.Group && (s.v.page == PageForm || s.v.page == PageRow) {
		return f
	}
	return form.Field{}
}

// rowSheet asks for what the row that is being typed still lacks.
func (s State) rowSheet() sheet {
	group := s.group()
	def := &form.Definition{Fields: group.Columns}
	for _, id := range s.v.row.columns {
		c, _ := group.Column(id)
		def.Pages = append(def.Pages, form.Page{Field: id, Title: c.Name()})
	}
	return newSheet(def, form.Env{Today: s.today()}, s.v.row.answers)
}

// onRows is what a person does on the page of a list, besides going on and back.
func (m *machine) onRows(f form.Field, i Intent) {
	switch i := i.(type) {
	case Turn:
		m.turn(i.By, pages(len(m.v.asked.Rows(f)), RowsOnPage))
	case AddRow:
		if rows := m.v.asked.Rows(f); len(rows) < f.MaxRows() {
			m.askRow(f, len(rows), nil)
		}
	case RemoveRow:
		m.removeRow(f, i.At)
	}
}

// askRow asks for the columns of a row that its card did not answer; with none to ask it is in the list at once.
func (m *machine) askRow(f form.Field, row int, known form.Answers) {
	m.v.row = rowEdit{row: row, answers: known}
	for _, c := range f.Columns {
		if c.Kind != form.Known && known[c.ID].Value == "" && (len(known) == 0 || c.Required) {
			m.v.row.columns = append(m.v.row.columns, c.ID)
		}
	}
	if len(m.v.row.columns) == 0 {
		m.keepRow(f)
		return
	}
	m.toSheet(PageRow, 0)
}

// keepRow puts the row into the list.
func (m *machine) keepRow(f form.Field) {
	rows := m.v.asked.Rows(f)
	row := min(m.v.row.row, len(rows))
	rows = append(rows[:row:row], append([]form.Answers{m.v.row.answers}, rows[min(row+1, len(rows)):]...)...)
	m.v.asked = m.v.asked.WithRows(f, rows)
	m.v.row = rowEdit{}
	m.toSheet(PageForm, m.v.at)
	m.v.list = pages(len(rows), RowsOnPage) - 1
}

// rowNext goes to the row's next page, or back to the list.
func (m *machine) rowNext() {
	if m.v.row.at+1 < len(m.v.row.columns) {
		m.toSheet(PageRow, m.v.row.at+1)
		return
	}
	m.keepRow(m.group())
}

// rowBack goes to the row's page before, or gives the row up.
func (m *machine) rowBack() {
	if m.v.row.at > 0 {
		m.toSheet(PageRow, m.v.row.at-1)
		return
	}
	m.v.row = rowEdit{}
	m.toSheet(PageForm, m.v.at)
	m.forget()
}

func (m *machine) removeRow(f form.Field, at int) {
	rows := m.v.asked.Rows(f)
	if at < 0 || at >= len(rows) {
		return
	}
	m.v.asked = m.v.asked.WithRows(f, slices.Delete(rows, at, at+1))
	m.v.list = min(m.v.list, pages(len(rows)-1, RowsOnPage)-1)
	m.v.shown = false
	m.forget()
}

// forget drops what cards said of people who are on no list.
func (m *machine) forget() {
	listed := m.numbers()
	m.stopGuest()
	m.v.guests = slices.DeleteFunc(slices.Clone(m.v.guests), func(g guest) bool {
		return !slices.Contains(listed, g.who.person().Number)
	})
}

// numbers lists the personal numbers in all lists of the form.
func (s State) numbers() []identity.Number {
	var numbers []identity.Number
	for _, f := range s.sheet(PageForm).def.Fields {
		for _, row := range s.v.asked.Rows(f) {
			for _, c := range f.Columns {
				if n, err := identity.ParseNumber(row[c.ID].Value); err == nil && c.Personal() {
					numbers = append(numbers, n)
				}
			}
		}
	}
	return numbers
}

// addGuest puts the person of a scanned code on the list that is shown.
func (m *machine) addGuest(f form.Field, p identity.Person) {
	rows := m.v.asked.Rows(f)
	switch {
	case p.Number == m.v.who.person().Number:
		m.notice("notice.row-yourself")
	case slices.Contains(m.numbers(), p.Number):
		if m.v.guest.who.person().Number == p.Number {
			m.readGuest() // shown once more because the chip was not read
		}
		if !m.v.guest.running {
			m.notice("notice.row-twice")
		}
	case len(rows) >= f.MaxRows():
		m.notice("notice.rows-full")
	default:
		m.stopGuest()
		m.v.guest = guest{group: f.ID, who: who{qr: p, hasQR: true}}
		m.v.guests = append(slices.Clone(m.v.guests), m.v.guest)
		m.askRow(f, len(rows), f.RowOf(m.facts(m.v.guest.who)))
		m.readGuest()
	}
}

// readGuest reads the chip of the person who was added last, if a card was laid down since the list is shown: the card
// that lay there before is somebody else's.
func (m *machine) readGuest() {
	g, r := &m.v.guest, &m.v.read
	access := g.who.access()
	if g.running || g.who.hasChip || access.Number == "" || !m.dev.card || m.dev.noReader || !m.dev.fresh {
		return
	}
	r.try++
	r.running, r.done, r.total, r.began, r.moved = true, 0, 0, m.now, m.now
	g.running = true
	m.do(ReadCard{m.Serial, r.try, access})
}

// stopGuest ends the reading of somebody else's chip.
func (m *machine) stopGuest() {
	if m.v.guest.running {
		m.v.guest.running = false
		m.stopReading()
	}
	m.v.guest = guest{}
}

// guestChip is an answer to the reading of somebody else's chip.
func (m *machine) guestChip(e Event) {
	g, r := &m.v.guest, &m.v.read
	switch e := e.(type) {
	case CardProgress:
		r.done, r.total = e.Done, e.Total
	case CardRead:
		r.running, g.running = false, false
		if e.Person.Number != "" && e.Person.Number != g.who.qr.Number {
			m.notice("notice.row-other-card")
			return
		}
		g.who.chip, g.who.hasChip, g.who.proof = e.Person, true, e.Evidence
		m.provenRow(*g)
	case CardFailed:
		r.running, g.running = false, false
		g.who.noChip = e.Code
		m.keepGuest(*g)
		if e.Code == fault.CardOther || e.Code == fault.CardWrongKey {
			m.notice("notice.row-other-card")
			return
		}
		m.notice("notice.row-no-chip")
	}
}

// keepGuest notes what is now known of somebody on a list.
func (m *machine) keepGuest(g guest) {
	guests := slices.Clone(m.v.guests)
	for i := range guests {
		if guests[i].who.qr.Number == g.who.qr.Number {
			guests[i] = g
		}
	}
	m.v.guests = guests
}

// provenRow gives the row what the chip says; what was typed in it stays.
func (m *machine) provenRow(g guest) {
	m.keepGuest(g)
	f, _ := m.sheet(PageForm).def.Field(g.group)
	proven := f.RowOf(m.facts(g.who))
	rows := m.v.asked.Rows(f)
	for i, row := range rows {
		if !slices.ContainsFunc(f.Columns, func(c form.Field) bool {
			return c.Personal() && row[c.ID].Value == string(g.who.qr.Number)
		}) {
			continue
		}
		for id, a := range proven {
			if row[id].Source != identity.FromTyped {
				rows[i] = rows[i].With(id, a)
			}
		}
	}
	m.v.asked = m.v.asked.WithRows(f, rows)
}

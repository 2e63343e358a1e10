package station_test

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"motcua/devices/card/cardsim"
	"motcua/devices/scan/qr"
	"motcua/devices/scan/serial"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/session"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// citizen is somebody with a card who files for a rented room.
type citizen struct {
	person  cardsim.Persona
	card    *cardsim.Card // laid down when asked for; nil: laid by the test
	answers map[string]string
	byHand  bool // has no card: types
}

// newCitizen is a person with a card; what is answered differs from person to person.
func (m *machine) newCitizen(p cardsim.Persona, o cardsim.Options) citizen {
	m.t.Helper()
	c := citizen{person: p, answers: map[string]string{
		"service": "tam-tru", "case": "rent", "period": "one-year", "relation": "lodger", "members": "alone",
		"dwelling": "Xóm Văn " + p.Number[9:], "head_name": "Hà Văn Thuyết", "phone": "0900000" + p.Number[9:],
	}}
	c.card = newCard(m, p, o)
	return c
}

func newCard(m *machine, p cardsim.Persona, o cardsim.Options) *cardsim.Card {
	m.t.Helper()
	made, known := profiles.Load(p.Number)
	if !known {
		profile, err := cardsim.Build(p, cardsim.ProfileOptions{})
		must(m.t, err)
		made, _ = profiles.LoadOrStore(p.Number, profile)
	}
	return cardsim.New(made.(*cardsim.Profile), o)
}

// profiles are the cards' contents by number: drawing a portrait takes longer than a session.
var profiles sync.Map

// noCard is the same person without a card.
func (c citizen) noCard() citizen {
	c.byHand, c.answers = true, maps.Clone(c.answers)
	sex := "M"
	if c.person.Sex == cardsim.Female {
		sex = "F"
	}
	maps.Copy(c.answers, map[string]string{"number": c.person.Number, "name": c.person.Name,
		"birth": c.person.Birth.Format("02012006"), "sex": sex, "residence": c.person.Residence})
	return c
}

// scan shows a QR code to the scanner, the same one not too soon after: the driver takes that for a card that was left
// under the scanner.
func (m *machine) scan(text string) {
	m.t.Helper()
	if text == m.scanned {
		time.Sleep(time.Until(m.lastScan.Add(serial.DefaultRepeat + reading)))
	}
	defer func() { m.scanned, m.lastScan = text, time.Now() }()
	ctx, cancel := context.WithTimeout(context.Background(), reaction)
	defer cancel()
	must(m.t, m.scanner.Send(ctx, text))
}

// reading is how long a scan may be on its way to the driver.
const reading = 300 * time.Millisecond

func (m *machine) lay(c *cardsim.Card) {
	m.t.Helper()
	must(m.t, m.cards.Insert(c))
}

// place names the page, and which of its questions or lists is there.
func place(s session.Snapshot) string {
	at := fmt.Sprint(s.Serial, " ", s.Page)
	switch {
	case s.Form != nil:
		at += " " + string(s.Form.Field)
	case s.Choice != nil:
		at += " " + string(s.Choice.Field)
	case s.Review != nil:
		at += fmt.Sprint(" ", s.Review.Page)
	}
	return at
}

// maxPages stops a walk that goes in circles.
const maxPages = 60

// walk answers page after page until stop says so.
func (m *machine) walk(c citizen, stop func(session.Snapshot) bool) session.Snapshot {
	m.t.Helper()
	for range maxPages {
		s := m.now()
		if stop(s) {
			return s
		}
		m.answer(c, s)
		m.within(patience, "the page after "+place(s), func(next session.Snapshot) bool {
			return stop(next) || place(next) != place(s) && next.Page != session.PageFiling
		})
	}
	m.t.Fatalf("no end after %d pages: %s", maxPages, describe(m.now()))
	return session.Snapshot{}
}

// answer does what a page asks for.
func (m *machine) answer(c citizen, s session.Snapshot) {
	m.t.Helper()
	switch s.Page {
	case session.PageWelcome:
		if c.byHand {
			m.send(session.NoCard{})
			return
		}
		m.scan(c.person.QR())
	case session.PageReading:
		if !s.Reading.CardOnReader && c.card != nil && !c.byHand {
			m.lay(c.card)
		}
	case session.PageService, session.PageQuestion:
		m.send(session.Choose{ID: c.answers[string(s.Choice.Field)]})
	case session.PageForm, session.PageManual:
		m.fill(c, s)
	case session.PageFiling:
	case session.PageDone:
		m.leave()
	default:
		m.send(session.Next{})
	}
}

// fill answers a field, by choosing or typing, and leaves alone what the card filled in.
func (m *machine) fill(c citizen, s session.Snapshot) {
	m.t.Helper()
	if s.Form == nil {
		m.send(session.Choose{ID: c.answers[string(s.Choice.Field)]})
		return
	}
	if text, asked := c.answers[string(s.Form.Field)]; asked {
		m.send(session.Type{Text: text})
	}
	m.send(session.Next{})
}

// leave waits for the slip, takes the card and goes.
func (m *machine) leave() {
	m.t.Helper()
	m.within(patience, "the slip", func(s session.Snapshot) bool {
		return s.Page == session.PageDone && s.Done.Printing == session.PrintOK
	})
	if m.cards != nil {
		m.lift()
		m.until("the card gone", func(s session.Snapshot) bool { return !s.Done.CardLeft })
	}
	m.send(session.Next{})
}

// finish walks to the end and gives what the store has of it, compared with who filed and with the slip.
func (m *machine) finish(c citizen) filing.Filing {
	m.t.Helper()
	s := m.walk(c, func(s session.Snapshot) bool { return s.Page == session.PageDone })
	short := s.Done.Short
	m.walk(c, func(s session.Snapshot) bool { return s.Page == session.PageWelcome })
	f := m.filed(short)
	if string(f.Applicant.Number) != c.person.Number || f.Applicant.Name != c.person.Name {
		m.t.Errorf("%s is of %v", short, f.Applicant)
	}
	for _, field := range []string{"dwelling", "head_name", "phone", "period"} {
		given := f.Answers[form.FieldID(field)].Value
		if given == "" || field != "period" && given != c.answers[field] {
			m.t.Errorf("answer %s is %q, want %q", field, given, c.answers[field])
		}
	}
	m.checkSlip(f)
	return f
}

// filed is the one filing with this short number.
func (m *machine) filed(short string) filing.Filing {
	m.t.Helper()
	all, err := m.disk.List(context.Background(), store.Filter{})
	must(m.t, err)
	var found []filing.Filing
	for _, f := range all {
		if f.Reference.Short() == short {
			whole, err := m.disk.Read(context.Background(), f.Reference.String(), storetest.Officer())
			must(m.t, err)
			found = append(found, whole)
		}
	}
	if len(found) != 1 {
		m.t.Fatalf("%d filings are called %s", len(found), short)
	}
	return found[0]
}

// checkSlip compares the newest slip with the filing.
func (m *machine) checkSlip(f filing.Filing) {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	slips, err := m.printer.WaitSlips(ctx, 1)
	must(m.t, err)
	luma, err := qr.OpenFile(slips[len(slips)-1])
	must(m.t, err)
	decoder := qr.Decoder{Budget: 10 * time.Second}
	code, err := decoder.Decode(ctx, luma)
	if err != nil || code.Text != f.Reference.String() {
		m.t.Errorf("the slip's code is %q (%v), want %s", code.Text, err, f.Reference)
	}
}

package station_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd"
	"motcua/kiosk/fault"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
)

// torn is one way for a card to leave the reader in the middle of a read.
type torn struct {
	name     string
	extended bool
	every    int // which indexes: each, or every so many
	options  func(index int) cardsim.Options
}

// The card leaves at every command of a read, before or after its answer.
func TestTornRead(t *testing.T) {
	t.Parallel()
	instead := func(i int) cardsim.Options { return cardsim.Options{Fault: cardsim.Tear.At(i)} }
	after := func(i int) cardsim.Options { return cardsim.Options{TearAfter: i} }
	for _, way := range []torn{
		{"instead of an answer", true, 1, instead}, {"after an answer", true, 1, after},
		{"short, instead of an answer", false, 5, instead},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, setup{})
			person := cardsim.Personas()[6]
			m.commands(cardsim.Personas()[5], way.extended) // the reader learns which lengths go through
			commands := m.commands(person, way.extended)
			t.Logf("%d commands", commands)
			for i := 1; i <= commands; i += way.every * thin {
				o := way.options(i)
				o.Extended = way.extended
				person = cardsim.Personas()[i%people]
				m.tear(newCard(m, person, o), i, o.TearAfter == commands)
			}
		})
	}
}

// commands is how many commands a whole read takes.
func (m *machine) commands(p cardsim.Persona, extended bool) int {
	m.t.Helper()
	c := m.newCitizen(p, cardsim.Options{Extended: extended})
	m.walk(c, func(s session.Snapshot) bool { return s.Page == session.PageConfirm })
	m.startOver()
	return c.card.Index()
}

// startOver says "this is not me".
func (m *machine) startOver() {
	m.t.Helper()
	m.lift()
	m.send(session.Back{})
	m.until("the welcome page in order", notices(""))
}

// tear lays a card down that leaves by itself, and again. Whose last answer came before it left has been read.
func (m *machine) tear(c *cardsim.Card, index int, read bool) {
	m.t.Helper()
	p := c.Profile().Persona
	m.scan(p.QR())
	m.on(session.PageReading)
	m.lay(c)
	if !read {
		m.until("words for a card that left", func(s session.Snapshot) bool {
			if s.Page != session.PageReading {
				m.t.Fatalf("torn at %d: the screen shows %s", index, describe(s))
			}
			return s.Reading.Fault == fault.CardRemoved && !s.Reading.CardOnReader
		})
		m.lay(c)
	}
	s := m.within(patience, "the card read", func(s session.Snapshot) bool { return s.Page != session.PageReading })
	if s.Page != session.PageConfirm || s.Confirm.Name != p.Name || s.Confirm.Verdict != identity.IssuerUnknown || s.Confirm.Photo == nil {
		m.t.Fatalf("torn at %d, read again: %s", index, describe(s))
	}
	m.startOver()
}

// A chip that never answers: what the session owes is a way on and a stop key that works, in real time.
func TestChipHangs(t *testing.T) {
	t.Parallel()
	for _, at := range []int{1, 4, 12} {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, setup{})
			c, release := m.hanging(at)
			m.scan(c.person.QR())
			m.on(session.PageReading)
			began := time.Now()
			m.lay(c.card)
			m.within(session.ReadStalls+reaction, "words for a chip that hangs", reads(fault.CardTimeout, true))
			t.Logf("said after %v", time.Since(began))
			release()
			m.lift()
			m.until("an empty reader", func(s session.Snapshot) bool { return !s.Reading.CardOnReader })
			m.finish(c)
		})
	}
}

// hanging is a citizen whose card does not answer this command, whenever it is asked, until it is released.
func (m *machine) hanging(at int) (c citizen, release func()) {
	hold := make(chan struct{})
	m.t.Cleanup(func() {
		select {
		case <-hold:
		default:
			close(hold)
		}
	})
	c = m.newCitizen(cardsim.Personas()[2], cardsim.Options{Extended: true, Fault: func(index int) cardsim.Fault {
		if index >= at {
			<-hold
		}
		return cardsim.NoFault
	}})
	return c, func() { close(hold) }
}

func TestStopWhileChipHangs(t *testing.T) {
	t.Parallel()
	m := newMachine(t, setup{})
	c, _ := m.hanging(6)
	serial := m.now().Serial
	m.scan(c.person.QR())
	m.on(session.PageReading)
	m.lay(c.card)
	m.until("the read", func(s session.Snapshot) bool { return s.Reading.CardOnReader })
	m.send(session.Back{})
	m.on(session.PageWelcome)
	m.wiped(serial)
	m.lift()
	m.finish(m.newCitizen(cardsim.Personas()[0], cardsim.Options{Extended: true})) // the reader works for the next one
}

// like is a person whose number ends as another's does: the CAN opens the chip, and it is somebody else.
func like(p, other cardsim.Persona) cardsim.Persona {
	const can = 6
	p.Number = p.Number[:len(p.Number)-can] + other.CAN()
	return p
}

// foreign is a chip that is no identity card.
type foreign struct{ sw []byte }

var _ card.Transport = foreign{}

func (f foreign) Transmit(context.Context, []byte) ([]byte, error) { return f.sw, nil }
func (f foreign) ATR() []byte                                      { return []byte{0x3B, 0x65, 0x00, 0x00, 0x20, 0x63, 0xCB, 0x68, 0x00} }
func (f foreign) Close() error                                     { return nil }

// foreignReaders has foreign cards on its reader.
type foreignReaders struct {
	card.Readers
	sw func() []byte // of the card that lies there; nil: the card is what it seems
}

func (f foreignReaders) Connect(ctx context.Context, reader string) (card.Transport, error) {
	if sw := f.sw(); sw != nil {
		return foreign{sw}, nil
	}
	return f.Readers.Connect(ctx, reader)
}

// Cards that cannot be read, or not be believed: each has its own code, and with the right card it goes on.
func TestBadCards(t *testing.T) {
	t.Parallel()
	var sw []byte
	m := newMachine(t, setup{wrap: func(r card.Readers) card.Readers {
		return foreignReaders{r, func() []byte { return sw }}
	}})
	people := cardsim.Personas()
	me, somebody := people[1], people[8]
	whole := cardsim.ProfileOptions{}
	huge := cardsim.Options{Extended: true, Fault: func(int) cardsim.Fault { return cardsim.HugeFile }}
	twice := func(fault cardsim.Fault) cardsim.Options { // in the middle of the first try, and of the second
		const some = 12
		return cardsim.Options{Extended: true, Fault: fault.At(some, 2*some)}
	}
	for name, bad := range map[string]struct {
		card *cardsim.Card
		sw   []byte
		want fault.Code
	}{
		"another person's card":              {newCard(m, somebody, cardsim.Options{Extended: true}), nil, fault.CardWrongKey},
		"another person's card, short":       {newCard(m, somebody, cardsim.Options{}), nil, fault.CardWrongKey},
		"another person with the same CAN":   {newCard(m, like(somebody, me), cardsim.Options{Extended: true}), nil, fault.CardOther},
		"another person's card without PACE": {m.build(somebody, cardsim.ProfileOptions{BACOnly: true}, cardsim.Options{NoPACE: true}), nil, fault.CardWrongKey},
		"a bank card":                        {newCard(m, me, cardsim.Options{}), []byte{0x6A, 0x82}, fault.CardNotID},
		"a bus card":                         {newCard(m, me, cardsim.Options{}), []byte{0x6D, 0x00}, fault.CardNotID},
		"files that claim to be huge":        {m.build(me, whole, huge), nil, fault.CardDamaged},
		"answers cut in half":                {m.build(me, whole, twice(cardsim.Truncate)), nil, fault.CardSecure},
		"answers that were changed":          {m.build(me, whole, twice(cardsim.FlipMAC)), nil, fault.CardSecure},
	} {
		t.Log(name)
		sw = bad.sw
		m.scan(me.QR())
		m.on(session.PageReading)
		m.lay(bad.card)
		m.until("words for "+name, func(s session.Snapshot) bool {
			return s.Fault != nil && s.Fault.Code == bad.want || s.Reading != nil && s.Reading.Fault == bad.want && s.Reading.CanSkip
		})
		m.lift()
		sw = nil
		m.lay(newCard(m, me, cardsim.Options{Extended: true}))
		m.until("the right card", func(s session.Snapshot) bool { return s.Page == session.PageConfirm })
		m.startOver()
	}
}

func (m *machine) build(p cardsim.Persona, profile cardsim.ProfileOptions, o cardsim.Options) *cardsim.Card {
	m.t.Helper()
	built, err := cardsim.Build(p, profile)
	must(m.t, err)
	return cardsim.New(built, o)
}

// A chip without PACE is opened by BAC with the expiry that follows from the QR code's dates.
func TestWithoutPACE(t *testing.T) {
	t.Parallel()
	m := newMachine(t, setup{})
	c := m.newCitizen(cardsim.Personas()[1], cardsim.Options{})
	c.card = m.build(c.person, cardsim.ProfileOptions{BACOnly: true}, cardsim.Options{NoPACE: true})
	if f := m.finish(c); f.Evidence.Access != "BAC" || f.Evidence.AnyFailed() {
		t.Errorf("evidence is %+v", f.Evidence)
	}
}

// One damaged file does not stop a filing: the finding goes with it.
func TestDamagedPortrait(t *testing.T) {
	t.Parallel()
	m := newMachine(t, setup{})
	c := m.newCitizen(cardsim.Personas()[1], cardsim.Options{})
	profile, err := cardsim.Build(c.person, cardsim.ProfileOptions{})
	must(t, err)
	file := profile.Files[cardsim.DG(2)]
	clear(file[len(file)/8:])
	c.card = cardsim.New(profile, cardsim.Options{Extended: true})
	s := m.walk(c, func(s session.Snapshot) bool { return s.Page == session.PageConfirm })
	if s.Confirm.Verdict != identity.Forged {
		t.Errorf("shown is %+v", s.Confirm)
	}
	f := m.finish(c)
	if f.Evidence.Outcome(identity.CheckDataGroups) != identity.Failed ||
		!strings.Contains(f.Evidence.Checks[1].Reason, emrtd.DG2.String()) {
		t.Errorf("evidence is %+v", f.Evidence)
	}
}

// Codes that are no card's say so, and change nothing.
func TestBadCodes(t *testing.T) {
	t.Parallel()
	m := newMachine(t, setup{})
	m.scan("https://example.org/")
	m.until("words for a strange code", notices("notice.qr-not-card"))
	m.scan("05200.K1.261123.047.X|")
	must(t, m.scanner.SendRaw(context.Background(), []byte("099\xff\xfe\r")))
	m.until("words for a code that is no text", notices("notice.qr-unreadable"))
	c := m.newCitizen(cardsim.Personas()[0], cardsim.Options{Extended: true})
	m.walk(c, func(s session.Snapshot) bool { return s.Form != nil && s.Form.Field == form.FieldID("head_name") })
	m.scan(cardsim.Personas()[3].QR())
	m.until("a line that says no", func(s session.Snapshot) bool { return s.Notice == "notice.scan-ignored" && s.Form != nil })
	m.finish(c)
}

package trial

import (
	"strings"

	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
)

// table is a Machine without devices: a session, and around it a chip, a disk and a printer that always work.
type table struct {
	s       session.State
	c       Citizen
	others  func() map[form.FieldID][]identity.Person
	effects []session.Effect
	filing  filing.Filing
	slip    session.SlipWords
}

var _ Machine = (*table)(nil)

// View implements Machine.
func (t *table) View() session.Snapshot { return session.View(t.s) }

// Do implements Machine.
func (t *table) Do(i session.Intent) error {
	t.take(i)
	return nil
}

// Card implements Machine.
func (t *table) Card(who identity.Person) error {
	t.take(session.Scanned{Text: code(who)})
	t.take(session.CardOff{})
	t.take(session.CardOn{})
	return nil
}

func (t *table) take(e session.Event) {
	var effects []session.Effect
	t.s, effects = session.Step(t.s, e)
	t.effects = append(t.effects, effects...)
	t.answerEffects()
}

// code is the text of the QR code on the card of somebody (seven fields, as printed from 2021 on).
func code(p identity.Person) string {
	digits := func(d identity.Date) string { return strings.ReplaceAll(d.String(), "/", "") }
	return strings.Join([]string{string(p.Number), p.OldNumber, p.Name, digits(p.Birth), p.Sex.Text(), p.Residence, digits(p.Issued)}, "|")
}

// answerEffects is the machine around: chip, disk and printer that always work.
func (t *table) answerEffects() {
	for len(t.effects) > 0 {
		e := t.effects[0]
		t.effects = t.effects[1:]
		switch e := e.(type) {
		case session.ReadCard:
			who, photo := t.holder(e.Access.Number)
			t.take(session.CardRead{Serial: e.Serial, Try: e.Try, Person: who, Photo: photo,
				Evidence: identity.Evidence{Source: identity.FromChip, Access: "PACE-CAN"}})
		case session.File:
			ref, err := filing.NewReference("05200", "K1", identity.DateOf(e.Draft.Started), 1)
			if err != nil {
				continue
			}
			t.filing = filing.Filing{Draft: e.Draft, Reference: ref, Filed: e.Draft.Started, Status: filing.Filed}
			t.take(session.Filed{Serial: e.Serial, Filing: t.filing})
		case session.Print:
			t.slip = e.Words
			t.take(session.Printed{Serial: e.Serial, Sure: true})
		}
	}
}

// holder is whose card has the number.
func (t *table) holder(n identity.Number) (identity.Person, *identity.Photo) {
	for _, others := range t.others() {
		for _, o := range others {
			if o.Number == n {
				return o, nil
			}
		}
	}
	return t.c.Person, t.c.Photo
}

package station_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"motcua/devices/card/cardsim"
	"motcua/devices/print/printsim"
	"motcua/kiosk/fault"
	"motcua/kiosk/form"
	"motcua/kiosk/session"
)

// This file pulls every device at every page. A device that the page needs is missed on the screen within five seconds,
// one that it does not need is not; what was typed stays; and when the device is back the filing is finished.

// device is something that can be taken away and put back.
type device struct {
	name string
	pull func(*visit)
	back func(*visit)
	// missed says for the pages that need the device what is to be seen while it is away. On the others the page stays.
	missed map[string]func(session.Snapshot) bool
}

// visit is one citizen during whose filing a device is pulled.
type visit struct {
	*machine
	citizen
	held chan struct{} // closed: the card's answer that is held back goes out
	free func()        // of the store that holds the filing
}

func reads(code fault.Code, skip bool) func(session.Snapshot) bool {
	return func(s session.Snapshot) bool {
		return s.Page == session.PageReading && s.Reading.Fault == code && s.Reading.CanSkip == skip
	}
}

func notices(key string) func(session.Snapshot) bool {
	return func(s session.Snapshot) bool { return s.Page == session.PageWelcome && s.Notice == key }
}

func unprinted(code fault.Code) func(session.Snapshot) bool {
	return func(s session.Snapshot) bool {
		return s.Page == session.PageFault && s.Fault.Code == code && s.Fault.Safe != "" && s.Done != nil && s.OfficerCalled
	}
}

// printing is where a printer is missed: as soon as a slip is due.
func printing(code fault.Code) map[string]func(session.Snapshot) bool {
	return map[string]func(session.Snapshot) bool{"done, printing": unprinted(code)}
}

func devices() []device {
	type seen = map[string]func(session.Snapshot) bool
	relay := func(v *visit) {
		if v.cards != nil && v.now().Reading == nil {
			return // on other pages nobody asks for the card again
		}
		v.lay(v.card)
	}
	return []device{
		{"reader", func(v *visit) { v.cards.Unplug() }, func(v *visit) { v.cards.Plug() }, seen{
			"welcome": notices("notice.reader-absent"), "reading": reads(fault.ReaderGone, true),
			"reading, chip": reads(fault.ReaderGone, true), "reading, card first": notices("notice.reader-absent"),
		}},
		{"card", func(v *visit) { v.cards.Remove() }, relay, seen{
			"reading, chip": reads(fault.CardRemoved, false), "reading, card first": notices(""), // nobody is there yet
		}},
		{"scanner", func(v *visit) { v.scanner.Unplug() }, plugScanner, seen{
			"welcome": notices("notice.scanner-absent"), "reading, card first": reads(fault.ScannerAbsent, true),
		}},
		{"printer", func(v *visit) { v.printer.Unplug() }, func(v *visit) { must(v.t, v.printer.Plug()) },
			printing(fault.PrinterAbsent)},
		{"paper", func(v *visit) { v.printer.SetPaper(false) }, func(v *visit) { v.printer.SetPaper(true) },
			printing(fault.PrinterNoPaper)},
		{"cover", func(v *visit) { v.printer.SetCover(true) }, func(v *visit) { v.printer.SetCover(false) },
			printing(fault.PrinterCover)},
	}
}

// plugScanner waits until the driver has found the scanner: nobody scans within a second of putting the plug in.
func plugScanner(v *visit) {
	v.t.Helper()
	const found = "scanner.connected"
	before := v.count(found)
	must(v.t, v.scanner.Plug())
	for deadline := time.Now().Add(patience); v.count(found) == before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			v.t.Fatalf("the scanner is not found within %v", patience)
		}
	}
}

// moments are the pages at which devices are pulled; each brings a fresh session there.
func moments() map[string]func(*visit) {
	to := func(page session.Page, field form.FieldID) func(*visit) {
		return func(v *visit) {
			v.walk(v.citizen, func(s session.Snapshot) bool {
				return s.Page == page && (field == "" || s.Form != nil && s.Form.Field == field || s.Choice != nil && s.Choice.Field == field)
			})
		}
	}
	return map[string]func(*visit){
		"welcome": func(*visit) {},
		"reading": to(session.PageReading, ""),
		"reading, card first": func(v *visit) {
			v.lay(v.card)
			v.on(session.PageReading)
		},
		"reading, chip": midRead,
		"confirm":       to(session.PageConfirm, ""),
		"service":       to(session.PageService, ""),
		"case":          to(session.PageQuestion, "case"),
		"form": func(v *visit) {
			to(session.PageForm, "head_name")(v)
			v.send(session.Type{Text: "Hà Văn"})
			v.until("what was typed", func(s session.Snapshot) bool { return s.Form.Value == "Hà Văn" })
		},
		"manual": func(v *visit) {
			v.citizen = v.noCard()
			to(session.PageManual, "name")(v)
			v.send(session.Type{Text: "Lò"})
			v.until("what was typed", func(s session.Snapshot) bool { return s.Form.Value == "Lò" })
		},
		"choice":  to(session.PageQuestion, "relation"),
		"papers":  to(session.PagePapers, ""),
		"review":  to(session.PageReview, ""),
		"consent": to(session.PageConsent, ""),
		"filing": func(v *visit) {
			to(session.PageConsent, "")(v)
			v.free = v.disk.holding()
			v.send(session.Next{})
			v.on(session.PageFiling)
		},
		"done, printing": func(v *visit) {
			to(session.PageConsent, "")(v)
			v.send(session.Next{})
			v.until("the printer at work", func(s session.Snapshot) bool {
				return s.Page == session.PageDone && s.Done.Printing == session.PrintRunning
			})
		},
		"done": func(v *visit) {
			to(session.PageDone, "")(v)
			v.within(patience, "the slip", func(s session.Snapshot) bool { return s.Done.Printing == session.PrintOK })
		},
		"counter": func(v *visit) {
			to(session.PageService, "")(v)
			v.send(session.Choose{ID: "luu-tru"})
			v.on(session.PageCounter)
		},
		"wrong card": func(v *visit) {
			v.scan(v.person.QR())
			v.on(session.PageReading)
			v.lay(newCard(v.machine, cardsim.Personas()[people], cardsim.Options{Extended: true}))
			v.on(session.PageFault)
		},
		"idle": func(v *visit) {
			to(session.PageForm, "dwelling")(v)
			v.lift() // it is a sign of life
			v.clock.skip(session.IdleWarn)
			v.on(session.PageIdle)
		},
	}
}

// midRead stands in the middle of a read: the card holds an answer back.
func midRead(v *visit) {
	const some = 12 // the index of a command in the middle of a read
	v.held = make(chan struct{})
	reached := make(chan struct{})
	held := v.held
	v.card = newCard(v.machine, v.person, cardsim.Options{Extended: true, Fault: func(index int) cardsim.Fault {
		if index == some {
			close(reached)
			<-held
		}
		return cardsim.NoFault
	}})
	v.scan(v.person.QR())
	v.on(session.PageReading)
	v.lay(v.card)
	select {
	case <-reached:
	case <-time.After(patience):
		v.t.Fatalf("the read does not come to command %d: %s", some, describe(v.now()))
	}
}

// typed is what a page holds of what somebody typed or chose.
func typed(s session.Snapshot) (value string) {
	switch {
	case s.Form != nil:
		return s.Form.Value
	case s.Choice != nil:
		for _, o := range s.Choice.Options {
			if o.Chosen {
				value = o.ID
			}
		}
	}
	return value
}

// people take turns at the machines of this file; the last persona is the one with the wrong card.
const people = 8

func TestEveryDevicePulledOnEveryPage(t *testing.T) {
	t.Parallel()
	for n, d := range devices() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			const slow = 160 << 10 // bytes a second: a slip takes half a second, so that it can be disturbed
			m := newMachine(t, setup{printer: printsim.Options{BytesPerSecond: slow}})
			for i, name := range slices.Sorted(maps.Keys(moments())) {
				if _, needed := d.missed[name]; (i+n)%thin != 0 && !needed {
					continue
				}
				m.pullAt(name, moments()[name], d, cardsim.Personas()[i%people])
			}
		})
	}
}

// pullAt is one session: to the moment, the device away, the device back, and to the end.
func (m *machine) pullAt(name string, to func(*visit), d device, p cardsim.Persona) {
	m.t.Helper()
	m.t.Logf("%s at %s", d.name, name)
	v := &visit{machine: m, citizen: m.newCitizen(p, cardsim.Options{Extended: true})}
	to(v)
	before := m.now()
	d.pull(v)
	if missed, needed := d.missed[name]; needed {
		limit := reaction
		if name == "done, printing" {
			limit = patience // the driver gives a printer that takes nothing four seconds of its own
		}
		m.within(limit, d.name+" missed at "+name, missed)
	} else {
		m.stays(name, func(s session.Snapshot) bool { return place(s) == place(before) && typed(s) == typed(before) })
	}
	if v.held != nil {
		close(v.held)
	}
	if v.free != nil {
		v.free()
	}
	d.back(v)
	m.after(name, v)
	serial := m.now().Serial
	m.finish(v.citizen)
	m.wiped(serial)
	m.forgot(serial, secrets(v.person, v.answers))
	m.screen.forget()
}

// after leaves the pages that only the citizen can leave.
func (m *machine) after(name string, v *visit) {
	m.t.Helper()
	switch name {
	case "welcome":
		m.until("the welcome page in order", notices(""))
	case "reading, card first":
		m.until("the scanner", func(s session.Snapshot) bool { return s.Page != session.PageReading || s.Reading.Fault == "" })
		if m.now().Page == session.PageReading {
			m.scan(v.person.QR())
		}
	case "counter":
		m.send(session.Back{})
		m.on(session.PageService)
	case "wrong card":
		m.lift()
		m.lay(v.card)
		m.until("the other card", func(s session.Snapshot) bool { return s.Page != session.PageFault })
	case "idle":
		m.send(session.StillHere{})
		m.on(session.PageForm)
	case "done, printing", "filing":
		m.within(patience, "the number", func(s session.Snapshot) bool { return s.Page == session.PageDone })
	}
}

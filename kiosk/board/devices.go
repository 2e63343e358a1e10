package board

import (
	"context"
	"encoding/json"
	"slices"
	"sync/atomic"
	"time"

	"motcua/kiosk/checkup"
	"motcua/kiosk/fault"
	"motcua/kiosk/health"
)

// This file is the page of devices, the technician's: it names no person.

// PanelsOnPage is how many parts the page shows, in two columns.
const PanelsOnPage = 8

// columns is how many panels stand side by side.
const columns = 2

// lookEvery is how often the parts are looked at while the page is open.
const lookEvery = 10 * time.Second

// Part is something of the desk itself: its printer, the store.
type Part struct {
	Name string // the texts about it are under desk.part.NAME
	// Look finds out how it is.
	Look func(ctx context.Context) Found
	// Test tries it for an officer, and tells how far it came; what it gives is the result in words, an error has a fault.Code. Nil:
	// it cannot be tested.
	Test func(ctx context.Context, by string, tell func(done, all int)) (Words, error)
}

// Found is how a part was found.
type Found struct {
	State health.State
	Code  fault.Code // when it failed
	Care  bool       // it works, and somebody should look at it
	Lines []Words    // what else there is to say of it; at most two are shown
}

// devices is the page's own.
type devices struct {
	at, top int
	look    *task[looked]
	looked  time.Time // when a look was begun last
	seen    looked

	queue   []place // to be tested
	test    *trial
	results map[place]Words // of tests and choices
	chooser *chooser
}

// looked is what a look found.
type looked struct {
	parts []Found         // as Options.Parts; empty before the first look
	off   map[string]bool // stations that are switched off

	reached map[string]bool // stations that answered
	options map[place][]checkup.Option
}

// trial is a test under way.
type trial struct {
	*task[Words]
	place
	done, all atomic.Int64
	stage     atomic.Pointer[checkup.Progress] // of a test at a kiosk
}

// lookAgain begins to look at all parts.
func (b *Board) lookAgain() {
	if b.devices.look.busy() {
		return
	}
	st, parts, askers := b.store, b.opt.Parts, b.askers()
	b.devices.looked = b.opt.Now()
	b.devices.look = beside(b, func(ctx context.Context) (looked, error) {
		found := looked{off: map[string]bool{}, reached: map[string]bool{}, options: map[place][]checkup.Option{}}
		stations, err := st.Stations(ctx)
		if err != nil {
			return found, err
		}
		for _, s := range stations {
			works, err := st.Working(s.Name)
			if err != nil {
				return found, err
			}
			found.off[s.Name] = !works
			if ask := askers(s.Name); works && ask != nil {
				lookAtKiosk(ctx, ask, s.Name, &found)
			}
		}
		for _, p := range parts {
			found.parts = append(found.parts, p.Look(ctx))
		}
		return found, ctx.Err()
	})
}

// tendDevices takes what looks and tests found, and begins the next.
func (b *Board) tendDevices() {
	b.takeLook()
	if d := &b.devices; !d.look.busy() && b.opt.Now().Sub(d.looked) >= lookEvery {
		b.lookAgain()
		b.takeLook()
	}
	b.takeTest()
	b.tendChooser()
}

func (b *Board) takeLook() {
	d := &b.devices
	if r := d.look.result(); r != nil {
		if d.look = nil; r.err != nil {
			b.fail(r.err)
			return
		}
		d.seen = r.value
	}
}

// takeTest takes the result of a test, and begins the next that waits.
func (b *Board) takeTest() {
	d := &b.devices
	if d.test != nil {
		r := d.test.result()
		if r == nil {
			return
		}
		b.note(d.test.place, r.value, r.err)
		d.test = nil
	}
	for d.test == nil && len(d.queue) > 0 {
		next := d.queue[0]
		d.queue = d.queue[1:]
		b.beginTest(next)
	}
}

func (b *Board) beginTest(p place) {
	t, by := &trial{place: p}, b.me.ID
	delete(b.devices.results, p)
	b.devices.test = t
	if p.station != "" {
		ask, wake := b.asker(p.station), b.opt.Wake
		t.task = beside(b, func(ctx context.Context) (Words, error) { return testKiosk(ctx, t, ask, wake) })
		return
	}
	part := b.opt.Parts[slices.IndexFunc(b.opt.Parts, func(x Part) bool { return x.Name == p.part })]
	t.task = beside(b, func(ctx context.Context) (Words, error) {
		return part.Test(ctx, by, func(done, all int) {
			t.done.Store(int64(done))
			t.all.Store(int64(all))
		})
	})
}

// testing reports whether a part is tested, or waits for it.
func (b *Board) testing(p place) bool {
	d := &b.devices
	return slices.Contains(d.queue, p) || d.test != nil && d.test.place == p
}

// ask puts a part among those to be tested. One at a kiosk that is there already is not tested any more: nobody has to wait for hands.
func (b *Board) ask(p place) {
	d := &b.devices
	switch {
	case !b.testing(p):
		d.queue = append(d.queue, p)
	case p.station == "":
	case d.test != nil && d.test.place == p:
		d.test.stop()
	default:
		d.queue = slices.DeleteFunc(d.queue, func(x place) bool { return x == p })
	}
}

func (b *Board) atDevices(ctx context.Context, i Intent) error {
	d := &b.devices
	if d.chooser != nil {
		b.inChooser(i)
		b.tendDevices()
		return b.refresh(ctx)
	}
	switch i := i.(type) {
	case PickDevice:
		b.openChooser(b.placeAt(i.Row))
	case Move:
		d.at += columns * i.By
	case Turn:
		d.at += i.By
	case Choose:
		d.at = d.top + i.Row
	case Test:
		d.at = d.top + i.Row
		b.testChosen()
	case Enter:
		b.testChosen()
	case TestAll:
		b.askAll()
	case Refresh:
		b.lookAgain()
	default:
		return nil
	}
	b.tendDevices()
	return b.refresh(ctx)
}

// askAll puts all parts among those to be tested, those that need nobody's hands first.
func (b *Board) askAll() {
	all := b.panels()
	hands := func(x Panel) bool {
		return x.Station != "" && slices.Contains([]string{string(checkup.Reader), string(checkup.Scanner), string(checkup.Screen)}, x.Name)
	}
	for _, later := range []bool{false, true} {
		for _, x := range all {
			if p := (place{x.Station, x.Name}); x.Tests && hands(x) == later && !b.testing(p) {
				b.ask(p)
			}
		}
	}
}

func (b *Board) testChosen() {
	if all := b.panels(); b.devices.at >= 0 && b.devices.at < len(all) && all[b.devices.at].Tests {
		b.ask(place{all[b.devices.at].Station, all[b.devices.at].Name})
	}
}

// placeAt is the part of a row; of the one that is chosen for -1.
func (b *Board) placeAt(row int) place {
	d, all := &b.devices, b.panels()
	if row >= 0 {
		d.at = d.top + row
	}
	if d.at < 0 || d.at >= len(all) {
		return place{}
	}
	return place{all[d.at].Station, all[d.at].Name}
}

// parts is the page to be seen.
func (b *Board) parts() *Parts {
	d := &b.devices
	all := b.panels()
	d.at = max(0, min(d.at, len(all)-1))
	if d.at < d.top {
		d.top = d.at - d.at%columns
	}
	if d.at >= d.top+PanelsOnPage {
		d.top = d.at - d.at%columns + columns - PanelsOnPage
	}
	end := min(len(all), d.top+PanelsOnPage)
	p := &Parts{Panels: all[d.top:end], Above: d.top, Below: len(all) - end, At: d.at - d.top, Looking: d.look.busy(),
		Tests: slices.ContainsFunc(all, func(x Panel) bool { return x.Tests }), Chooses: slices.ContainsFunc(all, func(x Panel) bool { return x.Chooses }),
		Chooser: b.chooserView()}
	if len(all) == 0 {
		p.At = -1
	}
	for _, x := range all {
		switch x.Mood {
		case Ready:
			p.Good++
		case Care:
			p.Care++
		case Missing, Faulty, Off:
			p.Bad++
		}
	}
	return p
}

// panels are all parts: those of the kiosks by name, then the desk's own.
func (b *Board) panels() []Panel {
	var all []Panel
	for _, s := range b.stations {
		for _, dev := range devicesOf(s.State) {
			all = append(all, b.panelOf(s.Name, dev, s.At))
		}
		if screen := (place{s.Name, string(checkup.Screen)}); b.atKiosk(screen) {
			all = append(all, b.panelOf(s.Name, Device{Name: screen.part, State: string(health.Present)}, s.At))
		}
	}
	for i, p := range b.opt.Parts {
		x := Panel{Name: p.Name, Mood: Unknown, Tests: p.Test != nil}
		if i < len(b.devices.seen.parts) {
			f := b.devices.seen.parts[i]
			x.Mood, x.Code, x.Lines = mood(f.State, f.Code, f.Care), f.Code, f.Lines
			if f.State == health.Failed {
				x.Lines = slices.Concat(f.Lines[:min(1, len(f.Lines))], []Words{fix(f.Code)})
			}
		}
		b.withTest(&x)
		all = append(all, x)
	}
	return all
}

// withTest says how the test of a part goes, or went.
func (b *Board) withTest(x *Panel) {
	p := place{x.Station, x.Name}
	x.Testing = b.testing(p)
	if t := b.devices.test; t != nil && t.place == p {
		if all := t.all.Load(); all > 0 {
			x.Share = float64(t.done.Load()) / float64(all)
		}
		x.Told = t.stageWords()
	}
	if r, ok := b.devices.results[p]; ok {
		x.Result = &r
	}
}

// panelOf is a part of a kiosk, as the kiosk said it is.
func (b *Board) panelOf(station string, d Device, said time.Time) Panel {
	p := place{station, d.Name}
	x := Panel{Station: station, Name: d.Name, Mood: mood(health.State(d.State), d.Code, false), Code: d.Code, Tests: b.atKiosk(p) && d.State != string(health.Absent)}
	x.Chooses = x.Tests && checkup.Part(d.Name).Chosen() && len(b.devices.seen.options[p]) > 0
	x.Lines = []Words{b.deviceLine(p, d, said)}
	switch {
	case b.devices.seen.off[station]:
		x.Mood, x.Code, x.Tests, x.Chooses = Off, "", false, false
		x.Lines = append(x.Lines, Words{"desk.part.off", []any{station}})
	case d.State == string(health.Failed):
		x.Lines = append(x.Lines, fix(d.Code))
	case d.State == string(health.Present):
		x.Lines = append(x.Lines, Words{"desk.part." + d.Name + ".works", nil})
	}
	b.withTest(&x)
	return x
}

// deviceLine is the line that says which device it is, where, and since when it is as it is.
func (b *Board) deviceLine(p place, d Device, said time.Time) Words {
	since := d.Since
	if since.IsZero() {
		return Words{"desk.part.said", []any{p.station, said}}
	}
	for _, o := range b.devices.seen.options[p] {
		if o.Used {
			return Words{"desk.part.used", []any{short(o), p.station, since}}
		}
	}
	return Words{"desk.part.since", []any{p.station, since}}
}

// fix is what to do about a fault.
func fix(code fault.Code) Words { return Words{"fault." + string(code) + ".do", nil} }

// mood is how a part is that was found so.
func mood(s health.State, code fault.Code, care bool) Mood {
	switch s {
	case health.Present:
		if care {
			return Care
		}
		return Ready
	case health.Absent:
		return Unused
	}
	switch code {
	case fault.ReaderAbsent, fault.ReaderGone, fault.ScannerAbsent, fault.PrinterAbsent:
		return Missing
	case fault.PrinterNoPaper, fault.PrinterCover, fault.PrinterUnsure:
		return Care
	}
	return Faulty
}

// devicesOf reads what a station said of its parts; none if it is of another version.
func devicesOf(state json.RawMessage) []Device {
	var said struct {
		Devices []Device `json:"devices"`
	}
	if json.Unmarshal(state, &said) != nil {
		return nil
	}
	return said.Devices
}

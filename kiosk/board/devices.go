package board

import (
	"context"
	"encoding/json"
	"slices"
	"sync/atomic"
	"time"

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

	queue   []int // of Options.Parts: to be tested
	test    *trial
	results map[string]Words // of tests, by name of part
}

// looked is what a look found.
type looked struct {
	parts []Found         // as Options.Parts; empty before the first look
	off   map[string]bool // stations that are switched off
}

// trial is a test under way.
type trial struct {
	*task[Words]
	part      int
	done, all atomic.Int64
}

// lookAgain begins to look at all parts.
func (b *Board) lookAgain() {
	if b.devices.look.busy() {
		return
	}
	st, parts := b.store, b.opt.Parts
	b.devices.looked = b.opt.Now()
	b.devices.look = beside(b, func(ctx context.Context) (looked, error) {
		found := looked{off: map[string]bool{}}
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
		if d.results == nil {
			d.results = map[string]Words{}
		}
		p := b.opt.Parts[d.test.part]
		if d.results[p.Name] = r.value; r.err != nil {
			b.opt.Log.Warn("desk.test", "part", p.Name, "code", fault.CodeOf(r.err), "err", r.err)
			d.results[p.Name] = Words{"fault." + string(fault.CodeOf(r.err)) + ".what", nil}
		}
		d.test = nil
	}
	for d.test == nil && len(d.queue) > 0 {
		next := d.queue[0]
		d.queue = d.queue[1:]
		b.beginTest(next)
	}
}

func (b *Board) beginTest(part int) {
	t, p, by := &trial{part: part}, b.opt.Parts[part], b.me.ID
	delete(b.devices.results, p.Name)
	t.task = beside(b, func(ctx context.Context) (Words, error) {
		return p.Test(ctx, by, func(done, all int) {
			t.done.Store(int64(done))
			t.all.Store(int64(all))
		})
	})
	b.devices.test = t
}

// ask puts a part among those to be tested, once.
func (b *Board) ask(part int) {
	d := &b.devices
	if b.opt.Parts[part].Test != nil && !slices.Contains(d.queue, part) && (d.test == nil || d.test.part != part) {
		d.queue = append(d.queue, part)
	}
}

func (b *Board) atDevices(ctx context.Context, i Intent) error {
	d := &b.devices
	switch i := i.(type) {
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
		for part := range b.opt.Parts {
			b.ask(part)
		}
	case Refresh:
		b.lookAgain()
	default:
		return nil
	}
	b.tendDevices()
	return b.refresh(ctx)
}

func (b *Board) testChosen() {
	all := b.panels()
	if b.devices.at < 0 || b.devices.at >= len(all) || !all[b.devices.at].Tests {
		return
	}
	for part, p := range b.opt.Parts {
		if all[b.devices.at].Station == "" && p.Name == all[b.devices.at].Name {
			b.ask(part)
		}
	}
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
		Tests: slices.ContainsFunc(b.opt.Parts, func(p Part) bool { return p.Test != nil })}
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
		if t := b.devices.test; t != nil && t.part == i {
			x.Testing = true
			if all := t.all.Load(); all > 0 {
				x.Share = float64(t.done.Load()) / float64(all)
			}
		} else if slices.Contains(b.devices.queue, i) {
			x.Testing = true
		}
		if r, ok := b.devices.results[p.Name]; ok {
			x.Result = &r
		}
		all = append(all, x)
	}
	return all
}

// panelOf is a part of a kiosk, as the kiosk said it is.
func (b *Board) panelOf(station string, d Device, said time.Time) Panel {
	x := Panel{Station: station, Name: d.Name, Mood: mood(health.State(d.State), d.Code, false), Code: d.Code, Lines: []Words{{"desk.part.said", []any{station, said}}}}
	switch {
	case b.devices.seen.off[station]:
		x.Mood, x.Code = Off, ""
		x.Lines = append(x.Lines, Words{"desk.part.off", []any{station}})
	case d.State == string(health.Failed):
		x.Lines = append(x.Lines, fix(d.Code))
	case d.State == string(health.Present):
		x.Lines = append(x.Lines, Words{"desk.part." + d.Name + ".works", nil})
	}
	return x
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

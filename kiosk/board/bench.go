package board

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"motcua/kiosk/checkup"
	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
)

// This file is the parts of kiosks on the page of devices: tests at the kiosk, and which of several devices it uses.

// place is a part of a kiosk, or of the desk itself.
type place struct {
	station string // "" is the desk
	part    string
}

// chooser is the list of devices from which one is chosen.
type chooser struct {
	place
	at     int
	list   *task[[]checkup.Option]
	choose *task[Words]
}

// atKiosk reports whether the part of a kiosk can be tested from here, now and by this officer.
func (b *Board) atKiosk(p place) bool {
	return p.station != "" && b.opt.Checkup != nil && b.me.Role.May(officer.SetDevices) && slices.Contains(checkup.Parts(), checkup.Part(p.part)) &&
		b.devices.seen.reached[p.station]
}

// testKiosk tests a part of a kiosk, and keeps in t where the test is.
func testKiosk(ctx context.Context, t *trial, ask askKiosk, wake func()) (Words, error) {
	answer, err := ask(ctx, checkup.Request{Do: checkup.Test, Part: checkup.Part(t.part)}, func(p checkup.Progress) {
		t.stage.Store(&p)
		wake()
	})
	if err != nil {
		return Words{}, err
	}
	return said(answer), nil
}

// askKiosk asks one kiosk as the officer who is signed in.
type askKiosk func(ctx context.Context, r checkup.Request, tell func(checkup.Progress)) (checkup.Answer, error)

// asker is the way to a kiosk.
func (b *Board) asker(station string) askKiosk { return b.askers()(station) }

// askers gives the way to each kiosk, nil if there is none. It may be used beside.
func (b *Board) askers() func(station string) askKiosk {
	if b.opt.Checkup == nil {
		return func(string) askKiosk { return nil }
	}
	ask, who, key := b.opt.Checkup, b.me, b.key
	return func(station string) askKiosk {
		return func(ctx context.Context, r checkup.Request, tell func(checkup.Progress)) (checkup.Answer, error) {
			return ask(ctx, station, who, key, r, tell)
		}
	}
}

// lookAtKiosk finds out what devices a kiosk has and could have. One that does not answer is not reached.
func lookAtKiosk(ctx context.Context, ask askKiosk, station string, found *looked) {
	for _, part := range checkup.Parts() {
		if !part.Chosen() {
			continue
		}
		answer, err := ask(ctx, checkup.Request{Do: checkup.List, Part: part}, func(checkup.Progress) {})
		if err != nil {
			return
		}
		found.options[place{station, string(part)}] = answer.Options
	}
	found.reached[station] = true
}

// stageWords is what has to be done during a test; "" while it just runs.
func (t *trial) stageWords() *Words {
	p := t.stage.Load()
	switch {
	case p == nil || p.Stage == checkup.Running:
		return nil
	case p.Stage == checkup.Waiting:
		return &Words{"desk.test.waiting", nil}
	}
	return &Words{"desk.test.hands." + t.part, []any{p.Done, p.All}}
}

// said is an answer in words.
func said(a checkup.Answer) Words {
	switch {
	case a.Reader != nil:
		r := a.Reader
		if !r.ID {
			return Words{"desk.test.reader.other", []any{millis(r.Median), r.Commands}}
		}
		return Words{"desk.test.reader." + r.Extended, []any{millis(r.Median), millis(r.Slowest), r.Commands}}
	case a.Scanner != nil:
		return saidScanner(*a.Scanner)
	case a.Printer != nil:
		switch p := a.Printer; {
		case !p.Sure:
			return Words{"desk.test.printer.unsure", nil}
		case p.Low:
			return Words{"desk.test.printer.low", []any{seconds(p.Took)}}
		default:
			return Words{"desk.test.printer.done", []any{seconds(p.Took)}}
		}
	case a.Voice != nil:
		return Words{"desk.test.voice.done", []any{seconds(a.Voice.Took)}}
	case a.Screen != nil:
		return Words{"desk.test.screen.done", []any{a.Screen.Marks, seconds(a.Screen.Took)}}
	}
	return Words{"desk.test.done", nil}
}

func saidScanner(s checkup.ScannerSaid) Words {
	switch {
	case s.Refused != "":
		return Words{"desk.test.scanner.refused", nil}
	case s.Is == checkup.TestCode && s.Exact:
		return Words{"desk.test.scanner.exact", []any{s.Bytes, s.Marks}}
	case s.Is == checkup.TestCode:
		return Words{"desk.test.scanner.spoilt", []any{s.Bytes}}
	case s.Is == checkup.OtherCode && s.Symbology == "":
		return Words{"desk.test.scanner.unknown", []any{s.Bytes, s.Letters}}
	case s.Is == checkup.OtherCode:
		return Words{"desk.test.scanner.other", []any{s.Bytes, s.Letters, s.Symbology}}
	}
	return Words{"desk.test.scanner." + s.Is, []any{s.Bytes, s.Letters, s.Marks}}
}

// millis and seconds are times as people write them.
func millis(d time.Duration) string { return decimal(float64(d)/float64(time.Millisecond), 0) }

func seconds(d time.Duration) string { return decimal(d.Seconds(), 1) }

func decimal(v float64, digits int) string {
	return strings.Replace(strconv.FormatFloat(v, 'f', digits, 64), ".", ",", 1)
}

// openChooser begins to choose a device for the part of a panel.
func (b *Board) openChooser(p place) {
	if !b.atKiosk(p) || !checkup.Part(p.part).Chosen() || b.testing(p) {
		return
	}
	ask := b.asker(p.station)
	c := &chooser{place: p, at: -1}
	c.list = beside(b, func(ctx context.Context) ([]checkup.Option, error) {
		answer, err := ask(ctx, checkup.Request{Do: checkup.List, Part: checkup.Part(p.part)}, func(checkup.Progress) {})
		return answer.Options, err
	})
	b.devices.chooser = c
}

// options are those that came, nil while they are awaited.
func (c *chooser) options() []checkup.Option {
	if r := c.list.result(); r != nil {
		return r.value
	}
	return nil
}

// inChooser takes what is done while the list is open.
func (b *Board) inChooser(i Intent) {
	c := b.devices.chooser
	options := c.options()
	switch i := i.(type) {
	case Move:
		c.at = max(0, min(c.at+i.By, len(options)-1))
	case Choose:
		c.at = i.Row
		b.take(c, options)
	case Enter:
		b.take(c, options)
	case Escape:
		c.list.stop()
		c.choose.stop()
		b.devices.chooser = nil
	}
}

// take chooses the device that is marked.
func (b *Board) take(c *chooser, options []checkup.Option) {
	if c.at < 0 || c.at >= len(options) || options[c.at].Absent || options[c.at].Fixed || c.choose != nil {
		return
	}
	ask, name, called := b.asker(c.station), options[c.at].Name, short(options[c.at])
	c.choose = beside(b, func(ctx context.Context) (Words, error) {
		answer, err := ask(ctx, checkup.Request{Do: checkup.Choose, Part: checkup.Part(c.part), Name: name}, func(checkup.Progress) {})
		if err != nil {
			return Words{}, err
		}
		if answer.Now {
			return Words{"desk.choose.now", []any{called}}, nil
		}
		return Words{"desk.choose.later", []any{called}}, nil
	})
}

// short is what a device is called in a sentence.
func short(o checkup.Option) string {
	const longest = 40
	name := []rune(cmp.Or(o.Model, path.Base(o.Name)))
	if len(name) > longest {
		name = append(name[:longest], '…')
	}
	return string(name)
}

// tendChooser takes what came for the list.
func (b *Board) tendChooser() {
	c := b.devices.chooser
	if c == nil {
		return
	}
	if r := c.list.result(); r != nil && c.at < 0 {
		c.at = max(0, slices.IndexFunc(r.value, func(o checkup.Option) bool { return o.Used }))
		if r.err != nil {
			b.devices.chooser = nil
			b.fail(r.err)
		}
	}
	if r := c.choose.result(); r != nil {
		b.devices.chooser = nil
		b.note(c.place, r.value, r.err)
		b.lookAgain()
	}
}

// note keeps the result of a test or a choice.
func (b *Board) note(p place, w Words, err error) {
	if err != nil {
		b.opt.Log.Warn("desk.test", "part", p.part, "station", p.station, "code", fault.CodeOf(err), "err", err)
		w = Words{"fault." + string(fault.CodeOf(err)) + ".what", nil}
	}
	if b.devices.results == nil {
		b.devices.results = map[place]Words{}
	}
	b.devices.results[p] = w
}

// chooserView is the list as it is seen.
func (b *Board) chooserView() *Chooser {
	c := b.devices.chooser
	if c == nil {
		return nil
	}
	v := &Chooser{Station: c.station, Part: c.part, At: c.at, Looking: c.list.busy(), Busy: c.choose.busy()}
	for _, o := range c.options() {
		v.Rows = append(v.Rows, Candidate{Name: o.Name, Model: o.Model, Used: o.Used, Absent: o.Absent, Fixed: o.Fixed})
	}
	return v
}

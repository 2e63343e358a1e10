package board

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/assets"
	"motcua/kiosk/checkup"
	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/session"
	"motcua/kiosk/text"
)

// bench plays the kiosks: what was asked of them, and what they say.
type bench struct {
	t      *testing.T
	asked  []checkup.Request
	say    func(ctx context.Context, r checkup.Request, tell func(checkup.Progress)) (checkup.Answer, error)
	absent bool
}

func (k *bench) ask(ctx context.Context, station string, who officer.Account, key *seal.Identity, r checkup.Request, tell func(checkup.Progress)) (checkup.Answer, error) {
	if k.absent || station != "K1" || who.ID == "" || key == nil {
		return checkup.Answer{}, fault.Newf(fault.StationAbsent, "%s", station)
	}
	if k.asked = append(k.asked, r); r.Do == checkup.List {
		return checkup.Answer{Options: []checkup.Option{{Name: "/dev/a", Model: "A 1", Used: true}, {Name: "/dev/b"}, {Name: "/dev/c", Absent: true}}}, nil
	}
	return k.say(ctx, r, tell)
}

// wired is a counter with a kiosk that can be tested; what is done beside waits until run.
func wired(t *testing.T) (c *counter, k *bench, run func()) {
	c, k = newCounter(t), &bench{t: t}
	c.opt.Checkup = k.ask
	state := map[string]any{"devices": []session.Device{{Name: "reader", State: "present", Since: c.clock.Now()}, {Name: "scanner", State: "failed", Code: fault.ScannerAbsent, Since: c.clock.Now()},
		{Name: "printer", State: "present"}, {Name: "voice", State: "absent"}}}
	if err := c.db.SetState(t.Context(), state); err != nil {
		t.Fatal(err)
	}
	var waiting []func()
	c.opt.Go = func(do func()) { waiting = append(waiting, do) }
	return c, k, func() {
		for len(waiting) > 0 {
			next := waiting[0]
			waiting = waiting[1:]
			next()
		}
	}
}

func panel(t *testing.T, s Snapshot, name string) Panel {
	t.Helper()
	at := slices.IndexFunc(s.Parts.Panels, func(p Panel) bool { return p.Name == name })
	if at < 0 {
		t.Fatalf("no panel %s in %+v", name, s.Parts.Panels)
	}
	return s.Parts.Panels[at]
}

// A technician tests the parts of a kiosk and chooses a device; a kiosk that does not answer offers nothing.
func TestKioskTested(t *testing.T) {
	c, k, run := wired(t)
	c.technician()
	run()
	s := c.do(Tick{})
	reader, screen := panel(t, s, "reader"), panel(t, s, "screen")
	if !reader.Tests || !reader.Chooses || !screen.Tests || screen.Chooses || reader.Lines[0].Key != "desk.part.used" || reader.Lines[0].Args[0] != "A 1" {
		t.Fatalf("%+v\n%+v", reader, screen)
	}
	if p := panel(t, s, "scanner"); p.Mood != Missing || !p.Lines[0].Args[2].(time.Time).Equal(c.clock.Now()) {
		t.Errorf("%+v", p)
	}
	if p := panel(t, s, "voice"); p.Mood != Unused || p.Tests {
		t.Errorf("%+v", p)
	}
	k.say = func(_ context.Context, r checkup.Request, tell func(checkup.Progress)) (checkup.Answer, error) {
		tell(checkup.Progress{Stage: checkup.Hands})
		if p := panel(t, c.do(Tick{}), "reader"); !p.Testing || p.Told == nil || p.Told.Key != "desk.test.hands.reader" {
			t.Errorf("%+v", p)
		}
		tell(checkup.Progress{Stage: checkup.Waiting})
		if p := panel(t, c.do(Tick{}), "reader"); p.Told == nil || p.Told.Key != "desk.test.waiting" {
			t.Errorf("%+v", p)
		}
		return checkup.Answer{Reader: &checkup.ReaderSaid{ID: true, Extended: "yes", Median: 14 * time.Millisecond, Slowest: 31 * time.Millisecond, Commands: 12}}, nil
	}
	c.do(Choose{0}, Enter{})
	run()
	if p := panel(t, c.do(Tick{}), "reader"); p.Testing || p.Result == nil || p.Result.Key != "desk.test.reader.yes" || p.Result.Args[0] != "14" {
		t.Errorf("%+v", p)
	}
	// A second press ends the test.
	k.say = func(ctx context.Context, _ checkup.Request, _ func(checkup.Progress)) (checkup.Answer, error) {
		c.do(Enter{})
		return checkup.Answer{}, fault.New(fault.TestStopped, ctx.Err())
	}
	c.do(Enter{})
	run()
	if p := panel(t, c.do(Tick{}), "reader"); p.Result == nil || p.Result.Key != "fault.test-stopped.what" {
		t.Errorf("%+v", p)
	}
	// One of several is chosen; what is not there is not.
	k.say = func(_ context.Context, r checkup.Request, _ func(checkup.Progress)) (checkup.Answer, error) {
		if r != (checkup.Request{Do: checkup.Choose, Part: checkup.Reader, Name: "/dev/b"}) {
			t.Errorf("%+v", r)
		}
		return checkup.Answer{Now: true}, nil
	}
	if s := c.do(PickDevice{0}); s.Parts.Chooser == nil || !s.Parts.Chooser.Looking {
		t.Fatalf("%+v", s.Parts.Chooser)
	}
	run()
	s = c.do(Tick{}, Choose{2}, Move{-1})
	if v := s.Parts.Chooser; v == nil || v.At != 1 || len(v.Rows) != 3 || v.Busy {
		t.Fatalf("%+v", v)
	}
	c.do(Enter{})
	run()
	s = c.do(Tick{})
	if p := panel(t, s, "reader"); s.Parts.Chooser != nil || p.Result == nil || p.Result.Key != "desk.choose.now" || p.Result.Args[0] != "b" {
		t.Errorf("%+v %+v", s.Parts.Chooser, p)
	}
	c.do(PickDevice{0})
	run()
	if s = c.do(Tick{}, Escape{}); s.Page != Devices || s.Parts.Chooser != nil {
		t.Errorf("%s %+v", s.Page, s.Parts.Chooser)
	}
	// All, those first that need no hands.
	k.asked = nil
	k.say = func(context.Context, checkup.Request, func(checkup.Progress)) (checkup.Answer, error) {
		return checkup.Answer{}, nil
	}
	run()
	c.do(TestAll{})
	for range 6 {
		run()
		c.do(Tick{})
	}
	var tested []string
	for _, r := range k.asked {
		if r.Do == checkup.Test {
			tested = append(tested, string(r.Part))
		}
	}
	if got := strings.Join(tested, " "); got != "printer reader scanner screen" {
		t.Errorf("tested %s", got)
	}
	k.absent = true
	c.do(Refresh{})
	run()
	if p := panel(t, c.do(Tick{}), "reader"); p.Tests || p.Chooses {
		t.Errorf("%+v", p)
	}
}

// Every result has a text, with as many parts as it names.
func TestResultsHaveTexts(t *testing.T) {
	texts, err := text.Load(assets.FS, "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	answers := []checkup.Answer{{}, {Voice: &checkup.VoiceSaid{}}, {Screen: &checkup.ScreenSaid{}}, {Printer: &checkup.PrinterSaid{}}, {Printer: &checkup.PrinterSaid{Sure: true}},
		{Printer: &checkup.PrinterSaid{Sure: true, Low: true}}, {Reader: &checkup.ReaderSaid{}}, {Scanner: &checkup.ScannerSaid{Refused: fault.QRUnreadable}},
		{Scanner: &checkup.ScannerSaid{Is: checkup.OtherCode, Symbology: "EAN/UPC"}}, {Scanner: &checkup.ScannerSaid{Is: checkup.TestCode, Exact: true}}}
	for _, extended := range []string{"yes", "no", "unknown"} {
		answers = append(answers, checkup.Answer{Reader: &checkup.ReaderSaid{ID: true, Extended: extended}})
	}
	for _, is := range []string{checkup.TestCode, checkup.IDCode, checkup.Slip, checkup.OtherCode} {
		answers = append(answers, checkup.Answer{Scanner: &checkup.ScannerSaid{Is: is}})
	}
	for _, a := range answers {
		w := said(a)
		if line := texts.Get(w.Key, w.Args...); !texts.Has(w.Key) || strings.Contains(line, "{") {
			t.Errorf("%s: %q", w.Key, line)
		}
	}
	for _, part := range checkup.Parts() {
		for _, key := range []string{"desk.part." + string(part), "desk.part." + string(part) + ".test", "desk.part." + string(part) + ".works", "desk.test.hands." + string(part), "test." + string(part), "test." + string(part) + ".text"} {
			if !texts.Has(key) {
				t.Errorf("no text %s", key)
			}
		}
		if part.Chosen() && !texts.Has("desk.choose."+string(part)) {
			t.Errorf("no text for choosing a %s", part)
		}
	}
}

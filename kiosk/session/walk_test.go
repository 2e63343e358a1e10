package session

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

// states is one state for every page that there is, and for what differs within a page.
func states(t *testing.T) map[string]State {
	reading := func() *play { return start(t).do(Scanned{unQR}) }
	typing := func() *play {
		return asked(t).do(Choose{"rent"}, Type{"Xóm Văn"}, Next{}, Choose{"one-year"}, Type{"Hà Văn Thuyết"})
	}
	wrong := reading().do(CardOn{})
	failed := filingPage(t, "rent")
	unprinted := done(t, "rent")
	all := map[string]*play{
		"welcome": start(t), "welcome without devices": start(t).do(ReaderChanged{false}, ScannerChanged{false}, PrinterChanged{}),
		"reading: card first": start(t).do(CardOn{}), "reading: QR first": reading(),
		"reading: chip": reading().do(CardOn{}), "reading: removed": reading().do(CardOn{}, CardOff{}),
		"reading: mute": reading().do(CardMute{}), "reading: no reader": reading().do(ReaderChanged{false}),
		"reading: typed number": start(t).do(CardOn{}, NoCard{}, Type{"099188000231"}, Next{}),
		"manual: number":        start(t).do(NoCard{}, Type{"0991880"}), "manual: name": start(t).do(NoCard{}, Type{"099188000231"}, Next{}, Type{"Lò"}),
		"manual: sex": start(t).do(NoCard{}, Type{"099188000231"}, Next{}, Type{"Lò Thị Ủn"}, Next{}, Type{"19071988"}, Next{}),
		"confirm":     confirmed(t), "confirm: QR only": reading().do(CardMute{}, Next{}),
		"service": confirmed(t).do(Next{}), "service: chosen": confirmed(t).do(Next{}, Choose{"tam-tru"}),
		"counter": confirmed(t).do(Next{}, Choose{"luu-tru"}), "question": asked(t), "question: answered": asked(t).do(Choose{"rent"}),
		"form: text": typing(), "form: choice": typing().do(Next{}), "form: digits": typing().do(Next{}, Choose{"kin"}, Type{"0123"}),
		"form: problem": typing().do(Type{"1"}, Next{}), "form: idle": typing().do(CardOff{}).wait(IdleWarn),
		"papers": papers(t, "rent"), "review": reviewed(t, "rent"), "review: 2": reviewed(t, "rent").do(Turn{1}),
		"edit": reviewed(t, "rent").do(Edit{"head_name"}, Type{"Hà"}), "consent": consent(t, "rent"), "filing": filingPage(t, "rent"),
		"fault: wrong card": wrong.do(CardFailed{1, 1, fault.CardWrongKey}), "fault: store": failed.do(FileFailed{1, fault.StoreFull}),
		"fault: printer": unprinted.do(SlipFailed{1, fault.PrinterNoPaper}),
		"done: printing": done(t, "rent"), "done: printed": done(t, "rent").do(Printed{1, true}),
		"done: no slip": done(t, "rent").do(SlipFailed{1, fault.PrinterCover}, Next{}),
	}
	found := map[string]State{}
	for name, p := range all {
		found[name] = p.s
	}
	return found
}

// deviceEvents is every kind of news from devices and time, with every code; intents is every kind of touch.
func deviceEvents(s State) map[string]Event {
	events := map[string]Event{
		"tick": Tick{s.now.Add(time.Second)}, "scan card": Scanned{unQR}, "scan other card": Scanned{mauQR}, "scan text": Scanned{"abc"},
		"scanner gone": ScannerChanged{false}, "scanner back": ScannerChanged{true}, "reader gone": ReaderChanged{false},
		"reader back": ReaderChanged{true}, "card on": CardOn{}, "card off": CardOff{}, "card mute": CardMute{},
		"progress": CardProgress{s.Serial, s.v.read.try, 1, 2}, "strange progress": CardProgress{s.Serial, s.v.read.try, 7, -2},
		"text": CardText{s.Serial, s.v.read.try, un()}, "read": CardRead{s.Serial, s.v.read.try, un(), photo(), proof()},
		"read nothing": CardRead{s.Serial, s.v.read.try, identity.Person{}, nil, identity.Evidence{}},
		"filed":        Filed{s.Serial, filing.Filing{}}, "printed": Printed{s.Serial, true}, "printed, unsure": Printed{s.Serial, false},
		"printer gone": PrinterChanged{}, "printer back": PrinterChanged{true, ""},
	}
	for _, code := range append(fault.Codes(), "") {
		events["card failed "+string(code)] = CardFailed{s.Serial, s.v.read.try, code}
		events["file failed "+string(code)] = FileFailed{s.Serial, code}
		events["slip failed "+string(code)] = SlipFailed{s.Serial, code}
		events["scan rejected "+string(code)] = ScanRejected{code}
		events["printer "+string(code)] = PrinterChanged{true, code}
	}
	return events
}

func touches() map[string]Event {
	touches := map[string]Event{
		"next": Next{}, "back": Back{}, "call": CallOfficer{}, "no card": NoCard{}, "choose nothing": Choose{}, "type": Type{"Xóm Lọng"},
		"type nothing": Type{}, "turn": Turn{1}, "turn back": Turn{-1}, "turn far": Turn{1 << 40}, "edit nothing": Edit{"nothing"},
		"toggle nothing": Toggle{"nothing"}, "reprint": Reprint{}, "still here": StillHere{},
	}
	for _, id := range []string{"rent", "own", "tam-tru", "luu-tru", "one-year", "kin", "M"} {
		touches["choose "+id] = Choose{id}
	}
	for _, id := range []form.FieldID{"name", "dwelling", "head_name", "phone", "case", "email"} {
		touches["edit "+string(id)] = Edit{id}
	}
	for _, id := range []string{"ct01", "rent-contract"} {
		touches["toggle "+id] = Toggle{id}
	}
	return touches
}

// Every event at every page: no panic, a way on or back, nothing for somebody else, and what was typed stays.
func TestEveryEventOnEveryPage(t *testing.T) {
	seen := map[Page]bool{}
	for name, s := range states(t) {
		seen[View(s).Page] = true
		for what, e := range deviceEvents(s) {
			t.Run(name+"/"+what, func(t *testing.T) {
				next := apply(t, s, e)
				if next.Serial == s.Serial && !keeps(s, next) {
					t.Error("typed text is lost")
				}
				if next.Serial != s.Serial && name != "reading: card first" {
					t.Error("a device ended the session")
				}
			})
		}
		for what, e := range touches() {
			t.Run(name+"/"+what, func(t *testing.T) { apply(t, s, e) })
		}
	}
	for _, p := range []Page{PageWelcome, PageManual, PageReading, PageConfirm, PageService, PageQuestion, PageForm, PagePapers,
		PageReview, PageConsent, PageFiling, PageDone, PageCounter, PageFault, PageIdle} {
		if !seen[p] {
			t.Errorf("no state for page %s", p)
		}
	}
}

// keeps reports whether everything that was typed in s is there in next. A scan on an untouched manual page may
// replace what was not typed yet.
func keeps(s, next State) bool {
	return reflect.DeepEqual(s.v.asked, next.v.asked) && (len(s.v.who.typed) == 0 || reflect.DeepEqual(s.v.who.typed, next.v.who.typed) ||
		s.v.page == PageFault)
}

// apply is one step with all that must hold for every step.
func apply(t testing.TB, s State, e Event) State {
	t.Helper()
	before := fmt.Sprintf("%+v", s.v)
	next, effects := Step(s, e)
	if fmt.Sprintf("%+v", s.v) != before {
		t.Fatal("Step changed the state that it was given")
	}
	again, _ := Step(s, e)
	if !reflect.DeepEqual(next, again) {
		t.Fatal("the same step twice gives two states")
	}
	for _, effect := range effects {
		if serial, has := serialOf(effect); has && serial != s.Serial {
			t.Fatalf("%T for serial %d, here is %d", effect, serial, s.Serial)
		}
	}
	if next.Serial != s.Serial {
		if problem := uncleanness(next); problem != "" {
			t.Fatal(problem)
		}
	}
	wayOn(t, next)
	return next
}

func serialOf(e Effect) (uint64, bool) {
	switch e := e.(type) {
	case ReadCard:
		return e.Serial, true
	case StopReading:
		return e.Serial, true
	case File:
		return e.Serial, true
	case Print:
		return e.Serial, true
	case Wipe:
		return e.Serial, true
	}
	return 0, false
}

// wayOn wants a key that leads somewhere, words for everything, and options to choose where there are some.
func wayOn(t testing.TB, s State) {
	t.Helper()
	v := View(s)
	has := s.cfg.Texts.Has
	switch v.Page {
	case PageWelcome, PageFiling:
	default:
		if !v.Back.Enabled && !v.Next.Enabled {
			t.Fatalf("no way on or back on %s", v.Page)
		}
	}
	for _, k := range []Key{v.Back, v.Call, v.Next} {
		if k.Shown && !has(k.Label) {
			t.Fatalf("no text %s", k.Label)
		}
	}
	if v.Notice != "" && !has(v.Notice) {
		t.Fatalf("no text %s", v.Notice)
	}
	if v.Fault != nil && v.Fault.Code != "" && !has("fault."+string(v.Fault.Code)+".title") {
		t.Fatalf("no words for %s", v.Fault.Code)
	}
	if v.Confirm != nil {
		for _, key := range []string{"verdict." + string(v.Confirm.Verdict) + ".title", "verdict." + string(v.Confirm.Verdict) + ".what"} {
			if !has(key) {
				t.Fatalf("no text %s", key)
			}
		}
	}
	if v.Choice != nil && (len(v.Choice.Options) == 0 || len(v.Choice.Options) > OptionsPerPage) {
		t.Fatalf("%d options", len(v.Choice.Options))
	}
}

// Every text that the session asks for by name is there: the walk above covers keys and notices, this the rest.
func TestMissingTextsShow(t *testing.T) {
	for name, s := range states(t) {
		for _, text := range reachable(reflect.ValueOf(View(s))) {
			if len(text) > 8 && (text[:8] == "session." || text[:8] == "problem.") {
				t.Errorf("%s: no text %s", name, text)
			}
		}
	}
}

// The icons that keys name are there.
func TestKeyIcons(t *testing.T) {
	for name, s := range states(t) {
		v := View(s)
		for _, k := range []Key{v.Back, v.Call, v.Next} {
			if k.Shown && !iconExists(k.Icon) {
				t.Errorf("%s: no icon %q", name, k.Icon)
			}
		}
	}
}

// Random lives: many citizens, devices that come and go, a store and a printer that fail, and always the rules.
func TestRandomSessions(t *testing.T) {
	lives, steps := 60, 400
	if testing.Short() {
		lives = 20
	}
	cfg := config(t)
	filed := 0
	for seed := range uint64(lives) {
		w := &world{t: t, r: rand.New(rand.NewPCG(seed, 7)), s: New(cfg, [SeedLen]byte{byte(seed)}, morning),
			keys: map[string]string{}, printable: map[string]bool{}}
		for range steps {
			w.step()
		}
		filed += len(w.printable)
	}
	if filed < lives {
		t.Errorf("only %d filings in %d lives: the walk does not get far enough", filed, lives)
	}
}

// world is the machine around a session, played by dice.
type world struct {
	t         *testing.T
	r         *rand.Rand
	s         State
	pending   []Event           // answers that are under way
	keys      map[string]string // of drafts: "sent", "failed", "filed"
	printable map[string]bool   // references whose filing is on disk
	serial    int
}

func (w *world) step() {
	page := w.s.v.page
	w.t.Helper()
	e := w.event()
	typed := w.s.v
	next, effects := Step(w.s, e)
	_, touch := e.(Intent)
	if next.Serial == w.s.Serial && !touch && !reflect.DeepEqual(typed.asked, next.v.asked) {
		w.t.Fatalf("%T lost what was typed", e)
	}
	for _, effect := range effects {
		w.carryOut(effect, page, next)
	}
	if next.Serial != w.s.Serial {
		if problem := uncleanness(next); problem != "" {
			w.t.Fatalf("after %T: %s", e, problem)
		}
	}
	if f, ok := e.(Filed); ok && next.v.hand.filed != nil && next.v.hand.filed.Key == f.Filing.Key {
		w.keys[f.Filing.Key] = "filed"
	}
	w.s = next
	wayOn(w.t, next)
}

// event is an answer that is due, or something that the view makes likely, or anything at all.
func (w *world) event() Event {
	switch n := w.r.IntN(20); {
	case n < 6 && len(w.pending) > 0:
		e := w.pending[0]
		w.pending = w.pending[1:]
		return e
	case n < 15:
		return w.sensible()
	case n < 16:
		return Tick{w.s.now.Add(time.Duration(w.r.IntN(4)) * time.Second)}
	}
	all := deviceEvents(w.s)
	if w.r.IntN(2) == 0 {
		all = touches()
	}
	return pick(w.r, all)
}

// pick takes one of a map in an order that does not depend on the map.
func pick(r *rand.Rand, all map[string]Event) Event {
	names := sorted(all)
	return all[names[r.IntN(len(names))]]
}

// sensible is what somebody who wants to file would do here.
func (w *world) sensible() Event {
	v := View(w.s)
	switch {
	case v.Page == PageWelcome:
		return Scanned{unQR}
	case v.Page == PageReading && !w.s.dev.card:
		return CardOn{}
	case v.Page == PageService && !v.Next.Enabled:
		return Choose{"tam-tru"}
	case v.Choice != nil && !v.Next.Enabled:
		return Choose{v.Choice.Options[w.r.IntN(len(v.Choice.Options))].ID}
	case v.Form != nil && w.r.IntN(2) == 0:
		values := map[form.FieldID]string{"dwelling": "Xóm Văn", "head_name": "Hà Văn Thuyết", "head_number": "012301230123",
			"phone": "0912345678", manualNumber: "099188000231", manualName: "Lò Thị Ủn", manualBirth: "19071988"}
		return Type{values[v.Form.Field]}
	}
	return Next{}
}

// carryOut notes what was wanted and makes up an answer for later.
func (w *world) carryOut(effect Effect, page Page, next State) {
	switch e := effect.(type) {
	case ReadCard:
		codes := []fault.Code{"", "", "", fault.CardRemoved, fault.CardSecure, fault.CardMute, fault.CardWrongKey}
		if code := codes[w.r.IntN(len(codes))]; code != "" {
			w.pending = append(w.pending, CardFailed{e.Serial, e.Try, code})
			return
		}
		p := un()
		p.Number = e.Access.Number
		w.pending = append(w.pending, CardProgress{e.Serial, e.Try, 1, 2}, CardRead{e.Serial, e.Try, p, photo(), proof()})
	case File:
		w.file(e, page)
	case Print:
		if !w.printable[e.Filing.Reference.String()] || e.Filing.Reference.IsZero() {
			w.t.Fatal("a slip for what is not on disk")
		}
		codes := []fault.Code{"", "", fault.PrinterNoPaper, fault.PrinterUnsure}
		if code := codes[w.r.IntN(len(codes))]; code != "" {
			w.pending = append(w.pending, SlipFailed{e.Serial, code})
			return
		}
		w.pending = append(w.pending, Printed{e.Serial, true})
	case Wipe:
		if next.Serial != e.Serial+1 {
			w.t.Fatal("a wipe that leads nowhere")
		}
	}
}

// file is a store that sometimes refuses, and sometimes says nothing.
func (w *world) file(e File, page Page) {
	key := e.Draft.Key
	switch w.keys[key] {
	case "filed":
		w.t.Fatal("what is filed is filed again")
	case "sent":
		if page == PageFiling {
			w.t.Fatal("handed in twice without an answer")
		}
	}
	w.keys[key] = "sent"
	switch w.r.IntN(4) {
	case 0:
		w.keys[key] = "failed"
		w.pending = append(w.pending, FileFailed{e.Serial, fault.StoreFull})
	default:
		w.serial++
		ref, err := filing.NewReference("05200", "K1", identity.Date{Year: 2026, Month: 11, Day: 23}, w.serial)
		if err != nil {
			w.t.Fatal(err)
		}
		w.printable[ref.String()] = true
		w.pending = append(w.pending, Filed{e.Serial, filing.Filing{Draft: e.Draft, Reference: ref, Filed: w.s.now}})
	}
}

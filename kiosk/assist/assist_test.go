package assist

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"motcua/assets"
	"motcua/kiosk"
	"motcua/kiosk/calendar"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/receipt"
	"motcua/kiosk/seal"
	"motcua/kiosk/service"
	"motcua/kiosk/session"
	"motcua/kiosk/store"
	"motcua/kiosk/text"
)

const soon = 30 * time.Second

// office is a data directory with a kiosk's store and two officers.
type office struct {
	t    *testing.T
	dir  string
	db   *store.Store
	an   officer.Account
	key  *seal.Identity
	tech officer.Account
	tkey *seal.Identity
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, dir: filepath.Join(t.TempDir(), "d")}
	var err error
	if o.db, err = store.Open(o.dir, store.Options{Station: "K1", Commune: "05200"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.db.Close() })
	o.an, o.key = o.officer("an", officer.Clerk)
	o.tech, o.tkey = o.officer("tech", officer.Technician)
	return o
}

func (o *office) officer(id string, role officer.Role) (officer.Account, *seal.Identity) {
	o.t.Helper()
	a, key, err := officer.New(id, "Cán bộ "+id, role, seal.Secret{Card: []byte(id)}, time.Now())
	if err == nil {
		err = o.db.SetOfficer(o.t.Context(), a, "setup")
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return a, key
}

func fresh(t *testing.T, channel filing.Channel) session.State {
	t.Helper()
	catalogue, err := service.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := text.Load(assets.FS, "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return session.New(&session.Config{Office: session.Office{Station: "K1"}, Catalogue: catalogue, Texts: texts, Calendar: calendar.New(), Channel: channel,
		Commune: "xã Mai Châu", Province: "tỉnh Phú Thọ", Zone: calendar.Zone}, [session.SeedLen]byte{1}, time.Now())
}

// kiosk runs a kiosk with its server.
func (o *office) kiosk() *kiosk.Kiosk {
	o.t.Helper()
	var server *Server
	log := slog.New(slog.DiscardHandler)
	k := kiosk.Open(fresh(o.t, ""), none{}, o.db, kiosk.Options{Show: func(s session.Snapshot) { server.Show(s) }, Forget: func() { server.Forget() },
		Slip: func(session.Print) receipt.Slip { return receipt.Slip{} }})
	server = NewServer("K1", o.db, k.Send, log)
	ctx, stop := context.WithCancel(context.Background())
	served, ran := make(chan error, 1), make(chan struct{})
	go func() { served <- server.Serve(ctx, o.dir) }()
	go func() { k.Run(ctx); close(ran) }()
	o.t.Cleanup(func() {
		stop()
		<-ran
		if err := <-served; err != nil {
			o.t.Error(err)
		}
	})
	for over := time.Now().Add(soon); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(socket(o.dir, "K1")); err == nil {
			return k
		} else if time.Now().After(over) {
			o.t.Fatal(err)
		}
	}
}

// until waits for a page of a visit.
func until(t *testing.T, v Visit, is func(session.Snapshot) bool) session.Snapshot {
	t.Helper()
	over := time.After(soon)
	var last session.Snapshot
	for {
		select {
		case s, open := <-v.Snapshots():
			if !open {
				t.Fatalf("the visit ended on page %s", last.Page)
			}
			if last = s; is(s) {
				return s
			}
		case <-over:
			t.Fatalf("still on page %s", last.Page)
		}
	}
}

func page(p session.Page) func(session.Snapshot) bool {
	return func(s session.Snapshot) bool { return s.Page == p }
}

// An officer takes over what somebody began at the kiosk, goes on with it, and hands it back; the citizen's screen says so all the time.
func TestTakeOver(t *testing.T) {
	o := newOffice(t)
	k := o.kiosk()
	k.Send(session.NoCard{})
	v, err := Dial(t.Context(), o.dir, "K1", o.an, o.key)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	s := until(t, v, func(s session.Snapshot) bool { return s.Page == session.PageManual && s.Helper != "" })
	if s.Helper != "Cán bộ an" || s.Form == nil {
		t.Errorf("%+v", s)
	}
	v.Send(session.Type{Text: "099174000123"})
	until(t, v, func(s session.Snapshot) bool { return s.Form != nil && s.Form.Value == "099174000123" })
	if _, err := Dial(t.Context(), o.dir, "K1", o.an, o.key); fault.CodeOf(err) != fault.DeskHeld {
		t.Errorf("two help: %v", err)
	}
	v.Close()
	// What was typed stays; the next officer finds it.
	for over := time.Now().Add(soon); ; time.Sleep(10 * time.Millisecond) {
		if v, err = Dial(t.Context(), o.dir, "K1", o.an, o.key); err == nil {
			break
		} else if time.Now().After(over) {
			t.Fatal(err)
		}
	}
	until(t, v, func(s session.Snapshot) bool {
		return s.Form != nil && s.Form.Value == "099174000123" && s.Helper != ""
	})
	v.Close()
	var kinds []string
	for over := time.Now().Add(soon); len(kinds) < 4 && time.Now().Before(over); time.Sleep(10 * time.Millisecond) {
		kinds = nil
		entries, err := o.db.Journal(t.Context(), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Kind == "assist.began" || e.Kind == "assist.ended" {
				kinds = append(kinds, string(e.Kind))
			}
		}
	}
	if want := []string{"assist.began", "assist.ended", "assist.began", "assist.ended"}; !slices.Equal(kinds, want) {
		t.Errorf("journal: %v", kinds)
	}
}

// Who is no officer gets no page: not a technician, not a wrong key, not somebody who says nothing, and no kiosk answers nobody.
func TestRefused(t *testing.T) {
	o := newOffice(t)
	if _, err := Dial(t.Context(), o.dir, "K1", o.an, o.key); fault.CodeOf(err) != fault.StationAbsent {
		t.Errorf("no kiosk: %v", err)
	}
	o.kiosk()
	for name, who := range map[string]struct {
		a officer.Account
		k *seal.Identity
	}{"a technician": {o.tech, o.tkey}, "another key": {o.an, o.tkey}, "nobody": {officer.Account{ID: "x"}, o.key}} {
		if _, err := Dial(t.Context(), o.dir, "K1", who.a, who.k); fault.CodeOf(err) != fault.SealWrong {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Dial(t.Context(), o.dir, "K2", o.an, o.key); fault.CodeOf(err) != fault.StationAbsent {
		t.Errorf("another kiosk: %v", err)
	}
	conn, err := net.Dial("unix", socket(o.dir, "K1"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte(`{"snapshot":{}}` + "\nrubbish\n")); err != nil {
		t.Fatal(err)
	}
	in := newReader(conn, maxLine)
	for {
		m, err := in.next()
		if err != nil {
			break
		}
		if m.Snapshot != nil {
			t.Fatal("a page for nobody")
		}
	}
}

// Whoever opens connections and proves nothing is cut off beyond a number, and the others are let go when that ends.
func TestTooMany(t *testing.T) {
	o := newOffice(t)
	o.kiosk()
	var all []net.Conn
	for range mostDesks {
		conn, err := net.Dial("unix", socket(o.dir, "K1"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := newReader(conn, maxLine).next(); err != nil { // the challenge: it is served
			t.Fatal(err)
		}
		all = append(all, conn)
	}
	if _, err := Dial(t.Context(), o.dir, "K1", o.an, o.key); err == nil {
		t.Error("one more than there may be")
	}
	for _, conn := range all {
		conn.Close()
	}
	for over := time.Now().Add(soon); ; time.Sleep(5 * time.Millisecond) {
		v, err := Dial(t.Context(), o.dir, "K1", o.an, o.key)
		if err == nil {
			v.Close()
			return
		}
		if time.Now().After(over) {
			t.Fatal(err)
		}
	}
}

// deaf is a store that once could not note anything.
type deaf struct {
	*store.Store
	hears atomic.Bool
}

func (d *deaf) Note(ctx context.Context, kind string, detail map[string]string) error {
	if !d.hears.Load() {
		return fault.Newf(fault.StoreFull, "full")
	}
	return d.Store.Note(ctx, kind, detail)
}

// A visit that the journal could not take does not begin, and does not keep the next one out.
func TestNotNoted(t *testing.T) {
	o := newOffice(t)
	d := &deaf{Store: o.db}
	var events []session.Event
	s := NewServer("K1", d, func(e session.Event) { events = append(events, e) }, slog.New(slog.DiscardHandler))
	if err := s.begin(t.Context(), o.an); fault.CodeOf(err) != fault.StoreFull || len(events) != 0 {
		t.Fatalf("%v, %v", err, events)
	}
	d.hears.Store(true)
	if err := s.begin(t.Context(), o.an); err != nil || len(events) != 1 {
		t.Errorf("%v, %v", err, events)
	}
	if err := s.begin(t.Context(), o.an); fault.CodeOf(err) != fault.DeskHeld {
		t.Errorf("two: %v", err)
	}
}

// A filing made at the desk has the officer's name on it and came in by the desk.
func TestLocal(t *testing.T) {
	o := newOffice(t)
	v := Local(t.Context(), fresh(t, filing.AtDesk), Silent{o.db}, o.an, kiosk.Options{})
	defer v.Close()
	until(t, v, func(s session.Snapshot) bool { return s.Page == session.PageWelcome && s.Helper != "" })
	v.Send(session.NoCard{})
	until(t, v, page(session.PageManual))
	var last session.Snapshot
	// Whatever is asked is answered with the first thing that fits.
	answers := map[string]string{"number": "099174000123", "name": "Bùi Thị Nguyệt", "birth": "12031974"}
	for step := 0; last.Page != session.PageDone; step++ {
		if step > 200 {
			t.Fatalf("on page %s: %+v", last.Page, last.Form)
		}
		select {
		case s, open := <-v.Snapshots():
			if !open {
				t.Fatal("the visit ended")
			}
			last = s
			answer(v, s, answers)
		case <-time.After(200 * time.Millisecond):
			answer(v, last, answers)
		}
	}
	f, err := o.db.Read(t.Context(), last.Done.Short, o.key)
	if err != nil || f.Officer != "an" || f.Channel != filing.AtDesk || f.Ticket != 0 {
		t.Errorf("officer %q, channel %q, ticket %d, %v", f.Officer, f.Channel, f.Ticket, err)
	}
}

// answer does what the page asks for.
func answer(v Visit, s session.Snapshot, answers map[string]string) {
	switch {
	case s.Page == session.PageService:
		v.Send(session.Choose{ID: "xac-nhan-cu-tru"})
	case s.Choice != nil && len(s.Choice.Options) > 0:
		v.Send(session.Choose{ID: s.Choice.Options[0].ID})
	case s.Form != nil:
		text, ok := answers[string(s.Form.Field)]
		if !ok {
			text = "0900000123"
		}
		if s.Form.Value == "" {
			v.Send(session.Type{Text: text})
		}
		v.Send(session.Next{})
	default:
		v.Send(session.Next{})
	}
}

// Every page comes over the wire as it is.
func TestWire(t *testing.T) {
	for name := range intents {
		i := reflect.New(intents[name]).Elem().Interface().(session.Intent)
		m, err := encodeIntent(i)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := decodeIntent(m); err != nil || !reflect.DeepEqual(got, i) {
			t.Errorf("%s became %+v, %v", name, got, err)
		}
	}
	if _, err := decodeIntent(message{Intent: "Wipe"}); !errors.Is(err, errMessage) {
		t.Error("what is no intent")
	}
}

func FuzzDecodeIntent(f *testing.F) {
	f.Add([]byte(`{"intent":"Type","value":{"Text":"x"}}`))
	f.Add([]byte(`{"intent":"Turn","value":{"By":9e99}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		var m message
		if json.Unmarshal(line, &m) != nil {
			return
		}
		if i, err := decodeIntent(m); err == nil && i == nil {
			t.Fatal("nothing")
		}
	})
}

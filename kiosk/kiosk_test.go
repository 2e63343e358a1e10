package kiosk

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"motcua/kiosk/calendar"
	domain "motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/receipt"
	"motcua/kiosk/service"
	"motcua/kiosk/service/servicetest"
	"motcua/kiosk/session"
	"motcua/kiosk/text"
)

// The person of these tests does not exist: 099 is no province.
const personQR = "099188000231|098700231|Lò Thị Ủn|19071988|Nữ|Bản Nà Mẫu, Xã Chiềng Mẫu, Huyện Mai Mẫu, Tỉnh Mẫu|15032022"

const reaction = 5 * time.Second

// counter is devices and a store that do what a test says.
type counter struct {
	emit  chan func(session.Event)
	read  func(context.Context, session.ReadCard) (session.CardRead, error)
	print func(context.Context) error
	mu    sync.Mutex
	noted []string
	line  domain.Line
	head  int64
}

func (d *counter) Watch(ctx context.Context, emit func(session.Event)) {
	d.emit <- emit
	<-ctx.Done()
}

func (d *counter) ReadCard(ctx context.Context, e session.ReadCard, _ func(session.Event)) (session.CardRead, error) {
	return d.read(ctx, e)
}

func (d *counter) Print(ctx context.Context, _ receipt.Slip) error { return d.print(ctx) }

func (d *counter) SetState(context.Context, any) error { return nil }

func (d *counter) Prepare(string) {}
func (d *counter) Forget()        {}

func (d *counter) Mine(context.Context, string, time.Time) ([]filing.Standing, error) {
	return nil, nil
}

func (d *counter) Rate(_ context.Context, _ filing.Reference, stars int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noted = append(d.noted, fmt.Sprint("stars ", stars))
	return nil
}

func (d *counter) Want(context.Context) error { return nil }

func (d *counter) TakeTicket(_ context.Context, t domain.Ticket) (domain.Ticket, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.line.Take(t, time.Now()), nil
}

func (d *counter) Head(context.Context) (int64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.head, nil
}

func (d *counter) Line(context.Context, time.Time) (*domain.Line, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return domain.NewLine(slices.Clone(d.line.Tickets)), nil
}

// call calls the next to a counter.
func (d *counter) call(counter string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, _ = d.line.Next(counter, time.Now())
	d.head++
}

func (d *counter) Join(ctx context.Context, ref filing.Reference) error {
	return d.SayBrought(ctx, ref)
}

func (d *counter) Say(ctx context.Context, text string) error {
	d.mu.Lock()
	d.noted = append(d.noted, "said "+text)
	d.mu.Unlock()
	<-ctx.Done() // a long text
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noted = append(d.noted, "ended "+text)
	return ctx.Err()
}

// Standing knows the first hundred slips of a day.
func (d *counter) Standing(_ context.Context, number string, _ time.Time) (filing.Standing, error) {
	ref, err := filing.ParseReference(number)
	if err != nil || ref.Serial > 100 {
		return filing.Standing{}, fault.Newf(fault.NotFound, "no filing")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	s := filing.Standing{Reference: ref, Service: "tam-tru", Status: filing.Supplement, Filed: time.Now(), Changed: time.Now()}
	if slices.Contains(d.noted, "brought") {
		s.Brought, s.Ticket = time.Now(), 5
	}
	return s, nil
}

func (d *counter) SayBrought(context.Context, filing.Reference) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noted = append(d.noted, "brought")
	return nil
}

func (d *counter) File(_ context.Context, draft filing.Draft) (filing.Filing, error) {
	ref, err := filing.NewReference("05200", "K1", identity.Date{Year: 2026, Month: 11, Day: 23}, 1)
	return filing.Filing{Draft: draft, Reference: ref, Filed: time.Now(), Status: filing.Filed}, err
}

func (d *counter) Printed(_ context.Context, _ filing.Reference, outcome string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noted = append(d.noted, outcome)
	return nil
}

func (d *counter) Note(_ context.Context, kind string, detail map[string]string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noted = append(d.noted, kind+" "+detail["service"]+" "+detail["text"])
	return nil
}

var (
	_ Devices = (*counter)(nil)
	_ Store   = (*counter)(nil)
)

// rig is a loop that turns, and what it showed and logged last.
type rig struct {
	*counter
	t     *testing.T
	k     *Kiosk
	emit  func(session.Event)
	pages chan session.Snapshot
	log   *lines
	end   func()
}

// lines is a log that can be waited for.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) has(what string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Contains(l.text.Bytes(), []byte(what))
}

func run(t *testing.T, d *counter) *rig {
	t.Helper()
	return runWith(t, d, func(*session.Config, *Options) {})
}

// runWith is run with something else than usual.
func runWith(t *testing.T, d *counter, change func(*session.Config, *Options)) *rig {
	t.Helper()
	assets := os.DirFS("../assets")
	catalogue, err := service.Load(servicetest.Assets())
	if err != nil {
		t.Fatal(err)
	}
	texts, err := text.Load(assets, "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cfg := &session.Config{Catalogue: catalogue, Texts: texts, Calendar: calendar.New(), Printer: true}
	const many = 1000
	r := &rig{counter: d, t: t, pages: make(chan session.Snapshot, many), log: &lines{}}
	d.emit = make(chan func(session.Event), 1)
	opts := Options{Show: func(s session.Snapshot) { r.pages <- s },
		Slip: func(session.Print) receipt.Slip { return receipt.Slip{} }, Log: slog.New(slog.NewTextHandler(r.log, nil))}
	change(cfg, &opts)
	r.k = Open(session.New(cfg, [session.SeedLen]byte{1}, time.Now()), d, d, opts)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.k.Run(ctx)
	}()
	r.end = func() { cancel(); <-ended }
	t.Cleanup(r.end)
	r.emit = <-d.emit
	return r
}

// until waits for a snapshot.
func (r *rig) until(want func(session.Snapshot) bool) session.Snapshot {
	r.t.Helper()
	over := time.After(reaction)
	for {
		select {
		case s := <-r.pages:
			if want(s) {
				return s
			}
		case <-over:
			r.t.Fatalf("nothing of the kind is shown within %v", reaction)
		}
	}
}

func (r *rig) on(page session.Page) session.Snapshot {
	r.t.Helper()
	return r.until(func(s session.Snapshot) bool { return s.Page == page })
}

func (r *rig) logged(what string) {
	r.t.Helper()
	for deadline := time.Now().Add(reaction); !r.log.has(what); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("%s is not logged within %v", what, reaction)
		}
	}
}

// portrait is a read that ends well, with a photo that the test can look at later.
func portrait(e session.ReadCard, photo []byte) session.CardRead {
	return session.CardRead{Serial: e.Serial, Try: e.Try, Person: identity.Person{Number: e.Access.Number, Name: "Lò Thị Ủn"},
		Photo: &identity.Photo{Type: "image/jpeg", Data: photo}, Evidence: identity.Evidence{Source: identity.FromChip}}
}

func wantZero(t *testing.T, photo []byte) {
	t.Helper()
	if len(bytes.Trim(photo, "\x00")) > 0 {
		t.Error("the portrait is not overwritten")
	}
}

// A portrait that nobody awaits any more is overwritten at once: of a read that was stopped, and of somebody who left.
func TestLatePortrait(t *testing.T) {
	photo := []byte("portrait")
	stopped := make(chan struct{})
	d := &counter{read: func(ctx context.Context, e session.ReadCard) (session.CardRead, error) {
		<-ctx.Done()
		close(stopped)
		return portrait(e, photo), nil
	}}
	r := run(t, d)
	r.emit(session.Scanned{Text: personQR})
	r.emit(session.CardOn{})
	r.on(session.PageReading)
	r.k.Send(session.Back{})
	r.on(session.PageWelcome)
	<-stopped
	r.logged("session.wiped")
	r.end()
	wantZero(t, photo)
	foreign := []byte("portrait of the one before")
	r = run(t, d)
	r.k.Send(session.CardRead{Serial: 99, Photo: &identity.Photo{Data: foreign}})
	r.k.Send(session.CallOfficer{})
	r.until(func(s session.Snapshot) bool { return s.OfficerCalled }) // the event before was dealt with
	wantZero(t, foreign)
}

// A session that the end of the program cuts short leaves no portrait, either.
func TestEndInTheMiddle(t *testing.T) {
	photo := []byte("portrait")
	r := run(t, &counter{read: func(_ context.Context, e session.ReadCard) (session.CardRead, error) { return portrait(e, photo), nil }})
	r.emit(session.Scanned{Text: personQR})
	r.emit(session.CardOn{})
	if s := r.on(session.PageConfirm); s.Confirm.Name == "" || photo[0] == 0 {
		t.Error("the portrait is gone too early")
	}
	r.end()
	wantZero(t, photo)
}

// A card that is lifted and laid down again is read anew, and the first read's end changes nothing.
func TestReadReplaced(t *testing.T) {
	var mu sync.Mutex
	tries := 0
	r := run(t, &counter{read: func(ctx context.Context, e session.ReadCard) (session.CardRead, error) {
		mu.Lock()
		tries++
		first := tries == 1
		mu.Unlock()
		if first {
			<-ctx.Done()
			return session.CardRead{}, fault.New(fault.CardOther, ctx.Err()) // would be a fault page
		}
		return portrait(e, []byte("portrait")), nil
	}})
	r.emit(session.Scanned{Text: personQR})
	r.emit(session.CardOn{})
	r.emit(session.CardOff{})
	r.until(func(s session.Snapshot) bool { return s.Reading != nil && s.Reading.Fault == fault.CardRemoved })
	r.emit(session.CardOn{})
	for s := range r.pages {
		if s.Page == session.PageFault {
			t.Fatal("the first read's end counted")
		}
		if s.Page == session.PageConfirm {
			break
		}
	}
}

// fileOne walks a filing that asks little to its last page.
func (r *rig) fileOne() {
	r.t.Helper()
	r.emit(session.Scanned{Text: personQR})
	r.emit(session.CardMute{})
	r.until(func(s session.Snapshot) bool { return s.Reading != nil && s.Reading.CanSkip })
	r.k.Send(session.Next{})
	for _, e := range []session.Event{session.Next{}, session.Choose{ID: "tam-tru"}, session.Choose{ID: "own"},
		session.Type{Text: "Xóm Văn"}, session.Next{}, session.Choose{ID: "one-year"},
		session.Type{Text: "0900000000"}, session.Next{}, session.Choose{ID: "alone"}, session.Next{}} {
		r.k.Send(e)
	}
	for s := r.on(session.PageReview); s.Page != session.PageConsent; {
		r.k.Send(session.Next{})
		s = r.until(func(next session.Snapshot) bool { return next.Page != s.Page || next.Review.Page != s.Review.Page })
	}
	r.k.Send(session.Next{})
	r.on(session.PageDone)
}

// How a slip fared stands in the journal, and on the screen what a person has to know.
func TestSlips(t *testing.T) {
	for code, want := range map[fault.Code]func(session.Snapshot) bool{
		"":                   func(s session.Snapshot) bool { return s.Done != nil && s.Done.Printing == session.PrintOK },
		fault.PrinterUnsure:  func(s session.Snapshot) bool { return s.Done != nil && s.Done.Printing == session.PrintUnsure },
		fault.PrinterNoPaper: func(s session.Snapshot) bool { return s.Fault != nil && s.Fault.Safe != "" },
	} {
		d := &counter{print: func(context.Context) error {
			if code == "" {
				return nil
			}
			return fault.New(code, nil)
		}}
		r := run(t, d)
		r.fileOne()
		r.until(want)
		r.end()
		noted := "printed"
		if code != "" {
			noted = string(code)
		}
		if len(d.noted) != 1 || d.noted[0] != noted {
			t.Errorf("the journal has %q, want %q", d.noted, noted)
		}
	}
}

// TestSpeaks: a page is spoken when it comes, once; the next one ends it, a touch ends it or has it said once more, and the
// welcome page is silent.
func TestSpeaks(t *testing.T) {
	d := &counter{}
	r := runWith(t, d, func(c *session.Config, o *Options) {
		c.Voice = true
		o.Speech = func(s session.Snapshot) string {
			if s.Page == session.PageWelcome {
				return ""
			}
			return string(s.Page)
		}
	})
	r.emit(session.Scanned{Text: personQR})
	r.on(session.PageReading)
	r.spoken("said reading")
	r.k.Send(session.Repeat{})
	r.spoken("said reading", "ended reading")
	r.k.Send(session.Repeat{})
	r.spoken("said reading", "ended reading", "said reading")
	r.emit(session.CardMute{})
	r.k.Send(session.Next{})
	r.on(session.PageConfirm)
	r.spoken("said reading", "ended reading", "said reading", "ended reading", "said confirm")
	r.k.Send(session.Back{})
	r.on(session.PageWelcome)
	r.spoken("said reading", "ended reading", "said reading", "ended reading", "said confirm", "ended confirm")
}

// spoken waits until this was said, in this order but for who is first of an end and a beginning.
func (r *rig) spoken(want ...string) {
	r.t.Helper()
	slices.Sort(want)
	for deadline := time.Now().Add(reaction); ; time.Sleep(time.Millisecond) {
		r.mu.Lock()
		got := slices.Sorted(slices.Values(r.noted))
		r.mu.Unlock()
		if slices.Equal(got, want) {
			return
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("%v, want %v", got, want)
		}
	}
}

// TestSlip: whoever scans a slip sees where the filing stands, and can say that what was lacking is here; a slip of no filing is
// told so.
func TestSlip(t *testing.T) {
	d := &counter{}
	r := run(t, d)
	slip := func(serial int) string {
		ref, err := filing.NewReference("05200", "K1", identity.Date{Year: 2026, Month: 11, Day: 23}, serial)
		if err != nil {
			t.Fatal(err)
		}
		return ref.String()
	}
	r.emit(session.Scanned{Text: slip(200)})
	r.until(func(s session.Snapshot) bool { return s.Notice == "notice.receipt-unknown" })
	r.emit(session.Scanned{Text: slip(47)})
	s := r.on(session.PageStatus)
	if s.Status.Short != "K1-2311-047" || s.Status.Kind != filing.Supplement || s.Status.Brought {
		t.Errorf("%+v", s.Status)
	}
	r.k.Send(session.SayBrought{})
	r.until(func(s session.Snapshot) bool { return s.Status != nil && s.Status.Brought })
	r.k.Send(session.Next{})
	r.on(session.PageWelcome)
}

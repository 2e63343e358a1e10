package board

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"motcua/assets"
	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/health"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/report"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
	"motcua/kiosk/text"
)

// technician adds one to the office, if there is none, and signs them in.
func (c *counter) technician() Snapshot {
	c.t.Helper()
	if !slices.ContainsFunc(c.accounts, func(a officer.Account) bool { return a.ID == "ky" }) {
		c.addTechnician()
	}
	at := slices.IndexFunc(c.accounts, func(a officer.Account) bool { return a.ID == "ky" })
	c.do(Choose{at})
	c.type_(storetest.TestPIN)
	s := c.do(Enter{})
	if s.Officer != "Lê Văn Kỹ" || s.Page != Devices {
		c.t.Fatalf("not signed in: %+v", s)
	}
	return s
}

// ky is the account of the tests' technician, made once: it takes long on purpose.
var ky = sync.OnceValues(func() (officer.Account, error) {
	a, _, err := officer.New("ky", "Lê Văn Kỹ", officer.Technician, seal.Secret{PIN: storetest.TestPIN}, storetest.NewClock().Now())
	return a, err
})

func (c *counter) addTechnician() {
	c.t.Helper()
	a, err := ky()
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.db.ChangeOfficer(c.t.Context(), a, store.Signer{ID: "an", Identity: c.head}); err != nil {
		c.t.Fatal(err)
	}
	if err := c.readAccounts(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
}

// figured is a counter whose figures can be printed and exported.
func figured(t *testing.T) (*counter, map[string][]byte) {
	c := newCounter(t)
	texts, err := text.Load(assets.FS, "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	c.opt.Texts = texts
	c.opt.Report = report.Office{Name: "Công an xã Mai Châu", Commune: "xã Mai Châu"}
	c.opt.Services = func(day identity.Date) []report.Service {
		return []report.Service{{ID: "luu-tru", Name: "Thông báo lưu trú"}, {ID: "tam-tru", Name: "Đăng ký tạm trú"}}
	}
	c.opt.Export = func(name string, write func(io.Writer) error) (string, error) {
		var b bytes.Buffer
		err := write(&b)
		files[name] = b.Bytes()
		return "~/so-lieu", err
	}
	return c, files
}

// TestTechnicianSeesNoPeople: whoever mends devices has a page for them, and nothing of filings, whatever key is pressed.
func TestTechnicianSeesNoPeople(t *testing.T) {
	c, _ := figured(t)
	f := c.file("a", "Hà Thị Thử")
	if _, err := c.db.TakeTicket(t.Context(), desk.Ticket{Service: "tam-tru", Reference: f.Reference.String()}); err != nil {
		t.Fatal(err)
	}
	if err := c.db.Want(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := c.technician()
	if !slices.Equal(s.Pages, []Page{Devices, Admin}) {
		t.Errorf("pages %v", s.Pages)
	}
	for _, i := range []Intent{Open{Queue}, Open{Figures}, Find{}, Type{'h'}, Enter{}, Escape{}, Refresh{}, Tick{}, Choose{0}, Show{FilterAll}, CallNext{}, People{}, Person{Arrived},
		GoHelp{}, Begin{desk.Receive}, Print{}, PrintDay{}, Export{}, EnterCode{}, Undo{}, Move{1}, Turn{1}} {
		s := c.do(i)
		if s.Page != Devices || len(s.Rows) != 0 || s.Open != nil || s.Dialog != nil || s.People != nil || s.Month != nil || len(s.Filters) != 0 || len(s.Bells) != 0 || s.Search || s.Notice != "" {
			t.Errorf("%T: %+v", i, s)
		}
		if text := fmt.Sprintf("%+v %+v", s, s.Parts); strings.Contains(text, "Thử") || strings.Contains(text, f.Reference.Short()) {
			t.Errorf("%T shows somebody", i)
		}
	}
	if len(c.all) != 0 || len(c.names) != 0 || len(c.line.Tickets) != 0 || c.shift.index.Load() != nil || len(c.paper) != 0 {
		t.Errorf("the board of a technician holds filings: %+v", c.Board)
	}
	if _, err := c.db.Read(t.Context(), f.Reference.String(), c.key); fault.CodeOf(err) != fault.SealShut {
		t.Errorf("the technician's key opens a filing: %v", err)
	}
	if is, err := c.db.Case(t.Context(), f.Reference, nil); err != nil || is.Holder != "" {
		t.Errorf("%+v, %v", is, err)
	}
	// Who comes after has all of it.
	c.do(Lock{})
	c.do(Choose{slices.IndexFunc(c.accounts, func(a officer.Account) bool { return a.ID == "an" })})
	if s := c.signIn(); !slices.Equal(s.Pages, []Page{Queue, Figures, Devices, Admin}) || len(s.Rows) != 1 {
		t.Errorf("%+v", s)
	}
}

// TestPages: tabs lead to pages, Escape back, and the filing that is open stays open.
func TestPages(t *testing.T) {
	c, _ := figured(t)
	c.file("a", "Hà Thị Thử")
	c.signIn()
	c.do(Refresh{}, Enter{})
	if s := c.do(Open{Figures}); s.Page != Figures || s.Month == nil || s.Open != nil || len(s.Rows) != 0 {
		t.Errorf("%+v", s)
	}
	if s := c.do(Open{Devices}); s.Page != Devices || s.Parts == nil || s.Month != nil {
		t.Errorf("%+v", s)
	}
	if s := c.do(Escape{}); s.Page != Queue || s.Open == nil || len(s.Rows) != 1 {
		t.Errorf("%+v", s)
	}
	if s := c.do(Open{Figures}, Find{}); s.Page != Queue || !s.Search {
		t.Errorf("%+v", s)
	}
	c.type_("thu")
	if s := c.do(Open{Queue}); s.Search || s.Query != "thu" || len(s.Rows) != 1 {
		t.Errorf("%+v", s)
	}
	if s := c.do(Begin{desk.Receive}, Open{Figures}); s.Page != Queue || s.Dialog == nil {
		t.Errorf("a dialog was left: %+v", s)
	}
	if s := c.do(Escape{}, Open{SignIn}); s.Page != Queue {
		t.Errorf("%s is no page to go to", s.Page)
	}
}

// TestMonth counts what was filed, and turns months.
func TestMonth(t *testing.T) {
	c, _ := figured(t)
	one := c.file("a", "Hà Thị Thử")
	c.file("b", "Lò Văn Đông")
	if err := c.db.Rate(t.Context(), one.Reference, 5); err != nil {
		t.Fatal(err)
	}
	c.signIn()
	c.do(Refresh{}, Enter{}, Begin{desk.Receive}, Enter{})
	c.clock.Set(c.clock.Now().Add(2 * time.Hour))
	c.signedInAgain()
	c.do(Enter{}, Begin{desk.Finish}, Enter{})
	c.clock.Set(c.clock.Now().Add(time.Second))
	m := c.do(Open{Figures}).Month
	if m.From.Format("2006-01") != "2026-11" || m.Next || m.Computing || m.Complete || m.Total.Received != 2 || m.Total.Resolved != 1 || m.Total.Pending != 1 || m.OnTimeShare != 100 ||
		m.Rated != 1 || m.Stars != 5 || m.LateBefore != 0 || len(m.Months) != 6 || m.Months[5].Received != 2 || m.Resolution.Median != 2*time.Hour {
		t.Errorf("%+v", m)
	}
	if len(m.Bars) != 1 || m.Bars[0] != (Bar{"Đăng ký tạm trú", 2, 1}) || len(m.Rows) != 1 || m.Rows[0].Name != "Đăng ký tạm trú" {
		t.Errorf("%+v, %+v", m.Bars, m.Rows)
	}
	m = c.do(Turn{1}).Month
	if m.From.Format("2006-01") != "2026-11" {
		t.Errorf("a month that has not begun: %v", m.From)
	}
	m = c.do(Turn{-1}).Month
	if m.From.Format("2006-01") != "2026-10" || !m.Next || !m.Complete || m.Total.Received != 0 {
		t.Errorf("%+v", m)
	}
	if m = c.do(Turn{-12 * 40}).Month; m.From.Format("2006-01") != "2026-10" {
		t.Errorf("%v", m.From)
	}
	if m = c.do(Open{Queue}, Open{Figures}).Month; m.From.Format("2006-01") != "2026-10" {
		t.Errorf("the chosen month is forgotten: %v", m.From)
	}
}

// signedInAgain signs in anew: the desk was left for longer than it stays open.
func (c *counter) signedInAgain() {
	c.t.Helper()
	c.do(Tick{})
	c.signIn()
}

// TestBars: the six with the most stand by themselves, the rest together.
func TestBars(t *testing.T) {
	var r report.Report
	for i := range 9 {
		x := report.Row{ID: fmt.Sprint("s", i)}
		x.Received, x.Resolved = i+1, i
		r.Services = append(r.Services, x)
	}
	got := bars(r)
	if len(got) != FigureRows+1 || got[0] != (Bar{"s8", 9, 8}) || got[6] != (Bar{"", 1 + 2 + 3, 0 + 1 + 2}) {
		t.Errorf("%+v", got)
	}
}

// TestFiguresAreMadeBeside: keys are not waited for; a month that nobody wants any more is given up, and what fails is said.
func TestFiguresAreMadeBeside(t *testing.T) {
	c, files := figured(t)
	c.file("a", "Hà Thị Thử")
	c.signIn()
	c.clock.Set(c.clock.Now().Add(time.Second))
	var later []func()
	c.opt.Go = func(do func()) { later = append(later, do) }
	woken := 0
	c.opt.Wake = func() { woken++ }
	if m := c.do(Open{Figures}).Month; !m.Computing || m.Total.Received != 0 {
		t.Fatalf("%+v", m)
	}
	if s := c.do(Export{}); s.Notice != "desk.notice.figures-wait" || len(files) != 0 {
		t.Errorf("%s", s.Notice)
	}
	if m := c.do(Turn{-1}).Month; !m.Computing || m.From.Month() != time.October {
		t.Errorf("%+v", m)
	}
	first := c.figures.made
	c.do(Turn{1})
	for _, do := range later {
		do()
	}
	if r := first.result(); r == nil || !errors.Is(r.err, context.Canceled) {
		t.Errorf("a month that nobody wants was made: %+v", r)
	}
	if m := c.do(Tick{}).Month; m.Computing || m.Total.Received != 1 || woken == 0 {
		t.Errorf("%+v, woken %d times", m, woken)
	}
	c.opt.Go = func(do func()) { do() }
	if err := c.db.Close(); err != nil {
		t.Fatal(err)
	}
	if s := c.do(Turn{-1}); s.Month.Failed == "" || s.Month.Computing {
		t.Errorf("%+v", s.Month)
	}
}

// TestFiguresLeave: workbook, month and day come out and are in the journal.
func TestFiguresLeave(t *testing.T) {
	c, files := figured(t)
	c.file("a", "Hà Thị Thử")
	c.signIn()
	s := c.do(Open{Figures}, Export{}, Tick{})
	if s.Notice != "desk.notice.exported" || fmt.Sprint(s.Of) != "[so-lieu-2026-11.xlsx ~/so-lieu]" || s.Month.Busy {
		t.Errorf("%s %v", s.Notice, s.Of)
	}
	book, err := excelize.OpenReader(bytes.NewReader(files["so-lieu-2026-11.xlsx"]))
	if err != nil || len(book.GetSheetList()) < 3 {
		t.Errorf("%v", err)
	}
	s = c.do(Print{}, Tick{})
	if s.Notice != "desk.notice.printed" {
		t.Errorf("%s", s.Notice)
	}
	s = c.do(PrintDay{}, Tick{})
	if s.Notice != "desk.notice.day-printed" || strings.Join(c.paper, " ") != "SL01 SL02" {
		t.Errorf("%s, %v", s.Notice, c.paper)
	}
	c.jam = fault.Newf(fault.PrinterNoPaper, "no paper")
	if s = c.do(Print{}, Tick{}); s.Notice != "fault.printer-no-paper.what" {
		t.Errorf("%s", s.Notice)
	}
	c.opt.Export = func(string, func(io.Writer) error) (string, error) { return "", errors.New("read-only") }
	if s = c.do(Export{}, Tick{}); s.Notice != "fault.export-failed.what" {
		t.Errorf("%s", s.Notice)
	}
	entries, err := c.db.Journal(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, e := range entries {
		if strings.HasPrefix(string(e.Kind), "figures.") {
			kinds = append(kinds, string(e.Kind)+string(e.Detail))
		}
	}
	if got := strings.Join(kinds, " "); got != `figures.exported{"month":"2026-11","officer":"an"} figures.printed{"month":"2026-11","officer":"an"} figures.printed{"day":"2026-11-23","officer":"an"}` {
		t.Errorf("journal: %s", got)
	}
}

// TestParts: what kiosks said, and the desk's own parts, with tests one after the other.
func TestParts(t *testing.T) {
	c, _ := figured(t)
	kiosk := store.Options{Station: "K2", Commune: "05200", Now: c.clock.Now}
	db, err := store.Open(c.dir, kiosk)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	state := map[string]any{"devices": []map[string]any{{"name": "reader", "state": "present"}, {"name": "scanner", "state": "failed", "code": "scanner-absent"},
		{"name": "printer", "state": "failed", "code": "printer-no-paper"}}}
	if err := db.SetState(t.Context(), state); err != nil {
		t.Fatal(err)
	}
	tested, looked := []string{}, 0
	found := Found{State: health.Present, Lines: []Words{{"x", nil}, {"y", nil}}}
	c.opt.Parts = []Part{
		{"paper", func(context.Context) Found { looked++; return found }, func(_ context.Context, by string, tell func(int, int)) (Words, error) {
			tell(1, 2)
			tested = append(tested, "paper "+by)
			return Words{"desk.part.paper.printed", nil}, nil
		}},
		{"portal", func(context.Context) Found { return Found{State: health.Absent} }, nil},
		{"store", func(context.Context) Found { return Found{State: health.Failed, Code: fault.StoreFull} }, func(context.Context, string, func(int, int)) (Words, error) {
			tested = append(tested, "store")
			return Words{}, fault.Newf(fault.StoreDamaged, "torn")
		}},
	}
	c.technician()
	p := c.do(Tick{}).Parts
	var got []string
	for _, x := range p.Panels {
		got = append(got, fmt.Sprint(x.Station, " ", x.Name, " ", x.Mood, " ", x.Lines[max(0, len(x.Lines)-1):]))
	}
	want := []string{"K2 reader ready [{desk.part.reader.works []}]", "K2 scanner missing [{fault.scanner-absent.do []}]", "K2 printer care [{fault.printer-no-paper.do []}]",
		" paper ready [{y []}]", " portal unused []", " store faulty [{fault.store-full.do []}]"}
	if !slices.Equal(got, want) || p.Good != 2 || p.Care != 1 || p.Bad != 2 {
		t.Errorf("%q\n%+v", got, p)
	}
	c.do(TestAll{})
	p = c.do(Tick{}, Tick{}).Parts
	if strings.Join(tested, ", ") != "paper ky, store" || p.Panels[3].Result.Key != "desk.part.paper.printed" || p.Panels[5].Result.Key != "fault.store-damaged.what" || p.Panels[4].Result != nil {
		t.Errorf("%v, %+v", tested, p.Panels)
	}
	// A kiosk that ends is seen, although it says nothing any more.
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	n := looked
	c.clock.Set(c.clock.Now().Add(lookEvery - time.Second))
	if p = c.do(Tick{}).Parts; p.Panels[0].Mood != Ready || looked != n {
		t.Errorf("%+v, looked %d times", p.Panels[0], looked)
	}
	c.clock.Set(c.clock.Now().Add(time.Second))
	if p = c.do(Tick{}).Parts; p.Panels[0].Mood != Off || p.Panels[0].Lines[1].Key != "desk.part.off" || looked != n+1 {
		t.Errorf("%+v", p.Panels[0])
	}
}

// TestChosenPart: the arrows go over two columns, and Enter tests what is chosen.
func TestChosenPart(t *testing.T) {
	c, _ := figured(t)
	var running []func()
	for i := range 11 {
		c.opt.Parts = append(c.opt.Parts, Part{fmt.Sprint("p", i), func(context.Context) Found { return Found{State: health.Present} },
			func(_ context.Context, _ string, tell func(int, int)) (Words, error) {
				tell(1, 4)
				return Words{"done", nil}, nil
			}})
	}
	c.technician()
	p := c.do(Move{1}, Turn{1}).Parts
	if p.At != 3 || p.Below != 3 {
		t.Errorf("%d, %+v", p.At, p)
	}
	p = c.do(Move{9}).Parts
	if p.Above != 4 || p.At != 6 || p.Panels[p.At].Name != "p10" {
		t.Errorf("%d of %+v", p.At, p)
	}
	c.opt.Go = func(do func()) { running = append(running, do) }
	p = c.do(Enter{}, Enter{}, Test{0}).Parts
	if !p.Panels[6].Testing || !p.Panels[0].Testing || p.At != 0 || len(running) != 1 {
		t.Errorf("%+v, %d run", p, len(running))
	}
	running[0]()
	p = c.do(Tick{}).Parts
	if p.Panels[6].Testing || p.Panels[6].Result == nil || !p.Panels[0].Testing || len(running) != 2 {
		t.Errorf("%+v, %d run", p, len(running))
	}
	// Whoever leaves the desk leaves no test behind.
	shift := c.shift
	c.do(Lock{})
	if shift.ctx.Err() == nil {
		t.Error("tests run on")
	}
	if p := c.technician().Parts; p.Panels[4].Result != nil || p.Panels[0].Testing {
		t.Errorf("%+v", p)
	}
}

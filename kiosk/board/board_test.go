package board

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"motcua/assets"
	"motcua/kiosk/calendar"
	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
	"motcua/kiosk/seal"
	"motcua/kiosk/service"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// counter is a desk over a real store.
type counter struct {
	*Board
	t     *testing.T
	db    *store.Store
	dir   string
	head  *seal.Identity // of "an", who is there from the start
	clock *storetest.Clock
	paper []string // forms that came out
	jam   error    // what the printer says instead
	last  Snapshot
}

// What all counters read, read once.
var (
	loadServices = sync.OnceValues(func() (*service.Catalogue, error) { return service.Load(assets.FS) })
	loadPapers   = sync.OnceValues(func() (*paper.Shelf, error) { return paper.Load(assets.FS) })
)

func newCounter(t *testing.T) *counter {
	t.Helper()
	catalogue, err := loadServices()
	if err != nil {
		t.Fatal(err)
	}
	shelf, err := loadPapers()
	if err != nil {
		t.Fatal(err)
	}
	c := &counter{t: t, dir: filepath.Join(t.TempDir(), "data"), clock: storetest.NewClock()}
	opts := store.Options{Station: "K1", Commune: "05200", Now: c.clock.Now}
	c.head = storetest.SetOfficer(t, c.dir, opts)
	if c.db, err = store.Open(c.dir, opts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.db.Close() })
	printer := official.Printer{Catalogue: catalogue, Shelf: shelf, Office: official.Office{Name: "Công an xã Mai Châu", Commune: "xã Mai Châu"}}
	c.Board, err = New(t.Context(), c.db, Options{Office: "Công an xã Mai Châu", Printer: printer, Calendar: calendar.New(), Now: c.clock.Now, Counter: "1", Go: func(do func()) { do() },
		Print: func(_ context.Context, form string, pdf []byte) error {
			if c.jam != nil {
				return c.jam
			}
			if !strings.HasPrefix(string(pdf), "%PDF") {
				t.Errorf("%s is no PDF", form)
			}
			c.paper = append(c.paper, form)
			return nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *counter) do(intents ...Intent) Snapshot {
	c.t.Helper()
	for _, i := range intents {
		c.last = c.Do(context.Background(), i)
	}
	return c.last
}

func (c *counter) type_(text string) Snapshot {
	for _, r := range text {
		c.do(Type{r})
	}
	return c.last
}

func (c *counter) signIn() Snapshot {
	c.t.Helper()
	c.type_(storetest.TestPIN)
	s := c.do(Enter{})
	if s.Page != Queue || s.Officer != "Bùi Văn An" {
		c.t.Fatalf("not signed in: %+v", s)
	}
	return s
}

func draft(key, name string) filing.Draft {
	d := storetest.Draft(key)
	d.Version, d.Applicant.Name = "01/07/2026", name
	d.Answers = form.Answers{"name": {Value: name, Source: identity.FromChip}, "number": {Value: "099194000506", Source: identity.FromChip},
		"phone": {Value: "0900000000", Source: identity.FromTyped}, "head_name": {Value: "Hà Văn Thuyết", Source: identity.FromTyped}}
	return d
}

func (c *counter) file(key, name string) filing.Filing {
	c.t.Helper()
	f, err := c.db.File(c.t.Context(), draft(key, name))
	if err != nil {
		c.t.Fatal(err)
	}
	return f
}

func TestDoor(t *testing.T) {
	c := newCounter(t)
	if s := c.do(Tick{}); s.Page != SignIn || len(s.SignIn.Names) != 1 || s.SignIn.Names[0] != "Bùi Văn An" || len(s.Rows) != 0 {
		t.Fatalf("%+v", s)
	}
	for range 3 {
		c.type_("11112222")
		if s := c.do(Enter{}); s.Page != SignIn || !s.SignIn.Wrong || s.SignIn.Digit != 0 {
			t.Fatalf("a wrong PIN: %+v", s.SignIn)
		}
	}
	c.type_(storetest.TestPIN)
	if s := c.do(Enter{}); s.Page != SignIn || s.SignIn.Wait <= 0 {
		t.Fatalf("after three wrong ones the right one counts at once: %+v", s.SignIn)
	}
	c.clock.Set(c.clock.Now().Add(5 * time.Second))
	c.do(Escape{})
	c.signIn()
	if s := c.do(Lock{}); s.Page != SignIn || len(s.Rows) != 0 {
		t.Errorf("%+v", s)
	}
	entries, err := c.db.Journal(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, e := range entries {
		if strings.HasPrefix(string(e.Kind), "officer.") {
			kinds = append(kinds, string(e.Kind))
		}
	}
	if got := strings.Join(kinds, " "); got != "officer.set officer.refused officer.refused officer.refused officer.in officer.out" {
		t.Errorf("journal: %s", got)
	}
}

// Who leaves the desk is signed out, and the filing is given back.
func TestIdle(t *testing.T) {
	c := newCounter(t)
	f := c.file("a", "Hà Thị Thử")
	c.signIn()
	c.do(Refresh{}, Enter{})
	if is, err := c.db.Case(t.Context(), f.Reference, nil); err != nil || is.Holder != "an" {
		t.Fatalf("%+v, %v", is, err)
	}
	c.clock.Set(c.clock.Now().Add(DefaultIdle))
	if s := c.do(Tick{}); s.Page != SignIn || s.Open != nil {
		t.Errorf("still signed in")
	}
	if is, err := c.db.Case(t.Context(), f.Reference, nil); err != nil || is.Holder != "" {
		t.Errorf("still held: %+v, %v", is, err)
	}
}

// The whole way of a filing by keys: received with the due date and CT04, supplement, the citizen brings it, finished, handed over.
func TestTheWay(t *testing.T) {
	c := newCounter(t)
	c.file("a", "Hà Thị Thử")
	c.signIn()
	s := c.do(Refresh{}, Enter{})
	if s.Open == nil || s.Open.Title != "Đăng ký tạm trú · Hà Thị Thử" || len(s.Open.Facts) == 0 || len(s.Open.Guide.Steps) == 0 || len(s.Open.Guide.Law) == 0 {
		t.Fatalf("%+v", s.Open)
	}
	s = c.do(Begin{desk.Receive}, Enter{})
	if s.Open.Status != filing.Received || s.Notice != "desk.notice.receive" || s.Dialog != nil {
		t.Fatalf("%+v, %s", s.Open, s.Notice)
	}
	if want := time.Date(2026, 11, 27, 17, 0, 0, 0, calendar.Zone); !s.Open.Due.Equal(want) { // three working days from 23/11, over 24/11
		t.Errorf("due %v, want %v", s.Open.Due, want)
	}
	if s.Open.CanUndo {
		t.Error("what was printed can be taken back")
	}
	s = c.do(Begin{desk.Ask}, Enter{})
	if s.Dialog == nil || s.Dialog.Problem != "reason" {
		t.Fatalf("%+v", s.Dialog)
	}
	c.type_("Hợp đồng thuê nhà")
	c.do(Move{-1})
	s = c.type_("Hợp đồng chưa có chữ ký")
	s = c.do(Enter{})
	if s.Dialog != nil || s.Open.Status != filing.Supplement {
		t.Fatalf("%+v, %+v", s.Dialog, s.Open)
	}
	c.clock.AddDays(4)
	s = c.do(Begin{desk.Supply}, Enter{})
	if s.Open.Status != filing.Received || !s.Open.Due.After(time.Date(2026, 11, 30, 0, 0, 0, 0, calendar.Zone)) {
		t.Errorf("%s, due %v: the days that were left count again", s.Open.Status, s.Open.Due)
	}
	c.do(Begin{desk.Finish}, Enter{})
	c.do(Begin{desk.Hand}, Type{'2'})
	s = c.do(Enter{})
	if s.Open.Status != filing.Handed || len(s.Open.Legal) != 0 || len(s.Rows) != 0 {
		t.Errorf("%+v", s.Open)
	}
	if got := strings.Join(c.paper, " "); got != "CT04 CT05" {
		t.Errorf("printed %s", got)
	}
	if v, err := c.db.VerifyJournal(t.Context()); err != nil || v.Signed != 5+1 { // decisions, and the key of what people are looked for by
		t.Errorf("%+v, %v", v, err)
	}
}

// A printer that fails takes no decision back; Print does it again.
func TestPrinterFails(t *testing.T) {
	c := newCounter(t)
	c.file("a", "Hà Thị Thử")
	c.signIn()
	c.jam = errors.New("no paper")
	s := c.do(Refresh{}, Enter{}, Begin{desk.Receive}, Enter{})
	if s.Open.Status != filing.Received || !strings.HasPrefix(s.Notice, "fault.") || !s.Open.CanUndo {
		t.Fatalf("%+v, %s", s.Open, s.Notice)
	}
	c.jam = nil
	if s = c.do(Print{}); len(c.paper) != 1 || s.Open.CanUndo {
		t.Errorf("%v, %+v", c.paper, s.Open)
	}
}

func TestUndoAtTheDesk(t *testing.T) {
	c := newCounter(t)
	c.file("a", "Hà Thị Thử")
	c.signIn()
	c.opt.Print = nil
	s := c.do(Refresh{}, Enter{}, Begin{desk.Receive}, Enter{}, Undo{})
	if s.Open.Status != filing.Filed || s.Notice != "desk.notice.undone" {
		t.Errorf("%+v, %s", s.Open, s.Notice)
	}
	c.do(Begin{desk.Refuse})
	c.type_("Không thuộc thẩm quyền của xã")
	if s = c.do(Escape{}); s.Dialog != nil || s.Open.Status != filing.Filed {
		t.Errorf("%+v", s.Dialog)
	}
}

func TestListAndSearch(t *testing.T) {
	c := newCounter(t)
	c.file("a", "Hà Thị Thử")
	c.file("b", "Lò Văn Đông")
	for i := range 20 {
		c.file("n"+string(rune('a'+i)), "Bùi Văn Nhiều")
	}
	c.signIn()
	s := c.do(Refresh{})
	if len(s.Rows) != RowsOnPage || s.More != 22-RowsOnPage || s.Filters[0].Count != 22 || s.At != 0 {
		t.Fatalf("%d rows, %d more, %+v", len(s.Rows), s.More, s.Filters)
	}
	if s = c.do(Move{21}); s.At != RowsOnPage-1 || s.More != 0 {
		t.Errorf("at the end: %d, %d", s.At, s.More)
	}
	c.do(Find{})
	s = c.type_("lo dong")
	if len(s.Rows) != 1 || s.Rows[0].Name != "Lò Văn Đông" || !s.Search {
		t.Errorf("found %+v", s.Rows)
	}
	if s = c.do(Enter{}, Enter{}); s.Open == nil || !strings.Contains(s.Open.Title, "Lò Văn Đông") || !s.Rows[0].Mine {
		t.Errorf("%+v", s.Open)
	}
	if s = c.do(Escape{}, Find{}, Escape{}); len(s.Rows) != RowsOnPage || s.Query != "" {
		t.Errorf("%q, %d rows", s.Query, len(s.Rows))
	}
	if s = c.do(Show{FilterReceived}); len(s.Rows) != 0 || s.At != -1 {
		t.Errorf("%+v", s.Rows)
	}
}

// A filing that another officer has is shown so, and cannot be opened.
func TestHeldByAnother(t *testing.T) {
	c := newCounter(t)
	f := c.file("a", "Hà Thị Thử")
	if err := c.db.Hold(t.Context(), f.Reference, "binh"); err != nil {
		t.Fatal(err)
	}
	c.signIn()
	s := c.do(Refresh{}, Enter{})
	if s.Open != nil || s.Notice != "fault.desk-held.what" || s.Rows[0].Holder != "binh" {
		t.Errorf("%+v, %s", s.Rows, s.Notice)
	}
}

// Lock leaves nothing of anybody in the Board.
func TestLockForgets(t *testing.T) {
	c := newCounter(t)
	c.file("a", "Hà Thị Thử")
	c.signIn()
	c.do(Refresh{}, Enter{}, Lock{})
	if c.key != nil || c.open != nil || len(c.names) != 0 || len(c.all) != 0 || c.me.ID != "" {
		t.Errorf("%+v", c.Board)
	}
	if _, err := c.db.Read(t.Context(), "K1-2311-001", storetest.Officer()); !errors.Is(err, seal.ErrShut) {
		t.Error("this filing opens for anybody")
	}
}

// TestSentElsewhere: what another authority decides is first of all forwarded; who receives it here promises no date and prints no receipt.
func TestSentElsewhere(t *testing.T) {
	c := newCounter(t)
	d := draft("a", "Hà Thị Thử")
	d.Service = "khai-sinh"
	if _, err := c.db.File(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	c.signIn()
	s := c.do(Refresh{}, Enter{})
	if s.Open == nil || len(s.Open.Legal) == 0 || s.Open.Legal[0] != desk.Forward {
		t.Fatalf("%+v", s.Open)
	}
	if s = c.do(Begin{desk.Receive}); s.Dialog == nil || s.Dialog.Form != "" {
		t.Fatalf("%+v", s.Dialog)
	}
	if s = c.do(Enter{}); s.Open.Status != filing.Received || !s.Open.Due.IsZero() || len(c.paper) != 0 {
		t.Errorf("%s, due %v, %v printed", s.Open.Status, s.Open.Due, c.paper)
	}
	if s = c.do(Begin{desk.Extend}); s.Dialog != nil {
		t.Error("a date that nobody gave is put off")
	}
	c.do(Begin{desk.Forward})
	c.type_("Ủy ban nhân dân xã Mai Châu")
	if s = c.do(Enter{}); s.Open.Status != filing.Forwarded {
		t.Errorf("%s", s.Open.Status)
	}
}

// TestGuideCounts: the guide beside the work says how many days there are and what is paid, and no date that nobody knows.
func TestGuideCounts(t *testing.T) {
	for id, want := range map[string]struct{ term, fee string }{
		"tam-tru":         {"[{desk.term.days [3]} {", "[{desk.fee.dong [15000]} {"},
		"khai-sinh":       {"[{desk.term.same-day [0]} {", "[{desk.fee.none []} {"},
		"xac-nhan-cu-tru": {"[{desk.term.half [0]} {desk.term.max [3]} {", "[{desk.fee.none []}"},
	} {
		c := newCounter(t)
		d := draft("a", "Hà Thị Thử")
		d.Service, d.Applicant.Birth = id, identity.Date{Year: 1994, Month: 5, Day: 6}
		if _, err := c.db.File(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		c.signIn()
		s := c.do(Refresh{}, Enter{})
		if s.Open == nil {
			t.Fatalf("%s does not open", id)
		}
		g := s.Open.Guide
		if term, fee := fmt.Sprint(g.Term), fmt.Sprint(g.Fee); !strings.HasPrefix(term, want.term) || !strings.HasPrefix(fee, want.fee) {
			t.Errorf("%s: %s, %s", id, term, fee)
		}
		if len(g.Law) == 0 || strings.Contains(strings.Join(g.Law, "\n"), "()") {
			t.Errorf("%s: %q", id, g.Law)
		}
	}
}

// Where a filing came in is what the history begins with, and who helped.
func TestHowItCame(t *testing.T) {
	c := newCounter(t)
	for key, d := range map[string]filing.Draft{"filed": {}, "filed Bùi Văn An": {Officer: "an"}, "filed-desk Bùi Văn An": {Officer: "an", Channel: filing.AtDesk}} {
		x := draft(key, "Hà Thị Thử")
		x.Officer, x.Channel = d.Officer, d.Channel
		if _, err := c.db.File(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	c.signIn()
	seen := map[string]bool{}
	for row := range 3 {
		s := c.do(Choose{row})
		seen[strings.TrimSpace(s.Open.History[0].Text+" "+s.Open.History[0].Who)] = true
	}
	if len(seen) != 3 || !seen["filed"] || !seen["filed Bùi Văn An"] || !seen["filed-desk Bùi Văn An"] {
		t.Errorf("%v", seen)
	}
}

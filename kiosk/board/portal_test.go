package board

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/config"
	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/portal"
	"motcua/kiosk/portal/portaltest"
	"motcua/kiosk/store"
)

// sending is a counter that hands over to a portal, with what lies on the clipboard.
func sending(t *testing.T, change func(*config.Portal)) (*counter, *portaltest.Server, *[]string) {
	t.Helper()
	server, err := portaltest.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	c := newCounter(t)
	cfg := server.Config
	if change != nil {
		change(&cfg)
	}
	if c.opt.Portal, err = portal.NewWay(cfg, c.opt.Printer, c.opt.Log); err != nil {
		t.Fatal(err)
	}
	clip := &[]string{}
	c.opt.Clip = func(text string) { *clip = append(*clip, text) }
	return c, server, clip
}

// once is a way to a portal that tries one time only.
func once(t *testing.T, server *portaltest.Server) portal.Sender {
	t.Helper()
	c := server.Config
	way, err := portal.NewHTTP(portal.Options{URL: c.URL, TokenURL: c.TokenURL, ClientID: c.ClientID, SecretFile: c.SecretFile, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	return way
}

// panel does what there is to do and gives the panel.
func (c *counter) panel() *Handing {
	c.t.Helper()
	c.do(Tick{})
	if c.last.Dialog == nil || c.last.Dialog.Portal == nil {
		c.t.Fatalf("no panel: %+v", c.last)
	}
	return c.last.Dialog.Portal
}

func count(s Snapshot, filter string) int {
	return s.Filters[slices.IndexFunc(s.Filters, func(f Filter) bool { return f.ID == filter })].Count
}

// A filing is sent with one key; the portal loses the answer, and still has it once. Its status is asked for politely, and its code arrives by itself.
func TestSendFromTheDesk(t *testing.T) {
	c, server, _ := sending(t, nil)
	server.Set(portaltest.Told{Lose: 1})
	f := c.file("a", "Hà Thị Thử")
	c.file("b", "Lò Văn Đông")
	c.signIn()
	c.do(Refresh{}, Show{FilterUnsent})
	if n := count(c.last, FilterUnsent); n != 2 || len(c.last.Rows) != 2 || c.last.Rows[0].Name != "Hà Thị Thử" {
		t.Fatalf("%d are not at the portal, %+v", n, c.last.Rows)
	}
	s := c.do(Enter{})
	if s.Open.Portal.Key != "desk.portal.unsent" {
		t.Errorf("%+v", s.Open.Portal)
	}
	c.do(Begin{desk.Receive}, Enter{}, Portal{})
	if p := c.panel(); !p.Sends || p.Sending || !p.Sent.IsZero() || len(p.Lines) == 0 {
		t.Fatalf("%+v", p)
	}
	c.do(Send{})
	p := c.panel()
	if p.Sent.IsZero() || p.By != "Bùi Văn An" || p.Target != "http" || p.Status != "new" || p.Note != portaltest.Note || p.Failed != "" {
		t.Fatalf("%+v", p)
	}
	requests, filings := server.Seen()
	if requests != 2 || filings != 1 {
		t.Errorf("%d requests, %d filings", requests, filings)
	}
	if c.open.is.CanUndo("an", c.clock.Now()) || !c.open.is.History[0].Sent {
		t.Error("what the portal has can be taken back")
	}
	c.do(Send{}) // again: harmless
	c.panel()
	if _, filings := server.Seen(); filings != 1 {
		t.Errorf("%d filings", filings)
	}
	server.Set(portaltest.Told{Status: portal.Processing, Code: true})
	requests, _ = server.Seen()
	for range 100 {
		c.do(Tick{})
	}
	if now, _ := server.Seen(); now != requests {
		t.Errorf("asked %d times in no time", now-requests)
	}
	c.clock.Set(c.clock.Now().Add(askEvery))
	c.do(Tick{})
	if p := c.panel(); p.Status != "processing" || p.Dossier != string(portaltest.Code) || c.last.Notice != "desk.notice.portal-code" {
		t.Errorf("%+v, %s", p, c.last.Notice)
	}
	if is, err := c.db.Get(t.Context(), f.Reference.String()); err != nil || is.Dossier != portaltest.Code {
		t.Errorf("%+v, %v", is, err)
	}
	c.clock.Set(c.clock.Now().Add(countEvery))
	c.do(Tick{}, Tick{}, Escape{}, Escape{})
	if n := count(c.last, FilterUnsent); n != 1 || len(c.last.Rows) != 1 || c.last.Rows[0].Name != "Lò Văn Đông" {
		t.Errorf("%d are not at the portal, %+v", n, c.last.Rows)
	}
	if v, err := c.db.VerifyJournal(t.Context()); err != nil {
		t.Errorf("%+v, %v", v, err)
	}
}

// While a filing is sent nothing is decided or taken back on it, here or at another desk; and what comes of it is said of that filing.
func TestWhileItIsSent(t *testing.T) {
	c, server, _ := sending(t, nil)
	f := c.file("a", "Hà Thị Thử")
	c.file("b", "Lò Văn Đông")
	c.signIn()
	c.opt.Print = nil
	c.do(Refresh{}, Scan{f.Reference.String()}, Begin{desk.Receive}, Enter{}, Portal{})
	var later []func()
	c.opt.Go = func(do func()) { later = append(later, do) }
	finish := func() {
		for _, do := range later {
			do()
		}
		later = nil
	}
	holder := func() string {
		t.Helper()
		is, err := c.db.Case(t.Context(), f.Reference, nil)
		if err != nil {
			t.Fatal(err)
		}
		return is.Holder
	}
	s := c.do(Send{}, Escape{}, Begin{desk.Finish})
	if s.Dialog != nil || s.Notice != "desk.notice.portal-wait" {
		t.Errorf("a decision begins: %+v, %s", s.Dialog, s.Notice)
	}
	if s = c.do(Undo{}); s.Open.Status != filing.Received || s.Notice != "desk.notice.portal-wait" {
		t.Errorf("%s, %s", s.Open.Status, s.Notice)
	}
	other := c.last.Rows[0].Short
	if other == f.Reference.Short() {
		other = c.last.Rows[1].Short
	}
	for _, w := range []struct{ refuse, notice string }{{"bad-bundle", "desk.notice.portal-other-failed"}, {"", "desk.notice.portal-other"}} {
		server.Set(portaltest.Told{Refuse: w.refuse})
		c.do(Scan{f.Reference.String()}, Portal{}, Send{}, Escape{}, Escape{})
		if c.open != nil || holder() != "an" {
			t.Errorf("while it is sent, %q has it", holder())
		}
		c.do(Find{})
		c.type_(other)
		c.do(Enter{}, Enter{})
		if c.open == nil || c.open.filing.Reference == f.Reference {
			t.Fatalf("%+v", c.last)
		}
		finish()
		if s = c.do(Tick{}); s.Notice != w.notice || fmt.Sprint(s.Of) != "["+f.Reference.Short()+"]" {
			t.Errorf("%s %v", s.Notice, s.Of)
		}
		if holder() != "" {
			t.Errorf("once it is sent, %q has it", holder())
		}
		c.do(Find{}, Escape{})
	}
	c.do(Scan{f.Reference.String()}, Portal{}, Send{}, Escape{}, Escape{}, Lock{})
	if holder() != "" {
		t.Errorf("after the shift, %q has it", holder())
	}
}

// Why the portal refuses stands in the journal in one word, in the panel of who sent it in the portal's own.
func TestRefusedAtTheDesk(t *testing.T) {
	c, server, _ := sending(t, nil)
	server.Set(portaltest.Told{Refuse: "bad-bundle"})
	f := c.file("a", "Hà Thị Thử")
	c.signIn()
	c.do(Refresh{}, Enter{}, Portal{}, Send{}, Tick{})
	p := c.panel()
	if p.Failed != fault.PortalRefused || p.Problem != "bad-bundle" || p.FailedBy != "Bùi Văn An" || !strings.Contains(strings.Join(p.Said, " "), "Mẫu") || p.Word.Key != "desk.portal.failed" {
		t.Errorf("%+v", p)
	}
	h, err := c.db.Handing(t.Context(), f.Reference)
	if err != nil || h.Failed == nil || h.Failed.Problem != "bad-bundle" {
		t.Errorf("%+v, %v", h, err)
	}
	entries, err := c.db.Journal(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.Contains(string(e.Detail), "Mẫu") {
			t.Errorf("the journal has the portal's words: %s", e.Detail)
		}
	}
	// Whoever opens it later sees that it failed, without the words.
	c.do(Escape{}, Escape{}, Enter{}, Portal{})
	if p := c.panel(); p.Failed != fault.PortalRefused || len(p.Said) != 0 {
		t.Errorf("%+v", p)
	}
	server.Set(portaltest.Told{})
	c.do(Send{}, Tick{})
	if p := c.panel(); p.Failed != "" || p.Sent.IsZero() {
		t.Errorf("%+v", p)
	}
}

// A portal that does not answer keeps no officer waiting, and is asked less and less often.
func TestPortalDoesNotAnswer(t *testing.T) {
	c, server, _ := sending(t, nil)
	c.file("a", "Hà Thị Thử")
	c.signIn()
	c.do(Refresh{}, Enter{}, Portal{}, Send{}, Tick{})
	server.Close()
	c.opt.Portal.Sender = once(t, server)
	for _, want := range []time.Duration{askEvery, 2 * askEvery, 4 * askEvery, 8 * askEvery, askAtMost, askAtMost} {
		if c.handing.wait != want {
			t.Errorf("waits %v, want %v", c.handing.wait, want)
		}
		c.touched = c.clock.Now().Add(want) // or the officer is signed out
		c.clock.Set(c.clock.Now().Add(want))
		c.do(Tick{}, Tick{})
	}
	if p := c.panel(); p.Lost != fault.PortalUnreachable || p.Status != "new" || strings.HasPrefix(c.last.Notice, "fault.") {
		t.Errorf("%+v, %s", p, c.last.Notice)
	}
}

// What the portal says of filings that nobody has open arrives too, and is listed while it has to be followed here.
func TestPortalSaysOfOthers(t *testing.T) {
	c, server, _ := sending(t, nil)
	c.file("a", "Hà Thị Thử")
	c.file("b", "Lò Văn Đông")
	c.signIn()
	first := c.do(Refresh{}).Rows[0]
	c.do(Choose{0}, Portal{}, Send{}, Tick{})
	sent := c.open.filing.Reference
	c.do(Escape{}, Choose{1})
	server.Set(portaltest.Told{Status: portal.Supplement, Code: true})
	requests, _ := server.Seen()
	pass := func(d time.Duration) {
		t.Helper()
		c.touched = c.clock.Now().Add(d) // or the officer is signed out
		c.clock.Set(c.clock.Now().Add(d))
		c.do(Tick{}, Tick{})
	}
	if pass(roundEvery - time.Second); count(c.last, FilterAhead) != 0 {
		t.Error("heard before it was asked")
	}
	pass(time.Second)
	if now, _ := server.Seen(); now != requests+1 {
		t.Errorf("%d questions, want one: of the filing that was sent", now-requests)
	}
	if c.last.Notice != "desk.notice.portal-codes" {
		t.Errorf("notice %q", c.last.Notice)
	}
	if is, err := c.db.Get(t.Context(), sent.String()); err != nil || is.Dossier != portaltest.Code {
		t.Errorf("%+v, %v", is, err)
	}
	s := c.do(Show{FilterAhead})
	if count(s, FilterAhead) != 1 || len(s.Rows) != 1 || s.Rows[0].Short != first.Short || s.Rows[0].Portal != "supplement" {
		t.Errorf("%+v", s.Rows)
	}
	c.do(Show{FilterAll}, Choose{0}, Begin{desk.Receive}, Enter{}, Begin{desk.Ask}, Enter{})
	c.type_("Hợp đồng thuê nhà")
	c.do(Move{-1})
	c.type_("Hợp đồng chưa có chữ ký")
	c.do(Enter{})
	if is, err := c.db.Case(t.Context(), sent, c.key); err != nil || is.Status != filing.Supplement || count(c.do(Tick{}), FilterAhead) != 0 {
		t.Errorf("what was followed is still listed: %s, %v", is.Status, err)
	}

	// The portal names another code than an officer did: it is said, and the officer's stays.
	signer := store.Signer{ID: "an", Identity: c.key}
	if err := c.db.SetDossier(t.Context(), sent, "H15.50.05.13-261123-0001", signer); err != nil {
		t.Fatal(err)
	}
	c.do(Escape{}, Choose{0})
	pass(askEvery)
	if is, err := c.db.Get(t.Context(), sent.String()); err != nil || is.Dossier != "H15.50.05.13-261123-0001" {
		t.Errorf("an officer's code is %s, %v", is.Dossier, err)
	}
	pass(roundEvery)

	server.Close()
	c.opt.Portal.Sender = once(t, server)
	for _, want := range []time.Duration{2 * roundEvery, 4 * roundEvery, 8 * roundEvery, roundAtMost, roundAtMost} {
		if pass(c.handing.answers.wait); c.handing.answers.wait != want {
			t.Errorf("waits %v, want %v", c.handing.answers.wait, want)
		}
	}
}

// A round begins with what was not asked about for longest, passes over one filing of which the portal says nothing, and ends if it says nothing of two or does
// not let the office in.
func TestRounds(t *testing.T) {
	c, server, _ := sending(t, nil)
	for i := range 3 {
		c.file(fmt.Sprint("r", i), "Hà Thị Thử")
	}
	c.signIn()
	c.do(Refresh{})
	for row := range 3 {
		c.do(Choose{row}, Portal{}, Send{}, Tick{}, Escape{})
	}
	c.do(Escape{})
	c.opt.Portal.Sender = once(t, server)
	list, err := c.db.Awaited(t.Context(), config.PortalHTTP, c.clock.Now().AddDate(0, 0, -1), 100)
	if err != nil || len(list) != 3 {
		t.Fatalf("%d, %v", len(list), err)
	}
	x, y, z := list[0].Reference, list[1].Reference, list[2].Reference
	for _, r := range []struct {
		what string
		ago  map[filing.Reference]time.Duration // since they were asked about; others never were
		says map[filing.Reference]int
		want []filing.Reference
		wait time.Duration
	}{
		{"never, longest", map[filing.Reference]time.Duration{x: time.Minute, y: time.Hour}, nil, []filing.Reference{z, y, x}, roundEvery},
		{"one is silent", nil, map[filing.Reference]int{x: 503}, []filing.Reference{x, y, z}, roundEvery},
		{"two are", nil, map[filing.Reference]int{x: 503, y: 502}, []filing.Reference{x, y}, 2 * roundEvery},
		{"it does not know one", nil, map[filing.Reference]int{x: 404, y: 404}, []filing.Reference{x, y, z}, roundEvery},
		{"shut out", nil, map[filing.Reference]int{x: 403}, []filing.Reference{x}, 2 * roundEvery},
	} {
		a := &c.handing.answers
		a.said, a.next, a.wait = map[filing.Reference]answer{}, time.Time{}, 0
		for ref, ago := range r.ago {
			a.said[ref] = answer{portal.Accepted, c.clock.Now().Add(-ago)}
		}
		says, want := map[string]int{}, []string{}
		for ref, status := range r.says {
			says[ref.String()] = status
		}
		for _, ref := range r.want {
			want = append(want, ref.String())
		}
		server.Set(portaltest.Told{Says: says})
		server.Questions()
		c.do(Tick{}, Tick{})
		if got := server.Questions(); !slices.Equal(got, want) || a.wait != r.wait || len(a.said) < len(r.want) {
			t.Errorf("%s: asked %v, want %v; waits %v", r.what, got, want, a.wait)
		}
	}
	a := answers{}
	at := c.clock.Now()
	a.note(x, answer{portal.Accepted, at})
	a.note(x, answer{portal.New, at.Add(-time.Minute)}) // an older one
	a.note(x, answer{"", at.Add(time.Minute)})          // nothing was heard
	if is := a.said[x]; is.status != portal.Accepted || !is.asked.Equal(at.Add(time.Minute)) {
		t.Errorf("%+v", is)
	}
}

// While a filing is on its way another one can be opened, and does not look as if it were.
func TestSendingBeside(t *testing.T) {
	c, server, _ := sending(t, nil)
	c.opt.Go = func(do func()) { go do() }
	woken := make(chan struct{}, 100)
	c.opt.Wake = func() { woken <- struct{}{} }
	slow := make(chan struct{})
	server.Set(portaltest.Told{Slow: slow})
	c.file("a", "Hà Thị Thử")
	c.file("b", "Lò Văn Đông")
	c.signIn()
	s := c.do(Refresh{}, Choose{0}, Portal{}, Send{})
	if !s.Dialog.Portal.Sending {
		t.Fatalf("%+v", s.Dialog.Portal)
	}
	first := c.open.filing.Reference
	s = c.do(Escape{}, Choose{1}, Portal{}, Send{})
	if s.Open.Short == first.Short() || s.Dialog.Portal.Sending || s.Notice != "desk.notice.portal-busy" {
		t.Errorf("%+v, %s", s.Dialog.Portal, s.Notice)
	}
	close(slow)
	for c.handing.out != nil {
		<-woken
		c.do(Tick{})
	}
	if h, err := c.db.Handing(t.Context(), first); err != nil || h.Sent == nil {
		t.Errorf("%+v, %v", h, err)
	}
	if c.last.Notice != "desk.notice.portal-other" {
		t.Errorf("%s", c.last.Notice)
	}
}

// What a folder takes lies there as a bundle that opens.
func TestSendToDirectory(t *testing.T) {
	dir := t.TempDir()
	c, _, _ := sending(t, func(p *config.Portal) { *p = config.Portal{Kind: config.PortalDirectory, Directory: dir} })
	f := c.file("a", "Hà Thị Thử")
	c.signIn()
	c.do(Refresh{}, Enter{}, Portal{}, Send{}, Tick{})
	if p := c.panel(); p.Sent.IsZero() || p.Target != "directory" || p.Status != "" {
		t.Errorf("%+v", p)
	}
	data, err := os.ReadFile(filepath.Join(dir, f.Reference.String()+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	if o, err := portal.Open(data); err != nil || o.Manifest.Reference != f.Reference {
		t.Errorf("%v", err)
	}
	// One that was withdrawn is nothing for the portal.
	c.file("b", "Lò Văn Đông")
	c.do(Escape{}, Escape{}, Refresh{})
	c.do(Choose{slices.IndexFunc(c.last.Rows, func(r Row) bool { return r.Name == "Lò Văn Đông" })}, Begin{desk.Withdraw}, Enter{}, Portal{}, Send{}, Tick{})
	if p := c.panel(); p.Sends || !p.Sent.IsZero() || p.Word.Key != "desk.portal.nothing" {
		t.Errorf("%+v", p)
	}
}

// By hand: the fields go to the clipboard one after the other and do not stay there; the code is typed, or scanned.
func TestByHand(t *testing.T) {
	c, _, clip := sending(t, func(p *config.Portal) { *p = config.Portal{Kind: config.PortalNone} })
	f := c.file("a", "Hà Thị Thử")
	c.signIn()
	c.do(Refresh{}, Enter{}, Portal{})
	lines, err := portal.Copy(c.open.filing, c.opt.Printer)
	if err != nil || len(lines) < 3 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	p := c.panel()
	if p.Sends || !p.Copies || p.Lines[0].Value != "Hà Thị Thử" || len(p.Lines)+p.Below != len(lines) {
		t.Fatalf("%+v", p)
	}
	c.do(Send{}, Enter{}, Enter{})
	if !slices.Equal(*clip, []string{lines[0].Value, lines[1].Value}) || c.last.Dialog.Portal.At != 2 {
		t.Errorf("%q, at %d", *clip, c.last.Dialog.Portal.At)
	}
	c.do(Move{-1}, Enter{})
	if last := (*clip)[len(*clip)-1]; last != lines[1].Value {
		t.Errorf("%q", last)
	}
	c.clock.Set(c.clock.Now().Add(clipStays))
	c.do(Tick{})
	if last := (*clip)[len(*clip)-1]; last != "" {
		t.Error("what was copied stays")
	}
	n := len(*clip)
	c.do(Tick{})
	if len(*clip) != n {
		t.Error("taken away twice")
	}
	c.type_("H15.50")
	c.do(Enter{})
	if c.last.Dialog.Problem != "code" {
		t.Errorf("%+v", c.last.Dialog)
	}
	c.do(Escape{})
	if d := c.last.Dialog; d == nil || d.Fields[0].Value != "" || d.Problem != "" {
		t.Fatalf("%+v", d)
	}
	c.type_("h15.50.05.13-261123-0975")
	s := c.do(Enter{})
	if s.Notice != "desk.notice.code" || s.Dialog.Portal.Dossier != "H15.50.05.13-261123-0975" || s.Open.Dossier != s.Dialog.Portal.Dossier {
		t.Errorf("%+v, %s", s.Dialog.Portal, s.Notice)
	}
	s = c.do(Escape{}, Scan{"https://dichvucong.gov.vn/?ma=H15.50.05.13-261123-0976"}, Enter{}) // confirmed: it takes another's place
	if s.Notice != "desk.notice.code" || s.Open.Dossier != "H15.50.05.13-261123-0976" {
		t.Errorf("%+v, %s", s.Open, s.Notice)
	}
	if is, err := c.db.Get(t.Context(), f.Reference.String()); err != nil || is.Dossier != "H15.50.05.13-261123-0976" {
		t.Errorf("%+v, %v", is, err)
	}
	c.do(Enter{}, Lock{})
	if last := (*clip)[len(*clip)-1]; last != "" || c.handing.lines != nil || len(c.handing.list) != 0 || c.handing.receipt != nil {
		t.Error("locked, and what was copied stays")
	}
}

// coded is a portal that gives a code with its receipt.
type coded struct{}

func (coded) Send(_ context.Context, b portal.Bundle) (portal.Receipt, error) {
	return portal.Receipt{Reference: b.Manifest.Reference, Digest: b.Digest, Status: portal.New, Dossier: portaltest.Code}, nil
}

// A code that an officer types while the filing is sent is not lost for the one that comes with the receipt: it waits until the filing is gone.
func TestCodeWhileItIsSent(t *testing.T) {
	c, _, _ := sending(t, nil)
	c.opt.Portal.Sender = coded{}
	f := c.file("a", "Hà Thị Thử")
	c.signIn()
	c.do(Refresh{}, Enter{}, Portal{})
	var later []func()
	c.opt.Go = func(do func()) { later = append(later, do) }
	const typed = "H15.50.05.13-261123-0976"
	c.do(Send{})
	c.type_(typed)
	c.do(Enter{})
	for _, do := range later {
		do()
	}
	c.opt.Go = func(do func()) { do() }
	c.do(Tick{}, Enter{})
	if is, err := c.db.Get(t.Context(), f.Reference.String()); err != nil || is.Dossier != typed || c.last.Open.Dossier != typed {
		t.Errorf("noted %s, shown %s, %s %v", is.Dossier, c.last.Open.Dossier, c.last.Notice, err)
	}
}

// Both papers that keep themselves come out of the printer, and what was decided can still be taken back.
func TestLedger(t *testing.T) {
	c, _ := figured(t)
	c.file("a", "Hà Thị Thử")
	c.signIn()
	s := c.do(Refresh{}, Control{})
	if len(c.paper) != 0 {
		t.Errorf("printed without a filing: %v", c.paper)
	}
	s = c.do(Enter{}, Control{})
	if !slices.Equal(c.paper, []string{"MC06"}) || s.Notice != "desk.notice.control" || !s.Open.Control {
		t.Errorf("%v, %s", c.paper, s.Notice)
	}
	s = c.do(Open{Figures}, Register{}, Tick{})
	if !s.Month.Registers || s.Notice != "desk.notice.register" || len(s.Of) != 1 || s.Of[0] != 1 {
		t.Errorf("%s %v", s.Notice, s.Of)
	}
	c.do(Register{Today: true}, Tick{})
	if !slices.Equal(c.paper, []string{"MC06", "MC07", "MC07"}) {
		t.Errorf("%v", c.paper)
	}
}

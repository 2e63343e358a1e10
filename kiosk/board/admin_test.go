package board

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"motcua/assets"
	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/health"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/service"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// TestAdminByRole: each role finds the sections it has, and no other; everybody has their own account.
func TestAdminByRole(t *testing.T) {
	c := newCounter(t)
	c.signIn()
	s := c.do(Open{Admin})
	if s.Page != Admin || s.Admin == nil || s.Admin.Sections[1] != "officers" {
		t.Fatalf("a head: %+v", s.Admin)
	}
	if s = c.do(Section{1}); len(s.Admin.Entries) != 1 || s.Admin.Entries[0].Name.Args[0] != "Bùi Văn An" || s.Admin.About.Title.Args[0] != "Bùi Văn An" {
		t.Errorf("%+v", s.Admin)
	}
	if s = c.do(Escape{}); s.Page != Queue || s.Admin != nil {
		t.Errorf("Escape leads to %s", s.Page)
	}
	c.do(Lock{})
	c.technician()
	s = c.do(Open{Admin}, Section{0})
	for _, name := range s.Admin.Sections {
		if name == "officers" {
			t.Error("a technician sees officers")
		}
	}
	if s.Admin.Entries[0].Name.Args[0] != "Lê Văn Kỹ" {
		t.Errorf("not their own: %+v", s.Admin)
	}
}

// admin is a counter whose head is signed in, on a section of the page of administration.
func adminAt(t *testing.T, section string, opt func(*counter)) *counter {
	t.Helper()
	c := newCounter(t)
	c.addTechnician()
	if err := c.readAccounts(t.Context()); err != nil {
		t.Fatal(err)
	}
	if opt != nil {
		opt(c)
	}
	c.signIn()
	c.to(section)
	return c
}

// to goes to a section.
func (c *counter) to(section string) *Administration {
	c.t.Helper()
	s := c.do(Open{Admin})
	at := slices.Index(s.Admin.Sections, section)
	if at < 0 {
		c.t.Fatalf("there is no section %s in %v", section, s.Admin.Sections)
	}
	return c.do(Section{at}).Admin
}

// fill types into the fields of a dialog, one after the other, and confirms. What begins with # is a choice.
func (c *counter) fill(texts ...string) Snapshot {
	c.t.Helper()
	if c.last.Ask == nil {
		c.t.Fatalf("no dialog: %+v", c.last)
	}
	for _, text := range texts {
		if n, choice := strings.CutPrefix(text, "#"); choice {
			text = n
		}
		c.type_(text)
		if shown := fmt.Sprintf("%+v", *c.last.Ask); len(text) >= seal.MinPIN && strings.Trim(text, "0123456789") == "" && strings.Contains(shown, text) {
			c.t.Errorf("a PIN is shown: %s", shown)
		}
		c.do(Enter{})
	}
	return c.last
}

// choose goes to the entry of that name.
func (c *counter) choose(name string) Snapshot {
	c.t.Helper()
	at := slices.IndexFunc(c.last.Admin.Entries, func(e Entry) bool { return len(e.Name.Args) > 0 && e.Name.Args[0] == name })
	if at < 0 {
		c.t.Fatalf("nobody is called %s: %+v", name, c.last.Admin.Entries)
	}
	return c.do(Choose{at})
}

func (c *counter) account(id string) officer.Account {
	c.t.Helper()
	all, err := c.db.Officers(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	a, _ := colleague(all, id)
	return a
}

// verified is the journal, which verifies: kinds with their details.
func (c *counter) verified() string {
	c.t.Helper()
	if _, err := c.db.VerifyJournal(c.t.Context()); err != nil {
		c.t.Error(err)
	}
	list, err := c.db.Journal(c.t.Context(), 0, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range list {
		fmt.Fprintln(&b, e.Kind, string(e.Detail))
	}
	return b.String()
}

const otherPIN = "31415926"

// TestOfficersAtTheDesk: a head adds an officer, gives another role, locks out and lets in again, and nobody becomes without a head.
func TestOfficersAtTheDesk(t *testing.T) {
	c := adminAt(t, "officers", nil)
	c.do(Act{"officer-add"})
	if s := c.fill("hoa", "Đinh Thị Hoa", "#1", otherPIN, "31415927"); s.Ask == nil || s.Ask.Problem != "pins" {
		t.Fatalf("two PINs: %+v", s.Ask)
	}
	c.do(Escape{}, Act{"officer-add"})
	if s := c.fill("hoa", "Đinh Thị Hoa", "#1", "12345678", "12345678"); s.Ask == nil || s.Ask.Problem != "pin" {
		t.Fatalf("a weak PIN: %+v", s.Ask)
	}
	c.do(Escape{}, Act{"officer-add"})
	if s := c.fill("an", "Đinh Thị Hoa", "#1", otherPIN, otherPIN); s.Ask == nil || s.Ask.Problem != "account" {
		t.Fatalf("somebody's id: %+v", s.Ask)
	}
	c.do(Escape{}, Act{"officer-add"})
	s := c.fill("hoa", "Đinh Thị Hoa", "#1", otherPIN, otherPIN)
	if s.Ask != nil || s.Admin.Result == nil || s.Admin.Result.Key != "desk.done.officer-add" || c.account("hoa").Role != officer.Clerk {
		t.Fatalf("%+v", s)
	}
	if _, err := c.account("hoa").SignIn(seal.Secret{PIN: otherPIN}); err != nil {
		t.Error(err)
	}
	c.choose("Đinh Thị Hoa")
	c.do(Act{"officer-role"})
	if c.fill("#2"); c.account("hoa").Role != officer.Head {
		t.Errorf("%+v", c.last)
	}
	c.do(Act{"officer-lock"})
	if s = c.fill(""); c.account("hoa").Active || s.Admin.About.Deeds[2].ID != "officer-unlock" {
		t.Errorf("%+v", s.Admin.About)
	}
	// Nobody locks themselves out, or takes their own role.
	s = c.choose("Bùi Văn An")
	for _, id := range []string{"officer-role", "officer-lock", "officer-renew"} {
		if s = c.do(Act{id}); s.Ask != nil {
			t.Errorf("%s of one's own", id)
		}
	}
	c.choose("Đinh Thị Hoa")
	c.do(Act{"officer-unlock"})
	if c.fill(""); !c.account("hoa").Active {
		t.Error("still locked out")
	}
	if entries := c.verified(); !strings.Contains(entries, `"officer":"hoa","officers":[{"officer":"an"`) || strings.Contains(entries, otherPIN) {
		t.Error(entries)
	}
}

// TestRolesRefused: whoever may not do something has no key for it, and what is sent all the same does nothing.
func TestRolesRefused(t *testing.T) {
	c := newCounter(t)
	c.technician()
	before := c.verified()
	s := c.do(Open{Admin})
	if got := fmt.Sprint(s.Admin.Sections); got != "[self backup health]" {
		t.Errorf("a technician has %s", got)
	}
	for at := range s.Admin.Sections {
		c.do(Section{at})
		for _, id := range []string{"officer-add", "officer-lock", "officer-renew", "recovery-make", "recovery-use", "retention-end", "restore"} {
			if s := c.do(Act{id}); s.Ask != nil || s.Admin.Doing != nil {
				t.Errorf("%s: %+v", id, s.Ask)
			}
		}
	}
	if s := c.do(Section{7}); s.Admin.At != 2 {
		t.Errorf("section %d", s.Admin.At)
	}
	if after := c.verified(); after != before {
		t.Errorf("the journal has something new:\n%s", after[len(before):])
	}
}

// TestOwnPIN: everybody changes their own PIN, by the one they have.
func TestOwnPIN(t *testing.T) {
	c := adminAt(t, "self", nil)
	c.do(Act{"pin"})
	if s := c.fill("11223344", otherPIN, otherPIN); s.Ask == nil || s.Ask.Problem != "wrong" {
		t.Fatalf("%+v", s.Ask)
	}
	c.do(Escape{}, Act{"pin"})
	if s := c.fill(storetest.TestPIN, otherPIN, otherPIN); s.Ask != nil || s.Admin.Result.Key != "desk.done.pin" {
		t.Fatalf("%+v", s)
	}
	if _, err := c.account("an").SignIn(seal.Secret{PIN: otherPIN}); err != nil {
		t.Error(err)
	}
	if _, err := c.account("an").SignIn(seal.Secret{PIN: storetest.TestPIN}); err == nil {
		t.Error("the old PIN goes on")
	}
	if entries := c.verified(); !strings.Contains(entries, "officer.secret") || !strings.Contains(entries, "officer.refused") {
		t.Error(entries)
	}
}

// TestSecondOfficer: new keys take a second officer, with the delays of the door; both have signed then, and what was sealed before is opened by the new keys.
func TestSecondOfficer(t *testing.T) {
	c := adminAt(t, "officers", nil)
	c.choose("Lê Văn Kỹ")
	old := c.account("ky")
	c.do(Act{"officer-renew"})
	s := c.fill(otherPIN, otherPIN)
	if s.Ask == nil || s.Ask.ID != "second" || len(s.Ask.Fields[0].Choices) != 1 || s.Ask.Fields[0].Choices[0].Args[0] != "Lê Văn Kỹ" {
		t.Fatalf("%+v", s.Ask)
	}
	if c.account("ky").Public != old.Public {
		t.Fatal("renewed by one alone")
	}
	c.fill("#1")
	for range officer.FreeTries {
		if s = c.fill("11223344"); s.Ask == nil || s.Ask.Problem != "wrong" || s.Ask.Fields[1].Digits != 0 {
			t.Fatalf("%+v", s.Ask)
		}
	}
	if s = c.fill(storetest.TestPIN); s.Ask == nil || s.Ask.Problem != "wait" || s.Ask.Wait <= 0 {
		t.Fatalf("no delay: %+v", s.Ask)
	}
	c.clock.Set(c.clock.Now().Add(5 * time.Second))
	if s = c.fill(storetest.TestPIN); s.Ask != nil || s.Admin.Result == nil || s.Admin.Result.Key != "desk.done.officer-renew" {
		t.Fatalf("%+v", s)
	}
	if a := c.account("ky"); a.Public == old.Public || a.Role != officer.Technician {
		t.Errorf("%+v", a)
	}
	if entries := c.verified(); !strings.Contains(entries, `"officers":[{"officer":"an"`) || !strings.Contains(entries, `{"officer":"ky","signature"`) {
		t.Error(entries)
	}
}

// TestNoSecond: what takes two is not done where there is one.
func TestNoSecond(t *testing.T) {
	c := newCounter(t)
	c.opt.Steward.Sheets = func(context.Context, *seal.Identity, []string) error { t.Error("printed"); return nil }
	c.signIn()
	c.to("keys")
	if s := c.do(Act{"recovery-make"}); s.Ask != nil || s.Notice != "desk.notice.no-second" {
		t.Errorf("%+v", s)
	}
}

// TestRecoveryAtTheDesk: two officers make a recovery key, which counts once its sheets are out; both sheets let a head in who reads what was filed.
func TestRecoveryAtTheDesk(t *testing.T) {
	var sheets [2]seal.Sheet
	var ids []string
	c := adminAt(t, "keys", func(c *counter) {
		c.opt.Steward.Sheets = func(_ context.Context, key *seal.Identity, officers []string) (err error) {
			ids = officers
			sheets[0], sheets[1], err = seal.Split(key)
			return err
		}
	})
	f := c.file("a", "Hà Thị Thử")
	s := c.do(Act{"recovery-use"})
	if s.Ask != nil {
		t.Error("there is no key yet")
	}
	c.do(Act{"recovery-make"})
	c.fill("#1", storetest.TestPIN)
	if s = c.do(Tick{}); s.Ask == nil || s.Ask.ID != "sheets" || fmt.Sprint(ids) != "[an ky]" {
		t.Fatalf("%+v, %v", s.Ask, ids)
	}
	if p, err := c.db.Recovery(t.Context()); err != nil || p != (seal.Public{}) {
		t.Fatalf("it counts before the sheets are out: %v", err)
	}
	// Sheets that nobody can read are thrown away.
	if s = c.do(Escape{}); s.Admin.Entries[0].Mood != Care {
		t.Errorf("%+v", s.Admin.Entries[0])
	}
	c.do(Act{"recovery-make"})
	c.fill("#1", storetest.TestPIN)
	c.do(Tick{})
	if s = c.fill(""); s.Ask != nil || s.Admin.Entries[0].Mood != Ready || s.Admin.Result.Key != "desk.done.recovery-make" {
		t.Fatalf("%+v", s)
	}
	c.do(Tick{})
	if n, err := c.db.Stale(t.Context()); n != 0 || err != nil {
		t.Errorf("%d filings are not sealed to it, %v", n, err)
	}
	c.do(Act{"recovery-use"})
	if s = c.fill(string(sheets[0]), string(sheets[0]), "cuu", "Ngần Thị Cứu", otherPIN, otherPIN); s.Ask == nil || s.Ask.Problem != "sheets" {
		t.Fatalf("one sheet twice: %+v", s.Ask)
	}
	if shown := fmt.Sprintf("%+v", s); strings.Contains(shown, strings.Fields(string(sheets[0]))[1]) {
		t.Error("a sheet is shown")
	}
	c.do(Escape{}, Act{"recovery-use"})
	c.fill(string(sheets[1]), string(sheets[0]), "cuu", "Ngần Thị Cứu", otherPIN, otherPIN)
	if s = c.do(Tick{}); s.Ask != nil || s.Admin.Result == nil || s.Admin.Result.Key != "desk.done.recovery-use" {
		t.Fatalf("%+v", s)
	}
	key, err := c.account("cuu").SignIn(seal.Secret{PIN: otherPIN})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.db.Read(t.Context(), f.Reference.String(), key); err != nil || got.Applicant.Name != "Hà Thị Thử" {
		t.Errorf("%v", err)
	}
	c.verified()
}

// TestRetentionAtTheDesk: what is over is listed without being opened, and two officers end it.
func TestRetentionAtTheDesk(t *testing.T) {
	c := adminAt(t, "retention", func(c *counter) {
		catalogue, err := service.Load(assets.FS, fstest.MapFS{"keep.yaml": {Data: []byte("keep:\n  tam-tru: {years: 5, from: year, law: Thông tư mẫu}\n")}})
		if err != nil {
			t.Fatal(err)
		}
		c.opt.Printer.Catalogue = catalogue
	})
	f := c.file("a", "Hà Thị Thử")
	if s := c.do(Refresh{}); len(s.Admin.Entries) != 0 || len(s.Admin.About.Deeds) != 0 {
		t.Fatalf("%+v", s.Admin)
	}
	c.do(Open{Queue}, Refresh{}, Enter{}, Begin{desk.Receive}, Enter{}, Begin{desk.Finish}, Enter{}, Begin{desk.Hand}, Enter{}, Escape{}, Lock{})
	c.clock.Set(c.clock.Now().AddDate(60, 0, 0))
	c.signIn()
	s := c.to("retention")
	if len(s.Entries) != 1 || strings.Contains(fmt.Sprintf("%+v", s), "Thử") {
		t.Fatalf("%+v", s)
	}
	c.do(Act{"retention-end"})
	c.fill("#1", storetest.TestPIN)
	if s := c.do(Tick{}); s.Admin.Result == nil || len(s.Admin.Entries) != 0 {
		t.Errorf("%+v", s)
	}
	if _, err := c.db.Read(t.Context(), f.Reference.String(), c.key); fault.CodeOf(err) != fault.SealDestroyed {
		t.Errorf("it can be read: %v", err)
	}
	if entries := c.verified(); !strings.Contains(entries, "filing.destroyed") {
		t.Error(entries)
	}
}

// TestBackupAtTheDesk: a backup is made and checked; one that is not what it was is called so, and nothing is restored from it.
func TestBackupAtTheDesk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "backups")
	var restored []string
	c := adminAt(t, "backup", func(c *counter) {
		c.opt.Steward.Backups = dir
		c.opt.Steward.Restore = func(path string, by []store.Signer) { restored = append(restored, path, by[0].ID, by[1].ID) }
	})
	c.file("a", "Hà Thị Thử")
	if s := c.do(Refresh{}); len(s.Admin.Entries) != 0 || s.Admin.About.Deeds[0].ID != "backup-make" {
		t.Fatalf("%+v", s.Admin)
	}
	c.do(Act{"backup-make"})
	s := c.do(Tick{})
	if len(s.Admin.Entries) != 1 || s.Admin.Result == nil || s.Admin.Result.Key != "desk.done.backup-make" {
		t.Fatalf("%+v, %s", s.Admin, s.Notice)
	}
	if s = c.do(Act{"restore"}); s.Ask != nil {
		t.Fatal("restored from a backup that nobody checked")
	}
	c.do(Act{"backup-check"})
	if s = c.do(Tick{}); s.Admin.Entries[0].Mood != Ready {
		t.Fatalf("%+v", s.Admin)
	}
	c.do(Act{"restore"})
	if c.fill("#1", storetest.TestPIN); len(restored) != 3 || restored[1] != "an" || restored[2] != "ky" || filepath.Dir(restored[0]) != dir {
		t.Errorf("%v", restored)
	}
	name := filepath.Join(restored[0], "motcua.db")
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("x"), 5000); err != nil {
		t.Fatal(err)
	}
	f.Close()
	c.do(Act{"backup-check"})
	if s = c.do(Tick{}); s.Admin.Entries[0].Mood != Faulty {
		t.Errorf("%+v", s.Admin)
	}
	if s = c.do(Act{"restore"}); s.Ask != nil {
		t.Error("restored from a damaged backup")
	}
}

// TestHealthAtTheDesk: parts are looked at beside, and one that has a test is tested.
func TestHealthAtTheDesk(t *testing.T) {
	tested := ""
	c := adminAt(t, "health", func(c *counter) {
		c.opt.Steward.Health = []Part{{Name: "store", Look: func(context.Context) Found { return Found{State: health.Failed, Code: fault.StoreFull} },
			Test: func(_ context.Context, by string, _ func(int, int)) (Words, error) {
				tested = by
				return Words{"desk.part.store.sound", []any{1}}, nil
			}},
			{Name: "clock", Look: func(context.Context) Found { return Found{State: health.Present, Care: true} }}}
	})
	s := c.do(Tick{})
	if e := s.Admin.Entries; len(e) != 2 || e[0].Mood != Faulty || e[1].Mood != Care {
		t.Fatalf("%+v", s.Admin)
	}
	c.do(Enter{})
	if s = c.do(Tick{}); tested != "an" || s.Admin.Result == nil {
		t.Errorf("%q, %+v", tested, s.Admin)
	}
	if s = c.do(Move{1}, Enter{}); s.Ask != nil || s.Admin.Doing != nil {
		t.Errorf("%+v", s.Admin)
	}
}

// TestLockForgetsPINs: whoever leaves the desk leaves no PIN behind in a dialog.
func TestLockForgetsPINs(t *testing.T) {
	c := adminAt(t, "self", nil)
	c.do(Act{"pin"})
	c.type_(storetest.TestPIN)
	typed := c.admin.ask.fields[0].value
	if s := c.do(Lock{}); s.Page != SignIn || s.Ask != nil || c.admin.ask != nil {
		t.Errorf("%+v", s)
	}
	for _, r := range typed {
		if r != 0 {
			t.Fatal("the PIN is still there")
		}
	}
}

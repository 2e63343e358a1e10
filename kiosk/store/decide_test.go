package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// atDesk is an office of two officers with a filing.
type atDesk struct {
	t     *testing.T
	s     *store.Store
	dir   string
	clock *storetest.Clock
	keys  map[string]*seal.Identity
	ref   filing.Reference
}

func newDesk(t *testing.T) *atDesk {
	t.Helper()
	return newDeskIn(t, newDir(t))
}

func newDeskIn(t *testing.T, dir string) *atDesk {
	t.Helper()
	d := &atDesk{t: t, dir: dir, clock: storetest.NewClock(), keys: map[string]*seal.Identity{}}
	d.s = open(t, d.dir, d.clock)
	for _, id := range []string{"an", "binh"} {
		a, key := account(t, id, officer.Clerk)
		d.keys[id] = key
		if err := d.s.SetOfficer(t.Context(), a, "setup"); err != nil {
			t.Fatal(err)
		}
	}
	d.ref = file(t, d.s, "a").Reference
	return d
}

const because = "Nguyễn Văn Mẫu chưa ký vào hợp đồng thuê nhà"

func (d *atDesk) decide(by string, a desk.Action) (desk.Case, error) {
	d.t.Helper()
	d.clock.Set(d.clock.Now().Add(time.Minute))
	due := d.clock.Now().AddDate(0, 0, 3)
	if a == desk.Extend {
		due = due.AddDate(0, 0, 9)
	}
	return d.s.Decide(d.t.Context(), d.ref, desk.Decision{Action: a, Officer: by, Reason: because, Items: []string{"Hợp đồng có chữ ký"}, To: "Phòng PC06 Công an tỉnh",
		Due: due, Confirm: desk.Signature}, d.keys[by])
}

func (d *atDesk) must(by string, a desk.Action) desk.Case {
	d.t.Helper()
	c, err := d.decide(by, a)
	if err != nil {
		d.t.Fatalf("%s: %v", a, err)
	}
	return c
}

func (d *atDesk) verify(signed int) {
	d.t.Helper()
	v, err := d.s.VerifyJournal(d.t.Context())
	if err != nil || v.Signed != signed {
		d.t.Errorf("%+v, %v; want %d signed", v, err, signed)
	}
}

// A filing goes the whole way; what is there afterwards is what was decided, also after a restart.
func TestDecide(t *testing.T) {
	d := newDesk(t)
	for _, a := range []desk.Action{desk.Receive, desk.Ask, desk.Supply, desk.Extend, desk.Finish, desk.Hand} {
		d.must("an", a)
	}
	d.verify(6)
	closeStore(t, d.s)
	d.s = open(t, d.dir, d.clock)
	c, err := d.s.Case(t.Context(), d.ref, d.keys["binh"])
	if err != nil || c.Status != filing.Handed || len(c.History) != 6 || c.History[1].Reason != because || c.History[1].Items[0] != "Hợp đồng có chữ ký" ||
		c.History[5].Confirm != desk.Signature || !c.Due.Equal(c.History[3].Due) {
		t.Errorf("%+v, %v", c, err)
	}
	if blind, err := d.s.Case(t.Context(), d.ref, nil); err != nil || blind.History[1].Reason != "" || blind.Status != filing.Handed {
		t.Errorf("without a key: %+v, %v", blind, err)
	}
	stranger, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.s.Case(t.Context(), d.ref, stranger); fault.CodeOf(err) != fault.SealShut {
		t.Errorf("with another key: %v", err)
	}
	list, err := d.s.List(t.Context(), store.Filter{Status: filing.Handed})
	if err != nil || len(list) != 1 {
		t.Errorf("%d handed over, %v", len(list), err)
	}
	if _, err := d.decide("an", desk.Receive); fault.CodeOf(err) != fault.DeskMove || !errors.Is(err, desk.ErrMove) {
		t.Errorf("after the end: %v", err)
	}
	d.verify(6)
}

// A form that was printed more than once leaves the filing as it was: it can be read, and decided on.
func TestPrintedTwice(t *testing.T) {
	d := newDesk(t)
	d.must("an", desk.Receive)
	for range 2 {
		if err := d.s.FormPrinted(t.Context(), d.ref, 1, "CT04"); err != nil {
			t.Fatal(err)
		}
	}
	if c, err := d.s.Case(t.Context(), d.ref, d.keys["an"]); err != nil || !c.History[0].Printed {
		t.Errorf("%+v, %v", c, err)
	}
	d.must("an", desk.Finish)
}

// What an officer writes may name people: it is sealed, too.
func TestWordsAreSealed(t *testing.T) {
	d := newDesk(t)
	d.must("an", desk.Ask)
	for _, name := range []string{"motcua.db", "motcua.db-wal"} {
		data, err := os.ReadFile(filepath.Join(d.dir, name))
		if err != nil || bytes.Contains(data, []byte("Văn Mẫu")) {
			t.Errorf("%s names somebody, %v", name, err)
		}
	}
}

func TestUndoInTheStore(t *testing.T) {
	d := newDesk(t)
	filed, err := d.s.Case(t.Context(), d.ref, nil)
	if err != nil {
		t.Fatal(err)
	}
	d.must("an", desk.Receive)
	if _, err := d.s.Undo(t.Context(), d.ref, 1, "binh", d.keys["binh"]); fault.CodeOf(err) != fault.DeskMove {
		t.Errorf("another's: %v", err)
	}
	c, err := d.s.Undo(t.Context(), d.ref, 1, "an", d.keys["an"])
	if err != nil || c.Status != filing.Filed || !c.Due.Equal(filed.Due) || len(c.History) != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	d.verify(2)
	d.must("an", desk.Receive)
	if err := d.s.FormPrinted(t.Context(), d.ref, 2, "CT04"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.s.Undo(t.Context(), d.ref, 2, "an", d.keys["an"]); fault.CodeOf(err) != fault.DeskMove {
		t.Errorf("on paper: %v", err)
	}
	d.must("an", desk.Finish)
	d.clock.Set(d.clock.Now().Add(desk.UndoWithin + time.Minute))
	if _, err := d.s.Undo(t.Context(), d.ref, 3, "an", d.keys["an"]); fault.CodeOf(err) != fault.DeskMove {
		t.Errorf("too late: %v", err)
	}
	if err := d.s.FormPrinted(t.Context(), d.ref, 9, "CT04"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no such decision: %v", err)
	}
}

// What the citizen said to have brought is to be seen again when the decision on it is taken back, and only what answers the last question.
func TestUndoKeepsBrought(t *testing.T) {
	d := newDesk(t)
	brought := func() time.Time {
		t.Helper()
		st, err := d.s.Standing(t.Context(), d.ref.String(), d.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return st.Brought
	}
	undo := func(number int) {
		t.Helper()
		if _, err := d.s.Undo(t.Context(), d.ref, number, "an", d.keys["an"]); err != nil {
			t.Fatal(err)
		}
	}
	d.must("an", desk.Ask)
	d.must("an", desk.Refuse)
	if undo(2); !brought().IsZero() {
		t.Error("nobody said that anything was brought")
	}
	d.clock.Set(d.clock.Now().Add(time.Minute))
	if err := d.s.SayBrought(t.Context(), d.ref); err != nil {
		t.Fatal(err)
	}
	when := brought()
	for number := 3; number < 5; number++ {
		d.must("an", desk.Supply)
		if !brought().IsZero() {
			t.Error("what was taken over is still said to be brought")
		}
		if undo(number); when.IsZero() || !brought().Equal(when) {
			t.Errorf("brought %v, and before the supplement was taken back %v", brought(), when)
		}
	}
	undo(1)
	d.must("an", desk.Ask)
	if !brought().IsZero() {
		t.Error("brought before it was asked for")
	}
	d.must("an", desk.Stop)
	if undo(6); !brought().IsZero() {
		t.Error("brought before it was asked for, by taking something back")
	}
	d.verify(11)
}

// Who takes back again, not knowing what came of the first time, takes no other decision back.
func TestUndoAgain(t *testing.T) {
	d := newDesk(t)
	d.must("an", desk.Receive)
	d.must("an", desk.Finish)
	for _, number := range []int{0, 1, 3, -1} {
		if _, err := d.s.Undo(t.Context(), d.ref, number, "an", d.keys["an"]); fault.CodeOf(err) != fault.DeskMove || !errors.Is(err, desk.ErrOther) {
			t.Errorf("number %d: %v", number, err)
		}
	}
	if c, err := d.s.Undo(t.Context(), d.ref, 2, "an", d.keys["an"]); err != nil || c.Last != 1 || c.Status != filing.Received {
		t.Fatalf("%+v, %v", c, err)
	}
	if _, err := d.s.Undo(t.Context(), d.ref, 2, "an", d.keys["an"]); !errors.Is(err, desk.ErrOther) {
		t.Errorf("again: %v", err)
	}
	if c, err := d.s.Case(t.Context(), d.ref, nil); err != nil || c.Status != filing.Received || len(c.History) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	d.verify(3)
}

// Two desks cannot take one filing, and who has it not cannot decide.
func TestHold(t *testing.T) {
	d := newDesk(t)
	other, err := store.Open(d.dir, store.Options{Station: "D2", Commune: "05200", Now: d.clock.Now, Recipients: storetest.Recipients()})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var got atomic.Int32
	var work sync.WaitGroup
	for by, s := range map[string]*store.Store{"an": d.s, "binh": other} {
		work.Go(func() {
			switch err := s.Hold(t.Context(), d.ref, by); fault.CodeOf(err) {
			case "":
				got.Add(1)
			case fault.DeskHeld:
			default:
				t.Error(err)
			}
		})
	}
	work.Wait()
	if got.Load() != 1 {
		t.Fatalf("%d officers have it", got.Load())
	}
	c, err := other.Case(t.Context(), d.ref, nil)
	if err != nil {
		t.Fatal(err)
	}
	loser := map[string]string{"an": "binh", "binh": "an"}[c.Holder]
	if _, err := d.decide(loser, desk.Receive); fault.CodeOf(err) != fault.DeskHeld {
		t.Errorf("who has it not: %v", err)
	}
	if err := d.s.Release(t.Context(), d.ref, loser); fault.CodeOf(err) != fault.DeskHeld {
		t.Errorf("released by another: %v", err)
	}
	if err := d.s.Hold(t.Context(), d.ref, c.Holder); err != nil {
		t.Errorf("held once more: %v", err)
	}
	d.must(c.Holder, desk.Receive)
	for range 2 {
		if err := d.s.Release(t.Context(), d.ref, c.Holder); err != nil {
			t.Error(err)
		}
	}
	if err := other.Hold(t.Context(), d.ref, loser); err != nil {
		t.Error(err)
	}
}

// Who reads a case while others decide gets one moment of it: words of the decision with which they stand.
func TestCaseIsOneMoment(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	var writing sync.WaitGroup
	var over atomic.Bool
	writing.Go(func() {
		defer over.Store(true)
		for number := 1; number <= 60; number++ {
			a := []desk.Action{desk.Refuse, desk.Withdraw}[number%2]
			_, err := d.s.Decide(ctx, d.ref, desk.Decision{Action: a, Officer: "an", Reason: "vì " + string(a) + " là đúng"}, d.keys["an"])
			if err == nil {
				_, err = d.s.Undo(ctx, d.ref, number, "an", d.keys["an"])
			}
			if err != nil {
				t.Error(err)
				return
			}
		}
	})
	for !over.Load() {
		c, err := d.s.Case(ctx, d.ref, d.keys["an"])
		if err != nil {
			t.Error(err)
			break
		}
		for _, x := range c.History {
			if !strings.Contains(x.Reason, string(x.Action)) {
				t.Errorf("%s because %q", x.Action, x.Reason)
			}
		}
	}
	writing.Wait()
}

// What a desk had open that broke down is another officer's after half a day.
func TestStaleHold(t *testing.T) {
	d := newDesk(t)
	if err := d.s.Hold(t.Context(), d.ref, "an"); err != nil {
		t.Fatal(err)
	}
	d.clock.Set(d.clock.Now().Add(store.StaleHold))
	if err := d.s.Hold(t.Context(), d.ref, "binh"); fault.CodeOf(err) != fault.DeskHeld {
		t.Errorf("too early: %v", err)
	}
	d.clock.Set(d.clock.Now().Add(time.Second))
	if err := d.s.Hold(t.Context(), d.ref, "binh"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.decide("an", desk.Receive); !errors.Is(err, desk.ErrHeld) {
		t.Errorf("the first one decides: %v", err)
	}
	entries, err := d.s.JournalOf(t.Context(), d.ref)
	if n := len(entries); err != nil || n != 4 || entries[n-2].Kind != store.Released || entries[n-1].Kind != store.Taken {
		t.Errorf("%+v, %v", entries, err)
	}
}

// Of two desks that decide the same in the same moment one is refused: nothing is decided twice.
func TestDecideOnce(t *testing.T) {
	d := newDesk(t)
	var done atomic.Int32
	var work sync.WaitGroup
	for _, by := range []string{"an", "binh", "an", "binh"} {
		work.Go(func() {
			_, err := d.s.Decide(t.Context(), d.ref, desk.Decision{Action: desk.Withdraw, Officer: by}, d.keys[by])
			if err == nil {
				done.Add(1)
			} else if fault.CodeOf(err) != fault.DeskMove {
				t.Error(err)
			}
		})
	}
	work.Wait()
	if done.Load() != 1 {
		t.Errorf("withdrawn %d times", done.Load())
	}
	d.verify(1)
}

// Whoever changes what was decided, and can write the file, is found out.
func TestDecisionsShowTampering(t *testing.T) {
	if testing.Short() {
		t.Skip("one thing after the other: nothing for the race detector")
	}
	for query, bad := range map[string]string{
		"UPDATE filing SET status = 'done'":                      "stands otherwise",
		"UPDATE filing SET dossier = 'H15.50.05.13-261008-0975'": "another official code",
		"UPDATE filing SET due = '2030-01-01T00:00:00Z'":         "stands otherwise",
		"UPDATE decision SET words = x'00'":                      "the words of decision 1",
		"UPDATE decision SET at = '2026-01-01T00:00:00Z'":        "another time",
		"UPDATE decision SET undone = at":                        "another time",
		"UPDATE decision SET officer = 'binh'":                   "decision 1",
		"UPDATE decision SET action = 'ask'":                     "decision 1",
		"UPDATE decision SET before = 'handed'":                  "decision 1",
		"UPDATE decision SET due = '2030-01-01T00:00:00Z'":       "decision 1",
		"UPDATE decision SET printed = 0":                        "decision 1",
		"UPDATE decision SET sent = 0":                           "decision 1",
		"UPDATE filing SET filed = '2016-01-01T00:00:00Z'":       "is not as it was filed",
		"UPDATE filing SET service = 'tam-vang'":                 "is not as it was filed",
		"DELETE FROM decision":                                   "1 decisions have entries, 0 are there",
		"INSERT INTO decision SELECT reference, 2, action, officer, at, before, due, printed, sent, undone, words, seal, keyset FROM decision": "the words of decision 2",
	} {
		d := newDesk(t)
		d.must("an", desk.Receive)
		if err := d.s.FormPrinted(t.Context(), d.ref, 1, "CT04"); err != nil {
			t.Fatal(err)
		}
		if err := d.s.Sent(t.Context(), d.ref, store.Handover{Target: "http", Digest: "sha256:" + strings.Repeat("0", 64), Officer: "an"}, d.keys["an"]); err != nil {
			t.Fatal(err)
		}
		d.verify(2)
		closeStore(t, d.s)
		if err := tamper(t, d.dir, query); err != nil {
			t.Fatal(err)
		}
		d.s = open(t, d.dir, d.clock)
		if _, err := d.s.VerifyJournal(t.Context()); fault.CodeOf(err) != fault.StoreDamaged || !bytes.Contains([]byte(err.Error()), []byte(bad)) {
			t.Errorf("%s: %v", query, err)
		}
	}
}

// What was filed before the journal had the service and the date verifies, also when it is decided on now.
func TestDecideOnWhatWasBefore(t *testing.T) {
	dir := newDir(t)
	storetest.Fill(t, dir, 1, 9)
	if err := tamper(t, dir, "UPDATE filing SET due = '2026-11-26T08:00:00+07:00'"); err != nil {
		t.Fatal(err)
	}
	d := newDeskIn(t, dir)
	list, err := d.s.List(t.Context(), store.Filter{})
	if err != nil || len(list) != 2 {
		t.Fatal(len(list), err)
	}
	d.ref = list[1].Reference
	c := d.must("an", desk.Withdraw)
	if c, err = d.s.Undo(t.Context(), d.ref, c.Last+1, "an", d.keys["an"]); err != nil || c.Due.IsZero() {
		t.Fatal(c.Due, err)
	}
	d.must("an", desk.Withdraw)
	d.verify(3)
}

// Who signs is who decides: neither another officer's key does it, nor that of a technician or of somebody locked out.
func TestSignedByWhomItNames(t *testing.T) {
	d := newDesk(t)
	tech, techKey := account(t, "tech", officer.Technician)
	gone, goneKey := account(t, "gone", officer.Clerk)
	gone.Active = false
	for _, a := range []officer.Account{tech, gone} {
		if err := d.s.SetOfficer(t.Context(), a, "an"); err != nil {
			t.Fatal(err)
		}
	}
	for name, by := range map[string]*seal.Identity{"an": d.keys["binh"], "tech": techKey, "gone": goneKey, "nobody": d.keys["an"]} {
		if _, err := d.s.Decide(t.Context(), d.ref, desk.Decision{Action: desk.Withdraw, Officer: name}, by); fault.CodeOf(err) != fault.SealWrong {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := d.s.Undo(t.Context(), d.ref, 1, name, by); fault.CodeOf(err) != fault.SealWrong {
			t.Errorf("%s takes back: %v", name, err)
		}
	}
	d.verify(0)
}

// What somebody had open is given back when they may not decide any more: locked out, or made a technician; a clerk made head keeps it.
func TestGivenBack(t *testing.T) {
	d := newDesk(t)
	head, key := account(t, "chi", officer.Head)
	if err := d.s.SetOfficer(t.Context(), head, "setup"); err != nil {
		t.Fatal(err)
	}
	by := store.Signer{ID: "chi", Identity: key}
	for _, w := range []struct {
		role   officer.Role
		active bool
		holder string
	}{{officer.Head, true, "an"}, {officer.Clerk, true, "an"}, {officer.Technician, true, ""}, {officer.Clerk, false, ""}} {
		if err := d.s.Hold(t.Context(), d.ref, "an"); err != nil {
			t.Fatal(err)
		}
		all, err := d.s.Officers(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		a := all[slices.IndexFunc(all, func(a officer.Account) bool { return a.ID == "an" })]
		a.Role, a.Active = w.role, w.active
		if err := d.s.ChangeOfficer(t.Context(), a, by); err != nil {
			t.Fatal(err)
		}
		if c, err := d.s.Case(t.Context(), d.ref, nil); err != nil || c.Holder != w.holder {
			t.Errorf("%s, %v: %q has it, want %q; %v", w.role, w.active, c.Holder, w.holder, err)
		}
	}
	d.verify(4)
}

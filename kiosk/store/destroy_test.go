package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

const timeOver = "Hết thời hạn lưu trữ"

// head adds an officer who may end the time of filings.
func (d *atDesk) head(id string) {
	d.t.Helper()
	a, key := account(d.t, id, officer.Head)
	d.keys[id] = key
	if err := d.s.SetOfficer(d.t.Context(), a, "setup"); err != nil {
		d.t.Fatal(err)
	}
}

// by are the officers of these names.
func (d *atDesk) by(ids ...string) []store.Signer {
	var by []store.Signer
	for _, id := range ids {
		by = append(by, store.Signer{ID: id, Identity: d.keys[id]})
	}
	return by
}

func (d *atDesk) destroy(by ...store.Signer) (int, error) {
	return d.s.Destroy(d.t.Context(), []filing.Reference{d.ref}, timeOver, by...)
}

// ended is a filing that was refused five years ago, with everything that can be there of one: a tag, a row of the finder, words, a picture.
func ended(t *testing.T) *atDesk {
	t.Helper()
	d := newDesk(t)
	d.head("cuc")
	picture := []filing.Picture{{Paper: "Hợp đồng", Type: "image/jpeg", Data: []byte("a picture")}}
	if _, err := d.s.AddPictures(t.Context(), d.ref, picture, d.by("an")[0]); err != nil {
		t.Fatal(err)
	}
	d.must("an", desk.Refuse)
	d.clock.Set(d.clock.Now().AddDate(5, 0, 0))
	all, err := d.s.Listed(t.Context(), 0, 1)
	if err == nil {
		err = d.s.SetRows(t.Context(), map[int64][]byte{all[0].ID: []byte("row of the finder, sealed")})
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// secrets reads what must be gone.
func secrets(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "motcua.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	found := map[string][]byte{}
	for name, query := range map[string]string{"key": "SELECT key FROM key", "words": "SELECT seal FROM decision", "picture": "SELECT seal FROM picture", "row": "SELECT row FROM finder"} {
		var b []byte
		if err := db.QueryRowContext(t.Context(), query).Scan(&b); err != nil {
			t.Fatal(name, err)
		}
		found[name] = b
	}
	return found
}

// holds names the secrets of which a part is in a file of the directory, but for some directories in it: SQLite cuts what is long.
func holds(t *testing.T, dir string, secrets map[string][]byte, but ...string) string {
	t.Helper()
	const part = 24
	found := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() && slices.Contains(but, e.Name()) {
			return fs.SkipDir
		}
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for name, secret := range secrets {
			for i := 0; i+part <= len(secret); i += part {
				if !common(secret[i:i+part]) && bytes.Contains(data, secret[i:i+part]) {
					found[name+" in "+e.Name()] = true
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(found)
}

// common reports whether every key has this part: the words of age's own header.
func common(part []byte) bool {
	return bytes.Contains(part, []byte("age-enc")) || bytes.Contains(part, []byte("mlkem768x25519"))
}

// saveWhileDue makes backups as long as one is due, ten minutes apart, as a desk does.
func (d *atDesk) saveWhileDue(to string) (n int) {
	d.t.Helper()
	for ; n < 9; n++ {
		d.clock.Set(d.clock.Now().Add(10 * time.Minute))
		if due, err := d.s.BackupDue(to, 99*time.Hour); err != nil || !due {
			if err != nil {
				d.t.Fatal(err)
			}
			break
		}
		backup(d.t, d.s, to)
	}
	return n
}

// A filing whose time is over is noise for everybody, in every file: at once in the database, after two backups in the redo log, and after a week in
// all backups. The journal verifies and says who ended it, and a second time does nothing.
func TestDestroyed(t *testing.T) {
	d := ended(t)
	dir, ctx, to := d.dir, t.Context(), filepath.Join(t.TempDir(), "backups")
	backup(t, d.s, to)
	d.clock.AddDays(1)
	gone := secrets(t, dir) // of which SQLite's log has some yet
	for _, where := range []string{dir, filepath.Join(dir, "redo"), to} {
		if holds(t, where, gone) == "map[]" {
			t.Fatalf("the keys are not found where they are, in %s", filepath.Base(where))
		}
	}
	for _, left := range []int{1, 0} {
		if n, err := d.destroy(d.by("cuc", "an")...); err != nil || n != left {
			t.Fatalf("%d destroyed, %v; want %d", n, err, left)
		}
	}
	if found := holds(t, dir, gone, "redo"); found != "map[]" {
		t.Errorf("while it runs: %s", found)
	}
	if n := d.saveWhileDue(to); n != 2 {
		t.Errorf("%d backups were due", n)
	}
	if found := holds(t, dir, gone); found != "map[]" {
		t.Errorf("after two backups: %s", found)
	}
	if holds(t, to, gone) == "map[]" {
		t.Error("the backups of before are gone at once")
	}
	d.clock.Set(d.clock.Now().Add(store.DestroyedStays))
	if n := d.saveWhileDue(to); n != 1 {
		t.Errorf("%d backups were due a week later", n)
	}
	if found := holds(t, to, gone); found != "map[]" {
		t.Errorf("after a week: %s", found)
	}
	if all, err := store.Backups(to); err != nil || len(all) != 2 {
		t.Errorf("%d backups are left, %v", len(all), err)
	}
	for id, key := range d.keys {
		if _, err := d.s.Read(ctx, d.ref.String(), key); fault.CodeOf(err) != fault.SealDestroyed {
			t.Errorf("%s reads it: %v", id, err)
		}
	}
	c, err := d.s.Case(ctx, d.ref, d.keys["an"])
	if fault.CodeOf(err) != fault.SealDestroyed || c.Status != filing.Refused || len(c.History) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	rewrapAll(t, d.s, d.keys["an"])
	if left, err := d.s.Unlisted(ctx, 0, 9); err != nil || len(left) != 0 {
		t.Errorf("a row is wanted of it: %v, %v", left, err)
	}
	if v, err := d.s.VerifyJournal(ctx); err != nil || v.Signed != 1+1+2 { // a picture, a decision, two who ended it
		t.Errorf("%+v, %v", v, err)
	}
	f, err := d.s.Get(ctx, d.ref.String())
	if err != nil || f.Status != filing.Refused {
		t.Errorf("its number is forgotten: %v", err)
	}
	entries, err := d.s.Journal(ctx, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	entries = slices.DeleteFunc(entries, func(e store.Entry) bool { return e.Kind == store.Saved })
	if e := entries[len(entries)-1]; e.Kind != store.Destroyed || e.Reference != d.ref.String() || !strings.Contains(string(e.Detail), timeOver) {
		t.Errorf("%+v", e)
	}
	closeStore(t, d.s)
	if found := holds(t, dir, gone); found != "map[]" {
		t.Errorf("closed: %s", found)
	}
}

func TestDestroyRefuses(t *testing.T) {
	d := newDesk(t)
	d.head("cuc")
	ctx := t.Context()
	if _, err := d.destroy(d.by("cuc", "an")...); fault.CodeOf(err) != fault.DeskMove {
		t.Errorf("a running one: %v", err)
	}
	d.must("an", desk.Receive)
	d.clock.AddDays(1)
	if _, err := d.destroy(d.by("cuc", "an")...); fault.CodeOf(err) != fault.DeskMove {
		t.Errorf("one that is being worked on: %v", err)
	}
	d.must("an", desk.Refuse)
	if _, err := d.destroy(d.by("cuc", "an")...); fault.CodeOf(err) != fault.DeskMove {
		t.Errorf("one that can still be taken back: %v", err)
	}
	d.clock.AddDays(1)
	stranger, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	locked, key := account(t, "dung", officer.Head)
	locked.Active = false
	d.keys["dung"] = key
	if err := d.s.ChangeOfficer(ctx, locked, d.by("cuc")[0]); err != nil {
		t.Fatal(err)
	}
	for name, by := range map[string][]store.Signer{
		"nobody": nil, "one": d.by("cuc"), "one twice": d.by("cuc", "cuc"), "two who may not": d.by("an", "binh"), "one who is locked out": d.by("cuc", "dung"),
		"a stranger": {d.by("cuc")[0], {ID: "an", Identity: stranger}}, "another's name": {d.by("cuc")[0], {ID: "an", Identity: d.keys["cuc"]}},
		"no key": {d.by("cuc")[0], {ID: "an"}}, "three with a stranger": {d.by("cuc")[0], d.by("an")[0], {ID: "xuan", Identity: stranger}},
	} {
		if n, err := d.destroy(by...); fault.CodeOf(err) != fault.SealWrong || n != 0 {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	for _, reason := range []string{"", "x", strings.Repeat("x", 301), "theo đơn của 099090000017", "số 099 090 000 017", "\xff\xff\xff\xff\xff"} {
		if _, err := d.s.Destroy(ctx, []filing.Reference{d.ref}, reason, d.by("cuc", "an")...); fault.CodeOf(err) != fault.Usage {
			t.Errorf("%q: %v", reason, err)
		}
	}
	unknown := d.ref
	unknown.Serial++
	if _, err := d.s.Destroy(ctx, []filing.Reference{unknown}, timeOver, d.by("cuc", "an")...); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no such filing: %v", err)
	}
	if _, err := d.s.Read(ctx, d.ref.String(), d.keys["an"]); err != nil {
		t.Errorf("after what was refused: %v", err)
	}
	d.verify(3)
}

// Somebody who reads an older state keeps SQLite's log; that is told, and mended when they are gone.
func TestScrub(t *testing.T) {
	d := ended(t)
	closeStore(t, d.s)
	gone := secrets(t, d.dir)
	d.s = open(t, d.dir, d.clock)
	other, err := sql.Open("sqlite", filepath.Join(d.dir, "motcua.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	var n int
	if err := tx.QueryRowContext(t.Context(), "SELECT count(*) FROM key").Scan(&n); err != nil {
		t.Fatal(err)
	}
	if n, err := d.destroy(d.by("cuc", "an")...); fault.CodeOf(err) != fault.StoreLocked || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := d.s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found := holds(t, d.dir, gone, "redo"); found != "map[]" {
		t.Errorf("%s", found)
	}
}

// What a restore put aside goes a week later, with a backup, and nothing else does.
func TestDamagedGoes(t *testing.T) {
	dir, to, clock := newDir(t), filepath.Join(t.TempDir(), "backups"), storetest.NewClock()
	s := open(t, dir, clock)
	name := func(age time.Duration) string { return "damaged-" + clock.Now().Add(-age).Format("20060102-150405") }
	week := store.DestroyedStays
	old := []string{name(week), name(week) + "-2", name(60 * week)}
	stay := []string{name(0), name(week - time.Minute), name(-week), "damaged", "damaged-by-hand", name(week) + ".zip"}
	for _, one := range append(old, stay...) {
		if err := errors.Join(os.Mkdir(filepath.Join(dir, one), 0o700), os.WriteFile(filepath.Join(dir, one, "motcua.db"), []byte("keys"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	backup(t, s, to)
	left, err := filepath.Glob(filepath.Join(dir, "damaged*"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range left {
		left[i] = filepath.Base(left[i])
	}
	slices.Sort(stay)
	if !slices.Equal(left, stay) {
		t.Errorf("%v is left, not %v", left, stay)
	}
}

// What somebody with the file does to destroyed filings, or as if filings were, is found.
func TestDestroyedTampered(t *testing.T) {
	for name, query := range map[string]string{
		"a key comes back":               "INSERT INTO key SELECT id, x'00' FROM filing",
		"a row comes back":               "INSERT INTO finder SELECT id, x'00' FROM filing",
		"a tag comes back":               "UPDATE filing SET tag = x'00'",
		"the key of words comes back":    "UPDATE decision SET seal = x'00'",
		"it is said to be sealed":        "UPDATE filing SET sealed = 1",
		"it is said to be open":          "UPDATE filing SET sealed = 0",
		"its content is written over":    "UPDATE content SET body = x'00'",
		"nothing":                        "",
		"! destroyed by hand":            "UPDATE filing SET sealed = 2; DELETE FROM key",
		"! the key is deleted":           "DELETE FROM key",
		"! the key of words is deleted":  "UPDATE decision SET seal = NULL",
		"! it is said to be destroyed":   "UPDATE filing SET sealed = 2",
		"! a key that nobody asked for":  "UPDATE filing SET sealed = 0",
		"! nothing":                      "",
		"! the row of the finder (copy)": "DELETE FROM finder",
	} {
		t.Run(name, func(t *testing.T) {
			d := ended(t)
			if !strings.HasPrefix(name, "!") {
				if _, err := d.destroy(d.by("cuc", "an")...); err != nil {
					t.Fatal(err)
				}
			}
			if query != "" {
				if err := tamper(t, d.dir, strings.Split(query, "; ")...); err != nil {
					t.Fatal(err)
				}
			}
			want := fault.StoreDamaged
			if strings.HasSuffix(name, "nothing") || strings.HasSuffix(name, "(copy)") {
				want = ""
			}
			if _, err := d.s.VerifyJournal(t.Context()); fault.CodeOf(err) != want {
				t.Errorf("%v", err)
			}
		})
	}
}

// Only what ended has a time, which is counted from its last decision.
func TestExpired(t *testing.T) {
	d := newDesk(t)
	d.head("cuc")
	ctx := t.Context()
	years := func(n int) func(store.Ended) time.Time {
		return func(e store.Ended) time.Time { return e.Ended.AddDate(n, 0, 0) }
	}
	find := func(until func(store.Ended) time.Time) []store.Ended {
		t.Helper()
		list, err := d.s.Expired(ctx, d.clock.Now(), until, 0)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	d.clock.Set(d.clock.Now().AddDate(9, 0, 0))
	if list := find(years(0)); len(list) != 0 {
		t.Errorf("a running one has a time: %+v", list)
	}
	d.must("an", desk.Receive)
	d.must("an", desk.Finish)
	d.clock.AddDays(400)
	if list := find(years(1)); len(list) != 0 {
		t.Errorf("one that was not handed over: %+v", list)
	}
	d.must("an", desk.Hand)
	handed := d.clock.Now()
	d.clock.Set(handed.AddDate(5, 0, 0))
	if list := find(years(5)); len(list) != 0 {
		t.Errorf("on the last day: %+v", list)
	}
	d.clock.Set(handed.AddDate(5, 0, 0).Add(time.Second))
	list := find(years(5))
	if len(list) != 1 || list[0].Reference != d.ref || !list[0].Ended.Equal(handed) || list[0].Service != "tam-tru" {
		t.Fatalf("%+v", list)
	}
	if list := find(func(store.Ended) time.Time { return time.Time{} }); len(list) != 0 {
		t.Errorf("kept for ever: %+v", list)
	}
	if n, err := d.destroy(d.by("cuc", "binh")...); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if list := find(years(5)); len(list) != 0 {
		t.Errorf("destroyed: %+v", list)
	}
}

// A filing that was destroyed while the clock stood ahead stays as it was: nothing is taken back, decided or put beside it once the clock is right.
func TestDestroyedStaysSo(t *testing.T) {
	d := newDesk(t)
	d.head("cuc")
	ctx := t.Context()
	d.must("an", desk.Refuse)
	now := d.clock.Now()
	d.clock.Set(now.AddDate(9, 0, 0))
	if n, err := d.destroy(d.by("cuc", "binh")...); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	d.clock.Set(now.Add(time.Minute))
	if _, err := d.s.Undo(ctx, d.ref, 1, "an", d.keys["an"]); fault.CodeOf(err) != fault.SealDestroyed {
		t.Errorf("taken back: %v", err)
	}
	_, _ = d.decide("an", desk.Receive)
	_, _ = d.s.AddPictures(ctx, d.ref, []filing.Picture{{Paper: "Hợp đồng", Type: "image/jpeg", Data: []byte("x")}}, d.by("an")[0])
	if _, err := d.s.VerifyJournal(ctx); err != nil {
		t.Error(err)
	}
}

package store_test

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/store"
)

func sheet(text string) filing.Picture {
	return filing.Picture{Paper: "Hợp đồng thuê nhà", Type: "image/jpeg", Data: []byte(text)}
}

// What an officer puts beside a filing is there for all of them, on no disk in the open, and the journal says who did it.
func TestPictures(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	if err := d.s.Hold(ctx, d.ref, "an"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.s.AddPictures(ctx, d.ref, []filing.Picture{sheet("x")}, d.by("binh")[0]); fault.CodeOf(err) != fault.DeskHeld {
		t.Errorf("somebody else has it: %v", err)
	}
	first, err := d.s.AddPictures(ctx, d.ref, []filing.Picture{sheet("trang một"), sheet("trang\nhai")}, d.by("an")[0])
	if err != nil || first != 1 {
		t.Fatal(first, err)
	}
	if err := d.s.RemovePicture(ctx, d.ref, 1, d.by("an")[0]); err != nil {
		t.Fatal(err)
	}
	if err := d.s.RemovePicture(ctx, d.ref, 1, d.by("an")[0]); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("removed twice: %v", err)
	}
	if n, err := d.s.AddPictures(ctx, d.ref, []filing.Picture{sheet("trang ba")}, d.by("an")[0]); err != nil || n != 3 {
		t.Errorf("number %d, %v", n, err)
	}
	list, err := d.s.Pictures(ctx, d.ref, d.keys["binh"])
	if err != nil || len(list) != 2 || list[0].Number != 2 || string(list[0].Data) != "trang\nhai" || list[1].Paper != "Hợp đồng thuê nhà" ||
		list[1].Type != "image/jpeg" || list[1].At.IsZero() {
		t.Fatalf("%+v, %v", list, err)
	}
	if _, err := d.s.VerifyJournal(ctx); err != nil {
		t.Error(err)
	}
	entries, err := d.s.JournalOf(ctx, d.ref)
	if err != nil {
		t.Fatal(err)
	}
	count := map[store.Kind]int{}
	for _, e := range entries {
		count[e.Kind]++
	}
	if count[store.PictureAdded] != 3 || count[store.PictureRemoved] != 1 {
		t.Errorf("%v", count)
	}
	closeStore(t, d.s)
	files := 0
	err = filepath.WalkDir(d.dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte("trang")) || bytes.Contains(data, []byte("Hợp đồng")) {
			t.Errorf("%s has a picture in the open", e.Name())
		}
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files, %v", files, err)
	}
}

// What is too large, too many, or comes after the end stays out, and nothing of it remains.
func TestPicturesRefused(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	big := sheet(string(make([]byte, filing.MaxPicture+1)))
	many := make([]filing.Picture, store.MostPictures+1)
	for i := range many {
		many[i] = sheet("x")
	}
	const each = filing.MaxPicture - 1<<10
	whole := make([]filing.Picture, store.MaxPictures/filing.MaxPicture+1)
	for i := range whole {
		whole[i] = sheet(string(make([]byte, each)))
	}
	for what, list := range map[string][]filing.Picture{"none": nil, "empty": {sheet("")}, "large": {sheet("x"), big}, "many": many, "much": whole,
		"no paper": {{Type: "image/jpeg", Data: []byte("x")}}, "two lines": {{Paper: "a\nb", Type: "image/jpeg", Data: []byte("x")}}} {
		if _, err := d.s.AddPictures(ctx, d.ref, list, d.by("an")[0]); fault.CodeOf(err) != fault.Usage {
			t.Errorf("%s: %v", what, err)
		}
	}
	if list, err := d.s.Pictures(ctx, d.ref, d.keys["an"]); err != nil || len(list) != 0 {
		t.Errorf("%d are there, %v", len(list), err)
	}
	if _, err := d.s.AddPictures(ctx, d.ref, whole[1:], d.by("an")[0]); err != nil {
		t.Errorf("as much as a filing has: %v", err)
	}
	if _, err := d.s.AddPictures(ctx, d.ref, whole[:1], d.by("an")[0]); fault.CodeOf(err) != fault.Usage {
		t.Errorf("more than that: %v", err)
	}
	if err := d.s.RemovePicture(ctx, d.ref, 1, d.by("an")[0]); err != nil {
		t.Error(err)
	}
	if _, err := d.s.AddPictures(ctx, d.ref, whole[:1], d.by("an")[0]); err != nil {
		t.Errorf("in the place of one that was removed: %v", err)
	}
	if _, err := d.s.Decide(ctx, d.ref, desk.Decision{Action: desk.Withdraw, Officer: "an"}, d.keys["an"]); err != nil {
		t.Fatal(err)
	}
	if _, err := d.s.AddPictures(ctx, d.ref, []filing.Picture{sheet("x")}, d.by("an")[0]); fault.CodeOf(err) != fault.DeskMove {
		t.Errorf("after the end: %v", err)
	}
	if err := d.s.RemovePicture(ctx, d.ref, 1, d.by("an")[0]); fault.CodeOf(err) != fault.DeskMove {
		t.Errorf("removed after the end: %v", err)
	}
}

// Who comes reads pictures of before once the keys are written anew, and who went does not read those that follow.
func TestPicturesRewrapped(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	if _, err := d.s.AddPictures(ctx, d.ref, []filing.Picture{sheet("x")}, d.by("an")[0]); err != nil {
		t.Fatal(err)
	}
	chi, id := account(t, "chi", officer.Clerk)
	if err := d.s.SetOfficer(ctx, chi, "an"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.s.Pictures(ctx, d.ref, id); fault.CodeOf(err) != fault.SealShut {
		t.Errorf("before anybody let them: %v", err)
	}
	rewrapAll(t, d.s, d.keys["an"])
	if list, err := d.s.Pictures(ctx, d.ref, id); err != nil || len(list) != 1 || string(list[0].Data) != "x" {
		t.Errorf("%d, %v", len(list), err)
	}
}

// The journal finds a picture that was changed, is gone, came from nowhere, or is open again.
func TestPicturesVerified(t *testing.T) {
	for what, query := range map[string]string{
		"changed":          "UPDATE image SET body = zeroblob(length(body)) WHERE picture = (SELECT id FROM picture WHERE number = 2)",
		"its body gone":    "DELETE FROM image WHERE picture = (SELECT id FROM picture WHERE number = 2)",
		"gone":             "DELETE FROM picture WHERE number = 2",
		"from nowhere":     "INSERT INTO picture (reference, number, at, seal, keyset) SELECT reference, 9, at, seal, keyset FROM picture WHERE number = 2",
		"another time":     "UPDATE picture SET at = '2020-01-01T00:00:00Z' WHERE number = 2",
		"its key gone":     "UPDATE picture SET seal = NULL WHERE number = 2",
		"one opened again": "UPDATE picture SET removed = '' WHERE number = 1",
	} {
		d := newDesk(t)
		if _, err := d.s.AddPictures(t.Context(), d.ref, []filing.Picture{sheet("a"), sheet("b")}, d.by("an")[0]); err != nil {
			t.Fatal(err)
		}
		if err := d.s.RemovePicture(t.Context(), d.ref, 1, d.by("an")[0]); err != nil {
			t.Fatal(err)
		}
		if err := tamper(t, d.dir, query); err != nil {
			t.Fatal(err)
		}
		if _, err := d.s.VerifyJournal(t.Context()); fault.CodeOf(err) != fault.StoreDamaged {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// The key of a picture that was removed is in no backup either, once it was removed a week ago.
func TestPictureRemovedFromBackups(t *testing.T) {
	d := newDesk(t)
	d.must("an", desk.Receive)
	to := filepath.Join(t.TempDir(), "backups")
	if _, err := d.s.AddPictures(t.Context(), d.ref, []filing.Picture{sheet("of somebody else")}, d.by("an")[0]); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(d.dir, "motcua.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var key []byte
	if err := db.QueryRowContext(t.Context(), "SELECT seal FROM picture").Scan(&key); err != nil {
		t.Fatal(err)
	}
	backup(t, d.s, to)
	if holds(t, to, map[string][]byte{"picture": key}) == "map[]" {
		t.Fatal("it is not found where it is")
	}
	if err := d.s.RemovePicture(t.Context(), d.ref, 1, d.by("an")[0]); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		d.clock.AddDays(8)
		backup(t, d.s, to)
	}
	for _, where := range []string{to, filepath.Join(d.dir, "redo")} {
		if found := holds(t, where, map[string][]byte{"picture": key}); found != "map[]" {
			t.Errorf("after a week: %s", found)
		}
	}
}

// What is done to keys of filings with pictures does not grow with the pictures: the redo log takes it however many there are.
func TestPicturesMany(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	const each = filing.MaxPicture - 1<<10
	whole := make([]filing.Picture, store.MaxPictures/filing.MaxPicture)
	for i := range whole {
		whole[i] = sheet(string(make([]byte, each)))
	}
	refs := []filing.Reference{d.ref}
	for _, key := range []string{"second", "third"} {
		f, err := d.s.File(ctx, filing.Draft{Key: key, Service: "tam-tru"})
		if err != nil {
			t.Fatal(err)
		}
		refs = append(refs, f.Reference)
	}
	for _, ref := range refs {
		if _, err := d.s.AddPictures(ctx, ref, whole, d.by("an")[0]); err != nil {
			t.Fatal(err)
		}
	}
	chi, _ := account(t, "chi", officer.Clerk)
	if err := d.s.SetOfficer(ctx, chi, "an"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.s.Rewrap(ctx, d.keys["an"], 0, 20); err != nil {
		t.Error(err)
	}
	if n, err := d.s.Stale(ctx); err != nil || n != 0 {
		t.Errorf("%d are left, %v", n, err)
	}
}

// A filing that had pictures put in and taken out again and again ends like all others.
func TestPicturesDestroyed(t *testing.T) {
	d := newDesk(t)
	d.head("cuc")
	ctx := t.Context()
	for i := range store.MaxPictures/filing.MaxPicture*2 + 5 {
		if _, err := d.s.AddPictures(ctx, d.ref, []filing.Picture{sheet(string(make([]byte, filing.MaxPicture)))}, d.by("an")[0]); err != nil {
			t.Fatal(err)
		}
		if err := d.s.RemovePicture(ctx, d.ref, i+1, d.by("an")[0]); err != nil {
			t.Fatal(err)
		}
	}
	d.must("an", desk.Refuse)
	d.clock.Set(d.clock.Now().AddDate(5, 0, 0))
	if n, err := d.destroy(d.by("an", "cuc")...); err != nil || n != 1 {
		t.Error(n, err)
	}
}

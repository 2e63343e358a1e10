package deskparts

import (
	"crypto"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua/assets"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/health"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
	"motcua/kiosk/text"
)

func open(t *testing.T) (*store.Store, *storetest.Clock, string) {
	t.Helper()
	clock, dir := storetest.NewClock(), filepath.Join(t.TempDir(), "data")
	opts := store.Options{Station: "D1", Commune: "05200", Now: clock.Now}
	storetest.SetOfficer(t, dir, opts)
	db, err := store.Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, clock, dir
}

// TestStore: a journal that nobody verified asks for it; verified it says so, for a month.
func TestStore(t *testing.T) {
	db, clock, dir := open(t)
	p := Store(db, dir, clock.Now)
	f := p.Look(t.Context())
	if f.State != health.Present || !f.Care || len(f.Lines) != 2 || f.Lines[1].Key != "desk.part.store.unverified" {
		t.Errorf("%+v", f)
	}
	var done, all int
	w, err := p.Test(t.Context(), "ky", func(d, a int) { done, all = d, a })
	if err != nil || w.Key != "desk.part.store.sound" || done == 0 || done != all || fmt.Sprint(w.Args) != fmt.Sprint([]any{all}) {
		t.Errorf("%+v, %v; %d of %d", w, err, done, all)
	}
	f = p.Look(t.Context())
	if f.Care || f.Lines[1].Key != "desk.part.store.verified" || !clock.Now().Equal(f.Lines[1].Args[0].(time.Time)) {
		t.Errorf("%+v", f)
	}
	clock.AddDays(verifiedDays + 1)
	if f = p.Look(t.Context()); !f.Care || f.Lines[1].Key != "desk.part.store.unverified" {
		t.Errorf("%+v", f)
	}
}

// TestStoreFindsTrust: a certificate that lies there without an officer's word is found, and the journal not noted as verified.
func TestStoreFindsTrust(t *testing.T) {
	db, clock, dir := open(t)
	ca := pkitest.NewAuthority("VN", "Thử", pkitest.NewEC(ec.P256(), pkitest.Named), pkitest.ECDSA(crypto.SHA256, false))
	path := filepath.Join(t.TempDir(), "csca.der")
	if err := os.WriteFile(path, ca.Raw, 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := Trust(dir, "").Add(path)
	if err != nil || len(in.Added) != 1 {
		t.Fatalf("%+v, %v", in, err)
	}
	p := Store(db, dir, clock.Now)
	if w, err := p.Test(t.Context(), "ky", nil); err != nil || w.Key != "desk.part.store.unsaid" || fmt.Sprint(w.Args) != "[1]" {
		t.Errorf("%+v, %v", w, err)
	}
	if f := p.Look(t.Context()); f.Lines[1].Key != "desk.part.store.unverified" {
		t.Errorf("%+v", f)
	}
}

// TestStoreFindsAChange: what somebody changed in a filing is found by the test, and not noted as verified.
func TestStoreFindsAChange(t *testing.T) {
	db, clock, dir := open(t)
	f, err := db.File(t.Context(), storetest.Draft("a"))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", filepath.Join(dir, "motcua.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.ExecContext(t.Context(), "UPDATE filing SET status = 'handed' WHERE reference = ?", f.Reference.String()); err != nil {
		t.Fatal(err)
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = store.Open(dir, store.Options{Station: "D1", Commune: "05200", Now: clock.Now}); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p := Store(db, dir, clock.Now)
	if w, err := p.Test(t.Context(), "ky", nil); fault.CodeOf(err) != fault.StoreDamaged {
		t.Errorf("%+v, %v", w, err)
	}
	if f := p.Look(t.Context()); f.Lines[1].Key != "desk.part.store.unverified" {
		t.Errorf("%+v", f)
	}
}

// TestPortal: what waits for the portal, and for how long.
func TestPortal(t *testing.T) {
	db, clock, _ := open(t)
	p := Portal(db, config.PortalHTTP, clock.Now)
	if f := p.Look(t.Context()); f.Care || f.Lines[1].Key != "desk.part.portal.clear" {
		t.Errorf("%+v", f)
	}
	if _, err := db.File(t.Context(), storetest.Draft("a")); err != nil {
		t.Fatal(err)
	}
	if f := p.Look(t.Context()); f.Care || f.Lines[1].Key != "desk.part.portal.waiting" || f.Lines[1].Args[0] != 1 {
		t.Errorf("%+v", f)
	}
	clock.AddDays(2)
	if f := p.Look(t.Context()); !f.Care || p.Test != nil {
		t.Errorf("%+v", f)
	}
	if f := Portal(db, config.PortalNone, clock.Now).Look(t.Context()); f.Care {
		t.Errorf("typed by hand: %+v", f)
	}
	texts, err := text.Load(assets.FS, "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{config.PortalNone, config.PortalDirectory, config.PortalHTTP} {
		if !texts.Has("desk.part.portal." + kind) {
			t.Errorf("no text about a portal by %s", kind)
		}
	}
}

// TestExport: a file is whole or not there, and the one before stays if the new one fails.
func TestExport(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	dir := filepath.Join(home, "Tài liệu", "so-lieu")
	put := Export(dir)
	write := func(what string, err error) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err2 := io.WriteString(w, what)
			return errors.Join(err, err2)
		}
	}
	where, err := put("a.xlsx", write("một", nil))
	if err != nil || where != "~/Tài liệu/so-lieu" {
		t.Errorf("%q, %v", where, err)
	}
	if _, err := put("a.xlsx", write("hai", errors.New("torn"))); err == nil {
		t.Error("half a file was left")
	}
	if data, err := os.ReadFile(filepath.Join(dir, "a.xlsx")); err != nil || string(data) != "một" {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := put("a.xlsx", write("ba", nil)); err != nil {
		t.Error(err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "a.xlsx")); err != nil || string(data) != "ba" {
		t.Errorf("%q, %v", data, err)
	}
	names, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(names) != 0 {
		t.Errorf("left behind: %v, %v", names, err)
	}
	if where, err := Export(filepath.Join(dir, "a.xlsx"))("b", write("", nil)); err == nil {
		t.Errorf("a file is no directory: %s", where)
	}
	if strings.Contains(short("/"), "~") {
		t.Error("the root is nobody's home")
	}
}

package ledger

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua/assets"
	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
	"motcua/kiosk/report"
	"motcua/kiosk/seal"
	"motcua/kiosk/service"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
	"motcua/kiosk/text"
)

// bureau is an office of two officers over a real store.
type bureau struct {
	Book
	t     *testing.T
	db    *store.Store
	clock *storetest.Clock
	keys  map[string]*seal.Identity
}

func newBureau(t *testing.T) *bureau {
	t.Helper()
	catalogue, err := service.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	shelf, err := paper.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := text.Load(assets.FS, "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b := &bureau{t: t, clock: storetest.NewClock(), keys: map[string]*seal.Identity{}}
	if b.db, err = store.Open(filepath.Join(t.TempDir(), "data"), store.Options{Station: "K1", Commune: "05200", Now: b.clock.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.db.Close() })
	for _, who := range [][2]string{{"an", "Bùi Văn An"}, {"binh", "Lê Thị Bình"}} {
		a, key, err := officer.New(who[0], who[1], officer.Head, seal.Secret{PIN: storetest.TestPIN}, b.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		if an := b.keys["an"]; an == nil {
			err = b.db.SetOfficer(t.Context(), a, "setup")
		} else {
			err = b.db.ChangeOfficer(t.Context(), a, store.Signer{ID: "an", Identity: an})
		}
		if err != nil {
			t.Fatal(err)
		}
		b.keys[a.ID] = key
	}
	b.Book = Book{Store: b.db, Texts: texts, Printer: official.Printer{Catalogue: catalogue, Shelf: shelf,
		Office: official.Office{Name: "Công an xã Mai Châu", Parent: "Công an tỉnh Phú Thọ", Commune: "xã Mai Châu", Province: "tỉnh Phú Thọ"}}}
	return b
}

func (b *bureau) file(key, name string) filing.Filing {
	b.t.Helper()
	d := storetest.Draft(key)
	d.Version, d.Applicant.Name, d.Applicant.Residence = "01/07/2026", name, "Xóm Văn, xã Mai Châu, tỉnh Phú Thọ"
	d.Answers = form.Answers{"phone": {Value: "0900000214", Source: identity.FromTyped}}
	f, err := b.db.File(b.t.Context(), d)
	if err != nil {
		b.t.Fatal(err)
	}
	return f
}

// later lets time pass, and an officer decide.
func (b *bureau) later(d time.Duration, ref filing.Reference, who string, dec desk.Decision) {
	b.t.Helper()
	b.clock.Set(b.clock.Now().Add(d))
	dec.Officer = who
	if _, err := b.db.Decide(b.t.Context(), ref, dec, b.keys[who]); err != nil {
		b.t.Fatalf("%s: %v", dec.Action, err)
	}
}

// look lets a PDF be looked at.
func look(t *testing.T, p official.Printed, name string) {
	t.Helper()
	if !bytes.HasPrefix(p.PDF, []byte("%PDF")) {
		t.Errorf("%s is no PDF", p.Form)
	}
	if dir := os.Getenv("MOTCUA_GALLERY"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), p.PDF, 0o600); err != nil {
			t.Error(err)
		}
	}
}

func cells(rows []map[string]string, keys ...string) string {
	var lines []string
	for _, r := range rows {
		var line []string
		for _, k := range keys {
			line = append(line, r[k])
		}
		lines = append(lines, strings.Join(line, " | "))
	}
	return strings.Join(lines, "\n")
}

// TestControl: the whole way of a filing through two officers, the citizen and the portal; who only looked took nothing over.
func TestControl(t *testing.T) {
	b := newBureau(t)
	f := b.file("a", "Hà Thị Thử")
	if err := b.db.Hold(t.Context(), f.Reference, "binh"); err != nil {
		t.Fatal(err)
	}
	if err := b.db.Release(t.Context(), f.Reference, "binh"); err != nil {
		t.Fatal(err)
	}
	b.clock.Set(b.clock.Now().Add(5 * time.Minute))
	if err := b.db.Hold(t.Context(), f.Reference, "an"); err != nil {
		t.Fatal(err)
	}
	filed := b.clock.Now()
	due := filed.AddDate(0, 0, 4)
	b.later(10*time.Minute, f.Reference, "an", desk.Decision{Action: desk.Receive, Due: due})
	b.clock.Set(b.clock.Now().Add(time.Minute))
	if err := b.db.Sent(t.Context(), f.Reference, store.Handover{Target: "http", Digest: "sha256:" + strings.Repeat("0", 64), Officer: "an"}, b.keys["an"]); err != nil {
		t.Fatal(err)
	}
	b.later(time.Hour, f.Reference, "an", desk.Decision{Action: desk.Ask, Items: []string{"Hợp đồng thuê nhà"}, Reason: "Hợp đồng chưa có chữ ký"})
	b.later(24*time.Hour, f.Reference, "an", desk.Decision{Action: desk.Supply, Due: due})
	if err := b.db.Release(t.Context(), f.Reference, "an"); err != nil {
		t.Fatal(err)
	}
	b.later(time.Hour, f.Reference, "binh", desk.Decision{Action: desk.Extend, Due: due.AddDate(0, 0, 2), Reason: "Chờ cơ quan quản lý nhà ở xác minh"})
	b.clock.Set(due.AddDate(0, 0, 2))
	b.later(0, f.Reference, "binh", desk.Decision{Action: desk.Finish})
	b.later(time.Hour, f.Reference, "binh", desk.Decision{Action: desk.Hand, Confirm: desk.Thumb})
	w, err := b.follow(t.Context(), f.Reference, b.keys["an"])
	if err != nil {
		t.Fatal(err)
	}
	const want = `Hà Thị Thử | Bộ phận TN&TKQ |  | nộp tại ki-ốt
Bộ phận TN&TKQ | Bùi Văn An |  | tiếp nhận 09:30, 23/11/2026, hẹn trả 27/11/2026; gửi Cổng 09:31, 23/11/2026
Bùi Văn An | Hà Thị Thử |  | yêu cầu bổ sung
Hà Thị Thử | Bùi Văn An |  | đã bổ sung
Bùi Văn An | Lê Thị Bình |  | xin lỗi 11:31, 24/11/2026, hẹn lại 29/11/2026
Lê Thị Bình | Bộ phận TN&TKQ | Đúng hạn | có kết quả
Bộ phận TN&TKQ | Lê Thị Bình |  | 
Lê Thị Bình | Hà Thị Thử |  | trả kết quả, điểm chỉ`
	if got := cells(w.rows, "given_by", "taken_by", "outcome", "note"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if at := w.rows[1]["when"]; at != "09:20, 23/11/2026" {
		t.Errorf("taken at %s, and it was opened five minutes after it was filed", at)
	}
	if at := w.rows[4]["when"]; at != "11:31, 24/11/2026" {
		t.Errorf("the second officer has it from %s", at)
	}
	p, err := b.Control(t.Context(), f.Reference, b.keys["binh"])
	if err != nil {
		t.Fatal(err)
	}
	look(t, p, "mc06")
	stranger, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Control(t.Context(), f.Reference, stranger); fault.CodeOf(err) != fault.SealShut {
		t.Errorf("a stranger's key: %v", err)
	}
}

// TestOtherHands: what the citizen brings goes to the officer who takes it, and what is fetched comes from the counter, whoever asked or finished.
func TestOtherHands(t *testing.T) {
	b := newBureau(t)
	ask := desk.Decision{Action: desk.Ask, Items: []string{"Hợp đồng thuê nhà"}, Reason: "Hợp đồng chưa có chữ ký"}
	f := b.file("a", "Hà Thị Thử")
	b.later(time.Minute, f.Reference, "an", desk.Decision{Action: desk.Receive})
	b.later(time.Minute, f.Reference, "an", ask)
	b.later(time.Hour, f.Reference, "binh", desk.Decision{Action: desk.Supply})
	b.later(time.Hour, f.Reference, "binh", desk.Decision{Action: desk.Finish})
	b.later(time.Hour, f.Reference, "an", desk.Decision{Action: desk.Hand, Confirm: desk.Signature})
	stopped := b.file("b", "Lò Văn Đông")
	b.later(time.Minute, stopped.Reference, "an", ask)
	b.later(time.Hour, stopped.Reference, "binh", desk.Decision{Action: desk.Stop, Reason: "Quá hạn bổ sung mà không đến"})
	for _, c := range []struct {
		ref  filing.Reference
		want string
	}{
		{f.Reference, `Hà Thị Thử | Bộ phận TN&TKQ
Bộ phận TN&TKQ | Bùi Văn An
Bùi Văn An | Hà Thị Thử
Hà Thị Thử | Lê Thị Bình
Lê Thị Bình | Bộ phận TN&TKQ
Bộ phận TN&TKQ | Bùi Văn An
Bùi Văn An | Hà Thị Thử`},
		{stopped.Reference, `Lò Văn Đông | Bộ phận TN&TKQ
Bộ phận TN&TKQ | Bùi Văn An
Bùi Văn An | Lò Văn Đông
Lê Thị Bình | Lò Văn Đông`},
	} {
		w, err := b.follow(t.Context(), c.ref, b.keys["an"])
		if err != nil {
			t.Fatal(err)
		}
		if got := cells(w.rows, "given_by", "taken_by"); got != c.want {
			t.Errorf("%s\nwant\n%s", got, c.want)
		}
	}
}

// TestPromised: a date that stands since the filing is the one against which the result is counted, also where the receipt says no other.
func TestPromised(t *testing.T) {
	b := newBureau(t)
	d := storetest.Draft("p")
	d.Version, d.Due = "01/07/2026", b.clock.Now().Add(time.Hour)
	f, err := b.db.File(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	b.later(time.Minute, f.Reference, "an", desk.Decision{Action: desk.Receive})
	b.later(2*time.Hour, f.Reference, "an", desk.Decision{Action: desk.Finish})
	w, err := b.follow(t.Context(), f.Reference, b.keys["an"])
	if err != nil {
		t.Fatal(err)
	}
	if got := cells(w.rows[1:], "outcome", "note"); got != " | tiếp nhận 09:16, 23/11/2026, hẹn trả 23/11/2026\nQuá hạn | có kết quả" {
		t.Error(got)
	}
}

// TestEnds: what goes elsewhere, or back.
func TestEnds(t *testing.T) {
	b := newBureau(t)
	for i, c := range []struct {
		d    desk.Decision
		want string
	}{
		{desk.Decision{Action: desk.Forward, To: "Công an xã Tân Lạc"}, "Công an xã Tân Lạc | Bùi Văn An |  | chuyển đúng thẩm quyền"},
		{desk.Decision{Action: desk.Refuse, Reason: "Không thuộc thẩm quyền"}, "Công an xã Mai Châu | Bùi Văn An | Hà Thị Thử | từ chối"},
		{desk.Decision{Action: desk.Withdraw, Reason: "Công dân tự rút lại"}, "Công an xã Mai Châu | Bùi Văn An | Hà Thị Thử | công dân rút hồ sơ"},
	} {
		f := b.file(fmt.Sprint("e", i), "Hà Thị Thử")
		b.later(time.Minute, f.Reference, "an", c.d)
		w, err := b.follow(t.Context(), f.Reference, b.keys["an"])
		if err != nil {
			t.Fatal(err)
		}
		if got := cells(w.rows[len(w.rows)-1:], "unit", "given_by", "taken_by", "note"); got != c.want || len(w.rows) != 3 {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// TestOutcome: as the month's figures count it.
func TestOutcome(t *testing.T) {
	due := time.Date(2026, 11, 27, 17, 0, 0, 0, time.FixedZone("+07", 7*3600))
	for key, at := range map[string]time.Time{"ledger.early": due.AddDate(0, 0, -1), "ledger.on-time": due, "ledger.late": due.Add(time.Minute)} {
		if got := outcome(at, due); got != key {
			t.Errorf("%v: %s, want %s", at, got, key)
		}
	}
	if got := outcome(due, time.Time{}); got != "ledger.no-term" {
		t.Error(got)
	}
}

// TestRegister: all filings of a day and no other, those that the key does not open without a name.
func TestRegister(t *testing.T) {
	b := newBureau(t)
	b.file("yesterday", "Bùi Văn Hôm Qua")
	b.clock.AddDays(1)
	first := b.file("a", "Hà Thị Thử")
	second := b.file("b", "Công Tằng Tôn Nữ Hoàng Phương Nghiêm Thượng Trường Khuyến Nguyệt")
	third := b.file("c", "Lò Văn Đông")
	due := b.clock.Now().AddDate(0, 0, 3)
	b.later(time.Minute, first.Reference, "an", desk.Decision{Action: desk.Receive, Due: due})
	b.later(time.Hour, first.Reference, "an", desk.Decision{Action: desk.Finish})
	b.later(time.Hour, first.Reference, "an", desk.Decision{Action: desk.Hand, Confirm: desk.Signature})
	b.later(time.Minute, second.Reference, "an", desk.Decision{Action: desk.Receive, Due: due})
	b.later(time.Minute, third.Reference, "binh", desk.Decision{Action: desk.Forward, To: "Công an xã Tân Lạc"})
	if err := b.db.SetDossier(t.Context(), first.Reference, "H15.50.05.13-261124-0975"); err != nil {
		t.Fatal(err)
	}
	p := report.DayOf(identity.DateOf(b.clock.Now()))
	rows, err := b.entries(t.Context(), p, b.keys["an"])
	if err != nil {
		t.Fatal(err)
	}
	want := `H15.50.05.13-261124-0975 | Hà Thị Thử | Xóm Văn, xã Mai Châu, tỉnh Phú Thọ, 0900000214 | 24/11/2026 | 27/11/2026 | 24/11/2026 | Trực tiếp | Đã ký | Trước hạn
` + second.Reference.Short() + ` | Công Tằng Tôn Nữ Hoàng Phương Nghiêm Thượng Trường Khuyến Nguyệt | Xóm Văn, xã Mai Châu, tỉnh Phú Thọ, 0900000214 | 24/11/2026 | 27/11/2026 |  |  |  | 
` + third.Reference.Short() + ` | Lò Văn Đông | Xóm Văn, xã Mai Châu, tỉnh Phú Thọ, 0900000214 | 24/11/2026 |  |  |  |  | Chuyển 24/11/2026`
	if got := cells(rows, "dossier", "name", "address", "received", "due", "returned", "way", "signed", "note"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	printed, n, err := b.Register(t.Context(), p, b.keys["an"])
	if err != nil || n != 3 {
		t.Fatalf("%d, %v", n, err)
	}
	look(t, printed, "mc07")
	stranger, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	rows, err = b.entries(t.Context(), p, stranger)
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, r := range rows {
		if r["name"] != "" || r["address"] != "" || r["received"] == "" || r["way"] != "" {
			t.Errorf("with a stranger's key: %v", r)
		}
	}
	if _, _, err := b.Register(t.Context(), report.Month(2024, time.January), b.keys["an"]); fault.CodeOf(err) != fault.Usage {
		t.Errorf("before there was such a form: %v", err)
	}
}

package finder

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

var services = map[string]string{"tam-tru": "Đăng ký tạm trú", "luu-tru": "Thông báo lưu trú"}

func nameOf(id string) string { return services[id] }

// rig is an office with one officer.
type rig struct {
	t     *testing.T
	s     *store.Store
	dir   string
	clock *storetest.Clock
	id    *seal.Identity
	n     int
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, dir: filepath.Join(t.TempDir(), "data"), clock: storetest.NewClock()}
	s, err := store.Open(r.dir, store.Options{Station: "K1", Commune: "05200", Now: r.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	r.s = s
	r.id = r.officer("an")
	return r
}

func (r *rig) officer(id string) *seal.Identity {
	r.t.Helper()
	a, key, err := officer.New(id, "Cán bộ "+id, officer.Clerk, seal.Secret{Card: []byte(id)}, r.clock.Now())
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.s.SetOfficer(r.t.Context(), a, "setup"); err != nil {
		r.t.Fatal(err)
	}
	return key
}

func (r *rig) file(service, name, number, birth string) filing.Filing {
	r.t.Helper()
	r.n++
	d := filing.Draft{Key: fmt.Sprint(r.n), Service: service}
	d.Applicant.Name, d.Applicant.Number = name, identity.Number(number)
	var err error
	if d.Applicant.Birth, err = identity.ParseDate(birth); err != nil {
		r.t.Fatal(err)
	}
	f, err := r.s.File(r.t.Context(), d)
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

func (r *rig) open(id *seal.Identity) *Index {
	r.t.Helper()
	x, err := Open(r.t.Context(), r.s, id, nameOf)
	if err != nil {
		r.t.Fatal(err)
	}
	r.update(x)
	return x
}

func (r *rig) update(x *Index) {
	r.t.Helper()
	if err := x.Update(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

func numbers(x *Index, q Query) []string {
	hits, total := x.Search(q)
	var list []string
	for _, h := range hits {
		list = append(list, h.Short)
	}
	if total != len(list) && q.Limit == 0 {
		list = append(list, fmt.Sprint("of ", total))
	}
	return list
}

func TestSearch(t *testing.T) {
	r := newRig(t)
	r.file("tam-tru", "Bùi Thị Nguyệt", "099174000001", "1974-03-12")
	r.file("luu-tru", "Đinh Văn Quyết", "099090000002", "1990-01-02")
	x := r.open(r.id)
	r.clock.AddDays(2)
	last := r.file("tam-tru", "Bùi Văn Tạm", "099085000003", "1985-07-30") // after the index was opened
	r.update(x)
	for text, want := range map[string][]string{
		"nguyet":             {"K1-2311-001"},
		"Nguyệt bùi":         {"K1-2311-001"},
		"bui":                {"K1-2511-001", "K1-2311-001"},
		"tam":                {"K1-2511-001", "K1-2311-001"}, // a name, and a service
		"tam tru":            {"K1-2511-001", "K1-2311-001"},
		"luu":                {"K1-2311-002"},
		"dinh van":           {"K1-2311-002"},
		"guyet":              nil, // not the beginning of a word
		"2311-00":            {"K1-2311-002", "K1-2311-001"},
		"k1-2311-001":        {"K1-2311-001"},
		"bui 23/11":          {"K1-2311-001"},
		"25/11/2026":         {"K1-2511-001"},
		"25/11/26 bui":       {"K1-2511-001"},
		"25/11/25":           nil,
		"11/2026 bui":        {"K1-2511-001", "K1-2311-001"},
		"12/2026":            nil,
		"":                   {"K1-2511-001", "K1-2311-002", "K1-2311-001"},
		"bùi thị nguyệt 999": nil,
	} {
		if got := numbers(x, Query{Text: text}); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", text, got, want)
		}
	}
	names := map[filing.Status]string{filing.Filed: "Mới nộp", filing.Received: "Đã nhận"}
	for text, want := range map[string][]string{
		strings.ToLower(last.Reference.String()): {"K1-2511-001"}, // as the slip's code has it
		"099174000001":                           {"K1-2311-001"},
		"099 174 000 001":                        {"K1-2311-001"},
		"099 174 000 009":                        nil,
		"099174000001 quyet":                     nil,
		"09917400000":                            nil, // a part of a number is nobody's
		"moi bui":                                {"K1-2511-001", "K1-2311-001"},
		"đã nhận":                                nil,
	} {
		if got := numbers(x, Query{Text: text, Statuses: names}); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", text, got, want)
		}
	}
	if got := numbers(x, Query{Text: "23", Also: last.Reference.String()}); !slices.Equal(got, []string{"K1-2511-001", "K1-2311-002", "K1-2311-001"}) {
		t.Errorf("with a ticket's: %v", got)
	}
	if hits, total := x.Search(Query{Text: "bui", Limit: 1}); len(hits) != 1 || total != 2 {
		t.Errorf("%d of %d", len(hits), total)
	}
	if name, ok := x.Name(last.Reference); !ok || name != "Bùi Văn Tạm" {
		t.Errorf("%q", name)
	}
}

// What is decided is followed: status, date, who has it.
func TestFollows(t *testing.T) {
	r := newRig(t)
	f := r.file("tam-tru", "Bùi Thị Nguyệt", "099174000001", "1974-03-12")
	x := r.open(r.id)
	ctx := t.Context()
	if err := r.s.Hold(ctx, f.Reference, "an"); err != nil {
		t.Fatal(err)
	}
	due := r.clock.Now().AddDate(0, 0, 3)
	if _, err := r.s.Decide(ctx, f.Reference, desk.Decision{Action: desk.Receive, Officer: "an", Due: due}, r.id); err != nil {
		t.Fatal(err)
	}
	if got := numbers(x, Query{Status: filing.Received}); got != nil {
		t.Errorf("known before it was read: %v", got)
	}
	r.update(x)
	hits, _ := x.Search(Query{Text: "nguyet", Status: filing.Received})
	if len(hits) != 1 || hits[0].Holder != "an" || !hits[0].Due.Equal(due) || !hits[0].Filed.Equal(f.Filed) {
		t.Fatalf("%+v", hits)
	}
	if got := numbers(x, Query{Late: true, Now: due}); got != nil {
		t.Errorf("late on time: %v", got)
	}
	if got := numbers(x, Query{Late: true, Now: due.Add(time.Second)}); len(got) != 1 {
		t.Error("not late")
	}
}

// Rows are made once and read by every officer; who came later reads them once the keys are written anew.
func TestRowsAreShared(t *testing.T) {
	r := newRig(t)
	for i := range 3 {
		r.file("tam-tru", fmt.Sprintf("Lò Thị Tư %d", i), "099174000001", "1974-03-12")
	}
	r.open(r.id)
	if left, err := r.s.Unlisted(t.Context(), 0, 9); err != nil || len(left) != 0 {
		t.Fatalf("%d have no row, %v", len(left), err)
	}
	late := r.officer("binh")
	if _, err := Open(t.Context(), r.s, late, nameOf); fault.CodeOf(err) != fault.SealShut {
		t.Fatalf("%v", err)
	}
	if _, err := r.s.Rewrap(t.Context(), r.id, 0, 9); err != nil {
		t.Fatal(err)
	}
	if got := numbers(r.open(late), Query{Text: "lo thi"}); len(got) != 3 {
		t.Errorf("%v", got)
	}
}

// Two desks make the rows at the same time, each some of them; both know all names.
func TestTwoDesksMakeRows(t *testing.T) {
	r := newRig(t)
	for i := range 2*openedAtOnce + 2 {
		r.file("tam-tru", fmt.Sprintf("Lò Thị Tư %d", i), "099174000001", "1974-03-12")
	}
	one, err := Open(t.Context(), &beside{Store: r.s, do: func() { r.open(r.id) }}, r.id, nameOf)
	if err != nil {
		t.Fatal(err)
	}
	r.update(one)
	if got := numbers(one, Query{Text: "lo thi tu"}); len(got) != 2*openedAtOnce+2 {
		t.Errorf("%d of the names are known", len(got))
	}
	if len(one.bare) != 0 {
		t.Errorf("%d filings are looked at again and again", len(one.bare))
	}
}

// beside is a store on which something else happens after the first rows were made.
type beside struct {
	*store.Store
	do func()
}

func (b *beside) SetRows(ctx context.Context, rows map[int64][]byte) error {
	err := b.Store.SetRows(ctx, rows)
	if do := b.do; do != nil && len(rows) > 0 {
		b.do = nil
		do()
	}
	return err
}

// What was destroyed over the years has no row and will have none: nobody asks for each of it whenever an officer signs in.
func TestDestroyedAreNotAskedFor(t *testing.T) {
	key, err := seal.Secret32()
	if err != nil {
		t.Fatal(err)
	}
	src := &over{rows: &rows{key: key, n: 1000, at: storetest.NewClock().Now()}}
	x, err := Open(t.Context(), src, nil, nameOf)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Update(t.Context()); err != nil || x.Len() != 1000 {
		t.Fatal(x.Len(), err)
	}
	if src.asked != 0 {
		t.Errorf("%d were asked for one by one", src.asked)
	}
}

// over has filings whose time is over.
type over struct {
	*rows
	asked int
}

func (o *over) Listed(ctx context.Context, after int64, limit int) ([]store.Listed, error) {
	list, err := o.rows.Listed(ctx, after, limit)
	for i := range list {
		list[i].Row, list[i].Destroyed = nil, true
	}
	return list, err
}

func (o *over) ListedAs(context.Context, filing.Reference) ([]store.Listed, error) {
	o.asked++
	return nil, nil
}

// A filing in which a bit fell over is found by its number; all others are found as ever, and whoever asks for their data gets it.
func TestPastDamage(t *testing.T) {
	r := newRig(t)
	for i, name := range []string{"Bùi Thị Nguyệt", "Đinh Văn Quyết", "Lò Thị Hoa"} {
		r.file("tam-tru", name, fmt.Sprint("09917400000", i), "1974-03-12")
	}
	db, err := sql.Open("sqlite", filepath.Join(r.dir, "motcua.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "UPDATE content SET body = zeroblob(length(body)) WHERE filing = 2"); err != nil {
		t.Fatal(err)
	}
	held, err := Of(t.Context(), r.s, r.id, "099174000002")
	if err != nil || len(held.Filings) != 1 || held.Shut != 1 {
		t.Errorf("%d held, %d shut, %v", len(held.Filings), held.Shut, err)
	}
	x := r.open(r.id)
	for text, want := range map[string]string{"nguyet": "[K1-2311-001]", "quyet": "[]", "k1-2311-002": "[K1-2311-002]", "hoa": "[K1-2311-003]"} {
		if got := fmt.Sprint(numbers(x, Query{Text: text})); got != want || !x.Full() {
			t.Errorf("%s: %s", text, got)
		}
	}
}

// Who went and kept the key opens no row that is written after; the others open all of them, also at a desk that is open meanwhile.
func TestKeyAfterOneWent(t *testing.T) {
	r := newRig(t)
	ctx := t.Context()
	account, gone, err := officer.New("binh", "Cán bộ Thử", officer.Clerk, seal.Secret{Card: []byte("binh")}, r.clock.Now())
	if err == nil {
		err = r.s.SetOfficer(ctx, account, "setup")
	}
	if err != nil {
		t.Fatal(err)
	}
	r.file("tam-tru", "Lò Thị Tư", "099174000001", "1974-03-12")
	kept, x := r.open(gone), r.open(r.id)
	account.Active = false
	if err := r.s.SetOfficer(ctx, account, "setup"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.s.Rewrap(ctx, r.id, 0, 9); err != nil {
		t.Fatal(err)
	}
	r.file("tam-tru", "Lò Thị Năm", "099175000009", "1975-01-01")
	r.update(x)
	for name, x := range map[string]*Index{"open": x, "new": r.open(r.id)} {
		if got := numbers(x, Query{Text: "lo thi"}); len(got) != 2 {
			t.Errorf("%s: %v", name, got)
		}
	}
	if _, err := Open(ctx, r.s, gone, nameOf); fault.CodeOf(err) != fault.SealShut {
		t.Errorf("who went: %v", err)
	}
	all, err := r.s.Listed(ctx, 0, 9)
	if err != nil || len(all) != 2 {
		t.Fatal(len(all), err)
	}
	if _, ok := kept.row(all[0]); !ok {
		t.Error("the key that was kept opens nothing at all")
	}
	if row, ok := kept.row(all[1]); ok {
		t.Errorf("who went reads %+v", row)
	}
}

func TestLikes(t *testing.T) {
	r := newRig(t)
	old := r.file("tam-tru", "Bùi Thị Nguyệt", "099174000001", "1974-03-12")
	r.clock.AddDays(31)
	first := r.file("tam-tru", "Bùi Thị Nguyệt", "099174000001", "1974-03-12")
	r.clock.AddDays(10)
	r.file("luu-tru", "Bùi Thị Nguyệt", "099174000001", "1974-03-12")          // another service
	r.file("tam-tru", "Bùi Thị Nguyệt", "099175000009", "1975-01-01")          // another person of that name
	typo := r.file("tam-tru", "Bùi Thị Nguyêt", "099174000010", "1974-03-12")  // the same name and day, another number
	again := r.file("tam-tru", "BÙI THỊ NGUYỆT", "099174000001", "1974-03-12") // again
	r.file("tam-tru", "Hoàng Văn Nguyện Long", "099174000077", "1974-03-12")   // born on that day
	x := r.open(r.id)
	got := map[string]bool{}
	for _, l := range x.Likes(again.Reference) {
		got[l.Short] = l.Same
	}
	if want := map[string]bool{first.Reference.Short(): true, typo.Reference.Short(): false}; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if l := x.Likes(old.Reference); l != nil {
		t.Errorf("older than 30 days: %+v", l)
	}
}

func TestNear(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"bui thi nguyet", "bui thi nguyet", true}, {"bui thi nguyet", "bui thi nguyen", true}, {"lo thi tu", "lo thi tuoi", true},
		{"lo thi tu", "lo thi tuyet", false}, {"ha", "ho thi a", false}, {"", "ab", true}, {"abc", "", false}} {
		if near(c.a, c.b) != c.want || near(c.b, c.a) != c.want {
			t.Errorf("%q, %q", c.a, c.b)
		}
	}
}

// FuzzSearch holds that no text of an officer breaks the search, and that what it finds is a part of what nothing finds.
func FuzzSearch(f *testing.F) {
	x := many(f, 50)
	for _, text := range []string{"", "bui", "23/11", "99/99/9999", "0/0", "00/0000", "k1-2311-001", "đ ờ", "/", "  \x00"} {
		f.Add(text, 3)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		hits, total := x.Search(Query{Text: text, Limit: limit})
		if total > 50 || len(hits) > total || limit > 0 && len(hits) > limit {
			t.Fatalf("%d of %d", len(hits), total)
		}
	})
}

// many is an index of invented people.
func many(t testing.TB, n int) *Index {
	t.Helper()
	key, err := seal.Secret32()
	if err != nil {
		t.Fatal(err)
	}
	src := &rows{key: key, n: n, at: storetest.NewClock().Now()}
	x, err := Open(context.Background(), src, nil, nameOf)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Update(context.Background()); err != nil {
		t.Fatal(err)
	}
	return x
}

// rows gives any number of filings without a disk, for measuring what is in memory.
type rows struct {
	key []byte
	n   int
	at  time.Time
}

var (
	families = []string{"Bùi", "Đinh", "Hà", "Lò", "Vì", "Khà", "Quách", "Bạch", "Ngần", "Sùng"}
	middles  = []string{"Văn", "Thị", "Công", "A", "Thanh", "Minh"}
	given    = []string{"Nguyệt", "Quyết", "Thìn", "Hương", "Sáng", "Lưỡng", "Toản", "Thưởng", "Đồng", "Mỷ", "Páo", "Xuân"}
)

func (r *rows) FinderKeys(context.Context, *seal.Identity) (store.FinderKeys, error) {
	return store.FinderKeys{Keys: [][]byte{r.key}}, nil
}
func (r *rows) FinderKeyset(context.Context) (int, error) { return 0, nil }
func (r *rows) Head(context.Context) (int64, error)       { return 0, nil }
func (r *rows) Changed(_ context.Context, after int64, _ int) ([]filing.Reference, int64, error) {
	return nil, after, nil
}
func (r *rows) SetRows(context.Context, map[int64][]byte) error { return nil }
func (r *rows) Read(context.Context, string, *seal.Identity) (filing.Filing, error) {
	return filing.Filing{}, nil
}
func (r *rows) ListedAs(context.Context, filing.Reference) ([]store.Listed, error) { return nil, nil }
func (r *rows) Unlisted(context.Context, int64, int) ([]store.Listed, error)       { return nil, nil }
func (r *rows) Listed(_ context.Context, after int64, limit int) ([]store.Listed, error) {
	var list []store.Listed
	for id := int(after) + 1; id <= r.n && len(list) < limit; id++ {
		rng := rand.New(rand.NewPCG(1, uint64(id)))
		ref, err := filing.NewReference("05200", "K1", identity.DateOf(r.at.AddDate(0, 0, -(r.n-id)/300)), id%300+1)
		if err != nil {
			return nil, err
		}
		name := families[rng.IntN(len(families))] + " " + middles[rng.IntN(len(middles))] + " " + given[rng.IntN(len(given))]
		row, err := seal.Box(r.key, ref.String(), fmt.Appendf(nil, `{"n":%q,"i":"099%09d","b":"1974-03-%02d"}`, name, id, id%28+1))
		if err != nil {
			return nil, err
		}
		list = append(list, store.Listed{ID: int64(id), Row: row, Summary: store.Summary{Reference: ref, Short: ref.Short(), Service: "tam-tru",
			Status: filing.Statuses[id%len(filing.Statuses)], Filed: r.at}})
	}
	return list, nil
}

// office is how many filings an office has after many years.
const office = 200_000

func BenchmarkSearch(b *testing.B) {
	x := many(b, office)
	for _, text := range []string{"nguyet", "bui thi nguyet", "k1-2311-017", "tam tru 23/11", "khongcoai"} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				x.Search(Query{Text: text, Limit: 500})
			}
		})
	}
	last, _ := x.Search(Query{Limit: 1})
	b.Run("likes", func(b *testing.B) {
		for b.Loop() {
			x.Likes(last[0].Reference)
		}
	})
}

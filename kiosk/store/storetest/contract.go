package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

func testFilesAndGives(t *testing.T, s Store, clock *Clock) {
	f := mustFile(t, s, "a")
	if got := f.Reference.Short(); got != "K1-2311-001" {
		t.Errorf("the first number is %s", got)
	}
	if !f.Filed.Equal(clock.Now()) || f.Status != filing.Filed || f.Prints != 0 {
		t.Errorf("filed %v, %s, %d prints", f.Filed, f.Status, f.Prints)
	}
	got, err := s.Read(t.Context(), f.Reference.String(), Officer())
	if err != nil {
		t.Fatal(err)
	}
	sameFiling(t, got, f)
	sameJSON(t, got.Draft, Draft("a"))
	shut, err := s.Get(t.Context(), f.Reference.String())
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, shut.Draft, filing.Draft{Key: "a", Service: f.Service})
	other, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(t.Context(), f.Reference.String(), other); fault.CodeOf(err) != fault.SealShut {
		t.Errorf("opened by somebody else: %v", err)
	}
}

// sameFiling compares two filings, times as instants.
func sameFiling(t *testing.T, got, want filing.Filing) {
	t.Helper()
	if got.Reference != want.Reference || got.Status != want.Status || got.Prints != want.Prints || !got.Filed.Equal(want.Filed) {
		t.Errorf("got %v %v %v, want %v %v %v", got.Reference, got.Status, got.Filed, want.Reference, want.Status, want.Filed)
	}
	sameJSON(t, got.Draft, want.Draft)
}

func sameJSON(t *testing.T, got, want filing.Draft) {
	t.Helper()
	g, err := json.Marshal(got)
	w, err2 := json.Marshal(want)
	if err != nil || err2 != nil || string(g) != string(w) {
		t.Errorf("the draft came back otherwise than it was filed (%d and %d bytes, %v, %v)", len(g), len(w), err, err2)
	}
}

func testCountsByDay(t *testing.T, s Store, clock *Clock) {
	mustFile(t, s, "a")
	want(t, mustFile(t, s, "b"), "K1-2311-002")
	clock.AddDays(1)
	want(t, mustFile(t, s, "c"), "K1-2411-001")
	// Midnight is Vietnam's: at 00:30 in Vietnam it is still the day before in UTC.
	clock.Set(time.Date(2026, time.November, 25, 0, 30, 0, 0, vietnam))
	want(t, mustFile(t, s, "d"), "K1-2511-001")
}

func want(t *testing.T, f filing.Filing, short string) {
	t.Helper()
	if got := f.Reference.Short(); got != short {
		t.Errorf("the number is %s, not %s", got, short)
	}
}

func testClockSetBack(t *testing.T, s Store, clock *Clock) {
	for i := range 3 {
		mustFile(t, s, fmt.Sprint("mon", i))
	}
	clock.AddDays(1)
	mustFile(t, s, "tue")
	clock.AddDays(-1)
	want(t, mustFile(t, s, "mon again"), "K1-2311-004")
	clock.Set(time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)) // a dead battery
	if _, err := s.File(t.Context(), Draft("1980")); err == nil {
		t.Error("1980 has no numbers")
	}
	clock.Set(NewClock().Now())
	want(t, mustFile(t, s, "1980"), "K1-2311-005")
}

func testFourDigits(t *testing.T, s Store, _ *Clock) {
	var last filing.Filing
	for i := range 1001 {
		d := Draft(fmt.Sprint(i))
		d.Photo = nil
		f, err := s.File(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		last = f
	}
	want(t, last, "K1-2311-1001")
	if got, err := s.Get(t.Context(), "K1-2311-1001"); err != nil || got.Key != "1000" {
		t.Errorf("Get: %q, %v", got.Key, err)
	}
}

func testSameKeyOnce(t *testing.T, s Store, clock *Clock) {
	const callers = 8
	got := make([]filing.Filing, callers)
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			var err error
			if got[i], err = s.File(t.Context(), Draft("same")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	clock.AddDays(1)
	changed := Draft("same")
	changed.Case = "family"
	later, err := s.File(t.Context(), changed)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(got, later) {
		if f.Reference != got[0].Reference || !f.Filed.Equal(got[0].Filed) {
			t.Errorf("filed once more as %v", f.Reference)
		}
	}
	list, err := s.List(t.Context(), store.Filter{})
	if err != nil || len(list) != 1 {
		t.Errorf("%d filings, %v", len(list), err)
	}
}

func testManyAtOnce(t *testing.T, s Store, _ *Clock) {
	const callers, each = 6, 15
	var mu sync.Mutex
	seen := map[int]int{}
	var all sync.WaitGroup
	for c := range callers {
		all.Go(func() {
			for i := range each {
				f, err := s.File(t.Context(), Draft(fmt.Sprintf("%d-%d", c, i)))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				seen[f.Reference.Serial]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	for n := 1; n <= callers*each; n++ {
		if seen[n] != 1 {
			t.Errorf("number %d was given %d times", n, seen[n])
		}
	}
}

func testGetByForms(t *testing.T, s Store, clock *Clock) {
	old := mustFile(t, s, "old")
	clock.Set(clock.Now().AddDate(1, 0, 0))
	young := mustFile(t, s, "young")
	for number, want := range map[string]filing.Filing{
		old.Reference.String(): old, young.Reference.String(): young, " k1-2311-1 ": young, young.Reference.Short(): young,
	} {
		if got, err := s.Get(t.Context(), number); err != nil || got.Reference != want.Reference {
			t.Errorf("%q: %v, %v", number, got.Reference, err)
		}
	}
}

func testGetRefuses(t *testing.T, s Store, _ *Clock) {
	full := mustFile(t, s, "a").Reference.String()
	wrong := full[:len(full)-1] + "?"
	mistyped := full[:len(full)-3] + "9" + full[len(full)-2:]
	for number, kind := range map[string]error{
		"": filing.ErrReference, "K1": filing.ErrReference, wrong: filing.ErrReference, mistyped: filing.ErrCheck,
		"' OR 1=1 --": filing.ErrReference, "K1-2311-002": nil, "K2-2311-001": nil,
	} {
		_, err := s.Get(t.Context(), number)
		if fault.CodeOf(err) != fault.NotFound || kind != nil && !errors.Is(err, kind) {
			t.Errorf("%q: %v", number, err)
		}
	}
}

func testPrinted(t *testing.T, s Store, _ *Clock) {
	f := mustFile(t, s, "a")
	for _, outcome := range []string{"printed", "printer-no-paper", "printed"} {
		if err := s.Printed(t.Context(), f.Reference, outcome); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Get(t.Context(), f.Reference.String()); err != nil || got.Prints != 2 {
		t.Errorf("%d prints, %v", got.Prints, err)
	}
	if again := mustFile(t, s, "a"); again.Prints != 2 {
		t.Errorf("a repeat says %d prints", again.Prints)
	}
	unknown := f.Reference
	unknown.Serial++
	if err := s.Printed(t.Context(), unknown, "printed"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("an unknown number: %v", err)
	}
	if err := s.Printed(t.Context(), filing.Reference{}, "printed"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no number: %v", err)
	}
	if err := s.Printed(t.Context(), f.Reference, "Nguyễn Văn Mẫu"); err == nil {
		t.Error("a name passes for an outcome")
	}
}

func testRefusesDrafts(t *testing.T, s Store, _ *Clock) {
	for _, key := range []string{"", string(make([]byte, 1000))} {
		if _, err := s.File(t.Context(), Draft(key)); fault.CodeOf(err) != fault.Internal {
			t.Errorf("a key of %d characters: %v", len(key), err)
		}
	}
	if list, err := s.List(t.Context(), store.Filter{}); err != nil || len(list) != 0 {
		t.Errorf("%d filings, %v", len(list), err)
	}
}

func testGivenUp(t *testing.T, s Store, _ *Clock) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.File(ctx, Draft("a")); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if list, err := s.List(t.Context(), store.Filter{}); err != nil || len(list) != 0 {
		t.Errorf("%d filings, %v", len(list), err)
	}
	want(t, mustFile(t, s, "a"), "K1-2311-001")
}

func testList(t *testing.T, s Store, _ *Clock) {
	for i := range 5 {
		d := Draft(fmt.Sprint(i))
		if i%2 == 1 {
			d.Service = "thuong-tru"
		}
		if _, err := s.File(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		filter store.Filter
		want   []int
	}{
		{store.Filter{}, []int{5, 4, 3, 2, 1}},
		{store.Filter{Limit: 2}, []int{5, 4}},
		{store.Filter{Service: "thuong-tru"}, []int{4, 2}},
		{store.Filter{Status: filing.Filed, Limit: 1}, []int{5}},
		{store.Filter{Status: "decided"}, nil},
	} {
		list, err := s.List(t.Context(), c.filter)
		var got []int
		for _, x := range list {
			got = append(got, x.Reference.Serial)
		}
		if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%+v: %v, %v", c.filter, got, err)
		}
	}
}

func testJournal(t *testing.T, s Store, _ *Clock) {
	before, err := s.Journal(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := mustFile(t, s, "a")
	if err := s.Printed(t.Context(), f.Reference, "printed"); err != nil {
		t.Fatal(err)
	}
	entries, err := s.Journal(t.Context(), int64(len(before)), 0)
	if err != nil || len(entries) != 2 {
		t.Fatalf("%d new entries, %v", len(entries), err)
	}
	for i, kind := range []store.Kind{store.Filed, store.Printed} {
		e := entries[i]
		if e.Kind != kind || e.Reference != f.Reference.String() || e.Station != "K1" || e.Seq != int64(len(before)+i+1) {
			t.Errorf("entry %d: %+v", i, e)
		}
	}
	v, err := s.VerifyJournal(t.Context())
	if err != nil || v.Entries != len(before)+2 || v.Filings != 1 {
		t.Errorf("%+v, %v", v, err)
	}
}

package store_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/report"
	"motcua/kiosk/store/storetest"
)

// What the desk decided comes out as it was, without what was taken back.
func TestRecords(t *testing.T) {
	d := newDesk(t)
	first := d.clock.Now()
	before := d.must("an", desk.Receive).Due
	d.must("an", desk.Refuse)
	if _, err := d.s.Undo(t.Context(), d.ref, 2, "an", d.keys["an"]); err != nil {
		t.Fatal(err)
	}
	after := d.must("an", desk.Extend).Due
	d.must("an", desk.Finish)
	dated := storetest.Draft("b")
	dated.Due = d.clock.Now().AddDate(0, 0, 7)
	plain, err := d.s.File(t.Context(), dated)
	if err != nil {
		t.Fatal(err)
	}
	records := recordsOf(t, d, report.Month(2026, time.November))
	if len(records) != 2 || records[1].Reference != plain.Reference || len(records[1].Steps) != 0 || !records[1].Due.Equal(dated.Due) {
		t.Fatalf("%+v", records)
	}
	d.ref = plain.Reference
	later := d.must("an", desk.Receive).Due
	if r := recordsOf(t, d, report.Month(2026, time.November))[1]; !r.Due.Equal(dated.Due) || !r.Steps[0].Due.Equal(later) {
		t.Errorf("%+v", r)
	}
	r := records[0]
	if r.Reference == plain.Reference || !r.Filed.Equal(first) || r.Service != "tam-tru" || r.Channel != filing.AtKiosk || r.Chip != filing.ChipRead || r.Case != "" {
		t.Errorf("%+v", r)
	}
	want := []struct {
		action desk.Action
		status filing.Status
		due    time.Time
	}{{desk.Receive, filing.Received, before}, {desk.Extend, filing.Received, after}, {desk.Finish, filing.Done, after}}
	if len(r.Steps) != len(want) {
		t.Fatalf("%+v", r.Steps)
	}
	for i, w := range want {
		if s := r.Steps[i]; s.Action != w.action || s.Status != w.status || !s.Due.Equal(w.due) || s.Officer != "an" {
			t.Errorf("step %d: %+v", i, s)
		}
	}
	if !r.Due.IsZero() {
		t.Errorf("filed without a date, the record has %v", r.Due)
	}
}

func recordsOf(t *testing.T, d *atDesk, p report.Period) []report.Record {
	t.Helper()
	records, err := d.s.Records(t.Context(), p.From, p.To)
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// Whatever the office did, the figures of a period from its records are those from all records there are.
func TestRecordsAreEnough(t *testing.T) {
	d := newDesk(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	start := d.clock.Now()
	var refs []filing.Reference
	for i := range 60 {
		d.clock.Set(start.AddDate(0, 0, i))
		refs = append(refs, file(t, d.s, fmt.Sprint("r", i)).Reference)
		for range 2 {
			d.ref = refs[rnd.IntN(len(refs))]
			c, err := d.s.Case(t.Context(), d.ref, nil)
			if err != nil {
				t.Fatal(err)
			}
			if legal := c.Legal(); len(legal) > 0 {
				d.must("an", legal[rnd.IntN(len(legal))])
			}
		}
	}
	all, err := d.s.Records(t.Context(), start.AddDate(-1, 0, 0), start.AddDate(1, 0, 0))
	if err != nil || len(all) != 61 {
		t.Fatalf("%d records, %v", len(all), err)
	}
	now := start.AddDate(1, 0, 0)
	fewer := false
	for i := range 65 {
		p := report.DayOf(identity.DateOf(start.AddDate(0, 0, i-2)))
		some := recordsOf(t, d, p)
		fewer = fewer || len(some) < len(all)
		a, b := report.Make(p, report.Input{Records: all}, now), report.Make(p, report.Input{Records: some}, now)
		if a.Total != b.Total {
			t.Errorf("%v: %+v from all, %+v from %d", p.From, a.Total, b.Total, len(some))
		}
	}
	if !fewer {
		t.Error("every filing was read for every day")
	}
}

func TestRecordFacts(t *testing.T) {
	d := newDesk(t)
	const telling = "out on bail" // longer than what occurs by chance in what is sealed
	for i, change := range []func(*filing.Draft){
		func(f *filing.Draft) {
			f.Service, f.Case, f.Channel = filing.Motorcycle, filing.FirstRegistration, filing.AtDesk
			f.Evidence = identity.Evidence{NoChip: "card-mute"}
		},
		func(f *filing.Draft) { f.Case, f.Evidence = telling, identity.Evidence{} },
	} {
		f := storetest.Draft(fmt.Sprint("facts", i))
		change(&f)
		if _, err := d.s.File(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	records := recordsOf(t, d, report.Month(2026, time.November))
	bike, bail := records[1], records[2]
	if bike.Case != filing.FirstRegistration || bike.Channel != filing.AtDesk || bike.Chip != "card-mute" {
		t.Errorf("%+v", bike)
	}
	if bail.Case != "" || bail.Chip != "no-card" || bail.Channel != filing.AtKiosk {
		t.Errorf("%+v", bail)
	}
	closeStore(t, d.s)
	for _, name := range []string{"motcua.db", "motcua.db-wal"} {
		data, err := os.ReadFile(filepath.Join(d.dir, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(telling)) {
			t.Errorf("%s says in the open that somebody is on bail", name)
		}
	}
}

func TestRate(t *testing.T) {
	d := newDesk(t)
	for _, stars := range []int{2, 4} { // a wrong touch, and the right one
		d.clock.Set(d.clock.Now().Add(time.Second))
		if err := d.s.Rate(t.Context(), d.ref, stars); err != nil {
			t.Fatal(err)
		}
	}
	r := recordsOf(t, d, report.Month(2026, time.November))[0]
	if r.Stars != 4 || !r.Rated.Equal(d.clock.Now()) {
		t.Errorf("%+v", r)
	}
	for _, stars := range []int{0, 6, -1} {
		if err := d.s.Rate(t.Context(), d.ref, stars); fault.CodeOf(err) != fault.Usage {
			t.Errorf("%d stars: %v", stars, err)
		}
	}
	unknown := d.ref
	unknown.Serial = 999
	if err := d.s.Rate(t.Context(), unknown, 5); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no such filing: %v", err)
	}
	d.verify(0)
}

func TestDayLog(t *testing.T) {
	d := newDesk(t)
	for _, outcome := range []string{"printed", "printed", "printer-no-paper"} {
		if err := d.s.Printed(t.Context(), d.ref, outcome); err != nil {
			t.Fatal(err)
		}
	}
	d.must("an", desk.Receive)
	if err := d.s.FormPrinted(t.Context(), d.ref, 1, "CT04"); err != nil {
		t.Fatal(err)
	}
	day := report.DayOf(identity.DateOf(d.clock.Now()))
	d.clock.AddDays(1)
	if err := d.s.Printed(t.Context(), d.ref, "printed"); err != nil {
		t.Fatal(err)
	}
	log, err := d.s.DayLog(t.Context(), day.From, day.To)
	if err != nil || log.Slips != 2 || log.Failed["printer-no-paper"] != 1 || len(log.Failed) != 1 || log.Forms["CT04"] != 1 {
		t.Errorf("%+v, %v", log, err)
	}
}

package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"motcua/cmd/internal/office"
	"motcua/kiosk/calendar"
	"motcua/kiosk/config"
	bureau "motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// makeMonth DIR is an office's October 2026: forty filings from the twenty-eighth of September on, three in four of them received, and every
// other one finished, a third of these late.
func makeMonth(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	clock := time.Date(2026, time.September, 28, 8, 0, 0, 0, calendar.Zone)
	db, err := store.Open(ts.MkAbs(args[0]), store.Options{Station: "K1", Commune: "05200", Now: func() time.Time { return clock }})
	ts.Check(err)
	head, key, err := officer.New("an", "Bùi Văn An", officer.Head, seal.Secret{PIN: storetest.TestPIN}, clock)
	ts.Check(err)
	ts.Check(db.SetOfficer(ctx, head, "test"))
	decide := func(ref filing.Reference, a bureau.Action, after time.Duration) {
		clock = clock.Add(after)
		_, err := db.Decide(ctx, ref, bureau.Decision{Action: a, Officer: "an", Due: clock.AddDate(0, 0, 3), Confirm: bureau.Signature}, key)
		ts.Check(err)
	}
	for n := range 40 {
		clock = time.Date(2026, time.September, 28, 8, n, 0, 0, calendar.Zone).AddDate(0, 0, n*3/4)
		draft := filing.Draft{Key: fmt.Sprint("m", n), Service: []string{"tam-tru", "luu-tru", "xe-mo-to"}[n%3], Version: "2026-07-01", Case: "first",
			Applicant: identity.Person{Number: "099090000017", Name: "Nguyễn Văn Mẫu"}, Evidence: identity.Evidence{Source: identity.FromChip, Access: "PACE-CAN"}}
		if n%5 == 0 {
			draft.Evidence = identity.Evidence{Source: identity.FromQR, NoChip: "reader-absent"}
		}
		f, err := db.File(ctx, draft)
		ts.Check(err)
		ts.Check(db.Printed(ctx, f.Reference, store.OutcomePrinted))
		if n%8 == 0 {
			ts.Check(db.Rate(ctx, f.Reference, 5))
		}
		if n%4 == 0 {
			continue
		}
		filed := clock
		decide(f.Reference, bureau.Receive, time.Hour)
		if n%2 == 1 {
			decide(f.Reference, bureau.Finish, []time.Duration{time.Hour, 2 * time.Hour, 5 * 24 * time.Hour}[n%3])
		}
		clock = filed
	}
	ts.Check(db.Close())
}

// The services that figures count by themselves are in the catalogue under these names, with the case that they look for.
func TestCountedServices(t *testing.T) {
	cfg := config.Default()
	c, err := office.Catalogue(cfg)
	if err != nil {
		t.Fatal(err)
	}
	day := identity.Date{Year: 2026, Month: time.November, Day: 25}
	for _, id := range []string{filing.Motorcycle, filing.Car} {
		s, ok := c.Get(id, day)
		if !ok {
			t.Fatalf("no service %s", id)
		}
		if _, ok := s.Case(filing.FirstRegistration); !ok {
			t.Errorf("%s has no case %s", id, filing.FirstRegistration)
		}
	}
	offered, essential := map[string]bool{}, 0
	for _, s := range office.ReportServices(c, cfg, day) {
		offered[s.ID] = s.Offered
		if s.Essential {
			essential++
		}
	}
	// Cars are not delegated to every commune, passports are the province's.
	if _, ok := offered[filing.Account]; !ok || essential != 25 || !offered[filing.Motorcycle] || offered[filing.Car] || offered["ho-chieu"] {
		t.Errorf("%d essential services; offered: %v", essential, offered)
	}
}

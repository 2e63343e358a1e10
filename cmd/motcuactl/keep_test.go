package main

import (
	"context"
	"fmt"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	bureau "motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// makeOld DIR files for an invented person, and refuses, once in 2015 and once last week. The officer an is there, under storetest.TestPIN.
func makeOld(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	var clock time.Time
	db, err := store.Open(ts.MkAbs(args[0]), store.Options{Station: "K1", Commune: "05200", Now: func() time.Time { return clock }})
	ts.Check(err)
	all, err := db.Officers(ctx)
	ts.Check(err)
	key, err := all[0].SignIn(seal.Secret{PIN: storetest.TestPIN})
	ts.Check(err)
	for n, at := range []time.Time{time.Date(2015, time.March, 4, 9, 0, 0, 0, time.Local), time.Now().AddDate(0, 0, -7)} {
		clock = at
		f, err := db.File(ctx, filing.Draft{Key: fmt.Sprint("old", n), Service: "tam-tru", Version: "2026-07-01", Case: "own",
			Applicant: identity.Person{Number: "099090000017", Name: "Nguyễn Văn Mẫu"}})
		ts.Check(err)
		clock = at.Add(time.Hour)
		_, err = db.Decide(ctx, f.Reference, bureau.Decision{Action: bureau.Refuse, Officer: all[0].ID, Reason: "Không đủ điều kiện"}, key)
		ts.Check(err)
	}
	ts.Check(db.Close())
}

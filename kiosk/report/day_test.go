package report

import (
	"slices"
	"testing"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
)

// The sheet of a day: what came, what was done, what is due by the end of the next working day, and the numbers nobody got.
func TestMakeDay(t *testing.T) {
	day := identity.Date{Year: 2026, Month: time.October, Day: 9} // a Friday
	next := identity.Date{Year: 2026, Month: time.October, Day: 12}
	none := time.Time{}
	all := []*way{
		filed("tam-tru", "2026-10-09 10:00", "2026-10-14 17:00").do(desk.Receive, at("2026-10-09 10:30"), at("2026-10-12 17:00")),
		filed("tam-tru", "2026-10-09 08:00", "2026-10-14 17:00"),
		filed("tam-tru", "2026-10-01 08:00", "2026-10-08 17:00").do(desk.Receive, at("2026-10-01 09:00"), at("2026-10-08 17:00")),                                               // late
		filed("luu-tru", "2026-10-01 08:00", "2026-10-08 17:00").do(desk.Ask, at("2026-10-09 09:00"), none),                                                                     // the citizen owes
		filed("luu-tru", "2026-10-08 08:00", "").do(desk.Receive, at("2026-10-08 09:00"), none).do(desk.Finish, at("2026-10-09 07:59"), none),                                   // today
		filed("luu-tru", "2026-10-08 08:00", "2026-10-12 17:00").do(desk.Receive, at("2026-10-08 09:00"), at("2026-10-12 17:00")).do(desk.Finish, at("2026-10-10 08:00"), none), // tomorrow
		filed("tam-tru", "2026-10-10 08:00", "2026-10-12 17:00"),                                                                                                                // not yet
	}
	var records []Record
	for i, w := range all {
		station, serial := "K1", i+2
		if i == 1 {
			station, serial = "Q1", 1
		}
		ref, err := filing.NewReference("05200", station, identity.DateOf(w.Filed), serial)
		if err != nil {
			t.Fatal(err)
		}
		w.Reference = ref
		records = append(records, w.Record)
	}
	another := filed("tam-tru", "2026-10-09 11:00", "").Record
	another.Reference, _ = filing.NewReference("05200", "K1", day, 9)
	d := MakeDay(day, next, Input{Services: catalogue, Records: append(records, another)}, DayLog{Slips: 3}, at("2026-11-01 08:00"))
	var came, due []string
	for _, f := range d.Filed {
		came = append(came, f.Short)
	}
	for _, f := range d.Due {
		due = append(due, f.Short)
	}
	if !slices.Equal(came, []string{"Q1-0910-001", "K1-0910-002", "K1-0910-009"}) || d.Filed[1].Status != filing.Received || d.Filed[0].Service != "Đăng ký tạm trú" {
		t.Errorf("filed %+v", d.Filed)
	}
	if !slices.Equal(due, []string{"K1-0110-004", "K1-0910-002", "K1-0810-007"}) || !d.Due[0].Late || d.Due[1].Late {
		t.Errorf("due %+v", d.Due)
	}
	if len(d.Decisions) != 3 || d.Decisions[0].Action != desk.Finish || d.Decisions[2].Officer != "an" || d.Count(desk.Ask) != 1 {
		t.Errorf("decisions %+v", d.Decisions)
	}
	if !slices.Equal(d.Skipped, []Gap{{"K1", 1, 1}, {"K1", 3, 8}}) {
		t.Errorf("skipped %+v", d.Skipped)
	}
	if d.Day != "2026-10-09" || d.Next != "2026-10-12" || d.Total.Received != 3 || d.Total.Resolved != 1 || d.Slips != 3 || !d.Complete {
		t.Errorf("%+v", d)
	}
	// At nine o'clock the rest had not happened.
	if early := MakeDay(day, next, Input{Records: records}, DayLog{}, at("2026-10-09 09:00")); len(early.Filed) != 1 || len(early.Decisions) != 1 || early.Complete {
		t.Errorf("%+v", early)
	}
}

package calendar

import (
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"motcua/assets"
	"motcua/kiosk/identity"
)

func load(t testing.TB, offices ...fstest.MapFS) (*Calendar, error) {
	t.Helper()
	if len(offices) > 0 {
		return Load(DefaultHours(), assets.FS, offices[0])
	}
	return Load(DefaultHours(), assets.FS)
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	m, err := time.ParseInLocation("2006-01-02 15:04", s, Zone)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTerms(t *testing.T) {
	c, err := load(t)
	if err != nil {
		t.Fatal(err)
	}
	civil := Term{SameDay: true, Cutoff: "15:00", Max: 5}
	for _, tt := range []struct {
		name, received string
		term           Term
		want, rule     string
	}{
		{"three working days over 24 November", "2026-11-23 09:00", Term{Days: 3}, "2026-11-27 17:00", RuleDays},
		{"received on a Saturday morning", "2026-11-21 09:00", Term{Days: 3}, "2026-11-26 17:00", RuleDays},
		{"civil status in the morning", "2026-11-25 09:00", civil, "2026-11-25 17:00", RuleSameDay},
		{"civil status at three o'clock", "2026-11-25 15:00", civil, "2026-11-25 17:00", RuleSameDay},
		{"civil status after three", "2026-11-25 15:01", civil, "2026-11-26 17:00", RuleNextDay},
		{"civil status after three on a Friday", "2026-11-27 15:30", civil, "2026-11-30 17:00", RuleNextDay},
		{"civil status on a Saturday", "2026-11-28 09:00", civil, "2026-11-30 17:00", RuleNextDay},
		{"half a day, in the morning", "2026-11-25 08:00", Term{Half: true}, "2026-11-25 13:45", RuleHalf},
		{"half a day, late in the afternoon", "2026-11-25 16:00", Term{Half: true}, "2026-11-26 10:15", RuleHalf},
		{"eight working hours", "2026-11-25 10:00", Term{Hours: 8}, "2026-11-26 10:30", RuleHours},
		{"eight working hours, received at night", "2026-11-25 22:00", Term{Hours: 8}, "2026-11-27 08:00", RuleHours},
		{"twenty days of the calendar, ending on a Saturday", "2026-11-08 09:00", Term{Calendar: 20}, "2026-11-30 17:00", RuleCalendar},
		{"days with a cut-off", "2026-11-25 16:00", Term{Days: 2, Cutoff: "15:00"}, "2026-11-30 17:00", RuleDays},
		{"one day and a half", "2026-11-25 09:00", Term{Days: 1, Half: true}, "2026-11-27 11:15", RuleHalf},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := c.Due(moment(t, tt.received), tt.term)
			if err != nil || !d.At.Equal(moment(t, tt.want)) || d.Rule != tt.rule {
				t.Errorf("%v %s %v, want %s %s", d.At, d.Rule, err, tt.want, tt.rule)
			}
		})
	}
	d, _ := c.Due(moment(t, "2026-11-23 09:00"), Term{Days: 3, Max: 5})
	if len(d.Skipped) != 1 || d.Skipped[0].Why != "Ngày Văn hóa Việt Nam" || d.Latest != day(t, "2026-12-01") || !d.Unsure {
		t.Errorf("%+v", d)
	}
	for _, bad := range []Term{{}, {Days: -1}, {Days: 10000}, {Days: 1, Cutoff: "25:00"}} {
		if _, err := c.Due(moment(t, "2026-11-23 09:00"), bad); err == nil {
			t.Errorf("%+v is no term", bad)
		}
	}
}

// Properties: never due on a day off or before it was received, later received is never due earlier, and a pause of no
// length changes nothing.
func TestDueProperties(t *testing.T) {
	c, err := load(t)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		received := moment(t, "2025-01-01 00:00").Add(time.Duration(r.IntN(6*365*24*60)) * time.Minute)
		terms := []Term{{Days: 1 + r.IntN(30)}, {Calendar: 1 + r.IntN(60)}, {Hours: 1 + r.IntN(40)}, {Half: true}, {SameDay: true, Cutoff: "15:00"}, {SameDay: true}}
		term := terms[r.IntN(len(terms))]
		d, err := c.Due(received, term)
		if err != nil || !c.Working(identity.DateOf(d.At)) || d.At.Before(received) {
			t.Fatalf("%v %+v: %+v %v", received, term, d, err)
		}
		later, err := c.Due(received.Add(time.Duration(r.IntN(5000))*time.Minute), term)
		if err != nil || later.At.Before(d.At) {
			t.Fatalf("%v %+v: later is earlier", received, term)
		}
		if term.Days > 0 {
			due := identity.DateOf(d.At)
			pause := identity.DateOf(received).AddDays(r.IntN(term.Days + 1))
			if got := c.After(pause, c.Left(pause, due)); pause.Before(due) && got != due {
				t.Fatalf("paused and resumed on %v: %v, was %v", pause, got, due)
			}
		}
	}
}

// TestResumed: what was left of a term goes on once the citizen brought what was lacking, and nothing of the time before is the office's.
func TestResumed(t *testing.T) {
	c, err := load(t)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ due, asked, back, want string }{
		"an hour before the office closes":        {"2026-11-27 16:00", "2026-11-25 09:00", "2026-12-01 15:00", "2026-12-03 16:00"},
		"asked for in the evening":                {"2026-11-27 16:00", "2026-11-24 16:45", "2026-12-01 07:30", "2026-12-04 16:00"},
		"at once":                                 {"2026-11-27 17:00", "2026-11-25 09:00", "2026-11-25 15:00", "2026-11-27 17:00"},
		"two days were left":                      {"2026-11-27 17:00", "2026-11-25 09:00", "2026-12-01 15:00", "2026-12-03 17:00"},
		"brought on a Saturday":                   {"2026-11-27 17:00", "2026-11-25 09:00", "2026-11-28 09:00", "2026-12-01 17:00"},
		"asked for on a Saturday":                 {"2026-11-30 17:00", "2026-11-28 09:00", "2026-11-28 10:00", "2026-11-30 17:00"},
		"on the last day, brought an hour later":  {"2026-11-27 17:00", "2026-11-27 09:00", "2026-11-27 10:00", "2026-11-30 08:30"},
		"on the last day, brought on a Saturday":  {"2026-11-27 17:00", "2026-11-27 15:00", "2026-11-28 10:00", "2026-11-30 09:30"},
		"on the last day, brought in the evening": {"2026-11-27 17:00", "2026-11-27 15:00", "2026-12-01 19:00", "2026-12-02 09:30"},
		"it was late":                             {"2026-11-27 17:00", "2026-11-27 17:01", "2026-12-01 09:00", "2026-11-27 17:00"},
		"late for days":                           {"2026-11-23 17:00", "2026-11-27 09:00", "2026-12-01 09:00", "2026-11-23 17:00"},
		"half a day":                              {"2026-11-27 11:15", "2026-11-27 09:15", "2026-12-01 15:00", "2026-12-01 17:00"},
		"half a day over lunch":                   {"2026-11-27 14:00", "2026-11-27 10:30", "2026-12-01 16:30", "2026-12-02 08:30"},
		"a day and a half":                        {"2026-11-27 11:15", "2026-11-26 16:00", "2026-12-01 16:30", "2026-12-02 13:45"},
	} {
		hours := strings.HasPrefix(name, "half") || strings.HasPrefix(name, "a day and")
		if got := c.Resumed(moment(t, tt.due).UTC(), moment(t, tt.asked).UTC(), moment(t, tt.back), !hours); !got.Equal(moment(t, tt.want)) {
			t.Errorf("%s: %v, want %s", name, got, tt.want)
		}
	}
}

func TestReceives(t *testing.T) {
	c, _ := load(t)
	for _, tt := range []struct {
		at   string
		open bool
		next string
	}{
		{"2026-11-25 08:00", true, "2026-11-25 08:00"}, {"2026-11-25 12:00", false, "2026-11-25 13:30"}, {"2026-11-25 06:00", false, "2026-11-25 07:30"},
		{"2026-11-27 18:00", false, "2026-11-28 07:30"}, {"2026-11-28 08:00", true, "2026-11-28 08:00"}, {"2026-11-28 14:00", false, "2026-11-30 07:30"},
		{"2026-11-24 09:00", false, "2026-11-25 07:30"},
	} {
		open, next := c.Receives(moment(t, tt.at))
		if open != tt.open || !next.Equal(moment(t, tt.next)) {
			t.Errorf("%s: %v %v", tt.at, open, next)
		}
	}
}

func TestParseSpan(t *testing.T) {
	if s, err := ParseSpan("07:30-11:45"); err != nil || s != (Span{7*time.Hour + 30*time.Minute, 11*time.Hour + 45*time.Minute}) {
		t.Errorf("%v, %v", s, err)
	}
	for _, wrong := range []string{"", "07:30", "11:30-07:30", "7-8", "07:30-24:00", "07:30-07:30"} {
		if _, err := ParseSpan(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

func TestOfficeYears(t *testing.T) {
	c, err := load(t, fstest.MapFS{file: {Data: []byte("years:\n  - {year: 2027, decided: true, source: QĐ, tet_before: 2, nation: 1, off: [{day: 2027-04-29, name: hoán đổi}], worked: [2027-05-08]}\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if c.Unsure(2027) || !c.Unsure(2026) || c.Working(day(t, "2027-02-04")) || c.Working(day(t, "2027-04-29")) || !c.Working(day(t, "2027-05-08")) ||
		c.Working(day(t, "2027-09-01")) || !c.Working(day(t, "2027-09-06")) {
		t.Error("the office's year does not count")
	}
	for text, want := range map[string]string{
		"years: [{yeer: 2027}]": "years.yaml:1: no such key", "years:\n- {year: 2027, source: x, worked: [2027-05-07]}": "years.yaml:2",
		"years:\n- {year: 2027, source: x}\n- {year: 2027, source: y}":                               "the year 2027 is there twice",
		"years:\n- {year: 2027, source: x, worked: [2027-05-08], off: [{day: 2027-05-08, name: x}]}": "08/05/2027 is off and worked",
		"years: [{year: 1, source: x}]":                                                              "a year from", "years: [{year: 2027}]": "source",
	} {
		if _, err := load(t, fstest.MapFS{file: {Data: []byte(text)}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func FuzzYears(f *testing.F) {
	f.Add([]byte("years:\n  - {year: 2027, decided: true, source: QĐ, worked: [2027-05-08]}\n"))
	f.Add([]byte("years: [1, {off: [{}]}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if list, err := parse(file, data); err == nil {
			for _, y := range list {
				if y.Year < firstYear || y.Year > lastYear {
					t.Fatal("a year out of range")
				}
			}
		}
	})
}

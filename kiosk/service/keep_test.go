package service

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"motcua/kiosk/identity"
)

func TestKeepUntil(t *testing.T) {
	zone := time.FixedZone("+07", 7*60*60)
	ended := time.Date(2026, 11, 25, 16, 30, 0, 0, zone)
	for _, c := range []struct {
		keep Keep
		want time.Time
	}{
		{Keep{}, time.Time{}},
		{Keep{From: FromYear}, time.Time{}},
		{Keep{Years: 5, From: FromEnded}, time.Date(2031, 11, 26, 0, 0, 0, 0, zone)},
		{Keep{Years: 5, From: FromYear}, time.Date(2032, 1, 1, 0, 0, 0, 0, zone)},
	} {
		if got := c.keep.Until(ended); !got.Equal(c.want) {
			t.Errorf("%+v: %v, want %v", c.keep, got, c.want)
		}
	}
	if got := (Keep{Years: 1, From: FromEnded}).Until(time.Time{}); !got.IsZero() {
		t.Errorf("one that has not ended: %v", got)
	}
}

// An office writes down its own terms; a mistake in them is told, and then none of them counts.
func TestOfficeKeeps(t *testing.T) {
	base := fstest.MapFS{"services/thu.yaml": {Data: []byte(small)}, "pictures/p.svg": {}}
	for _, c := range []struct {
		text    string
		years   int
		mistake string
	}{
		{"keep:\n  thu: {years: 5, from: year, law: Thông tư 1}\n", 5, ""},
		{"keep:\n  thu: {years: 5, from: year}\n", 0, "office/keep.yaml:2: a term needs from, and the law"},
		{"keep:\n  thu: {years: 5, law: x}\n", 0, "office/keep.yaml:2: a term needs from"},
		{"keep:\n  thu: {years: 101, from: year, law: x}\n", 0, "office/keep.yaml:2: a term has 0 to 100 years"},
		{"keep:\n  thu: {years: 5, from: today, law: x}\n", 0, "counted from ended or year"},
		{"keep:\n  thu: {years: 5, from: year, law: x}\n  khac: {years: 5, from: year, law: x}\n", 0, `office/keep.yaml:3: there is no service "khac"`},
		{"keep: [\n", 0, "office/keep.yaml:"},
		{"kept:\n", 0, "office/keep.yaml:1:"},
	} {
		catalogue, err := Load(base, fstest.MapFS{keepFile: {Data: []byte(c.text)}})
		if err != nil {
			t.Fatal(err)
		}
		s, ok := catalogue.Get("thu", today)
		if !ok || s.Keep.Years != c.years {
			t.Errorf("%q: %+v", c.text, s.Keep)
		}
		for _, day := range []identity.Date{today, {Year: 1999, Month: 1, Day: 1}} { // also of before the definition
			if got := catalogue.Keep("thu", day); got.Years != c.years {
				t.Errorf("%q: filed on %v: %+v", c.text, day, got)
			}
		}
		if got := catalogue.Keep("khac", today); got != (Keep{}) {
			t.Errorf("of no service: %+v", got)
		}
		if err := catalogue.Check(); c.mistake == "" && err != nil || c.mistake != "" && (err == nil || !strings.Contains(err.Error(), c.mistake)) {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}

package vncard_test

import (
	"fmt"
	"testing"
	"time"

	"motcua/devices/card/vncard"
)

func day(t *testing.T, s string) vncard.Date {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return vncard.Date{Year: d.Year(), Month: d.Month(), Day: d.Day()}
}

func TestExpiryCandidates(t *testing.T) {
	for _, v := range []struct{ birth, issued, want string }{
		// Law of 2014: 25, 40, 60.
		{"1990-01-01", "2021-02-01", "[2030-01-01 2050-01-01 2099-12-31]"},
		{"2003-11-30", "2021-06-10", "[2028-11-30 2043-11-30 2063-11-30 2099-12-31]"},
		{"1951-12-24", "2021-04-20", "[2099-12-31]"},
		{"1965-06-15", "2023-07-20", "[2099-12-31 2025-06-15]"}, // 58: within two years before 60
		{"1965-06-15", "2023-06-20", "[2099-12-31 2025-06-15]"}, // and days after the boundary
		{"1965-06-15", "2023-06-10", "[2025-06-15 2099-12-31]"}, // days before it
		{"1999-06-15", "2022-06-14", "[2024-06-15 2039-06-15 2059-06-15 2099-12-31]"},
		{"1999-06-15", "2022-06-15", "[2039-06-15 2024-06-15 2059-06-15 2099-12-31]"},
		// Law of 2023: 14 too.
		{"2015-03-03", "2024-09-09", "[2029-03-03 2040-03-03 2055-03-03 2075-03-03 2099-12-31]"},
		{"1979-10-02", "2024-12-01", "[2039-10-02 2099-12-31]"},
		{"2011-03-03", "2024-06-30", "[2036-03-03 2051-03-03 2071-03-03 2099-12-31]"},
		// 29 February.
		{"2004-02-29", "2021-10-10", "[2029-02-28 2029-03-01 2044-02-29 2064-02-29 2099-12-31]"},
		{"1996-02-29", "2022-08-08", "[2036-02-29 2056-02-29 2099-12-31]"},
	} {
		got := vncard.ExpiryCandidates(day(t, v.birth), day(t, v.issued))
		if fmt.Sprint(got) != v.want {
			t.Errorf("born %s, issued %s: %v, want %s", v.birth, v.issued, got, v.want)
		}
	}
	for _, bad := range [][2]vncard.Date{{}, {{Year: 1990, Month: 1, Day: 1}, {}}, {{Year: 1990, Month: 2, Day: 30}, {Year: 2021, Month: 1, Day: 1}},
		{{Year: 2021, Month: 1, Day: 1}, {Year: 1990, Month: 1, Day: 1}}} {
		if got := vncard.ExpiryCandidates(bad[0], bad[1]); got != nil {
			t.Errorf("%v: %v", bad, got)
		}
	}
}

func TestDate(t *testing.T) {
	d, ok := vncard.ParseDate("03/12/1987")
	if !ok || d.String() != "1987-12-03" || d.MRZ() != "871203" || d.IsZero() {
		t.Errorf("%v", d)
	}
	if vncard.NoExpiry().MRZ() != "991231" || !(vncard.Date{}).IsZero() || !d.Before(vncard.NoExpiry()) {
		t.Error("no expiry")
	}
	for _, bad := range []string{"", "3/12/1987", "31/02/1987", "1987-12-03", "03/12/87"} {
		if d, ok := vncard.ParseDate(bad); ok {
			t.Errorf("%q: %v", bad, d)
		}
	}
}

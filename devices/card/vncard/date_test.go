package vncard_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
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
	for _, v := range []struct{ name, birth, issued, want string }{
		{"2014: before 23", "1999-06-15", "2022-06-10", "[2024-06-15 2039-06-15 2059-06-15 2099-12-31]"},
		{"2014: last day before 23", "1999-06-15", "2022-06-14", "[2024-06-15 2039-06-15 2059-06-15 2099-12-31]"},
		{"2014: the day of 23", "1999-06-15", "2022-06-15", "[2039-06-15 2024-06-15 2059-06-15 2099-12-31]"},
		{"2014: months after 23", "1999-06-15", "2022-10-15", "[2039-06-15 2024-06-15 2059-06-15 2099-12-31]"},
		{"2014: the day before 25", "1997-06-15", "2022-06-14", "[2037-06-15 2022-06-15 2057-06-15 2099-12-31]"},
		{"2014: the day of 25", "1997-06-15", "2022-06-15", "[2037-06-15 2057-06-15 2099-12-31]"},
		{"2014: between 25 and 38", "1990-01-01", "2021-02-01", "[2030-01-01 2050-01-01 2099-12-31]"},
		{"2014: the day of 40", "1982-06-15", "2022-06-15", "[2042-06-15 2099-12-31]"},
		{"2014: at 17", "2003-11-30", "2021-06-10", "[2028-11-30 2043-11-30 2063-11-30 2099-12-31]"},
		{"2014: a child, who could have none", "2011-03-03", "2024-06-30", "[2036-03-03 2051-03-03 2071-03-03 2099-12-31]"},
		{"2014: days before 58", "1965-06-15", "2023-06-10", "[2025-06-15 2099-12-31]"},
		{"2014: days after 58", "1965-06-15", "2023-06-20", "[2099-12-31 2025-06-15]"},
		{"2014: past 58", "1965-06-15", "2023-07-20", "[2099-12-31 2025-06-15]"},
		{"2014: the day of 60", "1963-06-15", "2023-06-15", "[2099-12-31]"},
		{"2014: at 69", "1951-12-24", "2021-04-20", "[2099-12-31]"},
		{"2023: an infant", "2025-03-03", "2025-04-01", "[2039-03-03 2050-03-03 2065-03-03 2085-03-03 2099-12-31]"},
		{"2023: on the day of birth", "2025-03-03", "2025-03-03", "[2039-03-03 2050-03-03 2065-03-03 2085-03-03 2099-12-31]"},
		{"2023: at 9", "2015-03-03", "2024-09-09", "[2029-03-03 2040-03-03 2055-03-03 2075-03-03 2099-12-31]"},
		{"2023: the law's first day", "2012-09-01", "2024-07-01", "[2026-09-01 2037-09-01 2052-09-01 2072-09-01 2099-12-31]"},
		{"2023: the day of 12", "2012-09-01", "2024-09-01", "[2037-09-01 2026-09-01 2052-09-01 2072-09-01 2099-12-31]"},
		{"2023: at 13", "2012-09-01", "2025-10-01", "[2037-09-01 2026-09-01 2052-09-01 2072-09-01 2099-12-31]"},
		{"2023: the day of 14", "2012-09-01", "2026-09-01", "[2037-09-01 2052-09-01 2072-09-01 2099-12-31]"},
		{"2023: at 45", "1979-10-02", "2024-12-01", "[2039-10-02 2099-12-31]"},
		{"29 February: 25 is in no leap year", "2004-02-29", "2021-10-10", "[2029-02-28 2029-03-01 2029-02-29 2044-02-29 2064-02-29 2099-12-31]"},
		{"29 February: 40 is", "1996-02-29", "2022-08-08", "[2036-02-29 2056-02-29 2099-12-31]"},
		{"29 February: the boundary of 58", "1968-02-29", "2026-03-01", "[2099-12-31 2028-02-29]"},
		{"29 February: its other side", "1968-02-29", "2026-02-28", "[2028-02-29 2099-12-31]"},
	} {
		t.Run(v.name, func(t *testing.T) {
			if got := vncard.ExpiryCandidates(day(t, v.birth), day(t, v.issued)); fmt.Sprint(got) != v.want {
				t.Errorf("born %s, issued %s: %v, want %s", v.birth, v.issued, got, v.want)
			}
		})
	}
	for _, bad := range [][2]vncard.Date{{}, {{Year: 1990, Month: 1, Day: 1}, {}}, {{Year: 1990, Month: 2, Day: 30}, {Year: 2021, Month: 1, Day: 1}},
		{{Year: 2021, Month: 1, Day: 1}, {Year: 1990, Month: 1, Day: 1}}} {
		if got := vncard.ExpiryCandidates(bad[0], bad[1]); got != nil {
			t.Errorf("%v: %v", bad, got)
		}
	}
}

// office is a way of counting that an issuing office may have: what the law leaves open, and mistakes.
type office struct {
	boundaryIsEarly bool // the first day of the two years still counts as before them
	processing      int  // days between the application, by which the two years are counted, and the date of issue
	noEarlyRule     bool // nobody thinks of the two years
	leap            int  // of 29 February: 0 is 28 February, 1 is 1 March, 2 is 29 February in every year
}

// expiry is written apart from the program's: by days of age in the application's year, not by boundaries.
func (o office) expiry(birth, issued time.Time) string {
	applied := issued.AddDate(0, 0, -o.processing)
	ages := []int{25, 40, 60}
	if !issued.Before(time.Date(2024, time.July, 1, 0, 0, 0, 0, time.UTC)) {
		ages = []int{14, 25, 40, 60}
	}
	for _, age := range ages {
		last := birth.AddDate(age, 0, 0)
		if !o.noEarlyRule {
			last = birth.AddDate(age-2, 0, 0)
		}
		if applied.Before(last) || o.boundaryIsEarly && applied.Equal(last) {
			return o.birthday(birth, age)
		}
	}
	return "991231"
}

func (o office) birthday(birth time.Time, age int) string {
	d := birth.AddDate(age, 0, 0)
	if d.Day() == birth.Day() || o.leap == 1 {
		return d.Format("060102")
	}
	if o.leap == 2 {
		return d.Format("06") + "0229"
	}
	return d.AddDate(0, 0, -1).Format("060102")
}

// TestExpiryTries counts the attempts that a made-up population costs: ages from birth to 90, cards issued from 2021 to
// 2025, as offices may have counted. All open; the bounds are what was counted, with nothing to spare but the rounding.
func TestExpiryTries(t *testing.T) {
	const people = 20000
	for _, v := range []struct {
		name   string
		office office
		leap   bool // all are born on 29 February
		mean   float64
		max    int
	}{
		{"as the law says", office{}, false, 1, 1},
		{"the boundary's day before it", office{boundaryIsEarly: true}, false, 1.0003, 2},
		{"counted by the application, 7 days before", office{processing: 7}, false, 1.001, 2},
		{"counted by the application, 30 days before", office{processing: 30}, false, 1.0032, 2},
		{"without the two years", office{noEarlyRule: true}, false, 1.084, 2},
		{"29 February is the 28th", office{}, true, 1, 1},
		{"29 February is 1 March", office{leap: 1}, true, 1.159, 2},
		{"29 February stays", office{leap: 2}, true, 1.318, 3},
		{"29 February stays, counted by the application", office{leap: 2, processing: 30}, true, 1.32, 4},
	} {
		t.Run(v.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(13, 24))
			tries := map[int]int{}
			sum := 0
			for range people {
				birth, issued := somebody(random, v.leap)
				n := triesFor(birth, issued, v.office.expiry(birth, issued))
				if n == 0 {
					t.Fatalf("born %s, issued %s: never opened", birth.Format(time.DateOnly), issued.Format(time.DateOnly))
				}
				tries[n]++
				sum += n
			}
			mean, most := float64(sum)/people, slices.Max(slices.Collect(maps.Keys(tries)))
			t.Logf("%d people: mean %.4f, most %d, people by tries %v", people, mean, most, tries)
			if mean > v.mean || most > v.max {
				t.Errorf("mean %.4f, most %d; want at most %.4f and %d", mean, most, v.mean, v.max)
			}
		})
	}
}

// somebody has a card that was issued from 2021 on, to those from 14 only before 1 July 2024.
func somebody(random *rand.Rand, leap bool) (birth, issued time.Time) {
	const days, life, first = 5 * 365, 90 * 365, 14
	issued = time.Date(2021, time.January, 1+random.IntN(days), 0, 0, 0, 0, time.UTC)
	for {
		birth = issued.AddDate(0, 0, -random.IntN(life))
		if leap {
			birth = time.Date(birth.Year()/4*4, time.February, 29, 0, 0, 0, 0, time.UTC)
		}
		young := birth.AddDate(first, 0, 0).After(issued) && issued.Before(time.Date(2024, time.July, 1, 0, 0, 0, 0, time.UTC))
		if !young && !birth.After(issued) {
			return birth, issued
		}
	}
}

// triesFor is at which candidate the chip opens; 0: at none.
func triesFor(birth, issued time.Time, expiry string) int {
	for i, d := range vncard.ExpiryCandidates(vncard.DateOf(birth), vncard.DateOf(issued)) {
		if d.MRZ() == expiry {
			return i + 1
		}
	}
	return 0
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

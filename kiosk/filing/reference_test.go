package filing

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/identity"
)

// The example of the Global Release Identifier Standard (IFPI), which uses ISO 7064 MOD 37,36 too: A12425GABC1234002M.
func TestCheckCharacterOfAnotherStandard(t *testing.T) {
	if c, ok := checkCharacter("A12425GABC1234002"); !ok || c != 'M' {
		t.Errorf("got %c", c)
	}
	if _, ok := checkCharacter("A1-2425"); ok {
		t.Error("a hyphen has no value")
	}
}

var example = Reference{"05200", "K1", identity.Date{Year: 2026, Month: time.November, Day: 23}, 47}

// What the check character promises: every wrong character is seen.
func TestCheckCharacterSeesAWrongCharacter(t *testing.T) {
	for serial := 1; serial < 400; serial++ {
		r := example
		r.Serial = serial
		text := strings.ReplaceAll(r.String(), ".", "")
		body, check := text[:len(text)-1], text[len(text)-1]
		for i := range body {
			for _, other := range alphabet {
				wrong := body[:i] + string(other) + body[i+1:]
				if c, _ := checkCharacter(wrong); wrong != body && c == check {
					t.Fatalf("%s passes for %s", wrong, body)
				}
			}
		}
	}
}

// And nearly every swap of neighbours: the first character leads to each of the 36 states of the arithmetic, so these are
// all the cases that there are.
func TestCheckCharacterSeesSwaps(t *testing.T) {
	swaps, missed := 0, 0
	for _, before := range alphabet {
		for _, a := range alphabet {
			for _, b := range alphabet {
				if a == b {
					continue
				}
				one, _ := checkCharacter(string([]rune{before, a, b}))
				other, _ := checkCharacter(string([]rune{before, b, a}))
				swaps++
				if one == other {
					missed++
				}
			}
		}
	}
	if missed*630 != swaps {
		t.Errorf("%d of %d swaps pass, not one in 630", missed, swaps)
	}
}

func TestReferenceForms(t *testing.T) {
	full := example.String()
	if !strings.HasPrefix(full, "05200.K1.261123.047.") || len(full) != len("05200.K1.261123.047.X") {
		t.Fatalf("full form %s", full)
	}
	if s := example.Short(); s != "K1-2311-047" {
		t.Errorf("short form %s", s)
	}
	for _, s := range []string{full, strings.ToLower(full), " " + full + "\r\n"} {
		if r, err := ParseReference(s); err != nil || r != example {
			t.Errorf("%q: %+v, %v", s, r, err)
		}
	}
	busy := example
	busy.Serial = 1204
	if s := busy.Short(); s != "K1-2311-1204" {
		t.Errorf("short form %s", s)
	}
	if r, err := ParseReference(busy.String()); err != nil || r != busy {
		t.Errorf("%s: %+v, %v", busy, r, err)
	}
	if s := (Reference{}).String() + (Reference{}).Short(); s != "" {
		t.Errorf("no number is %q", s)
	}
}

func TestParseReferenceRefuses(t *testing.T) {
	full := example.String()
	check := full[len(full)-1:]
	for _, s := range []string{
		"", "K1-2311-047", "05200.K1.261123.047", "0520.K1.261123.047." + check, "05200.1K.261123.047." + check,
		"05200..261123.047." + check, "05200.K1.261323.047." + check, "05200.K1.260230.047." + check,
		"05200.K1.261123.47." + check, "05200.K1.261123.0047." + check, "05200.K1.261123.000." + check,
		"05200.K1.261123.-47." + check, full + "Y", full + ".", "05200.K1.261123.047.*", "05200.K1.261123.047.É",
		"05200.K1XXXXXXX.261123.047." + check, strings.Repeat("0", 100),
	} {
		if r, err := ParseReference(s); !errors.Is(err, ErrReference) || !r.IsZero() {
			t.Errorf("%q: %+v, %v", s, r, err)
		}
	}
	for _, s := range []string{
		strings.Replace(full, ".047.", ".048.", 1), strings.Replace(full, "K1", "K2", 1), strings.Replace(full, ".047.", ".074.", 1),
	} {
		if r, err := ParseReference(s); !errors.Is(err, ErrCheck) || !r.IsZero() {
			t.Errorf("%q: %+v, %v", s, r, err)
		}
	}
}

func TestNewReferenceRefuses(t *testing.T) {
	day := example.Day
	for name, err := range map[string]error{
		"commune":   second(NewReference("5200", "K1", day, 1)),
		"station":   second(NewReference("05200", "k1", day, 1)),
		"no day":    second(NewReference("05200", "K1", identity.Date{}, 1)),
		"far day":   second(NewReference("05200", "K1", identity.Date{Year: 2100, Month: 1, Day: 1}, 1)),
		"wrong day": second(NewReference("05200", "K1", identity.Date{Year: 2026, Month: 2, Day: 30}, 1)),
		"zero":      second(NewReference("05200", "K1", day, 0)),
		"too large": second(NewReference("05200", "K1", day, 1_000_000)),
	} {
		if !errors.Is(err, ErrReference) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ Reference, err error) error { return err }

// The year has two digits, and they mean this century to its end, where time.Parse would switch to the last at 69.
func TestReferenceCentury(t *testing.T) {
	for year := 2000; year <= 2099; year++ {
		r := example
		r.Day.Year = year
		if got, err := ParseReference(r.String()); err != nil || got != r {
			t.Errorf("%s: %+v, %v", r, got, err)
		}
	}
	leap := example
	leap.Day = identity.Date{Year: 2072, Month: time.February, Day: 29}
	if got, err := ParseReference(leap.String()); err != nil || got != leap {
		t.Errorf("%s: %+v, %v", leap, got, err)
	}
}

func TestParseShort(t *testing.T) {
	want := Short{"K1", 23, time.November, 47}
	for _, s := range []string{"K1-2311-047", "k1-2311-47", " K1-2311-000047 "} {
		if got, err := ParseShort(s); err != nil || got != want {
			t.Errorf("%q: %+v, %v", s, got, err)
		}
	}
	if got, err := ParseShort("K1-2902-001"); err != nil || got.Day != 29 {
		t.Errorf("29 February: %+v, %v", got, err)
	}
	for _, s := range []string{"", "K1-2311", "K1-3211-047", "K1-3002-047", "1-2311-047", "K1-2311-0", "K1-2311-+47", "K1-2311-1234567", "K1-2311-047-1"} {
		if got, err := ParseShort(s); !errors.Is(err, ErrReference) {
			t.Errorf("%q: %+v, %v", s, got, err)
		}
	}
}

func TestReferenceJSON(t *testing.T) {
	text, err := json.Marshal(Filing{Reference: example})
	if err != nil || !strings.Contains(string(text), `"reference":"`+example.String()+`"`) {
		t.Fatalf("%s, %v", text, err)
	}
	var f Filing
	if err := json.Unmarshal(text, &f); err != nil || f.Reference != example {
		t.Errorf("%+v, %v", f.Reference, err)
	}
	if err := json.Unmarshal([]byte(`{"reference":""}`), &f); err != nil || !f.Reference.IsZero() {
		t.Errorf("no number: %+v, %v", f.Reference, err)
	}
	if err := json.Unmarshal([]byte(`{"reference":"05200.K1.261123.047.!"}`), &f); !errors.Is(err, ErrReference) {
		t.Errorf("not a number: %v", err)
	}
}

func FuzzParseReference(f *testing.F) {
	f.Add(example.String())
	f.Add("05200.K1.261123.1047.A")
	f.Add("K1-2311-047")
	f.Fuzz(func(t *testing.T, s string) {
		if short, err := ParseShort(s); err == nil {
			if again, err := ParseShort(short.String()); err != nil || again != short {
				t.Fatalf("%q: %+v, %+v, %v", s, short, again, err)
			}
		}
		r, err := ParseReference(s)
		if err != nil {
			if !errors.Is(err, ErrReference) && !errors.Is(err, ErrCheck) || !r.IsZero() {
				t.Fatalf("%q: %+v, %v", s, r, err)
			}
			return
		}
		if r.String() != strings.ToUpper(strings.TrimSpace(s)) {
			t.Fatalf("%q became %s", s, r)
		}
		short, err := ParseShort(r.Short())
		if err != nil || short != (Short{r.Station, r.Day.Day, r.Day.Month, r.Serial}) {
			t.Fatalf("%s: %+v, %v", r.Short(), short, err)
		}
	})
}

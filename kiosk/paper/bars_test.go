package paper

import (
	"fmt"
	"image"
	"strings"
	"testing"
)

const barBlock = "  - bars: {rows: bars, label: what, values: [{key: n_a, title: Nhận}, {key: n_b, title: Trả}]}\n"

func barValues(n int) Values {
	v := Values{Rows: map[string][]map[string]string{}}
	for i := range n {
		v.Rows["bars"] = append(v.Rows["bars"], map[string]string{"what": fmt.Sprint("Việc ", i+1), "n_a": fmt.Sprint(1 + i), "n_b": "1.000"})
	}
	return v
}

// Bars are as long as their numbers are.
func TestBars(t *testing.T) {
	f := one(t, barBlock)
	v := Values{Rows: map[string][]map[string]string{"bars": {
		{"what": "nhiều", "n_a": "2.000", "n_b": "500"}, {"what": "không", "n_a": "0", "n_b": "chữ"}}}}
	page := pages(t, render(t, f, v))[0]
	long, short := darkest(page, 0, 160), darkest(page, 160, 250)
	if long < 200 || short < long/5 || short > long/3 {
		t.Errorf("2.000 is %d pixels long, 500 %d", long, short)
	}
	text := plain(t, render(t, f, v))
	for _, want := range []string{"nhiều", "2.000", "500", "không", "chữ", "Nhận", "Trả"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not there", want)
		}
	}
}

// darkest is how long the longest run of pixels between two greys is.
func darkest(g *image.Gray, from, to uint8) int {
	best := 0
	for y := range g.Rect.Dy() {
		run := 0
		for x := range g.Rect.Dx() {
			if v := g.GrayAt(x, y).Y; v >= from && v < to {
				run++
				best = max(best, run)
			} else {
				run = 0
			}
		}
	}
	return best
}

// A chart that a page can hold is not cut; a longer one goes on.
func TestBarsStayTogether(t *testing.T) {
	f := one(t, "  - space: 150\n"+barBlock)
	text := plain(t, render(t, f, barValues(20)))
	if first, _, _ := strings.Cut(text, "\f"); strings.Contains(first, "Việc") {
		t.Errorf("the first page has a piece of the chart: %q", first)
	}
	if got := len(pages(t, render(t, f, barValues(100)))); got < 3 {
		t.Errorf("100 bars take %d pages", got)
	}
}

func TestAmount(t *testing.T) {
	for s, want := range map[string]int{"": 0, "0": 0, "12.345": 12345, " 7 ": 7, "-3": 0, "97,2 %": 0, "9999999999999999999": 0, "999.999.999": 999999999, "1.000.000.000": 0} {
		if got := amount(s); got != want {
			t.Errorf("%q is %d, not %d", s, got, want)
		}
	}
}

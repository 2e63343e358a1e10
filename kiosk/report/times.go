package report

import (
	"encoding/json"
	"slices"
	"time"
)

// Spread is how long something took over many cases.
type Spread struct {
	Count       int
	Median, P90 time.Duration // nearest rank: values that were seen
	Max         time.Duration
}

// spread sorts durations. What a clock that was set back made negative counts as nothing.
func spread(all []time.Duration) Spread {
	if len(all) == 0 {
		return Spread{}
	}
	slices.Sort(all)
	rank := func(percent int) time.Duration {
		i := (percent*len(all)+99)/100 - 1 // the smallest value that so many in a hundred do not exceed
		return max(0, all[i])
	}
	return Spread{len(all), rank(50), rank(90), rank(100)}
}

// MarshalJSON gives {"count","median","p90","max"} in seconds.
func (s Spread) MarshalJSON() ([]byte, error) {
	second := func(d time.Duration) int64 { return int64(d.Round(time.Second) / time.Second) }
	return json.Marshal(map[string]int64{"count": int64(s.Count), "median": second(s.Median), "p90": second(s.P90), "max": second(s.Max)})
}

// Package timing says how long things took: how many, how many a second, and the times that most of them kept.
package timing

import (
	"slices"
	"time"
)

// Series are the durations of one kind of thing. It is not for several goroutines.
type Series []time.Duration

// Time runs do and adds how long it took, also if it fails.
func (s *Series) Time(do func() error) error {
	began := time.Now()
	err := do()
	*s = append(*s, time.Since(began))
	return err
}

// Row is a Series in short. Times are milliseconds.
type Row struct {
	What      string  `json:"what"`
	Count     int     `json:"count"`
	PerSecond float64 `json:"per_second"` // of the time that was spent on it
	P50       float64 `json:"p50_ms"`
	P95       float64 `json:"p95_ms"`
	P99       float64 `json:"p99_ms"`
	Max       float64 `json:"max_ms"`
}

// Row sums the series up; spent is the time in which all of it happened, their sum if zero.
func (s Series) Row(what string, spent time.Duration) Row {
	r := Row{What: what, Count: len(s)}
	if len(s) == 0 {
		return r
	}
	sorted := slices.Sorted(slices.Values(s))
	if spent == 0 {
		for _, d := range sorted {
			spent += d
		}
	}
	if spent > 0 {
		r.PerSecond = float64(len(s)) / spent.Seconds()
	}
	const half, most, nearlyAll = 50, 95, 99
	r.P50, r.P95, r.P99, r.Max = ms(rank(sorted, half)), ms(rank(sorted, most)), ms(rank(sorted, nearlyAll)), ms(sorted[len(sorted)-1])
	return r
}

// rank is the smallest duration that so many of a hundred do not exceed (the nearest rank).
func rank(sorted []time.Duration, percent int) time.Duration {
	const hundred = 100
	at := (len(sorted)*percent + hundred - 1) / hundred
	return sorted[max(at, 1)-1]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

package timing

import (
	"errors"
	"testing"
	"time"
)

func TestRow(t *testing.T) {
	var s Series
	for i := range 100 {
		s = append(s, time.Duration(100-i)*time.Millisecond) // 100 to 1 ms
	}
	want := Row{What: "x", Count: 100, PerSecond: 10, P50: 50, P95: 95, P99: 99, Max: 100}
	if got := s.Row("x", 10*time.Second); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := s.Row("x", 0).PerSecond; got < 19.8 || got > 19.81 { // of 5.05 s
		t.Errorf("%v a second", got)
	}
	one := Series{time.Second}
	if got := one.Row("one", 0); got.P50 != 1000 || got.P99 != 1000 || got.PerSecond != 1 {
		t.Errorf("%+v", got)
	}
	if got := (Series{}).Row("none", 0); got.Count != 0 || got.PerSecond != 0 {
		t.Errorf("%+v", got)
	}
	wrong := errors.New("wrong")
	var timed Series
	if err := timed.Time(func() error { return wrong }); err != wrong || len(timed) != 1 {
		t.Errorf("%v, %v", err, timed)
	}
}

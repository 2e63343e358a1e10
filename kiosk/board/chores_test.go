package board

import (
	"sync"
	"sync/atomic"
	"testing"
)

// What is asked for is done after it was asked for, however the asking falls; never twice at a time.
func TestErrand(t *testing.T) {
	var e errand
	var at, overlap atomic.Int32
	var asked, seen atomic.Int64
	var left sync.WaitGroup
	beside := func(do func()) { left.Go(do) }
	do := func() {
		if at.Add(1) != 1 {
			overlap.Add(1)
		}
		seen.Store(asked.Load())
		at.Add(-1)
	}
	var askers sync.WaitGroup
	for range 4 {
		askers.Go(func() {
			for range 20_000 {
				asked.Add(1)
				e.run(beside, do)
			}
		})
	}
	askers.Wait()
	left.Wait()
	if overlap.Load() != 0 || seen.Load() != asked.Load() {
		t.Errorf("%d at the same time; after %d were asked for the last saw %d", overlap.Load(), asked.Load(), seen.Load())
	}
}

// Package health is the board of a station's parts: what is there, what is not and why, what does not work and why.
//
// motcuactl doctor prints it and ends with its exit status; the technician's page shows the same. The parts themselves
// are looked at by functions that the caller hands in (kiosk/station knows the devices): Run calls them side by side,
// each for a limited time, and answers in the order in which they were given.
//
// Why three states and not two: "no scanner, because none is attached and the driver is auto" is how most offices
// begin and is no fault; "no scanner, because the one that motcua.toml names does not open" is. Absent is the first,
// Failed the second, and only Failed makes the doctor end with a status other than 0.
package health

import (
	"context"
	"fmt"
	"sync"
	"time"

	"motcua/kiosk/fault"
)

// State is how a part is.
type State string

// The three states.
const (
	Present State = "present" // it is there and answered
	Absent  State = "absent"  // it is not there, and nothing asks for it; Because says how that is known
	Failed  State = "failed"  // it should work and does not; Because says why, Code which kind of failure
)

// Item is one part of the station.
type Item struct {
	Name    string            `json:"name"`              // what it is: "reader", "printer", "store"
	State   State             `json:"state"`             //
	Because string            `json:"because,omitempty"` // the reason, for a technician; never empty when absent or failed
	Code    fault.Code        `json:"code,omitempty"`    // the failure's code when failed
	Detail  map[string]string `json:"detail,omitempty"`  // what it said of itself: model, firmware, free bytes
	MS      int64             `json:"ms"`                // how long the look took, in milliseconds
}

// There is a part that answered. detail may be nil.
func There(detail map[string]string) Item { return Item{State: Present, Detail: detail} }

// NotThere is a part that is not there and that nothing asks for.
func NotThere(because string) Item { return Item{State: Absent, Because: because} }

// Broken is a part that should work and does not. The code is the error's own.
func Broken(err error) Item {
	if err == nil {
		err = errNoReason
	}
	return Item{State: Failed, Because: err.Error(), Code: fault.CodeOf(err)}
}

var errNoReason = fault.Newf(fault.Internal, "no reason was given")

// Probe looks at one part.
type Probe struct {
	Name string
	// Look finds out how the part is. It should end with its context; one that does not is reported as failed and
	// left behind.
	Look func(ctx context.Context) Item
}

// Run looks at all parts at once, at each for at most limit, and gives the board in the order of the probes.
func Run(ctx context.Context, limit time.Duration, probes ...Probe) Report {
	items := make([]Item, len(probes))
	var looks sync.WaitGroup
	for i, probe := range probes {
		looks.Go(func() { items[i] = look(ctx, limit, probe) })
	}
	looks.Wait()
	return Report{Items: items}
}

// look gives the probe's answer, or a failure when none comes in time. The probe's own goroutine outlives look only
// if it ignores its context; the channel has room, so that it can always end.
func look(ctx context.Context, limit time.Duration, probe Probe) Item {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	began := time.Now()
	answer := make(chan Item, 1)
	go func() { answer <- probe.Look(ctx) }()
	var item Item
	select {
	case item = <-answer:
	case <-ctx.Done():
		item = late(answer, limit, ctx.Err())
	}
	return item.checked(probe.Name, time.Since(began))
}

// graceAfterLimit is how long a probe that minds its context may take to say what it was waiting for.
const graceAfterLimit = 100 * time.Millisecond

// late is the answer of a probe whose time is up: its own, if it comes now, which knows more than we do.
func late(answer <-chan Item, limit time.Duration, cause error) Item {
	select {
	case item := <-answer:
		return item
	case <-time.After(graceAfterLimit):
		return Broken(fault.New(fault.Internal, fmt.Errorf("no answer within %v: %w", limit, cause)))
	}
}

// checked makes an item keep its promises: a name, a known state, a reason when it is not present, a code when failed.
func (i Item) checked(name string, took time.Duration) Item {
	i.Name, i.MS = name, took.Milliseconds()
	switch i.State {
	case Present:
		i.Code = ""
		return i
	case Absent:
		i.Code = ""
	default:
		i.State = Failed
		if i.Code == "" {
			i.Code = fault.Internal
		}
	}
	if i.Because == "" {
		i.Because = "no reason was given"
	}
	return i
}

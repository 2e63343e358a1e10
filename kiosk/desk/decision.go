package desk

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"motcua/kiosk/filing"
)

// Action is what an officer decides.
type Action string

// The actions. Their forms are those of Circular 03/2025/TT-VPCP, and for residence those of the ministry.
const (
	Receive  Action = "receive"  // taken on, with the due date (Mẫu 01, CT04)
	Ask      Action = "ask"      // to be completed: full, specific, once (Mẫu 02, CT05)
	Supply   Action = "supply"   // the citizen brought what was asked for
	Refuse   Action = "refuse"   // with grounds (Mẫu 03, CT06)
	Extend   Action = "extend"   // with an apology and a new date (Mẫu 04)
	Stop     Action = "stop"     // resolution ends without a result (Mẫu 05)
	Forward  Action = "forward"  // to the authority whose it is
	Finish   Action = "finish"   // the result is there
	Hand     Action = "hand"     // the result was handed over
	Withdraw Action = "withdraw" // the citizen takes it back
)

// Decision is one act of an officer on a filing.
type Decision struct {
	Action  Action    `json:"action"`
	Officer string    `json:"officer"`          // account
	At      time.Time `json:"at"`               // Case.Moment of Clock
	Clock   time.Time `json:"-"`                // what the clock said, if that is not At
	Reason  string    `json:"reason,omitempty"` // refuse, extend, stop, ask, withdraw
	Items   []string  `json:"items,omitempty"`  // ask: each thing that is lacking
	Due     time.Time `json:"due,omitzero"`     // receive, supply, extend: the date from then on; zero leaves the one before
	To      string    `json:"to,omitempty"`     // forward: the authority
	Confirm Confirm   `json:"confirm,omitempty"`
	Printed bool      `json:"printed,omitempty"` // its form came out of the printer
	Sent    bool      `json:"sent,omitempty"`    // the portal has it
}

// Confirm is how the citizen confirmed that the result was handed over.
type Confirm string

// How it is confirmed.
const (
	Signature Confirm = "signature"
	Thumb     Confirm = "thumb" // a thumb print, of who cannot write
	ByPost    Confirm = "post"  // the post's receipt
)

// Case is where a filing stands at the desk.
type Case struct {
	Status filing.Status
	Filed  time.Time
	Due    time.Time // promised to the citizen, from the filing on if its term was known then; zero: nothing was promised
	Holder string    // the officer who has it open; "" if nobody
	// History is every decision that holds, oldest first.
	History []Decision
	Last    int // number of the last of them within the filing, 0 for none; those that were taken back have numbers, too
}

// The errors of Apply; each has words for the officer in assets/text under desk.error.
var (
	ErrMove    = errors.New("desk: not from where the filing stands")
	ErrOnce    = errors.New("desk: only once")
	ErrReason  = errors.New("desk: a reason in words is needed")
	ErrItems   = errors.New("desk: what is lacking has to be listed, each thing by itself")
	ErrDate    = errors.New("desk: a date is needed, later than the one before; of what is received, not later than was promised")
	ErrTo      = errors.New("desk: the authority is needed")
	ErrConfirm = errors.New("desk: who got the result has to confirm it")
	ErrOfficer = errors.New("desk: an officer decides")
	ErrHeld    = errors.New("desk: another officer has it")
	ErrUndo    = errors.New("desk: it cannot be taken back any more")
	ErrOther   = errors.New("desk: another decision is the last one")
)

// from says where each action begins, and where it leads; Supply leads back.
var from = map[Action]struct {
	at []filing.Status
	to filing.Status
}{
	Receive:  {[]filing.Status{filing.Filed}, filing.Received},
	Ask:      {[]filing.Status{filing.Filed, filing.Received}, filing.Supplement},
	Supply:   {[]filing.Status{filing.Supplement}, ""},
	Refuse:   {[]filing.Status{filing.Filed, filing.Received, filing.Supplement}, filing.Refused},
	Extend:   {[]filing.Status{filing.Received}, filing.Received},
	Stop:     {[]filing.Status{filing.Received, filing.Supplement}, filing.Stopped},
	Forward:  {[]filing.Status{filing.Filed, filing.Received}, filing.Forwarded},
	Finish:   {[]filing.Status{filing.Received}, filing.Done},
	Hand:     {[]filing.Status{filing.Done}, filing.Handed},
	Withdraw: {[]filing.Status{filing.Filed, filing.Received, filing.Supplement}, filing.Withdrawn},
}

// Actions lists all of them in the order of the keys.
var Actions = []Action{Receive, Ask, Supply, Refuse, Extend, Stop, Forward, Finish, Hand, Withdraw}

// Legal lists what can be decided now.
func (c Case) Legal() []Action {
	var list []Action
	for _, a := range Actions {
		if slices.Contains(from[a].at, c.Status) && !(once(a) && c.did(a)) {
			list = append(list, a)
		}
	}
	return list
}

// Kind is what of its service decides over the decisions on a filing.
type Kind struct {
	Residence bool // it has forms of its own
	Sent      bool // it is handed in elsewhere: who takes it here promises nothing
}

// Offered is Legal in the order in which it is offered: what is handed in elsewhere is first of all forwarded, and has no date that could be put off.
func (c Case) Offered(k Kind) []Action {
	legal := c.Legal()
	if !k.Sent {
		return legal
	}
	legal = slices.DeleteFunc(legal, func(a Action) bool { return a == Extend })
	if i := slices.Index(legal, Forward); i > 0 {
		copy(legal[1:i+1], legal[:i])
		legal[0] = Forward
	}
	return legal
}

// once reports whether the law allows an action a single time.
func once(a Action) bool { return a == Ask || a == Extend }

func (c Case) did(a Action) bool {
	return slices.ContainsFunc(c.History, func(d Decision) bool { return d.Action == a })
}

// Bounds of what an officer writes.
const (
	MinReason = 10 // characters: "thiếu" alone tells nobody what to do
	MinItem   = 5  // characters of a thing that is lacking, or of an authority
	MaxReason = 1000
	MaxItems  = 12
)

// Moment is when something that is done now happens to the case: now, or the last date that the case has, if the clock was ahead then and was set
// right, or is behind now. No clock stops the work of an office, and no case has dates in a wrong order.
func (c Case) Moment(now time.Time) time.Time {
	last := c.Filed
	if len(c.History) > 0 {
		last = c.last().At
	}
	if now.Before(last) {
		return last
	}
	return now
}

// Apply is what a decision makes of a case. The case that is given stays as it is. d.At is what the clock says; in the case it is Moment of that, which
// is what a date has to be later than.
func (c Case) Apply(d Decision) (Case, error) {
	rule, known := from[d.Action]
	switch {
	case d.Officer == "":
		return c, ErrOfficer
	case c.Holder != "" && c.Holder != d.Officer:
		return c, ErrHeld
	case !known || !slices.Contains(rule.at, c.Status):
		return c, ErrMove
	case once(d.Action) && c.did(d.Action):
		return c, ErrOnce
	}
	d = c.Dated(d)
	if err := c.complete(d); err != nil {
		return c, err
	}
	next := c
	next.History = append(slices.Clone(c.History), d)
	next.Status = rule.to
	switch d.Action {
	case Supply:
		next.Status = c.before(Ask)
	}
	if gives(d.Action) && !d.Due.IsZero() {
		next.Due = d.Due
	}
	return next, nil
}

// gives reports whether an action can give a date.
func gives(a Action) bool { return a == Receive || a == Supply || a == Extend }

// Before is the date that held before the last decision: promised is the one that the filing had from the start. The decisions have to have
// their words.
func (c Case) Before(promised time.Time) time.Time {
	for _, d := range c.History[:max(0, len(c.History)-1)] {
		if gives(d.Action) && !d.Due.IsZero() {
			promised = d.Due
		}
	}
	return promised
}

// Received is when an officer took the filing on, zero if nobody has.
func (c Case) Received() time.Time {
	for _, d := range c.History {
		if d.Action == Receive {
			return d.At
		}
	}
	return time.Time{}
}

// Dated gives a decision whose At is what the clock said its moment, and notes what the clock said if that is another one.
func (c Case) Dated(d Decision) Decision {
	if at := c.Moment(d.At); !at.Equal(d.At) {
		d.At, d.Clock = at, d.At
	}
	return d
}

func (c Case) last() Decision { return c.History[len(c.History)-1] }

// before is the status from which the last action of a kind was taken.
func (c Case) before(a Action) filing.Status {
	status := filing.Filed
	for _, d := range c.History {
		if d.Action == a {
			return status
		}
		if to := from[d.Action].to; to != "" {
			status = to
		}
	}
	return status
}

// complete reports what a decision lacks.
func (c Case) complete(d Decision) error {
	if slices.Contains([]Action{Ask, Refuse, Extend, Stop}, d.Action) && !words(d.Reason, MinReason) {
		return ErrReason
	}
	switch d.Action {
	case Ask:
		if len(d.Items) == 0 || len(d.Items) > MaxItems || slices.ContainsFunc(d.Items, func(s string) bool { return !words(s, MinItem) }) {
			return ErrItems
		}
	case Receive:
		// A date that was promised stays, also one that has passed: only Extend, with its apology, gives a later one.
		later, past := !c.Due.IsZero() && d.Due.After(c.Due), !d.Due.After(d.At) && !d.Due.Equal(c.Due)
		if !d.Due.IsZero() && (later || past) { // zero: the law gives no term
			return ErrDate
		}
	case Extend:
		if !d.Due.After(c.Due) || !d.Due.After(d.At) {
			return ErrDate
		}
	case Supply:
		if !d.Due.IsZero() && d.Due.Before(c.Due) {
			return ErrDate
		}
	case Forward:
		if !words(d.To, MinItem) {
			return ErrTo
		}
	case Hand:
		if d.Confirm != Signature && d.Confirm != Thumb && d.Confirm != ByPost {
			return ErrConfirm
		}
	}
	return nil
}

// words reports whether a text says something.
func words(s string, least int) bool {
	n := utf8.RuneCountInString(strings.TrimSpace(s))
	return n >= least && n <= MaxReason && utf8.ValidString(s)
}

// UndoWithin is how long a decision can be taken back.
const UndoWithin = 10 * time.Minute

// CanUndo reports whether the officer can take the last decision back, by the clock, which is compared with what it said then. Where it was set back since,
// nobody knows how long ago that was, and it cannot.
func (c Case) CanUndo(officer string, now time.Time) bool {
	if len(c.History) == 0 {
		return false
	}
	d := c.last()
	decided := d.At
	if !d.Clock.IsZero() {
		decided = d.Clock
	}
	age := now.Sub(decided)
	return d.Officer == officer && age >= 0 && age <= UndoWithin && !d.Printed && !d.Sent && d.Action != Hand
}

// Undo takes the last decision back: the case is as if it had not been. promised is the date that the filing had from the start. The journal keeps
// both.
func (c Case) Undo(officer string, now, promised time.Time) (Case, error) {
	if !c.CanUndo(officer, now) {
		return c, ErrUndo
	}
	fresh := Case{Status: filing.Filed, Filed: c.Filed, Due: promised, Holder: c.Holder}
	for _, d := range c.History[:len(c.History)-1] {
		next, err := fresh.Apply(d.by(c.Holder))
		if err != nil {
			return c, err
		}
		next.History[len(next.History)-1] = d
		fresh = next
	}
	return fresh, nil
}

// by is a decision as if the holder of today had made it: who had the filing then does not matter any more.
func (d Decision) by(holder string) Decision {
	if holder != "" {
		d.Officer = holder
	}
	return d
}

// Late reports whether the case is open past its date, DueToday whether it ends on the day of now.
func (c Case) Late(now time.Time) bool { return c.open() && !c.Due.IsZero() && now.After(c.Due) }

// DueToday is not Late yet.
func (c Case) DueToday(now time.Time) bool {
	y, m, d := now.Date()
	dy, dm, dd := c.Due.In(now.Location()).Date()
	return c.open() && !c.Due.IsZero() && !now.After(c.Due) && y == dy && m == dm && d == dd
}

// open: the office owes something.
func (c Case) open() bool { return c.Status == filing.Filed || c.Status == filing.Received }

// Form is the official form that goes out with an action, "" for none; residence has its own (Circular 66/2023/TT-BCA). What is handed in elsewhere gets
// no receipt with a date: that is the other authority's.
func Form(a Action, k Kind) string {
	if k.Sent && (a == Receive || a == Extend) {
		return ""
	}
	forms := map[Action]string{Receive: "MC01", Ask: "MC02", Refuse: "MC03", Extend: "MC04", Stop: "MC05"}
	if k.Residence {
		switch a {
		case Receive:
			return "CT04"
		case Ask:
			return "CT05"
		case Refuse:
			return "CT06"
		}
	}
	return forms[a]
}

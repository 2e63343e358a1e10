package desk

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"motcua/kiosk/filing"
)

var morning = time.Date(2026, 11, 25, 8, 0, 0, 0, time.FixedZone("+07", 7*60*60))

func at(minutes int) time.Time { return morning.Add(time.Duration(minutes) * time.Minute) }

const reason = "Hợp đồng thuê nhà chưa có chữ ký của chủ nhà"

// good is a decision that lacks nothing.
func good(a Action, minutes int) Decision {
	d := Decision{Action: a, Officer: "an", At: at(minutes), Reason: reason}
	switch a {
	case Receive:
		d.Due = at(3 * 24 * 60)
	case Extend:
		d.Due = at(9 * 24 * 60)
	case Ask:
		d.Items = []string{"Hợp đồng thuê nhà có chữ ký"}
	case Forward:
		d.To = "Phòng PC06 Công an tỉnh"
	case Hand:
		d.Confirm = Thumb
	}
	return d
}

func fresh() Case { return Case{Status: filing.Filed, Filed: morning} }

func walk(t *testing.T, actions ...Action) Case {
	t.Helper()
	c := fresh()
	for i, a := range actions {
		next, err := c.Apply(good(a, i+1))
		if err != nil {
			t.Fatalf("%s: %v", a, err)
		}
		c = next
	}
	return c
}

func TestTheOrder(t *testing.T) {
	for _, want := range []struct {
		path   []Action
		status filing.Status
		legal  []Action
	}{
		{nil, filing.Filed, []Action{Receive, Ask, Refuse, Forward, Withdraw}},
		{[]Action{Receive}, filing.Received, []Action{Ask, Refuse, Extend, Stop, Forward, Finish, Withdraw}},
		{[]Action{Ask}, filing.Supplement, []Action{Supply, Refuse, Stop, Withdraw}},
		{[]Action{Ask, Supply}, filing.Filed, []Action{Receive, Refuse, Forward, Withdraw}},
		{[]Action{Receive, Ask, Supply}, filing.Received, []Action{Refuse, Extend, Stop, Forward, Finish, Withdraw}},
		{[]Action{Receive, Extend}, filing.Received, []Action{Ask, Refuse, Stop, Forward, Finish, Withdraw}},
		{[]Action{Receive, Finish}, filing.Done, []Action{Hand}},
		{[]Action{Receive, Finish, Hand}, filing.Handed, nil},
		{[]Action{Refuse}, filing.Refused, nil}, {[]Action{Forward}, filing.Forwarded, nil},
		{[]Action{Receive, Stop}, filing.Stopped, nil}, {[]Action{Withdraw}, filing.Withdrawn, nil},
	} {
		c := walk(t, want.path...)
		if c.Status != want.status || !slices.Equal(c.Legal(), want.legal) {
			t.Errorf("after %v: %s, %v; want %s, %v", want.path, c.Status, c.Legal(), want.status, want.legal)
		}
		if c.Status.Ended() != (want.legal == nil) {
			t.Errorf("after %v: ended is %v", want.path, c.Status.Ended())
		}
	}
}

// Whatever is not in Legal is refused, and changes nothing.
func TestOnlyWhatIsLegal(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		c := fresh()
		for step := range 12 {
			a := Actions[r.IntN(len(Actions))]
			d := good(a, step+1)
			if a == Extend {
				d.Due = at((9 + step) * 24 * 60)
			}
			legal := slices.Contains(c.Legal(), a)
			before := c
			next, err := c.Apply(d)
			if (err == nil) != legal || !reflect.DeepEqual(c, before) {
				t.Fatalf("%s at %s: %v, legal %v", a, c.Status, err, legal)
			}
			if err != nil && !errors.Is(err, ErrMove) && !errors.Is(err, ErrOnce) {
				t.Fatalf("%s at %s: %v", a, c.Status, err)
			}
			if err == nil {
				undone, err := next.Undo("an", at(step+2), time.Time{})
				if (err == nil) != (a != Hand) || err == nil && !same(undone, c) {
					t.Fatalf("%s taken back: %v", a, err)
				}
				c = next
			}
		}
	}
}

func same(a, b Case) bool {
	return a.Status == b.Status && a.Due.Equal(b.Due) && len(a.History) == len(b.History) && slices.Equal(a.Legal(), b.Legal())
}

func TestWhatIsLacking(t *testing.T) {
	for _, w := range []struct {
		path   []Action
		action Action
		change func(*Decision)
		want   error
	}{
		{nil, Receive, func(d *Decision) { d.Officer = "" }, ErrOfficer},
		{nil, Receive, func(d *Decision) { d.Due = d.At }, ErrDate},
		{nil, Receive, func(d *Decision) { d.Due = time.Time{} }, nil},              // the law gives no term
		{nil, Receive, func(d *Decision) { d.At, d.Due = at(-2), at(-1) }, ErrDate}, // later than the clock, not than the filing
		{nil, Refuse, func(d *Decision) { d.Reason = "thiếu" }, ErrReason},
		{nil, Refuse, func(d *Decision) { d.Reason = "   \n        " }, ErrReason},
		{nil, Ask, func(d *Decision) { d.Reason = "" }, ErrReason},
		{nil, Ask, func(d *Decision) { d.Items = nil }, ErrItems},
		{nil, Ask, func(d *Decision) { d.Items = []string{"Ảnh 3x4", ""} }, ErrItems},
		{nil, Ask, func(d *Decision) { d.Items = make([]string, MaxItems+1) }, ErrItems},
		{[]Action{Receive}, Extend, func(d *Decision) { d.Due = at(2 * 24 * 60) }, ErrDate},
		{[]Action{Receive}, Stop, func(d *Decision) { d.Reason = "" }, ErrReason},
		{[]Action{Receive}, Forward, func(d *Decision) { d.To = "" }, ErrTo},
		{[]Action{Receive, Finish}, Hand, func(d *Decision) { d.Confirm = "" }, ErrConfirm},
		{[]Action{Receive, Ask}, Supply, func(d *Decision) { d.Due = at(60) }, ErrDate},
		{[]Action{Ask, Supply}, Ask, func(*Decision) {}, ErrOnce},
		{[]Action{Receive, Extend}, Extend, func(d *Decision) { d.Due = at(99 * 24 * 60) }, ErrOnce},
		{nil, "approve", func(*Decision) {}, ErrMove},
	} {
		c := walk(t, w.path...)
		d := good(w.action, 30)
		w.change(&d)
		if _, err := c.Apply(d); !errors.Is(err, w.want) {
			t.Errorf("%s after %v: %v, want %v", w.action, w.path, err, w.want)
		}
	}
}

func TestTwoOfficers(t *testing.T) {
	c := fresh()
	c.Holder = "binh"
	if _, err := c.Apply(good(Receive, 1)); !errors.Is(err, ErrHeld) {
		t.Errorf("%v", err)
	}
}

// What was promised when it was filed stays when it is received, also once it has passed: to make it later is what Extend is for.
func TestReceiveKeepsThePromise(t *testing.T) {
	for name, w := range map[string]struct {
		promised, due, want int // minutes; 0 for none
		err                 error
	}{
		"the same": {2000, 2000, 2000, nil}, "nothing is said": {2000, 0, 2000, nil}, "earlier": {2000, 1000, 1000, nil},
		"later": {2000, 3000, 0, ErrDate}, "it has passed": {20, 20, 20, nil}, "it has passed, and is put off": {20, 2000, 0, ErrDate},
		"before now": {2000, 10, 0, ErrDate}, "nothing was promised": {0, 2000, 2000, nil},
	} {
		when := func(minutes int) time.Time {
			if minutes == 0 {
				return time.Time{}
			}
			return at(minutes)
		}
		c, d := fresh(), good(Receive, 30)
		c.Due, d.Due = when(w.promised), when(w.due)
		next, err := c.Apply(d)
		if !errors.Is(err, w.err) || err == nil && (!next.Due.Equal(when(w.want)) || !next.Before(c.Due).Equal(c.Due)) {
			t.Errorf("%s: %v, %v", name, next.Due, err)
		}
		if err == nil {
			if undone, err := next.Undo("an", at(31), c.Due); err != nil || !undone.Due.Equal(c.Due) {
				t.Errorf("%s: taken back, it is due %v, %v", name, undone.Due, err)
			}
		}
		if err == nil && w.promised == 20 && !next.Late(at(31)) {
			t.Errorf("%s: not late any more", name)
		}
	}
	c := walk(t, Receive, Extend, Finish)
	if !c.Before(morning).Equal(good(Extend, 0).Due) || !walk(t, Receive, Extend).Before(morning).Equal(good(Receive, 0).Due) || !c.Received().Equal(at(1)) {
		t.Errorf("before: %v, received %v", c.Before(morning), c.Received())
	}
}

// Supply gives back the date that the time standing still has moved.
func TestSupplyMovesTheDate(t *testing.T) {
	c := walk(t, Receive, Ask)
	d := good(Supply, 100)
	d.Due = at(5 * 24 * 60)
	next, err := c.Apply(d)
	if err != nil || !next.Due.Equal(d.Due) || next.Status != filing.Received {
		t.Errorf("%v, %v, %v", next.Due, next.Status, err)
	}
}

// A clock that is behind the filing stops nobody: what is decided has the last date of the filing, dates are later than that, and it can be
// taken back for ten minutes of the clock.
func TestMoment(t *testing.T) {
	c := walk(t, Receive) // at 1
	for minutes, want := range map[int]int{-600: 1, 0: 1, 1: 1, 2: 2} {
		if got := c.Moment(at(minutes)); !got.Equal(at(want)) {
			t.Errorf("minute %d: %v", minutes, got)
		}
	}
	if got := fresh().Moment(at(-1)); !got.Equal(morning) {
		t.Errorf("before anything: %v", got)
	}
	day := -24 * 60
	late := good(Extend, day)
	for _, w := range []struct {
		c Case
		d Decision
	}{{fresh(), good(Receive, day)}, {c, late}, {c, good(Finish, day)}} {
		next, err := w.c.Apply(w.d)
		if err != nil {
			t.Fatalf("%s: %v", w.d.Action, err)
		}
		if last := next.last(); !last.At.Equal(w.c.Moment(at(day))) || !last.Clock.Equal(at(day)) || !next.Due.After(last.At) {
			t.Errorf("%s: at %v by %v, due %v", w.d.Action, last.At, last.Clock, next.Due)
		}
		for minutes, can := range map[int]bool{day - 1: false, day: true, day + 10: true, day + 11: false, 0: false, 5: false} {
			if undone, err := next.Undo("an", at(minutes), time.Time{}); (err == nil) != can || err == nil && !same(undone, w.c) {
				t.Errorf("%s, taken back at minute %d: %v", w.d.Action, minutes, err)
			}
		}
	}
}

func TestUndo(t *testing.T) {
	for name, w := range map[string]struct {
		officer string
		minutes int
		change  func(*Decision)
		can     bool
	}{
		"in time": {"an", 11, func(*Decision) {}, true}, "late": {"an", 12, func(*Decision) {}, false}, "before": {"an", 0, func(*Decision) {}, false},
		"another": {"binh", 2, func(*Decision) {}, false}, "printed": {"an", 2, func(d *Decision) { d.Printed = true }, false},
		"sent": {"an", 2, func(d *Decision) { d.Sent = true }, false},
	} {
		d := good(Receive, 1)
		w.change(&d)
		c, err := fresh().Apply(d)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Undo(w.officer, at(w.minutes), time.Time{}); (err == nil) != w.can || c.CanUndo(w.officer, at(w.minutes)) != w.can {
			t.Errorf("%s: %v", name, err)
		}
	}
	if fresh().CanUndo("an", morning) {
		t.Error("nothing to take back")
	}
}

func TestLate(t *testing.T) {
	c := walk(t, Receive) // due in three days, at 8:00
	for hours, want := range map[int][2]bool{24: {}, 3*24 - 1: {false, true}, 3*24 + 1: {true, false}} {
		now := at(hours * 60)
		if c.Late(now) != want[0] || c.DueToday(now) != want[1] {
			t.Errorf("after %d hours: late %v, today %v", hours, c.Late(now), c.DueToday(now))
		}
	}
	if done := walk(t, Receive, Finish); done.Late(at(99 * 24 * 60)) {
		t.Error("what is done is not late")
	}
	if waiting := walk(t, Receive, Ask); waiting.Late(at(99 * 24 * 60)) {
		t.Error("what the citizen owes is not late")
	}
}

func TestForms(t *testing.T) {
	for a, want := range map[Action][2]string{Receive: {"MC01", "CT04"}, Ask: {"MC02", "CT05"}, Refuse: {"MC03", "CT06"}, Extend: {"MC04", "MC04"}, Stop: {"MC05", "MC05"}, Finish: {}} {
		if one, other := Form(a, Kind{}), Form(a, Kind{Residence: true}); one != want[0] || other != want[1] {
			t.Errorf("%s: %s, %s", a, one, other)
		}
	}
	for _, k := range []Kind{{Sent: true}, {Residence: true, Sent: true}} {
		if Form(Receive, k) != "" || Form(Extend, k) != "" || Form(Refuse, k) == "" {
			t.Errorf("%+v: a receipt %q with a date", k, Form(Receive, k))
		}
	}
}

// What is handed in elsewhere is first of all forwarded, and has no date to be put off; all else keeps its order.
func TestOffered(t *testing.T) {
	for _, want := range []struct {
		path []Action
		sent []Action
	}{
		{nil, []Action{Forward, Receive, Ask, Refuse, Withdraw}}, {[]Action{Receive}, []Action{Forward, Ask, Refuse, Stop, Finish, Withdraw}},
		{[]Action{Ask}, []Action{Supply, Refuse, Stop, Withdraw}}, {[]Action{Receive, Finish}, []Action{Hand}}, {[]Action{Forward}, nil},
	} {
		c := walk(t, want.path...)
		if got := c.Offered(Kind{Sent: true}); !slices.Equal(got, want.sent) {
			t.Errorf("after %v: %v, want %v", want.path, got, want.sent)
		}
		if got := c.Offered(Kind{Residence: true}); !slices.Equal(got, c.Legal()) {
			t.Errorf("after %v: %v", want.path, got)
		}
	}
}

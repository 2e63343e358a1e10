package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"modernc.org/sqlite"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// This file is an office of two processes, a kiosk K1 and a desk D1, on one directory. Each is this test binary again, told by
// atStation to be one. It does what it is ordered to line by line and answers each order with a line when the store has returned: that
// answer is the slip in somebody's hand, and what is behind it must never be lost. check compares what is left with what was answered.
const (
	atStation  = "MOTCUA_TEST_STATION"
	atDir      = "MOTCUA_TEST_STATION_DIR"
	asleep     = "MOTCUA_TEST_NO_SYNC" // the database never syncs: for seeing that the tests notice
	eager      = "MOTCUA_TEST_EAGER"   // who decides is answered before the store has returned: for the same
	kiosk      = "K1"
	counter    = "D1"
	theOfficer = "an"
)

// order is one thing that a station is told to do; each is one transaction of the store.
type order struct {
	id   string // station and number
	verb string
	arg  string // a draft's key, or a reference
	more string // an action, or the number of a decision (form, undo)

	begun    bool
	answered bool
	answer   string // the reference that was given; a fault code with "fault " before it
}

func (o order) station() string { return o.id[:2] }

func (o order) line() string { return strings.Join([]string{o.id, o.verb, o.arg, o.more}, " ") }

// kinds is what the journal has after each order, once.
var kinds = map[string]store.Kind{
	"officer": store.OfficerSet, "file": store.Filed, "print": store.Printed, "brought": store.Brought, "hold": store.Taken,
	"release": store.Released, "decide": store.Decided, "undo": store.Undone, "form": store.OnPaper,
	"picture": store.PictureAdded,
}

// began is what a station says of an order before it does anything.
const began = "began"

// station is what the processes are.
type station struct {
	s    *store.Store
	name string
	dir  string
	me   *seal.Identity
}

// work answers orders until they end.
func work(name, dir string, in io.Reader, out io.Writer) error {
	if os.Getenv(asleep) != "" {
		sqlite.RegisterConnectionHook(func(conn sqlite.ExecQuerierContext, _ string) error {
			_, err := conn.ExecContext(context.Background(), "PRAGMA synchronous = off", nil)
			return err
		})
	}
	st := &station{name: name, dir: dir}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		f := strings.Split(lines.Text(), " ")
		if _, err := fmt.Fprintln(out, f[0], began); err != nil {
			return err
		}
		o := order{id: f[0], verb: f[1], arg: f[2], more: f[3]}
		if os.Getenv(eager) != "" && o.verb == "decide" {
			fmt.Fprintln(out, o.id, "")
		}
		answer, err := st.do(o)
		if os.Getenv(eager) != "" && o.verb == "decide" {
			continue
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, name, lines.Text(), err)
			answer = "fault " + string(fault.CodeOf(err))
		}
		if _, err := fmt.Fprintln(out, f[0], answer); err != nil {
			return err
		}
	}
	return nil
}

// do carries one order out.
func (st *station) do(o order) (answer string, err error) {
	ctx := context.Background()
	switch o.verb {
	case "open":
		st.s, err = store.Open(st.dir, store.Options{Station: st.name, Commune: "05200"})
		return "", err
	}
	if st.s == nil {
		return "", errors.New("not open")
	}
	switch o.verb {
	case "close":
		return "", st.s.Close()
	case "officer":
		return "", st.setOfficer(ctx)
	case "file":
		f, err := st.s.File(ctx, draft(o.arg))
		return f.Reference.String(), err
	}
	ref, err := filing.ParseReference(o.arg)
	if err != nil {
		return "", err
	}
	switch o.verb {
	case "print":
		return "", st.s.Printed(ctx, ref, store.OutcomePrinted)
	case "brought":
		return "", st.s.SayBrought(ctx, ref)
	case "hold":
		return "", st.s.Hold(ctx, ref, theOfficer)
	case "release":
		return "", st.s.Release(ctx, ref, theOfficer)
	case "form":
		number, err := strconv.Atoi(o.more)
		return "", errors.Join(err, st.s.FormPrinted(ctx, ref, number, "CT04"))
	}
	if err := st.signIn(ctx); err != nil {
		return "", err
	}
	switch o.verb {
	case "decide":
		_, err = st.s.Decide(ctx, ref, decision(desk.Action(o.more)), st.me)
	case "picture":
		_, err = st.s.AddPictures(ctx, ref, []filing.Picture{picture}, store.Signer{ID: theOfficer, Identity: st.me})
	case "undo":
		number, wrong := strconv.Atoi(o.more)
		_, err = st.s.Undo(ctx, ref, number, theOfficer, st.me)
		err = errors.Join(wrong, err)
	default:
		err = errors.New("no such order")
	}
	return "", err
}

// draft is what is filed under a key. Those called large have as many pages as two dozen others.
func draft(key string) filing.Draft {
	d := storetest.Draft(key)
	if strings.HasPrefix(key, "large") {
		d.Photo.Data = slices.Repeat(d.Photo.Data, 24)
	}
	return d
}

// picture is put beside filings: of several pages of the database.
var picture = filing.Picture{Paper: "Hợp đồng thuê nhà", Type: "image/jpeg", Data: slices.Repeat([]byte("a page of a contract. "), 1000)}

func decision(a desk.Action) desk.Decision {
	return desk.Decision{Action: a, Officer: theOfficer, Reason: because, Items: []string{"Hợp đồng có chữ ký"}, Due: time.Now().AddDate(0, 0, 3)}
}

// card is what opens the officer's key.
var card = seal.Secret{Card: []byte(theOfficer)}

func (st *station) setOfficer(ctx context.Context) error {
	a, _, err := officer.New(theOfficer, "Bùi Văn An", officer.Clerk, card, time.Now())
	if err != nil {
		return err
	}
	return st.s.SetOfficer(ctx, a, "setup")
}

func (st *station) signIn(ctx context.Context) error {
	if st.me != nil {
		return nil
	}
	all, err := st.s.Officers(ctx)
	if err != nil || len(all) != 1 {
		return errors.Join(err, fault.Newf(fault.SealNobody, "%d officers", len(all)))
	}
	st.me, err = all[0].SignIn(card)
	return err
}

// office is the processes and what they were told.
type office struct {
	t      *testing.T
	dir    string
	start  func(station string, cmd *exec.Cmd) error
	env    []string
	faulty bool // faults are expected: such an order counts as not answered

	mu     sync.Mutex
	orders []order
	lines  map[string]*line
	silent []string // the stations that ended before they answered
}

// line is how one station is spoken to.
type line struct {
	in  io.WriteCloser
	out *bufio.Scanner
}

// connect starts the process of a station.
func (o *office) connect(name string) error {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), atStation+"="+name, atDir+"="+o.dir), o.env...)
	if !o.faulty {
		cmd.Stderr = os.Stderr
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := o.start(name, cmd); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.lines == nil {
		o.lines = map[string]*line{}
	}
	o.lines[name] = &line{in, bufio.NewScanner(out)}
	return nil
}

// tell gives an order and waits for the answer; false if the process is gone.
func (o *office) tell(station, verb, arg, more string) (answer string, ok bool) {
	o.mu.Lock()
	l, at := o.lines[station], len(o.orders)
	x := order{id: fmt.Sprintf("%s-%d", station, at), verb: verb, arg: arg, more: more}
	o.orders = append(o.orders, x)
	o.mu.Unlock()
	if answer, ok = l.ask(x, func() { o.note(at, func(x *order) { x.begun = true }) }); !ok {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.silent = append(o.silent, station)
		return "", false
	}
	if strings.HasPrefix(answer, "fault ") {
		if o.faulty {
			return answer, true
		}
		o.t.Errorf("%s %s %s: %s", station, verb, more, answer)
	}
	o.note(at, func(x *order) { x.answered, x.answer = true, answer })
	return answer, true
}

// note changes what is known of an order.
func (o *office) note(at int, change func(*order)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	change(&o.orders[at])
}

// ask gives an order to a process; begun is called when it has begun with it.
func (l *line) ask(x order, begun func()) (answer string, ok bool) {
	if _, err := fmt.Fprintln(l.in, x.line()); err != nil || !l.out.Scan() || l.out.Text() != x.id+" "+began {
		return "", false
	}
	begun()
	if !l.out.Scan() {
		return "", false
	}
	return strings.CutPrefix(l.out.Text(), x.id+" ")
}

// hangUp ends the processes as they end by themselves: without closing the store.
func (o *office) hangUp() {
	for _, l := range o.lines {
		l.in.Close()
		for l.out.Scan() {
			o.t.Errorf("said at the end: %s", l.out.Text())
		}
	}
}

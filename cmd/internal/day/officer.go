package day

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"motcua/kiosk/board"
	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

// officerHand is the officer at the desk.
type officerHand struct {
	part  *part
	ctx   context.Context
	d     *house
	took  map[string][]time.Duration // by what was done
	calls map[int]int                // by ticket
	again map[int]bool               // tickets called once more on purpose
	seen  board.Snapshot
	later []visit   // of who still stands at the counter
	came  time.Time // when whoever is at the counter came
}

// dayPIN is the PIN of all who work at the office. Whoever reads this knows it; the data directory holds invented people only.
const dayPIN = "20262045"

// hire puts two officers and a head into the data directory. Whoever is first on the page for signing in works at the desk.
func (d *house) hire(ctx context.Context) error {
	db, err := store.Open(d.data(), store.Options{Station: "S1", Commune: "05200", Now: func() time.Time { return opening }})
	if err != nil {
		return err
	}
	defer db.Close()
	head, key, err := officer.New("truong", "Cán bộ truong", officer.Head, seal.Secret{PIN: dayPIN}, opening)
	if err == nil {
		err = db.SetOfficer(ctx, head, "day")
	}
	d.key = key
	for _, id := range []string{"thu", "mau"} {
		if err != nil {
			return err
		}
		var a officer.Account
		if a, _, err = officer.New(id, "Cán bộ "+id, officer.Clerk, seal.Secret{PIN: dayPIN}, opening); err == nil {
			err = db.ChangeOfficer(ctx, a, store.Signer{ID: head.ID, Identity: key})
		}
	}
	return err
}

func startDesk(ctx context.Context, d *house, ahead time.Duration) (*officerHand, error) {
	text := fmt.Sprintf("[data]\ndir = %q\n[services]\ndir = %q\n[desk]\nstation = \"D1\"\ncounter = \"1\"\n", d.data(), filepath.Join(d.o.Dir, "none"))
	p, err := d.start(ctx, partDesk, "D1", text, ahead)
	if err != nil {
		return nil, err
	}
	o := &officerHand{part: p, ctx: ctx, d: d, took: map[string][]time.Duration{}, calls: map[int]int{}, again: map[int]bool{}}
	return o, o.do("look", board.Refresh{})
}

// do presses keys; all but the last are booked as keys.
func (o *officerHand) do(what string, intents ...board.Intent) error {
	for i, intent := range intents {
		r, err := o.part.call(o.ctx, name(intent), intent)
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		o.seen = board.Snapshot{}
		if err := json.Unmarshal(r.View, &o.seen); err != nil {
			return err
		}
		booked := what
		if i < len(intents)-1 {
			booked = "a key"
		}
		o.took[booked] = append(o.took[booked], r.Took)
		if strings.HasPrefix(o.seen.Notice, "fault.") {
			return fmt.Errorf("%s: %s", what, o.seen.Notice)
		}
		if o.seen.Dialog != nil && o.seen.Dialog.Problem != "" {
			return fmt.Errorf("%s: it says that %s is wrong", what, o.seen.Dialog.Problem)
		}
	}
	return nil
}

// typing is a text, key by key.
func typing(text string) []board.Intent {
	var list []board.Intent
	for _, r := range text {
		list = append(list, board.Type{Rune: r})
	}
	return list
}

// work is the officer's day: call who is next, do what they came for, look at what was sent in, until nobody is left.
func (d *house) work(ctx context.Context) {
	defer d.shut()
	o := d.desk
	if err := o.do("sign in", append(typing(dayPIN), board.Enter{})...); err != nil || o.seen.Page != board.Queue {
		d.fail("the officer cannot sign in: %v", err)
		return
	}
	for ctx.Err() == nil {
		quiet := d.quiet() // before looking: who comes afterwards is seen the next time
		if err := o.do("look", board.Refresh{}); err != nil {
			d.fail("desk: %v", err)
			return
		}
		done, err := o.next()
		if err != nil {
			d.fail("desk: %v", err)
			if err := o.do("give up", board.Escape{}, board.Escape{}, board.Escape{}); err != nil {
				d.fail("desk: %v", err)
				return
			}
			continue
		}
		if !done {
			if quiet {
				break
			}
			time.Sleep(lookAgain)
		}
	}
	if err := o.do("sign out", board.Lock{}); err != nil {
		d.fail("desk: %v", err)
	}
}

// goodbye is how long somebody is at the counter at least: the desk takes a faster second press for the first one.
const goodbye = 700 * time.Millisecond

// next does one piece of work; false if there is none.
func (o *officerHand) next() (bool, error) {
	if n := o.seen.People.Now; len(o.later) > 0 && (n == nil || n.State != desk.Serving) {
		o.gone()
		return true, nil
	}
	if o.seen.People.Next > 0 {
		return true, o.call()
	}
	if n := o.seen.People.Now; n != nil && n.State == desk.Serving {
		time.Sleep(time.Until(o.came.Add(goodbye)))
		return true, o.do("let go", board.Person{Do: board.Served})
	}
	if err := o.do("filter", board.Show{Filter: board.FilterFiled}); err != nil {
		return false, err
	}
	for i, row := range o.seen.Rows {
		if row.Status != filing.Filed || row.Holder != "" {
			continue
		}
		if err := o.do("open a filing", board.Choose{Row: i}); err != nil {
			return false, err
		}
		return true, o.handle()
	}
	return false, nil
}

// gone: whoever stood at the counter has left, and comes back with the slip when it is time.
func (o *officerHand) gone() {
	for _, v := range o.later {
		o.d.come(v)
	}
	o.later = nil
}

// oneCalledAgain: one in so many is called twice.
const oneCalledAgain = 20

// call calls the next, who comes, and does what they came for.
func (o *officerHand) call() error {
	if err := o.do("call next", board.CallNext{}); err != nil {
		return err
	}
	o.gone()
	now := o.seen.People.Now
	if now == nil {
		return fmt.Errorf("nobody is called")
	}
	o.calls[now.Number]++
	if now.Number%oneCalledAgain == 0 {
		if err := o.do("call again", board.Person{Do: board.Again}); err != nil {
			return err
		}
		o.again[now.Number] = true
	}
	if err := o.do("arrived", board.Person{Do: board.Arrived}); err != nil {
		return err
	}
	o.came = time.Now()
	if o.seen.Open == nil {
		return o.search()
	}
	return o.handle()
}

// search looks for a filing of somebody by name, as for a person who asks.
func (o *officerHand) search() error {
	o.d.mu.Lock()
	name := "thu"
	for _, c := range o.d.filed {
		name = identity.Fold(c.card.Name)
		break
	}
	o.d.mu.Unlock()
	// It searches with each letter: the last one is what is waited for.
	if err := o.do("search", append([]board.Intent{board.Find{}}, typing(name)...)...); err != nil {
		return err
	}
	return o.do("end of search", board.Enter{}, board.Find{}, board.Escape{})
}

// What is written by the officer, as it is typed without accents.
const (
	lackingItem   = "Hop dong thue nha co chu ky"
	lackingReason = "Hop dong thue nha chua co chu ky cua chu nha"
)

// handle does what comes next with the filing that is open, by the plan that the day has for it.
func (o *officerHand) handle() error {
	view := o.seen.Open
	if view == nil {
		return fmt.Errorf("no filing is open")
	}
	ref, c := o.d.whose(view.Short)
	if c == nil {
		return fmt.Errorf("%s is on no slip yet", view.Short)
	}
	var err error
	switch {
	case view.Status == filing.Filed && c.plan == askForMore && slices.Contains(view.Legal, desk.Ask):
		err = o.ask()
		if err == nil {
			o.later = append(o.later, visit{who: c, slip: ref})
		}
	case view.Status == filing.Filed && c.plan == turnDown:
		err = o.do("refuse", append(append([]board.Intent{board.Begin{Action: desk.Refuse}}, typing(lackingReason)...), board.Enter{})...)
	case view.Status == filing.Filed:
		err = o.finish(c, ref)
	case view.Status == filing.Supplement:
		if err = o.scan(page(uint64(ref.Serial))); err != nil {
			break
		}
		if err = o.do("supply", board.Begin{Action: desk.Supply}, board.Enter{}); err == nil {
			err = o.finish(c, ref)
		}
	case view.Status == filing.Done:
		err = o.hand()
	default:
		err = fmt.Errorf("%s is %s", view.Short, view.Status)
	}
	if err != nil {
		return err
	}
	return o.do("close a filing", board.Escape{})
}

// ask says what is lacking.
func (o *officerHand) ask() error {
	keys := append([]board.Intent{board.Begin{Action: desk.Ask}}, typing(lackingItem)...)
	keys = append(append(keys, board.Move{By: -1}), typing(lackingReason)...)
	return o.do("ask", append(keys, board.Enter{})...)
}

// finish receives what is open, finishes it and hands the result over, or lets it wait.
func (o *officerHand) finish(c *citizen, ref filing.Reference) error {
	if o.seen.Open.Status == filing.Filed {
		if err := o.do("receive", board.Begin{Action: desk.Receive}, board.Enter{}); err != nil {
			return err
		}
	}
	if err := o.do("finish", board.Begin{Action: desk.Finish}, board.Enter{}); err != nil {
		return err
	}
	if c.plan == takeBack {
		if err := o.do("undo", board.Undo{}); err != nil {
			return err
		}
		if o.seen.Open.Status != filing.Received {
			return fmt.Errorf("taken back, it is %s", o.seen.Open.Status)
		}
		if err := o.do("finish", board.Begin{Action: desk.Finish}, board.Enter{}); err != nil {
			return err
		}
	}
	if c.plan == comeForIt {
		o.later = append(o.later, visit{who: c, slip: ref})
		return nil
	}
	return o.hand()
}

func (o *officerHand) hand() error {
	return o.do("hand over", board.Begin{Action: desk.Hand}, board.Type{Rune: '2'}, board.Enter{})
}

// whose is the filing of a short number. The slip may be a moment on its way to the citizen's hand when the officer opens the filing.
func (d *house) whose(short string) (filing.Reference, *citizen) {
	for end := time.Now().Add(patience); ; time.Sleep(lookAgain) {
		d.mu.Lock()
		ref, known := d.shorts[short]
		c := d.filed[ref.String()]
		d.mu.Unlock()
		if known || time.Now().After(end) {
			return ref, c
		}
	}
}

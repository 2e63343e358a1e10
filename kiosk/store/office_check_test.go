package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/store"
)

// What check finds.
var (
	errLost     = errors.New("LOST")
	errRestored = errors.New("taken for a restore")
)

// left is what is found in the directory afterwards, by a kiosk and a desk that are started again.
type left struct {
	stations map[string]*station
	orders   map[string][]order // by station; answered is what had been answered when it ended
}

// check opens the directory and compares it with the orders: everything that was answered is there, exactly once and as it was; of each station
// the order that was under way may be there, once, and nothing else. Then it does that order again, as people do, and goes on filing.
func check(ctx context.Context, dir string, orders []order) (err error) {
	l := left{stations: map[string]*station{}, orders: map[string][]order{}}
	defer func() {
		for _, st := range l.stations {
			if st.s != nil {
				err = errors.Join(err, st.s.Close())
			}
		}
	}()
	for _, o := range orders {
		if kinds[o.verb] != "" {
			l.orders[o.station()] = append(l.orders[o.station()], o)
		}
	}
	for _, name := range []string{kiosk, counter} {
		st := &station{name: name, dir: dir}
		if _, err := st.do(order{verb: "open"}); err != nil {
			return fmt.Errorf("%s opens: %w", name, err)
		}
		l.stations[name] = st
	}
	if err := l.journal(ctx, false); err != nil {
		return err
	}
	if err := l.content(ctx); err != nil {
		return err
	}
	if err := l.again(ctx); err != nil {
		return err
	}
	if err := l.journal(ctx, true); err != nil {
		return fmt.Errorf("after trying again: %w", err)
	}
	return l.goOn(ctx)
}

// under is the order that a station was carrying out when it ended, nil if it was idle.
func under(orders []order) *order {
	for i := len(orders) - 1; i >= 0; i-- {
		switch {
		case orders[i].answered:
			return nil
		case orders[i].begun:
			return &orders[i]
		}
	}
	return nil
}

// repeats are the orders that people give again when they do not know; the others print or say once more.
var repeats = []string{"file", "decide", "undo", "hold", "release"}

// journal compares each station's entries with its orders. again: the order under way was repeated, so it is there.
func (l left) journal(ctx context.Context, again bool) error {
	s := l.stations[kiosk].s
	if _, err := s.VerifyJournal(ctx); err != nil {
		return err
	}
	entries, err := s.Journal(ctx, 0, 0)
	if err != nil {
		return err
	}
	by := map[string][]store.Entry{}
	var wrong error
	for _, e := range entries {
		switch e.Kind {
		case store.Created, store.StationKey, store.TicketTaken: // come along with what was ordered
		case store.Restored:
			wrong = errRestored
		default:
			by[e.Station] = append(by[e.Station], e)
		}
	}
	keys, err := l.keys(ctx)
	if err != nil {
		return err
	}
	for name, orders := range l.orders {
		if err := follow(orders, by[name], keys, again); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return wrong
}

// keys are those of the filings, by reference.
func (l left) keys(ctx context.Context) (map[string]string, error) {
	s := l.stations[kiosk].s
	list, err := s.List(ctx, store.Filter{})
	if err != nil {
		return nil, err
	}
	keys := map[string]string{}
	for _, x := range list {
		f, err := s.Get(ctx, x.Reference.String())
		if err != nil {
			return nil, err
		}
		keys[x.Reference.String()] = f.Key
	}
	return keys, nil
}

// given are the numbers that were given, and to which keys.
func (l left) given() map[string]string {
	given := map[string]string{}
	for _, orders := range l.orders {
		for _, o := range orders {
			if o.verb == "file" && o.answered {
				given[o.answer] = o.arg
			}
		}
	}
	return given
}

// follow goes along a station's orders and its entries: what was answered is there, what was begun may be, once and in its turn.
func follow(orders []order, entries []store.Entry, keys map[string]string, again bool) error {
	next, last := 0, under(orders)
	for i, o := range orders {
		there := next < len(entries) && o.fits(entries[next], keys)
		switch {
		case there && o.begun:
			next++
		case o.answered:
			return fmt.Errorf("%w: %s (%s %s %s) was answered", errLost, o.id, o.verb, o.arg, o.more)
		case again && last == &orders[i] && slices.Contains(repeats, o.verb):
			return fmt.Errorf("%s (%s) was done again and is not there", o.id, o.verb)
		}
	}
	if next < len(entries) {
		return fmt.Errorf("entry %d (%s %s) was not ordered, or is there twice", entries[next].Seq, entries[next].Kind, entries[next].Reference)
	}
	return nil
}

// fits says that an entry is that of the order.
func (o order) fits(e store.Entry, keys map[string]string) bool {
	if e.Kind != kinds[o.verb] {
		return false
	}
	switch o.verb {
	case "officer":
		return true
	case "file":
		return keys[e.Reference] == o.arg && (!o.answered || e.Reference == o.answer)
	case "decide":
		var detail struct{ Action string }
		return e.Reference == o.arg && json.Unmarshal(e.Detail, &detail) == nil && detail.Action == o.more
	}
	return e.Reference == o.arg
}

// content compares what was filed and printed.
func (l left) content(ctx context.Context) error {
	st := l.stations[counter]
	given, numbers := l.given(), 0
	prints, perhaps := map[string]int{}, map[string]int{}
	pictures, perhapsPictures := map[string]int{}, map[string]int{}
	for _, o := range slices.Concat(l.orders[kiosk], l.orders[counter]) {
		switch {
		case o.verb == "file" && o.answered:
			numbers++
		case o.verb == "print" && o.answered:
			prints[o.arg]++
		case o.verb == "print" && o.begun:
			perhaps[o.arg]++
		case o.verb == "picture" && o.answered:
			pictures[o.arg]++
		case o.verb == "picture" && o.begun:
			perhapsPictures[o.arg]++
		}
	}
	if numbers != len(given) {
		return fmt.Errorf("%d filings have %d numbers", numbers, len(given))
	}
	if len(given) == 0 {
		return nil
	}
	if err := st.signIn(ctx); err != nil {
		return err
	}
	for ref, key := range given {
		f, err := st.s.Read(ctx, ref, st.me)
		if err != nil {
			return fmt.Errorf("%w: %s of %s: %w", errLost, ref, key, err)
		}
		if got, err := json.Marshal(f.Draft); err != nil || string(got) != filedAs(key) {
			return fmt.Errorf("%s is not what was filed: %d bytes, %w", ref, len(got), err)
		}
		if f.Prints < prints[ref] || f.Prints > prints[ref]+perhaps[ref] {
			return fmt.Errorf("%s: %d slips, printed were %d", ref, f.Prints, prints[ref])
		}
		list, err := st.s.Pictures(ctx, f.Reference, st.me)
		if err != nil || len(list) < pictures[ref] || len(list) > pictures[ref]+perhapsPictures[ref] ||
			slices.ContainsFunc(list, func(p filing.Picture) bool { return !bytes.Equal(p.Data, picture.Data) }) {
			return fmt.Errorf("%w: %s has %d pictures, put there were %d: %w", errLost, ref, len(list), pictures[ref], err)
		}
		if c, err := st.s.Case(ctx, f.Reference, st.me); err != nil || c.Status != f.Status {
			return fmt.Errorf("%s: case %s, filing %s: %w", ref, c.Status, f.Status, err)
		}
	}
	return nil
}

// drafts is what was filed under each key, as JSON.
var drafts sync.Map

func filedAs(key string) string {
	if text, ok := drafts.Load(key); ok {
		return text.(string)
	}
	text, err := json.Marshal(draft(key))
	if err != nil {
		panic(err)
	}
	drafts.Store(key, string(text))
	return string(text)
}

// again does what each station was doing once more.
func (l left) again(ctx context.Context) error {
	for name, orders := range l.orders {
		next := under(orders)
		if next == nil || !slices.Contains(repeats, next.verb) {
			continue
		}
		st := l.stations[name]
		_, err := st.do(*next)
		if err != nil && !((next.verb == "decide" || next.verb == "undo") && fault.CodeOf(err) == fault.DeskMove) {
			return fmt.Errorf("%s (%s %s) again: %w", next.id, next.verb, next.more, err)
		}
	}
	return nil
}

// goOn files and decides: what comes after has a number that nobody has.
func (l left) goOn(ctx context.Context) error {
	officers, err := l.stations[counter].s.Officers(ctx)
	if err != nil {
		return err
	}
	if len(officers) == 0 {
		if err := l.stations[counter].setOfficer(ctx); err != nil {
			return err
		}
	}
	given := l.given()
	for i := range 2 {
		ref, err := l.stations[kiosk].do(order{verb: "file", arg: "after" + strconv.Itoa(i)})
		if err != nil {
			return fmt.Errorf("filing afterwards: %w", err)
		}
		if given[ref] != "" {
			return fmt.Errorf("the number %s was given before", ref)
		}
		if _, err := l.stations[counter].do(order{verb: "decide", arg: ref, more: string(desk.Receive)}); err != nil {
			return fmt.Errorf("deciding afterwards: %w", err)
		}
	}
	_, err = l.stations[counter].s.VerifyJournal(ctx)
	return err
}

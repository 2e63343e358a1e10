// Package finder looks for filings by what people remember of them: a number, a name without accents, a service, a day.
//
// Names are sealed, and opening two hundred thousand filings takes minutes. So the desk keeps a small row of each filing (name, number,
// date of birth) under a key that all officers can open; Update reads the rows, makes those that are lacking, and follows what changes. The
// Index lives in the memory of a desk with a signed-in officer and is dropped when they leave. Search goes through all of it, which takes
// milliseconds.
package finder

import (
	"context"
	"encoding/json"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

// Store is what an Index reads; kiosk/store has it.
type Store interface {
	FinderKeys(ctx context.Context, id *seal.Identity) (store.FinderKeys, error)
	FinderKeyset(ctx context.Context) (int, error)
	Listed(ctx context.Context, after int64, limit int) ([]store.Listed, error)
	ListedAs(ctx context.Context, ref filing.Reference) ([]store.Listed, error)
	Unlisted(ctx context.Context, after int64, limit int) ([]store.Listed, error)
	SetRows(ctx context.Context, rows map[int64][]byte) error
	Head(ctx context.Context) (int64, error)
	Changed(ctx context.Context, after int64, limit int) ([]filing.Reference, int64, error)
	Read(ctx context.Context, number string, id *seal.Identity) (filing.Filing, error)
}

// How much is read at once.
const (
	listedAtOnce  = 2000
	changedAtOnce = 1000
	openedAtOnce  = 50
)

// Index is all filings of an office, ready to be searched. It is for several goroutines; Update for one at a time.
type Index struct {
	store   Store
	id      *seal.Identity
	keys    store.FinderKeys
	service func(id string) string
	seed    maphash.Seed

	last   int64 // filing that was listed last
	opened int64 // filing that was opened last for its row
	seq    int64 // entry of the journal up to which changes are known

	bare map[string]filing.Reference // had no row when they were read last: nobody has opened them yet, or another desk has since

	mu       sync.RWMutex
	entries  []entry // by id
	byRef    map[string]int32
	services []string // ids; entries have a number of it
	folded   []string // of the names of services
	full     bool
}

// entry is a filing, kept small.
type entry struct {
	ref        string
	name       string // as it is written
	text       string // folded: a space, the name, the short number, in small letters; each word has a space before it
	filed, due int64  // Unix seconds; due 0 for none
	person     uint64 // hash of the number; 0 for none
	birth      string
	holder     string
	service    uint16
	status     filing.Status
	zone       int32 // seconds east, of filed
	brought    bool
}

// row is what is kept sealed of a filing.
type row struct {
	Name   string `json:"n"`
	Number string `json:"i"`
	Birth  string `json:"b"`
	// Others are the numbers of other people in the filing: what the office holds of somebody is found by them.
	Others []string `json:"o,omitempty"`
}

// Open gives an empty Index; service names a service for people. fault.SealShut if the officer cannot open the rows yet.
func Open(ctx context.Context, s Store, id *seal.Identity, service func(id string) string) (*Index, error) {
	keys, err := s.FinderKeys(ctx, id)
	if err != nil {
		return nil, err
	}
	seq, err := s.Head(ctx)
	if err != nil {
		return nil, err
	}
	x := &Index{store: s, id: id, keys: keys, service: service, seed: maphash.MakeSeed(), seq: seq, byRef: map[string]int32{}}
	x.bare = map[string]filing.Reference{}
	return x, nil
}

// renew reads the keys again once they are for other readers: rows that are written from then on may have a new one.
func (x *Index) renew(ctx context.Context) error {
	now, err := x.store.FinderKeyset(ctx)
	if err != nil || now == x.keys.Keyset {
		return err
	}
	keys, err := x.store.FinderKeys(ctx, x.id)
	if err == nil {
		x.keys = keys
	}
	return err
}

// Full reports whether an Update has come to the end: from then on Search knows all filings.
func (x *Index) Full() bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.full
}

// Len is how many filings it has.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.entries)
}

// Update reads what is new and what changed, and makes the rows that are lacking. What it did so far holds if it fails or ctx ends.
func (x *Index) Update(ctx context.Context) error {
	if err := x.renew(ctx); err != nil {
		return err
	}
	for {
		list, err := x.store.Listed(ctx, x.last, listedAtOnce)
		if err != nil {
			return err
		}
		x.add(list)
		if len(list) < listedAtOnce {
			break
		}
	}
	if err := x.follow(ctx); err != nil {
		return err
	}
	if err := x.open(ctx); err != nil {
		return err
	}
	if err := x.dress(ctx); err != nil {
		return err
	}
	x.mu.Lock()
	x.full = true
	x.mu.Unlock()
	return nil
}

// add appends filings that follow those that are there.
func (x *Index) add(list []store.Listed) {
	made := make([]entry, 0, len(list))
	for _, l := range list {
		made = append(made, x.entry(l))
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for i, l := range list {
		made[i].service = x.number(l.Service)
		x.byRef[made[i].ref] = int32(len(x.entries))
		x.entries = append(x.entries, made[i])
		x.last = l.ID
	}
}

// number is the number of a service. It is called with the lock.
func (x *Index) number(id string) uint16 {
	if i := slices.Index(x.services, id); i >= 0 {
		return uint16(i)
	}
	x.services = append(x.services, id)
	x.folded = append(x.folded, " "+identity.Fold(x.service(id)))
	return uint16(len(x.services) - 1)
}

// entry is a filing with what its row says. A row that cannot be read counts as none: it is a copy, and what it lacks can be
// found by number.
func (x *Index) entry(l store.Listed) entry {
	_, zone := l.Filed.Zone()
	e := entry{ref: l.Reference.String(), filed: l.Filed.Unix(), status: l.Status, holder: l.Holder, brought: l.Brought, zone: int32(zone)}
	if !l.Due.IsZero() {
		e.due = l.Due.Unix()
	}
	r, _ := x.row(l)
	if x.name(&e, r, l.Short); len(l.Row) == 0 && !l.Destroyed { // else there will be none
		x.bare[e.ref] = l.Reference
	} else {
		delete(x.bare, e.ref)
	}
	return e
}

func (x *Index) name(e *entry, r row, short string) {
	e.name, e.birth = r.Name, r.Birth
	if r.Number != "" {
		e.person = maphash.String(x.seed, r.Number)
	}
	e.text = " " + identity.Fold(r.Name) + " " + strings.ToLower(short)
}

// follow reads again what changed since the last time.
func (x *Index) follow(ctx context.Context) error {
	for {
		refs, last, err := x.store.Changed(ctx, x.seq, changedAtOnce)
		if err != nil {
			return err
		}
		for _, ref := range refs {
			list, err := x.store.ListedAs(ctx, ref)
			if err != nil {
				return err
			}
			for _, l := range list {
				x.replace(l)
			}
		}
		if last == x.seq {
			return nil
		}
		x.seq = last
	}
}

// replace puts a filing as it is now in its place; one that is not there yet comes later.
func (x *Index) replace(l store.Listed) {
	e := x.entry(l)
	x.mu.Lock()
	defer x.mu.Unlock()
	if at, ok := x.byRef[e.ref]; ok {
		e.service = x.entries[at].service
		x.entries[at] = e
	}
}

// open opens the filings that have no row and makes it.
func (x *Index) open(ctx context.Context) error {
	for {
		list, err := x.store.Unlisted(ctx, x.opened, openedAtOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		rows := map[int64][]byte{}
		for i, l := range list {
			f, err := x.store.Read(ctx, l.Reference.String(), x.id)
			x.opened = l.ID
			if code := fault.CodeOf(err); code == fault.SealShut || code == fault.SealDestroyed || code == fault.StoreDamaged {
				continue // sealed to others, its time ended just now, or a backup has to mend it: the others must not wait for that
			}
			if err != nil {
				return err
			}
			text, err := json.Marshal(rowOf(f))
			if err != nil {
				return fault.New(fault.Internal, err)
			}
			if list[i].Row, err = seal.Box(x.keys.Keys[0], l.Reference.String(), text); err != nil {
				return fault.New(fault.Internal, err)
			}
			rows[l.ID] = list[i].Row
			x.replace(list[i])
		}
		if err := x.store.SetRows(ctx, rows); err != nil {
			return err
		}
	}
}

// dress gives the filings that are still without a row the one that another desk has made meanwhile: no entry of the journal tells of it.
func (x *Index) dress(ctx context.Context) error {
	for _, ref := range x.bare {
		list, err := x.store.ListedAs(ctx, ref)
		if err != nil {
			return err
		}
		for _, l := range list {
			x.replace(l)
		}
	}
	return nil
}

// Name is the applicant's name of a filing; false if it is not known here.
func (x *Index) Name(ref filing.Reference) (string, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	at, ok := x.byRef[ref.String()]
	if !ok || x.entries[at].name == "" {
		return "", false
	}
	return x.entries[at].name, true
}

// summary is the entry as others know it. It is called with the lock.
func (x *Index) summary(e entry) store.Summary {
	ref, err := filing.ParseReference(e.ref)
	if err != nil {
		return store.Summary{} // it was one when it came in
	}
	zone := time.FixedZone("", int(e.zone))
	s := store.Summary{Reference: ref, Short: ref.Short(), Service: x.services[e.service], Status: e.status, Filed: time.Unix(e.filed, 0).In(zone),
		Holder: e.holder, Brought: e.brought}
	if e.due != 0 {
		s.Due = time.Unix(e.due, 0).In(zone)
	}
	return s
}

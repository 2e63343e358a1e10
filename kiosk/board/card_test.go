package board

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/assist"
	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/session"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// hand is who lays cards on the reader of a counter.
type hand struct {
	*counter
	can    string // opens the card that lies there
	sod    []byte
	broken fault.Code // what reading gives instead
	tried  []string
	beside []func() // readings that were begun, if they wait
	wait   bool
}

var ownSOD, otherSOD = bytes.Repeat([]byte("an"), 700), bytes.Repeat([]byte("khac"), 400)

const ownCAN, otherCAN = "000506", "000777"

func newHand(t *testing.T) *hand {
	h := &hand{counter: newCounter(t)}
	h.opt.ReadCard = func(ctx context.Context, can string) ([]byte, error) {
		h.tried = append(h.tried, can)
		switch {
		case h.broken != "":
			return nil, fault.New(h.broken, nil)
		case can != h.can:
			return nil, fault.New(fault.CardWrongKey, nil)
		}
		return bytes.Clone(h.sod), nil
	}
	h.opt.Go = func(do func()) {
		if h.wait {
			h.beside = append(h.beside, do)
		} else {
			do()
		}
	}
	h.do(OnReader{CardGone})
	return h
}

// lay lays a card down and lets it be read.
func (h *hand) lay(can string, sod []byte) Snapshot {
	h.can, h.sod, h.tried = can, sod, nil
	return h.do(OnReader{CardLies}, Tick{})
}

func (h *hand) lift() Snapshot { return h.do(OnReader{CardGone}) }

// set sets the officer's own card on its page, and leaves it.
func (h *hand) set(way string) {
	h.t.Helper()
	h.signIn()
	h.lay(ownCAN, ownSOD)
	s := h.do(Open{OwnCard})
	for s.Own.Way != way {
		s = h.do(Turn{1})
	}
	h.do(Enter{}) // goes to the digits
	h.type_(ownCAN)
	h.do(Enter{})
	h.type_(storetest.TestPIN)
	s = h.do(Enter{}, Tick{})
	if s.Notice != "desk.notice.card-"+way || s.Own.Has != way || s.Own.PIN != 0 || s.Own.Busy {
		h.t.Fatalf("not set: %q, %+v", s.Notice, s.Own)
	}
	h.lift()
	if s := h.do(Escape{}); s.Page != Queue {
		h.t.Fatalf("a card that was taken away after a PIN: %s", s.Page)
	}
	h.do(Lock{})
}

// A PIN that is changed leaves the card that signs in alone as it is; and a PIN that was changed at another desk is not brought back by setting a card.
func TestCardAndAnotherPIN(t *testing.T) {
	h := newHand(t)
	h.set(CardAlone)
	h.signIn()
	h.to("self")
	h.do(Act{"pin"})
	if s := h.fill(storetest.TestPIN, otherPIN, otherPIN); s.Ask != nil || s.Admin.Result.Key != "desk.done.pin" {
		t.Fatalf("%+v", s)
	}
	h.do(Lock{})
	h.cards.known = map[string]string{}
	h.type_(otherPIN)
	if s := h.do(Enter{}); s.Page != Queue {
		t.Fatalf("%+v", s.SignIn)
	}
	h.do(Lock{})
	if s := h.lay(ownCAN, ownSOD); s.Page != Queue {
		t.Fatalf("the card does not sign in any more: %+v", s.SignIn.Card)
	}
	h.do(Open{OwnCard})
	locked, err := seal.Lock(h.key, "an", seal.Secret{PIN: storetest.TestPIN})
	if err == nil {
		err = h.db.SetSecret(t.Context(), locked, store.Signer{ID: "an", Identity: h.key})
	}
	if err != nil {
		t.Fatal(err)
	}
	if s := h.do(Tick{}); s.Own.Has != CardNever {
		t.Errorf("what another desk changed is not seen: %+v", s.Own)
	}
}

// The card alone signs its owner in as soon as it lies there, and who typed what opens it once needs no more.
func TestCardSignsIn(t *testing.T) {
	h := newHand(t)
	h.set(CardAlone)
	if s := h.lay(ownCAN, ownSOD); s.Page != Queue || s.Officer != "Bùi Văn An" || len(h.tried) != 1 {
		t.Fatalf("%s, tried %v: %+v", s.Page, h.tried, s.SignIn)
	}
	if s := h.lift(); s.Page != SignIn || s.Officer != "" {
		t.Fatal("still signed in without the card")
	}
	// The PIN opens as before.
	h.signIn()
	h.do(Lock{})
	// The desk is started anew: what opens the chip has to be typed, and is known from then on.
	h.cards.known = map[string]string{}
	if s := h.lay(ownCAN, ownSOD); s.Page != SignIn || s.SignIn.Card.Say != "digits" || len(h.tried) != 0 {
		t.Fatalf("%+v", s.SignIn.Card)
	}
	h.type_("000507")
	if s := h.do(Enter{}, Tick{}); s.Page != SignIn || s.SignIn.Card.Say != "wrong" {
		t.Fatalf("%+v", s.SignIn.Card)
	}
	h.type_(ownCAN)
	if s := h.do(Enter{}, Tick{}); s.Page != Queue {
		t.Fatalf("%+v", s.SignIn.Card)
	}
	h.lift()
	if s := h.lay(ownCAN, ownSOD); s.Page != Queue {
		t.Fatalf("%+v", s.SignIn.Card)
	}
	// Or it is learnt when the PIN signs in.
	h.lift()
	h.cards.known = map[string]string{}
	h.signIn()
	h.do(Lock{})
	if s := h.lay(ownCAN, ownSOD); s.Page != Queue {
		t.Fatalf("%+v", s.SignIn.Card)
	}
	// Who locks the desk and leaves the card is not let in by it until it is laid down again, or Enter is pressed.
	if s := h.do(Lock{}, Tick{}, Tick{}); s.Page != SignIn || s.SignIn.Card.Say != "again" {
		t.Fatalf("%+v", s.SignIn.Card)
	}
	if s := h.do(Enter{}, Tick{}); s.Page != Queue {
		t.Fatalf("%+v", s.SignIn.Card)
	}
	var by []string
	for _, e := range h.journal("officer.in") {
		by = append(by, e["by"].(string))
	}
	if got := strings.Join(by, " "); got != "pin card pin card card pin card card" {
		t.Errorf("journal: %s", got)
	}
}

// journal gives the details of the entries of a kind.
func (h *hand) journal(kind string) []map[string]any {
	h.t.Helper()
	entries, err := h.db.Journal(h.t.Context(), 0, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	var list []map[string]any
	for _, e := range entries {
		if string(e.Kind) != kind {
			continue
		}
		var detail map[string]any
		if err := json.Unmarshal(e.Detail, &detail); err != nil {
			h.t.Fatal(err)
		}
		list = append(list, detail)
	}
	return list
}

// A card that is taken away, a reader that is pulled, a service that dies: who signed in by card is out at once, wherever they are, and the
// filing is given back. Who typed the PIN stays.
func TestCardGone(t *testing.T) {
	h := newHand(t)
	f := h.file("a", "Hà Thị Thử")
	h.set(CardAlone)
	for _, state := range []CardState{CardGone, ReaderAway, CardMute} {
		for name, go_ := range map[string][]Intent{"filing": {Enter{}}, "dialog": {Enter{}, Portal{}}, "search": {Find{}, Type{'h'}}, "figures": {Open{Figures}}, "own card": {Open{OwnCard}, Type{'1'}}} {
			h.lay(ownCAN, ownSOD)
			h.do(go_...)
			s := h.do(OnReader{state})
			if s.Page != SignIn || s.Open != nil || s.Dialog != nil || len(s.Rows) != 0 || h.key != nil || h.open != nil || len(h.own.pin)+len(h.own.can) != 0 {
				t.Fatalf("%s, %s: %+v", state, name, s)
			}
			if is, err := h.db.Case(t.Context(), f.Reference, nil); err != nil || is.Holder != "" {
				t.Fatalf("%s, %s: still held by %q, %v", state, name, is.Holder, err)
			}
			h.lift()
		}
	}
	// Another card in its place is none, and is read for its own sake.
	h.lay(ownCAN, ownSOD)
	h.do(Enter{})
	if s := h.lay(otherCAN, otherSOD); s.Page != SignIn || s.SignIn.Card.Say != "digits" {
		t.Fatalf("another card in its place: %s", s.Page)
	}
	h.lift()
	// Also in a citizen's session, which is handed back.
	var closed int
	h.opt.Local = func(context.Context, officer.Account) (assist.Visit, error) {
		v := &visiting{pages: make(chan session.Snapshot, 1), closed: &closed}
		v.pages <- session.Snapshot{}
		return v, nil
	}
	h.lay(ownCAN, ownSOD)
	if s := h.do(NewFiling{}); s.Page != Inside {
		t.Fatalf("no session: %s", s.Page)
	}
	if s := h.lift(); s.Page != SignIn || s.Citizen != nil || closed != 1 {
		t.Fatalf("in a session: %s, closed %d times", s.Page, closed)
	}
	h.signIn()
	h.do(Enter{})
	h.lay(ownCAN, ownSOD)
	for _, state := range []CardState{CardGone, ReaderAway, CardMute, CardGone} {
		if s := h.do(OnReader{state}); s.Page != Queue || s.Open == nil {
			t.Fatalf("signed in by PIN, %s: %+v", state, s)
		}
	}
	// What the reader says is no touch of a key.
	h.clock.Set(h.clock.Now().Add(DefaultIdle - time.Second))
	h.do(OnReader{CardLies}, OnReader{CardGone})
	h.clock.Set(h.clock.Now().Add(time.Second))
	if s := h.do(Tick{}); s.Page != SignIn {
		t.Error("a card that comes and goes keeps a desk open")
	}
}

// visiting is a citizen's session that does nothing.
type visiting struct {
	pages  chan session.Snapshot
	closed *int
}

func (v *visiting) Snapshots() <-chan session.Snapshot { return v.pages }
func (v *visiting) Send(session.Intent)                {}
func (v *visiting) Close()                             { *v.closed++ }

// Besides the PIN: neither alone is enough, and who took the card away is out.
func TestCardBesides(t *testing.T) {
	h := newHand(t)
	h.set(CardBesides)
	h.type_(storetest.TestPIN)
	if s := h.do(Enter{}); s.Page != SignIn || s.SignIn.Card.Say != "needed" || s.SignIn.Wrong {
		t.Fatalf("the PIN alone: %+v %+v", s, s.SignIn.Card)
	}
	if s := h.lay(ownCAN, ownSOD); s.Page != SignIn || s.SignIn.Card.Say != "pin" {
		t.Fatalf("the card alone: %+v", s.SignIn.Card)
	}
	h.type_("11112222")
	if s := h.do(Enter{}); s.Page != SignIn || !s.SignIn.Wrong {
		t.Fatalf("another PIN: %+v", s.SignIn)
	}
	h.signIn()
	if s := h.lift(); s.Page != SignIn {
		t.Fatal("still signed in without the card")
	}
	h.type_(storetest.TestPIN)
	if s := h.do(Enter{}); s.Page != SignIn {
		t.Fatal("what a card said stays when it is gone")
	}
	// It is given up with both.
	h.lay(ownCAN, ownSOD)
	h.signIn()
	s := h.do(Open{OwnCard})
	for s.Own.Way != CardNever {
		s = h.do(Turn{1})
	}
	h.do(Enter{})
	h.type_(storetest.TestPIN)
	if s := h.do(Enter{}, Tick{}); s.Notice != "desk.notice.card-never" || s.Own.Has != CardNever || s.Own.Digits != 0 {
		t.Fatalf("%q %+v", s.Notice, s.Own)
	}
	h.do(Lock{})
	h.lift()
	h.signIn()
	if d := h.journal("officer.secret"); len(d) != 2 || d[0]["card"] != true || d[0]["alone"] != false || d[1]["card"] != false {
		t.Errorf("journal: %v", d)
	}
	if _, err := h.db.VerifyJournal(t.Context()); err != nil {
		t.Error(err)
	}
}

// Whose card it is not, and what is wrong with a card, is said; a forged one is journaled as a wrong PIN is.
func TestCardRefused(t *testing.T) {
	h := newHand(t)
	h.set(CardAlone)
	refused := func() int { return len(h.journal("officer.refused")) }
	if s := h.lay(otherCAN, otherSOD); s.Page != SignIn || s.SignIn.Card.Say != "digits" || refused() != 0 {
		t.Errorf("a card that the digits do not open: %+v", s.SignIn.Card)
	}
	h.type_(otherCAN)
	if s := h.do(Enter{}, Tick{}); s.Page != SignIn || s.SignIn.Card.Say != "foreign" || refused() != 1 {
		t.Errorf("another's card: %+v", s.SignIn.Card)
	}
	if s := h.lay(ownCAN, otherSOD); s.Page != SignIn || s.SignIn.Card.Say != "foreign" || refused() != 2 {
		t.Errorf("another card with the same digits: %+v", s.SignIn.Card)
	}
	for code, noted := range map[fault.Code]bool{fault.CardCloned: true, fault.CardForged: true, fault.CardDowngraded: true, fault.CardRemoved: false, fault.CardNotID: false, fault.CardTimeout: false} {
		before := refused()
		h.broken = code
		if s := h.lay(ownCAN, ownSOD); s.Page != SignIn || s.SignIn.Card.Say != "failed" || s.SignIn.Card.Code != code || refused()-before != map[bool]int{true: 1}[noted] {
			t.Errorf("%s: %+v, %d journaled", code, s.SignIn.Card, refused()-before)
		}
	}
	h.broken = ""
	if s := h.do(OnReader{CardMute}); s.SignIn.Card.Say != "failed" || s.SignIn.Card.Code != fault.CardMute {
		t.Errorf("%+v", s.SignIn.Card)
	}
	if s := h.lift(); s.SignIn.Card.Say != "" || s.SignIn.Card.State != CardGone {
		t.Errorf("%+v", s.SignIn.Card)
	}
	if s := h.lay(ownCAN, ownSOD); s.Page != Queue {
		t.Errorf("%+v", s.SignIn.Card)
	}
	// Who is locked out has no card either.
	a, an := h.me, h.key
	h.lift()
	binh, id, err := officer.New("binh", "Đinh Thị Bình", officer.Head, seal.Secret{PIN: storetest.TestPIN}, h.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	a.Active = false
	if err := h.db.ChangeOfficer(t.Context(), binh, store.Signer{ID: "an", Identity: an}); err != nil {
		t.Fatal(err)
	}
	if err := h.db.ChangeOfficer(t.Context(), a, store.Signer{ID: "binh", Identity: id}); err != nil {
		t.Fatal(err)
	}
	if s := h.lay(ownCAN, ownSOD); s.Page != SignIn {
		t.Error("signed in, though locked out")
	}
}

// While a card is read the desk goes on: a PIN is typed, the card is taken away, and what was read then lets nobody in.
func TestCardReading(t *testing.T) {
	h := newHand(t)
	h.set(CardAlone)
	h.wait = true
	if s := h.lay(ownCAN, ownSOD); s.SignIn.Card.Say != "reading" || len(h.beside) != 1 {
		t.Fatalf("%+v", s.SignIn.Card)
	}
	if s := h.do(Enter{}); s.SignIn.Card.Say != "reading" || len(h.beside) != 1 {
		t.Errorf("it is read twice: %+v", s.SignIn.Card)
	}
	if s := h.lift(); s.SignIn.Card.Say != "" {
		t.Errorf("%+v", s.SignIn.Card)
	}
	h.beside[0]()
	if s := h.do(Tick{}); s.Page != SignIn {
		t.Fatal("a card that is gone signs in")
	}
	h.beside = nil
	h.lay(ownCAN, ownSOD)
	h.signIn()
	h.beside[0]()
	h.lift()
	if s := h.do(Tick{}); s.Page != Queue || h.byCard {
		t.Errorf("signed in by PIN: %s", s.Page)
	}
}

// The page of one's own card asks for the PIN, for the card and for six digits, in words, and keeps nothing of them.
func TestOwnCard(t *testing.T) {
	h := newHand(t)
	h.signIn()
	if s := h.do(Open{OwnCard}); !s.HasCard || s.Own == nil || s.Own.Has != CardNever || s.Own.Way != CardAlone || !s.Own.Needs {
		t.Fatalf("%+v", s.Own)
	}
	expect := func(what string, at int, problem string) {
		t.Helper()
		if s := h.do(Enter{}, Tick{}); s.Own == nil || s.Own.At != at || s.Own.Problem != problem {
			t.Fatalf("%s: %+v", what, s.Own)
		}
	}
	expect("nothing", OwnDigits, "")
	h.type_("0005x0")
	expect("five digits", OwnDigits, "digits")
	h.type_("6789")
	if s := h.last; s.Own.Digits != CANDigits {
		t.Errorf("%+v", s.Own)
	}
	expect("no PIN", OwnPIN, "")
	h.type_(storetest.TestPIN)
	expect("no card", OwnPIN, "lay")
	h.lay(otherCAN, ownSOD)
	expect("other digits", OwnDigits, "wrong")
	h.broken = fault.CardCloned
	expect("a clone", OwnDigits, "failed")
	h.broken = ""
	if h.last.Own.Code != fault.CardCloned || h.me.Locked.Or != nil {
		t.Errorf("%+v", h.last.Own)
	}
	h.do(Move{1}, Delete{})
	h.type_("9")
	expect("another PIN", OwnPIN, "pin")
	if h.last.Own.PIN != 0 {
		t.Error("a wrong PIN stays")
	}
	h.type_("2718")
	if s := h.do(Find{}); s.Page != Queue || len(h.Board.own.pin) != 0 {
		t.Error("what was typed stays when the page is left")
	}
	h.do(Escape{}, Open{OwnCard})
	h.type_("3") // never
	if s := h.last; s.Own.Way != CardNever || s.Own.Needs {
		t.Errorf("%+v", s.Own)
	}
	h.do(Lock{})
	// Without a reader there is no such page.
	h.opt.ReadCard = nil
	h.signIn()
	if s := h.do(Open{OwnCard}); s.Page != Queue || s.HasCard {
		t.Errorf("%s", s.Page)
	}
}

// The digits of several officers are tried, of who is chosen first, and no more than a few.
func TestOpeners(t *testing.T) {
	b := &Board{at: 2, cards: cards{known: map[string]string{}}}
	for i := range 7 {
		id := fmt.Sprintf("o%d", i)
		b.accounts = append(b.accounts, officer.Account{ID: id})
		b.cards.known[id] = fmt.Sprintf("00000%d", i)
	}
	if got := strings.Join(b.openers(), " "); got != "000002 000000 000001 000003" {
		t.Error(got)
	}
	b.accounts = nil
	if got := b.openers(); len(got) != 0 {
		t.Error(got)
	}
}

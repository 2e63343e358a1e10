package board

import (
	"strings"
	"testing"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// withSecond is a counter at which "an" signs in by card alone, and "ky" needs card and PIN; the dialog for new keys of "ky" waits for ky.
func withSecond(t *testing.T) (*hand, officer.Account) {
	t.Helper()
	h := newHand(t)
	h.addTechnician()
	old := h.account("ky")
	key, err := old.SignIn(seal.Secret{PIN: storetest.TestPIN})
	if err != nil {
		t.Fatal(err)
	}
	locked, err := seal.Lock(key, "ky", seal.Secret{PIN: storetest.TestPIN, Card: otherSOD})
	if err == nil {
		err = h.db.SetSecret(t.Context(), locked, store.Signer{ID: "ky", Identity: key})
	}
	if err != nil {
		t.Fatal(err)
	}
	h.set(CardAlone)
	h.do(Lock{})
	h.lift()
	if s := h.lay(ownCAN, ownSOD); s.Officer != "Bùi Văn An" || !h.byCard {
		t.Fatalf("%+v", s)
	}
	h.to("officers")
	h.choose("Lê Văn Kỹ")
	h.do(Act{"officer-renew"})
	h.fill(otherPIN, otherPIN)
	return h, old
}

// TestSecondByCard: a colleague who needs the card too confirms on the one reader, for which the card of whoever is at the desk makes room; wrong digits and a
// copy are refused; what was confirmed is done, and then the desk locks, because the card it was opened with is gone.
func TestSecondByCard(t *testing.T) {
	h, old := withSecond(t)
	if s := h.lift(); s.Ask == nil || s.Ask.ID != "second" || len(s.Ask.Fields) != 3 || s.Ask.Fields[2].ID != "digits-of" {
		t.Fatalf("no room for the other card: %+v", s.Ask)
	}
	if s := h.fill("#1", storetest.TestPIN, otherCAN); s.Ask == nil || s.Ask.Problem != "lay" {
		t.Fatalf("%+v", s.Ask)
	}
	h.can, h.sod = "999999", otherSOD
	if s := h.do(OnReader{CardLies}, Enter{}, Tick{}); s.Ask == nil || s.Ask.Problem != "digits-of" {
		t.Fatalf("%+v", s.Ask)
	}
	h.can, h.broken = otherCAN, fault.CardCloned
	if s := h.do(Enter{}, Tick{}); s.Ask == nil || s.Ask.Problem != "card-bad" {
		t.Fatalf("%+v", s.Ask)
	}
	h.sod, h.broken = ownSOD, ""
	if s := h.do(Enter{}, Tick{}); s.Ask == nil || s.Ask.Problem != "wrong" || s.Ask.Fields[1].Digits != 0 {
		t.Fatalf("somebody else's card: %+v", s.Ask)
	}
	if h.account("ky").Public != old.Public {
		t.Fatal("renewed without the second officer")
	}
	h.sod, h.wait = otherSOD, true
	h.type_(storetest.TestPIN)
	if s := h.do(Enter{}, Type{'9'}, Tick{}); s.Ask == nil || s.Ask.Problem != AskReading || len(s.Ask.Fields) != 2 {
		t.Fatalf("%+v", s.Ask)
	}
	for len(h.beside) > 0 {
		do := h.beside[0]
		h.beside = h.beside[1:]
		do()
	}
	if s := h.do(Tick{}); s.Page != SignIn || h.key != nil {
		t.Errorf("its card is gone, and it stays open: %+v", s)
	}
	if h.account("ky").Public == old.Public {
		t.Error("not renewed")
	}
	if entries := h.verified(); !strings.Contains(entries, `{"officer":"ky","signature"`) || !strings.Contains(entries, "card-cloned") {
		t.Error(entries)
	}
}

// TestSecondGoesAway: room for a colleague's card is made only while the dialog is open, and not for longer than a desk may be left alone.
func TestSecondGoesAway(t *testing.T) {
	h, old := withSecond(t)
	h.lift()
	if s := h.do(Escape{}); s.Page != SignIn {
		t.Errorf("the dialog is closed, the card gone, and the desk open: %+v", s)
	}
	h, old = withSecond(t)
	h.lift()
	for range 2 { // keys keep it awake, and do not keep the reader lent
		h.clock.Set(h.clock.Now().Add(h.opt.Idle - time.Second))
		h.do(Move{1})
	}
	if h.key != nil || h.account("ky").Public != old.Public {
		t.Error("the reader is lent for ever")
	}
}

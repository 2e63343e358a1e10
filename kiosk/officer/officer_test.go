package officer

import (
	"errors"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/seal"
)

var now = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

// card is the secret of tests: a PIN costs half a second.
var card = seal.Secret{Card: []byte("what the chip says")}

func TestSignIn(t *testing.T) {
	a, id, err := New("an", " Bùi Văn An ", Clerk, card, now)
	if err != nil || a.Name != "Bùi Văn An" {
		t.Fatal(a.Name, err)
	}
	got, err := a.SignIn(card)
	if err != nil || got.Public() != id.Public() {
		t.Fatal(err)
	}
	if _, err := a.SignIn(seal.Secret{Card: []byte("another")}); !errors.Is(err, seal.ErrWrong) {
		t.Error(err)
	}
	locked := a
	locked.Active = false
	if _, err := locked.SignIn(card); !errors.Is(err, seal.ErrWrong) {
		t.Errorf("locked out: %v", err)
	}
	b, _, err := New("binh", "Hà Thị Bình", Clerk, card, now)
	if err != nil {
		t.Fatal(err)
	}
	swapped := a
	swapped.Public = b.Public // somebody put their own key in
	if _, err := swapped.SignIn(card); !errors.Is(err, seal.ErrWrong) {
		t.Errorf("another public key: %v", err)
	}
}

func TestCheck(t *testing.T) {
	for _, w := range []struct {
		id, name string
		role     Role
	}{{"", "An", Clerk}, {"A", "An", Clerk}, {"an an", "An", Clerk}, {"an", "", Clerk}, {"an", strings.Repeat("x", 81), Clerk}, {"an", "An", "boss"}} {
		if _, _, err := New(w.id, w.name, w.role, card, now); !errors.Is(err, ErrAccount) {
			t.Errorf("%+v: %v", w, err)
		}
	}
}

// A technician keeps the machines going and is never sealed to.
func TestRoles(t *testing.T) {
	for _, w := range []Right{ReadFilings, Decide, SetOfficers, Restore} {
		if Technician.May(w) {
			t.Errorf("a technician may %s", w)
		}
	}
	for _, w := range []Right{SetOfficers, Restore, ChangeKeys, EndRetention} {
		if Clerk.May(w) || !Head.May(w) {
			t.Errorf("%s: officer %v, head %v", w, Clerk.May(w), Head.May(w))
		}
	}
	for _, w := range []Right{Restore, ChangeKeys, UseRecovery, EndRetention} {
		if !w.FourEyes() {
			t.Errorf("one alone may %s", w)
		}
	}
	var all []Account
	for i, role := range []Role{Clerk, Head, Technician} {
		a, _, err := New([]string{"a1", "b1", "c1"}[i], "x", role, card, now)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	if got := Recipients(all); len(got) != 2 || got[0] != all[0].Public || got[1] != all[1].Public {
		t.Errorf("sealed to %d", len(got))
	}
	all[0].Active = false
	if got := Recipients(all); len(got) != 1 {
		t.Errorf("sealed to who is locked out")
	}
}

// The delays grow, end, and shut nobody out for good.
func TestTries(t *testing.T) {
	var tries Tries
	at := now
	for i, want := range []time.Duration{0, 0, 0, 4, 8, 16, 32, 64, 120, 120, 120} {
		if got := tries.Wait(at); got != want*time.Second {
			t.Errorf("before try %d: %v, want %v", i+1, got, want*time.Second)
		}
		at = at.Add(tries.Wait(at))
		tries.Failed(at)
	}
	if got := tries.Wait(at.Add(Forget)); got != 0 {
		t.Errorf("an hour later: %v", got)
	}
	if got := tries.Wait(at.AddDate(-1, 0, 0)); got != 0 {
		t.Errorf("a clock that was set back: %v", got)
	}
	tries.Succeeded()
	if got := tries.Wait(at); got != 0 {
		t.Errorf("after a sign-in: %v", got)
	}
}

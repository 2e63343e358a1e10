//go:build linux

package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// Another PIN leaves a card that signs in alone as it is; without the card, as the officer then asked, it opens nothing.
func TestPINKeepsCard(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	opts := store.Options{Station: "K1", Commune: "05200"}
	id := storetest.SetOfficer(t, data, opts)
	card := seal.Secret{Card: []byte("what a chip says")}
	account := func() officer.Account {
		t.Helper()
		db, err := store.OpenReadOnly(data)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		all, err := db.Officers(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatalf("%d accounts, %v", len(all), err)
		}
		return all[0]
	}
	locked, err := account().Locked.OrCard(id, "an", card.Card)
	if err != nil {
		t.Fatal(err)
	}
	if locked, err = locked.WithChip(id, "an", "000506"); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(data, opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.SetSecret(t.Context(), locked, store.Signer{ID: "an", Identity: id}), db.Close()); err != nil {
		t.Fatal(err)
	}
	run := func(status int, args ...string) {
		t.Helper()
		if o := motcuactl(t, append(args, "--data", data)...); o.status != status {
			t.Fatalf("%v: status %d, not %d: %s%s", args, o.status, status, o.out, o.err)
		}
	}
	pins := map[string]string{}
	for name, pin := range map[string]string{"old": storetest.TestPIN, "new": "14142135"} {
		pins[name] = filepath.Join(dir, name)
		if err := os.WriteFile(pins[name], []byte(pin), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(0, "officer", "pin", "an", "--pin-file", pins["old"], "--new-pin-file", pins["new"])
	a := account()
	if got, err := a.SignIn(card); err != nil || got.Public() != id.Public() || a.Locked.ChipKey(got, "an") != "000506" {
		t.Errorf("the card, after another PIN: %v", err)
	}
	run(fault.SealWrong.Exit(), "officer", "card", "an", "--remove", "--pin-file", pins["old"])
	run(0, "officer", "card", "an", "--remove", "--pin-file", pins["new"])
	if a = account(); a.Locked.Chip != nil {
		t.Error("what opens the chip is kept")
	}
	if _, err := a.SignIn(card); !errors.Is(err, seal.ErrWrong) {
		t.Errorf("the card that was given up: %v", err)
	}
	run(0, "journal", "verify")
}

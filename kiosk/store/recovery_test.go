package store_test

import (
	"testing"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

// The recovery key is set by two, goes through two sheets of paper, lets somebody in when nobody knows a PIN any more, and gives them all that
// is there.
func TestRecovery(t *testing.T) {
	d := newDesk(t)
	d.head("cuc")
	d.must("an", desk.Receive)
	ctx := t.Context()
	made, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	for name, by := range map[string][]store.Signer{"one": d.by("cuc"), "two who may not": d.by("an", "binh")} {
		if err := d.s.SetRecovery(ctx, made.Public(), by...); fault.CodeOf(err) != fault.SealWrong {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := d.s.SetRecovery(ctx, made.Public(), d.by("cuc", "an")...); err != nil {
		t.Fatal(err)
	}
	rewrapAll(t, d.s, d.keys["an"])
	one, two, err := seal.Split(made)
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.Join(two, one)
	if err != nil {
		t.Fatal(err)
	}
	again, id := account(t, "cuc", officer.Head)
	if err := d.s.Recover(ctx, again, d.keys["an"]); fault.CodeOf(err) != fault.SealWrong {
		t.Errorf("with an officer's key: %v", err)
	}
	if err := d.s.Recover(ctx, again, key); err != nil {
		t.Fatal(err)
	}
	if _, err := d.s.Read(ctx, d.ref.String(), id); fault.CodeOf(err) != fault.SealShut {
		t.Errorf("before anything was written anew: %v", err)
	}
	rewrapAll(t, d.s, key)
	if _, err := d.s.Read(ctx, d.ref.String(), id); err != nil {
		t.Error(err)
	}
	if c, err := d.s.Case(ctx, d.ref, id); err != nil || len(c.History) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := d.s.Read(ctx, d.ref.String(), d.keys["cuc"]); fault.CodeOf(err) != fault.SealShut {
		t.Errorf("with the keys of before: %v", err)
	}
	d.verify(1 + 2)
	kinds := map[store.Kind]int{}
	entries, err := d.s.Journal(ctx, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		kinds[e.Kind]++
	}
	if kinds[store.RecoverySet] != 1 || kinds[store.RecoveryUsed] != 1 {
		t.Errorf("%v", kinds)
	}
}

// Another PIN under the same keys takes only whose it is; other keys take two; neither comes in by the way of SetOfficer.
func TestRenew(t *testing.T) {
	d := newDesk(t)
	d.head("cuc")
	ctx := t.Context()
	locked, err := seal.Lock(d.keys["an"], "an", seal.Secret{Card: []byte("another card")})
	if err != nil {
		t.Fatal(err)
	}
	set, err := d.s.Keyset(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.s.SetSecret(ctx, locked, store.Signer{ID: "an", Identity: d.keys["binh"]}); fault.CodeOf(err) != fault.SealWrong {
		t.Errorf("by another: %v", err)
	}
	if err := d.s.SetSecret(ctx, locked, d.by("an")[0]); err != nil {
		t.Fatal(err)
	}
	all, err := d.s.Officers(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if id, err := all[0].SignIn(seal.Secret{Card: []byte("another card")}); err != nil || id.Public() != d.keys["an"].Public() {
		t.Errorf("%v", err)
	}
	if now, err := d.s.Keyset(ctx); err != nil || now != set {
		t.Errorf("keys have to be written anew for a PIN: %v", err)
	}

	fresh, id := account(t, "an", officer.Clerk)
	if err := d.s.ChangeOfficer(ctx, fresh, d.by("cuc")[0]); fault.CodeOf(err) != fault.Usage {
		t.Errorf("other keys by SetOfficer: %v", err)
	}
	if err := d.s.Renew(ctx, fresh, d.by("cuc")...); fault.CodeOf(err) != fault.SealWrong {
		t.Errorf("by one: %v", err)
	}
	nobody, _ := account(t, "nobody", officer.Clerk)
	if err := d.s.Renew(ctx, nobody, d.by("cuc", "binh")...); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("of nobody: %v", err)
	}
	if err := d.s.Renew(ctx, fresh, d.by("cuc", "binh")...); err != nil {
		t.Fatal(err)
	}
	rewrapAll(t, d.s, d.keys["binh"])
	if _, err := d.s.Read(ctx, d.ref.String(), id); err != nil {
		t.Error(err)
	}
	if _, err := d.s.Read(ctx, d.ref.String(), d.keys["an"]); fault.CodeOf(err) != fault.SealShut {
		t.Errorf("with the keys of before: %v", err)
	}
	d.keys["an"] = id
	d.must("an", desk.Receive)
	d.verify(1 + 2 + 1)
}

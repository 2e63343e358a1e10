package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/setting"
)

// Entries that take several officers, written by somebody who has the station's key and fewer officers than it takes, are found.
func TestForged(t *testing.T) {
	if testing.Short() {
		t.Skip("one thing after the other, for half a minute: nothing for the race detector")
	}
	type act struct {
		kind   Kind
		detail map[string]any
		by     string // ids with a space between; an is a head, binh an officer, tam locked out
		good   bool
	}
	id, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	set := func(who, by string) map[string]any {
		d := accountOf(officer.Account{ID: who, Name: who, Role: officer.Clerk, Active: true, Public: id.Public()}).detail()
		d["by"] = by
		return d
	}
	other := func() map[string]any { return set("binh", "an") }
	sealed := func() map[string]any { // only the half that is sealed to
		d := other()
		d["verify"] = "the officer's"
		return d
	}
	somebody := func(by string) map[string]any { return set("xuan", by) }
	recovered := set("dung", byRecovery)
	recovery := func() map[string]any {
		return map[string]any{"verify": id.Public().Verify, "seal": digest([]byte(id.Public().Seal))}
	}
	for name, a := range map[string]act{
		"recovery by two":             {RecoverySet, recovery(), "an binh", true},
		"recovery by one":             {RecoverySet, recovery(), "an", false},
		"recovery by nobody":          {RecoverySet, recovery(), "", false},
		"recovery by one twice":       {RecoverySet, recovery(), "an an", false},
		"recovery by who is out":      {RecoverySet, recovery(), "an tam", false},
		"recovery by clerks":          {RecoverySet, recovery(), "binh chi", false},
		"keys by two":                 {OfficerSet, other(), "an chi", true},
		"keys by one":                 {OfficerSet, other(), "an", false},
		"keys by nobody":              {OfficerSet, other(), "", false},
		"one half by two":             {OfficerSet, sealed(), "an chi", true},
		"one half by one":             {OfficerSet, sealed(), "an", false},
		"let in without the key":      {OfficerSet, recovered, "", false},
		"recovery without the key":    {RecoveryUsed, map[string]any{"officer": "dung", "verify": "x", "signature": "AAAA"}, "", false},
		"a secret by its officer":     {SecretSet, map[string]any{"officer": "binh"}, "binh", true},
		"a secret by another officer": {SecretSet, map[string]any{"officer": "binh"}, "an", false},
		"trust by a head":             {TrustAdded, map[string]any{"officer": "an", "fingerprint": "AB"}, "an", true},
		"trust by a clerk":            {TrustRemoved, map[string]any{"officer": "binh", "fingerprint": "AB"}, "binh", false},
		"trust in another's name":     {TrustAdded, map[string]any{"officer": "binh", "fingerprint": "AB"}, "an", false},
		"a setting by a head":         {SettingSet, map[string]any{"officer": "an", "name": "service.x", "value": ""}, "an", true},
		"a setting by a clerk":        {SettingSet, map[string]any{"officer": "binh", "name": "service.x", "value": ""}, "binh", false},
		"a setting by nobody":         {SettingSet, map[string]any{"officer": "an", "name": "service.x", "value": ""}, "", false},
		"a setting in another's name": {SettingSet, map[string]any{"officer": "binh", "name": "service.x", "value": ""}, "an", false},
		"a setting after no other":    {SettingSet, map[string]any{"officer": "an", "name": "service.x", "value": "", "was": "x"}, "an", false},
		"somebody by a head":          {OfficerSet, somebody("an"), "an", true},
		"somebody by nobody":          {OfficerSet, somebody("an"), "", false},
		"somebody by set-up":          {OfficerSet, somebody("setup"), "", false},
		"somebody by a clerk":         {OfficerSet, somebody("binh"), "binh", false},
		"somebody by who is out":      {OfficerSet, somebody("tam"), "tam", false},
		"somebody in another's name":  {OfficerSet, somebody("chi"), "an", false},
		"handed over":                 {SentOut, map[string]any{"officer": "binh"}, "binh", true},
		"handed over by nobody":       {SentOut, map[string]any{"officer": "binh"}, "", false},
		"handed over by another":      {SentOut, map[string]any{"officer": "binh"}, "an", false},
		"handed over by who is out":   {SentOut, map[string]any{"officer": "tam"}, "tam", false},
		"a code by an officer":        {DossierSet, map[string]any{"dossier": "x"}, "binh", true},
		"a code by the portal":        {DossierSet, map[string]any{"dossier": "x"}, "", true},
		"a code by who is out":        {DossierSet, map[string]any{"dossier": "x"}, "tam", false},
		"a restore by two":            {Recovered, map[string]any{"whole": true}, "an binh", true},
		"a restore by one":            {Recovered, map[string]any{"whole": true}, "an", false},
		"a restore by nobody":         {Recovered, map[string]any{"whole": true}, "", false},
		"a restore by one twice":      {Recovered, map[string]any{"whole": true}, "an an", false},
		"a restore by who is out":     {Recovered, map[string]any{"whole": true}, "an tam", false},
		"a restore by clerks":         {Recovered, map[string]any{"whole": true}, "binh chi", false},
		"a filing by one":             {Destroyed, map[string]any{"reason": "x"}, "an", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := openInternal(t, t.TempDir(), 0)
			keys := map[string]*seal.Identity{}
			for _, id := range []string{"an", "binh", "chi", "tam"} {
				role := officer.Clerk
				if id == "an" || id == "tam" {
					role = officer.Head
				}
				a, key, err := officer.New(id, id, role, seal.Secret{Card: []byte(id)}, s.now())
				if err == nil {
					keys[id], a.Active = key, id != "tam"
					if id == "an" {
						err = s.SetOfficer(t.Context(), a, "setup")
					} else {
						err = s.ChangeOfficer(t.Context(), a, Signer{"an", keys["an"]})
					}
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if a.detail["verify"] == "the officer's" {
				a.detail["verify"] = keys["binh"].Public().Verify
			}
			var by []Signer
			for id := range strings.FieldsSeq(a.by) {
				by = append(by, Signer{id, keys[id]})
			}
			err := s.put(t.Context(), func(conn *sql.Conn) error {
				now := s.now().Round(0)
				if len(by) > 0 {
					if err := countersign(a.kind, "", formatTime(now), a.detail, by...); err != nil {
						return err
					}
				}
				if _, err := s.record(context.Background(), conn, now, a.kind, "", a.detail); err != nil {
					return err
				}
				return putAs(t.Context(), conn, a.kind, a.detail, id.Public())
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.VerifyJournal(t.Context()); a.good && err != nil || !a.good && fault.CodeOf(err) != fault.StoreDamaged {
				t.Errorf("%v", err)
			}
		})
	}
}

// putAs writes into the tables what an entry says, so that nothing but its signatures can be wrong with it.
func putAs(ctx context.Context, conn *sql.Conn, kind Kind, detail map[string]any, public seal.Public) error {
	public.Verify, _ = detail["verify"].(string)
	text, err := json.Marshal(public)
	if err != nil {
		return err
	}
	switch kind {
	case RecoverySet:
		_, err = conn.ExecContext(ctx, "INSERT INTO meta VALUES ('recovery', ?)", string(text))
	case OfficerSet:
		_, err = conn.ExecContext(ctx, "INSERT OR REPLACE INTO officer SELECT ?1, ?1, ?2, ?3, locked, 1, added FROM officer WHERE id = 'an'", detail["officer"], detail["role"], string(text))
	}
	return err
}

// Who can write the database and not sign for it: accounts and keys are held against the journal, each of them.
func TestAccountsTampered(t *testing.T) {
	id, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(id.Public())
	if err != nil {
		t.Fatal(err)
	}
	made := t.TempDir()
	s := openInternal(t, made, 0)
	if err := errors.Join(s.SetRecovery(t.Context(), mine().Public(), signers(t, s)...), s.Close()); err != nil {
		t.Fatal(err)
	}
	half := "json_set(%s, '$.seal', '" + id.Public().Seal + "')"
	for name, c := range map[string]struct {
		query string
		found int // findings
	}{
		"nothing":                     {"UPDATE officer SET name = name", 0},
		"sealed to somebody else":     {"UPDATE officer SET public = " + fmt.Sprintf(half, "public") + " WHERE id = 'binh'", 1},
		"signed by somebody else":     {"UPDATE officer SET public = '" + string(text) + "' WHERE id = 'binh'", 1},
		"no keys":                     {"UPDATE officer SET public = '' WHERE id = 'binh'", 1},
		"a head":                      {"UPDATE officer SET role = 'head' WHERE id = 'binh'", 1},
		"locked out":                  {"UPDATE officer SET active = 0 WHERE id = 'binh'", 1},
		"another name":                {"UPDATE officer SET name = 'Ai' WHERE id = 'binh'", 1},
		"both":                        {"UPDATE officer SET active = 0", 2},
		"gone":                        {"DELETE FROM officer WHERE id = 'binh'", 1},
		"one more":                    {"INSERT INTO officer SELECT 'ai', name, role, public, locked, active, added FROM officer WHERE id = 'binh'", 1},
		"recovered by somebody":       {"UPDATE meta SET value = " + fmt.Sprintf(half, "value") + " WHERE name = 'recovery'", 1},
		"never to be recovered":       {"DELETE FROM meta WHERE name = 'recovery'", 1},
		"recovered and another's key": {"DELETE FROM meta WHERE name = 'recovery'; UPDATE officer SET public = " + fmt.Sprintf(half, "public"), 3},
	} {
		dir := filepath.Join(t.TempDir(), "data")
		if err := os.CopyFS(dir, os.DirFS(made)); err != nil {
			t.Fatal(err)
		}
		s := openInternal(t, dir, 0)
		err := s.put(t.Context(), func(conn *sql.Conn) error { _, err := conn.ExecContext(t.Context(), c.query); return err })
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		_, err = s.VerifyJournal(t.Context())
		if (err != nil) != (c.found > 0) || err != nil && (fault.CodeOf(err) != fault.StoreDamaged || strings.Count(err.Error(), "store: journal: ") != c.found) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A head who is locked out while an act waits for its turn does it no more: their signature would spoil the journal.
func TestLockedOutMeanwhile(t *testing.T) {
	for name, do := range map[string]func(s *Store, by Signer) error{
		"a setting": func(s *Store, by Signer) error {
			return s.Set(t.Context(), setting.Set{"service.tam-vang": setting.Off}, by)
		},
		"trust": func(s *Store, by Signer) error { return s.NoteTrust(t.Context(), TrustAdded, "AB", "csca", "", by) },
	} {
		s := openInternal(t, t.TempDir(), 0)
		keys := map[string]*seal.Identity{}
		accounts := map[string]officer.Account{}
		for _, id := range []string{"an", "binh"} {
			a, key, err := officer.New(id, id, officer.Head, seal.Secret{Card: []byte(id)}, s.now())
			if err == nil {
				keys[id], accounts[id] = key, a
				if id == "an" {
					err = s.SetOfficer(t.Context(), a, "setup")
				} else {
					err = s.ChangeOfficer(t.Context(), a, Signer{"an", keys["an"]})
				}
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		release, err := s.acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- do(s, Signer{"binh", keys["binh"]}) }()
		time.Sleep(100 * time.Millisecond) // until it waits
		err = s.transact(t.Context(), func(conn *sql.Conn) error {
			out, now := accounts["binh"], s.now().Round(0)
			out.Active = false
			detail := accountOf(out).detail()
			detail["by"] = "an"
			if err := countersign(OfficerSet, "", formatTime(now), detail, Signer{"an", keys["an"]}); err != nil {
				return err
			}
			return s.setOfficer(t.Context(), conn, out, now, detail)
		})
		release()
		if err := errors.Join(err, <-done); fault.CodeOf(err) != fault.SealWrong {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := s.VerifyJournal(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Nor does a recovery key that is replaced while it waits.
func TestRecoveryReplacedMeanwhile(t *testing.T) {
	s := openInternal(t, t.TempDir(), 0)
	if err := s.SetRecovery(t.Context(), mine().Public(), signers(t, s)...); err != nil {
		t.Fatal(err)
	}
	a, _, err := officer.New("cuc", "cuc", officer.Head, seal.Secret{Card: []byte("cuc")}, s.now())
	if err != nil {
		t.Fatal(err)
	}
	other, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(other.Public())
	if err != nil {
		t.Fatal(err)
	}
	release, err := s.acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Recover(t.Context(), a, mine()) }()
	time.Sleep(100 * time.Millisecond) // until it waits
	err = s.transact(t.Context(), func(conn *sql.Conn) error {
		_, err := conn.ExecContext(t.Context(), "UPDATE meta SET value = ? WHERE name = 'recovery'", string(text))
		return err
	})
	release()
	if err := errors.Join(err, <-done); fault.CodeOf(err) != fault.SealWrong {
		t.Errorf("%v", err)
	}
}

// Journals of before these acts were signed verify; from the first signature on there is no way back.
func TestSignedFromThenOn(t *testing.T) {
	s := openInternal(t, t.TempDir(), 0)
	ctx := t.Context()
	note := func(kind Kind, detail map[string]any) {
		t.Helper()
		if err := s.put(ctx, func(conn *sql.Conn) error { _, err := s.record(ctx, conn, s.now(), kind, "", detail); return err }); err != nil {
			t.Fatal(err)
		}
	}
	verify := func(want fault.Code) {
		t.Helper()
		if _, err := s.VerifyJournal(ctx); fault.CodeOf(err) != want {
			t.Errorf("%v", err)
		}
	}
	a, key, err := officer.New("an", "an", officer.Head, seal.Secret{Card: []byte("an")}, s.now())
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := officer.New("binh", "binh", officer.Clerk, seal.Secret{Card: []byte("binh")}, s.now())
	if err != nil {
		t.Fatal(err)
	}
	// As they were written once.
	for _, one := range []officer.Account{a, b} {
		err := s.put(ctx, func(conn *sql.Conn) error {
			return s.setOfficer(ctx, conn, one, s.now(), map[string]any{"by": "an"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	note(SentOut, map[string]any{"target": "http", "officer": "binh"})
	verify("")
	b.Active = false
	if err := s.ChangeOfficer(ctx, b, Signer{"an", key}); err != nil {
		t.Fatal(err)
	}
	verify("")
	note(SentOut, map[string]any{"target": "http", "officer": "an"})
	verify(fault.StoreDamaged)
}

// Journals of before accounts had both keys verify; from the first entry on that has them there is no way back.
func TestBothKeysFromThenOn(t *testing.T) {
	s := openInternal(t, t.TempDir(), 0)
	ctx := t.Context()
	keys := map[string]*seal.Identity{}
	made := func(id string) officer.Account {
		t.Helper()
		a, key, err := officer.New(id, id, officer.Head, seal.Secret{Card: []byte(id)}, s.now())
		if err != nil {
			t.Fatal(err)
		}
		keys[id] = key
		return a
	}
	// As they were written once.
	note := func(kind Kind, detail map[string]any, sign func(at string), more func(conn *sql.Conn) error) {
		t.Helper()
		err := s.put(ctx, func(conn *sql.Conn) error {
			now := s.now().Round(0)
			sign(formatTime(now))
			if err := more(conn); err != nil {
				return err
			}
			_, err := s.record(ctx, conn, now, kind, "", detail)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	unsigned, nothing := func(string) {}, func(*sql.Conn) error { return nil }
	set := func(a officer.Account, by string) {
		t.Helper()
		detail := map[string]any{"officer": a.ID, "role": string(a.Role), "active": a.Active, "verify": a.Public.Verify, "by": by}
		note(OfficerSet, detail, unsigned, func(conn *sql.Conn) error {
			public, err := json.Marshal(a.Public)
			if err != nil {
				return err
			}
			locked, err := json.Marshal(a.Locked)
			if err != nil {
				return err
			}
			_, err = conn.ExecContext(ctx, "INSERT OR REPLACE INTO officer VALUES (?, ?, ?, ?, ?, 1, ?)", a.ID, a.Name, string(a.Role), string(public), string(locked), formatTime(a.Added))
			return err
		})
	}
	verify := func(want fault.Code) {
		t.Helper()
		if _, err := s.VerifyJournal(ctx); fault.CodeOf(err) != want {
			t.Errorf("%v", err)
		}
	}
	b := made("binh")
	set(made("an"), "setup")
	set(b, "an")
	verify("")
	rescue := made("rescue").Public
	text, err := json.Marshal(rescue)
	if err != nil {
		t.Fatal(err)
	}
	detail := map[string]any{"verify": rescue.Verify}
	note(RecoverySet, detail, func(at string) {
		if err := countersign(RecoverySet, "", at, detail, Signer{"an", keys["an"]}, Signer{"binh", keys["binh"]}); err != nil {
			t.Fatal(err)
		}
	}, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, "INSERT INTO meta VALUES ('recovery', ?)", string(text))
		return err
	})
	c := made("cuc")
	used := map[string]any{"officer": "cuc", "verify": c.Public.Verify}
	note(RecoveryUsed, used, func(at string) {
		text, _ := json.Marshal([]string{string(RecoveryUsed), at, "cuc", c.Public.Verify})
		used["signature"] = keys["rescue"].Sign("journal", text)
	}, nothing)
	set(c, byRecovery)
	restore := map[string]any{"backup": "", "at": "", "replayed": 3, "whole": true, "aside": "damaged-x"}
	note(Recovered, restore, func(at string) {
		var list []signedName
		for _, id := range []string{"an", "binh"} {
			text, _ := json.Marshal([]any{Recovered, at, id, "", "", 3, true, "damaged-x"})
			list = append(list, signedName{id, keys[id].Sign("journal", text)})
		}
		restore["officers"] = list
	}, nothing)
	verify("")
	// Whoever is changed has both keys from then on, signed by one.
	b.Active = false
	if err := s.ChangeOfficer(ctx, b, Signer{"an", keys["an"]}); err != nil {
		t.Fatal(err)
	}
	verify("")
	again := map[string]any{"verify": rescue.Verify}
	note(RecoverySet, again, func(at string) {
		if err := countersign(RecoverySet, "", at, again, Signer{"an", keys["an"]}, Signer{"cuc", keys["cuc"]}); err != nil {
			t.Fatal(err)
		}
	}, nothing)
	verify(fault.StoreDamaged)
}

// Who works here is said by those who may, and one of them stays; what they say of the secret of somebody counts for nothing.
func TestChangeOfficer(t *testing.T) {
	s := openInternal(t, t.TempDir(), 0)
	ctx := t.Context()
	keys, accounts := map[string]*seal.Identity{}, map[string]officer.Account{}
	for id, role := range map[string]officer.Role{"an": officer.Head, "binh": officer.Clerk, "chi": officer.Head} {
		a, key, err := officer.New(id, id, role, seal.Secret{Card: []byte(id)}, s.now())
		if err != nil {
			t.Fatal(err)
		}
		keys[id], accounts[id] = key, a
	}
	by := func(id string) Signer { return Signer{id, keys[id]} }
	if err := s.SetOfficer(ctx, accounts["an"], "setup"); err != nil {
		t.Fatal(err)
	}
	if err := s.SetOfficer(ctx, accounts["binh"], "setup"); fault.CodeOf(err) != fault.SealWrong {
		t.Errorf("unsigned: %v", err)
	}
	if err := s.ChangeOfficer(ctx, accounts["binh"], by("an")); err != nil {
		t.Fatal(err)
	}
	for name, who := range map[string]Signer{"a clerk": by("binh"), "nobody of here": by("chi"), "another's key": {"an", keys["binh"]}, "no key": {ID: "an"}} {
		if err := s.ChangeOfficer(ctx, accounts["chi"], who); fault.CodeOf(err) != fault.SealWrong {
			t.Errorf("%s: %v", name, err)
		}
	}
	an := accounts["an"]
	an.Role = officer.Clerk
	if err := s.ChangeOfficer(ctx, an, by("an")); fault.CodeOf(err) != fault.Usage {
		t.Errorf("the last head: %v", err)
	}
	other, err := seal.Lock(keys["binh"], "binh", seal.Secret{Card: []byte("another card")})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetSecret(ctx, other, by("binh")); err != nil {
		t.Fatal(err)
	}
	f, err := s.File(ctx, filing.Draft{Key: "a", Service: "tam-tru"})
	if err == nil {
		err = s.Hold(ctx, f.Reference, "binh")
	}
	if err != nil {
		t.Fatal(err)
	}
	binh := accounts["binh"] // as another desk read it before
	binh.Active = false
	if err := s.ChangeOfficer(ctx, binh, by("an")); err != nil {
		t.Fatal(err)
	}
	all, err := s.Officers(ctx)
	if err != nil || all[1].ID != "binh" || all[1].Active {
		t.Fatalf("%+v, %v", all, err)
	}
	if _, err := all[1].Locked.Unlock("binh", seal.Secret{Card: []byte("another card")}); err != nil {
		t.Errorf("the secret of before came back: %v", err)
	}
	if err := s.Hold(ctx, f.Reference, "an"); err != nil {
		t.Errorf("an officer who is locked out has it: %v", err)
	}
	if _, err := s.VerifyJournal(ctx); err != nil {
		t.Error(err)
	}
}

// A decision sealed to the readers of before, which comes between reading keys and writing them anew, is written anew the next time.
func TestRewrapMeanwhile(t *testing.T) {
	s := openInternal(t, t.TempDir(), 0)
	ctx := t.Context()
	var an *seal.Identity
	for _, id := range []string{"an", "binh"} { // binh comes later
		a, key, err := officer.New(id, id, officer.Clerk, seal.Secret{Card: []byte(id)}, s.now())
		if err == nil {
			err = s.SetOfficer(ctx, a, "setup")
		}
		if err != nil {
			t.Fatal(err)
		}
		if id == "an" {
			an = key
			if _, err := s.File(ctx, filing.Draft{Key: "a", Service: "tam-tru"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	list, err := s.List(ctx, Filter{})
	if err != nil {
		t.Fatal(err)
	}
	to, err := s.readers(ctx)
	if err != nil {
		t.Fatal(err)
	}
	old, err := s.stale(ctx, to.number, 0, 9)
	if err != nil || len(old) != 1 {
		t.Fatalf("%d, %v", len(old), err)
	}
	if err := old[0].rewrap(an, to.public, s.opts.Log); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Decide(ctx, list[0].Reference, desk.Decision{Action: desk.Withdraw, Officer: "an"}, an); err != nil {
		t.Fatal(err)
	}
	err = s.put(ctx, func(conn *sql.Conn) error {
		if _, err := conn.ExecContext(ctx, "UPDATE decision SET keyset = ?", to.number-1); err != nil { // as if it had been begun before
			return err
		}
		return writeKeys(ctx, conn, old, to.number)
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.Stale(ctx); err != nil || n != 1 {
		t.Errorf("%d are to be written anew, %v", n, err)
	}
	if _, err := s.Rewrap(ctx, an, 0, 9); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Stale(ctx); err != nil || n != 0 {
		t.Errorf("%d are left, %v", n, err)
	}
}

// FuzzSplitSigned holds that a detail of anybody's making is read without harm, and that what is signed of it does not have the signatures.
func FuzzSplitSigned(f *testing.F) {
	for _, text := range []string{`{"reason":"x","officers":[{"officer":"an","signature":"AA=="}]}`, `{}`, `{"officers":null}`, `[]`, `{"officers":[{"Officer":1}]}`, "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		names, list, rest, err := splitSigned(text)
		if err != nil {
			return
		}
		again, none, same, err := splitSigned(string(rest))
		if err != nil || len(again) != 0 || len(none) != 0 || string(same) != string(rest) || len(names) != len(list) {
			t.Errorf("%q: %q, %v", text, rest, err)
		}
	})
}

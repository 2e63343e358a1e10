package store

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// Entries that take several officers, written by somebody who has the station's key and fewer officers than it takes, are found.
func TestForged(t *testing.T) {
	type act struct {
		kind   Kind
		detail map[string]any
		by     string // ids with a space between; an is a head, binh an officer, tam locked out
		good   bool
	}
	other := func() map[string]any {
		id, err := seal.New()
		if err != nil {
			t.Fatal(err)
		}
		return map[string]any{"officer": "binh", "role": "officer", "active": true, "verify": id.Public().Verify, "by": "an"}
	}
	recovered := other()
	recovered["by"], recovered["officer"] = byRecovery, "dung"
	for name, a := range map[string]act{
		"recovery by two":             {RecoverySet, map[string]any{"verify": "x"}, "an binh", true},
		"recovery by one":             {RecoverySet, map[string]any{"verify": "x"}, "an", false},
		"recovery by nobody":          {RecoverySet, map[string]any{"verify": "x"}, "", false},
		"recovery by one twice":       {RecoverySet, map[string]any{"verify": "x"}, "an an", false},
		"recovery by who is out":      {RecoverySet, map[string]any{"verify": "x"}, "an tam", false},
		"recovery by clerks":          {RecoverySet, map[string]any{"verify": "x"}, "binh chi", false},
		"keys by two":                 {OfficerSet, other(), "an chi", true},
		"keys by one":                 {OfficerSet, other(), "an", false},
		"keys by nobody":              {OfficerSet, other(), "", false},
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
		"a filing by one":             {Destroyed, map[string]any{"reason": "x"}, "an", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := openInternal(t, t.TempDir(), 0)
			keys := map[string]*seal.Identity{}
			for id, role := range map[string]officer.Role{"an": officer.Head, "binh": officer.Clerk, "chi": officer.Clerk, "tam": officer.Head} {
				a, key, err := officer.New(id, id, role, seal.Secret{Card: []byte(id)}, s.now())
				if err == nil {
					keys[id], a.Active = key, id != "tam"
					err = s.SetOfficer(t.Context(), a, "setup")
				}
				if err != nil {
					t.Fatal(err)
				}
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
				_, err := s.record(context.Background(), conn, now, a.kind, "", a.detail)
				return err
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

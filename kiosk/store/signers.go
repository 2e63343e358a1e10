package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"motcua/kiosk/fault"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
)

// This file is what takes several officers: ending the time of a filing, setting the recovery key, giving an officer another key. Each of
// them signs the whole entry with the names of all, so that no signature can be put under another act or beside another officer. So does one alone
// who hands a filing over, notes its official code, or says who works here.
//
// Those three were not signed once. Entries of then stay valid, and nobody can make one look like them: from the first entry on that says so (signs, which
// the first officer's has) or is signed, VerifyJournal wants every one signed, and it cannot be taken out of the chain unseen. What is left
// unsigned is told by what it says: an official code that a program noted names no officer, and officers are added without one only
// as long as nobody is there who may.

// Signer is an officer who answers for an act.
type Signer struct {
	ID       string
	Identity *seal.Identity
}

// signedName is an officer with a signature.
type signedName struct {
	Officer   string `json:"officer"`
	Signature []byte `json:"signature"`
}

// fourEyes is how many different officers an act takes that a right has FourEyes for.
const fourEyes = 2

// mayTogether is maySign for what takes two.
func mayTogether(ctx context.Context, q querier, right officer.Right, by []Signer) error {
	return maySign(ctx, q, fourEyes, right, by...)
}

// maySign wants different active officers with the keys of their accounts, at least so many, and one with the right. It is asked within the transaction
// that they sign: nobody can be locked out in between, whose signature would spoil the journal.
func maySign(ctx context.Context, q querier, least int, right officer.Right, by ...Signer) error {
	all, err := readOfficers(ctx, q)
	if err != nil {
		return err
	}
	known, may := map[string]bool{}, false
	for _, one := range by {
		for _, a := range all {
			if a.ID == one.ID && a.Active && one.Identity != nil && one.Identity.Public() == a.Public {
				known[a.ID] = true
				may = may || a.Role.May(right)
			}
		}
	}
	if len(known) < least || len(known) != len(by) || !may {
		return fault.Newf(fault.SealWrong, "store: this takes %d officers with their keys, one of whom may do it", least)
	}
	return nil
}

// countersign adds the officers' signatures to the detail of an entry.
func countersign(kind Kind, reference, at string, detail map[string]any, by ...Signer) error {
	var names []string
	for _, one := range by {
		names = append(names, one.ID)
	}
	text, err := json.Marshal(detail)
	if err != nil {
		return err
	}
	var list []signedName
	for _, one := range by {
		list = append(list, signedName{one.ID, one.Identity.Sign("journal", together(string(kind), reference, at, names, text))})
	}
	detail["officers"] = list
	return nil
}

// together is what each of several officers signs; detail is the entry's without their signatures.
func together(kind, reference, at string, names []string, detail []byte) []byte {
	text, _ := json.Marshal([]any{"together", kind, reference, at, names, json.RawMessage(detail)}) // texts and JSON never fail
	return text
}

// person is an officer as the journal knows them at an entry.
type person struct {
	account
	key seal.Public // only the half that verifies
}

var errNotSigned = errors.New("not signed by the officers whom it takes")

// together verifies an entry of several officers: that they signed, are at least so many, were officers then, and one had the right.
func (v *Verdict) together(r row, least int, right officer.Right) ([]string, error) {
	names, list, rest, err := splitSigned(r.detail)
	if err != nil {
		return nil, err
	}
	message := together(r.kind, r.reference, r.at, names, rest)
	may := right == ""
	for _, one := range list {
		p, ok := v.people[one.Officer]
		if !ok || !p.Active || !p.key.Verified("journal", message, one.Signature) {
			return nil, errNotSigned
		}
		may = may || p.Role.May(right)
		v.Signed++
	}
	slices.Sort(names)
	if len(slices.Compact(names)) < least || len(list) < least || !may {
		return nil, errNotSigned
	}
	return names, nil
}

// splitSigned takes the signatures out of a detail.
func splitSigned(detail string) (names []string, list []signedName, rest []byte, err error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal([]byte(detail), &all); err != nil {
		return nil, nil, nil, errors.New("detail cannot be read")
	}
	if text, ok := all["officers"]; ok {
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if d.Decode(&list) != nil {
			return nil, nil, nil, errNotSigned
		}
		delete(all, "officers")
	}
	for _, one := range list {
		names = append(names, one.Officer)
	}
	rest, err = json.Marshal(all)
	return names, list, rest, err
}

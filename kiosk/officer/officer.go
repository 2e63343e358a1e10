// Package officer is the people at the desk: their roles, what these may do, and their keys.
//
// New makes an Account with an identity under its secret; SignIn gives the identity back. An Account lies in the database as it is
// here: it says who the officer is, and nothing that opens a filing without the secret.
package officer

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"motcua/kiosk/seal"
)

// Role is what somebody is at the office.
type Role string

// The roles.
const (
	Clerk      Role = "officer"    // works on filings
	Head       Role = "head"       // and decides on officers, keys, what is restored and what ends
	Technician Role = "technician" // sees devices, never people
)

// Right is something that a role may do.
type Right string

// The rights.
const (
	ReadFilings  Right = "filings.read" // and be sealed to
	Decide       Right = "filings.decide"
	SeeFigures   Right = "figures.see"
	SeeDevices   Right = "devices.see"
	SetDevices   Right = "devices.set"
	Backup       Right = "backup"
	SetOfficers  Right = "officers.set"
	SetServices  Right = "services.set"
	SetCalendar  Right = "calendar.set"
	SetTrust     Right = "trust.set"
	Restore      Right = "restore"       // with four eyes
	ChangeKeys   Right = "keys.change"   // with four eyes
	UseRecovery  Right = "recovery.use"  // with four eyes
	EndRetention Right = "retention.end" // with four eyes
)

var rights = map[Role][]Right{
	Clerk: {ReadFilings, Decide, SeeFigures, SeeDevices},
	Head: {ReadFilings, Decide, SeeFigures, SeeDevices, SetDevices, Backup, SetOfficers, SetServices, SetCalendar, SetTrust, Restore, ChangeKeys,
		UseRecovery, EndRetention},
	Technician: {SeeDevices, SetDevices, Backup},
}

// May reports whether the role has the right.
func (r Role) May(what Right) bool { return slices.Contains(rights[r], what) }

// FourEyes reports whether a right takes two people with it.
func (w Right) FourEyes() bool {
	return w == Restore || w == ChangeKeys || w == UseRecovery || w == EndRetention
}

// Account is somebody at the desk.
type Account struct {
	ID     string      `json:"id"`   // short name, a-z and 0-9
	Name   string      `json:"name"` // as it stands on papers
	Role   Role        `json:"role"`
	Public seal.Public `json:"public"`
	Locked seal.Locked `json:"locked"`
	Active bool        `json:"active"`
	Added  time.Time   `json:"added"`
}

// ErrAccount: an account that cannot be.
var ErrAccount = errors.New("officer: not an account")

var idForm = regexp.MustCompile(`^[a-z][a-z0-9]{1,19}$`)

// maxName is the longest name, in characters.
const maxName = 80

// New makes an account with a new identity under a secret.
func New(id, name string, role Role, secret seal.Secret, now time.Time) (Account, *seal.Identity, error) {
	identity, err := seal.New()
	if err != nil {
		return Account{}, nil, err
	}
	locked, err := seal.Lock(identity, id, secret)
	if err != nil {
		return Account{}, nil, err
	}
	a := Account{ID: id, Name: strings.TrimSpace(name), Role: role, Public: identity.Public(), Locked: locked, Active: true, Added: now}
	return a, identity, a.Check()
}

// Check reports whether an account can be.
func (a Account) Check() error {
	n := utf8.RuneCountInString(a.Name)
	if !idForm.MatchString(a.ID) || n == 0 || n > maxName || rights[a.Role] == nil || a.Public.Check() != nil {
		return ErrAccount
	}
	return nil
}

// Reads reports whether filings are sealed to the account.
func (a Account) Reads() bool { return a.Active && a.Role.May(ReadFilings) }

// Recipients are the public keys of all who read.
func Recipients(all []Account) []seal.Public {
	var to []seal.Public
	for _, a := range all {
		if a.Reads() {
			to = append(to, a.Public)
		}
	}
	return to
}

// SignIn gives the identity of an account: seal.ErrWrong for a wrong secret or an account that is locked out.
func (a Account) SignIn(secret seal.Secret) (*seal.Identity, error) {
	id, err := a.Locked.Unlock(a.ID, secret)
	if err != nil {
		return nil, err
	}
	if !a.Active || id.Public() != a.Public {
		return nil, seal.ErrWrong
	}
	return id, nil
}

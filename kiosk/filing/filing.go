// Package filing is a filing (hồ sơ): what a citizen handed in, under one number, and what became of it.
//
// A Draft is complete and unnumbered; the store turns it into a Filing in one transaction. The number (Reference) is
// ours and plainly local: the official dossier code is given by the national portal, never by this program.
package filing

import (
	"encoding/json"
	"time"

	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

// Draft is what is handed in.
type Draft struct {
	// Key is a random identifier of the act of handing in. The store files the same Key once, however often it is
	// asked: a repeat gives the first Filing back.
	Key string `json:"key"`
	// Channel is by which door it comes; the kiosk's if empty.
	Channel   Channel           `json:"channel,omitempty"`
	Service   string            `json:"service"`           // the service's id, "tam-tru"
	Version   string            `json:"version"`           // of the service's definition, its date of force
	Procedure string            `json:"procedure"`         // code of the national procedure list, "1.004194"
	Case      string            `json:"case"`              // which case of the service
	Form      string            `json:"form"`              // the official form, "CT01 (TT 116/2026/TT-BCA)"
	Applicant identity.Person   `json:"applicant"`         // who files
	Evidence  identity.Evidence `json:"evidence"`          // how far the applicant's facts were proven
	Photo     *identity.Photo   `json:"photo,omitempty"`   // the chip's portrait, for the officer to compare
	Notices   []identity.Notice `json:"notices,omitempty"` // what the applicant was told of the card
	// Warnings are what does not fit together among the applicant's facts, for the officer to look at.
	Warnings []identity.Warning `json:"warnings,omitempty"`
	Answers  form.Answers       `json:"answers"` // by field of the form, with sources
	// Others are people in the form's lists whose cards were shown: guests, the other half of a marriage.
	Others []Other `json:"others,omitempty"`
	// Checks are the ids of the form's checks that warned and were let through, for the officer to look at.
	Checks  []string  `json:"checks,omitempty"`
	Papers  []Paper   `json:"papers,omitempty"`   // what was and was not handed in
	Consent *Consent  `json:"consent,omitempty"`  // what the citizen was told and answered
	Started time.Time `json:"started"`            // when the session began
	Due     time.Time `json:"due,omitzero"`       // the appointment, if the filing is complete
	DueRule string    `json:"due_rule,omitempty"` // how it was counted, a rule of kiosk/calendar
	// Officer is the account of who helped from the desk, or filled it in there; empty: the citizen did it alone.
	Officer string `json:"officer,omitempty"`
	// Waits: who files goes to the counter next, and gets a number to be called by, with a priority of kiosk/desk or none.
	Waits    bool   `json:"waits,omitempty"`
	Priority string `json:"priority,omitempty"`
}

// Other is somebody besides the applicant.
type Other struct {
	Field    form.FieldID      `json:"field"` // the list
	Person   identity.Person   `json:"person"`
	Evidence identity.Evidence `json:"evidence"`
}

// Paper is one document that the case asks for.
type Paper struct {
	Name  string `json:"name"`
	State string `json:"state"` // a PaperState
}

// States of a Paper.
const (
	PaperMade    = "made"    // this program fills it in: the form itself
	PaperBrought = "brought" // the citizen has it and hands it to the officer
	PaperMissing = "missing" // to be brought, unless the officer finds it in a database
)

// Consent records what was shown and how it was answered.
type Consent struct {
	Text  string    `json:"text"` // key and version of the notice, "consent.v1"
	Given bool      `json:"given"`
	At    time.Time `json:"at"`
}

// Status is where a filing stands.
type Status string

// The statuses, with their number in the national exchange of dossiers.
const (
	Filed      Status = "filed"      // 1: handed in, waiting for the officer
	Received   Status = "received"   // 2, 4: taken on, being resolved
	Supplement Status = "supplement" // 5: the citizen has to complete it
	Refused    Status = "refused"    // 3: not taken on, or not resolved
	Forwarded  Status = "forwarded"  // to the authority whose it is
	Stopped    Status = "stopped"    // 8
	Withdrawn  Status = "withdrawn"  // 7: by the citizen
	Done       Status = "done"       // 9: the result is there
	Handed     Status = "handed"     // 10: and was handed over
)

// Statuses lists all of them.
var Statuses = []Status{Filed, Received, Supplement, Refused, Forwarded, Stopped, Withdrawn, Done, Handed}

// Ended reports whether nothing follows any more.
func (s Status) Ended() bool {
	return s == Refused || s == Forwarded || s == Stopped || s == Withdrawn || s == Handed
}

// Filing is a Draft that is on disk under its number.
type Filing struct {
	Draft
	Reference Reference `json:"reference"`
	Filed     time.Time `json:"filed"`
	Status    Status    `json:"status"`
	Dossier   Dossier   `json:"dossier,omitempty"` // the official code, once the portal gave one
	Prints    int       `json:"prints"`            // how many slips of it came out of the printer
	Ticket    int       `json:"ticket,omitempty"`  // number of the day by which who filed is called to the counter
}

// Standing is where a filing stands, as anybody who has its slip may know: it says nothing of a person.
type Standing struct {
	Reference Reference
	Service   string
	Status    Status
	Filed     time.Time
	Received  time.Time // zero until an officer received it
	Changed   time.Time // the last decision; Filed before the first
	Due       time.Time // zero if the law gives no term
	Brought   time.Time // when the citizen said that what was lacking is here
	Dossier   Dossier
	Ticket    int // number of today by which who has the slip is called to the counter; 0 for none
}

// Content is the Draft as it is stored.
func (d Draft) Content() ([]byte, error) { return json.Marshal(d) }

// MaxPicture is the size of a Picture at most, in bytes.
const MaxPicture = 4 << 20

// Picture is a picture of a paper, as an officer put it beside a filing.
type Picture struct {
	Number int       // within the filing, from 1; 0 as long as it is not there
	At     time.Time // when it was put there
	Paper  string    // Paper.Name
	Type   string    // image/jpeg
	Data   []byte
}

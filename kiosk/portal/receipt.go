package portal

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"
	"unicode/utf8"

	"motcua/kiosk/filing"
)

// Status is where a filing stands at the portal.
type Status string

// The statuses, with their number in the national exchange of dossiers.
const (
	New         Status = "new"          // 1: there, nobody has looked at it
	Accepted    Status = "accepted"     // 2
	NotAccepted Status = "not-accepted" // 3
	Processing  Status = "processing"   // 4
	Supplement  Status = "supplement"   // 5: something is lacking
	Payment     Status = "payment"      // 6: a fee is to be paid
	Withdrawn   Status = "withdrawn"    // 7: by the citizen
	Stopped     Status = "stopped"      // 8
	Done        Status = "done"         // 9: the result is there
	Returned    Status = "returned"     // 10: and was handed over
)

// Statuses lists all of them in the order of their numbers.
var Statuses = []Status{New, Accepted, NotAccepted, Processing, Supplement, Payment, Withdrawn, Stopped, Done, Returned}

// Receipt is what the portal says of a filing that it has.
type Receipt struct {
	Reference filing.Reference `json:"reference"`
	Digest    string           `json:"digest"` // of the bundle that it took
	Status    Status           `json:"status"`
	Taken     time.Time        `json:"taken"`
	Dossier   filing.Dossier   `json:"dossier,omitempty"` // the official code, once there is one
	Note      string           `json:"note,omitempty"`    // the portal's words for the officer; may name people
}

// maxNote is the longest note, in characters.
const maxNote = 1000

// errReceipt: an answer that is no receipt. It says nothing of what was read.
var errReceipt = errors.New("portal: the answer is no receipt")

// parseReceipt reads a receipt. Keys that are not known are passed over: the portal may say more than we want to know.
func parseReceipt(body []byte) (Receipt, error) {
	var r Receipt
	if err := json.Unmarshal(body, &r); err != nil {
		return Receipt{}, errReceipt
	}
	known := false
	for _, s := range Statuses {
		known = known || s == r.Status
	}
	switch {
	case r.Reference.IsZero() || !digestForm.MatchString(r.Digest) || r.Taken.IsZero() || utf8.RuneCountInString(r.Note) > maxNote:
		return Receipt{}, errReceipt
	case !known:
		return Receipt{}, fmt.Errorf("%w: a status that is not known", errReceipt)
	}
	if r.Dossier != "" {
		code, err := filing.ParseDossier(string(r.Dossier))
		if err != nil {
			return Receipt{}, fmt.Errorf("%w: %w", errReceipt, err)
		}
		r.Dossier = code
	}
	return r, nil
}

var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// Refusal is the portal's no, as problem details (RFC 9457).
type Refusal struct {
	Status int    // of HTTP; 0 of a directory
	Type   string // which problem, one word of the description
	Title  string // the portal's words for the officer; may name people
	Detail string
	digest string // of the bundle that it has in place of this one
}

// Error is for the log: without the portal's words.
func (r *Refusal) Error() string {
	switch {
	case r.Status == 0:
		return "portal: refused, " + r.Type
	case r.Type == "":
		return fmt.Sprintf("portal: refused with %d", r.Status)
	}
	return fmt.Sprintf("portal: refused with %d, %s", r.Status, r.Type)
}

// problemTypes stand before the word in a problem's type.
const problemTypes = "urn:motcua:portal:"

// Problems are the words of problem types that the description has.
var Problems = []string{"bad-request", "unauthorized", "forbidden", "not-found", "conflict", "too-large", "bad-bundle", "too-many", "unavailable"}

// parseRefusal reads what was said with a status that is no success. Whatever cannot be read is left out: the status says enough.
func parseRefusal(status int, mediaType string, body []byte) *Refusal {
	refusal := &Refusal{Status: status}
	var p struct{ Type, Title, Detail, Digest string }
	if mediaType != problemType || json.Unmarshal(body, &p) != nil {
		return refusal
	}
	for _, word := range Problems {
		if p.Type == problemTypes+word {
			refusal.Type = word
		}
	}
	if utf8.RuneCountInString(p.Title) <= maxNote && utf8.RuneCountInString(p.Detail) <= maxNote {
		refusal.Title, refusal.Detail = p.Title, p.Detail
	}
	if digestForm.MatchString(p.Digest) {
		refusal.digest = p.Digest
	}
	return refusal
}

// problemType is the media type of problem details.
const problemType = "application/problem+json"

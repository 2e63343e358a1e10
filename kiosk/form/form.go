// Package form is a questionnaire as data: pages with fields, answers with their sources, problems with words.
//
// A Definition comes from a service's file; nothing in it is Go. One page asks one question and has at most one typed
// field. Pages and fields may be bound to cases of the service ("rent", "family"); which page comes next follows from
// the case alone, so that it can be asked at any time (Definition.PagesFor). Fill gives the whole form.
package form

import (
	"maps"

	"motcua/kiosk/identity"
)

// FieldID names a field within its form; it is the key of an Answer for ever.
type FieldID string

// Kind says how a field is answered.
type Kind string

// The kinds.
const (
	Text   Kind = "text"   // letters, on the full keyboard
	Digits Kind = "digits" // digits only, on the number keyboard
	Choice Kind = "choice" // one of Choices
	Known  Kind = "known"  // shown, not asked: it comes from the card or is computed
)

// Answer is what a field holds, and who says so.
type Answer struct {
	Value  string          `json:"value"`
	Source identity.Source `json:"source"`
}

// Answers holds what was answered so far. It is treated as a value: With copies.
type Answers map[FieldID]Answer

// With is a copy of a in which id has the given answer.
func (a Answers) With(id FieldID, answer Answer) Answers {
	c := maps.Clone(a)
	if c == nil {
		c = Answers{}
	}
	c[id] = answer
	return c
}

// Without is a copy of a in which id has no answer.
func (a Answers) Without(id FieldID) Answers {
	c := maps.Clone(a)
	delete(c, id)
	return c
}

// Problem is something wrong with an answer. Blocking problems keep the page; others are shown and let through.
type Problem struct {
	Field    FieldID
	Code     string // stable, "required", "pattern", "future-date"
	Text     string // for the citizen: what is wrong and what to do
	Blocking bool
}

// Package session is one citizen from hello to wipe, as a pure function.
//
// Step takes the state and one event and gives the next state and the effects to be carried out: it reads no clock,
// no device and no disk, so every path is a row of a table test. The loop that owns the state, carries effects out and
// feeds their results back as events is kiosk.Kiosk. Each effect that is answered later carries the session's Serial;
// an answer with another Serial belongs to somebody who has left and is dropped.
//
// Start with New, which wants a Config (the office, the catalogue, the texts, the calendar: shared and never changed)
// and a random seed, from which the keys of drafts come. step.go is the list of what can happen; step_card.go is
// scanner, reader and chip, step_pages.go and step_form.go are what a person does, step_file.go is the way to disk and
// paper; view.go is what is shown.
//
// Why what is known of a person is one unexported part of the State, and nothing personal is anywhere else: the wipe
// replaces that part as a whole, and a test compares the state after it with a new one. Why a read carries a Try
// besides the Serial: a card that was lifted and laid down again is read anew for the same citizen, and the end of
// the first read must not pass for the end of the second.
//
// View turns a state into the Snapshot that a screen renders; an Intent is what a person did on the screen.
package session

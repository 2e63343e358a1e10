package board

import "motcua/kiosk/desk"

// Intent is something the officer did.
type Intent interface{ intent() }

// The intents.
type (
	// Move goes up or down the list, the names, or the fields of a dialog.
	Move struct{ By int }
	// Choose goes to a row at once.
	Choose struct{ Row int }
	// Enter opens, confirms, signs in.
	Enter struct{}
	// Escape closes what is on top: dialog, search, filing.
	Escape struct{}
	// Type is a character typed.
	Type struct{ Rune rune }
	// Delete takes the last character back.
	Delete struct{}
	// Find begins to search.
	Find struct{}
	// Show chooses a filter.
	Show struct{ Filter string }
	// Begin opens the dialog of an action.
	Begin struct{ Action desk.Action }
	// Undo takes the last decision back.
	Undo struct{}
	// Print prints the form of the last decision, or the forms of the service.
	Print struct{}
	// Refresh reads the list again; Tick comes once a second and does so from time to time.
	Refresh struct{}
	// Tick lets time pass.
	Tick struct{}
	// Lock signs the officer out.
	Lock struct{}
)

func (Move) intent()    {}
func (Choose) intent()  {}
func (Enter) intent()   {}
func (Escape) intent()  {}
func (Type) intent()    {}
func (Delete) intent()  {}
func (Find) intent()    {}
func (Show) intent()    {}
func (Begin) intent()   {}
func (Undo) intent()    {}
func (Print) intent()   {}
func (Refresh) intent() {}
func (Tick) intent()    {}
func (Lock) intent()    {}

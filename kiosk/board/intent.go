package board

import (
	"motcua/kiosk/desk"
	"motcua/kiosk/session"
)

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
	// Print prints the form of the last decision, or the forms of the service; on the page of figures the month.
	Print struct{}
	// Portal opens how far the filing that is open has come to the portal, Send hands it over.
	Portal struct{}
	Send   struct{}
	// Papers asks which paper was scanned, Unpicture whether a picture is to be removed.
	Papers    struct{}
	Unpicture struct{ Number int }
	// Scan is what the desk's scanner read, "" for what it could not.
	Scan struct{ Text string }
	// Copy puts a row of that panel on the clipboard.
	Copy struct{ Row int }
	// CallNext calls who is next to this counter; somebody who is served here is done with it.
	CallNext struct{}
	// People opens the list of who waits.
	People struct{}
	// Person does something with who was called, or in the list of people with who is chosen.
	Person struct{ Do PersonAction }
	// Help takes over the session of a kiosk; of the one that wants an officer, if none is named.
	Help struct{ Station string }
	// NewFiling begins a session at the desk, for somebody without a card.
	NewFiling struct{}
	// Citizen is what the officer did in the citizen's session.
	Citizen struct{ Intent session.Intent }
	// GoHelp tells the first kiosk that wants an officer, and everybody else, that one comes.
	GoHelp struct{}
	// Open goes to a page.
	Open struct{ Page Page }
	// Turn goes left or right: to another month, or another part.
	Turn struct{ By int }
	// Export writes the figures of the month as a workbook.
	Export struct{}
	// PrintDay prints the sheet that ends today.
	PrintDay struct{}
	// Test tests the part of a row of the page of devices.
	Test struct{ Row int }
	// PickDevice opens the list of devices for the part of a row; -1 is the one that is chosen.
	PickDevice struct{ Row int }
	// TestAll tests one part after the other.
	TestAll struct{}
	// OnReader is what the officers' reader says, and comes again with each card that is laid down; nobody touched a key.
	OnReader struct{ State CardState }
	// Control prints the slip of the open filing's way (Mẫu 06), Register the register of the month that is shown, or of today (Mẫu 07).
	Control  struct{}
	Register struct{ Today bool }
	// Section goes to a section of the page of administration.
	Section struct{ At int }
	// Act does what a key of such a section is for; ID is that of a Deed.
	Act struct{ ID string }
	// Pick takes a choice of a field of an Ask or a Dialog. Of a field that has none it goes to the field, of a Dialog that is a list to a row.
	Pick struct{ Field, Choice int }
	// Refresh reads the list again; Tick comes once a second and does so from time to time.
	Refresh struct{}
	// Tick lets time pass.
	Tick struct{}
	// Lock signs the officer out.
	Lock struct{}
)

func (Move) intent()       {}
func (Choose) intent()     {}
func (Enter) intent()      {}
func (Escape) intent()     {}
func (Type) intent()       {}
func (Delete) intent()     {}
func (Find) intent()       {}
func (Show) intent()       {}
func (Begin) intent()      {}
func (Undo) intent()       {}
func (Print) intent()      {}
func (Portal) intent()     {}
func (Send) intent()       {}
func (Papers) intent()     {}
func (Unpicture) intent()  {}
func (Scan) intent()       {}
func (Copy) intent()       {}
func (Control) intent()    {}
func (Register) intent()   {}
func (CallNext) intent()   {}
func (People) intent()     {}
func (Person) intent()     {}
func (GoHelp) intent()     {}
func (Help) intent()       {}
func (NewFiling) intent()  {}
func (Citizen) intent()    {}
func (Open) intent()       {}
func (Turn) intent()       {}
func (Export) intent()     {}
func (PrintDay) intent()   {}
func (Test) intent()       {}
func (TestAll) intent()    {}
func (OnReader) intent()   {}
func (PickDevice) intent() {}
func (Refresh) intent()    {}
func (Tick) intent()       {}
func (Lock) intent()       {}
func (Section) intent()    {}
func (Act) intent()        {}
func (Pick) intent()       {}

// PersonAction is what is done with somebody who waits or was called.
type PersonAction string

// The actions with people.
const (
	Arrived  PersonAction = "arrived"  // is at the counter
	Again    PersonAction = "again"    // is called once more
	Absent   PersonAction = "absent"   // is not there, or goes to fetch something: called later
	Served   PersonAction = "served"   // leaves
	Transfer PersonAction = "transfer" // to another counter
	Rank     PersonAction = "rank"     // gets the next priority, of those there are
)

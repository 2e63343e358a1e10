package session

import (
	"motcua/kiosk/fault"
	"motcua/kiosk/form"
)

// Intent is what a person did on the screen. Screens send intents, and nothing else.
type Intent interface {
	Event
	intent()
}

// What a person can do.
type (
	// Next is the lower right key.
	Next struct{}
	// Back is the lower left key: to the page before, or stop where there is none.
	Back struct{}
	// CallOfficer is the middle key. It is an effect, too: what the citizen asked for is what is to be done. As an
	// effect Code says why, "" if the citizen asked.
	CallOfficer struct{ Code fault.Code }
	// NoCard is "I have no card" on the welcome page.
	NoCard struct{}
	// Choose picks the option with this ID.
	Choose struct{ ID string }
	// Type replaces the text of the field that is being typed: the screen sends the whole of it after each key.
	Type struct{ Text string }
	// Turn shows another page of a long list: -1 up, +1 down.
	Turn struct{ By int }
	// Edit opens a field from the review.
	Edit struct{ Field form.FieldID }
	// Toggle says of a paper that it was brought, or was not.
	Toggle struct{ ID string }
	// AddRow begins a row of a list by typing; RemoveRow takes the row away.
	AddRow    struct{}
	RemoveRow struct{ At int }
	// Search opens the search on the page of services.
	Search struct{}
	// Refuse says no on the page of consent: nothing is filed, nothing is kept.
	Refuse struct{}
	// Repeat says the page aloud once more, or ends what is being said.
	Repeat struct{}
	// Language shows the pages in the next language that services have texts in, after the last one in Vietnamese.
	Language struct{}
	// SayBrought tells the desk that what was lacking is here (PageStatus).
	SayBrought struct{}
	// Rate says how content the person is, 1 to 5 stars (PageDone).
	Rate struct{ Stars int }
	// Reprint asks for the slip once more. Where the lower left key says so, Back means the same.
	Reprint struct{}
	// StillHere answers the idle warning. Any other intent does, too, but Back: that one ends the session.
	StillHere struct{}
)

func (Next) intent()        {}
func (Back) intent()        {}
func (CallOfficer) intent() {}
func (NoCard) intent()      {}
func (Choose) intent()      {}
func (Type) intent()        {}
func (Turn) intent()        {}
func (Edit) intent()        {}
func (Toggle) intent()      {}
func (AddRow) intent()      {}
func (RemoveRow) intent()   {}
func (Search) intent()      {}
func (Refuse) intent()      {}
func (Repeat) intent()      {}
func (Language) intent()    {}
func (SayBrought) intent()  {}
func (Rate) intent()        {}
func (Reprint) intent()     {}
func (StillHere) intent()   {}

func (Next) event()        {}
func (Back) event()        {}
func (CallOfficer) event() {}
func (NoCard) event()      {}
func (Choose) event()      {}
func (Type) event()        {}
func (Turn) event()        {}
func (Edit) event()        {}
func (Toggle) event()      {}
func (AddRow) event()      {}
func (RemoveRow) event()   {}
func (Search) event()      {}
func (Refuse) event()      {}
func (Repeat) event()      {}
func (Language) event()    {}
func (SayBrought) event()  {}
func (Rate) event()        {}
func (Reprint) event()     {}
func (StillHere) event()   {}

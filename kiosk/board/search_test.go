package board

import (
	"testing"

	"motcua/kiosk/desk"
)

// A number alone is also that of a ticket of today.
func TestOfTicket(t *testing.T) {
	b := &Board{line: &desk.Line{Tickets: []desk.Ticket{{Number: 7, Reference: "05200.K1.261123.047.X"}, {Number: 8}}}}
	for text, want := range map[string]string{"7": "05200.K1.261123.047.X", " 07 ": "05200.K1.261123.047.X", "8": "", "9": "", "7/11": "", "": "", "bui": ""} {
		if got := b.ofTicket(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

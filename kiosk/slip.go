package kiosk

import (
	"cmp"
	"strings"
	"time"

	"motcua/kiosk/config"
	"motcua/kiosk/identity"
	"motcua/kiosk/receipt"
	"motcua/kiosk/session"
)

// SlipOf makes slips for a station: what the filing says, what the service says, and where this is.
func SlipOf(at config.Station, now func() time.Time) func(session.Print) receipt.Slip {
	return func(p session.Print) receipt.Slip {
		f := p.Filing
		return receipt.Slip{
			Parent: at.Superior, Office: strings.ToUpper(at.Office),
			Ticket: f.Ticket,
			Short:  f.Reference.Short(), Full: f.Reference.String(),
			Applicant: receipt.MaskName(f.Applicant.Name), Number: f.Applicant.Number.Masked(),
			Procedure: p.Words.Service, Filed: f.Filed,
			Papers: p.Words.Handed, Missing: p.Words.Missing,
			Due: f.Due, Bring: strings.Join(p.Words.Bring, ", "), Fee: p.Words.Fee,
			Place: cmp.Or(p.Words.Place, at.Counter+", "+at.Office), Phone: at.Phone,
			Sent:    p.Words.Place != "",
			Remark:  remark(f.Evidence.Source),
			Station: at.Label, Printed: now(), Reprint: p.Copy - 1,
		}
	}
}

// TicketOf makes the slips of numbers for the counter.
func TicketOf(at config.Station, now func() time.Time) func(number int, service string) receipt.Slip {
	return func(number int, service string) receipt.Slip {
		return receipt.Slip{Parent: at.Superior, Office: strings.ToUpper(at.Office), Ticket: number, Procedure: service, Place: cmp.Or(at.Counter, at.Office),
			Station: at.Label, Printed: now()}
	}
}

// remark is what the slip tells the officer of where the person's facts come from.
func remark(s identity.Source) string {
	switch s {
	case identity.FromChip:
		return ""
	case identity.FromQR:
		return receipt.RemarkQR
	}
	return receipt.RemarkTyped
}

package service

import (
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

// Fee is what the filing costs.
type Fee struct {
	Dong   int           `yaml:"dong"`       // at the counter; 0: free
	Online int           `yaml:"online"`     // through the portal, if it differs; 0: it does not
	Note   string        `yaml:"note"`       // in place of an amount that nobody can say
	Law    string        `yaml:"law"`        // the text that sets it
	Half   identity.Date `yaml:"half_until"` // half of it through this day
	Rates  []Rate        `yaml:"rates"`      // the first that holds replaces Dong, Online and Note
	Free   []Exemption   `yaml:"free"`
}

// Rate is the fee of some filings.
type Rate struct {
	When   form.Expr `yaml:"when"`
	Dong   int       `yaml:"dong"`
	Online int       `yaml:"online"`
	Note   string    `yaml:"note"`
}

// Exemption is who pays nothing. With When the program knows it by itself; without, the officer asks.
type Exemption struct {
	ID   string    `yaml:"id"`
	Text string    `yaml:"text"`
	When form.Expr `yaml:"when"`
}

// Cost is the fee of one filing.
type Cost struct {
	Dong, Online int           // what is to be paid; 0: nothing, unless Note says otherwise
	Full         int           // without the reduction, at the counter
	Note         string        // in place of an amount
	HalfUntil    identity.Date // why it is half; zero if it is not
	Exempt       *Exemption    // why it is nothing; nil if nobody is exempt by what is known
	Ask          []Exemption   // what the officer still has to ask
}

// FeeFor is the fee of a filing made on the day.
func (s *Service) FeeFor(sheet *form.Sheet, day identity.Date) Cost {
	f := s.Fee
	c := Cost{Dong: f.Dong, Online: f.Online, Note: f.Note}
	for _, r := range f.Rates {
		if sheet.Holds(r.When) {
			c = Cost{Dong: r.Dong, Online: r.Online, Note: r.Note}
			break
		}
	}
	if c.Online == 0 {
		c.Online = c.Dong
	}
	c.Full = c.Dong
	if c.Dong == 0 {
		return c
	}
	if !f.Half.IsZero() && !f.Half.Before(day) {
		c.Dong, c.Online, c.HalfUntil = c.Dong/2, c.Online/2, f.Half
	}
	for _, e := range f.Free {
		switch {
		case e.When == "":
			c.Ask = append(c.Ask, e)
		case sheet.Holds(e.When) && c.Exempt == nil:
			c.Dong, c.Online, c.HalfUntil, c.Exempt = 0, 0, identity.Date{}, &e
		}
	}
	if c.Exempt != nil {
		c.Ask = nil
	}
	return c
}

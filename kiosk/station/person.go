package station

import (
	"bytes"
	"encoding/json"
	"strings"

	"motcua/devices/card/vncard"
	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
)

// personOf is who the chip says its holder is: DG13, which has everything in full spelling, and DG1 for what DG13 does
// not have (it may be absent or opaque on cards of 2024).
func personOf(c *vncard.Card) identity.Person {
	p := textPerson(c.DG13)
	p.Number = identity.Number(c.Number)
	if c.MRZ != nil {
		fillFromMRZ(&p, c.MRZ.Lines)
	}
	return p
}

// textPerson is who DG13 speaks of; nobody if it is absent or opaque.
func textPerson(d *vncard.DG13) identity.Person {
	if d == nil || d.Opaque {
		return identity.Person{}
	}
	p := identity.Person{
		Number: identity.Number(d.Number), Name: d.Name, Nationality: d.Nationality, Ethnicity: d.Ethnicity, Religion: d.Religion,
		Origin: d.Origin, Residence: d.Residence, Features: d.Features,
		Father: d.Father, Mother: d.Mother, Spouse: d.Spouse, OldNumber: d.OldNumber,
		Sex: sexOf(d.Sex), Birth: dateOf(d.BirthDate()), Issued: dateOf(d.IssueDate()),
	}
	if expires, ok := d.ExpiryDate(); ok {
		p.Expires = expiryOf(expires)
	}
	return p
}

// differencesOf holds DG13 against DG1.
func differencesOf(c *vncard.Card) []identity.Difference {
	if c.MRZ == nil {
		return nil
	}
	zone, err := identity.ParseMRZ(c.MRZ.Lines)
	if err != nil {
		return nil // what contradicts its own check digits says nothing of others
	}
	return identity.Differences(identity.View{Of: identity.PartDG1, Person: zone}, identity.View{Of: identity.PartDG13, Person: textPerson(c.DG13)})
}

// fillFromMRZ adds what only the machine readable zone says. Its names have no diacritics: better than none.
func fillFromMRZ(p *identity.Person, lines []string) {
	m, err := identity.ParseMRZ(lines)
	if err != nil {
		return // a zone that contradicts its own check digits fills nothing in
	}
	if p.Name == "" {
		p.Name = m.Name
	}
	if p.Birth.IsZero() {
		p.Birth = m.Birth
	}
	if p.Sex == "" {
		p.Sex = m.Sex
	}
	if p.Expires.IsZero() {
		p.Expires = m.Expires
	}
	if p.Nationality == "" {
		p.Nationality = m.Nationality
	}
}

func sexOf(word string) identity.Sex {
	for _, s := range []identity.Sex{identity.Male, identity.Female} {
		if strings.EqualFold(word, s.Text()) {
			return s
		}
	}
	return ""
}

func dateOf(d vncard.Date, ok bool) identity.Date {
	if !ok {
		return identity.Date{}
	}
	return identity.Date(d)
}

func expiryOf(d vncard.Date) identity.Expiry {
	if d == vncard.NoExpiry() {
		return identity.Expiry{Never: true}
	}
	return identity.Expiry{Date: identity.Date(d)}
}

// photoOf copies the portrait, so that the chip's files can be wiped while it lives on.
func photoOf(c *vncard.Card) *identity.Photo {
	if c.Photo == nil {
		return nil
	}
	return &identity.Photo{Type: c.Photo.MediaType, Data: bytes.Clone(c.Photo.Data), Width: c.Photo.Width, Height: c.Photo.Height}
}

// evidenceOf carries the checks over; their names and outcomes are the same words in both rings.
func evidenceOf(c *vncard.Card) (identity.Evidence, error) {
	e := identity.Evidence{Source: identity.FromChip, Access: string(c.Access), Notes: c.Notes, Differences: differencesOf(c)}
	for _, check := range c.Checks {
		e.Checks = append(e.Checks, identity.Check{Name: string(check.Name), Outcome: identity.Outcome(check.Outcome),
			Cause: string(check.Cause), Reason: check.Reason})
	}
	proof, err := json.Marshal(c.Proof)
	if err != nil {
		return e, fault.New(fault.Internal, err)
	}
	e.Proof = proof
	return e, nil
}

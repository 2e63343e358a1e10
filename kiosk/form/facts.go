package form

import "motcua/kiosk/identity"

// CardFacts are the facts that a card says itself; Of gives each as a form writes it, "" for one that the card does not have.
var CardFacts = []struct {
	ID Fact
	Of func(identity.Person) string
}{
	{CardNumber, func(p identity.Person) string { return string(p.Number) }},
	{CardName, func(p identity.Person) string { return p.Name }},
	{CardBirth, func(p identity.Person) string { return p.Birth.String() }},
	{CardSex, func(p identity.Person) string { return p.Sex.Text() }},
	{CardNationality, func(p identity.Person) string { return p.Nationality }},
	{CardEthnicity, func(p identity.Person) string { return p.Ethnicity }},
	{CardReligion, func(p identity.Person) string { return p.Religion }},
	{CardOrigin, func(p identity.Person) string { return p.Origin }},
	{CardResidence, func(p identity.Person) string { return p.Residence }},
	{CardIssued, func(p identity.Person) string { return p.Issued.String() }},
	{CardExpires, func(p identity.Person) string { return p.Expires.String() }},
	{CardIssuer, issuer},
	{CardOldNumber, func(p identity.Person) string { return p.OldNumber }},
	{CardFather, func(p identity.Person) string { return p.Father }},
	{CardMother, func(p identity.Person) string { return p.Mother }},
	{CardSpouse, func(p identity.Person) string { return p.Spouse }},
}

// ministryIssues is the day from which the ministry itself issues the card (Law 26/2023/QH15 on identification).
var ministryIssues = identity.Date{Year: 2024, Month: 7, Day: 1}

// issuer is who issued a card of that day, as the card prints it.
func issuer(p identity.Person) string {
	switch {
	case p.Issued.IsZero():
		return ""
	case p.Issued.Before(ministryIssues):
		return "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
	}
	return "Bộ Công an"
}

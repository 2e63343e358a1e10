package remains

import (
	"strings"

	"motcua/devices/card/cardsim"
)

// Of is what must not be left of a persona whose card was read, and the card.
func Of(p cardsim.Persona) (Person, *cardsim.Profile, error) {
	card, err := cardsim.Build(p, cardsim.ProfileOptions{})
	if err != nil {
		return Person{}, nil, err
	}
	facts := map[string]string{"name": p.Name, "number": p.Number, "document number": " " + p.DocumentNumber(), "residence": p.Residence,
		"origin": p.Origin, "father": p.Father, "mother": p.Mother, "spouse": p.Spouse, "old number": p.CMND, "features": p.Features}
	facts["hamlet"], _, _ = strings.Cut(p.Residence, ",")
	return Person{facts, card.Photo}, card, nil
}

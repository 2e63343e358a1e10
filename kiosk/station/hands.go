package station

import "motcua/devices/card/cardsim"

// Lay lays a card on the simulated reader, in place of one that lies there; it does nothing if there is no such reader.
func (s *Simulators) Lay(c *cardsim.Card) error {
	if s.cards == nil {
		return nil
	}
	return s.cards.Insert(c)
}

// Lift takes the card away.
func (s *Simulators) Lift() {
	if s.cards != nil {
		s.cards.Remove()
	}
}

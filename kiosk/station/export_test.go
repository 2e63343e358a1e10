package station

import (
	"time"

	"motcua/devices/card"
	"motcua/devices/card/cardsim"
)

// What the tests of the whole machine reach inside.

// Cards is the simulated reader; nil if it is not simulated.
func (s *Simulators) Cards() *cardsim.Readers { return s.cards }

// WrapCards puts something between the station and its driver.
func (s *Station) WrapCards(wrap func(card.Readers) card.Readers) { s.cards = wrap(s.cards) }

// AskEvery makes the station ask its printer more often than it would.
func (s *Station) AskEvery(d time.Duration) { s.askEvery = d }

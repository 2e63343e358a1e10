package seal

// OrCard has a card open the keys, too: alone, besides whatever l asks for. id are the keys that l locks; card is what its chip alone says.
func (l Locked) OrCard(id *Identity, owner string, card []byte) (Locked, error) {
	alone, err := Lock(id, owner, Secret{Card: card})
	if err != nil {
		return Locked{}, err
	}
	l.Or = &alone
	return l, nil
}

// aboutChip is what the key of a chip is bound to.
func aboutChip(owner string) string { return "chip " + owner }

// WithChip keeps what opens the chip of the card: a few digits that stand on it and are personal, hence sealed to the very keys that l locks. Who
// signed in once by other means knows them (ChipKey) for as long as the program runs.
func (l Locked) WithChip(id *Identity, owner, key string) (Locked, error) {
	s, err := Seal([]byte(key), aboutChip(owner), []Public{id.Public()})
	if err != nil {
		return Locked{}, err
	}
	l.Chip = &s
	return l, nil
}

// ChipKey is what opens the chip, "" if nothing was kept.
func (l Locked) ChipKey(id *Identity, owner string) string {
	if l.Chip == nil {
		return ""
	}
	key, err := Open(*l.Chip, aboutChip(owner), id)
	if err != nil {
		return ""
	}
	return string(key)
}

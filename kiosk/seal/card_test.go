package seal

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// A card that signs in alone opens the same keys as the PIN; neither another card nor another officer's does, and what lies on the disk does
// not tell what opens the chip.
func TestCardAlone(t *testing.T) {
	const pin, can = "27182818", "314159"
	id := officer(t)
	l, err := cheap(t, id, Secret{PIN: pin}).OrCard(id, "an", sod)
	if err != nil {
		t.Fatal(err)
	}
	if l, err = l.WithChip(id, "an", can); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), can) {
		t.Error("what opens the chip stands on the disk")
	}
	if l, err = ParseLocked(text); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]Secret{"PIN": {PIN: pin}, "card": {Card: sod}, "both": {pin, sod}} {
		got, err := l.Unlock("an", s)
		if err != nil || got.Public() != id.Public() {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, s := range map[string]Secret{"another card": {Card: sod[1:]}, "another PIN with the card": {"27182819", sod}, "nothing": {}} {
		if _, err := l.Unlock("an", s); !errors.Is(err, ErrWrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := l.Unlock("binh", Secret{Card: sod}); !errors.Is(err, ErrWrong) {
		t.Errorf("as another officer: %v", err)
	}
	if got := l.ChipKey(id, "an"); got != can {
		t.Errorf("%q opens the chip", got)
	}
	if got := l.ChipKey(officer(t), "an") + l.ChipKey(id, "binh") + (Locked{}).ChipKey(id, "an"); got != "" {
		t.Errorf("others have %q", got)
	}
}

// An account that asks for both, or whose card is no plain one, is not opened through the back door.
func TestCardAloneStrict(t *testing.T) {
	id := officer(t)
	both := cheap(t, id, Secret{"27182818", sod})
	if _, err := both.Unlock("an", Secret{Card: sod}); !errors.Is(err, ErrWrong) {
		t.Errorf("both are asked for, the card alone: %v", err)
	}
	nested := both
	nested.Or = &both
	if _, err := nested.Unlock("an", Secret{Card: sod}); !errors.Is(err, ErrKey) {
		t.Errorf("a PIN in place of a card alone: %v", err)
	}
	alone := cheap(t, id, Secret{Card: sod})
	alone.Or = &alone
	l := cheap(t, id, Secret{PIN: "27182818"})
	l.Or = &alone
	if _, err := l.Unlock("an", Secret{Card: sod}); !errors.Is(err, ErrKey) {
		t.Errorf("a chain: %v", err)
	}
}

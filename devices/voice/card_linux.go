package voice

import (
	"os"
	"strings"
)

// Loudspeaker reports whether the machine has a sound card. One that nothing is plugged into counts as well: only ears can
// tell.
func Loudspeaker() bool {
	cards, err := os.ReadFile("/proc/asound/cards")
	return err == nil && !strings.Contains(string(cards), "no soundcards")
}

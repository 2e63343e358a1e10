package vncard

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd"
)

// hintJSON is one entry of Hints as it is kept over restarts. It is about a kind of card and a reader, never a person:
// the answer to reset of these cards is the same for all, and their identifier is random and not in it.
type hintJSON struct {
	ATR        string `json:"atr"` // hexadecimal
	Reader     string `json:"reader"`
	Chunk      int    `json:"chunk,omitempty"`       // plain bytes for each short READ BINARY; absent: not limited
	Extended   bool   `json:"extended,omitempty"`    // extended length goes through
	NoExtended bool   `json:"no_extended,omitempty"` // a probe failed
}

// Limits of what UnmarshalJSON takes.
const (
	maxATR    = 33 // bytes, ISO 7816-3 §8.2.1
	maxReader = 256
)

// MarshalJSON writes what was learnt, in a fixed order.
func (h *Hints) MarshalJSON() ([]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := []hintJSON{}
	for key, learnt := range h.learned {
		out = append(out, hintJSON{hex.EncodeToString([]byte(key.atr)), key.reader, learnt.sizes.Chunk,
			learnt.sizes.Extended, learnt.noExtended})
	}
	slices.SortFunc(out, func(a, b hintJSON) int { return cmp.Or(cmp.Compare(a.ATR, b.ATR), cmp.Compare(a.Reader, b.Reader)) })
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote, in place of what was there. An entry that makes no sense fails the whole:
// what was learnt is learnt again for the price of one command.
func (h *Hints) UnmarshalJSON(b []byte) error {
	var in []hintJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	learned := map[hintKey]hint{}
	for _, e := range in {
		atr, err := hex.DecodeString(e.ATR)
		if err != nil || len(atr) > maxATR || len(e.Reader) > maxReader || e.Chunk < 0 || e.Chunk > apdu.MaxShortNe ||
			len(learned) == maxHints {
			return fmt.Errorf("vncard: hints: an entry makes no sense")
		}
		learned[hintKey{string(atr), e.Reader}] = hint{emrtd.Sizes{Extended: e.Extended, Chunk: e.Chunk}, e.NoExtended}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.learned = learned
	return nil
}

package vncard

import (
	"sync"

	"motcua/devices/card/emrtd"
)

// Hints remembers what lengths went through, for each pair of answer to reset and reader, and as long as the program
// runs the random numbers of chips, which must not come twice. The zero Hints is ready; it may be used concurrently. It
// holds nothing about persons.
type Hints struct {
	challenges emrtd.Challenges

	mu      sync.Mutex
	learned map[hintKey]hint
}

// seen is where chips' random numbers are looked for; nil without Hints.
func (h *Hints) seen() *emrtd.Challenges {
	if h == nil {
		return nil
	}
	return &h.challenges
}

type hintKey struct {
	atr, reader string
}

type hint struct {
	sizes      emrtd.Sizes
	noExtended bool // a probe failed
}

const maxHints = 256 // kinds of cards; beyond it nothing more is learnt

func (h *Hints) get(key hintKey) (hint, bool) {
	if h == nil {
		return hint{}, false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	known, ok := h.learned[key]
	return known, ok
}

func (h *Hints) put(key hintKey, learnt hint) {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.learned == nil {
		h.learned = map[hintKey]hint{}
	}
	if _, known := h.learned[key]; known || len(h.learned) < maxHints {
		h.learned[key] = learnt
	}
}

// extendedByATR looks for the card capabilities in the historical bytes (ISO 7816-4 §8.1.1.2.7, third software
// function table, bit 7). said is false where the card does not tell.
func extendedByATR(atr []byte) (extended, said bool) {
	const (
		categoryCompactTLV = 0x80
		capabilitiesTag    = 0x7
		thirdTable         = 3
		extendedBit        = 0x40
	)
	history := historicalBytes(atr)
	if len(history) == 0 || history[0] != categoryCompactTLV {
		return false, false
	}
	for history = history[1:]; len(history) > 0; {
		tag, length := history[0]>>4, int(history[0]&0x0F)
		if length+1 > len(history) {
			return false, false
		}
		if tag == capabilitiesTag && length >= thirdTable {
			return history[thirdTable]&extendedBit != 0, true
		}
		history = history[length+1:]
	}
	return false, false
}

// historicalBytes follows the interface bytes of ISO 7816-3 §8.2 to where the historical bytes begin.
func historicalBytes(atr []byte) []byte {
	const more = 0x80 // TDi follows
	if len(atr) < 2 {
		return nil
	}
	count, present, at := int(atr[1]&0x0F), atr[1]&0xF0, 2
	for {
		for bit := byte(0x10); bit < more; bit <<= 1 {
			if present&bit != 0 {
				at++
			}
		}
		if present&more == 0 {
			break
		}
		if at >= len(atr) {
			return nil
		}
		present = atr[at] & 0xF0
		at++
	}
	if at+count > len(atr) {
		return nil
	}
	return atr[at : at+count]
}

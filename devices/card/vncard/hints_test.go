package vncard

import (
	"encoding/hex"
	"fmt"
	"testing"

	"motcua/devices/card/emrtd"
)

func TestExtendedByATR(t *testing.T) {
	for s, want := range map[string][2]bool{
		"3B8580018073942180C3":             {false, true}, // capabilities say no
		"3B85800180739421C083":             {true, true},
		"3B8A80018031B87384018002900000E6": {false, true},
		"3B80800101":                       {false, false}, // no historical bytes
		"3B8A80010031C173C8400090000090":   {false, false}, // category 00
		"3B":                               {false, false},
		"":                                 {false, false},
		"3BFF":                             {false, false},
		"3B8F80018073":                     {false, false}, // shorter than it says
		"3B828001807F":                     {false, false}, // object longer than the rest
		"3BF91300008131FE454A434F503234":   {false, false},
	} {
		raw, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		extended, said := extendedByATR(raw)
		if extended != want[0] || said != want[1] {
			t.Errorf("%s: %t, %t", s, extended, said)
		}
	}
}

func FuzzATR(f *testing.F) {
	f.Add([]byte{0x3B, 0x85, 0x80, 0x01, 0x80, 0x73, 0x94, 0x21, 0xC0, 0x83})
	f.Fuzz(func(t *testing.T, atr []byte) {
		if extended, said := extendedByATR(atr); extended && !said {
			t.Error("extended, and yet not said")
		}
	})
}

func TestHintsAreBounded(t *testing.T) {
	var h Hints
	for i := range 2 * maxHints {
		h.put(hintKey{atr: fmt.Sprint(i)}, hint{sizes: emrtd.Sizes{Chunk: i}})
	}
	if len(h.learned) != maxHints {
		t.Errorf("%d hints", len(h.learned))
	}
	h.put(hintKey{atr: "0"}, hint{noExtended: true})
	if got, ok := h.get(hintKey{atr: "0"}); !ok || !got.noExtended {
		t.Error("what is known is not replaced")
	}
	var none *Hints
	none.put(hintKey{}, hint{})
	if _, ok := none.get(hintKey{}); ok {
		t.Error("nothing knows something")
	}
}

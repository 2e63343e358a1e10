package airtime

import (
	"testing"
	"time"
)

// conversation makes n commands of up bytes that are answered with down bytes each.
func conversation(n, up, down int) []Exchange {
	var out []Exchange
	for range n {
		x := Exchange{Command: make([]byte, up), Response: make([]byte, down)}
		x.Command[1] = 0xB0
		out = append(out, x)
	}
	return out
}

// TestKnownFigures: one file of 15 kB, worked out by hand from the same assumptions: short reads of 223 bytes, and one
// extended read. Both within three hundredths of the figures published with the model.
func TestKnownFigures(t *testing.T) {
	for _, v := range []struct {
		name     string
		commands []Exchange
		link     Link
		seconds  float64
	}{
		{"68 short reads, 106 kbit/s, 12 ms", conversation(68, 18, 242), Link{Rate106, 12 * time.Millisecond}, 2.41},
		{"68 short reads, 424 kbit/s, 25 ms", conversation(68, 18, 242), Link{Rate424, 25 * time.Millisecond}, 2.14},
		{"68 short reads, 848 kbit/s, 12 ms", conversation(68, 18, 242), Link{Rate848, 12 * time.Millisecond}, 1.06},
		{"one extended read, 106 kbit/s, 12 ms", conversation(1, 21, 15_110), Link{Rate106, 12 * time.Millisecond}, 1.35},
		{"one extended read, 848 kbit/s, 25 ms", conversation(1, 21, 15_110), Link{Rate848, 25 * time.Millisecond}, 0.22},
	} {
		got := v.link.Time(v.commands).Seconds()
		if got < v.seconds*0.9 || got > v.seconds*1.1 {
			t.Errorf("%s: %.3f s, not about %.2f", v.name, got, v.seconds)
		}
	}
}

func TestThinking(t *testing.T) {
	for name, v := range map[string]struct {
		command []byte
		want    time.Duration
	}{
		"a step of PACE":        {[]byte{0x10, 0x86, 0, 0}, paceStep},
		"chip authentication":   {[]byte{0x0C, 0x86, 0, 0}, chipAuth},
		"the same with 3DES":    {[]byte{0x0C, 0x22, 0x41, 0xA6}, chipAuth},
		"setting up PACE":       {[]byte{0x00, 0x22, 0xC1, 0xA4}, 0},
		"BAC":                   {[]byte{0x00, 0x82, 0, 0}, bac},
		"active authentication": {[]byte{0x0C, 0x88, 0, 0}, active},
		"reading":               {[]byte{0x0C, 0xB0, 0, 0}, 0},
		"nothing":               {nil, 0},
	} {
		if got := thinking(v.command); got != v.want {
			t.Errorf("%s: %v, want %v", name, got, v.want)
		}
	}
}

func TestFramesCostMore(t *testing.T) {
	l := Link{Rate: Rate424}
	if one, two := l.carry(253), l.carry(254); two-one < chainedFrame {
		t.Errorf("253 bytes take %v, 254 take %v", one, two)
	}
}

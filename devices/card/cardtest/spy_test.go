package cardtest_test

import (
	"context"
	"testing"

	"motcua/devices/card"
	"motcua/devices/card/cardtest"
)

// silent answers 9000 to everything.
type silent struct{ card.Transport }

func (silent) Transmit(context.Context, []byte) ([]byte, error) { return []byte{0x90, 0x00}, nil }

func TestSpy(t *testing.T) {
	for command, want := range map[string]struct {
		ne               int
		protected, reads bool
		short            bool
	}{
		"00B09C0000":                             {256, false, true, true},
		"00B09C00000000":                         {65536, false, true, true},
		"00B0000010":                             {16, false, true, false},
		"0CB000000D9701048E08ED6705417E96BA5500": {4, true, true, false},
		"0CB081000D9701008E08ED6705417E96BA5500": {256, true, true, true},
		"0084000008":                             {8, false, false, false},
		"00A4040C07A0000002471001":               {0, false, false, false},
	} {
		s := &cardtest.Spy{Transport: silent{}}
		if _, err := s.Transmit(t.Context(), cardtest.Hex(t, command)); err != nil {
			t.Fatal(err)
		}
		if s.Ne() != want.ne || s.Protected() != want.protected || s.Reads() != want.reads || s.ShortIdentifier() != want.short {
			t.Errorf("%s: %d, %t, %t, %t", command, s.Ne(), s.Protected(), s.Reads(), s.ShortIdentifier())
		}
		if len(s.Asked) > 0 != want.reads {
			t.Errorf("%s: asked %v", command, s.Asked)
		}
	}
}

// TestNarrow: what gets through a reader that carries less than it should.
func TestNarrow(t *testing.T) {
	long := fixed(append(make([]byte, 300), 0x90, 0x00))
	read := cardtest.Hex(t, "00B0000000")
	for name, v := range map[string]struct {
		reader cardtest.Narrow
		want   int // bytes; -1: an error
	}{
		"whole": {cardtest.Narrow{}, 302}, "cut": {cardtest.Narrow{Reach: 256}, 256},
		"lost": {cardtest.Narrow{Reach: 256, Lost: card.ErrUnresponsive}, -1}, "in pieces": {cardtest.Narrow{Pieces: 256}, 258},
	} {
		v.reader.Transport = long
		answer, err := v.reader.Transmit(t.Context(), read)
		if (err != nil) != (v.want < 0) || err == nil && len(answer) != v.want {
			t.Errorf("%s: %d bytes, %v", name, len(answer), err)
		}
	}
	pieces := cardtest.Narrow{Transport: long, Pieces: 256}
	first, _ := pieces.Transmit(t.Context(), read)
	rest, err := pieces.Transmit(t.Context(), cardtest.Hex(t, "00C000002C"))
	if err != nil || string(first[256:]) != "\x61\x2C" || len(rest) != 46 || string(rest[44:]) != "\x90\x00" {
		t.Errorf("%X, %d bytes more, %v", first[256:], len(rest), err)
	}
	extended := cardtest.Narrow{Transport: long, Refusal: []byte{0x67, 0x00}}
	if answer, err := extended.Transmit(t.Context(), cardtest.Hex(t, "00B00000000000")); err != nil || string(answer) != "\x67\x00" {
		t.Errorf("%X, %v", answer, err)
	}
}

// fixed answers everything alike.
type fixed []byte

func (f fixed) Transmit(context.Context, []byte) ([]byte, error) {
	return append([]byte(nil), f...), nil
}
func (fixed) ATR() []byte  { return nil }
func (fixed) Close() error { return nil }

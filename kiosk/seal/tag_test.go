package seal

import (
	"bytes"
	"errors"
	"testing"
)

func tagger(t testing.TB, salt byte) *Tagger {
	t.Helper()
	g, err := NewTagger(bytes.Repeat([]byte{salt}, SaltLen))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestTagIsSlow holds what a tag costs, as counts: time differs between machines.
func TestTagIsSlow(t *testing.T) {
	g := tagger(t, 1)
	if g.memory < 64<<10 || g.time < 3 {
		t.Errorf("%d passes over %d KiB", g.time, g.memory)
	}
	if cap(g.turn) != 1 {
		t.Error("several at a time")
	}
}

func TestTag(t *testing.T) {
	quick := func(salt byte, number string) string {
		g := tagger(t, salt)
		g.time, g.memory = 1, 64
		return string(g.Tag(number))
	}
	one := quick(1, "099160000017")
	if len(one) != TagLen || one != quick(1, "099160000017") {
		t.Error("one number, two tags")
	}
	if one == quick(1, "099160000018") || one == quick(2, "099160000017") {
		t.Error("two numbers or two installations, one tag")
	}
	if _, err := NewTagger(nil); !errors.Is(err, ErrSalt) {
		t.Error(err)
	}
	if a, err := Salt(); err != nil || len(a) != SaltLen {
		t.Error(err)
	} else if b, _ := Salt(); bytes.Equal(a, b) {
		t.Error("the same salt twice")
	}
}

func BenchmarkTag(b *testing.B) {
	g := tagger(b, 1)
	for b.Loop() {
		g.Tag("099160000017")
	}
}

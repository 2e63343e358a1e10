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
	each := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(inProvince*each/year, "core-years/province")
}

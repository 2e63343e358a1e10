package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"testing"
)

// cheap is Lock at a cost for tests.
func cheap(t testing.TB, id *Identity, s Secret) Locked {
	t.Helper()
	l, err := lock(id, "an", s, 1, 64)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

var sod = bytes.Repeat([]byte("sod"), 900)

func TestLockedByBoth(t *testing.T) {
	id := officer(t)
	for name, s := range map[string]Secret{"PIN": {PIN: "27182818"}, "card": {Card: sod}, "both": {"27182818", sod}} {
		text, err := json.Marshal(cheap(t, id, s))
		if err != nil {
			t.Fatal(err)
		}
		l, err := ParseLocked(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := l.Unlock("an", s)
		if err != nil || got.Public() != id.Public() {
			t.Fatalf("%s: %v", name, err)
		}
		for wrong, other := range map[string]Secret{"nothing": {}, "another PIN": {"27182819", s.Card}, "another card": {s.PIN, sod[1:]},
			"the other one": {PIN: map[bool]string{true: "", false: "27182818"}[l.PIN], Card: map[bool][]byte{true: nil, false: sod}[l.Card]}} {
			if (wrong == "another PIN" && !l.PIN) || (wrong == "another card" && !l.Card) {
				continue
			}
			if _, err := l.Unlock("an", other); !errors.Is(err, ErrWrong) {
				t.Errorf("%s, unlocked with %s: %v", name, wrong, err)
			}
		}
		if _, err := l.Unlock("binh", s); !errors.Is(err, ErrWrong) {
			t.Errorf("%s, as another officer: %v", name, err)
		}
	}
	if _, err := Lock(id, "an", Secret{}); err == nil {
		t.Error("locked with nothing")
	}
}

func TestCheckPIN(t *testing.T) {
	for _, pin := range []string{"27182818", "1234567890123457"} {
		if err := CheckPIN(pin); err != nil {
			t.Errorf("%s: %v", pin, err)
		}
	}
	for _, pin := range []string{"", "2718281", "12345678901234567", "2718281a", "11111111", "12345678", "87654321", "२७१८२८१८"} {
		if err := CheckPIN(pin); !errors.Is(err, ErrPIN) {
			t.Errorf("%q is taken", pin)
		}
	}
	if _, err := Lock(officer(t), "an", Secret{PIN: "1"}); !errors.Is(err, ErrPIN) {
		t.Errorf("%v", err)
	}
}

// A file that was changed neither opens nor makes us spend what it likes.
func TestLockedChanged(t *testing.T) {
	good := cheap(t, officer(t), Secret{PIN: "27182818"})
	for name, change := range map[string]func(*Locked){
		"memory": func(l *Locked) { l.Memory = 1 << 30 }, "time": func(l *Locked) { l.Time = 0 }, "salt": func(l *Locked) { l.Salt = nil },
		"nonce": func(l *Locked) { l.Nonce = l.Nonce[1:] }, "nothing needed": func(l *Locked) { l.PIN = false }, "version": func(l *Locked) { l.Version = 2 },
		"cheaper": func(l *Locked) { l.Memory = 32 }, "content": func(l *Locked) { l.Sealed = append(bytes.Clone(l.Sealed[:9]), 1) },
	} {
		l := good
		change(&l)
		if _, err := l.Unlock("an", Secret{PIN: "27182818"}); !errors.Is(err, ErrKey) && !errors.Is(err, ErrWrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ParseLocked([]byte("{")); !errors.Is(err, ErrKey) {
		t.Error(err)
	}
}

func FuzzUnlock(f *testing.F) {
	text, err := json.Marshal(cheap(f, officer(f), Secret{PIN: "27182818"}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"version":1,"pin":true}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ParseLocked(data)
		if err != nil || l.Memory > 1<<10 || l.Time > 2 {
			return
		}
		if _, err := l.Unlock("binh", Secret{PIN: "27182818"}); err == nil {
			t.Fatal("another officer's keys open")
		}
	})
}

func TestSplit(t *testing.T) {
	id := officer(t)
	a, b, err := Split(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]Sheet{{a, b}, {b, a}, {Sheet(bytes.ToLower([]byte(a))), b}} {
		if got, err := Join(pair[0], pair[1]); err != nil || got.Public() != id.Public() {
			t.Fatalf("%v", err)
		}
	}
	typo := []byte(a)
	for typo[3] = 'Z'; string(typo) == string(a); typo[3]-- {
	}
	c, d, err := Split(officer(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]Sheet{{a, a}, {Sheet(typo), b}, {a, d}, {c, b}, {"", b}, {a, "x"}} {
		if _, err := Join(pair[0], pair[1]); !errors.Is(err, ErrKey) {
			t.Errorf("%.10s and %.10s: %v", pair[0], pair[1], err)
		}
	}
	if half, err := a.half(); err != nil || bytes.Contains(half, []byte("AGE-SECRET-KEY")) {
		t.Error("a sheet alone says something")
	}
	t.Logf("a sheet has %d letters", len(a))
}

func FuzzJoin(f *testing.F) {
	a, b, err := Split(officer(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(a), string(b))
	f.Fuzz(func(t *testing.T, x, y string) {
		if id, err := Join(Sheet(x), Sheet(y)); err == nil && id == nil {
			t.Fatal("neither a key nor an error")
		}
	})
}

func BenchmarkPIN(b *testing.B) {
	l, err := Lock(officer(b), "an", Secret{PIN: "27182818"})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := l.Unlock("an", Secret{PIN: "27182818"}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(math.Pow10(MinPIN)*b.Elapsed().Seconds()/float64(b.N)/year, "core-years/PINs")
}

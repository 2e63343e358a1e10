package seal

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func officer(t testing.TB) *Identity {
	t.Helper()
	id, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// reference is what the tests seal for, too long to occur by chance in what is sealed.
const reference = "05200.K1.261126.001.3"

func sealed(t testing.TB, content string, to ...*Identity) Sealed {
	t.Helper()
	var all []Public
	for _, id := range to {
		all = append(all, id.Public())
	}
	s, err := Seal([]byte(content), reference, all)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const personal = "Hà Thị Thử, 099160000017, Xóm Văn"

func TestEveryRecipientOpens(t *testing.T) {
	a, b, c := officer(t), officer(t), officer(t)
	for _, content := range []string{"", personal, strings.Repeat("ảnh", 100_000)} {
		s := sealed(t, content, a, b)
		for _, id := range []*Identity{a, b} {
			if got, err := Open(s, reference, id); err != nil || string(got) != content {
				t.Errorf("%d bytes, %v", len(got), err)
			}
		}
		if _, err := Open(s, reference, c); !errors.Is(err, ErrShut) {
			t.Errorf("somebody else: %v", err)
		}
	}
	if _, err := Seal(nil, reference, nil); !errors.Is(err, ErrNobody) {
		t.Errorf("to nobody: %v", err)
	}
	if _, err := Seal(nil, strings.Repeat("x", maxAbout+1), []Public{a.Public()}); err == nil {
		t.Error("a name that is too long is taken")
	}
	if _, err := Seal(nil, reference, []Public{{Seal: "age1nonsense"}}); !errors.Is(err, ErrKey) {
		t.Errorf("to no key: %v", err)
	}
}

// An office has as many officers as it has; what was sealed to all of them opens, and who seals to too many is told before anything is lost.
func TestManyRecipients(t *testing.T) {
	all := make([]*Identity, 100)
	for i := range all {
		all[i] = officer(t)
	}
	s := sealed(t, personal, all...)
	if got, err := Open(s, reference, all[99]); err != nil || string(got) != personal {
		t.Errorf("the hundredth: %q, %v", got, err)
	}
	var crowd []Public
	for range 700 {
		crowd = append(crowd, all[0].Public())
	}
	if s, err := Seal([]byte(personal), reference, crowd); err == nil {
		_, open := Open(s, reference, all[0])
		t.Errorf("%d bytes of key are made; to open them: %v", len(s.Key), open)
	}
	if _, err := Rewrap(s.Key, all[0], crowd); err == nil {
		t.Error("a key is written anew for more than can open it")
	}
}

// What lies on the disk has nothing of the content, and nothing of who may read it but how many they are.
func TestSealedSaysNothing(t *testing.T) {
	a := officer(t)
	s := sealed(t, strings.Repeat(personal, 20), a)
	for _, part := range [][]byte{s.Body, s.Key} {
		for _, word := range []string{"Thử", "099160000017", "Xóm", a.Public().Seal, a.Public().Verify, reference} {
			if bytes.Contains(part, []byte(word)) {
				t.Errorf("%q is readable", word)
			}
		}
	}
	again := sealed(t, strings.Repeat(personal, 20), a)
	if bytes.Equal(s.Body, again.Body) {
		t.Error("the same content gives the same bytes")
	}
}

func TestChanged(t *testing.T) {
	a := officer(t)
	s := sealed(t, personal, a)
	for i := 0; i < len(s.Body); i += 7 {
		changed := Sealed{bytes.Clone(s.Body), s.Key}
		changed.Body[i] ^= 1
		if _, err := Open(changed, reference, a); !errors.Is(err, ErrChanged) {
			t.Fatalf("byte %d of the body: %v", i, err)
		}
	}
	for i := 0; i < len(s.Key); i += 97 {
		changed := Sealed{s.Body, bytes.Clone(s.Key)}
		changed.Key[i] ^= 1
		if _, err := Open(changed, reference, a); err == nil {
			t.Fatalf("byte %d of the key: opened", i)
		}
	}
	if _, err := Open(Sealed{s.Body[:len(s.Body)-1], s.Key}, reference, a); !errors.Is(err, ErrChanged) {
		t.Errorf("cut: %v", err)
	}
	// Of a long one, which age seals in chunks, what was sound of it is not given either.
	long := sealed(t, strings.Repeat(personal, 5_000), a)
	const chunk = 64<<10 + 16
	head := len(long.Body) % chunk
	for _, at := range []int{head, head + chunk, len(long.Body) - 1} {
		changed := bytes.Clone(long.Body)
		changed[at] ^= 1
		for what, body := range map[string][]byte{"changed": changed, "cut": long.Body[:at]} {
			if got, err := Open(Sealed{body, long.Key}, reference, a); !errors.Is(err, ErrChanged) || got != nil {
				t.Errorf("%s at %d: %d bytes, %v", what, at, len(got), err)
			}
		}
	}
}

// A body with the key of another filing, or under another filing's name, does not open.
func TestSwapped(t *testing.T) {
	a := officer(t)
	one, two := sealed(t, "một", a), sealed(t, "hai", a)
	if _, err := Open(Sealed{one.Body, two.Key}, reference, a); !errors.Is(err, ErrChanged) {
		t.Errorf("another key: %v", err)
	}
	for _, name := range []string{"", "re", "reff", "xyz"} {
		if _, err := Open(one, name, a); !errors.Is(err, ErrChanged) {
			t.Errorf("under the name %q: %v", name, err)
		}
	}
}

func TestPostQuantum(t *testing.T) {
	if got := officer(t).Public().Seal; !strings.HasPrefix(got, "age1pq1") {
		t.Errorf("the recipient is %.10s…", got)
	}
	if s := sealed(t, personal, officer(t)); !bytes.Contains(s.Key, []byte("mlkem768x25519")) {
		t.Error("the file key is not under the hybrid recipient")
	}
}

// An officer who comes can read what was there, one who left cannot; the body stays the same bytes.
func TestRewrap(t *testing.T) {
	left, stays, comes := officer(t), officer(t), officer(t)
	s := sealed(t, personal, left, stays)
	key, err := Rewrap(s.Key, stays, []Public{stays.Public(), comes.Public()})
	if err != nil {
		t.Fatal(err)
	}
	s.Key = key
	for _, id := range []*Identity{stays, comes} {
		if got, err := Open(s, reference, id); err != nil || string(got) != personal {
			t.Errorf("%q, %v", got, err)
		}
	}
	if _, err := Open(s, reference, left); !errors.Is(err, ErrShut) {
		t.Errorf("who left: %v", err)
	}
	if _, err := Rewrap(s.Key, left, []Public{left.Public()}); !errors.Is(err, ErrShut) {
		t.Errorf("who left wraps: %v", err)
	}
	if _, err := Rewrap(s.Key, stays, nil); !errors.Is(err, ErrNobody) {
		t.Errorf("for nobody: %v", err)
	}
}

func TestDestroyed(t *testing.T) {
	a := officer(t)
	s := sealed(t, personal, a)
	s.Key = nil
	if _, err := Open(s, reference, a); !errors.Is(err, ErrShut) {
		t.Errorf("%v", err)
	}
}

func TestSignatures(t *testing.T) {
	a, b := officer(t), officer(t)
	sig := a.Sign("journal", []byte("x"))
	if !a.Public().Verified("journal", []byte("x"), sig) {
		t.Error("its own signature does not verify")
	}
	if a.Public().Verified("journal", []byte("y"), sig) || a.Public().Verified("portal", []byte("x"), sig) || b.Public().Verified("journal", []byte("x"), sig) ||
		(Public{}).Verified("journal", []byte("x"), sig) {
		t.Error("a signature of something else verifies")
	}
	if a.Public().Check() != nil || (Public{Seal: a.Public().Seal}).Check() == nil || (Public{Verify: a.Public().Verify}).Check() == nil {
		t.Error("Check")
	}
}

func FuzzOpen(f *testing.F) {
	a := officer(f)
	s := sealed(f, personal, a)
	f.Add(s.Body, s.Key)
	f.Add([]byte("age-encryption.org/v1\n-> motcua.vn/filing\n\n--- x\n"), s.Key)
	f.Add(s.Body, []byte{})
	f.Fuzz(func(t *testing.T, body, key []byte) {
		got, err := Open(Sealed{body, key}, reference, a)
		if err == nil && (string(got) != personal || !bytes.Equal(body, s.Body)) {
			t.Fatal("what nobody sealed opens")
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	content := make([]byte, 70<<10)
	var to []Public
	for range 6 {
		to = append(to, officer(b).Public())
	}
	for b.Loop() {
		if _, err := Seal(content, reference, to); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	a := officer(b)
	s := sealed(b, string(make([]byte, 70<<10)), officer(b), officer(b), officer(b), officer(b), officer(b), a)
	for b.Loop() {
		if _, err := Open(s, reference, a); err != nil {
			b.Fatal(err)
		}
	}
}

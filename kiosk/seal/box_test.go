package seal

import (
	"bytes"
	"errors"
	"testing"
)

func TestBox(t *testing.T) {
	key, err := Secret32()
	if err != nil {
		t.Fatal(err)
	}
	other, err := Secret32()
	if err != nil {
		t.Fatal(err)
	}
	plain := []byte("Bùi Thị Nguyệt")
	box, err := Box(key, "K1-1", plain)
	if err != nil || bytes.Contains(box, plain[:4]) {
		t.Fatal(err)
	}
	if got, err := Unbox(key, "K1-1", box); err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("%q, %v", got, err)
	}
	changed := bytes.Clone(box)
	changed[len(changed)-1] ^= 1
	for name, try := range map[string]func() ([]byte, error){
		"another key":   func() ([]byte, error) { return Unbox(other, "K1-1", box) },
		"another thing": func() ([]byte, error) { return Unbox(key, "K1-2", box) },
		"changed":       func() ([]byte, error) { return Unbox(key, "K1-1", changed) },
		"short":         func() ([]byte, error) { return Unbox(key, "K1-1", box[:9]) },
	} {
		if got, err := try(); !errors.Is(err, ErrChanged) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

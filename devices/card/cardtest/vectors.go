package cardtest

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Vector is one worked example: what goes in and what must come out.
type Vector struct {
	Name     string         `json:"name"`
	Kind     string         `json:"kind"`
	Inputs   map[string]any `json:"inputs"`
	Expected map[string]any `json:"expected"`

	root string // folder that file names are below
}

// EachVector runs test for every worked example of the kinds: those in testdata/vectors.json of the calling package,
// and all of the shared folder where that is there.
func EachVector(t *testing.T, test func(t *testing.T, v Vector), kinds ...string) {
	t.Helper()
	own, err := loadVectors("testdata")
	if err != nil {
		t.Fatal(err)
	}
	count := runVectors(t, "testdata", own, kinds, test)
	if count == 0 {
		t.Fatalf("no worked example of %v", kinds)
	}
	t.Run("shared", func(t *testing.T) {
		shared, err := loadVectors(filepath.Join(Shared(t), "vectors"))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skip("the shared folder has no vectors.json")
		}
		if err != nil {
			t.Fatal(err)
		}
		if n := runVectors(t, "all", shared, kinds, test); n < count {
			t.Errorf("%d examples in the shared folder, %d here", n, count)
		}
	})
}

func loadVectors(root string) ([]Vector, error) {
	raw, err := os.ReadFile(filepath.Join(root, "vectors.json"))
	if err != nil {
		return nil, err
	}
	var all []Vector
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, err
	}
	for i := range all {
		all[i].root = root
	}
	return all, nil
}

func runVectors(t *testing.T, name string, all []Vector, kinds []string, test func(*testing.T, Vector)) (count int) {
	t.Run(name, func(t *testing.T) {
		for _, v := range all {
			if slices.Contains(kinds, v.Kind) {
				count++
				t.Run(v.Name, func(t *testing.T) { test(t, v) })
			}
		}
	})
	return count
}

// In is a text among the inputs, "" if it is not there.
func (v Vector) In(key string) string { s, _ := v.Inputs[key].(string); return s }

// Out is a text among what is expected, "" if it is not there.
func (v Vector) Out(key string) string { s, _ := v.Expected[key].(string); return s }

// InHex and OutHex are bytes.
func (v Vector) InHex(t testing.TB, key string) []byte { return Hex(t, v.In(key)) }

// OutHex is bytes among what is expected.
func (v Vector) OutHex(t testing.TB, key string) []byte { return Hex(t, v.Out(key)) }

// File reads a file that the example names.
func (v Vector) File(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(v.root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// Hex decodes hexadecimal, or fails the test.
func Hex(t testing.TB, s string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

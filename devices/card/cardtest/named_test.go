package cardtest

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestEveryCaseIsNamed: each of the faults that a reader must survive is named in a test, by its id. Which test it is, a
// search for the id tells; that it runs, its own package's tests do.
func TestEveryCaseIsNamed(t *testing.T) {
	list, err := os.ReadFile("testdata/negative-cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	id := regexp.MustCompile(`\b(?:BAC|SM|READ|PACE|CA|AA|PA|TLV)-\d\d\b`)
	for _, root := range []string{"..", "../../../ui"} {
		err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, "_test.go") {
				return err
			}
			text, err := fs.ReadFile(os.DirFS(root), name)
			for _, found := range id.FindAllString(string(text), -1) {
				named[found] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	ids := strings.Fields(string(list))
	const all = 128
	if len(ids) != all {
		t.Errorf("%d cases on the list", len(ids))
	}
	for _, id := range ids {
		if !named[id] {
			t.Errorf("%s is named in no test", id)
		}
	}
}

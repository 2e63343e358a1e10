package seal

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every test that the table of threats names is there.
func TestThreats(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "# Threats")
	missing := map[string]bool{}
	for _, name := range regexp.MustCompile(`\b(Test|Fuzz|Benchmark)[A-Z]\w+`).FindAllString(table, -1) {
		missing[name] = true
	}
	if len(missing) < 10 {
		t.Fatalf("%d tests are named", len(missing))
	}
	top := os.DirFS("../..")
	for _, dir := range []string{"kiosk", "cmd"} {
		err := fs.WalkDir(top, dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := fs.ReadFile(top, path)
			for name := range missing {
				if strings.Contains(string(text), "\nfunc "+name+"(") {
					delete(missing, name)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range missing {
		t.Errorf("the table names %s, which is not there", name)
	}
}

package text

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/text/unicode/norm"

	"motcua/kiosk/fault"
	"motcua/kiosk/form"
)

func load(t *testing.T) *Table {
	t.Helper()
	table, err := Load(os.DirFS("../../assets"), "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// Every failure has its words: what happened, what to do.
func TestEveryFaultHasWords(t *testing.T) {
	table := load(t)
	for _, code := range fault.Codes() {
		for _, part := range []string{"title", "what", "do"} {
			if key := "fault." + string(code) + "." + part; !table.Has(key) {
				t.Errorf("no text %s", key)
			}
		}
	}
}

func TestEveryProblemHasWords(t *testing.T) {
	table := load(t)
	for _, code := range form.ProblemCodes() {
		if !table.Has("problem." + code) {
			t.Errorf("no text problem.%s", code)
		}
	}
}

// A text must be composed, without stray spaces, and its arguments must be counted from zero without a gap.
func TestTextsAreClean(t *testing.T) {
	table := load(t)
	argument := regexp.MustCompile(`\{([^}]*)\}`)
	for _, key := range table.Keys() {
		s := table.Get(key)
		if s != norm.NFC.String(s) || s != strings.TrimSpace(s) || strings.Contains(s, "  ") {
			t.Errorf("%s is not clean: %q", key, s)
		}
		for _, m := range argument.FindAllStringSubmatch(s, -1) {
			if len(m[1]) != 1 || m[1] < "0" || m[1] > "9" {
				t.Errorf("%s has a strange argument %s", key, m[0])
			}
		}
		if strings.Contains(s, "{1}") && !strings.Contains(s, "{0}") {
			t.Errorf("%s has {1} and no {0}", key)
		}
	}
}

func TestGet(t *testing.T) {
	table, err := Load(fstest.MapFS{"vi.yaml": {Data: []byte("a: \"{1} và {0}\"\nb: chữ\n")}}, "vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		got, want string
	}{
		{table.Get("a", 1, "hai"), "hai và 1"},
		{table.Get("a"), "{1} và {0}"},
		{table.Get("a", "{1}", "x"), "x và {1}"}, // an argument is never an instruction
		{table.Get("b", 1), "chữ"},
		{table.Get("missing", 1), "missing"},
		{(*Table)(nil).Get("b"), "b"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
	if got := strings.Join(table.Keys(), " "); got != "a b" {
		t.Errorf("Keys = %s", got)
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, data := range map[string]string{
		"twice": "a: x\na: y\n", "empty": "a: \"\"\n", "nested": "a:\n  b: x\n", "list": "- a\n", "syntax": "a: [\n",
	} {
		if _, err := Load(fstest.MapFS{"vi.yaml": {Data: []byte(data)}}, "vi.yaml"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := Load(fstest.MapFS{}, "vi.yaml"); err == nil {
		t.Error("no file, and no error")
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte("a: x\nb.c: \"{0}\"\n"))
	f.Add([]byte("a: [\n"))
	f.Add([]byte("? a\n: b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := Load(fstest.MapFS{"vi.yaml": {Data: data}}, "vi.yaml")
		if (table == nil) == (err == nil) {
			t.Fatal("either a table or an error")
		}
		for _, key := range table.Keys() {
			_ = table.Get(key, 1, 2)
		}
	})
}

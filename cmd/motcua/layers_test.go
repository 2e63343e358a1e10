package main

// The walls of the house, held by reading the tree: which ring imports what, where C and Fyne may be, how large a file
// may grow. The files are read in this process and not through `go list`, because then Go's test cache knows them and
// cannot hide a violation. Each rule carries its reason, which is what a person who meets it gets to read, and files
// that break it, which hold that the rule still bites.

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "motcua"

// Sizes beyond which nobody keeps a file or a function in the head.
const (
	maxFileLines     = 600
	maxFunctionLines = 80
)

// source is one Go file of the tree.
type source struct {
	name      string // slash-separated, from the top of the tree
	dir       string
	test      bool
	generated bool
	text      []byte
	fset      *token.FileSet
	syntax    *ast.File
}

// line is the line on which a node begins.
func (s *source) line(p token.Pos) int { return s.fset.Position(p).Line }

// imports are the paths the file imports.
func (s *source) imports() []string {
	var list []string
	for _, spec := range s.syntax.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			list = append(list, p)
		}
	}
	return list
}

// said are the file's comments and texts, with where they begin.
func (s *source) said() map[token.Pos]string {
	said := map[token.Pos]string{}
	for _, group := range s.syntax.Comments {
		for _, c := range group.List {
			said[c.Pos()] = c.Text
		}
	}
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
			said[text.Pos()] = text.Value
		}
		return true
	})
	return said
}

// tree is what the rules look at.
type tree struct {
	top     []string // names at the top
	sources []*source
	texts   map[string][]byte // every file of text that is not Go, by name
}

// notOurs are directories that are made by tools and runs.
var notOurs = []string{".git", "bin", "out", "testdata"}

// textFiles are the endings of files that people read, besides Go.
var textFiles = []string{".md", ".toml", ".yaml", ".sh", ".txt", "Makefile", "run", "deps", ".service", ".conf"}

func readTree(fsys fs.FS) (*tree, error) {
	t := &tree{texts: map[string][]byte{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != "." && !strings.Contains(name, "/") {
			t.top = append(t.top, name)
		}
		if d.IsDir() {
			if slices.Contains(notOurs, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		return t.readFile(fsys, name)
	})
	return t, err
}

func (t *tree) readFile(fsys fs.FS, name string) error {
	isGo := strings.HasSuffix(name, ".go")
	isText := slices.ContainsFunc(textFiles, func(end string) bool { return strings.HasSuffix(name, end) })
	if !isGo && !isText {
		return nil
	}
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if !isGo {
		t.texts[name] = text
		return nil
	}
	s := &source{name: name, dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), text: text, fset: token.NewFileSet()}
	if s.syntax, err = parser.ParseFile(s.fset, name, text, parser.ParseComments); err != nil {
		return err
	}
	s.generated = ast.IsGenerated(s.syntax)
	t.sources = append(t.sources, s)
	return nil
}

// within says that dir is root or below it.
func within(dir, root string) bool { return dir == root || strings.HasPrefix(dir, root+"/") }

// withinAny says that dir is one of roots or below one.
func withinAny(dir string, roots []string) bool {
	return slices.ContainsFunc(roots, func(root string) bool { return within(dir, root) })
}

// ring is a directory and what it may import of this module. Tests may import more: they put rings together.
type ring struct {
	dir string
	may []string
	why string
}

// rings, most specific first.
var rings = []ring{
	{"devices", []string{"devices"}, "drivers know nothing of citizens, forms or screens, so that a driver can be tried with motcuactl alone"},
	{"kiosk/station", []string{"kiosk", "devices", "assets"}, "the bridge knows the core and the drivers, and never the screen"},
	{"kiosk", []string{"kiosk", "assets"}, "only kiosk/station may import devices: the core is tested without any, and a driver's words stay out of it"},
	{"ui", []string{"ui", "assets", "kiosk/session", "kiosk/health", "kiosk/form", "kiosk/fault", "kiosk/identity", "kiosk/text",
		"kiosk/board", "kiosk/desk", "kiosk/filing"}, // the officer's Snapshot, and the words of decisions and statuses in it
		"a screen renders a Snapshot and sends an Intent; what it cannot import it cannot decide or keep"},
	{"assets", nil, "assets are data: only what embeds them"},
	{"cmd", []string{"cmd", "kiosk", "devices", "ui", "assets"}, "wiring may import everything but what is no ring"},
}

// bridge is the one part of kiosk that kiosk's own core must not import: it would bring the drivers in by the back door.
const bridge = module + "/kiosk/station"

func checkRings(t *tree) (found []string) {
	for _, s := range t.sources {
		i := slices.IndexFunc(rings, func(r ring) bool { return within(s.dir, r.dir) })
		if i < 0 || s.test {
			continue
		}
		for _, p := range s.imports() {
			ours, ok := strings.CutPrefix(p, module+"/")
			core := rings[i].dir == "kiosk" && s.dir != "kiosk" // kiosk itself, which opens the station, may
			if ok && (!withinAny(ours, rings[i].may) || core && within(p, bridge)) {
				found = append(found, fmt.Sprintf("%s: %s must not import %s: %s", s.name, rings[i].dir, p, rings[i].why))
			}
		}
	}
	return found
}

// fence keeps an import inside some directories, in tests too.
type fence struct {
	imports string
	inside  []string
	why     string
}

var fences = []fence{
	{"fyne.io/fyne/v2/app", []string{"cmd/motcua"}, "it brings OpenGL and C into every test that touches it"},
	{"fyne.io", []string{"ui", "cmd"}, "the core and the drivers run without a display"},
	{"C", []string{"cmd", "devices/scan/camera", "devices/sound"}, "CGO_ENABLED=0 go test ./kiosk/... ./ui/... is the inner loop"},
}

func checkFences(t *tree) (found []string) {
	for _, s := range t.sources {
		for _, p := range s.imports() {
			for _, f := range fences {
				if within(p, f.imports) && !withinAny(s.dir, f.inside) {
					found = append(found, fmt.Sprintf("%s: imports %q, which only %s may: %s", s.name, p, strings.Join(f.inside, ", "), f.why))
				}
			}
		}
	}
	return found
}

func checkTesting(t *tree) (found []string) {
	for _, s := range t.sources {
		if s.test || strings.HasSuffix(path.Base(s.dir), "test") {
			continue
		}
		for _, p := range s.imports() {
			if within(p, "testing") {
				found = append(found, fmt.Sprintf("%s: imports %q: it would put test flags into the kiosk; only packages named …test may", s.name, p))
			}
		}
	}
	return found
}

func checkPackageComments(t *tree) (found []string) {
	has := map[string]bool{}
	for _, s := range t.sources {
		if !s.test {
			has[s.dir] = has[s.dir] || strings.TrimSpace(s.syntax.Doc.Text()) != ""
		}
	}
	for dir, ok := range has {
		if !ok {
			found = append(found, dir+": no package comment: say what it is for, what to use first, and why it is as it is")
		}
	}
	slices.Sort(found)
	return found
}

func checkSizes(t *tree) (found []string) {
	for _, s := range t.sources {
		if s.test || s.generated {
			continue
		}
		if n := bytes.Count(s.text, []byte("\n")); n > maxFileLines {
			found = append(found, fmt.Sprintf("%s: %d lines, at most %d: one topic a file", s.name, n, maxFileLines))
		}
		for _, d := range s.syntax.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := s.line(f.End()) - s.line(f.Pos()) + 1; n > maxFunctionLines {
				found = append(found, fmt.Sprintf("%s:%d: %s has %d lines, at most %d: one thought a function",
					s.name, s.line(f.Pos()), f.Name.Name, n, maxFunctionLines))
			}
		}
	}
	return found
}

// topLevel is what may stand at the top, besides dotfiles.
var topLevel = []string{
	"cmd", "kiosk", "devices", "ui", "assets", "packaging", "README.md", "go.mod", "go.sum", "Makefile", "LICENSE",
	"staticcheck.conf", "bin", "out",
}

func checkTop(t *tree) (found []string) {
	for _, name := range t.top {
		if !strings.HasPrefix(name, ".") && !slices.Contains(topLevel, name) {
			found = append(found, name+": the top level is fixed: a new thing belongs into one of "+strings.Join(topLevel[:6], ", "))
		}
	}
	return found
}

var (
	unfinished = regexp.MustCompile(`(?i)\b(todo|fixme|not implemented|placeholder|stub(bed)?)\b`)
	// machinePath is a directory of the machine on which something was written, which no other machine has.
	machinePath = regexp.MustCompile(`(^|[^\w.~-])/(work|farm|root)/`)
)

// checkWords reads what the program says and what is said about it: comments and texts, not names.
func checkWords(t *tree) (found []string) {
	report := func(where, what string) {
		if what != "" {
			found = append(found, fmt.Sprintf("%s: %q: nothing unfinished is called done, and no file knows the machine it was written on", where, what))
		}
	}
	for name, text := range t.texts {
		report(name, machinePath.FindString(string(text)))
	}
	for _, s := range t.sources {
		if s.test {
			continue
		}
		for at, said := range s.said() {
			where := fmt.Sprintf("%s:%d", s.name, s.line(at))
			report(where, unfinished.FindString(said))
			report(where, machinePath.FindString(said))
		}
	}
	slices.Sort(found)
	return found
}

// goFile is a file for a tree in memory.
func goFile(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

const clean = "// Package p is one.\npackage p\n"

// rules are all there are: the check, and trees that each break it once.
var rules = []struct {
	name   string
	check  func(*tree) []string
	broken []fstest.MapFS
}{
	{"rings", checkRings, []fstest.MapFS{
		{"devices/card/a.go": goFile(clean + `import _ "motcua/kiosk/fault"`)},
		{"devices/card/a.go": goFile(clean + `import _ "motcua/ui/parts"`)},
		{"kiosk/session/a.go": goFile(clean + `import _ "motcua/devices/scan"`)},
		{"kiosk/session/a.go": goFile(clean + `import _ "motcua/kiosk/station"`)},
		{"kiosk/kiosk.go": goFile(clean + `import _ "motcua/devices/scan"`)},
		{"kiosk/station/a.go": goFile(clean + `import _ "motcua/ui"`)},
		{"ui/citizen/a.go": goFile(clean + `import _ "motcua/kiosk/store"`)},
		{"ui/citizen/a.go": goFile(clean + `import _ "motcua/devices/card"`)},
		{"assets/embed.go": goFile(clean + `import _ "motcua/kiosk/fault"`)},
		{"kiosk/fault/a.go": goFile(clean + `import _ "motcua/cmd/internal/walk"`)},
	}},
	{"fences", checkFences, []fstest.MapFS{
		{"kiosk/session/a.go": goFile(clean + `import _ "fyne.io/fyne/v2"`)},
		{"devices/print/a_test.go": goFile(clean + `import _ "fyne.io/fyne/v2/test"`)},
		{"ui/a.go": goFile(clean + `import _ "fyne.io/fyne/v2/app"`)},
		{"ui/a_test.go": goFile(clean + `import _ "fyne.io/fyne/v2/app"`)},
		{"cmd/motcuactl/main.go": goFile(clean + `import _ "fyne.io/fyne/v2/app"`)},
		{"devices/card/pcsc/a.go": goFile(clean + `import "C"`)},
	}},
	{"testing", checkTesting, []fstest.MapFS{
		{"kiosk/store/a.go": goFile(clean + `import _ "testing"`)},
		{"kiosk/store/a.go": goFile(clean + `import _ "testing/fstest"`)},
	}},
	{"package comments", checkPackageComments, []fstest.MapFS{
		{"kiosk/store/a.go": goFile("package store\n"), "kiosk/store/a_test.go": goFile(clean)},
		{"kiosk/store/a.go": goFile("// not the package's\n\npackage store\n")},
	}},
	{"sizes", checkSizes, []fstest.MapFS{
		{"ui/a.go": goFile(clean + strings.Repeat("\n", maxFileLines))},
		{"ui/a.go": goFile(clean + "func f() {\n" + strings.Repeat("\n", maxFunctionLines) + "}\n")},
	}},
	{"top", checkTop, []fstest.MapFS{
		{"docs/x.md": goFile("")},
		{"main.go": goFile(clean)},
	}},
	{"words", checkWords, []fstest.MapFS{
		{"ui/a.go": goFile(clean + "// TO" + "DO: later\n")},
		{"ui/a.go": goFile(clean + "var x = \"not implem" + "ented\"\n")},
		{"ui/a.go": goFile(clean + "var x = \"/wo" + "rk/x\"\n")},
		{"packaging/a.sh": goFile("cd /wo" + "rk/x\n")},
		{"README.md": goFile("see /ro" + "ot/x\n")},
	}},
}

// allowed is a tree that stretches every rule and breaks none.
var allowed = fstest.MapFS{
	"go.mod":                     goFile(""),
	".ci/run":                    goFile("make test\n"),
	"bin/a.go":                   goFile("not Go at all"),
	"README.md":                  goFile("see packaging/ and ../shared/work/x\n"),
	"cmd/motcua/main.go":         goFile(clean + "import (\n_ \"fyne.io/fyne/v2/app\"\n_ \"motcua/kiosk/station\"\n_ \"motcua/ui\"\n)\n"),
	"kiosk/kiosk.go":             goFile(clean + `import _ "motcua/kiosk/station"`),
	"kiosk/station/a.go":         goFile(clean + `import _ "motcua/devices/scan"`),
	"kiosk/session/a.go":         goFile(clean + `import _ "motcua/kiosk/form"`),
	"kiosk/session/a_test.go":    goFile(clean + "import (\n_ \"motcua/devices/scan\"\n_ \"testing\"\n)\n// TO" + "DO in a test\n"),
	"kiosk/store/storetest/a.go": goFile(clean + `import _ "testing"`),
	"ui/parts/a.go":              goFile(clean + "import (\n_ \"fyne.io/fyne/v2/widget\"\n_ \"motcua/kiosk/session\"\n)\nvar Placeholder_ = 1\n"),
	"ui/parts/b.go":              goFile("package p\n\nfunc f() {\n" + strings.Repeat("\n", maxFunctionLines-2) + "}\n"),
	"devices/sound/a.go":         goFile(clean + `import "C"`),
	"ui/text_test.go":            goFile("package ui_test\n" + strings.Repeat("\n", maxFileLines+1)),
}

// TestTree holds the rules over the real tree.
func TestTree(t *testing.T) {
	tree, err := readTree(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(tree.top, "go.mod") || len(tree.sources) == 0 {
		t.Fatalf("this is not the top of the tree: %v", tree.top)
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			for _, found := range r.check(tree) {
				t.Error(found)
			}
		})
	}
}

// TestRulesBite holds that each rule catches what breaks it and passes what does not.
func TestRulesBite(t *testing.T) {
	fine, err := readTree(allowed)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			if found := r.check(fine); len(found) > 0 {
				t.Errorf("finds fault with what is allowed: %v", found)
			}
			for i, broken := range r.broken {
				tree, err := readTree(broken)
				if err != nil {
					t.Fatal(err)
				}
				if found := r.check(tree); len(found) != 1 {
					t.Errorf("tree %d breaks the rule once, found: %v", i, found)
				}
			}
		})
	}
}

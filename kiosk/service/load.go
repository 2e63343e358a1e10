package service

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Where the catalogue and what it names lie, in assets.FS.
const (
	dir      = "services"
	pictures = "pictures"
	icons    = "icons"
)

// Mistake is something wrong in a file of the catalogue.
type Mistake struct {
	File string
	Line int // 0 if it is about the file as a whole
	Text string
}

// Error is file:line: text.
func (m Mistake) Error() string {
	if m.Line == 0 {
		return m.File + ": " + m.Text
	}
	return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Text)
}

// Load reads services/*.yaml of fsys (assets.FS, or a directory of the same shape) and checks them against pictures/
// and icons/ beside them. The error joins every Mistake of every file.
func Load(fsys fs.FS) (*Catalogue, error) {
	names, err := fs.Glob(fsys, dir+"/*.yaml")
	if err != nil || len(names) == 0 {
		return nil, errors.Join(fmt.Errorf("service: no %s/*.yaml", dir), err)
	}
	c := &Catalogue{}
	var mistakes []error
	for _, name := range names {
		s, wrong := loadFile(fsys, name)
		for _, m := range wrong {
			mistakes = append(mistakes, m)
		}
		c.services = append(c.services, s)
	}
	if len(mistakes) == 0 {
		mistakes = c.overlaps()
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	c.sort()
	return c, nil
}

// overlaps finds two definitions of a service that are in force on the same day.
func (c *Catalogue) overlaps() []error {
	var mistakes []error
	for i, a := range c.services {
		for _, b := range c.services[:i] {
			if a.ID == b.ID && (a.InForce(b.Version) || b.InForce(a.Version)) {
				mistakes = append(mistakes, Mistake{dir, 0, fmt.Sprintf("service %q has two definitions in force at once", a.ID)})
			}
		}
	}
	return mistakes
}

func loadFile(fsys fs.FS, name string) (*Service, []Mistake) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, []Mistake{{name, 0, err.Error()}}
	}
	s, mistakes := parse(name, data)
	if s == nil || len(mistakes) > 0 {
		return s, mistakes
	}
	f, err := newFile(name, data)
	if err != nil {
		return s, []Mistake{{name, 0, err.Error()}}
	}
	f.check(s, shelf(fsys, pictures), shelf(fsys, icons))
	return s, f.mistakes
}

// parse decodes one file; nil if that is not possible. Unknown keys are all listed, not only the first.
func parse(name string, data []byte) (*Service, []Mistake) {
	f, err := newFile(name, data)
	if err != nil {
		return nil, []Mistake{f.syntax(err)}
	}
	f.unknown(f.root, reflect.TypeFor[Service](), "")
	if f.fancy {
		return nil, f.mistakes
	}
	s := &Service{}
	if err := yaml.UnmarshalWithOptions(data, s); err != nil {
		f.mistakes = append(f.mistakes, f.syntax(err))
	}
	return s, f.mistakes
}

// file is a parsed file: it knows on which line each path is.
type file struct {
	name     string
	root     ast.Node
	lines    map[string]int
	fancy    bool // has what no file here needs
	mistakes []Mistake
}

func newFile(name string, data []byte) (*file, error) {
	f := &file{name: name, lines: map[string]int{}}
	parsed, err := parser.ParseBytes(data, 0)
	if err != nil {
		return f, err
	}
	if len(parsed.Docs) != 1 || parsed.Docs[0].Body == nil {
		return f, errors.New("one document is expected")
	}
	f.root = parsed.Docs[0].Body
	f.index(f.root, "")
	return f, nil
}

// syntax is an error of the decoder as a Mistake with its line.
func (f *file) syntax(err error) Mistake {
	var y yaml.Error
	if !errors.As(err, &y) {
		return Mistake{f.name, 0, err.Error()}
	}
	line := 0
	if tok := y.GetToken(); tok != nil {
		line = tok.Position.Line
	}
	return Mistake{f.name, line, y.GetMessage()}
}

// index notes the line of every path: form.fields[3].choices. It refuses what makes YAML hard to read, which nobody
// needs here; the decoder (goccy/go-yaml v1.19.2) also panics at a tag without a value.
func (f *file) index(node ast.Node, at string) {
	if tok := node.GetToken(); tok != nil {
		f.note(at, tok.Position.Line)
	}
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			f.index(v, at)
		}
	case *ast.MappingValueNode:
		key := join(at, n.Key.GetToken().Value)
		f.note(at, n.Key.GetToken().Position.Line)
		f.note(key, n.Key.GetToken().Position.Line)
		f.index(n.Value, key)
	case *ast.SequenceNode:
		for i, v := range n.Values {
			f.index(v, fmt.Sprintf("%s[%d]", at, i))
		}
	case *ast.TagNode, *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		f.fancy = true
		f.want(false, at, "tags, anchors and references are not for these files")
	}
}

func (f *file) note(at string, line int) {
	if _, ok := f.lines[at]; !ok {
		f.lines[at] = line
	}
}

// line is that of the path, or of the nearest one around it that the file has.
func (f *file) line(at string) int {
	for at != "" {
		if n, ok := f.lines[at]; ok {
			return n
		}
		at = at[:max(0, strings.LastIndexAny(at, ".["))]
	}
	return f.lines[""]
}

// unknown lists the keys of a mapping that the type has no field for, and goes on below the others.
func (f *file) unknown(node ast.Node, t reflect.Type, at string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			f.unknown(v, t, at)
		}
	case *ast.SequenceNode:
		if t.Kind() == reflect.Slice {
			for i, v := range n.Values {
				f.unknown(v, t.Elem(), fmt.Sprintf("%s[%d]", at, i))
			}
		}
	case *ast.MappingValueNode:
		f.unknownKey(n, t, at)
	}
}

func (f *file) unknownKey(n *ast.MappingValueNode, t reflect.Type, at string) {
	if t.Kind() != reflect.Struct {
		return
	}
	key := n.Key.GetToken().Value
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("yaml") == key {
			f.unknown(n.Value, t.Field(i).Type, join(at, key))
			return
		}
	}
	f.mistakes = append(f.mistakes, Mistake{f.name, n.Key.GetToken().Position.Line, fmt.Sprintf("no such key: %s", key)})
}

func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

// shelf lists the SVG files of a directory without their ending, in order.
func shelf(fsys fs.FS, name string) []string {
	files, err := fs.Glob(fsys, name+"/*.svg")
	if err != nil {
		return nil
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(path.Base(file), ".svg")
	}
	slices.Sort(files)
	return files
}

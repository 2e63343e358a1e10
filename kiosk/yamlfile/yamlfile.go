// Package yamlfile reads the YAML files that people who are no programmers write, services and papers: a file is
// refused with every mistake it has, each with its line, and not only with the first.
//
// Parse decodes a file into a value and keeps the line of each path in it; File.Want notes what a check finds wrong at
// a path. What makes YAML hard to read (tags, anchors, references) is a mistake.
package yamlfile

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Mistake is something wrong in a file.
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

// File is a parsed file: it knows on which line each path ("form.fields[3].choices") is.
type File struct {
	Name     string
	Mistakes []Mistake

	root  ast.Node
	lines map[string]int
	fancy bool // has what no file here needs
}

// Parse decodes data into the struct that into points to. Mistakes of the answer has what is wrong, unknown keys all
// of them; into is of use only if there are none. Only fields with a yaml tag count.
func Parse(name string, data []byte, into any) *File {
	f := &File{Name: name, lines: map[string]int{}}
	parsed, err := parser.ParseBytes(data, 0)
	if err == nil && (len(parsed.Docs) != 1 || parsed.Docs[0].Body == nil) {
		err = errors.New("one document is expected")
	}
	if err != nil {
		f.Mistakes = append(f.Mistakes, f.syntax(err))
		return f
	}
	f.root = parsed.Docs[0].Body
	f.index(f.root, "")
	f.unknown(f.root, reflect.TypeOf(into), "")
	if f.fancy {
		return f
	}
	if err := yaml.UnmarshalWithOptions(data, into); err != nil {
		f.Mistakes = append(f.Mistakes, f.syntax(err))
	}
	return f
}

// Want notes a mistake at the path unless ok.
func (f *File) Want(ok bool, at, format string, args ...any) {
	if !ok {
		f.Mistakes = append(f.Mistakes, Mistake{f.Name, f.line(at), fmt.Sprintf(format, args...)})
	}
}

// syntax is an error of the decoder as a Mistake with its line.
func (f *File) syntax(err error) Mistake {
	var y yaml.Error
	if !errors.As(err, &y) {
		return Mistake{f.Name, 0, err.Error()}
	}
	line := 0
	if tok := y.GetToken(); tok != nil {
		line = tok.Position.Line
	}
	return Mistake{f.Name, line, y.GetMessage()}
}

// index notes the line of every path: form.fields[3].choices. It refuses what makes YAML hard to read, which nobody
// needs here; the decoder (goccy/go-yaml v1.19.2) also panics at a tag without a value.
func (f *File) index(node ast.Node, at string) {
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
		f.Want(false, at, "tags, anchors and references are not for these files")
	}
}

func (f *File) note(at string, line int) {
	if _, ok := f.lines[at]; !ok {
		f.lines[at] = line
	}
}

// line is that of the path, or of the nearest one around it that the file has.
func (f *File) line(at string) int {
	for at != "" {
		if n, ok := f.lines[at]; ok {
			return n
		}
		at = at[:max(0, strings.LastIndexAny(at, ".["))]
	}
	return f.lines[""]
}

// unknown lists the keys of a mapping that the type has no field for, and goes on below the others.
func (f *File) unknown(node ast.Node, t reflect.Type, at string) {
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

func (f *File) unknownKey(n *ast.MappingValueNode, t reflect.Type, at string) {
	if t.Kind() == reflect.Map {
		f.unknown(n.Value, t.Elem(), join(at, n.Key.GetToken().Value))
		return
	}
	if t.Kind() != reflect.Struct {
		return
	}
	key := n.Key.GetToken().Value
	if field, ok := named(t, key); ok {
		f.unknown(n.Value, field, join(at, key))
		return
	}
	f.Mistakes = append(f.Mistakes, Mistake{f.Name, n.Key.GetToken().Position.Line, fmt.Sprintf("no such key: %s", key)})
}

// named finds the type of the field with the key, also in structs that are part of t.
func named(t reflect.Type, key string) (reflect.Type, bool) {
	for i := range t.NumField() {
		field := t.Field(i)
		if tag := field.Tag.Get("yaml"); tag == key {
			return field.Type, true
		} else if tag == ",inline" {
			if inner, ok := named(field.Type, key); ok {
				return inner, true
			}
		}
	}
	return nil, false
}

func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

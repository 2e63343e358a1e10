package health

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Report is the board: every part once, in a fixed order.
type Report struct {
	Items []Item
}

// OK says that nothing failed. What is absent does not count.
func (r Report) OK() bool {
	return !slices.ContainsFunc(r.Items, func(i Item) bool { return i.State == Failed })
}

// Exit is the exit status for the report: 0 when nothing failed, else that of the first failed item's code, so that
// a script learns the kind of failure without reading text.
func (r Report) Exit() int {
	for _, item := range r.Items {
		if item.State == Failed {
			return item.Code.Exit()
		}
	}
	return 0
}

// MarshalJSON gives the stable form:
//
//	{"ok":bool,"exit":n,"items":[{"name":"…","state":"present|absent|failed","because":"…","code":"…","detail":{"…":"…"},"ms":n}]}
//
// because stands with absent and failed items, and with present ones that have something to say; code stands with
// failed items only and is one of kiosk/fault's; detail may be missing. New fields may come, none of these goes.
func (r Report) MarshalJSON() ([]byte, error) {
	items := r.Items
	if items == nil {
		items = []Item{}
	}
	return json.Marshal(struct {
		OK    bool   `json:"ok"`
		Exit  int    `json:"exit"`
		Items []Item `json:"items"`
	}{r.OK(), r.Exit(), items})
}

// WriteText writes the board for people: a line for each part, its details indented below in the order of their names.
//
//	present  store
//	           free  81 GB
//	absent   scanner  because no serial port is attached
//	failed   reader   because pcscd does not answer (reader-gone)
func (r Report) WriteText(w io.Writer) error {
	width := 0
	for _, item := range r.Items {
		width = max(width, utf8.RuneCountInString(item.Name))
	}
	var b strings.Builder
	for _, item := range r.Items {
		item.writeText(&b, width)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// detailIndent puts details below the names.
const detailIndent = "           "

func (i Item) writeText(b *strings.Builder, width int) {
	line := fmt.Sprintf("%-7s  %s", i.State, pad(i.Name, width))
	if i.Because != "" {
		line += "  because " + oneLine(i.Because)
	}
	if i.Code != "" {
		line += " (" + string(i.Code) + ")"
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n")
	names := make([]string, 0, len(i.Detail))
	keyWidth := 0
	for name := range i.Detail {
		names = append(names, name)
		keyWidth = max(keyWidth, utf8.RuneCountInString(name))
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString(detailIndent + pad(name, keyWidth) + "  " + oneLine(i.Detail[name]) + "\n")
	}
}

// pad fills s with spaces to a width in characters.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

// oneLine keeps a text of several lines, such as a list of problems, from breaking the table.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}

package paper

import (
	"fmt"
	"path"
	"strings"

	"motcua/kiosk/yamlfile"
)

// checker holds a layout against itself and gathers its keys.
type checker struct {
	*yamlfile.File
	keys  *keySet
	faces *faces
}

// Limits of a layout. They keep a slip of the finger from a page of nothing.
const (
	maxBlocks  = 500
	maxColumns = 14
	maxBoxes   = 24
	maxLines   = 30
	minSize    = 6
	maxSize    = 24
)

func (c *checker) layout(l *Layout) {
	base := strings.TrimSuffix(path.Base(c.Name), ".yaml")
	c.Want(l.ID != "" && (l.ID == base || strings.HasPrefix(base, l.ID+"@")), "id",
		"the file of form %q is called %[1]s.yaml, or %[1]s@DATE.yaml", l.ID)
	c.Want(l.Title != "" && l.Issued != "", "", "title and issued are both needed")
	c.Want(!l.Version.IsZero(), "version", "a form needs the date from which it is in force")
	c.Want(l.Until.IsZero() || l.Version.Before(l.Until), "until", "it ends before it begins")
	if l.Size == 0 {
		l.Size = 13
	}
	c.size(l.Size, "size")
	for i, doubt := range l.Doubts {
		c.Want(strings.TrimSpace(doubt) != "", fmt.Sprintf("doubts[%d]", i), "a doubt is a sentence")
	}
	c.Want(len(l.Blocks) > 0 && len(l.Blocks) <= maxBlocks, "blocks", "%d blocks: 1 to %d are needed", len(l.Blocks), maxBlocks)
	for i := range l.Blocks {
		c.block(&l.Blocks[i], fmt.Sprintf("blocks[%d]", i))
	}
}

func (c *checker) size(points float64, at string) {
	c.Want(points == 0 || points >= minSize && points <= maxSize, at, "type is %d to %d points", minSize, maxSize)
}

func (c *checker) within(n, most float64, at string) {
	c.Want(n >= 0 && n <= most, at, "0 to %v is possible", most)
}

// block checks the one kind that a block has.
func (c *checker) block(b *Block, at string) {
	kinds := 0
	for kind, is := range map[string]bool{
		"nation": b.Nation != nil, "text": b.Text != nil, "line": len(b.Line) > 0, "checks": b.Checks != nil,
		"table": b.Table != nil, "bars": b.Bars != nil, "signs": len(b.Signs) > 0, "photo": b.Photo != nil, "notes": b.Notes != nil,
		"rule": b.Rule != 0, "space": b.Space != 0, "page": b.Page,
	} {
		if is {
			kinds++
			c.kind(kind, b, at+"."+kind)
		}
	}
	c.Want(kinds == 1, at, "a block has one kind, this has %d", kinds)
}

func (c *checker) kind(kind string, b *Block, at string) {
	switch kind {
	case "nation":
		for _, s := range b.Nation.Left {
			c.text(s, 0, at)
		}
	case "text":
		c.text(b.Text.Text, 0, at)
		c.Want(b.Text.Text != "", at, "a text is needed")
		c.align(b.Text.Align, at)
		c.size(b.Text.Size, at)
		c.within(b.Text.Indent, 60, at)
	case "line":
		c.cells(b.Line, at)
	case "checks":
		c.checks(b.Checks, at)
	case "table":
		c.table(b.Table, at)
	case "bars":
		c.bars(b.Bars, at)
	case "signs":
		c.signs(b.Signs, at)
	case "photo":
		c.keys.photo = true
		c.Want(b.Photo.Width >= 10 && b.Photo.Width <= 100 && b.Photo.Height >= 10 && b.Photo.Height <= 130, at, "a photo is 10 to 100 mm wide, 10 to 130 mm high")
		c.text(b.Photo.Caption, italic, at)
	case "notes":
		c.text(b.Notes.Title, 0, at)
		c.Want(len(b.Notes.Items) > 0, at, "notes need items")
		for i, s := range b.Notes.Items {
			c.text(s, 0, fmt.Sprintf("%s.items[%d]", at, i))
		}
	case "rule":
		c.within(b.Rule, 150, at)
	case "space":
		c.within(b.Space, 150, at)
	}
}

func (c *checker) align(align, at string) {
	_, ok := aligns[align]
	c.Want(ok, at, "align is left, centre or right, not %q", align)
}

// text checks a text's marks, keys and letters.
func (c *checker) text(s string, s0 style, at string) {
	spans, err := parseText(s)
	if err != nil {
		c.Want(false, at, "%v", err)
		return
	}
	for _, sp := range spans {
		c.Want(c.faces.has(sp.style|s0, clean(sp.text)), at, "the typeface lacks a letter of %q", sp.text)
		if sp.value.key != "" {
			c.keys.text[sp.value.key] = true
		}
	}
}

// key notes a value's key; an empty one is a place that is always filled by hand.
func (c *checker) key(s string, keys map[string]bool, at string) {
	if s == "" {
		return
	}
	v, err := parseValue(s)
	if err != nil {
		c.Want(false, at, "%q: %v", s, err)
		return
	}
	keys[v.key] = true
}

func (c *checker) cells(cells []Cell, at string) {
	c.Want(len(cells) <= maxColumns, at, "%d cells side by side: %d are possible", len(cells), maxColumns)
	for i, cell := range cells {
		at := fmt.Sprintf("%s[%d]", at, i)
		c.text(cell.Label, 0, at)
		c.text(cell.Tail, 0, at)
		c.key(cell.Key, c.keys.text, at)
		c.within(cell.Weight, 100, at)
		c.within(float64(cell.Boxes), maxBoxes, at)
		c.within(float64(cell.Lines), maxLines, at)
		c.Want(cell.Boxes == 0 || cell.Lines == 0 && cell.Tail == "", at, "boxes go without lines and tail")
	}
}

func (c *checker) checks(b *Checks, at string) {
	c.text(b.Label, 0, at)
	c.within(float64(b.Columns), maxColumns, at)
	c.Want(len(b.Items) > 0, at, "a choice needs items")
	for i, item := range b.Items {
		at := fmt.Sprintf("%s.items[%d]", at, i)
		c.Want(keyForm.MatchString(item.Key), at, "%v", errKey)
		c.Want(!c.keys.checks[item.Key], at, "%q is ticked twice", item.Key)
		c.keys.checks[item.Key] = true
		c.text(item.Label, 0, at)
	}
}

func (c *checker) table(b *Table, at string) {
	c.Want(keyForm.MatchString(b.Rows), at+".rows", "%v", errKey)
	c.Want(c.keys.rows[b.Rows] == nil, at+".rows", "%q is printed twice", b.Rows)
	c.within(float64(b.Empty), 60, at+".empty")
	c.size(b.Size, at+".size")
	c.Want(len(b.Columns) > 0 && len(b.Columns) <= maxColumns, at+".columns", "1 to %d columns are needed", maxColumns)
	row := map[string]bool{}
	for i, column := range b.Columns {
		at := fmt.Sprintf("%s.columns[%d]", at, i)
		c.text(column.Title, bold, at)
		c.key(column.Key, row, at)
		c.Want(!column.Number || column.Key == "", at, "a column of numbers has no key")
		c.align(column.Align, at)
		c.within(column.Weight, 100, at)
	}
	c.keys.rows[b.Rows] = row
}

func (c *checker) bars(b *Bars, at string) {
	c.Want(keyForm.MatchString(b.Rows), at+".rows", "%v", errKey)
	c.Want(c.keys.rows[b.Rows] == nil, at+".rows", "%q is printed twice", b.Rows)
	c.size(b.Size, at+".size")
	c.Want(len(b.Values) > 0 && len(b.Values) <= maxBars, at+".values", "1 to %d bars are needed in a row", maxBars)
	row := map[string]bool{}
	c.Want(keyForm.MatchString(b.Label), at+".label", "%v", errKey)
	row[b.Label] = true
	for i, v := range b.Values {
		at := fmt.Sprintf("%s.values[%d]", at, i)
		c.text(v.Title, 0, at)
		c.Want(v.Title != "", at, "a bar needs a title")
		c.Want(keyForm.MatchString(v.Key), at, "%v", errKey)
		row[v.Key] = true
	}
	c.keys.rows[b.Rows] = row
}

func (c *checker) signs(signs []Sign, at string) {
	c.Want(len(signs) <= 4, at, "%d signatures side by side: 4 are possible", len(signs))
	for i, s := range signs {
		at := fmt.Sprintf("%s[%d]", at, i)
		for _, key := range []string{s.Place, s.Date, s.Name} {
			c.key(key, c.keys.text, at)
		}
		c.text(s.Title, bold, at)
		c.text(s.Note, italic, at)
		c.within(s.Space, 80, at)
		c.cells(s.Lines, at+".lines")
	}
}

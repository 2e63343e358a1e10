package keyboard

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"motcua/ui/parts"
)

// key is one key and its place on the grid of its layout, in columns and rows.
type key struct {
	id             string
	letter         rune
	tone           int // which of tones; -1 if it is none
	marked         bool
	large          bool // a digit of the number keyboard
	col, row, w, h float32
}

// face is what stands on a letter's key.
func (k key) face(upper bool) string {
	if upper {
		return string(unicode.ToUpper(k.letter))
	}
	return string(k.letter)
}

// layout is a keyboard: its place on the page and its keys.
type layout struct {
	x, y, cellW, cellH float32
	keys               []key
}

// gap is between keys.
const gap = 12

// area is the place of a key.
func (l layout) area(k key) parts.Rect {
	stepX, stepY := l.cellW+gap, l.cellH+gap
	return parts.Rect{X: l.x + k.col*stepX, Y: l.y + k.row*stepY, W: k.w*stepX - gap, H: k.h*stepY - gap}
}

// row puts keys side by side from a column. Each word of spec is a key: a letter, or a name with an optional width
// after a colon ("delete:2"); "_" leaves a column empty.
func row(at, col float32, spec string) []key {
	var keys []key
	for _, word := range strings.Fields(spec) {
		name, width := word, float32(1)
		if i := strings.LastIndexByte(word, ':'); i > 0 {
			name = word[:i]
			width = parseWidth(word[i+1:])
		}
		if name != "_" {
			k := named(name)
			k.col, k.row, k.w, k.h = col, at, width, 1
			keys = append(keys, k)
		}
		col += width
	}
	return keys
}

// parseWidth reads "2" and "1.5".
func parseWidth(s string) float32 {
	whole, half, _ := strings.Cut(s, ".")
	w := float32(whole[0] - '0')
	if half != "" {
		w += float32(half[0]-'0') / 10
	}
	return w
}

func named(name string) key {
	id := prefix + name
	for i, t := range tones {
		if t.id == id {
			return key{id: id, tone: i}
		}
	}
	k := key{id: id, tone: -1}
	if r, size := utf8.DecodeRuneInString(name); size == len(name) {
		k.letter, k.marked = r, strings.ContainsRune("ăâđêôơư", r)
	}
	return k
}

// tall makes keys higher, and their digits larger.
func tall(rows float32, keys []key) []key {
	for i := range keys {
		keys[i].h = rows
		keys[i].large = keys[i].letter != 0
	}
	return keys
}

func join(rows ...[]key) []key {
	var keys []key
	for _, r := range rows {
		keys = append(keys, r...)
	}
	return keys
}

// The layouts: 12 columns below the fields of a wide page, 10 on an upright one.
var (
	letters = layout{64, 480, 138.33, 101, join(
		row(0, 0, "ă â đ ê ô ơ ư sac huyen hoi nga nang"),
		row(1, 0, "q w e r t y u i o p delete:2"),
		row(2, 0, "shift a s d f g h j k l done:2"),
		row(3, 0, "page z x c v b n m - space:3"),
	)}
	numbers = layout{64, 480, 138.33, 101, join(
		tall(2, row(0, 0, "1 2 3 4 5 6 7 8 9 0")), row(1, 10, "delete:2"),
		row(2, 1, "/ , . - ( ) + ’"), row(2, 10, "done:2"),
		row(3, 0, "page"), row(3, 9, "space:3"),
	)}
	digits = layout{366, 480, 288, 101, join(
		tall(1, row(0, 0, "1 2 3")), tall(2, row(0, 3, "delete")),
		tall(1, row(1, 0, "4 5 6")),
		tall(1, row(2, 0, "7 8 9")), tall(2, row(2, 3, "done")),
		tall(1, row(3, 1, "0")),
	)}
	lettersUpright = layout{24, 972, 92, 98, join(
		row(0, 0, "ă â đ ê ô ơ ư delete:3"),
		row(1, 0, "sac:2 huyen:2 hoi:2 nga:2 nang:2"),
		row(2, 0, "q w e r t y u i o p"),
		row(3, 0, "a s d f g h j k l shift"),
		row(4, 0, "page:1.5 z x c v b n m -:1.5"),
		row(5, 0, "space:6 done:4"),
	)}
	numbersUpright = layout{24, 972, 92, 98, join(
		row(0, 7, "delete:3"),
		tall(2, row(1, 0, "1 2 3 4 5 6 7 8 9 0")),
		row(3, 1, "/ , . - ( ) + ’"),
		row(4, 0, "page:1.5"),
		row(5, 0, "space:6 done:4"),
	)}
	digitsUpright = layout{48, 972, 320, 153, join(
		tall(1, row(0, 0, "1 2 3")), tall(1, row(1, 0, "4 5 6")), tall(1, row(2, 0, "7 8 9")),
		tall(1, row(3, 0, "delete 0 done")),
	)}
)

package receipt

import (
	"fmt"
	"image"
	"strings"
	"time"
)

// TestPage words and measures.
const (
	wordTestTitle = "TRANG IN THỬ"
	wordTestGrid  = "Lưới 1 mm, đậm mỗi 1 cm"
	wordTestEdge  = "Hai vạch đứng ở mép phải in đủ nét"

	dotsPerMM  = 8 // 203 dpi
	gridHeight = 20 * dotsPerMM
	edgeHeight = 6 * dotsPerMM
)

// letters is every letter of Vietnamese: the vowels with their five tones, then the rest.
func letters() []string {
	rows := strings.Fields(
		"aàảãáạ ăằẳẵắặ âầẩẫấậ eèẻẽéẹ êềểễếệ iìỉĩíị oòỏõóọ ôồổỗốộ ơờởỡớợ uùủũúụ ưừửữứự yỳỷỹýỵ bcdđghklmn pqrstvx fjwz")
	var out []string
	for _, r := range rows {
		out = append(out, r, strings.ToUpper(r))
	}
	return append(out, "0123456789", "K1-2311-047*().,:/")
}

// TestPage is a slip for the technician: all Vietnamese letters, a grid to see missing dots and uneven feed, the
// edges of the paper, and a QR code holding text. name says which printer this is.
func TestPage(name, text string, at time.Time, width int) (Document, error) {
	if width < MinWidth || width > MaxWidth {
		return Document{}, fmt.Errorf("%w: %d dots", ErrWidth, width)
	}
	face := &typeface{}
	top, bottom := newCanvas(face, width), newCanvas(face, width)
	top.alphabet(clean(name), at)
	bottom.patterns()
	for _, c := range []*canvas{top, bottom} {
		if c.err != nil {
			return Document{}, c.err
		}
	}
	module, err := fitModule(text, top)
	if err != nil {
		return Document{}, err
	}
	return Document{Width: width, Blocks: []Block{
		{Image: top.picture()}, {QR: text, Module: module}, {Feed: dotsPerMM}, {Image: bottom.picture()},
	}}, nil
}

func (c *canvas) alphabet(name string, at time.Time) {
	c.heading(styleTitle, wordTestTitle, 58)
	c.heading(styleFooter, name, 40)
	c.heading(styleFooter, at.Format(dayFormat+" 15:04:05"), 32)
	c.down(20)
	c.rule()
	set := c.setter(styleItem)
	if c.err != nil {
		return
	}
	for _, line := range wrapWords(strings.Join(letters(), " "), c.right()-c.margin, set.width) {
		c.down(44)
		c.line(set, black, line, c.margin, c.y)
	}
	c.down(30)
}

// patterns are dots, not text: they are not scaled.
func (c *canvas) patterns() {
	c.heading(styleFooter, wordTestGrid, 32)
	c.down(16)
	c.grid()
	c.heading(styleFooter, wordTestEdge, 40)
	c.down(16)
	for _, x := range []int{0, c.width - 1} {
		c.fill(image.Rect(x, c.y, x+1, c.y+edgeHeight), black)
	}
	c.y += edgeHeight
}

// grid has a line each millimetre, one dot wide, and a strong one each centimetre.
func (c *canvas) grid() {
	top := c.y
	for x := 0; x < c.width; x += dotsPerMM {
		c.fill(image.Rect(x, top, x+stroke(x), top+gridHeight), black)
	}
	for y := 0; y <= gridHeight; y += dotsPerMM {
		c.fill(image.Rect(0, top+y, c.width, top+y+stroke(y)), black)
	}
	c.y = top + gridHeight + dotsPerMM
}

func stroke(at int) int {
	const cm = 10 * dotsPerMM
	if at%cm == 0 {
		return 3
	}
	return 1
}

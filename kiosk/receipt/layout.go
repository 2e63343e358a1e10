package receipt

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"time"
)

// Measures of the slip, in dots at 576 across (8 dots/mm). Distances down are between baselines, or between a baseline
// and an edge.
const (
	sideMargin = 20
	rule       = 4
	boxLine    = 5
	boxRadius  = 14
	qrModule   = 9
	columnGap  = 180 // from a label's edge to its value's
	listIndent = 42
	inset      = 18 // text in the black box
)

// Ink.
var (
	black = color.Gray{Y: 0}
	white = color.Gray{Y: 0xFF}
)

// Styles of the slip.
var (
	styleParent    = style{weight: medium, size: 27}
	styleOffice    = style{weight: bold, size: 32}
	styleTitle     = style{weight: extrabold, size: 40}
	styleSubtitle  = style{weight: semibold, size: 29}
	styleReprint   = style{weight: extrabold, size: 32}
	styleBoxLabel  = style{weight: semibold, size: 26}
	styleReference = style{weight: extrabold, size: 68, tracking: 1}
	styleCaption   = style{weight: semibold, size: 26}
	styleLabel     = style{weight: medium, size: 25}
	styleValue     = style{weight: bold, size: 29}
	styleItem      = style{weight: semibold, size: 28}
	styleDueLabel  = style{weight: semibold, size: 27}
	styleDue       = style{weight: extrabold, size: 46}
	styleNote      = style{weight: semibold, size: 26}
	styleFooter    = style{weight: medium, size: 23}
)

// Render draws a slip for paper of the given width in dots, MinWidth to MaxWidth.
func Render(s Slip, width int) (Document, error) {
	if width < MinWidth || width > MaxWidth {
		return Document{}, fmt.Errorf("%w: %d dots", ErrWidth, width)
	}
	if err := s.check(); err != nil {
		return Document{}, err
	}
	face := &typeface{}
	if s.number() {
		return s.renderNumber(face, width)
	}
	top, bottom := newCanvas(face, width), newCanvas(face, width)
	s.head(top)
	s.body(bottom)
	for _, c := range []*canvas{top, bottom} {
		if c.err != nil {
			return Document{}, c.err
		}
	}
	module, err := fitModule(s.Full, top)
	if err != nil {
		return Document{}, err
	}
	return Document{Width: width, Blocks: []Block{
		{Image: top.picture()},
		{QR: s.Full, Module: module},
		{Image: bottom.picture()},
	}}, nil
}

// fitModule is the module of the layout, or less if the code would not fit between the margins.
func fitModule(text string, c *canvas) (int, error) {
	code, err := encodeQR(text)
	if err != nil {
		return 0, err
	}
	module := min(int(qrModule*c.scale), (c.right()-c.margin)/code.GetWidth())
	if module < 1 {
		return 0, fmt.Errorf("%w: QR code", ErrLayout)
	}
	return module, nil
}

// head is all above the QR code.
func (s *Slip) head(c *canvas) {
	c.down(11)
	if s.Parent != "" {
		c.heading(styleParent, s.Parent, 37)
		c.down(4)
	}
	c.heading(styleOffice, s.Office, 37)
	c.down(29)
	c.rule()
	c.down(11)
	c.heading(styleTitle, wordTitle, 47)
	c.heading(styleSubtitle, wordSubtitle, 43)
	if s.Reprint > 0 {
		c.heading(styleReprint, fmt.Sprintf(wordReprint, s.Reprint), 44)
	}
	c.down(25)
	c.box(wordNumber, clean(s.Short))
	if s.Ticket > 0 {
		c.down(12)
		c.heading(styleDue, fmt.Sprintf(wordTicket, s.Ticket), 54)
		c.down(14)
	}
	c.down(26)
}

// renderNumber is the slip of a number for the counter.
func (s *Slip) renderNumber(face *typeface, width int) (Document, error) {
	c := newCanvas(face, width)
	c.down(11)
	c.heading(styleOffice, s.Office, 37)
	c.down(29)
	c.rule()
	c.down(30)
	c.box(wordWait, fmt.Sprint(s.Ticket))
	c.down(10)
	c.heading(styleItem, s.Procedure, 40)
	c.heading(styleCaption, s.Place, 37)
	c.down(14)
	c.heading(styleCaption, wordCalled, 37)
	c.down(24)
	c.rule()
	s.footer(c)
	if c.err != nil {
		return Document{}, c.err
	}
	return Document{Width: width, Blocks: []Block{{Image: c.picture()}}}, nil
}

// heading sets text in the middle, wrapped; step is from baseline to baseline.
func (c *canvas) heading(st style, text string, step float64) {
	set := c.setter(st)
	if c.err != nil {
		return
	}
	for _, line := range wrapWords(clean(text), c.right()-c.margin, set.width) {
		c.down(step)
		c.centre(set, line, c.y)
	}
}

// rule is a line across, below y.
func (c *canvas) rule() {
	h := c.px(rule)
	c.fill(image.Rect(c.margin, c.y, c.right(), c.y+h), black)
	c.y += h
}

// box is a number in its box, under a word. It shrinks to fit: it must stand on one line to be read out over a counter.
func (c *canvas) box(word, short string) {
	box := image.Rect(c.margin, c.y, c.right(), c.y+c.px(145))
	c.round(box, c.px(boxRadius), black)
	line := c.px(boxLine)
	c.round(box.Inset(line), c.px(boxRadius)-line, white)
	label, number := c.setter(styleBoxLabel), c.fit(styleReference, short, box.Dx()-2*c.px(inset))
	if c.err != nil {
		return
	}
	c.centre(label, word, c.y+c.px(39))
	c.centre(number, short, c.y+c.px(113))
	c.y = box.Max.Y
}

// fit is a style small enough for text to take no more than max pixels.
func (c *canvas) fit(st style, text string, max int) *setter {
	set := c.setter(st)
	if c.err != nil {
		return nil
	}
	if w := set.width(text); w > max {
		shrink := float64(max) / float64(w) * 0.99 // rounding of each letter
		set = c.exact(style{weight: st.weight, size: set.size * shrink, tracking: set.tracking * shrink})
	}
	return set
}

// body is all below the QR code.
func (s *Slip) body(c *canvas) {
	c.down(3)
	c.heading(styleCaption, wordScan1, 37)
	c.heading(styleCaption, wordScan2, 37)
	c.down(28)
	c.rule()
	c.facts(48, 8, [][2]string{
		{wordApplicant, s.Applicant}, {wordPersonal, s.Number}, {wordProcedure, s.Procedure}, {wordFiled, filedAt(s.Filed)},
	})
	c.list(wordPapers, s.Papers, 1)
	c.list(wordMissing, s.Missing, len(s.Papers)+1)
	c.down(29)
	s.due(c)
	place := wordPlace
	if s.Sent {
		place = wordHandIn
	}
	c.facts(38, 8, [][2]string{
		{wordBring, s.Bring}, {wordFee, s.Fee}, {place, s.Place}, {wordPhone, s.Phone},
	})
	c.down(28)
	c.rule()
	c.paragraph(wordNoOfficial)
	if s.Remark != "" {
		c.paragraph(s.Remark)
	}
	s.footer(c)
}

// facts is labels and values in two columns; empty values are left out. first is from y to the first baseline, gap is
// what separates two facts on top of a value's line.
func (c *canvas) facts(first, gap float64, rows [][2]string) {
	const step = 40
	label, value := c.setter(styleLabel), c.setter(styleValue)
	if c.err != nil {
		return
	}
	x := c.margin + c.px(columnGap)
	next := first
	for _, row := range rows {
		text := clean(row[1])
		if text == "" {
			continue
		}
		c.down(next)
		c.line(label, black, row[0], c.margin, c.y)
		for i, line := range wrap(text, c.right()-x, value.width) {
			if i > 0 {
				c.down(step)
			}
			c.line(value, black, line, x, c.y)
		}
		next = step + gap
	}
}

// list is papers under a head, numbered from first.
func (c *canvas) list(head string, items []string, first int) {
	label, item := c.setter(styleLabel), c.setter(styleItem)
	if c.err != nil || len(items) == 0 {
		return
	}
	c.down(47.5)
	c.line(label, black, head, c.margin, c.y)
	x := c.margin + c.px(listIndent)
	step := 38.5
	for i, text := range items {
		for j, line := range wrapWords(clean(text), c.right()-x, item.width) {
			c.down(step)
			if j == 0 {
				c.line(item, black, fmt.Sprintf("%d.", first+i), c.margin, c.y)
			}
			c.line(item, black, line, x, c.y)
			step = 40
		}
	}
}

// due is the day of return, white on black.
func (s *Slip) due(c *canvas) {
	label, lines := s.dueWords()
	top, small := c.y, c.setter(styleDueLabel)
	x, room := c.margin+c.px(inset), c.right()-c.margin-2*c.px(inset)
	if c.err != nil {
		return
	}
	type row struct {
		set  *setter
		text string
		y    int
	}
	var rows []row
	c.down(-19)
	for _, text := range wrapWords(label, room, small.width) {
		c.down(60 - 23*min(1, float64(len(rows))))
		rows = append(rows, row{small, text, c.y})
	}
	step := 55.0
	for _, text := range lines {
		big := c.fit(styleDue, text, room)
		if c.err != nil {
			return
		}
		c.down(step)
		rows = append(rows, row{big, text, c.y})
		step = 60
	}
	c.down(30)
	c.round(image.Rect(c.margin, top, c.right(), c.y), c.px(boxRadius), black)
	for _, r := range rows {
		c.line(r.set, white, r.text, x, r.y)
	}
}

func (s *Slip) dueWords() (label string, lines []string) {
	if s.Sent {
		return wordSent, []string{wordSent1, wordSent2}
	}
	label = wordDue
	if len(s.Missing) > 0 {
		label = wordDueIf
	}
	if s.Due.IsZero() {
		return label, []string{wordDueLater1, wordDueLater2}
	}
	return label, []string{
		fmt.Sprintf("%s, %s", weekdayLong(s.Due), s.Due.Format(dayFormat)),
		fmt.Sprintf(wordHour, s.Due.Hour(), s.Due.Minute()),
	}
}

// paragraph is running text across.
func (c *canvas) paragraph(text string) {
	set := c.setter(styleNote)
	if c.err != nil {
		return
	}
	c.down(8)
	for _, line := range wrapWords(clean(text), c.right()-c.margin, set.width) {
		c.down(37)
		c.line(set, black, line, c.margin, c.y)
	}
}

// footer is what the technician and the officer look for, below a broken line.
func (s *Slip) footer(c *canvas) {
	set := c.setter(styleFooter)
	if c.err != nil {
		return
	}
	c.down(27)
	c.dashes()
	c.down(40)
	left := clean(s.Station)
	if s.PrintJob > 0 {
		left = clean(fmt.Sprintf(wordFooter, s.Station, s.PrintJob))
	}
	when := s.Printed.Format(dayFormat + " 15:04")
	for i, line := range wrapWords(left, c.right()-c.margin, set.width) {
		if i > 0 {
			c.down(32)
		}
		c.line(set, black, line, c.margin, c.y)
		left = line
	}
	if c.margin+set.width(left)+c.px(sideMargin) > c.right()-set.width(when) {
		c.down(32)
	}
	c.line(set, black, when, c.right()-set.width(when), c.y)
	c.down(34)
}

// dashes is a broken line: 12 dots on, 8 off, 3 high.
func (c *canvas) dashes() {
	const on, period, height = 12, 20, 3
	h := int(math.Max(1, height*c.scale))
	for x := c.margin; x < c.right(); x += period {
		c.fill(image.Rect(x, c.y, min(x+on, c.right()), c.y+h), black)
	}
	c.y += h
}

func filedAt(t time.Time) string {
	return fmt.Sprintf("%s, %s %s", t.Format("15:04"), weekdayShort(t), t.Format(dayFormat))
}

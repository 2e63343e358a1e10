package typeset

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
)

// measure asks Fyne, which draws the text in the end, so that a kerned pair is as wide here as on the screen.
func measure(r Run, size float32) (width, ascent float32) {
	s, baseline := fyne.CurrentApp().Driver().RenderedTextSize(r.Text, size, fyne.TextStyle{}, r.Font)
	return s.Width, baseline
}

// RunWidth is the width of one run.
func RunWidth(r Run, size float32) float32 {
	width, _ := measure(r, size)
	return width
}

// Ascent is how far the baseline lies below the top of the box in which Fyne draws the run.
func Ascent(r Run, size float32) float32 {
	_, ascent := measure(r, size)
	return ascent
}

// Width is the width of a line.
func (f *Fonts) Width(s string, w Weight, size float32) float32 {
	var sum float32
	for _, run := range f.Split(s, w) {
		sum += RunWidth(run, size)
	}
	return sum
}

// Wrap breaks a text into lines no wider than width, between words where it can, inside a word that is wider than a
// line. There is always at least one line.
func (f *Fonts) Wrap(s string, w Weight, size, width float32) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line == "" {
			line = word
		} else if f.Width(line+" "+word, w, size) <= width {
			line += " " + word
			continue
		} else {
			lines = append(lines, line)
			line = word
		}
		for f.Width(line, w, size) > width {
			head, tail := f.breakWord(line, w, size, width)
			if tail == "" {
				break
			}
			lines = append(lines, head)
			line = tail
		}
	}
	return append(lines, line)
}

// breakWord cuts a word that is wider than a line, never between a letter and its marks. The head has a letter at least.
func (f *Fonts) breakWord(word string, w Weight, size, width float32) (head, tail string) {
	at := len(word)
	for i, r := range word {
		if i == 0 || unicode.IsMark(r) {
			continue
		}
		if f.Width(word[:i], w, size) > width {
			break
		}
		at = i
	}
	if at == len(word) { // not even two letters fit
		for i, r := range word {
			if i > 0 && !unicode.IsMark(r) {
				return word[:i], word[i:]
			}
		}
	}
	return word[:at], word[at:]
}

// Balance makes the lines of a wrapped text about equally long without making them more.
func (f *Fonts) Balance(s string, w Weight, size, width float32) []string {
	lines := f.Wrap(s, w, size, width)
	if len(lines) == 1 {
		return lines
	}
	const steps = 5
	narrow, wide := width/float32(len(lines)), width
	for range steps {
		middle := (narrow + wide) / 2
		tried := f.Wrap(s, w, size, middle)
		if len(tried) <= len(lines) && f.widest(tried, w, size) <= middle && !broken(s, tried) {
			wide, lines = middle, tried
		} else {
			narrow = middle
		}
	}
	return lines
}

func (f *Fonts) widest(lines []string, w Weight, size float32) float32 {
	var most float32
	for _, line := range lines {
		most = max(most, f.Width(line, w, size))
	}
	return most
}

// Box is the room for a text, and how it may use it.
type Box struct {
	Width, Height float32
	Size, Min     float32 // type size: wanted, and the least
	Leading       float32 // line height, of the size
	Lines         int     // at most; 0 as many as fit
}

// Set is a text broken to fit.
type Set struct {
	Lines []string
	Size  float32
	Pitch float32 // from line to line
	// Tight: the least size was not small enough, and the text was made smaller still rather than cut.
	Tight bool
}

// Height is what the lines take.
func (s Set) Height() float32 { return s.Pitch * float32(len(s.Lines)) }

// Fit breaks s to fill the box: it wraps first, then shrinks. A text is never cut.
func (f *Fonts) Fit(s string, w Weight, b Box) Set {
	const step, smallest = 2, 12
	for size := b.Size; ; size = max(size-step, min(size, smallest)) {
		lines := f.Wrap(s, w, size, b.Width)
		set := Set{Lines: lines, Size: size, Pitch: size * b.Leading, Tight: size < b.Min}
		fits := (b.Lines == 0 || len(lines) <= b.Lines) && f.widest(lines, w, size) <= b.Width+1 &&
			(b.Height == 0 || set.Height() <= b.Height+1) && (size <= b.Min || !broken(s, lines))
		if fits || size <= smallest {
			if b.Lines != 1 {
				set.Lines = f.Balance(s, w, size, b.Width)
			}
			return set
		}
	}
}

// broken reports whether a word had to be broken: smaller type is the better way as long as there is one.
func broken(s string, lines []string) bool { return len(strings.Fields(s)) < countWords(lines) }

func countWords(lines []string) int {
	n := 0
	for _, line := range lines {
		n += len(strings.Fields(line))
	}
	return n
}

// Package svg draws the plain SVG of our pictures and of the lucide icons: paths, rectangles, circles, ellipses, lines,
// filled and stroked in solid colours, with round ends and joins. Draw is all there is to it.
//
// Fyne's own renderer is not used because it keeps strokes at their width when a picture grows, and reads arcs written
// one after the other (as lucide does) wrongly. What is not plain (gradients, text, transforms, clipping) is left out
// here, as our files have none of it.
package svg

import (
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"strconv"
	"strings"
)

// Limits of a file: what is larger is none of our pictures.
const (
	maxFile  = 1 << 18
	maxSide  = 4096
	maxShape = 2000
)

// ErrFormat is wrapped by the errors about a file that is no SVG of the plain kind.
var ErrFormat = errors.New("svg: not a plain SVG")

// style is how a shape is painted, inherited from the elements around it.
type style struct {
	fill, stroke color.NRGBA // alpha 0: none
	width        float64
	butt         bool
}

// shape is one element, as outlines.
type shape struct {
	outlines []outline
	style
}

// Draw paints the file into a picture of the given size, keeping its proportions, in the middle.
func Draw(data []byte, width, height int) (*image.RGBA, error) {
	if width <= 0 || height <= 0 || width > maxSide || height > maxSide || len(data) > maxFile {
		return nil, fmt.Errorf("%w: size", ErrFormat)
	}
	shapes, box, err := parse(data)
	if err != nil {
		return nil, err
	}
	k := min(float64(width)/box[2], float64(height)/box[3])
	dx := (float64(width)-box[2]*k)/2 - box[0]*k
	dy := (float64(height)-box[3]*k)/2 - box[1]*k
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for _, s := range shapes {
		s.move(k, dx, dy)
		s.paint(img)
	}
	return img, nil
}

// parse reads all shapes and the view box.
func parse(data []byte) ([]shape, [4]float64, error) {
	var (
		shapes []shape
		box    [4]float64
		stack  = []style{{fill: color.NRGBA{A: 0xFF}, width: 1}}
		d      = xml.NewDecoder(strings.NewReader(string(data)))
	)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, box, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			attrs := attributes(e)
			s := stack[len(stack)-1].inherit(attrs)
			stack = append(stack, s)
			if e.Name.Local == "svg" && len(stack) == 2 {
				box = viewBox(attrs)
			}
			if outlines := outlinesOf(e.Name.Local, attrs); len(outlines) > 0 {
				shapes = append(shapes, shape{outlines, s})
			}
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
		if len(shapes) > maxShape {
			return nil, box, fmt.Errorf("%w: too many shapes", ErrFormat)
		}
	}
	if !(box[2] > 0 && box[3] > 0 && box[2] < maxSide && box[3] < maxSide) {
		return nil, box, fmt.Errorf("%w: no view box", ErrFormat)
	}
	return shapes, box, nil
}

func attributes(e xml.StartElement) map[string]string {
	m := make(map[string]string, len(e.Attr))
	for _, a := range e.Attr {
		m[a.Name.Local] = a.Value
	}
	return m
}

func viewBox(attrs map[string]string) (box [4]float64) {
	for i, n := range numbers(attrs["viewBox"]) {
		if i < len(box) {
			box[i] = n
		}
	}
	return box
}

func (s style) inherit(attrs map[string]string) style {
	if v, ok := attrs["fill"]; ok {
		s.fill = colour(v)
	}
	if v, ok := attrs["stroke"]; ok {
		s.stroke = colour(v)
	}
	if v, ok := attrs["stroke-width"]; ok {
		s.width = number(v)
	}
	if v, ok := attrs["stroke-linecap"]; ok {
		s.butt = v == "butt"
	}
	return s
}

// colour reads #RRGGBB; anything else is none.
func colour(s string) color.NRGBA {
	hex, ok := strings.CutPrefix(s, "#")
	v, err := strconv.ParseUint(hex, 16, 32)
	if !ok || err != nil || len(hex) != 6 {
		return color.NRGBA{}
	}
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xFF}
}

func number(s string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || v != v || v > maxSide*maxSide || v < -maxSide*maxSide {
		return 0
	}
	return v
}

package parts

import (
	"fmt"
	"image"
	"image/color"
	"io/fs"
	"math"
	"strings"

	"fyne.io/fyne/v2/canvas"

	"motcua/ui/svg"
	"motcua/ui/theme"
)

// Images are the icons and pictures of assets, in any colours and size. Each is drawn once and used again on later
// sheets, so that a page change does not draw the same house anew.
type Images struct {
	files fs.FS
	made  map[string][]*canvas.Image // every copy of an image, by what it shows
	used  map[string]int             // how many copies the sheet being drawn has taken
}

// NewImages reads icons/*.svg and pictures/*.svg from files when they are wanted.
func NewImages(files fs.FS) *Images {
	return &Images{files: files, made: map[string][]*canvas.Image{}, used: map[string]int{}}
}

// mostKept bounds what is kept when windows are resized or palettes changed again and again.
const mostKept = 300

// begin gives all copies back for a new sheet.
func (m *Images) begin() {
	clear(m.used)
	if len(m.made) > mostKept {
		clear(m.made)
	}
}

// take gives a copy of the image that make would make.
func (m *Images) take(key string, make func() *canvas.Image) *canvas.Image {
	n := m.used[key]
	m.used[key]++
	if n < len(m.made[key]) {
		return m.made[key][n]
	}
	drawn := make()
	m.made[key] = append(m.made[key], drawn)
	return drawn
}

// read gives the text of an SVG, a plain sheet of paper for a name that is not there: data may name a picture that
// this version does not have, and a page with the wrong picture is better than none.
func (m *Images) read(dir, name, other string) string {
	data, err := fs.ReadFile(m.files, dir+"/"+name+".svg")
	if err != nil {
		if data, err = fs.ReadFile(m.files, dir+"/"+other+".svg"); err != nil {
			return ""
		}
	}
	return string(data)
}

// Icon draws a lucide icon around x, y with a stroke of 2 on its 24 grid.
func (s *Sheet) Icon(name string, x, y, size float32, c color.Color) {
	s.ThinIcon(name, x, y, size, 2, c)
}

// ThinIcon is the same with another stroke, for large icons.
func (s *Sheet) ThinIcon(name string, x, y, size, stroke float32, c color.Color) {
	hex := hexOf(c)
	key := fmt.Sprintf("icon/%s/%s/%g/%g", name, hex, size*s.K, stroke)
	drawn := s.Images.take(key, func() *canvas.Image {
		file := s.Images.read("icons", name, "circle-alert")
		file = strings.ReplaceAll(file, "currentColor", hex)
		file = strings.ReplaceAll(file, `stroke-width="2"`, fmt.Sprintf(`stroke-width="%g"`, stroke))
		return newImage(file, size*s.K, size*s.K)
	})
	s.add(drawn, Rect{x - size/2, y - size/2, size, size})
}

// newImage draws a file in pixels of the window.
func newImage(file string, width, height float32) *canvas.Image {
	pixels, err := svg.Draw([]byte(file), int(math.Ceil(float64(width))), int(math.Ceil(float64(height))))
	if err != nil { // a file of ours that a test has not seen: an empty place on the page
		return canvas.NewImageFromImage(image.NewUniform(color.Transparent))
	}
	return canvas.NewImageFromImage(pixels)
}

func hexOf(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02X%02X%02X", r>>8, g>>8, b>>8)
}

// Picture draws one of our own pictures into an area, keeping its shape. Pictures are drawn in the colours of the light
// palette, which are exchanged for those of the sheet; chosen: for those on a chosen card.
func (s *Sheet) Picture(name string, area Rect, chosen bool) {
	key := fmt.Sprintf("picture/%s/%s/%v/%gx%g", name, hexOf(s.Palette.Paper), chosen, area.W*s.K, area.H*s.K)
	drawn := s.Images.take(key, func() *canvas.Image {
		return newImage(s.colours(chosen).Replace(s.Images.read("pictures", name, "paper")), area.W*s.K, area.H*s.K)
	})
	s.add(drawn, area)
}

// colours exchanges the light palette's colours for the sheet's.
func (s *Sheet) colours(chosen bool) *strings.Replacer {
	from, to := theme.Light(), s.Palette
	if chosen {
		to.Ink, to.Muted, to.BandInk = to.OnPrimary, to.OnPrimary, to.OnPrimary
		to.PictureFill, to.Band = to.PictureChosen, to.PictureChosen
		to.Surface, to.Primary = to.Primary, to.OnPrimary
	}
	pairs := []struct{ from, to color.NRGBA }{
		{from.Ink, to.Ink}, {from.Muted, to.Muted}, {from.Surface, to.Surface}, {from.Primary, to.Primary},
		{from.Band, to.Band}, {from.BandInk, to.BandInk}, {from.PictureFill, to.PictureFill}, {from.Danger, to.Danger},
	}
	var list []string
	for _, p := range pairs {
		list = append(list, hexOf(p.from), hexOf(p.to))
	}
	return strings.NewReplacer(list...)
}

// Badge draws a round mark with an icon at the upper right of a picture that Picture drew into the same area.
func (s *Sheet) Badge(icon string, area Rect, chosen bool) {
	if icon == "" {
		return
	}
	// On the pictures' 96x72 grid: the circle's middle and radius, the icon's size.
	const gridW, gridH, x, y, r, size = 96, 72, 74, 18, 15, 19
	k := min(area.W/gridW, area.H/gridH)
	left, top := area.MidX()-gridW*k/2, area.MidY()-gridH*k/2
	disc, mark := s.Palette.Primary, s.Palette.OnPrimary
	if chosen {
		disc, mark = mark, disc
	}
	s.Circle(left+x*k, top+y*k, r*k, Shape{Fill: disc})
	s.ThinIcon(icon, left+x*k, top+y*k, size*k, 2.2, mark)
}

// Bitmap draws an image that the caller keeps, with round corners.
func (s *Sheet) Bitmap(bitmap *canvas.Image, area Rect) {
	bitmap.CornerRadius = theme.Radius * s.K
	s.add(bitmap, area)
}

package paper

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var update = flag.Bool("update", false, "rewrite testdata/golden")

// Pictures of the pages: coarse, because they only have to show that nothing moved. Programs differ in how they smooth
// letters, so the tiles of a picture are compared by their mean.
const (
	dpi       = 64
	tile      = 8
	tolerance = 24.0 // of 255, of a tile's mean
)

func tool(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed: make deps brings it", name)
	}
}

// plain is the text of a PDF as another program reads it.
func plain(t *testing.T, pdf []byte) string {
	t.Helper()
	tool(t, "pdftotext")
	cmd := exec.Command("pdftotext", "-raw", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// packed is a text without what wrapping and boxes put between letters.
func packed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, norm.NFC.String(s))
}

// pages are the pictures of a PDF's pages.
func pages(t *testing.T, pdf []byte) []*image.Gray {
	t.Helper()
	tool(t, "pdftoppm")
	dir := t.TempDir()
	cmd := exec.Command("pdftoppm", "-gray", "-png", "-r", fmt.Sprint(dpi), "-", filepath.Join(dir, "page"))
	cmd.Stdin = bytes.NewReader(pdf)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("pdftoppm: %v: %s", err, out)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.png"))
	slices.Sort(files)
	var list []*image.Gray
	for _, file := range files {
		list = append(list, picture(t, file))
	}
	return list
}

func picture(t *testing.T, file string) *image.Gray {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	grey := image.NewGray(img.Bounds())
	for y := range grey.Rect.Dy() {
		for x := range grey.Rect.Dx() {
			grey.Set(x, y, img.At(x, y))
		}
	}
	return grey
}

func TestGolden(t *testing.T) {
	for _, f := range load(t).All() {
		for _, filled := range []struct {
			name   string
			values Values
		}{{"empty", Values{}}, {"usual", usual(f)}, {"longest", longest(f)}} {
			name := fmt.Sprintf("%s@%s-%s", f.layout.ID, f.layout.Version.Time().Format("2006-01-02"), filled.name)
			t.Run(name, func(t *testing.T) {
				for i, page := range pages(t, render(t, f, filled.values)) {
					compare(t, filepath.Join("testdata", "golden", fmt.Sprintf("%s-%d.png", name, i+1)), page)
				}
			})
		}
	}
}

func compare(t *testing.T, file string, page *image.Gray) {
	t.Helper()
	if *update {
		write(t, file, page)
		return
	}
	want := picture(t, file)
	if want.Rect != page.Rect {
		t.Fatalf("%s: the page is %v, was %v", file, page.Rect, want.Rect)
	}
	for y := 0; y < page.Rect.Dy(); y += tile {
		for x := 0; x < page.Rect.Dx(); x += tile {
			if got, was := mean(page, x, y), mean(want, x, y); got-was > tolerance || was-got > tolerance {
				t.Errorf("%s: looks different at %d,%d: %.0f, was %.0f", file, x, y, got, was)
				return
			}
		}
	}
}

func mean(g *image.Gray, x, y int) float64 {
	sum, n := 0, 0
	for ; n < tile*tile; n++ {
		if p := image.Pt(x+n%tile, y+n/tile); p.In(g.Rect) {
			sum += int(g.GrayAt(p.X, p.Y).Y)
		} else {
			sum += 255
		}
	}
	return float64(sum) / float64(n)
}

// write keeps a page in eight greys, which makes small files.
func write(t *testing.T, file string, page *image.Gray) {
	t.Helper()
	palette := color.Palette{}
	for i := range 8 {
		palette = append(palette, color.Gray{uint8(i * 255 / 7)})
	}
	small := image.NewPaletted(page.Rect, palette)
	for i, g := range page.Pix {
		small.Pix[i] = uint8((int(g)*7 + 127) / 255)
	}
	var buf bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&buf, small); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, buf.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestEveryValueIsThere reads the PDF with another program: no word of a value is cut or lost, whatever its length. Words
// are counted, because lines of values side by side are told in turn.
func TestEveryValueIsThere(t *testing.T) {
	for _, f := range load(t).All() {
		for name, v := range map[string]Values{"usual": usual(f), "longest": longest(f)} {
			t.Run(f.layout.ID+" "+name, func(t *testing.T) {
				text := packed(plain(t, render(t, f, v)))
				want := map[string]int{}
				for key, s := range v.Text {
					count(want, key, s)
				}
				for _, rows := range v.Rows {
					for _, row := range rows {
						for key, s := range row {
							count(want, key, s)
						}
					}
				}
				for word, n := range want {
					got := strings.Count(text, word)
					if upper := strings.ToUpper(word); upper != word {
						got += strings.Count(text, upper)
					}
					if got < n {
						t.Errorf("%q is there %d times, not %d", word, got, n)
					}
				}
			})
		}
	}
}

// count adds the words of a value; a date that is printed in parts counts as its parts.
func count(words map[string]int, key, s string) {
	if key == "today" || dated(key) {
		s = s[len(s)-4:]
	}
	for _, word := range strings.Fields(s) {
		words[packed(word)]++
	}
}

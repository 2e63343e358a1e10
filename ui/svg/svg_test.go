package svg

import (
	"errors"
	"image/color"
	"io/fs"
	"strings"
	"testing"

	"motcua/assets"
)

const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#FF0000" stroke-width="2">`

func TestDraw(t *testing.T) {
	red, none := color.RGBA{R: 0xFF, A: 0xFF}, color.RGBA{}
	for _, c := range []struct {
		name, body string
		at         map[[2]int]color.RGBA // in a picture of 48x48
	}{
		{"stroke grows", `<path d="M0 12H24"/>`, map[[2]int]color.RGBA{{24, 24}: red, {24, 22}: red, {24, 25}: red, {24, 20}: none}},
		{"fill", `<rect x="4" y="4" width="16" height="16" fill="#FF0000" stroke="none"/>`, map[[2]int]color.RGBA{{24, 24}: red, {4, 4}: none}},
		{"relative, implicit lines", `<path d="m4 4 16 0 0 16"/>`, map[[2]int]color.RGBA{{24, 8}: red, {40, 24}: red, {8, 24}: none}},
		{"absolute, implicit lines", `<path d="M4 4 20 4 20 20"/>`, map[[2]int]color.RGBA{{24, 8}: red, {40, 24}: red}},
		{"arcs one after the other", `<path d="M4 12a8 8 0 0 1 16 0 8 8 0 01-16 0"/>`, map[[2]int]color.RGBA{{24, 8}: red, {24, 40}: red, {24, 24}: none}},
		{"circle", `<circle cx="12" cy="12" r="8"/>`, map[[2]int]color.RGBA{{24, 8}: red, {40, 24}: red, {24, 24}: none}},
		{"curve", `<path d="M4 12C4 4 20 4 20 12"/>`, map[[2]int]color.RGBA{{24, 12}: red, {24, 24}: none}},
		{"close", `<path d="M4 4h16v16h-16z"/>`, map[[2]int]color.RGBA{{8, 24}: red}},
		{"butt", `<path d="M6 12H18" stroke-linecap="butt" stroke-width="8"/>`, map[[2]int]color.RGBA{{10, 24}: none, {14, 24}: red}},
		{"inherited", `<g stroke="none" fill="#FF0000"><circle cx="12" cy="12" r="4"/></g>`, map[[2]int]color.RGBA{{24, 24}: red}},
	} {
		img, err := Draw([]byte(head+c.body+"</svg>"), 48, 48)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for at, want := range c.at {
			if got := img.RGBAAt(at[0], at[1]); got != want {
				t.Errorf("%s: at %v is %v, want %v", c.name, at, got, want)
			}
		}
	}
}

func TestDrawRefuses(t *testing.T) {
	for name, data := range map[string]string{"nothing": "", "no box": "<svg/>", "cut": head + "<path", "large": head + strings.Repeat(" ", maxFile)} {
		if _, err := Draw([]byte(data), 8, 8); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v, want ErrFormat", name, err)
		}
	}
}

// TestEveryFile holds that each picture and icon of ours leaves ink.
func TestEveryFile(t *testing.T) {
	for _, dir := range []string{"icons", "pictures"} {
		files, err := fs.Glob(assets.FS, dir+"/*.svg")
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, name := range files {
			data, _ := fs.ReadFile(assets.FS, name)
			img, err := Draw([]byte(strings.ReplaceAll(string(data), "currentColor", "#000000")), 96, 96)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			ink := 0
			for i := 3; i < len(img.Pix); i += 4 {
				if img.Pix[i] > 0x80 {
					ink++
				}
			}
			if ink < 200 {
				t.Errorf("%s: only %d pixels of ink", name, ink)
			}
		}
	}
}

func FuzzDraw(f *testing.F) {
	f.Add(head + `<path d="M4 12a8 8 0 0 1 16 0 8 8 0 01-16 0z"/></svg>`)
	f.Add(head + `<rect x="1e9" width="-4" rx="nan"/><polygon points="1,2,3"/></svg>`)
	f.Add(head + `<path d="M1e308 1e308L-1e308 0A1 1 0 2 1 3"/></svg>`)
	f.Fuzz(func(t *testing.T, s string) {
		if img, err := Draw([]byte(s), 16, 16); err == nil && img.Bounds().Dx() != 16 {
			t.Fatal("wrong size")
		}
	})
}

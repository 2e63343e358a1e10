package theme

import (
	"image/color"
	"math"
	"testing"
)

func TestContrastOfKnownPairs(t *testing.T) {
	for _, c := range []struct {
		a, b uint32
		want float64
	}{{0x000000, 0xFFFFFF, 21}, {0xFFFFFF, 0xFFFFFF, 1}, {0x777777, 0xFFFFFF, 4.48}, {0x0000FF, 0xFFFFFF, 8.59}} {
		if got := Contrast(rgb(c.a), rgb(c.b)); math.Abs(got-c.want) > 0.01 {
			t.Errorf("Contrast(%06X, %06X) = %.2f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

type pair struct {
	what     string
	ink, on  color.NRGBA
	required float64
}

func pairs(p Palette) []pair {
	return []pair{
		{"ink on paper", p.Ink, p.Paper, TextContrast},
		{"ink on surface", p.Ink, p.Surface, TextContrast},
		{"ink on warning", p.WarningInk, p.Warning, TextContrast},
		{"warning ink on paper", p.WarningInk, p.Paper, TextContrast},
		{"muted on paper", p.Muted, p.Paper, TextContrast},
		{"muted on surface", p.Muted, p.Surface, TextContrast},
		{"muted on the ground of a dead key", p.Muted, p.Ground, TextContrast},
		{"primary on surface", p.Primary, p.Surface, TextContrast},
		{"primary on paper", p.Primary, p.Paper, TextContrast},
		{"on primary", p.OnPrimary, p.Primary, TextContrast},
		{"band", p.BandInk, p.Band, TextContrast},
		{"band ink on paper", p.BandInk, p.Paper, TextContrast},
		{"band ink on surface", p.BandInk, p.Surface, TextContrast},
		{"danger on surface", p.Danger, p.Surface, LargeContrast},
		{"danger on paper", p.Danger, p.Paper, LargeContrast},
		{"on danger", p.OnDanger, p.Danger, LargeContrast},
		{"edge on paper", p.Edge, p.Paper, LargeContrast},
		{"edge on surface", p.Edge, p.Surface, LargeContrast},
		{"tone key edge on paper", p.WarningInk, p.Paper, LargeContrast},
		{"active field on paper", p.Primary, p.Paper, LargeContrast},
		{"icon on a badge", p.OnPrimary, p.Primary, LargeContrast},
		{"picture line on its fill", p.Ink, p.PictureFill, LargeContrast},
	}
}

func TestPalettesReachTheirContrast(t *testing.T) {
	for name, p := range map[string]Palette{"light": Light(), "high contrast": HighContrast()} {
		for _, c := range pairs(p) {
			if got := Contrast(c.ink, c.on); got < c.required {
				t.Errorf("%s: %s has %.2f, wants %.1f", name, c.what, got, c.required)
			}
		}
	}
}

package theme

import (
	"image/color"
	"math"
)

// The ratios that the screens keep (WCAG 2.2, 1.4.6 and 1.4.11 made stricter).
const (
	TextContrast  = 7.0 // text
	LargeContrast = 4.5 // text of 40 px and more in bold, icons, edges of what can be touched
)

// Contrast is the ratio of two opaque colours, 1 to 21 (WCAG 2.2, "contrast ratio").
func Contrast(a, b color.NRGBA) float64 {
	hi, lo := luminance(a), luminance(b)
	if hi < lo {
		hi, lo = lo, hi
	}
	const flare = 0.05
	return (hi + flare) / (lo + flare)
}

// luminance is WCAG's relative luminance of an sRGB colour.
func luminance(c color.NRGBA) float64 {
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func linear(v uint8) float64 {
	const knee, slope, offset, gamma = 0.04045, 12.92, 0.055, 2.4
	c := float64(v) / math.MaxUint8
	if c <= knee {
		return c / slope
	}
	return math.Pow((c+offset)/(1+offset), gamma)
}

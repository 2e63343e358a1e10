// Package theme has the colours and type sizes that every screen uses, and nothing that decides where things stand.
//
// Light is the everyday palette, HighContrast the one behind the key "Dễ nhìn". A screen names a colour by its role
// (Palette.Ink, Palette.Edge), so that another palette is another value and not another screen. Contrast measures two
// colours as WCAG 2.2 does; a test holds text at 7:1, large text and the edges of what can be touched at 4.5:1.
//
// Window is the little that Fyne itself must be told: the colour of an empty window.
package theme

import "image/color"

// Palette is one set of colours, by role.
type Palette struct {
	Paper   color.NRGBA // behind everything
	Surface color.NRGBA // bars, cards, keys
	Line    color.NRGBA // edge of what only informs; never of what can be touched
	Edge    color.NRGBA // edge of what can be touched
	Ink     color.NRGBA
	Muted   color.NRGBA // on Paper and Surface only

	Primary   color.NRGBA // what acts, what is chosen
	OnPrimary color.NRGBA

	Band     color.NRGBA // what came from the card, what went well
	BandInk  color.NRGBA
	BandLine color.NRGBA

	Warning    color.NRGBA
	WarningInk color.NRGBA

	Danger   color.NRGBA // icons and large text only
	OnDanger color.NRGBA

	PictureFill   color.NRGBA
	PictureChosen color.NRGBA // the same on Primary

	Ground color.NRGBA // of a key that cannot be touched now
}

// Light is the everyday palette.
func Light() Palette {
	return Palette{
		Paper: rgb(0xFAF7F0), Surface: rgb(0xFFFFFF), Line: rgb(0xC9C3B4), Edge: rgb(0x4A5561),
		Ink: rgb(0x1B1F24), Muted: rgb(0x4A5561),
		Primary: rgb(0x0B5563), OnPrimary: rgb(0xFFFFFF),
		Band: rgb(0xE4F1EC), BandInk: rgb(0x0F5132), BandLine: rgb(0x9CC5B4),
		Warning: rgb(0xFFF3D6), WarningInk: rgb(0x6B4400),
		Danger: rgb(0xB3261E), OnDanger: rgb(0xFFFFFF),
		PictureFill: rgb(0xBFD9DC), PictureChosen: rgb(0x2F7480),
		Ground: rgb(0xFAF7F0),
	}
}

// HighContrast is for eyes that need it: yellow and white on black.
func HighContrast() Palette {
	return Palette{
		Paper: rgb(0x000000), Surface: rgb(0x000000), Line: rgb(0xFFD60A), Edge: rgb(0xFFD60A),
		Ink: rgb(0xFFFFFF), Muted: rgb(0xFFFFFF),
		Primary: rgb(0xFFD60A), OnPrimary: rgb(0x000000),
		Band: rgb(0x003B2B), BandInk: rgb(0xFFFFFF), BandLine: rgb(0xFFD60A),
		Warning: rgb(0x000000), WarningInk: rgb(0xFFD60A),
		Danger: rgb(0xFF6B5E), OnDanger: rgb(0x000000),
		PictureFill: rgb(0x3A3100), PictureChosen: rgb(0xB89A00),
		Ground: rgb(0x000000),
	}
}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xFF}
}

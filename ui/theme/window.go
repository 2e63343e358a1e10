package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	base "fyne.io/fyne/v2/theme"
)

// Window is Fyne's own theme with the paper colour behind, so that no other colour flashes before the first page.
type Window struct {
	fyne.Theme
	palette Palette
}

var _ fyne.Theme = Window{}

// NewWindow makes the theme to be given to fyne.Settings.SetTheme.
func NewWindow(p Palette) Window { return Window{base.DefaultTheme(), p} }

// Color is the paper for backgrounds, Fyne's choice for what we do not use.
func (w Window) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if name == base.ColorNameBackground {
		return w.palette.Paper
	}
	return w.Theme.Color(name, variant)
}

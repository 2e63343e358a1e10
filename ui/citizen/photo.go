package citizen

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2/canvas"

	"motcua/kiosk/identity"
	"motcua/ui/parts"
	"motcua/ui/photo"
)

// portrait is the photo of the person, decoded once.
type portrait struct {
	of     *identity.Photo
	pixels *image.RGBA
	area   parts.Rect    // the shape that was cut out of them
	shown  *canvas.Image // the object that holds the pixels on the screen
}

// pixelsOf decodes a photo; nil if it is none that can be shown.
func (p *portrait) pixelsOf(of *identity.Photo) *image.RGBA {
	if of == nil {
		return nil
	}
	if p.of != of {
		p.forget()
		p.of, p.pixels = of, photo.Decode(of.Data)
	}
	return p.pixels
}

// object is the picture that holds the pixels, the same one as long as its shape does not change.
func (p *portrait) object(area parts.Rect) *canvas.Image {
	if p.shown == nil || p.area != area {
		p.area = area
		p.shown = canvas.NewImageFromImage(photo.Cover(p.pixels, area.W, area.H))
		p.shown.FillMode = canvas.ImageFillStretch
	}
	return p.shown
}

// forget blackens the pixels, also those on their way to the screen.
func (p *portrait) forget() {
	if p.pixels != nil {
		photo.Wipe(p.pixels)
	}
	if p.shown != nil {
		p.shown.Image = image.NewUniform(color.Transparent)
		canvas.Refresh(p.shown) // frees its texture
	}
	*p = portrait{}
}

package desk

import (
	"bytes"
	"context"
	"image"

	"fyne.io/fyne/v2/canvas"

	"motcua/kiosk/identity"
	"motcua/ui/parts"
	"motcua/ui/photo"
)

// portrait is the applicant's photo, decoded once, beside the thread of the screen.
type portrait struct {
	of     *identity.Photo
	cancel context.CancelFunc
	pixels *image.RGBA
	shown  *canvas.Image
	large  *canvas.Image
}

// show begins to decode another photo; later runs ready on the thread of the screen once it is there.
func (p *portrait) show(of *identity.Photo, decode *photo.Decoder, later func(func()), ready func()) {
	if of == p.of {
		return
	}
	p.forget()
	if of == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.of, p.cancel = of, cancel
	data := bytes.Clone(of.Data)
	go func() {
		defer clear(data)
		pixels, err := decode.Decode(ctx, data)
		if err != nil {
			return // the frame stays empty
		}
		later(func() {
			if p.of != of {
				photo.Wipe(pixels)
				return
			}
			p.pixels = pixels
			ready()
		})
	}()
}

// draw puts it on a sheet; false while there is none.
func (p *portrait) draw(d drawing, area parts.Rect) bool {
	if p.pixels == nil {
		return false
	}
	if p.shown == nil {
		p.shown = canvas.NewImageFromImage(photo.Cover(p.pixels, area.W, area.H))
		p.shown.FillMode = canvas.ImageFillStretch
	}
	d.Bitmap(p.shown, area)
	return true
}

// drawLarge is draw for the page that shows nothing but the portrait.
func (p *portrait) drawLarge(d drawing, area parts.Rect) bool {
	if p.pixels == nil {
		return false
	}
	if p.large == nil {
		p.large = canvas.NewImageFromImage(photo.Cover(p.pixels, area.W, area.H))
		p.large.FillMode = canvas.ImageFillStretch
	}
	d.Bitmap(p.large, area)
	return true
}

func (p *portrait) forget() {
	if p.cancel != nil {
		p.cancel()
	}
	if p.pixels != nil {
		photo.Wipe(p.pixels)
	}
	*p = portrait{}
}

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
	shown  map[[2]float32]*canvas.Image // by width and height
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

// draw puts it on a sheet; false while there is none. A size is drawn once: the page has a small one, and there is a page for a large one.
func (p *portrait) draw(d drawing, area parts.Rect) bool {
	if p.pixels == nil {
		return false
	}
	size := [2]float32{area.W, area.H}
	if p.shown[size] == nil {
		if p.shown == nil {
			p.shown = map[[2]float32]*canvas.Image{}
		}
		p.shown[size] = canvas.NewImageFromImage(photo.Cover(p.pixels, area.W, area.H))
		p.shown[size].FillMode = canvas.ImageFillStretch
	}
	d.Bitmap(p.shown[size], area)
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

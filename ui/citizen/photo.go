package citizen

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"time"

	"fyne.io/fyne/v2/canvas"

	"motcua/kiosk/identity"
	"motcua/ui/parts"
	"motcua/ui/photo"
)

// photoWait is how long a page waits for the photo before it is shown without. A JPEG and most JPEG 2000 are decoded by
// then, and a page has 200 ms to change in.
const photoWait = 60 * time.Millisecond

// portrait is the photo of the person, decoded once, beside the thread of the screen.
type portrait struct {
	of     *identity.Photo
	coming *decoding   // nil once it has come
	pixels *image.RGBA // nil: none that can be shown, or none yet
	area   parts.Rect  // the shape that was cut out of them
	shown  *canvas.Image
}

// decoding is a photo on its way. Its goroutine ends soon after cancel.
type decoding struct {
	cancel context.CancelFunc
	done   chan struct{}
	pixels *image.RGBA // once done is closed; nil: it cannot be shown
}

// decoder is photo.Decoder's Decode.
type decoder func(context.Context, []byte) (*image.RGBA, error)

// begin begins with a photo. The bytes are copied, because the session wipes its own while this one may still read.
func (decode decoder) begin(data []byte) *decoding {
	ctx, cancel := context.WithCancel(context.Background())
	d := &decoding{cancel: cancel, done: make(chan struct{})}
	data = bytes.Clone(data)
	go func() {
		defer close(d.done)
		defer clear(data)
		d.pixels, _ = decode(ctx, data) // why not is nothing the citizen can do anything about
	}()
	return d
}

// portraitOf gives the portrait of a photo, and starts decoding it if it is a new one. What comes too late for this
// page is drawn into it when it has come.
func (s *Screen) portraitOf(of *identity.Photo) *portrait {
	p := &s.photo
	if of == nil || p.of == of {
		return p
	}
	p.forget()
	coming := s.decode.begin(of.Data)
	p.of, p.coming = of, coming
	select {
	case <-coming.done:
		p.arrived()
	case <-time.After(s.opt.PhotoWait):
		go func() {
			<-coming.done
			s.opt.Later(func() { s.photoCame(coming) })
		}()
	}
	return p
}

// photoCame draws the page again, if it still waits for this photo.
func (s *Screen) photoCame(d *decoding) {
	if s.photo.coming == d {
		s.photo.arrived()
		s.redraw()
	}
}

func (p *portrait) arrived() {
	p.coming.cancel()
	p.pixels, p.coming = p.coming.pixels, nil
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

// forget blackens the pixels, also those on their way to the screen, and does not return before a decoding has ended.
func (p *portrait) forget() {
	if p.coming != nil {
		p.coming.cancel()
		<-p.coming.done
		p.arrived()
	}
	if p.pixels != nil {
		photo.Wipe(p.pixels)
	}
	if p.shown != nil {
		p.shown.Image = image.NewUniform(color.Transparent)
		canvas.Refresh(p.shown) // frees its texture
	}
	*p = portrait{}
}

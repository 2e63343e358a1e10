package desk

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"sync"
	"time"

	"fyne.io/fyne/v2/canvas"
	"golang.org/x/image/draw"

	"motcua/kiosk/board"
	"motcua/kiosk/filing"
	"motcua/ui/parts"
	"motcua/ui/photo"
	"motcua/ui/typeset"
)

// pictures are the pictures of papers of the open filing: a small one of each, and the one that is looked at as it was scanned. They are decoded beside the
// thread of the screen, one after the other, because a page has forty megabytes of pixels.
type pictures struct {
	decoder photo.Decoder
	one     sync.Mutex // who decodes
	end     context.CancelFunc
	ctx     context.Context

	of     string              // number of the filing
	small  map[int]*image.RGBA // by number; nil while it is being decoded, or if it cannot be
	large  *image.RGBA
	number int                      // of large
	shown  map[string]*canvas.Image // parts of large, and the small ones
}

// smallSide is the longer side of a small one, in pixels: sharp at twice the size of the design.
const smallSide = 160

// newPictures takes pictures as the store has them.
func newPictures() *pictures {
	const longSide, patience = 3508, 10 * time.Second
	return &pictures{decoder: photo.Decoder{Limits: photo.Limits{Bytes: filing.MaxPicture, Side: longSide, Time: patience}}}
}

// show has those of a filing, and forgets all others; ready runs on the thread of the screen whenever one is there. large is the number of the one that is looked
// at, 0 for none.
func (p *pictures) show(of string, list []filing.Picture, large int, later func(func()), ready func()) {
	if of != p.of {
		p.forget()
		p.of = of
	}
	if large == 0 {
		p.drop()
	}
	there := map[int]bool{}
	for _, one := range list {
		there[one.Number] = true
	}
	for number := range p.small {
		if !there[number] { // it was removed
			p.forget()
			p.of = of
			break
		}
	}
	if len(list) == 0 {
		return
	}
	if p.ctx == nil {
		p.ctx, p.end = context.WithCancel(context.Background())
		p.small, p.shown = map[int]*image.RGBA{}, map[string]*canvas.Image{}
	}
	for _, one := range list {
		_, begun := p.small[one.Number]
		again := one.Number == large && p.number != large
		if begun && !again {
			continue
		}
		if !begun {
			p.small[one.Number] = nil
		}
		if again {
			p.drop()
			p.number = large
		}
		p.decode(one, later, ready)
	}
}

// decode decodes one beside.
func (p *pictures) decode(one filing.Picture, later func(func()), ready func()) {
	ctx, data := p.ctx, bytes.Clone(one.Data)
	go func() {
		defer clear(data)
		p.one.Lock()
		defer p.one.Unlock()
		pixels, err := p.decoder.Decode(ctx, data)
		if err != nil {
			return // the frame stays empty
		}
		small := reduced(pixels)
		later(func() {
			if ctx.Err() != nil {
				photo.Wipe(pixels)
				photo.Wipe(small)
				return
			}
			if p.small[one.Number] == nil {
				p.small[one.Number] = small
			}
			if p.number == one.Number && p.large == nil {
				p.large = pixels
			} else {
				photo.Wipe(pixels)
			}
			ready()
		})
	}()
}

// reduced is a small copy.
func reduced(pixels *image.RGBA) *image.RGBA {
	b := pixels.Bounds()
	long := max(b.Dx(), b.Dy(), smallSide)
	small := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()*smallSide/long), max(1, b.Dy()*smallSide/long)))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), pixels, b, draw.Src, nil)
	return small
}

// drop forgets the large one.
func (p *pictures) drop() {
	if p.large != nil {
		photo.Wipe(p.large)
	}
	p.large, p.number = nil, 0
	for id := range p.shown {
		if id[0] == 'L' {
			delete(p.shown, id)
		}
	}
}

// forget forgets all.
func (p *pictures) forget() {
	p.drop()
	for _, small := range p.small {
		if small != nil {
			photo.Wipe(small)
		}
	}
	if p.end != nil {
		p.end()
	}
	p.of, p.ctx, p.end, p.small, p.shown = "", nil, nil, nil, nil
}

// bitmap is a part of a picture as the sheet takes it, made once.
func (p *pictures) bitmap(id string, of *image.RGBA, part image.Rectangle) *canvas.Image {
	if p.shown[id] == nil {
		p.shown[id] = canvas.NewImageFromImage(of.SubImage(part))
		p.shown[id].FillMode = canvas.ImageFillStretch
	}
	return p.shown[id]
}

// thumb draws a small one into an area, as wide as it is; false while there is none.
func (d drawing) thumb(number int, area parts.Rect) bool {
	p := d.screen.pages
	small := p.small[number]
	if small == nil {
		return false
	}
	b := small.Bounds()
	w, h := area.W, area.W*float32(b.Dy())/float32(b.Dx())
	if h > area.H {
		w, h = area.H*float32(b.Dx())/float32(b.Dy()), area.H
	}
	at := parts.Rect{X: area.X + (area.W-w)/2, Y: area.Y + (area.H-h)/2, W: w, H: h}
	d.Bitmap(p.bitmap(fmt.Sprint("S", number), small, b), at)
	d.Box(at, parts.Shape{Edge: d.Palette.Edge, Width: 1})
	return true
}

// Of the page on which pictures are looked at.
const (
	pileWide = 250  // the list beside
	inSight  = 0.15 // of what is seen stays in sight when it is turned
)

// pictured is the page on which the pictures are looked at, one as wide as there is room.
func (d drawing) pictured(v *board.View, area parts.Rect) {
	r := &d.screen.reading
	r.sheet = min(r.sheet, len(v.Pictures)-1)
	now := v.Pictures[r.sheet]
	room := parts.Rect{X: area.X + 16, Y: area.Y + 12, W: area.W - pileWide - 48, H: area.H - 24}
	d.Box(room, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Line, Width: 2})
	r.shown, r.below = 1, 0
	if p := d.screen.pages; p.number == now.Number && p.large != nil {
		d.largePart(p, room)
	} else {
		d.Icon("file-text", room.MidX(), room.MidY(), 96, d.Palette.Muted)
	}
	const rowStep = 92
	x, y := room.Right()+16, room.Y
	rows := max(1, int((area.Bottom()-180-y+rowStep-84)/rowStep))
	first := max(0, r.sheet-rows+1) // the one that is looked at is always there
	for i, one := range v.Pictures[first:min(len(v.Pictures), first+rows)] {
		i += first
		row := parts.Rect{X: x, Y: y, W: pileWide, H: 84}
		d.Touchable(fmt.Sprint("sheet.", i), row)
		shape := parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Line, Width: 2, Radius: radius}
		if i == r.sheet {
			shape.Edge, shape.Width = d.Palette.Primary, 4
		}
		d.Box(row, shape)
		d.thumb(one.Number, parts.Rect{X: row.X + 8, Y: row.Y + 8, W: 52, H: 68})
		d.Paragraph(one.Paper, kind(sizeSmall, typeset.SemiBold, d.Palette.Ink), parts.Rect{X: row.X + 68, Y: row.Y + 6, W: row.W - 78, H: 48})
		d.Line(one.At.Format("02/01 15:04"), kind(sizeSmall, typeset.Regular, d.Palette.Muted), row.X+68, row.Bottom()-16)
		y += rowStep
	}
	const keyHigh = 52
	keys := area.Right() - 16
	d.turnKeys(keys, area.Bottom()-38-2*keyHigh)
	if v.Scans {
		d.capKey("look.remove", "Del", d.t("desk.papers.remove"), keys, area.Bottom()-38-keyHigh)
	}
	d.capKey("look.papers", "Space", d.t("desk.look.back"), keys, area.Bottom()-38)
}

// largePart draws what is seen of the large one: from the top of the part that is turned to.
func (d drawing) largePart(p *pictures, room parts.Rect) {
	r, b := &d.screen.reading, p.large.Bounds()
	high := min(b.Dy(), int(float32(b.Dx())*(room.H-4)/(room.W-4))) // of what is seen, in its pixels
	step := max(1, int(float32(high)*(1-inSight)))
	last := (b.Dy() - high + step - 1) / step
	r.top = min(r.top, last)
	r.shown, r.below = 2, last-r.top // one part at a time
	from := min(r.top*step, b.Dy()-high)
	part := image.Rect(b.Min.X, b.Min.Y+from, b.Max.X, b.Min.Y+from+high)
	d.Bitmap(p.bitmap(fmt.Sprint("L", p.number, "/", r.top), p.large, part), parts.Rect{X: room.X + 2, Y: room.Y + 2, W: room.W - 4, H: (room.W - 4) * float32(high) / float32(b.Dx())})
}

// turnKeys are the keys that go up and down a page, with their right edge at x.
func (d drawing) turnKeys(x, y float32) {
	r := d.screen.reading
	if r.below > 0 {
		x -= d.capKey("look.down", "PgDn", d.t("desk.papers.down"), x, y) + 8
	}
	if r.top > 0 {
		d.capKey("look.up", "PgUp", d.t("desk.papers.up"), x, y)
	}
}

// picturesOf counts the pictures of a paper, and names the first.
func picturesOf(v *board.View, paper string) (first, count int) {
	for _, p := range v.Pictures {
		if p.Paper == paper {
			if count++; count == 1 {
				first = p.Number
			}
		}
	}
	return first, count
}

// stack is the dialog that asks which paper was scanned.
func (d drawing) stack(over parts.Rect) {
	g := d.snap.Dialog
	const rowHigh = 54
	var warnings []string
	for _, w := range []struct {
		is   bool
		word string
	}{{g.Stack.Old > 0, d.t("desk.papers.old", g.Stack.Old)}, {g.Stack.Others > 0, d.t("desk.papers.others", g.Stack.Others)}, {g.Stack.Sent, d.t("desk.papers.sent")}} {
		if w.is {
			warnings = append(warnings, w.word)
		}
	}
	area := parts.Rect{X: over.X + 40, W: over.W - 80, H: 206 + 28*float32(len(warnings)) + rowHigh*float32(len(g.Choices))}
	area.Y = max(over.Y+10, over.MidY()-area.H/2)
	d.Box(area, parts.Shape{Fill: d.Palette.Surface, Edge: d.Palette.Primary, Width: 4, Radius: radius})
	d.Line(d.t("desk.do.papers"), kind(sizePage, typeset.Bold, d.Palette.Ink), area.X+28, area.Y+42)
	word, ink := d.t("desk.papers.none"), d.Palette.Muted
	if s := g.Stack; s.Count > 0 {
		word, ink = d.t("desk.papers.waiting", s.Count, s.Newest.Format("15:04")), d.Palette.Ink
	}
	d.LineIn(word, kind(sizeBody, typeset.SemiBold, ink), area.X+28, area.Y+80, area.W-56)
	y := area.Y + 112
	for _, word := range warnings {
		d.LineIn(word, kind(sizeBody, typeset.SemiBold, d.Palette.WarningInk), area.X+28, y, area.W-56)
		y += 28
	}
	for i, name := range g.Choices {
		row := parts.Rect{X: area.X + 28, Y: y, W: area.W - 56, H: rowHigh - 6}
		d.Touchable(pickOf(0, i), row)
		if i == g.At {
			d.Box(row, parts.Shape{Fill: selected, Edge: d.Palette.Primary, Width: 2, Radius: radius})
		}
		w := float32(0)
		if i < 9 {
			w = d.cap(fmt.Sprint(i+1), row.X+10, row.MidY(), d.Palette.Ink, d.Palette.Edge)
		}
		d.LineIn(name, d.body(), row.X+24+w, row.MidY(), row.W-40-w)
		y += rowHigh
	}
	if g.Problem != "" {
		d.LineIn(d.t("desk.error."+g.Problem), kind(sizeBody, typeset.SemiBold, d.Palette.Danger), area.X+28, area.Bottom()-80, area.W-56)
	}
	x := area.Right() - 28
	x -= d.capKey("key.enter", "Enter", d.t("desk.papers.take"), x, area.Bottom()-36) + 12
	d.capKey("key.escape", "Esc", d.t("desk.cancel"), x, area.Bottom()-36)
}

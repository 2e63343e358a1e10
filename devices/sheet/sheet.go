// Package sheet takes the pictures of papers that a document scanner leaves in a folder.
//
// Every scanner that an office can have, at the desk, in the corridor or on the network, can do that much, so there is no driver: Waiting lists what
// lies there, Read makes one fit to be kept, Remove takes it away once it is. What is read is decoded and written anew. So nothing but pixels gets in,
// whatever lay there, and a page has the resolution that the archive wants, and no more: A4 with 300 dots an inch.
package sheet

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // scanners write it, too
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/image/draw"
)

// Bounds of what is taken.
const (
	MaxFile   = 40 << 20         // bytes of one file
	MaxPixels = 60 << 20         // of one picture: A3 with 600 dots an inch has 70 million, A4 35
	LongSide  = 3508             // pixels of A4 with 300 dots an inch
	settled   = 2 * time.Second  // without a change, until a file counts as written
	most      = 60               // files that are listed
	quality   = 80               // of JPEG, 1 to 100
	backlog   = 10 * time.Minute // how old what waits may be until it is Old
)

// The errors that callers act on. The files stay.
var (
	ErrPicture = errors.New("sheet: not a picture that can be taken")
	ErrAbsent  = errors.New("sheet: the folder is not there")
	ErrFile    = errors.New("sheet: the file cannot be read or removed")
)

// Sheet is a picture that waits in the folder.
type Sheet struct {
	Name string
	At   time.Time // when it was written
	Old  bool      // long ago: it may be of somebody who is gone
}

// Folder is where a scanner leaves what it scanned.
type Folder struct {
	Path string
	Now  func() time.Time // nil: the clock
}

func (f Folder) now() time.Time {
	if f.Now == nil {
		return time.Now()
	}
	return f.Now()
}

// Waiting lists the pictures that are whole, in the order in which they were scanned. others counts files that are none: a scanner that is set to write PDF. The
// error is ErrAbsent.
func (f Folder) Waiting() (list []Sheet, others int, err error) {
	entries, err := os.ReadDir(f.Path)
	if err != nil {
		return nil, 0, because(ErrAbsent, err)
	}
	now := f.now()
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		switch strings.ToLower(filepath.Ext(e.Name())) {
		case ".jpg", ".jpeg", ".png":
			age := now.Sub(info.ModTime())
			if age < 0 || age >= settled { // one from the future is whole, too: scanners have clocks of their own
				list = append(list, Sheet{e.Name(), info.ModTime(), age > backlog})
			}
		default:
			others++
		}
	}
	slices.SortFunc(list, func(a, b Sheet) int { return cmp.Or(a.At.Compare(b.At), compareNames(a.Name, b.Name)) })
	return list[:min(len(list), most)], others, nil
}

// compareNames puts page 9 before page 10: many scanners, and disks on which they write, count time in seconds, in which several pages come.
func compareNames(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x == "" || y == "" {
			if a[0] != b[0] {
				break
			}
			a, b = a[1:], b[1:]
			continue
		}
		n, m := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		if order := cmp.Or(cmp.Compare(len(n), len(m)), cmp.Compare(n, m), cmp.Compare(len(x), len(y))); order != 0 {
			return order
		}
		a, b = a[len(x):], b[len(y):]
	}
	return cmp.Compare(a, b)
}

// digits are those with which a text begins.
func digits(s string) string { return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))] }

// Read gives the picture of a file as a JPEG that fits into most bytes. The errors are those of this package.
func (f Folder) Read(name string, most int) ([]byte, error) {
	root, err := os.OpenRoot(f.Path)
	if err != nil {
		return nil, because(ErrAbsent, err)
	}
	defer root.Close()
	file, err := root.Open(name) // a name that leads elsewhere is refused
	if err != nil {
		return nil, because(ErrFile, err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, MaxFile+1))
	if err != nil {
		return nil, because(ErrFile, err)
	}
	defer clear(data)
	return Normal(data, most)
}

// Remove takes the file of a sheet away: what it held is written over first, as far as the disk lets it. Another one that came under the same name since, as
// of a scanner that knows only one, stays: it is the next sheet.
func (f Folder) Remove(s Sheet) error {
	name := s.Name
	root, err := os.OpenRoot(f.Path)
	if err != nil {
		return because(ErrAbsent, err)
	}
	defer root.Close()
	if info, err := root.Stat(name); err == nil && !info.ModTime().Equal(s.At) {
		return nil
	}
	if file, err := root.OpenFile(name, os.O_WRONLY, 0); err == nil {
		if info, err := file.Stat(); err == nil {
			_, _ = io.CopyN(file, zeros{}, info.Size())
			_ = file.Sync()
		}
		_ = file.Close()
	}
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return because(ErrFile, err)
	}
	return nil
}

// because is an error of this package with what the system said, but for the name of the file: scanners let people name what they scan.
func because(what, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%w: %w", what, err)
}

// zeros is a file of zeros that does not end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// Normal decodes a JPEG or PNG and writes it anew as a JPEG of at most LongSide pixels on its longer side and of at most most bytes: first with less
// quality, then smaller. ErrPicture for what is none, or too large.
func Normal(data []byte, most int) ([]byte, error) {
	if len(data) > MaxFile {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrPicture, MaxFile)
	}
	head, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || head.Width <= 0 || head.Height <= 0 || head.Width > MaxPixels/head.Height {
		return nil, fmt.Errorf("%w: %d x %d pixels", ErrPicture, head.Width, head.Height)
	}
	was, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: it cannot be decoded", ErrPicture)
	}
	for side, q := LongSide, quality; side > 0; {
		page := scaled(was, side)
		var out bytes.Buffer
		err := jpeg.Encode(&out, page, &jpeg.Options{Quality: q})
		clear(page.Pix)
		if err != nil {
			return nil, fmt.Errorf("%w: it cannot be encoded", ErrPicture)
		}
		if out.Len() <= most {
			return out.Bytes(), nil
		}
		if q > quality/2 {
			q /= 2
		} else {
			side /= 2
		}
	}
	return nil, fmt.Errorf("%w: it does not fit into %d bytes", ErrPicture, most)
}

// scaled is a picture on white with at most side pixels on its longer side.
func scaled(p image.Image, side int) *image.RGBA {
	b := p.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	page := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(page, page.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	if w == b.Dx() && h == b.Dy() {
		draw.Draw(page, page.Bounds(), p, b.Min, draw.Over)
	} else {
		draw.ApproxBiLinear.Scale(page, page.Bounds(), p, b, draw.Over, nil)
	}
	return page
}

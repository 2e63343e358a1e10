// Package walk drives the real kiosk as a person would: a real X display, the real binary, a finger at what is on the
// screen, a scanner and a printer at the ends of serial lines, a card on a PC/SC reader. The demonstration
// (motcuactl sim run) and the end-to-end tests are the same walk.
//
// Where to touch is not guessed from pixels: the kiosk writes, when asked to (-touchmap), which page it shows and
// where its keys are. Whether a key is really there and really works is then proven by touching it.
package walk

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ErrNoDisplay: Xvfb is not installed or does not start.
var ErrNoDisplay = errors.New("walk: no virtual display")

// displayStart is how long Xvfb may take to come up.
const displayStart = 15 * time.Second

// Display is a virtual X display whose picture lies in a file (Xvfb -fbdir), so that a screenshot needs no program.
type Display struct {
	Name   string // ":1"
	Width  int
	Height int
	dir    string
	server *exec.Cmd
}

// StartDisplay starts Xvfb with one screen of the given size on a free display number.
func StartDisplay(ctx context.Context, width, height int) (*Display, error) {
	dir, err := os.MkdirTemp("", "motcua-display-")
	if err != nil {
		return nil, err
	}
	d := &Display{Width: width, Height: height, dir: dir}
	if err := d.start(ctx); err != nil {
		d.Close()
		return nil, fmt.Errorf("%w: %w", ErrNoDisplay, err)
	}
	return d, nil
}

// start runs Xvfb and waits for it to tell its number through a pipe (fixed numbers collide).
func (d *Display) start(ctx context.Context) error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer read.Close()
	const firstExtraFile = "3" // exec.Cmd.ExtraFiles begin there
	d.server = exec.CommandContext(ctx, "Xvfb", "-displayfd", firstExtraFile, "-fbdir", d.dir, "-nolisten", "tcp",
		"-screen", "0", fmt.Sprintf("%dx%dx24", d.Width, d.Height))
	d.server.ExtraFiles = []*os.File{write}
	err = d.server.Start()
	write.Close()
	if err != nil {
		return err
	}
	if err := read.SetReadDeadline(time.Now().Add(displayStart)); err != nil {
		return err
	}
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		return err
	}
	d.Name = ":" + strings.TrimSpace(line)
	return nil
}

// Close ends the display and everything on it.
func (d *Display) Close() {
	if d.server != nil && d.server.Process != nil {
		_ = d.server.Process.Kill()
		_ = d.server.Wait()
	}
	_ = os.RemoveAll(d.dir)
}

// Env is the environment of a program on this display.
func (d *Display) Env() []string {
	return append(os.Environ(), "DISPLAY="+d.Name, "LANG=vi_VN.UTF-8", "LC_CTYPE=C.UTF-8", "LIBGL_ALWAYS_SOFTWARE=1", "FYNE_SCALE=1")
}

// Touch puts a finger at a point: pointer there, button down, button up.
func (d *Display) Touch(ctx context.Context, x, y int) error {
	return d.xdotool(ctx, "mousemove", strconv.Itoa(x), strconv.Itoa(y), "click", "1")
}

// Type types a text on the keyboard that an officer has plugged in. Letters that the keyboard has no key for get lost now
// and then: xdotool makes a key for them, and the program may learn of it too late.
func (d *Display) Type(ctx context.Context, text string) error {
	return d.xdotool(ctx, "type", "--delay", "40", text)
}

// Press presses keys by their X names, one after the other: F5, Return, Escape.
func (d *Display) Press(ctx context.Context, keys ...string) error {
	return d.xdotool(ctx, append([]string{"key", "--delay", "60"}, keys...)...)
}

func (d *Display) xdotool(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "xdotool", args...)
	cmd.Env = append(d.Env(), "LC_ALL=C.UTF-8") // or it takes no Vietnamese
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("walk: xdotool %s: %w: %s", args[0], err, out)
	}
	return nil
}

// X window dump format, version 7 (XWDFile.h): big-endian header of 32-bit words, window name, colour map, pixels.
const (
	xwdHeaderWords  = 25
	xwdHeaderSize   = 0
	xwdWidth        = 4
	xwdHeight       = 5
	xwdBitsPerPixel = 11
	xwdBytesPerLine = 12
	xwdColours      = 19
	xwdColourSize   = 12
	trueColourBits  = 32
)

// Screenshot is what the display shows now.
func (d *Display) Screenshot() (*image.RGBA, error) {
	dump, err := os.ReadFile(filepath.Join(d.dir, "Xvfb_screen0"))
	if err != nil {
		return nil, err
	}
	if len(dump) < xwdHeaderWords*4 {
		return nil, errors.New("walk: window dump is cut short")
	}
	word := func(i int) int { return int(binary.BigEndian.Uint32(dump[i*4:])) }
	width, height, stride := word(xwdWidth), word(xwdHeight), word(xwdBytesPerLine)
	start := word(xwdHeaderSize) + word(xwdColours)*xwdColourSize
	if word(xwdBitsPerPixel) != trueColourBits || len(dump) < start+stride*height {
		return nil, errors.New("walk: window dump of a kind not known here")
	}
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		row := dump[start+y*stride:]
		for x := range width { // pixels are little-endian: blue, green, red, nothing
			picture.SetRGBA(x, y, color.RGBA{R: row[x*4+2], G: row[x*4+1], B: row[x*4], A: 0xFF})
		}
	}
	return picture, nil
}

// Save writes a screenshot as PNG.
func (d *Display) Save(path string) error {
	picture, err := d.Screenshot()
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(f, picture); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"motcua/devices/scan"
	"motcua/devices/scan/qr"
	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
)

// pictureTime is how long one picture may take: more than the kiosk grants a camera frame, because nobody waits.
const pictureTime = time.Second

// reading is a line of `motcuactl qr --json`.
type reading struct {
	File string  `json:"file"`
	Text string  `json:"text,omitempty"`
	MS   float64 `json:"ms"`
}

// qrFiles reads codes from pictures. A file that cannot be read or holds no code does not keep the others from being
// read; the exit status is that of the first such file.
func qrFiles(ctx context.Context, t *tool, args []string) error {
	f := t.flags("qr")
	onlyCards := f.Bool("card", false, "a code that is not an ID card's is a failure")
	files, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fault.Newf(fault.Usage, "name at least one picture")
	}
	var first error
	for _, file := range files {
		r, err := qrFile(ctx, file)
		if err == nil && *onlyCards {
			_, err = identity.ParseQR(r.Text)
		}
		if err := t.reading(r, err); err != nil {
			return err
		}
		if first == nil && err != nil {
			first = fmt.Errorf("%s: %w", file, err)
		}
	}
	return first
}

// reading writes one line.
func (t *tool) reading(r reading, failed error) error {
	if t.json {
		return t.line(r)
	}
	text := r.Text
	if failed != nil {
		text = "(" + failed.Error() + ")"
	}
	_, err := fmt.Fprintf(t.out, "%s\t%s\t%.1f ms\n", r.File, text, r.MS)
	return err
}

// qrFile reads one picture. MS is the time of the decoder, without opening the file.
func qrFile(ctx context.Context, file string) (reading, error) {
	r := reading{File: file}
	luma, err := qr.OpenFile(file)
	if err != nil {
		return r, fault.New(fault.PictureBad, err)
	}
	began := time.Now()
	decoder := qr.Decoder{Budget: pictureTime}
	result, err := decoder.Decode(ctx, luma)
	const perMilli = 1000
	r.MS = math.Round(float64(time.Since(began).Microseconds())) / perMilli
	switch {
	case errors.Is(err, scan.ErrNoCode), errors.Is(err, scan.ErrNotText):
		return r, fault.New(fault.QRUnreadable, err)
	case err != nil:
		return r, fault.New(fault.PictureBad, err)
	}
	r.Text = result.Text
	return r, nil
}

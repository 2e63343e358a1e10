package day

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"motcua/kiosk/board"
)

// scansIn is the folder beside a data directory in which the document scanner of the office leaves pictures.
func scansIn(data string) string { return filepath.Join(filepath.Dir(data), "scans") }

// page is a sheet of paper as a scanner sees it: another one for each number. It is noise, of which every part is known again.
func page(number uint64) []byte {
	sheet := image.NewGray(image.Rect(0, 0, 620, 877)) // A4 with 75 dots an inch
	r := rand.New(rand.NewPCG(number, 8))
	for i := range sheet.Pix {
		sheet.Pix[i] = byte(r.Uint32())
	}
	var out bytes.Buffer
	_ = png.Encode(&out, sheet) // into memory, of a picture that has pixels
	return out.Bytes()
}

// scan has a sheet go through the document scanner and puts it beside the filing that is open, as its first paper.
func (o *officerHand) scan(sheet []byte) error {
	path := filepath.Join(scansIn(o.d.data()), "scan.png")
	done := time.Now().Add(-time.Minute) // the scanner
	if err := os.WriteFile(path, sheet, 0o600); err != nil {
		return err
	}
	if err := os.Chtimes(path, done, done); err != nil {
		return err
	}
	had := len(o.seen.Open.Pictures)
	if err := o.do("take papers", board.Papers{}, board.Type{Rune: '1'}, board.Enter{}); err != nil {
		return err
	}
	for end := time.Now().Add(patience); len(o.seen.Open.Pictures) == had; time.Sleep(lookAgain) {
		if time.Now().After(end) {
			return fmt.Errorf("the paper is not there: %s", o.seen.Notice)
		}
		if err := o.do("look", board.Tick{}); err != nil {
			return err
		}
		if o.seen.Open == nil {
			return fmt.Errorf("the filing was closed while its paper was taken")
		}
	}
	return nil
}

package office

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"os/exec"
	"strings"
	"time"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"

	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
	"motcua/kiosk/seal"
	"motcua/kiosk/steward"
)

// SheetForm is the form of a sheet of the recovery key, in assets/papers.
const SheetForm = "PH01"

// groupsInRow is how many groups of letters a row of SheetForm has.
const groupsInRow = 5

// RecoverySheet prints sheet 1 or 2 of a recovery key, whose fingerprint is on it, as PDF. officers are the ids of who made it.
func RecoverySheet(shelf *paper.Shelf, o official.Office, n int, sheet seal.Sheet, fingerprint string, officers []string, now time.Time) ([]byte, error) {
	day := identity.DateOf(now)
	form, ok := shelf.On(SheetForm, day)
	if !ok {
		return nil, fault.Newf(fault.ConfigBad, "office: there is no form %s", SheetForm)
	}
	code, err := qrPicture(strings.Join(strings.Fields(string(sheet)), ""))
	if err != nil {
		return nil, err
	}
	v := paper.Values{Photo: code, Text: map[string]string{"office_name": o.Name, "office_parent": o.Parent, "sheet": fmt.Sprint(n),
		"today": day.String(), "fingerprint": fingerprint, "officers": strings.Join(officers, ", ")}, Rows: map[string][]map[string]string{}}
	groups := strings.Fields(string(sheet))
	for i := 0; i < len(groups); i += groupsInRow {
		row := map[string]string{}
		for j, g := range groups[i:min(i+groupsInRow, len(groups))] {
			row[fmt.Sprint("g", j+1)] = g
		}
		v.Rows["letters"] = append(v.Rows["letters"], row)
	}
	var pdf bytes.Buffer
	if err := form.Render(&pdf, v); err != nil {
		return nil, fault.New(fault.Internal, fmt.Errorf("office: %s: %w", SheetForm, err))
	}
	return pdf.Bytes(), nil
}

// RecoverySheets prints both sheets of a recovery key, as PDF.
func RecoverySheets(p official.Printer, key *seal.Identity, officers []string, now time.Time) ([2][]byte, error) {
	var pdf [2][]byte
	one, two, err := seal.Split(key)
	if err != nil {
		return pdf, fault.New(fault.Internal, err)
	}
	for i, sheet := range []seal.Sheet{one, two} {
		if pdf[i], err = RecoverySheet(p.Shelf, p.Office, i+1, sheet, steward.Fingerprint(key.Public()), officers, now); err != nil {
			return pdf, err
		}
	}
	return pdf, nil
}

// qrPicture is a code with its quiet zone, a few pixels a module.
func qrPicture(text string) (image.Image, error) {
	const module, quiet = 8, 4
	code, err := encoder.Encoder_encodeWithoutHint(text, decoder.ErrorCorrectionLevel_M)
	if err != nil {
		return nil, fault.Newf(fault.Internal, "office: no QR code of %d letters", len(text)) // err would quote them
	}
	m := code.GetMatrix()
	g := image.NewGray(image.Rect(0, 0, (m.GetWidth()+2*quiet)*module, (m.GetHeight()+2*quiet)*module))
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			mx, my := x/module-quiet, y/module-quiet
			if mx < 0 || my < 0 || mx >= m.GetWidth() || my >= m.GetHeight() || m.Get(mx, my) != 1 {
				g.SetGray(x, y, color.Gray{255})
			}
		}
	}
	return g, nil
}

// printTimeout is how long CUPS may take to take a job.
const printTimeout = 20 * time.Second

// PrintPDF hands a PDF to CUPS, to a queue or the usual one. It goes in by standard input: no file of ours has a name in it.
func PrintPDF(ctx context.Context, queue string, pdf []byte) error {
	ctx, cancel := context.WithTimeout(ctx, printTimeout)
	defer cancel()
	args := []string{"-s", "-t", "Motcua"}
	if queue != "" {
		args = append(args, "-d", queue)
	}
	lp := exec.CommandContext(ctx, "lp", append(args, "-")...)
	lp.Stdin = bytes.NewReader(pdf)
	if out, err := lp.CombinedOutput(); err != nil {
		return fault.New(fault.PrinterAbsent, fmt.Errorf("lp: %w: %s", err, bytes.TrimSpace(out)))
	}
	return nil
}

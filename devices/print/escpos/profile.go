package escpos

import (
	"errors"
	"fmt"
	"strings"
)

// ErrProfile: no profile has that name.
var ErrProfile = errors.New("escpos: unknown profile")

// QRMode says who draws a QR code.
type QRMode uint8

// The two ways to a QR code.
const (
	QRRaster QRMode = iota // we do; every printer can
	QRNative               // the printer does, by GS ( k
)

// CutMode says how a slip ends.
type CutMode uint8

// The ends of a slip.
const (
	CutNone    CutMode = iota // fed out past the tear bar, no cutter
	CutPartial                // GS V 66: one point is left standing, the slip does not fall
	CutFull                   // GS V 65
)

// ConfirmMode says by which command the printer is asked whether the job is through.
type ConfirmMode uint8

// The ways to ask for the end of a job.
const (
	// ConfirmSensor is GS r 1. It stands in the command table of nearly every printer that can answer at all; it is
	// answered when the commands before it have been worked off.
	ConfirmSensor ConfirmMode = iota
	// ConfirmProcess is GS ( H with a process id, answered when all before it is on paper. Exact, but a printer that
	// does not know it prints its parameters as text: only for models whose manual has it.
	ConfirmProcess
)

// Profile is what a model can do, as far as this driver makes use of it.
type Profile struct {
	Name    string
	Width   int // dots across the paper
	QR      QRMode
	Cut     CutMode
	Status  bool // it answers DLE EOT; a printer that never does is still printed on
	Confirm ConfirmMode
	Align   bool // ESC a moves raster bit images as well: centred bands can be sent without their margins
}

// Dots across the paper of common printers at 203 dpi (8 dots/mm).
const (
	width80 = 576 // 72 mm of 80
	width58 = 384 // 48 mm of 58
)

// Profiles are the known models. The generic ones ask for nothing that a cheap printer may lack.
func Profiles() []Profile {
	return []Profile{
		{Name: "generic-80", Width: width80, Cut: CutPartial, Status: true},
		{Name: "generic-58", Width: width58, Cut: CutNone, Status: true},
		{Name: "epson-tm-t20", Width: width80, QR: QRNative, Cut: CutPartial, Status: true, Confirm: ConfirmProcess, Align: true},
		{Name: "xprinter-80", Width: width80, QR: QRNative, Cut: CutPartial, Status: true, Align: true},
	}
}

// ProfileNamed finds a profile; ErrProfile names the ones there are.
func ProfileNamed(name string) (Profile, error) {
	var names []string
	for _, p := range Profiles() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Profile{}, fmt.Errorf("%w %q (known: %s)", ErrProfile, name, strings.Join(names, ", "))
}

package main

import (
	"context"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"motcua/cmd/internal/office"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/pcsc"
	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/station"
)

// Patience of card read.
const (
	usualWait = 3 * time.Second  // for a card to be laid down
	readTime  = 60 * time.Second // for a slow chip with a large portrait
)

// cardOutput is what `card read --json` writes; the package comment documents it.
type cardOutput struct {
	Person  identity.Person  `json:"person"`
	Verdict identity.Verdict `json:"verdict"`
	Checks  []identity.Check `json:"checks"`
	Notes   []string         `json:"notes,omitempty"`
	Access  string           `json:"access"`
	APDUs   int              `json:"apdus"`
	Up      int              `json:"up"`
	Down    int              `json:"down"`
	MS      int64            `json:"ms"`
	Photo   *photoOutput     `json:"photo,omitempty"`
}

type photoOutput struct {
	Type   string `json:"type"`
	Bytes  int    `json:"bytes"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

// cardFlags are the flags of card read.
type cardFlags struct {
	reader, qr, id, mrz, trace, photo string
	wait                              time.Duration
}

func (c *cardFlags) add(f *flag.FlagSet) {
	f.StringVar(&c.reader, "reader", "", "part of the reader's name; else the first with a card")
	f.StringVar(&c.qr, "qr", "", "text of the card's QR code")
	f.StringVar(&c.id, "id", "", "the twelve-digit number")
	f.StringVar(&c.mrz, "mrz", "", "the lines of the machine readable zone with commas between; of an ID card the first two will do")
	f.StringVar(&c.trace, "trace", "", "write every command and response to this file")
	f.StringVar(&c.photo, "photo", "", "write the portrait to this file")
	f.DurationVar(&c.wait, "wait", usualWait, "how long to wait for a card")
}

// key is what opens the chip.
func (c *cardFlags) key() (station.Key, error) {
	given := 0
	for _, s := range []string{c.qr, c.id, c.mrz} {
		if s != "" {
			given++
		}
	}
	switch {
	case given != 1:
		return station.Key{}, fault.Newf(fault.Usage, "give one of --qr, --id and --mrz")
	case c.qr != "":
		code, err := identity.ParseQR(c.qr)
		return station.Key{Number: code.Person.Number, Birth: code.Person.Birth, Issued: code.Person.Issued}, err
	case c.id != "":
		number, err := identity.ParseNumber(c.id)
		if err != nil {
			return station.Key{}, fault.New(fault.Usage, err)
		}
		return station.Key{Number: number}, nil
	}
	lines, err := mrzLines(c.mrz)
	return station.Key{MRZ: lines}, err
}

// mrzLines splits what was given as the machine readable zone. Lines 1 and 2 of an ID card are enough: what opens the
// chip stands in them, so the name's line is made of fillers. A check digit that does not fit means mistyped, and is
// said before the chip counts a wrong key.
func mrzLines(text string) ([]string, error) {
	const nameLine = 30 // characters, ICAO 9303-5 §4.2
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' })
	if len(lines) == 2 && len(strings.TrimSpace(lines[0])) == nameLine {
		lines = append(lines, strings.Repeat(lds.Filler, nameLine))
	}
	zone, err := lds.ParseMRZ(lines...)
	if err != nil {
		return nil, fault.New(fault.Usage, err)
	}
	if !zone.Checks.Number || !zone.Checks.Birth || !zone.Checks.Expiry {
		return nil, fault.Newf(fault.Usage, "a check digit of the machine readable zone does not fit")
	}
	return lines, nil
}

// cardRead reads the chip.
func cardRead(ctx context.Context, t *tool, args []string) error {
	f := t.flags("card read")
	var flags cardFlags
	flags.add(f)
	if _, err := parse(f, args); err != nil {
		return err
	}
	key, err := flags.key()
	if err != nil {
		return err
	}
	trace, err := openTrace(flags.trace)
	if err != nil {
		return err
	}
	if trace != nil {
		defer trace.Close()
	}
	trusted, err := t.openTrust("")
	if err != nil {
		return err
	}
	reading, err := readChip(ctx, flags, key, trusted, trace)
	if err != nil {
		return err
	}
	if flags.photo != "" && reading.Photo != nil {
		if err := writePrivateOver(flags.photo, reading.Photo.Data); err != nil {
			return fault.New(fault.StoreFailed, err)
		}
	}
	if err := t.chip(reading); err != nil {
		return err
	}
	return tell(reading.Verdict())
}

func openTrace(path string) (*os.File, error) {
	if path == "" {
		return nil, nil
	}
	trace, err := privateOver(path)
	if err != nil {
		return nil, fault.New(fault.StoreFailed, err)
	}
	return trace, nil
}

// readChip waits for a card and reads it.
func readChip(ctx context.Context, flags cardFlags, key station.Key, trusted pki.Trust, trace *os.File) (station.Reading, error) {
	readers := pcsc.New()
	defer readers.Close()
	reader, err := office.WaitForCard(ctx, readers, flags.reader, flags.wait)
	if err != nil {
		return station.Reading{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	transport, err := readers.Connect(ctx, reader)
	if err != nil {
		return station.Reading{}, fault.New(station.CardCode(err), err)
	}
	defer transport.Close()
	var out io.Writer
	if trace != nil {
		out = trace
	}
	return station.Read(ctx, transport, key, trusted, out)
}

// chip writes what was read.
func (t *tool) chip(r station.Reading) error {
	if !t.json {
		return t.describeChip(r)
	}
	out := cardOutput{Person: r.Person, Verdict: r.Evidence.Verdict(), Checks: r.Evidence.Checks, Notes: r.Evidence.Notes, Access: r.Evidence.Access,
		APDUs: r.APDUs, Up: r.Up, Down: r.Down, MS: r.Took.Milliseconds()}
	if r.Photo != nil {
		out.Photo = &photoOutput{r.Photo.Type, len(r.Photo.Data), r.Photo.Width, r.Photo.Height}
	}
	return t.line(out)
}

// describeChip writes what was read for people.
func (t *tool) describeChip(r station.Reading) error {
	row := func(name string, value any) { fmt.Fprintf(t.out, "%-24s %v\n", name, value) }
	describePerson(row, r.Person)
	t.describeEvidence(row, r.Evidence)
	row("opened by", r.Evidence.Access)
	if r.Photo != nil {
		row("portrait", fmt.Sprintf("%s, %d bytes, %d x %d", r.Photo.Type, len(r.Photo.Data), r.Photo.Width, r.Photo.Height))
	}
	_, err := fmt.Fprintf(t.out, "%d commands, %d bytes up, %d down, %v\n", r.APDUs, r.Up, r.Down, r.Took.Round(time.Millisecond))
	return err
}

// cardWatch shows readers and cards come and go until it is interrupted.
func cardWatch(ctx context.Context, t *tool, args []string) error {
	if _, err := parse(t.flags("card watch"), args); err != nil {
		return err
	}
	readers := pcsc.New()
	defer readers.Close()
	for e := range readers.Watch(ctx) {
		var err error
		if t.json {
			line := map[string]string{"event": e.Kind.String()}
			if e.Reader != "" {
				line["reader"] = e.Reader
			}
			if len(e.ATR) > 0 {
				line["atr"] = strings.ToUpper(hex.EncodeToString(e.ATR))
			}
			err = t.line(line)
		} else {
			_, err = fmt.Fprintf(t.out, "%-14s %s %X\n", e.Kind, e.Reader, e.ATR)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

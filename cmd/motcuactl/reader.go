package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/pcsc"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/station"
)

// lookTime is how long the readers are looked for: all that are there show at once.
const lookTime = 1500 * time.Millisecond

// readerLine is a line of card reader.
type readerLine struct {
	Reader  string `json:"reader"`
	Present bool   `json:"present"`
	Card    bool   `json:"card"`
	Used    bool   `json:"used"` // where there are several
}

// cardReader shows the readers, or has the station prefer one.
func cardReader(ctx context.Context, t *tool, args []string) error {
	f := t.flags("card reader")
	data := f.String("data", "", "data directory")
	operands, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(operands) > 1 {
		return fault.Newf(fault.Usage, "name one reader")
	}
	dir, err := t.dataDir(*data)
	if err != nil {
		return err
	}
	lines := lookAtReaders(ctx, station.ChosenReader(dir))
	if len(operands) == 1 {
		return t.chooseReader(dir, operands[0], lines)
	}
	for _, l := range lines {
		if t.json {
			err = t.line(l)
		} else {
			_, err = fmt.Fprintf(t.out, "%s%s%s%s\n", l.Reader, mark(!l.Present, ", not there"), mark(l.Card, ", a card lies on it"), mark(l.Used, ", used"))
		}
		if err != nil {
			return err
		}
	}
	if len(lines) == 0 {
		return fault.New(fault.ReaderAbsent, card.ErrNoReader)
	}
	return nil
}

func mark(is bool, words string) string {
	if is {
		return words
	}
	return ""
}

// dataDir is the data directory: the one that was named, else that of the configuration.
func (t *tool) dataDir(named string) (string, error) {
	if named == "" {
		cfg, err := t.config()
		if err != nil {
			return "", err
		}
		named = cfg.Data.Dir
	}
	dir, err := config.Expand(named)
	if err != nil {
		return "", fault.New(fault.ConfigBad, err)
	}
	return dir, nil
}

// chooseReader keeps the choice of a reader that is there.
func (t *tool) chooseReader(dir, name string, lines []readerLine) error {
	if !slices.ContainsFunc(lines, func(l readerLine) bool { return l.Reader == name && l.Present }) {
		return fault.Newf(fault.ReaderAbsent, "no reader has this name")
	}
	if err := station.ChooseReader(dir, name); err != nil {
		return err
	}
	if t.json {
		return t.line(readerLine{Reader: name, Present: true, Used: true})
	}
	_, err := fmt.Fprintf(t.out, "%s is used from now on\n", name)
	return err
}

// lookAtReaders lists the readers that PC/SC knows now, and the one that is used even if it is away.
func lookAtReaders(ctx context.Context, used string) (lines []readerLine) {
	readers := pcsc.New()
	defer readers.Close()
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	for e := range readers.Watch(ctx) {
		i := slices.IndexFunc(lines, func(l readerLine) bool { return l.Reader == e.Reader })
		switch {
		case e.Kind == card.ReaderAdded && i < 0:
			lines = append(lines, readerLine{Reader: e.Reader, Present: true, Used: e.Reader == used})
		case i < 0:
		case e.Kind == card.ReaderGone:
			lines = slices.Delete(lines, i, i+1)
		default:
			lines[i].Card = e.Kind == card.CardInserted || e.Kind == card.CardMute
		}
	}
	if used != "" && !slices.ContainsFunc(lines, func(l readerLine) bool { return l.Used }) {
		lines = append(lines, readerLine{Reader: used, Used: true})
	}
	return lines
}

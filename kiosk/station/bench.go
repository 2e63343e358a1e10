package station

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/pcsc"
	"motcua/devices/scan"
	"motcua/kiosk/checkup"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/receipt"
)

// Bench tries the parts of a station for a technician. Nothing that it finds out is about a person: of a card it uses what every chip says to
// everybody, of a code how long it is.
type Bench struct {
	station  *Station
	sentence string
	now      func() time.Time
}

var _ checkup.Bench = (*Bench)(nil)

// Bench is the bench of this station; sentence is what the voice says. It needs Watch to run.
func (s *Station) Bench(sentence string) *Bench { return &Bench{s, sentence, time.Now} }

// Try tests one part.
func (b *Bench) Try(ctx context.Context, part checkup.Part, tell func(checkup.Progress)) (checkup.Answer, error) {
	switch part {
	case checkup.Reader:
		said, err := b.tryReader(ctx, tell)
		return checkup.Answer{Reader: said}, err
	case checkup.Scanner:
		said, err := b.tryScanner(ctx, tell)
		return checkup.Answer{Scanner: said}, err
	case checkup.Printer:
		tell(checkup.Progress{Stage: checkup.Running})
		said, err := b.tryPrinter(ctx)
		return checkup.Answer{Printer: said}, err
	case checkup.Voice:
		tell(checkup.Progress{Stage: checkup.Running})
		began := b.now()
		if err := b.station.Say(ctx, b.sentence); err != nil {
			return checkup.Answer{}, fault.New(fault.VoiceFailed, err)
		}
		return checkup.Answer{Voice: &checkup.VoiceSaid{Took: b.now().Sub(began)}}, nil
	}
	return checkup.Answer{}, fault.Newf(fault.Usage, "station: no test for %s", part)
}

// lookForCard is how often a bench looks whether a card was laid down.
const lookForCard = 50 * time.Millisecond

// awaitCard waits until a card lies on a reader.
func (b *Bench) awaitCard(ctx context.Context, tell func(checkup.Progress)) error {
	tick := time.NewTicker(lookForCard)
	defer tick.Stop()
	for told := false; ; {
		b.station.mu.Lock()
		now := b.station.slots.last
		b.station.mu.Unlock()
		switch {
		case !now.reader:
			return fault.New(fault.ReaderAbsent, card.ErrNoReader)
		case now.mute:
			return fault.New(fault.CardMute, card.ErrUnresponsive)
		case now.card:
			return nil
		}
		if !told {
			tell(checkup.Progress{Stage: checkup.Hands})
			told = true
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fault.New(fault.TestSilent, ctx.Err())
		}
	}
}

// tryReader talks to whatever chip is laid down, as far as a chip talks to everybody.
func (b *Bench) tryReader(ctx context.Context, tell func(checkup.Progress)) (*checkup.ReaderSaid, error) {
	s := b.station
	if s.cards == nil {
		return nil, fault.New(fault.ReaderAbsent, card.ErrNoReader)
	}
	if err := b.awaitCard(ctx, tell); err != nil {
		return nil, err
	}
	select {
	case <-s.reading:
		defer func() { s.reading <- struct{}{} }()
	case <-ctx.Done():
		return nil, fault.New(fault.TestSilent, ctx.Err())
	}
	transport, reader, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer transport.Close()
	tell(checkup.Progress{Stage: checkup.Running})
	said := &checkup.ReaderSaid{Device: reader, Extended: "unknown"}
	if capable, ok := s.cards.(pcsc.Capable); ok {
		said.LongAPDU, _ = capable.MaxAPDU(reader)
	}
	return said, askChip(ctx, transport, said, s.shortOnly(reader))
}

// challenges is how many random numbers are asked for: their times are those of a command.
const challenges = 8

// askChip fills in what the chip says. A card that is no ID card is no error: the reader works.
func askChip(ctx context.Context, transport card.Transport, said *checkup.ReaderSaid, short bool) error {
	t := &timed{Transport: transport}
	conn := emrtd.New(t)
	_, _, err := conn.ReadCardAccess(ctx, !short)
	var refused *apdu.StatusError
	if err != nil && !errors.As(err, &refused) && !errors.Is(err, emrtd.ErrDamaged) {
		return fault.New(CardCode(err), err)
	}
	said.PACE = err == nil
	switch {
	case short, err == nil && !conn.Sizes().Extended:
		said.Extended = "no"
	case err == nil:
		said.Extended = "yes"
	}
	if err = conn.SelectApplication(ctx); err != nil && !errors.As(err, &refused) {
		return fault.New(CardCode(err), err)
	}
	said.ID = err == nil
	for range challenges {
		if _, err := conn.Send(ctx, apdu.Command{INS: 0x84, Ne: 8}); err != nil && !errors.As(err, &refused) { // ISO 7816-4 §11.5.3 GET CHALLENGE
			return fault.New(CardCode(err), err)
		}
	}
	said.Commands, said.First = len(t.took), t.took[0]
	slices.Sort(t.took)
	said.Median, said.Slowest = t.took[len(t.took)/2], t.took[len(t.took)-1]
	return nil
}

// timed notes how long commands take.
type timed struct {
	card.Transport
	took []time.Duration
}

// Transmit passes a command on.
func (t *timed) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	began := time.Now()
	response, err := t.Transport.Transmit(ctx, command)
	t.took = append(t.took, time.Since(began))
	return response, err
}

// tryScanner waits for a code.
func (b *Bench) tryScanner(ctx context.Context, tell func(checkup.Progress)) (*checkup.ScannerSaid, error) {
	s := b.station
	if s.scanner == nil {
		return nil, fault.New(fault.ScannerAbsent, scan.ErrGone)
	}
	events := make(chan scan.Event, 1)
	s.tap.Store(&events)
	defer s.tap.Store(nil)
	tell(checkup.Progress{Stage: checkup.Hands})
	began := b.now()
	select {
	case e := <-events:
		said := describe(e)
		said.Device, said.After = s.scanner.Name(), b.now().Sub(began)
		return said, nil
	case <-ctx.Done():
		return nil, fault.New(fault.TestSilent, ctx.Err())
	}
}

// tapped gives what a scanner read to the bench, and reports whether that wanted it. What comes after the first code goes nowhere.
func (s *Station) tapped(e scan.Event) bool {
	tap := s.tap.Load()
	if tap == nil || e.Kind != scan.Read && e.Kind != scan.Rejected {
		return false
	}
	select {
	case *tap <- e:
	default:
	}
	return true
}

// describe says what a code is like without what it says.
func describe(e scan.Event) *checkup.ScannerSaid {
	if e.Kind == scan.Rejected {
		return &checkup.ScannerSaid{Is: checkup.OtherCode, Refused: scanCode(e.Err)}
	}
	said := &checkup.ScannerSaid{Bytes: len(e.Text), Letters: utf8.RuneCountInString(e.Text), Is: checkup.OtherCode, Symbology: "QR"}
	for _, r := range e.Text {
		if r > unicode.MaxASCII && unicode.IsLetter(r) {
			said.Marks++
		}
	}
	_, notID := identity.ParseQR(e.Text)
	_, notSlip := filing.ParseReference(strings.TrimSpace(e.Text))
	first, _, _ := strings.Cut(checkup.TestText, "·")
	switch {
	case strings.HasPrefix(e.Text, first):
		said.Is, said.Exact = checkup.TestCode, strings.TrimSpace(e.Text) == checkup.TestText
	case notID == nil:
		said.Is = checkup.IDCode
	case notSlip == nil:
		said.Is = checkup.Slip
	default:
		said.Symbology = symbology(e.Text)
	}
	return said
}

// symbology is the kind of code by the identifier that scanners can be set to send before a text (ISO/IEC 15424), "" if there is none. That
// of QR codes never comes here: the driver takes it off.
func symbology(text string) string {
	if len(text) < 3 || text[0] != ']' || text[2] < '0' || text[2] > '9' {
		return ""
	}
	return map[byte]string{'A': "Code 39", 'C': "Code 128", 'd': "Data Matrix", 'E': "EAN/UPC", 'F': "Codabar", 'G': "Code 93", 'I': "Interleaved 2 of 5",
		'L': "PDF417", 'z': "Aztec", 'e': "GS1 DataBar", 'U': "MaxiCode"}[text[1]]
}

// tryPrinter prints the page for technicians.
func (b *Bench) tryPrinter(ctx context.Context) (*checkup.PrinterSaid, error) {
	s := b.station
	if s.printer == nil {
		return nil, fault.Newf(fault.PrinterAbsent, "station: there shall be no printer")
	}
	said := &checkup.PrinterSaid{Device: s.printer.Name(), Width: s.printer.WidthDots(), Sure: true}
	began := b.now()
	page, err := receipt.TestPage(said.Device, checkup.TestText, began, said.Width)
	if err != nil {
		return nil, fault.New(fault.Internal, err)
	}
	if err := s.PrintDocument(ctx, page); fault.CodeOf(err) == fault.PrinterUnsure {
		said.Sure = false
	} else if err != nil {
		return nil, err
	}
	said.Took = b.now().Sub(began)
	if status, err := s.PrinterStatus(ctx); err == nil {
		said.Low = status.PaperLow.String() == "yes"
	}
	return said, nil
}

package station

import (
	"context"
	"errors"
	"time"

	"motcua/devices/print"
	"motcua/devices/print/escpos"
	"motcua/devices/print/link"
	"motcua/kiosk/fault"
	"motcua/kiosk/receipt"
	"motcua/kiosk/session"
)

// Print prints a slip and reports when it is on paper. An error has a fault.Code.
func (s *Station) Print(ctx context.Context, slip receipt.Slip) error {
	if s.printer == nil {
		return fault.New(fault.PrinterAbsent, nil)
	}
	document, err := receipt.Render(slip, s.printer.WidthDots())
	if err != nil {
		return fault.New(fault.Internal, err)
	}
	return s.PrintDocument(ctx, document)
}

// PaperWidth is how many dots fit across the paper; of an absent printer the usual 80 mm.
func (s *Station) PaperWidth() int {
	if s.printer == nil {
		return receipt.MaxWidth
	}
	return s.printer.WidthDots()
}

// PrintDocument prints what was drawn already.
func (s *Station) PrintDocument(ctx context.Context, document receipt.Document) error {
	if s.printer == nil {
		return fault.New(fault.PrinterAbsent, nil)
	}
	s.printing.Lock()
	defer s.printing.Unlock()
	if err := s.printer.Print(ctx, jobOf(document)); err != nil {
		s.failed(err)
		return fault.New(printCode(err), err)
	}
	return nil
}

// failed notes a job that did not come out because of something that a person can mend between two looks at the
// printer: a cable that is put back at once, a cover that is shut. The session waits for that to print again.
func (s *Station) failed(err error) {
	if errors.Is(err, print.ErrGone) || errors.Is(err, print.ErrPaperOut) || errors.Is(err, print.ErrCoverOpen) {
		s.tell.Store(true)
	}
}

// jobOf turns a document into the printer's words.
func jobOf(document receipt.Document) print.Job {
	job := print.Job{Cut: true}
	for _, b := range document.Blocks {
		block := print.Block{Raster: b.Image, Feed: b.Feed}
		if b.QR != "" {
			block.QR = &print.QR{Text: b.QR, Module: b.Module}
		}
		job.Blocks = append(job.Blocks, block)
	}
	return job
}

// watchPrinter asks the printer how it is and reports changes. It never asks during a job.
func (s *Station) watchPrinter(ctx context.Context, emit func(session.Event)) {
	var last session.PrinterChanged
	for first := true; ; first = false {
		if now, known := s.printerState(ctx); known && (s.tell.Swap(false) || first || now != last) {
			s.log.Info("printer.state", "printer", s.printer.Name(), "present", now.Present, "code", now.Code)
			emit(now)
			last = now
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(s.askEvery):
		}
	}
}

// printerState is how the printer is; known is false while a job is being printed.
func (s *Station) printerState(ctx context.Context) (state session.PrinterChanged, known bool) {
	if !s.printing.TryLock() {
		return state, false
	}
	defer s.printing.Unlock()
	ctx, cancel := context.WithTimeout(ctx, statusEvery)
	defer cancel()
	status, err := s.printer.Status(ctx)
	if err == nil {
		err = status.Err()
	}
	if err != nil {
		return session.PrinterChanged{Present: !errors.Is(err, print.ErrGone), Code: printCode(err)}, true
	}
	return session.PrinterChanged{Present: true}, true
}

// PrinterStatus is the printer's own answer, for the technician.
func (s *Station) PrinterStatus(ctx context.Context) (print.Status, error) {
	if s.printer == nil {
		return print.Status{}, fault.New(fault.PrinterAbsent, nil)
	}
	s.printing.Lock()
	defer s.printing.Unlock()
	return s.printer.Status(ctx)
}

// printCode gives a printer's error its code.
func printCode(err error) fault.Code {
	switch {
	case errors.Is(err, print.ErrPaperOut):
		return fault.PrinterNoPaper
	case errors.Is(err, print.ErrCoverOpen):
		return fault.PrinterCover
	case errors.Is(err, print.ErrUnsure):
		return fault.PrinterUnsure
	case errors.Is(err, print.ErrGone):
		return fault.PrinterAbsent
	case errors.Is(err, escpos.ErrJob):
		return fault.Internal // we drew what no paper can hold
	case errors.Is(err, escpos.ErrProfile), errors.Is(err, link.ErrAddress):
		return fault.ConfigBad
	}
	return fault.PrinterOffline
}

package deskparts

import (
	"context"
	"errors"
	"time"

	"motcua/devices/sheet"
	"motcua/kiosk/board"
	"motcua/kiosk/fault"
	"motcua/kiosk/health"
)

// Sheets is the folder in which the desk's document scanner leaves pictures.
type Sheets struct{ folder sheet.Folder }

// NewSheets makes it of a folder, which need not be there yet. now is the clock.
func NewSheets(path string, now func() time.Time) *Sheets {
	return &Sheets{sheet.Folder{Path: path, Now: now}}
}

var _ board.Sheets = (*Sheets)(nil)

// Waiting lists what lies there.
func (s *Sheets) Waiting() ([]board.Sheet, int, error) {
	list, others, err := s.folder.Waiting()
	var all []board.Sheet
	for _, one := range list {
		all = append(all, board.Sheet{Name: one.Name, At: one.At, Old: one.Old})
	}
	return all, others, coded(err)
}

// Read gives one as a JPEG.
func (s *Sheets) Read(name string, most int) ([]byte, error) {
	data, err := s.folder.Read(name, most)
	return data, coded(err)
}

// Remove takes one away.
func (s *Sheets) Remove(one board.Sheet) error {
	return coded(s.folder.Remove(sheet.Sheet{Name: one.Name, At: one.At}))
}

// coded gives an error of package sheet its code.
func coded(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sheet.ErrPicture):
		return fault.New(fault.PictureBad, err)
	}
	return fault.New(fault.ScansFailed, err)
}

// Part is it on the page of devices.
func (s *Sheets) Part() board.Part {
	return board.Part{Name: "sheets", Look: func(context.Context) board.Found {
		list, others, err := s.Waiting()
		if err != nil {
			return board.Found{State: health.Failed, Code: fault.CodeOf(err)}
		}
		found := board.Found{State: health.Present, Lines: []board.Words{{Key: "desk.part.sheets.waiting", Args: []any{len(list)}}}}
		if others > 0 {
			found.Lines = append(found.Lines, board.Words{Key: "desk.part.sheets.others", Args: []any{others}})
		}
		return found
	}}
}

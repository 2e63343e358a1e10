package day

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"motcua/cmd/internal/deskparts"
	"motcua/cmd/internal/office"
	"motcua/kiosk/board"
	"motcua/kiosk/filing"
	"motcua/kiosk/store"
)

// keys are what an officer does.
var keys = kindsOf[board.Intent](board.Move{}, board.Choose{}, board.Enter{}, board.Escape{}, board.Type{}, board.Delete{}, board.Find{}, board.Show{}, board.Begin{},
	board.Undo{}, board.Print{}, board.Portal{}, board.Papers{}, board.CallNext{}, board.People{}, board.Person{}, board.GoHelp{}, board.Refresh{}, board.Tick{}, board.Lock{})

// desk runs a desk whose screen is a pipe, as motcua desk runs one with a window.
func (s settings) desk(ctx context.Context, in io.Reader, out io.Writer) error {
	db, err := store.Open(s.cfg.Data.Dir, store.Options{Station: s.cfg.Desk.Station, Commune: s.cfg.Station.CommuneCode, Now: s.now, Log: s.log, Tag: office.Tag})
	if err != nil {
		return err
	}
	defer db.Close()
	opt, err := office.Desk(s.cfg, s.log)
	if err != nil {
		return err
	}
	opt.Now, opt.Sheets = s.now, deskparts.NewSheets(scansIn(s.cfg.Data.Dir), time.Now)
	b, err := board.New(ctx, db, opt)
	if err != nil {
		return err
	}
	defer func() { b.Do(context.WithoutCancel(ctx), board.Lock{}) }()
	w := &wire{out: out}
	return w.listen(in, func(r request) reply {
		if r.Do == doAccount {
			return reply{Books: s.books.account()}
		}
		intent, err := keys.decode(r)
		if err != nil {
			return answer(reply{}, err)
		}
		began := time.Now()
		seen := b.Do(ctx, intent)
		took := time.Since(began)
		text, err := json.Marshal(bare(seen))
		return answer(reply{View: text, Took: took}, err)
	})
}

// bare is a desk's snapshot without people: filings by their numbers, and what can be done.
func bare(s board.Snapshot) board.Snapshot {
	rows := s.Rows
	s.Rows = nil
	for _, r := range rows {
		r.Name = ""
		s.Rows = append(s.Rows, r)
	}
	s.Query = ""
	if s.People != nil && s.People.Now != nil {
		p := *s.People
		now := *p.Now
		now.Name = ""
		p.Now = &now
		s.People = &p
	}
	if v := s.Open; v != nil {
		pictures := make([]filing.Picture, len(v.Pictures)) // how many there are
		s.Open = &board.View{Pictures: pictures, Short: v.Short, Filed: v.Filed, Due: v.Due, Status: v.Status, Ticket: v.Ticket, Legal: v.Legal, CanUndo: v.CanUndo, Verdict: v.Verdict}
	}
	if s.Dialog != nil {
		d := *s.Dialog
		d.Fields = nil
		for _, f := range s.Dialog.Fields {
			d.Fields = append(d.Fields, board.Input{ID: f.ID})
		}
		s.Dialog = &d
	}
	return s
}

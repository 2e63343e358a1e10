package day

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"sync"
	"time"

	"motcua/assets"
	"motcua/cmd/internal/office"
	"motcua/devices/card/cardsim"
	"motcua/kiosk"
	"motcua/kiosk/filing"
	"motcua/kiosk/receipt"
	"motcua/kiosk/session"
	"motcua/kiosk/station"
	"motcua/kiosk/store"
	"motcua/kiosk/text"
)

// touches are what people do at a kiosk's screen.
var touches = kindsOf[session.Intent](session.Next{}, session.Back{}, session.CallOfficer{}, session.NoCard{}, session.Choose{}, session.Type{}, session.Turn{},
	session.Edit{}, session.Toggle{}, session.AddRow{}, session.RemoveRow{}, session.Search{}, session.Refuse{}, session.SayBrought{}, session.Reprint{}, session.StillHere{})

// kiosk runs a kiosk whose screen is a pipe, as motcua's serve runs one with a window.
func (s settings) kiosk(ctx context.Context, in io.Reader, out io.Writer) error {
	db, err := store.Open(s.cfg.Data.Dir, store.Options{Station: s.cfg.Station.ID, Commune: s.cfg.Station.CommuneCode, Now: s.now, Log: s.log, Tag: office.Tag})
	if err != nil {
		return err
	}
	defer db.Close()
	devices, err := station.Open(ctx, s.cfg, station.Options{Dir: s.cfg.Data.Dir, Log: s.log})
	if err != nil {
		return err
	}
	defer devices.Close()
	fresh, err := s.session(devices)
	if err != nil {
		return err
	}
	screen := &pipeScreen{wire: &wire{out: out}}
	k := kiosk.Open(fresh, devices, timed{db, s.books}, kiosk.Options{Now: s.now, Show: screen.show, Log: s.log, Slip: kiosk.SlipOf(s.cfg.Station, s.now),
		Ticket: func(number int, service string) receipt.Slip {
			return kiosk.TicketOf(s.cfg.Station, s.now)(number, service)
		}})
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { k.Run(ctx) })
	defer running.Wait()
	defer cancel()
	return screen.wire.listen(in, func(r request) reply { return answer(s.atKiosk(ctx, k, devices.Simulators(), r)) })
}

func answer(r reply, err error) reply {
	if err != nil {
		r.Err = err.Error()
	}
	return r
}

// atKiosk does what a request wants.
func (s settings) atKiosk(ctx context.Context, k *kiosk.Kiosk, sims *station.Simulators, r request) (reply, error) {
	switch r.Do {
	case doLay:
		var p cardsim.Persona
		if err := json.Unmarshal(r.With, &p); err != nil {
			return reply{}, err
		}
		profile, err := cardsim.Build(p, cardsim.ProfileOptions{})
		if err != nil {
			return reply{}, err
		}
		return reply{}, sims.Lay(cardsim.New(profile, cardsim.Options{Extended: true}))
	case doLift:
		sims.Lift()
		return reply{}, nil
	case doAccount:
		return reply{Books: s.books.account()}, nil
	}
	intent, err := touches.decode(r)
	if err != nil {
		return reply{}, err
	}
	began := time.Now()
	k.Send(intent)
	err = k.Sync(ctx)
	return reply{Took: time.Since(began)}, err
}

// session makes the state that the kiosk begins with.
func (s settings) session(devices *station.Station) (session.State, error) {
	none := session.State{}
	catalogue, err := office.Catalogue(s.cfg)
	if err != nil {
		return none, err
	}
	days, err := office.Calendar(s.cfg)
	if err != nil {
		return none, err
	}
	places, err := office.Places(s.cfg)
	if err != nil {
		return none, err
	}
	texts, err := text.Load(assets.FS, "text/vi.yaml")
	if err != nil {
		return none, err
	}
	var seed [session.SeedLen]byte
	if _, err := rand.Read(seed[:]); err != nil {
		return none, err
	}
	return session.New(&session.Config{Office: session.Office{Name: s.cfg.Station.Office, Station: s.cfg.Station.ID, Waiting: -1},
		Commune: office.Commune(s.cfg), Province: s.cfg.Station.Province, Catalogue: catalogue, Texts: texts, Calendar: days, Places: places,
		Local: office.Local(s.cfg), Printer: devices.HasPrinter()}, seed, s.now()), nil
}

// pipeScreen is a screen at the other end of a pipe.
type pipeScreen struct {
	wire *wire
	last []byte
}

// show is called by the kiosk's loop alone.
func (p *pipeScreen) show(s session.Snapshot) {
	text, err := json.Marshal(blank(s))
	if err != nil || bytes.Equal(text, p.last) {
		return
	}
	p.last = text
	_ = p.wire.send(reply{View: text}) // a pipe that is shut ends the part by itself
}

// filled stands for whatever somebody typed.
const filled = "•"

// blank is a snapshot without the person: where they stand, and what can be touched.
func blank(s session.Snapshot) session.Snapshot {
	s.Office, s.Confirm, s.Consent, s.Review, s.Papers, s.Tell, s.Calls, s.Crumb, s.Title = session.Office{}, nil, nil, nil, nil, nil, nil, "", ""
	if s.Reading != nil {
		s.Reading = &session.Reading{CardOnReader: s.Reading.CardOnReader, CanSkip: s.Reading.CanSkip, Fault: s.Reading.Fault}
	}
	if s.Form != nil {
		f := session.Form{Field: s.Form.Field, Kind: s.Form.Kind, CanSkip: s.Form.CanSkip, Problems: s.Form.Problems}
		if s.Form.Value != "" {
			f.Value = filled
		}
		s.Form = &f
	}
	if s.Choice != nil {
		c := *s.Choice
		c.Help, c.Spoken, c.Options = "", "", options(c.Options)
		s.Choice = &c
	}
	if s.Place != nil {
		p := *s.Place
		p.Within, p.Typed, p.Chosen, p.Options = "", "", "", options(p.Options)
		s.Place = &p
	}
	if s.Rows != nil {
		r := *s.Rows
		r.Rows = nil
		for _, row := range s.Rows.Rows {
			r.Rows = append(r.Rows, session.Person{At: row.At, Source: row.Source})
		}
		s.Rows = &r
	}
	return s
}

func options(list []session.Option) []session.Option {
	var bare []session.Option
	for _, o := range list {
		bare = append(bare, session.Option{ID: o.ID, Chosen: o.Chosen})
	}
	return bare
}

// timed is the kiosk's store with a clock beside it.
type timed struct {
	*store.Store
	books *books
}

var _ kiosk.Store = timed{}

// File implements kiosk.Store.
func (t timed) File(ctx context.Context, draft filing.Draft) (f filing.Filing, err error) {
	err = t.books.time("file", func() error {
		f, err = t.Store.File(ctx, draft)
		return err
	})
	return f, err
}

// Printed implements kiosk.Store.
func (t timed) Printed(ctx context.Context, ref filing.Reference, outcome string) error {
	return t.books.time("note the slip", func() error { return t.Store.Printed(ctx, ref, outcome) })
}

// Standing implements kiosk.Store.
func (t timed) Standing(ctx context.Context, number string, day time.Time) (s filing.Standing, err error) {
	err = t.books.time("find by slip", func() error {
		s, err = t.Store.Standing(ctx, number, day)
		return err
	})
	return s, err
}

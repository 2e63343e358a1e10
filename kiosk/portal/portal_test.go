package portal

import (
	"strings"
	"sync"
	"testing"
	"time"

	"motcua/assets"
	"motcua/kiosk/calendar"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
	"motcua/kiosk/place"
	"motcua/kiosk/seal"
	"motcua/kiosk/service"
	"motcua/kiosk/session"
	"motcua/kiosk/text"
	"motcua/kiosk/trial"
)

var morning = time.Date(2026, time.November, 25, 9, 0, 0, 0, calendar.Zone)

// office is what a bundle is made from; read once, tests do not change it.
var office = sync.OnceValues(func() (*session.Config, error) {
	catalogue, err := service.Load(assets.FS)
	if err != nil {
		return nil, err
	}
	if err := catalogue.Check(); err != nil {
		return nil, err
	}
	texts, err := text.Load(assets.FS, "text/vi.yaml")
	if err != nil {
		return nil, err
	}
	book, err := place.Open(assets.FS)
	if err != nil {
		return nil, err
	}
	return &session.Config{Places: &session.Places{Book: book, Home: "25", Commune: "05200"}, Office: session.Office{Name: "Công an xã Mai Châu", Province: "tỉnh Phú Thọ",
		Station: "K1", Label: "Ki-ốt 1", Waiting: -1}, Commune: "xã Mai Châu", Province: "tỉnh Phú Thọ", Catalogue: catalogue, Texts: texts,
		Calendar: calendar.New(), Local: []string{"xe-mo-to", "xe-o-to"}, Zone: calendar.Zone, Printer: true}, nil
})

func theOffice(t testing.TB) *session.Config {
	t.Helper()
	cfg, err := office()
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func thePrinter(t testing.TB) official.Printer {
	t.Helper()
	shelf, err := paper.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	return official.Printer{Catalogue: theOffice(t).Catalogue, Shelf: shelf, Office: official.Office{Name: "Công an xã Mai Châu",
		Parent: "Công an tỉnh Phú Thọ", Commune: "xã Mai Châu", Province: "tỉnh Phú Thọ"}}
}

// filed is a filing of a service by an invented person, made by the real session.
func filed(t testing.TB, id string, who identity.Person) filing.Filing {
	t.Helper()
	cfg := theOffice(t)
	svc, ok := cfg.Catalogue.Get(id, identity.DateOf(morning))
	if !ok {
		t.Fatalf("no service %s", id)
	}
	citizen := trial.For(svc, who)
	citizen.Photo = &identity.Photo{Type: "image/jpeg", Data: []byte(strings.Repeat("\xff\xd8portrait", 1500)), Width: 240, Height: 320}
	run, err := trial.Play(cfg, id, citizen, morning)
	if err != nil {
		t.Fatal(err)
	}
	return run.Filing
}

// an signs everything here.
var an = sync.OnceValue(func() *seal.Identity {
	id, err := seal.New()
	if err != nil {
		panic(err)
	}
	return id
})

// bundle is one of a stay (tạm trú), made once.
func bundle(t testing.TB) Bundle {
	t.Helper()
	stay.once.Do(func() {
		stay.bundle, stay.err = Make(filed(t, "tam-tru", trial.Usual()), nil, thePrinter(t), "an", an())
	})
	if stay.err != nil {
		t.Fatal(stay.err)
	}
	return stay.bundle
}

var stay struct {
	once   sync.Once
	bundle Bundle
	err    error
}

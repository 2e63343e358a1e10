package trial

import (
	"testing"
	"time"

	"motcua/assets"
	"motcua/kiosk/calendar"
	"motcua/kiosk/place"
	"motcua/kiosk/service"
	"motcua/kiosk/session"
	"motcua/kiosk/text"
)

var morning = time.Date(2026, 11, 25, 9, 0, 0, 0, time.FixedZone("+07", 7*3600))

func config(t testing.TB) *session.Config {
	t.Helper()
	catalogue, err := service.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	if err := catalogue.Check(); err != nil {
		t.Fatal(err)
	}
	texts, err := text.Load(assets.FS, "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	book, err := place.Open(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	return &session.Config{Places: &session.Places{Book: book, Home: "25", Commune: "05200"}, Office: session.Office{Name: "Công an xã Mai Châu", Province: "tỉnh Phú Thọ", Station: "K1", Label: "Ki-ốt 1", Waiting: -1},
		Commune: "xã Mai Châu", Province: "tỉnh Phú Thọ", Catalogue: catalogue, Texts: texts, Calendar: calendar.New(),
		Local: []string{"xe-mo-to", "xe-o-to"}, Zone: morning.Location(), Printer: true}
}

func TestPlay(t *testing.T) {
	run, err := Play(config(t), "tam-tru", Citizen{Person: Usual(), Case: "own"}, morning)
	if err != nil {
		t.Fatalf("%v after %+v", err, run.Effort)
	}
	t.Logf("%+v", run.Effort)
}

package office

import (
	"testing"

	"motcua/kiosk/config"
)

// TestPrinter: the forms say of the office what the file of the station says.
func TestPrinter(t *testing.T) {
	cfg := config.Default()
	cfg.Station.Phone = "0218 000 001"
	p, err := Printer(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if o := p.Office; o.Phone != "0218 000 001" || o.Name != cfg.Station.Office || o.Parent != cfg.Station.Superior || o.Province != cfg.Station.Province || o.Commune == "" {
		t.Errorf("%+v", o)
	}
}

// TestPlaces: the book of communes knows which one is the office's.
func TestPlaces(t *testing.T) {
	cfg := config.Default()
	cfg.Station.CommuneCode = "05200"
	p, err := Places(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if p.Home != "25" || p.Commune != "05200" {
		t.Errorf("province %s, commune %s", p.Home, p.Commune)
	}
}

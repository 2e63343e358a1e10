package office

import (
	"motcua/assets"
	"motcua/kiosk/config"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
)

// Printer is what the official forms of this office are printed from.
func Printer(cfg config.Config) (official.Printer, error) {
	catalogue, err := Catalogue(cfg)
	if err != nil {
		return official.Printer{}, err
	}
	shelf, err := paper.Load(assets.FS)
	if err != nil {
		return official.Printer{}, err
	}
	places, err := communes()
	if err != nil {
		return official.Printer{}, err
	}
	return official.Printer{Catalogue: catalogue, Shelf: shelf, Places: places, Office: official.Office{Name: cfg.Station.Office, Parent: cfg.Station.Superior,
		Commune: Commune(cfg), Province: cfg.Station.Province, Phone: cfg.Station.Phone}}, nil
}

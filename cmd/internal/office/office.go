// Package office opens what both programs read of an office: its services, its days off, its communes.
package office

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"motcua/assets"
	"motcua/kiosk/calendar"
	"motcua/kiosk/config"
	"motcua/kiosk/place"
	"motcua/kiosk/service"
	"motcua/kiosk/session"
)

// Catalogue reads the services, with what the office has of its own ([services] dir, else services in the data directory).
// Catalogue.Check says what is wrong in them.
func Catalogue(cfg config.Config) (*service.Catalogue, error) {
	return service.Load(assets.FS, folders(cmp.Or(cfg.Services.Dir, filepath.Join(cfg.Data.Dir, "services")))...)
}

// Calendar reads the days off, with the years that the office entered in its data directory (calendar/years.yaml) and the days on which it is
// closed.
func Calendar(cfg config.Config, closed ...calendar.Off) (*calendar.Calendar, error) {
	hours, err := calendar.ParseHours(cfg.Hours.Morning, cfg.Hours.Afternoon, cfg.Hours.Saturday == config.SaturdayMorning)
	if err != nil {
		return nil, err
	}
	days, err := calendar.Load(hours, assets.FS, folders(cfg.Data.Dir)...)
	if err != nil {
		return nil, err
	}
	return days.Closing(closed...), nil
}

// communes is the book of all communes, which is read once: the forms and the picker share it.
var communes = sync.OnceValues(func() (*place.Book, error) { return place.Open(assets.FS) })

// Places reads the communes; the picker begins in the province of the station.
func Places(cfg config.Config) (*session.Places, error) {
	book, err := communes()
	if err != nil {
		return nil, err
	}
	home, _ := book.Unit(cfg.Station.CommuneCode)
	return &session.Places{Book: book, Home: home.ProvinceCode, Commune: home.Code}, nil
}

// Local lists the local settings of which services speak.
func Local(cfg config.Config) []string { return strings.Fields(cfg.Services.Local) }

// Off lists the services that are not offered.
func Off(cfg config.Config) []string { return strings.Fields(cfg.Services.Off) }

// Commune is the commune as an address has it: what follows "Công an" in the office's name.
func Commune(cfg config.Config) string {
	return strings.TrimSpace(strings.TrimPrefix(cfg.Station.Office, "Công an"))
}

// folders is the directory, if it is there.
func folders(dir string) []fs.FS {
	path, err := config.Expand(dir)
	if err != nil {
		return nil
	}
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return nil
	}
	return []fs.FS{os.DirFS(path)}
}

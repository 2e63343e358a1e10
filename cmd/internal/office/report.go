package office

import (
	"slices"

	"motcua/kiosk/config"
	"motcua/kiosk/identity"
	"motcua/kiosk/report"
	"motcua/kiosk/service"
)

// ReportOffice is the office as figures name it.
func ReportOffice(cfg config.Config) report.Office {
	return report.Office{Name: cfg.Station.Office, Parent: cfg.Station.Superior, Commune: Commune(cfg), Province: cfg.Station.Province}
}

// ReportServices are the services in force on a day as figures know them.
func ReportServices(c *service.Catalogue, cfg config.Config, day identity.Date) []report.Service {
	var list []report.Service
	for _, h := range c.On(day) {
		s := report.Service{ID: h.ID, Name: h.Name, Group: h.Group, Essential: h.Essential}
		if h.Kiosk {
			whole, ok := c.Get(h.ID, day)
			s.Offered = ok && whole.Filed(Local(cfg)) && !slices.Contains(Off(cfg), h.ID)
		}
		list = append(list, s)
	}
	return list
}

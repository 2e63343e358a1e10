package office

import (
	"motcua/kiosk/config"
	"motcua/kiosk/desk"
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
			s.Offered = ok && whole.Filed(Local(cfg))
		}
		list = append(list, s)
	}
	return list
}

// Visits are the people who waited, as the figures count them.
func Visits(tickets []desk.Ticket) []report.Visit {
	var list []report.Visit
	for _, t := range tickets {
		list = append(list, report.Visit{Taken: t.Taken, Called: t.Called, Began: t.Began, Ended: t.Ended, Priority: t.Priority != desk.Usual})
	}
	return list
}

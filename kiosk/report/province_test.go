package report_test

import (
	"testing"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/report"
	"motcua/kiosk/report/reporttest"
)

// What a province published for a month comes out of its filings: 2,427 received and 2,150 resolved, 11 of 15 essential services
// offered, 562 motorcycles newly registered and 50 of them, 8.9 %, at communes, 202 cars, 85 at the province and 117 below.
func TestProvince(t *testing.T) {
	in := reporttest.Province()
	r := report.Make(reporttest.Month(), in, time.Date(2022, time.June, 5, 9, 0, 0, 0, calendar.Zone))
	if r.Total.Received != 2427 || r.Total.Resolved != 2150 {
		t.Errorf("received %d, resolved %d of %d records; want 2427, 2150", r.Total.Received, r.Total.Resolved, len(in.Records))
	}
	if r.Essential.Offered != 11 || r.Essential.Listed != 15 {
		t.Errorf("essential %+v", r.Essential)
	}
	bikes, cars := r.Vehicles["motorcycle"].New, r.Vehicles["car"].New
	if bikes.Total != 562 || bikes.Commune != 50 || r.Share.MotorcycleCommune != 8.9 {
		t.Errorf("motorcycles %+v, %v", bikes, r.Share.MotorcycleCommune)
	}
	if cars.Total != 202 || cars.Province != 85 || cars.Below() != 117 {
		t.Errorf("cars %+v", cars)
	}
}

package report

import (
	"math"
	"time"

	"motcua/kiosk/filing"
)

// Report is the figures of a period. As JSON its fields keep their names; fields are only ever added. Dates and times are RFC
// 3339, durations whole seconds, shares of one hundred.
type Report struct {
	Office   Office    `json:"office"`
	Period   Period    `json:"period"`
	Made     time.Time `json:"made"`
	Complete bool      `json:"complete"` // the period had ended when this was made

	Total     Figures            `json:"total"`
	Services  []Row              `json:"services"` // those with a figure, in the order of the catalogue
	Groups    []Row              `json:"groups"`
	Channels  []Row              `json:"channels"`  // filing.Channels, and "" where it is not known
	NoChip    map[string]int     `json:"no_chip"`   // of what was received without a chip, by why: a fault code or "no-card"
	Essential Essential          `json:"essential"` // services of the annex of Decision 06/QĐ-TTg
	Vehicles  map[string]Vehicle `json:"vehicles"`  // "motorcycle", "car": resolved
	Accounts  Accounts           `json:"accounts"`  // electronic identification
	Days      []DayRow           `json:"days"`      // every day of the period
	Months    []Trend            `json:"months"`    // up to six with this one, oldest first; only for a month
	Times     Times              `json:"times"`     //
	Queue     Queue              `json:"queue"`     //
	Ratings   Ratings            `json:"ratings"`   //
	Share     Shares             `json:"share"`     //
}

// Office is whose figures they are.
type Office struct {
	Name     string `json:"name"`     // Công an xã Mai Châu
	Parent   string `json:"parent"`   // Công an tỉnh Phú Thọ
	Commune  string `json:"commune"`  // xã Mai Châu
	Province string `json:"province"` // tỉnh Phú Thọ
}

// Service is what the figures know of one.
type Service struct {
	ID        string
	Name      string
	Group     string
	Essential bool // one of the annex of Decision 06/QĐ-TTg
	Offered   bool // it can be filed here
}

// Figures are the counts of some filings; the package comment says what each means.
type Figures struct {
	Carried  int `json:"carried"`
	Received int `json:"received"`

	// Of those received.
	Kiosk          int `json:"kiosk"`
	Desk           int `json:"desk"`
	Portal         int `json:"portal"`
	ChannelUnknown int `json:"channel_unknown"`
	Chip           int `json:"chip"`
	NoChip         int `json:"no_chip"`
	ChipUnknown    int `json:"chip_unknown"`

	Resolved int `json:"resolved"`
	OnTime   int `json:"on_time"` // Resolved = OnTime + Late
	Late     int `json:"late"`
	Early    int `json:"early"`    // of OnTime
	NoTerm   int `json:"no_term"`  // of OnTime
	Extended int `json:"extended"` // of Resolved

	Returned  int `json:"returned"` // the sum of the four
	Refused   int `json:"refused"`
	Stopped   int `json:"stopped"`
	Forwarded int `json:"forwarded"`
	Withdrawn int `json:"withdrawn"`

	Pending           int `json:"pending"`
	PendingLate       int `json:"pending_late"`
	PendingSupplement int `json:"pending_supplement"`
	PendingNew        int `json:"pending_new"`

	Supplemented int `json:"supplemented"` // asked for a supplement in the period
	Handed       int `json:"handed"`       // results handed over in the period
}

// Row is the figures of one service, group or channel.
type Row struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"` // of a service
	Figures
}

// Essential is how the essential services fare.
type Essential struct {
	Listed   int      `json:"listed"`
	Offered  int      `json:"offered"`
	Used     int      `json:"used"` // of Listed, with something received in the period
	Received int      `json:"received"`
	Resolved int      `json:"resolved"`
	Missing  []string `json:"missing,omitempty"` // ids of those that are not offered
}

// Vehicle is what became of one kind's registrations, by who registered.
type Vehicle struct {
	New      ByLevel `json:"new"`   // first registrations
	Other    ByLevel `json:"other"` // transfers, changes, re-issues
	Unknown  int     `json:"unknown"`
	Resolved int     `json:"resolved"`
}

// ByLevel counts by the level of the authority.
type ByLevel struct {
	Total    int `json:"total"`
	Province int `json:"province"`
	District int `json:"district"`
	Commune  int `json:"commune"`
}

// Below is what was not done at the province.
func (b ByLevel) Below() int { return b.Total - b.Province }

func (b *ByLevel) add(l Level) {
	b.Total++
	switch l {
	case AtProvince:
		b.Province++
	case AtDistrict:
		b.District++
	default:
		b.Commune++
	}
}

// Accounts are those of electronic identification, level 2: asked for here, and given.
type Accounts struct {
	Received int `json:"received"`
	Issued   int `json:"issued"`
}

// DayRow is one day of a period.
type DayRow struct {
	Day      string `json:"day"` // 2026-10-05
	Received int    `json:"received"`
	Resolved int    `json:"resolved"`
	Returned int    `json:"returned"`
	Visits   int    `json:"visits"`
}

// Trend is one month beside others.
type Trend struct {
	Month    string `json:"month"` // 2026-10
	Received int    `json:"received"`
	Resolved int    `json:"resolved"`
	Late     int    `json:"late"`
}

// Queue is the people who drew a number in the period.
type Queue struct {
	Taken    int `json:"taken"`
	Priority int `json:"priority"`
	Served   int `json:"served"`
	Left     int `json:"left"` // never came to the counter, when the period was over
}

// Times are how long things take.
type Times struct {
	Wait         Spread `json:"wait"`          // from drawing a number to the first call
	WaitPriority Spread `json:"wait_priority"` // of who is called before others
	Handling     Spread `json:"handling"`      // at the counter
	Reception    Spread `json:"reception"`     // from filing to an officer's taking it on
	Resolution   Spread `json:"resolution"`    // from filing to the result, without the time that the citizen owed something
}

// Ratings are what people thought of it.
type Ratings struct {
	Count int     `json:"count"`
	Stars [5]int  `json:"stars"` // how many gave 1, 2, 3, 4, 5
	Mean  float64 `json:"mean"`  // 0 without any; two decimals
}

// Shares are of one hundred, with one decimal; 0 where there is nothing to share.
type Shares struct {
	OnTime            float64 `json:"on_time"`            // of resolved
	Resolved          float64 `json:"resolved"`           // of carried and received
	Kiosk             float64 `json:"kiosk"`              // of received
	Portal            float64 `json:"portal"`             // of received
	Chip              float64 `json:"chip"`               // of received where it is known
	Essential         float64 `json:"essential"`          // offered of listed
	MotorcycleCommune float64 `json:"motorcycle_commune"` // new motorcycles registered at communes
	CarBelow          float64 `json:"car_below"`          // new cars registered below the province
	Satisfied         float64 `json:"satisfied"`          // four or five stars, of those who rated
}

// Percent is part of whole in parts of one hundred, rounded half away from zero to one decimal.
func Percent(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return math.Round(1000*float64(part)/float64(whole)) / 10
}

// received counts a filing that was received, with its channel and chip.
func (f *Figures) received(r *Record) {
	f.Received++
	switch r.Channel {
	case filing.AtKiosk:
		f.Kiosk++
	case filing.AtDesk:
		f.Desk++
	case filing.OnPortal:
		f.Portal++
	default:
		f.ChannelUnknown++
	}
	switch r.Chip {
	case filing.ChipRead:
		f.Chip++
	case "":
		f.ChipUnknown++
	default:
		f.NoChip++
	}
}

// add adds all of g.
func (f *Figures) add(g Figures) {
	into, from := f.fields(), g.fields()
	for i := range into {
		*into[i] += *from[i]
	}
}

// fields are all counts.
func (f *Figures) fields() [26]*int {
	return [...]*int{&f.Carried, &f.Received, &f.Kiosk, &f.Desk, &f.Portal, &f.ChannelUnknown, &f.Chip, &f.NoChip, &f.ChipUnknown,
		&f.Resolved, &f.OnTime, &f.Late, &f.Early, &f.NoTerm, &f.Extended, &f.Returned, &f.Refused, &f.Stopped, &f.Forwarded, &f.Withdrawn,
		&f.Pending, &f.PendingLate, &f.PendingSupplement, &f.PendingNew, &f.Supplemented, &f.Handed}
}

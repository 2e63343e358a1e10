package report

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
)

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, calendar.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

// way is a record that goes the whole way through desk.Case, as the store would give it.
type way struct {
	Record
	c desk.Case
}

func filed(service, when, due string) *way {
	w := &way{Record: Record{Service: service, Filed: at(when), Channel: filing.AtKiosk, Chip: filing.ChipRead}}
	if due != "" {
		w.Due = at(due)
	}
	w.c = desk.Case{Status: filing.Filed, Filed: w.Filed, Due: w.Due}
	return w
}

// do decides by the law's order; what is not legal is a mistake of the test.
func (w *way) do(a desk.Action, when time.Time, due time.Time) *way {
	d := desk.Decision{Action: a, Officer: "an", At: when, Due: due, Reason: "Thiếu chữ ký của chủ hộ", Items: []string{"Hợp đồng"}, To: "Phòng PC06", Confirm: desk.Signature}
	next, err := w.c.Apply(d)
	if err != nil {
		panic(fmt.Sprint(a, " ", err))
	}
	w.c = next
	w.Steps = append(w.Steps, Step{At: when, Action: a, Officer: "an", Status: next.Status, Due: next.Due})
	return w
}

var catalogue = []Service{
	{ID: "tam-tru", Name: "Đăng ký tạm trú", Group: "residence", Essential: true, Offered: true},
	{ID: "luu-tru", Name: "Thông báo lưu trú", Group: "residence", Essential: true, Offered: true},
	{ID: "ho-chieu", Name: "Cấp hộ chiếu", Group: "identity", Essential: true},
	{ID: "xe-mo-to", Name: "Đăng ký xe máy", Group: "vehicle", Offered: true},
	{ID: "vneid", Name: "Cấp tài khoản", Group: "identity", Offered: true},
}

// Each figure of a month, by filings that are each there for one of them.
func TestEveryFigure(t *testing.T) {
	none := time.Time{}
	due := at("2026-10-08 17:00")
	taken := func(service, when string) *way {
		return filed(service, when, "2026-10-08 17:00").do(desk.Receive, at(when).Add(time.Hour), due)
	}
	all := []*way{
		// In the last minute of September, and in the first of October.
		filed("tam-tru", "2026-09-30 23:59", "").do(desk.Receive, at("2026-10-01 08:00"), none).do(desk.Finish, at("2026-10-01 09:00"), none),
		taken("tam-tru", "2026-10-01 00:00").do(desk.Finish, at("2026-10-07 17:00"), none), // early
		taken("tam-tru", "2026-10-02 08:00").do(desk.Finish, due, none).do(desk.Hand, at("2026-11-02 08:00"), none),
		taken("tam-tru", "2026-10-02 08:00").do(desk.Finish, due.Add(time.Second), none).do(desk.Hand, at("2026-10-31 08:00"), none),
		taken("tam-tru", "2026-10-02 08:00").do(desk.Extend, at("2026-10-08 08:00"), at("2026-10-20 17:00")).do(desk.Finish, at("2026-10-20 08:00"), none),
		filed("luu-tru", "2026-10-03 08:00", "").do(desk.Refuse, at("2026-10-03 09:00"), none),
		taken("luu-tru", "2026-10-03 08:00").do(desk.Stop, at("2026-10-04 09:00"), none),
		filed("luu-tru", "2026-10-03 08:00", "").do(desk.Forward, at("2026-10-03 09:00"), none),
		filed("luu-tru", "2026-10-03 08:00", "").do(desk.Withdraw, at("2026-10-03 09:00"), none),
		// Pending at the end of the month, though done in November.
		taken("tam-tru", "2026-10-03 08:00").do(desk.Finish, at("2026-11-01 00:00"), none), // late then
		taken("tam-tru", "2026-10-03 08:00").do(desk.Ask, at("2026-10-04 09:00"), none),    // the citizen owes
		filed("tam-tru", "2026-10-31 23:59", "2026-11-05 17:00"),
		filed("tam-tru", "2026-11-01 00:00", "2026-11-05 17:00"), // not of October
		taken("xe-mo-to", "2026-10-05 08:00").do(desk.Finish, at("2026-10-05 11:00"), none),
		taken("vneid", "2026-10-05 08:00").do(desk.Finish, at("2026-10-05 11:00"), none),
		taken("gone", "2026-10-05 08:00").do(desk.Finish, at("2026-10-05 11:00"), none),
	}
	var records []Record
	for _, w := range all {
		records = append(records, w.Record)
	}
	records[5].Channel, records[5].Chip = filing.AtDesk, "card-mute"
	records[6].Channel, records[6].Chip = filing.OnPortal, ""
	records[7].Channel = ""
	records[13].Case = filing.FirstRegistration
	records[1].Stars, records[1].Rated = 5, at("2026-10-01 08:00")
	records[2].Stars, records[2].Rated = 2, at("2026-10-02 08:10")
	records[3].Stars, records[3].Rated = 5, at("2026-11-01 08:10")
	in := Input{Services: catalogue, Records: records, Since: at("2026-08-15 00:00"), Visits: []Visit{
		{Taken: at("2026-10-01 08:00"), Called: at("2026-10-01 08:10"), Began: at("2026-10-01 08:11"), Ended: at("2026-10-01 08:31"), Priority: true},
		{Taken: at("2026-10-01 08:00"), Called: at("2026-10-01 08:40"), Began: at("2026-10-01 08:41"), Ended: at("2026-10-01 08:46")},
		{Taken: at("2026-10-01 08:00")},
		{Taken: at("2026-11-01 08:00")},
	}}
	r := Make(Month(2026, time.October), in, at("2027-01-15 09:00"))
	want := Figures{Carried: 1, Received: 14, Kiosk: 11, Desk: 1, Portal: 1, ChannelUnknown: 1, Chip: 12, NoChip: 1, ChipUnknown: 1,
		Resolved: 8, OnTime: 7, Late: 1, Early: 5, NoTerm: 1, Extended: 1,
		Returned: 4, Refused: 1, Stopped: 1, Forwarded: 1, Withdrawn: 1,
		Pending: 3, PendingLate: 1, PendingSupplement: 1, PendingNew: 1, Supplemented: 1, Handed: 1}
	want.Early = 4 // the day before, and three that were done on the 5th
	if r.Total != want {
		t.Errorf("total\n%+v, want\n%+v", r.Total, want)
	}
	if r.Services[0].Name != "Đăng ký tạm trú" || r.Services[0].Received != 7 || r.Services[len(r.Services)-1].ID != "gone" {
		t.Errorf("services %+v", r.Services)
	}
	if !reflect.DeepEqual(r.Essential, Essential{Listed: 3, Offered: 2, Used: 2, Received: 11, Resolved: 5, Missing: []string{"ho-chieu"}}) {
		t.Errorf("essential %+v", r.Essential)
	}
	if v := r.Vehicles["motorcycle"]; v.New != (ByLevel{Total: 1, Commune: 1}) || v.Resolved != 1 || r.Accounts != (Accounts{1, 1}) {
		t.Errorf("%+v, %+v", v, r.Accounts)
	}
	if r.Ratings != (Ratings{Count: 2, Stars: [5]int{0, 1, 0, 0, 1}, Mean: 3.5}) || r.Share.Satisfied != 50 {
		t.Errorf("%+v", r.Ratings)
	}
	if r.Queue != (Queue{Taken: 3, Priority: 1, Served: 2, Left: 1}) || r.Times.Wait != (Spread{2, 10 * time.Minute, 40 * time.Minute, 40 * time.Minute}) ||
		r.Times.WaitPriority.Count != 1 || r.Times.Handling.Median != 5*time.Minute {
		t.Errorf("%+v, %+v", r.Queue, r.Times)
	}
	if len(r.Months) != 2 || r.Months[0] != (Trend{"2026-09", 1, 0, 0}) || r.Months[1] != (Trend{"2026-10", 14, 8, 1}) {
		t.Errorf("%+v", r.Months)
	}
	if d := r.Days[4]; len(r.Days) != 31 || d != (DayRow{Day: "2026-10-05", Received: 3, Resolved: 3}) || r.NoChip["card-mute"] != 1 {
		t.Errorf("%+v of %d, %v", d, len(r.Days), r.NoChip)
	}
	if r.Share.OnTime != 87.5 || !r.Complete {
		t.Errorf("%+v", r.Share)
	}
}

// The time that the citizen owed something is not the office's.
func TestResolutionWithoutSupplement(t *testing.T) {
	w := filed("tam-tru", "2026-10-01 08:00", "2026-10-08 17:00").do(desk.Receive, at("2026-10-01 09:00"), at("2026-10-08 17:00")).
		do(desk.Ask, at("2026-10-02 08:00"), time.Time{}).do(desk.Supply, at("2026-10-12 08:00"), at("2026-10-18 17:00")).do(desk.Finish, at("2026-10-13 08:00"), time.Time{})
	r := Make(Month(2026, time.October), Input{Records: []Record{w.Record}}, at("2026-11-01 00:00"))
	if got := r.Times.Resolution.Median; got != 48*time.Hour || r.Total.Late != 0 || r.Times.Reception.Median != time.Hour {
		t.Errorf("%v, %+v", got, r.Total)
	}
	// On the tenth the clock stood, though the date had passed.
	r = Make(Month(2026, time.October), Input{Records: []Record{w.Record}}, at("2026-10-10 08:00"))
	if r.Total.PendingLate != 0 || r.Total.PendingSupplement != 1 || r.Complete {
		t.Errorf("%+v", r.Total)
	}
}

// anyone is a record on a random legal way through the desk.
func anyone(rnd *rand.Rand, from time.Time, days int) Record {
	services := []string{"tam-tru", "luu-tru", "xe-mo-to", "vneid", "unheard-of"}
	w := &way{Record: Record{Service: services[rnd.IntN(len(services))], Filed: from.Add(time.Duration(rnd.IntN(days*24*3600)) * time.Second)}}
	w.Channel = append(filing.Channels, "")[rnd.IntN(4)]
	w.Chip = []string{"", filing.ChipRead, "card-mute"}[rnd.IntN(3)]
	w.Case = []string{"", filing.FirstRegistration, "transfer"}[rnd.IntN(3)]
	w.Level = []Level{"", AtCommune, AtDistrict, AtProvince}[rnd.IntN(4)]
	if rnd.IntN(3) > 0 {
		w.Due = w.Filed.AddDate(0, 0, 1+rnd.IntN(9))
	}
	w.c = desk.Case{Status: filing.Filed, Filed: w.Filed, Due: w.Due}
	when := w.Filed
	for rnd.IntN(6) > 0 {
		legal := w.c.Legal()
		if len(legal) == 0 {
			break
		}
		when = when.Add(time.Duration(1+rnd.IntN(6*24*3600)) * time.Second)
		var due time.Time // what was promised stays when it is received
		a := legal[rnd.IntN(len(legal))]
		if a == desk.Extend {
			due = when.AddDate(0, 0, 30)
		}
		w.do(a, when, due)
	}
	return w.Record
}

// TestLaws holds over random filings what must hold over all: the balance, the sums, one month after the other, and that a month
// stays as it was.
func TestLaws(t *testing.T) {
	for seed := range uint64(40) {
		rnd := rand.New(rand.NewPCG(seed, 6))
		var records []Record
		for range 400 {
			records = append(records, anyone(rnd, at("2026-08-01 00:00"), 100))
		}
		in := Input{Services: catalogue, Records: records}
		now := at("2027-03-01 00:00")
		before := -1
		for month := time.July; month <= time.December; month++ {
			p := Month(2026, month)
			r := Make(p, in, now)
			balanced(t, r)
			if before >= 0 && r.Total.Carried != before {
				t.Fatalf("seed %d: %d pending at the end of the month before, %d carried into %s", seed, before, r.Total.Carried, month)
			}
			before = r.Total.Pending
			shuffled := slices.Clone(records)
			rnd.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			again := Make(p, Input{Services: catalogue, Records: shuffled}, p.To)
			again.Made = r.Made
			if a, b := text(t, r), text(t, again); a != b {
				t.Fatalf("seed %d: a month changed after it was over:\n%s\n%s", seed, a, b)
			}
			balanced(t, Make(p, in, p.From.AddDate(0, 0, 10))) // a month that is under way
			days := 0
			for d := p.From; d.Before(p.To); d = d.AddDate(0, 0, 1) {
				days += Make(DayOf(identity.DateOf(d)), in, now).Total.Resolved
			}
			if days != r.Total.Resolved {
				t.Fatalf("seed %d: the days of %s resolve %d, the month %d", seed, month, days, r.Total.Resolved)
			}
		}
	}
}

func text(t *testing.T, r Report) string {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func balanced(t *testing.T, r Report) {
	t.Helper()
	sums := map[string]Figures{}
	for name, rows := range map[string][]Row{"services": r.Services, "groups": r.Groups, "channels": r.Channels, "total": {{Figures: r.Total}}} {
		var sum Figures
		for _, f := range rows {
			sum.add(f.Figures)
			if f.Carried+f.Received != f.Resolved+f.Returned+f.Pending || f.Resolved != f.OnTime+f.Late || f.Early+f.NoTerm > f.OnTime ||
				f.Extended > f.Resolved || f.Returned != f.Refused+f.Stopped+f.Forwarded+f.Withdrawn ||
				f.Received != f.Kiosk+f.Desk+f.Portal+f.ChannelUnknown || f.Received != f.Chip+f.NoChip+f.ChipUnknown ||
				f.PendingLate+f.PendingSupplement > f.Pending || f.PendingNew > f.Pending {
				t.Fatalf("%s %s: %+v", name, f.ID, f.Figures)
			}
		}
		sums[name] = sum
	}
	for name, sum := range sums {
		if sum != r.Total {
			t.Fatalf("the %s come to %+v, not to %+v", name, sum, r.Total)
		}
	}
	var received, resolved, returned, without int
	for _, d := range r.Days {
		received, resolved, returned = received+d.Received, resolved+d.Resolved, returned+d.Returned
	}
	for _, n := range r.NoChip {
		without += n
	}
	v, c := r.Vehicles["motorcycle"], r.Total
	if received != c.Received || resolved != c.Resolved || returned != c.Returned || without != c.NoChip ||
		v.Resolved != v.New.Total+v.Other.Total+v.Unknown || v.New.Total != v.New.Province+v.New.District+v.New.Commune ||
		r.Times.Resolution.Count != c.Resolved || r.Times.Resolution.Median > r.Times.Resolution.P90 || r.Times.Resolution.P90 > r.Times.Resolution.Max {
		t.Fatalf("%+v\n%+v", c, r)
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		part, whole int
		want        float64
	}{{50, 562, 8.9}, {117, 202, 57.9}, {2150, 2427, 88.6}, {0, 0, 0}, {1, 1, 100}, {1, 2000, 0.1}, {279, 287, 97.2}} {
		if got := Percent(c.part, c.whole); got != c.want {
			t.Errorf("%d of %d: %v", c.part, c.whole, got)
		}
	}
}

func TestSpread(t *testing.T) {
	var ten []time.Duration
	for i := range 10 {
		ten = append(ten, time.Duration(10-i)*time.Minute)
	}
	if got := spread(ten); got != (Spread{10, 5 * time.Minute, 9 * time.Minute, 10 * time.Minute}) {
		t.Errorf("%+v", got)
	}
	if got := spread([]time.Duration{-time.Hour}); got != (Spread{Count: 1}) {
		t.Errorf("a clock set back: %+v", got)
	}
	b, err := json.Marshal(spread(ten))
	if err != nil || string(b) != `{"count":10,"max":600,"median":300,"p90":540}` {
		t.Errorf("%s, %v", b, err)
	}
}

func TestParsePeriod(t *testing.T) {
	p, err := ParseMonth("2026-02")
	if err != nil || !p.From.Equal(at("2026-02-01 00:00")) || !p.To.Equal(at("2026-03-01 00:00")) {
		t.Errorf("%v, %v", p, err)
	}
	// The first moment of a month is 17 o'clock of the day before in London.
	if !p.In(time.Date(2026, 1, 31, 17, 0, 0, 0, time.UTC)) || p.In(time.Date(2026, 2, 28, 17, 0, 0, 0, time.UTC)) || p.In(time.Time{}) {
		t.Error("a month does not begin and end at midnight in Vietnam")
	}
	if d, err := ParseDay("2026-12-31"); err != nil || !d.To.Equal(at("2027-01-01 00:00")) {
		t.Errorf("%v, %v", d, err)
	}
	for _, wrong := range []string{"", "2026", "2026-13", "2026-1", "1999-12", "10/2026", "2026-10-05x"} {
		if _, err := ParseMonth(wrong); err == nil {
			t.Errorf("%q is a month", wrong)
		}
		if _, err := ParseDay(wrong); err == nil {
			t.Errorf("%q is a day", wrong)
		}
	}
}

// Whoever reads the JSON relies on its names: they may become more, and none may go.
func TestNamesInJSON(t *testing.T) {
	var r map[string]any
	if err := json.Unmarshal([]byte(text(t, Make(Month(2026, time.October), Input{}, at("2026-11-01 00:00")))), &r); err != nil {
		t.Fatal(err)
	}
	for where, names := range map[string]string{
		"":       "office period made complete total services groups channels no_chip essential vehicles accounts days months times queue ratings share",
		"period": "from to",
		"total": "carried received kiosk desk portal channel_unknown chip no_chip chip_unknown resolved on_time late early no_term extended returned refused stopped " +
			"forwarded withdrawn pending pending_late pending_supplement pending_new supplemented handed",
		"essential": "listed offered used received resolved",
		"times":     "wait wait_priority handling reception resolution",
		"queue":     "taken priority served left",
		"ratings":   "count stars mean",
		"share":     "on_time resolved kiosk portal chip essential motorcycle_commune car_below satisfied",
		"accounts":  "received issued",
		"vehicles":  "motorcycle car",
	} {
		part := r
		if where != "" {
			part = r[where].(map[string]any)
		}
		for _, name := range strings.Fields(names) {
			if _, ok := part[name]; !ok {
				t.Errorf("%s has no %q any more", where, name)
			}
		}
	}
}

// Package reporttest makes records for tests of figures: filings that went their legal way through the desk, of nobody.
//
// Province is a month of a province, filing by filing. What a province published for May 2022 comes out of it, and nowhere in it
// stands a total: each unit's filings are listed, and each of them is decided as desk.Case allows.
package reporttest

import (
	"fmt"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/report"
)

// Services are the fifteen essential ones that a province answered for in 2022, as far as can be known: the source says how many they
// were and that eleven could be filed, not which. Of the twenty-five of the annex these are the eleven of the police, and
// four of the civil register. Cars are no essential service.
func Services() []report.Service {
	var list []report.Service
	for _, s := range []struct {
		id, group string
		offered   bool
	}{
		{"thuong-tru", "residence", true}, {"tam-tru", "residence", true}, {"tam-vang", "residence", true}, {"luu-tru", "residence", true},
		{"can-cuoc", "identity", true}, {"xac-nhan-cmnd", "identity", true}, {"khai-sinh", "civil", true}, {"ket-hon", "civil", true},
		{"khai-tu", "civil", true}, {"xe-mo-to", "vehicle", true}, {"con-dau", "other", true}, {"con-dau-thay-the", "other", false},
		{"ho-chieu", "identity", false}, {"phat-nguoi", "vehicle", false}, {"lien-thong-khai-sinh", "civil", false},
	} {
		list = append(list, report.Service{ID: s.id, Name: names[s.id], Group: s.group, Essential: true, Offered: s.offered})
	}
	return append(list, report.Service{ID: filing.Car, Name: names[filing.Car], Group: "vehicle", Offered: true},
		report.Service{ID: filing.Account, Name: names[filing.Account], Group: "identity", Offered: true})
}

var names = map[string]string{
	"thuong-tru": "Đăng ký thường trú", "tam-tru": "Đăng ký tạm trú", "tam-vang": "Khai báo tạm vắng", "luu-tru": "Thông báo lưu trú",
	"can-cuoc": "Cấp, cấp đổi, cấp lại thẻ căn cước", "xac-nhan-cmnd": "Cấp xác nhận số chứng minh nhân dân 09 số, số định danh cá nhân", "khai-sinh": "Đăng ký khai sinh",
	"ket-hon": "Đăng ký kết hôn", "khai-tu": "Đăng ký khai tử", "xe-mo-to": "Đăng ký, cấp biển số mô tô, xe gắn máy", "con-dau": "Đăng ký mẫu con dấu mới",
	"con-dau-thay-the": "Làm con dấu thay thế, dấu nổi, dấu thu nhỏ, dấu xi và cấp giấy chứng nhận đã đăng ký mẫu dấu",
	"ho-chieu":         "Cấp, cấp lại, sửa đổi, bổ sung hộ chiếu phổ thông", "phat-nguoi": "Nộp phạt vi phạm giao thông qua thiết bị ghi hình", "lien-thong-khai-sinh": "Liên thông đăng ký khai sinh – thường trú – thẻ BHYT",
	"xe-o-to": "Đăng ký, cấp biển số xe ô tô", "vneid": "Cấp tài khoản định danh điện tử mức độ 02",
}

// unit is one of the offices of the province and what came to it in the month.
type unit struct {
	level report.Level
	bikes int // first registrations of motorcycles, resolved
	cars  int
	other map[string]int // filings that were resolved, by service
	open  int            // filings that were not
	back  int            // filings that were returned
	old   int            // carried over from before, and resolved now
}

// units are the province's: the traffic police of the province, ten districts, and the communes that registered motorcycles.
var units = []unit{
	{report.AtProvince, 0, 85, map[string]int{"con-dau": 14, "xac-nhan-cmnd": 9, "can-cuoc": 41}, 22, 5, 6},
	{report.AtDistrict, 97, 31, map[string]int{"thuong-tru": 61, "tam-tru": 58, "can-cuoc": 60, "vneid": 60}, 44, 4, 7},
	{report.AtDistrict, 64, 18, map[string]int{"thuong-tru": 33, "tam-tru": 29, "can-cuoc": 31, "vneid": 31}, 28, 2, 4},
	{report.AtDistrict, 58, 14, map[string]int{"thuong-tru": 31, "tam-tru": 22, "can-cuoc": 25, "luu-tru": 46}, 21, 3, 3},
	{report.AtDistrict, 55, 12, map[string]int{"thuong-tru": 28, "tam-tru": 17, "can-cuoc": 23, "luu-tru": 35}, 19, 1, 2},
	{report.AtDistrict, 52, 11, map[string]int{"thuong-tru": 27, "tam-tru": 16, "can-cuoc": 21, "khai-sinh": 20}, 18, 2, 2},
	{report.AtDistrict, 47, 9, map[string]int{"thuong-tru": 22, "tam-tru": 14, "can-cuoc": 19, "ket-hon": 6}, 17, 1, 2},
	{report.AtDistrict, 43, 8, map[string]int{"thuong-tru": 21, "tam-tru": 11, "can-cuoc": 18, "khai-tu": 7}, 16, 2, 1},
	{report.AtDistrict, 38, 6, map[string]int{"thuong-tru": 19, "tam-tru": 9, "can-cuoc": 14, "khai-sinh": 9}, 15, 1, 1},
	{report.AtDistrict, 32, 5, map[string]int{"thuong-tru": 17, "tam-tru": 8, "can-cuoc": 12, "tam-vang": 11}, 13, 1, 1},
	{report.AtDistrict, 26, 3, map[string]int{"thuong-tru": 14, "tam-tru": 7, "can-cuoc": 9, "tam-vang": 17}, 12, 1, 1},
	{report.AtCommune, 21, 0, map[string]int{"luu-tru": 72, "tam-tru": 31, "thuong-tru": 26, "khai-sinh": 17}, 24, 2, 2},
	{report.AtCommune, 17, 0, map[string]int{"luu-tru": 61, "tam-tru": 27, "thuong-tru": 21, "khai-tu": 8}, 19, 2, 1},
	{report.AtCommune, 12, 0, map[string]int{"luu-tru": 48, "tam-tru": 20, "thuong-tru": 14, "ket-hon": 5}, 15, 1, 1},
}

// Month is the month of Province.
func Month() report.Period { return report.Month(2022, time.May) }

// Province is a province's May 2022.
func Province() report.Input {
	in := report.Input{Office: report.Office{Name: "Công an tỉnh Hòa Bình", Parent: "Bộ Công an", Commune: "thành phố Hòa Bình", Province: "tỉnh Hòa Bình"},
		Services: Services(), Since: Month().From}
	for i, u := range units {
		m := &maker{station: fmt.Sprintf("U%d", i+1), level: u.level, serial: map[identity.Date]int{}}
		for range u.bikes {
			m.one(filing.Motorcycle, filing.FirstRegistration, desk.Finish)
		}
		for range u.cars {
			m.one(filing.Car, filing.FirstRegistration, desk.Finish)
		}
		for _, s := range Services() {
			for range u.other[s.ID] {
				m.one(s.ID, "", desk.Finish)
			}
		}
		for n := range u.open {
			m.one("tam-tru", "", []desk.Action{desk.Receive, desk.Receive, desk.Ask, ""}[n%4])
		}
		for n := range u.back {
			m.one("thuong-tru", "", []desk.Action{desk.Refuse, desk.Withdraw, desk.Stop}[n%3])
		}
		for range u.old {
			m.carried("thuong-tru")
		}
		in.Records = append(in.Records, m.records...)
		in.Visits = append(in.Visits, m.visits...)
	}
	return in
}

// maker makes a unit's filings, each a bit different from the one before, the same every time.
type maker struct {
	station string
	level   report.Level
	n       int
	serial  map[identity.Date]int
	records []report.Record
	visits  []report.Visit
}

// term is how long everything may take here.
const term = 5 * 24 * time.Hour

// one files in the month and decides until the action that is given; "" leaves it as it was filed.
func (m *maker) one(service, kase string, until desk.Action) {
	m.n++
	day := 1 + m.n%24
	if until != desk.Finish {
		day = 20 + m.n%12 // what came last is what is open
	}
	taken := time.Date(2022, time.May, day, 7+m.n%4, (7*m.n)%60, 0, 0, calendar.Zone)
	called := taken.Add(time.Duration(3+m.n%17) * time.Minute)
	ended := called.Add(time.Duration(4+m.n%9) * time.Minute)
	m.visits = append(m.visits, report.Visit{Taken: taken, Called: called, Began: called.Add(time.Minute), Ended: ended, Priority: m.n%11 == 0})
	r := m.file(service, kase, ended)
	switch until {
	case "":
	case desk.Refuse, desk.Withdraw:
		r.decide(until, ended.Add(time.Hour), time.Time{})
	default:
		r.decide(desk.Receive, ended.Add(time.Duration(m.n%90)*time.Minute), r.Filed.Add(term))
		hours := 5 + m.n%60
		if m.n%29 == 0 {
			hours = 130 // over the term
		}
		if until != desk.Receive {
			r.decide(until, r.Filed.Add(time.Duration(hours)*time.Hour), time.Time{})
		}
		if until == desk.Finish && m.n%3 != 0 {
			r.decide(desk.Hand, r.Filed.Add(time.Duration(hours+20)*time.Hour), time.Time{})
		}
	}
	m.records = append(m.records, r.Record)
}

// carried was filed in April and resolved in May.
func (m *maker) carried(service string) {
	m.n++
	r := m.file(service, "", time.Date(2022, time.April, 27+m.n%3, 9, 0, 0, 0, calendar.Zone))
	r.decide(desk.Receive, r.Filed.Add(time.Hour), r.Filed.Add(term))
	r.decide(desk.Finish, time.Date(2022, time.May, 2, 8+m.n%8, 0, 0, 0, calendar.Zone), time.Time{})
	m.records = append(m.records, r.Record)
}

// record is a record with where it stands.
type record struct {
	report.Record
	stands desk.Case
}

func (m *maker) file(service, kase string, when time.Time) *record {
	day := identity.DateOf(when)
	m.serial[day]++
	ref, err := filing.NewReference("05200", m.station, day, m.serial[day])
	must(err)
	r := &record{Record: report.Record{Reference: ref, Service: service, Filed: when, Due: when.Add(term), Case: kase, Level: m.level,
		Channel: filing.Channels[m.n%5%3], Chip: filing.ChipRead}}
	if m.n%6 == 0 {
		r.Chip = []string{"card-mute", "no-card", "reader-absent"}[m.n/6%3]
	}
	if m.n%4 == 0 {
		r.Stars, r.Rated = 3+m.n%12/4, when.Add(time.Minute)
	}
	r.stands = desk.Case{Status: filing.Filed, Filed: when, Due: r.Due}
	return r
}

func (r *record) decide(a desk.Action, when, due time.Time) {
	next, err := r.stands.Apply(desk.Decision{Action: a, Officer: "an", At: when, Due: due, Reason: "Người dân đến rút hồ sơ", Items: []string{"Hợp đồng thuê nhà"},
		To: "Phòng PC06", Confirm: desk.Signature})
	must(err)
	r.stands = next
	r.Steps = append(r.Steps, report.Step{At: when, Action: a, Officer: "an", Status: next.Status, Due: next.Due})
}

// must holds that the records are possible: a mistake in them is one of this package.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

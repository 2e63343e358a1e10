package desk

import (
	"motcua/kiosk/board"
)

var officeSections = []string{"self", "officers", "services", "hours", "trust", "voices", "keys", "retention", "backup", "health"}

// officePage is a section of what a head decides for the office.
func officePage(at int, about board.About, entries ...board.Entry) board.Snapshot {
	s := page(board.Admin)
	s.Admin = &board.Administration{Sections: officeSections, At: at, Row: 1, Entries: entries, About: about}
	return s
}

func key(k string, args ...any) board.Words { return board.Words{Key: k, Args: args} }

// officePages are the states of what a head decides that are looked at.
func officePages() map[string]board.Snapshot {
	s := map[string]board.Snapshot{}
	decided := board.Remark{Label: "desk.office.whose", Words: key("desk.office.decided", "Đinh Thị Hoa", now.AddDate(0, 0, -3))}
	file := board.Remark{Label: "desk.office.whose", Words: key("desk.office.file")}

	services := officePage(2, board.About{Title: board.As("Khai báo tạm vắng"), Lines: []board.Remark{
		{Words: board.As("Khai báo tạm vắng")}, {Label: "desk.service.id", Words: board.As("tam-vang")}, {Label: "desk.service.procedure", Words: board.As("1.003197")},
		{Words: key("desk.service.off.text"), Mood: board.Off}, {Label: "desk.service.open", Words: key("desk.service.filings", 12)}, decided},
		Deeds: []board.Deed{{ID: "service-on", Key: "T"}, {ID: "as-file", Key: "M"}}},
		board.Entry{Name: board.As("Đăng ký tạm trú"), Text: board.As("Đăng ký tạm trú"), Mark: key("desk.service.on"), Mood: board.Ready},
		board.Entry{Name: board.As("Khai báo tạm vắng"), Text: board.As("Khai báo tạm vắng"), Mark: key("desk.service.off"), Mood: board.Off},
		board.Entry{Name: board.As("Đăng ký khai sinh, thường trú, cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi"), Text: board.As(long), Mark: key("desk.service.told"), Mood: board.Unused})
	services.Admin.Result = &board.Words{Key: "desk.service.now-off", Args: []any{"Khai báo tạm vắng"}}
	services.Admin.Below = 30
	s["office-services"] = services

	hours := officePage(3, board.About{Title: key("desk.hours.day", "thứ Năm", "24/12/2026"), Lines: []board.Remark{
		{Label: "desk.hours.why", Words: board.As("Sửa trụ sở, mất điện toàn xã từ 7 giờ đến 17 giờ")}, decided,
		{Label: "desk.hours.due", Words: key("desk.service.filings", 3), Mood: board.Care}, {Words: key("desk.hours.promised")}},
		Deeds: []board.Deed{{ID: "day-add", Key: "N"}, {ID: "day-remove", Key: "X"}}},
		board.Entry{Name: key("desk.hours.open"), Text: key("desk.hours.line", "07:30-11:30", "13:30-17:00", key("desk.hours.saturday.morning"))},
		board.Entry{Name: key("desk.hours.day", "thứ Năm", "24/12/2026"), Text: board.As("Sửa trụ sở, mất điện toàn xã từ 7 giờ đến 17 giờ"), Mark: key("desk.hours.closed"), Mood: board.Care},
		board.Entry{Name: key("desk.hours.day", "thứ Sáu", "01/01/2027"), Text: board.As("Tết Dương lịch"), Mark: key("desk.hours.holiday"), Mood: board.Unused},
		board.Entry{Name: key("desk.hours.day", "thứ Hai", "02/11/2026"), Text: board.As("Họp"), Mark: key("desk.hours.over"), Mood: board.Unused})
	hours.Admin.Result = &board.Words{Key: "desk.hours.shut", Args: []any{2, 3}}
	s["office-hours"] = hours
	first := hours
	p := *hours.Admin
	p.Row, p.Result, p.About = 0, &board.Words{Key: "desk.hours.now", Args: []any{key("desk.hours.line", "07:30-11:30", "13:30-17:00", key("desk.hours.saturday.morning"))}},
		board.About{Title: key("desk.hours.open"), Lines: []board.Remark{{Label: "desk.hours.morning", Words: board.As("07:30-11:30")}, {Label: "desk.hours.afternoon", Words: board.As("13:30-17:00")},
			{Label: "desk.hours.saturday", Words: key("desk.hours.saturday.morning")}, file, {Words: key("desk.hours.text")}},
			Deeds: []board.Deed{{ID: "hours-set", Key: "G"}, {ID: "day-add", Key: "N"}, {ID: "as-file", Key: "M", Off: true}}}
	first.Admin = &p
	s["office-hours-first"] = first
	ask := first
	ask.Ask = &board.Ask{ID: "hours", At: 2, Problem: "hours", Fields: []board.Field{{ID: "morning", Kind: board.FieldLine, Value: "07:30-11:3"}, {ID: "afternoon", Kind: board.FieldLine, Value: "13:30-17:00"},
		{ID: "saturday", Kind: board.FieldChoice, Choices: []board.Words{key("desk.hours.saturday.morning"), key("desk.hours.saturday.closed")}, Chosen: 1}}}
	s["office-hours-ask"] = ask
	closed := hours
	closed.Ask = &board.Ask{ID: "closed", At: 2, Problem: "until", Fields: []board.Field{{ID: "day", Kind: board.FieldLine, Value: "24/12/2026"}, {ID: "until", Kind: board.FieldLine, Value: "25/12/2026"},
		{ID: "why", Kind: board.FieldWords, Value: "Sửa trụ sở"}}}
	s["office-closed-ask"] = closed

	s["office-trust"] = officePage(4, board.About{Title: board.As("C=VN, O=Bộ Công an, CN=CSCA Thử"), Lines: []board.Remark{
		{Label: "desk.trust.kind", Words: key("desk.trust.kind.csca")}, {Words: key("desk.trust.over"), Mood: board.Care}, {Label: "desk.trust.issuer", Words: board.As("C=VN, O=Bộ Công an, CN=CSCA Gốc")},
		{Label: "desk.trust.valid", Words: key("desk.trust.between", "01/01/2021", "01/01/2026")}, {Label: "desk.trust.key", Words: board.As("brainpoolP384r1")},
		{Label: "desk.trust.vouched", Words: key("desk.trust.by.operator")}, {Label: "desk.officer.added", Words: key("desk.at", now)},
		{Label: "desk.trust.fingerprint", Words: board.As("8F2A 11C0 9B3D 77E4 0A5C D2E1 4477 90AB 8F2A 11C0 9B3D 77E4 0A5C D2E1 4477 90AB")}, {Words: key("desk.trust.compare")}},
		Deeds: []board.Deed{{ID: "trust-add", Key: "N"}, {ID: "trust-remove", Key: "X", Grim: true}}},
		board.Entry{Name: board.As("C=VN, O=Bộ Công an, CN=CSCA 2022"), Text: key("desk.trust.line", key("desk.trust.kind.csca"), "12/03/2037"), Mark: key("desk.trust.built-in"), Mood: board.Ready},
		board.Entry{Name: board.As("C=VN, O=Bộ Công an, CN=CSCA Thử"), Text: key("desk.trust.line", key("desk.trust.kind.csca"), "01/01/2026"), Mark: key("desk.trust.over"), Mood: board.Care},
		board.Entry{Name: board.As("C=VN, O=Bộ Công an, CN=CSCA Thử"), Text: key("desk.trust.line-open", key("desk.trust.kind.crl")), Mark: key("desk.trust.holds"), Mood: board.Ready})
	trust := s["office-trust"]
	trust.Ask = &board.Ask{ID: "trust", At: 0, Problem: "unproven", Fields: []board.Field{
		{ID: "file", Kind: board.FieldChoice, Choices: []board.Words{board.As("csca-vn-2022.der"), board.As("danh-sach-tong-2026.ml")}}, {ID: "path", Kind: board.FieldLine, Value: "~/Motcua/danh-sach.ml"}}}
	s["office-trust-ask"] = trust
	untrust := s["office-trust"]
	untrust.Ask = &board.Ask{ID: "untrust", Grim: true, Lines: []board.Words{board.As("C=VN, O=Bộ Công an, CN=CSCA Thử")}}
	s["office-untrust-ask"] = untrust

	s["office-voices"] = officePage(5, board.About{Title: board.As("Cô Lan, Mai Châu"), Lines: []board.Remark{{Words: key("desk.voice.pack", "co-lan", 412)},
		{Words: key("desk.voice.lacking.text", 3), Mood: board.Care}, {Words: key("desk.voice.chosen.text"), Mood: board.Ready}, decided, {Words: key("desk.voice.text")}},
		Deeds: []board.Deed{{ID: "voice-choose", Key: "C", Off: true}, {ID: "as-file", Key: "M"}}},
		board.Entry{Name: key("desk.voice.name.vi"), Text: key("desk.voice.machine", "vi")},
		board.Entry{Name: board.As("Cô Lan, Mai Châu"), Text: key("desk.voice.pack", "co-lan", 412), Mark: key("desk.voice.chosen"), Mood: board.Ready},
		board.Entry{Name: board.As("ghi-thu"), Text: key("desk.voice.pack", "ghi-thu", 0), Mark: key("desk.voice.wrong"), Mood: board.Faulty},
		board.Entry{Name: board.As("Chị Hà"), Text: key("desk.voice.pack", "chi-ha", 80), Mark: key("desk.voice.lacking", 7), Mood: board.Care})
	return s
}

package gallery

import (
	"golang.org/x/text/unicode/norm"

	"motcua/kiosk/fault"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
)

// What is as long as it gets.
const (
	longName = "Nguyễn Tôn Nữ Huyền Thuỷ Nguyệt Dạ Lan"
	capsName = "NGUYỄN TÔN NỮ HUYỀN THUỶ NGUYỆT DẠ LAN"
	edeName  = "H’Nuôn Kbŭôr Niê Blĕt"
	// longAddress has 150 letters.
	longAddress = "Số nhà 127/45B ngõ 12 đường Nguyễn Thượng Hiền kéo dài, xóm Thượng Nguyên Trường Giang, " +
		"thôn Phú Nghĩa Thượng, xã Nghĩa Thuận Hưng Khánh Trung, tỉnh Thái Nguyên"
	longPaper = "Giấy tờ chỗ ở hợp pháp – Hợp đồng thuê nhà hoặc giấy cho mượn, cho ở nhờ; không cần công chứng"
)

// Extremes lists the pages with the longest texts.
func Extremes() []State {
	var all []State
	for _, some := range [][]State{longPersons(), longForms(), longLists(), longWords()} {
		all = append(all, some...)
	}
	for i := range all {
		all[i].Name = "extreme-" + all[i].Name
	}
	return all
}

func longPersons() []State {
	c := somebody()
	c.Name, c.Verdict, c.Source, c.Photo = capsName, identity.Unproven, identity.FromQR, nil
	c.Code = "passive-authentication signer-not-for-signing"
	c.Told = []string{"Ông/bà sẽ đủ 60 tuổi ngày 12/12/2026: cần đổi thẻ.", "Thông tin lấy từ mã QR in trên thẻ, chưa đọc chip."}
	decomposed, ede := somebody(), somebody()
	decomposed.Name, ede.Name = norm.NFD.String("Bùi Thị Nguyệt Hường Đặng"), edeName
	hello := choice(session.PageService, 2, "Chào bà "+longName, "", services(), 2, 3)
	name := reading(session.Reading{QR: session.StepDone, Chip: session.StepNow, Tail: "017", Name: longName, CardOnReader: true, Progress: 1, SecondsLeft: 0})
	return []State{{"confirm", confirm(c)}, {"confirm-nfd", confirm(decomposed)}, {"confirm-ede", confirm(ede)}, {"service", hello}, {"reading", name}}
}

func longForms() []State {
	f := session.Form{Field: "head_name", Kind: form.Text, Label: "Họ, chữ đệm và tên chủ hộ nơi ở mới", Value: longName + " " + edeName, MaxLen: 60,
		Known: []session.KnownField{{Label: "Người đề nghị", Value: longName, Source: identity.FromChip}, {Label: "Số định danh cá nhân", Value: "099******017", Source: identity.FromTyped}}}
	address := session.Form{Field: "dwelling", Kind: form.Text, Label: "Số nhà, đường, thôn, xóm, bản", Hint: "Ví dụ: Xóm Văn", Value: longAddress[:100],
		MaxLen: 80, Known: []session.KnownField{{Label: "Người đề nghị", Value: edeName, Source: identity.FromQR}},
		Problems: []form.Problem{{Code: form.ProblemPhone, Blocking: true}}}
	address.Value = string([]rune(longAddress)[:80])
	nfd := f
	nfd.Value = norm.NFD.String("Hà Văn Thuyết")
	return []State{{"form", field(session.PageForm, "Họ, chữ đệm và tên của chủ hộ nơi ở mới mà ông/bà chuyển đến là gì?", f)},
		{"form-address", field(session.PageForm, "Ông/bà chuyển đến ở chỗ nào?", address)},
		{"form-nfd", field(session.PageForm, "Chủ hộ nơi ở mới là ai?", nfd)}}
}

func longLists() []State {
	long := rows()
	long[0].Value, long[2].Value = longName+" · 12/03/1974", longAddress
	long[4].Label, long[4].Value = "Số định danh chủ hộ", longName+" · người thuê, mượn, ở nhờ"
	six := relations()
	six[0].Title, six[0].Text = "Người thuê, mượn, ở nhờ", "Chủ hộ là họ hàng của vợ hoặc chồng tôi"
	wide := services()
	wide[0].Title, wide[0].Text = "Đăng ký phương tiện, biển số xe máy", "Xe mới mua, sang tên, đổi biển số, cấp lại đăng ký"
	p := papers()[0].Snapshot
	p.Papers[1].Note = "Hợp đồng thuê nhà hoặc giấy cho mượn, cho ở nhờ; chỉ cần nếu cán bộ không tìm thấy trong cơ sở dữ liệu, không cần công chứng"
	return []State{{"review", review(long, 1, 2)}, {"question", choice(session.PageQuestion, 3, "Đăng ký tạm trú · Câu 5 trong 7", "Ông/bà là gì của chủ hộ?", six, 1, 2)},
		{"services", choice(session.PageService, 2, "Chào ông Hà", "", wide, 1, 2)}, {"papers", p}}
}

func longWords() []State {
	v := filed()
	v.Bring = []string{"Thẻ căn cước", "hợp đồng thuê nhà", "ý kiến đồng ý của chủ hộ", "ý kiến đồng ý của chủ nhà", "giấy tờ nhà, đất"}
	v.DueNote = "Từ Thứ Hai 31/8 đến Thứ Tư 2/9 có 3 ngày nghỉ lễ, cơ quan không làm việc"
	v.Service = "Xác nhận thông tin về cư trú cho người nước ngoài"
	v.Printing, v.Fault = session.PrintFailed, fault.PrinterUnsure
	called := done(v)
	called.Simulated, called.OfficerCalled, called.Notice = []string{"card", "scanner", "printer"}, true, "notice.receipt-ask-officer"
	long := page(session.PageCounter, 2, "Thẻ căn cước")
	long.Counter = &session.Counter{Service: "Cấp đổi thẻ căn cước cho người từ đủ 14 tuổi", Papers: []string{longPaper, longPaper, longPaper, longPaper, longPaper}}
	code := trouble(fault.CardSecure)
	code.Fault.Code = fault.CardWrongKey
	return []State{{"done", called}, {"counter", long}, {"fault", code}}
}

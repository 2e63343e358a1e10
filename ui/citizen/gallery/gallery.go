// Package gallery is every page in every state, as Snapshots with invented people: for looking at without hardware, and
// for the tests that measure each page.
//
// States lists them in the order in which a citizen meets them; Extremes are the same pages with the longest names and
// addresses that there are, and with letters that came in decomposed.
package gallery

import (
	"slices"
	"strings"

	"motcua/kiosk/fault"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
)

// State is one picture of the gallery.
type State struct {
	Name     string
	Snapshot session.Snapshot
}

const steps = 6

var (
	office = session.Office{Name: "Công an xã Mai Châu", Province: "tỉnh Phú Thọ", Station: "K1", Label: "Ki-ốt 1", Waiting: 3}

	call = session.Key{Label: "key.call", Icon: "concierge-bell", Shown: true, Enabled: true}
	back = session.Key{Label: "key.back", Icon: "arrow-left", Shown: true, Enabled: true}
	next = session.Key{Label: "key.continue", Icon: "arrow-right", Shown: true, Enabled: true}
	stop = session.Key{Label: "key.stop", Icon: "x", Shown: true, Enabled: true}
)

func key(label, icon string, enabled bool) session.Key {
	return session.Key{Label: label, Icon: icon, Shown: true, Enabled: enabled}
}

// page is a page with its bars.
func page(p session.Page, step int, crumb string) session.Snapshot {
	s := session.Snapshot{Page: p, Serial: 1, Crumb: crumb, Office: office, Step: step, Steps: steps, Back: back, Call: call, Next: next}
	if step == 0 {
		s.Steps = 0
	}
	return s
}

// States lists the pages as they are on a good day and on bad ones.
func States() []State {
	var all []State
	for _, some := range [][]State{welcomes(), readings(), confirms(), choices(), forms(), lists(), papers(), ends(), troubles(), tests()} {
		all = append(all, some...)
	}
	return all
}

func welcomes() []State {
	plain := session.Snapshot{Page: session.PageWelcome, Serial: 1, Office: office, Call: call}
	simulated := plain
	simulated.Simulated = []string{"card", "scanner", "printer"}
	simulated.Office.Waiting = -1
	notice := plain
	notice.Notice, notice.OfficerCalled = "notice.card-left", true
	call, calls := plain, plain
	call.Calls = []session.Call{{Number: 12, Counter: "1"}}
	calls.Calls = []session.Call{{Number: 112, Counter: "2"}, {Number: 7, Counter: "Một cửa"}}
	closed := plain
	closed.Office.Closed, closed.Office.Why = "Quầy đang nghỉ, mở lại lúc 13 giờ 30 Chủ nhật 27/12", "Mất điện toàn xã để sửa đường dây từ 7 giờ đến 17 giờ ở chợ"
	return []State{{"welcome-closed", closed}, {"welcome", plain}, {"welcome-simulated", simulated}, {"welcome-notice", notice}, {"welcome-call", call}, {"welcome-calls", calls}}
}

func reading(r session.Reading) session.Snapshot {
	s := page(session.PageReading, 1, "Đọc thẻ căn cước")
	s.Back, s.Next, s.Reading = stop, key("key.wait", "timer", false), &r
	return s
}

func readings() []State {
	failed := reading(session.Reading{QR: session.StepDone, Chip: session.StepFailed, Tail: "017", CardOnReader: true,
		CanSkip: true, Fault: fault.CardMute, SecondsLeft: -1})
	failed.Next = key("key.skip-chip", "arrow-right", true)
	scan := reading(session.Reading{QR: session.StepNow, SecondsLeft: -1, CanSkip: true})
	scan.Next = key("key.by-hand", "keyboard", true)
	return []State{
		{"reading", reading(session.Reading{QR: session.StepDone, Chip: session.StepNow, Tail: "017", CardOnReader: true, Progress: 0.61, SecondsLeft: 3})},
		{"reading-name", reading(session.Reading{QR: session.StepDone, Chip: session.StepNow, Tail: "017", Name: "Bùi Thị Nguyệt", CardOnReader: true, Progress: 0.3, SecondsLeft: -1})},
		{"reading-lay", reading(session.Reading{QR: session.StepDone, Chip: session.StepNow, Tail: "017", SecondsLeft: -1})},
		{"reading-scan", scan},
		{"reading-failed", failed},
	}
}

func confirm(c session.Confirm) session.Snapshot {
	s := page(session.PageConfirm, 1, "Xem thông tin từ thẻ")
	s.Back, s.Next = key("key.not-me", "x", true), key("key.yes-continue", "arrow-right", true)
	s.Confirm = &c
	return s
}

func somebody() session.Confirm {
	return session.Confirm{Photo: Photo(), Name: "BÙI THỊ NGUYỆT", Masked: "099******017", Birth: "12/03/1974", Sex: "Nữ",
		Source: identity.FromChip, Verdict: identity.IssuerUnknown, Code: "passive-authentication issuer-unknown"}
}

func confirms() []State {
	proven, qr, typed, expired, old := somebody(), somebody(), somebody(), somebody(), somebody()
	proven.Verdict, proven.Code = identity.Genuine, ""
	qr.Photo, qr.Source, qr.Verdict, qr.Code = nil, identity.FromQR, identity.NoChip, "card-mute"
	qr.Told = []string{"Thông tin lấy từ mã QR in trên thẻ, chưa đọc chip."}
	typed.Photo, typed.Source, typed.Verdict, typed.Code = nil, identity.FromTyped, identity.NoChip, "card-absent"
	typed.Told = []string{"Thông tin do ông/bà tự khai, chưa có thẻ."}
	expired.Told = []string{"Thẻ đã hết hạn ngày 22/11/2026: cần đổi thẻ."}
	old.Told = []string{"Ông/bà sẽ đủ 60 tuổi ngày 12/12/2026: cần đổi thẻ."}
	all := []State{{"confirm", confirm(proven)}, {"confirm-read", confirm(somebody())}, {"confirm-qr", confirm(qr)},
		{"confirm-typed", confirm(typed)}, {"confirm-expired", confirm(expired)}, {"confirm-age", confirm(old)}}
	for verdict, code := range map[identity.Verdict]string{identity.Unproven: "chip-authentication refused", identity.Forged: "data-groups hash-differs",
		identity.Cloned: "chip-authentication cloned", identity.Downgraded: "access downgraded", identity.Doubtful: "number-consistency numbers-differ"} {
		c := somebody()
		c.Verdict, c.Code = verdict, code
		all = append(all, State{"confirm-" + string(verdict), confirm(c)})
	}
	slices.SortStableFunc(all, func(a, b State) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func services() []session.Option {
	return []session.Option{
		{ID: "thuong-tru", Title: "Đăng ký thường trú", Text: "Chuyển hẳn đến ở", Picture: "house-permanent", Icon: "key-round"},
		{ID: "tam-tru", Title: "Đăng ký tạm trú", Text: "Ở nơi mới từ 30 ngày", Picture: "house-temporary", Icon: "calendar-clock", Chosen: true},
		{ID: "tam-vang", Title: "Khai báo tạm vắng", Text: "Đi xa nhà lâu ngày", Picture: "leave"},
		{ID: "luu-tru", Title: "Thông báo lưu trú", Text: "Có khách ngủ lại nhà", Picture: "guest"},
		{ID: "xac-nhan", Title: "Xác nhận cư trú", Text: "Xin giấy ghi nơi ở", Picture: "confirmation", Icon: "check"},
		{ID: "can-cuoc", Title: "Thẻ căn cước", Text: "Làm mới, đổi, cấp lại", Picture: "id-card"},
	}
}

func cases() []session.Option {
	return []session.Option{
		{ID: "own", Title: "Nhà của tôi", Text: "Tôi hoặc vợ, chồng đứng tên chủ nhà", Picture: "house-own", Icon: "key-round"},
		{ID: "rent", Title: "Nhà thuê hoặc mượn", Text: "Có giấy thuê nhà hoặc giấy cho ở nhờ", Picture: "house-rent", Icon: "file-pen", Chosen: true},
		{ID: "family", Title: "Ở cùng người nhà", Text: "Nhà của bố mẹ, con, anh, chị, em", Picture: "house-family"},
		{ID: "other", Title: "Chỗ khác", Text: "Lán trại, nơi làm việc, cơ sở tập thể", Picture: "tent"},
	}
}

func relations() []session.Option {
	return []session.Option{
		{ID: "spouse", Title: "Vợ, chồng", Text: "Chủ hộ là vợ hoặc chồng tôi", Picture: "house-family"},
		{ID: "child", Title: "Con", Text: "Chủ hộ là bố hoặc mẹ tôi", Picture: "house-family", Chosen: true},
		{ID: "parent", Title: "Bố, mẹ", Text: "Chủ hộ là con tôi", Picture: "house-family"},
		{ID: "sibling", Title: "Anh, chị, em", Text: "Chủ hộ là anh, chị, em tôi", Picture: "house-family"},
		{ID: "kin", Title: "Người thân khác", Text: "Ông bà, cháu, họ hàng", Picture: "house-family"},
		{ID: "worker", Title: "Người làm công", Text: "Làm việc cho chủ nơi ở", Picture: "work"},
	}
}

func periods() []session.Option {
	return []session.Option{
		{ID: "half-year", Title: "6 tháng", Text: "Nửa năm", Picture: "calendar-half"},
		{ID: "one-year", Title: "1 năm", Text: "12 tháng", Picture: "calendar-one", Chosen: true},
		{ID: "two-years", Title: "2 năm", Text: "Dài nhất theo luật", Picture: "calendar-two"},
	}
}

func choice(p session.Page, step int, crumb, title string, options []session.Option, at, of int) session.Snapshot {
	s := page(p, step, crumb)
	s.Title = title
	s.Choice = &session.Choice{Options: options, Page: at, Pages: of}
	return s
}

func choices() []State {
	hello := "Chào bà Bùi Thị Nguyệt"
	notice := choice(session.PageService, 2, hello, "", services(), 1, 3)
	notice.Notice = "notice.scan-ignored"
	return []State{
		{"service", choice(session.PageService, 2, hello, "", services(), 1, 3)},
		{"service-few", choice(session.PageService, 2, hello, "", services()[1:3], 1, 1)},
		{"service-notice", notice},
		{"question", choice(session.PageQuestion, 3, "Đăng ký tạm trú · Câu 1 trong 7", "Ông/bà đang ở chỗ nào?", cases(), 1, 1)},
		{"question-three", choice(session.PageQuestion, 3, "Đăng ký tạm trú · Câu 3 trong 7", "Ông/bà định ở đây bao lâu?", periods(), 1, 1)},
		{"question-six", choice(session.PageQuestion, 3, "Đăng ký tạm trú · Câu 5 trong 7", "Ông/bà là gì của chủ hộ?", relations(), 1, 1)},
		{"question-two", choice(session.PageQuestion, 3, "Đăng ký tạm trú · Câu 7 trong 7", "Có ai cùng chuyển đến không?", relations()[:2], 1, 1)},
	}
}

func field(p session.Page, title string, f session.Form) session.Snapshot {
	s := page(p, 3, "Đăng ký tạm trú · Câu 4 trong 7")
	s.Title, s.Form = title, &f
	return s
}

func known() []session.KnownField {
	return []session.KnownField{
		{Label: "Người đề nghị", Value: "Bùi Thị Nguyệt", Source: identity.FromChip},
		{Label: "Số định danh", Value: "099******017", Source: identity.FromChip},
	}
}

func forms() []State {
	head := session.Form{Field: "head_name", Kind: form.Text, Label: "Họ, chữ đệm và tên chủ hộ", Value: "Hà Văn Thuyế", Known: known(), MaxLen: 60}
	empty := session.Form{Field: "dwelling", Kind: form.Text, Label: "Số nhà, đường, thôn, xóm, bản", Hint: "Ví dụ: Xóm Văn", Known: known()[:1], MaxLen: 80}
	phone := session.Form{Field: "phone", Kind: form.Digits, Label: "Số điện thoại liên hệ", Hint: "10 chữ số", Value: "09123456",
		MaxLen: 10, Group: []int{4, 3, 3}, CanSkip: true, Known: known()[:1]}
	skip := phone
	skip.Value = ""
	birth := session.Form{Field: "birth", Kind: form.Digits, Label: "Ngày, tháng, năm sinh", Value: "120319", MaxLen: 8, Group: []int{2, 2, 4}}
	wrong := session.Form{Field: "number", Kind: form.Digits, Label: "Số định danh cá nhân", Hint: "12 chữ số", Value: "09919000001",
		MaxLen: 12, Group: []int{3, 3, 3, 3}, Problems: []form.Problem{{Field: "number", Code: form.ProblemNumber, Blocking: true}}}
	changed := session.Form{Field: "address", Kind: form.Text, Label: "Nơi thường trú", Value: "Xóm Văn, xã Mai Châu", MaxLen: 120, WasOnCard: true}
	card := changed
	card.WasOnCard, card.FromCard = false, true
	return []State{
		{"form", field(session.PageForm, "Chủ hộ nơi ở mới là ai?", head)},
		{"form-empty", field(session.PageForm, "Ông/bà chuyển đến ở chỗ nào?", empty)},
		{"form-digits", field(session.PageForm, "Số điện thoại của ông/bà là gì?", phone)},
		{"form-skip", field(session.PageForm, "Số điện thoại của ông/bà là gì?", skip)},
		{"form-changed", field(session.PageForm, "Nơi thường trú của ông/bà ở đâu?", changed)},
		{"form-card", field(session.PageForm, "Nơi thường trú của ông/bà ở đâu?", card)},
		{"manual-birth", field(session.PageManual, "Ông/bà sinh ngày nào?", birth)},
		{"manual-wrong", field(session.PageManual, "Số định danh của ông/bà là gì?", wrong)},
	}
}

package gallery

import (
	"fmt"

	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
)

func listed(r session.Rows) session.Snapshot {
	s := page(session.PageRows, 3, "Thông báo lưu trú · Câu 1 trong 6")
	s.Title, s.Rows = "Khách là những ai?", &r
	if r.Page == 0 {
		s.Rows.Page, s.Rows.Pages = 1, 1
	}
	return s
}

func guests() []session.Person {
	return []session.Person{
		{At: 0, Text: "Lường Văn Mẫu · 01/05/1985", Source: identity.FromChip},
		{At: 1, Text: "Bùi Thị Mẫu · 02/05/1985", Source: identity.FromQR},
		{At: 2, Text: "Vì Văn Khách · 01/02/1990", Source: identity.FromTyped},
	}
}

// lists are the pages of lists, of the picker and of the search.
func lists() []State {
	many := guests()
	for i := range many {
		many[i].Text = "Công Tằng Tôn Nữ Hoàng Phương Nghiêm Thượng Trường Khuyến Nguyệt · 29/02/1996"
	}
	many = append(many, session.Person{At: 98, Text: "Đinh Mươl · 01/02/1990 · Người thuê, mượn, ở nhờ", Source: identity.FromChip})
	problem := listed(session.Rows{Field: "guests", CanAdd: true, Rows: guests(), Problems: []form.Problem{{Code: form.ProblemTwice, Text: "Có người được ghi hai lần. Xin bỏ bớt một."}}})
	tell := page(session.PageTell, 3, "Xác nhận số CMND · Câu 1 trong 2")
	tell.Title = "Số chứng minh nhân dân cũ của ông/bà"
	tell.Tell = &session.Tell{Picture: "id-card", Text: "Số cũ ghi trong chip: 099123456. Từ 15/3/2026 không cơ quan nào được đòi giấy xác nhận số cũ: thẻ căn cước đã có số đó. " +
		"Nếu có nơi vẫn đòi, xin báo cán bộ. Bấm Tiếp tục nếu ông/bà vẫn cần giấy."}
	return []State{
		{"tell", tell}, {"rows-empty", listed(session.Rows{Field: "guests", CanAdd: true})}, {"rows", listed(session.Rows{Field: "guests", CanAdd: true, Rows: guests()})},
		{"rows-reading", listed(session.Rows{Field: "guests", CanAdd: true, Rows: guests()[:1], Reading: true})}, {"rows-problem", problem},
		{"rows-full", listed(session.Rows{Field: "guests", Rows: many, Page: 25, Pages: 25})},
		{"place-groups", place(8, "An Bình Đông – Cao Sơn", "Tỉnh Phú Thọ", "")}, {"place-communes", place(24, "Xã Thượng Nghĩa Hưng Đông", "Tỉnh Phú Thọ", "")},
		{"place-provinces", place(34, "Thành phố Hồ Chí Minh", "", "")}, {"place-chosen", place(25, "Phường Văn Miếu - Quốc Tử Giám", "Thành phố Hà Nội", "xã Mai Châu, tỉnh Phú Thọ")},
		{"search", search("", nil)}, {"search-found", search("dang ky", services()[:4])}, {"search-nothing", search("qqq", nil)}, {"question-many", several()}, {"question-doubt", doubted()}, {"spoken", spoken()},
		{"status-received", standing(filing.Received)}, {"status-supplement", standing(filing.Supplement)}, {"status-done", standing(filing.Done)}, {"status-refused", standing(filing.Refused)},
	}
}

func place(n int, text, within, chosen string) session.Snapshot {
	s := page(session.PagePlace, 3, "Khai báo tạm vắng · Câu 1 trong 3")
	s.Title = "Ông/bà đi đến đâu?"
	s.Place = &session.Place{Field: "destination", Level: "place.level.commune", Within: within, Chosen: chosen, Page: 1, Pages: 1}
	for i := range n {
		s.Place.Options = append(s.Place.Options, session.Option{ID: fmt.Sprint(i), Title: text})
	}
	return s
}

func search(typed string, found []session.Option) session.Snapshot {
	s := page(session.PageSearch, 2, "Tìm việc cần làm")
	s.Form = &session.Form{Field: "search", Kind: form.Text, Label: "Tên việc", Hint: "Ví dụ: tạm trú", Value: typed, MaxLen: session.MaxQuery, CanSkip: true}
	s.Choice = &session.Choice{Field: "service", Page: 1, Pages: 1, Options: found}
	s.Next = key("key.all-services", "arrow-right", true)
	return s
}

func several() session.Snapshot {
	s := choice(session.PageQuestion, 3, "Tài khoản định danh · Câu 2 trong 3", "Ông/bà muốn thêm giấy tờ nào vào tài khoản?", relations(), 1, 1)
	s.Choice.Many, s.Choice.Help = true, "Chạm vào tất cả những gì ông/bà muốn, rồi bấm Tiếp tục."
	s.Choice.Options[0].Chosen = true
	return s
}

func standing(kind filing.Status) session.Snapshot {
	s := page(session.PageStatus, 0, "Phiếu K1-2311-047 · Đăng ký thường trú")
	s.Status = &session.Status{Short: "K1-2311-047", Service: "Đăng ký thường trú", Kind: kind, Due: "Thứ Sáu, 27/11/2026, 16 giờ", Dossier: "G01.899.107.000-261123-0031"}
	filed := session.StatusStep{Key: "filed", When: "09:21, thứ Hai 23/11/2026", Done: true}
	received := session.StatusStep{Key: "received", When: "10:05, thứ Hai 23/11/2026", Done: true}
	now := session.StatusStep{Key: string(kind), When: "10:05, Chủ nhật 29/11/2026", Now: true}
	s.Status.Steps = []session.StatusStep{filed, received, now}
	switch kind {
	case filing.Received:
		s.Status.Steps = []session.StatusStep{filed, received, {Key: "working", Now: true}, {Key: "result"}}
	case filing.Supplement:
		s.Status.Steps, s.Status.Due = append(s.Status.Steps, session.StatusStep{Key: "result"}), ""
	case filing.Refused:
		s.Status.Due = ""
	}
	return s
}

func spoken() session.Snapshot {
	s := doubted()
	s.Voice, s.Language, s.Simulated = true, "en", []string{"card", "scanner", "printer", "voice"}
	return s
}

func doubted() session.Snapshot {
	s := choice(session.PageQuestion, 3, "Thông báo lưu trú · Câu 3 trong 6", "Khách đến lúc nào?", relations()[:3], 1, 1)
	s.Choice.Options[0].Chosen = true
	s.Choice.Problems = []form.Problem{{Code: "late", Text: "Thông báo này đã muộn: phải báo trước 23 giờ, khách đến sau 23 giờ thì báo trước 8 giờ sáng hôm sau. Ông/bà vẫn nộp được; bấm Tiếp tục."}}
	return s
}

package gallery

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"

	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
)

func papers() []State {
	s := page(session.PagePapers, 4, "Đăng ký tạm trú · Giấy tờ")
	s.Papers = []session.Paper{
		{ID: "ct01", Name: "Tờ khai CT01", Note: "Máy đã điền sẵn, không cần viết", Made: true},
		{ID: "rent-contract", Name: "Giấy tờ chỗ ở hợp pháp", Note: "Hợp đồng thuê nhà hoặc giấy cho mượn, cho ở nhờ; không cần công chứng", Brought: true},
		{ID: "head-consent", Name: "Ý kiến của chủ hộ", Note: "Ký tại quầy, hoặc đồng ý trên VNeID"},
	}
	five := s
	five.Papers = append(append([]session.Paper{}, s.Papers...),
		session.Paper{ID: "owner-consent", Name: "Ý kiến của chủ nhà", Note: "Ký tại quầy, hoặc đồng ý trên VNeID"},
		session.Paper{ID: "own-home", Name: "Giấy tờ nhà, đất", Note: "Chỉ cần nếu cán bộ không tìm thấy trong cơ sở dữ liệu"})
	return []State{{"papers", s}, {"papers-five", five}}
}

func rows() []session.Row {
	return []session.Row{
		{Field: "name", Label: "Người đề nghị", Value: "Bùi Thị Nguyệt · 12/03/1974", Source: identity.FromChip},
		{Field: "number", Label: "Số định danh", Value: "099******017", Source: identity.FromChip},
		{Field: "dwelling", Label: "Nơi ở mới", Value: "Xóm Văn, xã Mai Châu, tỉnh Phú Thọ", Source: identity.FromTyped, Edit: true},
		{Field: "period", Label: "Thời hạn", Value: "25/11/2026 đến 24/11/2027", Source: identity.FromTyped, Edit: true},
		{Field: "head_name", Label: "Chủ hộ", Value: "Hà Văn Thuyết · chủ nhà thuê", Source: identity.FromTyped, Edit: true},
	}
}

func review(rows []session.Row, at, of int) session.Snapshot {
	s := page(session.PageReview, 5, "Đăng ký tạm trú · Xem lại")
	s.Next = key("key.right-more", "arrow-right", true)
	s.Review = &session.Review{Rows: rows, Page: at, Pages: of}
	return s
}

func filed() session.Done {
	return session.Done{Short: "K1-2311-047", Service: "Đăng ký tạm trú", At: "09:21, thứ Hai 23/11/2026",
		Due: "Thứ Sáu, 27/11/2026, 16 giờ", DueNote: "Thứ Ba 24/11 là ngày nghỉ lễ, cơ quan không làm việc",
		Bring: []string{"Thẻ căn cước", "hợp đồng thuê nhà"}, Fee: "Lệ phí 15.000 đồng, nộp tại quầy",
		Printing: session.PrintRunning, CardLeft: true}
}

func done(v session.Done) session.Snapshot {
	s := page(session.PageDone, 0, "")
	s.Back, s.Next = key("key.print-again", "printer", v.Printing != session.PrintRunning), key("key.finish", "check", true)
	s.Done = &v
	return s
}

func ends() []State {
	printed, unsure, none, failed := filed(), filed(), filed(), filed()
	printed.Printing, printed.CardLeft, printed.Ticket = session.PrintOK, false, 112
	rated := printed
	rated.Stars = 4
	sent := printed
	sent.Service, sent.Due, sent.DueNote = "Đăng ký khai sinh", "", "Mang phiếu và tờ khai đến quầy hộ tịch của Ủy ban nhân dân xã, phường nơi cha hoặc mẹ ở."
	unsure.Printing = session.PrintUnsure
	none.Printing, none.Due, none.DueNote, none.CardLeft = session.PrintNone, "", "", false
	failed.Printing, failed.Fault = session.PrintFailed, fault.PrinterCover
	consent := page(session.PageConsent, 6, "Đăng ký tạm trú · Đồng ý và nộp")
	consent.Next = key("key.agree-and-file", "check", true)
	consent.Consent = &session.Consent{Purpose: "Đăng ký tạm trú", Who: "Công an cấp xã nơi đến tạm trú", Kept: "Theo quy định lưu trữ của cơ quan giải quyết",
		Data: []string{"Thông tin trên thẻ mà ông/bà đã xem", "Ảnh trong chip, để cán bộ đối chiếu", "Các câu ông/bà đã trả lời"}}
	filing := page(session.PageFiling, 6, "Đăng ký tạm trú")
	filing.Back, filing.Call, filing.Next = session.Key{}, session.Key{}, session.Key{}
	counter := page(session.PageCounter, 2, "Thẻ căn cước")
	counter.Next = key("key.finish", "check", true)
	counter.Counter = &session.Counter{Service: "Thẻ căn cước", Papers: []string{"Thẻ cũ, nếu còn", "Giấy tờ có thông tin đã đổi – chỉ khi thông tin khác với thẻ cũ"}}
	ticket, own := counter, *counter.Counter
	own.Ticket, ticket.Counter, ticket.Helper = 12, &own, "Công Tằng Tôn Nữ Hoàng Phương"
	return []State{{"review", review(rows(), 1, 2)}, {"review-one", review(rows()[2:], 1, 1)}, {"consent", consent}, {"filing", filing},
		{"done", done(filed())}, {"done-printed", done(printed)}, {"done-unsure", done(unsure)}, {"done-no-printer", done(none)},
		{"done-failed", done(failed)}, {"counter", counter}, {"done-sent", done(sent)}, {"done-rated", done(rated)}, {"counter-ticket", ticket}}
}

func trouble(code fault.Code) session.Snapshot {
	s := page(session.PageFault, 0, "")
	s.Back, s.Next = stop, key("key.start-over", "arrow-right", true)
	s.Fault = &session.Fault{Code: code}
	return s
}

func troubles() []State {
	paper := trouble(fault.PrinterNoPaper)
	paper.Fault.Safe, paper.OfficerCalled = "K1-2311-047", true
	safe := filed()
	paper.Done = &safe
	paper.Back, paper.Next = key("key.try-print", "printer", true), key("key.no-slip", "check", true)
	full := trouble(fault.StoreFull)
	full.Next = key("key.retry", "arrow-right", true)
	start := session.Snapshot{Page: session.PageFault, Office: office, Fault: &session.Fault{Code: fault.ConfigBad}}
	idle := page(session.PageIdle, 0, "")
	idle.Back, idle.Next = key("key.end", "door-open", true), key("key.still-here", "hand", true)
	idle.Idle = &session.Idle{Seconds: 24, Total: 30}
	return []State{{"fault-paper", paper}, {"fault-other-card", trouble(fault.CardOther)}, {"fault-full", full}, {"fault-start", start}, {"idle", idle}}
}

// Photo is a portrait that shows nobody: shapes in the size that a card's chip has.
func Photo() *identity.Photo {
	const w, h = 300, 400
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	disc := func(x, y, cx, cy, rx, ry int) bool {
		dx, dy := float64(x-cx)/float64(rx), float64(y-cy)/float64(ry)
		return dx*dx+dy*dy < 1
	}
	for y := range h {
		for x := range w {
			c := color.RGBA{0xC9, 0xDB, 0xDD, 0xFF}
			switch {
			case disc(x, y, 150, 180, 58, 76):
				c = color.RGBA{0xDE, 0xA5, 0x7E, 0xFF}
			case disc(x, y, 150, 170, 80, 100):
				c = color.RGBA{0x22, 0x26, 0x2A, 0xFF}
			case disc(x, y, 150, 400, 130, 130):
				c = color.RGBA{0x2F, 0x4A, 0x57, 0xFF}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, m, &jpeg.Options{Quality: 85}); err != nil {
		return nil
	}
	return &identity.Photo{Type: "image/jpeg", Data: file.Bytes(), Width: w, Height: h}
}

package desk

import (
	"fmt"
	"image/color"
	"strings"
	"testing"

	"motcua/kiosk/board"
	"motcua/kiosk/filing"
)

// Also where a service wants many papers, each is named whole in the strip below the form, with its picture or without.
func TestManyPapersAreNamed(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	for _, names := range [][]string{
		{"Tờ khai CT01", "Giấy tờ chỗ ở hợp pháp", "Ý kiến của chủ hộ", "Ý kiến của chủ nhà"},
		{"Giấy khai đăng ký xe (ĐKX10)", "Giấy tờ nguồn gốc của xe và hóa đơn", "Chứng từ lệ phí trước bạ", "Đưa xe đến"},
		{"Tờ khai CT01", "Hợp đồng thuê nhà có công chứng", "Giấy tờ về diện tích nhà ở tối thiểu", "Ý kiến của chủ hộ", "Ý kiến của chủ nhà"},
		{"Giấy khai đăng ký xe (ĐKX10)", "Giấy mua bán, cho, tặng xe", "Giấy thu hồi đăng ký, biển số", "Chứng từ lệ phí trước bạ", "Chứng nhận đăng ký xe đang có", "Đưa xe đến"},
	} {
		for _, pictured := range []bool{false, true} {
			snap := queue()
			snap.Open = view("Bùi Thị Nguyệt")
			snap.Open.Papers, snap.Open.Scans = nil, true
			page := sheetOf(62, 88, color.Black)
			for i, name := range names {
				snap.Open.Papers = append(snap.Open.Papers, filing.Paper{Name: name, State: filing.PaperMissing})
				if pictured {
					snap.Open.Pictures = append(snap.Open.Pictures, filing.Picture{Number: i + 1, Paper: name, At: now, Data: page})
				}
			}
			snap.Open.Short = fmt.Sprintf("K1-2311-%03d", 10*len(names)+len(snap.Open.Pictures)) // another filing each time
			s.Show(snap)
			decoded(s, len(snap.Open.Pictures))
			if _, rows := (drawing{s.Sheet(), s, snap}).paperGrid(snap.Open, 840); len(names) == 4 && strings.HasPrefix(names[0], "Tờ") && rows != 1 {
				t.Errorf("%d rows for what has room in one", rows)
			}
			for _, x := range s.Sheet().Written() {
				if x.Tight || x.Size < 16 || x.Room > 0 && x.Area.W > x.Room+2 {
					t.Errorf("%d papers, pictures %v: %q does not fit", len(names), pictured, x.Text)
				}
			}
		}
	}
}

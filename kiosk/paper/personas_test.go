package paper

import (
	"fmt"
	"image"
	"image/color"
	"strings"
)

// Three ways to fill a form, none of them of a real person: nothing at all, what is usual, and the longest there is.

// usual has a value for every key: a known one, or one that names the key.
func usual(f *Form) Values {
	v := Values{Text: map[string]string{}, Rows: map[string][]map[string]string{}, Checked: map[string]bool{}}
	for _, key := range f.Keys().Text {
		v.Text[key] = usualText(key, 0)
	}
	for table, keys := range f.Keys().Rows {
		for n := range 2 {
			row := map[string]string{}
			for _, key := range keys {
				row[key] = usualText(key, n+1)
			}
			v.Rows[table] = append(v.Rows[table], row)
		}
	}
	for i, key := range f.Keys().Checks {
		v.Checked[key] = i%2 == 0
	}
	v.Photo = portrait()
	return v
}

var names = []string{"BÙI THỊ MAI", "H’Nuôn Kbŭôr", "Đinh Mươl"}

func usualText(key string, n int) string {
	switch {
	case key == "request":
		return "Đăng ký tạm trú tại Xóm Văn, xã Mai Châu, tỉnh Phú Thọ, từ ngày 25/11/2026 đến ngày 25/11/2027."
	case strings.HasSuffix(key, "office_name"):
		return "Công an xã Mai Châu"
	case key == "office_parent":
		return "Công an tỉnh Phú Thọ"
	case key == "office_commune":
		return "Mai Châu"
	case key == "addressee":
		return "Công an xã Mai Châu, tỉnh Phú Thọ"
	case dated(key):
		return fmt.Sprintf("%02d/11/%d", 25-n, 2026-20*n)
	case strings.HasSuffix(key, "number") && !strings.HasPrefix(key, "paper"):
		return fmt.Sprintf("0990900000%02d", n)
	case key == "name" || strings.HasSuffix(key, "_name"):
		return names[n]
	case key == "sex":
		return "Nữ"
	case key == "phone":
		return "0990 000 001"
	case key == "email":
		return "mai@example.vn"
	}
	if value, ok := brief(key); ok {
		return value
	}
	return "Giá trị " + strings.ReplaceAll(key, "_", " ")
}

// brief is a value that is never long, whoever it is about.
func brief(key string) (string, bool) {
	if strings.HasPrefix(key, "n_") { // a number, or a time of day
		return "12.345", true
	}
	for end, value := range map[string]string{"_sex": "Nữ", "_ethnicity": "Xơ Đăng", "_nationality": "Việt Nam", "_times": "Lần thứ nhất", "_phone": "0990000001"} {
		if strings.HasSuffix(key, end) {
			return value, true
		}
	}
	value, ok := briefValues[key]
	return value, ok
}

var briefValues = map[string]string{
	"sets": "1", "received": "09:21, 25/11/2026", "due": "16:00, 30/11/2026", "returned": "30/11/2026", "way": "Trực tiếp", "signed": "Đã ký",
	"dossier": "H25.12.03-261125-0047", "file_code": "H25.12.03-261125-0047", "procedure": "Đăng ký tạm trú", "unit": "Công an xã", "copies": "1 bản", "term": "3", "kind": "Bản chính",
	"outcome": "Đúng hạn", "note": "Không", "given_by": "Lò Văn Giao", "taken_by": "Hà Thị Nhận", "when": "9 giờ 21, ngày 25/11/2026", "period": "Từ ngày 01/11/2026 đến ngày 30/11/2026", "account_level": "Mức độ 2",
	"office_phone": "0218 000 000", "year": "2024", "seats": "2", "standing": "0", "lying": "0", "displacement": "110", "power": "6,5", "load": "130",
	"weight": "98", "weight_full": "228", "weight_towed": "0", "paint": "Đỏ", "old_plate": "28H1-123.45", "new_plate": "28H1-543.21",
	"old_plate_colour": "Trắng", "new_plate_colour": "Trắng", "engine": "JF86E0123456", "frame": "RLHJF8601RZ123456", "book": "01/2026", "book_number": "47",
}

// dated says whether a key's value is a date.
func dated(key string) bool {
	switch key {
	case "today", "birth", "from", "to":
		return true
	}
	for _, end := range []string{"_birth", "_date", "_day", "_from", "_to", "_issued"} {
		if strings.HasSuffix(key, end) {
			return true
		}
	}
	return false
}

// longest is what still has to fit: the longest names and addresses, and twenty-five members.
func longest(f *Form) Values {
	v := usual(f)
	for key := range v.Text {
		if !dated(key) && !strings.HasSuffix(key, "number") {
			v.Text[key] = longText(key)
		}
	}
	for table, keys := range f.Keys().Rows {
		v.Rows[table] = nil
		for n := range 25 {
			row := map[string]string{}
			for _, key := range keys {
				row[key] = usualText(key, n%3)
				if n%5 == 0 && !dated(key) && !strings.HasSuffix(key, "number") {
					row[key] = longText(key)
				}
			}
			v.Rows[table] = append(v.Rows[table], row)
		}
	}
	return v
}

func longText(key string) string {
	if value, ok := brief(key); ok {
		return value
	}
	switch {
	case key == "name" || strings.HasSuffix(key, "_name"):
		return "NGUYỄN HOÀNG PHƯƠNG NGHIÊM THƯỢNG TRƯỜNG KHUYẾN NGUYỆT"
	case key == "sex":
		return "Nữ"
	case key == "phone":
		return "0990000001"
	case key == "email":
		return "nguyen.hoang.phuong.nghiem.thuong.truong@dichvucong.example.vn"
	case key == "office_commune" || key == "office_province":
		return "Đặc khu Thổ Châu"
	case key == "relation":
		return "Người thuê, mượn, ở nhờ"
	}
	return "Số nhà 1234/56/78 đường Nguyễn Thị Minh Khai kéo dài, tổ dân phố số 15, thôn Thượng Nghiêm Trường, xã Phường Nghĩa Hưng Đông, tỉnh Thừa Thiên Huế (" + strings.ReplaceAll(key, "_", " ") + ")"
}

// portrait is a grey oval, which is nobody.
func portrait() image.Image {
	img := image.NewGray(image.Rect(0, 0, 60, 80))
	for y := range 80 {
		for x := range 60 {
			dx, dy := float64(x-30)/20, float64(y-38)/28
			if dx*dx+dy*dy < 1 {
				img.SetGray(x, y, color.Gray{150})
			} else {
				img.SetGray(x, y, color.Gray{220})
			}
		}
	}
	return img
}

package trial

import "motcua/kiosk/identity"

// Usual is the standard persona: a woman of Mai Châu with a card of before the communes were merged, married, with an old
// number. Nobody is called so; numbers that begin with 099 are of no province.
func Usual() identity.Person {
	return identity.Person{
		Number: "099160000017", Name: "Hà Thị Thử", Birth: identity.Date{Year: 1960, Month: 6, Day: 15}, Sex: identity.Female,
		Nationality: "Việt Nam", Ethnicity: "Thái", Religion: "Không", Origin: "Xã Mai Hịch, Huyện Mai Châu, Tỉnh Hòa Bình",
		Residence: "Xóm Văn, Thị trấn Mai Châu, Huyện Mai Châu, Tỉnh Hòa Bình", Features: "Nốt ruồi cách 2 cm dưới đuôi mắt trái",
		Issued: identity.Date{Year: 2021, Month: 8, Day: 10}, Expires: identity.Expiry{Never: true},
		Father: "Hà Văn Mẫu", Mother: "Lò Thị Mẫu", Spouse: "Vì Văn Thử", OldNumber: "099123456",
	}
}

// Sparse has what a card may lack: no spouse, no old number, no ethnicity or religion, no expiry.
func Sparse() identity.Person {
	p := Usual()
	p.Number, p.Name, p.Sex, p.Birth = "099082000025", "Giàng A Thử", identity.Male, identity.Date{Year: 1982, Month: 2, Day: 28}
	p.Ethnicity, p.Religion, p.Spouse, p.OldNumber, p.Father, p.Mother, p.Features = "", "", "", "", "", "", ""
	p.Expires = identity.Expiry{}
	return p
}

// Extreme has the longest of everything.
func Extreme() identity.Person {
	p := Usual()
	p.Number, p.Birth, p.Sex = "099196000039", identity.Date{Year: 1996, Month: 2, Day: 29}, identity.Female
	p.Name = "Công Tằng Tôn Nữ Hoàng Phương Nghiêm Thượng Trường Khuyến Nguyệt"
	p.Ethnicity, p.Religion = "Xơ Đăng (Xơ Teng, Hđang, Tơ Đrá, Mơ Nâm)", "Tịnh độ cư sĩ Phật hội Việt Nam"
	p.Origin = "Xã Thượng Nghĩa Hưng Đông, Huyện Nam Trà My, Tỉnh Quảng Nam"
	p.Residence = "Số nhà 1234/56/78 đường Nguyễn Thị Minh Khai kéo dài, Tổ dân phố số 15, Thị trấn Mai Châu, Huyện Mai Châu, Tỉnh Hòa Bình"
	p.Father, p.Mother, p.Spouse = p.Name, p.Name, p.Name
	p.Issued, p.Expires = identity.Date{Year: 2024, Month: 9, Day: 30}, identity.Expiry{Date: identity.Date{Year: 2036, Month: 2, Day: 29}}
	return p
}

// Other is somebody else whose card can be laid down: the n-th guest, or the other half of a marriage.
func Other(n int, sex identity.Sex) identity.Person {
	p := Sparse()
	digit := "0"
	if sex == identity.Female {
		digit = "1"
	}
	p.Number = identity.Number("099" + digit + "85" + []string{"000101", "000102", "000103", "000104", "000105", "000106"}[n%6])
	p.Name, p.Sex, p.Birth = []string{"Lường Văn Mẫu", "Bùi Thị Mẫu", "Xa Văn Mẫu", "Đinh Thị Mẫu", "Khà Văn Mẫu", "Sùng A Mẫu"}[n%6], sex, identity.Date{Year: 1985, Month: 5, Day: 1 + n%6}
	p.Ethnicity = []string{"Mường", "", "Mông"}[n%3]
	p.Origin = []string{"", "Xã Nà Phòn, Huyện Mai Châu, Tỉnh Hòa Bình"}[n%2]
	return p
}

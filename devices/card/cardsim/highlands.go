package cardsim

import "time"

// highlandPersonas are people of the northern mountains, each with a card that somebody has to be told something about
// or that gives less than others. Dates are seen from the end of 2026.
func highlandPersonas() []Persona {
	return []Persona{
		{ // the card has expired
			Number: "099186000104", Name: "Lò Thị Ún", Birth: day(1986, time.May, 4), Sex: Female,
			Ethnicity: "Thái", Religion: "Không",
			Origin:    "Xã Chiềng Mẫu, Huyện Mai Mẫu, Tỉnh Mẫu",
			Residence: "Bản Bó Mẫu, Xã Chiềng Mẫu, Huyện Mai Mẫu, Tỉnh Mẫu",
			Features:  "Nốt ruồi C:2cm dưới sau mép phải",
			Issued:    day(2021, time.March, 18), Expires: day(2026, time.May, 4),
			Father: "Lò Văn Ỏ", Mother: "Cầm Thị Ẻ", Spouse: "Vì Văn Ướn", CMND: "098700104", ChipSerial: "5A3C000000000139",
		},
		{ // about to turn 25
			Number: "099202000115", Name: "Vàng A Páo", Birth: day(2002, time.January, 15), Sex: Male,
			Ethnicity: "Mông", Religion: "Không",
			Origin:    "Xã Tà Mẫu, Huyện Mù Mẫu, Tỉnh Mẫu",
			Residence: "Bản Sa Mẫu, Xã Tà Mẫu, Huyện Mù Mẫu, Tỉnh Mẫu",
			Features:  "Sẹo chấm C:1cm trên sau đuôi mắt trái",
			Issued:    day(2021, time.July, 22), Expires: day(2027, time.January, 15),
			Father: "Vàng A Chư", Mother: "Sùng Thị Dợ", ChipSerial: "5A3C00000000014A",
		},
		{ // no readable DG13, and an old number that was cancelled
			Number: "099198000407", Name: "Bàn Mùi Phẩy", Birth: day(1998, time.June, 7), Sex: Female,
			Ethnicity: "Dao", Religion: "Không",
			Origin: "Xã Nậm Mẫu, Tỉnh Mẫu", Residence: "Thôn Khe Mẫu, Xã Nậm Mẫu, Tỉnh Mẫu", Features: "Không",
			Issued: day(2025, time.May, 20), Expires: day(2038, time.June, 7),
			Father: "Bàn Phúc Chẳn", Mother: "Triệu Mùi Pham", CMND: "098700407", ChipSerial: "5A3C00000000015B",
			Sealed: true, QRExtra: [4]string{"099198000406", "", "", ""},
		},
		{ // twelve years at issue: within two years before 14, so the card is good until 25
			Number: "099312000830", Name: "Hà Thị Ẻng", Birth: day(2012, time.August, 30), Sex: Female,
			Ethnicity: "Thái", Religion: "Không",
			Origin: "Xã Mai Mẫu, Tỉnh Mẫu", Residence: "Bản Lác Mẫu, Xã Mai Mẫu, Tỉnh Mẫu", Features: "Không",
			Issued: day(2025, time.February, 10), Expires: day(2037, time.August, 30),
			Father: "Hà Văn Ỉnh", Mother: "Lường Thị Ỏn", ChipSerial: "5A3C00000000016C",
			QRExtra: [4]string{"", "Hà Văn Ỉnh", "Lường Thị Ỏn", ""},
		},
		{ // born on 29 February, and 58 the day before the card was issued
			Number: "099068000229", Name: "Quách Văn Ỏm", Birth: day(1968, time.February, 29), Sex: Male,
			Ethnicity: "Mường", Religion: "Không",
			Origin: "Xã Mường Mẫu, Tỉnh Mẫu", Residence: "Xóm Vó Mẫu, Xã Mường Mẫu, Tỉnh Mẫu",
			Features: "Nốt ruồi C:1cm trên trước cánh mũi phải",
			Issued:   day(2026, time.March, 1),
			Father:   "Quách Văn Ẹm", Mother: "Bùi Thị Ắng", Spouse: "Bùi Thị Ạnh", CMND: "098700229", ChipSerial: "5A3C00000000017D",
		},
		{ // a name whose 30th place in the MRZ would be a filler
			Number: "099191000917", Name: "Hoàng Thị Bích Phượng Thuyên Anh", Birth: day(1991, time.September, 17), Sex: Female,
			Ethnicity: "Tày", Religion: "Không",
			Origin:    "Xã Nà Mẫu, Huyện Ba Mẫu, Tỉnh Mẫu",
			Residence: "Thôn Bản Mẫu, Xã Nà Mẫu, Huyện Ba Mẫu, Tỉnh Mẫu",
			Features:  "Sẹo chấm C:2cm dưới trước khoé mắt trái",
			Issued:    day(2022, time.January, 10), Expires: day(2031, time.September, 17),
			Father: "Hoàng Văn Mẫu", Mother: "Nông Thị Mẫu", CMND: "098700917", ChipSerial: "5A3C00000000018E",
		},
		{ // seven weeks old at issue
			Number: "099224001205", Name: "Sùng A Dê", Birth: day(2024, time.December, 5), Sex: Male,
			Ethnicity: "Mông", Religion: "Không",
			Origin: "Xã Tà Mẫu, Tỉnh Mẫu", Residence: "Bản Háng Mẫu, Xã Tà Mẫu, Tỉnh Mẫu", Features: "Không",
			Issued: day(2025, time.January, 20), Expires: day(2038, time.December, 5),
			Father: "Sùng A Nhè", Mother: "Giàng Thị Ả", ChipSerial: "5A3C00000000019F",
			QRExtra: [4]string{"", "Sùng A Nhè", "Giàng Thị Ả", ""},
		},
	}
}

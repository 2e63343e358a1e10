package cardsim

import (
	"slices"
	"strings"
	"time"
)

// Sex is the letter that the MRZ has for it.
type Sex byte

// The two values that Vietnam's card knows.
const (
	Male   Sex = 'M'
	Female Sex = 'F'
)

// Text is the word on the card, in the QR code and in DG13.
func (s Sex) Text() string {
	if s == Female {
		return "Nữ"
	}
	return "Nam"
}

// Persona is what a card says of its holder. All of them are invented: a number that begins with 099 cannot be issued,
// because no province has that code.
type Persona struct {
	Number      string    // 12 digits
	Name        string    // as on the card, with diacritics
	Birth       time.Time // a day; the clock part of all dates is midnight UTC
	Sex         Sex
	Ethnicity   string
	Religion    string
	Origin      string
	Residence   string
	Features    string // distinguishing marks
	Issued      time.Time
	Expires     time.Time // zero: the card does not expire
	Father      string
	Mother      string
	Spouse      string // empty: none
	CMND        string // number of the nine-digit card before; empty: none
	ChipSerial  string // field 16 of DG13, whose meaning nobody has published
	Nationality string

	// Sealed: DG13 is a cipher text, as the rules for cards of 2024 allow (Circular 16/2024 art. 6).
	Sealed bool
	// QRExtra are the fields 8 to 11 of the QR code of 2024. What is in which was never published.
	QRExtra [4]string
}

// Words and numbers that stand for "no expiry".
const (
	noExpiryText = "Không thời hạn"
	noExpiryMRZ  = "991231"
)

// CAN is the password of PACE: the last six digits of the number. None is printed on the card.
func (p Persona) CAN() string { return p.Number[len(p.Number)-6:] }

// DocumentNumber is what the MRZ has in that place: the last nine digits of the number.
func (p Persona) DocumentNumber() string { return p.Number[len(p.Number)-9:] }

// Generation is 2021 (CCCD, QR code on the front) or 2024 (căn cước, issued from 1 July 2024, QR code on the back).
func (p Persona) Generation() int {
	if p.Issued.Before(day(2024, time.July, 1)) {
		return 2021
	}
	return 2024
}

// ExpiryText is the date of expiry as DG13 has it.
func (p Persona) ExpiryText() string {
	if p.Expires.IsZero() {
		return noExpiryText
	}
	return p.Expires.Format(dayFormat)
}

// QR is the text of the card's QR code: seven fields, and on cards of 2024 four more that are mostly empty.
func (p Persona) QR() string {
	const format = "02012006"
	fields := []string{
		p.Number, p.CMND, p.Name, p.Birth.Format(format), p.Sex.Text(), p.Residence, p.Issued.Format(format),
	}
	if p.Generation() == 2024 {
		fields = append(fields, p.QRExtra[:]...)
	}
	return strings.Join(fields, "|")
}

const dayFormat = "02/01/2006"

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

// Personas returns the invented people. They are chosen for what is hard to get right: names of many peoples with
// breves and apostrophes, names too long for the MRZ, births on 29 February, cards without expiry, expired, of children,
// or without a readable DG13. The place in the list is a persona's name for tools and tests.
func Personas() []Persona {
	people := slices.Concat(firstPersonas(), morePersonas(), highlandPersonas())
	for i := range people {
		people[i].Nationality = "Việt Nam"
	}
	return people
}

func firstPersonas() []Persona {
	return []Persona{
		{
			Number: "099090000017", Name: "Nguyễn Văn Mẫu", Birth: day(1990, time.January, 1), Sex: Male,
			Ethnicity: "Kinh", Religion: "Không",
			Origin:    "Xã Mẫu, Huyện Mẫu, Tỉnh Mẫu",
			Residence: "Số 1, Đường Mẫu, Xã Mẫu, Huyện Mẫu, Tỉnh Mẫu",
			Features:  "Nốt ruồi C:1cm trên sau mép trái",
			Issued:    day(2021, time.February, 1), Expires: day(2030, time.January, 1),
			Father: "Nguyễn Văn Cha", Mother: "Trần Thị Mẹ", CMND: "012345678", ChipSerial: "0123456789ABCDEF",
		},
		{
			Number: "099188000231", Name: "Lò Thị Ủn", Birth: day(1988, time.July, 19), Sex: Female,
			Ethnicity: "Thái", Religion: "Không",
			Origin:    "Xã Chiềng Mẫu, Huyện Mai Mẫu, Tỉnh Mẫu",
			Residence: "Bản Nà Mẫu, Xã Chiềng Mẫu, Huyện Mai Mẫu, Tỉnh Mẫu",
			Features:  "Sẹo chấm C:2cm dưới trước đuôi mắt phải",
			Issued:    day(2022, time.March, 15), Expires: day(2028, time.July, 19),
			Father: "Lò Văn Ủm", Mother: "Quàng Thị Ỏi", Spouse: "Cà Văn Ượng",
			CMND: "098700231", ChipSerial: "5A3C0000000000B1",
		},
		{
			Number: "099203004002", Name: "Giàng A Sềnh", Birth: day(2003, time.November, 30), Sex: Male,
			Ethnicity: "Mông", Religion: "Không",
			Origin:    "Xã Tà Mẫu, Huyện Mù Mẫu, Tỉnh Mẫu",
			Residence: "Bản Háng Mẫu, Xã Tà Mẫu, Huyện Mù Mẫu, Tỉnh Mẫu",
			Features:  "Nốt ruồi C:3cm dưới sau cánh mũi trái",
			Issued:    day(2021, time.June, 10), Expires: day(2028, time.November, 30),
			Father: "Giàng A Chềnh", Mother: "Vàng Thị Dở", ChipSerial: "5A3C0000000000C2",
		},
		{
			Number: "099194000506", Name: "H’Nuôn Kbŭôr", Birth: day(1994, time.May, 8), Sex: Female,
			Ethnicity: "Ê-đê", Religion: "Tin lành",
			Origin:    "Xã Ea Mẫu, Huyện Krông Mẫu, Tỉnh Mẫu",
			Residence: "Buôn Mẫu, Xã Ea Mẫu, Huyện Krông Mẫu, Tỉnh Mẫu",
			Features:  "Sẹo chấm C:1,5cm trên trước đầu lông mày phải",
			Issued:    day(2021, time.September, 1), Expires: day(2034, time.May, 8),
			Father: "Y Blĕt Niê Mẫu", Mother: "H’Bĭp Kbŭôr", Spouse: "Y Klŏng Êban Mẫu",
			CMND: "098700506", ChipSerial: "5A3C0000000000D3",
		},
	}
}

func morePersonas() []Persona {
	return []Persona{
		{
			Number: "099051000073", Name: "Bùi Văn Ịn", Birth: day(1951, time.December, 24), Sex: Male,
			Ethnicity: "Mường", Religion: "Không",
			Origin:    "Xã Mường Mẫu, Huyện Lạc Mẫu, Tỉnh Mẫu",
			Residence: "Xóm Chiềng Mẫu, Xã Mường Mẫu, Huyện Lạc Mẫu, Tỉnh Mẫu",
			Features:  "Nốt ruồi C:2cm trên sau đuôi mắt trái",
			Issued:    day(2021, time.April, 20),
			Father:    "Bùi Văn Ẻn", Mother: "Đinh Thị Ẳng", Spouse: "Quách Thị Ểu",
			CMND: "098700073", ChipSerial: "5A3C0000000000E4",
		},
		{
			Number: "099196002903", Name: "Nguyễn Tôn Nữ Huyền Thuỷ Nguyệt Dạ Lan",
			Birth: day(1996, time.February, 29), Sex: Female, Ethnicity: "Kinh", Religion: "Phật giáo",
			Origin:    "Phường Mẫu, Quận Mẫu, Thành phố Mẫu",
			Residence: "12/3B Ngõ 45, Đường Mẫu, Phường Mẫu, Quận Mẫu, Thành phố Mẫu",
			Features:  "Nốt ruồi C:0,5cm dưới trước mép phải",
			Issued:    day(2022, time.August, 8), Expires: day(2036, time.February, 29),
			Father: "Nguyễn Hữu Mẫu Nghĩa", Mother: "Tôn Nữ Mẫu Quỳnh", CMND: "098702903", ChipSerial: "5A3C0000000000F5",
		},
		{
			Number: "099204002901", Name: "Thạch Sa Ríth", Birth: day(2004, time.February, 29), Sex: Male,
			Ethnicity: "Khmer", Religion: "Phật giáo",
			Origin:    "Xã Mẫu Tân, Huyện Trà Mẫu, Tỉnh Mẫu",
			Residence: "Ấp Giồng Mẫu, Xã Mẫu Tân, Huyện Trà Mẫu, Tỉnh Mẫu",
			Features:  "Sẹo chấm C:1cm dưới sau khoé mắt phải",
			Issued:    day(2021, time.October, 10), Expires: day(2029, time.February, 28),
			Father: "Thạch Sa Mươl", Mother: "Kim Thị Sóc Ươn", ChipSerial: "5A3C000000000106",
		},
		{
			Number: "099215000308", Name: "Đặng Phúc Ẩn", Birth: day(2015, time.March, 3), Sex: Male,
			Ethnicity: "Dao", Religion: "Không",
			Origin: "Xã Nậm Mẫu, Tỉnh Mẫu", Residence: "Thôn Khe Mẫu, Xã Nậm Mẫu, Tỉnh Mẫu", Features: "Không",
			Issued: day(2024, time.September, 9), Expires: day(2029, time.March, 3),
			Father: "Đặng Phúc Lưởng", Mother: "Triệu Mùi Ghển", ChipSerial: "5A3C000000000117",
		},
		{
			Number: "099179001002", Name: "Rơ Châm H’Lứt", Birth: day(1979, time.October, 2), Sex: Female,
			Ethnicity: "Gia Rai", Religion: "Công giáo",
			Origin:    "Xã Ia Mẫu, Huyện Chư Mẫu, Tỉnh Mẫu",
			Residence: "Làng Plei Mẫu, Xã Ia Mẫu, Huyện Chư Mẫu, Tỉnh Mẫu",
			Features:  "Nốt ruồi C:1cm trên trước mép trái",
			Issued:    day(2024, time.December, 1), Expires: day(2039, time.October, 2),
			Father: "Rơ Châm Mẫu", Mother: "Siu H’Mẫu", Spouse: "Ksor Ữn", CMND: "098701002", ChipSerial: "5A3C000000000128",
		},
	}
}

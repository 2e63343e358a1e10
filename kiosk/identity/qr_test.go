package identity_test

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
)

const (
	mau    = "099090000017|012345678|Nguyễn Văn Mẫu|01011990|Nam|Số 1, Đường Mẫu, Xã Mẫu, Huyện Mẫu, Tỉnh Mẫu|01022021"
	senh   = "099203004002||Giàng A Sềnh|30112003|Nam|Bản Háng Mẫu, Xã Tà Mẫu|10062021"
	an2024 = "099215000308||Đặng Phúc Ẩn|03032015|Nam|Thôn Khe Mẫu, Xã Nậm Mẫu, Tỉnh Mẫu|09092024||||"
)

func TestParseQR(t *testing.T) {
	c, err := identity.ParseQR(mau)
	if err != nil {
		t.Fatal(err)
	}
	want := identity.Person{
		Number: "099090000017", OldNumber: "012345678", Name: "Nguyễn Văn Mẫu", Sex: identity.Male,
		Birth:     identity.Date{Year: 1990, Month: 1, Day: 1},
		Issued:    identity.Date{Year: 2021, Month: 2, Day: 1},
		Residence: "Số 1, Đường Mẫu, Xã Mẫu, Huyện Mẫu, Tỉnh Mẫu",
	}
	if c.Person != want || c.Generation != identity.CardOf2021 || c.BirthYear != 1990 {
		t.Errorf("got %+v", c)
	}
}

func TestParseQRAccepts(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		check func(identity.CardQR) bool
	}{
		"empty old number":    {senh, func(c identity.CardQR) bool { return c.Person.OldNumber == "" && c.Person.Name == "Giàng A Sềnh" }},
		"eleven empty fields": {an2024, func(c identity.CardQR) bool { return c.Generation == 2024 && c.Extra == [4]string{} }},
		"eleven fields kept raw": {strings.TrimSuffix(an2024, "||||") + "|099215000309|Đặng Phúc Lưởng||Triệu Mùi Ghển",
			func(c identity.CardQR) bool {
				return c.Extra == [4]string{"099215000309", "Đặng Phúc Lưởng", "", "Triệu Mùi Ghển"} && c.Person.Father == ""
			}},
		"line ends":             {"\ufeff" + mau + "\r\n", func(c identity.CardQR) bool { return c.Person.Issued.Year == 2021 }},
		"control characters":    {strings.ReplaceAll(mau, "Văn", "V\x00ă\x1dn"), func(c identity.CardQR) bool { return c.Person.Name == "Nguyễn Văn Mẫu" }},
		"decomposed letters":    {norm.NFD.String(mau), func(c identity.CardQR) bool { return c.Person.Name == "Nguyễn Văn Mẫu" }},
		"spaces around":         {strings.ReplaceAll(mau, "|", " | "), func(c identity.CardQR) bool { return c.Person.Number == "099090000017" }},
		"woman":                 {strings.ReplaceAll(mau, "|Nam|", "|Nữ|"), func(c identity.CardQR) bool { return c.Person.Sex == identity.Female }},
		"marks dropped":         {strings.ReplaceAll(mau, "|Nam|", "|NU|"), func(c identity.CardQR) bool { return c.Person.Sex == identity.Female }},
		"twelve-digit CMND":     {strings.ReplaceAll(mau, "012345678", "099090000017"), func(c identity.CardQR) bool { return len(c.Person.OldNumber) == 12 }},
		"no residence":          {"099203004002||Giàng A Sềnh|30112003|Nam||10062021", func(c identity.CardQR) bool { return c.Person.Residence == "" }},
		"year only":             {strings.ReplaceAll(mau, "01011990", "1950"), func(c identity.CardQR) bool { return c.BirthYear == 1950 && c.Person.Birth.IsZero() }},
		"year with zeros":       {strings.ReplaceAll(mau, "01011990", "00001950"), func(c identity.CardQR) bool { return c.BirthYear == 1950 && c.Person.Birth.IsZero() }},
		"month and year":        {strings.ReplaceAll(mau, "01011990", "00071950"), func(c identity.CardQR) bool { return c.BirthYear == 1950 && c.Person.Birth.IsZero() }},
		"29 February, leap":     {strings.ReplaceAll(mau, "01011990", "29022004"), func(c identity.CardQR) bool { return c.Person.Birth.Day == 29 }},
		"apostrophes and breve": {strings.ReplaceAll(mau, "Nguyễn Văn Mẫu", "H’Nuôn Kbŭôr"), func(c identity.CardQR) bool { return c.Person.Name == "H’Nuôn Kbŭôr" }},
	} {
		got, err := identity.ParseQR(c.text)
		if err != nil || !c.check(got) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestParseQRRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":             "",
		"a web address":       "https://dichvucong.gov.vn/p/home/dvc-trang-chu.html",
		"our receipt":         "05200.K1.261123.047.X",
		"six fields":          "099090000017|Nguyễn Văn Mẫu|01011990|Nam|Xã Mẫu|01022021",
		"collapsed":           strings.Replace(senh, "||", "|", 1),
		"eight fields":        mau + "|",
		"twelve fields":       an2024 + "|",
		"eleven digits":       strings.Replace(mau, "099090000017", "09909000001", 1),
		"letter in number":    strings.Replace(mau, "099090000017", "09909000001O", 1),
		"other digits":        strings.Replace(mau, "099090000017", "٠٩٩٠٩٠٠٠٠٠١٧", 1),
		"no name":             strings.Replace(mau, "Nguyễn Văn Mẫu", " ", 1),
		"digits for a name":   strings.Replace(mau, "Nguyễn Văn Mẫu", "1234", 1),
		"old number":          strings.Replace(mau, "012345678", "01234567", 1),
		"31 February":         strings.Replace(mau, "01011990", "31021990", 1),
		"29 February, common": strings.Replace(mau, "01011990", "29021990", 1),
		"month 13":            strings.Replace(mau, "01011990", "00131990", 1),
		"American date":       strings.Replace(mau, "01011990", "1990-01-01", 1),
		"born in 1800":        strings.Replace(mau, "01011990", "01011800", 1),
		"sex":                 strings.Replace(mau, "|Nam|", "|M|", 1),
		"no sex":              strings.Replace(mau, "|Nam|", "||", 1),
		"cut short":           mau[:len(mau)-1],
		"no issue date":       strings.TrimSuffix(mau, "01022021"),
		"a misread letter":    strings.Replace(mau, "Mẫu", "M\ufffdu", 1),
		"not UTF-8":           strings.Replace(mau, "Mẫu", "M\xe2u", 1),
		"too long a field":    strings.Replace(mau, "Mẫu", strings.Repeat("u", 401), 1),
		"too long":            strings.Replace(mau, "Mẫu", strings.Repeat("u", 3000), 1),
	} {
		got, err := identity.ParseQR(text)
		if fault.CodeOf(err) != fault.QRNotCard || got != (identity.CardQR{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// No error may carry what was on the card.
func TestParseQRErrorsHoldNothing(t *testing.T) {
	for i := range len(mau) {
		_, err := identity.ParseQR(mau[:i] + "\x7f|" + mau[i:])
		for _, fact := range []string{"0990", "012345678", "Nguy", "1990", "Xã"} {
			if err != nil && strings.Contains(err.Error(), fact) {
				t.Fatalf("cut at %d: %v", i, err)
			}
		}
	}
}

func FuzzParseQR(f *testing.F) {
	for _, s := range []string{mau, senh, an2024, "", "||||||", "||||||||||", norm.NFD.String(mau)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := identity.ParseQR(text)
		if err != nil {
			var known *fault.Error
			if !errors.As(err, &known) || known.Code != fault.QRNotCard || c != (identity.CardQR{}) {
				t.Fatalf("%+v, %v", c, err)
			}
			return
		}
		p := c.Person
		if _, err := identity.ParseNumber(string(p.Number)); err != nil || p.Name == "" || p.Sex == "" || p.Issued.IsZero() {
			t.Fatalf("accepted without its facts: %+v", c)
		}
		for _, s := range append(c.Extra[:], p.Name, p.Residence) {
			if !norm.NFC.IsNormalString(s) || strings.ContainsAny(s, "|\r\n\x00") || strings.TrimSpace(s) != s {
				t.Fatalf("not clean: %q", s)
			}
		}
	})
}

package identity

import (
	"reflect"
	"testing"
	"time"
)

func on(year int, month time.Month, day int) Date { return Date{year, month, day} }

func TestNotices(t *testing.T) {
	today := on(2026, time.November, 25)
	card := func(birth, issued, expires Date) Person {
		return Person{Birth: birth, Issued: issued, Expires: Expiry{Date: expires}}
	}
	for name, v := range map[string]struct {
		p    Person
		want []Notice
	}{
		"in the middle of its time":    {card(on(1990, 1, 1), on(2021, 2, 1), on(2030, 1, 1)), nil},
		"expired yesterday":            {card(on(1980, 1, 5), on(2021, 2, 1), on(2026, 11, 24)), []Notice{{Code: NoticeExpired, Date: on(2026, 11, 24)}, {NoticeAgePassed, on(2020, 1, 5), 40}}[:1]},
		"its last day":                 {card(Date{}, Date{}, today), []Notice{{Code: NoticeExpires, Date: today}}},
		"90 days left":                 {card(Date{}, Date{}, today.AddDays(90)), []Notice{{Code: NoticeExpires, Date: today.AddDays(90)}}},
		"91 days left":                 {card(Date{}, Date{}, today.AddDays(91)), nil},
		"25 in a month":                {card(on(2001, 12, 20), on(2021, 3, 1), on(2026, 12, 20)), []Notice{{NoticeAge, on(2026, 12, 20), 25}}},
		"14 tomorrow":                  {card(on(2012, 11, 26), on(2024, 8, 1), on(2026, 11, 26)), []Notice{{NoticeAge, on(2026, 11, 26), 14}}},
		"60 today, card until today":   {card(on(1966, 11, 25), on(2021, 3, 1), today), []Notice{{NoticeAgePassed, today, 60}}},
		"60 a month ago, card expired": {card(on(1966, 10, 25), on(2021, 3, 1), on(2026, 10, 25)), []Notice{{Code: NoticeExpired, Date: on(2026, 10, 25)}}},
		"40 soon, with a new card":     {card(on(1986, 12, 20), on(2025, 3, 1), on(2046, 12, 20)), nil},
		"no expiry":                    {Person{Birth: on(1950, 1, 1), Issued: on(2021, 1, 1), Expires: Expiry{Never: true}}, nil},
		"40 soon, expiry not known":    {Person{Birth: on(1986, 12, 20), Issued: on(2021, 3, 1)}, []Notice{{NoticeAge, on(2026, 12, 20), 40}}},
		"14 and 25 passed":             {Person{Birth: on(2000, 1, 1), Issued: on(2010, 1, 1)}, []Notice{{NoticeAgePassed, on(2025, 1, 1), 25}}},
		"29 February":                  {card(on(2012, 2, 29), on(2024, 8, 1), on(2026, 2, 28)), []Notice{{Code: NoticeExpired, Date: on(2026, 2, 28)}}},
		"nothing is known":             {Person{}, nil},
	} {
		if got := Notices(v.p, today); !reflect.DeepEqual(got, v.want) && len(got)+len(v.want) > 0 {
			t.Errorf("%s: %v, not %v", name, got, v.want)
		}
	}
}

func TestDifferences(t *testing.T) {
	qr := Person{Number: "099090000017", Name: "Nguyễn Văn Mẫu", Birth: on(1990, 1, 1), Sex: Male, Issued: on(2021, 2, 1),
		Residence: "Số 1, Đường Mẫu, Xã Mẫu", OldNumber: "012345678"}
	zone := Person{Number: "099090000017", Name: "NGUYEN VAN MAU", Birth: on(1990, 1, 1), Sex: Male, Expires: Expiry{Date: on(2030, 1, 1)}}
	full := qr
	full.Expires, full.Residence = zone.Expires, "Số 1,  Đường Mẫu, Xã Mẫu"
	if d := Differences(View{PartQR, qr}, View{PartDG1, zone}, View{PartDG13, full}); d != nil {
		t.Errorf("the same person: %v", d)
	}
	for fact, change := range map[string]func(*Person){
		"number": func(p *Person) { p.Number = "099090000018" }, "name": func(p *Person) { p.Name = "Nguyễn Văn Mậu B" },
		"birth": func(p *Person) { p.Birth = on(1990, 1, 2) }, "sex": func(p *Person) { p.Sex = Female },
		"expires": func(p *Person) { p.Expires = Expiry{Never: true} }, "issued": func(p *Person) { p.Issued = on(2021, 2, 2) },
		"residence": func(p *Person) { p.Residence = "Số 2, Đường Mẫu, Xã Mẫu" }, "old-number": func(p *Person) { p.OldNumber = "1" },
	} {
		other := full
		change(&other)
		got := Differences(View{PartDG13, full}, View{PartDG1, other})
		if want := []Difference{{fact, PartDG13, PartDG1}}; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v", fact, got)
		}
	}
}

func TestNamesInAZone(t *testing.T) {
	for _, v := range []struct {
		a, b string
		same bool
	}{
		{"Đặng Thị Ủn", "DANG THI UN", true}, {"Lò Văn Ún", "LO VAN UN", true}, {"Lò Văn Ún", "LO VAN AN", false}, {"", "LO", true},
		{"Nguyễn Hoàng Phương Thảo Nguyên Khánh", "NGUYEN HOANG PHUONG THAO NG", true}, // cut within a word
		{"Nguyễn Hoàng Phương Thảo Nguyên Khánh", "NGUYEN H PHUONG THAO N K", true},    // cut to first letters
		{"Nguyễn Hoàng Phương Thảo Nguyên Khánh", "NGUYEN X PHUONG THAO N K", false},
		{"Vàng A Páo", "VANG A", false},
	} {
		if got := sameName(v.a, v.b); got != v.same {
			t.Errorf("%s and %s: %t", v.a, v.b, got)
		}
	}
}

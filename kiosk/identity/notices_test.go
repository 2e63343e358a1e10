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
		"the card says until 40":       {card(on(2001, 12, 20), on(2023, 12, 19), on(2041, 12, 20)), nil},
		"the card says without end":    {Person{Birth: on(1966, 12, 20), Issued: on(2024, 12, 19), Expires: Expiry{Never: true}}, nil},
		"nothing is known":             {Person{}, nil},
	} {
		if got := Notices(v.p, today); !reflect.DeepEqual(got, v.want) && len(got)+len(v.want) > 0 {
			t.Errorf("%s: %v, not %v", name, got, v.want)
		}
	}
}

package service_test

import (
	"slices"
	"strings"
	"testing"

	"motcua/assets"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/service"
)

// This file holds what the services that other offices decide have to know: births, marriages, deaths, vehicles, seals
// and unemployment benefit.

var day = identity.Date{Year: 2026, Month: 11, Day: 25}

// shipped is a service as it is shipped.
func shipped(t *testing.T, id string) *service.Service {
	t.Helper()
	c, err := service.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	s, ok := c.Get(id, day)
	if !ok {
		t.Fatalf("no %s", id)
	}
	return s
}

// holder is what the card of the applicant says: a woman of forty.
var holder = map[form.Fact]form.Answer{
	form.CardName: {Value: "Hà Thị Thử"}, form.CardBirth: {Value: "15/06/1986"}, form.CardSex: {Value: "Nữ"},
	form.CardNumber: {Value: "099186000017"}, form.CardNationality: {Value: "Việt Nam"}, form.CardEthnicity: {Value: "Thái"},
	form.CardOrigin: {Value: "Xã Mẫu Một"}, form.CardIssued: {Value: "10/08/2021"}, form.CardResidence: {Value: "Xóm Văn"},
}

// answers are typed: values of fields, and one row of a group under "group.column".
func answers(s *service.Service, pairs ...string) form.Answers {
	a := form.Answers{}
	rows := map[form.FieldID]form.Answers{}
	for i := 0; i < len(pairs); i += 2 {
		v := form.Answer{Value: pairs[i+1], Source: identity.FromTyped}
		if group, column, isRow := strings.Cut(pairs[i], "."); isRow {
			id := form.FieldID(group)
			rows[id] = rows[id].With(form.FieldID(column), v)
			continue
		}
		a[form.FieldID(pairs[i])] = v
	}
	for id, row := range rows {
		f, _ := s.Form.Field(id)
		a = a.WithRows(f, []form.Answers{row})
	}
	return a
}

func sheet(s *service.Service, kase string, pairs ...string) *form.Sheet {
	return s.Sheet(form.Env{Facts: holder, Case: kase, Today: day}, answers(s, pairs...))
}

func codes(sheet *form.Sheet) []string {
	var list []string
	for _, p := range sheet.Problems() {
		if p.Code != form.ProblemRequired {
			list = append(list, p.Code)
		}
	}
	return list
}

func TestMarriageSides(t *testing.T) {
	s := shipped(t, "ket-hon")
	partner := func(number, birth, sex string) []string {
		return []string{"partner.name", "Lò Văn Mẫu", "partner.number", number, "partner.birth", birth, "partner.sex", sex}
	}
	filled := sheet(s, "", append(partner("099085000101", "01/05/1985", "Nam"), "times", "1", "partner_times", "2")...).Filled()
	for id, want := range map[form.FieldID]string{"bride_name": "Hà Thị Thử", "groom_name": "Lò Văn Mẫu",
		"groom_birth": "01/05/1985", "bride_times": "1", "groom_times": "2", "groom_papers": "Thẻ căn cước số 099085000101"} {
		if got := filled[id].Value; got != want {
			t.Errorf("%s = %q, want %q", id, got, want)
		}
	}
	for name, c := range map[string]struct {
		partner []string
		want    string
	}{
		"a man a day before his twentieth birthday": {partner("099006000101", "26/11/2006", "Nam"), "groom-young"},
		"a man on his twentieth birthday":           {partner("099006000101", "25/11/2006", "Nam"), ""},
		"the same card twice":                       {partner("099186000017", "15/06/1986", "Nam"), "same-person"},
		"two women":                                 {partner("099186000018", "15/06/1986", "Nữ"), "same-column"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(codes(sheet(s, "", c.partner...)), " "); got != c.want {
				t.Errorf("problems %q, want %q", got, c.want)
			}
		})
	}
}

func TestBirth(t *testing.T) {
	s := shipped(t, "khai-sinh")
	for birth, want := range map[string]string{
		"20/11/2026": "Ngày hai mươi tháng mười một năm hai nghìn không trăm hai mươi sáu",
		"01/04/2021": "Ngày một tháng tư năm hai nghìn không trăm hai mươi mốt",
		"31/01/2015": "Ngày ba mươi mốt tháng một năm hai nghìn không trăm mười lăm",
		"15/10/2005": "Ngày mười lăm tháng mười năm hai nghìn không trăm linh năm",
		"24/12/2000": "Ngày hai mươi tư tháng mười hai năm hai nghìn không trăm",
		"05/02/1990": "Ngày năm tháng hai năm một nghìn chín trăm chín mươi",
		"05/02/2014": "Ngày năm tháng hai năm hai nghìn không trăm mười bốn",
	} {
		if got := sheet(s, "mother", "child_birth", birth).Filled()["child_birth_words"].Value; got != want {
			t.Errorf("%s: %s", birth, got)
		}
	}
	father := []string{"father.name", "Lò Văn Mẫu", "father.birth", "01/05/1985", "father.ethnicity", "Mường"}
	for name, c := range map[string]struct {
		kase  string
		pairs []string
		asked string // a page that there must be; with -, must not
		want  map[form.FieldID]string
		codes string
	}{
		"parents of two peoples are asked": {"mother", append(father, "married", "Đã đăng ký kết hôn"), "ethnicity_of",
			map[form.FieldID]string{"father_name": "Lò Văn Mẫu", "mother_name": "Hà Thị Thử", "child_ethnicity": ""}, ""},
		"not married: no father": {"mother", append(father, "married", "Chưa đăng ký kết hôn"), "-father",
			map[form.FieldID]string{"father_name": "", "child_ethnicity": "Thái", "child_nationality": "Việt Nam"}, "father-not-married"},
		"sixty days are in time":   {"mother", []string{"child_birth", "26/09/2026"}, "-mother", nil, ""},
		"sixty-one are late":       {"mother", []string{"child_birth", "25/09/2026"}, "-mother", nil, "late"},
		"older than its mother":    {"mother", []string{"child_birth", "14/06/1986"}, "child_birth", nil, "late mother-younger"},
		"kin must name one parent": {"kin", []string{"married", "Chưa đăng ký kết hôn"}, "kin", nil, "no-parent"},
	} {
		t.Run(name, func(t *testing.T) {
			sh := sheet(s, c.kase, c.pairs...)
			id, absent := strings.CutPrefix(c.asked, "-")
			there := slices.ContainsFunc(sh.Pages(), func(p form.Page) bool { return string(p.Field) == id })
			if there == absent {
				t.Errorf("page %s: %v", id, there)
			}
			for id, want := range c.want {
				if got := sh.Filled()[id].Value; got != want {
					t.Errorf("%s = %q, want %q", id, got, want)
				}
			}
			if got := strings.Join(codes(sh), " "); got != c.codes {
				t.Errorf("problems %q, want %q", got, c.codes)
			}
		})
	}
	if late := s.FeeFor(sheet(s, "mother", "child_birth", "25/09/2026"), day); late.Note == "" {
		t.Error("nobody says that a late registration may cost something")
	}
}

func TestDeath(t *testing.T) {
	s := shipped(t, "khai-tu")
	dead := []string{"deceased.name", "Lò Văn Mẫu", "deceased.birth", "01/05/1945", "deceased.sex", "Nam"}
	for died, want := range map[string]string{
		"10/11/2026": "", "09/11/2026": "late", "30/04/1945": "before-birth late", "26/11/2026": form.ProblemFuture,
	} {
		if got := strings.Join(codes(sheet(s, "", append(dead, "death_date", died)...)), " "); got != want {
			t.Errorf("died on %s: %q, want %q", died, got, want)
		}
	}
	filled := sheet(s, "", append(dead, "relation", "Vợ, chồng", "died_at", "Tại nhà")...).Filled()
	if filled["relation_words"].Value != "Vợ" || filled["death_place"].Value != "Tại nhà" || filled["death_commune"].Value != "" {
		t.Errorf("wrote %q, %q, %q", filled["relation_words"].Value, filled["death_place"].Value, filled["death_commune"].Value)
	}
}

func TestBenefitIsPaidInOneWay(t *testing.T) {
	s := shipped(t, "tro-cap-that-nghiep")
	pairs := []string{"bank_choice", "Agribank", "account_number", "1234567890", "insured_months", "11", "end_date", "24/08/2026"}
	account, cash := sheet(s, "account", pairs...), sheet(s, "cash", pairs...)
	if a := account.Filled(); a["bank"].Value != "Agribank" || a["account_holder"].Value != "Hà Thị Thử" {
		t.Errorf("account: %q of %q", a["bank"].Value, a["account_holder"].Value)
	}
	if c := cash.Filled(); c["bank"].Value+c["account_holder"].Value+c["account_number"].Value != "" {
		t.Error("who wants cash gave an account")
	}
	if got := strings.Join(codes(account), " "); got != "too-late few-months" {
		t.Errorf("problems %q", got)
	}
}

func TestVehicles(t *testing.T) {
	car := shipped(t, "xe-o-to")
	if car.Filed(nil) || !car.Filed([]string{"xe-o-to"}) {
		t.Error("cars are filed where the commune is charged with it, and only there")
	}
	for name, c := range map[string]struct {
		local []string
		kase  string
		pairs []string
		dong  int
		days  int
	}{
		"a new car":                      {nil, "first", []string{"vehicle_kind", "Ô tô chở người đến 9 chỗ"}, 140_000, 2},
		"a new car in one of two cities": {[]string{"khu-vuc-1"}, "first", []string{"vehicle_kind", "Ô tô chở người đến 9 chỗ"}, 14_000_000, 2},
		"a plate won at auction":         {nil, "transfer", []string{"plate_source", "Biển số trúng đấu giá"}, 0, 7},
	} {
		t.Run(name, func(t *testing.T) {
			sh := car.Sheet(form.Env{Facts: holder, Case: c.kase, Local: c.local, Today: day}, answers(car, c.pairs...))
			if fee, term := car.FeeFor(sh, day), car.DeadlineFor(sh); fee.Dong != c.dong || term.Days != c.days || (c.dong == 0) != (fee.Note != "") {
				t.Errorf("fee %+v, term %+v", fee, term)
			}
		})
	}
	sh := sheet(car, "reissue", "owns", "Người khác", "owner.name", "Lò Văn Mẫu", "owner.number", "099085000101", "lost", "Biển số")
	want := map[form.FieldID]string{"owner_name": "Lò Văn Mẫu", "agent_name": "Hà Thị Thử", "reason": "Mất biển số", "owner_paper": ""}
	for id, w := range want {
		if got := sh.Filled()[id].Value; got != w {
			t.Errorf("%s = %q, want %q", id, got, w)
		}
	}
}

func TestNextLawOnCivilStatus(t *testing.T) {
	c, err := service.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"khai-sinh", "ket-hon", "khai-tu"} {
		before, ok := c.Get(id, identity.Date{Year: 2027, Month: 2, Day: 28})
		if !ok || !before.Kiosk {
			t.Errorf("%s is not filed on the last day of the old law", id)
		}
		after, ok := c.Get(id, identity.Date{Year: 2027, Month: 3, Day: 1})
		if !ok || after.Kiosk || len(after.Where) == 0 {
			t.Errorf("%s is still filed under the old law, or nobody says where to go", id)
		}
	}
}

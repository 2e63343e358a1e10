package service

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

// on is a shipped service on a day of 2026, and a sheet of it.
func on(t *testing.T, id, kase string, facts map[form.Fact]string, answers form.Answers) (*Service, *form.Sheet) {
	t.Helper()
	day := date(t, "2026-11-23")
	s, ok := load(t).Get(id, day)
	if !ok {
		t.Fatalf("no %s", id)
	}
	known := map[form.Fact]form.Answer{}
	for fact, value := range facts {
		known[fact] = form.Answer{Value: value, Source: identity.FromChip}
	}
	return s, s.Sheet(form.Env{Facts: known, Case: kase, Today: day, Hour: 9}, answers)
}

// TestProcedures: a service whose cases are procedures of their own files each under its code.
func TestProcedures(t *testing.T) {
	for _, want := range []struct{ id, kase, code string }{
		{"xac-nhan-cu-tru", "now", "1.010041"}, {"xac-nhan-cu-tru", "declare", "1.010040"},
		{"xoa-dang-ky-cu-tru", "permanent", "1.003197"}, {"xoa-dang-ky-cu-tru", "deceased", "1.003197"}, {"xoa-dang-ky-cu-tru", "temporary", "1.010028"},
		{"tam-tru", "rent", "1.004194"}, {"tach-ho", "agreed", "1.010038"},
	} {
		if s, _ := on(t, want.id, want.kase, nil, nil); s.ProcedureOf(want.kase) != want.code {
			t.Errorf("%s in %s is filed as %q, want %s", want.id, want.kase, s.ProcedureOf(want.kase), want.code)
		}
	}
}

// TestTerms: what the law gives an office depends on what is filed.
func TestTerms(t *testing.T) {
	for name, want := range map[string]struct {
		id, kase string
		facts    map[form.Fact]string
		days     int
		half     bool
	}{
		"a declaration is no confirmation":  {"xac-nhan-cu-tru", "declare", nil, 0, false},
		"a confirmation":                    {"xac-nhan-cu-tru", "household", nil, 0, true},
		"an account with a chip":            {"vneid", "", map[form.Fact]string{form.CardIssued: "02/03/2022", form.CardExpires: "12/03/2034"}, 3, false},
		"with a code that has no last day":  {"vneid", "", map[form.Fact]string{form.CardIssued: "02/03/2022"}, 3, false},
		"with a card that is over":          {"vneid", "", map[form.Fact]string{form.CardIssued: "02/03/2022", form.CardExpires: "22/11/2026"}, 7, false},
		"with a card on its last day":       {"vneid", "", map[form.Fact]string{form.CardIssued: "02/03/2022", form.CardExpires: "23/11/2026"}, 3, false},
		"with a card for life":              {"vneid", "", map[form.Fact]string{form.CardIssued: "02/03/2022", form.CardExpires: "Không thời hạn"}, 3, false},
		"with no card, everything is typed": {"vneid", "", nil, 7, false},
	} {
		s, sheet := on(t, want.id, want.kase, want.facts, nil)
		if d := s.DeadlineFor(sheet); d.Days != want.days || d.Half != want.half {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// TestWhoSigns: the notes of CT01 say by the case whether the head of the household and the owner of the dwelling sign.
func TestWhoSigns(t *testing.T) {
	for kase, want := range map[string][2]bool{"own": {}, "family": {true, true}, "rent": {true, true}, "care": {true, true}, "religious": {false, true}, "barracks": {}} {
		s, sheet := on(t, "thuong-tru", kase, map[form.Fact]string{form.CardBirth: "12/03/1974"}, nil)
		var who, papers []string
		for _, g := range s.SignaturesFor(sheet) {
			who = append(who, g.Who)
		}
		for _, p := range s.PapersFor(sheet) {
			papers = append(papers, p.ID)
		}
		for i, one := range [][2]string{{"Chủ hộ", "head-consent"}, {"Chủ sở hữu chỗ ở", "owner-consent"}} {
			if slices.Contains(who, one[0]) != want[i] || slices.Contains(papers, one[1]) != want[i] {
				t.Errorf("%s: %v sign, with %v", kase, who, papers)
			}
		}
	}
}

// TestAbsence: an absence begins on the day that the citizen says, and lasts from there.
func TestAbsence(t *testing.T) {
	answers := form.Answers{"leaves": {Value: "Ngày khác"}, "from_date": {Value: "01/12/2026"}, "period": {Value: "12"}}
	if _, sheet := on(t, "tam-vang", "long", nil, answers); sheet.Filled()["to_date"].Value != "30/11/2027" {
		t.Errorf("%+v", sheet.Filled())
	}
	answers["leaves"] = form.Answer{Value: "Hôm nay"}
	if _, sheet := on(t, "tam-vang", "long", nil, answers); sheet.Filled()["from_date"].Value != "23/11/2026" || sheet.Filled()["to_date"].Value != "22/11/2027" {
		t.Errorf("%+v", sheet.Filled())
	}
}

// warned are the checks that speak of the answers, with those that stop.
func warned(sheet *form.Sheet) []string {
	ids := sheet.Warnings()
	for _, p := range sheet.Problems() {
		if p.Blocking && !slices.Contains(ids, p.Code) {
			ids = append(ids, p.Code)
		}
	}
	return ids
}

// TestRenewal: a temporary residence is renewed within the last 15 days of its term, and the new term follows it.
func TestRenewal(t *testing.T) {
	for ends, want := range map[string]struct{ check, from, to string }{
		"22/11/2026": {"over", "23/11/2026", "22/11/2027"}, "23/11/2026": {"", "24/11/2026", "23/11/2027"}, "08/12/2026": {"", "09/12/2026", "08/12/2027"},
		"09/12/2026": {"early", "10/12/2026", "09/12/2027"}, "": {"", "23/11/2026", "22/11/2027"},
	} {
		answers := form.Answers{"period": {Value: "12"}}
		if ends != "" {
			answers["ends"] = form.Answer{Value: ends}
		}
		_, sheet := on(t, "gia-han-tam-tru", "", nil, answers)
		for _, id := range []string{"over", "early"} {
			if slices.Contains(warned(sheet), id) != (id == want.check) {
				t.Errorf("ends %q: %v, want %q", ends, warned(sheet), want.check)
			}
		}
		if f := sheet.Filled(); f["from"].Value != want.from || f["to"].Value != want.to {
			t.Errorf("ends %q: from %s to %s, want %s to %s", ends, f["from"].Value, f["to"].Value, want.from, want.to)
		}
	}
}

// TestNoticeOfGuests: before 23:00 of the first day, and before 8:00 of the next for who came after 23:00.
func TestNoticeOfGuests(t *testing.T) {
	s, ok := load(t).Get("luu-tru", date(t, "2026-11-23"))
	if !ok {
		t.Fatal("no luu-tru")
	}
	for _, want := range []struct {
		arrived string
		hour    int
		late    bool
	}{
		{"Hôm nay", 22, false}, {"Hôm nay", 23, true}, {"Hôm nay, sau 23 giờ", 23, false}, {"Hôm nay", 0, false}, {"Đêm qua, sau 23 giờ", 7, false},
		{"Đêm qua, sau 23 giờ", 8, true}, {"Từ trước đó", 9, true},
	} {
		sheet := s.Sheet(form.Env{Today: date(t, "2026-11-23"), Hour: want.hour}, form.Answers{"arrived": {Value: want.arrived}})
		if sheet.Filled()["arrived"].Value == "" || slices.Contains(warned(sheet), "late") != want.late {
			t.Errorf("%s at %d: %q, %v", want.arrived, want.hour, sheet.Filled()["arrived"].Value, warned(sheet))
		}
	}
	field, _ := s.Form.Field("arrived")
	if options := s.Sheet(form.Env{Today: date(t, "2026-11-23"), Hour: 9}, nil).Options(field); len(options) != 3 {
		t.Errorf("%d options in the morning", len(options))
	}
}

// TestLastDay: three months after the end of the contract is the last day to ask for the benefit, and in time.
func TestLastDay(t *testing.T) {
	for end, late := range map[string]bool{"24/08/2026": false, "23/08/2026": false, "22/08/2026": true} {
		_, sheet := on(t, "tro-cap-that-nghiep", "account", nil, form.Answers{"end_date": {Value: end}})
		if slices.Contains(warned(sheet), "too-late") != late {
			t.Errorf("ended %s: %v, want %v", end, warned(sheet), late)
		}
	}
}

// TestFree: who pays no fee for one registration of residence pays none for the others: it is one article. Who makes a household of their own is 18.
func TestFree(t *testing.T) {
	free := func(id string) (ids []string) {
		s, _ := on(t, id, "", nil, nil)
		for _, f := range s.Fee.Free {
			ids = append(ids, f.ID)
		}
		return ids
	}
	want := free("thuong-tru")
	for _, id := range []string{"tam-tru", "gia-han-tam-tru"} {
		if got := free(id); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
}

// TestPrintedOrder: the fields of a service come in the order of the form's numbers, because officers copy them into the portal from top to bottom.
func TestPrintedOrder(t *testing.T) {
	for _, s := range load(t).All() {
		if s.Form == nil {
			continue // filed elsewhere
		}
		var last [2]int
		for _, f := range s.Form.Fields {
			part, text, ok := strings.Cut(f.Item, ".")
			if !ok {
				part, text = "", f.Item
			}
			n, err := strconv.Atoi(text)
			if err != nil {
				continue // "Kính gửi"
			}
			at := [2]int{len(part), n} // I, II, III
			if slices.Compare(at[:], last[:]) < 0 {
				t.Errorf("%s: %s comes behind %v", s.ID, f.Item, last)
			}
			last = at
		}
	}
}

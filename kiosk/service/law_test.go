package service

import (
	"slices"
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

package session

import (
	"slices"
	"testing"

	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

// opaque is somebody whose card of 2024 has no readable DG13: the chip gives what DG1 says.
func opaque() who {
	birth, issued := identity.Date{Year: 1998, Month: 6, Day: 7}, identity.Date{Year: 2025, Month: 5, Day: 20}
	return who{hasQR: true, hasChip: true,
		chip: identity.Person{Number: "099198000407", Name: "BAN MUI PHAY", Birth: birth, Sex: identity.Female, Nationality: "Việt Nam",
			Expires: identity.Expiry{Date: identity.Date{Year: 2038, Month: 6, Day: 7}}},
		qr: identity.Person{Number: "099198000407", Name: "Bàn Mùi Phẩy", Birth: birth, Sex: identity.Female, Issued: issued,
			Residence: "Thôn Khe Mẫu, Xã Nậm Mẫu", OldNumber: "098700407"},
		proof: identity.Evidence{Access: "PACE-CAN"}}
}

func TestFactsHaveTheirSource(t *testing.T) {
	same := func(*who) {}
	for name, v := range map[string]struct {
		change func(*who)
		fact   form.Fact
		want   form.Answer
	}{
		"number of the chip":               {same, form.CardNumber, form.Answer{Value: "099198000407", Source: identity.FromChip}},
		"birth of the chip":                {same, form.CardBirth, form.Answer{Value: "07/06/1998", Source: identity.FromChip}},
		"sex of the chip":                  {same, form.CardSex, form.Answer{Value: "Nữ", Source: identity.FromChip}},
		"nationality of the chip":          {same, form.CardNationality, form.Answer{Value: "Việt Nam", Source: identity.FromChip}},
		"name as the code spells it":       {same, form.CardName, form.Answer{Value: "Bàn Mùi Phẩy", Source: identity.FromQR}},
		"residence of the code":            {same, form.CardResidence, form.Answer{Value: "Thôn Khe Mẫu, Xã Nậm Mẫu", Source: identity.FromQR}},
		"issue of the code":                {same, form.CardIssued, form.Answer{Value: "20/05/2025", Source: identity.FromQR}},
		"old number of the code":           {same, form.CardOldNumber, form.Answer{Value: "098700407", Source: identity.FromQR}},
		"ethnicity is known to nobody":     {same, form.CardEthnicity, form.Answer{}},
		"a code of another name":           {func(w *who) { w.qr.Name = "Bàn Mùi Phương" }, form.CardName, form.Answer{Value: "BAN MUI PHAY", Source: identity.FromChip}},
		"a code without accents":           {func(w *who) { w.qr.Name = "Ban Mui Phay" }, form.CardName, form.Answer{Value: "Ban Mui Phay", Source: identity.FromQR}},
		"no code":                          {func(w *who) { w.hasQR, w.qr = false, identity.Person{} }, form.CardName, form.Answer{Value: "BAN MUI PHAY", Source: identity.FromChip}},
		"readable DG13 before the code":    {func(w *who) { w.chip.Name = "Bàn Mùi Phảy" }, form.CardName, form.Answer{Value: "Bàn Mùi Phảy", Source: identity.FromChip}},
		"DG13 and code say the same":       {func(w *who) { w.chip.Residence = w.qr.Residence }, form.CardResidence, form.Answer{Value: "Thôn Khe Mẫu, Xã Nậm Mẫu", Source: identity.FromChip}},
		"typed what neither of them knows": {func(w *who) { *w = who{byHand: true, typed: form.Answers{manualName: {Value: "Bàn Mùi"}}} }, form.CardName, form.Answer{Value: "Bàn Mùi", Source: identity.FromTyped}},
	} {
		w := opaque()
		v.change(&w)
		if got := w.facts()[v.fact]; got != v.want {
			t.Errorf("%s: %+v, want %+v", name, got, v.want)
		}
	}
}

func TestEvidenceNamesDifferences(t *testing.T) {
	for name, v := range map[string]struct {
		change func(*who)
		want   []identity.Difference
	}{
		"an opaque card": {func(*who) {}, nil},
		"another name in the code": {func(w *who) { w.qr.Name = "Bàn Mùi Phương" },
			[]identity.Difference{{Fact: "name", One: identity.PartQR, Other: identity.PartDG1}}},
		"a readable DG13": {func(w *who) { w.chip.Name, w.qr.Sex = w.qr.Name, identity.Male },
			[]identity.Difference{{Fact: "sex", One: identity.PartQR, Other: identity.PartDG13}}},
		"what the station found": {func(w *who) {
			w.proof.Differences = []identity.Difference{{Fact: "birth", One: identity.PartDG1, Other: identity.PartDG13}}
		}, []identity.Difference{{Fact: "birth", One: identity.PartDG1, Other: identity.PartDG13}}},
		"no code": {func(w *who) { w.hasQR, w.qr = false, identity.Person{} }, nil},
	} {
		w := opaque()
		v.change(&w)
		if got := w.evidence().Differences; !slices.Equal(got, v.want) {
			t.Errorf("%s: %v, want %v", name, got, v.want)
		}
	}
}

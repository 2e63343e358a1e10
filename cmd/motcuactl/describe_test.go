package main

import (
	"strings"
	"testing"
	"time"

	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
)

// TestDescribeTellsTheOfficer: what an officer has to look at stands in a filing's description, and nothing of it in
// that of a card on which all is well.
func TestDescribeTellsTheOfficer(t *testing.T) {
	day := identity.Date{Year: 2026, Month: time.December, Day: 20}
	draft := filing.Draft{
		Notices:  []identity.Notice{{Code: identity.NoticeAge, Date: day, Age: 25}, {Code: identity.NoticeExpires, Date: day}},
		Warnings: []identity.Warning{identity.WarnNumberSex},
		Evidence: identity.Evidence{Access: "PACE-CAN", Differences: []identity.Difference{{Fact: "name", One: identity.PartQR, Other: identity.PartDG13}}},
	}
	lines := []string{"card-age 20/12/2026, age 25", "card-expires 20/12/2026", "number-sex", "name, between qr and dg13"}
	for _, v := range []struct {
		draft filing.Draft
		want  bool
	}{{draft, true}, {filing.Draft{Evidence: identity.Evidence{Access: "PACE-CAN"}}, false}} {
		var out strings.Builder
		if err := (&tool{out: &out}).describe(filing.Filing{Draft: v.draft}); err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if strings.Contains(out.String(), line+"\n") != v.want {
				t.Errorf("%q, want %t, in\n%s", line, v.want, out.String())
			}
		}
	}
}

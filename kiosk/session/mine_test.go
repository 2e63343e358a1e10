package session

import (
	"strings"
	"testing"

	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
)

// Whose chip was read sees their filings first of all; one leads to its page, of several one is chosen.
func TestMine(t *testing.T) {
	p := confirmed(t)
	f := one[FindMine](p)
	if want := p.s.v.who.person().Tagged(); f.Who == "" || f.Who != want {
		t.Fatalf("%q is looked for, not %q", f.Who, want)
	}
	p.do(Next{}).on(PageService)
	if p.view().Choice.Options[0].ID == mineID {
		t.Error("there are none")
	}
	a, b := standing(t, filing.Done), standing(t, filing.Received)
	b.Reference.Serial++
	p.do(Mine{f.Serial + 1, []filing.Standing{a}})
	if p.view().Choice.Options[0].ID == mineID {
		t.Error("somebody else's")
	}
	p.do(Mine{f.Serial, []filing.Standing{a}})
	if o := p.view().Choice.Options[0]; o.ID != mineID || !strings.Contains(o.Text, "1 hồ sơ") {
		t.Fatalf("%+v", o)
	}
	p.do(Choose{mineID}).on(PageStatus)
	if v := p.view().Status; v.Short != a.Reference.Short() || !v.Result {
		t.Errorf("%+v", v)
	}
	p.do(Back{}).clean()

	p = confirmed(t).do(Next{}, Mine{1, []filing.Standing{a, b}}, Choose{mineID}).on(PageMine)
	if c := p.view().Choice; len(c.Options) != 2 || c.Options[1].ID != b.Reference.String() {
		t.Fatalf("%+v", c)
	}
	p.do(Choose{b.Reference.String()}).on(PageStatus).do(Back{}).on(PageMine).do(Back{}).on(PageService)
}

// A copy, or data that nobody signed, shows nothing of whom it names. That the issuer is not known here is what an office sees of good cards.
func TestMineOnlyForWhoseItIs(t *testing.T) {
	for what, c := range map[string]struct {
		proof identity.Evidence
		shown bool
	}{
		"genuine":          {proof(), true},
		"issuer unknown":   {against(identity.CheckPassive, identity.NotPossible, "issuer-unknown"), true},
		"forged data":      {against(identity.CheckDataGroups, identity.Failed, ""), false},
		"forged signature": {against(identity.CheckPassive, identity.Failed, ""), false},
		"a copy":           {against(identity.CheckChip, identity.Failed, ""), false},
		"unproven chip":    {against(identity.CheckChip, identity.NotPossible, ""), false},
		"unsigned":         {against(identity.CheckPassive, identity.NotPossible, ""), false},
		"another number":   {identity.Evidence{Access: "PACE-CAN", Checks: append(proof().Checks, identity.Check{Name: identity.CheckNumber, Outcome: identity.Failed})}, false},
	} {
		p := start(t).do(ReaderChanged{true}, ScannerChanged{true}, Scanned{unQR}, CardOn{}).on(PageReading)
		p.do(CardRead{p.s.Serial, p.s.v.read.try, un(), photo(), c.proof}).on(PageConfirm)
		looked := 0
		for _, e := range p.effects {
			if _, ok := e.(FindMine); ok {
				looked++
			}
		}
		if (looked == 1) != c.shown || looked > 1 {
			t.Errorf("%s: looked up %d times", what, looked)
		}
	}
}

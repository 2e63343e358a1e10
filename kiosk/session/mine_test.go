package session

import (
	"strings"
	"testing"

	"motcua/kiosk/filing"
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

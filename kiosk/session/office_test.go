package session

import (
	"strings"
	"testing"
	"time"

	"motcua/assets"
	"motcua/kiosk/calendar"
	"motcua/kiosk/identity"
)

// with is the config with what the office decided.
func (p *play) with(edit func(*Config)) Configured {
	c := *p.s.cfg
	edit(&c)
	return Configured{&c}
}

func lists(snap Snapshot, id string) bool {
	for _, o := range snap.Choice.Options {
		if o.ID == id {
			return true
		}
	}
	return false
}

// A service that the office switched off is in no list from the next person on; who looks for it is told, and does not get into it.
func TestServiceOff(t *testing.T) {
	off := func(c *Config) { c.Off = []string{"tam-tru"} }
	p := asked(t)
	p.do(p.with(off)).fill("own") // whoever is there goes on
	p.do(Next{}).on(PageReview).do(CardOff{}).wait(IdleWarn + IdleAnswer + time.Second).clean()
	p.effects = nil
	p.do(Scanned{unQR}, CardOn{}).on(PageReading).read().on(PageConfirm).do(Next{}).on(PageService)
	for page := 0; page < p.view().Choice.Pages; page++ {
		if lists(p.view(), "tam-tru") {
			t.Error("it is offered")
		}
		p.do(Turn{1})
	}
	p.do(Choose{"tam-tru"}).on(PageService)
	if p.view().Notice != "notice.service-off" {
		t.Errorf("%q", p.view().Notice)
	}
	p.do(Search{}, Type{"tam tru"}).on(PageSearch)
	snap := p.view()
	if len(snap.Choice.Options) == 0 || snap.Choice.Options[0].ID != "tam-tru" || snap.Choice.Options[0].Text != p.s.cfg.Texts.Get("session.service-off") {
		t.Fatalf("%+v", snap.Choice.Options)
	}
	if p.do(Choose{"tam-tru"}).on(PageSearch).view().Notice != "notice.service-off" {
		t.Error("nothing is said")
	}
	q := start(t)
	q.do(q.with(off), Scanned{unQR}, CardOn{}).read().do(Next{}, Choose{"tam-tru"}).on(PageService) // at once where nobody is
}

// A day on which the office is closed moves the date that is given from then on; one that was given stays.
func TestClosedDay(t *testing.T) {
	p := done(t, "own")
	given := p.view().Done.Due
	thursday := identity.Date{Year: 2026, Month: 11, Day: 26}
	closing := p.with(func(c *Config) {
		c.Calendar = c.Calendar.Closing(calendar.Off{Day: thursday, Name: "Sửa trụ sở"})
	})
	p.do(closing)
	if p.view().Done.Due != given {
		t.Error("what was given moved")
	}
	q := start(t).do(closing, Scanned{unQR}, CardOn{}).read().do(Next{}, Choose{"tam-tru"}).fill("own").do(Next{})
	for q.view().Page == PageReview {
		q.do(Next{})
	}
	q.do(Next{}).on(PageFiling)
	q.do(q.stored()).on(PageDone)
	if now := q.view().Done; now.Due == given || !strings.Contains(now.DueNote, "2 ngày nghỉ") {
		t.Errorf("%q was %q: %q", now.Due, given, now.DueNote)
	}
}

// The welcome page says when nobody is at the counter, why, and when somebody is.
func TestWelcomeClosed(t *testing.T) {
	closed := calendar.New().Closing(calendar.Off{Day: identity.Date{Year: 2026, Month: 11, Day: 25}, Name: "Sửa trụ sở"})
	for name, c := range map[string]struct {
		at   time.Time
		want string
	}{
		"open":             {morning, ""},
		"noon":             {morning.Add(3 * time.Hour), "Quầy đang nghỉ, mở lại lúc 13 giờ 30"},
		"the evening":      {morning.Add(9 * time.Hour), "Quầy đang nghỉ, mở lại lúc 7 giờ 30 thứ Năm 26/11"}, // over a holiday and a closed day
		"a closed day":     {morning.AddDate(0, 0, 2), "Quầy đang nghỉ, mở lại lúc 7 giờ 30 thứ Năm 26/11 | Sửa trụ sở"},
		"Saturday morning": {morning.AddDate(0, 0, 5), ""},
	} {
		p := start(t)
		p.do(p.with(func(cfg *Config) { cfg.Calendar = closed }), Tick{c.at})
		o := p.on(PageWelcome).view().Office
		got := o.Closed
		if o.Why != "" {
			got += " | " + o.Why
		}
		if got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// An appointment ends at four, and with the office's day where that ends earlier.
func TestAppointmentKeepsOfficeHours(t *testing.T) {
	for afternoon, want := range map[string]string{"13:30-17:00": "16:00", "13:00-16:00": "16:00", "13:00-15:30": "15:30"} {
		hours, err := calendar.ParseHours("07:30-11:30", afternoon, true)
		if err != nil {
			t.Fatal(err)
		}
		days, err := calendar.Load(hours, assets.FS)
		if err != nil {
			t.Fatal(err)
		}
		p := asked(t)
		p.s.cfg = p.with(func(c *Config) { c.Calendar = days }).Config
		at, rule := p.s.appointment(p.s.chosen())
		if rule != calendar.RuleDays || at.Format("15:04") != want || !days.Working(identity.DateOf(at)) {
			t.Errorf("open %s: %v by %s, want %s", afternoon, at, rule, want)
		}
	}
}

package board

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/config"
	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/identity"
	"motcua/kiosk/report"
	"motcua/kiosk/setting"
	"motcua/kiosk/store"
)

// trustList is whom an office trusts, in memory.
type trustList struct {
	all   []Trusted
	files []string
}

func (t *trustList) List() ([]Trusted, error) { return slices.Clone(t.all), nil }
func (t *trustList) Files() []string          { return t.files }

func (t *trustList) Add(path string) (TrustAddition, error) {
	switch path {
	case "/usb/csca.der":
		x := Trusted{Kind: "csca", Fingerprint: "ABCD1234", Name: "C=VN, CN=Thử", Vouched: "operator", From: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
			Until: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), Added: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
		t.all = append(t.all, x)
		return TrustAddition{Added: []Trusted{x}, Known: 2}, nil
	case "/usb/other.der":
		return TrustAddition{}, fault.Newf(fault.CardForged, "not proven")
	}
	return TrustAddition{}, fault.Newf(fault.NotFound, "no file")
}

func (t *trustList) Remove(fingerprint string) error {
	n := len(t.all)
	if t.all = slices.DeleteFunc(t.all, func(x Trusted) bool { return x.Fingerprint == fingerprint }); len(t.all) == n {
		return fault.Newf(fault.NotFound, "nothing has this fingerprint")
	}
	return nil
}

// deciding is a counter at which a head can decide.
func deciding(t *testing.T) (*counter, *trustList) {
	c := newCounter(t)
	trusted := &trustList{files: []string{"/usb/csca.der"}}
	c.opt.Deciding = Deciding{Obey: func(set setting.Set) (Rules, error) {
		o, err := set.Over(config.Default())
		return Rules{Office: o, Calendar: calendar.New().Closing(o.Closed...), Services: func(identity.Date) []report.Service { return nil }}, err
	}, Voices: func(context.Context) ([]Voice, error) {
		return []Voice{{Value: "vi", Title: "Northern"}, {Value: "pack:co-lan", Title: "Cô Lan", Pack: true, Records: 9, Lacking: 1}, {Value: "pack:x", Title: "x", Pack: true, Wrong: "no list"}}, nil
	}, Trust: trusted}
	c.signIn()
	return c, trusted
}

// section goes to one by its name.
func (c *counter) section(name string) Snapshot {
	c.t.Helper()
	s := c.do(Open{Admin})
	at := slices.Index(s.Admin.Sections, name)
	if at < 0 {
		c.t.Fatalf("no section %s in %v", name, s.Admin.Sections)
	}
	return c.do(Section{at})
}

// entry goes to the entry of a name, over all of the list.
func (c *counter) entry(name string) Snapshot {
	c.t.Helper()
	for row := range 200 {
		s := c.do(Move{-1000}, Move{row})
		if p := s.Admin; p.Row >= 0 && strings.Contains(fmt.Sprint(p.Entries[p.Row].Name), name) {
			return s
		}
	}
	c.t.Fatalf("no entry %s", name)
	return Snapshot{}
}

// settled are the decisions that the store has.
func (c *counter) settled() setting.Set {
	c.t.Helper()
	all, err := c.db.Settings(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.db.VerifyJournal(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	return store.SetOf(all)
}

// A head switches a service off and on again; filings of it stay in the list and are decided on.
func TestAdminServices(t *testing.T) {
	c, _ := deciding(t)
	f := c.file("a", "Lò Thị Ủn")
	svc, _ := c.opt.Printer.Catalogue.Get(f.Service, identity.DateOf(c.clock.Now()))
	c.section("services")
	s := c.entry(svc.Plain)
	if m := s.Admin.Entries[s.Admin.Row].Mark.Key; m != "desk.service.on" {
		t.Errorf("it is %s", m)
	}
	s = c.do(Act{"service-off"})
	if c.settled()[setting.Service(f.Service)] != setting.Off || s.Admin.Entries[s.Admin.Row].Mark.Key != "desk.service.off" || s.Admin.Result.Key != "desk.service.now-off" {
		t.Errorf("%v, %+v", c.settled(), s.Admin)
	}
	if s = c.do(Act{"service-off"}); s.Notice != "" {
		t.Errorf("what cannot be done was done: %s", s.Notice)
	}
	s = c.do(Open{Queue}, Refresh{}, Enter{}, Begin{desk.Receive})
	if s.Open == nil || s.Dialog == nil {
		t.Errorf("its filings cannot be worked on: %+v", s)
	}
	c.do(Escape{}, Escape{})
	c.section("services")
	c.entry(svc.Plain)
	if c.do(Act{"service-on"}); c.settled()[setting.Service(f.Service)] != setting.On {
		t.Errorf("%v", c.settled())
	}
	if s = c.do(Act{"as-file"}); len(c.settled()) != 0 || s.Admin.Entries[s.Admin.Row].Mark.Key != "desk.service.on" {
		t.Errorf("%v", c.settled())
	}
}

// Hours are asked for as they are, and refused as they cannot be; closed days move what is promised from then on, and nothing of before.
func TestAdminHours(t *testing.T) {
	c, _ := deciding(t)
	s := c.section("hours")
	if s.Admin.About.Deeds[0].ID != "hours-set" {
		t.Fatalf("%+v", s.Admin.About)
	}
	s = c.do(Enter{})
	if s.Ask == nil || s.Ask.Fields[0].Value != "07:30-11:30" || s.Ask.Fields[2].Chosen != 0 {
		t.Fatalf("%+v", s.Ask)
	}
	c.do(Delete{})
	if s = c.do(Enter{}, Enter{}, Enter{}); s.Ask == nil || s.Ask.Problem != "hours" {
		t.Fatalf("07:30-11:3 is no span: %+v", s.Ask)
	}
	c.do(Choose{0}, Type{'5'}, Choose{2}, Type{'2'})
	s = c.do(Enter{})
	if want := "07:30-11:35 13:30-17:00 closed"; s.Ask != nil || c.settled()[setting.Hours] != want {
		t.Errorf("%v, %+v", c.settled(), s.Ask)
	}
	before := c.opt.Calendar
	thursday := identity.Date{Year: 2026, Month: 11, Day: 26}
	for _, x := range []struct{ day, until, why, problem string }{
		{"26-11", "", "Họp", "day"}, {"22/11/2026", "", "Họp", "past"}, {"26/11/2026", "25/11/2026", "Họp", "until"}, {"26/11/2026", "26/01/2027", "Họp", "until"},
		{"26/11/2026", "", "", "why"}, {"26/11/2026", "27/11/2026", "Họp", ""},
	} {
		c.do(Act{"day-add"})
		c.type_(x.day)
		c.do(Enter{})
		c.type_(x.until)
		c.do(Enter{})
		c.type_(x.why)
		s = c.do(Enter{})
		if x.problem == "" && s.Ask != nil || x.problem != "" && (s.Ask == nil || s.Ask.Problem != x.problem) {
			t.Errorf("%+v: %+v", x, s.Ask)
		}
		c.do(Escape{})
	}
	c.section("hours")
	if got := c.settled(); got[setting.Closed(thursday)] != "Họp" || len(got) != 3 {
		t.Errorf("%v", got)
	}
	if before.Holiday(thursday) != "" || c.opt.Calendar.Holiday(thursday) != "Họp" || c.obeyed.rules.Office.Config.Hours.Saturday != config.SaturdayClosed {
		t.Error("the desk does not obey")
	}
	s = c.entry("26/11/2026")
	if !slices.ContainsFunc(s.Admin.About.Lines, func(r Remark) bool { return r.Words.Key == "desk.hours.promised" }) {
		t.Errorf("nothing is said of what was promised: %+v", s.Admin.About)
	}
	if s = c.do(Act{"day-remove"}); c.opt.Calendar.Holiday(thursday) != "" || len(c.settled()) != 2 {
		t.Errorf("%v", c.settled())
	}
	// Another desk decides: this one obeys when it looks.
	if err := c.db.Set(t.Context(), setting.Set{setting.Closed(thursday): "Tập huấn"}, c.signer()); err != nil {
		t.Fatal(err)
	}
	if c.do(Tick{}); c.opt.Calendar.Holiday(thursday) != "Tập huấn" {
		t.Error("it does not obey another desk")
	}
}

// Whom the office trusts is added from a file and removed, each signed into the journal; what cannot be proven is refused in the dialog.
func TestAdminTrust(t *testing.T) {
	c, trusted := deciding(t)
	s := c.section("trust")
	if len(s.Admin.Entries) != 0 || s.Admin.Row != -1 {
		t.Fatalf("%+v", s.Admin)
	}
	s = c.do(Enter{})
	if s.Ask == nil || len(s.Ask.Fields) != 2 || s.Ask.Fields[0].Choices[0].Args[0] != "csca.der" {
		t.Fatalf("%+v", s.Ask)
	}
	for path, problem := range map[string]string{"/usb/other.der": "unproven", "/usb/no": "file"} {
		c.do(Choose{1})
		c.type_(path)
		if s = c.do(Enter{}); s.Ask == nil || s.Ask.Problem != problem {
			t.Errorf("%s: %+v", path, s.Ask)
		}
		for range path {
			c.do(Delete{})
		}
	}
	s = c.do(Choose{1}, Enter{})
	if s.Ask != nil || len(s.Admin.Entries) != 1 || s.Admin.Entries[0].Mark.Key != "desk.trust.holds" || s.Admin.Result.Key != "desk.trust.added" {
		t.Fatalf("%+v %+v", s.Admin, s.Ask)
	}
	s = c.do(Act{"trust-remove"})
	if s.Ask == nil || !s.Ask.Grim {
		t.Fatalf("%+v", s.Ask)
	}
	if s = c.do(Enter{}); s.Ask != nil || len(trusted.all) != 0 || len(s.Admin.Entries) != 0 {
		t.Errorf("%+v", s.Admin)
	}
	entries, err := c.db.Journal(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []store.Kind
	for _, e := range entries {
		if strings.HasPrefix(string(e.Kind), "trust.") && strings.Contains(string(e.Detail), "ABCD1234") {
			kinds = append(kinds, e.Kind)
		}
	}
	if !slices.Equal(kinds, []store.Kind{store.TrustAdded, store.TrustRemoved}) {
		t.Errorf("%v", kinds)
	}
	c.settled()
}

// The voice of the kiosks is chosen among those that are there; one that cannot be used cannot be chosen.
func TestAdminVoices(t *testing.T) {
	c, _ := deciding(t)
	s := c.section("voices")
	if len(s.Admin.Entries) != 3 || s.Admin.Entries[0].Mark.Key != "desk.voice.chosen" || s.Admin.Entries[1].Mood != Care || s.Admin.Entries[2].Mood != Faulty {
		t.Fatalf("%+v", s.Admin.Entries)
	}
	if c.do(Choose{2}, Act{"voice-choose"}); len(c.settled()) != 0 {
		t.Error("chosen, and it cannot speak")
	}
	s = c.do(Choose{1}, Act{"voice-choose"})
	if c.settled()[setting.Voice] != "pack:co-lan" || s.Admin.Entries[1].Mark.Key != "desk.voice.chosen" {
		t.Errorf("%v, %+v", c.settled(), s.Admin.Entries)
	}
	if s = c.do(Act{"as-file"}); len(c.settled()) != 0 || s.Admin.Entries[0].Mark.Key != "desk.voice.chosen" {
		t.Errorf("%v", c.settled())
	}
}

// Decisions that cannot be read, or followed, stop no desk: what held goes on.
func TestDeskObeysWhatItCan(t *testing.T) {
	c, _ := deciding(t)
	if err := c.db.Set(t.Context(), setting.Set{"service.tam-vang": setting.Off}, c.signer()); err != nil {
		t.Fatal(err)
	}
	c.do(Tick{})
	held := c.opt.Calendar
	c.opt.Deciding.Obey = func(setting.Set) (Rules, error) { return Rules{}, errors.New("not now") }
	if err := c.db.Set(t.Context(), setting.Set{"service.tam-vang": setting.On}, c.signer()); err != nil {
		t.Fatal(err)
	}
	if s := c.do(Tick{}); c.opt.Calendar != held || c.offers("tam-vang") || s.Notice != "" {
		t.Errorf("%v %q", c.offers("tam-vang"), s.Notice)
	}
}

// Only a head finds what is decided for the office.
func TestDecidingByRole(t *testing.T) {
	c, _ := deciding(t)
	c.do(Lock{})
	c.technician()
	for _, name := range c.do(Open{Admin}).Admin.Sections {
		if slices.Contains([]string{"services", "hours", "trust", "voices"}, name) {
			t.Errorf("a technician finds %s", name)
		}
	}
}

package setting_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"motcua/kiosk/calendar"
	"motcua/kiosk/config"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/setting"
)

func TestCheck(t *testing.T) {
	for name, values := range map[setting.Name][]string{
		setting.Hours:             {"", "07:30-11:30 13:30-17:00 morning", "08:00-12:00 12:00-16:00 closed"},
		setting.Voice:             {"", "vi", "vi-vn-x-south", "pack:co-lan"},
		"service.tam-vang":        {"", "on", "off"},
		"closed.2028-02-29":       {"", "Sửa trụ sở", strings.Repeat("ư", setting.MaxReason)},
		setting.Closed(christmas): {"Họp"},
	} {
		for _, v := range values {
			if err := setting.Check(name, v); err != nil {
				t.Errorf("%s = %q: %v", name, v, err)
			}
		}
	}
	for name, values := range map[setting.Name][]string{
		setting.Hours: {"07:30-11:30", "07:30-11:30 13:30-17:00", "07:30-11:30  13:30-17:00 morning", "11:30-07:30 13:30-17:00 morning",
			"07:30-14:00 13:30-17:00 morning", "07:30-11:30 13:30-17:00 open", "07:30-11:30 13:30-17:00 morning x", "7-11 13-17 morning"},
		setting.Voice:        {"Vi", "../vi", "pack:", "pack:../x", "pack:pack:x", "vi\n", strings.Repeat("v", 41)},
		"service.tam-vang":   {"no", "ON", " off"},
		"service.":           {"off"},
		"service.Tam":        {"off"},
		"closed.2026-02-29":  {"Họp"},
		"closed.2026-1-2":    {"Họp"},
		"closed.2026-12-24 ": {"Họp"},
		"closed.":            {"Họp"},
		"closed.2026-12-24":  {" Họp", "Họp\n", "Họp\x00", "\xff", strings.Repeat("ư", setting.MaxReason+1)},
		"":                   {"", "x"},
		"printer":            {"", "x"},
		setting.Name("service." + strings.Repeat("a", 60)): {"off"},
	} {
		for _, v := range values {
			if err := setting.Check(name, v); !errors.Is(err, setting.ErrSetting) {
				t.Errorf("%s = %q: %v", name, v, err)
			}
		}
	}
}

var christmas = identity.Date{Year: 2026, Month: 12, Day: 24}

// What a head decided wins over the file; what nobody decided is the file's; what cannot be read is left out, and said.
func TestOver(t *testing.T) {
	cfg := config.Default()
	cfg.Services.Off, cfg.Voice.Pack = "luu-tru tam-vang", "co-lan"
	set := setting.Set{setting.Hours: "07:00-11:00 13:00-16:30 closed", setting.Voice: "vi-vn-x-south", "service.tam-vang": setting.On,
		"service.con-dau": setting.Off, setting.Closed(christmas): "Họp", "closed.2026-12-23": "", "printer": "x"}
	o, err := set.Over(cfg)
	if !errors.Is(err, setting.ErrSetting) || strings.Count(err.Error(), "\n") != 0 {
		t.Errorf("%v", err)
	}
	want := cfg
	want.Hours = config.Hours{Morning: "07:00-11:00", Afternoon: "13:00-16:30", Saturday: config.SaturdayClosed}
	want.Voice.Pack, want.Voice.Language, want.Services.Off = "", "vi-vn-x-south", "con-dau luu-tru"
	if o.Config != want || !reflect.DeepEqual(o.Closed, []calendar.Off{{Day: christmas, Name: "Họp"}}) {
		t.Errorf("%+v", o)
	}
	if o, err := (setting.Set{}).Over(cfg); err != nil || o.Config != cfg || o.Closed != nil {
		t.Errorf("nothing set: %+v, %v", o, err)
	}
	if o, err := (setting.Set{setting.Hours: "never"}).Over(cfg); err == nil || o.Config != cfg {
		t.Errorf("nothing that can be read: %+v, %v", o, err)
	}
	if o, err := (setting.Set{setting.Voice: "pack:ban-khac"}).Over(cfg); err != nil || o.Config.Voice.Pack != "ban-khac" || o.Config.Voice.Language != "vi" {
		t.Errorf("a pack: %+v, %v", o.Config.Voice, err)
	}
}

func TestRight(t *testing.T) {
	for name, right := range map[setting.Name]officer.Right{setting.Hours: officer.SetCalendar, setting.Closed(christmas): officer.SetCalendar,
		setting.Service("tam-tru"): officer.SetServices, setting.Voice: officer.SetServices, "nothing": officer.SetServices} {
		if name.Right() != right {
			t.Errorf("%s: %s", name, name.Right())
		}
	}
}

// FuzzOver holds that whatever stands in a database leaves a configuration that the program can work with.
func FuzzOver(f *testing.F) {
	for _, one := range [][2]string{{"hours", "07:30-11:30 13:30-17:00 morning"}, {"voice", "pack:x"}, {"service.tam-tru", "off"}, {"closed.2026-12-24", "x"}, {"\xff", "\xff"}} {
		f.Add(one[0], one[1])
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		o, err := setting.Set{setting.Name(name): value}.Over(config.Default())
		if (err != nil) != (setting.Check(setting.Name(name), value) != nil) {
			t.Errorf("%v", err)
		}
		h := o.Config.Hours
		if _, err := calendar.ParseHours(h.Morning, h.Afternoon, h.Saturday == config.SaturdayMorning); err != nil {
			t.Error(err)
		}
	})
}

package store_test

import (
	"reflect"
	"strings"
	"testing"

	"motcua/kiosk/fault"
	"motcua/kiosk/setting"
	"motcua/kiosk/store"
)

// What a head decides holds, with who and when, for every station of the directory; what may not be or is no setting changes nothing.
func TestSettings(t *testing.T) {
	d := newDesk(t)
	d.head("cuc")
	ctx := t.Context()
	head, clerk := d.by("cuc")[0], d.by("an")[0]
	set := setting.Set{setting.Hours: "07:00-11:00 13:00-17:00 closed", "service.tam-vang": setting.Off, "closed.2026-12-24": "Sửa trụ sở"}
	if err := d.s.Set(ctx, set, head); err != nil {
		t.Fatal(err)
	}
	held := func() []store.Setting {
		t.Helper()
		all, err := d.s.Settings(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := held(); !reflect.DeepEqual(store.SetOf(all), set) || all[0].Officer != "cuc" || !all[0].At.Equal(d.clock.Now()) {
		t.Errorf("%+v", all)
	}
	for name, refused := range map[string]struct {
		set  setting.Set
		by   store.Signer
		code fault.Code
	}{
		"a clerk":                 {setting.Set{"service.luu-tru": setting.Off}, clerk, fault.SealWrong},
		"with another's keys":     {setting.Set{"service.luu-tru": setting.Off}, store.Signer{ID: "cuc", Identity: clerk.Identity}, fault.SealWrong},
		"nobody":                  {setting.Set{"service.luu-tru": setting.Off}, store.Signer{ID: "cuc"}, fault.SealWrong},
		"no such name":            {setting.Set{"printer": "usb"}, head, fault.Usage},
		"one good, one bad value": {setting.Set{"service.luu-tru": setting.Off, setting.Hours: "always"}, head, fault.Usage},
	} {
		if err := d.s.Set(ctx, refused.set, refused.by); fault.CodeOf(err) != refused.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := store.SetOf(held()); !reflect.DeepEqual(got, set) {
		t.Errorf("after what was refused: %v", got)
	}
	again := setting.Set{"service.tam-vang": "", "closed.2026-12-24": "Sửa trụ sở", setting.Voice: "vi-vn-x-south"} // taken back, as it is, new
	if err := d.s.Set(ctx, again, head); err != nil {
		t.Fatal(err)
	}
	want := setting.Set{setting.Hours: set[setting.Hours], "closed.2026-12-24": "Sửa trụ sở", setting.Voice: "vi-vn-x-south"}
	if got := store.SetOf(held()); !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
	d.verify(3 + 2)
	d.s.Close()
	d.s = open(t, d.dir, d.clock)
	if got := store.SetOf(held()); !reflect.DeepEqual(got, want) {
		t.Errorf("after a restart: %v", got)
	}
}

// So many that nobody decided them are refused, and nothing of them is kept.
func TestSettingsTooMany(t *testing.T) {
	d := newDesk(t)
	d.head("cuc")
	many := setting.Set{}
	for i := range setting.MaxSet + 1 {
		many[setting.Service("s"+strings.Repeat("0", i%30)+string(rune('a'+i/30)))] = setting.Off
	}
	if err := d.s.Set(t.Context(), many, d.by("cuc")[0]); fault.CodeOf(err) != fault.Usage {
		t.Fatal(err)
	}
	if all, err := d.s.Settings(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%d, %v", len(all), err)
	}
}

// A setting that was changed, taken away or put in behind the journal's back is found.
func TestSettingsTampered(t *testing.T) {
	for name, query := range map[string]string{
		"another value":   "UPDATE setting SET value = 'on'",
		"another officer": "UPDATE setting SET officer = 'an'",
		"another time":    "UPDATE setting SET at = '2020-01-01T00:00:00Z'",
		"gone":            "DELETE FROM setting",
		"put in":          "INSERT INTO setting VALUES ('service.luu-tru', 'off', 'cuc', '2026-11-23T09:15:00+07:00')",
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.head("cuc")
			if err := d.s.Set(t.Context(), setting.Set{"service.tam-vang": setting.Off}, d.by("cuc")[0]); err != nil {
				t.Fatal(err)
			}
			d.verify(1)
			d.s.Close()
			if err := tamper(t, d.dir, query); err != nil {
				t.Fatal(err)
			}
			r, err := store.OpenReadOnly(d.dir)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if _, err := r.VerifyJournal(t.Context()); fault.CodeOf(err) != fault.StoreDamaged {
				t.Errorf("%v", err)
			}
		})
	}
}

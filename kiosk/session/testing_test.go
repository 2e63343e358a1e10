package session

import (
	"testing"

	"motcua/kiosk/fault"
)

// A test begins when nobody is there, and nothing that happens meanwhile begins a session; devices that come and go are known afterwards.
func TestTechnician(t *testing.T) {
	state := func(s State, events ...Event) State {
		t.Helper()
		for _, e := range events {
			var effects []Effect
			if s, effects = Step(s, e); len(effects) > 0 {
				if _, wipe := effects[len(effects)-1].(Wipe); !wipe {
					t.Errorf("%T has effects %v", e, effects)
				}
			}
		}
		return s
	}
	s := New(config(t), [SeedLen]byte{}, morning)
	s = state(s, Tick{morning}, NoCard{}, Tested{Name: "Kỹ", Part: ScreenPart})
	if v := View(s); v.Page != PageManual || v.Test != nil {
		t.Fatalf("a test in a session: %s", v.Page)
	}
	s = state(s, Back{})
	v := View(s)
	if v.Page != PageTest || v.Test.Name != "Kỹ" || v.Call.Shown || v.Next.Shown || !v.Back.Shown || v.Voice {
		t.Fatalf("%+v", v)
	}
	before := s.Serial
	s = state(s, NoCard{}, CallOfficer{}, Scanned{Text: "099174000123|…"}, ScanRejected{fault.QRUnreadable}, CardOn{}, Choose{"3"}, Choose{"9"}, Choose{"x"}, Choose{"-1"}, ReaderChanged{},
		ScannerChanged{}, PrinterChanged{Code: fault.PrinterNoPaper})
	v = View(s)
	if v.Page != PageTest || s.Serial != before || len(v.Test.Touched) != ScreenMarks || !v.Test.Touched[3] || v.Test.Touched[0] {
		t.Fatalf("%+v", v.Test)
	}
	s = state(s, Helped{"an", "An"}) // an officer who helps counts more
	if v := View(s); v.Page != PageWelcome || v.Helper != "An" {
		t.Errorf("%s", v.Page)
	}
	s = state(s, Helped{}, Back{})
	if v := View(s); v.Page != PageWelcome || v.Notice != "notice.scanner-absent" {
		t.Errorf("%s, %s", v.Page, v.Notice)
	}
	if s = state(s, Tested{Name: "Kỹ", Part: "reader"}, Tested{}); View(s).Page != PageWelcome {
		t.Error("it does not end")
	}
}

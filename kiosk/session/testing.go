package session

import (
	"slices"
	"strconv"
)

// This file is a technician who tests the machine. A test never meets a citizen: it begins on the welcome page, when nobody is there,
// and while it lasts nothing that is touched, scanned or laid down begins a session.

// Tested says that a technician tests a part of this machine from the desk; without a Part: none any more. While somebody is in a session
// it waits until the welcome page is back.
type Tested struct {
	Name string // whose name the screen says
	Part string // one of the parts of kiosk/checkup
}

func (Tested) event() {}

// PageTest is what the screen shows during a test (Snapshot.Test).
const PageTest Page = "test"

// ScreenPart is the part whose test the screen itself is.
const ScreenPart = "screen"

// ScreenMarks is how many marks the test of the screen has: the corners and the middle. Each is touched as Choose "0" to "4".
const ScreenMarks = 5

// Test is PageTest.
type Test struct {
	Name    string // of the technician
	Part    string
	Touched []bool // of ScreenPart: which marks were touched
	DPI     int    // of the panel, for its ruler
}

// trial is the test that is under way, or waits.
type trial struct {
	Tested
	touched [ScreenMarks]bool
}

// testing reports whether the machine belongs to a technician.
func (s State) testing() bool {
	return s.test.Part != "" && s.v.page == PageWelcome && s.helper.Officer == ""
}

// tested takes what happens during a test, and reports whether nothing else is to come of it. News of the devices are told to
// everybody.
func (m *machine) tested(e Event) bool {
	if t, ok := e.(Tested); ok {
		m.test = trial{Tested: t}
		return true
	}
	if !m.testing() {
		return false
	}
	switch e := e.(type) {
	case Back:
		m.test = trial{}
	case Choose:
		if n, err := strconv.Atoi(e.ID); err == nil && n >= 0 && n < ScreenMarks && m.test.Part == ScreenPart {
			m.test.touched[n] = true
		}
	case Scanned, ScanRejected:
	case CardOn:
		m.dev.card, m.dev.mute, m.dev.noReader = true, false, false
	case Intent:
	default:
		return false
	}
	return true
}

func (s State) viewTest(snap *Snapshot) {
	snap.Page, snap.Notice, snap.Calls = PageTest, "", nil
	snap.Test = &Test{Name: s.test.Name, Part: s.test.Part}
	if s.test.Part == ScreenPart {
		snap.Test.Touched, snap.Test.DPI = slices.Clone(s.test.touched[:]), s.cfg.DPI
	}
	snap.Call, snap.Back, snap.Voice = Key{}, key("key.end-test", "x", true), false
}

package gallery

import "motcua/kiosk/session"

// tests are the pages that a technician sees.
func tests() []State {
	var all []State
	for _, part := range []string{"reader", "scanner", "printer", "voice"} {
		all = append(all, State{"test-" + part, tested(session.Test{Name: "Lê Văn Kỹ", Part: part})})
	}
	all = append(all, State{"test-screen", tested(session.Test{Name: "Lê Văn Kỹ", Part: session.ScreenPart, Touched: []bool{true, false, true, false, false}, DPI: 102})})
	return append(all, State{"test-long", tested(session.Test{Name: longName, Part: session.ScreenPart, Touched: make([]bool, session.ScreenMarks), DPI: 300})})
}

func tested(v session.Test) session.Snapshot {
	return session.Snapshot{Page: session.PageTest, Serial: 1, Office: office, Test: &v, Back: session.Key{Label: "key.end-test", Icon: "x", Shown: true, Enabled: true}}
}

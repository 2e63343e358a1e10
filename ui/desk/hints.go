package desk

import "motcua/kiosk/board"

// queueKeys are the keys that do something on the page of filings as it is now: those of a dialog are others, and what is for the open filing needs one.
func (d drawing) queueKeys() [][2]string {
	v := d.snap.Open
	switch {
	case d.snap.Dialog != nil:
		return dialogKeys(d.snap.Dialog)
	case d.snap.Search:
		return [][2]string{{arrows, "desk.hint.choose"}, {"Enter", "desk.hint.found"}, {"Esc", "desk.hint.unfind"}}
	case v != nil && d.screen.reading.way != wayForm:
		keys := [][2]string{{arrows, "desk.hint.choose"}, {"Enter", "desk.hint.open"}}
		if d.screen.reading.way == wayPapers && len(v.Pictures) > 1 {
			keys = append(keys, [2]string{sideways, "desk.hint.picture"})
		}
		return append(keys, [2]string{"Esc", "desk.look.back"})
	}
	keys := [][2]string{{arrows, "desk.hint.choose"}, {"Enter", "desk.hint.open"}, {"/", "desk.hint.find"}, {"L", "desk.hint.people"}, {"H", "desk.hint.help"}, {"N", "desk.hint.new"}}
	if v == nil {
		if d.snap.Query != "" {
			keys = append(keys, [2]string{"Esc", "desk.hint.unfind"})
		}
		return keys
	}
	keys = append(keys, [2]string{"G", "desk.hint.guide"})
	if v.Control { // there is a printer
		keys = append(keys, [2]string{"Ctrl+P", "desk.hint.print"})
	}
	if v.CanUndo {
		keys = append(keys, [2]string{"Ctrl+Z", "desk.hint.undo"})
	}
	return append(keys, [2]string{"Esc", "desk.hint.back"})
}

// dialogKeys are those of a dialog.
func dialogKeys(g *board.Dialog) [][2]string {
	switch g.ID {
	case board.DialogPeople:
		return [][2]string{{arrows, "desk.hint.entry"}, {"Enter", "desk.hint.call"}, {"U", "desk.hint.rank"}, {"Esc", "desk.hint.close"}}
	case board.DialogPapers:
		return [][2]string{{arrows, "desk.hint.paper"}, {"Enter", "desk.hint.scan"}, {"Esc", "desk.hint.cancel"}}
	case board.DialogPortal: // what Enter does stands on its key
		return [][2]string{{arrows, "desk.hint.entry"}, {"Esc", "desk.hint.close"}}
	}
	keys := [][2]string{{"Enter", "desk.hint.confirm"}, {"Esc", "desk.hint.cancel"}}
	if len(g.Fields) > 1 {
		keys = append([][2]string{{arrows, "desk.hint.field"}}, keys...)
	}
	return keys
}

package desk

import (
	"slices"
	"strings"
	"testing"

	"motcua/kiosk/board"
	domain "motcua/kiosk/desk"
	"motcua/ui/parts"
)

// A reason may be long: what is typed last is seen, as large as all else, and nothing leaves its box.
func TestLongReasonIsSeen(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	snap := states()["dialog-extend"]
	text := []rune(strings.Repeat("Hợp đồng chưa có chữ ký của chủ nhà, ", 30))
	for _, letters := range []int{0, 1, 40, 240, domain.MaxReason} {
		d := *snap.Dialog
		d.Fields, d.At = []board.Input{d.Fields[0], {ID: board.InputReason, Value: string(text[:letters])}}, 1
		snap.Dialog = &d
		s.Show(snap)
		written := s.Sheet().Written()
		label := slices.IndexFunc(written, func(x parts.Written) bool { return x.Text == s.opt.Texts.Get("desk.input.reason") })
		problem := slices.IndexFunc(written, func(x parts.Written) bool { return x.Text == s.opt.Texts.Get("desk.error.reason") })
		lines := written[label+1 : problem]
		seen := ""
		for _, x := range lines {
			seen += " " + x.Text
			if x.Tight || x.Size < sizeBody || x.Area.Bottom() > written[problem].Area.Y+4 {
				t.Errorf("%d letters: %q is %v high, down to %v; the box ends before %v", letters, x.Text, x.Size, x.Area.Bottom(), written[problem].Area.Y)
			}
		}
		if want := strings.TrimSpace(string(text[max(0, letters-60):letters])); !strings.HasSuffix(seen, want) {
			t.Errorf("%d letters: the end is not seen: %q", letters, seen)
		}
	}
}

// A field, a choice and a row of a dialog can be clicked as well.
func TestDialogClicks(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	for name, ids := range map[string]map[string]board.Intent{
		"dialog-ask":    {"pick.1.-1": board.Pick{Field: 1, Choice: -1}},
		"dialog-hand":   {"pick.0.1": board.Pick{Choice: 1}},
		"people":        {"pick.0.5": board.Pick{Choice: 5}},
		"pictures-take": {"pick.0.1": board.Pick{Choice: 1}},
	} {
		s.Show(states()[name])
		for id, want := range ids {
			did = nil
			click(t, s, id)
			if !slices.Equal(did, []board.Intent{want}) {
				t.Errorf("%s: %s does %v", name, id, did)
			}
		}
	}
}

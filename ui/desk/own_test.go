package desk

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"motcua/kiosk/board"
	"motcua/kiosk/fault"
)

// cardPages are the states of the door with a reader, and of the page of one's own card, that are looked at.
func cardPages() map[string]board.Snapshot {
	s := map[string]board.Snapshot{}
	names := []string{"Bùi Văn An", "Đinh Thị Hoa", long}
	door := func(name string, c board.DoorCard) {
		s["door-"+name] = board.Snapshot{Page: board.SignIn, Now: now, Office: "Công an xã Mai Châu", SignIn: &board.Door{Names: names, At: 1, Digit: 3, Card: &c}}
	}
	for _, state := range []board.CardState{board.ReaderAway, board.CardGone, board.CardLies, board.CardMute} {
		door("card-"+string(state), board.DoorCard{State: state})
	}
	for _, say := range []string{"reading", "digits", "wrong", "pin", "foreign", "again", "needed"} {
		door("card-"+say, board.DoorCard{State: board.CardLies, Say: say})
	}
	for _, code := range []fault.Code{fault.CardForged, fault.CardCloned, fault.CardDowngraded, fault.CardIncomplete, fault.CardRemoved, fault.CardMute, fault.CardNotID, fault.CardTimeout, fault.CardFailed,
		fault.CardSecure, fault.CardDamaged, fault.CardUnsupported, fault.CardKeyNeeded, fault.ReaderGone} {
		door("card-"+string(code), board.DoorCard{State: board.CardLies, Say: "failed", Code: code})
	}
	many := s["door-card-gone"]
	in := *many.SignIn
	for i := range 17 {
		in.Names = append(in.Names, fmt.Sprint("Cán bộ số ", i+1))
	}
	in.At, in.Digit, in.Wait = 14, 16, 90*time.Second
	many.SignIn = &in
	s["door-many"] = many

	own := func(name string, o board.Own) {
		x := page(board.OwnCard)
		o.Ways = []string{board.CardAlone, board.CardBesides, board.CardNever}
		x.HasCard, x.Own = true, &o
		s["own-"+name] = x
	}
	own("first", board.Own{Has: board.CardNever, Way: board.CardAlone, Needs: true, State: board.CardGone})
	own("busy", board.Own{Has: board.CardNever, Way: board.CardBesides, At: board.OwnPIN, Needs: true, Digits: 6, PIN: 16, State: board.CardLies, Busy: true})
	own("remove", board.Own{Has: board.CardAlone, Way: board.CardNever, At: board.OwnPIN, PIN: 8, State: board.CardLies})
	own("away", board.Own{Has: board.CardBesides, Way: board.CardNever, At: board.OwnDigits, Needs: true, State: board.ReaderAway})
	own("mute", board.Own{Has: board.CardBesides, Way: board.CardBesides, At: board.OwnDigits, Needs: true, State: board.CardMute})
	own("lies", board.Own{Has: board.CardAlone, Way: board.CardAlone, At: board.OwnDigits, Needs: true, State: board.CardLies})
	own("wait", board.Own{Has: board.CardAlone, Way: board.CardAlone, At: board.OwnPIN, Needs: true, State: board.CardLies, Wait: time.Minute, Problem: "pin"})
	for _, problem := range []string{"lay", "digits", "wrong", "pin"} {
		own("problem-"+problem, board.Own{Has: board.CardNever, Way: board.CardAlone, Needs: true, State: board.CardLies, Problem: problem})
	}
	own("cloned", board.Own{Has: board.CardNever, Way: board.CardAlone, Needs: true, State: board.CardLies, Problem: "failed", Code: fault.CardCloned})
	for _, way := range []string{board.CardAlone, board.CardBesides, board.CardNever} {
		x := s["own-first"]
		x.Notice = "desk.notice.card-" + way
		s["own-set-"+way] = x
	}
	// Other pages show the key that leads there.
	for _, name := range []string{"figures", "figures-extreme", "devices", "devices-extreme"} {
		x := pages()[name]
		x.HasCard = true
		s[name+"-card"] = x
	}
	q := queue()
	q.HasCard = true
	for i := range 6 {
		q.Devices = append(q.Devices, board.Device{Station: "KIOSK012", Name: []string{"reader", "scanner", "printer"}[i%3], State: []string{"present", "failed"}[i/3]})
	}
	s["queue-card"] = q
	return s
}

// The page has keys, and the mouse.
func TestOwnCardKeys(t *testing.T) {
	var did []board.Intent
	s, _ := screen(t, &did)
	s.Show(cardPages()["own-first"])
	for _, k := range []fyne.KeyName{fyne.KeyTab, fyne.KeyUp, fyne.KeyLeft, fyne.KeyRight, fyne.KeyBackspace, fyne.KeyReturn, fyne.KeyEscape, fyne.KeyF10} {
		s.TypedKey(&fyne.KeyEvent{Name: k})
	}
	s.TypedRune('2')
	click := func(id string) {
		a, ok := s.Sheet().TouchAreas()[id]
		if !ok {
			t.Errorf("nothing is called %s", id)
			return
		}
		p := fyne.NewPos(a.MidX(), a.MidY())
		s.press(p)
		s.release(p)
	}
	click("own.2")
	click("key.enter")
	click("key.escape")
	s.Show(cardPages()["queue-card"])
	click("key.card")
	for k, do := range s.Shortcuts() {
		if k.ShortcutName() == "CustomDesktop:Control+K" {
			do()
		}
	}
	s.Show(queue())
	if _, there := s.Sheet().TouchAreas()["key.card"]; there {
		t.Error("a desk without a reader shows the key")
	}
	want := []board.Intent{board.Move{By: 1}, board.Move{By: -1}, board.Turn{By: -1}, board.Turn{By: 1}, board.Delete{}, board.Enter{}, board.Escape{}, board.Lock{}, board.Type{Rune: '2'},
		board.Choose{Row: 2}, board.Enter{}, board.Escape{}, board.Open{Page: board.OwnCard}, board.Open{Page: board.OwnCard}}
	if fmt.Sprintf("%#v", did) != fmt.Sprintf("%#v", want) {
		t.Errorf("%#v, want %#v", did, want)
	}
}

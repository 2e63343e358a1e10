package board

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/store"
)

// tray is a scanner's folder in memory.
type tray struct {
	list   []Sheet
	bad    string // that is no picture
	others int
	gone   error  // there is no folder
	large  int    // bytes of each
	stuck  error  // nothing can be taken away
	held   string // that cannot be opened
}

func (t *tray) Waiting() ([]Sheet, int, error) { return slices.Clone(t.list), t.others, t.gone }

func (t *tray) Read(name string, most int) ([]byte, error) {
	if name == t.bad {
		return nil, fault.New(fault.PictureBad, errors.New("no picture"))
	}
	if name == t.held {
		return nil, fault.New(fault.ScansFailed, errors.New("in use"))
	}
	return append([]byte("\xff\xd8"+name), make([]byte, t.large)...), nil
}

func (t *tray) Remove(one Sheet) error {
	if t.stuck != nil {
		return t.stuck
	}
	t.list = slices.DeleteFunc(t.list, func(s Sheet) bool { return s.Name == one.Name && s.At.Equal(one.At) })
	return nil
}

func (t *tray) lay(names ...string) {
	for _, name := range names {
		t.list = append(t.list, Sheet{Name: name, At: time.Date(2026, 11, 23, 9, 10, 0, 0, time.UTC)})
	}
}

// scanning is a counter with a scanner, at which a filing with papers is open.
func scanning(t *testing.T) (*counter, *tray) {
	t.Helper()
	c, src := newCounter(t), &tray{}
	c.opt.Sheets = src
	d := draft("a", "Hà Thị Mẫu")
	d.Papers = []filing.Paper{{Name: "Tờ khai CT01", State: filing.PaperMade}, {Name: "Hợp đồng thuê nhà", State: filing.PaperMissing}}
	if _, err := c.db.File(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	c.signIn()
	if s := c.do(Enter{}); s.Open == nil || !s.Open.Scans || len(s.Open.Pictures) != 0 {
		t.Fatalf("%+v", s.Open)
	}
	return c, src
}

func (c *counter) pictures() string {
	var list []string
	for _, p := range c.last.Open.Pictures {
		list = append(list, fmt.Sprintf("%d %s %s", p.Number, p.Paper, p.Data[2:]))
	}
	return fmt.Sprintf("%q", list)
}

// What lies in the folder becomes pictures of the paper that is chosen, in the order of the papers, and leaves the folder.
func TestPicturesAreTaken(t *testing.T) {
	c, src := scanning(t)
	if s := c.do(Papers{}, Enter{}); s.Dialog == nil || s.Dialog.Problem != "no-sheets" || s.Dialog.Stack.Count != 0 {
		t.Fatalf("%+v", s.Dialog)
	}
	src.lay("one", "two")
	src.others, src.list[0].Old = 3, true
	s := c.do(Tick{})
	if g := s.Dialog; g.At != 1 || // which is lacking
		g.Problem != "" || len(g.Choices) != 2 || *g.Stack != (Stack{Count: 2, Others: 3, Newest: src.list[1].At, Old: 1}) {
		t.Fatalf("%+v, %+v", g, g.Stack)
	}
	s = c.do(Enter{})
	if s.Dialog != nil || s.Notice != "desk.notice.papers" || fmt.Sprint(s.Of) != "[2 K1-2311-001]" || len(src.list) != 0 {
		t.Errorf("%s %v, %d are left", s.Notice, s.Of, len(src.list))
	}
	src.lay("three")
	if s := c.do(Papers{}); s.Dialog.At != 0 {
		t.Errorf("nothing is lacking, and paper %d is proposed", s.Dialog.At)
	}
	c.do(Type{'1'}, Enter{})
	if got, want := c.pictures(), `["3 Tờ khai CT01 three" "1 Hợp đồng thuê nhà one" "2 Hợp đồng thuê nhà two"]`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	c.do(Escape{})
	c.do(Enter{})
	if got := c.pictures(); len(c.last.Open.Pictures) != 3 {
		t.Errorf("opened again: %s", got)
	}
}

// What is no picture stays, and the others come in.
func TestBadSheetStays(t *testing.T) {
	c, src := scanning(t)
	src.bad = "two"
	src.lay("one", "two")
	if s := c.do(Papers{}, Enter{}); s.Notice != "desk.notice.papers-some" || fmt.Sprint(s.Of) != "[1 K1-2311-001 1]" || len(src.list) != 1 || len(s.Open.Pictures) != 1 {
		t.Errorf("%s %v, %d are left", s.Notice, s.Of, len(src.list))
	}
	if s := c.do(Papers{}, Enter{}); s.Notice != "desk.notice.papers-bad" || len(src.list) != 1 {
		t.Errorf("%s", s.Notice)
	}
	src.gone = fault.New(fault.ScansFailed, errors.New("no folder"))
	if s := c.do(Papers{}); s.Notice != "fault.scans-failed.what" {
		t.Errorf("no folder: %s", s.Notice)
	}
}

// A file that cannot be opened, because the scanner's program holds it, stays; the others come in.
func TestHeldSheetStays(t *testing.T) {
	c, src := scanning(t)
	src.held = "one"
	src.lay("one", "two", "three")
	if s := c.do(Papers{}, Enter{}); s.Notice != "desk.notice.papers-some" || fmt.Sprint(s.Of) != "[2 K1-2311-001 1]" || len(src.list) != 1 || len(s.Open.Pictures) != 2 {
		t.Errorf("%s %v, %d are left", s.Notice, s.Of, len(src.list))
	}
	if s := c.do(Papers{}, Enter{}); s.Notice != "fault.scans-failed.what" || len(src.list) != 1 {
		t.Errorf("%s", s.Notice)
	}
}

// A sheet that is kept and cannot be taken out of the folder, because the scanner's program holds it, does not become the next one's paper.
func TestSheetThatStays(t *testing.T) {
	c, src := scanning(t)
	src.stuck = fault.New(fault.ScansFailed, errors.New("in use"))
	src.lay("one")
	if s := c.do(Papers{}, Enter{}); s.Notice != "desk.notice.papers-stay" || fmt.Sprint(s.Of) != "[1 K1-2311-001]" || len(s.Open.Pictures) != 1 {
		t.Errorf("%s %v, %s", s.Notice, s.Of, c.pictures())
	}
	d := draft("b", "Lò Văn Đông")
	d.Papers = []filing.Paper{{Name: "Hợp đồng thuê nhà", State: filing.PaperMissing}}
	f, err := c.db.File(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	c.do(Lock{})
	c.signIn()
	if s := c.do(Scan{f.Reference.String()}, Papers{}, Enter{}); s.Dialog == nil || s.Dialog.Stack.Count != 0 || len(s.Open.Pictures) != 0 {
		t.Fatalf("the paper of who was here before: %s", c.pictures())
	}
	src.stuck = nil
	src.lay("two")
	c.do(Enter{})
	if got, want := c.pictures(), `["1 Hợp đồng thuê nhà two"]`; got != want || len(src.list) != 0 || len(c.sheets.kept) != 0 {
		t.Errorf("%s, want %s; %v are left", got, want, src.list)
	}
}

// Of a stack that is more than a filing has room for nothing leaves the folder that is not kept.
func TestLargeStack(t *testing.T) {
	c, src := scanning(t)
	src.large = filing.MaxPicture - 4<<10
	for i := range 10 {
		src.lay(fmt.Sprint("page ", i))
	}
	s := c.do(Papers{}, Enter{})
	if n := len(s.Open.Pictures); s.Notice != "desk.notice.papers-full" || n != 6 || len(src.list) != 4 || fmt.Sprint(s.Of) != "[6 K1-2311-001]" {
		t.Errorf("%s: %d taken, %d left", s.Notice, n, len(src.list))
	}
	if s := c.do(Papers{}, Enter{}); s.Notice != "desk.notice.papers-full" || len(s.Open.Pictures) != 6 || len(src.list) != 4 {
		t.Errorf("%s: %d taken, %d left", s.Notice, len(s.Open.Pictures), len(src.list))
	}
	if s := c.do(Unpicture{1}, Enter{}, Papers{}, Enter{}); len(s.Open.Pictures) != 6 || len(src.list) != 3 {
		t.Errorf("%s: %d taken, %d left", s.Notice, len(s.Open.Pictures), len(src.list))
	}
}

// A filing that had as many pictures as there can be has no more room once the last of them was removed, and that is said.
func TestNoRoomAfterRemoving(t *testing.T) {
	c, src := scanning(t)
	for i := range store.MostPictures {
		src.lay(fmt.Sprint("page ", i))
	}
	c.do(Papers{}, Enter{}, Unpicture{store.MostPictures}, Enter{})
	src.lay("more")
	if s := c.do(Papers{}, Enter{}); s.Notice != "desk.notice.papers-full" || fmt.Sprint(s.Of) != "[0 K1-2311-001]" || len(src.list) != 1 {
		t.Errorf("%s %v, %d are left", s.Notice, s.Of, len(src.list))
	}
}

// A picture is removed once that was confirmed; after the end of a filing none comes or goes.
func TestPictureIsRemoved(t *testing.T) {
	c, src := scanning(t)
	src.lay("one", "two")
	c.do(Papers{}, Enter{})
	if s := c.do(Unpicture{9}); s.Dialog != nil {
		t.Error("there is no such picture")
	}
	if s := c.do(Unpicture{1}, Escape{}); len(s.Open.Pictures) != 2 || s.Dialog != nil {
		t.Error("removed without a word")
	}
	if s := c.do(Unpicture{1}, Enter{}); len(s.Open.Pictures) != 1 || s.Open.Pictures[0].Number != 2 || s.Notice != "desk.notice.unpicture" {
		t.Errorf("%s", c.pictures())
	}
	c.do(Begin{desk.Withdraw}, Enter{})
	src.lay("three")
	if s := c.do(Papers{}); s.Dialog != nil || s.Open.Scans {
		t.Error("a picture comes after the end")
	}
	if s := c.do(Unpicture{2}); s.Dialog != nil {
		t.Error("a picture goes after the end")
	}
}

// While a filing is sent no picture comes or goes, and while pictures come it is not sent: what came meanwhile would count as handed over.
func TestNoPictureWhileItIsSent(t *testing.T) {
	c, _, _ := sending(t, nil)
	src := &tray{}
	c.opt.Sheets = src
	d := draft("a", "Hà Thị Mẫu")
	d.Papers = []filing.Paper{{Name: "Hợp đồng thuê nhà", State: filing.PaperMissing}}
	if _, err := c.db.File(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	c.signIn()
	src.lay("one")
	c.do(Enter{}, Papers{}, Enter{})
	var later []func()
	c.opt.Go = func(do func()) { later = append(later, do) }
	c.do(Portal{}, Send{}, Escape{})
	src.lay("two")
	for _, i := range []Intent{Papers{}, Unpicture{1}} {
		if s := c.do(i); s.Dialog != nil || s.Notice != "desk.notice.portal-wait" {
			t.Errorf("%T while it is sent: %+v, %s", i, s.Dialog, s.Notice)
		}
	}
	for _, do := range later {
		do()
	}
	if s := c.do(Tick{}, Papers{}); s.Dialog == nil || !s.Dialog.Stack.Sent {
		t.Fatalf("that the portal has it is not said: %+v", s)
	}
	c.do(Enter{}, Portal{}, Send{})
	if c.handing.out.busy() || c.last.Notice != "desk.notice.papers-busy" {
		t.Errorf("it is sent while pictures come: %s", c.last.Notice)
	}
}

// Whoever is signed out while sheets are read loses none: they are still in the folder.
func TestSignedOutWhileTaking(t *testing.T) {
	c, src := scanning(t)
	var later []func()
	c.opt.Go = func(do func()) { later = append(later, do) }
	src.lay("one")
	if s := c.do(Papers{}, Enter{}); s.Notice != "desk.notice.papers-taking" || !s.Open.Taking {
		t.Errorf("%s", s.Notice)
	}
	if s := c.do(Papers{}); s.Dialog != nil || s.Notice != "desk.notice.papers-busy" {
		t.Errorf("a second time: %s", s.Notice)
	}
	c.do(Lock{})
	for _, do := range later {
		do()
	}
	if len(src.list) != 1 {
		t.Error("a sheet is lost")
	}
	c.opt.Go = func(do func()) { do() }
	c.signIn()
	if c.last.Notice != "" {
		t.Errorf("who came is told of it: %s %v", c.last.Notice, c.last.Of)
	}
	if s := c.do(Enter{}); len(s.Open.Pictures) != 0 || s.Open.Taking {
		t.Errorf("%s, taking %v", c.pictures(), s.Open.Taking)
	}
	if s := c.do(Papers{}, Enter{}); len(s.Open.Pictures) != 1 {
		t.Errorf("%s: %s", s.Notice, c.pictures())
	}
}

// Who goes away leaves nothing of what was done last on the page of names.
func TestNoticeGoesWithTheOfficer(t *testing.T) {
	c, src := scanning(t)
	src.lay("one")
	if s := c.do(Papers{}, Enter{}); s.Notice != "desk.notice.papers" || len(s.Of) == 0 {
		t.Fatalf("%s %v", s.Notice, s.Of)
	}
	c.clock.Set(c.clock.Now().Add(DefaultIdle))
	if s := c.do(Tick{}); s.Page != SignIn || s.Notice != "" || len(s.Of) != 0 {
		t.Errorf("%s: %s %v", s.Page, s.Notice, s.Of)
	}
}

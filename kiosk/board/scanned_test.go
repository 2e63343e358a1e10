package board

import (
	"testing"

	"motcua/devices/card/cardsim"
)

// A slip opens its filing from any page, a card what its holder filed; what is neither is said, and does nothing.
func TestScanFinds(t *testing.T) {
	c := newCounter(t)
	first := c.file("a", "Hà Thị Thử")
	second := c.file("b", "Lò Văn Đông")
	if s := c.do(Scan{first.Reference.String()}); s.Page != SignIn || c.open != nil {
		t.Fatalf("scanned before anybody signed in: %+v", s)
	}
	c.signIn()
	c.do(Refresh{})
	s := c.do(Open{Figures}, Scan{second.Reference.String()})
	if s.Page != Queue || s.Open == nil || s.Open.Short != second.Reference.Short() {
		t.Fatalf("%+v, %s", s.Open, s.Notice)
	}
	if s = c.do(Scan{first.Reference.String()}); s.Open == nil || s.Open.Short != first.Reference.Short() || len(s.Rows) != 2 {
		t.Errorf("%+v, %s", s.Open, s.Notice)
	}
	holder := cardsim.Personas()[0]
	holder.Number = string(first.Applicant.Number)
	if s = c.do(Scan{holder.QR()}); len(s.Rows) != 2 || s.Notice != "" {
		t.Errorf("of a card: %+v, %s", s.Rows, s.Notice)
	}
	if s = c.do(Escape{}); len(s.Rows) != 2 || s.Query != "" {
		t.Errorf("the number stays: %+v", s)
	}
	if s = c.do(Scan{cardsim.Personas()[1].QR()}); s.Query != "" || s.Notice != "desk.notice.scan-none" {
		t.Errorf("of somebody who filed nothing: %q, %s", s.Query, s.Notice)
	}
	gone := first.Reference
	gone.Serial = 999
	if s = c.do(Scan{gone.String()}); s.Notice != "desk.notice.scan-none" {
		t.Errorf("a slip of no filing: %s", s.Notice)
	}
	index := c.shift.index.Swap(nil)
	if s = c.do(Scan{holder.QR()}); s.Notice != "desk.notice.scan-later" {
		t.Errorf("without an index: %s", s.Notice)
	}
	if s = c.do(Scan{second.Reference.String()}); s.Open == nil || s.Open.Short != second.Reference.Short() {
		t.Errorf("a slip without an index: %+v, %s", s.Open, s.Notice)
	}
	c.shift.index.Store(index)
	touched := c.touched
	c.clock.Set(touched.Add(c.opt.Idle / 2))
	if c.do(Scan{}); !c.touched.Equal(touched) {
		t.Error("noise is a touch")
	}
	for _, text := range []string{"", "8934563138165", "https://dichvucong.gov.vn/"} {
		if s = c.do(Scan{text}); s.Notice != "desk.notice.scan" || s.Open == nil {
			t.Errorf("%q: %s", text, s.Notice)
		}
	}
	c.do(Escape{}, Escape{})
	if s = c.do(Scan{"H15.50.05.13-261123-0976"}); s.Notice != "desk.notice.scan-open" {
		t.Errorf("the portal's code of nothing: %s", s.Notice)
	}
}

// A code that is scanned over another one is taken only once the officer confirms it, from the page and in the panel.
func TestScanOverACode(t *testing.T) {
	const first, second = "H15.50.05.13-261123-0976", "H15.50.05.13-261123-0977"
	c := newCounter(t)
	f := c.file("a", "Hà Thị Thử")
	c.signIn()
	has := func() string {
		t.Helper()
		is, err := c.db.Get(t.Context(), f.Reference.String())
		if err != nil {
			t.Fatal(err)
		}
		return string(is.Dossier)
	}
	if s := c.do(Refresh{}, Enter{}, Scan{first}); has() != first || s.Notice != "desk.notice.code" {
		t.Fatalf("%s, %s", has(), s.Notice)
	}
	if s := c.do(Scan{first}); s.Notice != "desk.notice.code" || s.Dialog.Problem != "" {
		t.Errorf("the same again: %s, %+v", s.Notice, s.Dialog)
	}
	c.do(Escape{})
	for range 2 { // from the page, and then in the panel
		if s := c.do(Scan{second}); has() != first || s.Dialog == nil || s.Dialog.Problem != "code-other" || s.Dialog.Fields[0].Value != second {
			t.Fatalf("%s, %+v", has(), s.Dialog)
		}
	}
	if s := c.do(Escape{}); has() != first || s.Dialog == nil || s.Dialog.Fields[0].Value != "" || s.Dialog.Problem != "" {
		t.Errorf("%s, %+v", has(), s.Dialog)
	}
	if s := c.do(Scan{second}, Enter{}); has() != second || s.Notice != "desk.notice.code" || s.Dialog.Problem != "" {
		t.Errorf("%s, %s", has(), s.Notice)
	}
}

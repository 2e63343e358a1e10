package session

import (
	"strings"
	"testing"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
)

// standing is a filing that was received in the morning and is due on Friday.
func standing(t *testing.T, status filing.Status) filing.Standing {
	s := filing.Standing{Reference: number(t), Service: "tam-tru", Status: status, Filed: morning, Changed: morning.Add(time.Hour),
		Due: time.Date(2026, 11, 27, 16, 0, 0, 0, vietnam)}
	if status != filing.Filed {
		s.Received = morning.Add(time.Hour)
	}
	return s
}

// slip is a session in which a slip was scanned.
func slip(t *testing.T, s filing.Standing) *play {
	t.Helper()
	p := start(t).do(Scanned{" " + s.Reference.String() + "\n"}).on(PageWelcome)
	f := one[Find](p)
	if f.Number != s.Reference.String() {
		t.Errorf("looks for %q", f.Number)
	}
	return p.do(Found{f.Serial, s}).on(PageStatus)
}

func TestStatus(t *testing.T) {
	for status, want := range map[filing.Status]string{
		filing.Filed: "filed received result", filing.Received: "filed received working result", filing.Supplement: "filed received supplement result",
		filing.Refused: "filed received refused", filing.Done: "filed received done", filing.Handed: "filed received handed",
	} {
		v := slip(t, standing(t, status)).view()
		var keys []string
		now := 0
		for _, s := range v.Status.Steps {
			keys = append(keys, s.Key)
			if s.Now {
				now++
			}
		}
		if got := strings.Join(keys, " "); got != want || now != 1 || v.Status.Kind != status || v.Status.Service != "Đăng ký tạm trú" {
			t.Errorf("%s: %s, %d of them now, %+v", status, got, now, v.Status)
		}
		promised := status == filing.Filed || status == filing.Received || status == filing.Done
		if (v.Status.Due == "Thứ Sáu, 27/11/2026, 16 giờ") != promised {
			t.Errorf("%s: due %q", status, v.Status.Due)
		}
		if said := Speech(v, config(t).Texts); said == "" || strings.Contains(said, "status.") {
			t.Errorf("%s: says %q", status, said)
		}
	}
}

func TestStatusLate(t *testing.T) {
	s := standing(t, filing.Received)
	s.Due = morning.Add(-time.Hour)
	if v := slip(t, s).view(); !v.Status.Late {
		t.Errorf("%+v", v.Status)
	}
	s.Status = filing.Done
	if v := slip(t, s).view(); v.Status.Late {
		t.Error("what is done is not late")
	}
}

func TestStatusEnds(t *testing.T) {
	p := slip(t, standing(t, filing.Received))
	p.do(SayBrought{})
	none[Brought](p) // nothing was asked for
	p.do(Next{}).clean()
	slip(t, standing(t, filing.Received)).do(Back{}).clean()
	p = start(t).do(Scanned{number(t).String()})
	f := one[Find](p)
	p.do(NotFound{f.Serial, fault.NotFound}).on(PageWelcome)
	if n := p.view().Notice; n != "notice.receipt-unknown" {
		t.Errorf("notice %q", n)
	}
	p.do(Found{f.Serial, standing(t, filing.Received)}).on(PageWelcome) // nobody asks any more
	p = start(t).do(Scanned{number(t).String()}, NotFound{1, fault.StoreFailed}).on(PageWelcome)
	if n := p.view().Notice; n != "notice.receipt-ask-officer" {
		t.Errorf("notice %q", n)
	}
}

func TestStatusBrought(t *testing.T) {
	s := standing(t, filing.Supplement)
	p := slip(t, s).do(SayBrought{})
	b := one[Brought](p)
	if !b.Lacking || b.Plain == "" {
		t.Errorf("%+v", b)
	}
	p.do(SayBrought{}) // before the answer
	none[Brought](p)
	s.Brought, s.Ticket = morning, 12
	p.do(Found{b.Serial, s}).on(PageStatus)
	if v := p.view(); !v.Status.Brought || v.Status.Ticket != 12 {
		t.Errorf("%+v", v.Status)
	}
	p.do(SayBrought{})
	none[Brought](p)
}

// Who comes for the result takes a number, once.
func TestStatusResult(t *testing.T) {
	s := standing(t, filing.Done)
	p := slip(t, s)
	if v := p.view(); !v.Status.Result {
		t.Errorf("%+v", v.Status)
	}
	b := one[Brought](p.do(SayBrought{}))
	if b.Lacking {
		t.Error("nothing was lacking")
	}
	s.Ticket = 7
	p.do(Found{b.Serial, s}).on(PageStatus)
	if v := p.view(); v.Status.Result || v.Status.Ticket != 7 {
		t.Errorf("%+v", v.Status)
	}
	p.do(SayBrought{})
	none[Brought](p)
}

package session

import (
	"motcua/kiosk/service/servicetest"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/service"
)

func TestAmounts(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1.000", 15000: "15.000", 1020005: "1.020.005"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %s, want %s", n, got, want)
		}
	}
	s := New(config(t), [SeedLen]byte{}, morning)
	for _, tt := range []struct {
		fee  service.Fee
		want string
	}{{service.Fee{}, "Không thu lệ phí"}, {service.Fee{Note: "Cán bộ sẽ báo"}, "Cán bộ sẽ báo"}, {service.Fee{Dong: 20000}, "Lệ phí 20.000 đồng, nộp tại quầy"}} {
		if got := s.fee(&service.Service{Fee: tt.fee}, "screen"); got != tt.want {
			t.Errorf("fee %+v: %s", tt.fee, got)
		}
	}
}

func TestDueNotes(t *testing.T) {
	s := New(config(t), [SeedLen]byte{}, morning)
	at := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 16, 0, 0, 0, vietnam) }
	for _, tt := range []struct {
		filed, due time.Time
		want       string
	}{
		{at(11, 9), at(11, 12), ""},
		{at(11, 23), at(11, 27), "Thứ Ba 24/11 là ngày nghỉ, cơ quan không làm việc"},
		{at(2, 13), at(2, 25), "Từ 16/2 đến 20/2 có 5 ngày nghỉ, cơ quan không làm việc"},
		{at(11, 23), time.Time{}, ""},
	} {
		if got := s.dueNote(filing.Filing{Draft: filing.Draft{Due: tt.due}, Filed: tt.filed}); got != tt.want {
			t.Errorf("%v to %v: %q, want %q", tt.filed, tt.due, got, tt.want)
		}
	}
	if dueWords(time.Time{}, "") != "" {
		t.Error("no term, no words")
	}
}

func TestWeakestSource(t *testing.T) {
	filled := form.Answers{"a": {Value: "x", Source: identity.FromChip}, "b": {Value: "y", Source: identity.FromTyped}}
	for _, tt := range []struct {
		ids  []form.FieldID
		want identity.Source
	}{{[]form.FieldID{"a"}, identity.FromChip}, {[]form.FieldID{"a", "b"}, identity.FromTyped}, {[]form.FieldID{"c"}, identity.FromComputed}} {
		if got := weakest(filled, tt.ids); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.ids, got, tt.want)
		}
	}
}

// Somebody who is still at it when a definition goes out of force keeps it.
func TestMidnight(t *testing.T) {
	p := reviewed(t, "rent")
	p.s.cfg.Catalogue = servicetest.Load(t, map[string]func(string) string{"tam-tru.yaml": func(s string) string {
		return strings.Replace(s, "version: 2026-07-01", "until: 2026-11-23\nversion: 2026-07-01", 1)
	}})
	p.do(Tick{morning.Add(16 * time.Hour)}).on(PageReview).do(Next{}, Next{}, Next{}).on(PageFiling)
	d := one[File](p).Draft
	if d.Service != "tam-tru" || d.Answers["from"].Value != "24/11/2026" {
		t.Errorf("draft %+v", d.Answers["from"])
	}
	if _, ok := p.s.cfg.Catalogue.Get("tam-tru", p.s.today()); ok {
		t.Fatal("the test shows nothing: the definition is still in force")
	}
}

// A service may have no cases, no questions and no term.
func TestBareService(t *testing.T) {
	p := confirmed(t)
	p.s.cfg.Catalogue = servicetest.Load(t, map[string]func(string) string{"luu-tru.yaml": func(s string) string {
		return strings.Replace(s, "kiosk: false", "kiosk: true", 1) + "form:\n  id: X\n  fields: [{id: name, label: Tên, kind: known, prefill: card.name}]\n" +
			"  review: [{label: Tên, text: '{name}', fields: [name]}]\n"
	}})
	p.do(Next{})
	p.do(Choose{"luu-tru"}).on(PagePapers).do(Back{}).on(PageService).do(Next{}, Next{}).on(PageReview).do(Next{}, Next{}).on(PageFiling)
	f := p.stored()
	if !f.Filing.Due.IsZero() {
		t.Error("a term nobody promised")
	}
	p.do(f).on(PageDone)
	if d := p.view().Done; d.Due != "" || d.DueNote != "" {
		t.Errorf("done %+v", d)
	}
}

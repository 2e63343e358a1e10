package session

import (
	"testing"

	"motcua/kiosk/fault"
)

func TestStoreFailures(t *testing.T) {
	for _, code := range []fault.Code{fault.StoreFull, fault.StoreFailed, fault.StoreDamaged, fault.StoreLocked, fault.Internal} {
		t.Run(string(code), func(t *testing.T) {
			p := filingPage(t, "rent")
			first := one[File](p).Draft
			p.do(FileFailed{p.s.Serial, code}).on(PageFault)
			if f := p.view().Fault; f.Code != code || !f.CanRetry || f.Safe != "" || !p.view().OfficerCalled {
				t.Errorf("fault page %+v", f)
			}
			if one[CallOfficer](p).Code != code {
				t.Error("the officer should know why")
			}
			retry, back, changed := *p, *p, *p
			retry.do(Next{}).on(PageFiling)
			if again := one[File](&retry).Draft; again.Key != first.Key {
				t.Error("the same draft has one key")
			}
			back.do(Back{}).on(PageReview).do(Next{}, Next{}, Next{}).on(PageFiling)
			if again := one[File](&back).Draft; again.Key != first.Key {
				t.Error("the same draft has one key, also after a look at the review")
			}
			changed.do(Back{}, Edit{"dwelling"}, Type{"Xóm Khác"}, Next{}, Next{}, Next{}, Next{}).on(PageFiling)
			if other := one[File](&changed).Draft; other.Key == first.Key {
				t.Error("another draft needs another key")
			}
		})
	}
}

func TestStoreThatDoesNotAnswer(t *testing.T) {
	p := filingPage(t, "rent")
	late := p.stored()
	p.wait(FileStalls).on(PageFault)
	if p.view().Fault.Code != fault.StoreFailed {
		t.Errorf("fault %+v", p.view().Fault)
	}
	p.do(late).on(PageDone) // it was filed after all
	one[Print](p)
	p.do(Printed{1, true}, late).on(PageDone)
	none[Print](p)
}

func TestPrinterFailures(t *testing.T) {
	for _, code := range []fault.Code{fault.PrinterNoPaper, fault.PrinterCover, fault.PrinterOffline, fault.PrinterAbsent} {
		t.Run(string(code), func(t *testing.T) {
			p := done(t, "rent")
			one[Print](p)
			p.do(SlipFailed{p.s.Serial, code}).on(PageFault)
			v := p.view()
			if v.Fault.Code != code || v.Fault.Safe != "K1-2311-047" || !v.Fault.CanSkip || v.Done.Due != "Thứ Sáu, 27/11/2026, 16 giờ" || !v.OfficerCalled {
				t.Errorf("fault page %+v", v.Fault)
			}
			one[CallOfficer](p)
			again, without, itself := *p, *p, *p
			again.do(Back{}).on(PageDone)
			if one[Print](&again).Copy != 2 {
				t.Error("the second copy")
			}
			without.do(Next{}).on(PageDone)
			if d := without.view().Done; d.Printing != PrintFailed || d.Fault != code {
				t.Errorf("done %+v", d)
			}
			without.do(PrinterChanged{Present: true}).on(PageDone)
			one[Print](&without)
			itself.do(PrinterChanged{false, fault.PrinterOffline}).on(PageFault).do(PrinterChanged{true, ""}).on(PageDone)
			one[Print](&itself)
			p.do(CardOff{}).wait(SafeStays).clean()
		})
	}
}

func TestPrinterKnownToBeOut(t *testing.T) {
	p := filingPage(t, "own").do(PrinterChanged{true, fault.PrinterNoPaper})
	p.do(p.stored()).on(PageFault)
	none[Print](p)
	if f := p.view().Fault; f.Code != fault.PrinterNoPaper || f.Safe == "" {
		t.Errorf("fault %+v", f)
	}
	p.do(PrinterChanged{true, ""}).on(PageDone)
	one[Print](p)
}

func TestUnsurePrint(t *testing.T) {
	for _, e := range []Event{Printed{1, false}, SlipFailed{1, fault.PrinterUnsure}} {
		p := done(t, "own")
		one[Print](p)
		p.do(e).on(PageDone)
		if d := p.view().Done; d.Printing != PrintUnsure || d.Fault != fault.PrinterUnsure {
			t.Errorf("done %+v", d)
		}
		p.do(Reprint{})
		one[Print](p)
	}
}

func TestReprintsHaveAnEnd(t *testing.T) {
	p := done(t, "own")
	for range 20 {
		p.do(Reprint{}, Reprint{}, Printed{1, true})
	}
	n := 0
	for _, e := range p.effects {
		if _, ok := e.(Print); ok {
			n++
		}
	}
	if n != maxCopies || p.view().Back.Enabled {
		t.Errorf("%d slips", n)
	}
}

func TestMachineWithoutPrinter(t *testing.T) {
	cfg := config(t)
	cfg.Printer = false
	p := filingPage(t, "own")
	p.s.cfg = cfg
	p.do(p.stored()).on(PageDone)
	none[Print](p)
	if v := p.view(); v.Done.Printing != PrintNone || v.Back.Shown {
		t.Errorf("done %+v", v.Done)
	}
}

func TestStaleAnswers(t *testing.T) {
	p := filingPage(t, "own")
	late := p.stored()
	p.do(FileFailed{1, fault.StoreFull}, CardOff{}).wait(IdleWarn + IdleAnswer).clean()
	p.effects = nil
	before := p.s
	p.do(late, FileFailed{1, fault.StoreFull}, Printed{1, true}, SlipFailed{1, fault.PrinterCover}, CardRead{1, 1, un(), photo(), proof()},
		CardText{1, 1, un()}, CardProgress{1, 1, 1, 2}, CardFailed{1, 1, fault.CardMute}).clean()
	if len(p.effects) > 0 || p.s.Serial != before.Serial {
		t.Errorf("effects %v", p.effects)
	}
}

// Two machines, or two citizens, never have the same key for their drafts.
func TestDraftKeys(t *testing.T) {
	a := New(config(t), [SeedLen]byte{1}, morning)
	b := New(a.cfg, [SeedLen]byte{2}, morning)
	keys := map[string]bool{a.draftKey(0): true, a.draftKey(1): true, b.draftKey(0): true, a.wiped().draftKey(0): true}
	if len(keys) != 4 {
		t.Errorf("%d different keys", len(keys))
	}
}

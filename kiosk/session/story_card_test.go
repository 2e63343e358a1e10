package session

import (
	"strings"
	"testing"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

func TestCardFirstThenQR(t *testing.T) {
	p := start(t).do(CardOn{}).on(PageReading)
	if r := p.view().Reading; r.QR != StepNow || !r.CardOnReader {
		t.Errorf("reading page %+v", r)
	}
	none[ReadCard](p)
	p.do(Scanned{unQR}).read().on(PageConfirm)
}

func TestCardFirstAndTakenAway(t *testing.T) {
	start(t).do(CardOn{}, CardOff{}).clean()
}

func TestCardRemovedWhileRead(t *testing.T) {
	p := start(t).do(Scanned{unQR}, CardOn{})
	first := one[ReadCard](p)
	p.do(CardOff{}).on(PageReading)
	none[StopReading](p)
	late := *p
	late.do(CardProgress{first.Serial, first.Try, 1, 2}, CardText{first.Serial, first.Try, un()}).on(PageReading)
	late.do(CardRead{first.Serial, first.Try, un(), photo(), proof()}).on(PageConfirm) // its last answer came before it left
	if r := p.view().Reading; r.Fault != fault.CardRemoved || r.CanSkip || r.Chip != StepFailed {
		t.Errorf("reading page %+v", r)
	}
	p.do(CardOn{})
	second := one[ReadCard](p)
	if second.Try != first.Try+1 {
		t.Errorf("try %d after %d", second.Try, first.Try)
	}
	// What the first try still has to say concerns nobody any more.
	p.do(CardFailed{first.Serial, first.Try, fault.CardRemoved})
	if r := p.view().Reading; r.Fault != "" {
		t.Errorf("the old try's end is shown: %+v", r)
	}
	p.do(CardRead{second.Serial, second.Try, un(), photo(), proof()}).on(PageConfirm)
}

func TestCardRemovedAgainAndAgainOpensTheWayOn(t *testing.T) {
	p := start(t).do(Scanned{unQR}, CardOn{}, CardOff{}, CardOn{}, CardOff{})
	if !p.view().Reading.CanSkip {
		t.Fatal("no way on")
	}
	p.do(Next{}).on(PageConfirm).noChip(identity.FromQR, fault.CardRemoved)
}

// noChip wants what the filing will say about the missing chip.
func (p *play) noChip(source identity.Source, code fault.Code) *play {
	p.t.Helper()
	if e := p.s.v.who.evidence(); e.Source != source || e.NoChip != string(code) {
		p.t.Errorf("evidence %+v, want %s without chip because of %s", e, source, code)
	}
	if c := p.view().Confirm; c != nil && c.Verdict != identity.NoChip {
		p.t.Errorf("verdict %s", c.Verdict)
	}
	return p
}

func TestChipFailures(t *testing.T) {
	for _, code := range []fault.Code{fault.CardMute, fault.CardNotID, fault.CardDamaged, fault.CardKeyNeeded, fault.CardSecure,
		fault.CardTimeout, fault.CardFailed, fault.ReaderGone, fault.ReaderAbsent} {
		t.Run(string(code), func(t *testing.T) {
			p := start(t).do(Scanned{unQR}, CardOn{})
			for range 2 { // some are tried once more by themselves
				for _, r := range reads(p) {
					p.effects = nil
					p.do(CardFailed{1, r.Try, code})
				}
			}
			none[ReadCard](p)
			if r := p.view().Reading; r == nil || r.Fault != code || !r.CanSkip {
				t.Fatalf("reading page %+v", r)
			}
			again := *p
			again.do(ReaderChanged{true}, CardOff{}, CardOn{}).read().on(PageConfirm)
			p.do(Next{}).on(PageConfirm).noChip(identity.FromQR, code)
		})
	}
}

func reads(p *play) []ReadCard {
	var all []ReadCard
	for _, e := range p.effects {
		if r, ok := e.(ReadCard); ok {
			all = append(all, r)
		}
	}
	return all
}

func TestMuteCard(t *testing.T) {
	p := start(t).do(Scanned{unQR}, CardMute{})
	if r := p.view().Reading; r.Fault != fault.CardMute || !r.CanSkip || !r.CardOnReader {
		t.Errorf("reading page %+v", r)
	}
	p.do(CardOff{}, CardOn{}).read().on(PageConfirm)
	start(t).do(CardMute{}, Scanned{unQR}, Next{}).on(PageConfirm).noChip(identity.FromQR, fault.CardMute)
}

func TestChipThatSaysNothing(t *testing.T) {
	p := start(t).do(Scanned{unQR}, CardOn{})
	one[ReadCard](p)
	p.wait(ReadStalls)
	none[ReadCard](p) // five seconds of nothing are enough: now there are words
	one[StopReading](p)
	if r := p.view().Reading; r.Fault != fault.CardTimeout || !r.CanSkip {
		t.Errorf("reading page %+v", r)
	}
	p.do(CardOff{}, CardOn{}).read().on(PageConfirm)
}

func TestReaderNeverSeesTheCard(t *testing.T) {
	p := start(t).do(Scanned{unQR}).wait(SkipAfter - time.Second)
	if p.view().Reading.CanSkip {
		t.Error("the way on opens too early")
	}
	p.wait(time.Second).do(Next{}).on(PageConfirm).noChip(identity.FromQR, fault.CardMute)
}

func TestNoReader(t *testing.T) {
	p := start(t).do(ReaderChanged{false})
	if p.view().Notice != "notice.reader-absent" {
		t.Errorf("notice %q", p.view().Notice)
	}
	p.do(Scanned{unQR})
	if r := p.view().Reading; r.Fault != fault.ReaderAbsent || !r.CanSkip {
		t.Errorf("reading page %+v", r)
	}
	back := *p
	back.do(ReaderChanged{true}, CardOn{}).read().on(PageConfirm)
	p.do(Next{}).on(PageConfirm).noChip(identity.FromQR, fault.ReaderAbsent)
}

func TestReaderPulledWhileReading(t *testing.T) {
	p := start(t).do(Scanned{unQR}, CardOn{}, ReaderChanged{false})
	one[StopReading](p)
	if r := p.view().Reading; r.Fault != fault.ReaderGone || !r.CanSkip || r.CardOnReader {
		t.Errorf("reading page %+v", r)
	}
	p.do(ReaderChanged{true}, CardOn{}).read().on(PageConfirm)
}

// Somebody else's card: by its key, by what its chip says, and back to the right one.
func TestWrongCard(t *testing.T) {
	for _, code := range []fault.Code{fault.CardWrongKey, fault.CardOther} {
		t.Run(string(code), func(t *testing.T) {
			p := start(t).do(Scanned{unQR}, CardOn{})
			r := one[ReadCard](p)
			p.do(CardFailed{r.Serial, r.Try, code}).on(PageFault)
			if f := p.view().Fault; f.Code != code || f.Safe != "" || p.view().Next.Label != "key.start-over" {
				t.Errorf("fault page %+v", f)
			}
			right, other, over := *p, *p, *p
			right.do(CardOff{}, CardOn{}).read().on(PageConfirm)
			other.do(Scanned{mauQR}).on(PageReading)
			if other.s.v.who.person().Name != "Nguyễn Văn Mẫu" {
				t.Error("the new QR code counts")
			}
			over.do(Next{}).clean()
		})
	}
	p := start(t).do(Scanned{mauQR}, CardOn{})
	r := one[ReadCard](p)
	p.do(CardRead{r.Serial, r.Try, un(), photo(), proof()}).on(PageFault)
	if p.view().Fault.Code != fault.CardOther || p.s.v.who.hasChip || p.s.v.who.photo != nil {
		t.Error("two people were mixed")
	}
}

// The scanner is broken, the chip is not: the typed number opens it.
func TestTypedNumberOpensTheChip(t *testing.T) {
	p := start(t).do(ScannerChanged{false})
	if p.view().Notice != "notice.scanner-absent" {
		t.Errorf("notice %q", p.view().Notice)
	}
	p.do(CardOn{}).on(PageReading)
	if r := p.view().Reading; r.Fault != fault.ScannerAbsent || !r.CanSkip || p.view().Next.Label != "key.by-hand" {
		t.Errorf("reading page %+v", r)
	}
	p.do(Next{}).on(PageManual).do(Type{"099188000231"}, Next{}).on(PageReading)
	wrong := *p
	p.read().on(PageConfirm)
	if p.s.v.who.evidence().Source != identity.FromChip {
		t.Error("the chip's facts count")
	}
	r := reads(&wrong)[0]
	wrong.do(CardFailed{r.Serial, r.Try, fault.CardWrongKey}).on(PageFault).do(Next{}).on(PageManual)
	if wrong.view().Form.Value != "099188000231" {
		t.Error("the typed number is lost")
	}
}

func TestVerdicts(t *testing.T) {
	p := confirmed(t)
	failed := p.s
	failed.v.who.proof = identity.Evidence{Source: identity.FromChip, Access: "PACE-CAN",
		Checks: []identity.Check{{Name: identity.CheckPassive, Outcome: identity.Failed, Cause: "signature-wrong"}}}
	if c := View(failed).Confirm; c.Verdict != identity.Forged || c.Code != "passive-authentication signature-wrong" {
		t.Errorf("a failed check: %+v", c)
	}
	old := p.s
	old.v.who.chip.Expires.Date = identity.Date{Year: 2026, Month: 11, Day: 22}
	if c := View(old).Confirm; c.Verdict != p.view().Confirm.Verdict || len(c.Told) != 1 || !strings.Contains(c.Told[0], "22/11/2026") {
		t.Errorf("an expired card: %+v", c)
	}
	old.v.who.chip.Expires.Date.Day = 23
	if c := View(old).Confirm; len(c.Told) != 1 || !strings.Contains(c.Told[0], "sẽ hết hạn ngày 23/11/2026") {
		t.Errorf("valid through its last day: %+v", c)
	}
}

// A card of 2024 whose DG13 cannot be read has the name of the machine readable zone only.
func TestNameOfTheQRCodeIsBetterThanThatOfTheMRZ(t *testing.T) {
	p := start(t).do(Scanned{unQR}, CardOn{})
	r := one[ReadCard](p)
	poor := identity.Person{Number: "099188000231", Name: "LO THI UN", Birth: un().Birth, Sex: identity.Female}
	p.do(CardRead{r.Serial, r.Try, poor, nil, proof()}).on(PageConfirm)
	facts := p.s.v.who.facts()
	if facts[form.CardName] != (form.Answer{Value: "Lò Thị Ủn", Source: identity.FromQR}) ||
		facts[form.CardNumber].Source != identity.FromChip || facts[form.CardResidence].Source != identity.FromQR {
		t.Errorf("facts %+v", facts)
	}
}

func TestScansInBetween(t *testing.T) {
	p := asked(t)
	before := p.s.v.who.person()
	p.do(Scanned{mauQR})
	if p.view().Notice != "notice.scan-ignored" || p.s.v.who.person() != before {
		t.Error("somebody else's QR code counts for nothing")
	}
	p.wait(NoticeStays)
	if p.view().Notice != "" {
		t.Error("a notice goes away by itself")
	}
	p.do(Scanned{unQR})
	if p.view().Notice != "" {
		t.Error("the same card once more is nothing to speak of")
	}
	ref := number(t).String()
	for text, want := range map[string]string{"https://example.vn": "notice.qr-not-card", "": "notice.qr-not-card"} {
		w := start(t).do(Scanned{text}).on(PageWelcome)
		if w.view().Notice != want {
			t.Errorf("%q: notice %q, want %q", text, w.view().Notice, want)
		}
	}
	if w := start(t).do(NoCard{}, Scanned{ref}).on(PageManual); w.view().Notice != "notice.receipt-first" {
		t.Errorf("a slip while somebody files: %q", w.view().Notice)
	}
	if w := start(t).do(ScanRejected{fault.QRUnreadable}); w.view().Notice != "notice.qr-unreadable" {
		t.Errorf("notice %q", w.view().Notice)
	}
	if w := start(t).do(NoCard{}, Scanned{unQR}).on(PageReading); w.s.v.who.byHand {
		t.Error("the card was found after all")
	}
	if w := start(t).do(NoCard{}, Type{"0"}, Scanned{unQR}).on(PageManual); w.view().Form.Value != "0" {
		t.Error("typed text is lost")
	}
}

func TestCardLeftBehind(t *testing.T) {
	p := done(t, "own").do(Next{}).clean()
	if p.view().Notice != "notice.card-left" {
		t.Errorf("notice %q", p.view().Notice)
	}
	none[ReadCard](p)
}

package session

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

// The whole way, as the pictures tell it.
func TestOneCitizen(t *testing.T) {
	p := start(t).do(ReaderChanged{true}, ScannerChanged{true}).on(PageWelcome)
	p.do(Scanned{unQR}).on(PageReading)
	if r := p.view().Reading; r.Tail != "231" || r.QR != StepDone || r.Chip != StepNow || r.Fault != "" || r.CanSkip {
		t.Errorf("reading page %+v", r)
	}
	none[ReadCard](p)
	p.do(CardOn{})
	read := one[ReadCard](p)
	if want := (Access{"099188000231", identity.Date{Year: 1988, Month: 7, Day: 19}, identity.Date{Year: 2022, Month: 3, Day: 15}}); read.Access != want {
		t.Errorf("access %+v", read.Access)
	}
	p.do(CardText{read.Serial, read.Try, un()}).wait(2 * time.Second).do(CardProgress{read.Serial, read.Try, 40, 100})
	if r := p.view().Reading; r.Name != "Lò Thị Ủn" || r.Progress != 0.4 || r.SecondsLeft != 3 {
		t.Errorf("progress %+v", r)
	}
	p.do(CardRead{read.Serial, read.Try, un(), photo(), proof()}).on(PageConfirm)
	if c := p.view().Confirm; c.Name != "Lò Thị Ủn" || c.Masked != "099******231" || c.Birth != "19/07/1988" || c.Sex != "Nữ" ||
		c.Verdict != proof().Verdict() || c.Photo == nil || c.Told != nil {
		t.Errorf("confirm page %+v", c)
	}
	p.do(Next{}).on(PageService)
	if v := p.view(); v.Crumb != "Chào bà Lò Thị Ủn" || len(v.Choice.Options) != 6 || v.Choice.Options[1].Title != "Đăng ký tạm trú" || v.Next.Enabled {
		t.Errorf("service page %+v %+v", v.Crumb, v.Choice)
	}
	p.do(Choose{"tam-tru"}).on(PageQuestion)
	if v := p.view(); v.Title != "Ông/bà đang ở chỗ nào?" || v.Step != 3 || v.Steps != 6 || v.Crumb != "Đăng ký tạm trú · Câu 1 trong 8" || v.Next.Enabled {
		t.Errorf("question page %q %q %d", v.Title, v.Crumb, v.Step)
	}
	p.fill("rent")
	var names []string
	for _, paper := range p.view().Papers {
		names = append(names, paper.Name)
	}
	if got := strings.Join(names, ", "); got != "Tờ khai CT01, Giấy tờ chỗ ở hợp pháp, Ý kiến của chủ hộ, Ý kiến của chủ nhà" {
		t.Errorf("papers: %s", got)
	}
	p.do(Toggle{"rent-contract"}, Next{}).on(PageReview)
	p.reviewIs([]string{"Người đề nghị: Lò Thị Ủn · 19/07/1988", "Số định danh: 099******231",
		"Nơi ở mới: Xóm Văn, xã Mai Châu, tỉnh Phú Thọ", "Thời hạn: 23/11/2026 đến 22/11/2027", "Chủ hộ: Hà Văn Thuyết · vợ, chồng"})
	p.do(Next{}).on(PageReview).do(Next{}).on(PageConsent).do(Next{}).on(PageFiling)
	none[Print](p)
	p.filedRight()
	p.do(Printed{p.s.Serial, true})
	if d := p.view().Done; d.Printing != PrintOK || !d.CardLeft {
		t.Errorf("done page %+v", d)
	}
	p.wait(5 * time.Minute).on(PageDone) // the card is still there
	p.do(CardOff{}).wait(DoneStays - time.Second).on(PageDone).wait(time.Second).clean()
	if one[Wipe](p).Serial != 1 || p.s.Serial != 2 {
		t.Error("the wipe names the one who left, and the next has another serial")
	}
}

func (p *play) reviewIs(want []string) {
	p.t.Helper()
	var got []string
	for _, r := range p.view().Review.Rows {
		got = append(got, r.Label+": "+r.Value)
	}
	if !slices.Equal(got, want) {
		p.t.Errorf("review\n got %q\nwant %q", got, want)
	}
}

// filedRight looks at the draft, lets it be stored, and looks at the slip and the last page.
func (p *play) filedRight() {
	t := p.t
	t.Helper()
	answer := p.stored()
	d := answer.Filing.Draft
	for id, want := range map[form.FieldID]form.Answer{
		"name":        {Value: "Lò Thị Ủn", Source: identity.FromChip},
		"birth":       {Value: "19/07/1988", Source: identity.FromChip},
		"sex":         {Value: "Nữ", Source: identity.FromChip},
		"number":      {Value: "099188000231", Source: identity.FromChip},
		"phone":       {Value: "0912345678", Source: identity.FromTyped},
		"head_name":   {Value: "Hà Văn Thuyết", Source: identity.FromTyped},
		"relation":    {Value: "Vợ, chồng", Source: identity.FromTyped},
		"head_number": {Value: "012301230123", Source: identity.FromTyped},
		"members":     {Value: "Không", Source: identity.FromTyped},
		"addressee":   {Value: "Công an xã Mai Châu", Source: identity.FromComputed},
		"request": {Value: "Đăng ký tạm trú tại Xóm Văn, xã Mai Châu, tỉnh Phú Thọ, từ ngày 23/11/2026 đến ngày 22/11/2027. " +
			"Chỗ ở: nhà thuê, mượn, ở nhờ.", Source: identity.FromComputed},
	} {
		if got := d.Answers[id]; got != want {
			t.Errorf("%s = %+v, want %+v", id, got, want)
		}
	}
	if _, there := d.Answers["email"]; there {
		t.Error("an e-mail address nobody gave")
	}
	if d.Key == "" || d.Service != "tam-tru" || d.Version != "2026-07-01" || d.Procedure != "1.004194" || d.Case != "rent" ||
		d.Form != "CT01 (TT 116/2026/TT-BCA)" || d.Applicant.Father != "Lò Văn Ủm" || d.Evidence.NoChip != "" || d.Photo == nil ||
		!d.Consent.Given || !d.Due.Equal(time.Date(2026, 11, 27, 16, 0, 0, 0, vietnam)) || d.Started.IsZero() {
		t.Errorf("draft %+v", d)
	}
	want := []filing.Paper{{Name: "Tờ khai CT01", State: filing.PaperMade}, {Name: "Giấy tờ chỗ ở hợp pháp", State: filing.PaperBrought},
		{Name: "Ý kiến của chủ hộ", State: filing.PaperMissing}, {Name: "Ý kiến của chủ nhà", State: filing.PaperMissing}}
	if !slices.Equal(d.Papers, want) {
		t.Errorf("papers %+v", d.Papers)
	}
	p.do(answer).on(PageDone)
	p.slipRight()
}

func (p *play) slipRight() {
	t := p.t
	t.Helper()
	slip := one[Print](p)
	if slip.Copy != 1 || slip.Filing.Reference != number(t) || slip.Words.Fee != "15.000 đ, nộp tại quầy" ||
		!slices.Equal(slip.Words.Handed, []string{"Tờ khai CT01 (máy điền)", "Giấy tờ chỗ ở hợp pháp"}) ||
		!slices.Equal(slip.Words.Missing, []string{"Ý kiến của chủ hộ (ký tại quầy)", "Ý kiến của chủ nhà (ký tại quầy)"}) {
		t.Errorf("slip %+v", slip.Words)
	}
	d := p.view().Done
	if d.Short != "K1-2311-047" || d.Due != "Thứ Sáu, 27/11/2026, 16 giờ" || d.DueNote != "Thứ Ba 24/11 là ngày nghỉ, cơ quan không làm việc" ||
		d.At != "09:12, thứ Hai 23/11/2026" || d.Service != "Đăng ký tạm trú" || d.Fee != "Lệ phí 15.000 đồng, nộp tại quầy" ||
		!slices.Equal(d.Bring, []string{"Thẻ căn cước", "hợp đồng thuê nhà"}) || d.Printing != PrintRunning {
		t.Errorf("done %+v", d)
	}
}

func TestOwnHomeComputesTheHead(t *testing.T) {
	p := filingPage(t, "own")
	a := one[File](p).Draft.Answers
	for id, want := range map[form.FieldID]string{"head_name": "Lò Thị Ủn", "relation": "Chủ hộ", "head_number": "099188000231"} {
		if a[id] != (form.Answer{Value: want, Source: identity.FromComputed}) {
			t.Errorf("%s = %+v", id, a[id])
		}
	}
}

func TestEveryCaseGetsThrough(t *testing.T) {
	for _, kase := range []string{"own", "rent", "family", "other"} {
		done(t, kase).do(Next{}).clean()
	}
}

func TestNotMe(t *testing.T) { confirmed(t).do(Back{}).clean() }

func TestServiceOfTheCounter(t *testing.T) {
	p := confirmed(t).do(Next{}, Choose{"can-cuoc"}).on(PageCounter)
	if c := p.view().Counter; c.Service != "Thẻ căn cước" || len(c.Papers) == 0 {
		t.Errorf("counter page %+v", c)
	}
	p.do(Back{}).on(PageService).do(Next{}).on(PageCounter).do(Next{}, Ticketed{1, 5}, Next{}).clean()
}

func TestIdle(t *testing.T) {
	p := asked(t).do(Choose{"rent"}, Type{"Xóm V"})
	p.wait(10 * time.Minute).on(PageForm) // a card lies on the reader
	p.do(CardOff{}).wait(IdleWarn - time.Second).on(PageForm).wait(time.Second).on(PageIdle)
	if i := p.view().Idle; i.Seconds != 30 || i.Total != 30 {
		t.Errorf("idle %+v", i)
	}
	if secret := leaked(reachable(reflect.ValueOf(p.view()))); secret != "" {
		t.Errorf("the idle page shows %q", secret)
	}
	p.wait(6 * time.Second)
	if p.view().Idle.Seconds != 24 {
		t.Errorf("%d seconds left", p.view().Idle.Seconds)
	}
	here, end, card, officer := *p, *p, *p, *p
	here.do(StillHere{}).on(PageForm)
	if here.view().Form.Value != "Xóm V" {
		t.Error("typed text is lost")
	}
	end.do(Back{}).clean()
	card.do(CardOn{}).on(PageForm)
	officer.do(CallOfficer{}).on(PageForm)
	one[CallOfficer](&officer)
	p.wait(24 * time.Second).clean()
}

// Nobody is asked whether they are still there while an officer helps: the officer reads, and talks with them.
func TestNotIdleWhileHelped(t *testing.T) {
	p := asked(t).do(CardOff{}).wait(IdleWarn).on(PageIdle).do(Helped{"an", "An"}, Tick{morning.Add(IdleWarn + time.Minute)}).on(PageQuestion)
	p.wait(3 * IdleWarn).on(PageQuestion).do(Helped{}).wait(IdleWarn - time.Second).on(PageQuestion).wait(time.Second).on(PageIdle)
}

func TestClockSetBack(t *testing.T) {
	p := asked(t).do(CardOff{})
	p.do(Tick{morning.Add(-24 * time.Hour)}).wait(IdleWarn).on(PageIdle)
}

func TestOfficer(t *testing.T) {
	p := start(t).do(CallOfficer{})
	one[CallOfficer](p)
	if !p.view().OfficerCalled {
		t.Error("it must be seen that the officer was called")
	}
	p.wait(CallStays)
	if p.view().OfficerCalled {
		t.Error("on the welcome page it goes away")
	}
}

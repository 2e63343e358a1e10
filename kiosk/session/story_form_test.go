package session

import (
	"slices"
	"strings"
	"testing"

	"motcua/assets"
	"motcua/kiosk/fault"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/place"
)

func TestByHand(t *testing.T) {
	p := start(t).do(NoCard{}).on(PageManual)
	if f := p.view().Form; f.Kind != form.Digits || f.MaxLen != 12 || p.view().Title != "Số định danh của ông/bà là gì?" || p.view().Step != 1 {
		t.Errorf("manual page %+v", f)
	}
	p.do(Type{"0991880"}, Next{}).on(PageManual).problem("number")
	p.do(Type{"099188000231"}, Next{}).do(Next{}).problem("required")
	p.do(Type{"Lò Thị 1"}, Next{}).problem("name")
	p.do(Type{" Lò  Thị Ủn "}, Next{}, Type{"31021988"}, Next{}).problem("date")
	p.do(Type{"19072027"}, Next{}).problem("future-date")
	p.do(Type{"19071978"}, Next{}).problem("number-year") // a doubt, let through at the second touch
	p.do(Type{"19071988"}, Next{}).on(PageQuestion)
	if len(p.view().Choice.Options) != 2 || p.view().Next.Enabled {
		t.Errorf("sex %+v", p.view().Choice)
	}
	p.do(Choose{"F"}).on(PageConfirm).noChip(identity.FromTyped, fault.CardAbsent)
	if c := p.view().Confirm; c.Name != "Lò Thị Ủn" || c.Masked != "099******231" || c.Sex != "Nữ" || c.Source != identity.FromTyped {
		t.Errorf("confirm %+v", c)
	}
	again := *p
	again.do(Back{}).on(PageQuestion).do(Back{}).on(PageManual)
	if again.view().Form.Value != "19071988" {
		t.Error("what was typed must still be there")
	}
	p.do(Next{}, Choose{"tam-tru"}).fill("own").do(Next{}).on(PageReview)
	if r := p.view().Review.Rows[0]; r.Source != identity.FromTyped || !r.Edit {
		t.Errorf("what was typed can be changed: %+v", r)
	}
	p.do(Edit{"number"}).on(PageManual).do(Type{"099188000239"}, Next{}).on(PageReview)
	if r := p.view().Review.Rows[1]; r.Value != "099******239" {
		t.Errorf("row %+v", r)
	}
	p.do(Next{}, Next{}, Next{}).on(PageFiling)
	d := one[File](p).Draft
	if d.Evidence.Source != identity.FromTyped || d.Answers["number"] != (form.Answer{Value: "099188000239", Source: identity.FromTyped}) {
		t.Errorf("draft %+v", d)
	}
}

func (p *play) problem(code string) {
	p.t.Helper()
	f := p.view().Form
	if f == nil || len(f.Problems) != 1 || f.Problems[0].Code != code || f.Problems[0].Text == "problem."+code {
		p.t.Errorf("form %+v, want the problem %s", f, code)
	}
}

func TestDoubtIsLetThrough(t *testing.T) {
	p := start(t).do(NoCard{}, Type{"099188000231"}, Next{}, Type{"Lò Thị Ủn"}, Next{}, Type{"19071978"}, Next{}).on(PageManual)
	p.do(Next{}).on(PageQuestion)
}

func TestBackThroughEverything(t *testing.T) {
	p := consent(t, "rent").do(Back{}).on(PageReview).do(Back{}).on(PagePapers)
	for _, want := range []Page{PageQuestion, PageForm, PageForm, PageQuestion, PageForm, PageQuestion, PageForm, PageQuestion, PageService, PageConfirm} {
		p.do(Back{}).on(want)
	}
	p.do(Next{}, Next{}, Next{}, Next{}, Next{}, Next{}, Next{}, Next{}, Next{}, Next{}).on(PagePapers) // all answers are still there
	p.do(Back{}, Back{}, Back{}, Back{}, Back{}, Back{}, Back{}, Back{}, Back{}, Back{}, Back{}).clean()
}

func TestEditFromReview(t *testing.T) {
	p := reviewed(t, "rent").do(Edit{"dwelling"}).on(PageForm)
	if p.view().Form.Value != "Xóm Văn" {
		t.Errorf("form %+v", p.view().Form)
	}
	given := *p
	p.do(Type{"Số 5, Xóm Lọng"}, Next{}).on(PageReview)
	if got := p.view().Review.Rows[2].Value; got != "Số 5, Xóm Lọng, xã Mai Châu, tỉnh Phú Thọ" {
		t.Errorf("row %q", got)
	}
	given.do(Type{""}, Next{}).on(PageForm).problem("required")
	given.do(Back{}).on(PageReview)
	if got := given.view().Review.Rows[2].Value; got != "Xóm Văn, xã Mai Châu, tỉnh Phú Thọ" {
		t.Errorf("an edit that was given up: %q", got)
	}
	// A row of two fields goes through both pages.
	p.do(Edit{"head_name"}).on(PageForm).do(Type{"Hà Thị Lan"}, Next{}).on(PageQuestion).do(Choose{"kin"}).on(PageReview)
	if got := p.view().Review.Rows[4].Value; got != "Hà Thị Lan · người thân khác" {
		t.Errorf("row %q", got)
	}
	// The chip's facts have no edit key.
	p.do(Edit{"name"}).on(PageReview)
	if p.view().Review.Rows[0].Edit || p.view().Review.Rows[0].Source != identity.FromChip {
		t.Errorf("row %+v", p.view().Review.Rows[0])
	}
	// Another case is another path.
	p.do(Edit{"case"}).on(PageQuestion).do(Choose{"family"}).on(PageForm)
}

// Who types a province of before is told what it is today, once.
func TestProvinceOfBefore(t *testing.T) {
	p := reviewed(t, "rent")
	book, err := place.Open(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	p.s.cfg.Places = &Places{Book: book, Home: "25"}
	p.do(Edit{"dwelling"}, Type{"Xóm Văn, tỉnh Hòa Bình"}, Next{}).on(PageForm).problem(form.ProblemProvince)
	if got := p.view().Form.Problems[0]; got.Blocking || !strings.HasPrefix(got.Text, "tỉnh Hòa Bình nay thuộc tỉnh Phú Thọ.") {
		t.Errorf("%+v", got)
	}
	if said := Speech(p.view(), p.s.cfg.Texts); said == "" || strings.Contains(said, "Hòa Bình") {
		t.Errorf("said aloud: %q", said)
	}
	p.do(Next{}).on(PageReview)
}

// A case that was changed may leave an answer that the new case does not take.
func TestChangedCaseIsAskedAgain(t *testing.T) {
	p := asked(t).do(Choose{"family"}, Type{"Xóm Văn"}, Next{}, Choose{"one-year"}, Type{"Hà Văn Thuyết"}, Next{},
		Choose{"child"}, Next{}, Next{}, Choose{"alone"}).on(PagePapers)
	p.s.v.kase = "rent" // as if by an edit
	p.do(Next{}).on(PageReview).do(Next{}, Next{}).on(PageQuestion)
	if p.view().Title != "Ông/bà là gì của chủ hộ?" {
		t.Errorf("title %q", p.view().Title)
	}
}

func TestOptionalFields(t *testing.T) {
	p := asked(t).do(Choose{"rent"}, Type{"Xóm Văn"}, Next{}, Choose{"one-year"}, Type{"Hà Văn Thuyết"}, Next{}, Choose{"spouse"})
	if f := p.on(PageForm).view().Form; f.Field != "head_number" || !f.CanSkip || p.view().Next.Label != "key.skip" {
		t.Errorf("form %+v", f)
	}
	p.do(Type{"123"}, Next{}).problem("number")
	p.do(Type{""}, Next{})
	p.do(Type{"12345"}, Next{}).problem("phone")
	p.do(Type{""}, Next{}).on(PageQuestion)
}

func TestKnownFieldsAreShownAndMasked(t *testing.T) {
	p := asked(t).do(Choose{"rent"}, Type{"Xóm Văn"}, Next{}, Choose{"one-year"}).on(PageForm)
	known := p.view().Form.Known
	want := []KnownField{{"Người đề nghị", "Lò Thị Ủn", identity.FromChip}, {"Số định danh", "099******231", identity.FromChip}}
	if p.view().Title != "Chủ hộ nơi ở mới là ai?" || !slices.Equal(known, want) {
		t.Errorf("known %+v", known)
	}
}

// What the card said may be changed where a form asks for it: the mark goes, and comes back with the value.
func TestChangedCardValueDropsTheMark(t *testing.T) {
	p := asked(t)
	p.s.cfg = config(t, map[string]func(string) string{"tam-tru.yaml": func(s string) string {
		return strings.NewReplacer("      kind: known\n      prefill: card.name", "      kind: text\n      prefill: card.name",
			"  pages:\n", "  pages:\n    - {field: name, title: Tên?}\n").Replace(s)
	}})
	p.do(Choose{"own"}).on(PageForm)
	if f := p.view().Form; !f.FromCard || f.WasOnCard || f.Value != "Lò Thị Ủn" {
		t.Errorf("form %+v", f)
	}
	p.do(Type{"Lò Thị Ún"})
	if f := p.view().Form; f.FromCard || !f.WasOnCard {
		t.Errorf("form %+v", f)
	}
	if a := p.s.draft().Answers["name"]; a != (form.Answer{Value: "Lò Thị Ún", Source: identity.FromTyped}) {
		t.Errorf("answer %+v", a)
	}
	p.do(Type{"Lò Thị Ủn"})
	if a := p.s.draft().Answers["name"]; !p.view().Form.FromCard || a.Source != identity.FromChip {
		t.Errorf("answer %+v", a)
	}
}

func TestTypedTextIsCutToFit(t *testing.T) {
	p := start(t).do(NoCard{}, Type{"09a9 1880\x00002310000"})
	if got := p.view().Form.Value; got != "099188000231" {
		t.Errorf("digits %q", got)
	}
	p.do(Next{}, Type{strings.Repeat("ộ", 200) + "\n"})
	if got := []rune(p.view().Form.Value); len(got) != form.DefaultMax {
		t.Errorf("%d characters", len(got))
	}
}

// Answers belong to the service for which they were given.
func TestAnotherServiceStartsAnew(t *testing.T) {
	p := papers(t, "own").do(Toggle{"own-home"}, Back{}, Back{}, Back{}, Back{}, Back{}, Back{}).on(PageService)
	p.do(Choose{"tam-tru"})
	if len(p.s.v.asked) == 0 {
		t.Error("the same service once more changes nothing")
	}
	p.do(Back{}, Choose{"luu-tru"}, Back{}, Choose{"tam-tru"}).on(PageQuestion)
	if p.view().Next.Enabled || len(p.s.v.asked)+len(p.s.v.brought) > 0 {
		t.Error("answers of the service before are still there")
	}
}

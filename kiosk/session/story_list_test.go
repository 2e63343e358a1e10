package session

import (
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/assets"
	"motcua/kiosk/fault"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/place"
	"motcua/kiosk/service"
)

// guestForm is a form with a list, a place, a choice of several and a page that tells.
const guestForm = `form:
  id: LT
  fields:
    - {id: guests, label: Khách lưu trú, kind: group, required: true, min: 1, max: 5, row: "{name} · {birth}", columns: [
        {id: name, label: Họ tên, kind: text, check: name, required: true, prefill: card.name},
        {id: birth, label: Ngày sinh, kind: date, check: birth, prefill: card.birth},
        {id: number, label: Số định danh, kind: digits, check: number, max: 12, prefill: card.number},
        {id: origin, label: Quê quán, kind: known, prefill: card.origin}]}
    - {id: place, label: Nơi đến, kind: place, required: true, prefill: card.place}
    - {id: want, label: Đề nghị, kind: many, choices: [{id: a, title: Một, picture: guest}, {id: b, title: Hai, picture: guest}]}
  pages:
    - {tell: "Ông/bà là {office.name}?", title: Xin đọc}
    - {field: guests, title: Khách là ai?}
    - {field: place, title: Đến đâu?}
    - {field: want, title: Cần gì?}
  review:
    - {label: Khách, text: "{guests}", fields: [guests]}
    - {label: Nơi đến, text: "{place}", fields: [place]}
    - {label: Đề nghị, text: "{want}", fields: [want]}
`

// mau is who the second card speaks of.
func mau() identity.Person {
	code, err := identity.ParseQR(mauQR)
	if err != nil {
		panic(err)
	}
	return code.Person
}

// hosting is at the page that tells, in the service of the guests.
func hosting(t *testing.T) *play {
	t.Helper()
	p := confirmed(t)
	p.s.cfg = config(t, map[string]func(string) string{"luu-tru.yaml": func(s string) string {
		return strings.Replace(s, "kiosk: false", "kiosk: true", 1) + guestForm
	}})
	book, err := place.Open(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	p.s.cfg.Places = &Places{Book: book, Home: "25"}
	return p.do(CardOff{}, Next{}, Choose{"luu-tru"}).on(PageTell)
}

// listing is at the list of guests.
func listing(t *testing.T) *play {
	t.Helper()
	return hosting(t).do(Next{}).on(PageRows)
}

func TestTell(t *testing.T) {
	p := hosting(t)
	if v := p.view(); v.Tell.Text != "Ông/bà là Công an xã Mai Châu?" || !v.Next.Enabled || !v.Back.Enabled {
		t.Errorf("%+v", v.Tell)
	}
	p.do(Back{}).on(PageService)
}

// A guest is on the list with the code of the card, and better proven with its chip.
func TestGuestByCard(t *testing.T) {
	p := listing(t)
	if v := p.view(); v.Next.Enabled || !v.Rows.CanAdd {
		t.Error("somebody is needed")
	}
	p.effects = nil
	p.do(Scanned{mauQR}).on(PageRows)
	rows := p.view().Rows.Rows
	if len(rows) != 1 || !strings.HasPrefix(rows[0].Text, mau().Name) || rows[0].Source != identity.FromQR || len(p.effects) > 0 {
		t.Fatalf("%+v, %v", rows, p.effects)
	}
	p.do(CardOn{}).on(PageRows)
	read := one[ReadCard](p)
	if read.Access.Number != mau().Number || !p.view().Rows.Reading {
		t.Fatalf("%+v", read)
	}
	chip := mau()
	chip.Origin = "Xã Nà Mẫu"
	p.do(CardRead{read.Serial, read.Try, chip, nil, proof()}).on(PageRows)
	if rows := p.view().Rows.Rows; len(rows) != 1 || rows[0].Source != identity.FromChip {
		t.Fatalf("%+v", rows)
	}
	d := p.s.draft()
	if d.Answers["guests.0.origin"].Value != "Xã Nà Mẫu" || d.Answers["guests"].Value != "1" || d.Applicant.Number != un().Number ||
		len(d.Others) != 1 || d.Others[0].Person.Number != mau().Number || d.Others[0].Evidence.Access != "PACE-CAN" {
		t.Errorf("%+v %+v", d.Answers, d.Others)
	}
	p.do(RemoveRow{0})
	if d := p.s.draft(); len(p.view().Rows.Rows) != 0 || len(d.Others) != 0 || d.Answers["guests.0.name"].Value != "" {
		t.Error("who was taken off the list is not forgotten")
	}
}

// The form that is shipped takes a passport where it takes a number, and knows a guest by the card all the same: once on the list, proven by the chip,
// and with what the card said for the officer.
func TestGuestOfTheShippedForm(t *testing.T) {
	p := confirmed(t)
	catalogue, err := service.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	cfg := config(t)
	cfg.Catalogue = catalogue
	p.s.cfg = cfg
	p.do(CardOff{}, Next{}, Choose{"luu-tru"}).on(PageRows)
	p.do(Scanned{mauQR}, Scanned{mauQR}).on(PageRows)
	if v := p.view(); v.Notice != "notice.row-twice" || len(v.Rows.Rows) != 1 || v.Rows.Rows[0].Source != identity.FromQR {
		t.Fatalf("%q, %+v", v.Notice, v.Rows.Rows)
	}
	p.effects = nil
	p.do(CardOn{})
	read := one[ReadCard](p)
	p.do(CardRead{read.Serial, read.Try, mau(), nil, proof()}).on(PageRows)
	if v := p.view(); len(v.Rows.Rows) != 1 || v.Rows.Rows[0].Source != identity.FromChip {
		t.Errorf("%+v", v.Rows.Rows)
	}
	if d := p.s.draft(); len(d.Others) != 1 || d.Others[0].Person.Number != mau().Number || d.Answers["guests.0.number"].Value != string(mau().Number) {
		t.Errorf("%+v, %+v", d.Others, d.Answers)
	}
	// Who is typed with the same passport twice is there twice.
	f, _ := p.s.sheet(PageForm).def.Field("guests")
	stranger := form.Answers{"name": {Value: "JOHN SMITH"}, "birth": {Value: "01/01/1990"}, "number": {Value: "C1234567"}}
	p.s.v.asked = p.s.v.asked.WithRows(f, []form.Answers{stranger, stranger})
	if problems := p.s.sheet(PageForm).Verify("guests"); len(problems) != 1 || problems[0].Code != form.ProblemTwice {
		t.Errorf("%+v", problems)
	}
}

func TestGuestsWhoCannotBe(t *testing.T) {
	for name, tt := range map[string]struct {
		events []Event
		notice string
		rows   int
	}{
		"yourself":               {[]Event{Scanned{unQR}}, "notice.row-yourself", 0},
		"twice":                  {[]Event{Scanned{mauQR}, Scanned{mauQR}}, "notice.row-twice", 1},
		"nobody's code":          {[]Event{Scanned{"abc"}}, "notice.scan-ignored", 0},
		"the chip of another":    {[]Event{Scanned{mauQR}, CardOn{}, CardRead{1, 2, un(), nil, proof()}}, "notice.row-other-card", 1},
		"a chip that is mute":    {[]Event{Scanned{mauQR}, CardOn{}, CardFailed{1, 2, fault.CardMute}}, "notice.row-no-chip", 1},
		"a card of another":      {[]Event{Scanned{mauQR}, CardOn{}, CardFailed{1, 2, fault.CardWrongKey}}, "notice.row-other-card", 1},
		"a card taken away":      {[]Event{Scanned{mauQR}, CardOn{}, CardOff{}}, "notice.row-no-chip", 1},
		"the card was there":     {[]Event{Scanned{mauQR}}, "", 1},
		"a row that is not":      {[]Event{RemoveRow{3}, RemoveRow{-1}}, "", 0},
		"more than there is":     {[]Event{Scanned{mauQR}, Turn{5}, Turn{-9}}, "", 1},
		"chip of the one before": {[]Event{CardOn{}, Scanned{mauQR}, CardFailed{1, 2, fault.CardTimeout}}, "notice.row-no-chip", 1},
	} {
		p := listing(t).do(tt.events...).on(PageRows)
		if v := p.view(); v.Notice != tt.notice || len(v.Rows.Rows) != tt.rows || v.Rows.Reading {
			t.Errorf("%s: notice %q, %d rows, reading %v", name, v.Notice, len(v.Rows.Rows), v.Rows.Reading)
		}
	}
}

// A guest's chip in which nothing moves is given up, and read no longer than the list is shown.
func TestGuestReadEnds(t *testing.T) {
	p := listing(t).do(Scanned{mauQR}, CardOn{})
	p.wait(ReadStalls + time.Second)
	if p.view().Rows.Reading || len(p.view().Rows.Rows) != 1 {
		t.Error("it is still waited for")
	}
	p = listing(t).do(Scanned{mauQR}, CardOn{})
	p.effects = nil
	p.do(Next{}).on(PagePlace)
	p.do(Back{}).on(PageRows)
	p = listing(t).do(Scanned{mauQR}, CardOn{})
	p.effects = nil
	p.do(Back{}, Back{}).on(PageService)
	one[StopReading](p)
}

func TestGuestByHand(t *testing.T) {
	p := listing(t).do(AddRow{}).on(PageForm)
	if f := p.view().Form; f.Field != "name" || p.view().Title != "Họ tên" {
		t.Fatalf("%+v", f)
	}
	p.do(Next{})
	if len(p.view().Form.Problems) != 1 {
		t.Error("a name is needed")
	}
	p.do(Type{"Vì Văn Khách"}, Next{}).on(PageForm).do(Type{"31021990"}, Next{})
	if len(p.view().Form.Problems) != 1 {
		t.Error("that is no day")
	}
	p.do(Type{"01021990"}, Back{}).on(PageForm).do(Next{}, Next{}).on(PageForm)
	p.do(Next{}).on(PageRows) // no number
	if rows := p.view().Rows.Rows; len(rows) != 1 || rows[0].Text != "Vì Văn Khách · 01/02/1990" || rows[0].Source != identity.FromTyped {
		t.Errorf("%+v", rows)
	}
	p.do(AddRow{}, Back{}).on(PageRows)
	if len(p.view().Rows.Rows) != 1 {
		t.Error("a row that was given up stays")
	}
}

func TestPlaces(t *testing.T) {
	p := listing(t).do(Scanned{mauQR}, Next{}).on(PagePlace)
	v := p.view().Place
	if v.Within != "Tỉnh Phú Thọ" || len(v.Options) < 2 || p.view().Next.Enabled {
		t.Fatalf("%+v", v)
	}
	p.do(Choose{"other"})
	if v = p.view().Place; len(v.Options) != 34 || v.Level != "place.level.province" {
		t.Fatalf("%d options at %s", len(v.Options), v.Level)
	}
	p.do(Choose{"01"}, Choose{"0"})
	first := p.view().Place.Options[0]
	p.do(Back{})
	if p.view().Place.Level != "place.level.group" {
		t.Error("back goes up one level")
	}
	p.do(Choose{"0"}, Choose{first.ID}).on(PageQuestion)
	if got := p.s.draft().Answers["place"].Value; !strings.HasSuffix(got, ", thành phố Hà Nội") {
		t.Errorf("place %q", got)
	}
	p.do(Back{}).on(PagePlace).do(Type{"mc"})
	if v = p.view().Place; v.Typed != "mc" || len(v.Options) == 0 {
		t.Errorf("%+v", v)
	}
	p.do(Back{}).on(PagePlace).do(Back{}).on(PageRows)
}

func TestMany(t *testing.T) {
	p := listing(t).do(Scanned{mauQR}, Next{}).do(Choose{"0"})
	p.do(Choose{p.view().Place.Options[0].ID}).on(PageQuestion)
	if c := p.view().Choice; !c.Many || !p.view().Next.Enabled {
		t.Errorf("%+v", c)
	}
	p.do(Choose{"b"}, Choose{"a"}).on(PageQuestion)
	if got := p.s.draft().Answers["want"].Value; got != "Một; Hai" {
		t.Errorf("%q", got)
	}
	p.do(Choose{"a"}, Choose{"nothing"})
	if got := p.s.draft().Answers["want"].Value; got != "Hai" {
		t.Errorf("%q", got)
	}
	p.do(Next{}).on(PagePapers).do(Next{}).on(PageReview)
	if rows := p.view().Review.Rows; len(rows) != 3 || !strings.HasPrefix(rows[0].Value, mau().Name) {
		t.Errorf("%+v", rows)
	}
	p.do(Edit{"guests"}).on(PageRows).do(RemoveRow{0}, Back{}).on(PageReview)
	if rows := p.view().Review.Rows; !strings.HasPrefix(rows[0].Value, mau().Name) || len(p.s.draft().Others) != 1 {
		t.Errorf("an edit that was given up counts: %+v", rows)
	}
	p.do(Edit{"guests"}, RemoveRow{0}, Next{}).on(PageRows) // one is needed
}

func TestSearchForService(t *testing.T) {
	p := confirmed(t).do(Next{}).on(PageService).do(Search{}).on(PageSearch)
	if v := p.view(); len(v.Choice.Options) != 0 || v.Form.Value != "" {
		t.Errorf("%+v", v.Choice)
	}
	p.do(Type{"tam tru"})
	if o := p.view().Choice.Options; len(o) == 0 || o[0].ID != "tam-tru" {
		t.Fatalf("%+v", o)
	}
	p.do(Choose{"tam-tru"}).on(PageQuestion)
	p = confirmed(t).do(Next{}, Search{}, Type{strings.Repeat("x", 100)}).on(PageSearch)
	if n := len(p.view().Form.Value); n != MaxQuery {
		t.Errorf("%d letters", n)
	}
	p.do(Back{}).on(PageService)
}

// Whoever says no to the notice leaves nothing behind but that.
func TestConsentRefused(t *testing.T) {
	p := consent(t, "rent")
	if c := p.view().Consent; c.Purpose != "Đăng ký tạm trú" || c.Who == "" || c.Kept == "" || len(c.Data) < 3 {
		t.Errorf("%+v", c)
	}
	p.effects = nil
	p.do(Refuse{}).on(PageWelcome)
	if r := one[Refused](p); r.Service != "tam-tru" || r.Text != ConsentVersion {
		t.Errorf("%+v", r)
	}
}

// The address on the card is today's only where nothing was guessed.
func TestFactsOfToday(t *testing.T) {
	p := hosting(t)
	w := p.s.v.who
	w.chip.Residence = "Xóm Văn, Thị trấn Mai Châu, Huyện Mai Châu, Tỉnh Hòa Bình"
	facts := p.s.facts(w)
	if facts[form.CardPlace] != (form.Answer{Value: "xã Mai Châu, tỉnh Phú Thọ", Source: identity.FromChip}) || facts[form.CardRest].Value != "Xóm Văn" ||
		facts[form.CardToday].Value != "Xóm Văn, xã Mai Châu, tỉnh Phú Thọ" || facts[form.CardResidence].Value != w.chip.Residence {
		t.Errorf("%+v", facts)
	}
	w.chip.Residence = "Nà Mẫu"
	if facts := p.s.facts(w); facts[form.CardPlace].Value != "" {
		t.Errorf("guessed %+v", facts[form.CardPlace])
	}
}

// Somebody who reads another language reads the questions in it; what is filed and printed stays Vietnamese.
func TestLanguage(t *testing.T) {
	p := confirmed(t)
	p.s.cfg = config(t, map[string]func(string) string{"tam-tru.en.yaml": func(string) string {
		return "plain: Temporary residence\nquestion: Where are you living now?\ncases: {rent: {title: Rented}}\npapers: {ct01: {name: Form CT01}}\npages: {period: {title: How long?}}\n"
	}})
	if p.view().Language != "" {
		t.Error("the office offers no language, and there is a key")
	}
	p.s.cfg.Languages, p.s.cfg.Voice = []string{"en", "mww"}, true
	if v := p.view(); v.Language != "en" {
		t.Fatalf("the key turns to %q", v.Language)
	}
	p.do(Next{}, Language{}).on(PageService)
	if v := p.view(); v.Language != Vietnamese || v.Voice || v.Choice.Options[slices.IndexFunc(v.Choice.Options, func(o Option) bool { return o.ID == "tam-tru" })].Title != "Temporary residence" {
		t.Errorf("%+v", v.Choice.Options)
	}
	p.do(Choose{"tam-tru"}).on(PageQuestion)
	if v := p.view(); v.Title != "Where are you living now?" {
		t.Errorf("question %q", v.Title)
	}
	theirs := *p
	ours := *p
	ours.do(Language{})
	if v := ours.view(); v.Title == p.view().Title || v.Language != "en" {
		t.Errorf("back in Vietnamese: %q", v.Title)
	}
	a, b := theirs.fill("rent").s.draft(), ours.fill("rent").s.draft()
	if !same(a, b) || theirs.s.slipWords().Service != ours.s.slipWords().Service {
		t.Errorf("the language changes what is filed:\n%+v\n%+v", a, b)
	}
	for theirs.view().Page != PageConsent {
		theirs.do(Next{})
	}
	if !theirs.view().Voice {
		t.Error("the notice of consent is not spoken")
	}
	if left := theirs.do(Refuse{}).on(PageWelcome).view(); left.Language != "" || !left.Voice {
		t.Errorf("the next person finds the language of the one before: %+v", left)
	}
}

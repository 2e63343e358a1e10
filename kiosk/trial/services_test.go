package trial

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/assets"
	"motcua/kiosk"
	kconfig "motcua/kiosk/config"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
	"motcua/kiosk/receipt"
	"motcua/kiosk/service"
	"motcua/kiosk/session"
)

var personas = []struct {
	name string
	who  identity.Person
}{{"usual", Usual()}, {"sparse", Sparse()}, {"extreme", Extreme()}}

// TestEveryService: every service that is filed here goes from the card to the slip and to the official forms, in every
// case, with three people.
func TestEveryService(t *testing.T) {
	cfg := config(t)
	shelf, err := paper.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	printer := official.Printer{Catalogue: cfg.Catalogue, Shelf: shelf, Office: official.Office{Name: "Công an xã Mai Châu",
		Parent: "Công an tỉnh Phú Thọ", Commune: "xã Mai Châu", Province: "tỉnh Phú Thọ"}}
	filed := 0
	for _, h := range cfg.Catalogue.On(identity.DateOf(morning)) {
		svc, ok := cfg.Catalogue.Get(h.ID, identity.DateOf(morning))
		if !ok || !svc.Filed(cfg.Local) {
			continue
		}
		filed++
		for _, kase := range cases(svc) {
			for _, p := range personas {
				t.Run(fmt.Sprint(svc.ID, " ", kase, " ", p.name), func(t *testing.T) {
					c := For(svc, p.who)
					if kase != svc.Trial.Case {
						c.Case = kase
					}
					run, err := Play(cfg, svc.ID, c, morning)
					if err != nil {
						t.Fatalf("%v after %+v", err, run.Effort)
					}
					complete(t, cfg, svc, run)
					prints(t, printer, svc, run)
					rows(t, printer, run)
					speaks(t, cfg, run)
				})
			}
		}
	}
	t.Logf("%d services", filed)
}

func cases(svc *service.Service) []string {
	if len(svc.Cases) == 0 {
		return []string{""}
	}
	var ids []string
	for _, c := range svc.Cases {
		ids = append(ids, c.ID)
	}
	return ids
}

// complete holds what was filed against what the service asks: nothing required is missing, nothing is there that no page
// asked and nobody knew, and it comes back from JSON as it was.
func complete(t *testing.T, cfg *session.Config, svc *service.Service, run Run) {
	t.Helper()
	f := run.Filing
	if f.Service != svc.ID || f.Reference.IsZero() || f.Consent == nil || !f.Consent.Given {
		t.Errorf("filing %s %s", f.Service, f.Reference)
	}
	known := map[form.FieldID]bool{}
	for _, field := range svc.Form.Fields {
		known[field.ID] = true
		for i := range f.Answers.Rows(field) {
			for _, c := range field.Columns {
				known[form.Cell(field.ID, i, c.ID)] = true
			}
		}
	}
	for id, a := range f.Answers {
		if !known[id] || a.Value == "" || a.Source == "" {
			t.Errorf("answer %s %+v", id, a)
		}
	}
	data, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var back filing.Filing
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if again, err := json.Marshal(back); err != nil || !bytes.Equal(data, again) || !reflect.DeepEqual(back.Answers, f.Answers) {
		t.Error("the filing does not come back from JSON as it was")
	}
	if len(run.Slip.Bring) == 0 || run.Slip.Fee == "" || run.Slip.Service == "" {
		t.Errorf("slip %+v", run.Slip)
	}
}

// prints makes the slip and the official forms of what was filed.
func prints(t *testing.T, printer official.Printer, svc *service.Service, run Run) {
	t.Helper()
	slip := kiosk.SlipOf(kconfig.Default().Station, func() time.Time { return morning })(session.Print{Filing: run.Filing, Copy: 1, Words: run.Slip})
	const dots = 576 // 80 mm
	if _, err := receipt.Render(slip, dots); err != nil {
		t.Errorf("no slip: %v", err)
	}
	if len(svc.Prints) == 0 {
		return
	}
	printed, err := printer.Forms(run.Filing, identity.DateOf(morning))
	if errors.Is(err, official.ErrForm) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(printed) == 0 {
		t.Error("no official form is filled")
	}
	for _, p := range printed {
		if !bytes.HasPrefix(p.PDF, []byte("%PDF-")) {
			t.Errorf("%s is no PDF", p.Form)
		}
	}
}

// rows holds what the officer reads, and copies into the portal, against the official forms: what an answer has printed there is among them.
func rows(t *testing.T, printer official.Printer, run Run) {
	t.Helper()
	contents, err := printer.Contents(run.Filing, identity.DateOf(morning))
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := printer.Rows(run.Filing)
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]bool{}
	for _, row := range list {
		read[string(row.Field)] = true
	}
	for _, c := range contents {
		for _, key := range slices.Concat(slices.Collect(maps.Keys(c.Text)), slices.Collect(maps.Keys(c.Rows))) {
			if run.Filing.Answers[form.FieldID(key)].Value != "" && !read[key] {
				t.Errorf("%s is printed, and the officer does not read it", key)
			}
		}
	}
}

// TestTouches is the promise of ux.md: a routine filing with a chip takes at most twelve touches and no letters.
func TestTouches(t *testing.T) {
	cfg := config(t)
	for _, id := range []string{"tam-tru", "luu-tru", "tam-vang"} {
		svc, ok := cfg.Catalogue.Get(id, identity.DateOf(morning))
		if !ok || !svc.Filed(cfg.Local) {
			t.Errorf("%s is not filed here", id)
			continue
		}
		run, err := Play(cfg, id, For(svc, Usual()), morning)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		if run.Touches > 12 || run.Letters > 0 {
			t.Errorf("%s: %+v", id, run.Effort)
		}
		t.Logf("%s: %+v", id, run.Effort)
	}
}

// TestOfficialForms: the services fill forms that there are, and keys that these have.
func TestOfficialForms(t *testing.T) {
	shelf, err := paper.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, m := range official.Check(config(t).Catalogue, shelf) {
		texts = append(texts, m.Error())
	}
	if len(texts) > 0 {
		t.Error(strings.Join(texts, "\n"))
	}
}

// speaks: every page between the card and the slip is said aloud, the notice with all that the law wants told, and nothing
// said is the person's own.
func speaks(t *testing.T, cfg *session.Config, run Run) {
	t.Helper()
	who := run.Filing.Applicant
	for _, view := range run.Snapshots {
		said := session.Speech(view, cfg.Texts)
		if said == "" {
			t.Errorf("%s %s says nothing", view.Page, field(view))
		}
		for _, own := range []string{who.Name, string(who.Number), who.Birth.String(), who.Residence, who.Father, who.OldNumber} {
			if own != "" && strings.Contains(said, own) {
				t.Errorf("%s %s says what others must not hear", view.Page, field(view))
			}
		}
		if c := view.Consent; c != nil {
			for _, told := range append([]string{c.Purpose, c.Who, c.Kept}, c.Data...) {
				if told == "" || !strings.Contains(said, strings.TrimRight(told, ".")) {
					t.Errorf("the notice does not say %q: %s", told, said)
				}
			}
		}
	}
}

// TestOnlyHere: the address on the card is offered as the place of a stay only where it lies in this commune; who lives elsewhere says where here.
func TestOnlyHere(t *testing.T) {
	cfg := config(t)
	elsewhere := Usual()
	elsewhere.Residence = "Xóm Chiềng, Phong Phú, Tân Lạc, Hòa Bình"
	for _, id := range []string{"tam-tru", "thuong-tru", "gia-han-tam-tru", "luu-tru"} {
		svc, ok := cfg.Catalogue.Get(id, identity.DateOf(morning))
		if !ok {
			t.Fatalf("no %s", id)
		}
		for name, want := range map[string]struct {
			who     identity.Person
			offered bool
		}{"here": {Usual(), true}, "elsewhere": {elsewhere, false}} {
			run, err := Play(cfg, id, For(svc, want.who), morning)
			if err != nil {
				t.Errorf("%s %s: %v", id, name, err)
				continue
			}
			a := run.Filing.Answers
			if _, offered := a["card_address"]; offered != want.offered || a["address"].Value != "Xóm Văn, xã Mai Châu, tỉnh Phú Thọ" {
				t.Errorf("%s %s: offered %v, %+v", id, name, offered, a["address"])
			}
		}
	}
}

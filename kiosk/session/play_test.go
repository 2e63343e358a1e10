package session

import (
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/service/servicetest"
	"motcua/kiosk/text"
)

// morning is Monday 23 November 2026, 9:12 in Vietnam.
var (
	vietnam = time.FixedZone("ICT", 7*60*60)
	morning = time.Date(2026, time.November, 23, 9, 12, 0, 0, vietnam)
)

// The people of these tests do not exist: 099 is no province.
const (
	unQR  = "099188000231|098700231|Lò Thị Ủn|19071988|Nữ|Bản Nà Mẫu, Xã Chiềng Mẫu, Huyện Mai Mẫu, Tỉnh Mẫu|15032022"
	mauQR = "099090000017|012345678|Nguyễn Văn Mẫu|01011990|Nam|Số 1, Đường Mẫu, Xã Mẫu, Huyện Mẫu, Tỉnh Mẫu|01022021"
)

func un() identity.Person {
	return identity.Person{Number: "099188000231", Name: "Lò Thị Ủn", Birth: identity.Date{Year: 1988, Month: 7, Day: 19},
		Sex: identity.Female, Nationality: "Việt Nam", Ethnicity: "Thái", Religion: "Không",
		Origin: "Xã Chiềng Mẫu", Residence: "Bản Nà Mẫu, Xã Chiềng Mẫu, Huyện Mai Mẫu, Tỉnh Mẫu",
		Issued: identity.Date{Year: 2022, Month: 3, Day: 15}, Expires: identity.Expiry{Date: identity.Date{Year: 2028, Month: 7, Day: 19}},
		Father: "Lò Văn Ủm", Mother: "Quàng Thị Ỏi", Spouse: "Cà Văn Ượng", OldNumber: "098700231"}
}

func photo() *identity.Photo {
	return &identity.Photo{Type: "image/jpeg", Data: []byte("ảnh Lò Thị Ủn"), Width: 240, Height: 320}
}

// proof is of a good card.
func proof() identity.Evidence {
	e := identity.Evidence{Source: identity.FromChip, Access: "PACE-CAN"}
	for _, name := range []string{identity.CheckAccess, identity.CheckDataGroups, identity.CheckPassive, identity.CheckChip} {
		e.Checks = append(e.Checks, identity.Check{Name: name, Outcome: identity.Passed})
	}
	return e
}

// against is proof, but for one check.
func against(name string, outcome identity.Outcome, cause string) identity.Evidence {
	e := proof()
	for i := range e.Checks {
		if e.Checks[i].Name == name {
			e.Checks[i].Outcome, e.Checks[i].Cause = outcome, cause
		}
	}
	return e
}

// private is what must not be found anywhere once she has left.
var private = []string{"Lò Thị Ủn", "Ủn", "099188000231", "099******231", "19/07/1988", "1988", "Nà Mẫu", "Ủm", "Quàng", "Ượng",
	"098700231", "Xóm Văn", "Hà Văn Thuyết", "0912345678", "012301230123", "19071988", "231"}

func config(t testing.TB, edits ...map[string]func(string) string) *Config {
	t.Helper()
	assets := os.DirFS("../../assets")
	texts, err := text.Load(assets, "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return &Config{Office: Office{Name: "Công an xã Mai Châu", Province: "tỉnh Phú Thọ", Station: "K1", Label: "Ki-ốt 1", Waiting: -1},
		Commune: "xã Mai Châu", Province: "tỉnh Phú Thọ", Catalogue: servicetest.Load(t, edits...), Texts: texts, Calendar: calendar.New(),
		Zone: vietnam, Printer: true}
}

// play is a session under test with everything that it wanted done.
type play struct {
	t       testing.TB
	s       State
	effects []Effect
}

func start(t testing.TB) *play { return startWith(t, config(t)) }

func startWith(t testing.TB, cfg *Config) *play {
	return &play{t: t, s: New(cfg, [SeedLen]byte{1, 2, 3}, morning)}
}

func (p *play) do(events ...Event) *play {
	p.t.Helper()
	for _, e := range events {
		var effects []Effect
		p.s, effects = Step(p.s, e)
		p.effects = append(p.effects, effects...)
	}
	return p
}

// wait lets time pass, second by second.
func (p *play) wait(d time.Duration) *play {
	p.t.Helper()
	for range int(d / time.Second) {
		p.do(Tick{p.s.now.Add(time.Second)})
	}
	return p
}

func (p *play) on(want Page) *play {
	p.t.Helper()
	if got := p.view().Page; got != want {
		p.t.Fatalf("on page %s, want %s", got, want)
	}
	return p
}

func (p *play) view() Snapshot { return View(p.s) }

// one takes the only effect of type E since the last take; all others since then must be of other types.
func one[E Effect](p *play) E {
	p.t.Helper()
	var found []E
	for _, e := range p.effects {
		if e, ok := e.(E); ok {
			found = append(found, e)
		}
	}
	p.effects = nil
	if len(found) != 1 {
		p.t.Fatalf("%d effects of type %T, want one", len(found), *new(E))
	}
	return found[0]
}

// none wants no effect of type E since the last take.
func none[E Effect](p *play) {
	p.t.Helper()
	for _, e := range p.effects {
		if _, ok := e.(E); ok {
			p.t.Fatalf("unwanted effect %T", e)
		}
	}
}

// read answers the read that was asked for.
func (p *play) read() *play {
	p.t.Helper()
	r := one[ReadCard](p)
	return p.do(CardProgress{r.Serial, r.Try, 3, 30}, CardText{r.Serial, r.Try, un()}, CardProgress{r.Serial, r.Try, 30, 30},
		CardRead{r.Serial, r.Try, un(), photo(), proof()})
}

// confirmed stands at "is this you?" after QR code and chip.
func confirmed(t testing.TB) *play {
	return start(t).do(ReaderChanged{true}, ScannerChanged{true}, Scanned{unQR}, CardOn{}).on(PageReading).read().on(PageConfirm)
}

func asked(t testing.TB) *play {
	return confirmed(t).do(Next{}).on(PageService).do(Choose{"tam-tru"}).on(PageQuestion)
}

// fill answers the pages of a case up to the papers.
func (p *play) fill(kase string) *play {
	p.t.Helper()
	p.do(Choose{kase}).on(PageForm).do(Type{"Xóm Văn"}, Next{}).on(PageQuestion).do(Choose{"one-year"})
	if kase != "own" {
		p.on(PageForm).do(Type{"Hà Văn Thuyết"}, Next{}).on(PageQuestion).do(Choose{"spouse"}).
			on(PageForm).do(Type{"012301230123"}, Next{})
	}
	return p.on(PageForm).do(Type{"0912345678"}, Next{}).on(PageQuestion).do(Choose{"alone"}).on(PagePapers)
}

func papers(t testing.TB, kase string) *play { return asked(t).fill(kase) }

func reviewed(t testing.TB, kase string) *play { return papers(t, kase).do(Next{}).on(PageReview) }

func consent(t testing.TB, kase string) *play {
	p := reviewed(t, kase)
	for p.view().Page == PageReview {
		p.do(Next{})
	}
	return p.on(PageConsent)
}

func filingPage(t testing.TB, kase string) *play { return consent(t, kase).do(Next{}).on(PageFiling) }

// number is the filing's.
func number(t testing.TB) filing.Reference {
	ref, err := filing.NewReference("05200", "K1", identity.Date{Year: 2026, Month: 11, Day: 23}, 47)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// stored is what the store makes of the draft that was handed in.
func (p *play) stored() Filed {
	p.t.Helper()
	f := one[File](p)
	return Filed{f.Serial, filing.Filing{Draft: f.Draft, Reference: number(p.t), Filed: p.s.now, Status: filing.Filed}}
}

func done(t testing.TB, kase string) *play {
	p := filingPage(t, kase)
	return p.do(p.stored()).on(PageDone)
}

// clean wants a machine that knows nobody: equal to a new one but for serial, clock and devices, and without a
// personal word anywhere in state or view.
func (p *play) clean() *play {
	p.t.Helper()
	if err := uncleanness(p.s); err != "" {
		p.t.Fatal(err)
	}
	return p.on(PageWelcome)
}

func uncleanness(s State) string {
	fresh := New(s.cfg, s.seed, s.now)
	fresh.Serial, fresh.dev = s.Serial, s.dev
	if !reflect.DeepEqual(s, fresh) {
		return "the state is not a fresh one"
	}
	cfg := s.cfg
	s.cfg = nil
	texts := append(reachable(reflect.ValueOf(s)), reachable(reflect.ValueOf(View(New(cfg, s.seed, s.now))))...)
	s.cfg = cfg
	texts = append(texts, reachable(reflect.ValueOf(View(s)))...)
	if secret := leaked(texts); secret != "" {
		return "still there: " + secret
	}
	return ""
}

func leaked(texts []string) string {
	all := strings.Join(texts, "\n")
	for _, secret := range private {
		if strings.Contains(all, secret) {
			return secret
		}
	}
	return ""
}

// reachable lists every string and byte slice that can be reached from a value.
func reachable(v reflect.Value) []string {
	var texts []string
	switch v.Kind() {
	case reflect.String:
		return []string{v.String()}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return reachable(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			texts = append(texts, reachable(v.Field(i))...)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			texts = append(append(texts, reachable(it.Key())...), reachable(it.Value())...)
		}
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			return []string{string(v.Bytes())}
		}
		for i := range v.Len() {
			texts = append(texts, reachable(v.Index(i))...)
		}
	}
	return texts
}

// TestReachable makes sure that the search of the other tests finds what there is.
func TestReachable(t *testing.T) {
	p := done(t, "rent")
	texts := reachable(reflect.ValueOf(p.s.v))
	for _, secret := range []string{"Lò Thị Ủn", "Quàng", "Xóm Văn", "ảnh Lò", "Hà Văn Thuyết"} {
		if !strings.Contains(strings.Join(texts, "\n"), secret) {
			t.Errorf("the search does not find %q in the state of somebody who is there", secret)
		}
	}
}

func sorted(all map[string]Event) []string { return slices.Sorted(maps.Keys(all)) }

func iconExists(name string) bool {
	_, err := os.Stat("../../assets/icons/" + name + ".svg")
	return err == nil
}

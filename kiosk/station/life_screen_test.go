package station_test

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"motcua/devices/card/cardsim"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
)

// screen remembers every snapshot that it was shown.
type screen struct {
	mu   sync.Mutex
	all  []session.Snapshot
	news chan struct{} // closed with the next snapshot
}

func newScreen() *screen { return &screen{news: make(chan struct{})} }

func (s *screen) show(snap session.Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, snap)
	close(s.news)
	s.news = make(chan struct{})
}

// latest is what is on the screen, and a channel that is closed when that changes.
func (s *screen) latest() (session.Snapshot, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) == 0 {
		return session.Snapshot{}, s.news
	}
	return s.all[len(s.all)-1], s.news
}

func (s *screen) shown() []session.Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]session.Snapshot(nil), s.all...)
}

// forget drops what was shown so far but the last, for tests of many people.
func (s *screen) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = []session.Snapshot{s.all[len(s.all)-1]}
}

func (m *machine) now() session.Snapshot {
	s, _ := m.screen.latest()
	return s
}

// until waits for something that the program owes at once.
func (m *machine) until(what string, want func(session.Snapshot) bool) session.Snapshot {
	m.t.Helper()
	return m.within(reaction, what, want)
}

// within waits for a snapshot; the test ends if none comes in time.
func (m *machine) within(limit time.Duration, what string, want func(session.Snapshot) bool) session.Snapshot {
	m.t.Helper()
	over := time.NewTimer(limit)
	defer over.Stop()
	for {
		s, news := m.screen.latest()
		if want(s) {
			return s
		}
		select {
		case <-news:
		case <-over.C:
			m.t.Fatalf("stuck: waited %v for %s; the screen shows %s", limit, what, describe(s))
		}
	}
}

// stays makes sure that for a moment nothing turns away from what is wanted.
func (m *machine) stays(what string, want func(session.Snapshot) bool) {
	m.t.Helper()
	const moment = 150 * time.Millisecond
	over := time.NewTimer(moment)
	defer over.Stop()
	for {
		s, news := m.screen.latest()
		if !want(s) {
			m.t.Fatalf("%s is over: the screen shows %s", what, describe(s))
		}
		select {
		case <-news:
		case <-over.C:
			return
		}
	}
}

func (m *machine) on(page session.Page) session.Snapshot {
	m.t.Helper()
	return m.until("page "+string(page), func(s session.Snapshot) bool { return s.Page == page })
}

func (m *machine) send(events ...session.Event) {
	for _, e := range events {
		m.kiosk.Send(e)
	}
}

// describe is a snapshot in a line; the people here do not exist.
func describe(s session.Snapshot) string {
	line := fmt.Sprintf("page %s of session %d, notice %q", s.Page, s.Serial, s.Notice)
	if s.Reading != nil {
		line += fmt.Sprintf(", reading %+v", *s.Reading)
	}
	if s.Form != nil {
		line += fmt.Sprintf(", field %s %q %v", s.Form.Field, s.Form.Value, s.Form.Problems)
	}
	if s.Choice != nil {
		line += fmt.Sprintf(", choice %s", s.Choice.Field)
	}
	if s.Fault != nil {
		line += fmt.Sprintf(", fault %+v", *s.Fault)
	}
	if s.Done != nil {
		line += fmt.Sprintf(", done %+v", *s.Done)
	}
	return line
}

// secrets is what only one person's session may show.
func secrets(p cardsim.Persona, answers map[string]string) []string {
	found := []string{p.Number, p.DocumentNumber(), identity.Number(p.Number).Masked(), p.Name, p.Birth.Format("02/01/2006"),
		p.Birth.Format("02012006"), p.Residence, p.Father, p.Mother, "a portrait"}
	for _, more := range []string{p.Spouse, p.CMND, answers["dwelling"], answers["head_name"], answers["phone"], answers["head_number"]} {
		if more != "" {
			found = append(found, more)
		}
	}
	return found
}

// leak is the first of the secrets that a value holds, "" if none.
func leak(value any, secrets []string) string {
	all := strings.Join(texts(reflect.ValueOf(value)), "\n")
	for _, secret := range secrets {
		if strings.Contains(all, secret) {
			return secret
		}
	}
	return ""
}

// texts lists every string that can be reached from a value; a portrait is named and not read, because the wipe may be
// overwriting it.
func texts(v reflect.Value) []string {
	var found []string
	switch v.Kind() {
	case reflect.String:
		return []string{v.String()}
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		if _, portrait := v.Interface().(*identity.Photo); portrait {
			return []string{"a portrait"}
		}
		return texts(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				found = append(found, texts(v.Field(i))...)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			found = append(found, texts(v.Index(i))...)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			found = append(append(found, texts(it.Key())...), texts(it.Value())...)
		}
	}
	return found
}

// TestLeak makes sure that the search finds what there is.
func TestLeak(t *testing.T) {
	p := cardsim.Personas()[1]
	for _, s := range []session.Snapshot{
		{Confirm: &session.Confirm{Name: p.Name}}, {Review: &session.Review{Rows: []session.Row{{Value: p.Mother}}}},
		{Reading: &session.Reading{Name: p.Name}}, {Crumb: "Chào bà " + p.Name}, {Confirm: &session.Confirm{Photo: &identity.Photo{}}},
		{Form: &session.Form{Known: []session.KnownField{{Value: p.Residence}}}},
	} {
		if leak(s, secrets(p, nil)) == "" {
			t.Errorf("nothing found in %s", describe(s))
		}
	}
	if found := leak(session.Snapshot{Page: session.PageWelcome}, secrets(p, nil)); found != "" {
		t.Errorf("found %q in an empty page", found)
	}
}

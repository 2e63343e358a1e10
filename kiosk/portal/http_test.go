package portal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/trial"
)

func TestHandsOver(t *testing.T) {
	s, b := newServer(t), bundle(t)
	h, slept := s.client(t, nil)
	ref := b.Manifest.Reference
	if _, err := h.Status(t.Context(), ref); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("before: %v", err)
	}
	got, err := h.Send(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if got.Reference != ref || got.Digest != b.Digest || got.Status != Accepted || got.Dossier != theCode || !got.Taken.Equal(morning) {
		t.Errorf("%+v", got)
	}
	if again, err := h.Send(t.Context(), b); err != nil || again != got || s.made != 1 {
		t.Errorf("a repeat: %+v, %v, %d dossiers", again, err, s.made)
	}
	if status, err := h.Status(t.Context(), ref); err != nil || status != got {
		t.Errorf("afterwards: %+v, %v", status, err)
	}
	if len(*slept) != 0 {
		t.Errorf("paused for %v", *slept)
	}
}

// TestComesAgain: what passes is waited for, and makes one dossier only.
func TestComesAgain(t *testing.T) {
	lost := func(n int) []func(http.ResponseWriter) { return slices.Repeat([]func(http.ResponseWriter){breaks}, n) }
	for name, c := range map[string]struct {
		faults, tokens []http.HandlerFunc
		after          []func(http.ResponseWriter)
		pauses         int
	}{
		"flaky":               {faults: append(fails(2, 503), fails(2, 500)...), pauses: 4},
		"no answer at all":    {faults: slices.Repeat([]http.HandlerFunc{func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }}, 2), pauses: 1}, // after one by the library itself
		"lost answers":        {after: lost(3), pauses: 3},
		"too many":            {faults: fails(1, 429, "Retry-After", "7"), pauses: 1},
		"no token at first":   {tokens: fails(2, 503), pauses: 2},
		"token that is none":  {tokens: []http.HandlerFunc{saying("application/json", "{")}, pauses: 1},
		"token breaks off":    {tokens: []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) { breaks(w) }}, pauses: 1},
		"all of it in a row":  {faults: fails(1, 502), tokens: fails(1, 429), after: lost(1), pauses: 3},
		"broken off on entry": {faults: []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) { breaks(w) }}, pauses: 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.faults, s.tokens, s.after = c.faults, c.tokens, c.after
			h, slept := s.client(t, nil)
			b := bundle(t)
			got, err := h.Send(t.Context(), b)
			if err != nil || got.Dossier != theCode || s.made != 1 {
				t.Errorf("%+v, %v, %d dossiers", got, err, s.made)
			}
			if len(*slept) != c.pauses {
				t.Errorf("paused for %v", *slept)
			}
			for _, r := range s.asked {
				if r.Header.Get("Idempotency-Key") != b.Key() {
					t.Errorf("another key: %s", r.Header.Get("Idempotency-Key"))
				}
			}
		})
	}
}

// TestPauses: they grow, stay bounded, differ from office to office, and are as long as the portal asks for.
func TestPauses(t *testing.T) {
	for _, c := range []struct {
		jitter float64
		header []string
		want   string
	}{
		{0, nil, "[500ms 1s 2s 4s 8s 15s 15s]"},
		{0.5, nil, "[750ms 1.5s 3s 6s 12s 22.5s 22.5s]"},
		{0, []string{"Retry-After", "3"}, "[3s 3s 3s 4s 8s 15s 15s]"},
		{0, []string{"Retry-After", "120"}, "[2m0s 2m0s 2m0s 2m0s 2m0s 2m0s 2m0s]"},
		{0, []string{"Retry-After", "121"}, "[]"},
		{0, []string{"Retry-After", "soon"}, "[500ms 1s 2s 4s 8s 15s 15s]"},
		{0, []string{"Retry-After", "Wed, 25 Nov 2020 09:00:00 GMT"}, "[500ms 1s 2s 4s 8s 15s 15s]"},
		{0, []string{"Retry-After", "Wed, 25 Nov 2099 09:00:00 GMT"}, "[]"},
		{0, []string{"Date", "Wed, 25 Nov 2099 08:59:40 GMT", "Retry-After", "Wed, 25 Nov 2099 09:00:00 GMT"}, "[20s 20s 20s 20s 20s 20s 20s]"}, // our clock is behind
		{0, []string{"Date", "Wed, 25 Nov 2020 08:59:40 GMT", "Retry-After", "Wed, 25 Nov 2020 09:00:00 GMT"}, "[20s 20s 20s 20s 20s 20s 20s]"}, // or ahead
	} {
		s := newServer(t)
		s.faults = fails(20, 503, c.header...)
		h, slept := s.client(t, func(o *Options) { o.Attempts, o.Jitter = 8, func() float64 { return c.jitter } })
		_, err := h.Send(t.Context(), bundle(t))
		if fault.CodeOf(err) != fault.PortalUnreachable || fmt.Sprint(*slept) != c.want {
			t.Errorf("%v %v: %v, %v", c.jitter, c.header, *slept, err)
		}
	}
}

// TestRefused: a no is a no.
func TestRefused(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 405, 408, 413, 415, 422, 451} {
		s := newServer(t)
		s.faults = fails(1, status)
		h, slept := s.client(t, nil)
		_, err := h.Send(t.Context(), bundle(t))
		var refusal *Refusal
		if fault.CodeOf(err) != fault.PortalRefused || !errors.As(err, &refusal) || refusal.Status != status || len(*slept) != 0 || len(s.asked) != 1 {
			t.Errorf("%d: %v after %d requests", status, err, len(s.asked))
		}
		if strings.Contains(err.Error(), "Nguyễn") || refusal.Title == "" {
			t.Errorf("%d: the log is told %q, the officer %q", status, err, refusal.Title)
		}
	}
	s := newServer(t)
	h, _ := s.client(t, func(o *Options) { o.ClientID = "somebody" })
	if _, err := h.Send(t.Context(), bundle(t)); fault.CodeOf(err) != fault.PortalRefused || len(s.asked) != 0 {
		t.Errorf("an unknown client: %v", err)
	}
}

// TestOldToken: a token that was forgotten or ran out during the pauses is no refusal of the filing; one that is new and not taken is.
func TestOldToken(t *testing.T) {
	s := newServer(t)
	s.faults = fails(2, 503)
	tokens := 0
	counted := func(w http.ResponseWriter, _ *http.Request) {
		tokens++
		s.accepts = fmt.Sprintf("Bearer token-%d", tokens)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"access_token":"token-%d","token_type":"Bearer"}`, tokens) // expires_in may be left out
	}
	s.tokens = []http.HandlerFunc{counted, counted, counted}
	h, _ := s.client(t, func(o *Options) {
		o.Sleep = func(context.Context, time.Duration) error { s.accepts = "Bearer none"; return nil }
	})
	if got, err := h.Send(t.Context(), bundle(t)); err != nil || got.Dossier != theCode || s.made != 1 || tokens != 2 {
		t.Errorf("%v, %d dossiers, %d tokens", err, s.made, tokens)
	}
	s = newServer(t)
	s.faults = append(fails(1, 503), fails(2, 401)...)
	h, slept := s.client(t, nil)
	if _, err := h.Send(t.Context(), bundle(t)); fault.CodeOf(err) != fault.PortalRefused || len(s.asked) != 3 || len(*slept) != 1 {
		t.Errorf("%v after %d requests", err, len(s.asked))
	}
}

// TestConflict: the portal has the reference. If it has this very bundle, that is what was wanted.
func TestConflict(t *testing.T) {
	s, b := newServer(t), bundle(t)
	h, _ := s.client(t, nil)
	first, err := h.Send(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	s.byKey = map[string]Receipt{} // it keeps keys for a day only
	if got, err := h.Send(t.Context(), b); err != nil || got != first || s.made != 1 {
		t.Errorf("%+v, %v, %d dossiers", got, err, s.made)
	}
	f := filed(t, "tam-tru", trial.Usual())
	f.Papers = nil
	other, err := Make(f, nil, thePrinter(t), "an", an())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Send(t.Context(), other); fault.CodeOf(err) != fault.PortalRefused || s.made != 1 {
		t.Errorf("another bundle: %v, %d dossiers", err, s.made)
	}
}

// TestOddAnswers: what is no receipt is no success, and nothing that is large or slow is waited for.
func TestOddAnswers(t *testing.T) {
	b := bundle(t)
	good := fmt.Sprintf(`{"reference":%q,"digest":%q,"status":"new","taken":"2026-11-25T09:12:00+07:00"}`, b.Manifest.Reference, b.Digest)
	for name, c := range map[string]struct {
		f    http.HandlerFunc
		want fault.Code
	}{
		"as it should be": {saying("application/json", good), ""},
		"a key more":      {saying("application/json", strings.Replace(good, "{", `{"more":1,`, 1)), ""},
		"enormous":        {saying("application/json", good+strings.Repeat(" ", 8<<20)), fault.PortalAnswer},
		"a page":          {saying("text/html", "<html>"), fault.PortalAnswer},
		"no JSON":         {saying("application/json", good[:40]), fault.PortalAnswer},
		"nothing":         {saying("application/json", ""), fault.PortalAnswer},
		"other digest":    {saying("application/json", strings.Replace(good, b.Digest, "sha256:"+strings.Repeat("0", 64), 1)), fault.PortalAnswer},
		"no digest":       {saying("application/json", strings.Replace(good, b.Digest, "", 1)), fault.PortalAnswer},
		"other filing":    {saying("application/json", strings.Replace(good, "001.J", "002.H", 1)), fault.PortalAnswer},
		"other status":    {saying("application/json", strings.Replace(good, "new", "lost", 1)), fault.PortalAnswer},
		"no code":         {saying("application/json", strings.Replace(good, "{", `{"dossier":"12",`, 1)), fault.PortalAnswer},
		"long note":       {saying("application/json", strings.Replace(good, "{", `{"note":"`+strings.Repeat("a", maxNote+1)+`",`, 1)), fault.PortalAnswer},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/v1/other", http.StatusTemporaryRedirect)
		},
			fault.PortalAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.faults = []http.HandlerFunc{c.f}
			h, _ := s.client(t, nil)
			if _, err := h.Send(t.Context(), b); fault.CodeOf(err) != c.want || len(s.asked) != 1 {
				t.Errorf("%v after %d requests", err, len(s.asked))
			}
		})
	}
}

// TestSlow: an answer that does not end is given up, and asked for again.
func TestSlow(t *testing.T) {
	s := newServer(t)
	s.faults = []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}}
	h, _ := s.client(t, func(o *Options) { o.Timeout = 3 * time.Second })
	if got, err := h.Send(t.Context(), bundle(t)); err != nil || got.Dossier != theCode || s.made != 1 {
		t.Errorf("%+v, %v, %d dossiers", got, err, s.made)
	}
}

func TestGivenUp(t *testing.T) {
	s := newServer(t)
	s.faults = fails(9, 503)
	ctx, cancel := context.WithCancel(t.Context())
	h, _ := s.client(t, func(o *Options) {
		o.Sleep = func(ctx context.Context, _ time.Duration) error { cancel(); return sleep(ctx, time.Hour) }
	})
	if _, err := h.Send(ctx, bundle(t)); !errors.Is(err, context.Canceled) || len(s.asked) != 1 {
		t.Errorf("%v after %d requests", err, len(s.asked))
	}
}

// TestSecrets: neither the log nor an error knows the secret, the token, or anybody.
func TestSecrets(t *testing.T) {
	var log bytes.Buffer
	s := newServer(t)
	s.tokens = append(fails(1, 500), saying("text/html", theSecret))
	s.faults = append(fails(2, 503), fails(1, 422)...)
	h, _ := s.client(t, func(o *Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	_, err := h.Send(t.Context(), bundle(t))
	if fault.CodeOf(err) != fault.PortalRefused || strings.Count(log.String(), "\n") != 5 {
		t.Errorf("%v\n%s", err, &log)
	}
	for _, secret := range []string{theSecret, "a-token", "Nguyễn", "Hà Thị", "099160000017"} {
		if strings.Contains(log.String()+err.Error(), secret) {
			t.Errorf("%q is told", secret)
		}
	}
}

func TestOptions(t *testing.T) {
	secret := secretFile(t)
	open := filepath.Join(t.TempDir(), "open")
	empty := filepath.Join(t.TempDir(), "empty")
	two := filepath.Join(t.TempDir(), "two")
	for path, c := range map[string]struct {
		text string
		mode os.FileMode
	}{open: {"x", 0o644}, empty: {"\n", 0o600}, two: {"a\nb", 0o600}} {
		if err := os.WriteFile(path, []byte(c.text), c.mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		url, file string
		good      bool
	}{
		{"https://portal.example.vn/v1", secret, true}, {"http://127.0.0.1:4010", secret, true}, {"http://[::1]:4010", secret, true},
		{"http://localhost:4010/", secret, true}, {"http://portal.example.vn", secret, false}, {"http://127.0.0.1.example.vn", secret, false},
		{"ftp://portal.example.vn", secret, false}, {"portal.example.vn", secret, false}, {"", secret, false},
		{"https://user:word@portal.example.vn", secret, false}, {"https://portal.example.vn?key=1", secret, false},
		{"https://portal.example.vn", open, false}, {"https://portal.example.vn", empty, false}, {"https://portal.example.vn", two, false},
		{"https://portal.example.vn", secret + "x", false},
	} {
		for _, o := range []Options{{URL: c.url, TokenURL: "https://portal.example.vn/token", SecretFile: c.file}, {TokenURL: c.url, URL: "https://portal.example.vn", SecretFile: c.file}} {
			if _, err := NewHTTP(o); (err == nil) != c.good || !c.good && fault.CodeOf(err) != fault.ConfigBad {
				t.Errorf("%+v: %v", o, err)
			}
		}
	}
}

// TestStrangers: neither a certificate that nobody vouches for nor a closed port gets a filing.
func TestStrangers(t *testing.T) {
	got := 0
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got++ }))
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	secure.StartTLS()
	defer secure.Close()
	s := newServer(t)
	h, slept := s.client(t, func(o *Options) { o.URL = secure.URL })
	if _, err := h.Send(t.Context(), bundle(t)); fault.CodeOf(err) != fault.PortalUnreachable || got != 0 || len(*slept) != 0 {
		t.Errorf("a stranger: %v, %d requests", err, got)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + l.Addr().String()
	l.Close()
	h, slept = s.client(t, func(o *Options) { o.URL = closed })
	if _, err := h.Send(t.Context(), bundle(t)); fault.CodeOf(err) != fault.PortalUnreachable || len(*slept) != usualAttempts-1 {
		t.Errorf("a closed port: %v, %v", err, *slept)
	}
}

func FuzzReceipt(f *testing.F) {
	f.Add([]byte(`{"reference":"05200.K1.261125.001.J","digest":"sha256:` + strings.Repeat("0", 64) + `","status":"new","taken":"2026-11-25T09:12:00+07:00","dossier":"H15.50.05.13-261125-0975"}`))
	f.Add([]byte(`{"type":"urn:motcua:portal:conflict","title":"x","digest":"sha256:` + strings.Repeat("0", 64) + `"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if r, err := parseReceipt(body); err == nil && (r.Reference.String() == "" || r.Status == "") {
			t.Fatalf("%+v", r)
		}
		if r := parseRefusal(409, problemType, body); len(r.Error()) > 100 {
			t.Fatal(r)
		}
	})
}

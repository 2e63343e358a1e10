package portal

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"motcua/kiosk/filing"
)

// theCode is the official code that the server gives.
const theCode filing.Dossier = "H15.50.05.13-261125-0975"

const theSecret = "s3cret-of-the-office"

// server is a portal that keeps what the description promises, and can be told to fail.
type server struct {
	*httptest.Server
	accepts string // the token
	mu      sync.Mutex
	asked   []*http.Request               // every request to filings
	byKey   map[string]Receipt            // what was taken
	byRef   map[string]Receipt            //
	made    int                           // dossiers
	faults  []http.HandlerFunc            // instead of an answer to a request on filings, one after the other
	after   []func(w http.ResponseWriter) // what becomes of an answer that was made
	tokens  []http.HandlerFunc            // instead of a token
}

func newServer(t *testing.T) *server {
	s := &server{accepts: "Bearer a-token", byKey: map[string]Receipt{}, byRef: map[string]Receipt{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/oauth/token", s.token)
	mux.HandleFunc("POST /v1/filings", s.take)
	mux.HandleFunc("GET /v1/filings/{reference}", s.status)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// client is one of this server.
func (s *server) client(t *testing.T, change func(*Options)) (*HTTP, *[]time.Duration) {
	t.Helper()
	o := Options{URL: s.URL + "/v1", TokenURL: s.URL + "/v1/oauth/token"}
	if change != nil {
		change(&o)
	}
	return clientOf(t, o)
}

// clientOf is a client that sleeps in no time and notes for how long it would have.
func clientOf(t *testing.T, o Options) (*HTTP, *[]time.Duration) {
	t.Helper()
	var slept []time.Duration
	o.SecretFile, o.Scope = secretFile(t), "filings"
	if o.ClientID == "" {
		o.ClientID = "cong-an-mai-chau"
	}
	if o.Sleep == nil {
		o.Sleep = func(ctx context.Context, d time.Duration) error { slept = append(slept, d); return ctx.Err() }
	}
	h, err := NewHTTP(o)
	if err != nil {
		t.Fatal(err)
	}
	return h, &slept
}

func secretFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(theSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (s *server) token(w http.ResponseWriter, r *http.Request) {
	if f := s.next(&s.tokens); f != nil {
		f(w, r)
		return
	}
	id, secret, _ := r.BasicAuth()
	if id != "cong-an-mai-chau" || secret != theSecret || r.FormValue("grant_type") != "client_credentials" || r.FormValue("scope") != "filings" {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error":"invalid_client"}`)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, `{"access_token":"a-token","token_type":"Bearer","expires_in":300}`)
}

func (s *server) next(list *[]http.HandlerFunc) http.HandlerFunc {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(*list) == 0 {
		return nil
	}
	f := (*list)[0]
	*list = (*list)[1:]
	return f
}

// enter notes a request and says whether it is to be served.
func (s *server) enter(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	s.asked = append(s.asked, r)
	s.mu.Unlock()
	if f := s.next(&s.faults); f != nil {
		f(w, r)
		return false
	}
	if r.Header.Get("Authorization") != s.accepts {
		problem(w, http.StatusUnauthorized, "unauthorized", "")
		return false
	}
	return true
}

func (s *server) take(w http.ResponseWriter, r *http.Request) {
	if !s.enter(w, r) {
		return
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, MaxBundle+1))
	if err != nil {
		return
	}
	o, err := Open(data)
	if err != nil {
		problem(w, http.StatusUnprocessableEntity, "bad-bundle", "")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key, ref := r.Header.Get("Idempotency-Key"), o.Manifest.Reference.String()
	status, receipt := http.StatusOK, s.byKey[key]
	if receipt.Digest == "" {
		if there, ok := s.byRef[ref]; ok {
			problem(w, http.StatusConflict, "conflict", there.Digest)
			return
		}
		receipt = Receipt{Reference: o.Manifest.Reference, Digest: o.Digest, Status: Accepted, Taken: morning, Dossier: theCode}
		s.byKey[key], s.byRef[ref] = receipt, receipt
		s.made++
		status = http.StatusCreated
	}
	if len(s.after) > 0 {
		lose := s.after[0]
		s.after = s.after[1:]
		lose(w)
		return
	}
	reply(w, status, receipt)
}

func (s *server) status(w http.ResponseWriter, r *http.Request) {
	if !s.enter(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	receipt, ok := s.byRef[r.PathValue("reference")]
	if !ok {
		problem(w, http.StatusNotFound, "not-found", "")
		return
	}
	reply(w, http.StatusOK, receipt)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func problem(w http.ResponseWriter, status int, word, digest string) {
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(status)
	p := map[string]any{"type": problemTypes + word, "title": "Nguyễn Văn Mẫu thiếu giấy", "status": status}
	if digest != "" {
		p["digest"] = digest
	}
	_ = json.NewEncoder(w).Encode(p)
}

// fails answers with a status, n times.
func fails(n, status int, header ...string) []http.HandlerFunc {
	var list []http.HandlerFunc
	for range n {
		list = append(list, func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			problem(w, status, "unavailable", "")
		})
	}
	return list
}

// breaks ends the connection in the middle of an answer.
func breaks(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"reference":`)
	w.(interface{ Flush() }).Flush()
	panic(http.ErrAbortHandler)
}

// saying answers with a body.
func saying(mediaType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		_, _ = io.Copy(w, strings.NewReader(body))
	}
}

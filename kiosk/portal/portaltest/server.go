// Package portaltest is a portal for tests: an HTTP server that takes bundles as packaging/portal/openapi.yaml describes it, holds what it took by reference and
// idempotency key, and can be told to be busy, to lose an answer, to refuse.
//
// Start one with New, write its Config into a configuration or make a portal.Way of it.
package portaltest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"time"

	"motcua/kiosk/config"
	"motcua/kiosk/filing"
	"motcua/kiosk/portal"
)

// Code is the official code that a Server gives.
const Code filing.Dossier = "H15.50.05.13-261123-0975"

// Note is what it writes to the officer; it names somebody.
const Note = "Chào ông Mẫu"

const (
	clientID = "mai-chau"
	secret   = "the-secret"
)

// Server is a portal. Its fields may be set while it serves, through Set.
type Server struct {
	Config config.Portal // for who sends there
	http   *httptest.Server
	mu     sync.Mutex
	told   Told
	asked  int      // requests on filings
	about  []string // references that were asked about, in order
	byRef  map[string]portal.Receipt
	byKey  map[string]string // references
}

// Told is how a Server behaves.
type Told struct {
	Busy   int            // so many bundles are told to come again
	Lose   int            // then the answers to so many are lost
	Refuse string         // why it takes nothing, a word of portal.Problems; "" if it does
	Slow   chan struct{}  // what is sent waits until this is closed; nil: it does not
	Status portal.Status  // of every filing, when it is asked for; New if empty
	Code   bool           // then it has an official code
	Says   map[string]int // by reference: the status of HTTP in place of an answer to a question
}

// New starts a Server, its secret in a file in dir.
func New(dir string) (*Server, error) {
	s := &Server{byRef: map[string]portal.Receipt{}, byKey: map[string]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/token", token)
	mux.HandleFunc("POST /filings", s.take)
	mux.HandleFunc("GET /filings/{reference}", s.status)
	path := filepath.Join(dir, "secret")
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		return nil, err
	}
	s.http = httptest.NewServer(mux)
	s.Config = config.Portal{Kind: config.PortalHTTP, URL: s.http.URL, TokenURL: s.http.URL + "/oauth/token", ClientID: clientID, SecretFile: path}
	return s, nil
}

// Close ends it.
func (s *Server) Close() { s.http.Close() }

// Set tells a Server how to behave from now on.
func (s *Server) Set(t Told) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = t
}

// Seen is how many requests on filings came, and how many filings are there.
func (s *Server) Seen() (requests, filings int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked, len(s.byRef)
}

// Questions are the references that were asked about since the last call, in order.
func (s *Server) Questions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	about := s.about
	s.about = nil
	return about
}

func token(w http.ResponseWriter, r *http.Request) {
	if id, word, _ := r.BasicAuth(); id != clientID || word != secret || r.FormValue("grant_type") != "client_credentials" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	reply(w, http.StatusOK, map[string]string{"access_token": "t", "token_type": "Bearer"})
}

// enter says whether a request is to be served.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if r.Header.Get("Authorization") != "Bearer t" {
		problem(w, http.StatusUnauthorized, "unauthorized", "")
		return false
	}
	return true
}

func (s *Server) take(w http.ResponseWriter, r *http.Request) {
	if !s.enter(w, r) {
		return
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, portal.MaxBundle+1))
	if err != nil {
		return
	}
	s.mu.Lock()
	slow := s.told.Slow
	s.mu.Unlock()
	if slow != nil {
		<-slow
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := portal.Open(data)
	switch {
	case s.told.Busy > 0:
		s.told.Busy--
		problem(w, http.StatusServiceUnavailable, "unavailable", "")
		return
	case s.told.Refuse != "":
		problem(w, http.StatusUnprocessableEntity, s.told.Refuse, "")
		return
	case err != nil:
		problem(w, http.StatusUnprocessableEntity, "bad-bundle", "")
		return
	}
	ref, key, status := o.Manifest.Reference.String(), r.Header.Get("Idempotency-Key"), http.StatusOK
	if _, known := s.byKey[key]; !known {
		if there, taken := s.byRef[ref]; taken {
			problem(w, http.StatusConflict, "conflict", there.Digest)
			return
		}
		s.byKey[key], s.byRef[ref] = ref, portal.Receipt{Reference: o.Manifest.Reference, Digest: o.Digest, Taken: time.Now(), Note: Note}
		status = http.StatusCreated
	}
	if s.told.Lose > 0 {
		s.told.Lose--
		panic(http.ErrAbortHandler)
	}
	has := s.byRef[ref]
	has.Status = portal.New
	reply(w, status, has)
}

func (s *Server) status(w http.ResponseWriter, r *http.Request) {
	if !s.enter(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ref := r.PathValue("reference")
	s.about = append(s.about, ref)
	if says := s.told.Says[ref]; says != 0 {
		w.WriteHeader(says)
		return
	}
	if _, there := s.byRef[ref]; !there {
		problem(w, http.StatusNotFound, "not-found", "")
		return
	}
	has := s.byRef[ref]
	has.Status = portal.New
	if s.told.Status != "" {
		has.Status = s.told.Status
	}
	if s.told.Code {
		has.Dossier = Code
	}
	reply(w, http.StatusOK, has)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func problem(w http.ResponseWriter, status int, word, digest string) {
	p := map[string]any{"type": "urn:motcua:portal:" + word, "title": "Ông Mẫu thiếu giấy", "status": status}
	if digest != "" {
		p["digest"] = digest
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(p)
}

// Write writes the configuration of who sends here.
func (s *Server) Write(path string) error {
	c := s.Config
	text := fmt.Sprintf("[portal]\nkind = %q\nurl = %q\ntoken_url = %q\nclient_id = %q\nsecret_file = %q\n", c.Kind, c.URL, c.TokenURL, c.ClientID, c.SecretFile)
	return os.WriteFile(path, []byte(text), 0o600)
}

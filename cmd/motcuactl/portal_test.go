package main

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

	"github.com/rogpeppe/go-internal/testscript"

	"motcua/kiosk/portal"
)

// startPortal CONFIG starts a portal and writes a configuration that says where it is. The first request finds it busy, the second answer is lost, and a
// filing gets its official code when its status is asked for.
func startPortal(ts *testscript.TestScript, _ bool, args []string) {
	p := &fakePortal{receipts: map[string]portal.Receipt{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/token", func(w http.ResponseWriter, r *http.Request) {
		if _, secret, _ := r.BasicAuth(); secret != "the-secret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"access_token":"t","token_type":"Bearer"}`)
	})
	mux.HandleFunc("POST /filings", p.take)
	mux.HandleFunc("GET /filings/{reference}", p.status)
	server := httptest.NewServer(mux)
	ts.Defer(server.Close)
	secret := filepath.Join(ts.Getenv("WORK"), "secret")
	ts.Check(os.WriteFile(secret, []byte("the-secret\n"), 0o600))
	text := fmt.Sprintf("[portal]\nkind = \"http\"\nurl = %q\ntoken_url = %q\nclient_id = \"mai-chau\"\nsecret_file = %q\n", server.URL, server.URL+"/oauth/token", secret)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// fakePortal keeps receipts by reference.
type fakePortal struct {
	mu       sync.Mutex
	asked    int
	receipts map[string]portal.Receipt
}

func (p *fakePortal) take(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked++; p.asked == 1 {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	o, err := portal.Open(data)
	if err != nil {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	}
	ref, status := o.Manifest.Reference.String(), http.StatusOK
	if _, there := p.receipts[ref]; !there {
		p.receipts[ref] = portal.Receipt{Reference: o.Manifest.Reference, Digest: o.Digest, Status: portal.New, Taken: time.Now(), Note: "Chào ông Mẫu"}
		status = http.StatusCreated
	}
	if p.asked == 2 {
		panic(http.ErrAbortHandler)
	}
	p.say(w, status, ref)
}

func (p *fakePortal) status(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	ref := r.PathValue("reference")
	receipt, there := p.receipts[ref]
	if !there {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"type":"urn:motcua:portal:not-found","title":"Không có hồ sơ","status":404}`)
		return
	}
	receipt.Status, receipt.Dossier = portal.Accepted, "H15.50.05.13-261123-0975"
	p.receipts[ref] = receipt
	p.say(w, http.StatusOK, ref)
}

func (p *fakePortal) say(w http.ResponseWriter, status int, ref string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(p.receipts[ref])
}

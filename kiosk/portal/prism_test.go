package portal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"motcua/kiosk/fault"
)

// startPrism starts a server that another program (Stoplight Prism, packaging/portal/mock) makes from the description, its examples
// being about this bundle. It refuses what the description does not allow.
func startPrism(t *testing.T, b Bundle) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts Node.js")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		missing(t, "the user's cache")
	}
	prism := filepath.Join(cache, "motcua", "portal-mock", "node_modules", ".bin", "prism")
	if _, err := os.Stat(prism); err != nil {
		missing(t, "Prism (packaging/portal/mock/install)")
	}
	text, err := os.ReadFile(specFile)
	if err != nil {
		t.Fatal(err)
	}
	described := filepath.Join(t.TempDir(), "openapi.yaml")
	if err := os.WriteFile(described, []byte(ofBundle(string(text), b)), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	cmd := exec.CommandContext(t.Context(), prism, "mock", "--errors", "--multiprocess=false", "--host", "127.0.0.1", "--port", port, described)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	listening := make(chan bool)
	reading.Go(func() {
		defer close(listening)
		ready := false
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if !ready && strings.Contains(lines.Text(), "is listening on") {
				ready = true
				listening <- true
			}
		}
	})
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		reading.Wait()
		_ = cmd.Wait()
	})
	const patience = 2 * time.Minute // Node.js on a machine that does other things
	select {
	case ready := <-listening:
		if !ready {
			t.Fatalf("prism ended: %s", &said)
		}
	case <-time.After(patience):
		t.Fatal("prism does not listen")
	}
	return "http://127.0.0.1:" + port
}

// TestPrism holds the client against a server that somebody else made from the description, and that would notice a client that does
// otherwise.
func TestPrism(t *testing.T) {
	b := bundle(t)
	at := startPrism(t, b)
	t.Run("our client", func(t *testing.T) { ourClient(t, at, b) })
	t.Run("others", func(t *testing.T) { otherClients(t, at) })
}

func ourClient(t *testing.T, at string, b Bundle) {
	var prefer string // which answer is wanted of the next request on filings, RFC 7240
	h, slept := clientOf(t, Options{URL: at, TokenURL: at + "/oauth/token", Attempts: 3, Transport: transport(func(r *http.Request) (*http.Response, error) {
		if prefer != "" && strings.HasPrefix(r.URL.Path, "/filings") {
			r = r.Clone(r.Context())
			r.Header.Set("Prefer", prefer)
			if prefer == "code=409" { // it asks for the status then
				prefer = ""
			}
		}
		return http.DefaultTransport.RoundTrip(r)
	})})
	for _, c := range []struct {
		prefer string
		send   bool
		status Status
		code   fault.Code
		http   int
	}{
		{"", true, Accepted, "", 0}, {"code=201", true, New, "", 0}, {"code=409", true, Accepted, "", 0},
		{"code=400", true, "", fault.PortalRefused, 400}, {"code=401", true, "", fault.PortalRefused, 401}, {"code=403", true, "", fault.PortalRefused, 403},
		{"code=413", true, "", fault.PortalRefused, 413}, {"code=422", true, "", fault.PortalRefused, 422},
		{"code=429", true, "", fault.PortalUnreachable, 429}, {"code=503", true, "", fault.PortalUnreachable, 503},
		{"", false, Accepted, "", 0}, {"example=supplement", false, Supplement, "", 0}, {"code=404", false, "", fault.NotFound, 404},
		{"code=503", false, "", fault.PortalUnreachable, 503},
	} {
		prefer = c.prefer
		var got Receipt
		var err error
		if c.send {
			got, err = h.Send(t.Context(), b)
		} else {
			got, err = h.Status(t.Context(), b.Manifest.Reference)
		}
		var refusal *Refusal
		if got.Status != c.status || fault.CodeOf(err) != c.code || c.http != 0 && (!errors.As(err, &refusal) || refusal.Status != c.http || refusal.Type == "") {
			t.Errorf("%+v: %+v, %v", c, got, err)
		}
	}
	if len(*slept) != 6 || (*slept)[0] < 5*time.Second || (*slept)[2] < 30*time.Second { // as Retry-After says
		t.Errorf("paused for %v", *slept)
	}
}

func otherClients(t *testing.T, at string) {
	for name, c := range map[string]struct {
		path, kind, key, authorization string
		want                           int
	}{
		"as described":   {"/filings", "application/zip", strings.Repeat("a", 64), "Bearer x", 200},
		"no key":         {"/filings", "application/zip", "", "Bearer x", 422},
		"another key":    {"/filings", "application/zip", "A", "Bearer x", 422},
		"another type":   {"/filings", "text/plain", strings.Repeat("a", 64), "Bearer x", 422},
		"no token":       {"/filings", "application/zip", strings.Repeat("a", 64), "", 401},
		"another path":   {"/bundles", "application/zip", strings.Repeat("a", 64), "Bearer x", 404},
		"no client":      {"/oauth/token", "application/x-www-form-urlencoded", "", "", 401},
		"another client": {"/oauth/token", "application/x-www-form-urlencoded", "", "Bearer x", 401},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at+c.path, strings.NewReader("PK"))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"Content-Type": c.kind, "Idempotency-Key": c.key, "Authorization": c.authorization} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(fmt.Errorf("%s: %w", name, err))
		}
		resp.Body.Close()
		if resp.StatusCode != c.want {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
}

package portal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime"
	"net/http"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
)

// Options say where the portal's endpoint is and who we are to it.
type Options struct {
	URL        string // of the endpoint, without the paths of the description; https, or http to this machine
	TokenURL   string // of the authorization server, likewise
	ClientID   string
	SecretFile string // holds the client's secret, on one line; others must not be able to read it
	Scope      string // words between spaces; may be empty

	Attempts  int                                              // how often a request is made at the most; 6 if 0
	Timeout   time.Duration                                    // of one attempt, body and answer; 2 minutes if 0
	Sleep     func(ctx context.Context, d time.Duration) error // between attempts; a timer if nil
	Jitter    func() float64                                   // in [0, 1); random if nil
	Transport http.RoundTripper                                // http.DefaultTransport if nil
	Log       *slog.Logger                                     // nothing is logged if nil
}

// Limits of the way.
const (
	usualAttempts = 6
	usualTimeout  = 2 * time.Minute
	firstPause    = time.Second      // doubled each time
	longestPause  = 30 * time.Second //
	longestWait   = 2 * time.Minute  // that Retry-After may ask for
	maxAnswer     = 64 << 10         // bytes of an answer
	maxSecret     = 4 << 10
	othersBits    = 0o007
)

// HTTP hands filings over to an endpoint as packaging/portal/openapi.yaml describes it. It is for several goroutines.
type HTTP struct {
	opts   Options
	secret string
	client *http.Client
}

// NewHTTP checks the options and reads the secret. An error is fault.ConfigBad.
func NewHTTP(o Options) (*HTTP, error) {
	for _, address := range []string{o.URL, o.TokenURL} {
		if !config.SafeURL(address) {
			return nil, fault.Newf(fault.ConfigBad, "portal: an address must be https, or http to this machine")
		}
	}
	secret, err := readSecret(o.SecretFile)
	if err != nil {
		return nil, fault.New(fault.ConfigBad, fmt.Errorf("portal: the client's secret: %w", err))
	}
	if o.Attempts == 0 {
		o.Attempts = usualAttempts
	}
	if o.Timeout == 0 {
		o.Timeout = usualTimeout
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	// A redirect would carry a filing to an address that nobody set.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &HTTP{o, secret, &http.Client{Transport: o.Transport, Timeout: o.Timeout, CheckRedirect: stay}}, nil
}

func readSecret(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&othersBits != 0 {
		return "", errors.New("others can read or write the file: chmod o= FILE")
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSecret))
	if err != nil {
		return "", err
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" || strings.ContainsAny(secret, "\r\n") {
		return "", errors.New("the file has not one line")
	}
	return secret, nil
}

// Key is the idempotency key of a bundle: it follows from what is handed over and under which reference, whenever it is sent and by whom.
func (b Bundle) Key() string {
	return hexHash([]byte("motcua portal key 1\x00" + b.Manifest.Reference.String() + "\x00" + b.Digest))
}

// Send hands a bundle over and gives the portal's receipt, which is the first one if the portal had it already, with the Digest of what it has. What goes wrong on the way is
// tried again with growing pauses: no connection, 429, 5xx, an answer that broke off. An error is fault.PortalUnreachable if all that was in vain,
// fault.PortalRefused over a *Refusal if the portal does not take it, fault.PortalAnswer if nobody knows what it said: then sending again is right.
func (h *HTTP) Send(ctx context.Context, b Bundle) (Receipt, error) {
	a, err := h.do(ctx, func(ctx context.Context) (*http.Request, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.at("filings"), bytes.NewReader(b.Data))
		if err == nil {
			r.Header.Set("Content-Type", "application/zip")
			r.Header.Set("Idempotency-Key", b.Key())
		}
		return r, err
	})
	var refusal *Refusal
	if errors.As(err, &refusal) && refusal.Status == http.StatusConflict && b.is(refusal.digest) {
		// It has this very bundle and has forgotten the key, or has the one that was handed over before.
		r, err := h.Status(ctx, b.Manifest.Reference)
		if err == nil && r.Digest != refusal.digest {
			return Receipt{}, fault.Newf(fault.PortalAnswer, "portal: a receipt for another bundle")
		}
		return r, err
	}
	if err != nil {
		return Receipt{}, err
	}
	r, err := a.receipt(b.Manifest.Reference, http.StatusCreated, http.StatusOK)
	if err == nil && r.Digest != b.Digest {
		return Receipt{}, fault.Newf(fault.PortalAnswer, "portal: a receipt for another bundle")
	}
	return r, err
}

// Status asks where a filing stands at the portal. The errors are those of Send; fault.NotFound if the portal has none of this reference.
func (h *HTTP) Status(ctx context.Context, ref filing.Reference) (Receipt, error) {
	a, err := h.do(ctx, func(ctx context.Context) (*http.Request, error) {
		return http.NewRequestWithContext(ctx, http.MethodGet, h.at("filings", ref.String()), nil)
	})
	var refusal *Refusal
	if errors.As(err, &refusal) && refusal.Status == http.StatusNotFound && refusal.Type == "not-found" {
		return Receipt{}, fault.New(fault.NotFound, refusal)
	}
	if err != nil {
		return Receipt{}, err
	}
	return a.receipt(ref, http.StatusOK)
}

func (h *HTTP) at(parts ...string) string {
	return strings.TrimSuffix(h.opts.URL, "/") + "/" + strings.Join(parts, "/")
}

// answer is what came back.
type answer struct {
	status    int
	mediaType string
	body      []byte
}

// receipt reads the answer as a receipt for a reference.
func (a answer) receipt(ref filing.Reference, good ...int) (Receipt, error) {
	known := false
	for _, status := range good {
		known = known || a.status == status
	}
	if !known || a.mediaType != "application/json" {
		return Receipt{}, fault.Newf(fault.PortalAnswer, "portal: an answer of status %d that is no receipt", a.status)
	}
	r, err := parseReceipt(a.body)
	if err != nil {
		return Receipt{}, fault.New(fault.PortalAnswer, err)
	}
	if r.Reference != ref {
		return Receipt{}, fault.Newf(fault.PortalAnswer, "portal: a receipt for another filing")
	}
	return r, nil
}

// token gives a source of access tokens for one call: a token lives as long as the attempts need it, and no longer.
func (h *HTTP) token(ctx context.Context) oauth2.TokenSource {
	c := clientcredentials.Config{ClientID: h.opts.ClientID, ClientSecret: h.secret, TokenURL: h.opts.TokenURL,
		Scopes: strings.Fields(h.opts.Scope), AuthStyle: oauth2.AuthStyleInHeader}
	return c.TokenSource(context.WithValue(ctx, oauth2.HTTPClient, h.client))
}

// exchange makes one request and reads its answer whole.
func (h *HTTP) exchange(r *http.Request) (answer, time.Duration, error) {
	resp, err := h.client.Do(r)
	if err != nil {
		return answer{}, 0, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return answer{}, 0, err
	case len(body) > maxAnswer:
		return answer{}, 0, fault.Newf(fault.PortalAnswer, "portal: an answer of more than %d bytes", maxAnswer)
	}
	mediaType, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		mediaType = ""
	}
	return answer{resp.StatusCode, mediaType, body}, retryAfter(resp.Header, time.Now()), nil
}

package portal

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"golang.org/x/oauth2"

	"motcua/kiosk/fault"
)

// failure is an attempt that did not succeed.
type failure struct {
	err   error         // with its code
	again bool          // another attempt may succeed
	after time.Duration // and not before
	token bool          // it is the access token that the endpoint does not take
}

// do makes a request until it is answered, with a status of 2xx or 3xx; any other answer is an error.
func (h *HTTP) do(ctx context.Context, build func(context.Context) (*http.Request, error)) (answer, error) {
	tokens := h.token(ctx)
	for n := 1; ; n++ {
		a, f := h.attempt(ctx, tokens, build)
		if n > 1 && f != nil && f.token { // the pauses outlived it, or the server that gave it was started anew
			tokens = h.token(ctx)
			a, f = h.attempt(ctx, tokens, build)
		}
		if f == nil {
			return a, nil
		}
		h.opts.Log.Info("portal.attempt", "n", n, "again", f.again, "err", f.err)
		if ctx.Err() != nil {
			return answer{}, fault.New(fault.PortalUnreachable, ctx.Err())
		}
		if !f.again || n >= h.opts.Attempts || f.after > longestWait {
			return answer{}, f.err
		}
		if err := h.opts.Sleep(ctx, max(f.after, h.pause(n))); err != nil {
			return answer{}, fault.New(fault.PortalUnreachable, err)
		}
	}
}

// pause grows twofold with each attempt, and is drawn from its upper half so that many offices do not come back at the same moment.
func (h *HTTP) pause(n int) time.Duration {
	full := longestPause
	if n < 16 {
		full = min(firstPause<<(n-1), longestPause)
	}
	return full/2 + time.Duration(h.opts.Jitter()*float64(full/2))
}

// attempt is one try with its token.
func (h *HTTP) attempt(ctx context.Context, tokens oauth2.TokenSource, build func(context.Context) (*http.Request, error)) (answer, *failure) {
	token, err := tokens.Token()
	if err != nil {
		return answer{}, tokenFailure(err)
	}
	r, err := build(ctx)
	if err != nil {
		return answer{}, &failure{err: fault.New(fault.Internal, err)}
	}
	token.SetAuthHeader(r)
	r.Header.Set("Accept", "application/json, "+problemType)
	a, after, err := h.exchange(r)
	if err != nil {
		return answer{}, wayFailure(err)
	}
	f := statusFailure(parseRefusal(a.status, a.mediaType, a.body), after)
	if f != nil {
		f.token = a.status == http.StatusUnauthorized
	}
	return a, f
}

// statusFailure is nil for a status that is none.
func statusFailure(r *Refusal, after time.Duration) *failure {
	switch {
	case r.Status < http.StatusBadRequest:
		return nil
	case r.Status == http.StatusTooManyRequests || r.Status >= http.StatusInternalServerError:
		return &failure{err: fault.New(fault.PortalUnreachable, r), again: true, after: after}
	}
	return &failure{err: fault.New(fault.PortalRefused, r)}
}

// wayFailure is one on the way: there or back.
func wayFailure(err error) *failure {
	if fault.CodeOf(err) == fault.PortalAnswer {
		return &failure{err: err}
	}
	// Who answers is not who should: coming again changes nothing.
	var certificate *tls.CertificateVerificationError
	return &failure{err: fault.New(fault.PortalUnreachable, plain(err)), again: !errors.As(err, &certificate)}
}

// plain is an error of the way without the address, which is in the configuration, and in which others put secrets.
func plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return fmt.Errorf("portal: %w", u.Err)
	}
	return fmt.Errorf("portal: %w", err)
}

// tokenFailure judges what the authorization server said. The library's own words repeat the answer, which may hold anything.
func tokenFailure(err error) *failure {
	var said *oauth2.RetrieveError
	var way *url.Error
	switch {
	case errors.As(err, &said) && said.Response != nil && said.Response.StatusCode >= http.StatusBadRequest:
		f := statusFailure(&Refusal{Status: said.Response.StatusCode}, retryAfter(said.Response.Header, time.Now()))
		f.err = fault.New(fault.CodeOf(f.err), fmt.Errorf("the authorization server: %w", f.err))
		return f
	case errors.As(err, &way):
		return wayFailure(err)
	}
	return &failure{err: fault.Newf(fault.PortalAnswer, "portal: the authorization server gave no token"), again: true}
}

// retryAfter reads the header (RFC 9110 §10.2.3): seconds, or a date, which is one of the server's clock; 0 if there is none that can be read.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		if there, err := http.ParseTime(h.Get("Date")); err == nil {
			now = there
		}
		return max(0, at.Sub(now))
	}
	return 0
}

// sleep waits, or until the caller gives up.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

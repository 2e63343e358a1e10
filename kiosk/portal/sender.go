package portal

import (
	"context"
	"log/slog"

	"motcua/kiosk/config"
	"motcua/kiosk/fault"
)

// Sender is a way by which bundles leave: a Directory or an *HTTP. A repeat with the same bundle is harmless.
type Sender interface {
	Send(ctx context.Context, b Bundle) (Receipt, error)
}

var (
	_ Sender = Directory("")
	_ Sender = (*HTTP)(nil)
)

// NewSender is the way that an office has set. An error is fault.ConfigBad, also if it has set none.
func NewSender(c config.Portal, log *slog.Logger) (Sender, error) {
	switch c.Kind {
	case config.PortalDirectory:
		dir, err := config.Expand(c.Directory)
		return Directory(dir), err
	case config.PortalHTTP:
		secret, err := config.Expand(c.SecretFile)
		if err != nil {
			return nil, err
		}
		return NewHTTP(Options{URL: c.URL, TokenURL: c.TokenURL, ClientID: c.ClientID, SecretFile: secret, Scope: c.Scope, Log: log})
	}
	return nil, fault.Newf(fault.ConfigBad, "portal: no way to hand filings over is set: [portal] kind")
}

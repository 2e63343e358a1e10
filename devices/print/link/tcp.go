package link

import (
	"context"
	"net"
	"time"
)

// Times of a network printer's connection.
const (
	dialTimeout = 3 * time.Second
	// keepAlive finds a printer that was switched off while the connection stood: no packet says so.
	keepAlive = 5 * time.Second
)

func tcpDialer(host string) dialer {
	d := net.Dialer{
		Timeout: dialTimeout,
		KeepAliveConfig: net.KeepAliveConfig{
			Enable: true, Idle: keepAlive, Interval: keepAlive, Count: 2,
		},
	}
	return func(ctx context.Context) (conn, error) { return d.DialContext(ctx, "tcp", host) }
}

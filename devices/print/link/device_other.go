//go:build !linux

package link

import (
	"context"
	"errors"
)

// errPlatform is the answer where character devices cannot be waited for with a deadline.
var errPlatform = errors.New("link: serial and usb links need Linux; use tcp")

func usbDialer(string) dialer {
	return func(context.Context) (conn, error) { return nil, errPlatform }
}

func serialDialer(string, int) dialer {
	return func(context.Context) (conn, error) { return nil, errPlatform }
}

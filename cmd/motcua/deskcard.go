package main

import (
	"context"

	"motcua/cmd/internal/deskcard"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/pcsc"
	"motcua/kiosk/board"
	"motcua/kiosk/config"
	"motcua/kiosk/station"
)

// officerCards opens the officers' reader, nil where the configuration names none. follow runs until its context ends; close comes after that.
func (b *bureau) officerCards(cfg config.Config, dir string) (read func(context.Context, string) ([]byte, error), follow func(context.Context), close func()) {
	if cfg.Desk.Reader == "" {
		return nil, func(context.Context) {}, func() {}
	}
	var trusted pki.Trust = pki.Nobody{}
	if s, err := station.OpenTrust(dir); err != nil {
		b.log.Error("trust.failed", "err", err) // then every issuer is unknown, which is no reason to lock officers out
	} else {
		trusted = s
	}
	readers := pcsc.New()
	r := deskcard.New(readers, cfg.Desk.Reader, trusted)
	follow = func(ctx context.Context) {
		r.Follow(ctx, func(s board.CardState) {
			b.log.Info("desk.card", "state", s)
			select {
			case b.intents <- board.OnReader{State: s}: // never dropped, as a key may be: it can be what signs out
			case <-ctx.Done():
			}
		})
	}
	return r.Read, follow, func() { _ = readers.Close() }
}

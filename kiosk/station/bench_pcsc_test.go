//go:build linux

package station

import (
	"context"
	"slices"
	"testing"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/pcsc/pcsctest"
	"motcua/kiosk/checkup"
	"motcua/kiosk/config"
	"motcua/kiosk/session"
)

// The reader of a real pcscd is tried, and of two the other one is chosen at once; a choice outlives the station.
func TestTryRealReader(t *testing.T) {
	t.Parallel()
	pcsctest.Start(t)
	cfg := unconfigured()
	cfg.Card.Driver = config.DriverPCSC
	w := newWorkshop(t, cfg, Options{})
	w.saw(t, session.ReaderChanged{Present: true})
	profile, err := cardsim.Build(cardsim.Personas()[0], cardsim.ProfileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, take := context.WithCancel(t.Context())
	served := make(chan struct{})
	answer, err := w.Try(t.Context(), checkup.Reader, hands(func() {
		go func() {
			defer close(served)
			_ = cardsim.ServeVPCD(ctx, pcsctest.Addr2, cardsim.New(profile, cardsim.Options{Extended: true})) // ends with ctx
		}()
	}))
	if err != nil {
		t.Fatal(err)
	}
	if r := answer.Reader; r.Device != pcsctest.Reader2 || !r.ID || !r.PACE || r.Extended != "yes" || r.Commands < challenges || r.Median <= 0 {
		t.Errorf("%+v", r)
	}
	t.Logf("%+v", *answer.Reader)
	take()
	<-served
	w.saw(t, session.CardOff{})
	for _, want := range []string{pcsctest.Reader2, pcsctest.Reader} {
		if now, err := w.Choose(t.Context(), checkup.Reader, want); err != nil || !now {
			t.Fatalf("now %t, %v", now, err)
		}
		options, err := w.Options(t.Context(), checkup.Reader)
		at := slices.IndexFunc(options, func(o checkup.Option) bool { return o.Used })
		if err != nil || len(options) != 2 || at < 0 || options[at].Name != want || ChosenReader(w.dir) != want {
			t.Errorf("%+v, %v, kept %q", options, err, ChosenReader(w.dir))
		}
	}
}

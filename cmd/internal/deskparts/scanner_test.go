package deskparts

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"motcua/devices/scan/scansim"
	"motcua/kiosk/fault"
	"motcua/kiosk/health"
)

// TestScanner: what a scanner on a real line reads arrives, noise is told as nothing, and the page of devices says whether it is there.
func TestScanner(t *testing.T) {
	sim, err := scansim.Start(t.Context(), scansim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	s, err := NewScanner(sim.Path(), 9600, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	look := s.Part().Look
	if f := look(t.Context()); f.State != health.Failed || f.Code != fault.ScannerAbsent {
		t.Errorf("before it was opened: %+v", f)
	}
	ctx, stop := context.WithCancel(t.Context())
	texts, ended := make(chan string), make(chan struct{})
	go func() {
		defer close(ended)
		s.Follow(ctx, func(text string) { texts <- text })
	}()
	const slow = 20 * time.Second
	next := func() string {
		t.Helper()
		select {
		case text := <-texts:
			return text
		case <-time.After(slow):
			t.Fatal("nothing was read")
			return ""
		}
	}
	until := func(want health.State) {
		t.Helper()
		for end := time.Now().Add(slow); look(t.Context()).State != want; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%+v, want %s", look(t.Context()), want)
			}
		}
	}
	until(health.Present)
	if err := sim.Send(t.Context(), "05200.K1.261123.001.U"); err != nil {
		t.Fatal(err)
	}
	if got := next(); got != "05200.K1.261123.001.U" {
		t.Errorf("read %q", got)
	}
	if err := sim.SendRaw(t.Context(), []byte("\xff\xfe\xfd\r")); err != nil {
		t.Fatal(err)
	}
	if got := next(); got != "" {
		t.Errorf("noise is %q", got)
	}
	sim.Unplug()
	until(health.Failed)
	if err := sim.Plug(); err != nil {
		t.Fatal(err)
	}
	until(health.Present)
	stop()
	<-ended
	if _, err := NewScanner("", 9600, s.log); fault.CodeOf(err) != fault.ConfigBad {
		t.Errorf("no device: %v", err)
	}
}

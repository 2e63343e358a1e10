package escpos

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"motcua/devices/print"
	"motcua/devices/print/link"
	"motcua/devices/print/printsim"
)

func TestSlipComesOutAsDrawn(t *testing.T) {
	for _, profile := range []string{"generic-80", "epson-tm-t20", "xprinter-80"} {
		for _, scheme := range []string{"serial:", "usb:"} {
			t.Run(profile+" "+scheme, func(t *testing.T) {
				sim := simulate(t, printsim.Options{})
				d := drive(t, scheme+sim.Path(), profile)
				if err := d.Print(within(t, 10*time.Second), slipJob(t)); err != nil {
					t.Fatal(err)
				}
				slips := sim.Slips() // confirmed, so it must be there without waiting
				if len(slips) != 1 {
					t.Fatalf("%d slips, want 1", len(slips))
				}
				same(t, open(t, slips[0]), slip(t))
				noComplaints(t, sim)
				t.Logf("%s: %d bytes", profile, sim.BytesReceived())
			})
		}
	}
}

func TestTCP(t *testing.T) {
	sim := simulate(t, printsim.Options{Listen: "127.0.0.1:0"})
	d := drive(t, "tcp://"+sim.Addr(), "generic-80")
	ctx := within(t, 10*time.Second)
	for range 2 {
		if err := d.Print(ctx, slipJob(t)); err != nil {
			t.Fatal(err)
		}
	}
	sim.Unplug()
	if _, err := d.Status(ctx); !errors.Is(err, print.ErrGone) {
		t.Fatalf("unplugged: %v", err)
	}
	if err := sim.Plug(); err != nil {
		t.Fatal(err)
	}
	if err := d.Print(ctx, slipJob(t)); err != nil {
		t.Fatal(err)
	}
	if n := len(sim.Slips()); n != 3 {
		t.Fatalf("%d slips, want 3", n)
	}
	noComplaints(t, sim)
}

func TestFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "jobs")
	d := drive(t, "file:"+dir+"/", "generic-80")
	ctx := within(t, 5*time.Second)
	for range 2 {
		if err := d.Print(ctx, slipJob(t)); err != nil {
			t.Fatal(err)
		}
	}
	if s, err := d.Status(ctx); err != nil || s != (print.Status{}) {
		t.Errorf("status %+v, %v; want all unknown", s, err)
	}
	c, err := encode(d.profile, slipJob(t))
	if err != nil {
		t.Fatal(err)
	}
	files, _ := os.ReadDir(dir)
	if len(files) != 2 {
		t.Fatalf("%d files, want 2", len(files))
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Size() != int64(c.size()) {
			t.Errorf("%s: %v, want %d bytes", f.Name(), info.Size(), c.size())
		}
	}
}

func TestStatus(t *testing.T) {
	sim := simulate(t, printsim.Options{})
	d := drive(t, "serial:"+sim.Path(), "generic-80")
	ctx := within(t, 10*time.Second)
	well := print.Status{Online: print.Yes, Paper: print.Yes, PaperLow: print.No, CoverClosed: print.Yes, Failed: print.No}
	change := func(f func(*print.Status)) print.Status { s := well; f(&s); return s }
	for _, c := range []struct {
		do, undo func()
		want     print.Status
		err      error
	}{
		{func() {}, func() {}, well, nil},
		{func() { sim.SetPaperLow(true) }, func() { sim.SetPaperLow(false) },
			change(func(s *print.Status) { s.PaperLow = print.Yes }), nil},
		{func() { sim.SetPaper(false) }, func() { sim.SetPaper(true) },
			change(func(s *print.Status) { s.Paper, s.Online = print.No, print.No }), print.ErrPaperOut},
		{func() { sim.SetCover(true) }, func() { sim.SetCover(false) },
			change(func(s *print.Status) { s.CoverClosed, s.Online = print.No, print.No }), print.ErrCoverOpen},
		{func() { sim.SetOffline(true) }, func() { sim.SetOffline(false) },
			change(func(s *print.Status) { s.Failed, s.Online = print.Yes, print.No }), print.ErrOffline},
	} {
		c.do()
		got, err := d.Status(ctx)
		if err != nil || got != c.want {
			t.Errorf("status %+v, %v; want %+v", got, err, c.want)
		}
		if err := d.Print(ctx, print.Job{Blocks: []print.Block{{Feed: 1}}}); !errors.Is(err, c.err) {
			t.Errorf("print: %v, want %v", err, c.err)
		}
		c.undo()
	}
	noComplaints(t, sim)
}

// TestPaperOutInTheMiddle also sees that the next slip is whole: the torso is cut off from it.
func TestPaperOutInTheMiddle(t *testing.T) {
	for _, after := range []int{1, 500, 1700} {
		for _, profile := range []string{"generic-80", "epson-tm-t20"} {
			sim := simulate(t, printsim.Options{})
			d := drive(t, "serial:"+sim.Path(), profile)
			ctx := within(t, 20*time.Second)
			sim.RunOutAfter(after)
			if err := d.Print(ctx, slipJob(t)); !errors.Is(err, print.ErrPaperOut) {
				t.Fatalf("%s after %d rows: %v", profile, after, err)
			}
			if n := len(sim.Slips()); n != 0 {
				t.Fatalf("%d slips", n)
			}
			sim.SetPaper(true)
			if err := d.Print(ctx, slipJob(t)); err != nil {
				t.Fatalf("with new paper: %v", err)
			}
			slips := sim.Slips()
			same(t, open(t, slips[len(slips)-1]), slip(t))
			noComplaints(t, sim)
		}
	}
}

func TestCoverOpenedInTheMiddle(t *testing.T) {
	sim := simulate(t, printsim.Options{BytesPerSecond: 100_000})
	d := drive(t, "serial:"+sim.Path(), "generic-80")
	ctx := within(t, 10*time.Second)
	result := make(chan error, 1)
	go func() { result <- d.Print(ctx, slipJob(t)) }()
	waitBytes(t, sim, 30_000) // what is left then fits into the printer's buffer, so that it can still be asked
	sim.SetCover(true)
	if err := <-result; !errors.Is(err, print.ErrCoverOpen) && !errors.Is(err, print.ErrOffline) {
		t.Fatal(err)
	}
	sim.SetCover(false)
	if err := d.Print(ctx, slipJob(t)); err != nil {
		t.Fatal(err)
	}
	slips := sim.Slips()
	same(t, open(t, slips[len(slips)-1]), slip(t))
}

func waitBytes(t *testing.T, sim *printsim.Printer, n int64) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); sim.BytesReceived() < n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("only %d bytes came", sim.BytesReceived())
		}
	}
}

// TestUnplugInTheMiddle pulls the cable at many places of the job and puts it back: the driver says gone (or unsure, if
// all was sent), and the next slip is whole whatever the printer still held.
func TestUnplugInTheMiddle(t *testing.T) {
	for _, at := range []int64{1, 3_000, 30_000, 60_000} {
		sim := simulate(t, printsim.Options{BytesPerSecond: 400_000})
		d := drive(t, "serial:"+sim.Path(), "generic-80")
		ctx := within(t, 20*time.Second)
		result := make(chan error, 1)
		go func() { result <- d.Print(ctx, slipJob(t)) }()
		waitBytes(t, sim, at)
		pulled := time.Now()
		sim.Unplug()
		err := <-result
		if !errors.Is(err, print.ErrGone) && !errors.Is(err, print.ErrUnsure) {
			t.Fatalf("at %d: %v", at, err)
		}
		if errors.Is(err, print.ErrGone) && errors.Is(err, print.ErrUnsure) {
			t.Fatalf("at %d: both gone and unsure: %v", at, err)
		}
		if took := time.Since(pulled); took > 2*time.Second {
			t.Errorf("at %d: noticed after %v", at, took)
		}
		if err := d.Print(ctx, slipJob(t)); !errors.Is(err, print.ErrGone) {
			t.Fatalf("unplugged: %v", err)
		}
		if err := sim.Plug(); err != nil {
			t.Fatal(err)
		}
		if err := d.Print(ctx, slipJob(t)); err != nil {
			t.Fatalf("at %d, plugged in again: %v", at, err)
		}
		slips := sim.Slips()
		same(t, open(t, slips[len(slips)-1]), slip(t))
	}
}

func TestSilentPrinter(t *testing.T) {
	sim := simulate(t, printsim.Options{Silent: true})
	d := drive(t, "serial:"+sim.Path(), "generic-80")
	ctx := within(t, 10*time.Second)
	if s, err := d.Status(ctx); err != nil || s != (print.Status{}) {
		t.Errorf("status %+v, %v; want all unknown", s, err)
	}
	if err := d.Print(ctx, slipJob(t)); err != nil {
		t.Fatal(err)
	}
	slips, err := sim.WaitSlips(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	same(t, open(t, slips[0]), slip(t))
}

// oneWay is a link that finds out when read that nothing comes back, like a USB printer without an input endpoint.
type oneWay struct{ link.Link }

func (oneWay) Read(context.Context, []byte) (int, error) { return 0, link.ErrOneWay }

func TestOneWayPrinter(t *testing.T) {
	sim := simulate(t, printsim.Options{})
	d := drive(t, "serial:"+sim.Path(), "generic-80")
	d.link = oneWay{d.link}
	ctx := within(t, 5*time.Second)
	if s, err := d.Status(ctx); err != nil || s != (print.Status{}) {
		t.Errorf("status %+v, %v", s, err)
	}
	if err := d.Print(ctx, slipJob(t)); err != nil {
		t.Error(err)
	}
}

// mute is a link whose printer stops answering on command.
type mute struct {
	link.Link
	now bool
}

func (m *mute) Read(ctx context.Context, p []byte) (int, error) {
	if !m.now {
		return m.Link.Read(ctx, p)
	}
	<-ctx.Done()
	return 0, link.ErrTimeout
}

// TestSilenceOfOneThatAnswered: before a job it is gone, after one the job is unsure.
func TestSilenceOfOneThatAnswered(t *testing.T) {
	sim := simulate(t, printsim.Options{})
	d := drive(t, "serial:"+sim.Path(), "generic-80")
	m := &mute{Link: d.link}
	d.link = m
	ctx := within(t, 10*time.Second)
	if _, err := d.Status(ctx); err != nil {
		t.Fatal(err)
	}
	m.now = true
	if err := d.Print(ctx, slipJob(t)); !errors.Is(err, print.ErrGone) {
		t.Errorf("before the job: %v", err)
	}
	if err := d.confirm(ctx, 0); !errors.Is(err, print.ErrUnsure) {
		t.Errorf("after the job: %v", err)
	}
}

func TestNothingThere(t *testing.T) {
	for _, address := range []string{"serial:/nowhere/tty", "usb:/nowhere/lp0", "tcp://127.0.0.1:1"} {
		d := drive(t, address, "generic-80")
		if _, err := d.Status(within(t, 5*time.Second)); !errors.Is(err, print.ErrGone) {
			t.Errorf("%s: status %v", address, err)
		}
		if err := d.Print(within(t, 5*time.Second), slipJob(t)); !errors.Is(err, print.ErrGone) {
			t.Errorf("%s: print %v", address, err)
		}
	}
}

func TestClosedTwice(t *testing.T) {
	sim := simulate(t, printsim.Options{})
	d := drive(t, "serial:"+sim.Path(), "generic-80")
	if err := errors.Join(d.Close(), d.Close()); err != nil {
		t.Error(err)
	}
	if err := d.Print(within(t, time.Second), slipJob(t)); !errors.Is(err, print.ErrGone) {
		t.Error(err)
	}
}

// TestJobsDoNotMix prints from many at once.
func TestJobsDoNotMix(t *testing.T) {
	const jobs = 4
	sim := simulate(t, printsim.Options{})
	d := drive(t, "usb:"+sim.Path(), "epson-tm-t20")
	ctx := within(t, 10*time.Second)
	job, done := slipJob(t), make(chan error, jobs)
	for range jobs {
		go func() { done <- d.Print(ctx, job) }()
	}
	for range jobs {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	for _, path := range sim.Slips() {
		same(t, open(t, path), slip(t))
	}
	if n := len(sim.Slips()); n != jobs {
		t.Errorf("%d slips, want %d", n, jobs)
	}
}

// TestStalledPrinter takes no bytes and says nothing: the driver must not hang.
func TestStalledPrinter(t *testing.T) {
	sim := simulate(t, printsim.Options{BytesPerSecond: 50, Silent: true})
	d := drive(t, "usb:"+sim.Path(), "generic-80")
	start := time.Now()
	if err := d.Print(within(t, 10*time.Second), slipJob(t)); !errors.Is(err, print.ErrOffline) {
		t.Error(err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

package deskparts

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua/assets"
	"motcua/cmd/internal/office"
	"motcua/kiosk/board"
	"motcua/kiosk/fault"
	"motcua/kiosk/health"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
	"motcua/kiosk/text"
)

// cups is a print server of this test's own, and a printer on the network, port 9100 by nature.
type cups struct {
	t       *testing.T
	printer net.Listener
}

func startCUPS(t *testing.T) *cups {
	t.Helper()
	dir, err := os.MkdirTemp("", "cups") // short: the name of a socket has 107 bytes at most
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	c := &cups{t: t}
	if c.printer, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.printer.Close() })
	files := map[string]string{"root/cupsd.conf": "Listen " + dir + "/sock\nDefaultAuthType None\nWebInterface No\n<Location />\nOrder allow,deny\nAllow all\n</Location>\n<Location /admin>\nOrder allow,deny\nAllow all\n</Location>\n" +
		"<Policy default>\nJobPrivateAccess default\nJobPrivateValues default\nSubscriptionPrivateAccess default\nSubscriptionPrivateValues default\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n",
		"root/cups-files.conf": fmt.Sprintf("ServerRoot %[1]s/root\nStateDir %[1]s/run\nCacheDir %[1]s/cache\nRequestRoot %[1]s/spool\nErrorLog %[1]s/error\nAccessLog %[1]s/access\nPageLog %[1]s/page\n", dir)}
	for _, d := range []string{"root", "run", "cache", "spool"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("CUPS_SERVER", dir+"/sock")
	server := exec.Command("/usr/sbin/cupsd", "-f", "-c", dir+"/root/cupsd.conf", "-s", dir+"/root/cups-files.conf")
	var said bytes.Buffer
	server.Stdout, server.Stderr = &said, &said
	if err := server.Start(); err != nil {
		t.Fatalf("cupsd (packaging/debian/install test): %v", err)
	}
	t.Cleanup(func() {
		if err := server.Process.Kill(); err != nil {
			t.Error(err)
		}
		_ = server.Wait()
	})
	for range 300 {
		if _, err := os.Stat(dir + "/sock"); err == nil {
			return c
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("cupsd does not answer: %s", said.String())
	return nil
}

func (c *cups) run(name string, args ...string) {
	c.t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		c.t.Fatalf("%s %s: %v: %s", name, args, err, out)
	}
}

func words(f board.Found) string {
	var list []string
	for _, w := range f.Lines {
		list = append(list, fmt.Sprint(strings.TrimPrefix(w.Key, "desk.part.paper."), w.Args))
	}
	return strings.TrimSpace(fmt.Sprint(f.State, " ", f.Code, " ", f.Care, " ", strings.Join(list, " ")))
}

// TestPaper asks a real CUPS how a queue is, in all that can happen to one, and prints on it.
func TestPaper(t *testing.T) {
	c := startCUPS(t)
	shelf, err := paper.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := text.Load(assets.FS, "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	page := Page(official.Printer{Shelf: shelf, Office: official.Office{Name: "Công an xã Mai Châu", Parent: "CÔNG AN TỈNH PHÚ THỌ"}}, texts, time.Now)
	usual, named := Paper("", page), Paper("A4", page)
	sees := func(p board.Part, want string) {
		t.Helper()
		if got := words(p.Look(t.Context())); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	sees(usual, "failed printer-absent false no-default[]")
	sees(named, "failed printer-absent false queue[A4 0]")
	if _, err := named.Test(t.Context(), "an", nil); fault.CodeOf(err) != fault.PrinterAbsent {
		t.Errorf("printed on a queue that is none: %v", err)
	}
	c.run("lpadmin", "-p", "A4", "-E", "-v", "socket://"+c.printer.Addr().String(), "-m", "raw")
	sees(named, "present  false queue[A4 0] idle[]")
	sees(usual, "failed printer-absent false no-default[]")
	c.run("lpadmin", "-d", "A4")
	sees(usual, "present  false queue[A4 0] idle[]")
	w, err := usual.Test(t.Context(), "an", nil)
	if err != nil || !texts.Has(w.Key) {
		t.Fatalf("%+v, %v", w, err)
	}
	c.printed()
	c.run("cancel", "-a", "A4") // the backend may still wait for what the printer says
	c.run("cupsdisable", "-r", "het giay", "A4")
	if err := office.PrintPDF(t.Context(), "A4", []byte("%PDF-1.7")); err != nil {
		t.Error(err)
	}
	sees(usual, "present  true queue[A4 1] stopped[]")
	c.run("cancel", "-a", "A4")
	c.run("cupsenable", "A4")
	c.run("cupsreject", "A4")
	sees(usual, "present  true queue[A4 0] rejecting[]")
	sees(Paper(NoPrinter, page), "absent  false none[]")
	if Paper(NoPrinter, page).Test != nil {
		t.Error("no printer can be tested")
	}
}

// printed takes the page as the printer.
func (c *cups) printed() {
	c.t.Helper()
	const wait = 2 * time.Minute // the backend begins again if nobody listens yet
	if err := c.printer.(*net.TCPListener).SetDeadline(time.Now().Add(wait)); err != nil {
		c.t.Fatal(err)
	}
	conn, err := c.printer.Accept()
	if err != nil {
		c.t.Fatalf("the page did not come out: %v", err)
	}
	defer conn.Close()
	data, err := io.ReadAll(conn)
	if err != nil || !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(data), []byte("%%EOF")) {
		c.t.Errorf("%d bytes came out, %v", len(data), err)
	}
}

// TestParse: what printers say that the one of the test does not.
func TestParse(t *testing.T) {
	for _, tt := range []struct{ state, accepts, jobs, want string }{
		{"printer A4 now printing A4-12.  enabled since Mon 23 Nov 2026 09:15:00 AM\n\tAlerts: none\n", "A4 accepting requests since x\n", "A4-12 an 1024 x\nA4-13 an 1024 x\n", "present  false queue[A4 2] printing[]"},
		{"printer A4 is idle.  enabled since x\n\tAlerts: media-empty-error media-needed-report\n", "", "", "failed printer-no-paper false queue[A4 0] []"},
		{"printer A4 is idle.  enabled since x\n\tAlerts: cover-open-error\n", "", "", "failed printer-cover false queue[A4 0] []"},
		{"printer A4 is idle.  enabled since x\n\tAlerts: offline-report\n", "", "", "failed printer-offline false queue[A4 0] []"},
		{"printer A4 is idle.  enabled since x\n\tAlerts: toner-low-warning\n", "", "", "present  true queue[A4 0] toner-low[]"},
		{"printer A4 is idle.  enabled since x\n\tAlerts: something-else-report\n", "", "", "present  false queue[A4 0] idle[]"},
		{"", "", "", "failed printer-offline false queue[A4 0] []"},
	} {
		if got := words(parse("A4", tt.state, tt.accepts, tt.jobs)); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.state, got, tt.want)
		}
	}
	texts, err := text.Load(assets.FS, "text/vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, reason := range named {
		if !texts.Has("desk.part.paper." + reason) {
			t.Errorf("no text about %s", reason)
		}
	}
}

// A program that says too much is not read to its end.
func TestLongAnswer(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "lpstat"), []byte("#!/bin/sh\nexec cat /dev/zero\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	if f := lookAtPaper(context.Background(), "A4"); f.State != health.Failed {
		t.Errorf("%+v", f)
	}
}

// FuzzParse: whatever CUPS says, the panel has two lines about the queue and a state.
func FuzzParse(f *testing.F) {
	f.Add("printer A4 is idle.  enabled since x\n\tAlerts: media-empty-error\n", "A4 not accepting requests since x -\n", "A4-1 an 1 x\n")
	f.Add("printer A4 disabled since x -\n\thet giay\n", "", "")
	f.Fuzz(func(t *testing.T, state, accepts, jobs string) {
		found := parse("A4", state, accepts, jobs)
		if len(found.Lines) != 2 || found.State != health.Present && found.Code == "" {
			t.Errorf("%+v", found)
		}
		if name := usual(state); !strings.Contains(state, name) {
			t.Errorf("%q is not what was said", name)
		}
	})
}

//go:build linux

package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
)

// atrOfType4 is that of a contactless card, made as PC/SC part 3 says.
const atrOfType4 = "\x3B\x8A\x80\x01\x80\x31\xB8\x73\x84\x01\x80\x02\x90\x00\xE6"

// layOther lays something on a reader that has an answer to reset and one answer to every command.
func (d *desk) layOther(t *testing.T, atr, answer string) place {
	t.Helper()
	p := d.take(t)
	conn, err := net.Dial("tcp", p.addr)
	if err != nil {
		t.Fatal(err)
	}
	var server sync.WaitGroup
	server.Go(func() { serveOther(conn, atr, answer) })
	t.Cleanup(func() {
		_ = conn.Close()
		server.Wait()
	})
	return p
}

// serveOther speaks vpcd's protocol: two bytes of length, then the message; one byte is a control message, of which
// only 4 is answered, with the answer to reset.
func serveOther(conn io.ReadWriter, atr, answer string) {
	const askATR = 4
	for {
		var length [2]byte
		if _, err := io.ReadFull(conn, length[:]); err != nil {
			return
		}
		message := make([]byte, binary.BigEndian.Uint16(length[:]))
		if _, err := io.ReadFull(conn, message); err != nil {
			return
		}
		reply := answer
		if len(message) == 1 {
			if message[0] != askATR {
				continue
			}
			reply = atr
		}
		framed := binary.BigEndian.AppendUint16(nil, uint16(len(reply)))
		if _, err := conn.Write(append(framed, reply...)); err != nil {
			return
		}
	}
}

// hangs is more than any failure may take beyond the time that it was told to wait.
const hangs = 8 * time.Second

// cardFailures: each kind of failure has its own exit status.
func cardFailures(t *testing.T, d *desk) {
	pace, bac := cardtest.Profile(t, persona(1)...), cardtest.Profile(t, append(persona(1), "--bac-only")...)
	p := cardtest.ReadPersona(t, pace)
	number := p.Text("number")
	for _, c := range []struct {
		name, profile, options string
		key                    []string
		code                   string
		status                 int
	}{
		{"wrong number", pace, "", []string{"--id", "099090000018"}, "card-wrong-key", 15},
		{"wrong MRZ", bac, "--no-pace", []string{"--mrz", mrz(cardtest.ReadPersona(t, cardtest.Profile(t, persona(2)...)), 3)}, "card-wrong-key", 15},
		{"another's QR code at BAC", bac, "--no-pace", []string{"--qr", "099188000231||Lò Thị Ủn|19071988|Nữ|Bản Mẫu|15032022"}, "card-wrong-key", 15},
		{"same CAN, other number", pace, "", []string{"--id", "099190000017"}, "card-other", 16},
		{"leaves", pace, "--tear-after 20", []string{"--id", number}, "card-removed", 12},
		{"leaves within a command", pace, "--fault tear@20", []string{"--id", number}, "card-removed", 12},
		{"leaves within access control", pace, "--fault tear@4", []string{"--id", number}, "card-removed", 12},
		{"BAC needs more", bac, "--no-pace", []string{"--id", number}, "card-key-needed", 19},
		{"changed MAC", pace, "--fault flip-mac@20", []string{"--id", number}, "card-secure", 18},
		{"changed MAC at BAC", bac, "--no-pace --fault flip-mac@20", []string{"--qr", qrOf(p)}, "card-secure", 18},
		{"missing MAC", pace, "--fault drop-do8e@15", []string{"--id", number}, "card-secure", 18},
		{"answer of before", pace, "--fault replay@20", []string{"--id", number}, "card-secure", 18},
		{"answer in the clear", pace, "--fault plain-9000@20", []string{"--id", number}, "card-secure", 18},
		{"session ended", pace, "--fault sw-6f00@20", []string{"--id", number}, "card-secure", 18},
		{"half an answer", pace, "--fault truncate@20", []string{"--id", number}, "card-secure", 18},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			chip := d.lay(t, c.profile, strings.Fields(c.options)...)
			o := chip.read(t, c.key...)
			o.refuses(t, c.code, c.status)
			if o.took > hangs {
				t.Errorf("took %v", o.took)
			}
		})
	}
}

// cardOthers: what is no citizen card, or no card at all.
func cardOthers(t *testing.T, d *desk) {
	read := func(t *testing.T, reader string, key ...string) outcome {
		t.Helper()
		return motcuactl(t, append([]string{"card", "read", "--json", "--reader", reader, "--wait", shortWait}, key...)...)
	}
	for _, sw := range []string{"\x6A\x82", "\x6D\x00", "\x6E\x00"} {
		t.Run(fmt.Sprintf("answers %X", sw), func(t *testing.T) {
			t.Parallel()
			p := d.layOther(t, atrOfType4, sw)
			d.await(t, p.reader, true)
			read(t, p.reader, "--id", "099090000017").refuses(t, "card-not-id", 14)
		})
	}
	t.Run("mute", func(t *testing.T) { // vpcd does not power a card whose ATR is longer than ISO 7816-3 allows
		t.Parallel()
		p := d.layOther(t, strings.Repeat("\x00", 40), "\x6D\x00")
		d.await(t, p.reader, true)
		read(t, p.reader, "--id", "099090000017").refuses(t, "card-mute", 13)
	})
	t.Run("nothing there", func(t *testing.T) {
		t.Parallel()
		read(t, d.take(t).reader, "--id", "099090000017").refuses(t, "card-absent", 22)
	})
	t.Run("no such reader", func(t *testing.T) {
		t.Parallel()
		read(t, "Cheap Reader", "--id", "099090000017").refuses(t, "reader-absent", 10)
	})
	t.Run("mistaken", func(t *testing.T) {
		t.Parallel()
		p := cardtest.ReadPersona(t, cardtest.Profile(t, persona(1)...))
		read(t, "", "--qr", "https://example.invalid/menu").refuses(t, "qr-not-card", 31)
		read(t, "", "--id", "09909000001").refuses(t, "usage", 2)
		read(t, "", "--mrz", "IDVNM").refuses(t, "usage", 2)
		mistyped := strings.Replace(mrz(p, 2), "900101", "900102", 1) // the birth
		read(t, "", "--mrz", mistyped).refuses(t, "usage", 2)
		read(t, "").refuses(t, "usage", 2)
		read(t, "", "--id", "099090000017", "--mrz", "x,y").refuses(t, "usage", 2)
	})
}

// cardTwoReaders: with two cards the first one counts, unless a reader is named.
func cardTwoReaders(t *testing.T, d *desk) {
	one, two := d.lay(t, cardtest.Profile(t, persona(1)...)), d.lay(t, cardtest.Profile(t, persona(5)...))
	for _, c := range []*chip{one, two, one} {
		c.readAs(t, "PACE-CAN", "--id", cardtest.ReadPersona(t, c.profile).Text("number"))
	}
	first := one
	if two.reader < one.reader {
		first = two
	}
	r := motcuactl(t, "card", "read", "--json", "--qr", qrOf(cardtest.ReadPersona(t, first.profile))).reading(t)
	if want := cardtest.ReadPersona(t, first.profile).Text("number"); r.Person["number"] != want {
		t.Errorf("read %v, want the card on %s", r.Person["number"], first.reader)
	}
	first.end()
	d.await(t, first.reader, false)
	other := map[*chip]*chip{one: two, two: one}[first]
	r = motcuactl(t, "card", "read", "--json", "--qr", qrOf(cardtest.ReadPersona(t, other.profile))).reading(t)
	if want := cardtest.ReadPersona(t, other.profile).Text("number"); r.Person["number"] != want {
		t.Errorf("read %v, want the card on %s, the only one", r.Person["number"], other.reader)
	}
}

// watching is a running card watch.
type watching struct {
	process *exec.Cmd
	lines   chan map[string]string
}

func startWatching(t *testing.T) *watching {
	t.Helper()
	w := &watching{process: exec.Command("motcuactl", "card", "watch", "--json"), lines: make(chan map[string]string)}
	out, err := w.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	w.process.Stderr = os.Stderr
	if err := w.process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { // ends with the process
		defer close(w.lines)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			line := map[string]string{}
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
				line["event"] = fmt.Sprintf("not JSON: %s", lines.Text())
			}
			w.lines <- line
		}
	}()
	t.Cleanup(func() {
		_ = w.process.Process.Kill()
		for range w.lines {
		}
	})
	return w
}

// expect waits for the next line.
func (w *watching) expect(t *testing.T, event, reader, atr string) {
	t.Helper()
	select {
	case line := <-w.lines:
		if line["event"] != event || line["reader"] != reader || line["atr"] != atr {
			t.Errorf("%v, want %s %s %s", line, event, reader, atr)
		}
	case <-time.After(seen):
		t.Fatalf("no line for %v, want %s %s", seen, event, reader)
	}
}

// cardWatched: insertion, removal and the end of the service are a line each, and an interruption is no failure.
func cardWatched(t *testing.T, d *desk) {
	one, two := d.take(t), d.take(t)
	if two.reader < one.reader {
		one, two = two, one
	}
	w := startWatching(t)
	w.expect(t, "service-up", "", "")
	w.expect(t, "reader-added", one.reader, "")
	w.expect(t, "reader-added", two.reader, "")
	for _, p := range []place{two, one} {
		conn, err := net.Dial("tcp", p.addr)
		if err != nil {
			t.Fatal(err)
		}
		var server sync.WaitGroup
		server.Go(func() { serveOther(conn, atrOfType4, "\x6A\x82") })
		w.expect(t, "card-inserted", p.reader, fmt.Sprintf("%X", atrOfType4))
		_ = conn.Close()
		server.Wait()
		w.expect(t, "card-removed", p.reader, "")
	}
	if err := w.process.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	for range w.lines {
	}
	if err := w.process.Wait(); err != nil {
		t.Errorf("interrupted: %v", err)
	}
}

// cardSimulated: the card that this tool plays is read by this tool, through the real service.
func cardSimulated(t *testing.T, d *desk) {
	people := cardsim.Personas()
	for n := 1; n <= len(people); n += 6 {
		for _, extended := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d extended %v", n, extended), func(t *testing.T) {
				t.Parallel()
				simulatedPerson(t, d, n, extended)
			})
		}
	}
}

func simulatedPerson(t *testing.T, d *desk, n int, extended bool) {
	place, person := d.take(t), cardsim.Personas()[n-1]
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	sim := exec.CommandContext(ctx, "motcuactl", "card", "sim", "--json", "--persona", fmt.Sprint(n), "--vpcd", place.addr,
		fmt.Sprintf("--extended=%v", extended))
	sim.Cancel = func() error { return sim.Process.Signal(syscall.SIGTERM) }
	sim.WaitDelay = ended
	out, err := sim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	var said struct{ Number, Name, QR string }
	if err := json.NewDecoder(out).Decode(&said); err != nil || said.Number != person.Number || said.QR != person.QR() {
		t.Errorf("%+v %v", said, err)
	}
	r := motcuactl(t, "card", "read", "--json", "--reader", place.reader, "--wait", longWait, "--qr", said.QR).reading(t)
	if r.Person["number"] != person.Number || r.Person["name"] != person.Name || r.Access != "PACE-CAN" || r.Photo == nil {
		t.Errorf("%+v", r)
	}
	t.Logf("cardsim, extended %v: %d APDUs, %d bytes up, %d down, %d ms", extended, r.APDUs, r.Up, r.Down, *r.MS)
	cancel()
	if err := sim.Wait(); err != nil && sim.ProcessState.ExitCode() != 0 {
		t.Errorf("card sim was interrupted and ended with %v", err)
	}
}

// serviceLate is how long after the tool the service starts.
const serviceLate = 300 * time.Millisecond

// cardService: without the service there is no reader; one that hangs is not waited for; one that comes is used.
func cardService(t *testing.T, d *desk) {
	read := func(wait string) outcome {
		return motcuactl(t, "card", "read", "--json", "--id", "099090000017", "--wait", wait)
	}
	d.daemon.Pause()
	o := read(shortWait)
	d.daemon.Resume()
	o.refuses(t, "reader-absent", 10)
	if o.took > hangs {
		t.Errorf("took %v while the service hung", o.took)
	}
	d.daemon.Stop()
	o = read(shortWait)
	o.refuses(t, "reader-absent", 10)
	if o.took > hangs {
		t.Errorf("took %v without a service", o.took)
	}
	var late sync.WaitGroup
	late.Go(func() {
		time.Sleep(serviceLate)
		d.daemon.Launch()
	})
	read("2s").refuses(t, "card-absent", 22)
	late.Wait()
}

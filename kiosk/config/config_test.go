package config

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/kiosk/fault"
)

const example = "../../packaging/motcua.toml"

// commented is a line of the example that shows a default.
var commented = regexp.MustCompile(`(?m)^#([a-z_]+ = )`)

func readExample(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// leaves are the addresses of all fields of c that are not structs.
func leaves(c *Config) []any {
	var list []any
	var walk func(reflect.Value)
	walk = func(v reflect.Value) {
		if v.Kind() != reflect.Struct {
			list = append(list, v.Addr().Interface())
			return
		}
		for i := range v.NumField() {
			walk(v.Field(i))
		}
	}
	walk(reflect.ValueOf(c).Elem())
	return list
}

func TestEveryFieldHasOneKey(t *testing.T) {
	var c Config
	bound := map[any]string{}
	for _, k := range keys(&c) {
		if was, twice := bound[k.place()]; twice {
			t.Errorf("%s and %s set the same field", was, k.name)
		}
		bound[k.place()] = k.name
	}
	fields := leaves(&c)
	for _, f := range fields {
		if bound[f] == "" {
			t.Errorf("a field of type %T has no key", f)
		}
	}
	if len(fields) != len(bound) {
		t.Errorf("%d fields, %d keys", len(fields), len(bound))
	}
}

func TestExampleShowsEveryKeyAtItsDefault(t *testing.T) {
	data := readExample(t)
	if c, err := Load(example); err != nil || c != Default() {
		t.Fatalf("the example as it is: %v, %+v", err, c)
	}
	var c Config // from nothing, so that what the example leaves out is missed
	open := commented.ReplaceAll(data, []byte("$1"))
	problems := decode("motcua.toml", open, &c)
	if len(problems.List) > 0 {
		t.Fatalf("the example with its defaults uncommented:\n%v", problems)
	}
	if c != Default() {
		t.Errorf("the example says\n%+v\nthe defaults are\n%+v", c, Default())
	}
	if shown, all := len(commented.FindAll(data, -1)), len(keys(&c)); shown != all {
		t.Errorf("the example shows %d keys of %d", shown, all)
	}
	for _, k := range keys(&c) { // empty defaults are not seen above
		section, name, _ := strings.Cut(k.name, ".")
		_, rest, found := bytes.Cut(data, []byte("\n["+section+"]\n"))
		body, _, _ := bytes.Cut(rest, []byte("\n["))
		if !found || !bytes.Contains(body, []byte("\n#"+name+" = ")) {
			t.Errorf("the example does not show %s", k.name)
		}
	}
}

func TestDefaultsSatisfyTheirOwnRules(t *testing.T) {
	c := Default()
	for _, k := range keys(&c) {
		switch s := k.setting.(type) {
		case text:
			if wrong := s.rule(*s.into); wrong != "" {
				t.Errorf("%s: %s", k.name, wrong)
			}
		case number:
			if wrong := s.rule(*s.into); wrong != "" {
				t.Errorf("%s: %s", k.name, wrong)
			}
		}
	}
}

func TestValuesAreTaken(t *testing.T) {
	c, err := Parse("motcua.toml", []byte(`
printer.device = "tcp://printer.local:9100"
session = { idle_warn_seconds = 90, "idle_grace_seconds" = 0x2D }

[station]
id = "K12"
office = 'Công an xã Bao La'
[scanner]
driver = "serial"
device = "/dev/ttyACM0"
`))
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Printer.Device = "tcp://printer.local:9100"
	want.Session = Session{90, 45}
	want.Station.ID, want.Station.Office = "K12", "Công an xã Bao La"
	want.Scanner.Driver, want.Scanner.Device = DriverSerial, "/dev/ttyACM0"
	if c != want {
		t.Errorf("got\n%+v\nwant\n%+v", c, want)
	}
	if c.Session.IdleWarn() != 90*time.Second || c.Session.IdleGrace() != 45*time.Second {
		t.Error("durations", c.Session.IdleWarn(), c.Session.IdleGrace())
	}
}

func TestDecomposedLettersAreComposed(t *testing.T) {
	c, err := Parse("m", []byte("[station]\nlabel = \"Qu\u0061\u0302\u0300y\"\n"))
	if err != nil || c.Station.Label != "Quầy" {
		t.Errorf("%q, %v", c.Station.Label, err)
	}
}

func TestEveryProblemAtOnceWithItsLine(t *testing.T) {
	c, err := Load("testdata/wrong.toml")
	want, readErr := os.ReadFile("testdata/wrong.txt")
	if readErr != nil {
		t.Fatal(readErr)
	}
	var problems *Problems
	if !errors.As(err, &problems) || fault.CodeOf(err) != fault.ConfigBad {
		t.Fatalf("error is %v", err)
	}
	if got := problems.Error() + "\n"; got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if c != Default() {
		t.Error("a file with problems must change nothing")
	}
}

func TestOneProblem(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"[printer]\nwidth = 600", "m:2: printer.width: 600 is not a width we know (0, 384, 512, 576)"},
		{"[printer]\nwidht = 576", "m:2: printer.widht: no such key; did you mean printer.width?"},
		{"[card]\nbaud = 9600", "m:2: card.baud: no such key; did you mean scanner.baud?"},
		{"id = \"K2\"", "m:1: id: no such key; did you mean station.id?"},
		{"[sation]\nid = 'K2'", "m:1: sation: no such section; did you mean [station]?"},
		{"[zzzzzz]\n", "m:1: zzzzzz: no such section"},
		{"[station.id]\n", "m:1: station.id: is a value, not a section"},
		{"[[card]]\n", "m:1: card: is one section, not a list: write [card]"},
		{"card = 'pcsc'", "m:1: card: is a section, not a value: write [card]"},
		{"[card]\n\"driver.x\" = 'pcsc'", `m:2: card."driver.x": no such key; did you mean card.driver?`},
		{"\"card.driver\" = 'pcsc'", `m:1: "card.driver": no such key; did you mean card.driver?`},
		{"[card]\ndriver = 'pscs'", `m:2: card.driver: "pscs" is none of auto, pcsc, sim, none`},
		{"[screen]\nmode = 'fulscreen'", `m:2: screen.mode: "fulscreen" is none of fullscreen, window; did you mean "fullscreen"?`},
		{"[card]\ndriver = true", "m:2: card.driver: a text in quotes is needed, not true or false"},
		{"[card]\nreader = {a = 1}", "m:2: card.reader: a text in quotes is needed, not a section"},
		{"[printer]\nwidth = '576'", "m:2: printer.width: a whole number is needed, not a text in quotes"},
		{"[printer]\nwidth = 57.6", "m:2: printer.width: a whole number is needed, not a number"},
		{"[printer]\nwidth = [576]", "m:2: printer.width: a whole number is needed, not a list"},
		{"[printer]\nwidth = 1979-05-27", "m:2: printer.width: a whole number is needed, not a date or time"},
		{"[printer]\nwidth = 99999999999999", "m:2: printer.width: not a number that can be used"},
		{"[printer]\nwidth = 0576", "m:2: "},
		{"[session]\nidle_grace_seconds = 5", "m:2: session.idle_grace_seconds: 5 is not between 20 and 300"},
		{"[station]\nid = 'kiosk'", `m:2: station.id: "kiosk" is not of the form needed (1 to 8 of A-Z and 0-9, a letter first)`},
		{"[station]\noffice = ' '", "m:2: station.office: must not be empty"},
		{"[station]\noffice = \"a\\nb\"", "m:2: station.office: a line break or control character is not allowed"},
		{"[station]\noffice = '" + strings.Repeat("x", 513) + "'", "m:2: station.office: longer than 512 bytes"},
		{"[card]\nreader = 'a'\n\nreader = 'b'", "m:4: card.reader: already set on line 2"},
		{"[card]\n[log]\n[card]\nreader = 'b'", "m:3: card: already set on line 1"},
		{"card = {reader = 'a'}\ncard.reader = 'b'", "m:2: card.reader: already set on line 1"},
		{"card.reader = 'a'\n[card]\ndriver = 'sim'", "m:2: "},
		{"[scanner]\ndriver = 'serial'", "m:2: scanner.driver: this driver needs scanner.device"},
		{"[scanner]\ndriver = 'file'", "m:2: scanner.driver: this driver needs scanner.path"},
		{"[printer]\ndriver = 'escpos'", "m:2: printer.driver: this driver needs printer.device"},
		{"[desk]\nreader = 'ACR1281'", "m:2: desk.reader: the kiosk may take this reader, too: name another one in card.reader, or set card.driver to \"none\" where no kiosk runs"},
		{"[scanner]\ndevice = '/dev/ttyACM0'\n[desk]\nscanner = '/dev/ttyACM0'", "m:4: desk.scanner: the kiosk has this scanner"},
		{"[card]\nreader = 'ACR'\n[desk]\nreader = 'ACR1281'", "m:4: desk.reader: the kiosk may take"},
		{"[card]\nreader = 'ACR1281 01'\n[desk]\nreader = 'ACR1281'", "m:4: desk.reader: the kiosk may take"},
		{"[portal]\nkind = 'directory'", "m:2: portal.kind: this kind needs portal.directory"},
		{"[portal]\nkind = 'http'\nurl = 'https://portal.example.vn'\ntoken_url = 'http://localhost/token'\nsecret_file = 's'", "m:2: portal.kind: this kind needs portal.client_id"},
		{"[portal]\nurl = 'http://portal.example.vn'", "m:2: portal.url: \"http://portal.example.vn\" is not of the form needed (https://…, without user, ? and #)"},
		{"[printer]\ndevice = 'tcp://printer'", `m:2: printer.device: "tcp://printer" needs a host and a port, like tcp://host:9100`},
		{"[printer]\ndevice = 'tcp://printer:0'", `m:2: printer.device: "tcp://printer:0" needs a host and a port, like tcp://host:9100`},
		{"[printer]\ndevice = 'tcp://printer:9100/x'", `m:2: printer.device: "tcp://printer:9100/x" needs a host and a port, like tcp://host:9100`},
		{"[printer]\ndevice = 'usb:lp0'", `m:2: printer.device: "usb:lp0" needs a whole path, like usb:/path`},
		{"[printer]\ndevice = 'serial:/dev/ttyS0?baud=9601'", "m:2: printer.device: 9601 is not a speed we know (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)"},
		{"[printer]\ndevice = 'serial:/dev/ttyS0?parity=odd'", `m:2: printer.device: "parity" is not an option of a serial printer (baud)`},
		{"[printer]\ndevice = 'serial:'", `m:2: printer.device: "serial:" needs a path, like serial:/dev/ttyUSB0`},
		{"[printer]\ndevice = '/dev/usb/lp0'", `m:2: printer.device: "/dev/usb/lp0" is not an address of a printer (`},
		{"[log]\nlevel = \"in", "m:2: "},
		{"[log\nfil = ''", "m:1: "},
		{"\x00", "m:1: "},
		{"[log]\nfile = '\xff'", "m:2: "},
	} {
		_, err := Parse("m", []byte(c.file))
		var problems *Problems
		if !errors.As(err, &problems) {
			t.Errorf("%q: error is %v", c.file, err)
			continue
		}
		if got := problems.Error(); len(problems.List) != 1 || !strings.HasPrefix(got, c.want) {
			t.Errorf("%q:\n got %s\nwant %s", c.file, got, c.want)
		}
	}
}

func TestPrinterDevices(t *testing.T) {
	for _, device := range []string{
		"", "serial:/dev/ttyUSB0", "serial:/dev/ttyUSB0?baud=19200", "serial:COM3", "usb:/dev/usb/lp0",
		"tcp://192.0.2.7:9100", "tcp://[::1]:9100", "file:/var/spool/slips",
	} {
		if wrong := printerDevice(device); wrong != "" {
			t.Errorf("%q: %s", device, wrong)
		}
	}
}

func TestByteOrderMarkAndCarriageReturns(t *testing.T) {
	c, err := Parse("m", []byte("\uFEFF[log]\r\nlevel = \"warn\"\r\n"))
	if err != nil || c.Log.Level != "warn" {
		t.Errorf("%v, %+v", err, c.Log)
	}
}

func TestHostileFilesEndSoon(t *testing.T) {
	for name, data := range map[string]string{
		"too large":      strings.Repeat("#", maxFile+1),
		"all wrong":      strings.Repeat("= = =\n", maxFile/6),
		"deep":           "a = " + strings.Repeat("[", maxFile-4),
		"many keys":      strings.Repeat("a.b.c = 1\n", maxFile/10),
		"nested inline":  strings.Repeat("card = {", maxFile/8),
		"a long key":     strings.Repeat("k", maxFile-4) + " = 1",
		"quotes unended": "[log]\nfile = \"\"\"" + strings.Repeat("x\n", 1000),
	} {
		began := time.Now()
		_, err := Parse("m", []byte(data))
		var problems *Problems
		if !errors.As(err, &problems) || len(problems.List) > maxProblems {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

func TestLoadWithoutFile(t *testing.T) {
	if c, err := Load(""); err != nil || c != Default() {
		t.Errorf("%v, %+v", err, c)
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "none.toml"), t.TempDir()} {
		_, err := Load(path)
		var problems *Problems
		if !errors.As(err, &problems) || fault.CodeOf(err) != fault.ConfigBad || len(problems.List) != 1 {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestFindTakesTheFirst(t *testing.T) {
	home, here := t.TempDir(), t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv(EnvFile, "")
	t.Chdir(here)
	if got := Find(); got != "" && !strings.HasPrefix(got, "/etc/") {
		t.Errorf("with no file: %q", got)
	}
	inHome := filepath.Join(home, ".config", "motcua", "motcua.toml")
	if err := os.MkdirAll(filepath.Dir(inHome), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ write, want string }{{inHome, inHome}, {"motcua.toml", "motcua.toml"}} {
		if err := os.WriteFile(step.write, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if got := Find(); got != step.want {
			t.Errorf("got %q, want %q", got, step.want)
		}
	}
	t.Setenv(EnvFile, "/nowhere/x.toml")
	if got := Find(); got != "/nowhere/x.toml" {
		t.Errorf("%s is passed over for %q", EnvFile, got)
	}
}

func TestExpand(t *testing.T) {
	t.Setenv("HOME", "/home/kiosk")
	for in, want := range map[string]string{"~/a/b": "/home/kiosk/a/b", "/a": "/a", "a": "a", "~": "~", "": "", "a/~/b": "a/~/b"} {
		if got, err := Expand(in); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	t.Setenv("HOME", "")
	if _, err := Expand("~/a"); fault.CodeOf(err) != fault.ConfigBad {
		t.Errorf("without a home: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(readExample(f))
	f.Add(commented.ReplaceAll(readExample(f), []byte("$1")))
	if wrong, err := os.ReadFile("testdata/wrong.toml"); err == nil {
		f.Add(wrong)
	}
	f.Add([]byte("station = {id = 'K2', office = \"\"\"\nx\"\"\"}\r\n[[card]]\n'a b'.\"c\" = [1, {x = 2}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse("m", data)
		if err == nil {
			valid(t, c)
			return
		}
		var problems *Problems
		if !errors.As(err, &problems) || len(problems.List) == 0 || len(problems.List) > maxProblems {
			t.Fatalf("error %v", err)
		}
		if !slices.IsSortedFunc(problems.List, func(a, b Problem) int { return a.Line - b.Line }) {
			t.Errorf("not in the order of lines: %v", problems)
		}
		lines := 1 + bytes.Count(data, []byte("\n"))
		for _, p := range problems.List {
			if p.Line < 0 || p.Line > lines || p.Message == "" {
				t.Errorf("problem %+v in a file of %d lines", p, lines)
			}
		}
	})
}

// valid holds that a Config that was read satisfies every rule, whatever the file was.
func valid(t *testing.T, c Config) {
	for _, k := range keys(&c) {
		wrong := ""
		switch s := k.setting.(type) {
		case text:
			wrong = s.rule(*s.into)
		case number:
			wrong = s.rule(*s.into)
		}
		if wrong != "" {
			t.Errorf("%s: %s", k.name, wrong)
		}
	}
}

// TestDeskReader: officers have a reader of their own, beside the kiosk's or without a kiosk.
func TestDeskReader(t *testing.T) {
	for _, text := range []string{"[card]\nreader = 'ACR122'\n[desk]\nreader = 'ACR1281'", "[desk]\nreader = 'ACR1281'\n[card]\ndriver = 'none'", "[card]\ndriver = 'sim'\n[desk]\nreader = 'ACR1281'"} {
		if c, err := Parse("m", []byte(text)); err != nil || c.Desk.Reader != "ACR1281" {
			t.Errorf("%q: %q, %v", text, c.Desk.Reader, err)
		}
	}
	if Default().Desk.Reader != "" {
		t.Error("without a word of it the desk takes a reader")
	}
}

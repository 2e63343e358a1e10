//go:build linux

package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image/jpeg"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"motcua/devices/card/cardtest"
	"motcua/kiosk/fault"
)

// chipReading is what card read --json gives, read strictly.
type chipReading struct {
	Person  map[string]any `json:"person"`
	Verdict string         `json:"verdict"`
	Checks  []struct {
		Check, Outcome, Cause, Reason string
	} `json:"checks"`
	Notes  []string `json:"notes"`
	Access string   `json:"access"`
	APDUs  int      `json:"apdus"`
	Up     int      `json:"up"`
	Down   int      `json:"down"`
	MS     *int64   `json:"ms"`
	Photo  *struct {
		Type   string `json:"type"`
		Bytes  int    `json:"bytes"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
	} `json:"photo"`
}

// reading wants the outcome to be a success.
func (o outcome) reading(t *testing.T) chipReading {
	t.Helper()
	return o.readingWith(t, "")
}

// readingWith wants a card that was read, with the exit status of what is wrong with it.
func (o outcome) readingWith(t *testing.T, code fault.Code) chipReading {
	t.Helper()
	want := 0
	if code != "" {
		want = code.Exit()
	}
	if o.status != want {
		t.Fatalf("status %d, not %d: %s%s", o.status, want, o.out, o.err)
	}
	var r chipReading
	decoder := json.NewDecoder(strings.NewReader(o.out))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		t.Fatalf("%v in %s", err, o.out)
	}
	if decoder.More() || strings.Count(o.out, "\n") != 1 {
		t.Fatalf("more than one line: %s", o.out)
	}
	return r
}

// facts is the person as card read has to give it: what is absent on the card is absent.
func facts(p cardtest.Persona) map[string]any {
	want := map[string]any{}
	for _, key := range []string{"number", "name", "birth", "sex", "nationality", "ethnicity", "religion", "origin",
		"residence", "features", "issued", "expires", "father", "mother", "spouse"} {
		if text := p.Text(key); text != "" {
			want[key] = text
		}
	}
	if p.Text("expires") == "" {
		want["expires"] = "never"
	}
	if old := p.Text("cmnd"); old != "" {
		want["old_number"] = old
	}
	return want
}

// mrz is the text for --mrz: as many lines as are wanted.
func mrz(p cardtest.Persona, lines int) string {
	var text []string
	all, _ := p["mrz"].([]any)
	for _, line := range all[:lines] {
		text = append(text, fmt.Sprint(line))
	}
	return strings.Join(text, ",")
}

// qrOf is the text of the QR code of the card's own generation.
func qrOf(p cardtest.Persona) string { return p.Text(fmt.Sprintf("qr_%v", p["generation"])) }

// compare compares everything in a reading with the profile and with what the chip counted.
func (c *chip) compare(t *testing.T, r chipReading, access string, counted traffic) {
	t.Helper()
	person := cardtest.ReadPersona(t, c.profile)
	if want := facts(person); !reflect.DeepEqual(r.Person, want) {
		t.Errorf("person\n got %v\nwant %v", r.Person, want)
	}
	if r.Access != access {
		t.Errorf("access %q, want %q", r.Access, access)
	}
	if got := (traffic{r.APDUs, r.Up, r.Down}); got != counted {
		t.Errorf("counted %+v, the chip %+v", got, counted)
	}
	if r.MS == nil || *r.MS < 0 {
		t.Errorf("ms is %v", r.MS)
	}
	c.comparePhoto(t, r)
	var names []string
	for _, check := range r.Checks {
		names = append(names, check.Check)
		if check.Outcome == "failed" {
			t.Errorf("check %s failed: %s", check.Check, check.Reason)
		}
		if (check.Check == "access" || check.Check == "data-groups" || check.Check == "number-consistency") && check.Outcome != "passed" {
			t.Errorf("check %s: %s %s", check.Check, check.Outcome, check.Reason)
		}
	}
	want := []string{"access", "data-groups", "passive-authentication", "chip-authentication", "active-authentication", "number-consistency"}
	if !slices.Equal(names, want) {
		t.Errorf("checks %v, want %v", names, want)
	}
}

func (c *chip) comparePhoto(t *testing.T, r chipReading) {
	t.Helper()
	photo, err := os.ReadFile(filepath.Join(c.profile, "photo.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	size, err := jpeg.DecodeConfig(bytes.NewReader(photo))
	if err != nil {
		t.Fatal(err)
	}
	if r.Photo == nil {
		t.Fatal("no photo")
	}
	if r.Photo.Type != "image/jpeg" || r.Photo.Bytes != len(photo) || r.Photo.Width != size.Width || r.Photo.Height != size.Height {
		t.Errorf("photo %+v, want image/jpeg of %d bytes, %dx%d", *r.Photo, len(photo), size.Width, size.Height)
	}
}

// readAs reads the chip in one way, compares all, and the portrait byte for byte.
func (c *chip) readAs(t *testing.T, access string, key ...string) chipReading {
	t.Helper()
	before := c.counted(t)
	portrait := filepath.Join(t.TempDir(), "portrait")
	r := c.read(t, append(key, "--photo", portrait)...).reading(t)
	after := c.counted(t)
	c.compare(t, r, access, traffic{after.apdus - before.apdus, after.up - before.up, after.down - before.down})
	got, err := os.ReadFile(portrait)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(c.profile, "photo.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("the portrait is not the one on the chip")
	}
	return r
}

// TestCardRead reads the chips of the invented people, in every way that opens them, through the real service. A card
// on the virtual reader takes half a second to be noticed; with MOTCUA_SOAK=1 every person meets every way.
func TestCardRead(t *testing.T) {
	cardtest.Shared(t)
	d := openDesk(t)
	t.Run("people", func(t *testing.T) {
		const people = 9
		for n := 1; n <= people; n++ {
			t.Run(fmt.Sprintf("%d PACE", n), func(t *testing.T) {
				t.Parallel()
				c := d.lay(t, cardtest.Profile(t, persona(n)...))
				p := cardtest.ReadPersona(t, c.profile)
				c.readAs(t, "PACE-CAN", "--qr", qrOf(p))
				c.readAs(t, "PACE-CAN", "--id", p.Text("number"))
				c.readAs(t, "PACE-CAN", "--mrz", mrz(p, 3))
			})
		}
		for _, n := range some(2, 5, 7, 8, 1, 3, 4, 6, 9) { // a wife of 2021, no expiry, 29 February, a child of 2024
			t.Run(fmt.Sprintf("%d BAC", n), func(t *testing.T) {
				t.Parallel()
				c := d.lay(t, cardtest.Profile(t, append(persona(n), "--bac-only")...), "--no-pace")
				p := cardtest.ReadPersona(t, c.profile)
				c.readAs(t, "BAC", "--qr", qrOf(p))
				c.readAs(t, "BAC", "--mrz", mrz(p, 2))
			})
		}
	})
	t.Run("options", func(t *testing.T) { cardOptions(t, d) })
	t.Run("profiles", func(t *testing.T) { cardProfiles(t, d) })
	t.Run("failures", func(t *testing.T) { cardFailures(t, d) })
	t.Run("others", func(t *testing.T) { cardOthers(t, d) })
	t.Run("trace", func(t *testing.T) { cardTrace(t, d) })
	t.Run("two readers", func(t *testing.T) { cardTwoReaders(t, d) })
	t.Run("watch", func(t *testing.T) { cardWatched(t, d) })
	t.Run("sim", func(t *testing.T) { cardSimulated(t, d) })
	t.Run("service", func(t *testing.T) { cardService(t, d) })
}

// cardOptions: whatever habit a chip has, it is read in full.
func cardOptions(t *testing.T, d *desk) {
	for _, options := range some(
		"--short", "--extended", "--no-pace --short", "--no-pace --extended", "--plain-errors --max-le 128", "--cardaccess-in-applet 9000",
		"--extended --max-le 128", "--max-le 128", "--sm-le overflow", "--sm-le fit", "--sm-le refuse", "--eof 6282",
		"--extended --eof 6282", "--plain-errors", "--plain-errors --sm-le refuse", "--mf 9000", "--mf 6982", "--mf 6D00", "--can",
		"--no-bac", "--no-pace --sm-le fit", "--no-pace --sm-le refuse --plain-errors", "--no-pace --max-le 128",
		"--no-pace --extended --max-le 128", "--no-pace --extended --plain-errors --sm-le refuse", "--no-pace --eof 6282 --extended",
	) {
		t.Run(options, func(t *testing.T) {
			t.Parallel()
			profile, access := cardtest.Profile(t, persona(2)...), "PACE-CAN"
			if strings.Contains(options, "--no-pace") {
				profile, access = cardtest.Profile(t, append(persona(2), "--bac-only")...), "BAC"
			}
			c := d.lay(t, profile, strings.Fields(options)...)
			r := c.readAs(t, access, "--qr", qrOf(cardtest.ReadPersona(t, profile)))
			t.Logf("%s %s: %d APDUs, %d bytes up, %d down, %d ms", access, options, r.APDUs, r.Up, r.Down, *r.MS)
		})
	}
}

// cardProfiles: what may be missing on a card.
func cardProfiles(t *testing.T, d *desk) {
	for _, options := range []string{"--no-expiry", "--single --no-cmnd", "--aa rsa", "--named-curves"} {
		t.Run(options, func(t *testing.T) {
			t.Parallel()
			c := d.lay(t, cardtest.Profile(t, append(persona(2), strings.Fields(options)...)...))
			c.readAs(t, "PACE-CAN", "--id", cardtest.ReadPersona(t, c.profile).Text("number"))
		})
	}
	t.Run("--opaque-dg13", func(t *testing.T) {
		t.Parallel()
		c := d.lay(t, cardtest.Profile(t, append(persona(2), "--opaque-dg13")...))
		p := cardtest.ReadPersona(t, c.profile)
		r := c.read(t, "--qr", qrOf(p)).reading(t)
		want := map[string]any{"number": p.Text("number"), "name": "LO THI UN", "birth": p.Text("birth"), "sex": p.Text("sex"),
			"nationality": "Việt Nam", "expires": p.Text("expires")}
		if !reflect.DeepEqual(r.Person, want) {
			t.Errorf("person\n got %v\nwant %v", r.Person, want)
		}
		c.comparePhoto(t, r)
	})
	t.Run("--bad-sod-hash 13", func(t *testing.T) {
		t.Parallel()
		c := d.lay(t, cardtest.Profile(t, append(persona(2), "--bad-sod-hash", "13")...))
		r := c.read(t, "--id", cardtest.ReadPersona(t, c.profile).Text("number")).readingWith(t, fault.CardForged)
		if check := r.Checks[1]; r.Verdict != "forged" || r.Photo != nil || check.Cause != "hash-differs" || check.Check != "data-groups" || check.Outcome != "failed" || !strings.Contains(check.Reason, "DG13") {
			t.Errorf("%+v", check)
		}
	})
	t.Run("trusted", func(t *testing.T) { // with the issuer's certificate imported, everything is proven
		t.Parallel()
		c := d.lay(t, cardtest.Profile(t, persona(2)...))
		config := stationWith(t, filepath.Join(c.profile, "csca.pem"))
		r := c.read(t, "--config", config, "--id", cardtest.ReadPersona(t, c.profile).Text("number")).reading(t)
		for _, check := range r.Checks {
			if check.Outcome != "passed" {
				t.Errorf("%+v", check)
			}
		}
		if r.Verdict != "genuine" {
			t.Errorf("verdict %s", r.Verdict)
		}
	})
	t.Run("downgrade", func(t *testing.T) { // the chip does not do PACE, its DG14 says that it does
		t.Parallel()
		c := d.lay(t, cardtest.Profile(t, persona(2)...), "--no-pace")
		r := c.read(t, "--qr", qrOf(cardtest.ReadPersona(t, c.profile))).readingWith(t, fault.CardDowngraded)
		if check := r.Checks[0]; r.Verdict != "downgraded" || r.Access != "BAC" || check.Check != "access" || check.Outcome != "failed" {
			t.Errorf("%s %+v", r.Access, check)
		}
	})
}

// cardTrace: the trace has a line an APDU, adds up to what is reported, and gives nothing of the holder away.
func cardTrace(t *testing.T, d *desk) {
	c := d.lay(t, cardtest.Profile(t, persona(1)...))
	p := cardtest.ReadPersona(t, c.profile)
	trace := filepath.Join(t.TempDir(), "trace")
	r := c.read(t, "--qr", qrOf(p), "--trace", trace).reading(t)
	info, err := os.Stat(trace)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", info.Mode(), err)
	}
	raw, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`^([<>]) ((?:[0-9A-F]{2})+)$`)
	lines, size := map[string]int{}, map[string]int{}
	for i, text := range strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n") {
		m := line.FindStringSubmatch(text)
		if m == nil || m[1] != []string{">", "<"}[i%2] {
			t.Fatalf("line %d: %q", i+1, text)
		}
		lines[m[1]]++
		size[m[1]] += len(m[2]) / 2
	}
	want := map[string]int{">": r.APDUs, "<": r.APDUs}
	if wantSize := map[string]int{">": r.Up, "<": r.Down}; !maps.Equal(lines, want) || !maps.Equal(size, wantSize) {
		t.Errorf("%v lines of %v bytes, want %v of %v", lines, size, want, wantSize)
	}
	// As bytes only: that every line is hexadecimal was seen above, and six digits occur in as much of it by chance.
	for _, secret := range []string{p.Text("number"), p.Text("can"), p.Text("mrz_key"), p.Text("name"), mrz(p, 1)} {
		if strings.Contains(string(raw), strings.ToUpper(hex.EncodeToString([]byte(secret)))) {
			t.Errorf("the trace holds %d characters of the holder's in the clear", len(secret))
		}
	}
}

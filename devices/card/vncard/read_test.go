package vncard_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/vncard"
)

func deadline(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// request is what the QR code of the profile's card tells.
func request(t testing.TB, profile string) vncard.Request {
	t.Helper()
	p := cardtest.ReadPersona(t, profile)
	day := func(key string) vncard.Date {
		d, err := time.Parse(time.DateOnly, p.Text(key))
		if err != nil {
			t.Fatal(err)
		}
		return vncard.Date{Year: d.Year(), Month: d.Month(), Day: d.Day()}
	}
	return vncard.Request{Number: p.Text("number"), Birth: day("birth"), Issued: day("issued")}
}

func mrzLines(t testing.TB, profile string) []string {
	t.Helper()
	lines, _ := cardtest.ReadPersona(t, profile)["mrz"].([]any)
	var out []string
	for _, l := range lines {
		out = append(out, l.(string))
	}
	return out
}

// checkAgainstProfile compares everything that was read with what make_profile.py put on the card.
func checkAgainstProfile(t *testing.T, c *vncard.Card, profile string) {
	t.Helper()
	p := cardtest.ReadPersona(t, profile)
	if c.Number != p.Text("number") {
		t.Errorf("number %q, want %q", c.Number, p.Text("number"))
	}
	for _, f := range []emrtd.File{emrtd.SOD, emrtd.DG1, emrtd.DG2, emrtd.DG13, emrtd.DG14, emrtd.DG15} {
		name := f.String()
		if f == emrtd.SOD {
			name = "EF_SOD"
		}
		want, err := os.ReadFile(filepath.Join(profile, name+".bin"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(c.Files[f], want) {
			t.Errorf("%s: %d bytes differ from the card's %d", f, len(c.Files[f]), len(want))
		}
	}
	photo, err := os.ReadFile(filepath.Join(profile, "photo.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Photo == nil || !bytes.Equal(c.Photo.Data, photo) || c.Photo.MediaType != "image/jpeg" || c.Photo.Width < 100 {
		t.Errorf("photo: %v", c.Photo != nil)
	}
	if opaque, _ := p["dg13_opaque"].(bool); opaque {
		if c.DG13 == nil || !c.DG13.Opaque {
			t.Error("DG13 is not reported as opaque")
		}
		return
	}
	checkDG13(t, c.DG13, p)
}

func checkDG13(t *testing.T, d *vncard.DG13, p cardtest.Persona) {
	t.Helper()
	if d == nil {
		t.Error("no DG13")
		return
	}
	for key, got := range map[string]string{
		"number": d.Number, "name": d.Name, "sex_text": d.Sex, "nationality": d.Nationality, "ethnicity": d.Ethnicity,
		"religion": d.Religion, "origin": d.Origin, "residence": d.Residence, "features": d.Features, "father": d.Father,
		"mother": d.Mother, "spouse": d.Spouse, "cmnd": d.OldNumber, "serial": d.Serial, "expiry_text": d.Expires,
	} {
		if got != p.Text(key) {
			t.Errorf("DG13 %s: %q, want %q", key, got, p.Text(key))
		}
	}
	birth, ok := d.BirthDate()
	if !ok || birth.String() != p.Text("birth") {
		t.Errorf("birth %v, want %s", birth, p.Text("birth"))
	}
	issued, ok := d.IssueDate()
	if !ok || issued.String() != p.Text("issued") {
		t.Errorf("issued %v, want %s", issued, p.Text("issued"))
	}
}

func outcome(c *vncard.Card, name vncard.CheckName) vncard.Outcome {
	for _, check := range c.Checks {
		if check.Name == name {
			return check.Outcome
		}
	}
	return ""
}

// TestVariants reads a card that is different in one way each time.
func TestVariants(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	for _, v := range []struct {
		name    string
		profile []string
		chip    []string
		access  vncard.Access
		mrz     bool // the request is the MRZ
		apdus   int  // 0: not counted
	}{
		{name: "default", access: vncard.PACECAN, apdus: 1 + 1 + 5 + 1 + 7 + 1 + 2 + 2 + 2 + 1 + 1 + 80},
		{name: "extended", chip: []string{"--extended"}, access: vncard.PACECAN, apdus: 16},
		{name: "mrz", mrz: true, access: vncard.PACECAN},
		{name: "mrz to a chip without BAC", mrz: true, chip: []string{"--no-bac"}, access: vncard.PACECAN},
		{name: "can only", chip: []string{"--can"}, access: vncard.PACECAN},
		{name: "no PACE", chip: []string{"--no-pace"}, access: vncard.BAC},
		{name: "no PACE, extended", chip: []string{"--no-pace", "--extended"}, access: vncard.BAC},
		{name: "no PACE, MRZ", mrz: true, chip: []string{"--no-pace"}, access: vncard.BAC},
		{name: "BAC-only card", profile: []string{"--bac-only"}, access: vncard.BAC},
		{name: "fit", chip: []string{"--sm-le", "fit"}, access: vncard.PACECAN},
		{name: "refuse", chip: []string{"--sm-le", "refuse"}, access: vncard.PACECAN},
		{name: "refuse under BAC", chip: []string{"--sm-le", "refuse", "--no-pace"}, access: vncard.BAC},
		{name: "128", chip: []string{"--max-le", "128"}, access: vncard.PACECAN},
		{name: "160", chip: []string{"--max-le", "160"}, access: vncard.PACECAN},
		{name: "223", chip: []string{"--max-le", "223"}, access: vncard.PACECAN},
		{name: "223 of extended", chip: []string{"--max-le", "223", "--extended"}, access: vncard.PACECAN},
		{name: "128 and plain errors", chip: []string{"--max-le", "128", "--plain-errors"}, access: vncard.PACECAN},
		{name: "128 under BAC and plain errors", chip: []string{"--max-le", "128", "--plain-errors", "--no-pace"}, access: vncard.BAC},
		{name: "end of file warned of", chip: []string{"--eof", "6282"}, access: vncard.PACECAN},
		{name: "end of file warned of, extended", chip: []string{"--eof", "6282", "--extended"}, access: vncard.PACECAN},
		{name: "plain errors", chip: []string{"--plain-errors"}, access: vncard.PACECAN},
		{name: "CardAccess in the application", chip: []string{"--cardaccess-in-applet", "9000"}, access: vncard.PACECAN},
		{name: "MF 9000", chip: []string{"--mf", "9000"}, access: vncard.PACECAN},
		{name: "MF 6982", chip: []string{"--mf", "6982"}, access: vncard.PACECAN},
		{name: "opaque", profile: []string{"--opaque-dg13"}, access: vncard.PACECAN},
		{name: "no expiry", profile: []string{"--no-expiry"}, access: vncard.PACECAN},
		{name: "no expiry under BAC", profile: []string{"--no-expiry"}, chip: []string{"--no-pace"}, access: vncard.BAC},
		{name: "single, no old number", profile: []string{"--single", "--no-cmnd", "--persona", "2"}, access: vncard.PACECAN},
		{name: "RSA", profile: []string{"--aa", "rsa"}, access: vncard.PACECAN},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			profile := cardtest.Profile(t, v.profile...)
			record := cardtest.NewRecord(cardtest.StartChip(t, profile, v.chip...))
			req := request(t, profile)
			if v.mrz {
				req = vncard.Request{MRZ: mrzLines(t, profile)}
			}
			c, err := vncard.Read(deadline(t), record, req)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d APDUs, %d up, %d down, %v", c.Stats.APDUs, c.Stats.Up, c.Stats.Down, c.Stats.Duration)
			if c.Access != v.access {
				t.Errorf("access %s", c.Access)
			}
			checkAgainstProfile(t, c, profile)
			cardtest.CheckCommands(t, record.Commands())
			if o := outcome(c, vncard.CheckDataGroups); o != vncard.Passed {
				t.Errorf("data groups: %v", c.Checks)
			}
			if o := outcome(c, vncard.CheckNumber); o != vncard.Passed && !c.DG13.Opaque {
				t.Errorf("numbers: %v", c.Checks)
			}
			checkProven(t, c)
			if v.apdus > 0 && c.Stats.APDUs > v.apdus {
				t.Errorf("%d APDUs, expected at most %d", c.Stats.APDUs, v.apdus)
			}
		})
	}
}

// checkProven: the chip proved itself in both ways, its issuer is nobody that is trusted, and an examiner who has only
// what is kept finds the same.
func checkProven(t *testing.T, c *vncard.Card) {
	t.Helper()
	for name, want := range map[vncard.CheckName]vncard.Outcome{vncard.CheckChip: vncard.Passed, vncard.CheckActive: vncard.Passed,
		vncard.CheckPassive: vncard.NotPossible} {
		if got := outcome(c, name); got != want {
			t.Errorf("%s: %v", name, c.Checks)
		}
	}
	kept, err := json.Marshal(c.Proof)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := vncard.ParseProof(kept)
	if err != nil {
		t.Fatal(err)
	}
	again := vncard.Examine(proof, c.Photo.Data, nil, time.Time{})
	if !reflect.DeepEqual(again.Checks, c.Checks) {
		t.Errorf("examined again: %v, was %v", again.Checks, c.Checks)
	}
	if again.Number != c.Number || again.MRZ == nil || again.Photo == nil {
		t.Error("the proof does not say who it is")
	}
	t.Logf("%d bytes of proof", len(kept))
}

// TestPersonas: the nine people, each by the number alone (PACE) and by number and dates (BAC).
func TestPersonas(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	for persona := range 9 {
		for _, option := range []string{"--extended", "--no-pace"} {
			if option == "--no-pace" && persona < 4 {
				continue // the later ones are those whose expiry is hard to infer
			}
			t.Run(strconv.Itoa(persona+1)+option, func(t *testing.T) {
				t.Parallel()
				profile := cardtest.Profile(t, "--persona", strconv.Itoa(persona+1))
				req := request(t, profile)
				if option == "--extended" {
					req = vncard.Request{Number: req.Number}
				}
				c, err := vncard.Read(deadline(t), cardtest.StartChip(t, profile, option), req)
				if err != nil {
					t.Fatal(err)
				}
				checkAgainstProfile(t, c, profile)
				if option == "--no-pace" && outcome(c, vncard.CheckAccess) != vncard.Failed {
					t.Errorf("the downgrade is not seen: %v", c.Checks)
				}
				if option == "--extended" && (outcome(c, vncard.CheckAccess) != vncard.Passed || c.Access != vncard.PACECAN) {
					t.Errorf("access: %v", c.Checks)
				}
			})
		}
	}
}

// foreignMRZ takes the personal number out of the MRZ, as another country's card would have it.
func foreignMRZ(lines []string) []string {
	return []string{lines[0][:15] + strings.Repeat("<", 15), lines[1], lines[2]}
}

func TestPACEWithMRZ(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	profile := smallProfile(t)
	req := vncard.Request{MRZ: foreignMRZ(mrzLines(t, profile))}
	c, err := vncard.Read(deadline(t), cardtest.StartChip(t, profile), req)
	if err != nil || c.Access != vncard.PACEMRZ {
		t.Fatalf("%v", err)
	}
	// A chip that knows the CAN alone answers 6A88, and there is no CAN.
	if _, err := vncard.Read(deadline(t), cardtest.StartChip(t, profile, "--can"), req); !errors.Is(err, vncard.ErrKeyMissing) {
		t.Errorf("%v", err)
	}
}

func TestWrongInput(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	profile := smallProfile(t)
	good := request(t, profile)
	otherCAN, sameCAN := "099090000018", "099195000017"
	otherBirth := good
	otherBirth.Birth = vncard.Date{Year: 1989, Month: 1, Day: 1}
	numberOnly := vncard.Request{Number: good.Number}
	foreign := foreignMRZ(mrzLines(t, profile))
	wrong := append([]string{}, foreign...)
	wrong[1] = "8" + wrong[1][1:]
	for name, v := range map[string]struct {
		req  vncard.Request
		chip []string
		want error
	}{
		"nothing":                       {vncard.Request{}, nil, vncard.ErrRequest},
		"eleven digits":                 {vncard.Request{Number: good.Number[1:]}, nil, vncard.ErrRequest},
		"letters":                       {vncard.Request{Number: "09909000001a"}, nil, vncard.ErrRequest},
		"no MRZ":                        {vncard.Request{MRZ: []string{"IDVNM"}}, nil, vncard.ErrRequest},
		"two people":                    {vncard.Request{Number: otherCAN, MRZ: mrzLines(t, profile)}, nil, vncard.ErrRequest},
		"wrong number":                  {vncard.Request{Number: otherCAN}, nil, vncard.ErrWrongKey},
		"wrong number with dates":       {vncard.Request{Number: otherCAN, Birth: good.Birth, Issued: good.Issued}, nil, vncard.ErrWrongKey},
		"another person, same digits":   {vncard.Request{Number: sameCAN}, nil, vncard.ErrOtherCard},
		"wrong MRZ":                     {vncard.Request{MRZ: wrong}, nil, vncard.ErrWrongKey},
		"number alone, no PACE":         {numberOnly, []string{"--no-pace"}, vncard.ErrKeyMissing},
		"wrong birth, no PACE":          {otherBirth, []string{"--no-pace"}, vncard.ErrWrongKey},
		"wrong number, no PACE":         {vncard.Request{Number: otherCAN, Birth: good.Birth, Issued: good.Issued}, []string{"--no-pace"}, vncard.ErrWrongKey},
		"five digits of a CAN":          {vncard.Request{CAN: good.Number[7:]}, nil, vncard.ErrRequest},
		"the CAN of another number":     {vncard.Request{Number: good.Number, CAN: otherCAN[6:]}, nil, vncard.ErrRequest},
		"wrong CAN":                     {vncard.Request{CAN: otherCAN[6:]}, nil, vncard.ErrWrongKey},
		"CAN alone is fine":             {vncard.Request{CAN: good.Number[6:]}, nil, nil},
		"CAN alone, no PACE":            {vncard.Request{CAN: good.Number[6:]}, []string{"--no-pace"}, vncard.ErrKeyMissing},
		"foreign MRZ, no PACE, is fine": {vncard.Request{MRZ: foreign}, []string{"--no-pace"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			record := cardtest.NewRecord(cardtest.StartChip(t, profile, v.chip...))
			c, err := vncard.Read(deadline(t), record, v.req)
			if !errors.Is(err, v.want) || (c == nil) != (v.want != nil) {
				t.Errorf("%v, want %v", err, v.want)
			}
			for _, other := range []error{vncard.ErrWrongKey, vncard.ErrOtherCard, vncard.ErrKeyMissing, vncard.ErrSecureMessaging, card.ErrRemoved} {
				if !errors.Is(v.want, other) && errors.Is(err, other) {
					t.Errorf("%v is also %v", err, other)
				}
			}
			for _, command := range record.Commands() {
				if command[1] == 0x84 && len(v.chip) == 0 {
					t.Error("BAC after PACE failed")
				}
			}
		})
	}
}

// TestCallbacks: the text comes before the portrait, progress never goes back, the trace has every APDU.
func TestCallbacks(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	profile := smallProfile(t)
	req := request(t, profile)
	var trace bytes.Buffer
	texts, files, read := 0, 0, 0
	req.Trace = &trace
	req.OnText = func(c *vncard.Card) {
		if texts++; c.DG13.Name != "Nguyễn Văn Mẫu" || c.Photo != nil || c.Number != req.Number {
			t.Errorf("%+v", c)
		}
	}
	var last vncard.Progress
	req.Progress = func(p vncard.Progress) {
		if p.Files < files || p.Bytes < read || p.Bytes > p.TotalBytes {
			t.Errorf("%+v after %+v", p, last)
		}
		files, read, last = p.Files, p.Bytes, p
	}
	c, err := vncard.Read(deadline(t), cardtest.StartChip(t, profile), req)
	if err != nil {
		t.Fatal(err)
	}
	if texts != 1 || last.Files != 6 || last.TotalFiles != 6 || last.Bytes != last.TotalBytes {
		t.Errorf("%d texts, %+v", texts, last)
	}
	lines := strings.Split(strings.TrimSpace(trace.String()), "\n")
	if len(lines) != 2*c.Stats.APDUs || !strings.HasPrefix(lines[0], "> 00B09C00") || !strings.HasSuffix(lines[1], "9000") {
		t.Errorf("%d lines for %d APDUs, %s", len(lines), c.Stats.APDUs, lines[0])
	}
	photo, dg1 := c.Photo.Data, c.Files[emrtd.DG1]
	c.Wipe()
	if c.Photo != nil || c.Number != "" || len(bytes.Trim(photo, "\x00")) > 0 || len(bytes.Trim(dg1, "\x00")) > 0 {
		t.Error("not wiped")
	}
}

// TestHints: what one card taught is not paid for by the next.
func TestHints(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	profile := smallProfile(t)
	silent := "3B80800101" // says nothing of extended length
	for name, v := range map[string]struct {
		chip  []string
		saves int
	}{
		"extended not taken":           {[]string{"--atr", silent}, 1},
		"sizes":                        {[]string{"--max-le", "128"}, 4},
		"sizes and sessions that end":  {[]string{"--max-le", "128", "--plain-errors"}, 4},
		"extended taken, nothing less": {[]string{"--extended"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chip := cardtest.StartChip(t, profile, v.chip...)
			req := request(t, profile)
			req.Hints, req.Reader = &vncard.Hints{}, "reader"
			var counts []int
			for range 3 {
				if err := chip.Reset(deadline(t)); err != nil {
					t.Fatal(err)
				}
				c, err := vncard.Read(deadline(t), chip, req)
				if err != nil {
					t.Fatal(err)
				}
				counts = append(counts, c.Stats.APDUs)
			}
			if counts[0]-counts[1] != v.saves || counts[1] != counts[2] {
				t.Errorf("%v, want %d fewer from the second on", counts, v.saves)
			}
		})
	}
}

// TestNotEMRTD: a card that knows nothing.
func TestNotEMRTD(t *testing.T) {
	for _, sw := range []string{"6a82", "6d00", "6e00", "6999"} {
		if _, err := vncard.Read(deadline(t), constant(cardtest.Hex(t, sw)), vncard.Request{Number: "099090000017"}); !errors.Is(err, vncard.ErrNotEMRTD) {
			t.Errorf("%s: %v", sw, err)
		}
	}
}

// constant answers everything alike.
type constant []byte

func (c constant) Transmit(context.Context, []byte) ([]byte, error) { return c, nil }
func (c constant) ATR() []byte                                      { return nil }
func (c constant) Close() error                                     { return nil }

// TestPlayback: a recorded reading plays back byte for byte when the random numbers are the same.
func TestPlayback(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	profile := smallProfile(t)
	req := request(t, profile)
	random := bytes.Repeat([]byte{0x42, 7, 0x99, 1}, 40)
	req.Random = bytes.NewReader(random)
	record := cardtest.NewRecord(cardtest.StartChip(t, profile))
	first, err := vncard.Read(deadline(t), record, req)
	if err != nil {
		t.Fatal(err)
	}
	req.Random = bytes.NewReader(random)
	again, err := vncard.Read(deadline(t), cardtest.NewPlayback(t, record.Recording()), req)
	if err != nil || again.DG13.Name != first.DG13.Name || !bytes.Equal(again.Photo.Data, first.Photo.Data) {
		t.Errorf("%v", err)
	}
}

// TestNoPortrait: without the portrait the rest is read and proven as ever, in a fifth of the commands.
func TestNoPortrait(t *testing.T) {
	t.Parallel()
	p := cardsim.Personas()[0]
	profile, err := cardsim.Build(p, cardsim.ProfileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var commands [2]int
	for i, req := range []vncard.Request{{CAN: p.CAN()}, {CAN: p.CAN(), NoPortrait: true}} {
		c, err := vncard.Read(deadline(t), cardsim.New(profile, cardsim.Options{}).Transport(), req)
		if err != nil {
			t.Fatal(err)
		}
		if (c.Photo == nil) != req.NoPortrait || c.Number != p.Number {
			t.Errorf("portrait %v, number %q", c.Photo != nil, c.Number)
		}
		for _, name := range []vncard.CheckName{vncard.CheckAccess, vncard.CheckDataGroups, vncard.CheckChip, vncard.CheckActive, vncard.CheckNumber} {
			if outcome(c, name) != vncard.Passed {
				t.Errorf("%s: %s", name, outcome(c, name))
			}
		}
		commands[i] = c.Stats.APDUs
	}
	if 3*commands[1] > commands[0] {
		t.Errorf("%d commands without the portrait, %d with it", commands[1], commands[0])
	}
	t.Logf("%d commands, %d without the portrait", commands[0], commands[1])
}

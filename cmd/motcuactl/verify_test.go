package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"motcua/devices/card/cardsim"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/station"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// stationWith makes a configuration whose station trusts the certificate, and gives its path.
func stationWith(t *testing.T, certificate string) string {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "motcua.toml")
	if err := os.WriteFile(config, []byte(fmt.Sprintf("[data]\ndir = %q\n", filepath.Join(dir, "data"))), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, out := toolRun(t, "trust", "add", certificate, "--config", config); status != 0 {
		t.Fatal(out)
	}
	return config
}

// toolRun runs the tool in this process.
func toolRun(t *testing.T, args ...string) (status int, out string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(context.Background(), args, &o, &e)
	return status, o.String() + e.String()
}

// cardFiles writes the files of a card in software to a directory, as a chip gives them.
func cardFiles(t *testing.T, p *cardsim.Profile) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, raw []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("csca.der", p.Root)
	write("sod", p.Files[cardsim.EFSOD])
	for _, n := range []int{1, 2, 13, 14, 15} {
		write(fmt.Sprintf("dg%d", n), p.Files[cardsim.DG(n)])
	}
	return dir
}

func built(t *testing.T, o cardsim.ProfileOptions) *cardsim.Profile {
	t.Helper()
	p, err := cardsim.Build(cardsim.Personas()[1], o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestCardVerify checks files alone: each verdict has its exit status, and nothing but trusted is success.
func TestCardVerify(t *testing.T) {
	good, other := built(t, cardsim.ProfileOptions{}), built(t, cardsim.ProfileOptions{NoExpiry: true})
	dir, foreign := cardFiles(t, good), cardFiles(t, other)
	flipped := bytes.Clone(good.Files[cardsim.DG(13)])
	flipped[len(flipped)-2] ^= 1
	changed := filepath.Join(dir, "changed")
	if err := os.WriteFile(changed, flipped, 0o600); err != nil {
		t.Fatal(err)
	}
	sod := bytes.Clone(good.Files[cardsim.EFSOD])
	sod[len(sod)-3] ^= 1
	forged := filepath.Join(dir, "forged-sod")
	if err := os.WriteFile(forged, sod, 0o600); err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	all := []string{"--sod", in("sod"), "--dg", "1=" + in("dg1"), "--dg", "2=" + in("dg2"), "--dg", "13=" + in("dg13"),
		"--dg", "14=" + in("dg14"), "--dg", "15=" + in("dg15")}
	csca := []string{"--csca", in("csca.der")}
	home := []string{"--data", filepath.Join(dir, "data")}
	for name, v := range map[string]struct {
		args    []string
		verdict string
		code    fault.Code
	}{
		"trusted":           {append(all, csca...), "trusted", ""},
		"text alone":        {append([]string{"--sod", in("sod"), "--dg", "1=" + in("dg1")}, csca...), "trusted", ""},
		"issuer unknown":    {append(all, home...), "issuer unknown", fault.CardUntrusted},
		"one bit of DG13":   {append([]string{"--sod", in("sod"), "--dg", "1=" + in("dg1"), "--dg", "13=" + changed}, csca...), "forged", fault.CardForged},
		"one bit of EF.SOD": {append([]string{"--sod", forged, "--dg", "1=" + in("dg1")}, csca...), "forged", fault.CardForged},
		"of another card":   {append([]string{"--sod", in("sod"), "--dg", "1=" + filepath.Join(foreign, "dg1")}, csca...), "forged", fault.CardForged},
		"DG3, not listed":   {append([]string{"--sod", in("sod"), "--dg", "1=" + in("dg1"), "--dg", "4=" + in("dg2")}, csca...), "forged", fault.CardForged},
		"no DG1":            {append([]string{"--sod", in("sod"), "--dg", "2=" + in("dg2")}, csca...), "incomplete", fault.CardIncomplete},
		"long ago":          {append(append(all, csca...), "--at", "2019-01-01"), "forged", fault.CardForged},
	} {
		t.Run(name, func(t *testing.T) {
			status, out := toolRun(t, append([]string{"card", "verify", "--json"}, v.args...)...)
			want := 0
			if v.code != "" {
				want = v.code.Exit()
			}
			var got verifyOutput
			if err := json.Unmarshal([]byte(out), &got); err != nil || string(got.Verdict) != v.verdict || status != want || len(got.Steps) == 0 {
				t.Errorf("status %d, not %d: %v, %s", status, want, err, out)
			}
			if v.code == "" && (got.Signer == nil || got.Issuer == nil || got.Issuer.Vouched != "operator") {
				t.Errorf("nobody is named: %s", out)
			}
			if _, text := toolRun(t, append([]string{"card", "verify"}, v.args...)...); !strings.Contains(text, "verdict: "+v.verdict) {
				t.Error(text)
			}
		})
	}
	for _, wrong := range [][]string{{}, {"--dg", "1=" + in("dg1")}, {"--sod", in("sod"), "REF"}, {"--sod", in("sod"), "--dg", "17=x"}, {"--sod", in("sod"), "--at", "yesterday"}} {
		if status, out := toolRun(t, append([]string{"card", "verify"}, wrong...)...); status != fault.Usage.Exit() {
			t.Errorf("%v: status %d, %s", wrong, status, out)
		}
	}
	if status, _ := toolRun(t, "card", "verify", "--sod", in("nothing")); status != fault.NotFound.Exit() {
		t.Errorf("no such file: status %d", status)
	}
}

// TestVerifyFiling examines what a filing kept of a chip, years later and without the card.
func TestVerifyFiling(t *testing.T) {
	profile := built(t, cardsim.ProfileOptions{})
	dir := cardFiles(t, profile)
	reading, err := station.Read(t.Context(), cardsim.New(profile, cardsim.Options{}).Transport(),
		station.Key{Number: identity.Number(profile.Persona.Number)}, nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	data, pin := filepath.Join(dir, "data"), filepath.Join(dir, "pin")
	storetest.SetOfficer(t, data, store.Options{Station: "K1", Commune: "05200"})
	if err := os.WriteFile(pin, []byte(storetest.TestPIN+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(data, store.Options{Station: "K1", Commune: "05200"})
	if err != nil {
		t.Fatal(err)
	}
	draft := filing.Draft{Key: "a", Service: "tam-tru", Applicant: reading.Person, Evidence: reading.Evidence, Photo: reading.Photo, Started: time.Now()}
	good, err := db.File(t.Context(), draft)
	if err != nil {
		t.Fatal(err)
	}
	altered := draft
	altered.Key, altered.Applicant.Residence = "b", "Số 2, Đường Khác"
	changed, err := db.File(t.Context(), altered)
	if err != nil {
		t.Fatal(err)
	}
	retouched := draft
	retouched.Key, retouched.Photo = "c", &identity.Photo{Type: reading.Photo.Type, Data: append(bytes.Clone(reading.Photo.Data), 0)}
	other, err := db.File(t.Context(), retouched)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	csca := filepath.Join(dir, "csca.der")
	for name, v := range map[string]struct {
		of      filing.Filing
		verdict string
		status  int
	}{"as it was filed": {good, "trusted", 0}, "another address": {changed, "forged", fault.CardForged.Exit()},
		"another portrait": {other, "forged", fault.CardForged.Exit()}} {
		status, out := toolRun(t, "card", "verify", v.of.Reference.String(), "--data", data, "--csca", csca, "--json", "--as", "an", "--pin-file", pin)
		var got verifyOutput
		if err := json.Unmarshal([]byte(out), &got); err != nil || string(got.Verdict) != v.verdict || status != v.status || len(got.Checks) != 6 {
			t.Errorf("%s: status %d, %v, %s", name, status, err, out)
		}
	}
	if status, out := toolRun(t, "card", "verify", good.Reference.Short(), "--data", data, "--as", "an", "--pin-file", pin); status != fault.CardUntrusted.Exit() {
		t.Errorf("nobody trusted: status %d, %s", status, out)
	}
}

// TestTrust adds, lists and removes.
func TestTrust(t *testing.T) {
	profile := built(t, cardsim.ProfileOptions{})
	dir := cardFiles(t, profile)
	data := filepath.Join(dir, "data")
	if status, out := toolRun(t, "trust", "add", filepath.Join(dir, "csca.der"), "--data", data); status != 0 || !strings.Contains(out, "1 added") {
		t.Fatal(status, out)
	}
	if status, out := toolRun(t, "trust", "add", filepath.Join(dir, "csca.der"), "--data", data, "--json"); status != 0 || !strings.Contains(out, `"known":1`) {
		t.Error(status, out)
	}
	if status, out := toolRun(t, "trust", "add", filepath.Join(dir, "dg1"), "--data", data); status != fault.CardForged.Exit() {
		t.Error(status, out)
	}
	_, list := toolRun(t, "trust", "list", "--data", data, "--json")
	lines := strings.Split(strings.TrimSpace(list), "\n")
	var last trustEntry
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || len(lines) != 2 || last.Vouched != "operator" || last.Country != "VN" {
		t.Fatalf("%v, %s", err, list)
	}
	if !strings.Contains(lines[0], "CSCA ePassport Vietnam") || !strings.Contains(lines[0], "built in") {
		t.Error(lines[0])
	}
	if status, _ := toolRun(t, "trust", "remove", "00", "--data", data); status != fault.NotFound.Exit() {
		t.Errorf("nobody removed: status %d", status)
	}
	if status, out := toolRun(t, "trust", "remove", last.Fingerprint[:10], "--data", data); status != 0 || !strings.Contains(out, last.Fingerprint) {
		t.Error(status, out)
	}
	if _, list := toolRun(t, "trust", "list", "--data", data, "--json"); strings.Count(list, "\n") != 1 {
		t.Error(list)
	}
}

// TestBenchCard: a whole reading takes as few commands as there can be.
func TestBenchCard(t *testing.T) {
	status, out := toolRun(t, "bench", "card", "--rounds", "1", "--json")
	if status != 0 {
		t.Fatal(out)
	}
	most := map[string]int{"PACE extended": 16, "PACE short": 91, "BAC extended": 13, "BAC short": 88}
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		var row benchRow
		if err := json.Unmarshal([]byte(line), &row); err != nil || row.APDUs == 0 || row.APDUs > most[row.Way] || row.HostMS <= 0 || len(row.Seconds) != 6 {
			t.Errorf("%v: %s", err, line)
		}
		delete(most, row.Way)
	}
	if len(most) > 0 {
		t.Errorf("not measured: %v", most)
	}
}

// TestCardSimUsage: a card that cannot be played is said so before any reader is looked for.
func TestCardSimUsage(t *testing.T) {
	for _, wrong := range [][]string{{"--persona", "0"}, {"--persona", "99"}, {"--fault", "flip-mac"}, {"--fault", "nothing@3"},
		{"--fault", "tear@0"}, {"--generation", "1999"}} {
		if status, out := toolRun(t, append([]string{"card", "sim"}, wrong...)...); status != fault.Usage.Exit() {
			t.Errorf("%v: status %d, %s", wrong, status, out)
		}
	}
	if status, out := toolRun(t, "card", "sim", "--list"); status != 0 || strings.Count(out, "QR: ") != len(cardsim.Personas()) {
		t.Error(status, out)
	}
}

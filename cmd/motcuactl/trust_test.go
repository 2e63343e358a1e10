package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd/trust"
	"motcua/kiosk/fault"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// TestTrustIsNoted: where officers work, only one who may changes what is trusted, and the journal has it with that one's signature.
func TestTrustIsNoted(t *testing.T) {
	dir := cardFiles(t, built(t, cardsim.ProfileOptions{}))
	data, csca, pin := filepath.Join(dir, "data"), filepath.Join(dir, "csca.der"), filepath.Join(dir, "pin")
	storetest.SetOfficer(t, data, store.Options{Station: "K1", Commune: "05200"})
	if err := os.WriteFile(pin, []byte(storetest.TestPIN), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, out := toolRun(t, "trust", "add", csca, "--data", data); status != fault.Usage.Exit() {
		t.Errorf("nobody: status %d, %s", status, out)
	}
	if status, out := toolRun(t, "trust", "add", csca, "--data", data, "--as", "an", "--pin-file", csca); status != fault.SealWrong.Exit() {
		t.Errorf("a wrong PIN: status %d, %s", status, out)
	}
	for range 2 { // the second time it is known, and there is nothing to note
		if status, out := toolRun(t, "trust", "add", csca, "--data", data, "--as", "an", "--pin-file", pin); status != 0 {
			t.Fatal(status, out)
		}
	}
	if _, out := toolRun(t, "journal", "verify", "--data", data); strings.Contains(out, "attention") {
		t.Errorf("an officer said so: %s", out)
	}
	_, list := toolRun(t, "trust", "list", "--data", data)
	lines := strings.Split(list, "\n")
	last := strings.Fields(lines[len(lines)-3])[0]
	if status, out := toolRun(t, "trust", "remove", last, "--data", data, "--as", "an", "--pin-file", pin); status != 0 {
		t.Fatal(status, out)
	}
	db, err := store.OpenReadOnly(data)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	entries, err := db.OfKinds(t.Context(), store.TrustAdded, store.TrustRemoved)
	if err != nil || len(entries) != 2 || entries[0].Kind != store.TrustAdded || entries[1].Kind != store.TrustRemoved || !strings.Contains(string(entries[0].Detail), last) {
		t.Errorf("%+v, %v", entries, err)
	}
	if v, err := db.VerifyJournal(t.Context()); err != nil || v.Signed != 2 {
		t.Errorf("%+v, %v", v, err)
	}
}

// TestTrustWithoutAWord: what came to be trusted, or went, without an officer's word is named when the journal is verified.
func TestTrustWithoutAWord(t *testing.T) {
	dir := cardFiles(t, built(t, cardsim.ProfileOptions{}))
	data, csca, pin := filepath.Join(dir, "data"), filepath.Join(dir, "csca.der"), filepath.Join(dir, "pin")
	if status, out := toolRun(t, "trust", "add", csca, "--data", data); status != 0 { // nobody works there yet
		t.Fatal(status, out)
	}
	storetest.SetOfficer(t, data, store.Options{Station: "K1", Commune: "05200"})
	if err := os.WriteFile(pin, []byte(storetest.TestPIN), 0o600); err != nil {
		t.Fatal(err)
	}
	var first struct{ Unsaid, Missing []string }
	if status, out := toolRun(t, "journal", "verify", "--data", data, "--json"); status != 0 || json.Unmarshal([]byte(out), &first) != nil || len(first.Unsaid) != 1 || len(first.Missing) != 0 {
		t.Fatal(status, out)
	}
	as := []string{"--data", data, "--as", "an", "--pin-file", pin}
	for _, args := range [][]string{{"trust", "remove", first.Unsaid[0]}, {"trust", "add", csca}} {
		if status, out := toolRun(t, append(args, as...)...); status != 0 {
			t.Fatal(status, out)
		}
	}
	if _, out := toolRun(t, "journal", "verify", "--data", data); strings.Contains(out, "attention") {
		t.Errorf("an officer looked at it: %s", out)
	}
	if err := os.Remove(filepath.Join(data, "trust", trust.FileName)); err != nil {
		t.Fatal(err)
	}
	if _, out := toolRun(t, "journal", "verify", "--data", data); !strings.Contains(out, "attention: "+first.Unsaid[0]+" is not trusted any more") {
		t.Error(out)
	}
}

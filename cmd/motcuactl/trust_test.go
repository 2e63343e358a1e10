package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"motcua/devices/card/cardsim"
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

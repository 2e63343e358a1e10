package deskparts

import (
	"crypto"
	"os"
	"path/filepath"
	"testing"

	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/pki/pkitest"
	"motcua/kiosk/fault"
)

// A certificate in a folder is found, imported, listed with what it says, and removed; what is built in stays.
func TestTrust(t *testing.T) {
	data, folder := t.TempDir(), t.TempDir()
	ca := pkitest.NewAuthority("VN", "Thử", pkitest.NewEC(ec.P256(), pkitest.Named), pkitest.ECDSA(crypto.SHA256, false))
	path := filepath.Join(folder, "csca.DER")
	for name, content := range map[string][]byte{path: ca.Raw, filepath.Join(folder, "notes.txt"): ca.Raw, filepath.Join(folder, "wrong.cer"): []byte("no certificate")} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	office := Trust(data, folder)
	found := map[string]bool{}
	for _, f := range office.Files() {
		found[filepath.Base(f)] = filepath.Dir(f) == folder
	}
	if !found["csca.DER"] || !found["wrong.cer"] || found["notes.txt"] {
		t.Errorf("%v", found)
	}
	before, err := office.List()
	if err != nil || len(before) == 0 || !before[0].Added.IsZero() || before[0].Vouched == "" || before[0].Until.IsZero() {
		t.Fatalf("built in: %+v, %v", before, err)
	}
	in, err := office.Add(path)
	if err != nil || len(in.Added) != 1 || in.Added[0].Kind != "csca" || in.Added[0].Country != "VN" || in.Added[0].Key == "" || in.Added[0].Vouched != "operator" {
		t.Fatalf("%+v, %v", in, err)
	}
	if again, err := office.Add(path); err != nil || len(again.Added) != 0 || again.Known != 1 {
		t.Errorf("%+v, %v", again, err)
	}
	for name, code := range map[string]fault.Code{"wrong.cer": fault.CardForged, "no-such.cer": fault.NotFound, ".": fault.NotFound} {
		if _, err := office.Add(filepath.Join(folder, name)); fault.CodeOf(err) != code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if now, err := office.List(); err != nil || len(now) != len(before)+1 {
		t.Errorf("%+v, %v", now, err)
	}
	if err := office.Remove(before[0].Fingerprint); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("what is built in was removed: %v", err)
	}
	if err := office.Remove(in.Added[0].Fingerprint); err != nil {
		t.Error(err)
	}
	if now, err := office.List(); err != nil || len(now) != len(before) {
		t.Errorf("%+v, %v", now, err)
	}
}

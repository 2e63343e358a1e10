package cardsim

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// TestAgainstIndependentProfile compares what facts determine with the cards of an independent program, which shares no
// code with this one. It lies beside the repository, where it is there at all.
func TestAgainstIndependentProfile(t *testing.T) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(root, "..", "shared", "chip", "make_profile.py")
	if _, err := os.Stat(program); err != nil {
		t.Skip("no shared/chip/make_profile.py beside the repository")
	}
	photo := filepath.Join(t.TempDir(), "photo.jpg") // drawing one takes that program longer than the rest
	if err := os.WriteFile(photo, build(t, 0, ProfileOptions{}).Photo, 0o600); err != nil {
		t.Fatal(err)
	}
	const people = 9 // that program knows, the first of ours
	all := append(make([]ProfileOptions, people), ProfileOptions{NoExpiry: true, Single: true, NoCMND: true})
	for i, options := range all {
		t.Run(strconv.Itoa(i+1), func(t *testing.T) {
			t.Parallel()
			compare(t, program, photo, i%people, options)
		})
	}
}

func compare(t *testing.T, program, photo string, persona int, o ProfileOptions) {
	t.Helper()
	dir := t.TempDir()
	arguments := []string{"-B", program, dir, "--persona", strconv.Itoa(persona + 1), "--photo", photo}
	if o.NoExpiry {
		arguments = append(arguments, "--no-expiry", "--single", "--no-cmnd")
	}
	if out, err := exec.Command("/usr/bin/python3", arguments...).CombinedOutput(); err != nil {
		t.Skipf("that program does not run here (Debian packages python3-cryptography python3-pil): %v\n%s", err, out)
	}
	p := build(t, persona, o)
	for id, name := range map[FileID]string{EFCardAccess: "EF_CardAccess", EFCOM: "EF_COM", DG(1): "DG1", DG(13): "DG13"} {
		want, err := os.ReadFile(filepath.Join(dir, name+".bin"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(p.Files[id], want) {
			t.Errorf("%s:\n got %X\nwant %X", name, p.Files[id], want)
		}
	}
	compareFacts(t, p, filepath.Join(dir, "persona.json"))
}

func compareFacts(t *testing.T, p *Profile, file string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string]any{}
	if err := json.Unmarshal(raw, &facts); err != nil {
		t.Fatal(err)
	}
	qr := "qr_" + strconv.Itoa(p.Persona.Generation())
	for key, got := range map[string]string{
		"can": p.CAN, "mrz_key": p.MRZInformation, qr: p.Persona.QR(), "serial": p.Persona.ChipSerial,
		"features": p.Persona.Features, "residence": p.Persona.Residence, "sex_text": p.Persona.Sex.Text(),
	} {
		if facts[key] != got {
			t.Errorf("%s: got %q, want %q", key, got, facts[key])
		}
	}
}

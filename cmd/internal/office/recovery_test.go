package office

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
	"time"

	"motcua/assets"
	"motcua/kiosk/official"
	"motcua/kiosk/paper"
	"motcua/kiosk/seal"
	"motcua/kiosk/steward"
)

// A sheet has every letter of its half on one page, in order, and the fingerprint.
func TestRecoverySheet(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed: make deps brings it")
	}
	shelf, err := paper.Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	one, two, err := seal.Split(key)
	if err != nil {
		t.Fatal(err)
	}
	print := steward.Fingerprint(key.Public())
	for n, sheet := range []seal.Sheet{one, two} {
		pdf, err := RecoverySheet(shelf, official.Office{Name: "Công an xã Thử", Parent: "Công an tỉnh Thử"}, n+1, sheet, print, []string{"an", "binh"}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("pdftotext", "-raw", "-", "-")
		cmd.Stdin = bytes.NewReader(pdf)
		text, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		rest := string(text)
		for _, group := range strings.Fields(string(sheet)) {
			_, after, ok := strings.Cut(rest, group)
			if !ok {
				t.Fatalf("sheet %d: a group is not there, or not in order", n+1)
			}
			rest = after
		}
		if !strings.Contains(string(text), print) || strings.Count(string(text), "\f") != 1 {
			t.Errorf("sheet %d: no fingerprint, or not one page: %d", n+1, strings.Count(string(text), "\f"))
		}
	}
}

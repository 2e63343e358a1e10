package board

import (
	"os"
	"testing"

	"motcua/kiosk/seal/sealtest"
)

// TestMain makes PINs cheap: officers sign in a hundred times here.
func TestMain(m *testing.M) {
	sealtest.Cheap()
	os.Exit(m.Run())
}

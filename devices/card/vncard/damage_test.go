package vncard_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/vncard"
)

func TestBadHash(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	for _, group := range []string{"1", "2", "13", "14", "15"} {
		t.Run(group, func(t *testing.T) {
			t.Parallel()
			profile := cardtest.Profile(t, "--photo", filepath.Join("testdata", "portrait.jpg"), "--bad-sod-hash", group)
			c, err := vncard.Read(deadline(t), cardtest.StartChip(t, profile, "--extended"), request(t, profile))
			if err != nil {
				t.Fatal(err)
			}
			if text := group == "1" || group == "13"; text != (c.Photo == nil) {
				t.Errorf("the portrait was read: %t", c.Photo != nil)
			}
			for _, check := range c.Checks {
				if check.Name == vncard.CheckDataGroups && (check.Outcome != vncard.Failed || !strings.HasPrefix(check.Reason, "DG"+group+" differs")) {
					t.Errorf("%+v", check)
				}
			}
		})
	}
}

// TestDamagedFiles: one file is gone or nonsense, and the others are read all the same.
func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	gone := func([]byte) []byte { return nil }
	middle := func(raw []byte) []byte { copy(raw[8:], bytes.Repeat([]byte{0xFF}, 30)); return raw }
	cut := func(raw []byte) []byte { return raw[:len(raw)/2] }
	for _, options := range [][]string{{"--extended"}, {"--plain-errors"}} {
		for _, file := range []string{"EF_SOD", "DG1", "DG2", "DG13", "DG14", "DG15"} {
			for name, change := range map[string]func([]byte) []byte{"gone": gone, "nonsense": middle, "cut": cut} {
				if options[0] == "--plain-errors" && name != "gone" {
					continue // nothing is refused, so nothing is refused in the clear
				}
				t.Run(file+" "+name+options[0], func(t *testing.T) {
					t.Parallel()
					profile := cardtest.Damage(t, smallProfile(t), file+".bin", change)
					c, err := vncard.Read(deadline(t), cardtest.StartChip(t, profile, options...), request(t, profile))
					if err != nil {
						t.Fatal(err)
					}
					named := fmt.Sprint(c.Damaged, c.Refused)
					if file == "DG13" && name == "nonsense" && c.DG13.Opaque {
						named = "DG13" // nonsense and opaque cannot be told apart; the hash differs all the same
					}
					if !strings.Contains(named, strings.Replace(file, "EF_", "EF.", 1)) {
						t.Errorf("not named: %s", named)
					}
					if outcome(c, vncard.CheckDataGroups) == vncard.Passed {
						t.Errorf("%v", c.Checks)
					}
					stopped := name == "nonsense" && (file == "EF_SOD" || file == "DG13") // contradicted: no portrait
					if c.Number == "" || file != "DG2" && c.Photo == nil != stopped || file != "DG13" && c.DG13.Name == "" || file != "DG1" && c.MRZ == nil {
						t.Errorf("something else was lost: %+v", c.Damaged)
					}
				})
			}
		}
	}
}

func TestNoTextAtAll(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	gone := func([]byte) []byte { return nil }
	profile := cardtest.Damage(t, cardtest.Damage(t, smallProfile(t), "DG1.bin", gone), "DG13.bin", gone)
	_, err := vncard.Read(deadline(t), cardtest.StartChip(t, profile), request(t, profile))
	var damaged *emrtd.DamagedError
	if !errors.Is(err, vncard.ErrDamaged) || !errors.As(err, &damaged) || damaged.File != "DG1" {
		t.Errorf("%v", err)
	}
}

// noise is a portrait that hardly compresses, the same each time. It stands beside the profiles, so that the profile
// made of it is made once.
func noise(t *testing.T) string {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	picture := image.NewGray(image.Rect(0, 0, 200, 260))
	for i := range picture.Pix {
		picture.Pix[i] = color.Gray{Y: uint8(random.Uint32())}.Y
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(filepath.Dir(cardtest.Profile(t)), "noise.jpg")
	if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, out.Bytes()) {
		return path
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestLargePortrait: beyond 32767 bytes only the odd READ BINARY reaches.
func TestLargePortrait(t *testing.T) {
	t.Parallel()
	cardtest.Shared(t)
	profile := cardtest.Profile(t, "--photo", noise(t))
	for _, options := range [][]string{{"--short"}, {"--extended"}, {"--no-pace"}, {"--sm-le", "fit"}, {"--sm-le", "refuse"}} {
		t.Run(strings.Join(options, " "), func(t *testing.T) {
			t.Parallel()
			c, err := vncard.Read(deadline(t), cardtest.StartChip(t, profile, options...), request(t, profile))
			if err != nil {
				t.Fatal(err)
			}
			checkAgainstProfile(t, c, profile)
			if len(c.Files[emrtd.DG2]) < 40000 {
				t.Errorf("only %d bytes", len(c.Files[emrtd.DG2]))
			}
			t.Logf("%d bytes of DG2, %d APDUs", len(c.Files[emrtd.DG2]), c.Stats.APDUs)
		})
	}
}

//go:build linux

package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"motcua/cmd/internal/remains"
	"motcua/cmd/internal/walk"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/pcsc/pcsctest"
)

// TestWindowForgets: the real program with its window, a card in a real pcscd. When the citizen has gone, neither its memory nor a file has
// anything of the card, or of what was typed.
func TestWindowForgets(t *testing.T) {
	pcsctest.Start(t)
	persona := cardsim.Personas()[1]
	who, _, err := remains.Of(persona)
	if err != nil {
		t.Fatal(err)
	}
	c := atOfficersKeyboard()
	typed := map[string]string{"dwelling": c.Typed["dwelling"], "head of household": c.Typed["head_name"], "phone": c.Typed["phone"]}
	seeker := remains.New([]remains.Person{who, {Facts: typed}})
	r := newRig(t, 1920, 1080, "pcsc")
	if _, err := r.kiosk.Page(t.Context(), "welcome", soon); err != nil {
		t.Fatal(err)
	}
	memory := func() []remains.Found {
		t.Helper()
		found, _, err := seeker.Process(r.kiosk.Process().Pid)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	seeker.Known(memory()) // the program's own words and digits

	c = r.citizen(c, ourCard(t, persona), persona.QR())
	err = r.kiosk.File(t.Context(), c, func(m walk.Map) error {
		if m.Page != "confirm" {
			return nil
		}
		found := memory()
		for _, what := range []string{"name", "number", "photo"} {
			if !slices.ContainsFunc(found, func(f remains.Found) bool { return f.What == what }) {
				t.Errorf("with somebody before it, the memory has no %s: the search finds nothing", what)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	const toForget = 2 * time.Minute
	left := memory()
	for end := time.Now().Add(toForget); len(left) > 0 && time.Now().Before(end); left = memory() {
		time.Sleep(time.Second)
	}
	files := 0
	for _, dir := range []string{r.data, strings.TrimSuffix(r.config, "motcua.toml")} {
		found, n, err := seeker.Dir(dir)
		if err != nil {
			t.Fatal(err)
		}
		left, files = append(left, found...), files+n
	}
	t.Logf("%d files searched", files)
	const shown = 20
	sums := map[string]int{}
	for i, f := range left {
		sums[f.What+", "+f.Form]++
		if i < shown {
			t.Errorf("%s: %q", f, f.Near)
		}
	}
	t.Log(sums)
}

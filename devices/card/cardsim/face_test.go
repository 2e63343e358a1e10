package cardsim

import (
	"bytes"
	"testing"

	"motcua/devices/card/emrtd/lds"
)

// TestFaces: DG2 of either generation with either kind of picture is what the reader takes it for.
func TestFaces(t *testing.T) {
	for name, c := range map[string]struct {
		o             ProfileOptions
		media         string
		width, height int
	}{
		"as on the cards":                 {ProfileOptions{}, lds.MediaJPEG, portraitWidth, portraitHeight},
		"JPEG 2000":                       {ProfileOptions{JPEG2000: true}, lds.MediaJPEG2000, portraitWidth, portraitHeight},
		"ISO 39794-5":                     {ProfileOptions{Face39794: true}, lds.MediaJPEG, portraitWidth, portraitHeight},
		"ISO 39794-5 and JPEG 2000":       {ProfileOptions{JPEG2000: true, Face39794: true}, lds.MediaJPEG2000, portraitWidth, portraitHeight},
		"a JPEG 2000 of somebody's":       {ProfileOptions{Photo: []byte(portrait2000)}, lds.MediaJPEG2000, portraitWidth, portraitHeight},
		"of a size, and of the other one": {ProfileOptions{PhotoBytes: 15000, Face39794: true}, lds.MediaJPEG, portraitWidth, portraitHeight},
	} {
		t.Run(name, func(t *testing.T) {
			profile, err := Build(Personas()[1], c.o)
			if err != nil {
				t.Fatal(err)
			}
			p, err := lds.ParseDG2(profile.Files[DG(2)])
			if err != nil || p.MediaType != c.media || p.Width != c.width || p.Height != c.height || !bytes.Equal(p.Data, profile.Photo) {
				t.Errorf("%s %dx%d, %v", p.MediaType, p.Width, p.Height, err)
			}
			if found := lds.PortraitFindings(profile.Files[DG(2)]); len(found) != 0 {
				t.Errorf("odd: %v", found)
			}
		})
	}
	for name, o := range map[string]ProfileOptions{"a size": {JPEG2000: true, PhotoBytes: 9000}, "no header": {Photo: []byte(portrait2000)[:20]}} {
		if _, err := Build(Personas()[1], o); err == nil {
			t.Errorf("a JPEG 2000 with %s is built", name)
		}
	}
}

package typeset

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"

	"motcua/assets"
)

var weights = []Weight{Regular, Medium, SemiBold, Bold, ExtraBold}

func load(t testing.TB) *Fonts {
	t.Helper()
	test.NewTempApp(t)
	f, err := Load(assets.FS)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// vietnamese is every letter of the language, and those that other peoples' names add.
func vietnamese() string {
	var all strings.Builder
	for _, vowel := range "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" {
		for _, tone := range []string{"", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"} {
			all.WriteString(norm.NFC.String(string(vowel) + tone))
		}
	}
	return all.String() + "đĐbcdghklmnpqrstvxBCDGHKLMNPQRSTVXfjwzFJWZŭŬĕĔĭĬŏŎčČñÑ’"
}

// TestNoAccentIsCutOff holds that every letter lies inside the picture that Fyne draws it into.
func TestNoAccentIsCutOff(t *testing.T) {
	f := load(t)
	const size = 60
	for _, w := range weights {
		for _, letter := range vietnamese() {
			run := f.Split(string(letter), w)[0]
			parsed, err := sfnt.Parse(run.Font.Content())
			if err != nil {
				t.Fatal(err)
			}
			var buffer sfnt.Buffer
			glyph, err := parsed.GlyphIndex(&buffer, letter)
			if err != nil || glyph == 0 {
				t.Fatalf("%d: no glyph for %c", w, letter)
			}
			bounds, _, err := parsed.GlyphBounds(&buffer, glyph, fixed.I(size), font.HintingNone)
			if err != nil {
				t.Fatal(err)
			}
			height, ascent := fyne.CurrentApp().Driver().RenderedTextSize(run.Text, size, fyne.TextStyle{}, run.Font)
			if top := float32(-bounds.Min.Y) / 64; top > ascent+0.5 {
				t.Errorf("%d: %c is %.1f high, its picture %.1f", w, letter, top, ascent)
			}
			if low := float32(bounds.Max.Y) / 64; low > height.Height-ascent+0.5 {
				t.Errorf("%d: %c reaches %.1f below the line, its picture %.1f", w, letter, low, height.Height-ascent)
			}
		}
	}
}

func TestSplitKeepsWordsWhole(t *testing.T) {
	f := load(t)
	for _, c := range []struct {
		text string
		want []string
	}{
		{"Bùi Thị Nguyệt", []string{"BeVietnamPro_700Bold:Bùi Thị Nguyệt"}},
		{"H’Nuôn Kbŭôr Niê", []string{"BeVietnamPro_700Bold:H’Nuôn ", "NotoSans_700Bold:Kbŭôr ", "BeVietnamPro_700Bold:Niê"}},
		{"Blĕt Kbŭôr", []string{"NotoSans_700Bold:Blĕt Kbŭôr"}},
		{"漢 a", []string{"NotoSans_700Bold:\uFFFD ", "BeVietnamPro_700Bold:a"}},
	} {
		var got []string
		for _, r := range f.Split(c.text, Bold) {
			got = append(got, r.Font.Name()+":"+r.Text)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q is set as %q, want %q", c.text, got, c.want)
		}
	}
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{"e\u0302\u0301": "ế", "a\nb\tc": "a b c", "a\x00b\u200b": "ab", "": ""} {
		if got := Clean(text); got != want {
			t.Errorf("Clean(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	f := load(t)
	const text, size = "Có giấy thuê nhà hoặc giấy cho ở nhờ của một người khác", 40
	for _, width := range []float32{60, 200, 500, 2000} {
		lines := f.Wrap(text, Regular, size, width)
		for _, line := range lines {
			if got := f.Width(line, Regular, size); got > width {
				t.Errorf("%q is %.0f wide, not %.0f", line, got, width)
			}
		}
		letters := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if letters(strings.Join(lines, "")) != letters(text) {
			t.Errorf("%.0f: letters were lost: %q", width, lines)
		}
	}
	if lines := f.Wrap("", Regular, size, 100); len(lines) != 1 {
		t.Errorf("nothing is %d lines", len(lines))
	}
	if lines := f.Wrap("ế̉x", Regular, size, 1); !strings.HasPrefix(lines[0], "ế̉") {
		t.Errorf("a mark was parted from its letter: %q", lines)
	}
}

func TestFitWrapsFirstAndNeverCuts(t *testing.T) {
	f := load(t)
	const name = "Nguyễn Tôn Nữ Huyền Thuỷ Nguyệt Dạ Lan"
	for _, c := range []struct {
		box   Box
		size  float32
		lines int
		tight bool
	}{
		{Box{Width: 2000, Height: 60, Size: 40, Min: 34, Leading: 1.35}, 40, 1, false},
		{Box{Width: 500, Height: 120, Size: 40, Min: 34, Leading: 1.35}, 40, 2, false},
		{Box{Width: 400, Height: 100, Size: 40, Min: 34, Leading: 1.35}, 36, 2, false},
		{Box{Width: 100, Height: 50, Size: 40, Min: 34, Leading: 1.2}, 0, 0, true},
	} {
		got := f.Fit(name, SemiBold, c.box)
		if got.Tight != c.tight || !c.tight && (got.Size != c.size || len(got.Lines) != c.lines) {
			t.Errorf("%+v gives %+v", c.box, got)
		}
		if strings.Join(got.Lines, " ") != name {
			t.Errorf("%+v: letters were lost: %q", c.box, got.Lines)
		}
	}
}

func TestLoadRefusesWhatIsNoFont(t *testing.T) {
	for _, data := range [][]byte{nil, []byte("OTTO"), make([]byte, 12), append([]byte{0, 1, 0, 0, 0, 9}, make([]byte, 20)...)} {
		if _, err := roomForAccents(data); !errors.Is(err, errFont) {
			t.Errorf("%q: %v", data, err)
		}
	}
}

func FuzzRoomForAccents(f *testing.F) {
	data, err := assets.FS.ReadFile("fonts/NotoSans_400Regular.ttf")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data[:400])
	f.Add([]byte{0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 'h', 'e', 'a', 'd', 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF})
	f.Fuzz(func(t *testing.T, data []byte) {
		before := string(data)
		if out, err := roomForAccents(data); err == nil && len(out) != len(data) || string(data) != before {
			t.Fatal("the file was changed")
		}
	})
}

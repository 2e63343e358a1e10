package plain

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"motcua/devices/scan"
)

func TestText(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		err            error
	}{
		{"nfc stays", "099205001234|Nguyễn", "099205001234|Nguyễn", nil},
		{"nfd is composed", norm.NFD.String("Đặng Thị Hường"), "Đặng Thị Hường", nil},
		{"empty", "", "", nil},
		{"longest", strings.Repeat("a", scan.MaxText), strings.Repeat("a", scan.MaxText), nil},
		{"too long", strings.Repeat("a", scan.MaxText+1), "", scan.ErrTooLong},
		{"grows in NFC", strings.Repeat("\u0344", scan.MaxText/2), "", scan.ErrTooLong},
		{"torn rune", "Nguy\xe1\xbb", "", scan.ErrNotText},
		{"guess", "Nguy\ufffdn", "", scan.ErrNotText},
		{"tab", "a\tb", "", scan.ErrNotText},
		{"C1 control", "a\u0085b", "", scan.ErrNotText},
		{"line end", "a\n", "", scan.ErrNotText},
	} {
		got, err := Text([]byte(c.in))
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %v; want %q, %v", c.name, got, err, c.want, c.err)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte("099205001234||Nguyễn Thị Hường|01012005|Nữ||"))
	f.Add([]byte(norm.NFD.String("Đặng")))
	f.Add([]byte{0xff, 0xfe, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Text(b)
		if err != nil {
			if s != "" {
				t.Fatalf("text %q with error %v", s, err)
			}
			return
		}
		if len(s) > scan.MaxText || !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) || strings.ContainsFunc(s, unicode.IsControl) {
			t.Fatalf("%q breaks the promise", s)
		}
	})
}

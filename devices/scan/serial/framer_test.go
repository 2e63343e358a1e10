package serial

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"motcua/devices/scan"
)

// card is what a scanner sends for a synthetic person's card.
const card = "099205001234|099123456|Nguyễn Thị Hường|01012005|Nữ|Thôn Đông, Xã Mai Châu, Phú Thọ|02022023"

// step is one thing that happens to a Framer: bytes, or a silence.
type step struct {
	bytes string
	idle  time.Duration
}

func TestFramer(t *testing.T) {
	long := strings.Repeat("x", scan.MaxText+200)
	for _, c := range []struct {
		name  string
		f     Framer
		steps []step
		want  []Frame
	}{
		{"cr", Framer{}, []step{{bytes: card + "\r"}}, []Frame{{Text: card}}},
		{"lf", Framer{}, []step{{bytes: card + "\n"}}, []Frame{{Text: card}}},
		{"crlf in two pieces", Framer{}, []step{{bytes: card + "\r"}, {bytes: "\n"}}, []Frame{{Text: card}}},
		{"two at once", Framer{}, []step{{bytes: "a\r\nb\r\n"}}, []Frame{{Text: "a"}, {Text: "b"}}},
		{"blank lines", Framer{}, []step{{bytes: "\r\n\r\n"}}, nil},
		{"silence ends a text", Framer{Gap: 80}, []step{{bytes: card}, {idle: 100}}, []Frame{{Text: card}}},
		{"silences add up", Framer{Gap: 80}, []step{{bytes: card}, {idle: 50}, {idle: 50}}, []Frame{{Text: card}}},
		{"bytes end a silence", Framer{Gap: 80}, []step{{bytes: "a"}, {idle: 50}, {bytes: "b"}, {idle: 50}}, nil},
		{"no gap, no end", Framer{}, []step{{bytes: card}, {idle: time.Hour}}, nil},
		{"stall in a line", Framer{Gap: 80}, []step{{bytes: "a\r" + card[:40]}, {idle: 100}, {bytes: card[40:] + "\r"}},
			[]Frame{{Text: "a"}, {Text: card}}},
		{"torn line", Framer{Gap: 80}, []step{{bytes: "a\r" + card[:40]}, {idle: 800}, {bytes: "b\r"}},
			[]Frame{{Text: "a"}, {Err: scan.ErrNotText}, {Text: "b"}}},
		{"nfd", Framer{}, []step{{bytes: norm.NFD.String(card) + "\r"}}, []Frame{{Text: card}}},
		{"aim identifier", Framer{}, []step{{bytes: "]Q1" + card + "\r"}}, []Frame{{Text: card}}},
		{"not an identifier", Framer{}, []step{{bytes: "]C1" + card + "\r"}}, []Frame{{Text: "]C1" + card}}},
		{"prefix, suffix", Framer{Prefix: "\x02", Suffix: "\x03"}, []step{{bytes: "\x02]Q3" + card + "\x03\r"}}, []Frame{{Text: card}}},
		{"not utf-8", Framer{}, []step{{bytes: "Nguy\xe1\xbb\r"}, {bytes: "b\r"}}, []Frame{{Err: scan.ErrNotText}, {Text: "b"}}},
		{"guess", Framer{}, []step{{bytes: "Nguy\ufffdn\r"}}, []Frame{{Err: scan.ErrNotText}}},
		{"control", Framer{}, []step{{bytes: "a\x1bb\r"}}, []Frame{{Err: scan.ErrNotText}}},
		{"too long, once", Framer{Gap: 80}, []step{{bytes: long}, {bytes: long}, {bytes: "\rb\r"}}, []Frame{{Err: scan.ErrTooLong}, {Text: "b"}}},
		{"too long, then silent", Framer{Gap: 80}, []step{{bytes: "a\r" + long}, {idle: 800}, {bytes: "b\r"}},
			[]Frame{{Text: "a"}, {Err: scan.ErrTooLong}, {Text: "b"}}},
		{"longest", Framer{}, []step{{bytes: long[:scan.MaxText] + "\r"}}, []Frame{{Text: long[:scan.MaxText]}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.f.Gap *= time.Millisecond
			var got []Frame
			for _, s := range c.steps {
				if s.bytes != "" {
					got = append(got, c.f.Push([]byte(s.bytes))...)
				} else {
					got = append(got, c.f.Idle(s.idle*time.Millisecond)...)
				}
			}
			if !slices.EqualFunc(got, c.want, func(a, b Frame) bool { return a.Text == b.Text && errors.Is(a.Err, b.Err) }) {
				t.Errorf("got %.200q\nwant %.200q", fmt.Sprint(got), fmt.Sprint(c.want))
			}
		})
	}
}

// TestFramerForgets: what was a person's is overwritten once it was handed on.
func TestFramerForgets(t *testing.T) {
	var f Framer
	f.Push([]byte(card + "\r" + card[:20]))
	if rest := f.buf[:cap(f.buf)]; bytes.Contains(rest, []byte(card[20:])) {
		t.Error("the last text is still in memory")
	}
	f.Reset()
	if rest := f.buf[:cap(f.buf)]; len(bytes.Trim(rest, "\x00")) != 0 {
		t.Error("half a text is still in memory after Reset")
	}
}

// FuzzFramer: however the bytes are cut, the readings keep the promise of scan.Event, and with line ends only they do
// not depend on the cuts.
func FuzzFramer(f *testing.F) {
	f.Add([]byte(card+"\r\n"+card+"\n"), uint8(7))
	f.Add([]byte("]Q1"+card+"\r"), uint8(1))
	f.Add([]byte("\xff\xfe\x00\r\n\r]Q9\r"), uint8(3))
	f.Add(bytes.Repeat([]byte{'x'}, scan.MaxText+50), uint8(200))
	f.Fuzz(func(t *testing.T, b []byte, cut uint8) {
		var whole, cuts, gaps Framer
		gaps.Gap = DefaultGap
		want := append(whole.Push(b), whole.Push([]byte("\r"))...)
		var got []Frame
		for rest := b; len(rest) > 0; {
			n := min(len(rest), int(cut)+1)
			got = append(got, cuts.Push(rest[:n])...)
			checkFrames(t, gaps.Push(rest[:n]))
			checkFrames(t, gaps.Idle(DefaultGap))
			rest = rest[n:]
		}
		got = append(got, cuts.Push([]byte("\r"))...)
		checkFrames(t, got)
		if !slices.EqualFunc(got, want, func(a, b Frame) bool { return a.Text == b.Text && errors.Is(a.Err, b.Err) }) {
			t.Fatalf("in pieces of %d: %q, whole: %q", cut+1, got, want)
		}
		if len(cuts.buf) > 2*scan.MaxText {
			t.Fatalf("holds %d bytes", len(cuts.buf))
		}
	})
}

func checkFrames(t *testing.T, fs []Frame) {
	t.Helper()
	for _, f := range fs {
		if (f.Text == "") != (f.Err != nil) {
			t.Fatalf("%q with error %v", f.Text, f.Err)
		}
		if len(f.Text) > scan.MaxText || !utf8.ValidString(f.Text) || strings.ContainsFunc(f.Text, unicode.IsControl) {
			t.Fatalf("%q breaks the promise", f.Text)
		}
	}
}

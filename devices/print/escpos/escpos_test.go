package escpos

import (
	"bytes"
	"errors"
	"image"
	"slices"
	"testing"

	"motcua/devices/print"
)

func TestDecodeStatus(t *testing.T) {
	given := func(v byte) answer { return answer{v, true} }
	well := print.Status{Online: print.Yes, Paper: print.Yes, PaperLow: print.No, CoverClosed: print.Yes, Failed: print.No}
	if got := decode(given(0x12), given(0x12), given(0x12), given(0x12)); got != well {
		t.Errorf("all well: %+v", got)
	}
	if got := decode(answer{}, answer{}, answer{}, answer{}); got != (print.Status{}) {
		t.Errorf("no answers: %+v", got)
	}
	for _, c := range []struct {
		name      string
		n         int
		value     byte
		field     func(print.Status) print.Tri
		want      print.Tri
		otherwise print.Tri
	}{
		{"offline", 0, 0x1A, func(s print.Status) print.Tri { return s.Online }, print.No, print.Unknown},
		{"cover", 1, 0x16, func(s print.Status) print.Tri { return s.CoverClosed }, print.No, print.Unknown},
		{"paper stop", 1, 0x32, func(s print.Status) print.Tri { return s.Paper }, print.No, print.Unknown},
		{"error", 1, 0x52, func(s print.Status) print.Tri { return s.Failed }, print.Yes, print.Unknown},
		{"cutter", 2, 0x1A, func(s print.Status) print.Tri { return s.Failed }, print.Yes, print.Unknown},
		{"paper end", 3, 0x72, func(s print.Status) print.Tri { return s.Paper }, print.No, print.Unknown},
		{"near end", 3, 0x1E, func(s print.Status) print.Tri { return s.PaperLow }, print.Yes, print.Unknown},
		{"half a paper end", 3, 0x32, func(s print.Status) print.Tri { return s.Paper }, print.Unknown, print.Unknown},
	} {
		var a [4]answer
		if got := c.field(decode(a[0], a[1], a[2], a[3])); got != c.otherwise {
			t.Errorf("%s, not answered: %v", c.name, got)
		}
		a[c.n] = given(c.value)
		if got := c.field(decode(a[0], a[1], a[2], a[3])); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestReplies(t *testing.T) {
	var r replies
	r.feed([]byte{0x12, 0x11, 0x00, 0x37, 0x22, '0', '0', '1', '7', 0x00}) // status, XON, GS r, process id
	r.feed([]byte{0x14, 0x00})                                             // half an ASB packet
	r.feed([]byte{0x0C, 0x0F, 0x72})                                       // its rest, and a status
	if !slices.Equal(r.realtime, []byte{0x12, 0x72}) || !slices.Equal(r.sensor, []byte{0}) {
		t.Errorf("realtime %x, sensor %x", r.realtime, r.sensor)
	}
	if len(r.process) != 1 || r.process[0] != [4]byte{'0', '0', '1', '7'} || r.junk != 1 {
		t.Errorf("process %q, junk %d", r.process, r.junk)
	}
}

func FuzzReplies(f *testing.F) {
	f.Add([]byte{0x12, 0x37, 0x22, 'a', 'b', 'c', 'd', 0, 0x14, 0, 0, 0, 0x0C}, 3)
	f.Add([]byte{0x37, 0x12, 0x37, 0x22, 0xFF}, 1)
	f.Fuzz(func(t *testing.T, data []byte, cut int) {
		var whole, parts replies
		whole.feed(data)
		if cut = min(max(cut, 0), len(data)); true {
			parts.feed(data[:cut])
			parts.feed(data[cut:])
		}
		if !slices.Equal(whole.realtime, parts.realtime) || !slices.Equal(whole.process, parts.process) || whole.junk != parts.junk {
			t.Fatal("the cut matters")
		}
		if len(whole.realtime) > maxReplies || len(whole.sensor) > maxReplies || len(whole.partial) >= processSize {
			t.Fatal("no bound")
		}
		for _, b := range whole.realtime {
			_ = decode(answer{b, true}, answer{b, true}, answer{b, true}, answer{b, true}).Err()
		}
	})
}

// TestBands: whatever the picture, the bands together are the picture, in order, and never more bytes than it whole.
func TestBands(t *testing.T) {
	g := slip(t)
	for _, p := range Profiles() {
		if p.Width != g.Bounds().Dx() {
			continue
		}
		e := &composer{profile: p}
		m := newBitmap(g)
		at, sent := 0, make([]byte, len(m.bits))
		for _, b := range e.bands(m) {
			if b.from != at || b.to-b.from > maxBandRows {
				t.Fatalf("%s: band %+v after row %d", p.Name, b, at)
			}
			at = b.to
			for y := b.from; y < b.to; y++ {
				copy(sent[y*m.stride+b.left:y*m.stride+b.right], m.bits[y*m.stride+b.left:])
			}
			if b.left > 0 && b.left != m.stride-b.right {
				t.Fatalf("%s: band %+v is not in the middle", p.Name, b)
			}
		}
		if at != m.rows || !bytes.Equal(sent, m.bits) {
			t.Errorf("%s: ink is lost", p.Name)
		}
	}
}

// TestSlipSize holds what a slip costs on the line. Whole, it would be 72 bytes by 1889 rows.
func TestSlipSize(t *testing.T) {
	job := slipJob(t)
	for name, most := range map[string]int{"generic-80": 84_000, "xprinter-80": 66_000, "epson-tm-t20": 66_000} {
		p, err := ProfileNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := encode(p, job)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes in %d commands", name, c.size(), len(c.units))
		if c.size() > most {
			t.Errorf("%s: %d bytes, want at most %d", name, c.size(), most)
		}
	}
}

func TestNativeQR(t *testing.T) {
	got := nativeQR(print.QR{Text: "AB", Module: 9})
	want := []byte{
		0x1D, '(', 'k', 4, 0, 49, 65, 50, 0, // model 2
		0x1D, '(', 'k', 3, 0, 49, 67, 9, // module
		0x1D, '(', 'k', 3, 0, 49, 69, 49, // level M
		0x1D, '(', 'k', 5, 0, 49, 80, 48, 'A', 'B', // store
		0x1D, '(', 'k', 3, 0, 49, 81, 48, // print
	}
	if !bytes.Equal(got, want) {
		t.Errorf("% x", got)
	}
}

func TestJobsThatCannotBe(t *testing.T) {
	wide := image.NewGray(image.Rect(0, 0, 600, 1))
	for _, b := range []print.Block{
		{Raster: wide}, {Feed: -1}, {Feed: maxRows + 1}, {QR: &print.QR{Text: "", Module: 4}},
		{QR: &print.QR{Text: "x", Module: 17}}, {QR: &print.QR{Text: string(make([]byte, maxQRText)), Module: 16}},
	} {
		if _, err := encode(Profiles()[0], print.Job{Blocks: []print.Block{b}}); !errors.Is(err, ErrJob) {
			t.Errorf("%+v: %v", b, err)
		}
	}
}

func TestProfiles(t *testing.T) {
	if _, err := ProfileNamed("fax"); !errors.Is(err, ErrProfile) {
		t.Error(err)
	}
	if _, err := Open("tcp://printer:9100", "generic-58"); err != nil {
		t.Error(err)
	}
}

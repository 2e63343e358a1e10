package photo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"motcua/devices/card/emrtd/lds"
)

// TestModule: the module is the one that packaging/openjpeg/build makes, and can reach nothing.
func TestModule(t *testing.T) {
	const sum = "14a9501113fbeeb9336cf75ca8400e5942d7a00bc2b634aa18af01e24a3d3955" // of OpenJPEG 2.5.0-2+deb12u3
	if got := sha256.Sum256([]byte(openJPEG)); hex.EncodeToString(got[:]) != sum {
		t.Errorf("the module is another one: %x", got)
	}
	module := compiled().module
	for _, f := range module.ImportedFunctions() {
		if from, name, _ := f.Import(); from != "host" || name != "expired" {
			t.Errorf("imports %s.%s", from, name)
		}
	}
	if len(module.ImportedFunctions()) != 1 || len(module.ImportedMemories()) != 0 {
		t.Error("other imports")
	}
}

// specimen is the portrait of ICAO's silver data set, which an encoder of an issuer made.
func specimen(t *testing.T) []byte {
	t.Helper()
	file, err := os.ReadFile("../../devices/card/emrtd/lds/testdata/files/dg2_silver_mandatory_fields.bin")
	if err != nil {
		t.Fatal(err)
	}
	p, err := lds.ParseDG2(file)
	if err != nil {
		t.Fatal(err)
	}
	return p.Data
}

func TestSpecimen(t *testing.T) {
	m, err := newDecoder(Limits{}).Decode(context.Background(), specimen(t))
	if err != nil || m.Bounds() != image.Rect(0, 0, 413, 531) {
		t.Fatal(err)
	}
	seen := map[uint8]bool{}
	for _, v := range m.Pix {
		seen[v] = true
	}
	if len(seen) < 100 {
		t.Errorf("a picture of %d values", len(seen))
	}
}

// boxAt gives the position of a box's content in a JP2 file.
func boxAt(t testing.TB, file []byte, name string) int {
	t.Helper()
	at := bytes.Index(file, []byte(name))
	if at < 0 {
		t.Fatalf("no box %s", name)
	}
	return at + len(name)
}

// sizAt gives the position of the SIZ marker.
func sizAt(t testing.TB, file []byte) int { return boxAt(t, file, startOfCodestream) - 2 }

// TestCMYK: four components, of which the colour box says that they are inks.
func TestCMYK(t *testing.T) {
	file := bytes.Clone(testFile(t, "four.jp2"))
	const methodPrecedenceApproximation, cmyk = 3, 12 // §I.5.3.3; the number is of part 2, table M.25
	binary.BigEndian.PutUint32(file[boxAt(t, file, "colr")+methodPrecedenceApproximation:], cmyk)
	got, err := newDecoder(Limits{}).Decode(context.Background(), file)
	if err != nil {
		t.Fatal(err)
	}
	if is := difference(t, got, reference(t, "portrait.png")); is > 5 {
		t.Errorf("differs by %.2f", is)
	}
}

// TestBombs: headers that promise more than anybody would want.
func TestBombs(t *testing.T) {
	d := newDecoder(Limits{})
	put16 := func(file []byte, at int, v uint16) { binary.BigEndian.PutUint16(file[at:], v) }
	put32 := func(file []byte, at int, v uint32) { binary.BigEndian.PutUint32(file[at:], v) }
	// Of the SIZ marker segment, §A.5.1: Xsiz at 6, Ysiz at 10, XTsiz at 22, YTsiz at 26, Csiz at 38, Ssiz at 40.
	for name, c := range map[string]struct {
		change func(file []byte, siz int)
		want   error
	}{
		"65535 x 65535": {func(f []byte, siz int) {
			for _, at := range []int{6, 10, 22, 26} {
				put32(f, siz+at, 65535)
			}
		}, ErrTooLarge},
		"width 65535": {func(f []byte, siz int) { put32(f, siz+6, 65535); put32(f, siz+22, 65535) }, ErrTooLarge},
		"most there can be": {func(f []byte, siz int) {
			for _, at := range []int{6, 10, 22, 26} {
				put32(f, siz+at, 0xFFFFFFFF)
			}
		}, ErrTooLarge},
		"tiles of one pixel": {func(f []byte, siz int) { put32(f, siz+22, 1); put32(f, siz+26, 1) }, nil},
		"no pixels":          {func(f []byte, siz int) { put32(f, siz+6, 0) }, ErrFormat},
		"16384 components":   {func(f []byte, siz int) { put16(f, siz+38, 16384) }, ErrFormat},
		"38 bits":            {func(f []byte, siz int) { f[siz+40] = 37 }, ErrFormat},
	} {
		t.Run(name, func(t *testing.T) {
			for _, base := range []string{"lossless.jp2", "lossless.j2k"} {
				file := bytes.Clone(testFile(t, base))
				c.change(file, sizAt(t, file))
				m, err := d.Decode(context.Background(), file)
				want := c.want
				if base == "lossless.jp2" && want == ErrTooLarge {
					want = ErrFormat // its image header box has the size, too, and another one
				}
				if m != nil || err == nil || want != nil && !errors.Is(err, want) {
					t.Errorf("%s: %v", base, err)
				}
			}
		})
	}
}

// TestMemoryLimit: a picture within the limits of size that asks for more memory than there is.
func TestMemoryLimit(t *testing.T) {
	a := &arena{most: 10 << 16}
	if a.Reallocate(10<<16) == nil || a.Reallocate(11<<16) != nil {
		t.Error("the arena's limit does not hold")
	}
	d := newDecoder(Limits{Side: 1 << 20, Time: time.Minute})
	if m, err := d.Decode(context.Background(), huge(t)); m != nil || !errors.Is(err, ErrTooLarge) {
		t.Errorf("1.2 GB of pixels: %v", err)
	}
}

// huge is a codestream of 20000 x 20000 pixels: it takes seconds to find out that there is no memory for it.
func huge(t *testing.T) []byte {
	file := bytes.Clone(testFile(t, "lossless.j2k"))
	siz := sizAt(t, file)
	for _, at := range []int{6, 10, 22, 26} {
		binary.BigEndian.PutUint32(file[siz+at:], 20000)
	}
	return file
}

// TestTimeBomb: a picture that takes much longer than there is time is given up in the middle.
func TestTimeBomb(t *testing.T) {
	d := newDecoder(Limits{Side: 1 << 20, Time: 20 * time.Millisecond})
	if m, err := d.Decode(context.Background(), huge(t)); m != nil || !errors.Is(err, ErrTimeout) {
		t.Errorf("%v", err)
	}
}

// TestArenaForgets: what moved and what was freed is cleared.
func TestArenaForgets(t *testing.T) {
	a := &arena{most: 1 << 20}
	before := a.Reallocate(1 << 10)
	copy(before, "a face")
	after := a.Reallocate(1 << 12)
	if string(after[:6]) != "a face" || len(bytes.Trim(before, "\x00")) != 0 {
		t.Error("moving")
	}
	a.Free()
	if len(bytes.Trim(after, "\x00")) != 0 {
		t.Error("freeing")
	}
}

// TestCutShort: no beginning of a file decodes, and none harms.
func TestCutShort(t *testing.T) {
	d := newDecoder(Limits{})
	for _, name := range []string{"lossy.jp2", "gray-lossy.j2k", "tiles.jp2"} {
		file := testFile(t, name)
		step := 1
		if testing.Short() {
			step = 37
		}
		whole := len(file) - 2 // a file without its last marker, EOC, is whole enough
		for n := 0; n < whole; n += step {
			if m, err := d.Decode(context.Background(), file[:n]); m != nil || err == nil {
				t.Fatalf("%s: %d of %d bytes are taken", name, n, len(file))
			}
			if n > 300 { // past the headers
				step = max(step, 29)
			}
		}
	}
}

// TestBitFlips: whatever is flipped, there is a picture of allowed size or one of the known errors.
func TestBitFlips(t *testing.T) {
	d := newDecoder(Limits{Time: 10 * time.Second})
	rounds := 3000
	if testing.Short() {
		rounds = 200
	}
	dice := rand.New(rand.NewPCG(15444, 1))
	shown := 0
	names := []string{"lossy.jp2", "gray-lossy.j2k", "tiles.jp2", "layers.jp2", "offset.jp2"}
	for i := range rounds {
		file := bytes.Clone(testFile(t, names[i%len(names)]))
		for range 1 + dice.IntN(4) {
			reach := len(file)
			if i%2 == 0 {
				reach = 250 // the headers decide most
			}
			file[dice.IntN(reach)] ^= 1 << dice.IntN(8)
		}
		m, err := d.Decode(context.Background(), file)
		switch {
		case err == nil && m.Bounds().Dx() <= MaxSide && m.Bounds().Dy() <= MaxSide:
			shown++
		case err == nil, !errors.Is(err, ErrFormat) && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrTimeout):
			t.Fatalf("round %d: %v", i, err)
		}
	}
	t.Logf("%d of %d are still pictures", shown, rounds)
}

// TestTogether: several at the same time, and one who closes meanwhile.
func TestTogether(t *testing.T) {
	d := &Decoder{Limits: Limits{Time: time.Minute}}
	file := testFile(t, "lossy.jp2")
	var work sync.WaitGroup
	for i := range 8 {
		work.Go(func() {
			if i == 3 {
				if err := d.Close(); err != nil {
					t.Error(err)
				}
			}
			if m, err := d.Decode(context.Background(), file); err != nil || m.Bounds().Dx() != 120 {
				t.Error(err)
			}
		})
	}
	work.Wait()
	if err := errors.Join(d.Close(), d.Close()); err != nil {
		t.Error(err)
	}
}

// TestAfterTimeout: a decoder that ran out of time once decodes the next one.
func TestAfterTimeout(t *testing.T) {
	d := newDecoder(Limits{Time: time.Nanosecond})
	if _, err := d.Decode(context.Background(), testFile(t, "480x640.jp2")); !errors.Is(err, ErrTimeout) {
		t.Fatal(err)
	}
	d.Limits.Time = time.Minute
	if _, err := d.Decode(context.Background(), testFile(t, "480x640.jp2")); err != nil {
		t.Fatal(err)
	}
}

// TestStopsInTheMiddle: the module asks for the time while it decodes.
func TestStopsInTheMiddle(t *testing.T) {
	d := newDecoder(Limits{})
	l, err := d.jpeg2000.load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	asked := &lateContext{Context: context.Background(), left: 3}
	if m, err := l.run(asked, testFile(t, "480x640.jp2"), Limits{}.orDefault()); m != nil || !errors.Is(err, ErrFormat) || asked.left != 0 {
		t.Errorf("%v, questions left: %d", err, asked.left)
	}
}

// lateContext ends at the last of some questions.
type lateContext struct {
	context.Context
	left int
}

func (c *lateContext) Err() error {
	if c.left > 0 {
		c.left--
	}
	if c.left == 0 {
		return context.DeadlineExceeded
	}
	return nil
}

// TestLook writes the pictures to where MOTCUA_LOOK says.
func TestLook(t *testing.T) {
	to := os.Getenv("MOTCUA_LOOK")
	if to == "" {
		t.Skip("MOTCUA_LOOK names no folder")
	}
	d := newDecoder(Limits{})
	names, err := filepath.Glob("testdata/*.j*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(names, "specimen") {
		data := specimen(t)
		if name != "specimen" {
			data = testFile(t, filepath.Base(name))
		}
		m, err := d.Decode(context.Background(), data)
		if err != nil {
			t.Fatal(name, err)
		}
		var out bytes.Buffer
		if err := errors.Join(png.Encode(&out, m), os.WriteFile(filepath.Join(to, filepath.Base(name)+".png"), out.Bytes(), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	names, err := filepath.Glob("testdata/*.j*")
	if err != nil || len(names) < 10 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range names {
		if data := testFile(f, filepath.Base(name)); len(data) < 10000 {
			f.Add(data)
		}
	}
	d := newDecoder(Limits{Side: 400, Time: 5 * time.Second})
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := d.Decode(context.Background(), data)
		if err == nil && (m.Bounds().Dx() > 400 || m.Bounds().Dy() > 400) {
			t.Fatal("too large")
		}
		if err != nil && !errors.Is(err, ErrFormat) && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrTimeout) {
			t.Fatal(err)
		}
	})
}

func BenchmarkFirst(b *testing.B) {
	file := testFile(b, "480x640.jp2")
	for b.Loop() {
		d := &Decoder{}
		if _, err := d.Decode(context.Background(), file); err != nil {
			b.Fatal(err)
		}
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	d := newDecoder(Limits{})
	for _, name := range []string{"240x320.jp2", "480x640.jp2"} {
		file := testFile(b, name)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := d.Decode(context.Background(), file); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

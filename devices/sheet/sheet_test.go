package sheet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// page is a white page with a black line at a quarter of its height.
func page(w, h int) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range p.Pix {
		p.Pix[i] = 255
	}
	for i := h / 4 * p.Stride; i < (h/4+h/50+1)*p.Stride; i++ {
		if i%4 != 3 { // all but the opacity
			p.Pix[i] = 0
		}
	}
	return p
}

func encoded(t testing.TB, p image.Image, as string) []byte {
	t.Helper()
	var out bytes.Buffer
	err := png.Encode(&out, p)
	if as == "jpeg" {
		out.Reset()
		err = jpeg.Encode(&out, p, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func put(t *testing.T, dir, name string, data []byte, at time.Time) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

// What the scanner wrote comes in its order; what it is writing, what is none and what lies elsewhere does not.
func TestWaiting(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	f := Folder{Path: dir, Now: func() time.Time { return now }}
	data := encoded(t, page(10, 10), "png")
	put(t, dir, "b.png", data, now.Add(-3*time.Minute))
	put(t, dir, "a.JPG", data, now.Add(-2*time.Minute))
	put(t, dir, "c.jpeg", data, now.Add(-20*time.Minute))
	put(t, dir, "ahead.png", data, now.Add(time.Hour))
	put(t, dir, "written.png", data[:4], now.Add(-time.Second))
	put(t, dir, "scan.pdf", []byte("%PDF"), now.Add(-time.Minute))
	put(t, dir, ".hidden.png", data, now.Add(-time.Minute))
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link.png")); err != nil {
		t.Fatal(err)
	}
	list, others, err := f.Waiting()
	if err != nil || others != 1 {
		t.Fatalf("%d others, %v", others, err)
	}
	var names []string
	for _, s := range list {
		names = append(names, s.Name)
		if s.Old != (s.Name == "c.jpeg") {
			t.Errorf("%s: old is %v", s.Name, s.Old)
		}
	}
	if got := len(names); got != 4 || names[0] != "c.jpeg" || names[1] != "b.png" || names[2] != "a.JPG" || names[3] != "ahead.png" {
		t.Errorf("%q", names)
	}
	if _, _, err := (Folder{Path: filepath.Join(dir, "gone")}).Waiting(); !errors.Is(err, ErrAbsent) {
		t.Errorf("no folder: %v", err)
	}
}

// Pages of one second come in the order of their numbers.
func TestOrderOfPages(t *testing.T) {
	dir, at := t.TempDir(), time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	f := Folder{Path: dir, Now: func() time.Time { return at.Add(time.Minute) }}
	want := []string{"img1.png", "img01.png", "img2.png", "scan_2026_1-9.png", "scan_2026_1-10.png", "scan_2026_1.png", "scan_2026_10.png"}
	for i := range want {
		put(t, dir, want[len(want)-1-i], []byte("x"), at)
	}
	put(t, dir, "first.png", []byte("x"), at.Add(-time.Second))
	list, _, err := f.Waiting()
	if err != nil || len(list) != len(want)+1 || list[0].Name != "first.png" {
		t.Fatalf("%+v, %v", list, err)
	}
	for i, name := range want {
		if list[i+1].Name != name {
			t.Errorf("%d is %s, want %s", i, list[i+1].Name, name)
		}
	}
}

// A page comes in upright as it was, not larger than it has to be, and the file goes.
func TestReadAndRemove(t *testing.T) {
	dir := t.TempDir()
	f := Folder{Path: dir}
	for as, size := range map[string]int{"jpeg": 1, "png": 3} { // half of A4 with 300 dots an inch, and half as large again
		at := time.Now()
		put(t, dir, "a."+as, encoded(t, page(1240*size, LongSide/2*size), as), at)
		data, err := f.Read("a."+as, 4<<20)
		if err != nil {
			t.Fatal(err)
		}
		got, kind, err := image.Decode(bytes.NewReader(data))
		if err != nil || kind != "jpeg" || got.Bounds().Dx() != 1240*min(size, 2) || got.Bounds().Dy() != LongSide/2*min(size, 2) {
			t.Fatalf("%s, %v, %v", kind, got.Bounds(), err)
		}
		b := got.Bounds()
		dark, _, _, _ := got.At(b.Dx()/2, b.Dy()/4+b.Dy()/100).RGBA()
		light, _, _, _ := got.At(b.Dx()/2, b.Dy()/2).RGBA()
		if dark > 0x2000 || light < 0xe000 {
			t.Errorf("the line is %x on %x", dark, light)
		}
		if err := f.Remove(Sheet{Name: "a." + as, At: at}); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(dir, "a."+as)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the file stays: %v", err)
		}
		if err := f.Remove(Sheet{Name: "a." + as, At: at}); err != nil {
			t.Errorf("a second time: %v", err)
		}
	}
}

// What removing takes away is not left in the disk's blocks, where the file system writes in place.
func TestRemoveWritesOver(t *testing.T) {
	dir := t.TempDir()
	at := time.Now()
	put(t, dir, "a.png", []byte("secret"), at)
	other := filepath.Join(dir, "same") // another name of the same blocks
	if err := os.Link(filepath.Join(dir, "a.png"), other); err != nil {
		t.Skip("no links here:", err)
	}
	if err := (Folder{Path: dir}).Remove(Sheet{Name: "a.png", At: at}); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadFile(other); err != nil || !bytes.Equal(left, make([]byte, 6)) {
		t.Errorf("%q, %v", left, err)
	}
}

// A scanner that knows one name only writes the next sheet while the last one is taken: it stays, and waits.
func TestRemoveLeavesTheNext(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	f := Folder{Path: dir, Now: func() time.Time { return now }}
	data := encoded(t, page(10, 10), "png")
	put(t, dir, "scan.png", data, now.Add(-time.Minute))
	list, _, err := f.Waiting()
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	put(t, dir, "scan.png", data, now.Add(-10*time.Second))
	if err := f.Remove(list[0]); err != nil {
		t.Fatal(err)
	}
	next, _, err := f.Waiting()
	if err != nil || len(next) != 1 {
		t.Fatalf("the next sheet is gone: %v", err)
	}
	if err := f.Remove(next[0]); err != nil {
		t.Fatal(err)
	}
	if left, _, err := f.Waiting(); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// What is no picture, too large, or elsewhere is refused.
func TestRefused(t *testing.T) {
	dir := t.TempDir()
	f := Folder{Path: dir}
	huge := encoded(t, page(4, 4), "png")
	binary.BigEndian.PutUint32(huge[16:], 1<<15) // IHDR: width and height
	binary.BigEndian.PutUint32(huge[20:], 1<<15)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	whole := encoded(t, page(40, 40), "jpeg")
	for name, data := range map[string][]byte{"empty": {}, "text": []byte("no picture"), "pdf": []byte("%PDF-1.7"), "bomb": huge, "cut": whole[:len(whole)/2],
		"long": make([]byte, MaxFile+1)} {
		put(t, dir, name+".png", data, time.Now())
		if _, err := f.Read(name+".png", 1<<20); !errors.Is(err, ErrPicture) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"../sheet_test.go", "/etc/passwd", "gone.png"} {
		if _, err := f.Read(name, 1<<20); !errors.Is(err, ErrFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// However much there is on a page, it fits; less than a pixel fits nowhere.
func TestFits(t *testing.T) {
	noise := image.NewRGBA(image.Rect(0, 0, 600, 800))
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = byte(rng.Uint32())
	}
	data := encoded(t, noise, "png")
	for _, most := range []int{100 << 10, 20 << 10} {
		got, err := Normal(data, most)
		if err != nil || len(got) > most {
			t.Errorf("%d bytes into %d: %v", len(got), most, err)
		}
	}
	if _, err := Normal(data, 10); !errors.Is(err, ErrPicture) {
		t.Errorf("into ten bytes: %v", err)
	}
}

// FuzzNormal holds that no file breaks the desk, and that what gets in is a JPEG of a size that fits.
func FuzzNormal(f *testing.F) {
	f.Add(encoded(f, page(30, 40), "png"))
	f.Add(encoded(f, page(30, 40), "jpeg"))
	f.Add([]byte("%PDF-1.7"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if head, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil && head.Width*head.Height > 1<<20 {
			return // takes its time, and is no other case
		}
		got, err := Normal(data, 64<<10)
		if err != nil {
			if !errors.Is(err, ErrPicture) {
				t.Fatal(err)
			}
			return
		}
		head, kind, err := image.DecodeConfig(bytes.NewReader(got))
		if err != nil || kind != "jpeg" || len(got) > 64<<10 || max(head.Width, head.Height) > LongSide {
			t.Fatalf("%s of %d x %d in %d bytes, %v", kind, head.Width, head.Height, len(got), err)
		}
	})
}

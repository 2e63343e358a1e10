package receipt

import (
	"bytes"
	"errors"
	"flag"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/text/unicode/norm"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

func example() Slip {
	zone := time.FixedZone("+07", 7*3600)
	filed := time.Date(2026, 11, 23, 9, 21, 0, 0, zone)
	return Slip{
		Parent: "CÔNG AN TỈNH PHÚ THỌ", Office: "CÔNG AN XÃ MAI CHÂU",
		Short: "K1-2311-047", Full: "05200.K1.261123.047.X",
		Applicant: MaskName("Bùi Thị Nguyệt"), Number: "099******017",
		Procedure: "Đăng ký tạm trú", Filed: filed,
		Papers:  []string{"Tờ khai CT01 (máy điền)", "Hợp đồng thuê nhà (chụp 2 trang)"},
		Missing: []string{"Ý kiến của chủ hộ (ký tại quầy)"},
		Due:     time.Date(2026, 11, 27, 16, 0, 0, 0, zone),
		Bring:   "Thẻ căn cước, hợp đồng thuê nhà", Fee: "15.000 đ, nộp tại quầy",
		Place: "Quầy Một cửa, Công an xã Mai Châu", Phone: "0218 000 000",
		Station: "Ki-ốt 1", PrintJob: 318, Printed: filed,
	}
}

func longest() Slip {
	s := example()
	s.Parent = "CÔNG AN THÀNH PHỐ TRỰC THUỘC TRUNG ƯƠNG THỪA THIÊN HUẾ"
	s.Office = "CÔNG AN XÃ NƯỚC NGOÀI TRUNG TÂM HUYỆN LỴ MƯỜNG NHÀ"
	s.Short = "KIOSK12A-3112-123456"
	s.Applicant = MaskName("Công Tằng Tôn Nữ Hoàng Thị Quỳnh Nguyễn Phước Trường Giang")
	s.Papers = append(s.Papers, "Giấy tờ chứng minh chỗ ở hợp pháp của người cho thuê, cho mượn, cho ở nhờ có xác nhận")
	s.Bring = "KhôngCóDấuCáchNàoTrongDòngNàyNênPhảiCắtGiữaChừngĐểVừaKhổGiấy, thẻ căn cước"
	s.Place = "Số 123 đường Nguyễn Thị Minh Khai, tổ dân phố 14, thị trấn Mường Nhà, huyện Điện Biên Đông"
	s.Station = "Ki-ốt 12 tầng trệt nhà văn hóa thôn Nà Nghịu"
	s.Remark, s.Reprint, s.Due = RemarkQR, 3, time.Time{}
	return s
}

func render(t *testing.T, s Slip, width int) (Document, *image.Gray) {
	t.Helper()
	d, err := Render(s, width)
	if err != nil {
		t.Fatalf("width %d: %v", width, err)
	}
	g, err := d.Picture()
	if err != nil {
		t.Fatal(err)
	}
	return d, g
}

func decodeQR(t *testing.T, g *image.Gray) string {
	t.Helper()
	bmp, err := gozxing.NewBinaryBitmapFromImage(g)
	if err != nil {
		t.Fatal(err)
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	res, err := qrcode.NewQRCodeReader().Decode(bmp, hints)
	if err != nil {
		t.Fatalf("QR: %v", err)
	}
	return res.GetText()
}

func TestGolden(t *testing.T) {
	test := func() (Document, error) {
		return TestPage("generic-80 usb:/dev/usb/lp0", "MOTCUA TEST", example().Filed, 576)
	}
	slip := func(s Slip, w int) func() (Document, error) {
		return func() (Document, error) { return Render(s, w) }
	}
	for name, make := range map[string]func() (Document, error){
		"slip-576": slip(example(), 576), "slip-384": slip(example(), 384), "long-576": slip(longest(), 576), "test-576": test,
	} {
		t.Run(name, func(t *testing.T) {
			d, err := make()
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := d.PNG(&got); err != nil {
				t.Fatal(err)
			}
			compare(t, filepath.Join("testdata", name+".png"), got.Bytes())
		})
	}
}

func compare(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a, b := gray(t, want), gray(t, got)
	if a.Bounds() != b.Bounds() || !bytes.Equal(a.Pix, b.Pix) {
		out := filepath.Join(t.ArtifactDir(), filepath.Base(path))
		_ = os.WriteFile(out, got, 0o644)
		t.Errorf("%s differs; got %s", path, out)
	}
}

func gray(t *testing.T, data []byte) *image.Gray {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	g := image.NewGray(img.Bounds())
	draw.Draw(g, g.Bounds(), img, image.Point{}, draw.Src)
	return g
}

// TestMock holds the slip against the design's picture: the same height, and as much black at
// the rows where rules and boxes stand.
func TestMock(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "mock", "19-receipt-80mm.png"))
	if err != nil {
		t.Skip("the design's pictures are not beside the repository")
	}
	want := gray(t, data)
	_, got := render(t, example(), 576)
	if d := want.Bounds().Dy() - got.Bounds().Dy(); d < -4 || d > 4 {
		t.Errorf("height %d, design %d", got.Bounds().Dy(), want.Bounds().Dy())
	}
	const slack = 3 // rows
	for _, y := range []int{118, 248, 392, 749, 1186, 1371, 1662} {
		if !edgeNear(got, edgeAt(want, y), y, slack) {
			t.Errorf("nothing like the design's edge near row %d", y)
		}
	}
}

// edgeAt is how many dots are black in a row.
func edgeAt(g *image.Gray, y int) int {
	return bytes.Count(g.Pix[y*g.Stride:(y+1)*g.Stride], []byte{0})
}

func edgeNear(g *image.Gray, ink, y, slack int) bool {
	for d := -slack; d <= slack; d++ {
		if n := edgeAt(g, y+d); n-ink < 25 && ink-n < 25 {
			return true
		}
	}
	return false
}

func TestQRDecodes(t *testing.T) {
	for _, width := range []int{384, 420, 512, 576} {
		s := example()
		_, g := render(t, s, width)
		if got := decodeQR(t, g); got != s.Full {
			t.Errorf("width %d: %q, want %q", width, got, s.Full)
		}
	}
}

// TestNothingCut renders long facts at every width: Render fails if a line does not fit, and no ink may stand in the
// margins.
func TestNothingCut(t *testing.T) {
	for width := MinWidth; width <= MaxWidth; width += 24 {
		for _, s := range []Slip{example(), longest()} {
			_, g := render(t, s, width)
			for y := range g.Bounds().Dy() {
				row := g.Pix[y*g.Stride:][:width]
				if bytes.IndexByte(row[:8], 0) >= 0 || bytes.IndexByte(row[width-8:], 0) >= 0 {
					t.Fatalf("width %d: ink in the margin of row %d", width, y)
				}
			}
		}
	}
}

func TestOnlyBlackAndWhite(t *testing.T) {
	_, g := render(t, longest(), 576)
	for _, v := range g.Pix {
		if v != 0 && v != 255 {
			t.Fatalf("a dot of %d", v)
		}
	}
}

func TestDecomposedTextIsTheSame(t *testing.T) {
	s := example()
	_, want := render(t, s, 576)
	for _, f := range []*string{&s.Office, &s.Applicant, &s.Procedure, &s.Bring, &s.Place, &s.Papers[1], &s.Station} {
		*f = norm.NFD.String(*f)
	}
	if _, got := render(t, s, 576); !bytes.Equal(got.Pix, want.Pix) {
		t.Error("NFD text is drawn differently")
	}
}

// TestEveryFactShows changes each fact in turn: the picture must change with it.
func TestEveryFactShows(t *testing.T) {
	_, plain := render(t, example(), 576)
	for i, change := range []func(*Slip){
		func(s *Slip) { s.Parent = "" }, func(s *Slip) { s.Office += "U" }, func(s *Slip) { s.Short = "K1-2311-048" },
		func(s *Slip) { s.Full = "05200.K1.261123.048.X" }, func(s *Slip) { s.Applicant = "Bùi Thị M*****" },
		func(s *Slip) { s.Number = "099******018" }, func(s *Slip) { s.Procedure += "?" },
		func(s *Slip) { s.Filed = s.Filed.Add(time.Minute) }, func(s *Slip) { s.Papers = s.Papers[:1] },
		func(s *Slip) { s.Missing = nil }, func(s *Slip) { s.Due = time.Time{} }, func(s *Slip) { s.Sent = true }, func(s *Slip) { s.Due = s.Due.Add(time.Hour) },
		func(s *Slip) { s.Bring = "" }, func(s *Slip) { s.Fee = "Miễn phí" }, func(s *Slip) { s.Place = "" },
		func(s *Slip) { s.Phone = "" }, func(s *Slip) { s.Remark = RemarkTyped }, func(s *Slip) { s.Station = "Ki-ốt 2" },
		func(s *Slip) { s.PrintJob++ }, func(s *Slip) { s.Printed = s.Printed.Add(time.Minute) },
		func(s *Slip) { s.Reprint = 1 },
	} {
		s := example()
		change(&s)
		if _, g := render(t, s, 576); bytes.Equal(g.Pix, plain.Pix) {
			t.Errorf("change %d does not show", i)
		}
	}
}

func TestRefusals(t *testing.T) {
	unmasked, empty := example(), example()
	unmasked.Number, empty.Full = "099123456017", ""
	for _, c := range []struct {
		slip  Slip
		width int
		want  error
	}{
		{unmasked, 576, ErrUnmasked}, {empty, 576, ErrIncomplete}, {example(), 383, ErrWidth}, {example(), 577, ErrWidth},
	} {
		if _, err := Render(c.slip, c.width); !errors.Is(err, c.want) {
			t.Errorf("got %v, want %v", err, c.want)
		}
	}
}

func TestMaskName(t *testing.T) {
	for in, want := range map[string]string{
		"Bùi Thị Nguyệt": "Bùi Thị N*****", "  Lê   Ái ": "Lê Á*****", "Y": "Y*****", "": "",
		norm.NFD.String("Đỗ Ẩn"): "Đỗ Ẩ*****",
	} {
		if got := MaskName(in); got != want {
			t.Errorf("MaskName(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestLettersAreThere: the typeface draws each letter of the test page itself, none of them as an empty box.
func TestLettersAreThere(t *testing.T) {
	face := &typeface{}
	set, err := face.setter(styleItem)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range strings.Join(letters(), "") {
		if set.face(r) != set.main {
			t.Errorf("no %q in the typeface", r)
		}
		n++
	}
	if n < 2*(12*6+17) {
		t.Errorf("only %d letters on the test page", n)
	}
}

func TestWrapLosesNothing(t *testing.T) {
	width := func(s string) int { return len([]rune(s)) }
	for _, text := range []string{"a", "một hai ba", "một, hai ba bốn, năm", "dàiquámộtdòngrồi, ngắn", "x " + strings.Repeat("y", 50)} {
		for max := 1; max < 30; max++ {
			lines := wrap(text, max, width)
			squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
			if squeeze(strings.Join(lines, "")) != squeeze(text) {
				t.Fatalf("%q at %d: %q", text, max, lines)
			}
			for _, l := range lines {
				if width(l) > max {
					t.Fatalf("%q at %d: line %q", text, max, l)
				}
			}
		}
	}
}

// FuzzText: whatever is typed, nothing is lost in wrapping, no line is too wide, and a masked name shows one letter of
// its last word.
func FuzzText(f *testing.F) {
	f.Add("Công Tằng Tôn Nữ, Hoàng Thị", uint8(12))
	f.Add("\xff\u202e\n\u0301, ,", uint8(1))
	width := func(s string) int { return len([]rune(s)) }
	squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
	f.Fuzz(func(t *testing.T, text string, at uint8) {
		if len(text) > 400 {
			return
		}
		max := int(at)%60 + 1
		text = clean(text)
		lines := wrap(text, max, width)
		if got := squeeze(strings.Join(lines, "")); got != squeeze(text) {
			t.Fatalf("%q became %q", text, got)
		}
		for _, l := range lines {
			if width(l) > max {
				t.Fatalf("line %q is wider than %d", l, max)
			}
		}
		if m := MaskName(text); text != "" && !strings.HasSuffix(m, maskStars) {
			t.Fatalf("MaskName(%q) = %q", text, m)
		}
	})
}

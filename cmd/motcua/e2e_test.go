//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"motcua/cmd/internal/walk"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/pcsc/pcsctest"
	"motcua/devices/print/printsim"
	"motcua/devices/scan/qr"
	"motcua/devices/scan/scansim"
	"motcua/kiosk"
	"motcua/kiosk/calendar"
	"motcua/kiosk/config"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/receipt"
	"motcua/kiosk/seal"
	"motcua/kiosk/session"
	"motcua/kiosk/store"
	"motcua/kiosk/store/storetest"
)

// The whole machine: the real binary in a real X display, a card in real pcscd, a scanner and a printer at real serial
// lines, and a finger.

// binary is the kiosk as TestMain built it; empty with the reason in noBinary.
var binary string

func TestMain(m *testing.M) {
	time.Local = calendar.Zone // as the program's, which writes slips in it
	dir, err := os.MkdirTemp("", "motcua-e2e-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "motcua")
	status := 1
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the kiosk: %v\n%s", err, out)
	} else {
		status = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(status)
}

// rig is one machine.
type rig struct {
	t       *testing.T
	display *walk.Display
	scanner *scansim.Sim
	printer *printsim.Printer
	data    string
	officer *seal.Identity // opens what is filed
	config  string
	shots   string
	kiosk   *walk.Kiosk
}

// newRig puts everything together but the card, and starts the kiosk with real PC/SC, or without a reader where the test
// is not about cards: there is one pcscd on a machine, and another test may have it.
func newRig(t *testing.T, width, height int, cards string) *rig {
	t.Helper()
	for _, program := range []string{"Xvfb", "xdotool"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	ctx := t.Context()
	r := &rig{t: t, data: filepath.Join(t.TempDir(), "data"), shots: shots(t)}
	var err error
	if r.display, err = walk.StartDisplay(ctx, width, height); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.display.Close)
	if r.scanner, err = scansim.Start(ctx, scansim.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.scanner.Close() })
	if r.printer, err = printsim.Start(ctx, printsim.Options{Dir: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.printer.Close() })
	r.config = filepath.Join(t.TempDir(), "motcua.toml")
	settings := fmt.Sprintf("[card]\ndriver = %q\n\n[scanner]\ndriver = \"serial\"\ndevice = %q\n\n"+
		"[printer]\ndriver = \"escpos\"\ndevice = %q\n\n[desk]\nprinter = \"none\"\n\n[log]\nlevel = \"debug\"\n", cards, r.scanner.Path(), "serial:"+r.printer.Path())
	if err := os.WriteFile(r.config, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	r.officer = storetest.SetOfficer(t, r.data, store.Options{Station: "K1", Commune: "05200"})
	r.start()
	return r
}

// shots is where screenshots go: $MOTCUA_SHOTS if somebody wants to look at them.
func shots(t *testing.T) string {
	base := os.Getenv("MOTCUA_SHOTS")
	if base == "" {
		return t.TempDir()
	}
	dir := filepath.Join(base, strings.ReplaceAll(t.Name(), "/", "-"))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// start starts the kiosk. Its log is shown if the test fails.
func (r *rig) start() {
	r.t.Helper()
	log := filepath.Join(r.shots, "motcua.log")
	var err error
	if r.kiosk, err = walk.StartKiosk(r.t.Context(), r.display, binary, log, "-config", r.config, "-data", r.data); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		_ = r.kiosk.Stop()
		if r.t.Failed() {
			_ = r.display.Save(filepath.Join(r.shots, "failed.png"))
			text, _ := os.ReadFile(log)
			r.t.Logf("the kiosk's log:\n%s", text)
		}
	})
}

// hands lay a card down and take it away.
type hands struct {
	lay  func()
	take func()
}

// ourCard is a card of cardsim on vpcd.
func ourCard(t *testing.T, person cardsim.Persona) hands {
	t.Helper()
	return simulatedCard(t, person, pcsctest.Addr, cardsim.Options{})
}

// simulatedCard is a card of cardsim on the reader at an address.
func simulatedCard(t *testing.T, person cardsim.Persona, addr string, o cardsim.Options) hands {
	t.Helper()
	profile, err := cardsim.Build(person, cardsim.ProfileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var stop context.CancelFunc
	ended := make(chan error, 1)
	return hands{
		lay: func() {
			var ctx context.Context
			ctx, stop = context.WithCancel(t.Context())
			go func() { ended <- cardsim.ServeVPCD(ctx, addr, cardsim.New(profile, o)) }()
		},
		take: func() { stop(); <-ended },
	}
}

// otherCard is the software chip that is not ours, on vpcd.
func otherCard(t *testing.T, persona int) hands {
	chip := filepath.Join("..", "..", "..", "shared", "chip")
	if _, err := os.Stat(filepath.Join(chip, "chip.py")); err != nil {
		t.Skip("the outside software chip is not here (../shared/chip)")
	}
	const python = "/usr/bin/python3"
	profile := t.TempDir()
	make := exec.Command(python, filepath.Join(chip, "make_profile.py"), profile, "--persona", fmt.Sprint(persona))
	if out, err := make.CombinedOutput(); err != nil {
		t.Skipf("the outside software chip does not run: %v\n%s", err, out)
	}
	process := exec.Command(python, filepath.Join(chip, "chip.py"), "--profile", profile, "--absent")
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = process.Process.Kill()
		_ = process.Wait()
	})
	time.Sleep(time.Second) // until it listens for signals
	return hands{
		lay:  func() { _ = process.Process.Signal(syscall.SIGUSR2) },
		take: func() { _ = process.Process.Signal(syscall.SIGUSR1) },
	}
}

// atOfficersKeyboard is the demonstration's citizen helped by an officer at a keyboard that is plugged in. Without
// accents: xdotool makes keys for them as it goes, faster than programs learn of new keys.
func atOfficersKeyboard() walk.Citizen {
	c := walk.Demonstration()
	c.Keyboard = false
	c.Typed = map[string]string{"dwelling": "Xom Van 2", "head_name": "Ha Van Thuyet", "phone": "0900000001"}
	return c
}

// citizen gives somebody a card and hands.
func (r *rig) citizen(c walk.Citizen, card hands, qrText string) walk.Citizen {
	c.Arrive = func(ctx context.Context) error {
		card.lay()
		return r.scanner.Send(ctx, qrText)
	}
	c.TakeCard = func(context.Context) error {
		card.take()
		return nil
	}
	return c
}

// file walks the citizen through and gives what is in the store.
func (r *rig) file(c walk.Citizen) filing.Filing {
	r.t.Helper()
	pages := map[string]int{}
	err := r.kiosk.File(r.t.Context(), c, func(m walk.Map) error {
		pages[m.Page]++
		name := fmt.Sprintf("%02d-%s%s.png", len(pages)*10+pages[m.Page], m.Page, m.Field)
		time.Sleep(walk.Settle)
		return r.display.Save(filepath.Join(r.shots, name))
	})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, page := range []string{"welcome", "confirm", "service", "question", "form", "papers", "review", "consent", "done"} {
		if pages[page] == 0 {
			r.t.Errorf("page %s never came", page)
		}
	}
	db, err := store.OpenReadOnly(r.data)
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	all, err := db.List(r.t.Context(), store.Filter{})
	if err != nil || len(all) == 0 {
		r.t.Fatalf("store lists %d filings, %v", len(all), err)
	}
	filed, err := db.Read(r.t.Context(), all[0].Reference.String(), r.officer)
	if err != nil {
		r.t.Fatal(err)
	}
	if ticket, err := db.TicketOf(r.t.Context(), filed.Reference); err == nil {
		filed.Ticket = ticket.Number
	} else if fault.CodeOf(err) != fault.NotFound {
		r.t.Fatal(err)
	}
	return filed
}

// checkSlip compares the slip with the filing: its code is the reference.
func (r *rig) checkSlip(f filing.Filing, number int) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 20*time.Second)
	defer cancel()
	slips, err := r.printer.WaitSlips(ctx, number)
	if err != nil {
		r.t.Fatalf("no slip: %v", err)
	}
	slip := slips[number-1]
	picture, err := os.ReadFile(slip)
	if err == nil {
		err = os.WriteFile(filepath.Join(r.shots, fmt.Sprintf("slip-%d.png", number)), picture, 0o600)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	r.checkLines(f, picture)
	luma, err := qr.OpenFile(slip)
	if err != nil {
		r.t.Fatal(err)
	}
	code, err := qr.Decode(ctx, luma)
	if err != nil || code.Text != f.Reference.String() {
		r.t.Errorf("the slip's code is %q (%v), want %s", code.Text, err, f.Reference)
	}
	if wrong := r.printer.ProtocolErrors(); len(wrong) > 0 {
		r.t.Errorf("the printer did not understand: %v", wrong)
	}
}

// checkLines compares the slip, dot by dot, with one drawn from the filing and from what a rented room asks for.
func (r *rig) checkLines(f filing.Filing, printed []byte) {
	r.t.Helper()
	f.Filed, f.Due = f.Filed.Local(), f.Due.Local()
	words := session.SlipWords{
		Service: "Đăng ký tạm trú", Handed: []string{"Tờ khai CT01 (máy điền)"},
		Missing: []string{"Giấy tờ chỗ ở hợp pháp (nếu cán bộ không tìm thấy)", "Ý kiến của chủ hộ (ký tại quầy)",
			"Ý kiến của chủ nhà (ký tại quầy)"},
		Bring: []string{"Thẻ căn cước", "hợp đồng thuê nhà"}, Fee: "15.000 đ, nộp tại quầy",
	}
	got, err := png.Decode(bytes.NewReader(printed))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, later := range []time.Duration{0, time.Minute} { // the clock may have turned between filing and printing
		at := func() time.Time { return f.Filed.Add(later) }
		slip := kiosk.SlipOf(config.Default().Station, at)(session.Print{Filing: f, Copy: 1, Words: words})
		document, err := receipt.Render(slip, receipt.MaxWidth)
		if err != nil {
			r.t.Fatal(err)
		}
		expected, err := document.Picture()
		if err != nil {
			r.t.Fatal(err)
		}
		if samePicture(expected, got) {
			return
		}
	}
	r.t.Error("the slip does not have the lines that it should have")
}

// samePicture compares dots.
func samePicture(a, b image.Image) bool {
	if a.Bounds().Size() != b.Bounds().Size() {
		return false
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			left, _, _, _ := a.At(a.Bounds().Min.X+x, a.Bounds().Min.Y+y).RGBA()
			right, _, _, _ := b.At(b.Bounds().Min.X+x, b.Bounds().Min.Y+y).RGBA()
			if left != right {
				return false
			}
		}
	}
	return true
}

// TestFirstLight is one citizen from the card to the paper, in both orientations, with our card and with one that is
// not ours.
func TestFirstLight(t *testing.T) {
	pcsctest.Start(t)
	people := cardsim.Personas()
	t.Run("landscape, our card", func(t *testing.T) {
		r := newRig(t, 1920, 1080, "pcsc")
		filed := r.file(r.citizen(walk.Demonstration(), ourCard(t, people[0]), people[0].QR()))
		r.checkFiling(filed, people[0], walk.Demonstration())
		r.checkSlip(filed, 1)
	})
	t.Run("portrait, another card", func(t *testing.T) {
		r := newRig(t, 1080, 1920, "pcsc")
		filed := r.file(r.citizen(atOfficersKeyboard(), otherCard(t, 2), people[1].QR()))
		r.checkFiling(filed, people[1], atOfficersKeyboard())
		r.checkSlip(filed, 1)
	})
}

// checkFiling compares what is in the store with the person and with what was answered.
func (r *rig) checkFiling(f filing.Filing, p cardsim.Persona, c walk.Citizen) {
	r.t.Helper()
	if string(f.Applicant.Number) != p.Number || f.Applicant.Name != p.Name || f.Applicant.Mother != p.Mother {
		r.t.Errorf("the applicant is %v", f.Applicant)
	}
	if f.Evidence.Source != identity.FromChip || f.Evidence.Access != "PACE-CAN" ||
		f.Evidence.Outcome(identity.CheckDataGroups) != identity.Passed {
		r.t.Errorf("evidence is %+v", f.Evidence)
	}
	if f.Photo == nil || len(f.Photo.Data) == 0 {
		r.t.Error("the portrait is missing")
	}
	for field, typed := range c.Typed {
		if got := f.Answers[form.FieldID(field)].Value; !strings.EqualFold(got, typed) {
			r.t.Errorf("answer %s is %q, want %q", field, got, typed)
		}
	}
	if f.Service != c.Service || f.Case != c.Choices["case"] || f.Consent == nil || !f.Consent.Given {
		r.t.Errorf("service %s, case %s, consent %v", f.Service, f.Case, f.Consent)
	}
}

package cardsim

import (
	"bytes"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image/jpeg"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"motcua/devices/card/emrtd/ec"
)

// build makes a card with the first persona's photo, because drawing one takes longer than all the rest.
func build(t testing.TB, persona int, o ProfileOptions) *Profile {
	t.Helper()
	first, err := firstProfile()
	if err != nil {
		t.Fatal(err)
	}
	if o.Photo == nil {
		o.Photo = first.Photo
	}
	p, err := Build(Personas()[persona], o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPersonasAreNobody(t *testing.T) {
	of2024 := map[int]bool{7: true, 8: true, 11: true, 12: true, 13: true, 15: true}
	seen := map[string]bool{}
	for i, p := range Personas() {
		t.Run(p.Number, func(t *testing.T) {
			if !strings.HasPrefix(p.Number, "099") || len(p.Number) != 12 {
				t.Error("a number that could be somebody's")
			}
			if seen[p.Number] || seen[p.CAN()] || seen[p.ChipSerial] {
				t.Error("a number or CAN of another")
			}
			seen[p.Number], seen[p.CAN()], seen[p.ChipSerial] = true, true, true
			sex := map[Sex]int{Male: 0, Female: 1}[p.Sex]
			if code := fmt.Sprint((p.Birth.Year()-1900)/100*2+sex) + p.Birth.Format("06"); p.Number[3:6] != code {
				t.Errorf("the number speaks of %s, the person is %s", p.Number[3:6], code)
			}
			for n, line := range p.MRZ() {
				if len(line) != mrzLineLength {
					t.Errorf("MRZ line %d is %q", n+1, line)
				}
			}
			if want := map[bool]int{true: 2024, false: 2021}[of2024[i]]; p.Generation() != want {
				t.Errorf("generation %d, want %d", p.Generation(), want)
			}
			if fields := strings.Count(p.QR(), "|") + 1; fields != map[int]int{2021: 7, 2024: 11}[p.Generation()] {
				t.Errorf("%d fields in %q", fields, p.QR())
			}
		})
	}
}

// TestMRZ holds persona 1 against the numbers in the facts about the card, and the hard names against the rules.
func TestMRZ(t *testing.T) {
	people := Personas()
	want := [3]string{"IDVNM0900000177099090000017<<3", "9001011M3001019VNM<<<<<<<<<<<4", "NGUYEN<<VAN<MAU<<<<<<<<<<<<<<<"}
	if got := people[0].MRZ(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := people[0].MRZInformation(); got != "090000017790010113001019" {
		t.Errorf("MRZ information %q", got)
	}
	names := map[int]string{
		3: "HNUON<<KBUOR<<<<<<<<<<<<<<<<<<", 5: "NGUYEN<<TON<NU<HUYEN<THUY<NGUY", 7: "DANG<<PHUC<AN<<<<<<<<<<<<<<<<<",
		8: "RO<<CHAM<HLUT<<<<<<<<<<<<<<<<<", 10: "VANG<<A<PAO<<<<<<<<<<<<<<<<<<<", 14: "HOANG<<THI<BICH<PHUONG<THUYE<A",
	}
	for i, want := range names {
		if got := people[i].MRZ()[2]; got != want {
			t.Errorf("%s: got %q, want %q", people[i].Name, got, want)
		}
	}
	if got := mrzName("Abcdefghij Klmnopqrstuvwxyzabc De"); got != "ABCDEFGHIJ<<KLMNOPQRSTUVWXYZ"+"AB" {
		t.Errorf("long name %q", got)
	}
	if got := mrzName("Abcdefghij Klmnopqrstuvwxyza De"); got != "ABCDEFGHIJ<<KLMNOPQRSTUVWXYZ"+"<D" {
		t.Errorf("name whose 30th place is a filler %q", got)
	}
	if got := people[4].MRZInformation()[17:]; got != "9912315" {
		t.Errorf("no expiry in the MRZ is %q", got)
	}
}

// facts are bytes that the facts about Vietnam's card state.
func TestBytesOfFacts(t *testing.T) {
	p := build(t, 0, ProfileOptions{})
	facts := map[FileID]string{
		EFCOM:        "60185f0104303130375f36063034303030305c066175636d6f6e",
		EFCardAccess: "3134300d060804007f0007020202020101300f060a04007f00070202030202020101" + "3012060a04007f0007020204020202010202010d",
	}
	for id, want := range facts {
		if got := hex.EncodeToString(p.Files[id]); got != want {
			t.Errorf("%04X: got %s, want %s", id, got, want)
		}
	}
	const headerOfDG13 = "020101060628d316010008" // version 1, ISO 10646 UTF-8
	if got := hex.EncodeToString(p.Files[DG(13)]); !strings.Contains(got[:40], headerOfDG13) {
		t.Errorf("DG13 begins %s", got[:40])
	}
	if at := bytes.Index(p.Files[DG(2)], []byte{0xFF, 0xD8, 0xFF, 0xE0}); at != 84 {
		t.Errorf("the photo begins at byte %d of DG2, on the cards at 84", at)
	}
}

func TestPortraits(t *testing.T) {
	seen := map[string]string{}
	for _, p := range Personas() {
		photo, err := portrait(p, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(photo) < 12000 || len(photo) > portraitMaxBytes {
			t.Errorf("%s: photo of %d bytes", p.Number, len(photo))
		}
		size, err := jpeg.DecodeConfig(bytes.NewReader(photo))
		if err != nil || size.Width != portraitWidth || size.Height != portraitHeight {
			t.Errorf("%s: %v %v", p.Number, size, err)
		}
		if other, twice := seen[string(photo)]; twice {
			t.Errorf("%s has the photo of %s", p.Number, other)
		}
		seen[string(photo)] = p.Number
	}
}

func TestBuildIsRepeatable(t *testing.T) {
	first, err := firstProfile()
	if err != nil {
		t.Fatal(err)
	}
	second, err := Build(Personas()[0], ProfileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for id, content := range first.Files {
		if !bytes.Equal(content, second.Files[id]) {
			t.Errorf("%04X differs", id)
		}
	}
}

func TestProfileOptions(t *testing.T) {
	contains := func(p *Profile, text string) bool { return bytes.Contains(p.Files[DG(13)], []byte(text)) }
	if p := build(t, 1, ProfileOptions{NoExpiry: true}); !contains(p, noExpiryText) || !strings.HasSuffix(p.MRZInformation, "9912315") {
		t.Error("NoExpiry")
	}
	if p := build(t, 1, ProfileOptions{Single: true}); contains(p, p.Persona.Father) != true || contains(p, Personas()[1].Spouse) {
		t.Error("Single")
	}
	if p := build(t, 1, ProfileOptions{NoCMND: true}); contains(p, Personas()[1].CMND) {
		t.Error("NoCMND")
	}
	if p := build(t, 1, ProfileOptions{OpaqueDG13: true}); contains(p, p.Persona.Number) || p.Files[DG(13)][0] != 0x6D {
		t.Error("OpaqueDG13")
	}
	other := build(t, 2, ProfileOptions{})
	if p := build(t, 1, ProfileOptions{DG13: other.Files[DG(13)]}); !contains(p, Personas()[2].Number) || contains(p, p.Persona.Number) {
		t.Error("DG13")
	}
	if p := build(t, 11, ProfileOptions{}); !p.Persona.Sealed || contains(p, p.Persona.Number) || contains(p, p.Persona.Name) {
		t.Error("Sealed")
	}
	if _, found := build(t, 1, ProfileOptions{BACOnly: true}).Files[EFCardAccess]; found {
		t.Error("BACOnly")
	}
	if p := build(t, 1, ProfileOptions{NoActive: true}); p.ActiveKey != nil || p.Files[DG(15)] != nil {
		t.Error("NoActive")
	}
	if p := build(t, 1, ProfileOptions{Generation: 2024}); p.Persona.Generation() != 2024 || !strings.HasSuffix(p.Persona.QR(), "||||") {
		t.Error("Generation")
	}
	for name, o := range map[string]ProfileOptions{"generation": {Generation: 1999}, "photo": {Photo: []byte("GIF89a")}} {
		if _, err := Build(Personas()[0], o); err == nil {
			t.Errorf("impossible %s is built", name)
		}
	}
	if _, err := Build(Persona{}, ProfileOptions{}); err == nil {
		t.Error("nobody's card is built")
	}
}

// TestSignECDSA holds sign against RFC 6979 appendix A.2.5 (P-256, SHA-256, "sample").
func TestSignECDSA(t *testing.T) {
	private, _ := new(big.Int).SetString("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", 16)
	r, s := sign(ec.P256(), private, sha256Digest([]byte("sample")))
	const wantR, wantS = "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
		"F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"
	if fmt.Sprintf("%X", r) != wantR || fmt.Sprintf("%X", s) != wantS {
		t.Errorf("got %X, %X", r, s)
	}
}

// TestCurvesAreNamedRight guards the table of names against the standard library where it has the curve.
func TestCurvesAreNamedRight(t *testing.T) {
	if p := elliptic.P256().Params(); p.N.Cmp(ec.P256().N) != 0 {
		t.Error("P-256 is another curve")
	}
	for _, id := range []int{idP256, idBrainpoolP256r1, idBrainpoolP384r1} {
		if _, found := ec.ByID(id); !found {
			t.Errorf("no curve %d", id)
		}
	}
}

// TestOpenSSLVerifies lets an outside judge check EF.SOD: with the chain where it can (it refuses explicit curve
// parameters there), and the signature alone where it cannot.
func TestOpenSSLVerifies(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	cases := []struct {
		name    string
		options ProfileOptions
		chain   bool
		good    bool
	}{
		{"named curves, whole chain", ProfileOptions{NamedCurves: true}, true, true},
		{"explicit curves, signature", ProfileOptions{}, false, true},
		{"forged signer, signature", ProfileOptions{NamedCurves: true, ForgedSigner: true}, false, true},
		{"forged signer, whole chain", ProfileOptions{NamedCurves: true, ForgedSigner: true}, true, false},
		{"expired signer, whole chain", ProfileOptions{NamedCurves: true, ExpiredSigner: true}, true, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, dir := build(t, 0, c.options), t.TempDir()
			object := writeSOD(t, p, dir)
			arguments := []string{"cms", "-verify", "-binary", "-inform", "DER", "-in", filepath.Join(dir, "sod.cms")}
			if c.chain {
				arguments = append(arguments, "-CAfile", filepath.Join(dir, "csca.pem"), "-purpose", "any")
			} else {
				arguments = append(arguments, "-noverify")
			}
			out, err := exec.Command(openssl, arguments...).Output()
			if (err == nil) != c.good {
				t.Fatalf("openssl says %v: %s", err, stderrOf(err))
			}
			if c.good && !bytes.Equal(out, object) {
				t.Errorf("the signed content is not the security object")
			}
		})
	}
}

func stderrOf(err error) []byte {
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.Stderr
	}
	return nil
}

// writeSOD puts what openssl wants into dir and returns the security object that ought to be inside.
func writeSOD(t *testing.T, p *Profile, dir string) []byte {
	t.Helper()
	_, header, _, err := readHeader(p.Files[EFSOD])
	if err != nil {
		t.Fatal(err)
	}
	pem := "-----BEGIN CERTIFICATE-----\n" + base64Lines(p.Root) + "-----END CERTIFICATE-----\n"
	for name, content := range map[string][]byte{"sod.cms": p.Files[EFSOD][header:], "csca.pem": []byte(pem)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	groups := map[int][]byte{}
	for n := 1; n <= 16; n++ {
		if content, found := p.Files[DG(n)]; found {
			groups[n] = content
		}
	}
	return securityObject(groups, 0, 0)
}

func TestHashesInSOD(t *testing.T) {
	p := build(t, 2, ProfileOptions{})
	for n := 1; n <= 16; n++ {
		content, found := p.Files[DG(n)]
		digest := sha256.Sum256(content)
		if found && !bytes.Contains(p.Files[EFSOD], digest[:]) {
			t.Errorf("no hash of DG%d", n)
		}
	}
	digest := sha256.Sum256(p.Files[DG(2)])
	if bad := build(t, 2, ProfileOptions{BadHash: 2}); bytes.Contains(bad.Files[EFSOD], digest[:]) {
		t.Error("BadHash: the hash is right")
	}
}

// A portrait of a given size is a whole JPEG of that many bytes.
func TestPortraitOfASize(t *testing.T) {
	for _, size := range []int{14_999, 15_000, 25_000} {
		photo, err := portrait(Personas()[0], size)
		if err != nil || len(photo) != size {
			t.Errorf("%d bytes wanted: %d, %v", size, len(photo), err)
		}
		if _, err := jpeg.Decode(bytes.NewReader(photo)); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	if _, err := portrait(Personas()[0], 1_000_000); err == nil {
		t.Error("a drawing filled a megabyte")
	}
}

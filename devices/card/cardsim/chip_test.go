package cardsim

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"sync"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

// seeded is a repeatable source of random numbers.
func seeded() *rand.ChaCha8 { return rand.NewChaCha8([32]byte{1}) }

// firstProfile is built once: making it takes longer than most tests. Nobody changes it.
var firstProfile = sync.OnceValues(func() (*Profile, error) { return Build(Personas()[0], ProfileOptions{}) })

func newCard(t testing.TB, o Options) *Card {
	t.Helper()
	p, err := firstProfile()
	if err != nil {
		t.Fatal(err)
	}
	return New(p, o)
}

func TestPlainCommands(t *testing.T) {
	steps := []struct{ name, command, want string }{
		{"too short", "00A404", "6700"},
		{"Lc too large", "00A4040C05A000", "6700"},
		{"bytes after Le", "00B0000000FF", "6700"},
		{"extended length on a short card", "00B09C00000000", "6700"},
		{"class", "80B0000000", "6E00"},
		{"secure messaging of the wrong kind", "04B0000000", "6882"},
		{"secure messaging without session", "0CB000000D9701048E08ED6705417E96BA5500", "6988"},
		{"instruction", "00D6000000", "6D00"},
		{"chaining where there is none", "10A4040C07A0000002471001", "6884"},
		{"master file", "00A4000C023F00", "6D00"},
		{"master file, no data", "00A4000C", "6D00"},
		{"another application", "00A4040C07A0000002471002", "6A82"},
		{"no current file", "00B0000000", "6986"},
		{"data group from the master file", "00A4020C020101", "6A82"},
		{"EF.CardAccess with data", "00B09C000101", "6700"},
		{"EF.CardAccess without Le", "00B09C00", "6700"},
		{"reserved short identifier", "00B0FC0000", "6A86"},
		{"EF.CardAccess, two bytes", "00B09C0002", "31349000"},
		{"its last byte, and more", "00B0003510", "0D9000"},
		{"behind it", "00B0003610", "6B00"},
		{"odd, from byte 52", "00B1011C0354013400", "5302010D9000"},
		{"odd, no offset", "00B1011C0353013400", "6A80"},
		{"odd, no object", "00B1011C00", "6A80"},
		{"challenge outside the application", "0084000008", "6985"},
		{"select with odd P2", "00A4040307A0000002471001", "6A86"},
		{"select with odd P1", "00A4080C020101", "6A86"},
		{"select of half an identifier", "00A4020C0101", "6700"},
		{"the application", selectApplication, "9000"},
		{"EF.CardAccess in it", "00B09C0002", "6982"},
		{"data group without access", "00A4020C020101", "6982"},
		{"by short identifier", "00B0810000", "6982"},
		{"odd", "00B101010354010000", "6982"},
		{"one that is not there, without access", "00A4020C02010B", "6982"},
		{"no session keys from nowhere", "0082000028" + hex40() + "28", "6985"},
		{"challenge too short", "0084000004", "6700"},
		{"chip authentication without access", "002241A40C800A04007F00070202030202", "6982"},
		{"active authentication without access", "0088000008010203040506070800", "6982"},
		{"GENERAL AUTHENTICATE out of the blue", "10860000027C0000", "6985"},
	}
	c := newCard(t, Options{Random: seeded()})
	x := &terminal{t: t, card: c}
	for _, s := range steps {
		r := x.plain(s.command)
		if got := fmt.Sprintf("%X", r.Encode()); got != s.want {
			t.Errorf("%s (%s): got %s, want %s", s.name, s.command, got, s.want)
		}
	}
	if c.Index() != len(steps) {
		t.Errorf("index %d after %d commands", c.Index(), len(steps))
	}
}

func hex40() string { return fmt.Sprintf("%080d", 0) }

// TestPACEIsStrict: each conversation ends in a refusal, and then the next step is refused too.
func TestPACEIsStrict(t *testing.T) {
	const (
		setCAN  = "0022C1A40F800A04007F00070202040202830102"
		nonce   = "10860000027C0000"
		mapping = "10860000457C438141" // and a point
	)
	point := fmt.Sprintf("%X", ec.BrainpoolP256r1().Encode(ec.BrainpoolP256r1().Generator()))
	offCurve := point[:len(point)-2] + "00"
	cases := []struct {
		name     string
		commands []string
		want     string
	}{
		{"password unknown", []string{"0022C1A40F800A04007F00070202040202830103"}, "6A88"},
		{"protocol unknown", []string{"0022C1A40F800A04007F00070202040204830102"}, "6A80"},
		{"other curve", []string{"0022C1A412800A04007F0007020204020283010284010C"}, "6A80"},
		{"objects out of order", []string{"0022C1A40F830102800A04007F00070202040202"}, "6A80"},
		{"object too many", []string{"0022C1A412800A04007F00070202040202830102830102"}, "6A80"},
		{"other P1-P2", []string{"0022C1B60F800A04007F00070202040202830102"}, "6A86"},
		{"first step not chained", []string{setCAN, "00860000027C0000"}, "6985"},
		{"first step without Le", []string{setCAN, "10860000027C00"}, "6700"},
		{"first step with an object", []string{setCAN, "10860000047C02800000"}, "6A80"},
		{"not in 7C", []string{setCAN, "108600000280000000"}, "6700"},
		{"not in 7C, right length", []string{setCAN, "1086000002800000"}, "6A80"},
		{"steps left out", []string{setCAN, nonce, "10860000457C438341" + point + "00"}, "6A80"},
		{"off the curve", []string{setCAN, nonce, mapping + offCurve + "00"}, "6A80"},
		{"compressed", []string{setCAN, nonce, "10860000257C238121" + "02" + point[2:66] + "00"}, "6A80"},
		{"last step chained", []string{setCAN, nonce, mapping + point + "00", "10860000457C438341" + point + "00", "108600000C7C0A8508000000000000000000"}, "6883"},
		{"wrong token", []string{setCAN, nonce, mapping + point + "00", "10860000457C438341" + point + "00", "008600000C7C0A8508000000000000000000"}, "6300"},
		{"another command between", []string{setCAN, nonce, "00A4000C023F00"}, "6D00"},
	}
	c := newCard(t, Options{Random: seeded()})
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			c.Reset()
			x := &terminal{t: t, card: c}
			for i, command := range k.commands {
				r := x.plain(command)
				if last := i == len(k.commands)-1; last && r.SW.String() != k.want || !last && r.SW != apdu.OK {
					t.Fatalf("command %d: %s, want %s at the end", i, r.SW, k.want)
				}
			}
			if r := x.plain(nonce); r.SW != apdu.ConditionsOfUse {
				t.Errorf("PACE goes on: %s", r.SW)
			}
		})
	}
}

func TestAccessOptions(t *testing.T) {
	const setCAN, setMRZ = "0022C1A40F800A04007F00070202040202830102", "0022C1A40F800A04007F00070202040202830101"
	cases := []struct {
		name    string
		options Options
		before  string
		command string
		want    apdu.StatusWord
	}{
		{"no PACE", Options{NoPACE: true}, "", setCAN, apdu.WrongP1P2},
		{"no PACE, no file", Options{NoPACE: true}, "", "00B09C0000", apdu.FileNotFound},
		{"CAN only", Options{CANOnly: true}, "", setMRZ, apdu.ReferenceNotFound},
		{"CAN", Options{CANOnly: true}, "", setCAN, apdu.OK},
		{"MRZ", Options{}, "", setMRZ, apdu.OK},
		{"no BAC", Options{NoBAC: true}, selectApplication, "0084000008", apdu.WrongINS},
		{"MF 9000", Options{MF: apdu.OK}, selectApplication, "00A4000C023F00", apdu.OK},
		{"MF 6982", Options{MF: apdu.SecurityStatus}, "", "00A4000C023F00", apdu.SecurityStatus},
		{"EF.CardAccess in the application", Options{AccessInApplet: apdu.OK}, selectApplication, "00B09C0000", apdu.OK},
		{"largest Ne", Options{MaxNe: 16}, "", "00B09C0010", apdu.OK},
		{"over it", Options{MaxNe: 16}, "", "00B09C0011", apdu.WrongLength},
		{"end of file", Options{EndOfFileWarning: true}, "", "00B09C0040", apdu.EndOfFile},
		{"all there is", Options{EndOfFileWarning: true}, "", "00B09C0000", apdu.OK},
		{"extended", Options{Extended: true}, "", "00B09C00000000", apdu.OK},
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			x := &terminal{t: t, card: newCard(t, k.options)}
			if k.before != "" {
				x.plain(k.before)
			}
			if r := x.plain(k.command); r.SW != k.want {
				t.Errorf("got %s, want %s", r.SW, k.want)
			}
		})
	}
}

func TestWrongMRZ(t *testing.T) {
	c := newCard(t, Options{})
	x := &terminal{t: t, card: c}
	x.plain(selectApplication)
	challenge := x.plain("0084000008").Data
	raw, err := apdu.Command{
		INS: apdu.InsExternalAuthenticate, Ne: 40,
		Data: newDocumentKeys("090000018890010113001019").seal([]byte("terminal"), challenge, make([]byte, 16)),
	}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if r := x.send(raw); r.SW != apdu.AuthenticationFailed {
		t.Errorf("wrong MRZ: %s", r.SW)
	}
	if r := x.send(raw); r.SW != apdu.ConditionsOfUse {
		t.Errorf("the challenge serves twice: %s", r.SW)
	}
}

func TestActiveAuthentication(t *testing.T) {
	c := newCard(t, Options{})
	x := login(t, c)
	challenge := []byte("eight by")
	r := x.protected(apdu.Command{INS: apdu.InsInternalAuthenticate, Data: challenge, Ne: 256})
	if r.SW != apdu.OK || len(r.Data) != 64 {
		t.Fatalf("%s, %d bytes", r.SW, len(r.Data))
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), publicPoint(ec.P256(), c.profile.ActiveKey.private))
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(challenge)
	if !ecdsa.Verify(key, digest[:], new(big.Int).SetBytes(r.Data[:32]), new(big.Int).SetBytes(r.Data[32:])) {
		t.Error("the signature does not verify")
	}
	if r := x.protected(apdu.Command{INS: apdu.InsInternalAuthenticate, Data: challenge[:4], Ne: 256}); r.SW != apdu.WrongLength {
		t.Errorf("half a challenge: %s", r.SW)
	}
}

// TestChipAuthentication agrees on new keys, which serve from the next command on.
func TestChipAuthentication(t *testing.T) {
	c := newCard(t, Options{Random: seeded()})
	x := login(t, c)
	set := apdu.Command{INS: apdu.InsManageSecurityEnvironment, P1: 0x41, P2: 0xA4, Data: tlv.New(tagProtocol, bareID(c.profile.ChipKeys[0].objectID()))}
	if r := x.protected(set); r.SW != apdu.OK {
		t.Fatalf("MSE: %s", r.SW)
	}
	curve := ec.BrainpoolP256r1()
	private, public, err := curve.GenerateKey(seeded(), curve.Generator())
	if err != nil {
		t.Fatal(err)
	}
	data := tlv.New(tagDynamicData, tlv.New(tagChipPoint, curve.Encode(public)))
	r := x.protected(apdu.Command{INS: apdu.InsGeneralAuthenticate, Data: data, Ne: 256})
	if r.SW != apdu.OK || !bytes.Equal(r.Data, []byte{0x7C, 0}) {
		t.Fatalf("GENERAL AUTHENTICATE: %s %X", r.SW, r.Data)
	}
	chip := curve.Multiply(c.profile.ChipKeys[0].private, curve.Generator())
	if !bytes.Contains(c.profile.Files[DG(14)], curve.Encode(chip)) {
		t.Error("DG14 has another key")
	}
	x.session, err = secmsg.Derive(secmsg.AES128, curve.EncodeX(curve.Multiply(private, chip)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := x.read(DG(13), 223); !bytes.Equal(got, c.profile.Files[DG(13)]) {
		t.Error("DG13 under the new keys is not DG13")
	}
}

// TestFaults holds each kind of fault against secmsg.Session, which must notice all that is not a lie of the card.
func TestFaults(t *testing.T) {
	const struck = 5 // after select, challenge, authenticate and select comes the read
	want := map[Fault]error{
		FlipMAC: secmsg.ErrMAC, FlipCryptogram: secmsg.ErrMAC, DropMAC: secmsg.ErrUnprotected,
		DropStatus: secmsg.ErrUnprotected, LieInside: secmsg.ErrStatus, LieOutside: secmsg.ErrStatus,
		Replay: secmsg.ErrMAC, PlainData: nil, PlainOK: secmsg.ErrUnprotected, PlainUnknown: secmsg.ErrPlainStatus,
		PlainWrongLength: secmsg.ErrPlainStatus, Truncate: nil, HugeObject: secmsg.ErrFormat,
		SwapObjects: secmsg.ErrFormat, ExtraObject: secmsg.ErrUnprotected, WrongIndicator: secmsg.ErrFormat,
		NoIndicator: secmsg.ErrFormat, NoPadding: secmsg.ErrMAC, LongForm: secmsg.ErrFormat,
		IndefiniteLength: secmsg.ErrFormat, ShortMAC: secmsg.ErrFormat, LongMAC: secmsg.ErrFormat,
	}
	for _, fault := range Faults() {
		t.Run(fault.String(), func(t *testing.T) {
			x := login(t, newCard(t, Options{Fault: fault.At(struck)}))
			x.protected(selectEF(DG(1)))
			wrapped, err := x.session.Protect(readAt(0, 95))
			if err != nil {
				t.Fatal(err)
			}
			raw, err := wrapped.Encode()
			if err != nil {
				t.Fatal(err)
			}
			answer := x.card.Transmit(raw)
			if fault == Tear {
				if !answer.Leaves || len(answer.Response) > 0 {
					t.Errorf("%+v", answer)
				}
				return
			}
			r, err := apdu.ParseResponse(answer.Response)
			if err != nil {
				t.Fatal(err)
			}
			opened, err := x.session.Unprotect(r)
			if fault == HugeFile {
				if err != nil || !bytes.HasPrefix(opened.Data, append([]byte{0x61}, hugeLength()...)) {
					t.Errorf("%v %X", err, opened.Data)
				}
				return
			}
			if fault == DropCryptogram { // genuine, and says nothing: who reads has to notice
				if err != nil || len(opened.Data) > 0 || opened.SW != apdu.OK {
					t.Errorf("%v %X", err, opened.Data)
				}
				return
			}
			if err == nil || want[fault] != nil && !errors.Is(err, want[fault]) {
				t.Errorf("the terminal says %v, want %v", err, want[fault])
			}
		})
	}
}

func TestTearAfter(t *testing.T) {
	c := newCard(t, Options{TearAfter: 2})
	for i := 1; i <= 3; i++ {
		if a := c.Transmit(unhex(t, "00B09C0000")); a.Leaves != (i == 2) || len(a.Response) == 0 {
			t.Errorf("command %d: %+v", i, a)
		}
	}
}

func TestIdentifierIsTheReadersAnswer(t *testing.T) {
	c := newCard(t, Options{})
	first, second := c.Transmit(unhex(t, "FFCA000000")).Response, c.Transmit(unhex(t, "FFCA000000")).Response
	if len(first) != 6 || first[0] != 0x08 || bytes.Equal(first, second) || c.Index() != 0 {
		t.Errorf("%X, %X, index %d", first, second, c.Index())
	}
}

func TestATR(t *testing.T) {
	for extended, capability := range map[bool]byte{false: 0x80, true: 0xC0} {
		atr := newCard(t, Options{Extended: extended}).ATR()
		check := byte(0)
		for _, b := range atr[1:] {
			check ^= b
		}
		if check != 0 || atr[len(atr)-2] != capability {
			t.Errorf("%X", atr)
		}
	}
}

// FuzzCommands sends whatever comes to mind, several commands in one session without keys. The card must not panic,
// must always answer, and must give out nothing of the files behind access control.
func FuzzCommands(f *testing.F) {
	for _, seed := range []string{
		"05" + "00B09C0000", "0C" + selectApplication + "05" + "0084000008",
		"140022C1A40F800A04007F00070202040202830102" + "08" + "10860000027C0000", "0C" + selectApplication + "0500B0810000",
		"130CB000000D9701048E08ED6705417E96BA5500", "0900B1010103540100",
		"0C" + selectApplication + "0800B1011E03540100" + "070022000000", "0700A4000C023F00",
	} {
		f.Add(unhex(f, seed))
	}
	profile := build(f, 0, ProfileOptions{})
	options := Options{Random: seeded(), Extended: true, MF: apdu.OK, AccessInApplet: apdu.OK}
	f.Fuzz(func(t *testing.T, stream []byte) {
		c := New(profile, options)
		for len(stream) > 0 {
			n := min(int(stream[0]), len(stream)-1)
			command := stream[1 : 1+n]
			stream = stream[1+n:]
			answer := c.Transmit(command).Response
			if len(answer) < 2 {
				t.Fatalf("%X: answered %X", command, answer)
			}
			checkSecrets(t, profile, command, answer[:len(answer)-2])
		}
	})
}

// checkSecrets: eight bytes in a row of a protected file are no accident.
func checkSecrets(t *testing.T, profile *Profile, command, answer []byte) {
	const telling = 8
	for i := 0; i+telling <= len(answer); i++ {
		piece := answer[i : i+telling]
		if bytes.Contains(profile.Files[EFCardAccess], piece) {
			continue
		}
		for id, content := range profile.Files {
			if id != EFCardAccess && bytes.Contains(content, piece) {
				t.Fatalf("%X: gives out %X of %04X", command, piece, id)
			}
		}
	}
}

package cardsim

import (
	"bytes"
	"fmt"
	"math/big"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

// paceLogin is the terminal's part of PACE, for tests only. It returns the status word of the last step and, with
// 9000, leaves x under secure messaging.
func (x *terminal) paceLogin(reference byte, password []byte) apdu.StatusWord {
	x.t.Helper()
	curve, random := ec.BrainpoolP256r1(), seeded()
	set := tlv.New(tagProtocol, seenPACE()[0].protocol())
	set = append(set, tlv.New(tagReference, []byte{reference})...)
	if r := x.plain(fmt.Sprintf("0022C1A4%02X%X", len(set), set)); r.SW != apdu.OK {
		return r.SW
	}
	key := secmsg.KDF(password, secmsg.CounterPassword, secmsg.AES128)
	nonce, err := secmsg.AES128.Decrypt(key, nil, x.step(0x10, nil, tagNonce))
	if err != nil {
		x.t.Fatal(err)
	}
	private, public, err := curve.GenerateKey(random, curve.Generator())
	if err != nil {
		x.t.Fatal(err)
	}
	shared := curve.Multiply(private, x.point(curve, tagMapTerminal, public, tagMapChip))
	base := curve.Add(curve.Multiply(new(big.Int).SetBytes(nonce), curve.Generator()), shared)
	private, public, err = curve.GenerateKey(random, base)
	if err != nil {
		x.t.Fatal(err)
	}
	chip := x.point(curve, tagKeyTerminal, public, tagKeyChip)
	secret := curve.EncodeX(curve.Multiply(private, chip))
	object := tlv.New(tagPublicKey, tlv.New(tagOID, seenPACE()[0].protocol()), tlv.New(0x86, curve.Encode(chip)))
	token, err := secmsg.AES128.MAC(secmsg.KDF(secret, secmsg.CounterMAC, secmsg.AES128), object)
	if err != nil {
		x.t.Fatal(err)
	}
	r := x.generalAuthenticate(0x00, tlv.New(tagTokenTerminal, token))
	if r.SW == apdu.OK {
		if x.session, err = secmsg.Derive(secmsg.AES128, secret, nil); err != nil {
			x.t.Fatal(err)
		}
	}
	return r.SW
}

func (x *terminal) generalAuthenticate(class byte, object []byte) apdu.Response {
	x.t.Helper()
	raw, err := apdu.Command{CLA: class, INS: apdu.InsGeneralAuthenticate, Data: tlv.New(tagDynamicData, object), Ne: 256}.Encode()
	if err != nil {
		x.t.Fatal(err)
	}
	return x.send(raw)
}

// step does one chained step and gives the value of the object that has to come.
func (x *terminal) step(class byte, object []byte, want tlv.Tag) []byte {
	x.t.Helper()
	r := x.generalAuthenticate(class, object)
	outer, err := tlv.One(r.Data)
	if err != nil {
		x.t.Fatalf("%s: %v", r.SW, err)
	}
	inner, err := tlv.One(outer.Value)
	if err != nil || inner.Tag != want {
		x.t.Fatalf("%v: object %s, want %s", err, inner.Tag, want)
	}
	return inner.Value
}

func (x *terminal) point(curve *ec.Curve, tag tlv.Tag, public ec.Point, want tlv.Tag) ec.Point {
	x.t.Helper()
	p, err := curve.Decode(x.step(0x10, tlv.New(tag, curve.Encode(public)), want))
	if err != nil {
		x.t.Fatal(err)
	}
	return p
}

func TestPACEThenRead(t *testing.T) {
	for i := range Personas() {
		profile := build(t, i, ProfileOptions{})
		passwords := map[byte][]byte{passwordCAN: []byte(profile.CAN), passwordMRZ: mrzPassword(profile.MRZInformation)}
		for reference, password := range passwords {
			c := New(profile, Options{Random: seeded()})
			x := &terminal{t: t, card: c}
			if sw := x.paceLogin(reference, password); sw != apdu.OK {
				t.Fatalf("%s, password %d: %s", profile.Persona.Number, reference, sw)
			}
			if r := x.protected(apdu.Command{INS: apdu.InsSelect, P1: 4, P2: 0x0C, Data: applicationID()}); r.SW != apdu.OK {
				t.Fatalf("select under secure messaging: %s", r.SW)
			}
			if got := x.read(DG(13), 223); !bytes.Equal(got, profile.Files[DG(13)]) {
				t.Errorf("%s: DG13 differs", profile.Persona.Number)
			}
		}
	}
}

func TestPACEWithWrongPassword(t *testing.T) {
	c := newCard(t, Options{})
	x := &terminal{t: t, card: c}
	if sw := x.paceLogin(passwordCAN, []byte("000018")); sw != apdu.AuthenticationFailed {
		t.Errorf("wrong CAN: %s", sw)
	}
	if sw := x.paceLogin(passwordCAN, []byte(c.profile.CAN)); sw != apdu.OK {
		t.Errorf("right CAN after a wrong one: %s", sw)
	}
}

// FuzzProtected sends whatever comes to mind under a right MAC. The card must not panic, must answer under secure
// messaging, and must keep the fingerprints to itself even then.
func FuzzProtected(f *testing.F) {
	for _, seed := range []string{
		"00B0810000", "00A4020C020103", "00B0830000", "00B101030354010000", "002241A40C800A04007F00070202030202",
		"00860000047C02800000", "0088000008010203040506070800", "00A4040C07A0000002471001", "0084000008", "00A4000C023F00",
	} {
		f.Add(unhex(f, seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		command, err := apdu.ParseCommand(raw)
		if err != nil || command.CLA != 0 || len(command.Data) > 200 {
			return
		}
		command.Extended, command.Ne = false, min(command.Ne, apdu.MaxShortNe)
		x := login(t, newCard(t, Options{Random: seeded()}))
		prints := x.card.profile.Files[fingerprints]
		for range 2 {
			if r := x.protected(command); len(r.Data) > 8 && bytes.Contains(prints, r.Data) {
				t.Fatalf("fingerprints: %X", r.Data)
			}
			if x.card.session == nil || x.card.session.cipher != secmsg.TripleDES {
				return // chip authentication took over
			}
		}
	})
}

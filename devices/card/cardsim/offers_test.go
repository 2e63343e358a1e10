package cardsim

import (
	"bytes"
	"crypto/sha256"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/agree"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

func TestOffersAreChecked(t *testing.T) {
	for name, o := range map[string]ProfileOptions{
		"PACE, no such parameters": {PACE: []PACEOffer{{Mapping: Generic, Cipher: secmsg.AES128, Parameters: 7}}},
		"PACE, no such cipher":     {PACE: []PACEOffer{{Mapping: Generic, Cipher: 0, Parameters: 13}}},
		"PACE, no such mapping":    {PACE: []PACEOffer{{Mapping: ChipAuthentication + 1, Cipher: secmsg.AES128, Parameters: 13}}},
		"CAM over numbers":         {PACE: []PACEOffer{{Mapping: ChipAuthentication, Cipher: secmsg.AES128, Parameters: 0}}},
		"CAM with 3DES":            {PACE: []PACEOffer{{Mapping: ChipAuthentication, Cipher: secmsg.TripleDES, Parameters: 13}}},
		"IM over secp224r1":        {PACE: []PACEOffer{{Mapping: Integrated, Cipher: secmsg.AES128, Parameters: 10}}},
		"CA, no such parameters":   {Chip: []ChipOffer{{Parameters: 19, Cipher: secmsg.AES128}}},
		"CA, no such cipher":       {Chip: []ChipOffer{{Parameters: 13}}},
		"CA with AES, unsaid":      {Chip: []ChipOffer{{Parameters: 13, Cipher: secmsg.AES128, NoInfo: true}}},
	} {
		if _, err := Build(Personas()[0], o); err == nil {
			t.Errorf("%s is built", name)
		}
	}
}

// TestPseudorandom holds the chip's function against the terminal's, which the worked examples cover for AES-128.
func TestPseudorandom(t *testing.T) {
	source := seeded()
	for _, id := range []int{0, 2, 8, 13, 18} {
		group, _ := agree.ByID(id)
		for c := secmsg.TripleDES; c <= secmsg.AES256; c++ {
			s := make([]byte, (&pace{offer: PACEOffer{Mapping: Integrated, Cipher: c}}).nonceSize())
			nonce := make([]byte, c.KeySize())
			_, _ = source.Read(s) // never fails
			_, _ = source.Read(nonce)
			want, err := agree.Pseudorandom(c, group.Prime(), s, nonce)
			if err != nil {
				t.Fatal(err)
			}
			if got := pseudorandom(c, s, nonce, group.Prime()); got.Cmp(want) != 0 || len(s) != agree.NonceSize(c) {
				t.Errorf("%s over %s: another number", c, group.Name())
			}
		}
	}
}

func mapped(t *testing.T) *Profile {
	t.Helper()
	return build(t, 0, ProfileOptions{PACE: []PACEOffer{seenPACE()[0], {Mapping: ChipAuthentication, Cipher: secmsg.AES128, Parameters: 13}}})
}

// TestCardSecurity: the file is in the master file, behind PACE, under the identifier that EF.SOD has in the application.
func TestCardSecurity(t *testing.T) {
	p := mapped(t)
	x := &terminal{t: t, card: New(p, Options{Random: seeded()})}
	if r := x.plain("00B09D0004"); r.SW != apdu.SecurityStatus {
		t.Errorf("before PACE: %s", r.SW)
	}
	if sw := x.paceLogin(passwordCAN, []byte(p.CAN)); sw != apdu.OK {
		t.Fatal(sw)
	}
	if got := x.read(EFSOD, 223); !bytes.Equal(got, p.CardSecurity) {
		t.Errorf("in the master file: %d bytes", len(got))
	}
	x.protected(apdu.Command{INS: apdu.InsSelect, P1: selectByName, P2: returnNothing, Data: applicationID()})
	if got := x.read(EFSOD, 223); !bytes.Equal(got, p.Files[EFSOD]) {
		t.Errorf("in the application: %d bytes", len(got))
	}
	without := &terminal{t: t, card: newCard(t, Options{Random: seeded()})}
	if r := without.plain("00B09D0004"); r.SW != apdu.FileNotFound {
		t.Errorf("without the mapping: %s", r.SW)
	}
}

// TestOpenSSLVerifiesCardSecurity lets an outside judge check the signature, and that the content is what was meant.
func TestOpenSSLVerifiesCardSecurity(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	p := mapped(t)
	file := filepath.Join(t.TempDir(), "card.security")
	if err := os.WriteFile(file, p.CardSecurity, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(openssl, "cms", "-verify", "-binary", "-inform", "DER", "-noverify", "-in", file).Output()
	if err != nil || !bytes.Equal(out, p.securityInfos()) {
		t.Errorf("openssl says %v: %s", err, stderrOf(err))
	}
}

// TestChains: inside secure messaging long data come in parts, and whoever mixes parts of different commands gets none of
// them through.
func TestChains(t *testing.T) {
	p := build(t, 0, ProfileOptions{Chip: []ChipOffer{{Parameters: 2, Cipher: secmsg.AES128}}})
	set := apdu.Command{INS: apdu.InsManageSecurityEnvironment, P1: 0x41, P2: 0xA4, Data: tlv.New(tagProtocol, bareID(p.ChipKeys[0].objectID()))}
	group := p.ChipKeys[0].group
	_, public, err := group.Generate(seeded(), group.Generator())
	if err != nil {
		t.Fatal(err)
	}
	data := tlv.New(tagDynamicData, tlv.New(tagChipPoint, group.Encode(public)))
	part := apdu.Command{CLA: apdu.ClassChained, INS: apdu.InsGeneralAuthenticate, Data: data[:200]}
	rest := apdu.Command{INS: apdu.InsGeneralAuthenticate, Data: data[200:], Ne: 256}
	other := rest
	other.P2 = 1
	endless := part
	endless.Data = make([]byte, 200)
	for name, v := range map[string]struct {
		commands []apdu.Command
		want     apdu.StatusWord // of the last
	}{
		"two parts":            {[]apdu.Command{set, part, rest}, apdu.OK},
		"the rest alone":       {[]apdu.Command{set, rest}, apdu.WrongData},
		"the first alone":      {[]apdu.Command{set, part, selectEF(DG(1))}, apdu.LastOfChainExpected},
		"the rest after it":    {[]apdu.Command{set, part, selectEF(DG(1)), rest}, apdu.WrongData},
		"other parameters":     {[]apdu.Command{set, part, other}, apdu.LastOfChainExpected},
		"no end":               {[]apdu.Command{set, endless, endless, endless, endless, endless, endless}, apdu.WrongLength},
		"SELECT":               {[]apdu.Command{{CLA: apdu.ClassChained, INS: apdu.InsSelect, P1: 2, P2: 0x0C, Data: []byte{1, 1}}}, apdu.ChainingNotSupported},
		"without MSE":          {[]apdu.Command{part, rest}, apdu.ConditionsOfUse},
		"MSE between, in time": {[]apdu.Command{set, set, part, rest}, apdu.OK},
	} {
		x := login(t, New(p, Options{Random: seeded()}))
		var last apdu.StatusWord
		for _, c := range v.commands {
			last = x.protected(c).SW
		}
		if last != v.want {
			t.Errorf("%s: %s, want %s", name, last, v.want)
		}
	}
}

// TestCloneHasOtherKeys: a copy signs and agrees with what is not in its files, and a card that is none has the keys of
// them.
func TestCloneHasOtherKeys(t *testing.T) {
	for _, o := range []ActiveOptions{{}, {RSA: 1024}} {
		k, err := newActiveKey(o, "test")
		if err != nil {
			t.Fatal(err)
		}
		digest := func(key *ActiveKey) [32]byte {
			s, err := key.sign(seeded(), []byte("eight by"), ActiveHonest)
			if err != nil {
				t.Fatal(err)
			}
			return sha256.Sum256(s)
		}
		first, again := digest(k), digest(k)
		if first != again || first == digest(k.other()) {
			t.Errorf("%+v: the copy signs like the card", o)
		}
	}
}

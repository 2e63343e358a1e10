package lds_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
)

// seed adds every file of testdata that begins with the byte.
func seed(f *testing.F, first byte) {
	f.Helper()
	names, err := filepath.Glob("testdata/files/*")
	if err != nil || len(names) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if raw[0] == first {
			f.Add(raw)
		}
	}
}

func FuzzCardAccess(f *testing.F) {
	f.Add(cardtest.Hex(f, vietnameseCardAccess))
	p, err := cardsim.Build(cardsim.Personas()[0], cardsim.ProfileOptions{PACE: []cardsim.PACEOffer{
		{Cipher: secmsg.AES256, Parameters: 8, Own: 32}, {Cipher: secmsg.TripleDES, Parameters: 0, Own: 33}, {Cipher: secmsg.AES128, Parameters: 1},
	}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(p.Files[cardsim.EFCardAccess])
	f.Fuzz(func(t *testing.T, raw []byte) {
		infos, err := lds.ParseCardAccess(raw)
		if err == nil {
			for _, p := range infos.PACE() {
				if _, err := der.EncodeOID(p.OID); err != nil {
					t.Errorf("OID %s: %v", p.OID, err)
				}
			}
		}
	})
}

func FuzzDG14(f *testing.F) {
	seed(f, 0x6E)
	f.Fuzz(func(t *testing.T, raw []byte) {
		infos, err := lds.ParseDG14(raw)
		if err != nil {
			return
		}
		keys, err := infos.ChipKeys()
		if len(keys) > 0 && err != nil {
			t.Errorf("%d keys and %v", len(keys), err)
		}
		for _, k := range keys {
			if (k.Key.EC == nil) == (k.Key.DH == nil) || k.Cipher == 0 || k.Named && k.ID == nil {
				t.Errorf("%+v", k)
			}
		}
		if public, err := infos.PublicKeys(); len(keys) > 0 && (err != nil || len(public) == 0) {
			t.Errorf("%d keys, but %d public ones, %v", len(keys), len(public), err)
		}
		if active, err := infos.ActiveAuthentication(); active != nil && (err != nil || active.Hash == 0) {
			t.Errorf("%+v, %v", active, err)
		}
		for _, p := range infos.PACE() {
			if again, ok := lds.NewPACEInfo(p.OID, p.ParameterID); !ok || again.Cipher != p.Cipher || again.Mapping != p.Mapping {
				t.Errorf("%+v", p)
			}
		}
	})
}

func FuzzDG15(f *testing.F) {
	seed(f, 0x6F)
	f.Fuzz(func(_ *testing.T, raw []byte) { _, _ = lds.ParseDG15(raw) })
}

func FuzzCOM(f *testing.F) {
	seed(f, 0x60)
	f.Fuzz(func(t *testing.T, raw []byte) {
		com, err := lds.ParseCOM(raw)
		if err != nil {
			return
		}
		only, _ := com.Differs(lds.SecurityObject{})
		for _, n := range only {
			if !com.Lists(n) {
				t.Errorf("DG%d is listed and is not", n)
			}
		}
		_ = com.Findings()
	})
}

func FuzzSOD(f *testing.F) {
	seed(f, 0x77)
	f.Fuzz(func(t *testing.T, raw []byte) {
		so, err := lds.ParseSOD(raw)
		if err != nil {
			return
		}
		for n, hash := range so.Hashes {
			if n < 1 || n > 16 || len(hash) != so.Hash.Size() {
				t.Errorf("DG%d: hash of %d bytes", n, len(hash))
			}
		}
	})
}

func FuzzDG1(f *testing.F) {
	seed(f, 0x61)
	f.Fuzz(func(_ *testing.T, raw []byte) { _, _ = lds.ParseDG1(raw) })
}

func FuzzMRZ(f *testing.F) {
	f.Add("IDVNM0900000177099090000017<<39001011M3001019VNM<<<<<<<<<<<4NGUYEN<<VAN<MAU<<<<<<<<<<<<<<<")
	f.Add("P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<C11T002JM4D<<9608122F2310314<<<<<<<<<<<<<<04")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := lds.ParseMRZ(text)
		if err == nil && len(m.Information()) < 24 {
			t.Errorf("information %q", m.Information())
		}
		if err == nil && m.Checks.All() == strings.Contains(fmt.Sprint(m.Findings()), "check digit") {
			t.Errorf("checks %+v, findings %v", m.Checks, m.Findings())
		}
	})
}

func FuzzDG2(f *testing.F) {
	seed(f, 0x75)
	seed(f, 'F') // bare facial records
	f.Add(extensible(picture(240, 320), picture2000(413, 531)))
	f.Add(dg2(template(plain, sc37, type19, fixed(2, []byte("x"), picture2000(413, 531)))))
	f.Add(dg2(template(constructed, sc37, type39, wrapped(extensible(picture(1, 1))))))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_ = lds.PortraitFindings(raw) // must not read beyond the end
		for _, parse := range []func([]byte) (lds.Portrait, error){lds.ParseDG2, lds.ParseFace} {
			p, err := parse(raw)
			if err == nil && (len(p.Data) > len(raw) || p.Width <= 0 || p.Height <= 0 || p.Width > 4096 || p.Height > 4096) {
				t.Errorf("%d bytes, %dx%d", len(p.Data), p.Width, p.Height)
			}
		}
		_ = lds.PortraitFindings(raw)
	})
}

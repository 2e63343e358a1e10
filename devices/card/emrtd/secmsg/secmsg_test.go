package secmsg_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

func cipherNamed(t *testing.T, name string) secmsg.Cipher {
	t.Helper()
	switch name {
	case "3DES", "TDES", "DESede":
		return secmsg.TripleDES
	case "AES", "AES-128", "AES128":
		return secmsg.AES128
	case "AES-192", "AES192":
		return secmsg.AES192
	case "AES-256", "AES256":
		return secmsg.AES256
	}
	t.Fatalf("cipher %q", name)
	return 0
}

func session(t *testing.T, v cardtest.Vector, ssc string) *secmsg.Session {
	t.Helper()
	s, err := secmsg.NewSession(cipherNamed(t, v.In("cipher")), v.InHex(t, "KSenc"), v.InHex(t, "KSmac"), cardtest.Hex(t, ssc))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestKDF(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		c, secret := cipherNamed(t, v.In("cipher")), v.InHex(t, "shared_secret")
		for key, counter := range map[string]uint32{"KSenc": secmsg.CounterEncryption, "KSmac": secmsg.CounterMAC} {
			if v.Out(key) == "" {
				continue
			}
			if got := secmsg.KDF(secret, counter, c); !bytes.Equal(got, v.OutHex(t, key)) {
				t.Errorf("%s: %X, want %s", key, got, v.Out(key))
			}
		}
	}, "kdf")
}

func TestPadding(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		block := int(v.Inputs["block"].(float64))
		padded := secmsg.Pad(v.InHex(t, "data"), block)
		if !bytes.Equal(padded, v.OutHex(t, "padded")) {
			t.Errorf("%X", padded)
		}
		back, err := secmsg.Unpad(padded, block)
		if err != nil || !bytes.Equal(back, v.InHex(t, "data")) {
			t.Errorf("%X, %v", back, err)
		}
	}, "iso9797_pad2")
	for _, s := range []string{"", "0000000000000000", "0102030405060708", "80000000000000000000000000000000", "8001"} {
		if _, err := secmsg.Unpad(cardtest.Hex(t, s), 8); !errors.Is(err, secmsg.ErrPadding) {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func TestRetailMAC(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		mac, err := secmsg.RetailMAC(v.InHex(t, "key"), v.InHex(t, "padded_data"))
		if err != nil || !bytes.Equal(mac, v.OutHex(t, "mac")) {
			t.Errorf("%X, %v", mac, err)
		}
	}, "iso9797_alg3_mac")
}

// RFC 4493 §4 and, for the longer keys, NIST SP 800-38B appendix D.
func TestCMAC(t *testing.T) {
	message := "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
	for _, v := range []struct {
		key  string
		n    int
		want string
	}{
		{"2b7e151628aed2a6abf7158809cf4f3c", 0, "bb1d6929e95937287fa37d129b756746"},
		{"2b7e151628aed2a6abf7158809cf4f3c", 16, "070a16b46b4d4144f79bdd9dd04a287c"},
		{"2b7e151628aed2a6abf7158809cf4f3c", 40, "dfa66747de9ae63030ca32611497c827"},
		{"2b7e151628aed2a6abf7158809cf4f3c", 64, "51f0bebf7e3b9d92fc49741779363cfe"},
		{"8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", 64, "a1d5df0eed790f794d77589659f39a11"},
		{"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", 64, "e1992190549f6ed5696a2c056c315410"},
	} {
		mac, err := secmsg.CMAC(cardtest.Hex(t, v.key), cardtest.Hex(t, message)[:v.n])
		if err != nil || hex.EncodeToString(mac) != v.want {
			t.Errorf("%d bytes: %x, %v", v.n, mac, err)
		}
	}
}

func TestExchange(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		s := session(t, v, v.In("SSC"))
		plain, err := apdu.ParseCommand(v.InHex(t, "plain_capdu"))
		if err != nil {
			t.Fatal(err)
		}
		protected, err := s.Protect(plain)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := protected.Encode()
		if err != nil || !bytes.Equal(raw, v.OutHex(t, "protected_capdu")) {
			t.Fatalf("%X, %v", raw, err)
		}
		response, err := apdu.ParseResponse(v.OutHex(t, "protected_rapdu"))
		if err != nil {
			t.Fatal(err)
		}
		opened, err := s.Unprotect(response)
		if err != nil || !bytes.Equal(opened.Data, v.OutHex(t, "plain_data")) || opened.SW.String() != v.Out("sw") {
			t.Errorf("%X %s, %v", opened.Data, opened.SW, err)
		}
	}, "secure_messaging")
}

func TestExchangeRefused(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		// One command before the response moves the counter on.
		ssc := v.InHex(t, "SSC_before_response")
		ssc[len(ssc)-1]--
		s := session(t, v, hex.EncodeToString(ssc))
		if _, err := s.Protect(apdu.Command{INS: apdu.InsReadBinary, Ne: 4}); err != nil {
			t.Fatal(err)
		}
		response, err := apdu.ParseResponse(v.InHex(t, "protected_rapdu"))
		if err != nil {
			t.Fatal(err)
		}
		if opened, err := s.Unprotect(response); !errors.Is(err, secmsg.ErrMAC) && !errors.Is(err, secmsg.ErrStatus) {
			t.Errorf("%X, %v", opened.Data, err)
		}
		if _, err := s.Protect(apdu.Command{INS: apdu.InsReadBinary, Ne: 4}); !errors.Is(err, secmsg.ErrDead) {
			t.Errorf("the session goes on: %v", err)
		}
	}, "secure_messaging_negative")
}

func TestTranscript(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		s := session(t, v, v.In("SSC"))
		var file []byte
		steps, _ := v.Expected["apdus"].([]any)
		for i, plain := range []apdu.Command{
			{INS: 0xA4, P1: 0x02, P2: 0x0C, Data: []byte{0x01, 0x1E}}, {INS: 0xB0, Ne: 4}, {INS: 0xB0, P2: 4, Ne: 18},
		} {
			step := steps[i].(map[string]any)
			protected, err := s.Protect(plain)
			if err != nil {
				t.Fatal(err)
			}
			if raw, err := protected.Encode(); err != nil || !bytes.Equal(raw, cardtest.Hex(t, step["c"].(string))) {
				t.Fatalf("step %d: %X, %v", i, raw, err)
			}
			response, err := apdu.ParseResponse(cardtest.Hex(t, step["r"].(string)))
			if err != nil {
				t.Fatal(err)
			}
			opened, err := s.Unprotect(response)
			if err != nil {
				t.Fatal(err)
			}
			file = append(file, opened.Data...)
		}
		if !bytes.Equal(file, v.OutHex(t, "plain_file")) {
			t.Errorf("%X", file)
		}
	}, "secure_messaging_transcript")
}

func TestCapacity(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		c, limit := cipherNamed(t, v.In("cipher")), int(v.Inputs["max_response_data"].(float64))
		if n := c.Capacity(limit, false); n != int(v.Expected["max_plain"].(float64)) {
			t.Errorf("%d", n)
		}
	}, "sm_capacity")
}

// answer protects a response as a chip does, with the objects in the caller's hand.
func answer(t testing.TB, c secmsg.Cipher, encryption, mac []byte, counter byte, odd bool, data []byte, sw apdu.StatusWord) apdu.Response {
	t.Helper()
	ssc := make([]byte, c.BlockSize())
	ssc[len(ssc)-1] = counter
	var body []byte
	if len(data) > 0 {
		var iv []byte
		if c != secmsg.TripleDES {
			iv, _ = c.Encrypt(encryption, nil, ssc)
		}
		cryptogram, err := c.Encrypt(encryption, iv, secmsg.Pad(data, c.BlockSize()))
		if err != nil {
			t.Fatal(err)
		}
		if body = tlv.New(0x87, []byte{1}, cryptogram); odd {
			body = tlv.New(0x85, cryptogram)
		}
	}
	body = append(body, tlv.New(0x99, []byte{byte(sw >> 8), byte(sw)})...)
	message := secmsg.Pad(append(ssc, body...), c.BlockSize())
	tag, err := secmsg.RetailMAC(mac, message)
	if c != secmsg.TripleDES {
		tag, err = secmsg.CMAC(mac, message)
	}
	if err != nil {
		t.Fatal(err)
	}
	return apdu.Response{Data: append(body, tlv.New(0x8E, tag[:8])...), SW: sw}
}

func TestAllCiphers(t *testing.T) {
	for _, c := range []secmsg.Cipher{secmsg.TripleDES, secmsg.AES128, secmsg.AES192, secmsg.AES256} {
		for _, odd := range []bool{false, true} {
			encryption, mac := secmsg.KDF([]byte("secret"), 1, c), secmsg.KDF([]byte("secret"), 2, c)
			s, err := secmsg.NewSession(c, encryption, mac, nil)
			if err != nil {
				t.Fatal(err)
			}
			ins := apdu.InsReadBinary
			if odd {
				ins |= 1
			}
			for i, size := range []int{0, 1, 15, 16, 223} {
				if _, err := s.Protect(apdu.Command{INS: ins, Ne: 256}); err != nil {
					t.Fatal(err)
				}
				data := bytes.Repeat([]byte{0xA5}, size)
				r := answer(t, c, encryption, mac, byte(2*i+2), odd, data, apdu.EndOfFile)
				if want := c.ProtectedSize(size, odd); len(r.Data) != want {
					t.Errorf("%s, %d bytes: %d protected, ProtectedSize says %d", c, size, len(r.Data), want)
				}
				opened, err := s.Unprotect(r)
				if err != nil || !bytes.Equal(opened.Data, data) || opened.SW != apdu.EndOfFile {
					t.Fatalf("%s, odd %t, %d bytes: %v", c, odd, size, err)
				}
			}
		}
	}
}

// TestBadResponses: each is an error, and after each the session is dead in both directions.
func TestBadResponses(t *testing.T) {
	c := secmsg.AES128
	encryption, mac := secmsg.KDF([]byte("k"), 1, c), secmsg.KDF([]byte("k"), 2, c)
	good := answer(t, c, encryption, mac, 2, false, []byte("sixteen bytes or more"), apdu.OK)
	change := func(i int) apdu.Response {
		data := bytes.Clone(good.Data)
		data[(i+len(data))%len(data)] ^= 1
		return apdu.Response{Data: data, SW: good.SW}
	}
	objects, err := tlv.Parse(good.Data)
	if err != nil {
		t.Fatal(err)
	}
	do87, do99, do8E := objects[0].Raw, objects[1].Raw, objects[2].Raw
	join := func(parts ...[]byte) apdu.Response { return apdu.Response{Data: bytes.Join(parts, nil), SW: apdu.OK} }
	for name, bad := range map[string]struct {
		response apdu.Response
		want     error
	}{
		"9000 alone":       {apdu.Response{SW: apdu.OK}, secmsg.ErrUnprotected},
		"plain error":      {apdu.Response{SW: apdu.WrongLength}, secmsg.ErrPlainStatus},
		"MAC changed":      {change(-1), secmsg.ErrMAC},
		"data changed":     {change(5), secmsg.ErrMAC},
		"outer status":     {apdu.Response{Data: good.Data, SW: apdu.FileNotFound}, secmsg.ErrStatus},
		"no MAC":           {join(do87, do99), secmsg.ErrUnprotected},
		"no status":        {join(do87, do8E), secmsg.ErrUnprotected},
		"MAC only":         {join(do8E), secmsg.ErrUnprotected},
		"wrong order":      {join(do99, do87, do8E), secmsg.ErrFormat},
		"object too many":  {join(do87, do87, do99, do8E), secmsg.ErrUnprotected},
		"odd data object":  {join(tlv.New(0x85, objects[0].Value[1:]), do99, do8E), secmsg.ErrFormat},
		"plain data":       {join([]byte("plain")), secmsg.ErrFormat},
		"half":             {join(good.Data[:len(good.Data)/2]), secmsg.ErrFormat},
		"2 GiB":            {join([]byte{0x87, 0x84, 0x7F, 0xFF, 0xFF, 0xFF}, good.Data), secmsg.ErrFormat},
		"long MAC":         {join(do87, do99, tlv.New(0x8E, make([]byte, 16))), secmsg.ErrFormat},
		"half block":       {join(tlv.New(0x87, make([]byte, 9)), do99, do8E), secmsg.ErrFormat},
		"trailing garbage": {join(good.Data, []byte{0}), secmsg.ErrFormat},
	} {
		s, err := secmsg.NewSession(c, encryption, mac, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Protect(apdu.Command{INS: apdu.InsReadBinary, Ne: 256}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Unprotect(bad.response); !errors.Is(err, bad.want) {
			t.Errorf("%s: %v, want %v", name, err, bad.want)
		}
		if _, err := s.Unprotect(good); !errors.Is(err, secmsg.ErrDead) {
			t.Errorf("%s: the next response is taken: %v", name, err)
		}
		if _, err := s.Protect(apdu.Command{INS: apdu.InsReadBinary, Ne: 256}); !errors.Is(err, secmsg.ErrDead) {
			t.Errorf("%s: another command goes out: %v", name, err)
		}
	}
}

// A response replayed one exchange later has a wrong MAC, because the counter is in it.
func TestReplay(t *testing.T) {
	c := secmsg.TripleDES
	encryption, mac := secmsg.KDF([]byte("k"), 1, c), secmsg.KDF([]byte("k"), 2, c)
	s, err := secmsg.NewSession(c, encryption, mac, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := answer(t, c, encryption, mac, 2, false, []byte("data"), apdu.OK)
	for i, want := range []error{nil, secmsg.ErrMAC} {
		if _, err := s.Protect(apdu.Command{INS: apdu.InsReadBinary, Ne: 4}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Unprotect(r); !errors.Is(err, want) {
			t.Errorf("time %d: %v", i+1, err)
		}
	}
}

func TestWrongUse(t *testing.T) {
	if _, err := secmsg.NewSession(secmsg.AES256, make([]byte, 16), make([]byte, 16), nil); err == nil {
		t.Error("short keys are taken")
	}
	if _, err := secmsg.NewSession(secmsg.AES128, make([]byte, 16), make([]byte, 16), make([]byte, 8)); err == nil {
		t.Error("a short counter is taken")
	}
	s, err := secmsg.Derive(secmsg.AES128, []byte("k"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Unprotect(apdu.Response{SW: apdu.OK}); err == nil {
		t.Error("a response before a command is taken")
	}
}

// FuzzUnprotect: nothing but the one genuine response is ever taken.
func FuzzUnprotect(f *testing.F) {
	c := secmsg.AES128
	encryption, mac := secmsg.KDF([]byte("k"), 1, c), secmsg.KDF([]byte("k"), 2, c)
	genuine := answer(f, c, encryption, mac, 2, false, []byte("0123456789abcdef"), apdu.OK)
	f.Add(genuine.Data, uint16(genuine.SW))
	f.Add(genuine.Data[:20], uint16(0x9000))
	f.Add([]byte{}, uint16(0x6700))
	f.Fuzz(func(t *testing.T, data []byte, sw uint16) {
		s, err := secmsg.NewSession(c, encryption, mac, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Protect(apdu.Command{INS: apdu.InsReadBinary, Ne: 256}); err != nil {
			t.Fatal(err)
		}
		_, err = s.Unprotect(apdu.Response{Data: data, SW: apdu.StatusWord(sw)})
		if err == nil && (!bytes.Equal(data, genuine.Data) || sw != uint16(genuine.SW)) {
			t.Errorf("%X %04X is taken", data, sw)
		}
	})
}

// FuzzAuthenticated: objects of any kind under a right MAC. What is taken has the one form that there is, and nobody
// falls over the others.
func FuzzAuthenticated(f *testing.F) {
	for _, s := range []string{"99029000", "87090112345678123456789902 9000", "8508123456781234567899029000", "990290009902 9000",
		"8780", "87830000010199029000", "9B010199029000"} {
		raw, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, byte(0), false, uint16(0x9000))
		f.Add(raw, byte(1), true, uint16(0x9000))
	}
	f.Fuzz(func(t *testing.T, objects []byte, cipher byte, odd bool, sw uint16) {
		c := []secmsg.Cipher{secmsg.TripleDES, secmsg.AES128, secmsg.AES192, secmsg.AES256}[cipher%4]
		s, err := secmsg.Derive(c, []byte("k"), nil)
		if err != nil {
			t.Fatal(err)
		}
		ins := apdu.InsReadBinary
		if odd {
			ins |= 1
		}
		if _, err := s.Protect(apdu.Command{INS: ins, Ne: 256}); err != nil {
			t.Fatal(err)
		}
		counter := make([]byte, c.BlockSize())
		counter[len(counter)-1] = 2
		key, message := secmsg.KDF([]byte("k"), secmsg.CounterMAC, c), secmsg.Pad(append(counter, objects...), c.BlockSize())
		authenticate := secmsg.RetailMAC
		if c != secmsg.TripleDES {
			authenticate = secmsg.CMAC
		}
		tag, err := authenticate(key, message)
		if err != nil {
			t.Fatal(err)
		}
		data := append(bytes.Clone(objects), tlv.New(0x8E, tag[:secmsg.MACSize])...)
		opened, err := s.Unprotect(apdu.Response{Data: data, SW: apdu.StatusWord(sw)})
		if err != nil {
			if s.Dead() == nil {
				t.Errorf("%X: the session goes on after %v", objects, err)
			}
			return
		}
		status := tlv.New(0x99, []byte{byte(sw >> 8), byte(sw)})
		if want := c.ProtectedSize(len(opened.Data), odd); want != len(data) || !bytes.HasSuffix(objects, status) {
			t.Errorf("%X %04X is taken as %X", objects, sw, opened.Data)
		}
	})
}

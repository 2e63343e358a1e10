package emrtd

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"math/big"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/aa"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
)

// TestChipAuthenticationTranscripts plays recorded runs with real chips: AES with GENERAL AUTHENTICATE, and 3DES with
// MSE:Set KAT where the chip does not say which protocol it means.
func TestChipAuthenticationTranscripts(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		infos, err := lds.ParseDG14(v.InHex(t, "dg14"))
		if err != nil {
			t.Fatal(err)
		}
		keys, err := infos.ChipKeys()
		if err != nil || len(keys) != 1 {
			t.Fatalf("%d keys, %v", len(keys), err)
		}
		all := steps(v)
		c := New(cardtest.NewPlayback(t, cardtest.Recording{Steps: all.Steps[:len(all.Steps)-1]}))
		c.Random = fixedKeys(v.InHex(t, "terminal_private"))
		c.secure(sessionOf(t, v.Inputs["sm_before"], secmsg.AES128))
		proof, err := c.ChipAuthenticate(t.Context(), keys[0])
		if err != nil {
			t.Fatal(err)
		}
		if want := append(append([]byte{4}, v.InHex(t, "terminal_public_x")...), v.InHex(t, "terminal_public_y")...); !bytes.Equal(proof.Public, want) {
			t.Errorf("public key %X", proof.Public)
		}
		if proof.Proven() {
			t.Error("proven before anything came back")
		}
		after, _ := v.Expected["sm_after"].(map[string]any)
		enc, _ := after["KSenc"].(string)
		mac, _ := after["KSmac"].(string)
		if !sameKeys(t, c.session, cardtest.Hex(t, enc), cardtest.Hex(t, mac)) {
			t.Error("the session has other keys than the recorded one")
		}
		// The recording goes on with the SELECT of a file. How its terminal wrote Le is its own affair, so the exchange
		// is checked as a proof.
		last := all.Steps[len(all.Steps)-1]
		proof.Command, proof.Response = cardtest.Hex(t, last.Command), cardtest.Hex(t, last.Response)
		if v.Name == "ca-transcript-FR" {
			proof.Command = proof.Command[:len(proof.Command)-1]
		}
		if err := VerifyChipProof(proof, keys[0]); err != nil {
			t.Errorf("the proof does not hold: %v", err)
		}
		checkBadProofs(t, *proof, keys[0])
	}, "chip_auth_transcript")
}

// sameKeys says whether a session that has not begun has the keys.
func sameKeys(t *testing.T, s *secmsg.Session, enc, mac []byte) bool {
	t.Helper()
	want, err := secmsg.NewSession(s.Cipher(), enc, mac, nil)
	if err != nil {
		t.Fatal(err)
	}
	command := apdu.Command{INS: apdu.InsReadBinary, P1: 0x81, Ne: 16}
	a, err := want.Protect(command)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Protect(command)
	return err == nil && bytes.Equal(a.Data, b.Data)
}

// checkBadProofs changes each part of a proof.
func checkBadProofs(t *testing.T, good ChipProof, key lds.ChipKey) {
	t.Helper()
	flip := func(b []byte, at int) []byte {
		b = bytes.Clone(b)
		b[at] ^= 1
		return b
	}
	other := key
	other.Protocol += ".1"
	for name, change := range map[string]func(*ChipProof){
		"response":    func(p *ChipProof) { p.Response = flip(p.Response, len(p.Response)-3) },
		"command":     func(p *ChipProof) { p.Command = flip(p.Command, 8) },
		"private key": func(p *ChipProof) { p.Private = flip(p.Private, 3) },
		"public key":  func(p *ChipProof) { p.Public = flip(p.Public, 7) },
		"chip's key":  func(p *ChipProof) { p.Key = flip(p.Key, len(p.Key)-1) },
		"no response": func(p *ChipProof) { p.Response = nil },
		"protocol":    func(p *ChipProof) { p.Protocol += ".2" },
	} {
		bad := good
		change(&bad)
		if err := VerifyChipProof(&bad, key); !errors.Is(err, ErrNotGenuine) && !errors.Is(err, ErrProof) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	if err := VerifyChipProof(nil, key); !errors.Is(err, ErrProof) {
		t.Errorf("no proof: %v", err)
	}
}

func steps(v cardtest.Vector) cardtest.Recording {
	var r cardtest.Recording
	apdus, _ := v.Expected["apdus"].([]any)
	for _, a := range apdus {
		step, _ := a.(map[string]any)
		command, _ := step["c"].(string)
		response, _ := step["r"].(string)
		r.Steps = append(r.Steps, cardtest.Step{Command: command, Response: response})
	}
	return r
}

// sessionOf makes a session with recorded keys and counter.
func sessionOf(t *testing.T, recorded any, aes secmsg.Cipher) *secmsg.Session {
	t.Helper()
	m, _ := recorded.(map[string]any)
	get := func(key string) []byte { s, _ := m[key].(string); return cardtest.Hex(t, s) }
	cipher := aes
	if m["cipher"] != "AES" {
		cipher = secmsg.TripleDES
	} else if len(get("KSenc")) == secmsg.AES256.KeySize() {
		cipher = secmsg.AES256
	}
	s, err := secmsg.NewSession(cipher, get("KSenc"), get("KSmac"), get("SSC"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestActiveAuthenticationTranscript plays a recorded run with an RSA key.
func TestActiveAuthenticationTranscript(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		key, err := lds.ParseDG15(v.InHex(t, "dg15"))
		if err != nil {
			t.Fatal(err)
		}
		if v.Kind == "active_auth_negative" {
			if _, err := aa.Verify(key, nil, v.InHex(t, "rnd_ifd"), v.InHex(t, "signature")); !errors.Is(err, aa.ErrSignature) {
				t.Errorf("AA-02: %v", err)
			}
			return
		}
		c := New(cardtest.NewPlayback(t, steps(v)))
		c.Random = bytes.NewReader(v.InHex(t, "rnd_ifd"))
		if v.Inputs["sm"] != nil {
			c.secure(sessionOf(t, v.Inputs["sm"], secmsg.AES128))
		}
		proof, err := c.ActiveAuthenticate(t.Context(), key)
		if err != nil || !bytes.Equal(proof.Response, v.OutHex(t, "signature")) {
			t.Fatal(err)
		}
		result, err := aa.Verify(key, nil, proof.Challenge, proof.Response)
		if err != nil || result.Hash != crypto.SHA1 && result.Hash != crypto.SHA256 {
			t.Errorf("%+v, %v", result, err)
		}
	}, "active_auth_transcript", "active_auth_negative")
}

func TestChipAuthenticateNeedsASession(t *testing.T) {
	c := New(cardtest.NewPlayback(t, cardtest.Recording{}))
	c.Random = fixedKeys(big.NewInt(5).FillBytes(make([]byte, 32)))
	infos, err := lds.ParseDG14(exampleDG14(t))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := infos.ChipKeys()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.ChipAuthenticate(context.Background(), keys[0]); !errors.Is(err, ErrAccess) {
		t.Errorf("%v", err)
	}
}

// exampleDG14 is that of one of the recorded chips.
func exampleDG14(t *testing.T) (dg14 []byte) {
	t.Helper()
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) { dg14 = v.InHex(t, "dg14") }, "chip_auth_transcript")
	return dg14
}

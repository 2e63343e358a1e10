package tr03105_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"testing"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/aa"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/spki"
	"motcua/devices/card/vncard"
)

// signs has the chip sign a challenge, and says with which hash the signature holds.
func signs(t *testing.T, p *cardsim.Profile, o cardsim.Options) (aa.Result, error) {
	t.Helper()
	c := opened(t, recorded(p, o), p)
	read := func(f emrtd.File) []byte {
		raw, err := c.ReadFile(t.Context(), f, nil)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	key, err := lds.ParseDG15(read(emrtd.DG15))
	if err != nil {
		t.Fatal(err)
	}
	infos, err := lds.ParseDG14(read(emrtd.DG14))
	if err != nil {
		t.Fatal(err)
	}
	info, err := infos.ActiveAuthentication()
	if err != nil {
		return aa.Result{}, err
	}
	proof, err := c.ActiveAuthenticate(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return aa.Verify(key, info, proof.Challenge, proof.Response)
}

// signed: chips with these keys are genuine.
func signed(all ...cardsim.ActiveOptions) func(*testing.T) {
	return func(t *testing.T) {
		for _, o := range all {
			p := smallProfile(t, cardsim.ProfileOptions{Active: o})
			if result, err := signs(t, p, cardsim.Options{}); err != nil || result.Hash != o.Hash {
				t.Errorf("%+v: %+v, %v", o, result, err)
			}
			wants(t, reading(t, p, cardsim.Options{}), vncard.CheckActive, vncard.Passed, "")
		}
	}
}

// notSigned: chips that lie so are not.
func notSigned(o cardsim.ActiveOptions, lies ...cardsim.ActiveLie) func(*testing.T) {
	return func(t *testing.T) {
		p := smallProfile(t, cardsim.ProfileOptions{Active: o})
		for _, lie := range lies {
			if _, err := signs(t, p, cardsim.Options{Active: lie}); !errors.Is(err, aa.ErrSignature) {
				t.Errorf("%d: %v", lie, err)
			}
			wants(t, reading(t, p, cardsim.Options{Active: lie}), vncard.CheckActive, vncard.Failed, vncard.CauseCloned)
		}
	}
}

// unknownSignature: DG14 names an algorithm that does not exist.
func unknownSignature(t *testing.T) {
	p := smallProfile(t, cardsim.ProfileOptions{Active: cardsim.ActiveOptions{Curve: onP256, Hash: crypto.SHA256, BadInfo: true}})
	if _, err := signs(t, p, cardsim.Options{}); !errors.Is(err, lds.ErrOffer) {
		t.Errorf("%v", err)
	}
	wants(t, reading(t, p, cardsim.Options{}), vncard.CheckActive, vncard.NotPossible, vncard.CauseUnsupported)
}

// activeChecks are about active authentication. The scheme of ICAO 9303-11 is that of ISO/IEC 9796-2; RSA-PSS is no part
// of it, so a signature that ends as one of PSS does is refused.
func activeChecks() []check {
	modulus := func(h crypto.Hash) cardsim.ActiveOptions { return cardsim.ActiveOptions{RSA: 1024, Hash: h} }
	implicit := modulus(crypto.SHA1)
	implicit.Implicit = true
	curve := func(id int, h crypto.Hash, der bool) cardsim.ActiveOptions {
		return cardsim.ActiveOptions{Curve: id, Hash: h, DER: der}
	}
	return []check{
		{"ISO7816_F_01", signed(implicit, modulus(crypto.SHA1))},
		{"ISO7816_F_02", signed(curve(onP256, crypto.SHA256, false), curve(onBP, crypto.SHA224, true), curve(16, crypto.SHA384, false))},
		{"ISO7816_F_03", pssSigned},
		{"ISO7816_F_04", signed(modulus(crypto.SHA224))},
		{"ISO7816_F_05", signed(modulus(crypto.SHA256))},
		{"ISO7816_F_06", signed(modulus(crypto.SHA384))},
		{"ISO7816_F_07", signed(modulus(crypto.SHA512))},
		{"ISO7816_F_08", notSigned(modulus(crypto.SHA256), cardsim.ActiveTrailer, cardsim.ActiveTrailerFF)},
		{"ISO7816_F_09", unknownSignature},
	}
}

// pssSigned has a signature of RSASSA-PSS over the challenge, by the right key.
func pssSigned(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	key := spki.Key{RSA: &spki.RSA{N: private.N, E: int64(private.E)}}
	challenge := []byte("8 bytes.")
	digest := sha256.Sum256(challenge)
	response, err := rsa.SignPSS(rand.Reader, private, crypto.SHA256, digest[:], nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := aa.Verify(key, nil, challenge, response); !errors.Is(err, aa.ErrSignature) {
		t.Errorf("%v", err)
	}
}

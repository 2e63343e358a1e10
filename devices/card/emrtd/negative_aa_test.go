package emrtd_test

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/aa"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/spki"
)

// activeProfile makes a card whose portrait costs no time.
func activeProfile(t *testing.T, o cardsim.ProfileOptions) *cardsim.Profile {
	t.Helper()
	o.Photo = tinyPhoto(t)
	p, err := cardsim.Build(cardsim.Personas()[0], o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// tinyPhoto is a portrait of 8 by 8 pixels.
func tinyPhoto(t *testing.T) []byte {
	t.Helper()
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	return photo.Bytes()
}

// activeChip is an open chip, ready to sign.
type activeChip struct {
	conn  *emrtd.Conn
	key   spki.Key
	infos lds.SecurityInfos
	dg15  []byte
	sod   lds.SecurityObject
}

// openActive opens a chip by PACE, with extended length where it goes through, and reads what tells of its key.
func openActive(t *testing.T, p *cardsim.Profile, o cardsim.Options) activeChip {
	t.Helper()
	ctx := t.Context()
	c := activeChip{conn: emrtd.New(cardsim.New(p, o).Transport())}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, access, err := c.conn.ReadCardAccess(ctx, true)
	must(err)
	must(c.conn.PACE(ctx, access.PACE()[0], emrtd.CAN(p.CAN)))
	must(c.conn.SelectApplication(ctx))
	read := func(f emrtd.File) []byte {
		raw, err := c.conn.ReadFile(ctx, f, nil)
		must(err)
		return raw
	}
	c.sod, err = lds.ParseSOD(read(emrtd.SOD))
	must(err)
	c.infos, err = lds.ParseDG14(read(emrtd.DG14))
	must(err)
	if p.ActiveKey != nil {
		c.dg15 = read(emrtd.DG15)
		c.key, err = lds.ParseDG15(c.dg15)
		must(err)
	}
	return c
}

// authenticate runs active authentication and checks the signature.
func (c activeChip) authenticate(ctx context.Context) (aa.Result, error) {
	info, err := c.infos.ActiveAuthentication()
	if err != nil {
		return aa.Result{}, err
	}
	proof, err := c.conn.ActiveAuthenticate(ctx, c.key)
	if err != nil {
		return aa.Result{}, err
	}
	return aa.Verify(c.key, info, proof.Challenge, proof.Response)
}

// ways are keys of each kind, small ones.
func ways() map[string]cardsim.ActiveOptions {
	return map[string]cardsim.ActiveOptions{
		"RSA": {RSA: 1024}, "ECDSA plain": {Curve: 13}, "ECDSA DER": {Curve: 15, Hash: crypto.SHA384, DER: true},
	}
}

// TestActiveAuthentication: every curve, in both forms, and every trailer.
func TestActiveAuthentication(t *testing.T) {
	all := map[string]cardsim.ActiveOptions{}
	hashes := []crypto.Hash{crypto.SHA1, crypto.SHA224, crypto.SHA256, crypto.SHA384, crypto.SHA512}
	for id := 8; id <= 18; id++ {
		for _, form := range []bool{false, true} {
			o := cardsim.ActiveOptions{Curve: id, DER: form, Hash: hashes[id%5], Explicit: id%2 == 0, NoInfo: id%3 == 0}
			all[fmt.Sprintf("curve %d, DER %t", id, form)] = o
		}
	}
	for i, hash := range hashes {
		all["RSA with "+hash.String()] = cardsim.ActiveOptions{RSA: 1024 + 8*i, Hash: hash, Smaller: i%2 == 0}
	}
	all["RSA with BC"] = cardsim.ActiveOptions{RSA: 1024, Hash: crypto.SHA1, Implicit: true}
	for name, o := range all {
		t.Run(name, func(t *testing.T) {
			c := openActive(t, activeProfile(t, cardsim.ProfileOptions{Active: o}), cardsim.Options{})
			want := o.Hash
			if result, err := c.authenticate(t.Context()); err != nil || result.Hash != want {
				t.Errorf("%+v, %v", result, err)
			}
			if match, listed := c.sod.Matches(15, c.dg15); !match || !listed {
				t.Error("DG15 is not vouched for")
			}
		})
	}
}

// refusesLie runs a chip that lies, for each kind of key that can tell the lie.
func refusesLie(t *testing.T, lie cardsim.ActiveLie, ways map[string]cardsim.ActiveOptions) {
	t.Helper()
	for name, o := range ways {
		c := openActive(t, activeProfile(t, cardsim.ProfileOptions{Active: o}), cardsim.Options{Active: lie})
		if result, err := c.authenticate(t.Context()); !errors.Is(err, aa.ErrSignature) {
			t.Errorf("%s: %+v, %v", name, result, err)
		}
		if _, err := c.conn.ReadFile(t.Context(), emrtd.DG1, nil); err != nil {
			t.Errorf("%s: the session did not survive it: %v", name, err)
		}
	}
}

func onlyRSA() map[string]cardsim.ActiveOptions {
	return map[string]cardsim.ActiveOptions{"RSA": {RSA: 1024}, "RSA, n-s": {RSA: 1024, Smaller: true}}
}

// TestNegativeAA are faults and variants of active authentication, by their numbers in the list of negative cases.
func TestNegativeAA(t *testing.T) {
	t.Run("AA-01 wrong signature", func(t *testing.T) { refusesLie(t, cardsim.ActiveWrong, ways()) })
	t.Run("AA-02 other challenge", func(t *testing.T) { refusesLie(t, cardsim.ActiveReplay, ways()) })
	t.Run("AA-03 allowed trailers", allowedTrailers)
	t.Run("AA-04 trailer 3FCC", func(t *testing.T) { refusesLie(t, cardsim.ActiveTrailer, onlyRSA()) })
	t.Run("AA-04 trailer FFCC", func(t *testing.T) { refusesLie(t, cardsim.ActiveTrailerFF, onlyRSA()) })
	t.Run("AA-04 header 4A", func(t *testing.T) { refusesLie(t, cardsim.ActiveHeader, onlyRSA()) })
	t.Run("AA-05 P-384 with SHA-256", hashOfAnotherSize)
	t.Run("AA-06 r zero", func(t *testing.T) { refusesLie(t, cardsim.ActiveZero, ways()) })
	beyond := map[string]cardsim.ActiveOptions{
		"RSA": {RSA: 1024}, "plain with room": {Curve: 18}, "plain without": {Curve: 12}, "DER": {Curve: 16, DER: true}}
	t.Run("AA-06 s zero", func(t *testing.T) {
		curves := ways()
		delete(curves, "RSA")
		refusesLie(t, cardsim.ActiveZeroS, curves)
	})
	t.Run("AA-06 beyond the order", func(t *testing.T) { refusesLie(t, cardsim.ActiveTooLarge, beyond) })
	t.Run("AA-07 zeros cut, RSA", func(t *testing.T) { zerosCut(t, cardsim.ActiveOptions{RSA: 1024}, 128) })
	t.Run("AA-07 zeros cut, secp521r1", func(t *testing.T) { zerosCut(t, cardsim.ActiveOptions{Curve: 18}, 132) })
	t.Run("AA-08 DG15 altered", func(t *testing.T) {
		c := openActive(t, activeProfile(t, cardsim.ProfileOptions{BadHash: 15}), cardsim.Options{})
		if match, listed := c.sod.Matches(15, c.dg15); match || !listed {
			t.Errorf("match %t, listed %t", match, listed)
		}
	})
	t.Run("AA-09 long answers", longAnswers)
	t.Run("AA-10 DG15 in EF.COM only", func(t *testing.T) {
		c := openActive(t, activeProfile(t, cardsim.ProfileOptions{Unlisted: 15}), cardsim.Options{})
		if match, listed := c.sod.Matches(15, c.dg15); match || listed {
			t.Errorf("match %t, listed %t", match, listed)
		}
	})
	t.Run("AA-11 unknown algorithm in DG14", func(t *testing.T) {
		for name, o := range ways() {
			o.BadInfo = true
			c := openActive(t, activeProfile(t, cardsim.ProfileOptions{Active: o}), cardsim.Options{})
			if result, err := c.authenticate(t.Context()); !errors.Is(err, lds.ErrOffer) {
				t.Errorf("%s: %+v, %v", name, result, err)
			}
		}
	})
}

func allowedTrailers(t *testing.T) {
	for trailer, o := range map[string]cardsim.ActiveOptions{
		"BC": {Hash: crypto.SHA1, Implicit: true}, "33CC": {Hash: crypto.SHA1}, "34CC": {Hash: crypto.SHA256},
		"35CC": {Hash: crypto.SHA512}, "36CC": {Hash: crypto.SHA384}, "38CC": {Hash: crypto.SHA224},
	} {
		o.RSA = 1024
		c := openActive(t, activeProfile(t, cardsim.ProfileOptions{Active: o}), cardsim.Options{})
		if result, err := c.authenticate(t.Context()); err != nil || result.Hash != o.Hash {
			t.Errorf("%s: %+v, %v", trailer, result, err)
		}
	}
}

// hashOfAnotherSize: DG14 tells the truth, says nothing, or is mistaken.
func hashOfAnotherSize(t *testing.T) {
	for name, o := range map[string]cardsim.ActiveOptions{
		"true": {}, "silent": {NoInfo: true}, "mistaken": {InfoHash: crypto.SHA384}, "DER": {DER: true, InfoHash: crypto.SHA512},
	} {
		o.Curve, o.Hash = 15, crypto.SHA256
		c := openActive(t, activeProfile(t, cardsim.ProfileOptions{Active: o}), cardsim.Options{})
		if result, err := c.authenticate(t.Context()); err != nil || result.Hash != crypto.SHA256 {
			t.Errorf("%s: %+v, %v", name, result, err)
		}
	}
}

// zerosCut waits for a signature that lost bytes: it holds, or it is refused where r and s cannot be told apart. Either
// way nothing falls.
func zerosCut(t *testing.T, o cardsim.ActiveOptions, whole int) {
	const enough, tries = 3, 20000
	c := openActive(t, activeProfile(t, cardsim.ProfileOptions{Active: o}), cardsim.Options{Active: cardsim.ActiveCutZeros})
	for held, try := 0, 0; held < enough; try++ {
		if try == tries {
			t.Fatalf("%d signatures were cut in %d", held, tries)
		}
		proof, err := c.conn.ActiveAuthenticate(t.Context(), c.key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := aa.Verify(c.key, nil, proof.Challenge, proof.Response); err != nil {
			t.Fatalf("%d bytes: %v", len(proof.Response), err)
		}
		if len(proof.Response) < whole {
			held++
		}
	}
}

// longAnswers: a signature of 3072 or 4096 bits does not fit a short answer. It comes by extended length, or in pieces,
// or over the Le, as chips do it; or the chip refuses, and the session goes on.
func longAnswers(t *testing.T) {
	for _, bits := range []int{3072, 4096} {
		p := activeProfile(t, cardsim.ProfileOptions{Active: cardsim.ActiveOptions{RSA: bits, Hash: crypto.SHA512}})
		for name, v := range map[string]struct {
			options cardsim.Options
			want    error
		}{
			"extended":            {cardsim.Options{Extended: true, Oversize: cardsim.Refuse}, nil},
			"in pieces":           {cardsim.Options{Oversize: cardsim.Continue}, nil},
			"in pieces, extended": {cardsim.Options{Extended: true, Oversize: cardsim.Continue}, nil},
			"over the Le":         {cardsim.Options{}, nil},
			"refused":             {cardsim.Options{Oversize: cardsim.Refuse}, emrtd.ErrChipRefused},
			"empty":               {cardsim.Options{Active: cardsim.ActiveEmpty}, emrtd.ErrChipRefused},
			"signature of zero":   {cardsim.Options{Active: cardsim.ActiveZero}, aa.ErrSignature},
		} {
			c := openActive(t, p, v.options)
			result, err := c.authenticate(t.Context())
			if !errors.Is(err, v.want) || err == nil && result.Hash != crypto.SHA512 {
				t.Errorf("%d bits, %s: %+v, %v", bits, name, result, err)
			}
			if _, err := c.conn.ReadFile(t.Context(), emrtd.DG1, nil); err != nil {
				t.Errorf("%d bits, %s: the session did not survive it: %v", bits, name, err)
			}
		}
	}
}

// TestActiveRefused: a chip that has no key says so, and the session goes on.
func TestActiveRefused(t *testing.T) {
	p := activeProfile(t, cardsim.ProfileOptions{NoActive: true})
	c := openActive(t, p, cardsim.Options{})
	_, err := c.conn.ActiveAuthenticate(t.Context(), spki.Key{})
	if !errors.Is(err, emrtd.ErrChipRefused) || !c.conn.Secured() {
		t.Errorf("%v", err)
	}
	c = openActive(t, p, cardsim.Options{PlainErrors: true})
	if _, err = c.conn.ActiveAuthenticate(t.Context(), spki.Key{}); !errors.Is(err, emrtd.ErrSessionEnded) || !errors.Is(err, apdu.ErrNotSupported) {
		t.Errorf("in the clear: %v", err)
	}
}

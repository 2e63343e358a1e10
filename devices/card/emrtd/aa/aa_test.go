package aa_test

import (
	"bytes"
	"crypto"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"strings"
	"testing"

	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd/aa"
	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/spki"
)

// recorded is a signature of testdata/signatures.json. OpenSSL 3.0 made the keys and the ECDSA signatures; the RSA
// signatures were padded by a program that is not ours.
type recorded struct {
	Name, Key, Challenge, Response, Kind, Hash string
}

func signatures(t testing.TB) []recorded {
	t.Helper()
	raw, err := os.ReadFile("testdata/signatures.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []recorded
	if err := json.Unmarshal(raw, &all); err != nil || len(all) == 0 {
		t.Fatal(err)
	}
	return all
}

func (r recorded) parts(t testing.TB) (key spki.Key, challenge, response []byte) {
	t.Helper()
	return parse(t, cardtest.Hex(t, r.Key)), cardtest.Hex(t, r.Challenge), cardtest.Hex(t, r.Response)
}

func parse(t testing.TB, raw []byte) spki.Key {
	t.Helper()
	o, err := der.One(raw)
	if err != nil {
		t.Fatal(err)
	}
	key, err := spki.Parse(o)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (r recorded) hash() crypto.Hash {
	for _, h := range hashes {
		if h.String() == r.Hash {
			return h
		}
	}
	return 0
}

var hashes = []crypto.Hash{crypto.SHA1, crypto.SHA224, crypto.SHA256, crypto.SHA384, crypto.SHA512}

// TestRecordedSignatures: every trailer, sizes from 1024 to 4096 bits, every curve in both forms. DG14 may say nothing,
// the truth or another hash: the answer is the same.
func TestRecordedSignatures(t *testing.T) {
	for _, r := range signatures(t) {
		t.Run(r.Name, func(t *testing.T) {
			key, challenge, response := r.parts(t)
			for _, info := range []*lds.ActiveAuthentication{nil, {Hash: r.hash()}, {Hash: crypto.SHA224}} {
				result, err := aa.Verify(key, info, challenge, response)
				if err != nil || result != (aa.Result{Hash: r.hash(), Kind: r.Kind}) {
					t.Errorf("%+v: %+v, %v", info, result, err)
				}
			}
			checkForgeries(t, key, challenge, response)
		})
	}
}

// checkForgeries changes one thing at a time.
func checkForgeries(t *testing.T, key spki.Key, challenge, response []byte) {
	t.Helper()
	refuse := func(what string, challenge, response []byte) {
		t.Helper()
		if result, err := aa.Verify(key, nil, challenge, response); !errors.Is(err, aa.ErrSignature) {
			t.Errorf("%s: %+v, %v", what, result, err)
		}
	}
	flip := func(b []byte, at int) []byte {
		b = bytes.Clone(b)
		b[at] ^= 0x10
		return b
	}
	for at := range challenge {
		refuse("another challenge", flip(challenge, at), response)
	}
	refuse("no challenge", nil, response)
	refuse("challenge twice", append(bytes.Clone(challenge), challenge...), response)
	for _, at := range []int{0, len(response) / 4, len(response) / 2, len(response) - 1} {
		refuse("another signature", challenge, flip(response, at))
	}
	refuse("nothing", challenge, nil)
	refuse("all zero", challenge, make([]byte, len(response)))
	refuse("all ones", challenge, bytes.Repeat([]byte{0xFF}, len(response)))
	refuse("a byte short", challenge, response[:len(response)-1])
	refuse("half", challenge, response[:len(response)/2])
	refuse("a byte before", challenge, append([]byte{1}, response...))
	refuse("a byte behind", challenge, append(bytes.Clone(response), 1))
	refuse("twice", challenge, append(bytes.Clone(response), response...))
	refuse("the challenge back", challenge, challenge)
}

// TestOtherKey: a signature is of one key.
func TestOtherKey(t *testing.T) {
	all := signatures(t)
	for i, r := range all {
		_, challenge, response := r.parts(t)
		for _, other := range []recorded{all[(i+7)%len(all)], all[(i+16)%len(all)]} {
			if other.Key == r.Key {
				continue
			}
			if result, err := aa.Verify(parse(t, cardtest.Hex(t, other.Key)), nil, challenge, response); !errors.Is(err, aa.ErrSignature) {
				t.Errorf("%s with the key of %s: %+v, %v", r.Name, other.Name, result, err)
			}
		}
	}
}

// TestTrailers: AA-03 and AA-04, all that can stand at the end of a message representative.
func TestTrailers(t *testing.T) {
	allowed := map[byte]crypto.Hash{0x33: crypto.SHA1, 0x34: crypto.SHA256, 0x35: crypto.SHA512, 0x36: crypto.SHA384, 0x38: crypto.SHA224}
	for number := range 256 {
		hash, size, err := aa.Trailer([]byte{0x6A, byte(number), 0xCC})
		if want := allowed[byte(number)]; hash != want || want != 0 && (size != 2 || err != nil) || want == 0 && !errors.Is(err, aa.ErrSignature) {
			t.Errorf("%02XCC: %v, %d, %v", number, hash, size, err)
		}
		hash, size, err = aa.Trailer([]byte{0x6A, byte(number)})
		if number == 0xBC && (hash != crypto.SHA1 || size != 1 || err != nil) || number != 0xBC && !errors.Is(err, aa.ErrSignature) {
			t.Errorf("%02X: %v, %d, %v", number, hash, size, err)
		}
	}
	for _, short := range [][]byte{nil, {}, {0xCC}} {
		if _, _, err := aa.Trailer(short); !errors.Is(err, aa.ErrSignature) {
			t.Errorf("%X: %v", short, err)
		}
	}
}

// TestVectors9796 holds the trailers and the worked example of 9303-11 appendix F.1.
func TestVectors9796(t *testing.T) {
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		hash, _, err := aa.Trailer(append([]byte{0x6A}, v.InHex(t, "trailer")...))
		if want := v.Out("hash"); want == "reject" {
			if !errors.Is(err, aa.ErrSignature) {
				t.Errorf("%v, %v", hash, err)
			}
		} else if err != nil || strings.ToLower(strings.ReplaceAll(hash.String(), "-", "")) != want {
			t.Errorf("%v, %v", hash, err)
		}
	}, "iso9796_2_trailer")
	cardtest.EachVector(t, func(t *testing.T, v cardtest.Vector) {
		f := v.InHex(t, "F")
		hash, size, err := aa.Trailer(f)
		if err != nil || hash.String() != v.Out("hash") || hex.EncodeToString(f[len(f)-size:]) != strings.ToLower(v.Out("trailer")) {
			t.Errorf("%v, %d, %v", hash, size, err)
		}
		// With the exponent 1 a signature is its own representative.
		modulus := new(big.Int).Lsh(big.NewInt(1), uint(8*len(f)))
		key := spki.Key{RSA: &spki.RSA{N: modulus.Sub(modulus, big.NewInt(1)), E: 1}}
		result, err := aa.Verify(key, nil, cardtest.Hex(t, "F173589974BF40C6"), f)
		if err != nil || result.Hash != crypto.SHA1 {
			t.Errorf("%+v, %v", result, err)
		}
	}, "iso9796_2_message_representative")
}

func TestUnsupportedKeys(t *testing.T) {
	for name, key := range map[string]spki.Key{
		"none": {}, "Diffie-Hellman": {DH: &spki.DH{}}, "DSA": {DSA: &spki.DSA{}},
	} {
		if result, err := aa.Verify(key, nil, make([]byte, 8), make([]byte, 128)); !errors.Is(err, aa.ErrUnsupported) {
			t.Errorf("%s: %+v, %v", name, result, err)
		}
	}
}

// FuzzVerify: no key, challenge or response makes it fall, it has two errors only, and no response is good for two
// challenges.
func FuzzVerify(f *testing.F) {
	for _, r := range signatures(f) {
		f.Add(cardtest.Hex(f, r.Key), cardtest.Hex(f, r.Challenge), cardtest.Hex(f, r.Response))
	}
	f.Fuzz(func(t *testing.T, rawKey, challenge, response []byte) {
		o, err := der.One(rawKey)
		if err != nil {
			t.Skip()
		}
		key, err := spki.Parse(o)
		if err != nil {
			t.Skip()
		}
		if key.RSA != nil && key.RSA.N.BitLen() > 2048 && key.RSA.E > 1<<17 {
			t.Skip("takes longer than a fuzzer waits")
		}
		result, err := aa.Verify(key, nil, challenge, response)
		if err != nil {
			if !errors.Is(err, aa.ErrSignature) && !errors.Is(err, aa.ErrUnsupported) || result != (aa.Result{}) {
				t.Fatalf("%+v, %v", result, err)
			}
			return
		}
		if _, err := aa.Verify(key, nil, append([]byte{1}, challenge...), response); err == nil {
			t.Fatalf("%+v fits another challenge", result)
		}
	})
}

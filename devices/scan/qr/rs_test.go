package qr

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/makiuchi-d/gozxing/common/reedsolomon"
)

// codeword is random data with its check bytes, made by another implementation.
func codeword(t testing.TB, r *rand.Rand, data, check int) []byte {
	t.Helper()
	ints := make([]int, data+check)
	for i := range data {
		ints[i] = r.IntN(256)
	}
	if err := reedsolomon.NewReedSolomonEncoder(reedsolomon.GenericGF_QR_CODE_FIELD_256).Encode(ints, check); err != nil {
		t.Fatal(err)
	}
	out := make([]byte, len(ints))
	for i, v := range ints {
		out[i] = byte(v)
	}
	return out
}

func TestCorrect(t *testing.T) {
	f := newField()
	r := rand.New(rand.NewPCG(5, 6))
	for range 400 {
		data, check := 1+r.IntN(120), 2+r.IntN(29)
		want := codeword(t, r, data, check)
		erasures := r.IntN(min(check, data+check) + 1)
		errs := r.IntN((check-erasures)/2 + 1)
		places := r.Perm(data + check)
		if erasures+errs > len(places) {
			continue
		}
		got := append([]byte(nil), want...)
		for i := range erasures + errs {
			v := byte(r.IntN(256)) // an erased byte may be right by chance
			if i >= erasures {
				v = byte(1 + r.IntN(255))
			}
			got[places[i]] ^= v
		}
		n, ok := f.correct(got, check, places[:erasures])
		if !ok || !bytes.Equal(got, want) {
			t.Fatalf("%d+%d bytes, %d erased, %d wrong: not corrected", data, check, erasures, errs)
		}
		if n > errs {
			t.Fatalf("%d errors counted of %d", n, errs)
		}
	}
}

// TestTooManyErrors: what cannot be corrected is left as it was, or becomes another codeword, never something else.
func TestTooManyErrors(t *testing.T) {
	f := newField()
	r := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		b := make([]byte, 60)
		for i := range b {
			b[i] = byte(r.IntN(256))
		}
		was := append([]byte(nil), b...)
		if _, ok := f.correct(b, 16, r.Perm(60)[:r.IntN(20)]); !ok && !bytes.Equal(b, was) {
			t.Fatal("changed without success")
		} else if _, zero := f.syndromes(b, 16); ok && !zero {
			t.Fatal("success with something that is no codeword")
		}
	}
}

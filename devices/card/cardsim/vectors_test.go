package cardsim

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"os"
	"testing"
)

// doc9303 holds the worked examples of ICAO Doc 9303-11 that a chip takes part in, appendices D.3, D.4 and G.1.
type doc9303 struct {
	PACE struct {
		MRZInformation string      `json:"mrz_information"`
		Nonce          string      `json:"nonce"`
		MapKey         string      `json:"map_key"`
		AgreeKey       string      `json:"agree_key"`
		APDUs          [][2]string `json:"apdus"`
	} `json:"pace"`
	BAC struct {
		MRZInformation string      `json:"mrz_information"`
		ChipChallenge  string      `json:"chip_challenge"`
		ChipKey        string      `json:"chip_key"`
		COM            string      `json:"com"`
		APDUs          [][2]string `json:"apdus"`
	} `json:"bac"`
}

func examples(t *testing.T) doc9303 {
	t.Helper()
	raw, err := os.ReadFile("testdata/doc9303.json")
	if err != nil {
		t.Fatal(err)
	}
	var d doc9303
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// keyRandom gives the random bytes from which ec.GenerateKey makes this private key.
func keyRandom(t *testing.T, private string) []byte {
	const drawn = 40
	k := new(big.Int).SetBytes(unhex(t, private))
	return k.Sub(k, big.NewInt(1)).FillBytes(make([]byte, drawn))
}

func play(t *testing.T, c *Card, apdus [][2]string) {
	t.Helper()
	for i, x := range apdus {
		got := c.Transmit(unhex(t, x[0])).Response
		if want := unhex(t, x[1]); !bytes.Equal(got, want) {
			t.Fatalf("command %d %s:\n got %X\nwant %X", i, x[0], got, want)
		}
	}
}

func TestWorkedExamplePACE(t *testing.T) {
	d := examples(t).PACE
	profile := &Profile{
		Files: map[FileID][]byte{}, PACE: seenPACE(), MRZInformation: d.MRZInformation,
	}
	profile.Files[EFCardAccess] = profile.cardAccess(nil)
	random := bytes.Join([][]byte{unhex(t, d.Nonce), keyRandom(t, d.MapKey), keyRandom(t, d.AgreeKey)}, nil)
	c := New(profile, Options{Random: bytes.NewReader(random)})
	play(t, c, d.APDUs)
	if c.session == nil {
		t.Error("PACE did not begin secure messaging")
	}
}

func TestWorkedExampleBAC(t *testing.T) {
	d := examples(t).BAC
	profile := &Profile{Files: map[FileID][]byte{EFCOM: unhex(t, d.COM)}, MRZInformation: d.MRZInformation}
	c := New(profile, Options{Random: bytes.NewReader(unhex(t, d.ChipChallenge+d.ChipKey))})
	play(t, c, [][2]string{{"00A4040C07A0000002471001", "9000"}})
	play(t, c, d.APDUs)
}

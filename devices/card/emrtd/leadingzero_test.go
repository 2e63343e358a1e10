package emrtd

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd/agree"
	"motcua/devices/card/emrtd/der"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
)

// TestLeadingZeroSecret (PACE-15) runs PACE until secrets came up whose first byte is zero, which one in 256 is. They
// must serve like any other: the token is right, which nobody could make without the same secret.
func TestLeadingZeroSecret(t *testing.T) {
	const wanted, most = 2, 5000
	for name, v := range map[string]struct {
		offer cardsim.PACEOffer
		oid   string
	}{
		"PACE-15 curve":   {cardsim.PACEOffer{Cipher: secmsg.AES128, Parameters: 8}, "0.4.0.127.0.7.2.2.4.2.2"},
		"PACE-15 numbers": {cardsim.PACEOffer{Cipher: secmsg.AES128, Parameters: 0}, "0.4.0.127.0.7.2.2.4.1.2"},
		"PACE-15 IM":      {cardsim.PACEOffer{Mapping: cardsim.Integrated, Cipher: secmsg.AES256, Parameters: 9}, "0.4.0.127.0.7.2.2.4.4.4"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			profile, err := cardsim.Build(cardsim.Personas()[0], cardsim.ProfileOptions{PACE: []cardsim.PACEOffer{v.offer}})
			if err != nil {
				t.Fatal(err)
			}
			found := 0
			for run := uint64(0); found < wanted; run++ {
				if run == most {
					t.Fatalf("%d secrets with a leading zero in %d", found, most)
				}
				if secret := runPACE(t, profile, v.oid, v.offer.Parameters, run); secret[0] == 0 {
					found++
				}
			}
		})
	}
}

// runPACE opens a chip with keys that follow from the number of the run, and gives the secret.
func runPACE(t *testing.T, profile *cardsim.Profile, oid string, parameters int, run uint64) []byte {
	t.Helper()
	random := func(side byte) *rand.ChaCha8 {
		seed := [32]byte{side}
		binary.BigEndian.PutUint64(seed[1:], run)
		return rand.NewChaCha8(seed)
	}
	info, ok := lds.NewPACEInfo(oid, parameters)
	group, known := agree.ByID(parameters)
	id, err := der.EncodeOID(oid)
	if !ok || !known || err != nil {
		t.Fatal("no such PACE")
	}
	c := New(cardsim.New(profile, cardsim.Options{Random: random('c')}).Transport())
	c.Random = random('t')
	p := &pace{conn: c, info: info, group: group, oid: id}
	password := CAN(profile.CAN)
	if err := p.set(t.Context(), password.reference); err != nil {
		t.Fatal(err)
	}
	secret, _, err := p.run(t.Context(), password)
	if err != nil {
		t.Fatalf("run %d: %v", run, err)
	}
	return secret
}

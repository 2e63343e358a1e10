package emrtd_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
)

// What the soak test runs: MOTCUA_SOAK is the number of runs, or anything else for a hundred thousand.
const (
	soakVariable = "MOTCUA_SOAK"
	usualRuns    = 100
	soakRuns     = 100_000
	runsPerCard  = 10 // as often the chip gets other static keys
)

func soakLength() int {
	text, set := os.LookupEnv(soakVariable)
	if n, err := strconv.Atoi(text); err == nil && n > 1 {
		return n
	}
	if set {
		return soakRuns
	}
	return usualRuns
}

// soakOffers are the ways through which the runs go in turn: with small groups and large ones, each mapping, each cipher.
func soakOffers() []cardsim.ProfileOptions {
	offer := func(m cardsim.Mapping, c secmsg.Cipher, id, chipID int, chip secmsg.Cipher) cardsim.ProfileOptions {
		return cardsim.ProfileOptions{
			PACE: []cardsim.PACEOffer{{Mapping: m, Cipher: c, Parameters: id}},
			Chip: []cardsim.ChipOffer{{Parameters: chipID, Cipher: chip, Short: true}},
		}
	}
	return []cardsim.ProfileOptions{
		offer(cardsim.Generic, secmsg.AES128, 13, 13, secmsg.AES128), // Vietnam's
		offer(cardsim.Generic, secmsg.TripleDES, 8, 8, secmsg.TripleDES),
		offer(cardsim.Integrated, secmsg.AES256, 12, 9, secmsg.AES256),
		offer(cardsim.ChipAuthentication, secmsg.AES192, 13, 12, secmsg.AES192),
		offer(cardsim.Generic, secmsg.AES128, 0, 13, secmsg.AES256),
		offer(cardsim.Integrated, secmsg.TripleDES, 13, 0, secmsg.AES128),
		offer(cardsim.Generic, secmsg.AES256, 11, 10, secmsg.AES128),
	}
}

// TestSoakRandomKeys opens chips by PACE and by BAC with keys that are new each time, and has them prove themselves. Every
// run must succeed: a secret whose leading zero bytes get lost fails one run in 256. A run that fails is named by its
// number, from which its keys follow.
func TestSoakRandomKeys(t *testing.T) {
	var next, failed atomic.Int64
	var workers sync.WaitGroup
	runs, photo := soakLength(), tinyPhoto(t)
	cards := (runs + runsPerCard - 1) / runsPerCard
	for range min(runtime.GOMAXPROCS(0), cards) {
		workers.Go(func() {
			for n := int(next.Add(1)) - 1; n < cards; n = int(next.Add(1)) - 1 {
				p, err := soakCard(photo, n)
				if err != nil {
					t.Error(err)
					return
				}
				for i := n * runsPerCard; i < min((n+1)*runsPerCard, runs); i++ {
					if err := soakRun(t.Context(), p, i); err != nil {
						failed.Add(1)
						t.Errorf("run %d: %v", i, err)
					}
				}
			}
		})
	}
	workers.Wait()
	t.Logf("%d runs over %d cards, %d failures", runs, cards, failed.Load())
}

// soakCard is a chip with static keys that follow from the number.
func soakCard(photo []byte, n int) (*cardsim.Profile, error) {
	offers, people := soakOffers(), cardsim.Personas()
	o, person := offers[n%len(offers)], people[n%len(people)]
	o.Photo, person.Number = photo, fmt.Sprintf("099%09d", n)
	return cardsim.Build(person, o)
}

// source is a source of random numbers that follows from the number of a run.
func source(run int, side byte) *rand.ChaCha8 {
	seed := [32]byte{side}
	binary.BigEndian.PutUint64(seed[1:], uint64(run))
	return rand.NewChaCha8(seed)
}

func soakRun(ctx context.Context, p *cardsim.Profile, run int) error {
	c := emrtd.New(cardsim.New(p, cardsim.Options{Random: source(run, 'c')}).Transport())
	c.Random = source(run, 't')
	infos, err := lds.ParseCardAccess(p.Files[cardsim.EFCardAccess])
	if err != nil {
		return err
	}
	if run%4 == 3 {
		if err := c.SelectApplication(ctx); err != nil {
			return err
		}
		if err := c.BAC(ctx, p.MRZInformation); err != nil {
			return err
		}
		return soakProve(ctx, c, p)
	}
	if err := c.PACE(ctx, infos.PACE()[0], emrtd.CAN(p.CAN)); err != nil {
		return err
	}
	if c.ChipMapping() != nil {
		if err := verifyMapping(ctx, c); err != nil {
			return err
		}
	}
	if err := c.SelectApplication(ctx); err != nil {
		return err
	}
	return soakProve(ctx, c, p)
}

// soakProve is chip authentication, a read under its keys, and the proof.
func soakProve(ctx context.Context, c *emrtd.Conn, p *cardsim.Profile) error {
	infos, err := lds.ParseDG14(p.Files[cardsim.DG(14)])
	if err != nil {
		return err
	}
	keys, err := infos.ChipKeys()
	if err != nil {
		return err
	}
	proof, err := c.ChipAuthenticate(ctx, keys[0])
	if err != nil {
		return err
	}
	raw, err := c.ReadFile(ctx, emrtd.DG1, nil)
	if err != nil {
		return err
	}
	if !bytes.Equal(raw, p.Files[cardsim.DG(1)]) {
		return fmt.Errorf("DG1 is another")
	}
	return emrtd.VerifyChipProof(proof, keys[0])
}

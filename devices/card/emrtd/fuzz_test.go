package emrtd_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
)

// answers is a chip that gives recorded answers, whatever it is asked: a length byte before each.
type answers struct{ rest []byte }

func (a *answers) ATR() []byte  { return nil }
func (a *answers) Close() error { return nil }

func (a *answers) Transmit(context.Context, []byte) ([]byte, error) {
	if len(a.rest) == 0 {
		return nil, card.ErrRemoved
	}
	n := min(int(a.rest[0]), len(a.rest)-1)
	var answer []byte
	answer, a.rest = a.rest[1:1+n], a.rest[1+n:]
	return answer, nil
}

// recorded are the answers of a run of PACE, as a seed.
func recorded(f *testing.F, offer cardsim.PACEOffer) []byte {
	f.Helper()
	p, err := cardsim.Build(cardsim.Personas()[0], cardsim.ProfileOptions{PACE: []cardsim.PACEOffer{offer}})
	if err != nil {
		f.Fatal(err)
	}
	var stream []byte
	o := cardsim.Options{Random: source(0, 'c'), Rewrite: func(_ int, raw []byte) []byte {
		stream = append(append(stream, byte(len(raw))), raw...)
		return raw
	}}
	c := emrtd.New(cardsim.New(p, o).Transport())
	c.Random = source(0, 't')
	infos, err := lds.ParseCardAccess(p.Files[cardsim.EFCardAccess])
	if err != nil {
		f.Fatal(err)
	}
	if err := c.PACE(f.Context(), infos.PACE()[0], emrtd.CAN(p.CAN)); err != nil {
		f.Fatal(err)
	}
	return stream
}

// FuzzPACE gives PACE whatever answers: it must not panic, and only a chip that knows the password may get a session. The
// answers of the seeds are to the terminal's own keys, so that a session is possible there and nowhere else.
func FuzzPACE(f *testing.F) {
	offers := []cardsim.PACEOffer{
		{Mapping: cardsim.Generic, Cipher: secmsg.AES128, Parameters: 13},
		{Mapping: cardsim.Integrated, Cipher: secmsg.AES256, Parameters: 12},
		{Mapping: cardsim.ChipAuthentication, Cipher: secmsg.AES128, Parameters: 13},
		{Mapping: cardsim.Generic, Cipher: secmsg.TripleDES, Parameters: 0},
	}
	oids := []string{"0.4.0.127.0.7.2.2.4.2.2", "0.4.0.127.0.7.2.2.4.4.4", "0.4.0.127.0.7.2.2.4.6.2", "0.4.0.127.0.7.2.2.4.1.1"}
	var good [][]byte
	for i, o := range offers {
		good = append(good, recorded(f, o))
		f.Add(byte(i), good[i])
	}
	f.Fuzz(func(t *testing.T, kind byte, stream []byte) {
		i := int(kind) % len(offers)
		info, ok := lds.NewPACEInfo(oids[i], offers[i].Parameters)
		if !ok {
			t.Fatal("no such PACE")
		}
		c := emrtd.New(&answers{rest: stream})
		c.Random = source(0, 't')
		err := c.PACE(t.Context(), info, emrtd.CAN("000017"))
		if c.Secured() != (err == nil) {
			t.Errorf("secured %t, %v", c.Secured(), err)
		}
		if err == nil && !bytes.Contains(stream, chipToken(good[i])) {
			t.Errorf("a session came of answers that no chip gave")
		}
	})
}

// chipToken is the chip's token in a good run: the value of the first object of the last answer.
func chipToken(good []byte) []byte {
	const begin, end = 4, 12
	chip := &answers{rest: good}
	var last []byte
	for len(chip.rest) > 0 {
		last, _ = chip.Transmit(context.Background(), nil)
	}
	return last[begin:end]
}

// FuzzChipAuthentication gives chip authentication whatever offers and answers under a session: it must not panic, and
// must not take anything for a proof.
func FuzzChipAuthentication(f *testing.F) {
	for _, o := range [][]cardsim.ChipOffer{nil, {{Parameters: 0, Cipher: secmsg.TripleDES, NoInfo: true}},
		{{Parameters: 12, Cipher: secmsg.AES256, KeyID: 1}, {Parameters: 2, Cipher: secmsg.AES128, KeyID: 2, Short: true}}} {
		p, err := cardsim.Build(cardsim.Personas()[0], cardsim.ProfileOptions{Chip: o})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(p.Files[cardsim.DG(14)], []byte{2, 0x90, 0x00})
	}
	p, err := cardsim.Build(cardsim.Personas()[0], cardsim.ProfileOptions{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, dg14, stream []byte) {
		infos, err := lds.ParseDG14(dg14)
		if err != nil {
			return
		}
		keys, err := infos.ChipKeys()
		if err != nil || len(keys) == 0 {
			return
		}
		chip := cardsim.New(p, cardsim.Options{Random: source(0, 'c')}).Transport()
		turn := &turning{Transport: chip, then: &answers{rest: stream}}
		c := emrtd.New(turn)
		if err := c.SelectApplication(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := c.BAC(t.Context(), p.MRZInformation); err != nil {
			t.Fatal(err)
		}
		turn.turned = true
		proof, err := c.ChipAuthenticate(t.Context(), keys[0])
		if err == nil {
			t.Error("answers without a MAC were taken")
		}
		if proof.Proven() {
			t.Error("proven by nothing")
		}
		if _, err := c.Send(t.Context(), apdu.Command{INS: apdu.InsReadBinary, P1: 0x81, Ne: 8}); err == nil {
			t.Error("an answer without a MAC was taken")
		} else if errors.Is(err, emrtd.ErrNotGenuine) {
			t.Error("there was nothing to prove")
		}
	})
}

// turning is a chip that is another one from some time on.
type turning struct {
	card.Transport
	then   card.Transport
	turned bool
}

func (c *turning) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if c.turned {
		return c.then.Transmit(ctx, command)
	}
	return c.Transport.Transmit(ctx, command)
}

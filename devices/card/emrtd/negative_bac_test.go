package emrtd_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"testing"
	"testing/synctest"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/vncard"
)

// The commands of basic access control after SELECT.
const (
	askedChallenge = 2
	askedAuthorize = 3
)

// openBAC selects the application and runs BAC.
func openBAC(t *testing.T, o cardsim.Options) (*emrtd.Conn, *cardtest.Record, error) {
	t.Helper()
	o.NoPACE = true
	p, err := plainProfile()
	if err != nil {
		t.Fatal(err)
	}
	record := cardtest.NewRecord(cardsim.New(p, o).Transport())
	c := emrtd.New(record)
	if err := c.SelectApplication(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c, record, c.BAC(t.Context(), p.MRZInformation)
}

// stays: no session came of it, and a connection that is dead sends nothing more.
func stays(t *testing.T, c *emrtd.Conn, record *cardtest.Record, commands int, dead bool) {
	t.Helper()
	if c.Secured() {
		t.Error("secure messaging is up")
	}
	if dead {
		for range 2 {
			if err := c.SelectApplication(t.Context()); err == nil {
				t.Error("the connection goes on")
			}
		}
	}
	if n := len(record.Commands()); n != commands {
		t.Errorf("%d commands went out, want %d", n, commands)
	}
}

// sealing is the document's keys for BAC, to forge answers under a right MAC.
type sealing struct{ enc, mac []byte }

func documentKeys(t *testing.T) sealing {
	t.Helper()
	p, err := plainProfile()
	if err != nil {
		t.Fatal(err)
	}
	seed := sha1.Sum([]byte(p.MRZInformation))
	return sealing{secmsg.KDF(seed[:16], secmsg.CounterEncryption, secmsg.TripleDES),
		secmsg.KDF(seed[:16], secmsg.CounterMAC, secmsg.TripleDES)}
}

// forged changes the plaintext of the chip's answer and seals it again.
func (s sealing) forged(t *testing.T, message []byte, change func(plain []byte)) []byte {
	t.Helper()
	plain, err := secmsg.TripleDES.Decrypt(s.enc, nil, message[:32])
	if err != nil {
		t.Fatal(err)
	}
	change(plain)
	cryptogram, err := secmsg.TripleDES.Encrypt(s.enc, nil, plain)
	if err != nil {
		t.Fatal(err)
	}
	return s.authenticated(t, cryptogram)
}

func (s sealing) authenticated(t *testing.T, cryptogram []byte) []byte {
	t.Helper()
	mac, err := secmsg.TripleDES.MAC(s.mac, cryptogram)
	if err != nil {
		t.Fatal(err)
	}
	return append(bytes.Clone(cryptogram), mac...)
}

// answering changes the data of the answer to EXTERNAL AUTHENTICATE.
func answering(change func(data []byte) []byte) cardsim.Options {
	return cardsim.Options{Edit: func(_ int, ins byte, plain apdu.Response) apdu.Response {
		if ins == apdu.InsExternalAuthenticate && len(plain.Data) > 0 {
			plain.Data = change(plain.Data)
		}
		return plain
	}}
}

// TestNegativeBACForged: the chip's side of mutual authentication is not what the keys make of it.
func TestNegativeBACForged(t *testing.T) {
	keys := documentKeys(t)
	wrongMAC := sealing{keys.enc, bytes.Repeat([]byte{0x5A}, 16)}
	otherBlock := func(data []byte) []byte {
		data = bytes.Clone(data[:32])
		data[9] ^= 0x80
		return data
	}
	for _, v := range []struct {
		id, what string
		change   func([]byte) []byte
	}{
		{"BAC-01", "last byte of M_IC", func(data []byte) []byte { data[len(data)-1] ^= 1; return data }},
		{"BAC-02", "a block of E_IC, MAC by another key", func(data []byte) []byte { return wrongMAC.authenticated(t, otherBlock(data)) }},
		{"BAC-02", "a block of E_IC, MAC by the right key", func(data []byte) []byte { return keys.authenticated(t, otherBlock(data)) }},
		{"BAC-03", "RND.IFD", func(data []byte) []byte { return keys.forged(t, data, func(p []byte) { p[8] ^= 1 }) }},
		{"BAC-04", "RND.IC", func(data []byte) []byte { return keys.forged(t, data, func(p []byte) { p[0] ^= 1 }) }},
	} {
		t.Run(v.id+" "+v.what, func(t *testing.T) {
			c, record, err := openBAC(t, answering(v.change))
			isOnly(t, err, emrtd.ErrSecureMessaging)
			stays(t, c, record, askedAuthorize, true)
		})
	}
	t.Run("the forge works", func(t *testing.T) {
		same := answering(func(data []byte) []byte { return keys.forged(t, data, func([]byte) {}) })
		if c, _, err := openBAC(t, same); err != nil || !c.Secured() {
			t.Error(err)
		}
	})
}

// TestNegativeBACRefused (BAC-05): each key is tried once, and a chip that has no BAC is not taken for a wrong key.
func TestNegativeBACRefused(t *testing.T) {
	p, err := plainProfile()
	if err != nil {
		t.Fatal(err)
	}
	request := fromQR(p.Persona)
	guesses := len(vncard.ExpiryCandidates(request.Birth, request.Issued))
	for _, sw := range []apdu.StatusWord{apdu.AuthenticationFailed, apdu.ConditionsOfUse, apdu.ReferenceNotFound, apdu.SecurityStatus} {
		t.Run("BAC-05 "+sw.String(), func(t *testing.T) {
			r := situation{options: cardsim.Options{NoPACE: true, Edit: instead(apdu.InsExternalAuthenticate, apdu.Response{SW: sw})}}.read(t)
			isOnly(t, r.err, emrtd.ErrWrongKey)
			if n := cardtest.Count(r.commands, apdu.InsExternalAuthenticate); n != guesses {
				t.Errorf("%d attempts for %d keys", n, guesses)
			}
		})
	}
	for _, ins := range []byte{apdu.InsGetChallenge, apdu.InsExternalAuthenticate} {
		for _, sw := range []apdu.StatusWord{apdu.WrongINS, apdu.WrongCLA} {
			t.Run("BAC-05 not supported, "+sw.String(), func(t *testing.T) {
				r := situation{options: cardsim.Options{NoPACE: true, Edit: instead(ins, apdu.Response{SW: sw})}}.read(t)
				isOnly(t, r.err, emrtd.ErrAccess)
				if cardtest.Count(r.commands, apdu.InsGetChallenge) != 1 || r.commands[len(r.commands)-1][1] != ins {
					t.Error("BAC is tried again")
				}
			})
		}
	}
}

// TestNegativeBACForm: answers that have not the form of the protocol.
func TestNegativeBACForm(t *testing.T) {
	challenge := func(data string) cardsim.Options {
		return cardsim.Options{Edit: instead(apdu.InsGetChallenge, apdu.Response{Data: []byte(data), SW: apdu.OK})}
	}
	for name, o := range map[string]cardsim.Options{
		"BAC-06 7 bytes": challenge("7 bytes"), "BAC-06 9 bytes": challenge("9 bytes.."), "BAC-06 nothing": challenge(""),
	} {
		t.Run(name, func(t *testing.T) {
			c, record, err := openBAC(t, o)
			isOnly(t, err, emrtd.ErrAccess)
			stays(t, c, record, askedChallenge, false)
		})
	}
	for name, change := range map[string]func([]byte) []byte{
		"BAC-07 39 bytes": func(data []byte) []byte { return data[:39] },
		"BAC-07 41 bytes": func(data []byte) []byte { return append(data, 0) },
		"BAC-07 nothing":  func([]byte) []byte { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			c, record, err := openBAC(t, answering(change))
			isOnly(t, err, emrtd.ErrAccess)
			stays(t, c, record, askedAuthorize, true)
		})
	}
}

// repeating is a generator that is broken.
type repeating struct{}

func (repeating) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 0x42
	}
	return len(b), nil
}

// TestNegativeBACRepeated (BAC-08): a chip that sends the same RND.IC twice is opened, and is warned of.
func TestNegativeBACRepeated(t *testing.T) {
	p, err := plainProfile()
	if err != nil {
		t.Fatal(err)
	}
	run := func(o cardsim.Options, shared *emrtd.Challenges) *emrtd.Conn {
		o.NoPACE = true
		c := emrtd.New(cardsim.New(p, o).Transport())
		c.Challenges = shared
		if err := c.SelectApplication(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := c.BAC(t.Context(), p.MRZInformation); err != nil {
			t.Fatal(err)
		}
		return c
	}
	t.Run("BAC-08 in two readings", func(t *testing.T) {
		var seen emrtd.Challenges
		first, second := run(cardsim.Options{Random: repeating{}}, &seen), run(cardsim.Options{Random: repeating{}}, &seen)
		if len(first.Warnings()) != 0 || len(second.Warnings()) != 1 {
			t.Fatalf("warnings: %v, %v", first.Warnings(), second.Warnings())
		}
		isOnlyWarning(t, second.Warnings()[0])
	})
	t.Run("BAC-08 in one reading", func(t *testing.T) {
		// The chip ends its session, and is opened again.
		c := run(cardsim.Options{Random: repeating{}, PlainErrors: true}, nil)
		if _, err := c.ReadFile(t.Context(), emrtd.DG3, nil); err == nil {
			t.Fatal("the fingerprints are read")
		}
		if err := c.SelectApplication(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := c.BAC(t.Context(), p.MRZInformation); err != nil || len(c.Warnings()) != 1 {
			t.Errorf("%v, warnings: %v", err, c.Warnings())
		}
	})
	t.Run("BAC-08 a sound chip", func(t *testing.T) {
		var seen emrtd.Challenges
		for range 600 { // more than are remembered
			if c := run(cardsim.Options{}, &seen); len(c.Warnings()) != 0 {
				t.Fatalf("warnings: %v", c.Warnings())
			}
		}
	})
}

func isOnlyWarning(t *testing.T, err error) {
	t.Helper()
	if err != emrtd.ErrRepeatedChallenge {
		t.Errorf("%v", err)
	}
}

// slowing answers later and later after each failed BAC, as chips do against guessing. The time is that of synctest.
type slowing struct {
	card.Transport
	pause time.Duration
}

func (s *slowing) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	select {
	case <-time.After(s.pause):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	response, err := s.Transport.Transmit(ctx, command)
	if err == nil && bytes.Equal(response, []byte{0x63, 0x00}) {
		s.pause = min(s.pause+s.pause+time.Second, 14*time.Second)
	}
	return response, err
}

// TestNegativeBACSlow (BAC-09): a chip that takes up to 14 s for each command is waited for.
func TestNegativeBACSlow(t *testing.T) {
	t.Run("BAC-09", func(t *testing.T) { synctest.Test(t, slowChip) })
}

func slowChip(t *testing.T) {
	p, err := plainProfile()
	if err != nil {
		t.Fatal(err)
	}
	c := emrtd.New(&slowing{Transport: cardsim.New(p, cardsim.Options{NoPACE: true}).Transport()})
	began := time.Now()
	for range 5 {
		if err := c.SelectApplication(t.Context()); err != nil {
			t.Fatal(err)
		}
		isOnly(t, c.BAC(t.Context(), "090000017790010113001010"), emrtd.ErrWrongKey)
	}
	if err := c.SelectApplication(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.BAC(t.Context(), p.MRZInformation); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took < time.Minute {
		t.Errorf("the chip was not slow: %v", took)
	}
}

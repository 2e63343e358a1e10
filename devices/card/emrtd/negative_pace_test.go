package emrtd_test

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/cardtest"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/agree"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
	"motcua/devices/card/vncard"
)

// kinds are one offer of each sort: what goes wrong in PACE is tried with each of them.
func kinds() map[string]cardsim.PACEOffer {
	return map[string]cardsim.PACEOffer{
		"GM over a curve":  {Mapping: cardsim.Generic, Cipher: secmsg.AES128, Parameters: 13},
		"GM over numbers":  {Mapping: cardsim.Generic, Cipher: secmsg.TripleDES, Parameters: 0},
		"IM over a curve":  {Mapping: cardsim.Integrated, Cipher: secmsg.AES256, Parameters: 12},
		"IM over numbers":  {Mapping: cardsim.Integrated, Cipher: secmsg.AES192, Parameters: 0},
		"CAM over a curve": {Mapping: cardsim.ChipAuthentication, Cipher: secmsg.AES128, Parameters: 15},
	}
}

// paceRun is PACE against a chip whose answers are changed.
type paceRun struct {
	t       *testing.T
	offer   cardsim.PACEOffer
	profile *cardsim.Profile
	options cardsim.Options
	conn    *emrtd.Conn
	spy     *cardtest.Spy
}

// newPACERun prepares a run. edit sees the answers to GENERAL AUTHENTICATE with the number of the step, 1 to 4, and that
// to MSE:Set AT as step 0.
func newPACERun(t *testing.T, offer cardsim.PACEOffer, edit func(r *paceRun, step int, plain apdu.Response) apdu.Response) *paceRun {
	t.Helper()
	r := &paceRun{t: t, offer: offer, profile: activeProfile(t, cardsim.ProfileOptions{PACE: []cardsim.PACEOffer{offer}})}
	step := 0
	r.options.Edit = func(_ int, ins byte, plain apdu.Response) apdu.Response {
		switch {
		case edit == nil || r.conn.Secured():
			return plain
		case ins == apdu.InsManageSecurityEnvironment:
			step = 0
			return edit(r, 0, plain)
		case ins == apdu.InsGeneralAuthenticate:
			step++
			return edit(r, step, plain)
		}
		return plain
	}
	return r
}

// run runs PACE with the right CAN, or another one.
func (r *paceRun) run(can string) error {
	r.t.Helper()
	r.spy = &cardtest.Spy{Transport: cardsim.New(r.profile, r.options).Transport()}
	r.conn = emrtd.New(r.spy)
	return r.conn.PACE(r.t.Context(), readAccess(r.t, r.conn, false), emrtd.CAN(can))
}

// fails: PACE ends with this error and of no other kind, no session is there, and the chip heard no more than so many
// commands after EF.CardAccess.
func (r *paceRun) fails(want error, commands int) {
	r.t.Helper()
	err := r.run(r.profile.CAN)
	if !errors.Is(err, want) || r.conn.Secured() {
		r.t.Errorf("%v, secured %t, want %v", err, r.conn.Secured(), want)
	}
	for _, other := range []error{emrtd.ErrWrongKey, emrtd.ErrSecureMessaging, emrtd.ErrKeyNotKnown} {
		if other != want && errors.Is(err, other) {
			r.t.Errorf("%v is also %v", err, other)
		}
	}
	if got := r.conn.Stats().APDUs - 1; got != commands {
		r.t.Errorf("%d commands of PACE, want %d", got, commands)
	}
}

// works: PACE succeeds and what the chip holds can be read.
func (r *paceRun) works() {
	r.t.Helper()
	if err := r.run(r.profile.CAN); err != nil {
		r.t.Fatal(err)
	}
	r.reads()
}

func (r *paceRun) reads() {
	r.t.Helper()
	if err := r.conn.SelectApplication(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	checkReads(r.t, r.conn, r.profile)
}

// eachKind runs a case with every kind of PACE.
func eachKind(t *testing.T, name string, test func(t *testing.T, offer cardsim.PACEOffer)) {
	t.Helper()
	for kind, offer := range kinds() {
		t.Run(name+" "+kind, func(t *testing.T) { test(t, offer) })
	}
}

// at changes the answer of one step.
func at(step int, change func(r *paceRun, plain apdu.Response) apdu.Response) func(*paceRun, int, apdu.Response) apdu.Response {
	return func(r *paceRun, now int, plain apdu.Response) apdu.Response {
		if now == step {
			return change(r, plain)
		}
		return plain
	}
}

// answered is an answer with data.
func answered(data []byte) func(*paceRun, apdu.Response) apdu.Response {
	return func(*paceRun, apdu.Response) apdu.Response { return apdu.Response{Data: data, SW: apdu.OK} }
}

func refusedWith(sw apdu.StatusWord) func(*paceRun, apdu.Response) apdu.Response {
	return func(*paceRun, apdu.Response) apdu.Response { return apdu.Response{SW: sw} }
}

func dynamic(tag tlv.Tag, value []byte) []byte { return tlv.New(0x7C, tlv.New(tag, value)) }

// TestNegativePACERefused (PACE-05, PACE-07): a status word at each step ends the run.
func TestNegativePACERefused(t *testing.T) {
	for sw, want := range map[apdu.StatusWord]error{0x6A80: emrtd.ErrNoPACE, 0x6A88: emrtd.ErrKeyNotKnown} {
		eachKind(t, fmt.Sprintf("PACE-05 MSE %s", sw), func(t *testing.T, offer cardsim.PACEOffer) {
			newPACERun(t, offer, at(0, refusedWith(sw))).fails(want, 1)
		})
		t.Run(fmt.Sprintf("PACE-05 no BAC after %s", sw), func(t *testing.T) {
			r := situation{options: cardsim.Options{Edit: func(_ int, ins byte, plain apdu.Response) apdu.Response {
				if ins == apdu.InsManageSecurityEnvironment {
					return apdu.Response{SW: sw}
				}
				return plain
			}}}.read(t)
			for _, c := range r.commands {
				if r.err == nil || c[1] == apdu.InsGetChallenge {
					t.Fatalf("%v; command %X", r.err, c)
				}
			}
		})
	}
	for step := 1; step <= 4; step++ {
		eachKind(t, fmt.Sprintf("PACE-07 step %d", step), func(t *testing.T, offer cardsim.PACEOffer) {
			for _, sw := range []apdu.StatusWord{0x6A80, 0x6985, 0x6F00, 0x6700} {
				newPACERun(t, offer, at(step, refusedWith(sw))).fails(emrtd.ErrAccess, 1+step)
			}
		})
	}
}

// TestNegativePACENonce (PACE-06): nonces of a wrong length or in no object.
func TestNegativePACENonce(t *testing.T) {
	eachKind(t, "PACE-06", func(t *testing.T, offer cardsim.PACEOffer) {
		right := 16
		if offer.Mapping == cardsim.Integrated && offer.Cipher >= secmsg.AES192 {
			right = 32
		}
		for _, size := range []int{0, 1, 8, 15, 16, 17, 24, 31, 32, 33, 64} {
			if size != right {
				newPACERun(t, offer, at(1, answered(dynamic(0x80, make([]byte, size))))).fails(emrtd.ErrAccess, 2)
			}
		}
		for _, data := range [][]byte{nil, {0x7C, 0}, {0x80, 0}, make([]byte, 20)} {
			newPACERun(t, offer, at(1, answered(data))).fails(emrtd.ErrAccess, 2)
		}
	})
}

// TestNegativePACETags (PACE-08): objects in other tags, too many of them, or broken, at each step.
func TestNegativePACETags(t *testing.T) {
	changes := map[string]func([]byte) []byte{
		"7D in place of 7C":        func(b []byte) []byte { b[0] = 0x7D; return b },
		"the terminal's tag":       func(b []byte) []byte { return retag(b, -1) },
		"another tag":              func(b []byte) []byte { return retag(b, 5) },
		"nothing in 7C":            func([]byte) []byte { return []byte{0x7C, 0} },
		"no data":                  func([]byte) []byte { return nil },
		"a byte after it":          func(b []byte) []byte { return append(b, 0) },
		"a byte less":              func(b []byte) []byte { return b[:len(b)-1] },
		"another object before it": func(b []byte) []byte { return prepended(b) },
	}
	for step := 1; step <= 4; step++ {
		for name, change := range changes {
			eachKind(t, fmt.Sprintf("PACE-08 step %d %s", step, name), func(t *testing.T, offer cardsim.PACEOffer) {
				if step == 2 && offer.Mapping == cardsim.Integrated && name == "nothing in 7C" {
					t.Skip("chips answer so to the integrated mapping")
				}
				newPACERun(t, offer, at(step, func(_ *paceRun, plain apdu.Response) apdu.Response {
					plain.Data = change(bytes.Clone(plain.Data))
					return plain
				})).fails(emrtd.ErrAccess, 1+step)
			})
		}
	}
}

// objectsOf are the objects inside dynamic authentication data.
func objectsOf(b []byte) []byte {
	o, err := tlv.One(b)
	if err != nil {
		panic(err) // the chip's own answer
	}
	return bytes.Clone(o.Value)
}

func retag(b []byte, by int) []byte {
	objects := objectsOf(b)
	objects[0] = byte(int(objects[0]) + by)
	return tlv.New(0x7C, objects)
}

func prepended(b []byte) []byte { return tlv.New(0x7C, []byte{0x87, 1, 0}, objectsOf(b)) }

// TestNegativePACEPublicKeys (PACE-09 to PACE-11): public keys that are none, in the mapping and in the agreement.
func TestNegativePACEPublicKeys(t *testing.T) {
	for _, step := range []struct {
		id     string
		number int
		tag    tlv.Tag
	}{{"PACE-09", 2, 0x82}, {"PACE-10", 3, 0x84}} {
		eachKind(t, step.id, func(t *testing.T, offer cardsim.PACEOffer) {
			if step.number == 2 && offer.Mapping == cardsim.Integrated {
				newPACERun(t, offer, at(2, answered(dynamic(0x82, []byte{1})))).fails(emrtd.ErrAccess, 3)
				return
			}
			for name, key := range badPublicKeys(t, offer.Parameters) {
				t.Run(name, func(t *testing.T) {
					newPACERun(t, offer, at(step.number, answered(dynamic(step.tag, key)))).fails(emrtd.ErrAccess, 1+step.number)
				})
			}
		})
		eachKind(t, fmt.Sprintf("PACE-11 step %d", step.number), func(t *testing.T, offer cardsim.PACEOffer) {
			if step.number == 2 && offer.Mapping == cardsim.Integrated {
				t.Skip("no public keys there")
			}
			newPACERun(t, offer, at(step.number, func(r *paceRun, _ apdu.Response) apdu.Response {
				return apdu.Response{Data: retag(r.spy.Command.Data, 1), SW: apdu.OK}
			})).fails(emrtd.ErrAccess, 1+step.number)
		})
	}
}

// badPublicKeys are what is no public key of a group.
func badPublicKeys(t *testing.T, parameters int) map[string][]byte {
	t.Helper()
	g, ok := agree.ByID(parameters)
	if !ok {
		t.Fatal("no group")
	}
	good := g.Encode(g.Generator())
	bad := map[string][]byte{"none": {}, "infinity": {0}, "one byte less": good[:len(good)-1], "one byte more": append(bytes.Clone(good), 0)}
	if parameters <= 2 {
		p := g.Prime()
		for name, n := range map[string]*big.Int{
			"zero": new(big.Int), "one": big.NewInt(1), "outside the subgroup": big.NewInt(2), "p-1": new(big.Int).Sub(p, big.NewInt(1)), "p": p,
			"p+1": new(big.Int).Add(p, big.NewInt(1)),
		} {
			bad[name] = n.FillBytes(make([]byte, len(good)))
		}
		return bad
	}
	half := (len(good) - 1) / 2
	off := bytes.Clone(good)
	off[len(off)-1] ^= 1
	bad["off the curve"] = off
	bad["compressed"] = append([]byte{2 + good[len(good)-1]&1}, good[1:1+half]...)
	bad["hybrid"] = append([]byte{6 + good[len(good)-1]&1}, good[1:]...)
	bad["coordinates of zero"] = append([]byte{4}, make([]byte, 2*half)...)
	bad["above the prime"] = append(append([]byte{4}, bytes.Repeat([]byte{0xFF}, half)...), good[1+half:]...)
	return bad
}

// TestNegativePACEToken (PACE-12 to PACE-14): tokens and passwords.
func TestNegativePACEToken(t *testing.T) {
	eachKind(t, "PACE-12 wrong token", func(t *testing.T, offer cardsim.PACEOffer) {
		for _, change := range []func([]byte) []byte{
			func(b []byte) []byte { b[4] ^= 1; return b },
			func(b []byte) []byte { b[11] ^= 0x80; return b },
			func([]byte) []byte { return dynamic(0x86, nil) },
			func([]byte) []byte { return dynamic(0x86, make([]byte, 8)) },
			func(b []byte) []byte { return dynamic(0x86, b[4:11]) },
			func(b []byte) []byte { return dynamic(0x86, append(bytes.Clone(b[4:12]), 0)) },
		} {
			r := newPACERun(t, offer, at(4, func(_ *paceRun, plain apdu.Response) apdu.Response {
				return apdu.Response{Data: change(dynamic(0x86, plain.Data[len(plain.Data)-8:])), SW: plain.SW}
			}))
			r.fails(emrtd.ErrSecureMessaging, 5)
			if err := r.conn.PACE(t.Context(), readyInfo(t, r), emrtd.CAN(r.profile.CAN)); !errors.Is(err, emrtd.ErrSecureMessaging) {
				t.Errorf("the connection is not dead: %v", err)
			}
		}
	})
	eachKind(t, "PACE-12 our own token", func(t *testing.T, offer cardsim.PACEOffer) {
		newPACERun(t, offer, at(4, func(r *paceRun, plain apdu.Response) apdu.Response {
			return apdu.Response{Data: retag(r.spy.Command.Data, 1), SW: plain.SW}
		})).fails(emrtd.ErrSecureMessaging, 5)
	})
	eachKind(t, "PACE-13 tries left", triesLeft)
	eachKind(t, "PACE-14 another CAN", func(t *testing.T, offer cardsim.PACEOffer) {
		r := newPACERun(t, offer, nil)
		err := r.run("999999")
		if counts := new(emrtd.WrongKeyError); !errors.Is(err, emrtd.ErrWrongKey) || errors.As(err, &counts) {
			t.Errorf("%v", err)
		}
		if r.conn.Stats().APDUs != 6 {
			t.Errorf("%d commands", r.conn.Stats().APDUs)
		}
		if err := r.conn.PACE(t.Context(), readyInfo(t, r), emrtd.CAN(r.profile.CAN)); err != nil {
			t.Errorf("the right CAN after a wrong one: %v", err)
		}
		r.reads()
	})
}

// readyInfo is the offer of the chip as the reader has it.
func readyInfo(t *testing.T, r *paceRun) lds.PACEInfo {
	t.Helper()
	return readAccess(t, emrtd.New(cardsim.New(r.profile, cardsim.Options{}).Transport()), false)
}

// triesLeft: a chip that counts says so when it is told the password, which is no refusal, and at the end. Nothing is
// tried again.
func triesLeft(t *testing.T, offer cardsim.PACEOffer) {
	warned := newPACERun(t, offer, nil)
	warned.options.Rewrite = func(_ int, raw []byte) []byte {
		if warned.spy.Command.INS == apdu.InsManageSecurityEnvironment && len(raw) == 2 {
			return []byte{0x63, 0xC1}
		}
		return raw
	}
	warned.works()
	for tries := range 3 {
		r := newPACERun(t, offer, at(4, refusedWith(0x63C0|apdu.StatusWord(tries))))
		err := r.run("999999")
		counts := new(emrtd.WrongKeyError)
		if !errors.Is(err, emrtd.ErrWrongKey) || !errors.As(err, &counts) || counts.TriesLeft != tries {
			t.Errorf("%d tries left: %v", tries, err)
		}
		if r.conn.Stats().APDUs != 6 {
			t.Errorf("%d commands", r.conn.Stats().APDUs)
		}
	}
}

// securityInfo makes the DER of a SecurityInfo.
func securityInfo(t *testing.T, oid asn1.ObjectIdentifier, rest ...any) []byte {
	t.Helper()
	content, err := asn1.Marshal(oid)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range rest {
		raw, err := asn1.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		content = append(content, raw...)
	}
	return tlv.New(0x30, content)
}

func paceOID(mapping, cipher int) asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 2, 2, 4, mapping, cipher}
}

// TestNegativePACEOffers (PACE-02 to PACE-04, PACE-20): what cannot be used is passed over, of the rest the strongest is
// taken, and where there is nothing the chip is left alone.
func TestNegativePACEOffers(t *testing.T) {
	weak := cardsim.PACEOffer{Cipher: secmsg.AES128, Parameters: 13}
	strong := cardsim.PACEOffer{Cipher: secmsg.AES256, Parameters: 16}
	spelt := cardsim.PACEOffer{Cipher: secmsg.AES256, Parameters: 17, Own: 40}
	algorithm := struct {
		OID        asn1.ObjectIdentifier
		Parameters int
	}{asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 1, 2}, 19}
	domain := asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 2, 2, 4, 2}
	for name, v := range map[string]struct {
		offers []cardsim.PACEOffer
		more   [][]byte
		want   cardsim.PACEOffer
	}{
		"PACE-02 unknown parameters": {[]cardsim.PACEOffer{weak}, [][]byte{
			securityInfo(t, paceOID(2, 4), 2, 3), securityInfo(t, paceOID(2, 4), 2, 7), securityInfo(t, paceOID(2, 4), 2, 19),
			securityInfo(t, paceOID(2, 4), 2, 31), securityInfo(t, paceOID(2, 4), 2, 32), securityInfo(t, paceOID(2, 4), 2, 127),
			securityInfo(t, paceOID(2, 4), 2, 128), securityInfo(t, paceOID(2, 4), 2, -1), securityInfo(t, paceOID(2, 4), 2, 1<<40),
			securityInfo(t, paceOID(2, 4), 2, "13"), securityInfo(t, paceOID(2, 4), 2), securityInfo(t, paceOID(2, 4), 1, 16),
		}, weak},
		"PACE-02 numbers for curves": {[]cardsim.PACEOffer{weak}, [][]byte{
			securityInfo(t, paceOID(2, 4), 2, 0), securityInfo(t, paceOID(1, 4), 2, 16), securityInfo(t, paceOID(6, 4), 2, 2),
		}, weak},
		"PACE-03 two":               {[]cardsim.PACEOffer{weak, strong}, nil, strong},
		"PACE-03 the other way":     {[]cardsim.PACEOffer{strong, weak}, nil, strong},
		"PACE-03 and one spelt out": {[]cardsim.PACEOffer{weak, strong, spelt}, nil, spelt},
		"PACE-03 spelt out, unknown": {[]cardsim.PACEOffer{weak, strong}, [][]byte{
			securityInfo(t, domain, algorithm, 40), securityInfo(t, domain, algorithm, 41), securityInfo(t, paceOID(2, 4), 2, 40),
			securityInfo(t, paceOID(2, 4), 2, 42),
		}, strong},
		"PACE-03 another under the number of a known one": {[]cardsim.PACEOffer{weak}, [][]byte{securityInfo(t, domain, algorithm, 13)}, weak},
		"PACE-03 same cipher":                             {[]cardsim.PACEOffer{{Cipher: secmsg.AES128, Parameters: 12}, weak}, nil, weak},
		"PACE-03 CAM first": {[]cardsim.PACEOffer{strong, {Mapping: cardsim.ChipAuthentication, Cipher: secmsg.AES128, Parameters: 13}}, nil,
			cardsim.PACEOffer{Mapping: cardsim.ChipAuthentication, Cipher: secmsg.AES128, Parameters: 13}},
		"PACE-04 unknown identifiers": {[]cardsim.PACEOffer{weak}, [][]byte{
			securityInfo(t, paceOID(5, 2), 2, 13), securityInfo(t, paceOID(7, 2), 2, 13), securityInfo(t, paceOID(2, 5), 2, 13),
			securityInfo(t, paceOID(6, 1), 2, 13), securityInfo(t, paceOID(2, 0), 2, 13), securityInfo(t, append(paceOID(2, 2), 1), 2, 13),
			securityInfo(t, asn1.ObjectIdentifier{1, 2, 3}, "what"), securityInfo(t, asn1.ObjectIdentifier{2, 23, 136, 9, 9}, 1, []byte{1}),
		}, weak},
		"PACE-20 IM only": {[]cardsim.PACEOffer{{Mapping: cardsim.Integrated, Cipher: secmsg.AES128, Parameters: 13}}, nil,
			cardsim.PACEOffer{Mapping: cardsim.Integrated, Cipher: secmsg.AES128, Parameters: 13}},
	} {
		t.Run(name, func(t *testing.T) {
			p := activeProfile(t, cardsim.ProfileOptions{PACE: v.offers, Infos: v.more})
			r := &paceRun{t: t, profile: p}
			r.works()
			info := readyInfo(t, r)
			if info.Cipher != v.want.Cipher || info.Parameters() != v.want.Parameters || r.conn.Cipher() != v.want.Cipher {
				t.Errorf("chose %+v, want %+v", info, v.want)
			}
		})
	}
	for name, oid := range map[string]asn1.ObjectIdentifier{"IM over secp224r1": paceOID(4, 2), "numbers": paceOID(1, 2)} {
		t.Run("PACE-20 nothing but "+name, func(t *testing.T) {
			access := tlv.New(0x31, securityInfo(t, oid, 2, 10))
			r := situation{profile: with(t, cardsim.EFCardAccess, func([]byte) []byte { return access })}.read(t)
			r.fails(emrtd.ErrUnsupported, 1)
		})
	}
}

// TestNegativePACECardAccess (PACE-01, PACE-19): EF.CardAccess is damaged, or says what DG14 does not.
func TestNegativePACECardAccess(t *testing.T) {
	for name, change := range map[string]func([]byte) []byte{
		"a byte less": func(b []byte) []byte { return b[:len(b)-1] }, "another tag": func(b []byte) []byte { b[0] = 0x30; return b },
		"no entries but a string": func([]byte) []byte { return []byte{0x31, 3, 4, 1, 0} },
		"a length too long":       func(b []byte) []byte { b[3]++; return b },
	} {
		t.Run("PACE-01 "+name, func(t *testing.T) {
			r := situation{profile: with(t, cardsim.EFCardAccess, change)}.read(t)
			c := r.succeeds()
			if c.Files[emrtd.CardAccess] != nil || c.Access != vncard.PACECAN {
				t.Errorf("%s, %v", c.Access, c.Checks)
			}
		})
	}
	t.Run("PACE-19 weaker than DG14", func(t *testing.T) {
		p := profile(t, cardsim.ProfileOptions{PACE: []cardsim.PACEOffer{{Cipher: secmsg.AES256, Parameters: 13}}})
		seen, err := plainProfile()
		if err != nil {
			t.Fatal(err)
		}
		p.PACE = append(slices.Clone(p.PACE), seen.PACE...) // the chip takes both, DG14 tells of one
		p.Files[cardsim.EFCardAccess] = seen.Files[cardsim.EFCardAccess]
		c := situation{profile: p}.read(t).succeeds()
		if outcome(c, vncard.CheckAccess) != vncard.Failed {
			t.Errorf("%v", c.Checks)
		}
	})
}

package tr03105_test

import (
	"bytes"
	"errors"
	"math/big"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/agree"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

// Offers of each sort.
var (
	genericCurve    = cardsim.PACEOffer{Mapping: cardsim.Generic, Cipher: secmsg.AES128, Parameters: onBP}
	genericNumbers  = cardsim.PACEOffer{Mapping: cardsim.Generic, Cipher: secmsg.TripleDES, Parameters: 0}
	integratedCurve = cardsim.PACEOffer{Mapping: cardsim.Integrated, Cipher: secmsg.AES128, Parameters: onBP}
	integratedDH    = cardsim.PACEOffer{Mapping: cardsim.Integrated, Cipher: secmsg.AES128, Parameters: 0}
	mappedCurve     = cardsim.PACEOffer{Mapping: cardsim.ChipAuthentication, Cipher: secmsg.AES128, Parameters: onBP}
)

func everySort() []cardsim.PACEOffer {
	return []cardsim.PACEOffer{genericCurve, genericNumbers, integratedCurve, integratedDH, mappedCurve}
}

// paceRun is PACE with a chip whose answers may be changed.
type paceRun struct {
	t       *testing.T
	profile *cardsim.Profile
	options cardsim.Options
	conn    *emrtd.Conn
	command []byte // the last one
}

// newPACERun prepares a run. edit sees the answers to GENERAL AUTHENTICATE with the number of the step, 1 to 4, and that
// to MSE:Set AT as step 0; nil: none is changed.
func newPACERun(t *testing.T, o cardsim.ProfileOptions, edit func(r *paceRun, step int, plain apdu.Response) apdu.Response) *paceRun {
	t.Helper()
	r := &paceRun{t: t, profile: smallProfile(t, o)}
	step := 0
	r.options.Edit = func(_ int, ins byte, plain apdu.Response) apdu.Response {
		switch {
		case edit == nil || r.conn.Secured():
			return plain
		case ins == apdu.InsManageSecurityEnvironment:
			step = 0
		case ins == apdu.InsGeneralAuthenticate:
			step++
		default:
			return plain
		}
		return edit(r, step, plain)
	}
	return r
}

// run reads EF.CardAccess, takes the best offer and runs it.
func (r *paceRun) run() (lds.PACEInfo, error) {
	r.t.Helper()
	r.conn = emrtd.New(cardsim.New(r.profile, r.options).Transport())
	r.conn.Trace = func(d emrtd.Direction, raw []byte) {
		if d == emrtd.ToCard {
			r.command = bytes.Clone(raw)
		}
	}
	_, infos, err := r.conn.ReadCardAccess(r.t.Context(), r.options.Extended)
	if err != nil {
		return lds.PACEInfo{}, err
	}
	info, err := emrtd.Best(infos.PACE())
	if err != nil {
		return info, err
	}
	return info, r.conn.PACE(r.t.Context(), info, emrtd.CAN(r.profile.CAN))
}

// works: PACE succeeds, with this choice, and the chip can be read.
func (r *paceRun) works(want cardsim.PACEOffer) {
	r.t.Helper()
	info, err := r.run()
	if err != nil {
		r.t.Errorf("%+v: %v", want, err)
		return
	}
	if info.ParameterID != want.Parameters || info.Cipher != want.Cipher || r.conn.Cipher() != want.Cipher {
		r.t.Errorf("%+v was taken, want %+v", info, want)
	}
	if err := r.conn.SelectApplication(r.t.Context()); err != nil {
		r.t.Error(err)
	}
	if raw, err := r.conn.ReadFile(r.t.Context(), emrtd.DG1, nil); err != nil || !bytes.Equal(raw, r.profile.Files[cardsim.DG(1)]) {
		r.t.Errorf("%+v: %d bytes, %v", want, len(raw), err)
	}
}

// fails: PACE ends with this error, without a session, after so many commands.
func (r *paceRun) fails(want error, commands int) {
	r.t.Helper()
	if _, err := r.run(); !errors.Is(err, want) || r.conn.Secured() {
		r.t.Errorf("%v, secured %t, want %v", err, r.conn.Secured(), want)
	}
	if got := r.conn.Stats().APDUs - 1; got != commands {
		r.t.Errorf("%d commands of PACE, want %d", got, commands)
	}
}

func offering(all ...cardsim.PACEOffer) cardsim.ProfileOptions {
	return cardsim.ProfileOptions{PACE: all}
}

// paceWorks runs each offer on a chip of its own.
func paceWorks(all ...cardsim.PACEOffer) func(*testing.T) {
	return func(t *testing.T) {
		for _, offer := range all {
			r := newPACERun(t, offering(offer), nil)
			r.options.Extended = offer.Parameters == 1 || offer.Parameters == 2 // their keys fit no short command
			r.works(offer)
		}
	}
}

// everyGroup is a mapping over every standardized group that it can be done over.
func everyGroup(m cardsim.Mapping, cipher secmsg.Cipher) (all []cardsim.PACEOffer) {
	for id := range 32 {
		g, ok := agree.ByID(id)
		numbers := id <= 2
		if !ok || numbers && m == cardsim.ChipAuthentication || !numbers && m == cardsim.Integrated && g.Prime().Bit(1) == 0 {
			continue
		}
		all = append(all, cardsim.PACEOffer{Mapping: m, Cipher: cipher, Parameters: id})
	}
	return all
}

// paceFails changes the answer of one step, with chips of these sorts; PACE ends there.
func paceFails(step int, want error, change func(r *paceRun, plain apdu.Response) apdu.Response, sorts ...cardsim.PACEOffer) func(*testing.T) {
	return func(t *testing.T) {
		for _, offer := range sorts {
			newPACERun(t, offering(offer), func(r *paceRun, now int, plain apdu.Response) apdu.Response {
				if now == step {
					return change(r, plain)
				}
				return plain
			}).fails(want, 1+step)
		}
	}
}

func word(sw apdu.StatusWord) func(*paceRun, apdu.Response) apdu.Response {
	return func(*paceRun, apdu.Response) apdu.Response { return apdu.Response{SW: sw} }
}

// data changes the answer's data.
func data(change func([]byte) []byte) func(*paceRun, apdu.Response) apdu.Response {
	return func(_ *paceRun, plain apdu.Response) apdu.Response {
		return apdu.Response{Data: change(bytes.Clone(plain.Data)), SW: plain.SW}
	}
}

// innerTag is another tag of the first object inside 7C.
func innerTag(tag byte) func(*paceRun, apdu.Response) apdu.Response {
	return data(func(b []byte) []byte {
		o, err := tlv.One(b)
		if err != nil {
			panic(err) // the chip's own answer
		}
		inner := bytes.Clone(o.Value)
		inner[0] = tag
		return tlv.New(0x7C, inner)
	})
}

// key answers with a public key that is none.
func key(tag tlv.Tag, value []byte) func(*paceRun, apdu.Response) apdu.Response {
	return data(func([]byte) []byte { return tlv.New(0x7C, tlv.New(tag, value)) })
}

// badKeys tries each of them at a step, on chips over this group.
func badKeys(step int, offer cardsim.PACEOffer, tag tlv.Tag) func(*testing.T) {
	return func(t *testing.T) {
		g, _ := agree.ByID(offer.Parameters)
		good := g.Encode(g.Generator())
		var bad [][]byte
		if offer.Parameters <= 2 {
			one := big.NewInt(1)
			for _, n := range []*big.Int{new(big.Int), one, new(big.Int).Sub(g.Prime(), one), g.Prime(), big.NewInt(2)} {
				bad = append(bad, n.FillBytes(make([]byte, len(good))))
			}
		} else {
			half := len(good) / 2
			for _, at := range []int{1, half, half + 1, len(good) - 1} { // x and y, first and last byte
				off := bytes.Clone(good)
				off[at] ^= 1
				bad = append(bad, off)
			}
			hybrid := bytes.Clone(good)
			hybrid[0] = 6
			bad = append(bad, hybrid, append([]byte{4}, make([]byte, 2*half)...), []byte{0})
		}
		bad = append(bad, nil, good[:len(good)-1], append(bytes.Clone(good), 0))
		for _, b := range bad {
			paceFails(step, emrtd.ErrAccess, key(tag, b), offer)(t)
		}
	}
}

// echoed answers with the terminal's own public key.
func echoed(r *paceRun, plain apdu.Response) apdu.Response {
	command, err := apdu.ParseCommand(r.command)
	if err != nil {
		r.t.Fatal(err)
	}
	o, err := tlv.One(command.Data)
	if err != nil {
		r.t.Fatal(err)
	}
	inner := bytes.Clone(o.Value)
	inner[0]++
	return apdu.Response{Data: tlv.New(0x7C, inner), SW: plain.SW}
}

package tr03105_test

import (
	"bytes"
	"errors"
	"testing"

	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/tlv"
	"motcua/devices/card/vncard"
)

// chipData changes the chip's data at the end of PACE: what comes after the token, and the data inside it.
func chipData(change func(data []byte) []byte) func(*testing.T) {
	edit := func(plain apdu.Response) apdu.Response {
		o, err := tlv.One(plain.Data)
		if err != nil {
			panic(err) // the chip's own answer
		}
		objects, err := tlv.Parse(o.Value)
		if err != nil || len(objects) != 2 {
			panic("no chip data")
		}
		return apdu.Response{Data: tlv.New(0x7C, objects[0].Raw, change(bytes.Clone(objects[1].Value))), SW: plain.SW}
	}
	return func(t *testing.T) {
		p := mappedProfile(t)
		step := 0
		o := answers(apdu.InsGeneralAuthenticate, func(plain apdu.Response) apdu.Response {
			if step++; step == 4 {
				return edit(plain)
			}
			return plain
		})
		c, err := tryReading(t, p, o)
		if errors.Is(err, emrtd.ErrAccess) {
			return // the answer is not even one of PACE
		}
		if err != nil {
			t.Fatal(err)
		}
		wants(t, c, vncard.CheckChip, vncard.Failed, vncard.CauseCloned)
	}
}

// rooted believes one issuer.
type rooted struct {
	pki.Nobody
	root *pki.Certificate
}

func (r rooted) Issuers(pki.Name) []*pki.Certificate { return []*pki.Certificate{r.root} }

// mappedAndPassive: the mapping proves the chip, with an EF.CardSecurity that a trusted issuer vouches for.
func mappedAndPassive(t *testing.T) {
	p := mappedProfile(t)
	root, err := pki.ParseCertificate(p.Root)
	if err != nil {
		t.Fatal(err)
	}
	request := requestFor(p.Persona)
	request.Trust = rooted{root: root}
	c, err := vncard.Read(t.Context(), cardsim.New(p, cardsim.Options{}).Transport(), request)
	if err != nil {
		t.Fatal(err)
	}
	wants(t, c, vncard.CheckChip, vncard.Passed, "")
	wants(t, c, vncard.CheckPassive, vncard.Passed, "")
}

// foreignData: the chip's data of one mapping, in another one, are passed over.
func foreignData(t *testing.T) {
	r := newPACERun(t, offering(genericCurve), func(_ *paceRun, step int, plain apdu.Response) apdu.Response {
		if o, err := tlv.One(plain.Data); err == nil && step == 4 {
			plain.Data = tlv.New(0x7C, o.Value, tlv.New(0x8A, make([]byte, 32)))
		}
		return plain
	})
	r.works(genericCurve)
	if r.conn.ChipMapping() != nil {
		t.Error("a chip mapping came of it")
	}
}

// emptyDG14: what EF.CardAccess says has to stand in DG14, too.
func emptyDG14(t *testing.T) {
	p := changed(t, mappedProfile(t), cardsim.DG(14), func([]byte) []byte { return tlv.New(lds.TagDG14, tlv.New(0x31)) })
	c := reading(t, p, cardsim.Options{})
	wants(t, c, vncard.CheckDataGroups, vncard.Failed, vncard.CauseHash)
	wants(t, c, vncard.CheckPassive, vncard.NotPossible, vncard.Cause(pki.CauseIssuerUnknown))
}

func withoutKeys(t *testing.T, p *cardsim.Profile) []byte {
	return signedAccess(t, p, leaving("0.4.0.127.0.7.2.2.1"))
}

// mappingChecks are about PACE with the chip authentication mapping.
func mappingChecks() []check {
	const paceCAM = "0.4.0.127.0.7.2.2.4.6."
	return []check{
		{"ISO7816_G_29", chipData(func(d []byte) []byte { return d })},
		{"ISO7816_G_30", chipData(func(d []byte) []byte { return tlv.New(0x8A, tlv.New(0x30, d)) })},
		{"ISO7816_G_31", chipData(func(d []byte) []byte { d[0] ^= 1; return tlv.New(0x8A, d) })},
		{"ISO7816_G_32", chipData(func(d []byte) []byte { return tlv.New(0x8B, d) })},
		{"ISO7816_G_33", chipData(func([]byte) []byte { return tlv.New(0x8A) })},
		{"ISO7816_G_34", mappedAndPassive},
		{"ISO7816_G_35", foreignData},
		{"ISO7816_G_36", noOffer(paceInfo(paceCAM+"1", onBP))},
		{"ISO7816_G_37", noOffer(paceInfo(paceCAM+"5", onBP))},
		{"ISO7816_G_38", emptyDG14},
		{"ISO7816_G_39", mapped(anotherKey, vncard.Failed, vncard.CauseCloned)},
		{"ISO7816_G_40", mapped(withoutKeys, vncard.Failed, vncard.CauseCloned)},
	}
}

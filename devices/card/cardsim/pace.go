package cardsim

import (
	"bytes"
	"crypto/sha1"
	"crypto/subtle"
	"io"
	"math/big"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/agree"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

// Data objects of GENERAL AUTHENTICATE, ICAO 9303-11 §4.4.4.1, and of MSE:Set AT.
const (
	tagDynamicData   tlv.Tag = 0x7C
	tagNonce         tlv.Tag = 0x80
	tagMapTerminal   tlv.Tag = 0x81
	tagMapChip       tlv.Tag = 0x82
	tagKeyTerminal   tlv.Tag = 0x83
	tagKeyChip       tlv.Tag = 0x84
	tagTokenTerminal tlv.Tag = 0x85
	tagTokenChip     tlv.Tag = 0x86
	tagChipData      tlv.Tag = 0x8A
	tagPublicKey     tlv.Tag = 0x7F49
)

// pace is the chip's part of PACE, ICAO 9303-11 §4.4.
type pace struct {
	offer    PACEOffer
	group    agree.Group
	password []byte // K of 9303-11 §9.7.3
	random   io.Reader
	static   *big.Int // of the chip authentication mapping

	step        int // commands answered
	nonce       []byte
	mapPrivate  *big.Int
	base        agree.Element // the mapped generator
	chip, other agree.Element // ephemeral public keys
	secret      []byte
}

const paceSteps = 4

// mrzPassword is K for the MRZ: its SHA-1.
func mrzPassword(information string) []byte {
	digest := sha1.Sum([]byte(information))
	return digest[:]
}

func (c *Card) newPACE(offer PACEOffer, password []byte) *pace {
	group, _ := agree.ByID(offer.Parameters) // Build checked it
	p := &pace{offer: offer, group: group, password: password, random: c.options.Random}
	if k := c.profile.mappingKey(offer.Parameters, c.profile.mappingKeys); k != nil {
		p.static = c.private(k.private)
	}
	return p
}

// setUpPACE is MSE:Set AT for PACE. A chip with one set of domain parameters need not be told which, one with several
// wants to be (9303-11 §4.4.4.1).
func (c *Card) setUpPACE(given map[tlv.Tag][]byte) apdu.StatusWord {
	_, there := c.profile.Files[EFCardAccess]
	switch {
	case c.options.NoPACE || !there:
		return apdu.WrongP1P2
	case c.session != nil:
		return apdu.ConditionsOfUse
	}
	parameter, named := given[tagParameter]
	sets := map[int]bool{}
	var offers []PACEOffer
	for _, o := range c.profile.PACE {
		sets[o.number()] = true
		if bytes.Equal(given[tagProtocol], o.protocol()) && (!named || bytes.Equal(parameter, []byte{byte(o.number())})) {
			offers = append(offers, o)
		}
	}
	if len(offers) != 1 || len(sets) > 1 && !named {
		return apdu.WrongData
	}
	switch {
	case bytes.Equal(given[tagReference], []byte{passwordCAN}):
		c.pace = c.newPACE(offers[0], []byte(c.profile.CAN))
	case bytes.Equal(given[tagReference], []byte{passwordMRZ}) && !c.options.CANOnly:
		c.pace = c.newPACE(offers[0], mrzPassword(c.profile.MRZInformation))
	default:
		return apdu.ReferenceNotFound
	}
	return apdu.OK
}

// last says whether the next command is the last one: the only one that is not chained.
func (p *pace) last() bool { return p.step == paceSteps-1 }

// answer takes the terminal's data object (tag 0: none) and gives the chip's.
func (p *pace) answer(tag tlv.Tag, value []byte) ([]byte, apdu.StatusWord) {
	steps := [paceSteps]struct {
		tag tlv.Tag
		do  func([]byte) ([]byte, apdu.StatusWord)
	}{{0, p.encryptNonce}, {tagMapTerminal, p.mapNonce}, {tagKeyTerminal, p.agree}, {tagTokenTerminal, p.confirm}}
	now := steps[p.step]
	if tag != now.tag {
		return nil, apdu.WrongData
	}
	p.step++
	return now.do(value)
}

func (p *pace) encryptNonce([]byte) ([]byte, apdu.StatusWord) {
	p.nonce = make([]byte, p.nonceSize())
	if _, err := io.ReadFull(p.random, p.nonce); err != nil {
		return nil, apdu.NoDiagnosis
	}
	key := secmsg.KDF(p.password, secmsg.CounterPassword, p.offer.Cipher)
	return tlv.New(tagNonce, mustCrypt(p.offer.Cipher.Encrypt(key, nil, p.nonce))), apdu.OK
}

func (p *pace) agree(value []byte) ([]byte, apdu.StatusWord) {
	terminal, err := p.group.Decode(value)
	if err != nil {
		return nil, apdu.WrongData
	}
	private, public, err := p.group.Generate(p.random, p.base)
	if err != nil {
		return nil, apdu.NoDiagnosis
	}
	shared, err := p.group.Apply(private, terminal)
	if err != nil || p.group.Same(terminal, public) { // 9303-11 §4.4.1 step 3 d
		return nil, apdu.AuthenticationFailed
	}
	p.chip, p.other = public, terminal
	p.secret = secretOf(p.group, shared)
	return tlv.New(tagKeyChip, p.group.Encode(public)), apdu.OK
}

// confirm: the token can only be right if both had the same password. A wrong one is answered 6300.
func (p *pace) confirm(value []byte) ([]byte, apdu.StatusWord) {
	if subtle.ConstantTimeCompare(value, p.token(p.chip)) != 1 {
		return nil, apdu.AuthenticationFailed
	}
	answer := tlv.New(tagTokenChip, p.token(p.other))
	if p.offer.Mapping == ChipAuthentication {
		answer = append(answer, tlv.New(tagChipData, p.chipData())...)
	}
	return answer, apdu.OK
}

// token is the MAC over the other side's public key, 9303-11 §4.4.3.4.
func (p *pace) token(e agree.Element) []byte {
	object := tlv.New(tagPublicKey, tlv.New(tagOID, p.offer.protocol()), tlv.New(p.group.Tag(), p.group.Encode(e)))
	return mustCrypt(p.offer.Cipher.MAC(secmsg.KDF(p.secret, secmsg.CounterMAC, p.offer.Cipher), object))
}

// secretOf is what keys are derived from: the x coordinate of a point, or a number, each with its leading zeros (9303-11
// §9.6). It is cut out of the encoding here, so that a terminal which loses zeros is found out.
func secretOf(group agree.Group, e agree.Element) []byte {
	raw := group.Encode(e)
	size := (group.Prime().BitLen() + 7) / 8
	if len(raw) == 1+2*size {
		raw = raw[1 : 1+size]
	}
	return append(make([]byte, size-len(raw)), raw...)
}

package cardsim

import (
	"bytes"
	"math/big"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/secmsg"
	"motcua/devices/card/tlv"
)

// This file is the chip's part of chip authentication, ICAO 9303-11 §6.2: it agrees by a static key of DG14 on new
// session keys. A copy of the card does not have that key, and will not understand the next command.

const tagChipPoint = tlv.Tag(0x80) // the terminal's public key in GENERAL AUTHENTICATE

// private is a private key of the card, or that of a copy, which had to make up its own.
func (c *Card) private(key *big.Int) *big.Int {
	if c.options.Clone {
		return new(big.Int).Add(key, big.NewInt(1))
	}
	return key
}

// setUpChipAuthentication is MSE:Set AT, §6.2.4.2.
func (c *Card) setUpChipAuthentication(given map[tlv.Tag][]byte) apdu.StatusWord {
	if c.session == nil || !c.application {
		return apdu.SecurityStatus
	}
	var offered []*ChipKey
	for _, k := range c.profile.ChipKeys {
		if k.Cipher != secmsg.TripleDES && bytes.Equal(given[tagProtocol], bareID(k.objectID())) {
			offered = append(offered, k)
		}
	}
	if len(offered) == 0 {
		return apdu.WrongData
	}
	var sw apdu.StatusWord
	c.chipKey, sw = c.choose(offered, given)
	return sw
}

// choose finds the key that is meant: the only one unnamed, one of several by its identifier.
func (c *Card) choose(offered []*ChipKey, given map[tlv.Tag][]byte) (*ChipKey, apdu.StatusWord) {
	id, named := given[tagParameter]
	if given[tagReference] != nil || !named && len(c.profile.ChipKeys) > 1 {
		return nil, apdu.ReferenceNotFound
	}
	for _, k := range offered {
		if !named || k.KeyID != 0 && new(big.Int).SetBytes(id).Cmp(big.NewInt(int64(k.KeyID))) == 0 {
			return k, apdu.OK
		}
	}
	return nil, apdu.ReferenceNotFound
}

// authenticateChip is GENERAL AUTHENTICATE, §6.2.4.2.
func (c *Card) authenticateChip(key *ChipKey, tag tlv.Tag, value []byte) apdu.Response {
	if tag != tagChipPoint {
		return refusal(apdu.WrongData)
	}
	if sw := c.takeKeys(key, value); sw != apdu.OK {
		return refusal(sw)
	}
	return success(tlv.New(tagDynamicData))
}

// authenticateChipAtOnce is MSE:Set KAT, §6.2.4.1.
func (c *Card) authenticateChipAtOnce(given map[tlv.Tag][]byte) apdu.StatusWord {
	if c.session == nil || !c.application {
		return apdu.SecurityStatus
	}
	var offered []*ChipKey
	for _, k := range c.profile.ChipKeys {
		if k.Cipher == secmsg.TripleDES {
			offered = append(offered, k)
		}
	}
	if len(offered) == 0 {
		return apdu.WrongP1P2
	}
	key, sw := c.choose(offered, given)
	if sw != apdu.OK {
		return sw
	}
	return c.takeKeys(key, given[tagEphemeral])
}

// takeKeys agrees with the terminal's public key. The new session begins after the answer.
func (c *Card) takeKeys(key *ChipKey, value []byte) apdu.StatusWord {
	terminal, err := key.group.Decode(value)
	if err != nil {
		return apdu.WrongData
	}
	shared, err := key.group.Apply(c.private(key.private), terminal)
	if err != nil {
		return apdu.WrongData
	}
	if !c.options.KeepsOldKeys {
		c.next = newSession(key.Cipher, secretOf(key.group, shared), nil)
	}
	return apdu.OK
}

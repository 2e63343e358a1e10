package cardsim

import (
	"motcua/devices/card/apdu"
	"motcua/devices/card/tlv"
)

// P1-P2 of MANAGE SECURITY ENVIRONMENT, ICAO 9303-11 §4.4.4.1 and §6.2.4, and its data objects.
const (
	setATMutual   = 0xC1A4 // PACE
	setATInternal = 0x41A4 // chip authentication with AES
	setKAT        = 0x41A6 // chip authentication with 3DES

	tagProtocol  tlv.Tag = 0x80
	tagReference tlv.Tag = 0x83
	tagParameter tlv.Tag = 0x84 // domain parameters of PACE, or the key of chip authentication
	tagEphemeral tlv.Tag = 0x91

	passwordMRZ = 0x01
	passwordCAN = 0x02
	aaChallenge = 8 // 9303-11 §6.1
)

func (c *Card) manageSecurityEnvironment(command apdu.Command) apdu.Response {
	c.pace, c.chipKey = nil, nil
	order := []tlv.Tag{tagProtocol, tagReference, tagParameter}
	kind := int(command.P1)<<8 | int(command.P2)
	if kind == setKAT {
		order = []tlv.Tag{tagEphemeral, tagParameter}
	}
	given, sw := references(command.Data, order)
	if sw != apdu.OK {
		return refusal(sw)
	}
	switch kind {
	case setATMutual:
		return refusal(c.setUpPACE(given))
	case setATInternal:
		return refusal(c.setUpChipAuthentication(given))
	case setKAT:
		return refusal(c.authenticateChipAtOnce(given))
	}
	return refusal(apdu.WrongP1P2)
}

// references reads the data objects of MANAGE SECURITY ENVIRONMENT, each at most once and in order.
func references(data []byte, order []tlv.Tag) (map[tlv.Tag][]byte, apdu.StatusWord) {
	objects, err := tlv.Parse(data)
	if err != nil {
		return nil, apdu.WrongData
	}
	given := map[tlv.Tag][]byte{}
	for _, o := range objects {
		for len(order) > 0 && order[0] != o.Tag {
			order = order[1:]
		}
		if len(order) == 0 {
			return nil, apdu.WrongData
		}
		given[o.Tag], order = o.Value, order[1:]
	}
	return given, apdu.OK
}

// generalAuthenticate runs the steps of PACE, or the one of chip authentication. Anything unexpected ends what was
// under way.
func (c *Card) generalAuthenticate(command apdu.Command) apdu.Response {
	p, chipKey := c.pace, c.chipKey
	c.pace, c.chipKey = nil, nil
	tag, value, sw := dynamicData(command)
	chained := command.CLA&apdu.ClassChained != 0
	switch {
	case sw != apdu.OK:
		return refusal(sw)
	case chipKey != nil:
		return c.authenticateChip(chipKey, tag, value)
	case p == nil:
		return refusal(apdu.ConditionsOfUse)
	case p.last() && chained:
		return refusal(apdu.LastOfChainExpected)
	case !p.last() && !chained:
		return refusal(apdu.ConditionsOfUse)
	}
	last := p.last()
	object, sw := p.answer(tag, value)
	if sw != apdu.OK {
		return refusal(sw)
	}
	if last {
		c.next = newSession(p.offer.Cipher, p.secret, nil)
	} else {
		c.pace = p
	}
	return success(tlv.New(tagDynamicData, object))
}

// dynamicData opens DO'7C', which holds one object or none (tag 0).
func dynamicData(command apdu.Command) (tag tlv.Tag, value []byte, sw apdu.StatusWord) {
	outer, err := tlv.One(command.Data)
	if err != nil || outer.Tag != tagDynamicData || command.P1 != 0 || command.P2 != 0 {
		return 0, nil, apdu.WrongData
	}
	inner, err := outer.Children()
	switch {
	case err != nil || len(inner) > 1:
		return 0, nil, apdu.WrongData
	case command.Ne == 0:
		return 0, nil, apdu.WrongLength
	case len(inner) == 1:
		return inner[0].Tag, inner[0].Value, apdu.OK
	}
	return 0, nil, apdu.OK
}

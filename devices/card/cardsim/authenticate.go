package cardsim

import (
	"bytes"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd/ec"
	"motcua/devices/card/tlv"
)

// P1-P2 of MANAGE SECURITY ENVIRONMENT, ICAO 9303-11 §4.4.4.1 and §6.2.4.2, and its data objects.
const (
	setATMutual   = 0xC1A4 // PACE
	setATInternal = 0x41A4 // chip authentication

	tagProtocol  tlv.Tag = 0x80
	tagReference tlv.Tag = 0x83
	tagParameter tlv.Tag = 0x84

	passwordMRZ  = 0x01
	passwordCAN  = 0x02
	curveID      = 13 // brainpoolP256r1 in table 6 of 9303-11 §9.5.1
	aaChallenge  = 8  // 9303-11 §6.1
	tagChipPoint = tlv.Tag(0x80)
)

// chipProtocol is id-CA-ECDH-AES-CBC-CMAC-128 without tag and length.
func chipProtocol() []byte { return []byte{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x02} }

func (c *Card) manageSecurityEnvironment(command apdu.Command) apdu.Response {
	c.pace, c.chipKey = nil, false
	given, sw := references(command.Data)
	if sw != apdu.OK {
		return refusal(sw)
	}
	switch int(command.P1)<<8 | int(command.P2) {
	case setATMutual:
		return refusal(c.setUpPACE(given))
	case setATInternal:
		return refusal(c.setUpChipAuthentication(given))
	}
	return refusal(apdu.WrongP1P2)
}

// references reads the data objects of MSE:Set AT: 80, 83, 84, each at most once and in this order.
func references(data []byte) (map[tlv.Tag][]byte, apdu.StatusWord) {
	objects, err := tlv.Parse(data)
	if err != nil {
		return nil, apdu.WrongData
	}
	order := []tlv.Tag{tagProtocol, tagReference, tagParameter}
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

func (c *Card) setUpPACE(given map[tlv.Tag][]byte) apdu.StatusWord {
	_, offered := c.profile.Files[EFCardAccess]
	switch {
	case c.options.NoPACE || !offered:
		return apdu.WrongP1P2
	case c.session != nil:
		return apdu.ConditionsOfUse
	case !bytes.Equal(given[tagProtocol], paceProtocol()):
		return apdu.WrongData
	}
	if parameter, named := given[tagParameter]; named && !bytes.Equal(parameter, []byte{curveID}) {
		return apdu.WrongData
	}
	switch {
	case bytes.Equal(given[tagReference], []byte{passwordCAN}):
		c.pace = c.newPACE([]byte(c.profile.CAN))
	case bytes.Equal(given[tagReference], []byte{passwordMRZ}) && !c.options.CANOnly:
		c.pace = c.newPACE(mrzPassword(c.profile.MRZInformation))
	default:
		return apdu.ReferenceNotFound
	}
	return apdu.OK
}

func (c *Card) setUpChipAuthentication(given map[tlv.Tag][]byte) apdu.StatusWord {
	_, keyNamed := given[tagParameter] // the one key has no identifier
	switch {
	case c.session == nil || !c.application:
		return apdu.SecurityStatus
	case !bytes.Equal(given[tagProtocol], chipProtocol()):
		return apdu.WrongData
	case keyNamed || given[tagReference] != nil:
		return apdu.ReferenceNotFound
	}
	c.chipKey = true
	return apdu.OK
}

// generalAuthenticate runs the steps of PACE, or the one of chip authentication. Anything unexpected ends what was
// under way.
func (c *Card) generalAuthenticate(command apdu.Command) apdu.Response {
	p, chipKey := c.pace, c.chipKey
	c.pace, c.chipKey = nil, false
	tag, value, sw := dynamicData(command)
	chained := command.CLA&apdu.ClassChained != 0
	switch {
	case sw != apdu.OK:
		return refusal(sw)
	case chipKey && chained:
		return refusal(apdu.ChainingNotSupported)
	case chipKey:
		return c.authenticateChip(tag, value)
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
		c.next = newSession(sessionCipher, p.secret, nil)
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

// authenticateChip agrees with the static key of DG14 on new session keys (9303-11 §6.2): a copy of the card does not
// have that key, and will not understand the next command.
func (c *Card) authenticateChip(tag tlv.Tag, value []byte) apdu.Response {
	curve := ec.BrainpoolP256r1()
	point, err := curve.Decode(value)
	if err != nil || tag != tagChipPoint {
		return refusal(apdu.WrongData)
	}
	secret := curve.EncodeX(curve.Multiply(c.profile.ChipKey, point))
	c.next = newSession(sessionCipher, secret, nil)
	return success(tlv.New(tagDynamicData))
}

package cardsim

import "motcua/devices/card/apdu"

// maxChain is the most bytes that a chain of commands may bring.
const maxChain = 1024

// chain is a command that comes in parts (ISO 7816-4 §5.1.1.1). Inside secure messaging chip authentication may need it
// for long public keys; outside the same bit of the class links the steps of PACE.
type chain struct {
	ins, p1, p2 byte
	data        []byte
}

func (ch *chain) fits(c apdu.Command) bool { return ch.ins == c.INS && ch.p1 == c.P1 && ch.p2 == c.P2 }

// collect takes a part. done says that the command is whole, or was never in parts.
func (c *Card) collect(command apdu.Command) (whole apdu.Command, done bool, sw apdu.StatusWord) {
	pending := c.chain
	c.chain = nil
	chained := command.CLA&apdu.ClassChained != 0
	switch {
	case pending == nil && !chained, c.session == nil:
		return command, true, apdu.OK
	case command.INS != apdu.InsGeneralAuthenticate && command.INS != apdu.InsManageSecurityEnvironment:
		if pending != nil {
			return command, false, apdu.LastOfChainExpected
		}
		return command, false, apdu.ChainingNotSupported
	case pending == nil:
		pending = &chain{ins: command.INS, p1: command.P1, p2: command.P2}
	case !pending.fits(command):
		return command, false, apdu.LastOfChainExpected
	}
	pending.data = append(pending.data, command.Data...)
	if len(pending.data) > maxChain {
		return command, false, apdu.WrongLength
	}
	if chained {
		c.chain = pending
		return command, false, apdu.OK
	}
	command.Data = pending.data
	return command, true, apdu.OK
}

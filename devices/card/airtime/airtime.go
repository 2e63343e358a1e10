// Package airtime estimates how long a conversation with a contactless chip takes.
//
// Readers and cards in software answer at once, so a clock says nothing about a counter: what costs time there is the
// number of commands, the bytes, and what the chip computes. A Link turns the conversation, command by command, into
// the time that it would take over ISO 14443-4. It is a model, not a measurement: its figures for chip and reader are
// assumptions, the same for everybody, good for comparing one way of reading with another.
package airtime

import (
	"time"

	"motcua/devices/card/apdu"
)

// Rates of ISO 14443-2 in bits a second.
const (
	Rate106 = 106_000
	Rate424 = 424_000
	Rate848 = 848_000
)

// Frames of ISO 14443-4: the largest that common readers and chips agree on, its prologue and epilogue, and what one
// more frame of the same chain costs in guard times.
const (
	frameSize     = 256
	frameOverhead = 3 // PCB and two bytes of CRC
	chainedFrame  = 300 * time.Microsecond

	bitsPerByte = 9 // with parity, ISO 14443-3 §6.2.3
)

// What the chip is taken to need: for a command as such, and for the cryptography of each protocol.
const (
	chipCommand = 500 * time.Microsecond

	paceStep = 330 * time.Millisecond / 4 // four GENERAL AUTHENTICATE
	bac      = 40 * time.Millisecond
	chipAuth = 130 * time.Millisecond
	active   = 130 * time.Millisecond
)

// Assumptions says in a line what the model takes for granted.
const Assumptions = "0.5 ms a command in the chip, PACE 330 ms, BAC 40, chip authentication 130, active authentication 130; " +
	"9 bits a byte, frames of 256, 0.3 ms a chained frame"

// Exchange is one command and its response, as they stand on the wire.
type Exchange struct {
	Command, Response []byte
}

// Link is a reader and the rate at which it talks to the chip.
type Link struct {
	Rate     int           // bits a second
	Overhead time.Duration // of reader, USB and driver, for each command
}

// Time is how long the conversation takes over the link.
func (l Link) Time(conversation []Exchange) time.Duration {
	var sum time.Duration
	for _, x := range conversation {
		sum += l.Overhead + chipCommand + thinking(x.Command) + l.carry(len(x.Command)) + l.carry(len(x.Response))
	}
	return sum
}

// carry is the time of n bytes in one direction.
func (l Link) carry(n int) time.Duration {
	const room = frameSize - frameOverhead
	frames := max(1, (n+room-1)/room)
	bits := (n + frames*frameOverhead) * bitsPerByte
	return time.Duration(bits)*time.Second/time.Duration(l.Rate) + time.Duration(frames-1)*chainedFrame
}

// thinking is what the chip computes for a command: GENERAL AUTHENTICATE in the clear is a step of PACE, under secure
// messaging it is chip authentication, as is MSE:Set KAT.
func thinking(command []byte) time.Duration {
	const setKeyAgreement = 0xA6 // P2 of MSE:Set KAT
	const header = 4
	if len(command) < header {
		return 0
	}
	secured := command[0]&apdu.ClassSecure != 0
	switch command[1] {
	case apdu.InsGeneralAuthenticate:
		if secured {
			return chipAuth
		}
		return paceStep
	case apdu.InsManageSecurityEnvironment:
		if command[3] == setKeyAgreement {
			return chipAuth
		}
	case apdu.InsExternalAuthenticate:
		return bac
	case apdu.InsInternalAuthenticate:
		return active
	}
	return 0
}

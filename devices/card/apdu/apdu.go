// Package apdu encodes and decodes the commands and responses of ISO 7816-4.
//
// Start with Command: fill in header, Data and Ne and call Encode. ParseResponse splits what came back, and
// StatusWord.Err turns a refusal into an error that errors.Is compares with the few things a caller can act on
// (ErrNotFound, ErrSecurityStatus, ErrWrongLength …). ParseCommand is the chip's side of the same clause and is
// strict: whatever does not add up is refused, because a simulator that helps hides the reader's mistakes.
//
// Why extended length is a field and not a guess: whether card and reader both take extended APDUs is only known
// after a probe, so the caller decides, and a command that cannot be sent short is an error unless Extended is set.
package apdu

import (
	"errors"
	"fmt"
)

// Limits of ISO 7816-4 §5.1.
const (
	MaxShortLc    = 255   // bytes of command data in a short APDU
	MaxShortNe    = 256   // bytes of response data that a short Le can ask for
	MaxExtendedLc = 65535 // bytes of command data in an extended APDU
	MaxExtendedNe = 65536 // bytes of response data that an extended Le can ask for

	headerSize = 4
)

// Bits of the class byte, ISO 7816-4 §5.1.1 (first interindustry values).
const (
	ClassChained byte = 0x10 // not the last command of a chain
	ClassSecure  byte = 0x0C // secure messaging, header authenticated
)

// Instruction bytes that an eMRTD knows (ISO 7816-4 §5.1.2, ICAO 9303-10 §3.6).
const (
	InsManageSecurityEnvironment byte = 0x22
	InsExternalAuthenticate      byte = 0x82
	InsGetChallenge              byte = 0x84
	InsGeneralAuthenticate       byte = 0x86
	InsInternalAuthenticate      byte = 0x88
	InsSelect                    byte = 0xA4
	InsReadBinary                byte = 0xB0
	InsReadBinaryOdd             byte = 0xB1 // offset in DO'54', answer in DO'53'
	InsGetResponse               byte = 0xC0 // what 61xx announced
)

// ErrEncoding is what every failure to encode or parse an APDU unwraps to.
var ErrEncoding = errors.New("apdu: malformed")

// Command is one command APDU. The zero Ne means that Le is absent.
type Command struct {
	CLA, INS, P1, P2 byte
	Data             []byte
	Ne               int  // expected response bytes, 0…65536; 256 is the short Le 00, 65536 the extended Le 0000
	Extended         bool // encode Lc and Le in extended form even where the short one would do
}

// Encode gives the command in one of the seven forms of ISO 7816-4 §5.1: case 1, and cases 2 to 4 short or extended.
// Extended fields are used exactly if Extended is set; without it, data over 255 bytes or an Ne over 256 are errors.
func (c Command) Encode() ([]byte, error) {
	maxLc, maxNe := MaxShortLc, MaxShortNe
	if c.Extended {
		maxLc, maxNe = MaxExtendedLc, MaxExtendedNe
	}
	if len(c.Data) > maxLc || c.Ne < 0 || c.Ne > maxNe {
		return nil, fmt.Errorf("%w: Lc %d, Ne %d, extended %t", ErrEncoding, len(c.Data), c.Ne, c.Extended)
	}
	out := make([]byte, 0, headerSize+len(c.Data)+6)
	out = append(out, c.CLA, c.INS, c.P1, c.P2)
	if c.Extended {
		return c.appendExtended(out), nil
	}
	if len(c.Data) > 0 {
		out = append(out, byte(len(c.Data)))
		out = append(out, c.Data...)
	}
	if c.Ne > 0 {
		out = append(out, byte(c.Ne))
	}
	return out, nil
}

// appendExtended adds body fields in extended form. Only one zero byte marks it: with data it stands before Lc, and
// Le is then two bytes; without data (case 2E) it stands before Le, which so becomes three.
func (c Command) appendExtended(out []byte) []byte {
	if len(c.Data) == 0 && c.Ne == 0 {
		return out
	}
	out = append(out, 0)
	if len(c.Data) > 0 {
		out = append(out, byte(len(c.Data)>>8), byte(len(c.Data)))
		out = append(out, c.Data...)
	}
	if c.Ne > 0 {
		out = append(out, byte(c.Ne>>8), byte(c.Ne))
	}
	return out
}

// ParseCommand reads a command APDU, ISO 7816-4 §5.1. Lengths must add up exactly. Data is a copy.
func ParseCommand(raw []byte) (Command, error) {
	if len(raw) < headerSize {
		return Command{}, fmt.Errorf("%w: %d bytes are no command", ErrEncoding, len(raw))
	}
	c := Command{CLA: raw[0], INS: raw[1], P1: raw[2], P2: raw[3]}
	body, width := raw[headerSize:], 1
	// One byte is Le and two can only be a wrong short form; from three on, a leading zero announces extended fields.
	if len(body) >= 3 && body[0] == 0 {
		c.Extended, body, width = true, body[1:], 2
	}
	if len(body) > width {
		lc := bigEndian(body[:width])
		body = body[width:]
		if lc == 0 || lc > len(body) {
			return Command{}, fmt.Errorf("%w: Lc %d with %d bytes following", ErrEncoding, lc, len(body))
		}
		c.Data, body = append([]byte(nil), body[:lc]...), body[lc:]
	}
	switch len(body) {
	case 0:
	case width:
		if c.Ne = bigEndian(body); c.Ne == 0 {
			c.Ne = 1 << (8 * width)
		}
	default:
		return Command{}, fmt.Errorf("%w: %d bytes after the data", ErrEncoding, len(body))
	}
	return c, nil
}

func bigEndian(b []byte) int {
	n := 0
	for _, x := range b {
		n = n<<8 | int(x)
	}
	return n
}

// Response is one response APDU.
type Response struct {
	Data []byte
	SW   StatusWord
}

// ParseResponse splits a response into data and status word. Data shares raw's memory.
func ParseResponse(raw []byte) (Response, error) {
	if len(raw) < 2 {
		return Response{}, fmt.Errorf("%w: response of %d bytes", ErrEncoding, len(raw))
	}
	end := len(raw) - 2
	return Response{Data: raw[:end:end], SW: StatusWord(raw[end])<<8 | StatusWord(raw[end+1])}, nil
}

// Encode gives data and status word as the card sends them.
func (r Response) Encode() []byte {
	out := make([]byte, 0, len(r.Data)+2)
	return append(append(out, r.Data...), byte(r.SW>>8), byte(r.SW))
}

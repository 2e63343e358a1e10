package tr03105_test

import (
	"bytes"
	"context"

	"motcua/devices/card/apdu"
	"motcua/devices/card/emrtd"
)

// openChip is a document without access control: one application and its files, in the clear. It reads no further than
// the end of a file and says so as past says.
type openChip struct {
	files    map[emrtd.File][]byte
	past     func(left int) apdu.StatusWord // the answer to who asks for more than is left; nil: what is left, with 9000
	selected emrtd.File
	commands []apdu.Command
}

func (c *openChip) ATR() []byte  { return []byte{0x3B, 0x00} }
func (c *openChip) Close() error { return nil }

// Transmit implements card.Transport.
func (c *openChip) Transmit(_ context.Context, raw []byte) ([]byte, error) {
	command, err := apdu.ParseCommand(raw)
	if err != nil {
		return nil, err
	}
	c.commands = append(c.commands, command)
	return c.answer(command).Encode(), nil
}

func (c *openChip) answer(command apdu.Command) apdu.Response {
	switch {
	case command.INS == apdu.InsSelect && bytes.HasPrefix(command.Data, []byte{0xA0, 0, 0, 2, 0x47}):
		return apdu.Response{SW: apdu.OK}
	case command.INS == apdu.InsReadBinary && command.P1&0x80 != 0:
		c.selected = emrtd.File(command.P1 & 0x1F)
		return c.read(int(command.P2), command.Ne)
	case command.INS == apdu.InsReadBinary:
		return c.read(int(command.P1)<<8|int(command.P2), command.Ne)
	}
	return apdu.Response{SW: apdu.WrongINS}
}

func (c *openChip) read(offset, ne int) apdu.Response {
	file, ok := c.files[c.selected]
	if !ok {
		return apdu.Response{SW: apdu.FileNotFound}
	}
	left := len(file) - offset
	if ne <= left {
		return apdu.Response{Data: file[offset : offset+ne], SW: apdu.OK}
	}
	sw := apdu.OK
	if c.past != nil {
		sw = c.past(left)
	}
	if left <= 0 || sw != apdu.OK && sw != apdu.EndOfFile {
		return apdu.Response{SW: sw}
	}
	return apdu.Response{Data: file[offset:], SW: sw}
}

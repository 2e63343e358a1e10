package cardsim

import (
	"bytes"

	"motcua/devices/card/apdu"
	"motcua/devices/card/tlv"
)

// FileID names an elementary file, ICAO 9303-10 §3.
type FileID uint16

// The files of a card. DG gives those of the data groups.
const (
	EFCardAccess FileID = 0x011C
	EFCOM        FileID = 0x011E
	EFSOD        FileID = 0x011D

	dataGroupBase FileID = 0x0100
	masterFile    FileID = 0x3F00
)

// DG is the file of data group n, 1 to 16.
func DG(n int) FileID { return dataGroupBase | FileID(n) }

// fingerprints can be read only after terminal authentication, which no terminal here can do.
var fingerprints = DG(3)

// linkLimit is the most data bytes that fit, with a status word, into the two-byte length of the link to vpcd.
const linkLimit = 65533

// Parameters of SELECT and READ BINARY, ISO 7816-4 §11.1.1 and §11.2.3.
const (
	selectByID          = 0x00
	selectChild         = 0x02
	selectByName        = 0x04
	returnNothing       = 0x0C
	returnFCP           = 0x04
	shortIDGiven        = 0x80
	shortIDReserved     = 0x60
	shortIDMask         = 0x1F
	tagOffset           = tlv.Tag(0x54)
	tagDiscretionary    = tlv.Tag(0x53)
	maxOffsetBytes      = 3
	shortNeAll          = apdu.MaxShortNe
	extendedNeAll       = apdu.MaxExtendedNe
	maxShortIDInP1P2    = FileID(0x1F)
	fileIdentifierBytes = 2
)

// applicationID is the eMRTD application, ICAO 9303-10 §3.6.1.
func applicationID() []byte { return []byte{0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01} }

func (c *Card) selectFile(command apdu.Command) apdu.Response {
	if command.P2 != 0 && command.P2 != returnFCP && command.P2 != returnNothing {
		return refusal(apdu.WrongP1P2)
	}
	id, isID := fileID(command.Data)
	switch {
	case command.P1 == selectByName:
		if !bytes.Equal(command.Data, applicationID()) {
			return refusal(apdu.FileNotFound)
		}
		c.application, c.file = true, 0
	case command.P1 == selectByID && (len(command.Data) == 0 || isID && id == masterFile):
		if c.options.MF != apdu.OK {
			return refusal(c.options.MF)
		}
		c.application, c.file = false, 0
	case command.P1 != selectByID && command.P1 != selectChild:
		return refusal(apdu.WrongP1P2)
	case !isID:
		return refusal(apdu.WrongLength)
	default:
		if sw := c.mayOpen(id); sw != apdu.OK {
			return refusal(sw)
		}
		c.file = id
	}
	return success(nil)
}

func fileID(data []byte) (FileID, bool) {
	if len(data) != fileIdentifierBytes {
		return 0, false
	}
	return FileID(data[0])<<8 | FileID(data[1]), true
}

// mayOpen is 9000 if the file is there and may be read now. EF.CardAccess belongs to the master file and needs no
// access control; EF.CardSecurity
// belongs there too and needs it, as do all others, which belong to the application.
func (c *Card) mayOpen(id FileID) apdu.StatusWord {
	exists := c.content(id) != nil
	if id == EFCardAccess {
		switch {
		case c.application && c.options.AccessInApplet != apdu.OK:
			return c.options.AccessInApplet
		case !exists || c.options.NoPACE:
			return apdu.FileNotFound
		}
		return apdu.OK
	}
	switch {
	case !c.application && (id != EFSOD || !exists):
		return apdu.FileNotFound
	case c.session == nil: // before existence: who may not read need not know
		return apdu.SecurityStatus
	case !exists:
		return apdu.FileNotFound
	case id == fingerprints:
		return apdu.SecurityStatus
	}
	return apdu.OK
}

// content is that of a file: in the master file the identifier of EF.SOD is that of EF.CardSecurity.
func (c *Card) content(id FileID) []byte {
	if id == EFSOD && !c.application {
		return c.profile.CardSecurity
	}
	return c.profile.Files[id]
}

func (c *Card) readBinary(command apdu.Command, room int, lie lie) apdu.Response {
	if command.Ne == 0 || command.Ne > c.options.MaxNe {
		return refusal(apdu.WrongLength)
	}
	id, offset, sw := c.locate(command)
	if sw != apdu.OK {
		return refusal(sw)
	}
	if sw := c.mayOpen(id); sw != apdu.OK {
		return refusal(sw)
	}
	c.file = id
	content := c.content(id)
	if offset >= len(content) {
		return refusal(apdu.OffsetOutside)
	}
	size := c.fitting(min(len(content)-offset, command.Ne), command, room)
	if size == 0 {
		return refusal(apdu.WrongLength)
	}
	data := bytes.Clone(content[offset : offset+size])
	if offset == 0 {
		lie.inflate(data)
	}
	return apdu.Response{Data: wrapped(data, command), SW: c.endStatus(offset, command, len(content))}
}

// endStatus: an Le of "all there is" never reaches too far.
func (c *Card) endStatus(offset int, command apdu.Command, length int) apdu.StatusWord {
	all := command.Ne == shortNeAll || command.Ne == extendedNeAll
	if c.options.EndOfFileWarning && !all && offset+command.Ne > length {
		return apdu.EndOfFile
	}
	return apdu.OK
}

// locate finds file and offset of a READ BINARY.
func (c *Card) locate(command apdu.Command) (FileID, int, apdu.StatusWord) {
	if command.INS == apdu.InsReadBinaryOdd {
		return c.locateOdd(command)
	}
	id, offset := c.file, int(command.P1)<<8|int(command.P2)
	switch {
	case len(command.Data) > 0:
		return 0, 0, apdu.WrongLength
	case command.P1&shortIDGiven != 0:
		if command.P1&shortIDReserved != 0 {
			return 0, 0, apdu.WrongP1P2
		}
		id, offset = dataGroupBase|FileID(command.P1&shortIDMask), int(command.P2)
	}
	if id == 0 {
		return 0, 0, apdu.NoCurrentFile
	}
	return id, offset, apdu.OK
}

// locateOdd: the odd instruction has the file in P1-P2 (0: the current one) and the offset in DO'54'.
func (c *Card) locateOdd(command apdu.Command) (FileID, int, apdu.StatusWord) {
	object, err := tlv.One(command.Data)
	if err != nil || object.Tag != tagOffset || len(object.Value) == 0 || len(object.Value) > maxOffsetBytes {
		return 0, 0, apdu.WrongData
	}
	offset := 0
	for _, b := range object.Value {
		offset = offset<<8 | int(b)
	}
	id := FileID(command.P1)<<8 | FileID(command.P2)
	switch {
	case id == 0:
		id = c.file
	case id <= maxShortIDInP1P2:
		id |= dataGroupBase
	}
	if id == 0 {
		return 0, 0, apdu.NoCurrentFile
	}
	return id, offset, apdu.OK
}

// wrapped is the answer's data field: DO'53' around the bytes for the odd instruction.
func wrapped(data []byte, command apdu.Command) []byte {
	if command.INS == apdu.InsReadBinaryOdd {
		return tlv.New(tagDiscretionary, data)
	}
	return data
}

// fitting is how many of size bytes this answer can carry.
func (c *Card) fitting(size int, command apdu.Command, room int) int {
	limit := linkLimit
	if c.options.Oversize == Fit {
		limit = min(limit, room)
	}
	odd := command.INS == apdu.InsReadBinaryOdd
	fits := func(n int) bool {
		if odd {
			n = len(tlv.New(tagDiscretionary, make([]byte, n)))
		}
		return n <= command.Ne && n <= linkLimit && (c.session == nil || c.session.cipher.ProtectedSize(n, odd) <= limit)
	}
	for size > 0 && !fits(size) {
		size--
	}
	return size
}

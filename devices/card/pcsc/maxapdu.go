package pcsc

import (
	"encoding/binary"
	"runtime"

	"github.com/ebfe/scard"
)

// PC/SC part 10 (v2.02.09), §2.2 and §2.6.14: a reader lists its features with their control codes; the feature
// GET_TLV_PROPERTIES answers properties, one of which is the largest APDU it carries.
const (
	featureRequest          = 3400
	featureGetTLVProperties = 0x12
	propertyMaxAPDUDataSize = 0x0A
	controlCodeLength       = 4
	shortAPDU               = 261 // CLA INS P1 P2 Lc, 255 bytes, Le
)

// maxAPDU asks the reader for dwMaxAPDUDataSize. A reader that does not say is not known.
func maxAPDU(handle *scard.Card) (bytes int, known bool) {
	features, err := handle.Control(controlCode(featureRequest), nil)
	if err != nil {
		return 0, false
	}
	code, found := property(features, featureGetTLVProperties)
	if !found || len(code) != controlCodeLength {
		return 0, false
	}
	properties, err := handle.Control(binary.BigEndian.Uint32(code), nil)
	if err != nil {
		return 0, false
	}
	return parseMaxAPDU(properties)
}

// parseMaxAPDU reads the size from GET_TLV_PROPERTIES' answer. The number is little-endian; 0 means short APDUs only.
func parseMaxAPDU(properties []byte) (bytes int, known bool) {
	value, found := property(properties, propertyMaxAPDUDataSize)
	if !found || len(value) == 0 || len(value) > 4 {
		return 0, false
	}
	size := 0
	for i, b := range value {
		size |= int(b) << (8 * i)
	}
	return max(size, shortAPDU), true
}

// property finds a tag in a list of one-byte tags and one-byte lengths; a list cut short ends where it is cut.
func property(list []byte, tag byte) (value []byte, found bool) {
	for len(list) >= 2 {
		length := int(list[1])
		if len(list) < 2+length {
			return nil, false
		}
		if list[0] == tag {
			return list[2 : 2+length], true
		}
		list = list[2+length:]
	}
	return nil, false
}

// controlCode is SCARD_CTL_CODE, which each system defines its own way.
func controlCode(function uint32) uint32 {
	const (
		pcscLite        = 0x42000000
		windowsReader   = 0x31 << 16 // FILE_DEVICE_SMARTCARD
		windowsFunction = 2          // method buffered, any access
	)
	if runtime.GOOS == "windows" {
		return windowsReader | function<<windowsFunction
	}
	return pcscLite + function
}

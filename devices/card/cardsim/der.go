package cardsim

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"slices"
	"time"

	"motcua/devices/card/tlv"
)

// Universal tags of X.690 §8 that certificates and LDS files use. They are built by hand and not by encoding/asn1,
// because DG13 is a SET in the order of its field numbers, which encoding/asn1 would sort.
const (
	tagBoolean     tlv.Tag = 0x01
	tagInteger     tlv.Tag = 0x02
	tagBitString   tlv.Tag = 0x03
	tagOctetString tlv.Tag = 0x04
	tagNull        tlv.Tag = 0x05
	tagOID         tlv.Tag = 0x06
	tagUTF8        tlv.Tag = 0x0C
	tagPrintable   tlv.Tag = 0x13
	tagUTCTime     tlv.Tag = 0x17
	tagSequence    tlv.Tag = 0x30
	tagSet         tlv.Tag = 0x31
)

func sequence(items ...[]byte) []byte { return tlv.New(tagSequence, items...) }

// setOf sorts, as DER wants it of a SET OF (X.690 §11.6).
func setOf(items ...[]byte) []byte {
	slices.SortFunc(items, bytes.Compare)
	return tlv.New(tagSet, items...)
}

func integer(n int64) []byte { return bigInteger(big.NewInt(n)) }

// bigInteger encodes n ≥ 0; a leading zero byte keeps it from looking negative.
func bigInteger(n *big.Int) []byte {
	return tlv.New(tagInteger, n.FillBytes(make([]byte, n.BitLen()/8+1)))
}

func octets(value ...[]byte) []byte { return tlv.New(tagOctetString, value...) }

func bitString(unused byte, value []byte) []byte { return tlv.New(tagBitString, []byte{unused}, value) }

func boolean() []byte { return tlv.New(tagBoolean, []byte{0xFF}) }

func utf8String(text string) []byte { return tlv.New(tagUTF8, []byte(text)) }

func printableString(text string) []byte { return tlv.New(tagPrintable, []byte(text)) }

// utcTime holds the years 1950 to 2049.
func utcTime(t time.Time) []byte { return tlv.New(tagUTCTime, []byte(t.UTC().Format("060102150405Z"))) }

// objectID encodes the arcs; they are constants of this package, so failure is a mistake here.
func objectID(arcs ...int) []byte {
	der, err := asn1.Marshal(asn1.ObjectIdentifier(arcs))
	if err != nil {
		panic("cardsim: object identifier: " + err.Error())
	}
	return der
}

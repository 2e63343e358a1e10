package cardsim

import (
	"bytes"

	"motcua/devices/card/apdu"
	"motcua/devices/card/tlv"
)

// Fault is one thing that goes wrong between card and terminal, at one command. Kinds that need a data object of secure
// messaging act on the plain data, or not at all, where there is none.
type Fault uint8

// The kinds of faults.
const (
	NoFault          Fault = iota
	FlipMAC                // one bit of DO'8E' changed (plain: of the last data byte)
	FlipCryptogram         // one bit of the cryptogram changed, MAC left as it was (plain: of the middle data byte)
	DropMAC                // DO'8E' is missing
	DropStatus             // DO'99' is missing, the MAC is right for the rest
	LieInside              // DO'99' says 6A82 under a right MAC, the status word outside is true
	LieOutside             // the status word outside says 6A82, DO'99' is true
	Replay                 // the answer before once more
	PlainData              // the data and 9000 without secure messaging
	PlainOK                // 9000 and nothing else
	PlainUnknown           // 6F00 without secure messaging; the card's session ends
	PlainWrongLength       // 6700 without secure messaging; the card's session ends
	Truncate               // the second half of the data is missing
	HugeObject             // the first data object claims 2 GiB
	HugeFile               // the file's own header claims 2 GiB, under a right MAC

	// What follows is said by the chip itself: the MAC is right for what is there, but for ShortMAC and LongMAC.

	DropCryptogram   // DO'87' is missing
	SwapObjects      // DO'99' stands before DO'87'
	ExtraObject      // an object that nobody knows stands before DO'99'
	WrongIndicator   // DO'87' says padding of the application's own (02)
	NoIndicator      // DO'87' has no padding indicator
	NoPadding        // zeros where the padding belongs
	LongForm         // the length of DO'87' in four bytes, which is not its shortest form
	IndefiniteLength // DO'87' has the indefinite length
	ShortMAC         // DO'8E' has 7 bytes
	LongMAC          // DO'8E' has 9 bytes

	Tear // the card leaves instead of answering
)

// Faults lists every kind but NoFault.
func Faults() []Fault {
	var all []Fault
	for f := NoFault + 1; f <= Tear; f++ {
		all = append(all, f)
	}
	return all
}

// String is a short name for tables and logs.
func (f Fault) String() string {
	names := [...]string{
		"none", "flip-mac", "flip-cryptogram", "drop-mac", "drop-status", "lie-inside", "lie-outside", "replay",
		"plain-data", "plain-9000", "plain-6f00", "plain-6700", "truncate", "huge-object", "huge-file",
		"drop-cryptogram", "swap-objects", "extra-object", "wrong-indicator", "no-indicator", "no-padding", "long-form",
		"indefinite-length", "short-mac", "long-mac", "tear",
	}
	if int(f) < len(names) {
		return names[f]
	}
	return "unknown"
}

// At is an Options.Fault that strikes at the given commands only.
func (f Fault) At(indexes ...int) func(int) Fault {
	return func(index int) Fault {
		for _, i := range indexes {
			if i == index {
				return f
			}
		}
		return NoFault
	}
}

// lie is what the card itself has to say wrongly, because the MAC is to be right.
type lie struct {
	statusInside apdu.StatusWord // 0: the truth
	omitStatus   bool
	omitData     bool
	hugeFile     bool
	swap         bool   // status before data
	extra        bool   // an unknown object before the status
	indicator    []byte // before the cryptogram of DO'87'; nil: 01
	noPadding    bool   // zeros in place of ISO 9797-1 method 2
	longForm     bool   // the length of DO'87' in four bytes
	endless      bool   // the length of DO'87' is 80
	longerMAC    int    // bytes more, or fewer, of DO'8E'
}

var lies = map[Fault]lie{
	DropStatus:       {omitStatus: true},
	LieInside:        {statusInside: apdu.FileNotFound},
	HugeFile:         {hugeFile: true},
	DropCryptogram:   {omitData: true},
	SwapObjects:      {swap: true},
	ExtraObject:      {extra: true},
	WrongIndicator:   {indicator: []byte{0x02}},
	NoIndicator:      {indicator: []byte{}},
	NoPadding:        {noPadding: true},
	LongForm:         {longForm: true},
	IndefiniteLength: {endless: true},
	ShortMAC:         {longerMAC: -1},
	LongMAC:          {longerMAC: 1},
}

// hugeLength is a length of 2 GiB less one.
func hugeLength() []byte { return []byte{0x84, 0x7F, 0xFF, 0xFF, 0xFF} }

// inflate writes a huge length after the first byte of a file, as far as there is room.
func (l lie) inflate(content []byte) {
	if l.hugeFile && len(content) > 0 {
		copy(content[1:], hugeLength())
	}
}

// apply gives what the terminal gets instead of r. Faults that are lies are in r already.
func (f Fault) apply(r reply, previous []byte) []byte {
	data, status := r.raw[:len(r.raw)-2], r.raw[len(r.raw)-2:]
	switch f {
	case FlipMAC:
		return join(flipped(data, len(data)-1), status)
	case FlipCryptogram:
		return join(flipped(data, cryptogramMiddle(data)), status)
	case DropMAC:
		return join(withoutMAC(r), status)
	case LieOutside:
		return apdu.Response{Data: data, SW: apdu.FileNotFound}.Encode()
	case Replay:
		if previous != nil {
			return previous
		}
	case PlainData:
		return apdu.Response{Data: r.plain, SW: apdu.OK}.Encode()
	case PlainOK:
		return apdu.Response{SW: apdu.OK}.Encode()
	case PlainUnknown:
		return apdu.Response{SW: apdu.NoDiagnosis}.Encode()
	case PlainWrongLength:
		return apdu.Response{SW: apdu.WrongLength}.Encode()
	case Truncate:
		return join(data[:len(data)/2], status)
	case HugeObject:
		return join(withHugeLength(data), status)
	}
	return r.raw
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func flipped(data []byte, at int) []byte {
	data = bytes.Clone(data)
	if at >= 0 && at < len(data) {
		data[at] ^= 1
	}
	return data
}

func cryptogramMiddle(data []byte) int {
	objects, err := tlv.Parse(data)
	if err == nil && len(objects) > 0 && (objects[0].Tag == tagCryptogram || objects[0].Tag == tagCryptogramOdd) {
		return len(objects[0].Raw) / 2
	}
	return len(data) / 2
}

func withoutMAC(r reply) []byte {
	data := r.raw[:len(r.raw)-2]
	objects, err := tlv.Parse(data)
	if err != nil || !r.protected {
		return data
	}
	var rest []byte
	for _, o := range objects {
		if o.Tag != tagMAC {
			rest = append(rest, o.Raw...)
		}
	}
	return rest
}

func withHugeLength(data []byte) []byte {
	tag, header, _, err := tlv.Strict.Header(data)
	if err != nil {
		return data
	}
	tagSize := len(tlv.New(tag)) - 1
	return join(data[:tagSize], hugeLength(), data[header:])
}

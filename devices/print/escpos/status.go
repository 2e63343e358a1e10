package escpos

import "motcua/devices/print"

// Kinds of DLE EOT n.
const (
	askPrinter = 1
	askOffline = 2
	askError   = 3
	askPaper   = 4
)

// Bits of the answers to DLE EOT n, and of GS r 1.
const (
	offlineBit = 0x08 // n=1: offline

	coverBit    = 0x04 // n=2: cover is open
	paperStop   = 0x20 // n=2: printing stopped because the paper ended
	errorBit    = 0x40 // n=2: an error has occurred
	mechanical  = 0x04 // n=3: recoverable error (on most models)
	cutterBit   = 0x08 // n=3: cutter jam
	fatalBit    = 0x20 // n=3: unrecoverable error
	nearEndBits = 0x0C // n=4: near-end sensor, both bits alike
	endBits     = 0x60 // n=4: paper-end sensor, both bits alike

	sensorEndBits = 0x0C // GS r 1: paper-end sensor, both bits alike
)

// answer is one byte of status, if the printer gave it.
type answer struct {
	value byte
	given bool
}

// decode reads the four answers, each alone: a printer that answers only some leaves the rest unknown.
func decode(printer, offline, fault, paper answer) print.Status {
	s := print.Status{
		Online:      flag(printer, offlineBit, print.No, print.Yes),
		CoverClosed: flag(offline, coverBit, print.No, print.Yes),
		Failed: either(
			flag(offline, errorBit, print.Yes, print.No),
			flag(fault, mechanical|cutterBit|fatalBit, print.Yes, print.No)),
		Paper:    pair(paper, endBits, print.No, print.Yes),
		PaperLow: pair(paper, nearEndBits, print.Yes, print.No),
	}
	if offline.given && offline.value&paperStop != 0 {
		s.Paper = print.No
	}
	return s
}

// flag is set if any of the bits is, clear if the answer was given without, unknown otherwise.
func flag(a answer, bits byte, set, clear print.Tri) print.Tri {
	switch {
	case !a.given:
		return print.Unknown
	case a.value&bits != 0:
		return set
	}
	return clear
}

// pair is a sensor that reports on two bits alike. Where they differ the byte is an answer to something else.
func pair(a answer, bits byte, set, clear print.Tri) print.Tri {
	switch {
	case !a.given:
		return print.Unknown
	case a.value&bits == bits:
		return set
	case a.value&bits == 0:
		return clear
	}
	return print.Unknown
}

// either is Yes if one is, No if one denies and none affirms.
func either(a, b print.Tri) print.Tri {
	switch {
	case a == print.Yes || b == print.Yes:
		return print.Yes
	case a == print.No || b == print.No:
		return print.No
	}
	return print.Unknown
}

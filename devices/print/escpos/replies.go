package escpos

// Byte patterns of what a printer sends, by the fixed bits of each (Epson's manual, "transmission status").
const (
	realtimeMask, realtimeBits = 0x93, 0x12 // DLE EOT n: 0xx1xx10
	asbMask, asbBits           = 0x93, 0x10 // first of four ASB bytes: 0xx1xx00
	sensorMask, sensorBits     = 0x90, 0x00 // GS r n, and ASB bytes 2 to 4: 0xx0xxxx
	processHead, processMark   = 0x37, 0x22 // GS ( H: "7" and an identifier, four bytes of id, NUL
)

const (
	asbSize     = 4
	processSize = 7
)

// replies sorts what comes from the printer. Unasked-for ASB packets (some printers are set to send them) and bytes of
// no kind (flow control, noise) are counted and dropped. The zero value is ready.
type replies struct {
	realtime []byte    // answers to DLE EOT, oldest first
	sensor   []byte    // answers to GS r
	process  [][4]byte // ids of GS ( H that have come back
	junk     int

	partial []byte // of a packet not whole yet
}

// maxReplies bounds each list against a device that chatters. What is asked for is waited for at once, so a handful
// is plenty.
const maxReplies = 64

// feed takes what was read.
func (r *replies) feed(p []byte) {
	for _, b := range p {
		if len(r.partial) > 0 {
			r.more(b)
			continue
		}
		r.start(b)
	}
}

func (r *replies) start(b byte) {
	switch {
	case b == processHead, b&asbMask == asbBits:
		r.partial = append(r.partial[:0], b)
	case b&realtimeMask == realtimeBits:
		r.realtime = keep(r.realtime, b)
	case b&sensorMask == sensorBits:
		r.sensor = keep(r.sensor, b)
	default:
		r.junk++
	}
}

// more continues a packet; a byte that cannot belong to it starts over, so that noise never swallows an answer.
func (r *replies) more(b byte) {
	if !fits(r.partial, b) {
		r.junk += len(r.partial)
		r.partial = r.partial[:0]
		r.start(b)
		return
	}
	r.partial = append(r.partial, b)
	switch {
	case r.partial[0] != processHead && len(r.partial) == asbSize:
		r.partial = r.partial[:0]
	case len(r.partial) == processSize:
		r.process = keep(r.process, [4]byte(r.partial[2:6]))
		r.partial = r.partial[:0]
	}
}

func fits(partial []byte, b byte) bool {
	if partial[0] != processHead {
		return b&sensorMask == sensorBits
	}
	switch len(partial) {
	case 1:
		return b == processMark
	case processSize - 1:
		return b == nul
	}
	return true
}

func keep[T any](list []T, v T) []T {
	if len(list) >= maxReplies {
		list = list[1:]
	}
	return append(list, v)
}

// forget drops what has come, at the start of a new conversation.
func (r *replies) forget() { *r = replies{junk: r.junk} }

package cardsim

import (
	"crypto/rand"
	"io"
	"time"

	"motcua/devices/card/apdu"
)

// Oversize is what the card does when a protected answer is longer than the Le around it.
type Oversize uint8

// What cards do. Overflow is what a real one was seen to do: 256 plain bytes in an answer of 285.
const (
	Overflow Oversize = iota // it is sent all the same
	Fit                      // fewer plain bytes are sent, so that it fits
	Refuse                   // 6700
	Continue                 // 61xx, and GET RESPONSE gives the rest (ISO 7816-4 §5.3.4)
)

// Options is how a card behaves where cards differ. The zero Options is a card as they were seen, with short APDUs.
type Options struct {
	NoPACE   bool // no PACE and no EF.CardAccess, whatever DG14 says: a downgrade
	NoBAC    bool // GET CHALLENGE answers 6D00
	CANOnly  bool // PACE refuses the MRZ as a password (6A88)
	Extended bool // takes extended length; otherwise 6700

	MaxNe            int             // READ BINARY that asks for more gets 6700; 0: no limit
	Oversize         Oversize        // see there
	EndOfFileWarning bool            // 6282 instead of 9000 when fewer bytes are left than asked for
	PlainErrors      bool            // errors inside secure messaging come back plain and end it
	Active           ActiveLie       // see there
	Clone            bool            // a copy: the private keys are not those of DG14, DG15 and EF.CardSecurity
	KeepsOldKeys     bool            // chip authentication is said to be done, and changes nothing
	MF               apdu.StatusWord // answer to SELECT MF; 0: 6D00
	AccessInApplet   apdu.StatusWord // EF.CardAccess once the application is selected; 0: 6982, 9000 lets it be read

	ATR    []byte        // nil: what PC/SC makes of a contactless card
	Random io.Reader     // nil: crypto/rand. A seeded math/rand/v2.ChaCha8 makes a run repeatable
	Delay  time.Duration // added to each command by Readers and ServeVPCD

	// TearAfter is the number of the command after whose answer the card leaves the reader; 0: never.
	TearAfter int
	// Fault says what goes wrong with a command. Commands count from 1 since New, and go on counting over removals,
	// so that a fault strikes once. It may block, to hold a command for as long as a test wants.
	Fault func(index int) Fault

	// Edit may change the plain answer to a command before secure messaging protects it: what the chip itself says
	// wrongly, under a right MAC. The chip's state follows the command and not the edited answer, but for an error
	// (64xx to 6Fxx), which the chip then means. Commands that it refuses unread (class, length, secure messaging)
	// are not edited. nil: none.
	Edit func(index int, ins byte, plain apdu.Response) apdu.Response
	// Rewrite may change the bytes as they leave, after every fault: what happens on the way. What it returns is what
	// the terminal gets, however short. nil: none.
	Rewrite func(index int, raw []byte) []byte
}

func (o Options) withDefaults(extended bool) Options {
	if o.MF == 0 {
		o.MF = apdu.WrongINS
	}
	if o.AccessInApplet == 0 {
		o.AccessInApplet = apdu.SecurityStatus
	}
	if o.MaxNe == 0 {
		o.MaxNe = apdu.MaxExtendedNe
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.ATR == nil {
		o.ATR = contactlessATR(extended)
	}
	return o
}

// contactlessATR is the ATR that PC/SC part 3 §3.1.3.2.3.1 makes of a card whose historical bytes hold the card
// capabilities (ISO 7816-4 §12.1.1.9), where the last byte tells of extended length.
func contactlessATR(extended bool) []byte {
	const noExtended, withExtended = 0x80, 0xC0
	history := []byte{0x80, 0x73, 0x94, 0x21, noExtended}
	if extended {
		history[len(history)-1] = withExtended
	}
	atr := append([]byte{0x3B, 0x80 | byte(len(history)), 0x80, 0x01}, history...)
	check := byte(0)
	for _, b := range atr[1:] {
		check ^= b
	}
	return append(atr, check)
}

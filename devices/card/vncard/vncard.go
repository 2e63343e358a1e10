// Package vncard reads Vietnam's chip ID card: the citizen identity card with chip of 2021 and the identity card of
// July 2024 (thẻ căn cước).
//
// Start with Read: a powered card and what is known of its holder, from the QR code or the MRZ, give a Card with what
// DG1 and DG13 say, the portrait, the files as evidence, and what was checked.
//
// What is particular to this card, and decided here:
//
//   - PACE comes first, with the last six digits of the personal number as CAN: it needs no more than the QR code
//     tells. BAC is for chips that have no PACE. A failed PACE is never followed by BAC, because that would let a
//     forged answer choose the weaker protocol, and would hide a wrong number.
//   - Where EF.CardAccess cannot be read, PACE runs inside the application with the parameters that all these cards
//     were seen to have.
//   - The QR code does not tell the date of expiry, which BAC needs: it follows from birth and issue by the law in
//     force at issue (ExpiryCandidates).
//   - The portrait is read last: name and number can be shown while it comes, and the host verifies signatures
//     meanwhile. Before it the chip proves itself by chip and by active authentication. A chip whose EF.SOD or text is
//     contradicted is not asked for its portrait at all.
//   - What a check needs is kept as a Proof, so that Examine can make it again years later, without the card.
//   - DG13, which holds everything that the MRZ does not, may be absent or opaque on cards of 2024; that is a
//     finding, not an error. One damaged file does not lose the others.
package vncard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/emrtd"
	"motcua/devices/card/emrtd/lds"
	"motcua/devices/card/emrtd/pki"
	"motcua/devices/card/emrtd/spki"
)

// What can go wrong, beside what card and context say (card.ErrRemoved, context.Canceled …). The first six are those
// of package emrtd, so that a caller needs only this package.
var (
	ErrWrongKey        = emrtd.ErrWrongKey        // wrong number, or not this card's MRZ
	ErrNotEMRTD        = emrtd.ErrNotEMRTD        // another kind of card
	ErrSecureMessaging = emrtd.ErrSecureMessaging // answers were changed or lost on the way
	ErrAccess          = emrtd.ErrAccess          // the chip does not follow the protocol
	ErrUnsupported     = emrtd.ErrUnsupported     // the chip offers only a kind of PACE that this program cannot do
	ErrDamaged         = emrtd.ErrDamaged         // neither DG1 nor DG13 can be understood; errors.As *emrtd.DamagedError
	// ErrOtherCard: the chip is opened, and is not of the person whose number was given.
	ErrOtherCard = errors.New("vncard: the card is of another person")
	// ErrKeyMissing: the chip has no PACE, and what was given is not enough for BAC: MRZ or QR code is needed.
	ErrKeyMissing = errors.New("vncard: the chip can only be opened with the MRZ or the dates from the QR code")
	// ErrRequest: the number is not 12 digits, the CAN not six, or the MRZ is not one.
	ErrRequest = errors.New("vncard: neither a personal number nor an MRZ nor a CAN was given")
)

// Extended says whether extended length is tried.
type Extended uint8

// ExtendedAuto looks at the hints, then at the answer to reset, and probes where neither says no.
const (
	ExtendedAuto Extended = iota
	ExtendedNever
)

// Request is what is known before the card is read. Number, MRZ or CAN must be there.
type Request struct {
	Number  string   // personal number, 12 digits
	CAN     string   // its last six digits, where no more is known: opens chips that have PACE
	Birth   Date     // from the QR code; only BAC needs it
	Issued  Date     // from the QR code; only BAC needs it
	Expires Date     // if known; saves guesses of BAC
	MRZ     []string // the lines of the MRZ, in place of all the others or beside them

	Reader   string // name of the reader, for Hints
	Hints    *Hints // what was learnt from other cards; nil for nothing
	Extended Extended

	NoPortrait bool // DG2, by far the longest file, is not read

	Trust pki.Trust        // whom to believe; nil for nobody
	Now   func() time.Time // nil is time.Now

	Progress func(Progress) // called from Read, often; nil for none
	OnText   func(*Card)    // called once when DG1 and DG13 are there and DG2 is not; the Card is not to be kept
	Trace    io.Writer      // gets each APDU as a line, "> 00A4…" to the card and "< …9000" from it; nil for none
	Random   io.Reader      // for tests; nil is crypto/rand
}

// Progress is how far the reading is.
type Progress struct {
	File        emrtd.File // being read
	Files       int        // files read to the end
	TotalFiles  int
	Bytes       int // read of all files
	TotalBytes  int // of all files; for those not begun a typical size
	FilesFailed int
}

// Access is how the chip was opened.
type Access string

// The ways in.
const (
	PACECAN Access = "PACE-CAN"
	PACEMRZ Access = "PACE-MRZ"
	BAC     Access = "BAC"
)

// Card is what was read. The byte slices are the card's only copies in memory; see Wipe.
type Card struct {
	Access Access
	MRZ    *lds.MRZ          // nil if DG1 cannot be understood
	Number string            // personal number, from DG1, else from DG13
	DG13   *DG13             // nil if absent or damaged; see DG13.Opaque too
	Photo  *Photo            // nil if DG2 is absent or damaged
	AAKey  *spki.Key         // of DG15, for active authentication
	Infos  lds.SecurityInfos // of DG14

	Files   map[emrtd.File][]byte // as they were read, EF.CardAccess and EF.SOD included
	Damaged []emrtd.File          // read in part or not understood
	Refused []emrtd.File          // that EF.SOD lists, or that every card has, and the chip did not give
	Checks  []Check
	Notes   []string // what passed and is below today's measure, or was odd: for officers
	Proof   *Proof   // all that is needed to make the checks again
	Stats   Stats
}

// Photo is the portrait in DG2.
type Photo struct {
	MediaType     string // lds.MediaJPEG or lds.MediaJPEG2000
	Data          []byte
	Width, Height int // pixels
}

// Stats is what the reading took.
type Stats struct {
	emrtd.Stats
	Duration time.Duration
}

// Wipe overwrites the files and the portrait with zeros and forgets what the card says. Strings, which Go cannot
// overwrite, are let go.
func (c *Card) Wipe() {
	if c == nil {
		return
	}
	for _, raw := range c.Files {
		clear(raw)
	}
	c.Proof.wipe()
	if c.Photo != nil {
		clear(c.Photo.Data)
	}
	*c = Card{}
}

// Read opens the chip, reads EF.SOD, DG1, DG13, DG14, DG15 and DG2, in this order, and has the chip prove itself before
// DG2. The transport stays the caller's to close. When Read fails, everything that was read is wiped. A chip that is
// forged or cloned is no failure of Read: Checks say so.
func Read(ctx context.Context, t card.Transport, req Request) (*Card, error) {
	begin := time.Now()
	keys, err := newKeys(req)
	if err != nil {
		return nil, err
	}
	r := newReader(t, req, keys)
	defer r.conn.Forget()
	err = r.run(ctx)
	if errors.Is(err, emrtd.ErrSessionEnded) && !errors.Is(err, ErrSecureMessaging) {
		err = fmt.Errorf("%w: %w", ErrSecureMessaging, err) // it ended where nothing can begin anew
	}
	r.card.Stats = Stats{r.conn.Stats(), time.Since(begin)}
	if err != nil {
		r.card.Wipe()
		return nil, err
	}
	return r.card, nil
}

package session

import (
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
)

// Effect is something that the owner of the state has to do. None may be done twice.
type Effect interface{ effect() }

// What there is to do, besides CallOfficer.
type (
	// ReadCard reads the chip of the card on the reader with what is known of its holder. It is answered by
	// CardProgress and CardText, any number of times, and one CardRead or CardFailed, all with Serial and Try. A new
	// ReadCard replaces one that is still running.
	ReadCard struct {
		Serial uint64
		Try    int // 1 for the first of this citizen
		Access Access
	}
	// StopReading ends a running ReadCard; no answer is expected.
	StopReading struct{ Serial uint64 }
	// File writes the draft to disk: answered by Filed or FileFailed. A draft is given again after FileFailed, or
	// when no answer came in time, always with the same Draft.Key.
	File struct {
		Serial uint64
		Draft  filing.Draft
	}
	// Print puts the slip on paper: answered by Printed or SlipFailed.
	Print struct {
		Serial uint64
		Filing filing.Filing
		Copy   int // 1 for the first; counts what was asked for, not what came out
		Words  SlipWords
	}
	// Find looks up where the filing of a slip stands: answered by Found or NotFound.
	Find struct {
		Serial uint64
		Number string
	}
	// FindMine looks up the filings of the person whose chip was read; answered by Mine.
	FindMine struct {
		Serial uint64
		Who    string // identity.Person.Tagged
	}
	// Brought tells the desk that the citizen of a slip is here, and takes a number for the counter; answered by Found.
	Brought struct {
		Serial    uint64
		Reference filing.Reference
		Lacking   bool   // with what was lacking
		Plain     string // the service for people
	}
	// TakeTicket takes a number for the counter and puts it on paper: answered by Ticketed or TicketFailed.
	TakeTicket struct {
		Serial   uint64
		Service  string
		Priority string // of kiosk/desk; "" for none
		Plain    string // the service for people
	}
	// NoteRating keeps how content the person is who filed; no answer is expected.
	NoteRating struct {
		Reference filing.Reference
		Stars     int
	}
	// Refused says that a citizen heard the notice of consent and said no: that, of which service, and of which notice is
	// kept, and nothing of the person.
	Refused struct {
		Serial  uint64
		Service string
		Text    string
	}
	// Wipe says that the citizen with this serial has left: everything about that person must go, wherever the
	// owner keeps it (spool, caches, the reader's session).
	Wipe struct{ Serial uint64 }
)

// Access is what opens the chip: PACE with the last six digits of the number, BAC with number, birth and the expiry
// that follows from birth and issue dates. Dates may be missing when the number was typed.
type Access struct {
	Number identity.Number
	Birth  identity.Date
	Issued identity.Date
}

// SlipWords are the lines of the slip that come from the service's definition; the rest is in the Filing.
type SlipWords struct {
	Service string   // Đăng ký tạm trú
	Handed  []string // papers handed in: "Tờ khai CT01 (máy điền)"
	Missing []string // papers still to be brought
	Bring   []string // what to bring: "thẻ căn cước", "hợp đồng thuê nhà"
	Fee     string   // 15.000 đ, nộp tại quầy
	Place   string   // where to hand it in, if that is not here
}

func (ReadCard) effect()    {}
func (StopReading) effect() {}
func (File) effect()        {}
func (Print) effect()       {}
func (CallOfficer) effect() {}
func (FindMine) effect()    {}
func (TakeTicket) effect()  {}
func (Find) effect()        {}
func (NoteRating) effect()  {}
func (Brought) effect()     {}
func (Refused) effect()     {}
func (Wipe) effect()        {}

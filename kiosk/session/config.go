package session

import (
	"cmp"
	"time"

	"motcua/kiosk/calendar"
	"motcua/kiosk/filing"
	"motcua/kiosk/service"
	"motcua/kiosk/text"
)

// Config is what a session knows of the machine it runs on. It is shared and never changed after New.
type Config struct {
	Office Office
	// Commune and Province are the office's own place as addresses write it: "xã Mai Châu", "tỉnh Phú Thọ".
	Commune, Province string
	Catalogue         *service.Catalogue
	// Places turns the address on a card into today's, and has the picker of communes; nil: neither is offered.
	Places *Places
	// Local lists the settings that services ask for: "xe-o-to" where this commune registers cars.
	Local []string
	// Off lists the services that the office does not offer now: they are in no list, and who looks for one is told.
	Off      []string
	Texts    *text.Table
	Calendar *calendar.Calendar
	// Zone is the place of clock times on screen and paper; nil is time.Local.
	Zone *time.Location
	// Channel is by which door filings of this session come in; empty is the kiosk.
	Channel filing.Channel
	// Printer: a slip printer belongs to this machine. Without one the number stays on the screen only.
	Printer bool
	// Warn is the time without a touch until the idle warning, Answer the time to answer it; IdleWarn and IdleAnswer
	// where zero.
	Warn, Answer time.Duration
	// Languages are those besides Vietnamese that people are offered, as far as services have texts in them.
	Languages []string
	// DPI is how many pixels an inch of the panel has, for the ruler of a technician's test.
	DPI int
	// Voice: this machine can speak.
	Voice bool
	// Simulated lists the devices that are played ("card", "scanner", "printer").
	Simulated []string
}

// How long things last.
const (
	IdleWarn    = 60 * time.Second // without a touch, until the warning
	IdleAnswer  = 30 * time.Second // to answer the warning
	DoneStays   = 40 * time.Second // the last page, once the card is gone and the slip is out
	SafeStays   = 3 * time.Minute  // a printer's failure, with the number to copy
	NoticeStays = 8 * time.Second  // a line at the bottom
	CallStays   = time.Minute      // "the officer is coming", on the welcome page
	ReadStalls  = 5 * time.Second  // a chip that gives nothing
	FileStalls  = 5 * time.Second  // a store that does not answer
	SkipAfter   = 20 * time.Second // waiting for a card that the reader does not see
)

// warn is the time until the idle warning.
func (c *Config) warn() time.Duration { return cmp.Or(c.Warn, IdleWarn) }

// answer is the time to answer it.
func (c *Config) answer() time.Duration { return cmp.Or(c.Answer, IdleAnswer) }

// ClosingHour is when an appointment ends, or with the office's day if that ends earlier.
const ClosingHour = 16

package session

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"time"

	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/service"
)

// SeedLen is the length of the random seed that New wants.
const SeedLen = 16

// State is one kiosk's session: the machine around it and the person in front of it. It is a value: Step gives
// another and changes nothing that the first can reach. All that is known of the person is in one part of it, which
// the wipe replaces as a whole.
type State struct {
	cfg  *Config
	next *Config // what holds from the next person on; nil: cfg
	seed [SeedLen]byte
	// Serial counts citizens.
	Serial uint64
	now    time.Time
	dev    devices
	helper Helped // the officer who helps from the desk
	test   trial  // of a technician
	v      visit
	// reading is the language of a view; View alone sets it, so that what is filed and printed stays Vietnamese.
	reading string
}

// devices is how the machine around is, as far as it was reported.
type devices struct {
	noReader, noScanner bool
	card, mute          bool       // something lies on the reader; mute: it does not answer
	fresh               bool       // it was laid down since the page of a form is shown
	waiting             int        // people at the counter; -1: nobody said
	calls               []Call     // who was called lately, the last one first
	printerBad          fault.Code // why it cannot print; "" if it can, or nobody said
}

// onReader reports whether anything lies on the reader.
func (d devices) onReader() bool { return d.card || d.mute }

// visit is one person at the machine. The zero value is nobody.
type visit struct {
	page    Page // PageIdle is never here: it lies over what is
	started time.Time
	touched time.Time // last sign of life
	warned  time.Time // since when the idle warning stands; zero if it does not
	called  time.Time // when the officer was called; zero if not
	notice  string
	noticed time.Time

	who  who
	read reading

	mine    []filing.Standing // of the person whose chip was read
	ticket  int               // the number for the counter, on PageCounter; 0 for none
	queuing bool              // it was asked for
	slip    filing.Standing   // what was looked up
	looking string            // the slip that is being looked up; "" for none
	lang    string            // of the pages; "" is Vietnamese
	service string
	kase    string
	query   string       // of the search for a service
	asked   form.Answers // what was typed and chosen on the service's form, also half typed
	at      int          // which page of the form
	row     rowEdit
	pick    picking
	guest   guest    // whose card is being read for a row
	guests  []guest  // whose cards were read for rows
	shown   bool     // the field's problems are shown
	list    int      // which page of a long list, from 0
	edits   []target // pages to go through before the review comes back
	editing bool
	before  kept // to be restored if the edit is given up
	brought []string
	hand    handing
	fault   fault.Code // of PageFault
}

// reading is how the chip read goes.
type reading struct {
	try         int
	running     bool
	done, total int
	began       time.Time // of this try
	moved       time.Time // last progress
	name        string
	code        fault.Code // why it does not go on
	removals    int
	again       bool      // tried once more by itself
	waiting     time.Time // since when a card is awaited
}

// handing is the way of the filing to disk and onto paper.
type handing struct {
	stars    int           // how content the person said to be; 0: not said
	draft    *filing.Draft // handed in, or refused
	drafts   int           // how many were made: part of the key
	sent     time.Time
	filed    *filing.Filing
	printing Printing
	code     fault.Code
	copies   int
	quiet    time.Time // since when nothing happens on the last page
}

// target is a page that an edit key opens.
type target struct {
	page  Page // PageManual or PageForm
	field form.FieldID
}

// kept is what an edit may change.
type kept struct {
	asked, typed form.Answers
	guests       []guest
}

// New is the state of a machine that was just switched on: nobody there. The seed must be random; the keys of drafts
// come from it, so that Step needs no chance of its own.
func New(cfg *Config, seed [SeedLen]byte, now time.Time) State {
	return State{cfg: cfg, seed: seed, Serial: 1, now: now, dev: devices{waiting: -1}, v: visit{page: PageWelcome}}
}

// wiped is the state in which the next person finds the machine.
func (s State) wiped() State {
	next := New(cmp.Or(s.next, s.cfg), s.seed, s.now)
	next.Serial = s.Serial + 1
	next.dev, next.helper, next.test = s.dev, s.helper, s.test
	return next
}

// draftKey is the random name of the n-th draft of this person.
func (s State) draftKey(n int) string {
	const keyBytes = 16
	b := binary.BigEndian.AppendUint64(s.seed[:], s.Serial)
	b = binary.BigEndian.AppendUint64(b, uint64(n))
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:keyBytes])
}

// local is the clock of the wall.
func (s State) local(t time.Time) time.Time {
	if s.cfg.Zone == nil {
		return t
	}
	return t.In(s.cfg.Zone)
}

func (s State) today() identity.Date { return identity.DateOf(s.local(s.now)) }

// began is the day on which this person came. The catalogue is that of this day, so that midnight takes nobody's
// service away.
func (s State) began() identity.Date { return identity.DateOf(s.local(s.v.started)) }

// chosen is the service that was chosen, nil if none was.
func (s State) chosen() *service.Service {
	svc, ok := s.cfg.Catalogue.Get(s.v.service, s.began())
	if !ok {
		return nil
	}
	return svc.In(s.reading)
}

// otherLanguage is the one that the key for languages turns to, and false if there is only Vietnamese.
func (s State) otherLanguage() (string, bool) {
	all := []string{""}
	for _, lang := range s.cfg.Catalogue.Languages() {
		if slices.Contains(s.cfg.Languages, lang) {
			all = append(all, lang)
		}
	}
	if len(all) == 1 {
		return "", false
	}
	return all[(slices.Index(all, s.v.lang)+1)%len(all)], true
}

// env is what the service's form is filled from.
func (s State) env(svc *service.Service) form.Env {
	words := map[string]string{
		"office.name": s.cfg.Office.Name, "office.commune": s.cfg.Commune, "office.province": s.cfg.Province,
	}
	if c, ok := svc.Case(s.v.kase); ok {
		words["case"], words["case.title"] = c.Words(), c.Title
	}
	return form.Env{Facts: s.facts(s.v.who), Case: s.v.kase, Words: words, Local: s.cfg.Local, Today: s.today(), Hour: s.local(s.now).Hour()}
}

// filled is the chosen service's form as it stands.
func (s State) filled(svc *service.Service) *form.Sheet { return svc.Sheet(s.env(svc), s.v.asked) }

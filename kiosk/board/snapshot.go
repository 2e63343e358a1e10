// Package board is the officer's screen as data: what stands on it, and what each key does.
//
// New makes a Board of a Store; Do takes one Intent and gives the Snapshot that follows. Intents come one after another: Do reads and
// writes the disk itself, which takes milliseconds, and a sign-in half a second. The Board holds the officer's identity while somebody is signed in,
// and the content of the filing that is open; Lock drops both.
//
// An officer signs in with a PIN, or with their own chip card on a reader of the desk (card.go): then taking it away is Lock. A chip opens with six digits
// of its holder's number. The Board learns them from the account, where they lie sealed to the officer's own keys, when the PIN opens those, or from
// who types them; it keeps them until the program ends and writes them nowhere. So a desk that was just started asks each officer once, in
// the morning, and a stolen disk tells nothing; package seal weighs the other ways.
package board

import (
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
	"motcua/kiosk/session"
)

// Page is what the officer sees.
type Page string

// The pages.
const (
	SignIn  Page = "sign-in"
	Queue   Page = "queue"
	Figures Page = "figures"
	Devices Page = "devices"
	OwnCard Page = "card" // the officer's own card; no tab
	Admin   Page = "admin"
	Inside  Page = "inside" // in a citizen's session (Citizen, Station)
)

// Snapshot is everything that a screen shows. It is a value: a screen may keep it.
type Snapshot struct {
	Page    Page
	Office  string // Công an xã Mai Châu · tỉnh Phú Thọ
	Now     time.Time
	Officer string // name; "" while nobody is signed in
	Pages   []Page // that this officer may open, in the order of the tabs
	Notice  string // key of assets/text, "" for none
	Of      []any  // what the Notice names

	SignIn  *Door
	Citizen *session.Snapshot // Inside: what the citizen sees
	Station string            // Inside: which kiosk; "" for a session at the desk
	Filters []Filter
	Query   string // what is searched for
	Search  bool   // keys go into Query
	Rows    []Row
	At      int // which of Rows is chosen; -1 for none
	More    int // filings below those of Rows
	Open    *View
	Dialog  *Dialog
	People  *Line  // nil while nobody is signed in
	Bells   []Bell // kiosks where somebody wants an officer, the longest first
	Devices []Device
	Own     *Own            // on the page OwnCard
	HasCard bool            // officers may sign in by card: OwnCard can be opened
	Month   *Month          // on the page Figures
	Parts   *Parts          // on the page Devices
	Admin   *Administration // on the page Admin
	Ask     *Ask            // a dialog of that page
}

// Line is the queue of people, in short.
type Line struct {
	Waiting int
	Longest time.Duration // how long the one waits who came first
	Next    int           // whom CallNext calls; 0: nobody
	Now     *Called       // who was called here or is served here
}

// Called is somebody who was called to this counter.
type Called struct {
	Number  int
	Service string
	Name    string // "" for who filed nothing
	State   desk.State
	Calls   int
	Since   time.Time // of the state
	May     []PersonAction
}

// Bell is a kiosk where somebody wants an officer.
type Bell struct {
	Station string
	Since   time.Time
}

// Device is how a part of a station is, for the line at the bottom.
type Device struct {
	Station, Name string
	State         string // present, absent, failed
	Code          fault.Code
	Since         time.Time // it is so; zero if the station did not say
}

// Door is the page for signing in.
type Door struct {
	Names []string
	At    int
	Digit int // digits typed so far
	Wrong bool
	Wait  time.Duration // until the next try counts
	Card  *DoorCard     // nil: the desk has no reader for officers' cards
}

// Filter is one of the tabs over the list.
type Filter struct {
	ID    string // all, filed, received, supplement, late
	Count int
	On    bool
}

// Row is a filing in the list.
type Row struct {
	Short, Service, Name string
	Filed                time.Time
	Due                  time.Time
	Status               filing.Status
	Late, Today          bool
	Holder               string // another officer who has it
	Mine                 bool   // this one has it open
	Brought              bool   // the citizen says that what was lacking is here
	Portal               string // what the portal says that has to be followed here, "" for nothing; key of assets/text under desk.portal.status
}

// View is the filing that is open.
type View struct {
	Title    string // service and name
	Short    string
	Filed    time.Time
	Due      time.Time
	DaysLeft int
	Status   filing.Status
	Late     bool
	Dossier  string
	Verdict  identity.Verdict
	NoChip   string // why there is no chip; then Verdict says nothing
	Checks   []identity.Check
	Facts    []Fact
	Likes    []Same // what was perhaps filed twice
	Ticket   int    // number of the day, 0 for none
	Papers   []filing.Paper
	Pictures []filing.Picture // in the order of Papers
	Scans    bool             // pictures can be put there
	Taking   bool             // some are being taken
	History  []Event
	Legal    []desk.Action // what can be decided; Forward comes first where the filing is to be handed in elsewhere
	CanUndo  bool
	Guide    Guide
	Unlike   []identity.Difference // facts on which parts of the card do not agree
	Photo    *identity.Photo
	Forms    []string // printed forms that can be had
	Control  bool     // the slip of its way can be printed
	Portal   Words    // how far it has come to the portal, in short
}

// Guide is what an officer has to know who does not know this law by heart.
type Guide struct {
	Steps, Papers, Grounds []string // what is done, what must be there, for what it may be refused
	Law, Doubts            []string // each text with the day from which it holds; what an office has to find out
	Authority, Result      string
	Term                   []Words  // how long the law gives, and its note on that
	Fee                    []Words  // what is paid at the counter, the text that says so, and until when it is half
	Free                   []string // who pays nothing and is not known to the machine
}

// Fact is one answer with its source.
type Fact struct {
	Item, Label, Value, Note string
	Card                     string // what the card says instead, "" if it says the same or nothing
	Source                   identity.Source
}

// Same is another filing that may be the same matter.
type Same struct {
	Short, Name string
	Filed       time.Time
	Status      filing.Status
	Sure        bool // by the same person; false: a name that is close, born on the same day
}

// Event is a line of the history.
type Event struct {
	At   time.Time
	Text string // key of assets/text under desk.history
	Who  string
}

// Dialog asks for what something needs.
type Dialog struct {
	ID      string   // of the action, or DialogPortal, DialogPeople, DialogTransfer
	Form    string   // that will be printed
	Fields  []Input  // in order
	At      int      // which one is being filled, or which of People is chosen
	Problem string   // key of assets/text under desk.error
	Choices []string // of how it is confirmed, keys
	People  []Waiting
	Portal  *Handing // of DialogPortal
	Stack   *Stack   // of DialogPapers
}

// The dialogs that are no decision.
const (
	DialogPortal   = "portal"
	DialogPeople   = "people"
	DialogTransfer = "transfer"
)

// Waiting is somebody in the list of people.
type Waiting struct {
	Number   int
	Service  string
	Priority desk.Priority
	State    desk.State
	Counter  string
	Wait     time.Duration
}

// Input is one field of a dialog.
type Input struct {
	ID    string // reason, item, due, to, confirm, code, counter
	Value string
}

// Words are a text with what it names: times, numbers, texts.
type Words struct {
	Key  string // of assets/text
	Args []any
}

// Month is the page of figures.
type Month struct {
	From, To        time.Time
	Next            bool       // there is a later month
	Prints, Exports bool       // there is a printer, and a place for files
	Registers       bool       // the register can be printed
	Computing       bool       // nothing of what follows is there yet
	Failed          fault.Code // nor will it be
	Busy            bool       // something is being printed or exported

	Made        time.Time
	Complete    bool // the month was over then
	Total       MonthRow
	OnTimeShare float64 // of one hundred of those resolved
	KioskShare  float64 // of one hundred of those received
	LateBefore  int     // in the month before; -1: not known
	Bars        []Bar   // the most first; the last one without a name is all others
	Months      []MonthBar
	Rows        []MonthRow
	Above       int // rows over these
	Below       int // and under them

	Rated                      int
	Stars                      float64 // mean
	Wait, Handling, Resolution Span
}

// Bar is a service in the chart.
type Bar struct {
	Name               string
	Received, Resolved int
}

// MonthBar is one month in the chart of months.
type MonthBar struct {
	Month    time.Time
	Received int
}

// MonthRow is a row of the table of services; the total has no name.
type MonthRow struct {
	Name                                                                              string
	Carried, Received, Portal, Kiosk, Desk, Resolved, OnTime, Late, Returned, Pending int
}

// Span is how long something took over many cases.
type Span struct {
	Count            int
	Median, P90, Max time.Duration
}

// Parts is the page of devices: a panel for each part.
type Parts struct {
	Panels          []Panel
	Above, Below    int  // panels before and after these
	At              int  // which is chosen; -1: there are none
	Good, Care, Bad int  // of all panels
	Looking         bool // the parts are being looked at
	Tests           bool // some can be tested
	Chooses         bool // and of some another one can be chosen
	Chooser         *Chooser
}

// Chooser is the list of the devices that a kiosk could use, over the page of devices.
type Chooser struct {
	Station, Part string
	Rows          []Candidate
	At            int
	Looking       bool // the list is not there yet
	Busy          bool // a choice is on its way
}

// Candidate is one of them.
type Candidate struct {
	Name, Model string
	Used        bool
	Absent      bool // it is not there, and cannot be chosen
	Fixed       bool // the configuration names it: there is no choice
}

// Panel is one part of a station, or of the desk itself.
type Panel struct {
	Station string // "" is the desk
	Name    string // reader, scanner, printer, voice; Part.Name
	Mood    Mood
	Code    fault.Code // why it does not work
	Lines   []Words
	Tests   bool // it can be tested from here
	Testing bool
	Told    *Words  // what has to be done meanwhile
	Chooses bool    // another device can be chosen
	Share   float64 // how much of the test is done, 0 to 1
	Result  *Words  // of the last test
}

// Mood is how a part is, in one word.
type Mood string

// The moods.
const (
	Unknown Mood = "unknown" // it was not looked at yet
	Ready   Mood = "ready"
	Care    Mood = "care" // it works, and somebody should look at it
	Missing Mood = "missing"
	Faulty  Mood = "faulty"
	Off     Mood = "off"    // its station is switched off
	Unused  Mood = "unused" // it is not there, and nothing asks for it
)

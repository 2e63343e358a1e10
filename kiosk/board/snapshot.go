// Package board is the officer's screen as data: what stands on it, and what each key does.
//
// New makes a Board of a Store; Do takes one Intent and gives the Snapshot that follows. Intents come one after another: Do reads and
// writes the disk itself, which takes milliseconds, and a sign-in half a second. The Board holds the officer's identity while somebody is signed in,
// and the content of the filing that is open; Lock drops both.
package board

import (
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/filing"
	"motcua/kiosk/identity"
)

// Page is what the officer sees.
type Page string

// The pages.
const (
	SignIn Page = "sign-in"
	Queue  Page = "queue"
)

// Snapshot is everything that a screen shows. It is a value: a screen may keep it.
type Snapshot struct {
	Page    Page
	Office  string // Công an xã Mai Châu · tỉnh Phú Thọ
	Now     time.Time
	Officer string // name; "" while nobody is signed in
	Notice  string // key of assets/text under desk.notice, "" for none

	SignIn  *Door
	Filters []Filter
	Query   string // what is searched for
	Search  bool   // keys go into Query
	Rows    []Row
	At      int // which of Rows is chosen; -1 for none
	More    int // filings below those of Rows
	Open    *View
	Dialog  *Dialog
}

// Door is the page for signing in.
type Door struct {
	Names []string
	At    int
	Digit int // digits typed so far
	Wrong bool
	Wait  time.Duration // until the next try counts
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
	Warnings []string
	Papers   []filing.Paper
	History  []Event
	Legal    []desk.Action
	CanUndo  bool
	Guide    []string
	Law      []string
	Photo    *identity.Photo
	Forms    []string // printed forms that can be had
}

// Fact is one answer with its source.
type Fact struct {
	Item, Label, Value, Note string
	Source                   identity.Source
}

// Event is a line of the history.
type Event struct {
	At   time.Time
	Text string // key of assets/text under desk.history
	Who  string
}

// Dialog asks for what a decision needs.
type Dialog struct {
	Action  desk.Action
	Form    string   // that will be printed
	Fields  []Input  // in order
	At      int      // which one is being filled
	Problem string   // key of assets/text under desk.error
	Choices []string // of how it is confirmed, keys
}

// Input is one field of a dialog.
type Input struct {
	ID    string // reason, item, due, to, confirm
	Value string
}

package session

import (
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
)

// Page names what is on the screen.
type Page string

// The pages, in the order in which a citizen meets them.
const (
	PageWelcome  Page = "welcome"
	PageManual   Page = "manual"   // no card: one fact a page, typed (Snapshot.Form)
	PageReading  Page = "reading"  // QR seen, chip being read, or waiting for either
	PageConfirm  Page = "confirm"  // is this you?
	PageService  Page = "service"  // which service (Snapshot.Choice)
	PageSearch   Page = "search"   // a service by its name (Snapshot.Form is what is typed, Snapshot.Choice what was found)
	PageQuestion Page = "question" // which case, or a field answered by choosing (Snapshot.Choice)
	PageForm     Page = "form"     // a typed field (Snapshot.Form)
	PageStatus   Page = "status"   // where the filing of a slip stands (Snapshot.Status)
	PageMine     Page = "mine"     // which of one's own filings (Snapshot.Choice)
	PageTell     Page = "tell"     // something to know, nothing to answer (Snapshot.Tell)
	PageRows     Page = "rows"     // a list of people, each added by card or by typing (Snapshot.Rows)
	PagePlace    Page = "place"    // a commune from the picker (Snapshot.Place)
	PagePapers   Page = "papers"   // what papers the case asks for
	PageReview   Page = "review"   // are these right?
	PageConsent  Page = "consent"  // what is read, why, who sees it, how long it is kept
	PageFiling   Page = "filing"   // being written to disk: a moment, no keys
	PageDone     Page = "done"     // number, appointment, what to bring, slip, take your card
	PageCounter  Page = "counter"  // this service is done with the officer
	PageFault    Page = "fault"    // what happened, what to do, who helps
	PageIdle     Page = "idle"     // are you still here? Nothing personal on it.
)

// Snapshot is all that a screen needs: an immutable value. The session makes it (View), a screen renders it and sends
// Intents back; it holds no truth of its own. Words that belong to the page itself (headings of fixed pages, key
// words) are the screen's, from assets/text by Page; words that come from data stand here.
type Snapshot struct {
	Page Page
	// Serial counts citizens; a screen may use it to drop what it cached of the one before.
	Serial uint64
	// Crumb is the small line above the heading ("Đăng ký tạm trú · Câu 1 trong 3"); Title the heading where it comes
	// from data, empty where the page's own heading is meant.
	Crumb, Title string
	// Step of Steps is the progress at the top; Step 0 shows none.
	Step, Steps int

	Back Key // lower left
	Call Key // middle: call the officer
	Next Key // lower right

	Office  Office
	Reading *Reading
	Confirm *Confirm
	Choice  *Choice
	Form    *Form
	Rows    *Rows
	Place   *Place
	Tell    *Tell
	Status  *Status
	Papers  []Paper // of PagePapers
	Consent *Consent
	Review  *Review
	Done    *Done // of PageDone, and of PageFault where a filing is safe all the same
	Fault   *Fault
	Idle    *Idle
	Counter *Counter
	Test    *Test

	// Helper is the officer who helps from the desk, "" for none; shown on every page.
	Helper string
	// Calls are who was called to the counter just now (PageWelcome), the last one first.
	Calls []Call
	// OfficerCalled: the officer was called and is coming; shown on every page.
	OfficerCalled bool
	// Voice: the page is spoken, and can be once more (Repeat).
	Voice bool
	// Language is what the key for languages turns to (ISO 639), Vietnamese after the last; "" if there is no such key.
	Language string
	// Simulated lists the devices that are played by simulators ("card", "scanner", "printer"), shown in a corner.
	Simulated []string
	// Notice is a key of assets/text for a short line at the bottom of the content, "" for none: something that
	// happened and does not stop the citizen ("notice.printer-no-paper", "notice.scan-ignored").
	Notice string
}

// Key is one of the three large keys at the bottom. Its Label is a key of assets/text ("key.continue").
type Key struct {
	Label   string
	Icon    string // of assets/icons, without .svg
	Shown   bool
	Enabled bool
}

// Office is whose counter this is.
type Office struct {
	Name     string // Công an xã Mai Châu
	Province string // tỉnh Phú Thọ
	Station  string // K1
	Label    string // Ki-ốt 1
	Waiting  int    // people in the queue; negative if not known
	Closed   string // on PageWelcome, that nobody is at the counter now and when somebody is; empty while the office is open
	Why      string // why, where it has a name: a holiday, or what the office says
}

// StepState is how far one of the steps on the reading page is.
type StepState uint8

// The states of a step.
const (
	StepToDo StepState = iota
	StepNow
	StepDone
	StepFailed
)

// Reading is PageReading.
type Reading struct {
	QR, Chip, Show StepState
	Tail           string  // last digits of the number in the QR code, once it was seen
	Name           string  // the name, as soon as the chip gave it
	Progress       float64 // of the chip read, 0 to 1
	SecondsLeft    int     // estimate; negative if there is none
	CardOnReader   bool
	// CanSkip: the chip cannot be read now (reader absent, card mute); Next continues from the QR code alone.
	CanSkip bool
	Fault   fault.Code // why it does not go on, "" if it does
}

// Confirm is PageConfirm.
type Confirm struct {
	Photo   *identity.Photo
	Name    string
	Masked  string // 099******017
	Birth   string // 02/01/1990
	Sex     string // Nam, Nữ
	Source  identity.Source
	Verdict identity.Verdict // how far the card was proven
	// Told are sentences about the card that its holder should hear: that it expired, that it has to be changed soon, why
	// there is no chip.
	Told []string
	// Code names the check that the Verdict hangs on and why it ended so ("passive-authentication issuer-unknown"); small,
	// for the officer.
	Code string
}

// Option is one card of a choice.
type Option struct {
	ID      string
	Title   string
	Text    string // up to two lines
	Picture string // of assets/pictures, without .svg
	Icon    string // badge, of assets/icons; "" for none
	Chosen  bool
	Spoken  string // instead of the title, where it is heard; empty for the title
}

// Choice is PageService, PageSearch and PageQuestion: up to six options on the page, more behind the page keys. A touch
// chooses and goes on; where Many is set it only chooses, any number of them, and Next goes on.
type Choice struct {
	Field       form.FieldID // what is being chosen: a field of the form, "case" or "service"
	Help        string       // a plain sentence under the question; empty for none
	Spoken      string       // instead of Help, where it is heard; empty for Help
	Options     []Option     // those of this page
	Many        bool
	Search      bool // the page has a key for Search
	Page, Pages int  // 1-based; page keys are shown if Pages > 1
	Problems    []form.Problem
}

// Rows is PageRows: the people that a form lists. A card that is laid down or whose code is scanned adds one, AddRow
// begins one by typing, RemoveRow takes one away.
type Rows struct {
	Field       form.FieldID
	Label       string // of the list: Khách lưu trú
	Help        string
	Rows        []Person // those of this page
	Page, Pages int
	CanAdd      bool // there is room for one more
	Reading     bool // the chip of the last one is being read
	Problems    []form.Problem
}

// Person is one row of PageRows.
type Person struct {
	At     int    // of RemoveRow
	Text   string // Lò Văn Ún · 02/01/1990
	Source identity.Source
}

// Place is PagePlace: a commune by province, first letters and name, or by typing letters. Choose picks an option, Type
// narrows the list, Back goes back one level.
type Place struct {
	Field       form.FieldID
	Level       string // a key of assets/text below place.level: what is being picked
	Within      string // what was picked so far: tỉnh Phú Thọ
	Typed       string // letters typed so far
	Options     []Option
	Page, Pages int
	Chosen      string // the commune that the field holds now; Next keeps it
	Problems    []form.Problem
	FromCard    bool
}

// Status is PageStatus: where a filing stands, for whoever has its slip. It names nobody.
type Status struct {
	Short, Service string
	Kind           filing.Status
	Steps          []StatusStep
	Late           bool
	Brought        bool   // the citizen said that what was lacking is here
	Result         bool   // the citizen can take a number to wait for the result
	Ticket         int    // the number to wait with; 0 for none
	Due            string // Thứ Sáu, 27/11/2026, 16 giờ; empty for no date
	Dossier        string
}

// StatusStep is a point on the line of what happens to a filing.
type StatusStep struct {
	Key  string // of assets/text under status.step
	When string
	Done bool
	Now  bool
}

// Vietnamese is the language that everything has (ISO 639-1).
const Vietnamese = "vi"

// Tell is PageTell.
type Tell struct {
	Text    string
	Picture string
	Spoken  string // of the text what anybody may hear
}

// Consent is PageConsent: what the page says besides its own words.
type Consent struct {
	Purpose string   // the service's official name
	Who     string   // the authority that sees it
	Kept    string   // how long it is kept
	Data    []string // what of the card is used
}

// KnownField is a fact that need not be typed, shown above the field that must.
type KnownField struct {
	Label, Value string
	Source       identity.Source
}

// Form is PageForm and PageManual: one typed field.
type Form struct {
	Field     form.FieldID
	Kind      form.Kind // Kind.Numeric says which keyboard
	Label     string
	Help      string // a plain sentence under the question; empty for none
	Spoken    string // instead of Help, where it is heard; empty for Help
	Hint      string // inside the field's right end
	Value     string // what is typed so far
	Known     []KnownField
	MaxLen    int            // characters
	Group     []int          // digits are shown in groups of these sizes (dates 2-2-4); nil for none
	Masked    bool           // digits other than the last three are not shown when the field is left
	CanSkip   bool           // "I do not know": Next works with an empty field
	Problems  []form.Problem // to be shown under the field
	FromCard  bool           // Value still is what the card said
	WasOnCard bool           // the card gave a value and it was changed: the mark dropped
}

// Paper is one row of PagePapers.
type Paper struct {
	Name    string
	Note    string // when it is needed, "only if the officer cannot find it"
	Made    bool   // this program fills it in
	Brought bool   // the citizen says he has it here
	ID      string // of Toggle
}

// Row is one answer on PageReview.
type Row struct {
	Field  form.FieldID
	Label  string
	Value  string
	Source identity.Source
	Edit   bool // has a key to change it
}

// Review is PageReview.
type Review struct {
	Rows        []Row // those of this page
	Page, Pages int
}

// Printing is where the slip is.
type Printing uint8

// Where the slip is.
const (
	PrintNone    Printing = iota // there is no printer
	PrintRunning                 // being printed
	PrintOK                      // on paper
	PrintUnsure                  // sent, not confirmed
	PrintFailed                  // not on paper: Fault says why
)

// Done is PageDone.
type Done struct {
	Short    string // K1-2311-047
	Service  string
	At       string   // 09:21, thứ Hai 23/11/2026
	Due      string   // Thứ Sáu, 27/11/2026, 16 giờ; empty if the officer will say
	DueNote  string   // why not sooner: a holiday in between
	Bring    []string // what to bring: "Thẻ căn cước", "hợp đồng thuê nhà"
	Fee      string   // Lệ phí 15.000 đồng, nộp tại quầy
	Ticket   int      // the number by which the person is called to the counter; 0 for none
	Printing Printing
	Fault    fault.Code // of PrintFailed
	CardLeft bool       // the card still lies on the reader: take it
	Stars    int        // how content the person said to be, of MostStars; 0: not said
}

// Fault is PageFault.
type Fault struct {
	Code fault.Code
	// Safe is the short number of the filing that is safe all the same, "" if none was made.
	Safe string
	// CanRetry: one more try is possible: with Next, or where a filing is safe with Back or Reprint (the slip).
	// CanSkip: there is a way on without the device, by Next.
	CanRetry, CanSkip bool
}

// Counter is PageCounter.
type Counter struct {
	Ticket  int // the number to wait with; 0 until it was asked for
	Service string
	Where   []string // where to go; empty: to the officer here
	Papers  []string
	Fee     string // empty if nobody can say
	Due     string // how long it takes; empty if nobody can say
}

// Idle is PageIdle, over whatever was there. Back ends the session, everything else goes on with it.
type Idle struct {
	Seconds int // left
	Total   int
}

package board

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"motcua/kiosk/assist"
	"motcua/kiosk/calendar"
	"motcua/kiosk/checkup"
	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/finder"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/official"
	"motcua/kiosk/portal"
	"motcua/kiosk/report"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
	"motcua/kiosk/text"
)

// Store is what a Board needs of the disk; kiosk/store has it.
type Store interface {
	finder.Store
	Officers(ctx context.Context) ([]officer.Account, error)
	List(ctx context.Context, filter store.Filter) ([]store.Summary, error)
	Case(ctx context.Context, ref filing.Reference, id *seal.Identity) (desk.Case, error)
	Hold(ctx context.Context, ref filing.Reference, by string) error
	Release(ctx context.Context, ref filing.Reference, by string) error
	Decide(ctx context.Context, ref filing.Reference, d desk.Decision, by *seal.Identity) (desk.Case, error)
	Undo(ctx context.Context, ref filing.Reference, number int, who string, by *seal.Identity) (desk.Case, error)
	FormPrinted(ctx context.Context, ref filing.Reference, number int, form string) error
	Note(ctx context.Context, kind string, detail map[string]string) error
	SetSecret(ctx context.Context, locked seal.Locked, by store.Signer) error
	Get(ctx context.Context, number string) (filing.Filing, error)
	JournalOf(ctx context.Context, ref filing.Reference) ([]store.Entry, error)
	Pictures(ctx context.Context, ref filing.Reference, id *seal.Identity) ([]filing.Picture, error)
	AddPictures(ctx context.Context, ref filing.Reference, list []filing.Picture, by store.Signer) (first int, err error)
	RemovePicture(ctx context.Context, ref filing.Reference, number int, by store.Signer) error
	portal.Journal
	Handing(ctx context.Context, ref filing.Reference) (store.Handing, error)
	ListUnsent(ctx context.Context, limit int) ([]store.Summary, error)
	Awaited(ctx context.Context, target string, since time.Time, limit int) ([]filing.Filing, error)
	Unsent(ctx context.Context) (n int, oldest time.Time, err error)

	Line(ctx context.Context, day time.Time) (*desk.Line, error)
	Queue(ctx context.Context, by string, do func(*desk.Line, time.Time) (desk.Ticket, error)) (desk.Ticket, error)
	Stations(ctx context.Context) ([]store.StationState, error)
	Came(ctx context.Context, station, by string) error
	Working(station string) (bool, error)

	Records(ctx context.Context, from, to time.Time) ([]report.Record, error)
	Tickets(ctx context.Context, from, to time.Time) ([]desk.Ticket, error)
	DayLog(ctx context.Context, from, to time.Time) (report.DayLog, error)

	adminStore
	decider
}

// Options are what a Board needs besides the Store.
type Options struct {
	Office   string // for the head of the page
	Counter  string // what people are called to: "1"
	Printer  official.Printer
	Calendar *calendar.Calendar
	Now      func() time.Time
	Log      *slog.Logger
	// Print puts a PDF on paper; nil: there is no printer.
	Print func(ctx context.Context, form string, pdf []byte) error
	// Dial takes over the session of a kiosk, Local begins one at the desk; nil: there is none.
	Dial  func(ctx context.Context, station string, who officer.Account, key *seal.Identity) (assist.Visit, error)
	Local func(ctx context.Context, who officer.Account) (assist.Visit, error)
	// Checkup asks a kiosk to test a part, or which devices there are; nil: nothing of a kiosk can be tested from here.
	Checkup func(ctx context.Context, station string, who officer.Account, key *seal.Identity, r checkup.Request, tell func(checkup.Progress)) (checkup.Answer, error)
	// Compose writes Vietnamese: it adds a key to a text. Nil: keys are letters.
	Compose func(text string, key rune) string
	// Go runs what is done beside: the search for people, keys for who comes, figures, tests. Nil: in a goroutine of its own.
	Go func(func())
	// Wake is called in such a goroutine when something is ready that the next Tick shows. May be nil.
	Wake func()
	// Texts are the words of figures on paper and in workbooks.
	Texts *text.Table
	// Report is the office as figures name it, Services those in force on a day.
	Report   report.Office
	Services func(day identity.Date) []report.Service
	// Export writes a file where the officer finds it, whole or not at all, and says where. Nil: nothing is exported.
	Export func(name string, write func(io.Writer) error) (where string, err error)
	// Sheets is where a document scanner leaves pictures; nil: there is none.
	Sheets Sheets
	// Parts are those of the desk itself, for the page of devices.
	Parts []Part
	// Portal is how filings are handed over to the national portal; the zero Way is by hand.
	Portal portal.Way
	// Clip puts a text where the officer pastes it from; "" takes away what it put there, if nothing else lies there since. Nil: there is none.
	Clip func(text string)
	// Deciding is how a head decides for the office, and the desk obeys.
	Deciding Deciding
	// Steward is what the page of administration needs besides.
	Steward Steward
	// Idle is how long nobody touches a key until the officer is signed out; DefaultIdle if zero.
	Idle time.Duration
	// ReadCard reads what only the chip of the card says that lies on the officers' reader (seal.Secret.Card); can are the digits that open it. It
	// takes seconds; fault.CardWrongKey if they do not. Nil: nobody signs in by card.
	ReadCard func(ctx context.Context, can string) ([]byte, error)
}

// DefaultIdle is when an officer who left the desk is signed out.
const DefaultIdle = 5 * time.Minute

// RowsOnPage is how many filings the list shows.
const RowsOnPage = 10

// mostFound is how many filings a search lists.
const mostFound = 500

// Board is the desk of one officer. It is not for several goroutines.
type Board struct {
	opt   Options
	store Store

	accounts []officer.Account
	at       int
	pin      []rune
	wrong    bool
	tries    map[string]*officer.Tries
	cards    cards

	me      officer.Account
	key     *seal.Identity // nil while nobody is signed in
	shift   *shift         // likewise
	touched time.Time
	byCard  bool // a card signed in, at least besides the PIN: without it nobody is
	own     own

	heeded   int64 // head of the journal when the accounts were read last
	head     int64 // and the rest of the disk
	day      time.Time
	all      []store.Summary   // to which something may still happen
	names    map[string]string // by reference, of what was opened to be listed
	line     *desk.Line        // the people of today
	stations []store.StationState

	page    Page // while somebody is signed in
	figures figures
	devices devices
	handing handing
	sheets  sheets
	obeyed  obeyed
	admin   admin

	filter   string
	query    string
	search   bool
	row      int
	top      int
	picked   store.Summary      // which one that is; the zero Summary once the officer went to another row
	shown    []filing.Reference // the rows that are seen
	open     *opened
	dialog   *Dialog
	visit    *visit // the citizen's session that the officer is in
	notice   string
	noticeOf []any
}

// opened is the filing that the officer has.
type opened struct {
	filing   filing.Filing
	is       desk.Case
	pictures []filing.Picture
}

// The filters, in the order of the tabs.
const (
	FilterAll        = "all"
	FilterFiled      = "filed"
	FilterReceived   = "received"
	FilterSupplement = "supplement"
	FilterLate       = "late"
	FilterUnsent     = "unsent" // the portal does not have it
	FilterAhead      = "ahead"  // the portal says what has to be followed here
)

var filters = []string{FilterAll, FilterFiled, FilterReceived, FilterSupplement, FilterLate, FilterUnsent, FilterAhead}

// New makes a Board at which nobody is signed in.
func New(ctx context.Context, s Store, opt Options) (*Board, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Compose == nil {
		opt.Compose = func(text string, key rune) string { return text + string(key) }
	}
	if opt.Go == nil {
		opt.Go = func(do func()) { go do() }
	}
	if opt.Wake == nil {
		opt.Wake = func() {}
	}
	opt.Idle = cmp.Or(opt.Idle, DefaultIdle)
	b := &Board{opt: opt, store: s, page: SignIn, filter: FilterAll, tries: map[string]*officer.Tries{}, touched: opt.Now(), line: &desk.Line{}, cards: cards{known: map[string]string{}}}
	b.notice, b.noticeOf = opt.Steward.Said.Key, opt.Steward.Said.Args
	return b, b.readAccounts(ctx)
}

// Do does what an intent wants and gives what is to be seen then. What goes wrong on the way is a Notice.
func (b *Board) Do(ctx context.Context, i Intent) Snapshot {
	now := b.opt.Now()
	if r, ok := i.(OnReader); ok {
		b.fail(b.onReader(ctx, r.State))
		return b.Snapshot(ctx)
	}
	if touches(i) {
		b.touched, b.notice, b.noticeOf = now, "", nil
	}
	if b.key != nil && now.Sub(b.touched) >= b.opt.Idle {
		i = Lock{}
	}
	err := b.heed(ctx)
	switch {
	case err != nil: // what was to be done is not
	case b.key == nil:
		err = b.atDoor(ctx, i)
	case b.visit != nil:
		err = b.inVisit(ctx, i)
	case b.admin.ask != nil:
		err = b.inAsk(ctx, i)
	case b.dialog != nil:
		err = b.inDialog(ctx, i)
	default:
		err = b.signedIn(ctx, i)
	}
	b.fail(errors.Join(err, b.tendPortal(ctx), b.tendSheets(ctx), b.tendLent(ctx)))
	return b.Snapshot(ctx)
}

// touches reports whether somebody at the desk did this: time passes by itself, and noise on a scanner's line is read as nothing.
func touches(i Intent) bool {
	switch i := i.(type) {
	case Tick:
		return false
	case Scan:
		return i.Text != ""
	}
	return true
}

// fail turns an error into a notice.
func (b *Board) fail(err error) {
	if err == nil {
		return
	}
	b.opt.Log.Warn("desk.failed", "code", fault.CodeOf(err), "err", err)
	b.notice, b.noticeOf = "fault."+string(fault.CodeOf(err))+".what", nil
	if errors.Is(err, errTurnedOut) { // no PIN was wrong
		b.notice = "desk.notice.turned-out"
	}
}

func (b *Board) atQueue(ctx context.Context, i Intent) error {
	if b.search && b.inSearch(i) {
		return nil
	}
	switch i := i.(type) {
	case Move:
		b.goTo(b.row + i.By)
	case Choose:
		if i.Row >= 0 && i.Row < len(b.shown) {
			b.goTo(b.top + i.Row)
			return b.openFiling(ctx, b.shown[i.Row])
		}
	case Enter:
		if b.picked.Short != "" {
			return b.openFiling(ctx, b.picked.Reference)
		}
	case Escape:
		if b.open == nil && b.query != "" { // or the list would go on to lack what comes in
			b.query = ""
			b.goFirst()
			return nil
		}
		return b.leave(ctx)
	case Find:
		b.search = true
	case Show:
		b.filter = i.Filter
		b.goFirst()
	case Begin:
		return b.begin(i.Action)
	case Undo:
		return b.undo(ctx)
	case Print:
		return b.print(ctx)
	case Portal:
		return b.openPortal()
	case Papers:
		return b.openPapers()
	case Unpicture:
		b.openUnpicture(i.Number)
	case Control:
		return b.printControl(ctx)
	case Help:
		return b.help(ctx, i.Station)
	case NewFiling:
		return b.newFiling(ctx)
	case Refresh:
		return b.refresh(ctx)
	default:
		return b.withPeople(ctx, i)
	}
	return nil
}

// inSearch takes the keys of a search, and reports whether it did.
func (b *Board) inSearch(i Intent) bool {
	const longest = 60
	switch i := i.(type) {
	case Type:
		if len([]rune(b.query)) < longest {
			b.query += string(i.Rune)
		}
	case Delete:
		if r := []rune(b.query); len(r) > 0 {
			b.query = string(r[:len(r)-1])
		}
	case Enter:
		b.search = false
	case Escape:
		b.search, b.query = false, ""
	case Undo: // of what is typed, as elsewhere; no decision is taken back from here
		return true
	default:
		return false
	}
	b.goFirst()
	return true
}

// refresh reads what is on the disk, if anything changed.
func (b *Board) refresh(ctx context.Context) error {
	var err error
	if b.stations, err = b.store.Stations(ctx); err != nil { // how a station is stands in no journal
		return err
	}
	if !b.reads() {
		return nil
	}
	head, err := b.store.Head(ctx)
	if err != nil {
		return err
	}
	day := b.opt.Now().Truncate(time.Hour) // what is late or of yesterday changes with the clock alone
	if head == b.head && day.Equal(b.day) && b.all != nil {
		return nil
	}
	b.obey(ctx)
	if err := b.stands(ctx); err != nil {
		return err
	}
	if b.all, err = b.store.List(ctx, store.Filter{Open: true}); err != nil {
		return err
	}
	if b.line, err = b.store.Line(ctx, b.opt.Now()); err != nil {
		return err
	}
	b.head, b.day = head, day
	b.sort()
	b.shift.chores(b)
	if b.open != nil { // the same officer may have it at another desk, too
		return b.again(ctx)
	}
	return nil
}

// sort puts what is late first, then what is due today, then by date; what has none comes last, oldest first.
func (b *Board) sort() {
	now := b.opt.Now()
	rank := func(s store.Summary) int {
		switch c := caseOf(s); {
		case c.Late(now):
			return 0
		case c.DueToday(now):
			return 1
		case s.Due.IsZero():
			return 3
		}
		return 2
	}
	slices.SortStableFunc(b.all, func(x, y store.Summary) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), x.Due.Compare(y.Due), x.Filed.Compare(y.Filed))
	})
}

func caseOf(s store.Summary) desk.Case {
	return desk.Case{Status: s.Status, Due: s.Due, Filed: s.Filed}
}

// listed are the filings that filter and search leave, and how many more there are than can be listed. A search goes through all filings, also those
// that are long done, once the officer's finder has them; until then through those that are open.
func (b *Board) listed(ctx context.Context) (list []store.Summary, more int) {
	now := b.opt.Now()
	if b.filter == FilterUnsent {
		return b.unsent(ctx)
	}
	if x := b.shift.finder(); x != nil && strings.TrimSpace(b.query) != "" && b.filter != FilterAhead {
		q := finder.Query{Text: b.query, Now: now, Limit: mostFound, Late: b.filter == FilterLate}
		if b.filter != FilterAll && b.filter != FilterLate {
			q.Status = filing.Status(b.filter)
		}
		q.Statuses, q.Also = b.statuses(), b.ofTicket(b.query)
		list, total := x.Search(q)
		return list, total - len(list)
	}
	want := identity.Fold(strings.TrimSpace(b.query))
	for _, s := range b.all {
		if b.passes(s, b.filter, now) && (want == "" || b.matches(ctx, s, want)) {
			list = append(list, s)
		}
	}
	return list, 0
}

func (b *Board) passes(s store.Summary, filter string, now time.Time) bool {
	switch filter {
	case FilterAll:
		return true
	case FilterLate:
		return caseOf(s).Late(now)
	case FilterAhead:
		return b.ahead(s) != ""
	}
	return string(s.Status) == filter
}

// matches looks for words in number, service and name, without accents.
func (b *Board) matches(ctx context.Context, s store.Summary, want string) bool {
	text := identity.Fold(strings.Join([]string{s.Short, s.Reference.String(), b.serviceName(s.Service, s.Filed), b.name(ctx, s.Reference)}, " "))
	for _, word := range strings.Fields(want) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// name is the applicant's; a filing that the finder does not have yet is opened for it.
func (b *Board) name(ctx context.Context, ref filing.Reference) string {
	if x := b.shift.finder(); x != nil {
		if name, known := x.Name(ref); known {
			return name
		}
	}
	name, known := b.names[ref.String()]
	if !known {
		if f, err := b.store.Read(ctx, ref.String(), b.key); err == nil {
			name = f.Applicant.Name
		}
		b.names[ref.String()] = name
	}
	return name
}

func (b *Board) serviceName(id string, day time.Time) string {
	if svc, ok := b.opt.Printer.Catalogue.Get(id, identity.DateOf(day)); ok {
		return svc.Plain
	}
	return id
}

func (b *Board) moveTo(row int) {
	b.row = max(0, row)
	if b.row < b.top {
		b.top = b.row
	}
	if b.row >= b.top+RowsOnPage {
		b.top = b.row - RowsOnPage + 1
	}
}

// goTo goes to another row, goFirst to the first.
func (b *Board) goTo(row int) {
	b.picked = store.Summary{}
	b.moveTo(row)
}

func (b *Board) goFirst() { b.picked, b.row, b.top = store.Summary{}, 0, 0 }

// stay keeps the filing that is chosen so, wherever it stands now that others came or went: Enter opens what was looked at. One that was decided leaves its place
// to the next.
func (b *Board) stay(list []store.Summary) {
	was := b.picked
	if at := slices.IndexFunc(list, func(s store.Summary) bool { return s.Reference == was.Reference }); at >= 0 && list[at].Status == was.Status && list[at].Due.Equal(was.Due) {
		b.moveTo(at)
	}
	b.moveTo(min(b.row, max(0, len(list)-1)))
	if b.picked = (store.Summary{}); b.row < len(list) {
		b.picked = list[b.row]
	}
}

// openFiling takes a filing and opens it.
func (b *Board) openFiling(ctx context.Context, ref filing.Reference) error {
	if b.open != nil && b.open.filing.Reference == ref {
		return nil
	}
	if err := b.leave(ctx); err != nil {
		return err
	}
	if err := b.store.Hold(ctx, ref, b.me.ID); err != nil {
		return err
	}
	f, err := b.store.Read(ctx, ref.String(), b.key)
	if err != nil {
		return b.give(ctx, ref, err)
	}
	c, err := b.store.Case(ctx, ref, b.key)
	if err != nil {
		return b.give(ctx, ref, err)
	}
	b.open = &opened{filing: f, is: c}
	if b.handing.outOf == ref {
		b.handing.keeps = false
	}
	return errors.Join(b.readPictures(ctx), b.lookAtPortal(ctx), b.refresh(ctx))
}

// leave gives the open filing back and forgets it.
func (b *Board) leave(ctx context.Context) error {
	if b.open == nil {
		return nil
	}
	ref := b.open.filing.Reference
	if b.sending() { // nobody else decides on it before it is gone
		b.open, b.handing.keeps = nil, true
		return nil
	}
	b.open = nil
	return b.store.Release(ctx, ref, b.me.ID)
}

package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
)

// Verdict is what VerifyJournal found in order.
type Verdict struct {
	Entries int `json:"entries"`
	Filings int `json:"filings"`
	Signed  int `json:"signed"` // entries with an officer's signature
	// Stations are the keys with which stations sign, by name; Replaced counts those that came in place of another, Cut the entries
	// that say that the journal was shorter than a station had seen it. Neither must be for no reason that somebody knows.
	Stations map[string]string `json:"stations,omitempty"`
	Replaced int               `json:"replaced,omitempty"`
	Cut      int               `json:"cut,omitempty"`
	Head     []byte            `json:"head"` // hash of the last entry, which stands for the whole journal
	Trusted  map[string]bool   `json:"-"`    // fingerprints of the certificates and lists that officers trust, beside what is built in

	bare     map[string]bool     // stations that made entries before any had a key
	people   map[string]person   // the officers, as of the entry
	signs    bool                // who hands over, and who says who works here, signs from here on
	both     bool                // accounts have both keys, from here on
	dossiers map[string]string   // official codes, by reference
	rescue   rescue              // the recovery key, likewise
	rescued  *account            // by the entry before this one
	begun    map[string]begun    // by reference, how it was filed
	stands   map[string]signed   // likewise, the last decision
	course   map[string][]int    // likewise, the numbers of those that hold
	made     map[string]made     // decisions, by reference and number
	pictures map[string]pictured // likewise
	ended    map[string]bool     // references of filings that were destroyed
	settings map[string]decision // by name
	finder   string              // digest of the finder's keys
	marks    map[int64][]byte    // hashes that entries must have
	pending  []signature         // of stations, to be verified
	tell     func(done, all int) // may be nil
	all      int                 // entries there are
}

// Anchor is an entry that was seen: its number and hash, from a sheet of paper or the hub.
type Anchor struct {
	Seq  int64
	Hash []byte
}

// VerifyJournal recomputes the chain of hashes and compares each filing's content with its entry. It gives how far it
// came and fault.StoreDamaged at the first thing that does not fit: an entry that is missing, moved or changed, a filing
// whose content changed, or one without an entry. It sees one moment of the database and may run beside filing.
// What stations saw last (their marks in the directory) and anchors, if any are given, must be in it.
func (r *Reader) VerifyJournal(ctx context.Context, anchors ...Anchor) (Verdict, error) {
	return r.VerifyJournalTelling(ctx, nil, anchors...)
}

// VerifyJournalTelling is VerifyJournal that tells how many entries it has verified of how many; tell may be nil.
func (r *Reader) VerifyJournalTelling(ctx context.Context, tell func(done, all int), anchors ...Anchor) (Verdict, error) {
	marks, err := readMarkFiles(r.dir) // before the database: what comes meanwhile is not missed
	if err != nil {
		return Verdict{}, failed("verify", err)
	}
	return r.verify(ctx, tell, marks, anchors)
}

// verify is VerifyJournalTelling with what stations saw last.
func (r *Reader) verify(ctx context.Context, tell func(done, all int), marks map[string]mark, anchors []Anchor) (Verdict, error) {
	v := Verdict{Stations: map[string]string{}, Trusted: map[string]bool{}, bare: map[string]bool{}, people: map[string]person{}, begun: map[string]begun{}, stands: map[string]signed{},
		course: map[string][]int{}, made: map[string]made{}, pictures: map[string]pictured{}, dossiers: map[string]string{},
		settings: map[string]decision{}, ended: map[string]bool{}, marks: map[int64][]byte{}, tell: tell}
	for _, m := range marks {
		v.marks[m.Seq] = m.Hash
	}
	for _, a := range anchors {
		if old, ok := v.marks[a.Seq]; ok && !bytes.Equal(old, a.Hash) {
			return v, fault.Newf(fault.StoreDamaged, "store: journal: entry %d was seen otherwise", a.Seq)
		}
		v.marks[a.Seq] = a.Hash
	}
	tx, err := r.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return v, failed("verify", err)
	}
	defer tx.Rollback()
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM journal").Scan(&v.all); err != nil {
		return v, failed("verify", err)
	}
	if err := v.walk(ctx, tx); err != nil {
		return v, failed("verify", err)
	}
	var filings int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM filing").Scan(&filings); err != nil {
		return v, failed("verify", err)
	}
	if filings != v.Filings {
		return v, fault.Newf(fault.StoreDamaged, "store: journal: %d filings have entries, %d are there", v.Filings, filings)
	}
	if err := v.desk(ctx, tx); err != nil {
		return v, failed("verify", err)
	}
	if err := v.papers(ctx, tx); err != nil {
		return v, failed("verify", err)
	}
	if err := errors.Join(v.accounts(ctx, tx), v.rescueKey(ctx, tx), v.finderKeys(ctx, tx)); err != nil {
		return v, failed("verify", err)
	}
	if err := v.office(ctx, tx); err != nil {
		return v, failed("verify", err)
	}
	return v, nil
}

// tellEvery is how many entries are verified between two tellings.
const tellEvery = 512

// walk verifies entry after entry.
func (v *Verdict) walk(ctx context.Context, tx *sql.Tx) error {
	// The digest of a filing is that of its last entry: what was filed before there was a seal was sealed later. Those are asked for
	// first, because a question inside the other one would be asked for each filing anew.
	resealed, err := referencesOf(ctx, tx, Resealed)
	if err != nil {
		return err
	}
	const query = `SELECT j.seq, j.at, j.station, j.kind, j.reference, j.detail, j.prev_hash, j.hash, j.signature, c.body,
			coalesce(f.filed, ''), coalesce(f.service, '')
		FROM journal j LEFT JOIN filing f ON j.kind IN (?1, ?2) AND f.reference = j.reference LEFT JOIN content c ON c.filing = f.id ORDER BY j.seq`
	rows, err := tx.QueryContext(ctx, query, string(Filed), string(Resealed))
	if err != nil {
		return err
	}
	defer rows.Close()
	v.Head = make([]byte, sha256.Size)
	for rows.Next() {
		var r row
		var content sql.RawBytes
		var at, service string
		err := rows.Scan(&r.seq, &r.at, &r.station, &r.kind, &r.reference, &r.detail, &r.prev, &r.hash, &r.signature, &content, &at, &service)
		if err != nil {
			return err
		}
		compare := r.kind == string(Resealed) || !resealed[r.reference]
		_, twice := v.begun[r.reference]
		if err := v.entry(r, content, compare, twice); err != nil {
			return err
		}
		if r.kind != string(Filed) {
			continue
		}
		if err := v.begins(r, at, service); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for seq := range v.marks {
		if seq > int64(v.Entries) {
			return fault.Newf(fault.StoreDamaged, "store: journal: it ends at entry %d, and entry %d was there", v.Entries, seq)
		}
	}
	return v.signatures()
}

// begun is how a filing was filed: the date that was promised then, unless the entry is of before it said so.
type begun struct {
	due   string
	noted bool
}

// begins notes a filing, which has to lie there as it was filed: until when it is kept goes by the service and the day.
func (v *Verdict) begins(r row, at, service string) error {
	var d struct {
		Service *string
		Due     string
	}
	if err := json.Unmarshal([]byte(r.detail), &d); err != nil {
		return fault.Newf(fault.StoreDamaged, "store: journal: entry %d: detail cannot be read", r.seq)
	}
	if at != r.at || d.Service != nil && *d.Service != service {
		return fault.Newf(fault.StoreDamaged, "store: journal: %s is not as it was filed", r.reference)
	}
	v.begun[r.reference] = begun{d.Due, d.Service != nil}
	v.Filings++
	return nil
}

// referencesOf are the filings that have an entry of a kind.
func referencesOf(ctx context.Context, tx *sql.Tx, kind Kind) (map[string]bool, error) {
	rows, err := tx.QueryContext(ctx, "SELECT reference FROM journal WHERE kind = ?", string(kind))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]bool{}
	for rows.Next() {
		var ref string
		if err := rows.Scan(&ref); err != nil {
			return nil, err
		}
		all[ref] = true
	}
	return all, rows.Err()
}

// entry verifies one entry and, if it is a filing's and the one to compare with, the content; twice says that this filing has an
// entry already.
func (v *Verdict) entry(r row, content []byte, compare, twice bool) error {
	bad := func(what string) error {
		return fault.Newf(fault.StoreDamaged, "store: journal: entry %d: %s", v.Entries+1, what)
	}
	switch {
	case r.seq != int64(v.Entries)+1:
		return bad("missing")
	case !bytes.Equal(r.prev, v.Head):
		return bad("does not follow the one before")
	case !bytes.Equal(r.hash, hashEntry(r)):
		return bad("changed")
	}
	if want, ok := v.marks[r.seq]; ok && !bytes.Equal(want, r.hash) {
		return bad("was seen otherwise")
	}
	if err := v.byStation(r); err != nil {
		return bad(err.Error())
	}
	if err := v.signed(r); err != nil {
		return bad(err.Error())
	}
	if r.kind == string(Filed) || r.kind == string(Resealed) {
		var detail struct{ Content string }
		if err := json.Unmarshal([]byte(r.detail), &detail); err != nil {
			return bad("detail cannot be read")
		}
		switch {
		case twice != (r.kind == string(Resealed)):
			return bad("a second entry for one filing")
		case twice && v.begun[r.reference].noted: // by a program that seals what is filed
			return bad("it was sealed when it was filed")
		case content == nil:
			return bad("its filing is missing")
		case compare && detail.Content != digest(content):
			return bad("the filing's content changed")
		}
	}
	v.Entries++
	v.Head = r.hash
	if v.tell != nil && (v.Entries%tellEvery == 0 || v.Entries == v.all) {
		v.tell(v.Entries, v.all)
	}
	return nil
}

// signed notes the keys that officers had, and verifies what they signed with them.
func (v *Verdict) signed(r row) error {
	if Kind(r.kind) == OfficerSet {
		return v.officerSet(r)
	}
	v.rescued = nil // it is for the very next entry
	switch Kind(r.kind) {
	case SecretSet:
		return v.secretSet(r)
	case RecoverySet:
		return v.recoverySet(r)
	case RecoveryUsed:
		return v.recoveryUsed(r)
	case Recovered:
		return v.recovered(r)
	case SettingSet:
		return v.settingSet(r)
	case TrustAdded, TrustRemoved:
		return v.trustSet(r)
	case FinderSet:
		return v.finderSet(r)
	case Destroyed:
		return v.destroyed(r)
	case Decided, Undone:
		return v.decided(r)
	case PictureAdded, PictureRemoved:
		return v.picture(r)
	case OnPaper:
		return v.onPaper(r)
	case SentOut, DossierSet:
		return v.handedOver(r)
	}
	return nil
}

// decided verifies a decision, or that one was taken back.
func (v *Verdict) decided(r row) error {
	var detail struct {
		Officer, Signature, Words, Due, Moment string
		Action                                 desk.Action
		Number                                 int
		Status                                 filing.Status
	}
	if err := json.Unmarshal([]byte(r.detail), &detail); err != nil {
		return errors.New("detail cannot be read")
	}
	signature, err := base64.StdEncoding.DecodeString(detail.Signature)
	x := signed{Action: detail.Action, Officer: detail.Officer, Number: detail.Number, Words: detail.Words, Status: detail.Status, Due: detail.Due, Moment: detail.Moment}
	p := v.people[detail.Officer]
	if err != nil || !p.Active || !p.Role.May(officer.Decide) || !p.key.Verified("journal", x.message(r.kind, r.reference, r.at), signature) {
		return errors.New("not signed by the officer whom it names")
	}
	v.Signed++
	name := decisionName(r.reference, x.Number)
	one, there := v.made[name]
	course := v.course[r.reference]
	switch {
	case Kind(r.kind) == Decided && there:
		return errors.New("a decision is made once")
	case Kind(r.kind) == Decided:
		one = made{words: x.Words, at: r.at, action: x.Action, officer: x.Officer, before: v.status(r.reference), due: v.due(r.reference)}
		v.course[r.reference] = append(course, x.Number)
	case len(course) == 0 || course[len(course)-1] != x.Number || x.Status != one.before || one.due != unknown && x.Due != one.due:
		return errors.New("what was taken back was not the last decision, or it stood otherwise before that")
	default:
		one.undone = r.at
		v.course[r.reference] = course[:len(course)-1]
	}
	v.stands[r.reference], v.made[name] = x, one
	return nil
}

// status is where a filing stands at an entry, due the date that was promised of it: unknown until the first decision if the filing is of before that was noted.
func (v *Verdict) status(ref string) filing.Status {
	if x, decided := v.stands[ref]; decided {
		return x.Status
	}
	return filing.Filed
}

func (v *Verdict) due(ref string) string {
	if x, decided := v.stands[ref]; decided {
		return x.Due
	}
	if b := v.begun[ref]; b.noted {
		return b.due
	}
	return unknown
}

const unknown = "?"

// made is what the journal says of a decision: the digest of its words, when and by whom it was made, what was before it, when it was taken back, and
// whether it left the building, after which it is not.
type made struct {
	words, at, undone string
	action            desk.Action
	officer           string
	before            filing.Status
	due               string
	printed, sent     bool
}

func decisionName(ref string, number int) string { return fmt.Sprint(ref, "#", number) }

// onPaper notes that the form of a decision was printed.
func (v *Verdict) onPaper(r row) error {
	var d struct{ Number int }
	if err := json.Unmarshal([]byte(r.detail), &d); err != nil {
		return errors.New("detail cannot be read")
	}
	if one, there := v.made[decisionName(r.reference, d.Number)]; there {
		one.printed = true
		v.made[decisionName(r.reference, d.Number)] = one
	}
	return nil
}

// left notes that a filing was handed over, and with it the last decision that holds.
func (v *Verdict) left(ref string) {
	if course := v.course[ref]; len(course) > 0 {
		name := decisionName(ref, course[len(course)-1])
		one := v.made[name]
		one.sent = true
		v.made[name] = one
	}
}

// recovered verifies that those restored who may. Nobody signs where nobody was an officer yet.
func (v *Verdict) recovered(r row) error {
	if _, list, _, err := splitSigned(r.detail); err == nil && len(list) == 0 && len(v.people) == 0 {
		return nil
	}
	if !v.both {
		if old, err := v.recoveredOnce(r); old || err != nil {
			return err
		}
	}
	_, err := v.together(r, fourEyes, officer.Restore)
	return err
}

// recoveredOnce verifies a restore of before it was signed as other acts of two are, which did not say what lacks; old is false for one of later.
func (v *Verdict) recoveredOnce(r row) (old bool, err error) {
	var d struct {
		Backup, At, Aside string
		Replayed          int
		Whole             bool
		Lacking           *string
		Officers          []signedName
	}
	if err := json.Unmarshal([]byte(r.detail), &d); err != nil {
		return false, errors.New("detail cannot be read")
	}
	if d.Lacking != nil {
		return false, nil
	}
	for _, one := range d.Officers {
		message, _ := json.Marshal([]any{Recovered, r.at, one.Officer, d.Backup, d.At, d.Replayed, d.Whole, d.Aside}) // texts and numbers never fail
		if !v.people[one.Officer].key.Verified("journal", message, one.Signature) {
			return true, errNotSigned
		}
		v.Signed++
	}
	if len(d.Officers) < fourEyes {
		return true, errNotSigned
	}
	return true, nil
}

// destroyed verifies that a filing's time was ended by those who may.
func (v *Verdict) destroyed(r row) error {
	if v.ended[r.reference] {
		return errors.New("a filing was destroyed twice")
	}
	v.ended[r.reference] = true
	_, err := v.together(r, fourEyes, officer.EndRetention)
	return err
}

// desk compares what the journal says of decisions with what is there.
func (v *Verdict) desk(ctx context.Context, tx *sql.Tx) error {
	if err := v.standing(ctx, tx); err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, "SELECT reference, number, words, seal IS NULL, at, undone, action, officer, before, due, printed > 0, sent > 0 FROM decision")
	if err != nil {
		return err
	}
	defer rows.Close()
	there := 0
	for ; rows.Next(); there++ {
		var ref string
		var number int
		var body sql.RawBytes
		var shut bool
		var lies made
		err := rows.Scan(&ref, &number, &body, &shut, &lies.at, &lies.undone, &lies.action, &lies.officer, &lies.before, &lies.due, &lies.printed, &lies.sent)
		if err != nil {
			return err
		}
		lies.words = digest(body)
		want := v.made[decisionName(ref, number)]
		if want.due == unknown {
			want.due = lies.due
		}
		switch {
		case want.words != lies.words:
			return fault.Newf(fault.StoreDamaged, "store: journal: the words of decision %d on %s changed", number, ref)
		case want.at != lies.at || want.undone != lies.undone:
			return fault.Newf(fault.StoreDamaged, "store: journal: decision %d on %s has another time than the journal says", number, ref)
		case want != lies:
			return fault.Newf(fault.StoreDamaged, "store: journal: decision %d on %s is not as the journal says", number, ref)
		case shut != v.ended[ref]:
			return fault.Newf(fault.StoreDamaged, "store: journal: the key of decision %d on %s is not as the journal says", number, ref)
		}
	}
	if there != len(v.made) {
		return errors.Join(rows.Err(), fault.Newf(fault.StoreDamaged, "store: journal: %d decisions have entries, %d are there", len(v.made), there))
	}
	return rows.Err()
}

// standing compares where filings stand, and which were destroyed.
func (v *Verdict) standing(ctx context.Context, tx *sql.Tx) error {
	const query = `SELECT reference, status, due, dossier, sealed, EXISTS (SELECT 1 FROM key WHERE filing = id),
		tag IS NOT NULL OR EXISTS (SELECT 1 FROM finder WHERE filing = id) FROM filing`
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var ref, due, dossier string
		var status filing.Status
		var lies int
		var key, traces bool
		if err := rows.Scan(&ref, &status, &due, &dossier, &lies, &key, &traces); err != nil {
			return err
		}
		if want := v.due(ref); v.status(ref) != status || want != unknown && want != due {
			return fault.Newf(fault.StoreDamaged, "store: journal: %s stands otherwise than was decided", ref)
		}
		if dossier != v.dossiers[ref] {
			return fault.Newf(fault.StoreDamaged, "store: journal: %s has another official code than was noted", ref)
		}
		switch ended := v.ended[ref]; {
		case ended && (lies != contentDestroyed || key || traces):
			return fault.Newf(fault.StoreDamaged, "store: journal: %s was destroyed, and something of it is there", ref)
		case !ended && (lies == contentDestroyed || key != (lies == contentSealed)):
			return fault.Newf(fault.StoreDamaged, "store: journal: the key of %s is gone, and nobody ended its time", ref)
		}
	}
	return rows.Err()
}

// Journal gives the entries after the one numbered after, at most limit of them (all if not positive).
func (r *Reader) Journal(ctx context.Context, after int64, limit int) ([]Entry, error) {
	if limit <= 0 {
		limit = -1
	}
	const query = `SELECT seq, at, station, kind, reference, detail, hash FROM journal WHERE seq > ? ORDER BY seq LIMIT ?`
	return r.journal(ctx, query, after, limit)
}

// JournalOf gives the entries about a filing.
func (r *Reader) JournalOf(ctx context.Context, ref filing.Reference) ([]Entry, error) {
	return r.journal(ctx, journalOf, ref.String())
}

const journalOf = "SELECT seq, at, station, kind, reference, detail, hash FROM journal WHERE reference = ? AND reference <> '' ORDER BY seq"

func (r *Reader) journal(ctx context.Context, query string, args ...any) ([]Entry, error) {
	rows, err := r.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, failed("journal", err)
	}
	defer rows.Close()
	var entries []Entry
	for rows.Next() {
		var e Entry
		var at, detail string
		if err := rows.Scan(&e.Seq, &at, &e.Station, &e.Kind, &e.Reference, &detail, &e.Hash); err != nil {
			return nil, failed("journal", err)
		}
		if e.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return nil, failed("journal", err)
		}
		e.Detail = json.RawMessage(detail)
		entries = append(entries, e)
	}
	if err := rows.Err(); err != nil {
		return nil, failed("journal", err)
	}
	return entries, nil
}

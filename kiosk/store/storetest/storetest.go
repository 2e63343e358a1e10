// Package storetest is the contract of a store, as tests: whatever keeps filings passes Test.
//
// Clock and Draft are useful to the tests of others too: a clock that stands still, and a draft of an invented person.
package storetest

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"motcua/kiosk/filing"
	"motcua/kiosk/form"
	"motcua/kiosk/identity"
	"motcua/kiosk/officer"
	"motcua/kiosk/seal"
	"motcua/kiosk/store"
)

// Store is what the contract is about.
type Store interface {
	File(ctx context.Context, draft filing.Draft) (filing.Filing, error)
	Printed(ctx context.Context, ref filing.Reference, outcome string) error
	Get(ctx context.Context, number string) (filing.Filing, error)
	Read(ctx context.Context, number string, id *seal.Identity) (filing.Filing, error)
	List(ctx context.Context, filter store.Filter) ([]store.Summary, error)
	VerifyJournal(ctx context.Context, anchors ...store.Anchor) (store.Verdict, error)
	Journal(ctx context.Context, after int64, limit int) ([]store.Entry, error)
}

// Clock stands still until it is set. It is safe for concurrent use.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// Vietnam is UTC+7 all year.
var vietnam = time.FixedZone("+07", 7*60*60)

// NewClock is a clock that stands at 9:15 on Monday, 23 November 2026, in Vietnam.
func NewClock() *Clock { return &Clock{at: time.Date(2026, time.November, 23, 9, 15, 0, 0, vietnam)} }

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Set moves the clock, also back.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

// AddDays moves the clock by n days.
func (c *Clock) AddDays(n int) { c.Set(c.Now().AddDate(0, 0, n)) }

// Officer is somebody to whom the tests' filings are sealed.
var Officer = sync.OnceValue(func() *seal.Identity {
	id, err := seal.New()
	if err != nil {
		panic(err)
	}
	return id
})

// Recipients is Officer for store.Options.
func Recipients() []seal.Public { return []seal.Public{Officer().Public()} }

// SetOfficer puts an officer into the store in dir, as an office does before anybody files, and gives what opens filings. The
// officer is "an", a head, under TestPIN.
func SetOfficer(t testing.TB, dir string, opts store.Options) *seal.Identity {
	t.Helper()
	s, err := store.Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	an, err := hired()
	if err == nil {
		err = s.SetOfficer(context.Background(), an.account, "setup")
	}
	if err != nil {
		t.Fatal(err)
	}
	return an.id
}

type hand struct {
	account officer.Account
	id      *seal.Identity
}

// hired is the officer of all tests of a process: a PIN costs half a second.
var hired = sync.OnceValues(func() (hand, error) {
	a, id, err := officer.New("an", "Bùi Văn An", officer.Head, seal.Secret{PIN: TestPIN}, NewClock().Now())
	return hand{a, id}, err
})

// TestPIN is the PIN of SetOfficer's officer.
const TestPIN = "27182818"

// photoBytes is about what a chip's portrait has.
const photoBytes = 15_000

// Draft is a complete draft of an invented person (099 is no province). Two drafts of one key are equal.
func Draft(key string) filing.Draft {
	at := NewClock().Now().UTC()
	return filing.Draft{
		Key: key, Service: "tam-tru", Version: "2026-01-01", Procedure: "1.004194", Case: "rent", Form: "CT01",
		Applicant: identity.Person{
			Number: "099194000506", Name: "H’Nuôn Kbŭôr", Sex: identity.Female,
			Birth:  identity.Date{Year: 1994, Month: time.May, Day: 8},
			Issued: identity.Date{Year: 2021, Month: time.September, Day: 1},
		},
		Evidence: identity.Evidence{Source: identity.FromChip, Access: "PACE-CAN"},
		Photo:    &identity.Photo{Type: "image/jpeg", Data: bytes.Repeat([]byte{0xFF, 0xD8, 7}, photoBytes/3), Width: 240, Height: 320},
		Answers:  form.Answers{"phone": {Value: "0900000000", Source: identity.FromTyped}},
		Papers:   []filing.Paper{{Name: "Tờ khai CT01", State: filing.PaperMade}},
		Consent:  &filing.Consent{Text: "consent.v1", Given: true, At: at},
		Started:  at,
	}
}

// Test runs the contract. open gives a new, empty store of station K1 in commune 05200 that tells the time by clock, and
// closes it when the test ends. It seals to Recipients.
func Test(t *testing.T, open func(t *testing.T, clock *Clock) Store) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, s Store, clock *Clock)
	}{
		{"FilesAndGives", testFilesAndGives},
		{"CountsByDay", testCountsByDay},
		{"ClockSetBack", testClockSetBack},
		{"FourDigits", testFourDigits},
		{"SameKeyOnce", testSameKeyOnce},
		{"ManyAtOnce", testManyAtOnce},
		{"GetByForms", testGetByForms},
		{"GetRefuses", testGetRefuses},
		{"Printed", testPrinted},
		{"RefusesDrafts", testRefusesDrafts},
		{"GivenUp", testGivenUp},
		{"List", testList},
		{"Journal", testJournal},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := NewClock()
			s := open(t, clock)
			c.run(t, s, clock)
			if _, err := s.VerifyJournal(t.Context()); err != nil {
				t.Errorf("the journal afterwards: %v", err)
			}
		})
	}
}

// mustFile files a draft with the given key.
func mustFile(t *testing.T, s Store, key string) filing.Filing {
	t.Helper()
	f, err := s.File(t.Context(), Draft(key))
	if err != nil {
		t.Fatalf("File %s: %v", key, err)
	}
	return f
}

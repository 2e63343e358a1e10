package station

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/cardsim"
	"motcua/kiosk/config"
	"motcua/kiosk/session"
)

// happening is one report of the driver and what the session is told of it.
type happening struct {
	kind   card.EventKind
	reader string
	want   []session.Event
	at     string // the reader that a read would take afterwards
}

func told(events ...session.Event) []session.Event { return events }

func TestSlots(t *testing.T) {
	on, off, mute := session.CardOn{}, session.CardOff{}, session.CardMute{}
	here, gone := session.ReaderChanged{Present: true}, session.ReaderChanged{Present: false}
	for name, story := range map[string][]happening{
		"one reader": {
			{card.ServiceUp, "", nil, ""}, {card.ReaderAdded, "A", told(here), "A"}, {card.CardInserted, "A", told(on), "A"},
			{card.CardRemoved, "A", told(off), "A"}, {card.ReaderGone, "A", told(gone), ""},
		},
		"the reader goes with its card": {
			{card.ReaderAdded, "A", told(here), "A"}, {card.CardInserted, "A", told(on), "A"}, {card.ReaderGone, "A", told(gone, off), ""},
			{card.ReaderAdded, "A", told(here), "A"}, {card.CardInserted, "A", told(on), "A"},
		},
		"the service dies": {
			{card.ReaderAdded, "A", told(here), "A"}, {card.CardInserted, "A", told(on), "A"}, {card.ServiceDown, "", told(gone, off), ""},
			{card.ServiceUp, "", nil, ""}, {card.ReaderAdded, "A", told(here), "A"},
		},
		"a card that does not answer": {
			{card.ReaderAdded, "A", told(here), "A"}, {card.CardMute, "A", told(mute), "A"}, {card.CardInserted, "A", told(on), "A"},
			{card.CardMute, "A", told(mute), "A"}, {card.CardRemoved, "A", told(off), "A"},
		},
		"two readers, one in use": {
			{card.ReaderAdded, "A", told(here), "A"}, {card.ReaderAdded, "B", nil, "A"}, {card.CardInserted, "B", told(on), "B"},
			{card.ReaderGone, "A", nil, "B"}, {card.CardRemoved, "B", told(off), "B"}, {card.ReaderGone, "B", told(gone), ""},
		},
		"two cards: the one laid first counts, then the other": {
			{card.ReaderAdded, "A", told(here), "A"}, {card.ReaderAdded, "B", nil, "A"}, {card.CardInserted, "B", told(on), "B"},
			{card.CardInserted, "A", nil, "B"}, {card.CardRemoved, "B", told(off, on), "A"}, {card.CardRemoved, "A", told(off), "A"},
		},
		"two cards, the second leaves": {
			{card.ReaderAdded, "A", told(here), "A"}, {card.ReaderAdded, "B", nil, "A"}, {card.CardInserted, "A", told(on), "A"},
			{card.CardInserted, "B", nil, "A"}, {card.CardRemoved, "B", nil, "A"},
		},
		"a purse on the other reader": {
			{card.ReaderAdded, "A", told(here), "A"}, {card.ReaderAdded, "B", nil, "A"}, {card.CardMute, "B", told(mute), "A"},
			{card.CardInserted, "A", told(on), "A"}, {card.CardRemoved, "A", told(mute), "A"}, {card.CardRemoved, "B", told(off), "A"},
		},
		"twice, and of nobody": {
			{card.ReaderAdded, "A", told(here), "A"}, {card.ReaderAdded, "A", nil, "A"}, {card.CardInserted, "C", nil, "A"},
			{card.CardRemoved, "A", nil, "A"}, {card.ReaderGone, "C", nil, "A"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var s slots
			for i, h := range story {
				if got := s.apply(card.Event{Kind: h.kind, Reader: h.reader}); !reflect.DeepEqual(got, h.want) {
					t.Errorf("%d: %v of %q tells %T, want %T", i, h.kind, h.reader, got, h.want)
				}
				if got := s.reader(); got != h.at {
					t.Errorf("%d: a read would take %q, want %q", i, got, h.at)
				}
			}
		})
	}
}

// Watching again reports the present state again, as a watch begins.
func TestWatchTwice(t *testing.T) {
	cfg := config.Config{Card: config.Card{Driver: config.DriverSim, Reader: "simulator"},
		Scanner: config.Scanner{Driver: config.DriverNone}, Printer: config.Printer{Driver: config.DriverNone}}
	s, err := Open(t.Context(), cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		var mu sync.Mutex
		seen := map[session.Event]bool{}
		s.Watch(ctx, func(e session.Event) {
			mu.Lock()
			defer mu.Unlock()
			seen[e] = true
			if seen[session.ReaderChanged{Present: true}] && seen[session.ScannerChanged{}] {
				cancel()
			}
		})
		if !seen[session.ReaderChanged{Present: true}] || !seen[session.ScannerChanged{}] {
			t.Errorf("told: %v", seen)
		}
		cancel()
	}
}

// A reader that the configuration does not want is none.
func TestWantedReader(t *testing.T) {
	s := &Station{cards: cardsim.NewReaders(), want: "ACS", log: discard(), memory: openMemory("", discard()), reading: make(chan struct{}, 1)}
	defer s.cards.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	s.watchCards(ctx, func(e session.Event) {
		if e == session.Event(session.ReaderChanged{Present: true}) {
			t.Error("another reader was taken")
		}
	})
}

// Of several readers: the slot of a security module is none, one that was used before is preferred while nothing lies
// on any, and a card that is no ID card lets another count.
func TestSeveralReaders(t *testing.T) {
	s := &Station{log: discard(), memory: openMemory("", discard())}
	for reader, want := range map[string]bool{
		"OMNIKEY 5422CL Smartcard Reader 01 00": true, "ACS ACR1252 1S CL Reader SAM Interface 01 00": false, "Samsung Reader": true,
	} {
		if s.wanted(reader) != want {
			t.Errorf("%s: wanted %v", reader, !want)
		}
	}
	if s.want = "SAM"; !s.wanted("ACS ACR1252 1S CL Reader SAM Interface 01 00") {
		t.Error("the configuration names it, and it is not taken")
	}
	x := slots{prefer: "B"}
	for _, e := range []card.Event{{Kind: card.ReaderAdded, Reader: "A"}, {Kind: card.ReaderAdded, Reader: "B"}} {
		x.apply(e)
	}
	if x.reader() != "B" {
		t.Errorf("%s, not the one that was used before", x.reader())
	}
	x.apply(card.Event{Kind: card.CardInserted, Reader: "A"})
	x.apply(card.Event{Kind: card.CardInserted, Reader: "B"})
	if x.reader() != "A" {
		t.Errorf("%s, not the one with the first card", x.reader())
	}
	want := []session.Event{session.CardOff{}, session.CardOn{}}
	if got := x.setForeign("A"); !reflect.DeepEqual(got, want) || x.reader() != "B" {
		t.Errorf("a foreign card: %v, reader %s", got, x.reader())
	}
	if x.apply(card.Event{Kind: card.CardRemoved, Reader: "A"}); x.reader() != "B" {
		t.Errorf("%s", x.reader())
	}
}

// What a station learnt is there after a restart, and a damaged file costs nothing but that.
func TestMemory(t *testing.T) {
	dir := t.TempDir()
	m := openMemory(dir, discard())
	if err := json.Unmarshal([]byte(`[{"atr":"3b8001","reader":"B","chunk":160,"no_extended":true}]`), m.Hints); err != nil {
		t.Fatal(err)
	}
	m.keep("B")
	again := openMemory(dir, discard())
	was, err := json.Marshal(m.Hints)
	if err != nil {
		t.Fatal(err)
	}
	is, err := json.Marshal(again.Hints)
	if err != nil {
		t.Fatal(err)
	}
	if again.reader() != "B" || string(is) != string(was) || !strings.Contains(string(is), "3b8001") {
		t.Errorf("%s, %s, was %s", again.reader(), is, was)
	}
	for _, damaged := range []string{"", "{", `{"reader":"B","lengths":[{"atr":"xx"}]}`, `{"lengths":[{"chunk":-1}]}`, `{"lengths":null}`} {
		if err := os.WriteFile(filepath.Join(dir, memoryName), []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if m := openMemory(dir, discard()); m.reader() != "" || m.Hints == nil {
			t.Errorf("%q: %s", damaged, m.reader())
		}
	}
}

package deskcard

import (
	"bytes"
	"context"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"motcua/devices/card"
	"motcua/devices/card/apdu"
	"motcua/devices/card/cardsim"
	"motcua/devices/card/emrtd/pki"
	"motcua/kiosk/board"
	"motcua/kiosk/fault"
)

// soon is when a test gives up.
const soon = 30 * time.Second

// follow gives the states that a Reader tells, one after the other.
func follow(t *testing.T, r *Reader) func(want board.CardState) {
	ctx, stop := context.WithCancel(context.Background())
	states, ended := make(chan board.CardState), make(chan struct{})
	go func() {
		defer close(ended)
		r.Follow(ctx, func(s board.CardState) {
			select {
			case states <- s:
			case <-ctx.Done():
			}
		})
	}()
	t.Cleanup(func() { stop(); <-ended })
	return func(want board.CardState) {
		t.Helper()
		select {
		case s := <-states:
			if s != want {
				t.Fatalf("%s, want %s", s, want)
			}
		case <-time.After(soon):
			t.Fatalf("nothing, want %s", want)
		}
	}
}

func profile(t *testing.T, p cardsim.Persona, o cardsim.ProfileOptions) *cardsim.Profile {
	t.Helper()
	made, err := cardsim.Build(p, o)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// A card gives the same secret at each reading, another one another, and its digits are needed.
func TestSignInSecret(t *testing.T) {
	sims := cardsim.NewReaders()
	defer sims.Close()
	r := New(sims, "simulator", pki.Nobody{})
	expect := follow(t, r)
	expect(board.ReaderAway)
	expect(board.CardGone)
	one, two := cardsim.Personas()[0], cardsim.Personas()[1]
	lay := func(c *cardsim.Card) {
		t.Helper()
		if err := sims.Insert(c); err != nil {
			t.Fatal(err)
		}
		expect(board.CardLies)
	}
	lift := func() {
		t.Helper()
		sims.Remove()
		expect(board.CardGone)
	}
	secret := func(p *cardsim.Profile, can string) [32]byte {
		t.Helper()
		lay(cardsim.New(p, cardsim.Options{}))
		defer lift()
		text, err := r.Read(t.Context(), can)
		if err != nil || len(text) < 500 {
			t.Fatalf("%d bytes, %v", len(text), err)
		}
		return sha256.Sum256(text)
	}
	first, second := profile(t, one, cardsim.ProfileOptions{}), profile(t, two, cardsim.ProfileOptions{})
	a := secret(first, one.CAN())
	if secret(first, one.CAN()) != a || secret(second, two.CAN()) == a {
		t.Error("the same card does not say the same, or another one does")
	}
	for name, v := range map[string]struct {
		can  string
		o    cardsim.Options
		want fault.Code
	}{
		"another's digits": {two.CAN(), cardsim.Options{}, fault.CardWrongKey},
		"no digits":        {"", cardsim.Options{}, fault.CardKeyNeeded},
		"a copy":           {one.CAN(), cardsim.Options{Clone: true}, fault.CardCloned},
		"a chip without PACE, which BAC would give away": {one.CAN(), cardsim.Options{NoPACE: true}, fault.CardKeyNeeded},
		"a chip that will not prove itself":              {one.CAN(), cardsim.Options{Edit: unproven}, fault.CardIncomplete},
	} {
		lay(cardsim.New(first, v.o))
		if text, err := r.Read(t.Context(), v.can); fault.CodeOf(err) != v.want || text != nil {
			t.Errorf("%s: %d bytes, %v, want %s", name, len(text), err, v.want)
		}
		lift()
	}
	if _, err := r.Read(t.Context(), one.CAN()); fault.CodeOf(err) != fault.CardRemoved {
		t.Errorf("without a card: %v", err)
	}
	lay(cardsim.New(first, cardsim.Options{TearAfter: 12}))
	if _, err := r.Read(t.Context(), one.CAN()); fault.CodeOf(err) != fault.CardRemoved {
		t.Errorf("taken away: %v", err)
	}
	expect(board.CardGone)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	lay(cardsim.New(first, cardsim.Options{}))
	if _, err := r.Read(ctx, one.CAN()); fault.CodeOf(err) != fault.CardTimeout {
		t.Errorf("stopped: %v", err)
	}
	// The reader is pulled with the card on it, and put back.
	sims.Unplug()
	expect(board.ReaderAway)
	sims.Plug()
	expect(board.CardGone)
}

// unproven is a chip with all data of another that refuses what only its private keys could do.
func unproven(index int, ins byte, plain apdu.Response) apdu.Response {
	const opened, manageSecurity, internalAuthenticate = 10, 0x22, 0x88
	if index > opened && (ins == manageSecurity || ins == internalAuthenticate) {
		return apdu.Response{SW: apdu.ConditionsOfUse}
	}
	return plain
}

// told are events as a driver tells them.
type told struct {
	card.Readers
	events chan card.Event
}

func (w told) Watch(context.Context) <-chan card.Event { return w.events }

// Only readers of the name count, and of several the one with a card.
func TestFollow(t *testing.T) {
	w := told{events: make(chan card.Event)}
	r := New(w, "ACR1281", pki.Nobody{})
	expect := follow(t, r)
	expect(board.ReaderAway)
	const mine, also, kiosk = "ACS ACR1281 00", "ACS ACR1281 01", "ACS ACR122 02"
	for _, step := range []struct {
		kind   card.EventKind
		reader string
		want   board.CardState // "" for nothing
		lies   string
	}{
		{card.ServiceUp, "", "", ""}, {card.ReaderAdded, kiosk, "", ""}, {card.CardInserted, kiosk, "", ""},
		{card.ReaderAdded, mine, board.CardGone, ""}, {card.ReaderAdded, also, "", ""},
		{card.CardInserted, also, board.CardLies, also}, {card.CardInserted, mine, "", also}, {card.CardRemoved, kiosk, "", also},
		{card.CardRemoved, also, board.CardLies, mine}, {card.CardRemoved, mine, board.CardGone, ""},
		{card.CardMute, mine, board.CardMute, ""}, {card.CardRemoved, mine, board.CardGone, ""},
		{card.CardInserted, mine, board.CardLies, mine}, {card.ReaderGone, also, "", mine},
		{card.ReaderGone, mine, board.ReaderAway, ""}, {card.ReaderGone, kiosk, "", ""}, {card.ServiceDown, "", "", ""},
		{card.ServiceUp, "", "", ""}, {card.ReaderAdded, mine, board.CardGone, ""}, {card.CardInserted, mine, board.CardLies, mine},
	} {
		w.events <- card.Event{Kind: step.kind, Reader: step.reader}
		if step.want != "" {
			expect(step.want)
		}
		w.events <- card.Event{Kind: card.ReaderAdded, Reader: kiosk} // taken only once the one before was done
		if got := r.lying(); got != step.lies {
			t.Fatalf("%v of %s: a card lies on %q, want %q", step.kind, step.reader, got, step.lies)
		}
	}
	close(w.events)
}

// What a reading says of itself has nothing of the person in it.
func TestErrorsSayNothing(t *testing.T) {
	sims := cardsim.NewReaders()
	defer sims.Close()
	r := New(sims, "simulator", pki.Nobody{})
	expect := follow(t, r)
	expect(board.ReaderAway)
	expect(board.CardGone)
	p := cardsim.Personas()[0]
	if err := sims.Insert(cardsim.New(profile(t, p, cardsim.ProfileOptions{}), cardsim.Options{Clone: true})); err != nil {
		t.Fatal(err)
	}
	expect(board.CardLies)
	for _, can := range []string{p.CAN(), "314159"} {
		_, err := r.Read(t.Context(), can)
		if err == nil || strings.Contains(err.Error(), can) || bytes.Contains([]byte(err.Error()), []byte(p.Number)) {
			t.Errorf("%v", err)
		}
	}
}

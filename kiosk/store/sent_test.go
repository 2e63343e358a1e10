package store_test

import (
	"errors"
	"strings"
	"testing"

	"motcua/kiosk/desk"
	"motcua/kiosk/fault"
	"motcua/kiosk/store"
)

// TestSent: what left the building is in the journal, and its decision stays.
func TestSent(t *testing.T) {
	d := newDesk(t)
	h := store.Handover{Target: "http", Digest: "sha256:" + strings.Repeat("0", 64), Officer: "an"}
	if _, there, err := d.s.LastSent(t.Context(), d.ref); there || err != nil {
		t.Errorf("before: %v, %v", there, err)
	}
	d.must("an", desk.Receive)
	undone := d.must("an", desk.Ask)
	if _, err := d.s.Undo(t.Context(), d.ref, 2, "an", d.keys["an"]); err != nil || len(undone.History) != 2 {
		t.Fatal(err)
	}
	if err := d.s.Sent(t.Context(), d.ref, h, d.keys["an"]); err != nil {
		t.Fatal(err)
	}
	if _, err := d.s.Undo(t.Context(), d.ref, 1, "an", d.keys["an"]); !errors.Is(err, desk.ErrUndo) {
		t.Errorf("taken back: %v", err)
	}
	c, err := d.s.Case(t.Context(), d.ref, nil)
	if err != nil || len(c.History) != 1 || !c.History[0].Sent {
		t.Errorf("%+v, %v", c.History, err)
	}
	h.Digest, h.Officer, h.Target = "sha256:"+strings.Repeat("1", 64), "binh", "directory"
	if err := d.s.Sent(t.Context(), d.ref, h, d.keys["binh"]); err != nil {
		t.Fatal(err)
	}
	got, there, err := d.s.LastSent(t.Context(), d.ref)
	if h.At = d.clock.Now(); err != nil || !there || !got.At.Equal(h.At) || got.Digest != h.Digest || got.Officer != "binh" || got.Target != "directory" {
		t.Errorf("%+v, %v, %v", got, there, err)
	}
	// A decision after it can be taken back again: that one did not leave.
	d.must("an", desk.Ask)
	if _, err := d.s.Undo(t.Context(), d.ref, 3, "an", d.keys["an"]); err != nil {
		t.Error(err)
	}
	d.verify(2 + 2 + 2 + 1)
}

func TestSentRefuses(t *testing.T) {
	d := newDesk(t)
	good := store.Handover{Target: "http", Digest: "sha256:" + strings.Repeat("0", 64), Officer: "an"}
	if err := d.s.Sent(t.Context(), d.ref, good, d.keys["binh"]); fault.CodeOf(err) != fault.SealWrong {
		t.Errorf("with another's key: %v", err)
	}
	unknown := d.ref
	unknown.Serial++
	if err := d.s.Sent(t.Context(), unknown, good, d.keys["an"]); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("an unknown filing: %v", err)
	}
	bad, worse := good, good
	bad.Digest, worse.Target = "Hà Thị Thử", "Hà Thị Thử"
	for _, h := range []store.Handover{bad, worse} {
		if err := d.s.Sent(t.Context(), d.ref, h, d.keys["an"]); fault.CodeOf(err) != fault.Internal {
			t.Errorf("words in place of facts: %v", err)
		}
	}
	if _, there, err := d.s.LastSent(t.Context(), d.ref); there || err != nil {
		t.Errorf("%v, %v", there, err)
	}
}

package cardtest

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"

	"motcua/devices/card"
)

// Step is one exchange, in hexadecimal so that a recording can be read and reviewed.
type Step struct {
	Command  string `json:"c"`
	Response string `json:"r,omitempty"`
	Removed  bool   `json:"removed,omitempty"` // the card left instead of answering
}

// Recording is a whole conversation. Recordings of real cards hold a person's data: they do not belong into testdata.
type Recording struct {
	ATR   string `json:"atr"`
	Steps []Step `json:"steps"`
}

// Marshal gives the recording as JSON, one step a line.
func (r Recording) Marshal() ([]byte, error) { return json.MarshalIndent(r, "", " ") }

// Record passes everything through and writes it down.
type Record struct {
	card.Transport
	mu        sync.Mutex
	recording Recording
}

// NewRecord begins a recording of t.
func NewRecord(t card.Transport) *Record {
	return &Record{Transport: t, recording: Recording{ATR: hex.EncodeToString(t.ATR())}}
}

// Transmit passes one command through.
func (r *Record) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	response, err := r.Transport.Transmit(ctx, command)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recording.Steps = append(r.recording.Steps, Step{hex.EncodeToString(command), hex.EncodeToString(response), err != nil})
	return response, err
}

// Recording is what was recorded so far.
func (r *Record) Recording() Recording {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.recording
	out.Steps = append([]Step(nil), out.Steps...)
	return out
}

// Commands are the commands recorded so far.
func (r *Record) Commands() [][]byte {
	var out [][]byte
	for _, s := range r.Recording().Steps {
		raw, err := hex.DecodeString(s.Command)
		if err != nil {
			panic(err) // Transmit wrote it
		}
		out = append(out, raw)
	}
	return out
}

// Playback answers as a recording does, and only to the same commands in the same order. It fails the test for any
// other command, and at the end of the test if steps are left.
type Playback struct {
	t         testing.TB
	recording Recording
	next      int
}

var (
	_ card.Transport = (*Playback)(nil)
	_ card.Transport = (*Record)(nil)
	_ card.Transport = (*Cut)(nil)
)

// NewPlayback begins to play.
func NewPlayback(t testing.TB, r Recording) *Playback {
	p := &Playback{t: t, recording: r}
	t.Cleanup(func() {
		if !t.Failed() && p.next < len(r.Steps) {
			t.Errorf("cardtest: %d of %d recorded steps were not taken", len(r.Steps)-p.next, len(r.Steps))
		}
	})
	return p
}

// Transmit answers the next step.
func (p *Playback) Transmit(_ context.Context, command []byte) ([]byte, error) {
	p.t.Helper()
	if p.next == len(p.recording.Steps) {
		p.t.Errorf("cardtest: command %X after the last recorded one", command)
		return nil, card.ErrUnresponsive
	}
	step := p.recording.Steps[p.next]
	want, err := hex.DecodeString(step.Command)
	if err != nil {
		return nil, fmt.Errorf("cardtest: recording: %w", err)
	}
	if !bytes.Equal(want, command) {
		p.t.Errorf("cardtest: step %d is %X, recorded is %X", p.next+1, command, want)
		return nil, card.ErrUnresponsive
	}
	p.next++
	if step.Removed {
		return nil, card.ErrRemoved
	}
	return hex.DecodeString(step.Response)
}

// ATR is the recorded one.
func (p *Playback) ATR() []byte {
	atr, err := hex.DecodeString(p.recording.ATR)
	if err != nil {
		p.t.Errorf("cardtest: recording: %v", err)
	}
	return atr
}

// Close does nothing.
func (p *Playback) Close() error { return nil }

// Cut is a card that leaves: After commands are answered, the next one and all others are card.ErrRemoved.
type Cut struct {
	card.Transport
	After int
}

// Transmit passes a command through as long as the card lies there.
func (c *Cut) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if c.After <= 0 {
		return nil, fmt.Errorf("cardtest: %w", errors.Join(card.ErrRemoved))
	}
	c.After--
	return c.Transport.Transmit(ctx, command)
}

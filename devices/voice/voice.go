// Package voice speaks: a text becomes sound by espeak-ng, and the sound goes to a player.
//
// Open finds both programs; Voice.Say speaks until the text ends or its context does, and never two texts at once. The text
// goes in by standard input, so that no list of processes shows it, and only a simulated
// voice writes anything to disk.
//
// Why other programs: espeak-ng is GPL and its library would make the whole program so; a program of its own can also be
// killed at once when the page changes.
package voice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
	"unicode/utf8"
)

// ErrAbsent: there is nothing to speak with on this machine.
var ErrAbsent = errors.New("voice: espeak-ng or a player is not installed")

// MaxText is how long a text can be, in bytes; what is longer is cut at a letter.
const MaxText = 4000

// Options are what a Voice may be told.
type Options struct {
	Language string   // of espeak-ng, "vi" if empty: vi, vi-vn-x-central, vi-vn-x-south
	Player   []string // command that plays WAV from its standard input; aplay if empty
	// Simulated: nothing sounds, and each text takes as long as it would.
	Simulated bool
	Dir       string // where a simulated voice leaves what it would say as WAV files, a few hundred at most; empty for nowhere
}

// Voice speaks. It may be used by several goroutines; a new text waits for the one before, which its owner ends.
type Voice struct {
	speaker []string
	play    player
	turn    chan struct{}
}

// player plays WAV until it ends, or soon after ctx does.
type player func(ctx context.Context, sound io.Reader) error

// The usual voice: northern, slowly enough for people who are not used to it.
const (
	language   = "vi"
	speed      = 140         // words a minute
	killedSoon = time.Second // after the context ended
)

// Open finds the programs; ErrAbsent if one of them is not there.
func Open(o Options) (*Voice, error) {
	if o.Language == "" {
		o.Language = language
	}
	if len(o.Player) == 0 {
		o.Player = []string{"aplay", "-q", "-t", "wav", "-"}
	}
	v := &Voice{speaker: []string{"espeak-ng", "-v", o.Language, "-s", fmt.Sprint(speed), "--stdin", "--stdout"}, turn: make(chan struct{}, 1)}
	wanted := []string{v.speaker[0], o.Player[0]}
	v.play = program(o.Player)
	if o.Simulated {
		wanted, v.play = wanted[:1], files(o.Dir)
	}
	for _, program := range wanted {
		if _, err := exec.LookPath(program); err != nil {
			return nil, fmt.Errorf("%w: %s", ErrAbsent, program)
		}
	}
	v.turn <- struct{}{}
	return v, nil
}

// program plays with a command.
func program(command []string) player {
	return func(ctx context.Context, sound io.Reader) error {
		play := exec.CommandContext(ctx, command[0], command[1:]...)
		play.WaitDelay = killedSoon
		play.Stdin = sound
		if err := play.Run(); err != nil {
			return fmt.Errorf("voice: %s: %w", command[0], err)
		}
		return nil
	}
}

// Say speaks the text and returns when it is over, or soon after ctx ends. An error says which program failed.
func (v *Voice) Say(ctx context.Context, text string) error {
	select {
	case <-v.turn:
		defer func() { v.turn <- struct{}{} }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if text = cut(text); text == "" {
		return nil
	}
	speak := exec.CommandContext(ctx, v.speaker[0], v.speaker[1:]...)
	speak.WaitDelay = killedSoon
	speak.Stdin = strings.NewReader(text)
	sound, err := speak.StdoutPipe()
	if err != nil {
		return fmt.Errorf("voice: %w", err)
	}
	if err := speak.Start(); err != nil {
		return fmt.Errorf("voice: %s: %w", v.speaker[0], err)
	}
	played := v.play(ctx, sound)
	if played != nil {
		_ = speak.Process.Kill() // or it waits for somebody to listen
	}
	spoken := speak.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case played != nil:
		return played
	case spoken != nil:
		return fmt.Errorf("voice: %s: %w", v.speaker[0], spoken)
	}
	return nil
}

// cut is what of a text is spoken.
func cut(text string) string {
	text = strings.TrimSpace(strings.ToValidUTF8(text, ""))
	if len(text) <= MaxText {
		return text
	}
	end := MaxText
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// Package voice speaks: a text becomes sound by espeak-ng or is there as recordings (pack.go), and the sound goes to a player.
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
	"os"
	"os/exec"
	"strings"
	"time"
	"unicode/utf8"
)

// ErrUnknown: espeak-ng has no such voice.
var ErrUnknown = errors.New("voice: there is no such voice")

// ErrAbsent: there is nothing to speak with on this machine.
var ErrAbsent = errors.New("voice: espeak-ng or a player is not installed")

// MaxText is how long a text can be, in bytes; what is longer is cut at a letter.
const MaxText = 4000

// Options are what a Voice may be told.
type Options struct {
	Language string   // of espeak-ng, "vi" if empty: vi, vi-vn-x-central, vi-vn-x-south
	Pack     string   // directory of recordings, which speak where they have the words; "" for none
	Player   []string // command that plays WAV from its standard input; aplay if empty
	// Simulated: nothing sounds, and each text takes as long as it would.
	Simulated bool
	Dir       string // where a simulated voice leaves what it would say as WAV files, a few hundred at most; empty for nowhere
}

// Voice speaks. It may be used by several goroutines; a new text waits for the one before, which its owner ends.
type Voice struct {
	speaker []string // nil: only what was recorded is said
	pack    *pack    // nil: nothing was
	play    player
	turn    chan struct{}
}

// player plays WAV until it ends, or soon after ctx does.
type player func(ctx context.Context, sound io.Reader) error

// The usual voice: northern, slowly enough for people who are not used to it.
const (
	speaker    = "espeak-ng"
	language   = "vi"
	speed      = 140         // words a minute
	killedSoon = time.Second // after the context ended
)

// Open finds the programs and reads the recordings: ErrAbsent if one of them is not there, ErrPack, ErrUnknown. With recordings it goes without
// espeak-ng.
func Open(o Options) (*Voice, error) {
	if o.Language == "" {
		o.Language = language
	}
	if len(o.Player) == 0 {
		o.Player = []string{"aplay", "-q", "-t", "wav", "-"}
	}
	v := &Voice{speaker: []string{speaker, "-v", o.Language, "-s", fmt.Sprint(speed), "--stdin", "--stdout"}, turn: make(chan struct{}, 1)}
	wanted := []string{v.speaker[0], o.Player[0]}
	v.play = program(o.Player)
	if o.Simulated {
		wanted, v.play = wanted[:1], files(o.Dir)
	}
	if o.Pack != "" {
		var err error
		if v.pack, err = openPack(o.Pack); err != nil {
			return nil, err
		}
		if _, err := exec.LookPath(speaker); err != nil {
			v.speaker, wanted = nil, wanted[1:]
		}
	}
	for _, program := range wanted {
		if _, err := exec.LookPath(program); err != nil {
			return nil, fmt.Errorf("%w: %s", ErrAbsent, program)
		}
	}
	if v.speaker != nil && !knows(context.Background(), o.Language) {
		return nil, fmt.Errorf("%w: %.40q", ErrUnknown, o.Language)
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
	for _, p := range v.pack.parts(text) {
		if err := v.say(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// say says one part.
func (v *Voice) say(ctx context.Context, p part) error {
	if p.file != "" {
		return v.recorded(ctx, p.file)
	}
	if v.speaker == nil {
		return nil
	}
	return v.speak(ctx, p.text)
}

// recorded plays a file.
func (v *Voice) recorded(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("voice: %w", err)
	}
	defer f.Close()
	played := v.play(ctx, io.LimitReader(f, maxFile))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return played
}

// speak has espeak-ng say a text.
func (v *Voice) speak(ctx context.Context, text string) error {
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

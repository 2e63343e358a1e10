package voice

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// Limits of a simulated voice: how many files it leaves, and how long one may be.
const (
	maxFiles = 200
	maxSound = 64 << 20
)

// files is a player without a loudspeaker.
func files(dir string) player {
	var count atomic.Int64
	return func(ctx context.Context, sound io.Reader) error {
		data, err := io.ReadAll(io.LimitReader(sound, maxSound))
		if err != nil {
			return fmt.Errorf("voice: %w", err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if name := fmt.Sprintf("speech-%03d.wav", (count.Add(1)-1)%maxFiles+1); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name), sized(data), 0o600); err != nil {
				return fmt.Errorf("voice: %w", err)
			}
		}
		select {
		case <-time.After(length(data)):
		case <-ctx.Done():
		}
		return ctx.Err()
	}
}

// header is the length of a WAV header as espeak-ng writes it: RIFF, fmt, data.
const header = 44

// sized is the WAV with the lengths that its writer, having written to a pipe, could not know.
func sized(wav []byte) []byte {
	if len(wav) < header {
		return wav
	}
	wav = bytes.Clone(wav)
	binary.LittleEndian.PutUint32(wav[4:], uint32(len(wav)-8))
	binary.LittleEndian.PutUint32(wav[header-4:], uint32(len(wav)-header))
	return wav
}

// length is how long a WAV sounds.
func length(wav []byte) time.Duration {
	if len(wav) < header {
		return 0
	}
	rate := binary.LittleEndian.Uint32(wav[28:]) // bytes a second
	return time.Duration(len(wav)-header) * time.Second / time.Duration(max(rate, 1))
}

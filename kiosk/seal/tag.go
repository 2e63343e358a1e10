package seal

import (
	"errors"

	"golang.org/x/crypto/argon2"

	"motcua/kiosk/sweep"
)

// What a tag costs (argon2id): TagMemory in KiB, TagTime passes. A number of twelve digits has, for one province of birth, some 160
// million likely values; at the better part of a second each a stolen disk takes a core five years for every province, while the counter waits once.
const (
	TagMemory = 128 << 10
	TagTime   = 5
	TagLen    = 16 // bytes
	SaltLen   = 16
)

// ErrSalt: a salt has SaltLen bytes.
var ErrSalt = errors.New("seal: a salt has 16 bytes")

// Tagger turns personal numbers into tags, slowly. One number has the same tag for ever within an installation, and another one in each
// installation. It computes one tag at a time, whoever asks: a program that is taken over cannot run through numbers faster than that.
type Tagger struct {
	salt         []byte
	turn         chan struct{}
	time, memory uint32
}

// NewTagger has the salt of the installation.
func NewTagger(salt []byte) (*Tagger, error) {
	if len(salt) != SaltLen {
		return nil, ErrSalt
	}
	return &Tagger{append([]byte(nil), salt...), make(chan struct{}, 1), TagTime, TagMemory}, nil
}

// Salt makes the salt of a new installation.
func Salt() ([]byte, error) {
	b := make([]byte, SaltLen)
	return b, read(b)
}

// Tag is the tag of a number.
func (t *Tagger) Tag(number string) []byte {
	t.turn <- struct{}{}
	defer func() { <-t.turn }()
	return derive("motcua person "+number, t.salt, t.time, t.memory, TagLen)
}

// derive is argon2id of a secret, of which it leaves nothing on the stack.
func derive(secret string, salt []byte, time, memory, size uint32) (key []byte) {
	sweep.Stack(func() {
		b := []byte(secret)
		defer clear(b)
		key = argon2.IDKey(b, salt, time, memory, 1, size)
	})
	return key
}

package seal

import (
	"errors"

	"golang.org/x/crypto/argon2"

	"motcua/kiosk/sweep"
)

// What a tag costs (argon2id): TagMemory in KiB, TagTime passes, 1.3 GB through the memory. A number of twelve digits has, for one province of birth, some 160
// million likely values, and the day of birth (identity.Person.Tagged) makes it 365 times as many. A graphics card, which has a hundred times the memory
// bandwidth of a core, takes a stolen disk two and a half years for one of 63 provinces and a century and a half for all; the counter waits once, half a
// second to a second. Of somebody whose sex and day of birth are known it is a million numbers, less than an hour: so a tag hides who filed, and not from
// everybody whether a certain person did (TestTagIsSlow calculates).
const (
	TagMemory = 128 << 10
	TagTime   = 5
	TagLen    = 16 // bytes
	SaltLen   = 16
)

// ErrSalt: a salt has SaltLen bytes.
var ErrSalt = errors.New("seal: a salt has 16 bytes")

// Tagger turns people (identity.Person.Tagged) into tags, slowly. One has the same tag for ever within an installation, and another one in each
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

// Tag is the tag of somebody.
func (t *Tagger) Tag(who string) []byte {
	t.turn <- struct{}{}
	defer func() { <-t.turn }()
	return derive("motcua person "+who, t.salt, t.time, t.memory, TagLen)
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

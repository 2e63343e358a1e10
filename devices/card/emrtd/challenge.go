package emrtd

import (
	"errors"
	"sync"
)

// ErrRepeatedChallenge: the chip sent a random number of basic access control that was seen before. A chip's are 8
// random bytes, so either its generator is broken or somebody replays what was recorded.
var ErrRepeatedChallenge = errors.New("emrtd: the chip repeats its random number")

// maxChallenges is how many are remembered: more than a counter reads in a day.
const maxChallenges = 512

// Challenges remembers what chips sent as random numbers (RND.IC), over readings where several Conns share it. The zero
// Challenges is ready; it may be used concurrently. It holds nothing about persons. Beyond 512 the oldest is forgotten.
type Challenges struct {
	mu   sync.Mutex
	seen map[[challengeSize]byte]bool
	ring [maxChallenges][challengeSize]byte
	next int
}

// add remembers one and says whether it was there already.
func (c *Challenges) add(challenge [challengeSize]byte) (repeated bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen[challenge] {
		return true
	}
	if c.seen == nil {
		c.seen = map[[challengeSize]byte]bool{}
	}
	if len(c.seen) == maxChallenges {
		delete(c.seen, c.ring[c.next])
	}
	c.ring[c.next] = challenge
	c.next = (c.next + 1) % maxChallenges
	c.seen[challenge] = true
	return false
}

// noteChallenge looks whether a challenge is new.
func (c *Conn) noteChallenge(challenge []byte) {
	if c.Challenges == nil {
		c.Challenges = &Challenges{}
	}
	if c.Challenges.add([challengeSize]byte(challenge)) {
		c.warnings = append(c.warnings, ErrRepeatedChallenge)
	}
}

// Warnings are what was odd and did not stop anything, in the order in which it happened: ErrRepeatedChallenge.
func (c *Conn) Warnings() []error { return append([]error(nil), c.warnings...) }

package officer

import "time"

// Tries counts failed sign-ins of one account at one desk. It lives in memory: who can start the program again can also take
// the disk, against which argon2id stands.
//
// There is no lockout, because anybody at the desk could then shut the office out of its own files by typing nonsense. Delays
// grow instead, to MaxDelay, and end with the first sign-in that succeeds or after Forget without a try. At MaxDelay a PIN of eight digits takes
// longer than anybody lives.
type Tries struct {
	failed int
	last   time.Time
}

// The delays.
const (
	FreeTries = 3
	MaxDelay  = 2 * time.Minute
	Forget    = time.Hour
)

// Wait is how long the next try has to wait.
func (t *Tries) Wait(now time.Time) time.Duration {
	if t.failed < FreeTries || now.Sub(t.last) >= Forget || now.Before(t.last) && t.last.Sub(now) > MaxDelay { // a clock that was set back waits for nobody
		return 0
	}
	delay := MaxDelay
	if n := t.failed - FreeTries; n < 6 {
		delay = min(MaxDelay, 4*time.Second<<n)
	}
	return max(0, t.last.Add(delay).Sub(now))
}

// Failed notes a failed try, Succeeded that somebody signed in.
func (t *Tries) Failed(now time.Time) {
	if now.Sub(t.last) >= Forget {
		t.failed = 0
	}
	t.failed, t.last = t.failed+1, now
}

// Succeeded forgets the failures.
func (t *Tries) Succeeded() { *t = Tries{} }

package citizen

import (
	"slices"
	"time"
)

// patience is how long what was typed is shown although no Snapshot has it.
const patience = 700 * time.Millisecond

// draft is what was typed and sent, and has not come back in a Snapshot. Without it, somebody who types faster than the
// session answers would see letters vanish, and the next letter would be put behind an old text.
type draft struct {
	value string   // of the newest Snapshot
	sent  []string // since then, oldest first
	typed time.Time
}

// text is what the field shows.
func (d *draft) text() string {
	if n := len(d.sent); n > 0 {
		return d.sent[n-1]
	}
	return d.value
}

// send remembers what was typed.
func (d *draft) send(text string, now time.Time) {
	d.sent = append(d.sent, text)
	d.typed = now
}

// settle takes in the value of a Snapshot: what was sent up to it is answered. A value that nobody typed is the
// session's own, and counts.
func (d *draft) settle(value string, now time.Time) {
	switch i := slices.Index(d.sent, value); {
	case i >= 0:
		d.sent = d.sent[i+1:]
	case value != d.value || now.Sub(d.typed) > patience:
		d.sent = nil
	}
	d.value = value
}

// expire gives up on what was not answered, and reports whether there was anything.
func (d *draft) expire(now time.Time) bool {
	if len(d.sent) == 0 || now.Sub(d.typed) <= patience {
		return false
	}
	d.sent = nil
	return true
}

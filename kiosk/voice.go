package kiosk

import (
	"context"
	"time"

	"motcua/kiosk/session"
)

// quietFor is how long nothing is said after the voice failed: the next page may find the loudspeaker again.
const quietFor = time.Minute

// speaking is what is being said. It belongs to the loop.
type speaking struct {
	text  string
	stop  context.CancelFunc
	over  chan struct{} // closed at its end
	call  time.Time     // when the person was called whose number is said
	until time.Time     // nothing is said before this time, after a failure
}

// end ends it, and reports whether there was anything to end.
func (s *speaking) end() bool {
	if s.stop == nil {
		return false
	}
	s.stop()
	s.stop = nil
	select {
	case <-s.over:
		return false
	default:
		return true
	}
}

// speak says what a new page has to say; what the page before said ends.
func (k *Kiosk) speak(ctx context.Context, s session.Snapshot) {
	text := ""
	if k.opts.Speech != nil && s.Voice {
		text = k.opts.Speech(s)
	}
	var call time.Time
	if len(s.Calls) > 0 {
		call = s.Calls[0].At
	}
	if again := text != "" && call.After(k.said.call); text != k.said.text || again {
		k.say(ctx, text)
	}
	k.said.call = call
}

// say ends what is being said and begins with another text.
func (k *Kiosk) say(ctx context.Context, text string) {
	k.said.end()
	k.said.text = text
	if text == "" || k.opts.Now().Before(k.said.until) {
		return
	}
	speaking, stop := context.WithCancel(ctx)
	over := make(chan struct{})
	k.said.stop, k.said.over = stop, over
	k.work.Go(func() {
		defer close(over)
		defer stop()
		err := k.devices.Say(speaking, text)
		if err == nil || speaking.Err() != nil {
			return
		}
		k.opts.Log.Warn("voice.failed", "error", err)
		select {
		case k.mute <- struct{}{}:
		default:
		}
	})
}

// again says the page once more, or ends what is being said.
func (k *Kiosk) again(ctx context.Context) {
	if !k.said.end() {
		k.say(ctx, k.said.text)
	}
}

package citizen

import (
	"context"
	"time"

	"motcua/kiosk/filing"
	"motcua/kiosk/finder"
	"motcua/kiosk/store"
)

// Fate is what becomes of a filing whose person asks to erase it.
type Fate string

// The fates.
const (
	Erasable Fate = "erasable" // its time is over
	Running  Fate = "running"  // it has not ended
	Kept     Fate = "kept"     // the law has it kept until a day
	Unknown  Fate = "unknown"  // it ended, and how long the law has it kept is not known here
	Others   Fate = "others"   // somebody else filed it
)

// Judged is a filing with its fate.
type Judged struct {
	Reference filing.Reference
	Service   string
	Status    filing.Status
	Fate      Fate
	Until     time.Time // Kept: the end of its term
}

// ByLaw reports whether it may be erased if a law says so before its term is over: what runs, and what is somebody else's, may not.
func (j Judged) ByLaw() bool { return j.Fate == Erasable || j.Fate == Kept || j.Fate == Unknown }

// Judge says of each filing in which a person's number stands whether it may be erased. until is that of store.Expired.
func Judge(ctx context.Context, s Store, q Request, until func(store.Ended) time.Time) ([]Judged, finder.Held, error) {
	held, err := finder.Of(ctx, s, q.Key, q.Number)
	if err != nil {
		return nil, held, err
	}
	var list []Judged
	for _, sum := range held.Filings {
		j := Judged{Reference: sum.Reference, Service: sum.Service, Status: sum.Status, Fate: Running}
		f, err := s.Read(ctx, sum.Reference.String(), q.Key)
		if err != nil {
			return nil, held, err
		}
		if f.Applicant.Number != q.Number {
			j.Fate = Others
		} else if sum.Status.Ended() {
			c, err := s.Case(ctx, sum.Reference, nil)
			if err != nil {
				return nil, held, err
			}
			j.judge(q.Now, until(store.Ended{Reference: sum.Reference, Service: sum.Service, Filed: sum.Filed, Ended: c.History[len(c.History)-1].At}))
		}
		list = append(list, j)
	}
	return list, held, nil
}

func (j *Judged) judge(now, until time.Time) {
	switch {
	case until.IsZero():
		j.Fate = Unknown
	case now.After(until):
		j.Fate = Erasable
	default:
		j.Fate, j.Until = Kept, until
	}
}

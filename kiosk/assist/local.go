package assist

import (
	"context"
	"sync"

	"motcua/kiosk"
	"motcua/kiosk/fault"
	"motcua/kiosk/filing"
	"motcua/kiosk/officer"
	"motcua/kiosk/receipt"
	"motcua/kiosk/session"
)

// local is a Visit at the desk itself.
type local struct {
	k     *kiosk.Kiosk
	snaps chan session.Snapshot
	stop  context.CancelFunc
	once  sync.Once
	done  chan struct{}
}

// Local begins a session at the desk, for somebody who stands there without a card: the officer fills it in, and the filing has the
// officer's name on it. It has no devices. state is a fresh session whose Config says filing.AtDesk.
func Local(ctx context.Context, state session.State, db kiosk.Store, who officer.Account, opts kiosk.Options) Visit {
	l := &local{snaps: make(chan session.Snapshot, 1), done: make(chan struct{})}
	opts.Show = func(s session.Snapshot) { newest(l.snaps, s) }
	l.k = kiosk.Open(state, none{}, db, opts)
	ctx, l.stop = context.WithCancel(ctx)
	go func() {
		defer close(l.done)
		l.k.Run(ctx)
		close(l.snaps)
	}()
	l.k.Send(session.Helped{Officer: who.ID, Name: who.Name})
	return l
}

func (l *local) Snapshots() <-chan session.Snapshot { return l.snaps }

func (l *local) Send(i session.Intent) { l.k.Send(i) }

func (l *local) Close() {
	l.once.Do(func() {
		l.stop()
		<-l.done
	})
}

// none are no devices.
type none struct{}

// Watch says that there is neither reader nor scanner.
func (none) Watch(ctx context.Context, emit func(session.Event)) {
	emit(session.ReaderChanged{})
	emit(session.ScannerChanged{})
	<-ctx.Done()
}

func (none) ReadCard(context.Context, session.ReadCard, func(session.Event)) (session.CardRead, error) {
	return session.CardRead{}, fault.Newf(fault.ReaderAbsent, "assist: no reader at the desk")
}

func (none) Print(context.Context, receipt.Slip) error {
	return fault.Newf(fault.PrinterAbsent, "assist: no slip printer at the desk")
}

func (none) Say(ctx context.Context, _ string) error { return nil }

// Silent is a store for a session at the desk: it tells nobody how devices are that are not there, and gives nobody a number, who
// stands at the counter already.
type Silent struct{ kiosk.Store }

// SetState says nothing.
func (Silent) SetState(context.Context, any) error { return nil }

// File files without a number for the counter.
func (s Silent) File(ctx context.Context, d filing.Draft) (filing.Filing, error) {
	d.Waits = false
	return s.Store.File(ctx, d)
}

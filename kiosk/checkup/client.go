package checkup

import (
	"context"
	"errors"
	"net"

	"motcua/kiosk/fault"
)

// Ask sends a request over a connection that the door of kiosk/assist gave, closes it, and gives the answer; tell gets what is said on the way.
// An error has a fault.Code: fault.StationAbsent if the kiosk went away, fault.TestStopped if ctx ended.
func Ask(ctx context.Context, conn net.Conn, r Request, tell func(Progress)) (Answer, error) {
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if err := r.check(); err != nil {
		return Answer{}, fault.New(fault.Usage, err)
	}
	err := write(conn, r)
	in := newLines(conn, maxLine)
	for err == nil {
		var m message
		if m, err = in.message(); err != nil {
			break
		}
		switch {
		case m.Answer != nil:
			return *m.Answer, nil
		case m.Failed != "":
			return Answer{}, fault.Newf(m.Failed, "checkup: the kiosk says so")
		}
		tell(*m.Progress)
	}
	if ctx.Err() != nil {
		return Answer{}, fault.New(fault.TestStopped, errors.Join(err, ctx.Err()))
	}
	return Answer{}, fault.New(fault.StationAbsent, err)
}

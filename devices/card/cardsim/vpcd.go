package cardsim

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// ErrTorn: the card left the reader by itself, because Options.TearAfter or a Tear says so.
var ErrTorn = errors.New("cardsim: card left the reader")

// errNobody: we reached ourselves. vpcd's ports are among those that the system gives to clients, and a connection to
// one that nobody listens on can happen to come from that very port.
var errNobody = errors.New("cardsim: connected to itself")

// Messages of vpcd (vsmartcard, virtual smart card architecture): two bytes of length, then that many bytes. A single
// byte is a control message, of which only the question for the ATR is answered.
const (
	controlPowerOff = 0
	controlPowerOn  = 1
	controlReset    = 2
	controlATR      = 4

	lengthSize = 2
)

// Pauses between attempts to reach vpcd.
const (
	firstRedial   = 50 * time.Millisecond
	longestRedial = time.Second
	dialLimit     = 5 * time.Second
)

// ServeVPCD lays the card on the virtual reader that listens at addr ("127.0.0.1:35963" in Debian's configuration) and
// keeps it there until ctx ends, which is the card being pulled. While nobody listens it tries again, so it survives
// restarts of pcscd. It returns ctx.Err(), or ErrTorn when the card left by itself; calling it again puts it back.
func ServeVPCD(ctx context.Context, addr string, c *Card) error {
	pause := firstRedial
	for {
		conn, err := dialVPCD(ctx, addr)
		if err == nil {
			pause = firstRedial
			err = serveConn(ctx, conn, c)
		}
		if errors.Is(err, ErrTorn) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		pause = min(2*pause, longestRedial)
	}
}

func dialVPCD(ctx context.Context, addr string) (*net.TCPConn, error) {
	dialer := net.Dialer{Timeout: dialLimit}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	if isSelf(conn) {
		_ = conn.Close()
		return nil, errNobody
	}
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		_ = conn.Close()
		return nil, fmt.Errorf("cardsim: %T is no TCP connection", conn)
	}
	return tcp, nil
}

func isSelf(conn net.Conn) bool { return conn.LocalAddr().String() == conn.RemoteAddr().String() }

// serveConn is one time on the reader. It returns why it ended.
func serveConn(ctx context.Context, conn *net.TCPConn, c *Card) error {
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	c.Reset()
	for {
		message, err := receive(conn)
		if err != nil {
			return err
		}
		if len(message) == 1 {
			err = control(conn, c, message[0])
		} else {
			err = exchange(ctx, conn, c, message)
		}
		if err != nil {
			return err
		}
	}
}

func control(conn io.Writer, c *Card, code byte) error {
	switch code {
	case controlPowerOff, controlPowerOn, controlReset:
		c.Reset()
	case controlATR:
		return send(conn, c.ATR())
	}
	return nil
}

func exchange(ctx context.Context, conn io.Writer, c *Card, command []byte) error {
	answer := c.Transmit(command)
	if c.options.Delay > 0 {
		select {
		case <-time.After(c.options.Delay):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if len(answer.Response) > 0 {
		if err := send(conn, answer.Response); err != nil {
			return err
		}
	}
	if answer.Leaves {
		return ErrTorn
	}
	return nil
}

// receive reads one message. vpcd writes length and body apart; unless the length is acknowledged at once, Nagle's
// algorithm holds the body back for 40 ms.
func receive(conn *net.TCPConn) ([]byte, error) {
	quickAck(conn)
	var length [lengthSize]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return nil, err
	}
	quickAck(conn)
	message := make([]byte, binary.BigEndian.Uint16(length[:]))
	_, err := io.ReadFull(conn, message)
	return message, err
}

func send(conn io.Writer, message []byte) error {
	framed := binary.BigEndian.AppendUint16(nil, uint16(len(message)))
	_, err := conn.Write(append(framed, message...))
	return err
}

package cardtest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"motcua/devices/card"
)

// Control messages of vpcd: one byte long, and only the last is answered.
const (
	vpcdPowerOff byte = iota
	vpcdPowerOn
	vpcdReset
	vpcdATR = 4
)

// Chip is a running chip.py, seen from where vpcd would stand: the card dials in, each message is a two-byte length
// and that many bytes. It is a card.Transport.
type Chip struct {
	listener net.Listener
	laid     *Laid

	mu   sync.Mutex
	conn net.Conn
	atr  []byte
}

var _ card.Transport = (*Chip)(nil)

// Insert waits for the card to come (again) and powers it.
func (c *Chip) Insert(ctx context.Context) error {
	if deadline, ok := ctx.Deadline(); ok {
		if l, ok := c.listener.(*net.TCPListener); ok {
			if err := l.SetDeadline(deadline); err != nil {
				return err
			}
		}
	}
	conn, err := c.listener.Accept()
	if err != nil {
		return fmt.Errorf("cardtest: no card came: %w", err)
	}
	c.mu.Lock()
	c.conn = conn
	c.mu.Unlock()
	return c.Reset(ctx)
}

// Reset powers the card off and on: it forgets what was authenticated.
func (c *Chip) Reset(ctx context.Context) error {
	for _, code := range []byte{vpcdPowerOff, vpcdPowerOn} {
		if err := c.send([]byte{code}); err != nil {
			return err
		}
	}
	atr, err := c.exchange(ctx, []byte{vpcdATR})
	if err != nil {
		return err
	}
	c.atr = atr
	return nil
}

// Transmit carries one command. A card that leaves is card.ErrRemoved.
func (c *Chip) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if len(command) < 4 {
		return nil, fmt.Errorf("cardtest: command of %d bytes", len(command))
	}
	return c.exchange(ctx, command)
}

// ATR is the answer to reset.
func (c *Chip) ATR() []byte { return append([]byte(nil), c.atr...) }

// Close ends the process and waits for it.
func (c *Chip) Close() error {
	c.laid.Lift()
	c.drop()
	return nil
}

func (c *Chip) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}

func (c *Chip) current() (net.Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn == nil {
		return nil, card.ErrRemoved
	}
	return c.conn, nil
}

func (c *Chip) send(message []byte) error {
	conn, err := c.current()
	if err != nil {
		return err
	}
	framed := binary.BigEndian.AppendUint16(nil, uint16(len(message)))
	if _, err := conn.Write(append(framed, message...)); err != nil {
		return c.removed(err)
	}
	return nil
}

// exchange sends and receives; the end of ctx ends the wait and the connection.
func (c *Chip) exchange(ctx context.Context, message []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	conn, err := c.current()
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })
	defer stop()
	if err := c.send(message); err != nil {
		return nil, errors.Join(ctx.Err(), err)
	}
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return nil, errors.Join(ctx.Err(), c.removed(err))
	}
	answer := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(conn, answer); err != nil {
		return nil, errors.Join(ctx.Err(), c.removed(err))
	}
	return answer, nil
}

func (c *Chip) removed(err error) error {
	c.drop()
	return fmt.Errorf("%w: %w", card.ErrRemoved, err)
}

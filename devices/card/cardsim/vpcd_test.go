package cardsim

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

// virtualReader is vpcd's end of the connection, in a test's hands.
type virtualReader struct {
	t        *testing.T
	listener net.Listener
	conn     net.Conn
}

func listen(t *testing.T, addr string) *virtualReader {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	v := &virtualReader{t: t, listener: l}
	t.Cleanup(v.close)
	return v
}

func (v *virtualReader) addr() string { return v.listener.Addr().String() }

func (v *virtualReader) accept() {
	v.t.Helper()
	conn, err := v.listener.Accept()
	if err != nil {
		v.t.Fatal(err)
	}
	v.conn = conn
}

func (v *virtualReader) close() {
	_ = v.listener.Close()
	if v.conn != nil {
		_ = v.conn.Close()
	}
}

func (v *virtualReader) send(message ...byte) {
	v.t.Helper()
	framed := append(binary.BigEndian.AppendUint16(nil, uint16(len(message))), message...)
	for _, part := range [][]byte{framed[:1], framed[1:]} { // torn apart on purpose
		if _, err := v.conn.Write(part); err != nil {
			v.t.Fatal(err)
		}
	}
}

func (v *virtualReader) receive() ([]byte, error) {
	v.t.Helper()
	_ = v.conn.SetReadDeadline(time.Now().Add(patience))
	var length [2]byte
	if _, err := io.ReadFull(v.conn, length[:]); err != nil {
		return nil, err
	}
	message := make([]byte, binary.BigEndian.Uint16(length[:]))
	_, err := io.ReadFull(v.conn, message)
	return message, err
}

func (v *virtualReader) want(want []byte) {
	v.t.Helper()
	got, err := v.receive()
	if err != nil || !bytes.Equal(got, want) {
		v.t.Fatalf("got %X, %v; want %X", got, err, want)
	}
}

// serve runs ServeVPCD; stop ends it and gives its error.
func serve(addr string, c *Card) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- ServeVPCD(ctx, addr, c) }()
	return func() error {
		cancel()
		return <-ended
	}
}

func TestServeVPCD(t *testing.T) {
	c := newCard(t, Options{})
	v := listen(t, "127.0.0.1:0")
	stop := serve(v.addr(), c)
	v.accept()
	v.send(controlATR)
	v.want(c.ATR())
	v.send(controlPowerOn)
	v.send(unhex(t, selectApplication)...)
	v.want([]byte{0x90, 0x00})
	v.send(unhex(t, "00B09C0001")...)
	v.want([]byte{0x69, 0x82})
	v.send(controlReset)
	v.send(unhex(t, "00B09C0001")...)
	v.want([]byte{0x31, 0x90, 0x00})
	v.send(9) // an unknown control message is not answered
	v.send()  // nor is an empty one: it is no command that could be
	v.want([]byte{0x67, 0x00})
	if err := stop(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := v.receive(); err == nil {
		t.Error("the card is still there")
	}
}

func TestServeVPCDSurvivesRestarts(t *testing.T) {
	c := newCard(t, Options{})
	v := listen(t, "127.0.0.1:0")
	addr := v.addr()
	stop := serve(addr, c)
	for range 2 {
		v.accept()
		v.send(controlATR)
		v.want(c.ATR())
		v.close()
		time.Sleep(3 * firstRedial) // nobody listens for a while
		v = listen(t, addr)
	}
	v.accept()
	if err := stop(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestServeVPCDEndsWhenTorn(t *testing.T) {
	v := listen(t, "127.0.0.1:0")
	c := newCard(t, Options{Fault: Tear.At(1), TearAfter: 2})
	for _, want := range [][]byte{nil, {0x31, 0x90, 0x00}} {
		ended := make(chan error, 1)
		go func() { ended <- ServeVPCD(t.Context(), v.addr(), c) }()
		v.accept()
		v.send(unhex(t, "00B09C0001")...)
		if want != nil {
			v.want(want)
		}
		if _, err := v.receive(); err == nil {
			t.Error("the card is still there")
		}
		if err := <-ended; !errors.Is(err, ErrTorn) {
			t.Error(err)
		}
	}
}

// TestServeVPCDDoesNotServeItself: with nobody listening, a dial to a port of the system's own range may be answered by
// its own socket.
func TestServeVPCDDoesNotServeItself(t *testing.T) {
	l := listen(t, "127.0.0.1:0")
	addr := l.addr()
	l.close()
	local, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	dialer := net.Dialer{LocalAddr: local}
	self, err := dialer.Dial("tcp", addr)
	if err != nil {
		t.Skipf("this system does not connect to itself: %v", err)
	}
	defer func() { _ = self.Close() }()
	if !isSelf(self) {
		t.Errorf("%s to %s is not noticed", self.LocalAddr(), self.RemoteAddr())
	}
}

package cardsim

import (
	"net"
	"syscall"
)

// quickAck makes the kernel acknowledge what comes next at once. It holds for a short time only, so it is set again
// before each read.
func quickAck(conn *net.TCPConn) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return // closed; the read will say so
	}
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1) // without it, only slower
	})
}

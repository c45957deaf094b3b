package proc

import (
	"bytes"
	"encoding/binary"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// connector listens to the kernel's process events connector: a netlink
// multicast group that tells of every fork, exec, exit, setsid, change of user
// and change of name (drivers/connector/cn_proc.c, linux/cn_proc.h). Its pids
// are those of the first pid namespace, and it speaks to listeners there only.
// setpgid, tcsetpgrp, stops and reparenting it does not tell.
type connector struct {
	fd   int
	next map[uint32]uint32 // the number that the next message of each CPU must have
	lost uint64            // messages missed since the last look at this; overflow counts as one
	buf  []byte
}

// What a message tells: enum proc_cn_event.
const (
	toldAck  = 0
	toldFork = 0x1
	toldExec = 0x2
	toldUser = 0x4
	toldGrp  = 0x40
	toldSid  = 0x80
	toldComm = 0x200
	toldExit = 0x80000000
)

// message is one proc_event. Which fields mean something depends on what.
type message struct {
	what, cpu, seq, ack uint32
	at                  int64 // CLOCK_MONOTONIC ns
	pid, tgid           int   // whom it concerns: the child of a fork
	parent              int   // tgid; of fork and exit
	code                int   // exit: as wait(2) has it; ack: an errno
	real, effective     int   // user or group
	name                [16]byte
}

const (
	netlinkHeader = 16 // struct nlmsghdr
	cnHeader      = 20 // struct cn_msg
	procEventData = 16 // where the union stands in struct proc_event
	cnIdxProc     = 1
	cnValProc     = 1
	mcastListen   = 1 // enum proc_cn_mcast_op
	mcastIgnore   = 2
)

// ackWithin is how long the kernel may take to answer LISTEN. It answers within the
// call; where the connector is silent, as in a container, nothing ever comes.
const ackWithin = 100 * time.Millisecond

// openConnector begins to listen. why says in a few words what is wrong with it
// when it does not answer.
func openConnector() (c *connector, why string) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_CONNECTOR)
	if err != nil {
		return nil, "this kernel has no proc connector: " + errText(err)
	}
	c = &connector{fd: fd, next: make(map[uint32]uint32), buf: make([]byte, 4096)}
	// 16 MB hold some 20,000 messages. Only root may pass the system's limit.
	const room = 16 << 20
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, room) != nil {
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, room)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: cnIdxProc}); err != nil {
		unix.Close(fd)
		if err == unix.EPERM {
			return nil, "the proc connector is root's alone before Linux 6.6 (EPERM)"
		}
		return nil, "the proc connector cannot be joined: " + errText(err)
	}
	if why := c.subscribe(); why != "" {
		unix.Close(fd)
		return nil, why
	}
	return c, ""
}

// subscribe says LISTEN and waits for the acknowledgement. Every listener
// hears every acknowledgement, so ours is known by its number.
func (c *connector) subscribe() (why string) {
	ask := uint32(event.Now())
	if err := c.say(mcastListen, ask); err != nil {
		switch err {
		case unix.ECONNREFUSED:
			return "the proc connector is not in this network namespace (ECONNREFUSED)"
		case unix.EPERM:
			return "the proc connector is not allowed here (EPERM)"
		}
		return "the proc connector refused: " + errText(err)
	}
	for until := event.Now() + int64(ackWithin); ; {
		left := until - event.Now()
		if left <= 0 {
			return "the proc connector is silent here, as in a container"
		}
		fds := []unix.PollFd{{Fd: int32(c.fd), Events: unix.POLLIN}}
		if _, err := unix.Poll(fds, int(left/1e6)+1); err != nil && err != unix.EINTR {
			return "the proc connector: " + errText(err)
		}
		for {
			m, ok := c.receive()
			if !ok {
				break
			}
			if m.what == toldAck && m.ack == ask+1 {
				if m.code != 0 {
					return "the proc connector refused: " + errText(unix.Errno(m.code))
				}
				c.lost = 0
				return ""
			}
		}
	}
}

// say sends one request: nlmsghdr, cn_msg and the operation.
func (c *connector) say(op, ack uint32) error {
	const size = netlinkHeader + cnHeader + 4
	b := make([]byte, size)
	e := binary.NativeEndian
	e.PutUint32(b[0:], size)
	e.PutUint16(b[4:], unix.NLMSG_DONE)
	e.PutUint32(b[16:], cnIdxProc)
	e.PutUint32(b[20:], cnValProc)
	e.PutUint32(b[28:], ack)
	e.PutUint16(b[32:], 4)
	e.PutUint32(b[36:], op)
	return unix.Sendto(c.fd, b, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK})
}

// receive is the next message, if one is there.
func (c *connector) receive() (m message, ok bool) {
	for {
		n, err := readRaw(c.fd, c.buf)
		switch err {
		case 0:
		case unix.EINTR:
			continue
		case unix.ENOBUFS: // the queue was full
			c.lost++
			continue
		default:
			return message{}, false
		}
		if m, ok = decode(c.buf[:n]); ok {
			c.count(&m)
			return m, true
		}
	}
}

// count finds out from the numbers, which each CPU gives by itself, whether
// messages are missing.
func (c *connector) count(m *message) {
	if m.what == toldAck && m.cpu == 1<<32-1 {
		return // older kernels do not number these
	}
	if want, ok := c.next[m.cpu]; ok && m.seq != want {
		c.lost += uint64(max(int32(m.seq-want), 1))
	}
	c.next[m.cpu] = m.seq + 1
}

// decode reads one datagram.
func decode(b []byte) (m message, ok bool) {
	e := binary.NativeEndian
	const union = netlinkHeader + cnHeader + procEventData
	if len(b) < union || e.Uint32(b[16:]) != cnIdxProc || e.Uint32(b[20:]) != cnValProc {
		return message{}, false
	}
	m.seq, m.ack = e.Uint32(b[24:]), e.Uint32(b[28:])
	b = b[netlinkHeader+cnHeader:]
	m.what, m.cpu, m.at = e.Uint32(b), e.Uint32(b[4:]), int64(e.Uint64(b[8:]))
	b = b[procEventData:]
	num := func(i int) int {
		if len(b) < 4*i+4 {
			ok = false
			return 0
		}
		return int(int32(e.Uint32(b[4*i:])))
	}
	ok = true
	switch m.what {
	case toldAck:
		m.code = num(0)
	case toldFork:
		m.parent, m.pid, m.tgid = num(1), num(2), num(3)
	case toldUser, toldGrp:
		m.pid, m.tgid, m.real, m.effective = num(0), num(1), int(uint32(num(2))), int(uint32(num(3)))
	case toldExit:
		m.pid, m.tgid, m.code = num(0), num(1), num(2)
		if len(b) >= 24 { // 4.18 on
			m.parent = num(5)
		}
	case toldComm:
		m.pid, m.tgid = num(0), num(1)
		if len(b) >= 8 {
			copy(m.name[:], b[8:])
		}
	default:
		m.pid, m.tgid = num(0), num(1)
	}
	return m, ok
}

// comm is the new name that a toldComm message has.
func (m *message) comm() []byte {
	name, _, _ := bytes.Cut(m.name[:], []byte{0})
	return name
}

// end puts a status as wait(2) has it into an event.
func end(e *event.Event, code int) {
	ws := unix.WaitStatus(code)
	if ws.Signaled() {
		e.Kind, e.Sig, e.Core = event.Killed, int(ws.Signal()), ws.CoreDump()
		return
	}
	e.Kind, e.Status = event.Exited, code>>8&0xff
}

// close unsubscribes: kernels before 6.6 count listeners that only went away.
func (c *connector) close() {
	c.say(mcastIgnore, 0)
	unix.Close(c.fd)
}

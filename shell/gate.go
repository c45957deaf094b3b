package shell

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strconv"

	"golang.org/x/sys/unix"

	"jsh/pgroup"
)

// GateName is argv[0] of a jsh that is to become a program step by step: main
// calls RunGate then.
const GateName = "jsh: copy of the shell"

// A gate is the child that slow on shows: a re-executed jsh that stands for the
// copy which fork makes of a shell. It does setpgid, tcsetpgrp and execve when the
// shell says so, over a socket that is close-on-exec: its end is the news that
// exec has succeeded, or that the gate is dead. The orders are one byte and a
// number; the answer is an errno.
const (
	gateReady   = 'R' // gate → shell, once
	gateSetpgid = 'P' // with the group
	gateFg      = 'F' // tcsetpgrp
	gateAsk     = 'A' // read a line from the terminal; the answer is 0, or 1 for q
	gateExec    = 'X'
	gateQuit    = 'Q' // exit with that status
)

// gateProgram is what a gate becomes, as it is handed over.
type gateProgram struct {
	path       string
	fallback   string // a shell for a file whose format the kernel does not know
	argv, env  []string
	ignore     pgroup.SignalSet
	mask       pgroup.SignalSet
	hasLimit   bool
	soft, hard uint64
}

func (p *gateProgram) encode() []byte {
	var b []byte
	number := func(n uint64) { b = binary.LittleEndian.AppendUint64(b, n) }
	limit := uint64(0)
	if p.hasLimit {
		limit = 1
	}
	for _, n := range []uint64{uint64(p.ignore), uint64(p.mask), limit, p.soft, p.hard, uint64(len(p.argv)), uint64(len(p.env))} {
		number(n)
	}
	for _, list := range [][]string{{p.path, p.fallback}, p.argv, p.env} {
		for _, s := range list {
			b = append(append(b, s...), 0)
		}
	}
	return b
}

const gateNumbers = 7

func decodeGate(b []byte) (p gateProgram, ok bool) {
	if len(b) < 8*gateNumbers {
		return p, false
	}
	var n [gateNumbers]uint64
	for i := range n {
		n[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	parts := bytes.Split(b[8*gateNumbers:], []byte{0})
	if uint64(len(parts)) != 2+n[5]+n[6]+1 {
		return p, false
	}
	p = gateProgram{ignore: pgroup.SignalSet(n[0]), mask: pgroup.SignalSet(n[1]), hasLimit: n[2] != 0, soft: n[3], hard: n[4],
		path: string(parts[0]), fallback: string(parts[1])}
	for i, s := range parts[2 : len(parts)-1] {
		if uint64(i) < n[5] {
			p.argv = append(p.argv, string(s))
		} else {
			p.env = append(p.env, string(s))
		}
	}
	return p, true
}

// RunGate is the life of a gate. args are GateName, the socket and the descriptor
// of the program's description. It returns only when exec has failed or the shell
// is gone.
func RunGate(args []string) int {
	sock, err1 := strconv.Atoi(args[1])
	memo, err2 := strconv.Atoi(args[2])
	if err1 != nil || err2 != nil {
		return 2
	}
	unix.CloseOnExec(sock)
	b, err := readAll(memo)
	unix.Close(memo)
	p, ok := decodeGate(b)
	if err != nil || !ok {
		return 2
	}
	// Until exec a ^Z is held back: a gate that is stopped could not be told to go
	// on by a shell that waits for it.
	for _, sig := range []unix.Signal{unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU} {
		pgroup.Ignore(sig)
	}
	k := pgroup.New(nil)
	k.Locked = true // in init, as the shell itself
	if sendGate(sock, gateReady, 0) != nil {
		return 2
	}
	for {
		order, n, err := receiveGate(sock)
		if err != nil {
			return 130
		}
		result := 0
		switch order {
		case gateSetpgid:
			result = errnoNumber(unix.Setpgid(0, n))
		case gateFg:
			tty, err := unix.Open("/dev/tty", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
			if err == nil {
				err = k.SetForeground(tty, unix.Getpgrp())
				unix.Close(tty)
			}
			result = errnoNumber(err)
		case gateAsk:
			result = askAtGate()
		case gateExec:
			spec := &pgroup.Spec{Path: p.path, Argv: p.argv, Env: p.env, Ignore: p.ignore, Mask: p.mask}
			if p.hasLimit {
				spec.NoFile = &unix.Rlimit{Cur: p.soft, Max: p.hard}
			}
			err := k.Exec(spec)
			if pgroup.IsNoExec(err) && !looksBinary(p.path) {
				spec.Path, spec.Argv = p.fallback, append([]string{"sh", p.path}, p.argv[1:]...)
				err = k.Exec(spec)
			}
			result = errnoNumber(err)
		case gateQuit:
			return n
		}
		if sendGate(sock, order, result) != nil {
			return 130
		}
	}
}

func errnoNumber(err error) int {
	var e unix.Errno
	if errors.As(err, &e) {
		return int(e)
	}
	return 0
}

// askAtGate reads a line from the terminal: the gate's group has the keyboard, and
// the shell could not read. It tells 1 for q, and for the end of the input.
func askAtGate() int {
	tty, err := unix.Open("/dev/tty", unix.O_RDONLY|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 1
	}
	defer unix.Close(tty)
	quit := 0
	var b [1]byte
	for {
		n, err := unix.Read(tty, b[:])
		switch {
		case err == unix.EINTR:
		case err != nil || n == 0:
			return 1
		case b[0] == '\n':
			return quit
		case b[0] == 'q':
			quit = 1
		}
	}
}

func sendGate(sock int, order byte, n int) error {
	b := binary.LittleEndian.AppendUint32([]byte{order}, uint32(n))
	for {
		err := unix.Sendto(sock, b, unix.MSG_NOSIGNAL, nil)
		if err != unix.EINTR {
			return err
		}
	}
}

// errGateGone says that the other end of a gate's socket is closed.
var errGateGone = errors.New("the other end is gone")

func receiveGate(sock int) (order byte, n int, err error) {
	var b [5]byte
	for {
		got, _, err := unix.Recvfrom(sock, b[:], 0)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return 0, 0, err
		case got < len(b):
			return 0, 0, errGateGone
		}
		return b[0], int(int32(binary.LittleEndian.Uint32(b[1:]))), nil
	}
}

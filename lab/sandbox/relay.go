package sandbox

import (
	"golang.org/x/sys/unix"

	"jsh/pgroup"
)

// Run tries the set-up, runs o.Run in a sandbox, and returns its exit status. At
// a terminal what runs gets a pty of its own, whose session it leads: one that
// was shared would show group and session 0 of what is outside. Elsewhere it has
// the caller's descriptors. It must be called on the main thread. The error is a
// *Refusal, and nothing has been run then.
func Run(o Options) (status int, err error) {
	if err := Try(o.Exe); err != nil {
		return 0, err
	}
	home, err := newHome()
	if err != nil {
		return 0, err
	}
	defer home.Remove()
	ends := terminals()
	if ends.any < 0 {
		b, err := start(o.Exe, home.Path, o.Run, []uintptr{0, 1, 2}, -1)
		if err != nil {
			return 0, err
		}
		return b.wait()
	}
	modes, err := pgroup.GetModes(ends.any)
	if err != nil {
		return 0, refusal(stagePty, err)
	}
	master, slave, err := openPty(ends.any, modes)
	if err != nil {
		return 0, refusal(stagePty, err)
	}
	defer unix.Close(master)
	files := []uintptr{0, 1, 2}
	for fd := range files {
		if pgroup.IsTerminal(fd) {
			files[fd] = uintptr(slave)
		}
	}
	b, err := start(o.Exe, home.Path, o.Run, files, ends.any)
	unix.Close(slave)
	if err != nil {
		return 0, err
	}
	if ends.in >= 0 {
		defer unix.IoctlSetTermios(ends.in, unix.TCSETS, modes)
	}
	relay(b, master, ends, modes)
	return b.wait()
}

// outside are the descriptors that lead to the terminal outside: one to read,
// one to write, any; -1 is none. What is no terminal goes in as it is. A terminal
// never does: inside it would control no session, so that nothing would hold back
// who reads it in the background.
type outside struct{ in, out, any int }

func terminals() outside {
	e := outside{-1, -1, -1}
	for fd := 2; fd >= 0; fd-- {
		if pgroup.IsTerminal(fd) {
			e.any = fd
		}
	}
	if pgroup.IsTerminal(0) {
		e.in = 0
	}
	for _, fd := range []int{1, 2, 0} {
		if pgroup.IsTerminal(fd) {
			e.out = fd
			break
		}
	}
	return e
}

// openPty makes a pty with the modes and the size of the terminal on tty.
func openPty(tty int, modes *pgroup.Modes) (master, slave int, err error) {
	master, err = unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, -1, err
	}
	if err = unix.IoctlSetPointerInt(master, unix.TIOCSPTLCK, 0); err == nil {
		slave, err = ioctlPeer(master)
	}
	if err != nil {
		unix.Close(master)
		return -1, -1, err
	}
	unix.IoctlSetTermios(slave, unix.TCSETS, modes)
	copySize(tty, master)
	return master, slave, nil
}

// ioctlPeer opens the other end of a pty (TIOCGPTPEER, ioctl_tty(2)), whatever
// is mounted on /dev/pts.
func ioctlPeer(master int) (int, error) {
	fd, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(master), unix.TIOCGPTPEER, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC)
	if e != 0 {
		return -1, e
	}
	return int(fd), nil
}

// copySize gives the pty the size of the terminal.
func copySize(tty, master int) {
	if ws, err := unix.IoctlGetWinsize(tty, unix.TIOCGWINSZ); err == nil {
		unix.IoctlSetWinsize(master, unix.TIOCSWINSZ, ws)
	}
}

// relay passes bytes between the terminal and the pty until nobody has the pty
// open any more or the terminal is gone. Where keys are relayed the terminal is
// raw meanwhile: signal keys go through, and act on the pty.
func relay(b *box, master int, ends outside, modes *pgroup.Modes) {
	wake, err := pgroup.OpenWake()
	if err != nil {
		wake = -1
	}
	caught := []unix.Signal{unix.SIGWINCH, unix.SIGHUP, unix.SIGTERM}
	for _, sig := range caught {
		pgroup.Catch(sig)
	}
	defer func() {
		for _, sig := range caught {
			pgroup.Default(sig)
		}
	}()
	raw := *modes
	raw.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	if pgroup.IsTerminal(1) { // else somebody behind a pipe writes to it as well
		raw.Oflag &^= unix.OPOST
	}
	raw.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	raw.Cc[unix.VMIN], raw.Cc[unix.VTIME] = 1, 0
	if ends.in >= 0 {
		unix.IoctlSetTermios(ends.in, unix.TCSETS, &raw)
	}
	copySize(ends.any, master)
	unix.SetNonblock(master, true)
	var in, out []byte // on their way in and out
	buf := make([]byte, 16<<10)
	for {
		p := []unix.PollFd{{Fd: -1, Events: unix.POLLIN}, {Fd: int32(master)}, {Fd: int32(wake), Events: unix.POLLIN}, {Fd: -1, Events: unix.POLLOUT}}
		if len(in) == 0 {
			p[0].Fd = int32(ends.in)
		}
		if len(out) == 0 {
			p[1].Events |= unix.POLLIN
		} else {
			p[3].Fd = int32(ends.out)
		}
		if len(in) > 0 {
			p[1].Events |= unix.POLLOUT
		}
		if _, err := unix.Poll(p, -1); err != nil && err != unix.EINTR {
			break
		}
		set := pgroup.Pending()
		if set.Has(unix.SIGWINCH) {
			copySize(ends.any, master)
		}
		if set.Has(unix.SIGHUP) || set.Has(unix.SIGTERM) {
			unix.Kill(b.pid, unix.SIGKILL) // all that is inside ends with it
			break
		}
		if p[0].Revents != 0 {
			n, err := unix.Read(ends.in, buf)
			if n > 0 {
				in = append(in, buf[:n]...)
			} else if err != unix.EINTR && err != unix.EAGAIN {
				unix.Kill(b.pid, unix.SIGKILL)
				break
			}
		}
		if len(in) > 0 && p[1].Revents&unix.POLLOUT != 0 {
			if n, _ := unix.Write(master, in); n > 0 {
				in = in[n:]
			}
		}
		if len(out) > 0 && p[3].Revents != 0 {
			n, err := unix.Write(ends.out, out)
			if n > 0 {
				out = out[n:]
			} else if err != unix.EINTR && err != unix.EAGAIN {
				unix.Kill(b.pid, unix.SIGKILL)
				break
			}
		}
		if len(out) == 0 && p[1].Revents&(unix.POLLIN|unix.POLLHUP|unix.POLLERR) != 0 {
			n, err := unix.Read(master, buf)
			if n > 0 {
				out = append(out[:0], buf[:n]...)
			} else if err != unix.EINTR && err != unix.EAGAIN {
				break // EIO: nobody has the pty open
			}
		}
	}
}

package sandbox

import (
	"os"

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
	home, err := scratch()
	if err != nil {
		return 0, err
	}
	defer os.Remove(home)
	if !pgroup.IsTerminal(0) || !pgroup.IsTerminal(1) {
		b, err := start(o.Exe, home, o.Run, nil, nil)
		if err != nil {
			return 0, err
		}
		return b.wait()
	}
	modes, err := pgroup.GetModes(0)
	if err != nil {
		return 0, refusal(stagePty, err)
	}
	master, slave, err := openPty(modes)
	if err != nil {
		return 0, refusal(stagePty, err)
	}
	defer unix.Close(master)
	n := uintptr(slave)
	b, err := start(o.Exe, home, o.Run, []uintptr{n, n, n}, os.Environ())
	unix.Close(slave)
	if err != nil {
		return 0, err
	}
	defer unix.IoctlSetTermios(0, unix.TCSETS, modes)
	relay(b, master, modes)
	return b.wait()
}

// openPty makes a pty with the modes and the size of the terminal on descriptor 0.
func openPty(modes *pgroup.Modes) (master, slave int, err error) {
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
	copySize(master)
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
func copySize(master int) {
	if ws, err := unix.IoctlGetWinsize(0, unix.TIOCGWINSZ); err == nil {
		unix.IoctlSetWinsize(master, unix.TIOCSWINSZ, ws)
	}
}

// relay passes bytes between the terminal and the pty until nobody has the pty
// open any more or the terminal is gone. The terminal is raw meanwhile: signal
// keys go through, and act on the pty.
func relay(b *box, master int, modes *pgroup.Modes) {
	wake, err := pgroup.OpenWake()
	if err != nil {
		wake = -1
	}
	caught := []unix.Signal{unix.SIGWINCH, unix.SIGHUP, unix.SIGTERM, unix.SIGINT, unix.SIGQUIT, unix.SIGTSTP}
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
	raw.Oflag &^= unix.OPOST
	raw.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	raw.Cc[unix.VMIN], raw.Cc[unix.VTIME] = 1, 0
	unix.IoctlSetTermios(0, unix.TCSETS, &raw)
	copySize(master)
	unix.SetNonblock(master, true)
	var in, out []byte // on their way in and out
	buf := make([]byte, 16<<10)
	for {
		p := []unix.PollFd{{Fd: -1, Events: unix.POLLIN}, {Fd: int32(master)}, {Fd: int32(wake), Events: unix.POLLIN}, {Fd: -1, Events: unix.POLLOUT}}
		if len(in) == 0 {
			p[0].Fd = 0
		}
		if len(out) == 0 {
			p[1].Events |= unix.POLLIN
		} else {
			p[3].Fd = 1
		}
		if len(in) > 0 {
			p[1].Events |= unix.POLLOUT
		}
		if _, err := unix.Poll(p, -1); err != nil && err != unix.EINTR {
			break
		}
		set := pgroup.Pending()
		if set.Has(unix.SIGWINCH) {
			copySize(master)
		}
		if set.Has(unix.SIGHUP) || set.Has(unix.SIGTERM) {
			unix.Kill(b.pid, unix.SIGKILL) // all that is inside ends with it
			break
		}
		if p[0].Revents != 0 {
			n, err := unix.Read(0, buf)
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
			n, err := unix.Write(1, out)
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

package front

import (
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"jsh/pgroup"
)

// window stands in for a terminal window: a pty of its own with a jsh in it,
// whose session that jsh leads. It passes bytes, and nothing else. When it ends,
// of SIGTERM as well, the pty's other end is closed: for what runs inside the
// terminal is hung up, exactly as when the program that draws a window ends.
func window() int {
	modes, err := pgroup.GetModes(0)
	if err != nil {
		writeAll(2, "window: it wants a terminal: "+reason(err)+"\n")
		return 1
	}
	exe, err := os.Executable()
	if err != nil {
		writeAll(2, "window: "+reason(err)+"\n")
		return 1
	}
	master, name, err := newPty()
	if err != nil {
		writeAll(2, "window: "+err.Error()+"\n")
		return 1
	}
	slave, err := unix.Open(name, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		writeAll(2, "window: "+name+": "+reason(err)+"\n")
		return 1
	}
	unix.IoctlSetTermios(slave, unix.TCSETS, modes)
	sizeOf(0, master)
	caught := []unix.Signal{unix.SIGWINCH, unix.SIGHUP, unix.SIGTERM, unix.SIGCHLD}
	for _, sig := range caught {
		pgroup.Catch(sig)
	}
	wake, err := pgroup.OpenWake()
	if err != nil {
		wake = -1
	}
	fd := uintptr(slave)
	_, err = syscall.ForkExec(exe, []string{"jsh", "-i"}, &syscall.ProcAttr{Env: windowEnv(os.Environ()),
		Files: []uintptr{fd, fd, fd}, Sys: &syscall.SysProcAttr{Setsid: true, Setctty: true}})
	unix.Close(slave)
	if err != nil {
		writeAll(2, "window: "+exe+": "+reason(err)+"\n")
		return 1
	}
	raw := *modes
	raw.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	raw.Oflag &^= unix.OPOST
	raw.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	raw.Cc[unix.VMIN], raw.Cc[unix.VTIME] = 1, 0
	unix.IoctlSetTermios(0, unix.TCSETS, &raw)
	status := passBytes(master, wake)
	unix.IoctlSetTermios(0, unix.TCSETS, modes)
	text := "The window is closed.\n"
	if shownLast != '\n' {
		text = "\n" + text
	}
	writeAll(1, text)
	return status
}

// windowVar tells the shell in a window where it is.
const windowVar = "JSH_WINDOW"

// windowEnv gives it a prompt that cannot be taken for the one outside.
func windowEnv(env []string) []string {
	prompt := `\$ `
	kept := []string{windowVar + "=1"}
	for _, e := range env {
		if p, ok := strings.CutPrefix(e, "PS1="); ok {
			prompt = p
		} else {
			kept = append(kept, e)
		}
	}
	return append(kept, "PS1=window "+prompt)
}

// shownLast is the last byte that came out of the window.
var shownLast byte = '\n'

// relayOut passes on what the window shows.
func relayOut(text []byte) {
	shownLast = text[len(text)-1]
	writeAll(1, string(text))
}

// passBytes relays until the shell inside has ended or a signal ends the
// window. The pty's buffers hold what is not read yet, so writes may block; only
// what is typed while nobody inside reads is dropped when they are full.
func passBytes(master, wake int) int {
	buf := make([]byte, 4096)
	for {
		p := []unix.PollFd{{Fd: 0, Events: unix.POLLIN}, {Fd: int32(master), Events: unix.POLLIN}, {Fd: int32(wake), Events: unix.POLLIN}}
		if _, err := unix.Poll(p, -1); err != nil && err != unix.EINTR {
			return 1
		}
		set := pgroup.Pending()
		if set.Has(unix.SIGWINCH) {
			sizeOf(0, master)
		}
		for _, sig := range []unix.Signal{unix.SIGHUP, unix.SIGTERM} {
			if set.Has(sig) { // closed from outside: its status tells that from the end of its shell
				return 128 + int(sig)
			}
		}
		if status, ended := innerEnd(); ended {
			shown := []unix.PollFd{{Fd: int32(master), Events: unix.POLLIN}}
			if n, err := unix.Poll(shown, 0); err == nil && n > 0 {
				if n, _ := unix.Read(master, buf); n > 0 {
					relayOut(buf[:n]) // its last words
				}
			}
			return status // a job of the shell may have the pty open still
		}
		if p[0].Revents != 0 {
			n, err := unix.Read(0, buf)
			if n == 0 || err != nil && err != unix.EINTR && err != unix.EAGAIN {
				return 0 // the terminal outside is gone
			}
			if n > 0 && canWrite(master) {
				unix.Write(master, buf[:n])
			}
		}
		if p[1].Revents != 0 {
			n, err := unix.Read(master, buf)
			if n > 0 {
				relayOut(buf[:n])
			}
			if n <= 0 && err != unix.EINTR && err != unix.EAGAIN {
				// EIO: nobody has the pty open. A shell that ends closes it first.
				unix.Poll(p[2:], 500)
				status, _ := innerEnd()
				return status
			}
		}
	}
}

// innerEnd says whether the shell inside has ended, and what the window's status is
// then: 0 where it exited, 128 + the signal where it was killed.
func innerEnd() (status int, ended bool) {
	var ws unix.WaitStatus
	if pid, _ := unix.Wait4(-1, &ws, unix.WNOHANG, nil); pid <= 0 {
		return 0, false
	}
	if ws.Signaled() {
		return 128 + int(ws.Signal()), true
	}
	return 0, true
}

func canWrite(fd int) bool {
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, 0)
	return n > 0 && err == nil
}

// sizeOf gives the pty the size of the terminal.
func sizeOf(tty, master int) {
	if ws, err := unix.IoctlGetWinsize(tty, unix.TIOCGWINSZ); err == nil {
		unix.IoctlSetWinsize(master, unix.TIOCSWINSZ, ws)
	}
}

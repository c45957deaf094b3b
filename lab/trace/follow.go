package trace

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/pgroup"
)

// Following is a silent tracer that follows what a shell starts.
type Following struct{ line int }

// Follow has everything that this process, a shell, starts from now on followed
// by a silent tracer, which tells its log. exe is jsh, environ the tracer's
// environment. msg says why it cannot be.
//
// The tracer is nobody's child, and attaches to the shell for its children's
// sake. Nothing is between the shell and what it starts: groups, terminal, waits
// and statuses are what they are without.
func Follow(exe string, environ []string) (f *Following, msg string) {
	if msg := Refusal(); msg != "" {
		return nil, msg
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, "socketpair: " + errText(err)
	}
	null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		unix.Close(pair[0])
		unix.Close(pair[1])
		return nil, "/dev/null: " + errText(err)
	}
	k := pgroup.New(nil)
	k.Locked = true
	o := settings{quiet: true, host: true}
	child, err := k.Spawn(&pgroup.Spec{
		Path: exe, Argv: append([]string{parentName}, o.words()...), Env: environ, Group: pgroup.SameGroup,
		Files: []pgroup.File{{Child: 0, From: null}, {Child: 1, From: null}, {Child: 2, From: null}, {Child: fdLine, From: pair[1]}, {Child: fdTTY, From: -1}},
	})
	unix.Close(null)
	unix.Close(pair[1])
	line, ferr := unix.FcntlInt(uintptr(pair[0]), unix.F_DUPFD_CLOEXEC, pgroup.FirstOwnFD)
	unix.Close(pair[0])
	if err == nil {
		err = ferr
	}
	if err != nil {
		return nil, "the tracer could not be started: " + errText(err)
	}
	var ws unix.WaitStatus
	for {
		if _, err = unix.Wait4(child.Pid, &ws, 0, nil); err != unix.EINTR {
			break
		}
	}
	if msg := shake(line); msg != "" {
		unix.Close(line)
		return nil, msg
	}
	return &Following{line}, ""
}

// Stop ends the following: what runs, runs on untraced. It returns when that is so.
func (f *Following) Stop() {
	if f.line < 0 {
		return
	}
	writeAll(f.line, "d")
	readLine(f.line)
	unix.Close(f.line)
	f.line = -1
}

// Alive tells whether the tracer is still there.
func (f *Following) Alive() bool {
	p := []unix.PollFd{{Fd: int32(f.line), Events: unix.POLLIN | unix.POLLRDHUP}}
	n, err := unix.Poll(p, 0)
	return f.line >= 0 && (err != nil || n == 0)
}

// followHost is the tracer's life.
func followHost(connect func(shell int) Log) int {
	writeAll(fdLine, num(os.Getpid())+"\n")
	pid, err := strconv.Atoi(readLine(fdLine))
	if err != nil {
		return 1
	}
	var h Handler = silent{}
	end := func() { os.Exit(0) }
	if log := connect(pid); log != nil {
		h = newLogged(h, log)
		end = func() {
			log.Close(farewell)
			os.Exit(0)
		}
	}
	t, err := New(h)
	if err != nil {
		writeAll(fdLine, event.Visible(err.Error())+"\n")
		return 1
	}
	if unix.Geteuid() != 0 {
		t.LetGo = needsToBeAlone
	} else {
		t.LetGo = tellsItself
	}
	t.Lightly, t.Spares = isPlumbing, true
	if err := t.AttachHost(pid); err != nil {
		writeAll(fdLine, attachErrno(err)+"\n")
		return 1
	}
	t.Go(fdLine)
	go func() {
		// Its end says nothing: what the shell started may outlive it.
		var b [1]byte
		for {
			n, err := unix.Read(fdLine, b[:])
			if err == unix.EINTR {
				continue
			}
			if n > 0 && b[0] == 'd' {
				end()
			}
			return
		}
	}()
	runtime.LockOSThread()
	t.Run()
	end()
	return 0
}

// isPlumbing tells whether a program is a part of the shell itself, whose calls
// are no news: those have names of the form "jsh: part".
func isPlumbing(argv []string) bool {
	return len(argv) > 0 && strings.HasPrefix(argv[0], "jsh: ")
}

// tellsItself tells whether a program is a tracer, which finds no process to trace
// where all are traced already, or one that leads its processes through every call
// and must not be disturbed. jsh's own tell the log what they see.
func tellsItself(c *Call) (free bool, why string) {
	if len(c.Argv) == 0 {
		return false, ""
	}
	name := filepath.Base(c.Argv[0])
	if name == "jsh" && len(c.Argv) > 1 {
		name = c.Argv[1]
	}
	switch name {
	case "strace", "ltrace", "gdb", "lldb", "rr":
		return true, "process " + num(c.Pid) + " is to be " + name + ", which traces by itself: it goes on unfollowed"
	case "trace", "check-daemon", "doctor", "daemonize", "puppet":
		return true, ""
	}
	return false, ""
}

// needsToBeAlone is tellsItself for a tracer without privilege: a program that gains
// some would lack that.
func needsToBeAlone(c *Call) (free bool, why string) {
	path := "/proc/" + num(c.Pid) + "/root" + c.Path
	if !strings.HasPrefix(c.Path, "/") {
		path = "/proc/" + num(c.Pid) + "/cwd/" + c.Path
	}
	if gains := Privileges(path); gains != "" {
		return true, "process " + num(c.Pid) + " is to be " + event.Visible(c.Path) + ", which is " + gains + ": followed it would lack that, so it goes on unfollowed"
	}
	return tellsItself(c)
}

// Privileges says by what a program file gains privilege when it is executed, which
// the kernel leaves out under a tracer without privilege (execve(2)); "": it does not.
func Privileges(path string) string {
	var st unix.Stat_t
	if unix.Stat(path, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFREG {
		return ""
	}
	if st.Mode&unix.S_ISUID != 0 || st.Mode&(unix.S_ISGID|unix.S_IXGRP) == unix.S_ISGID|unix.S_IXGRP {
		return "set-user-ID or set-group-ID"
	}
	if n, err := unix.Getxattr(path, "security.capability", nil); err == nil && n > 0 {
		return "given capabilities (getcap(8))"
	}
	return ""
}

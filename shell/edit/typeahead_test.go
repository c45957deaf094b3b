package edit

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func TestMain(m *testing.M) {
	if os.Getenv("EDIT_TEST_SHELL") != "" {
		tinyShell()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// tinyShell runs each line as a program in the foreground, as a shell does.
func tinyShell() {
	signal.Notify(make(chan os.Signal, 16), syscall.SIGTTOU, syscall.SIGTTIN, syscall.SIGINT)
	e, _ := New(Config{TTY: 0, Out: 1, Wake: -1})
	for {
		line, err := e.ReadLine("tiny> ")
		if errors.Is(err, ErrBackground) {
			os.Stdout.WriteString("in the background\n")
			return
		}
		if err != nil {
			os.Stdout.WriteString("end: " + err.Error() + "\n")
			return
		}
		if line == "" {
			continue
		}
		cmd := exec.Command("sh", "-c", line)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		cmd.SysProcAttr = &syscall.SysProcAttr{Foreground: true, Ctty: 0}
		if cmd.Start(); line == "sleep 1000" { // it keeps the terminal
			continue
		}
		cmd.Wait()
		takeBack()
	}
}

func takeBack() {
	var block, old unix.Sigset_t
	block.Val[0] = 1 << (unix.SIGTTOU - 1)
	unix.PthreadSigmask(unix.SIG_BLOCK, &block, &old)
	unix.IoctlSetPointerInt(0, unix.TIOCSPGRP, unix.Getpgrp())
	unix.PthreadSigmask(unix.SIG_SETMASK, &old, nil)
}

func startTiny(t *testing.T) (*ptyPair, *model) {
	m := newModel(40, 10, false)
	p := openPTY(t, 40, 10, m)
	tty := os.NewFile(uintptr(mustDup(t, p.slave)), "tty")
	defer tty.Close()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), "EDIT_TEST_SHELL=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(cmd.Process.Pid, syscall.SIGKILL)
		cmd.Wait()
	})
	if !p.await(func() bool { return m.text() == "tiny>" }) {
		t.Fatalf("no prompt but %q", p.raw)
	}
	return p, m
}

func mustDup(t *testing.T, fd int) int {
	n, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTypeAhead(t *testing.T) {
	t.Run("what follows Enter goes to the program that is started", func(t *testing.T) {
		p, m := startTiny(t)
		p.typeKeys("read a; read b; echo $a-$b\rhello\rworld\recho after\r")
		if !p.await(func() bool { return strings.Contains(m.text(), "hello-world\ntiny> echo after\nafter\ntiny>") }) {
			t.Errorf("the screen shows\n%s", m.text())
		}
	})
	t.Run("^D typed to the program ends it, and the editor goes on", func(t *testing.T) {
		p, m := startTiny(t)
		p.typeKeys("cat\rhello\r")
		if !p.await(func() bool { return strings.HasSuffix(m.text(), "hello") }) {
			t.Fatalf("the screen shows\n%s", m.text())
		}
		p.typeKeys("\x04")
		if !p.await(func() bool { return strings.HasSuffix(m.text(), "hello\ntiny>") }) {
			t.Fatalf("the screen shows\n%s", m.text())
		}
		p.typeKeys("\x04")
		if !p.await(func() bool { return strings.HasSuffix(m.text(), "end: EOF") }) {
			t.Fatalf("the screen shows\n%s", m.text())
		}
	})
	t.Run("a line typed while a program runs is read by the editor", func(t *testing.T) {
		p, m := startTiny(t)
		p.typeKeys("echo go; read x; sleep 0.1\r")
		if !p.await(func() bool { return strings.HasSuffix(m.text(), "\ngo") }) {
			t.Fatalf("the screen shows\n%s", m.text())
		}
		p.typeKeys("x\n\x04echo one\necho two")
		if !p.await(func() bool { return strings.HasSuffix(m.text(), "tiny> echo one\none\ntiny> echo two") }) {
			t.Errorf("the screen shows\n%s", m.text())
		}
	})
	t.Run("without the terminal ReadLine says so, and does not spin", func(t *testing.T) {
		p, m := startTiny(t)
		p.typeKeys("sleep 1000\r")
		p.await(func() bool { return m.y == 1 && m.x > 0 })
		p.typeKeys("x")
		if !p.await(func() bool { return strings.HasSuffix(m.text(), "in the background") }) {
			t.Errorf("the screen shows\n%s", m.text())
		}
	})
}

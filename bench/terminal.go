package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// openTerminal makes a pseudoterminal (pty(7)): the master side, and the slave.
func openTerminal() (master, slave *os.File, err error) {
	master, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	fd := int(master.Fd())
	n := 0
	if err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err == nil {
		n, err = unix.IoctlGetInt(fd, unix.TIOCGPTN)
	}
	if err == nil {
		slave, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		master.Close()
		return nil, nil, err
	}
	return master, slave, nil
}

// startOnTerminal starts cmd as the leader of a session that the slave controls.
// What it writes goes to out until it ends.
func startOnTerminal(cmd *exec.Cmd, out io.Writer, size ...*unix.Winsize) (master *os.File, drained chan struct{}, err error) {
	master, slave, err := openTerminal()
	if err != nil {
		return nil, nil, err
	}
	for _, ws := range size {
		unix.IoctlSetWinsize(int(slave.Fd()), unix.TIOCSWINSZ, ws)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	err = cmd.Start()
	slave.Close()
	if err != nil {
		master.Close()
		return nil, nil, err
	}
	drained = make(chan struct{})
	go func() {
		io.Copy(out, master) // ends with EIO when the last slave is closed
		close(drained)
	}()
	return master, drained, nil
}

// onTerminal is one run on a terminal.
func (c *benchCase) onTerminal(cmd *exec.Cmd) (float64, error) {
	var out bytes.Buffer
	var drained chan struct{}
	var master *os.File
	v, err := c.timed(func() (err error) {
		if master, drained, err = startOnTerminal(cmd, &out); err != nil {
			return err
		}
		return cmd.Wait()
	})
	if master == nil {
		return 0, err
	}
	<-drained
	master.Close()
	if err == nil && out.Len() > 0 {
		err = fmt.Errorf("it complained: %s", out.String())
	}
	return v, err
}

// readyWriter closes seen when the prompt has been written.
type readyWriter struct {
	text string
	seen chan struct{}
	done bool
}

func (w *readyWriter) Write(b []byte) (int, error) {
	w.text += string(b)
	if !w.done && strings.Contains(w.text, "READY") {
		w.done = true
		close(w.seen)
	}
	return len(b), nil
}

// memoryAtPrompt is the resident memory in MB of an interactive shell that has
// printed its first prompt and waits for input: Rss of proc_pid_smaps(5), which
// is counted page by page (VmRSS lags behind).
func memoryAtPrompt(sh shellUnderTest) (float64, error) {
	args := []string{"-i"}
	switch sh.name {
	case "bash":
		args = []string{"--norc", "--noprofile", "-i"}
	case "zsh":
		args = []string{"-f", "-i"}
	}
	cmd := exec.Command(sh.path, args...)
	cmd.Env = cleanEnv("/nonexistent")
	w := &readyWriter{seen: make(chan struct{})}
	master, drained, err := startOnTerminal(cmd, w)
	if err != nil {
		return 0, err
	}
	defer func() {
		cmd.Process.Kill()
		cmd.Wait()
		<-drained
		master.Close()
	}()
	select {
	case <-w.seen:
	case <-drained:
		return 0, fmt.Errorf("it ended: %s", w.text)
	case <-time.After(10 * time.Second):
		return 0, fmt.Errorf("no prompt after 10 s")
	}
	if err := untilAsleep(cmd.Process.Pid); err != nil {
		return 0, err
	}
	rollup, err := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/smaps_rollup")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(rollup), "\nRss:")
	kb, err := strconv.Atoi(strings.Fields(rest + " none")[0])
	return float64(kb) / 1024, err
}

// untilAsleep waits until a process sleeps (state S), seen twice.
func untilAsleep(pid int) error {
	asleep := 0
	for range 1000 {
		stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		if err != nil {
			return err
		}
		if i := bytes.LastIndexByte(stat, ')'); i >= 0 && bytes.HasPrefix(stat[i:], []byte(") S")) {
			if asleep++; asleep == 2 {
				return nil
			}
		} else {
			asleep = 0
		}
		time.Sleep(5 * time.Millisecond)
	}
	return fmt.Errorf("it does not wait at its prompt")
}

package proc

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

func TestWaits(t *testing.T) {
	r := reader(t)
	master, tty := terminal(t)
	_ = master
	for _, c := range []struct {
		words, script string
		terminal      bool
	}{
		{"reads a pipe", "echo ready; read x", false},
		{"waits for a child", "echo ready; sleep 1000; :", false},
		{"sleeps", "echo ready; exec sleep 1000", false},
		{"reads the terminal", "echo ready; read x <&3", true},
	} {
		t.Run("it is told that a process "+c.words, func(t *testing.T) {
			pid := 0
			if c.terminal {
				cmd := exec.Command("sh", "-c", c.script)
				cmd.ExtraFiles = []*os.File{tty}
				cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				defer cmd.Wait()
				defer cmd.Process.Kill()
				pid = cmd.Process.Pid
			} else {
				pid = start(t, c.script).Process.Pid
			}
			if _, err := os.ReadFile("/proc/self/wchan"); err != nil {
				t.Skip("this kernel tells nobody where a process sleeps: ", err)
			}
			// It says "ready" a moment before it sleeps.
			var last string
			for i := 0; ; i++ {
				p, err := r.ReadOne(pid)
				if err != nil {
					t.Fatal(err)
				}
				if last = r.Waits(pid); last == c.words {
					return
				}
				if p.State == 'S' && i > 200_000 {
					t.Fatalf("it is said to wait %q", last)
				}
			}
		})
	}
	t.Run("of a process that is not there nothing is said", func(t *testing.T) {
		if w := r.Waits(1 << 30); w != "" {
			t.Errorf("%q", w)
		}
	})
}

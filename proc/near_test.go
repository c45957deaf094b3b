package proc

import (
	"os"
	"os/exec"
	"testing"

	"jsh/event"
)

func TestNearAreTheShellsProcessesAndItsAncestors(t *testing.T) {
	for name, poll := range map[string]bool{"connector": false, "proc": true} {
		t.Run(name, func(t *testing.T) {
			stranger := exec.Command("cat")
			in, err := stranger.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := stranger.Start(); err != nil {
				t.Skip(err)
			}
			defer stranger.Wait()
			defer in.Close()
			shell, _, _ := perl(t, `$p = fork; <STDIN>; waitpid $p, 0 if $p`)
			see := listening
			if poll {
				see = watch
			}
			w := see(t, WatchOptions{Shell: shell.Process.Pid, Poll: poll})
			until(t, w, "everybody", func(b Batch) bool { return b.Snap != nil && b.Snap.Find(stranger.Process.Pid) != nil })
			w.Poke()
			until(t, w, "the shell's child", func(b Batch) bool {
				if b.Near == nil {
					return false
				}
				if b.Near.Find(stranger.Process.Pid) != nil {
					t.Error("who is not the shell's is near")
				}
				if b.Near.Find(os.Getpid()) == nil || b.Near.Find(os.Getppid()) == nil {
					t.Error("the shell's ancestors are not there")
				}
				for i := range b.Near.Procs {
					if b.Near.Procs[i].PPid == shell.Process.Pid {
						return true
					}
				}
				w.Poke()
				return false
			})
			// What a shell says that it started is its own, whoever the parent is.
			w.Told(stranger.Process.Pid, event.Now()-int64(3*lateTold)) // an older process of that number
			w.Poke()
			w.Told(stranger.Process.Pid, event.Now())
			w.Poke()
			until(t, w, "who was told", func(b Batch) bool {
				return b.Near != nil && b.Near.Find(stranger.Process.Pid) != nil
			})
		})
	}
}

func TestWhatIsToldLateIsOfAnotherProcess(t *testing.T) {
	x := newEye(reader(t), WatchOptions{Shell: os.Getpid()})
	if err := x.look(lookFull); err != nil {
		t.Fatal(err)
	}
	defer func() {
		for _, k := range x.known {
			x.release(k)
		}
	}()
	x.told([]spoken{{1, event.Now()}, {1 << 30, event.Now() - int64(2*lateTold)}})
	if k := x.known[1]; k == nil || k.ours || x.founders[1<<30] {
		t.Error("who is older than what was told is taken for the shell's")
	}
}

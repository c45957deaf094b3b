package pgroup

import (
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// statusOf starts cat on its own /proc/PID/status and reads the masks of it.
func statusOf(t *testing.T, k *Kernel, ignore, mask SignalSet) map[string]SignalSet {
	t.Helper()
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	defer unix.Close(p[0])
	c, err := k.Spawn(&Spec{Path: "/bin/cat", Argv: []string{"cat", "/proc/self/status"}, Group: SameGroup,
		Files: []File{{1, p[1]}}, Ignore: ignore, Mask: mask})
	unix.Close(p[1])
	if err != nil {
		t.Fatal(err)
	}
	var text []byte
	buf := make([]byte, 4096)
	for {
		n, err := unix.Read(p[0], buf)
		if err == unix.EINTR {
			continue
		}
		if n <= 0 {
			break
		}
		text = append(text, buf[:n]...)
	}
	for {
		if _, _, err := k.WaitFor(c.Pid, 0); err != unix.EINTR {
			break
		}
	}
	m := map[string]SignalSet{}
	for line := range strings.SplitSeq(string(text), "\n") {
		if name, value, ok := strings.Cut(line, ":\t"); ok && strings.HasPrefix(name, "Sig") {
			n, _ := strconv.ParseUint(value, 16, 64)
			m[name] = SignalSet(n)
		}
	}
	return m
}

// Both ways to clone must give a program the same dispositions, whatever the
// shell itself does with the signals.
func TestAProgramsDispositionsAreExactlyTheOnesAskedFor(t *testing.T) {
	k := New(nil)
	Catch(unix.SIGUSR1)
	Ignore(unix.SIGUSR2)
	Ignore(unix.SIGTSTP)
	Catch(unix.SIGTTIN)
	defer func() {
		for _, s := range []unix.Signal{unix.SIGUSR1, unix.SIGUSR2, unix.SIGTSTP, unix.SIGTTIN} {
			Default(s)
		}
	}()
	was := noClearSighand
	defer func() { noClearSighand = was }()
	for _, way := range []struct {
		name   string
		refuse bool
	}{{"clone3 with CLONE_CLEAR_SIGHAND", false}, {"clone, for older kernels", true}} {
		for _, ignore := range []SignalSet{0, SignalsOf(unix.SIGUSR1, unix.SIGTSTP, unix.SIGINT, 40), SignalsOf(unix.SIGUSR2, unix.SIGTTIN)} {
			t.Run(way.name+", ignoring "+strconv.FormatUint(uint64(ignore), 16), func(t *testing.T) {
				noClearSighand = way.refuse
				mask := SignalsOf(unix.SIGHUP)
				got := statusOf(t, k, ignore, mask)
				if noClearSighand != way.refuse {
					t.Skip("this kernel refuses clone3 with CLONE_CLEAR_SIGHAND")
				}
				want := map[string]SignalSet{"SigIgn": ignore, "SigCgt": 0, "SigBlk": mask}
				for name, set := range want {
					if _, told := got[name]; !told || got[name] != set {
						t.Errorf("%s is %x, want %x", name, got[name], set)
					}
				}
			})
		}
	}
}

func TestAProgramGetsTheEnvironmentOfItsOwnStart(t *testing.T) {
	k := New(nil)
	for _, env := range [][]string{{"A=1"}, {"A=1"}, {"A=2"}, {"A=2", "B=3"}, nil} {
		var p [2]int
		if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time what was made for the first serves
			c, err := k.Spawn(&Spec{Path: "/usr/bin/env", Argv: []string{"env"}, Env: env, Group: SameGroup, Files: []File{{1, p[1]}}})
			if err != nil {
				t.Fatal(err)
			}
			for {
				if _, _, err := k.WaitFor(c.Pid, 0); err != unix.EINTR {
					break
				}
			}
			buf := make([]byte, 256)
			want := strings.Join(append(env[:len(env):len(env)], ""), "\n")
			n := 0
			if want != "" {
				n, _ = unix.Read(p[0], buf)
			}
			if string(buf[:n]) != want {
				t.Errorf("env printed %q, want %q", buf[:n], want)
			}
		}
		unix.Close(p[0])
		unix.Close(p[1])
	}
}

package proc

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal opens a new pseudo-terminal pair. The master does not block a
// reader for ever: it is non-blocking, so the runtime polls it.
func terminal(t *testing.T) (master, tty *os.File) {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Skip("no pseudo-terminal here: ", err)
	}
	master = os.NewFile(uintptr(fd), "ptmx")
	t.Cleanup(func() { master.Close() })
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Skip("TIOCSPTLCK: ", err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Skip("TIOCGPTN: ", err)
	}
	tty, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { tty.Close() })
	return master, tty
}

// script makes a random tree of processes that all wait: jobs of bash with
// job control, with subshells, sessions of their own and orphans. Each process
// that will stay says so with a line on descriptor 4; count is their number.
// All of them have mark in their arguments, since one that left the session
// while nobody looked is found by nothing else.
func script(r *rand.Rand, mark string) (text string, count int) {
	var b strings.Builder
	stay := func() string {
		count++
		// A stopped member of a group that becomes orphaned gets SIGHUP and
		// SIGCONT (POSIX, _exit): it must survive both, and stop again.
		return `sh -c 'trap "" HUP; echo up >&4; while :; do kill -STOP $$; done' ` + mark
	}
	b.WriteString("set -m\n")
	for range 1 + r.IntN(4) {
		switch r.IntN(5) {
		case 0:
			fmt.Fprintf(&b, "%s &\n", stay())
		case 1:
			fmt.Fprintf(&b, "%s | %s &\n", stay(), stay())
		case 2: // a subshell with children in one group
			fmt.Fprintf(&b, "( %s & %s ) &\n", stay(), stay())
		case 3: // an orphan: its parent ends at once
			fmt.Fprintf(&b, "( ( %s & ) )\n", stay())
		case 4: // another session; stopped there, its orphaned group still stops at SIGSTOP
			fmt.Fprintf(&b, "setsid %s &\n", stay())
		}
	}
	b.WriteString("echo set >&4\nread x <&3\n")
	return b.String(), count
}

func TestAgainstPs(t *testing.T) {
	for _, tool := range []string{"ps", "bash", "setsid"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	reader := reader(t)
	r := rand.New(rand.NewPCG(7, uint64(os.Getpid())))
	for range 6 {
		mark := "jsh-test-" + strconv.FormatUint(r.Uint64(), 36)
		text, count := script(r, mark)
		t.Run("the tree is what ps says of: "+strings.ReplaceAll(text, "\n", "; "), func(t *testing.T) {
			master, tty := terminal(t)
			_ = master
			hold, holdEnd, _ := os.Pipe()
			upEnd, up, _ := os.Pipe()
			cmd := exec.Command("bash", "--norc", "--noprofile", "-c", text)
			cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
			cmd.ExtraFiles = []*os.File{hold, up}
			cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			hold.Close()
			up.Close()
			// marked are the stopped processes of this test.
			marked := func(s *Snapshot) (pids []int) {
				for i := range s.Procs {
					p := &s.Procs[i]
					if p.State != 'T' {
						continue
					}
					argv, _ := reader.Cmdline(p.Pid)
					if slices.Contains(argv, mark) && argv[0] == "sh" {
						pids = append(pids, p.Pid)
					}
				}
				return pids
			}
			var s Snapshot
			defer func() {
				reader.Read(&s)
				for _, pid := range marked(&s) {
					unix.Kill(pid, unix.SIGKILL)
				}
				endSession(cmd.Process.Pid)
				cmd.Wait()
				holdEnd.Close()
				upEnd.Close()
			}()

			// Wait for every "up" and for the last "set".
			var said []byte
			buf := make([]byte, 256)
			for bytes.Count(said, []byte("up")) < count || !bytes.Contains(said, []byte("set")) {
				n, err := upEnd.Read(buf)
				if err != nil {
					t.Fatalf("the script said %q: %v", said, err)
				}
				said = append(said, buf[:n]...)
			}
			// concerned are the processes to compare, as ps would write them.
			concerned := func(s *Snapshot) (lines []string) {
				stopped := marked(s)
				for i := range s.Procs {
					p := &s.Procs[i]
					if p.Sid != cmd.Process.Pid && !slices.Contains(stopped, p.Pid) {
						continue
					}
					name := "?"
					if p.TTY != 0 {
						name = strings.TrimPrefix(tty.Name(), "/dev/")
					}
					lines = append(lines, fmt.Sprintf("%d %d %d %d %s %d %c", p.Pid, p.PPid, p.Pgid, p.Sid, name, p.Tpgid, p.State))
				}
				return lines
			}
			// ps is asked between two snapshots that agree: all has settled then.
			var out []byte
			var lines []string
			for begun := time.Now(); ; {
				if time.Since(begun) > 30*time.Second {
					t.Fatalf("%d of %d processes have stopped:\n%s", len(marked(&s)), count, strings.Join(lines, "\n"))
				}
				if err := reader.Read(&s); err != nil {
					t.Fatal(err)
				}
				if lines = concerned(&s); len(marked(&s)) < count {
					continue
				}
				var err error
				if out, err = exec.Command("ps", "-eo", "pid=,ppid=,pgid=,sid=,tty=,tpgid=,stat=").Output(); errors.Is(err, unix.EAGAIN) {
					continue // the machine has no room for a process just now
				} else if err != nil {
					t.Fatal(err)
				}
				if err := reader.Read(&s); err != nil {
					t.Fatal(err)
				}
				if slices.Equal(lines, concerned(&s)) {
					break
				}
			}
			tree := Next(nil, &s, World{Shell: cmd.Process.Pid})
			fromPs := map[int][]string{}
			for line := range strings.Lines(string(out)) {
				f := strings.Fields(line)
				pid, _ := strconv.Atoi(f[0])
				fromPs[pid] = f
			}
			for _, want := range lines {
				pid, _ := strconv.Atoi(strings.Fields(want)[0])
				f, p := fromPs[pid], tree.Process(pid)
				if f == nil || p == nil {
					t.Errorf("ps or the tree does not have %s", want)
					continue
				}
				leads, foreground := strings.Contains(f[6], "s"), strings.Contains(f[6], "+")
				f[6] = f[6][:1]
				if got := strings.Join(f, " "); got != want {
					t.Errorf("the snapshot has %s, ps has %s", want, got)
				}
				if leads != p.LeadsSession() || foreground != p.Group.Foreground {
					t.Errorf("%d leads its session: %v, ps %v; foreground: %v, ps %v",
						p.Pid, p.LeadsSession(), leads, p.Group.Foreground, foreground)
				}
			}
			if len(lines) < count+1 {
				t.Errorf("compared %d processes of %d\n%s", len(lines), count+1, text)
			}
			checkTree(t, tree, &s)
		})
	}
}

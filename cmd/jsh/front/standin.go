package front

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"jsh/lab/servers"
	"jsh/pgroup"
)

// standInVar is set for the stand-ins that a quiz or a lesson runs: the pid of the shell
// that set it, a colon, and the directory where each tells that it is
// past its start, by an empty file.
const standInVar = "JSH_STAND_IN"

// standInLife bounds the life of a stand-in, whatever becomes of the quiz.
const standInLife = 20 * time.Minute

// standInNames are the programs that jsh can stand in for.
var standInNames = append([]string{"find", "ls", "grep", "clock", "window", "thief"}, servers.Names[:]...)

// standInFile is the name of the file by which a stand-in tells that.
func standInFile(name string, pid int) string { return name + "." + strconv.Itoa(pid) }

// isStandIn tells whether this process was started to stand in for a program.
func isStandIn(args []string) bool {
	return len(args) > 0 && slices.Contains(standInNames, filepath.Base(args[0])) && os.Getenv(standInVar) != ""
}

// standIn behaves as find, ls or grep do towards signals, pipes and the
// terminal, only slower: find and ls write a line now and then, grep reads
// until there is no more. It never finds anything. clock writes the time each
// second; window is a terminal window; thief takes keys.
func standIn(args []string) int {
	_, dir, _ := strings.Cut(os.Getenv(standInVar), ":")
	name := filepath.Base(args[0])
	switch name {
	case "window":
		return window()
	case "thief":
		return thief()
	}
	if slices.Contains(servers.Names[:], name) {
		return servers.Main(args, dir)
	}
	// The kernel kills it when the shell's main thread, which started it, ends:
	// even if it is stopped then. It may be too late to ask for that.
	parent := os.Getppid()
	unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0)
	if os.Getppid() != parent {
		return 1
	}
	unix.Prctl(unix.PR_SET_PTRACER, ^uintptr(0), 0, 0, 0) // under Yama too /proc/PID/syscall tells what it waits for
	unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})      // ^\ leaves no core file
	// The Go runtime handles these, and the shell may have been told to ignore
	// some; the programs of these names do neither.
	for _, sig := range []unix.Signal{unix.SIGINT, unix.SIGQUIT, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU,
		unix.SIGCONT, unix.SIGHUP, unix.SIGTERM, unix.SIGPIPE} {
		pgroup.Default(sig)
	}
	if os.WriteFile(filepath.Join(dir, standInFile(name, os.Getpid())), nil, 0o600) != nil {
		return 2
	}
	end := time.Now().Add(standInLife)
	if name == "grep" {
		return standInReads(end)
	}
	if name == "clock" {
		return clock(end)
	}
	for time.Now().Before(end) {
		if _, err := unix.Write(1, []byte("nothing yet\n")); err != nil {
			return 1
		}
		nap := unix.NsecToTimespec(int64(time.Second))
		unix.Nanosleep(&nap, nil)
	}
	return 0
}

// heldName is what a clock is called while its terminal takes no output, thawedName
// what it is called afterwards.
const heldName, thawedName = "clock-held", "clock-thawed"

// clock writes the time each second. Nobody can see in the log that ^S was
// pressed; so a clock whose write does not return takes another name, which every source
// can see.
func clock(end time.Time) int {
	var since atomic.Int64 // when the write began that has not returned; 0: none
	go func() {
		held := false
		for {
			nap := unix.NsecToTimespec(int64(200 * time.Millisecond))
			unix.Nanosleep(&nap, nil)
			t := since.Load()
			if now := t != 0 && time.Now().UnixNano()-t > int64(600*time.Millisecond); now != held {
				held = now
				name := thawedName
				if held {
					name = heldName
				}
				os.WriteFile("/proc/self/comm", []byte(name), 0)
			}
		}
	}()
	for time.Now().Before(end) {
		line := time.Now().Format("15:04:05\n")
		since.Store(time.Now().UnixNano())
		if _, err := unix.Write(1, []byte(line)); err != nil {
			return 1
		}
		since.Store(0)
		nap := unix.NsecToTimespec(int64(time.Second))
		unix.Nanosleep(&nap, nil)
	}
	return 0
}

// standInReads reads standard input until its end. That comes in time: whoever
// writes has a bounded life too.
func standInReads(end time.Time) int {
	var buf [512]byte
	for time.Now().Before(end) {
		n, err := unix.Read(0, buf[:])
		if err == unix.EINTR {
			continue
		}
		if n <= 0 || err != nil {
			break
		}
	}
	return 1 // as grep: no line matched
}

// keysTaken is how much a thief takes: enough for a command or two, and little
// enough that the learner can soon type again.
const keysTaken = 12

// thief reads its standard input, as a server does that never gave its terminal
// away, and tells on its standard output what it got. It ends after that.
func thief() int {
	pgroup.Default(unix.SIGHUP)
	pgroup.Default(unix.SIGTTIN)
	pgroup.Default(unix.SIGALRM) // its end, whatever becomes of the lesson
	unix.Setitimer(unix.ITIMER_REAL, unix.Itimerval{Value: unix.NsecToTimeval(int64(standInLife))})
	unix.Prctl(unix.PR_SET_PTRACER, ^uintptr(0), 0, 0, 0)
	taken := ""
	for len(taken) < keysTaken {
		// It sleeps in read, not in poll, so that the kernel stops it where it may not read.
		var keys [keysTaken]byte
		n, err := unix.Read(0, keys[:keysTaken-len(taken)])
		if err == unix.EINTR {
			continue
		}
		if n <= 0 || err != nil {
			break
		}
		taken += string(keys[:n])
	}
	if taken == "" {
		writeAll(1, "thief: nothing to take\n")
		nap := unix.NsecToTimespec(int64(time.Second)) // long enough for those who only look at /proc
		unix.Nanosleep(&nap, nil)
		return 0
	}
	writeAll(1, "\r\nthief: I took "+strconv.Quote(taken)+"\r\n")
	return 0
}

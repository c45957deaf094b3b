package jobs

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func TestSigNumber(t *testing.T) {
	for _, c := range []struct {
		rule, word string
		want       int // -1: not a signal
	}{
		{"a name without SIG", "INT", 2},
		{"a name with SIG", "SIGINT", 2},
		{"lower case", "int", 2},
		{"mixed case", "sIgTsTp", 20},
		{"a number", "2", 2},
		{"a number with zeros before it", "002", 2},
		{"0, which kill takes", "0", 0},
		{"the highest number", "64", 64},
		{"a number of a signal that has no name", "32", 32},
		{"a number too high", "65", -1},
		{"a number far too high", "99999999999999999999", -1},
		{"a number with more after it", "2x", -1},
		{"a negative number", "-2", -1},
		{"SIG and a number", "SIG2", -1},
		{"nothing", "", -1},
		{"SIG alone", "SIG", -1},
		{"SIG twice", "SIGSIGINT", -1},
		{"a beginning of a name", "IN", -1},
		{"a name with more after it", "INTX", -1},
		{"a letter that folds to S outside ASCII", "ſIGINT", -1},
		{"the first real-time signal", "RTMIN", 34},
		{"a real-time signal from below", "SIGRTMIN+3", 37},
		{"a real-time signal from above", "rtmax-1", 63},
		{"the last real-time signal", "SIGRTMAX", 64},
		{"a real-time signal beyond the last", "RTMIN+31", -1},
		{"the last one from below", "RTMIN+30", 64},
		{"RTMIN and minus", "RTMIN-1", -1},
		{"RTMAX and plus", "RTMAX+0", -1},
		{"RTMIN and a sign alone", "RTMIN+", -1},
		{"RTMIN and no sign", "RTMIN3", -1},
		{"an old name of SIGCHLD", "CLD", 17},
		{"POSIX's name of SIGIO", "POLL", 29},
		{"an old name of SIGABRT", "SIGIOT", 6},
		{"EXIT, which is trap's", "EXIT", -1},
	} {
		t.Run(c.rule, func(t *testing.T) {
			n, ok := SigNumber(c.word)
			if !ok {
				n = -1
			}
			equal(t, c.word, n, c.want)
		})
	}
}

func TestSigNames(t *testing.T) {
	t.Run("every name leads back to its number", func(t *testing.T) {
		named := 0
		for n := -1; n <= MaxSig+1; n++ {
			name := SigName(n)
			if name == "" {
				continue
			}
			named++
			if back, ok := SigNumber(name); !ok || back != n {
				t.Errorf("%s is %d, which leads to %d, %v", name, n, back, ok)
			}
		}
		equal(t, "named signals", named, 31+31)
	})
	t.Run("the kernel's numbers are ours", func(t *testing.T) {
		for sig, name := range map[syscall.Signal]string{
			syscall.SIGHUP: "SIGHUP", syscall.SIGKILL: "SIGKILL", syscall.SIGUSR1: "SIGUSR1",
			syscall.SIGCHLD: "SIGCHLD", syscall.SIGCONT: "SIGCONT", syscall.SIGSTOP: "SIGSTOP",
			syscall.SIGTSTP: "SIGTSTP", syscall.SIGTTIN: "SIGTTIN", syscall.SIGTTOU: "SIGTTOU",
			syscall.SIGWINCH: "SIGWINCH", syscall.SIGIO: "SIGIO", syscall.SIGSYS: "SIGSYS",
		} {
			equal(t, "name", SigName(int(sig)), name)
		}
	})
	t.Run("bash's names are ours", func(t *testing.T) {
		bash, err := exec.LookPath("bash")
		if err != nil {
			t.Skip("no bash here: ", err)
		}
		out, err := exec.Command(bash, "-c", `for ((n = 1; n <= 64; n++)); do echo "$(kill -l $n)"; done`).Output()
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
		if len(words) != MaxSig {
			t.Fatalf("bash names %d signals", len(words))
		}
		for i, word := range words {
			ours := strings.TrimPrefix(SigName(i+1), "SIG")
			equal(t, "signal "+strconv.Itoa(i+1), ours, word)
		}
	})
	t.Run("every signal whose default action ends a process has a word", func(t *testing.T) {
		for n := 1; n < len(sigNames); n++ {
			switch syscall.Signal(n) {
			case syscall.SIGCHLD, syscall.SIGCONT, syscall.SIGURG, syscall.SIGWINCH, // ignored
				syscall.SIGSTOP, syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU: // stop
				continue
			}
			if n >= len(sigWords) || sigWords[n] == "" {
				t.Errorf("%s has none", SigName(n))
			}
		}
	})
}

func FuzzSigNumber(f *testing.F) {
	for _, s := range []string{"INT", "sigint", "2", "RTMIN+3", "SIGRTMAX-15", "", "SIG", "RTMIN+", "64", "65"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, word string) {
		n, ok := SigNumber(word)
		if !ok {
			if n != 0 {
				t.Fatalf("%q: %d without ok", word, n)
			}
			return
		}
		if n < 0 || n > MaxSig {
			t.Fatalf("%q: %d", word, n)
		}
		if m, ok := SigNumber(strings.ToLower(word)); !ok || m != n {
			t.Fatalf("%q is %d, in lower case %d, %v", word, n, m, ok)
		}
	})
}

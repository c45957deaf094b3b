package entry_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"jsh/pgroup/entry"
)

// ignorable are the signals that a C program can ignore: the kernel keeps 9 and
// 19, the C library 32 and 33.
func ignorable() []int {
	var sigs []int
	for n := 1; n <= 64; n++ {
		switch n {
		case 9, 19, 32, 33:
		default:
			sigs = append(sigs, n)
		}
	}
	return sigs
}

func TestSignalsIgnoredAtTheStartAreKnown(t *testing.T) {
	if os.Getenv("ENTRY_TEST") != "" {
		fmt.Printf("%x %v\n", entry.Ignored, entry.SignalsKnown)
		os.Exit(0)
	}
	if !entry.SignalsKnown {
		t.Fatalf("not known in a build by %s: see whether start_*.s still works there, and extend its build constraint", runtime.Version())
	}
	starter, err := exec.LookPath("bash") // dash takes no real-time signals
	if err != nil {
		t.Skip("bash is not installed to start the test with signals ignored")
	}
	all := ""
	for _, n := range ignorable() {
		all += " " + strconv.Itoa(n)
	}
	for _, c := range []struct {
		name, ignore string
		want         uint64
	}{
		{"none", "", 0},
		{"those that the runtime forgets", "QUIT TERM USR1 PIPE", 1<<2 | 1<<14 | 1<<9 | 1<<12},
		{"the first and the last", "1 64", 1 | 1<<63},
		{"all that can be", all, mask(ignorable())},
	} {
		t.Run(c.name, func(t *testing.T) {
			script := "exec " + os.Args[0] + " -test.run=TestSignalsIgnored"
			if c.ignore != "" {
				script = "trap '' " + c.ignore + "; " + script
			}
			cmd := exec.Command(starter, "-c", script)
			cmd.Env = append(os.Environ(), "ENTRY_TEST=1")
			out, err := cmd.CombinedOutput()
			if want := fmt.Sprintf("%x true", c.want); err != nil || strings.TrimSpace(string(out)) != want {
				t.Errorf("got %q (%v), want %q", out, err, want)
			}
		})
	}
}

func mask(sigs []int) (m uint64) {
	for _, n := range sigs {
		m |= 1 << (n - 1)
	}
	return m
}

func TestDescriptorsClosedAtTheStartAreKnown(t *testing.T) {
	if os.Getenv("ENTRY_TEST") != "" {
		os.WriteFile(os.Getenv("ENTRY_TEST"), fmt.Append(nil, entry.Closed), 0o600)
		os.Exit(0)
	}
	for _, c := range []struct {
		closing string
		want    uint64
	}{{"", 0}, {"<&-", 1}, {">&-", 2}, {"2>&-", 4}, {"<&- 2>&-", 5}, {"<&- >&- 2>&-", 7}} {
		told := filepath.Join(t.TempDir(), "told")
		cmd := exec.Command("/bin/sh", "-c", "exec "+os.Args[0]+" -test.run=TestDescriptorsClosed "+c.closing)
		cmd.Env = append(os.Environ(), "ENTRY_TEST="+told)
		err := cmd.Run()
		got, _ := os.ReadFile(told)
		if want := fmt.Sprint(c.want); err != nil || string(got) != want {
			t.Errorf("%q: got %q (%v), want %q", c.closing, got, err, want)
		}
	}
}

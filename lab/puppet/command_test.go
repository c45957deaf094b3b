package puppet

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func script(t *testing.T, text string) (out, errOut string, status int) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var o, e strings.Builder
	h := &Host{Options: Options{Exe: exe}, Environ: os.Environ(), Cols: 80,
		Out: func(s string) { o.WriteString(s) }, Err: func(s string) { e.WriteString(s) },
		ReadFile: func(string) (string, error) { return text, nil }}
	status = Run([]string{"-"}, h)
	return o.String(), e.String(), status
}

func TestAScriptShowsWhatTheKernelAnswers(t *testing.T) {
	out, errOut, status := script(t, `
# C2: a group leader
p1 setsid
p1 fork
p1.1 setsid
p1.1 open /dev/tty O_RDWR      # no terminal
p1.1 open /dev/null o_rdwr|o_noctty
p1.1 umask 077
p1.1 umask 22
p1 exit 3
p1 getpid
p1.1 wait
p1.1 fork kid
p1.1 wait kid
kid exit 7
show
kid exit
p1.1 sigaction HUP count
p1.1 kill p1.1 sighup
p1.1 kill -p1.1 TERM
new
p2 setpgid 0 1
p2 write 99 "a\tb\n"
p2 getsid
p2 exec /nonexistent 'a b'
`)
	if status != 0 || errOut != "" {
		t.Fatalf("status %d: %s\n%s", status, errOut, out)
	}
	for _, want := range []string{
		`p1 setsid\n= -1 EPERM \(operation not permitted\): this process leads process group \d+; fork first`,
		`p1 fork\n= \d+ \(p1\.1\)\n`, `p1\.1 setsid\n= \d+\n`,
		`O_RDWR.*\n= -1 ENXIO .*: /dev/tty means the controlling terminal, and this process has none\n`,
		`o_noctty\n= \d\n`, `umask 077\n= 0\d+\n`, `umask 22\n= 077\n`,
		`p1 exit 3\np1 has ended\.\n`, `p1 getpid\np1 has ended: it makes no calls any more\.\n`,
		`p1\.1 wait\n= -1 ECHILD .*it has no child`,
		`fork kid\n= \d+ \(kid\)`, `p1\.1 wait kid\np1\.1 waits in waitpid\(\d+, &status, WUNTRACED\)`,
		`p1\.1: waitpid.* = \d+: it exited with status 7\n`,
		`(?m)^name +pid +parent +group +session`, `(?m)^p1\.1 .* none .* (?:idle|in a call)$`,
		`sighup\n= 0\n`, `-p1\.1 TERM\np1\.1 has ended`, `new\n= \d+ \(p2\)`,
		`setpgid 0 1\n= -1 EPERM .*the group must be one of the same session`,
		`write 99 .*\n= -1 EBADF .*: descriptor 99 is not open`, `getsid\n= \d+\n`,
		`exec /nonexistent 'a b'\n= -1 ENOENT .*: there is no such program`,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("%s is not in\n%s", want, out)
		}
	}
}

func TestAWrongLineIsToldWithItsNumber(t *testing.T) {
	for _, c := range []struct{ line, says string }{
		{"p1", "a line is NAME CALL ARG"},
		{"p9 fork", "p9: no such puppet"},
		{"p1 frok", "frok: a puppet knows no such call"},
		{"p1 open x", "usage: p1 open FILE FLAGS [MODE]"},
		{"p1 open x O_RDWRR", "O_RDWRR: no flag of open"},
		{"p1 umask 9", "9: not an octal number"},
		{"p1 kill p1 SIGNOSUCH", "SIGNOSUCH: no such signal"},
		{"p1 kill nobody TERM", "nobody: neither a number nor the name"},
		{"p1 close x", "x: not a number"},
		{"p1 sigaction HUP maybe", "maybe: one of default, ignore, count"},
		{`p1 write 1 "x`, "is not closed"},
		{"p1 fork 12", "a name is made of letters"},
		{"new -x", "a name is made of letters"},
	} {
		_, errOut, status := script(t, "show\n"+c.line+"\np1 getpid\n")
		if status != 2 || !strings.Contains(errOut, "puppet: line 2: ") || !strings.Contains(errOut, c.says) {
			t.Errorf("%s: status %d, %s", c.line, status, errOut)
		}
	}
}

func TestWordsCompleteFromWhatIsThere(t *testing.T) {
	tr := open(t)
	p := first(t, tr)
	ok(t, p, Fork(""))
	c := &command{t: tr}
	for _, k := range []struct{ line, want string }{
		{"", "p1 p1.1 new show help quit"},
		{"p1.", "p1.1"},
		{"p1 sets", "setsid"},
		{"p1 open /dev/n", "/dev/null"},
		{"p1 open /dev/null O_RDW", "O_RDWR"},
		{"p1 kill -p1", "-p1 -p1.1"},
		{"p1 kill p1 SIGTER", "SIGTERM"},
		{"p1 exit nosuch", ""},
	} {
		if _, got := c.complete(k.line); strings.Join(got, " ") != k.want {
			t.Errorf("%q: %q, want %q", k.line, got, k.want)
		}
	}
}

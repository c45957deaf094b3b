package shell_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jsh/ptytest"
)

// What is endless or huge ends with a message or simply works: the shell never
// crashes.
func TestLimits(t *testing.T) {
	jsh := ptytest.JSH(t)
	for _, c := range []struct {
		rule, script string
		stdout       string // exactly
		stderr       string // somewhere
		status       int
	}{
		{rule: "functions may call each other 9,000 deep", stdout: "9000\n",
			script: `f() { n=$((n+1)); [ $n -ge 9000 ] && { echo $n; return; }; f; }; n=0; f`},
		{rule: "endless recursion ends with a message", script: `f() { f; }; f; echo no`, status: 1, stderr: "deep"},
		{rule: "endless recursion through nested braces does too", status: 1, stderr: "deep",
			script: "f() { " + strings.Repeat("{ ", 100) + "f" + strings.Repeat("; }", 100) + "; }; f; echo no"},
		{rule: "endless eval ends with a message", script: `x='eval "$x"'; eval "$x"; echo no`, status: 1, stderr: "deep"},
		{rule: "a trap that raises its own signal ends with a message", status: 1, stderr: "deep",
			script: `trap 'kill -USR1 $$' USR1; kill -USR1 $$; echo no`},
		{rule: "a file that runs itself ends with a message", script: `echo '. ./f' >f; . ./f; echo no`, status: 1, stderr: "deep"},
		{rule: "a line of a megabyte", stdout: "500001\n1000000\n",
			script: "set -- " + strings.Repeat("a ", 500001) + "; echo $#; x='" + strings.Repeat("b", 1000000) + "'; echo ${#x}"},
		{rule: "a megabyte through a pipeline of shell code", stdout: "1000001\n",
			script: "{ x='" + strings.Repeat("b", 1000000) + "'; sh -c :; echo $x; } | wc -c | tr -d ' '"},
		{rule: "a subshell takes an exported variable that no program could", stdout: "300000\n300000\n126\n", stderr: "E2BIG",
			script: "x='" + strings.Repeat("b", 300000) + "'; export x; (echo ${#x}; sh -c : 2>/dev/null); y=$(sh -c : 2>/dev/null; echo ${#x}); echo $y; /bin/true; echo $?"},
		{rule: "100,000 variables, in a subshell too", stdout: "99999\n5\n",
			script: `i=0; while [ $i -lt 100000 ]; do eval "v$i=$i"; i=$((i+1)); done; echo $v99999; (sh -c :; echo $v5)`},
		{rule: "a script of ten megabytes", stdout: "379999\n", script: longScript(380000)},
		{rule: "functions 10,000 deep", stdout: "10000\n",
			script: `f() { n=$((n+1)); [ $n -ge 10000 ] && { echo $n; return; }; f; }; n=0; f`},
		{rule: "endless recursion through substitutions ends with a message", stderr: "deep", stdout: "end\n", script: `f() { x=$(f; :); }; f; echo end`},
		{rule: "a substitution that runs itself by eval ends with a message", status: 2, stderr: "deep", script: `x='eval "$x"'; : $(eval "$x") || exit 2; exit 2`},
		{rule: "substitutions 200 deep", stdout: "x\n", script: "echo " + strings.Repeat("$(echo ", 200) + "x" + strings.Repeat(")", 200)},
		{rule: "a pipeline of 500 stages", stdout: "x\n", script: "echo x" + strings.Repeat(" | cat", 499)},
		{rule: "100,000 commands in a list", stdout: "ok\n", script: strings.Repeat("true && ", 100000) + "echo ok"},
		{rule: "200,000 lines of a here-document", stdout: "1200000\n", script: "x=y; cat <<E | wc -c | tr -d ' '\n" + strings.Repeat("12345\n", 200000) + "E"},
		{rule: "100,000 terms of arithmetic", stdout: "100001\n", script: "echo $((" + strings.Repeat("1+", 100000) + "1))"},
		{rule: "100,000 parentheses of arithmetic are refused", status: 2, stderr: "nested too deeply",
			script: "echo $((" + strings.Repeat("(", 100000) + "1" + strings.Repeat(")", 100000) + "))"},
		{rule: "substitutions 10,000 deep are refused", status: 2, stderr: "nested deeper", script: strings.Repeat("echo $(", 10000) + strings.Repeat(")", 10000)},
		{rule: "double-quoted substitutions 10,000 deep are refused", status: 2, stderr: "nested deeper", script: strings.Repeat(`echo "$(`, 10000) + strings.Repeat(`)"`, 10000)},
		{rule: "parameter expansions 10,000 deep are refused", status: 2, stderr: "nested deeper", script: "echo " + strings.Repeat("${x:-", 10000) + strings.Repeat("}", 10000)},
		{rule: "subshells 10,000 deep are refused", status: 2, stderr: "nested deeper", script: strings.Repeat("( ", 10000) + ":" + strings.Repeat(" )", 10000)},
		{rule: "cases 10,000 deep are refused", status: 2, stderr: "nested deeper", script: strings.Repeat("case a in a) ", 10000) + ":" + strings.Repeat(" ;; esac", 10000)},
		{rule: "ifs 10,000 deep are refused", status: 2, stderr: "nested deeper", script: strings.Repeat("if :; then ", 10000) + ":" + strings.Repeat("; fi", 10000)},
		{rule: "function definitions 10,000 deep are refused", status: 2, stderr: "nested deeper", script: strings.Repeat("f() { ", 10000) + ":" + strings.Repeat("; }", 10000)},
		{rule: "parentheses of [[ ]] 10,000 deep are refused", status: 2, stderr: "nested deeper", script: "[[ " + strings.Repeat("( ", 10000) + "a" + strings.Repeat(" )", 10000) + " ]]"},
		{rule: "conditional expressions 10,000 deep are refused", status: 2, stderr: "nested too deeply", script: "echo $((" + strings.Repeat("1?", 10000) + "1" + strings.Repeat(":2", 10000) + "))"},
		{rule: "braces 100,000 deep are refused", status: 2, stderr: "nested deeper", script: strings.Repeat("{ ", 100000)},
		{rule: "a full disk is told", stdout: "1\n", stderr: "ENOSPC", script: `echo x >/dev/full; echo $?`},
		{rule: "a full disk is told by each builtin that writes", stdout: "1 1 1 1 1\n", stderr: "ENOSPC",
			script: `for c in 'printf x' pwd 'command -v ls' 'set' 'umask'; do $c >/dev/full; printf '%s' "$sep$?"; sep=' '; done; echo`},
		{rule: "writing into a pipe that nobody reads is SIGPIPE, or EPIPE where that is ignored", stdout: "141\n1\n", stderr: "EPIPE",
			script: `mkfifo p; exec 3<>p 4>p 3<&-; (echo x >&4); echo $?; trap '' PIPE; echo x >&4; echo $?`},
		{rule: "no descriptors left is told", status: 0, stdout: "1\nfine\n", stderr: "EMFILE",
			script: "echo 'i=10; while [ $i -lt 60 ]; do eval \"exec $i</dev/null\"; i=$((i+1)); done' >f; sh -c 'ulimit -n 80; exec $SH f'; echo $?; echo fine"},
		{rule: "a pipe without a reader ends a loop quietly", stdout: "y\n", script: `{ while :; do echo y; done; } | head -n 1`},
		{rule: "a descriptor above the limit is refused", status: 1, stderr: "limit", script: `exec 99999999>f; echo no`},
		{rule: "a low limit on open files does not disturb the shell", stdout: "10\na\nb\n",
			script: `ulimit -n 10; sh -c 'ulimit -n'; (echo a; sh -c :); x=$(sh -c :; echo b); echo $x`},
		{rule: "bytes that are not UTF-8 in names and values", stdout: "\xff\xfe\nfn\n3\n",
			script: "LC_ALL=C; x='\xff\xfe'; echo \"$x\"; f\xff() { echo fn; }; f\xff; y='a\xffb'; echo ${#y}"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			got := (&scriptCase{script: c.script + "\n"}).run(t, "jsh", jsh)
			short := c.script[:min(len(c.script), 300)]
			if got.stdout != c.stdout || got.status != c.status && c.status != 0 {
				t.Errorf("got status %d, output %q, errors %q; want %d, %q\nscript: %s", got.status,
					head(got.stdout), head(got.stderr), c.status, c.stdout, short)
			}
			if c.stderr == "" && got.stderr != "" || !strings.Contains(got.stderr, c.stderr) || strings.Contains(got.stderr, "goroutine ") {
				t.Errorf("standard error is %q; %q is wanted in it\nscript: %s", head(got.stderr), c.stderr, short)
			}
			if len(got.stderr) > 1000 {
				t.Errorf("the message has %d bytes", len(got.stderr))
			}
		})
	}
}

func head(s string) string { return s[:min(len(s), 600)] }

func longScript(lines int) string {
	var b strings.Builder
	for i := range lines {
		fmt.Fprintf(&b, "x=%d; : $x some words\n", i)
	}
	return b.String() + "echo $x"
}

// TestNoMoreProcesses runs as a user of its own, whose processes are counted.
func TestNoMoreProcesses(t *testing.T) {
	setpriv, err := exec.LookPath("setpriv")
	if err != nil || os.Getuid() != 0 {
		t.Skip("root and setpriv are wanted, to be another user")
	}
	jsh := ptytest.JSH(t)
	os.Chmod(filepath.Dir(jsh), 0o755)
	for _, c := range []struct{ rule, script, stdout string }{
		{"endless subshells end with a message", `f() { ( f; sh -c : ); }; f; echo end`, "end\n"},
		{"endless substitutions end with a message", `f() { x=$(f; sh -c :); }; f; echo end`, "end\n"},
		{"endless background lists do", `f() { { f; sh -c :; } & wait; }; f; echo end`, "end\n"},
		{"a program that cannot be started is 126", `i=0; while [ $i -lt 100 ]; do sleep 9 & p="$p $!"; i=$((i+1)); done; sleep 0; echo $?; kill $p; wait`, "126\n"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			cmd := exec.Command(setpriv, "--reuid", "54322", "--regid", "54322", "--clear-groups", jsh, "-c", "ulimit -u 60; "+c.script)
			cmd.Dir = "/"
			var stdout, stderr strings.Builder
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			cmd.Run()
			if stdout.String() != c.stdout || !strings.Contains(stderr.String(), "EAGAIN") || strings.Contains(stderr.String(), "goroutine ") {
				t.Errorf("%q, errors %.600s", stdout.String(), stderr.String())
			}
		})
	}
}

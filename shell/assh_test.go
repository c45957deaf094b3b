package shell_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"jsh/ptytest"
)

// TestAsShell runs jsh as other programs run sh: by name from PATH, as a login
// shell, with next to no environment, with a script on standard input. bash and
// dash must do the same.
func TestAsShell(t *testing.T) {
	jsh := ptytest.JSH(t)
	for _, c := range []struct {
		rule    string
		script  string // for /bin/sh; $SHELL is jsh, and so is sh
		want    string
		program string // what else it needs
		differs string // the shell that does otherwise, and why
	}{
		{"make runs each line of a recipe with it",
			"printf 'all: a b\\na b:\\n\\t@for i in 1 2; do echo $@$$i; done >$@; cat $@\\n\\t@test $@ = a || exit 3\\n' >Makefile; make -s SHELL=$SHELL 2>/dev/null; echo $?",
			"a1\na2\nb1\nb2\n2\n", "make", ""},
		{"xargs runs it with arguments of any kind",
			`printf '%s\0' a 'b  c' "d'e" '*' | xargs -0 -n 2 sh -c 'echo "$0 $#:" "$@"' name`,
			"name 2: a b  c\nname 2: d'e *\n", "", ""},
		{"xargs sees its status", `echo a | xargs sh -c 'exit 3'; echo $?; echo a | xargs sh -c 'exit 255' 2>/dev/null; echo $?`, "123\n124\n", "", ""},
		{"find -exec runs it", `touch 'x 1' x2; find . -name 'x*' -exec sh -c 'for f do echo "<$f>"; done' sh {} + | sort`, "<./x 1>\n<./x2>\n", "", ""},
		{"system of awk", `awk 'BEGIN { print system("exit 5"); "echo a | tr a b" | getline x; print x; print "c\na" | "sort" }'`, "5\nb\na\nc\n", "", ""},
		{"system of Perl", `perl -e 'system("sh", "-c", "exit 5"); print $?>>8, "\n"; system("sh", "-c", "kill -9 \$\$"); print $?&127, "\n"; open P, "|-", "sh"; print P "read x\nword\necho \$x\n"'`,
			"5\n9\nword\n", "perl", "dash: reads ahead (sh, INPUT FILES)"},
		{"an alias of git", `git init -q r; cd r; git config alias.x '!f() { echo "$#:" "$@"; }; f'; git x a 'b c'`, "2: a b c\n", "git", ""},
		{"a hook of git", `git init -q r; cd r; git config user.name a; git config user.email a@b
			printf '#!%s\nread x; echo "$x" "$#" >&2; exit 1\n' $SHELL >.git/hooks/pre-commit; chmod +x .git/hooks/pre-commit
			echo word | git commit --allow-empty -qm x 2>&1; echo $?`, " 0\n1\n", "git", ""},
		{"without an environment programs are found", `env -i $SHELL -c 'echo one | sed s/one/two/; (ls -d .)'; env -i $SHELL -c 'echo ${HOME-unset} ${IFS+set} $OPTIND; env' | grep -v -e ^PWD -e ^_`,
			"two\n.\nunset set 1\n", "", "bash: has SHLVL (an extension)"},
		{"PATH that was not in the environment is not exported", `env -i $SHELL -c 'echo ${PATH:+set}; env | grep -c ^PATH'`, "set\n0\n", "", ""},
		{"an empty PATH stays empty", `env -i PATH= $SHELL -c 'ls' 2>/dev/null; echo $?`, "127\n", "", ""},
		{"a script on standard input is not read ahead", "printf 'read x\\nfor read\\n(read y; echo $y)\\nfor a subshell\\ncat\\nfor cat\\n' >s; $SHELL <s; cat s | $SHELL",
			"for a subshell\nfor cat\nfor a subshell\nfor cat\n", "", "dash: reads ahead (sh, INPUT FILES)"},
		{"-s takes arguments", `printf 'echo $0 $# $2\n' | sh -s a 'b c'`, "sh 2 b c\n", "", ""},
		{"the last command of -c gives the status", `sh -c 'ls -d .; false'; echo $?; sh -c 'trap "echo bye" EXIT; ls -d .'; sh -c 'kill -TERM $$'; echo $?`,
			".\n1\n.\nbye\n143\n", "", ""},
		{"-c names the script and its arguments", `sh -c 'echo $0 $# "$@"' name a 'b c'; sh -c 'echo $0'; sh -ec 'false; echo no'; echo $?; sh -c -- 'echo a'`, "name 2 a b c\nsh\n1\na\n", "", ""},
		{"timeout ends it", `timeout -s INT 0.2 sh -c 'trap "echo caught; exit 9" INT; while :; do sleep 0.01; done'; echo $?`, "caught\n124\n", "", ""},
		{"nohup", `nohup sh -c 'trap "echo no" HUP; kill -HUP $$; echo on' 2>/dev/null | cat`, "on\n", "", ""},
		{"flock -c", `flock . -c 'echo locked'`, "locked\n", "flock", ""},
		{"standard input closed", `sh -c 'echo $(echo a) | cat; (echo b)' <&-`, "a\nb\n", "", ""},
		{"the shell of script", `script -qec 'echo in; exit 3' /dev/null </dev/null | tr -d '\r'`, "in\n", "script", ""},
		{"a login shell reads ~/.profile", `echo 'X=1; echo profile; return; echo no' >.profile; echo 'echo $X' | bash -c 'exec -a -sh $SHELL'; $SHELL -l -c 'echo $X'; $SHELL -c 'echo ${X-none}'`,
			"profile\n1\nprofile\n1\nnone\n", "bash", ""},
		{"exit in ~/.profile ends a login shell", `echo 'exit 4' >.profile; $SHELL -l -c 'echo no'; echo $?`, "4\n", "", ""},
		{"without memfd_create, as man has it, subshells and here-documents work", `without-memfd sh -c 'f() { (exit 3); echo $? $(ls -d . | cat); }; f | cat; cat <<E
			$(yes | head -n 100000 | tr -d "\n" | wc -c)
E'`, "3 .\n\t\t\t100000\n", "", ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			if c.program != "" {
				if _, err := exec.LookPath(c.program); err != nil {
					t.Skip(c.program + " is not installed")
				}
			}
			if got := asShell(t, jsh, c.script); got.stdout != c.want {
				t.Errorf("%v\nwanted:\n%s", got, c.want)
			}
			for _, other := range []string{"bash", "dash"} {
				path, err := exec.LookPath(other)
				if err != nil || strings.HasPrefix(c.differs, other+": ") {
					continue
				}
				if got := asShell(t, path, c.script); got.stdout != c.want {
					t.Errorf("%s does otherwise: %v\nwanted:\n%s", other, got, c.want)
				}
			}
		})
	}
}

// asShell runs a script where shell is sh.
func asShell(t *testing.T, shell, script string) outcome {
	t.Helper()
	dir, bin := t.TempDir(), t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"sh": shell, "without-memfd": self} {
		if err := os.Symlink(target, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	env := []string{"PATH=" + bin + ":/usr/bin:/bin", "HOME=" + dir, "LC_ALL=C", "SHELL=" + shell, "GIT_CONFIG_NOSYSTEM=1"}
	return runIn(t, dir, env, "/bin/sh", "-c", script)
}

// without-memfd PROGRAM ARGUMENT… runs a program in a sandbox that answers
// memfd_create(2) with ENOSYS.
var _ = ptytest.Register("without-memfd", func() {
	runtime.LockOSThread()
	code := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // the number of the call
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_MEMFD_CREATE, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	prog := unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]}
	err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	if err == nil {
		err = unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&prog)), 0, 0)
	}
	if err == nil {
		var path string
		if path, err = exec.LookPath(os.Args[1]); err == nil {
			err = syscall.Exec(path, os.Args[1:], os.Environ())
		}
	}
	fmt.Fprintln(os.Stderr, "without-memfd:", err)
	os.Exit(1)
})

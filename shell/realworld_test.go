package shell_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"jsh/ptytest"
)

// enoughScripts is how many scripts of a Debian must behave in jsh as in dash.
const enoughScripts = 50

// TestSystemScripts runs the scripts of testdata/realworld/scripts.txt under
// dash and under jsh. The same directory, environment and input must give the
// same standard output, standard error, exit status and files.
func TestSystemScripts(t *testing.T) {
	dash := needDash(t)
	jsh := ptytest.JSH(t)
	runs := readScriptRuns(t, "../testdata/realworld/scripts.txt")
	home := scriptHome(t)
	var ran sync.Map // the real paths of the scripts that ran
	t.Run("runs", func(t *testing.T) {
		for _, r := range runs {
			t.Run(r.String(), func(t *testing.T) {
				t.Parallel()
				path := r.find(t)
				if r.stdin != "" {
					if _, err := os.Stat(filepath.Join(home, r.stdin)); err != nil {
						t.Skip("the program that makes its input is not installed: ", r.stdin)
					}
				}
				want := r.run(t, dash, path, home)
				got := r.run(t, jsh, path, home)
				if diff := r.compare(want, got); diff != "" {
					t.Errorf("%s\nin dash: %v\nin jsh: %v", diff, want, got)
				}
				real, _ := filepath.EvalSymlinks(path)
				ran.Store(real, true)
			})
		}
	})
	n := 0
	ran.Range(func(any, any) bool { n++; return true })
	t.Logf("%d different scripts", n)
	if n >= enoughScripts || t.Failed() {
		return
	}
	if _, err := os.Stat("/etc/debian_version"); err != nil {
		t.Skipf("no Debian: only %d of its scripts are here", n)
	}
	if _, err := os.Stat("/usr/share/git-core"); err != nil {
		t.Skipf("only %d scripts: git, xz-utils, bzip2, autoconf and automake bring enough", n)
	}
	t.Errorf("only %d scripts ran, %d are wanted", n, enoughScripts)
}

// TestSystemScriptsParse has jsh read, and not run, every script of the system
// that dash can read.
func TestSystemScriptsParse(t *testing.T) {
	if *soak == 0 {
		t.Skip("takes a while; -soak 1 runs it")
	}
	dash := needDash(t)
	jsh := ptytest.JSH(t)
	n := 0
	for _, top := range []string{"/usr/bin", "/usr/sbin", "/etc", "/usr/share", "/usr/lib", "/var/lib/dpkg/info"} {
		filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || !isShellScript(path) || exec.Command(dash, "-n", path).Run() != nil {
				return nil
			}
			n++
			out, err := exec.Command(jsh, "-n", path).CombinedOutput()
			// 2.6.2 leaves ${x:1:2} undefined: dash says so when it is expanded,
			// jsh when it is read.
			if err != nil && !bytes.Contains(out, []byte("${x:offset:length}")) {
				t.Errorf("%s: %v\n%s", path, err, out)
			}
			return nil
		})
	}
	t.Logf("%d scripts", n)
}

var shebang = regexp.MustCompile(`^#! ?/(usr/)?bin/(da)?sh\b`)

func isShellScript(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 32)
	n, _ := f.Read(head)
	return shebang.Match(head[:n])
}

func needDash(t *testing.T) string {
	t.Helper()
	dash, err := exec.LookPath("dash")
	if err != nil {
		t.Skip("dash is not installed: nothing to compare with")
	}
	return dash
}

// scriptRun is one row of scripts.txt.
type scriptRun struct {
	glob  string
	args  []string
	stdin string // a file of the directory; "" is /dev/null
	// Why standard error is, or the status is too, only compared as far as it is
	// empty, or 0.
	ownWords, ownStatus string
}

func (r scriptRun) String() string {
	return strings.Join(append([]string{r.glob}, r.args...), " ")
}

func readScriptRuns(t *testing.T, file string) (runs []scriptRun) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		var r scriptRun
		line, r.ownStatus, _ = strings.Cut(line, "  own status: ")
		line, r.ownWords, _ = strings.Cut(line, "  own words: ")
		for _, w := range strings.Fields(strings.ReplaceAll(line, `\ `, "\x00")) {
			w = strings.ReplaceAll(w, "\x00", " ")
			switch {
			case r.glob == "":
				r.glob = w
			case w[0] == '<':
				r.stdin = w[1:]
			default:
				r.args = append(r.args, w)
			}
		}
		runs = append(runs, r)
	}
	return runs
}

func (r scriptRun) find(t *testing.T) string {
	t.Helper()
	found, _ := filepath.Glob(r.glob)
	if len(found) == 0 {
		t.Skip("not on this machine")
	}
	if !isShellScript(found[0]) {
		t.Skip("no shell script on this machine")
	}
	return found[0]
}

// scriptHome makes the directory that each run gets a copy of.
func scriptHome(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	script := `
umask 022
printf 'foo bar\nb\nFoo 3\n' >a
printf 'a b\nfoo\nx.y\n' >b
printf 'foo\n[ab]\n' >patterns
printf 'fix foo\n\nSigned-off-by: A <a@b>\nSigned-off-by: A <a@b>\n' >message
printf 'one two\nthree\n' >words
printf '#!/bin/sh\necho run "$@"\n' >prog; chmod +x prog
printf '.TH PAGE 1\n.SH NAME\npage \\- words for nroff\n' >page.1
printf '1..3\nok 1\nnot ok 2 - no\nok 3 # SKIP\n' >tap
printf '1.5 read()\n1.7 write()\n' >log.11; printf '1.6 open()\n' >log.12
printf 'refs/heads/a 12 refs/heads/a 0000000000000000000000000000000000000000\n' >refs
: >empty
for f in a b; do
	gzip -nc $f >$f.gz
	if command -v bzip2; then bzip2 -c $f >$f.bz2; fi
	if command -v xz; then xz -c $f >$f.xz; fi
done
cp a.gz misnamed
touch -d '2020-01-02 03:04:05' *
if command -v git; then
	git init -q -b main && git add a words && git commit -q -m one && mkdir dir && cp b dir &&
	git add b dir && git commit -q -m two
fi
`
	cmd := exec.Command("/bin/sh", "-ec", script)
	cmd.Dir = dir
	cmd.Env = scriptEnv(dir, "/nonexistent")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the files for the scripts: %v\n%s", err, out)
	}
	return dir
}

func scriptEnv(home, bin string) []string {
	return []string{"HOME=" + home, "TMPDIR=" + home, "LC_ALL=C", "TZ=UTC", "TERM=dumb", "PAGER=cat", "EDITOR=true", "LOGNAME=nobody",
		"PATH=" + bin + ":/usr/bin:/bin:/usr/sbin:/sbin:/usr/lib/git-core", "SOURCE_DATE_EPOCH=1600000000",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_PAGER=cat", "GIT_TERMINAL_PROMPT=0", "FILTER_BRANCH_SQUELCH_WARNING=1",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@b", "GIT_AUTHOR_DATE=2020-01-02T03:04:05Z",
		"GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@b", "GIT_COMMITTER_DATE=2020-01-02T03:04:05Z"}
}

// scriptResult is all that a run may leave.
type scriptResult struct {
	stdout, stderr string
	status         int
	files          string // one line each
}

func (r scriptResult) String() string {
	return fmt.Sprintf("status %d\nstdout:\n%s\nstderr:\n%s\nfiles:\n%s", r.status, r.stdout, r.stderr, r.files)
}

// run runs the script at path under shell, which is also the sh of its PATH, in
// a copy of home.
func (r scriptRun) run(t *testing.T, shell, path, home string) scriptResult {
	t.Helper()
	top := t.TempDir()
	bin, work := filepath.Join(top, "bin"), filepath.Join(top, "work")
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	must(os.Mkdir(bin, 0o755))
	must(os.Symlink(shell, filepath.Join(bin, "sh")))
	if out, err := exec.Command("cp", "-a", home, work).CombinedOutput(); err != nil {
		t.Fatalf("cp: %v\n%s", err, out)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "sh"), append([]string{path}, r.args...)...)
	cmd.Args[0] = "sh"
	cmd.Dir = work
	cmd.Env = scriptEnv(work, bin)
	// A group of its own: nothing that it starts may outlive the test.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	if r.stdin != "" {
		f, err := os.Open(filepath.Join(work, r.stdin))
		must(err)
		defer f.Close()
		cmd.Stdin = f
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	must(cmd.Start())
	cmd.Wait()
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	if ctx.Err() != nil {
		t.Errorf("%s: not finished after a minute", shell)
	}
	plain := func(b []byte) string {
		return strings.ReplaceAll(strings.ReplaceAll(string(b), work, "WORK"), bin, "BIN")
	}
	return scriptResult{
		stdout: elapsed.ReplaceAllString(plain(stdout.Bytes()), "N"),
		stderr: ownPlace.ReplaceAllString(plain(stderr.Bytes()), "$1: "),
		status: cmd.ProcessState.Sys().(syscall.WaitStatus).ExitStatus(),
		files:  filesOf(t, work, plain),
	}
}

// ownPlace is where a shell's message comes from: dash says "name: 3: ", jsh
// "name: line 3: ".
var ownPlace = regexp.MustCompile(`(?m)^([^\s:]+): (?:line )?\d+: `)

// elapsed is how git-filter-branch tells of its progress.
var elapsed = regexp.MustCompile(`\d+ seconds passed, remaining \d+`)

// numbered are the digits in the name of a temporary file.
var numbered = regexp.MustCompile(`\d{3,}`)

// filesOf lists the files under dir with what is in them, as far as that is a
// function of the script: not git's own, and not what has a time inside.
func filesOf(t *testing.T, dir string, plain func([]byte) string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == ".git" {
			return filepath.SkipDir
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		fmt.Fprintf(&b, "%v %s", info.Mode(), numbered.ReplaceAllString(name, "N"))
		if info.Mode().IsRegular() && info.Size() < 1<<16 && filepath.Ext(name) != ".gz" {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, " %q", plain(text))
		}
		b.WriteByte('\n')
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// compare tells in what dash's and jsh's results differ; "" if in nothing.
func (r scriptRun) compare(dash, jsh scriptResult) string {
	var differ []string
	if dash.stdout != jsh.stdout {
		differ = append(differ, "standard output")
	}
	own := r.ownWords != "" || r.ownStatus != ""
	if own && (dash.stderr == "") != (jsh.stderr == "") || !own && dash.stderr != jsh.stderr {
		differ = append(differ, "standard error")
	}
	if r.ownStatus != "" && (dash.status == 0) != (jsh.status == 0) || r.ownStatus == "" && dash.status != jsh.status {
		differ = append(differ, "the exit status")
	}
	if dash.files != jsh.files {
		differ = append(differ, "the files")
	}
	if differ == nil {
		return ""
	}
	return strings.Join(differ, ", ") + " differ"
}

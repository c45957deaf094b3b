package front

import (
	"cmp"
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/lab/sandbox"
	"jsh/shell"
)

// runSandbox is jsh --sandbox [CMD…]. done is false where there is no sandbox
// and jsh is to go on by itself; then it has said so.
func runSandbox(cmd []string, plain bool) (status int, done bool) {
	exe, err := os.Executable()
	if err != nil {
		os.Stderr.WriteString("jsh: --sandbox: this program's file is not known: " + err.Error() + "\n")
		return 1, true
	}
	run := []string{exe, "jsh"}
	if plain {
		run = append(run, "--plain")
	}
	if path := onPath(cmd); path != "" {
		run = append([]string{path}, cmd...)
	} else if len(cmd) > 0 {
		run = append(append(run, "-c", `"$@"`, "jsh"), cmd...)
	}
	status, err = sandbox.Run(sandbox.Options{Exe: exe, Run: run})
	if err == nil {
		return status, true
	}
	var r *sandbox.Refusal
	if errors.As(err, &r) && r.OfCommand() {
		os.Stderr.WriteString("jsh: --sandbox: " + run[0] + ": " + r.Errno.Error() + " (" + unix.ErrnoName(r.Errno) + ")\n")
		if r.Errno == unix.ENOENT {
			return 127, true
		}
		return 126, true
	}
	if errors.As(err, &r) {
		os.Stderr.WriteString(r.Explain())
	} else {
		os.Stderr.WriteString("jsh: no sandbox: " + err.Error() + "\n")
	}
	os.Stderr.WriteString(sandbox.Instead)
	if err := sandbox.Subreap(); err != nil {
		os.Stderr.WriteString("jsh: PR_SET_CHILD_SUBREAPER: " + err.Error() + "\n")
	}
	return 0, false
}

// onPath is the file of a command that is a program and nothing of the shell's.
func onPath(cmd []string) string {
	if len(cmd) == 0 || cmd[0] == "" || builtins()[cmd[0]] != nil {
		return ""
	}
	if strings.Contains(cmd[0], "/") {
		return cmd[0]
	}
	for dir := range strings.SplitSeq(os.Getenv("PATH"), ":") {
		var st unix.Stat_t
		p := cmp.Or(dir, ".") + "/" + cmd[0]
		if unix.Stat(p, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFREG && unix.Access(p, unix.X_OK) == nil {
			return p
		}
	}
	return ""
}

// inSandbox is what the environment says of the sandbox around, "" outside.
func inSandbox() string {
	in := os.Getenv(sandbox.EnvName)
	if in == "" {
		return ""
	}
	if b, err := readFile("/proc/1/comm"); err != nil || string(b) != "jsh: init\n" {
		return ""
	}
	return in
}

// tellOfInit has a shell in a sandbox tell before its prompt what the init has
// reaped.
func tellOfInit(s *shell.Shell) {
	if inSandbox() == "" {
		return
	}
	name := s.Var("HOME") + "/" + sandbox.LogName
	const most = 5 // lines
	read := int64(0)
	s.News = func() string {
		fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return ""
		}
		defer unix.Close(fd)
		var buf [2048]byte
		n, _ := unix.Pread(fd, buf[:], read)
		for n > 0 && buf[n-1] != '\n' {
			n-- // the rest of the line comes next time
		}
		if n <= 0 {
			return ""
		}
		read += int64(n)
		lines := strings.Split(string(buf[:n-1]), "\n")
		if more := len(lines) - most; more > 0 || n > len(buf)*3/4 {
			var st unix.Stat_t
			if unix.Fstat(fd, &st) == nil {
				read = st.Size
			}
			lines = append(lines[:min(len(lines), most)], "and more; all stand in ~/"+sandbox.LogName)
		}
		text := strings.Join(lines, "\n")
		if s.Colour() {
			text = "\x1b[2m" + text + "\x1b[0m"
		}
		return text
	}
}

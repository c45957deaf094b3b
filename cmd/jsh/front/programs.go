package front

import (
	"path/filepath"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"jsh/lab/check"
	"jsh/lab/daemonize"
	"jsh/lab/doctor"
	"jsh/lab/puppet"
	"jsh/lab/tickd"
	"jsh/lab/trace"
	"jsh/shell"
)

// ownProgramEntry is a program that jsh is when it is started by that name, or
// with it as the first operand. The shell starts it as it starts any program, so
// pipelines, redirections and job control need nothing special.
type ownProgramEntry struct {
	name string
	main func(args []string) int
	help string
	over func(*shell.Shell, int)
}

func ownPrograms() []ownProgramEntry {
	return []ownProgramEntry{
		{"check-daemon", check.Main, check.Help, nil},
		{"doctor", func(args []string) int { return doctor.Main(args, Version) }, doctor.Help, nil},
		{"trace", trace.Main, trace.Help, keepTracer},
		{"daemonize", func(args []string) int { return daemonize.Run(args[1:], labHost()) }, daemonize.Usage, nil},
		{"tickd", tickd.Main, tickd.Help, nil},
		{"puppet", func(args []string) int { return puppetCommand(args[1:]) }, puppet.Usage, nil},
	}
}

// ownProgram finds what this process is to be; nil: a shell.
func ownProgram(args []string) (*ownProgramEntry, []string) {
	if len(args) == 0 {
		return nil, nil
	}
	name := filepath.Base(args[0])
	if strings.TrimPrefix(name, "-") == "sh" {
		return nil, nil // there the first operand is a script
	}
	for _, p := range ownPrograms() {
		switch {
		case name == p.name:
			return &p, args
		case len(args) > 1 && args[1] == p.name:
			return &p, args[1:]
		}
	}
	return nil, nil
}

// callSelf is the name by which ps and the picture show this process (prctl(2),
// PR_SET_NAME); the kernel called it jsh. It is the main thread's.
func callSelf(name string) {
	b := append([]byte(name), 0)
	unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&b[0])), 0, 0, 0)
}

// programs are the own programs as the shell wants them.
func programs() map[string]shell.OwnProgram {
	m := map[string]shell.OwnProgram{}
	for _, p := range ownPrograms() {
		m[p.name] = shell.OwnProgram{Help: p.help, Over: p.over}
	}
	return m
}

// keepTracer waits while the tracer of a job that is over has more to tell.
func keepTracer(s *shell.Shell, pid int) {
	trace.Keep(pid, s.SleepOn)
}

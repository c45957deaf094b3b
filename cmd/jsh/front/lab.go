package front

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"jsh/companion"
	"jsh/event"
	"jsh/lab/daemonize"
	"jsh/lab/puppet"
	"jsh/lab/trace"
	"jsh/pgroup"
	"jsh/shell"
	"jsh/viz"
)

// setpgid and spare-tty are builtins, because they know of the shell's jobs; what
// they start is a program, jsh NAME, which other shells can start too. daemonize
// and puppet know nothing of the shell and are programs only (programs.go).

// isLabCommand tells whether jsh was called as jsh NAME ARG...
func isLabCommand(args []string) bool {
	return len(args) > 1 && (args[1] == "setpgid" || args[1] == "spare-tty") && filepath.Base(args[0]) != "sh"
}

// labCommand is such a program.
func labCommand(args []string) int {
	if args[1] == "setpgid" {
		return setpgidCommand(args[2:])
	}
	return spareTTYCommand(args[2:])
}

// builtinLab starts the program of its name as the foreground job.
func builtinLab(s *shell.Shell, args []string) int {
	return s.RunProgram(s.Exe(), append([]string{"jsh"}, args...), args)
}

// labHost is what the programs of the lab need from their process.
func labHost() *daemonize.Host {
	exe, err := os.Executable()
	if err != nil {
		exe = "/proc/self/exe"
	}
	h := &daemonize.Host{
		Exe: exe, Environ: os.Environ(), Ignored: pgroup.IgnoredAtEntry(),
		Look:     func(name string) (string, error) { return puppet.Look(name, os.Getenv("PATH")) },
		Out:      func(text string) { writeAll(1, text) },
		Err:      func(text string) { writeAll(2, text) },
		ReadLine: readLine,
		Cols:     80,
		Bold:     func(text string) string { return text },
		ASCII:    !localeIsUTF8(),
	}
	if term.IsTerminal(1) {
		h.Cols = columns(1)
		if t := os.Getenv("TERM"); os.Getenv("NO_COLOR") == "" && t != "" && t != "dumb" {
			h.Bold = func(text string) string { return "\x1b[1m" + text + "\x1b[22m" }
		}
	}
	if path := os.Getenv(companion.EnvName); path != "" {
		if tell, err := companion.Teller(path); err == nil {
			h.Tell = tell
		}
	}
	h.Timeline = func(events []event.Event, now int64, cols int) []string {
		return viz.Timeline(events, 0, now, viz.Style{Width: cols, ASCII: h.ASCII, All: true})
	}
	return h
}

// tracerLog is the companion's, for a tracer, which may follow all that a shell
// starts; nil where there is none.
func tracerLog(shell int) trace.Log {
	path := os.Getenv(companion.EnvName)
	if path == "" {
		return nil
	}
	r, err := companion.Report(path, shell)
	if err != nil {
		return nil
	}
	return r
}

// localeIsUTF8 is Shell.UTF8 for a program.
func localeIsUTF8() bool {
	for _, n := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToUpper(os.Getenv(n)); v != "" {
			return strings.Contains(v, "UTF-8") || strings.Contains(v, "UTF8")
		}
	}
	return false
}

// writeAll writes to a descriptor, without an os.File.
func writeAll(fd int, text string) {
	for b := []byte(text); len(b) > 0; {
		n, err := unix.Write(fd, b)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return
		}
		b = b[n:]
	}
}

// readLine reads a line from standard input, a byte at a time: what follows it is
// left for who comes after. false is the end of the input.
func readLine() (string, bool) {
	var line []byte
	var b [1]byte
	for {
		n, err := unix.Read(0, b[:])
		switch {
		case err == unix.EINTR:
		case err != nil || n == 0:
			return string(line), false
		case b[0] == '\n':
			return string(line), true
		default:
			line = append(line, b[0])
		}
	}
}

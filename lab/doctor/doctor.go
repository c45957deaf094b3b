// Package doctor looks at the machine and the terminal on which jsh runs, and
// says which parts will look different there.
//
// It owns Facts, what was found out by really trying; Report, the pure fold of
// facts into lines; and its text, JSON and one-line forms. It changes nothing,
// and what it tries (a traced child, a sandbox, the proc connector) is gone when
// it returns.
package doctor

import (
	"strconv"
	"strings"
)

// Facts is what was found. Strings are empty where the answer is yes or where
// nothing was found.
type Facts struct {
	Version  string // of jsh
	Release  string // of the kernel: "6.18.44"
	Machine  string
	Uid      int
	Pid1     string // its name
	Contain  string // the container around: "docker"; "" is none that is known
	Sandbox  string // value of JSH_SANDBOX: jsh's own is around
	Seccomp  bool   // a filter holds for this process
	Source   string // who watches, as proc.Watcher.Source says
	Exact    bool   // that is the kernel itself
	Proc     string // what is wrong with /proc
	Calls    bool   // /proc/PID/syscall can be read
	Wchan    bool   // /proc/PID/wchan names functions
	Box      string // why there is no sandbox: stage and errno
	BoxText  string // the same at length
	BoxIDs   int    // how many user IDs one would have
	Trace    string // why a child cannot be traced
	Yama     string // kernel.yama.ptrace_scope, "" where there is none
	Signals  bool   // the entry code saw which signals were ignored
	Pty      string // why there is no spare terminal
	Terminal bool   // standard input or output is one
	Term     string // TERM
	Cols     int
	Screen   bool // this is the part of jsh's screen that the shell has
	Rows     int
	NoColour bool // NO_COLOR is set
	Colours  int  // as TERM and COLORTERM tell
	Locale   string
	UTF8     bool
	Compiler string // a C compiler
}

// Finding is one line of the report.
type Finding struct {
	Key  string // stable
	Good bool
	What string // "Sandbox"
	Text string // what was found
	Then string // what will look different, "" is nothing
}

// The smallest terminal for which jsh draws.
const minCols, minRows = 80, 24

// Report judges facts.
func Report(f *Facts) (fs []Finding) {
	add := func(key, what string, good bool, text, then string) {
		if good {
			then = ""
		}
		fs = append(fs, Finding{key, good, what, text, then})
	}
	new := atLeast(f.Release, 5, 4)
	add("kernel", "Kernel", new, "Linux "+f.Release+", "+f.Machine, "jsh is tried on Linux 5.4 and later; what fails here fails with its errno.")
	where := "pid 1 is " + f.Pid1
	switch {
	case f.Sandbox != "":
		where += ": inside a sandbox of jsh"
	case f.Contain != "":
		where += ", in a container (" + f.Contain + ")"
	}
	if f.Seccomp {
		where += ", under a seccomp filter"
	}
	add("place", "Place", f.Sandbox != "" || f.Contain == "", where, "Numbers are the container's own. An orphan's new parent is its pid 1, which may not reap: zombies can stay.")
	add("proc", "/proc", f.Proc == "", orElse(f.Proc, "shows every process"), "ps-tree and why see less, or nothing.")
	add("source", "Watching", f.Exact, f.Source, "The picture misses processes that live for a few milliseconds. With trace-jobs on it misses none; lessons turn it on.")
	calls := "/proc tells the system call that a process sleeps in"
	if !f.Calls {
		calls = "/proc does not tell the system call that a process sleeps in"
	}
	add("waits", "Waits", f.Calls, calls, "why cannot tell what a process waits for.")
	box := "a sandbox works"
	switch {
	case f.Box != "":
		box = "no sandbox: " + f.Box
	case f.BoxIDs == 1:
		box += ", with one user ID"
	default:
		box += ", with " + strconv.Itoa(f.BoxIDs) + " user IDs"
	}
	add("sandbox", "Namespaces", f.Box == "", box, "jsh --sandbox goes on as a subreaper: a daemon's parent is jsh, not pid 1. "+f.BoxText)
	if f.Box == "" && f.BoxIDs == 1 {
		add("users", "Users", false, "one user ID in a sandbox", "Experiments with several users need root, or package uidmap and a range in /etc/subuid.")
	}
	trace := "a child can be traced"
	if f.Yama != "" {
		trace += " (ptrace_scope " + f.Yama + ")"
	}
	add("trace", "Tracing", f.Trace == "", orElse(f.Trace, trace), "trace, check-daemon and the exact lessons do not work.")
	if !f.Signals {
		add("signals", "Signals", false, "what was ignored at the start is not known", "Children of a jsh that was started under nohup or with signals ignored get them back as default.")
	}
	fs = append(fs, terminal(f)...)
	if f.Pty != "" {
		add("spare-tty", "Spare terminal", false, f.Pty, "spare-tty and the second fork's experiment do not work.")
	}
	add("compiler", "C compiler", f.Compiler != "", orElse(f.Compiler, "none"), "Your own daemon.c cannot be built here; programs that are built run.")
	return fs
}

func terminal(f *Facts) (fs []Finding) {
	add := func(key, what string, good bool, text, then string) {
		if good {
			then = ""
		}
		fs = append(fs, Finding{key, good, what, text, then})
	}
	if !f.Terminal {
		add("terminal", "Terminal", false, "none", "There is nothing to draw on, and nobody types: job control, pictures and quizzes need one.")
		return fs
	}
	add("terminal", "Terminal", f.Term != "" && f.Term != "dumb", "TERM is "+orElse(f.Term, "not set"), "No line editor, no screen, no colours: lines are read plainly.")
	size := strconv.Itoa(f.Cols) + " columns, " + strconv.Itoa(f.Rows) + " rows"
	if f.Screen {
		size += ", below the picture of jsh's screen"
	}
	add("size", "Size", f.Screen || f.Cols >= minCols && f.Rows >= minRows, size, "Below 80 columns and 24 rows jsh starts without the screen, and pictures are cut.")
	colours := strconv.Itoa(f.Colours) + " colours"
	switch {
	case f.NoColour:
		colours = "off (NO_COLOR is set)"
	case f.Colours == 0:
		colours = "none that TERM tells of"
	}
	add("colour", "Colours", !f.NoColour && f.Colours > 0, colours, "Shapes and words say the same: nothing is lost.")
	add("locale", "Locale", f.UTF8, orElse(f.Locale, "none is set"), "Boxes are drawn with + - |. LC_ALL=C.UTF-8 would give lines.")
	return fs
}

// atLeast compares a kernel's release with a version.
func atLeast(release string, major, minor int) bool {
	a, rest, _ := strings.Cut(release, ".")
	b, _, _ := strings.Cut(rest, ".")
	for i := range b {
		if b[i] < '0' || b[i] > '9' {
			b = b[:i]
			break
		}
	}
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	return x > major || x == major && y >= minor
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// Line is the report as one line, to be pasted to a teacher.
func Line(f *Facts, fs []Finding) string {
	user := "user " + strconv.Itoa(f.Uid)
	if f.Uid == 0 {
		user = "root"
	}
	watch := "polls"
	if f.Exact {
		watch = "connector"
	}
	box := "no sandbox (" + f.Box + ")"
	if f.Box == "" {
		box = "sandbox " + strconv.Itoa(f.BoxIDs)
	}
	tty := "no terminal"
	if f.Terminal {
		tty = orElse(f.Term, "TERM unset") + " " + strconv.Itoa(f.Cols) + "x" + strconv.Itoa(f.Rows) + " " + strconv.Itoa(f.Colours) + " colours"
		if f.UTF8 {
			tty += " UTF-8"
		}
	}
	parts := []string{"jsh " + f.Version, "Linux " + f.Release + " " + f.Machine, user, watch, box, tty}
	if f.Contain != "" {
		parts = append(parts, "in "+f.Contain)
	}
	var bad []string
	for _, x := range fs {
		if !x.Good {
			bad = append(bad, x.Key)
		}
	}
	if len(bad) == 0 {
		return strings.Join(append(parts, "all well"), " | ")
	}
	return strings.Join(append(parts, "differs: "+strings.Join(bad, " ")), " | ")
}

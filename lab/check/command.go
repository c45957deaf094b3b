package check

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/lab/sandbox"
	"jsh/lab/trace"
	"jsh/typeset"
)

// Help is the text of help check-daemon and check-daemon --help.
const Help = `usage: check-daemon [--json] [--timeout S] [--no-sandbox] PROGRAM ARG...
Starts a program that is to become a daemon, on a terminal of its own,
follows every call it makes, and judges it:
  A1  in the background, no terminal, descriptors 0 to 2 not on one
  C1  it forks, and the parent exits
  C2  setsid is called by a process that leads no group
  C3  so it has a session of its own, without a terminal
  C4  descriptors 0, 1 and 2 are on /dev/null
  C5  its working directory is /          C6  it sets its umask
  C7  it leads no session: no terminal can become its own
  C8  all that daemon(3) does is done
  HUP, TERM, PID, ZOMBIE: of one that runs on: what the signals do, whether
      a pid file has the right pid, whether ended children are waited for
Each with what was seen, and the line if the program was compiled with -g.
At the end all that it started is killed. Its start may take S seconds (10).
It runs in a sandbox: the same files, but what it writes goes to a scratch
layer (or is refused, EROFS); no process outside is in reach; the network is
a loopback of its own; pids are those in there. --no-sandbox: it runs on the
machine itself, and what it writes is written.
Status: 0 nothing failed, 1 something failed, 2 it could not be tried.
`

// grace is what may pass beside the start of the program, for both runs.
const grace = 30 * time.Second

// Main is check-daemon as a command: args[0] is its name.
func Main(args []string) int {
	jsonOut, limit := false, 10*time.Second
	inside := args[0] == insideName
	contained := !inside
	if inside {
		sandbox.BeInit()
	}
	a := args[1:]
options:
	for len(a) > 0 && strings.HasPrefix(a[0], "-") && a[0] != "-" {
		w := a[0]
		a = a[1:]
		switch w {
		case "--":
			break options
		case "--help":
			write(1, Help)
			return 0
		case "--json":
			jsonOut = true
		case "--no-sandbox":
			contained = false
		case "--timeout":
			if len(a) == 0 {
				return usage("--timeout: how many seconds?")
			}
			n, err := strconv.ParseFloat(a[0], 64)
			if err != nil || n <= 0 || n > 3600 {
				return usage("--timeout " + a[0] + ": a number of seconds, up to 3600")
			}
			limit = time.Duration(n * float64(time.Second))
			a = a[1:]
		default:
			return usage(w + ": no such option (check-daemon --help lists them)")
		}
	}
	if len(a) == 0 {
		return usage("which program? check-daemon PROGRAM [ARG...]")
	}
	path, msg, _ := trace.Find(a[0])
	if msg == "" {
		msg = trace.Refusal()
	}
	if msg != "" {
		say(msg)
		return 2
	}
	if contained {
		if status, done := contain(args); done {
			return status
		}
	}
	if gains := trace.Privileges(path); gains != "" && unix.Geteuid() != 0 {
		w := path + " is " + gains + ": under a tracer without privilege the kernel starts it without that (execve(2)); what needs it will fail, mostly with EPERM"
		say(w)
	}
	// Whatever a program does to its tracer, this ends; the kernel kills what is
	// being traced.
	time.AfterFunc(2*limit+grace, func() {
		say("no end within " + num(int((2*limit+grace)/time.Second)) + " seconds: given up")
		os.Exit(2)
	})
	r := &run{people: map[int]*person{}, boxed: inside}
	if err := r.do(path, a, limit); err != nil {
		say(err.Error())
		return 2
	}
	if r.signals && r.term == "" {
		// SIGHUP ended it: SIGTERM is tried on another one.
		second := &run{people: map[int]*person{}, again: true}
		if second.do(path, a, limit) == nil {
			r.term = second.term
		}
	}
	if len(r.order) > crowd {
		say("it made more than " + num(crowd) + " processes, and was killed for that")
	}
	d, vs := r.judge()
	status := 0
	for _, v := range vs {
		if v.mark == fail {
			status = 1
		}
	}
	if jsonOut {
		write(1, r.json(a, d, vs, status))
	} else {
		write(1, r.text(a, d, vs))
	}
	return status
}

// contain has check-daemon do its work in a container; done is false where
// there is none, and that was said.
func contain(args []string) (status int, done bool) {
	exe, err := os.Executable()
	if err == nil {
		status, err = sandbox.Contain(exe, append([]string{insideName}, args[1:]...))
	}
	if err != nil {
		say("no sandbox here, the program runs on the machine itself: " + err.Error())
		return 0, false
	}
	if status > 128 {
		say("the sandbox was ended by " + event.SigName(status-128) + ": nothing was judged")
		return 2, true
	}
	return status, true
}

func usage(msg string) int {
	say(msg)
	return 2
}

func say(msg string) { write(2, "check-daemon: "+msg+"\n") }

func write(fd int, s string) {
	b := []byte(s)
	for len(b) > 0 {
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

// text is the report for a reader.
func (r *run) text(argv []string, d *person, vs []verdict) string {
	marks := [...]string{unknown: "?", pass: "✓", fail: "✗", note: "·"}
	if !utf8Locale() {
		marks = [...]string{unknown: "?", pass: "ok", fail: "NO", note: "-"}
	}
	width := 80
	if ws, err := unix.IoctlGetWinsize(1, unix.TIOCGWINSZ); err == nil && ws.Col > 40 {
		width = min(int(ws.Col), 100)
	}
	var b strings.Builder
	way := ""
	for i, p := range r.chain(d) {
		if i > 0 {
			way += ", which forked "
		}
		way += num(p.pid)
	}
	if r.boxed {
		way += "; pids of its sandbox"
	}
	b.WriteString(typeset.Hang("judged: pid "+num(d.pid)+" "+event.Visible(d.name)+" (started as "+way+")", width-1, 0, 2) + "\n")
	failed, unsure := 0, 0
	for _, v := range vs {
		s := v.text
		if v.todo != "" && v.mark == fail {
			s += "; " + v.todo
		}
		if v.line != "" {
			s += ", " + v.line
		}
		head := pad(v.claim, 7) + pad(marks[v.mark], 3)
		b.WriteString(head + typeset.Hang(s, width-1, 10, 10) + "\n")
		switch v.mark {
		case fail:
			failed++
		case unknown:
			unsure++
		}
	}
	switch {
	case failed == 0:
		b.WriteString("nothing failed")
	default:
		b.WriteString(num(failed) + " failed")
	}
	if unsure > 0 {
		b.WriteString(", " + num(unsure) + " not determinable")
	}
	b.WriteString("\n")
	if !slices.ContainsFunc(vs, func(v verdict) bool { return v.line != "" }) {
		b.WriteString("compile it with -g, and the lines of its source are named\n")
	}
	return b.String()
}

func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(1, n-len([]rune(s))))
}

// json is the report for a program: one object on one line.
func (r *run) json(argv []string, d *person, vs []verdict, status int) string {
	b := []byte(`{"program":`)
	b = appendString(b, argv[0])
	b = append(b, `,"pid":`+num(d.pid)+`,"status":`+num(status)+`,"verdicts":[`...)
	for i, v := range vs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"claim":`...)
		b = appendString(b, v.claim)
		b = append(b, `,"verdict":"`+markNames[v.mark]+`","pid":`+num(v.pid)+`,"evidence":`...)
		b = appendString(b, v.text)
		if v.todo != "" && v.mark == fail {
			b = append(b, `,"advice":`...)
			b = appendString(b, v.todo)
		}
		if v.line != "" {
			b = append(b, `,"line":`...)
			b = appendString(b, v.line)
		}
		b = append(b, '}')
	}
	return string(append(b, "]}\n"...))
}

// appendString appends a string as JSON has it (RFC 8259).
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, c := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', byte(c))
		case c < ' ':
			const hex = "0123456789abcdef"
			b = append(b, `\u00`...)
			b = append(b, hex[c>>4], hex[c&15])
		default:
			b = append(b, string(c)...)
		}
	}
	return append(b, '"')
}

func utf8Locale() bool {
	for _, n := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToUpper(os.Getenv(n)); v != "" {
			return strings.Contains(v, "UTF-8") || strings.Contains(v, "UTF8")
		}
	}
	return false
}

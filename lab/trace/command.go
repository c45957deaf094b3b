package trace

import (
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
)

// Help is the text of help trace and trace --help.
const Help = `usage: trace [--print | --json] [-o FILE] PROGRAM [ARG...]
       trace -q PROGRAM [ARG...]
Runs a program and stops it, and every process it makes, before each call
that matters here: fork, exec, setsid, setpgid, the terminal's ioctls, dup,
close of 0 to 2, open of /dev/null and terminals, chdir, umask, sigaction,
kill, set*id, wait, exit. It says what the call asks for, and after it what
the kernel answered and what changed. Keys, each with Enter:

  Enter, n    make this call, stop at the next
  r CALL      run on to the next CALL (fork, setsid, dup2, ...)
  c           run on to the end, telling everything
  s           skip this call: the program believes that it succeeded
  f ERROR     skip it, and let it fail: f EPERM
  d           detach: the programs run on, untraced
  q           quit: kill them all
  ?           help
  --print     stop nowhere, tell everything (standard error, or FILE)
  --json      the same as events, one line of JSON each
  -o FILE     where to
  -q          stop nowhere, tell nothing here: it is for the picture
The program is the job: ^Z, fg, bg, ^C do what they always do. The log of a
picture (the screen, viz, record) has all that trace sees.
`

// settings are the operands and options of trace.
type settings struct {
	print, json bool
	quiet       bool
	host        bool // follow what a running shell starts
	file        string
	argv        []string
	ascii       bool
	colour      bool
}

// words are the settings as arguments for the tracer.
func (o *settings) words() []string {
	w := ""
	for _, f := range []struct {
		on bool
		c  string
	}{{o.print, "p"}, {o.json, "j"}, {o.quiet, "q"}, {o.host, "h"}, {o.ascii, "a"}, {o.colour, "c"}} {
		if f.on {
			w += f.c
		}
	}
	return []string{w}
}

func fromWords(args []string) (o settings) {
	if len(args) > 0 {
		o.print, o.json = strings.Contains(args[0], "p"), strings.Contains(args[0], "j")
		o.quiet, o.host = strings.Contains(args[0], "q"), strings.Contains(args[0], "h")
		o.ascii, o.colour = strings.Contains(args[0], "a"), strings.Contains(args[0], "c")
	}
	return o
}

// parse reads the arguments after the name; msg is a usage error.
func parse(args []string) (o settings, help bool, msg string) {
options:
	for len(args) > 0 && strings.HasPrefix(args[0], "-") && args[0] != "-" {
		a := args[0]
		args = args[1:]
		switch {
		case a == "--":
			break options
		case a == "--print":
			o.print = true
		case a == "--json":
			o.json = true
		case a == "-q" || a == "--quiet":
			o.quiet = true
		case a == "--help":
			return o, true, ""
		case a == "-o":
			if len(args) == 0 {
				return o, false, "-o: the name of a file is missing"
			}
			o.file, args = args[0], args[1:]
		default:
			return o, false, a + ": no such option (trace --help lists them)"
		}
	}
	switch {
	case len(args) == 0:
		return o, false, "which program? trace PROGRAM [ARG...]"
	case o.print && o.json:
		return o, false, "--print and --json: one of them"
	case o.quiet && (o.print || o.json || o.file != ""):
		return o, false, "-q tells nothing here: it goes without --print, --json and -o"
	}
	o.argv = args
	return o, false, ""
}

// Main is trace as a command: args[0] is its name. It returns only when the
// program could not be run.
func Main(args []string) int {
	o, help, msg := parse(args[1:])
	if help {
		writeAll(1, Help)
		return 0
	}
	if msg != "" {
		say(msg)
		return 2
	}
	o.ascii = !utf8Locale()
	term := os.Getenv("TERM")
	o.colour = os.Getenv("NO_COLOR") == "" && term != "" && term != "dumb" && o.file == ""
	return launch(&o)
}

func utf8Locale() bool {
	for _, n := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToUpper(os.Getenv(n)); v != "" {
			return strings.Contains(v, "UTF-8") || strings.Contains(v, "UTF8")
		}
	}
	return false
}

// beTracer is the tracer's life.
func beTracer(args []string, connect func(shell int) Log) int {
	runtime.LockOSThread()
	o := fromWords(args)
	for fd := range 5 {
		unix.CloseOnExec(fd)
	}
	if o.host {
		return followHost(connect)
	}
	_, ttyMissing := unix.IoctlGetTermios(fdTTY, unix.TCGETS)
	cols := 80
	ws, err := unix.IoctlGetWinsize(fdOut, unix.TIOCGWINSZ)
	if err == nil && ws.Col > 0 {
		cols = int(ws.Col)
	}
	r := &report{fd: fdOut, width: min(cols, 100), ascii: o.ascii, colour: o.colour && err == nil}
	var h Handler = r
	var c *console
	switch {
	case o.quiet:
		h = silent{}
	case o.json:
		h = jsonLines(fdOut)
	case !o.print && ttyMissing == nil:
		c = newConsole(r)
		h = c
	}
	end := func() { os.Exit(0) }
	if log := connect(0); log != nil {
		h = newLogged(h, log)
		end = func() {
			log.Close(farewell)
			os.Exit(0)
		}
	}
	t, err := New(h)
	if err != nil {
		writeAll(fdLine, event.Visible(err.Error())+"\n")
		return 1
	}
	if c != nil {
		c.t, c.end = t, end
	}
	pid, err := t.Meet(fdLine)
	if err != nil {
		return 1
	}
	if !o.quiet { // a shell waits for what is told it, not for the log
		keeperFor(pid, c, end)
	}
	t.Go(fdLine)
	unix.Close(fdLine)
	t.Run()
	end()
	return 0
}

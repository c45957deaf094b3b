package shell

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/parser"
	"jsh/shell/plain"
)

// builtinEntry is a builtin and whether it is one of POSIX's special ones
// (2.15): found before functions, assignments before it stay, and its errors
// end a shell that is not interactive.
type builtinEntry struct {
	run     Builtin
	special bool
}

// builtins are the commands that run in the shell itself. It is filled in init:
// some of them look into it.
var builtins map[string]builtinEntry

func init() {
	builtins = map[string]builtinEntry{
		":":        {func(*Shell, []string) int { return 0 }, true},
		".":        {builtinDot, true},
		"source":   {builtinDot, false},
		"break":    {builtinBreak, true},
		"continue": {builtinBreak, true},
		"eval":     {builtinEval, true},
		"exec":     {builtinExec, true},
		"exit":     {builtinExit, true},
		"export":   {builtinExport, true},
		"readonly": {builtinExport, true},
		"return":   {builtinReturn, true},
		"set":      {builtinSet, true},
		"shift":    {builtinShift, true},
		"times":    {builtinTimes, true},
		"trap":     {builtinTrap, true},
		"unset":    {builtinUnset, true},

		"alias":   {builtinAlias, false},
		"bg":      {builtinBg, false},
		"cd":      {builtinCd, false},
		"command": {builtinCommand, false},
		"disown":  {builtinDisown, false},
		"echo":    {builtinEcho, false},
		"false":   {func(*Shell, []string) int { return 1 }, false},
		"fc":      {builtinFc, false},
		"fg":      {builtinFg, false},
		"getopts": {builtinGetopts, false},
		"hash":    {builtinHash, false},
		"help":    {builtinHelp, false},
		"history": {builtinHistory, false},
		"jobs":    {builtinJobs, false},
		"kill":    {builtinKill, false},
		"local":   {builtinLocal, false},
		"printf":  {builtinPrintf, false},
		"pwd":     {builtinPwd, false},
		"read":    {builtinRead, false},
		"suspend": {builtinSuspend, false},
		"test":    {builtinTest, false},
		"[":       {builtinTest, false},
		"true":    {func(*Shell, []string) int { return 0 }, false},
		"type":    {builtinType, false},
		"ulimit":  {builtinUlimit, false},
		"umask":   {builtinUmask, false},
		"unalias": {builtinUnalias, false},
		"wait":    {builtinWait, false},
	}
}

// usage complains about how a builtin was called: status 2. A special builtin's
// error is fatal to a script.
func (s *Shell) usage(name, msg string) int {
	s.specialFailed = true
	s.complain(name + ": " + msg)
	return 2
}

// out writes a builtin's output; a failure is told and is its status.
func (s *Shell) out(name string, b []byte) int {
	err := s.fds.write(1, b)
	if err == nil {
		return 0
	}
	s.complain(name + ": cannot write: " + errnoText(err) + orAdvice(err))
	return 1
}

func (s *Shell) outString(name, text string) int { return s.out(name, []byte(text)) }

func builtinEcho(s *Shell, args []string) int {
	s.buf = plain.Echo(args[1:], s.buf[:0])
	return s.out("echo", s.buf)
}

func builtinPrintf(s *Shell, args []string) int {
	var status int
	var errs []string
	s.buf, status, errs = plain.Printf(args[1:], s.buf[:0])
	st := s.out("printf", s.buf)
	for _, e := range errs {
		s.complain(e)
	}
	return max(status, st)
}

func builtinTest(s *Shell, args []string) int {
	status, msg := plain.Test(args[0], args[1:], testFS{s: s})
	if msg != "" {
		s.complain(msg)
	}
	return status
}

// testFS is the file system as the learner sees it: descriptors are virtual.
type testFS struct {
	plain.Kernel
	s *Shell
}

func (f testFS) Stat(path string) (plain.FileInfo, bool)  { return f.Kernel.Stat(f.s.fds.path(path)) }
func (f testFS) Lstat(path string) (plain.FileInfo, bool) { return f.Kernel.Lstat(f.s.fds.path(path)) }

func (f testFS) Access(path string, mode uint32) bool {
	return f.Kernel.Access(f.s.fds.path(path), mode)
}

func (f testFS) IsTerminal(fd int) bool {
	real := f.s.fds.at(fd)
	return real != closed && f.Kernel.IsTerminal(real)
}

func builtinBreak(s *Shell, args []string) int {
	n := 1
	if len(args) > 1 {
		var err error
		if n, err = strconv.Atoi(args[1]); err != nil || n < 1 {
			return s.usage(args[0], args[1]+": the number of loops to leave must be 1 or more")
		}
	}
	if s.loops == 0 {
		if s.outerLoops == 0 {
			s.complain(args[0] + ": only means something in a loop")
			return 0
		}
		s.next = uwExit // in a subshell inside a loop: POSIX leaves it open
		return 0
	}
	s.levels = min(n, s.loops)
	s.next = uwBreak
	if args[0] == "continue" {
		s.next = uwContinue
	}
	return 0
}

func builtinReturn(s *Shell, args []string) int {
	n, ok := s.statusOperand(args)
	if !ok {
		return 2
	}
	s.next = uwReturn
	if s.calls == 0 && s.dots == 0 {
		if s.subshell {
			s.next = uwExit
			return n
		}
		s.next = uwNone
		return s.usage("return", "only means something in a function or a file run by . (a dot)")
	}
	return n
}

// statusOperand is the optional exit status of exit and return.
func (s *Shell) statusOperand(args []string) (int, bool) {
	if len(args) > 1 && args[1] == "--" {
		args = args[1:]
	}
	if len(args) < 2 {
		// In a trap's action the last command is the one before it (2.15,
		// exit, return); a function called there returns as anywhere.
		if s.traps.running > 0 && (args[0] == "exit" || s.calls == s.traps.calls) {
			return s.traps.before, true
		}
		return s.status, true
	}
	n, err := strconv.Atoi(args[1])
	if err != nil || n < 0 {
		s.usage(args[0], args[1]+": an exit status is a number from 0 to 255")
		return 2, false
	}
	return n & 255, true
}

func builtinExit(s *Shell, args []string) int {
	n, ok := s.statusOperand(args)
	if !ok {
		return 2
	}
	if s.warnBeforeExit() {
		return 1
	}
	s.next = uwExit
	return n
}

// warnBeforeExit says once that there are stopped jobs, and that the next exit
// does not ask again.
func (s *Shell) warnBeforeExit() bool {
	if !s.interactive || s.subshell || !s.monitor {
		return false
	}
	s.reap()
	n := s.jobs.StoppedJobs()
	if n == 0 || s.warnedExit {
		return false
	}
	s.warnedExit, s.warnNow = true, true
	if n == 1 {
		s.say("There is a stopped job (see jobs; fg continues it). exit again hangs it up.")
	} else {
		s.say("There are " + itoa(n) + " stopped jobs (jobs lists them). exit again hangs them up.")
	}
	return true
}

func builtinEval(s *Shell, args []string) int {
	a := args[1:]
	if len(a) > 0 && a[0] == "--" {
		a = a[1:]
	}
	ran := s.ran
	s.next = s.runText(strings.Join(a, " "), s.name)
	if s.ran == ran && s.next == uwNone {
		return 0
	}
	return s.status
}

func builtinDot(s *Shell, args []string) int {
	a := args[1:]
	if len(a) > 0 && a[0] == "--" {
		a = a[1:]
	}
	if len(a) == 0 {
		return s.usage(args[0], "the name of a file to run is missing")
	}
	path := a[0]
	if !strings.Contains(path, "/") {
		switch p := s.searchReadable(path); {
		case p != "":
			path = p
		case args[0] == ".":
			// Only source, which is bash's, looks in the working directory.
			s.specialFailed = true
			hint := ""
			if unix.Access(path, unix.R_OK) == nil {
				hint = "; ./" + path + " would run the one in the working directory"
			}
			s.complain(".: " + path + ": not found on PATH" + hint)
			return 1
		}
	}
	fd, err := unix.Open(s.fds.path(path), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err == nil {
		fd, err = own(fd)
	}
	if err != nil {
		s.specialFailed = true
		s.complain(args[0] + ": " + a[0] + ": cannot open: " + errnoText(err))
		return 1
	}
	defer unix.Close(fd)
	args0, loops := s.args, s.loops
	if len(a) > 1 {
		s.args = a[1:]
	}
	s.dots++
	line, ran := s.line, s.ran
	u := s.runLines(&fileLines{fd: fd}, path, false)
	s.line = line
	s.dots--
	s.args, s.loops = args0, loops
	if u != uwReturn {
		s.next = u
	}
	if s.ran == ran && u == uwNone {
		return 0
	}
	return s.status
}

// searchReadable finds a file for . along PATH (2.15, dot): readable, not
// necessarily executable.
func (s *Shell) searchReadable(name string) string {
	for dir := range strings.SplitSeq(s.Var("PATH"), ":") {
		if dir == "" {
			dir = "."
		}
		p := dir + "/" + name
		var st unix.Stat_t
		if unix.Stat(p, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFREG &&
			unix.Faccessat(unix.AT_FDCWD, p, unix.R_OK, unix.AT_EACCESS) == nil {
			return p
		}
	}
	return ""
}

func builtinExec(s *Shell, args []string) int {
	a := args[1:]
	if len(a) > 0 && a[0] == "--" {
		a = a[1:]
	}
	if len(a) == 0 {
		s.keepFDs = true
		return 0
	}
	path := a[0]
	if !strings.Contains(path, "/") {
		path = s.search(a[0], s.Var("PATH"))
	}
	var status int
	if path == "" {
		s.complain("exec: " + s.notFoundText(a[0]))
		status = 127
	} else {
		s.leaveJobControl()
		err := s.execve(path, a, s.environ())
		s.resumeJobControl()
		var text string
		text, status = spawnText(a[0], err)
		s.complain("exec: " + text)
	}
	if !s.interactive {
		s.next = uwExit
	}
	return status
}

func builtinSet(s *Shell, args []string) int {
	a := args[1:]
	if len(a) == 0 {
		return s.outString("set", s.listVars())
	}
	for i := 0; i < len(a); i++ {
		w := a[i]
		if w == "--" {
			s.args = append([]string(nil), a[i+1:]...)
			return 0
		}
		if w == "-" {
			s.opts.xtrace, s.opts.verbose = false, false
			if i+1 < len(a) {
				s.args = append([]string(nil), a[i+1:]...)
			}
			return 0
		}
		if len(w) < 2 || w[0] != '-' && w[0] != '+' {
			s.args = append([]string(nil), a[i:]...)
			return 0
		}
		on := w[0] == '-'
		for j := 1; j < len(w); j++ {
			var o *option
			if w[j] == 'o' {
				if i+1 >= len(a) {
					return s.outString("set", s.listOptions(on))
				}
				i++
				if o = optionByName(a[i]); o == nil {
					return s.usage("set", "-o "+a[i]+": no such option (set -o lists them)")
				}
			} else if o = optionByLetter(w[j]); o == nil {
				return s.usage("set", w[:1]+string(w[j])+": no such option (set -o lists them)")
			}
			if err := s.setOption(o, on); err != nil {
				s.complain("set: " + err.Error())
				return 1
			}
		}
	}
	return 0
}

func (s *Shell) listOptions(human bool) string {
	var b strings.Builder
	for i := range optionList {
		o := &optionList[i]
		on := *o.at(&s.opts)
		if human {
			word := "off"
			if on {
				word = "on"
			}
			b.WriteString(o.name + strings.Repeat(" ", 16-len(o.name)) + word + "\n")
			continue
		}
		sign := "+"
		if on {
			sign = "-"
		}
		b.WriteString("set " + sign + "o " + o.name + "\n")
	}
	return b.String()
}

func builtinShift(s *Shell, args []string) int {
	n := 1
	if len(args) > 1 {
		var err error
		if n, err = strconv.Atoi(args[1]); err != nil || n < 0 {
			return s.usage("shift", args[1]+": not a number of parameters")
		}
	}
	if n > len(s.args) {
		s.specialFailed = true
		s.complain("shift: cannot shift by " + itoa(n) + ": there are only " + itoa(len(s.args)) + " positional parameters")
		return 2
	}
	s.args = s.args[n:]
	return 0
}

func builtinCommand(s *Shell, args []string) int {
	a := args[1:]
	var verbose, describe, standard bool
	for len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' {
		if a[0] == "--" {
			a = a[1:]
			break
		}
		for _, c := range a[0][1:] {
			switch c {
			case 'v':
				describe = true
			case 'V':
				verbose = true
			case 'p':
				standard = true
			default:
				return s.usage("command", "-"+string(c)+": no such option (there are -p, -v, -V)")
			}
		}
		a = a[1:]
	}
	if len(a) == 0 {
		return 0
	}
	path := s.Var("PATH")
	if standard {
		path = standardPath
	}
	if describe || verbose {
		return s.describe("command", a[:1], verbose, path)
	}
	if e, ok := builtins[a[0]]; ok {
		st := e.run(s, a)
		s.specialFailed = false // 2.15: command takes that away
		return st
	}
	if b, ok := s.extra[a[0]]; ok {
		return b(s, a)
	}
	p := a[0]
	if _, ok := s.own[p]; ok {
		p = s.self()
	} else if !strings.Contains(p, "/") {
		p = s.search(a[0], path)
	}
	if p == "" {
		s.complain(s.notFoundText(a[0]))
		return 127
	}
	s.next = s.runForeground(&stage{path: p, argv: a, env: s.environ(), text: parser.JobText(&parser.Simple{Words: literalWords(a)})})
	return s.status
}

const standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// literalWords makes words that stand for exactly these strings.
func literalWords(a []string) []*parser.Word {
	ws := make([]*parser.Word, len(a))
	for i, w := range a {
		ws[i] = &parser.Word{Parts: []parser.WordPart{&parser.Lit{Text: Quote(w)}}}
	}
	return ws
}

// Quote writes a string so that the shell reads it back as one word.
func Quote(w string) string {
	if w == "" {
		return "''"
	}
	plainWord := true
	for i := 0; i < len(w) && plainWord; i++ {
		c := w[i]
		plainWord = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
			strings.IndexByte("_-./:@%+,", c) >= 0 || c >= 0x80 || c == '=' && i > 0
	}
	if plainWord {
		return w
	}
	return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
}

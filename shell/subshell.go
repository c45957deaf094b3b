package shell

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"jsh/jobs"
	"jsh/parser"
	"jsh/pgroup"
)

// SubshellName is argv[0] of a jsh that was re-executed to be a subshell:
// argv[1] is the descriptor with the state, argv[2] the code, for readers of
// ps only.
const SubshellName = "jsh: subshell"

// state is what a subshell inherits (POSIX 2.13), beside what the kernel hands
// on: descriptors, working directory, umask, resource limits.
type state struct {
	name      string
	args      []string
	vars      map[string]*variable
	foreign   []string
	funcs     map[string]*parser.FuncDef // only the names and sources are handed over
	aliases   map[string]string
	opts      options
	status    int
	pid       int
	bgPid     int
	hasBg     bool
	calls     int
	loops     int
	noErrexit int
	typed     bool
	optionPos int
	line      int
	closed    uint64 // bit n: descriptor n is closed
	ignored   pgroup.SignalSet
	// trapIgnored are those among ignored that trap ignores: the subshell may
	// trap or reset them.
	trapIgnored pgroup.SignalSet
	traps       []string // what trap prints
	exe         string
	started     time.Time
	noFile      *unix.Rlimit
	hashed      map[string]string
	jobs        jobs.Snapshot
	codeLine    int
	code        string
}

// wire writes and reads the binary form: numbers as varints, strings with
// their length. Both sides are the same program, so there is no version.
type wire struct {
	b    []byte
	text string // where it is read: what b was at first; strings are parts of it
	bad  bool
}

func (w *wire) putInt(n int)       { w.b = binary.AppendVarint(w.b, int64(n)) }
func (w *wire) putString(s string) { w.putInt(len(s)); w.b = append(w.b, s...) }
func (w *wire) putStrings(ss []string) {
	w.putInt(len(ss))
	for _, s := range ss {
		w.putString(s)
	}
}

func (w *wire) int() int {
	n, size := binary.Varint(w.b)
	if size <= 0 {
		w.bad = true
		return 0
	}
	w.b = w.b[size:]
	return int(n)
}

func (w *wire) string() string {
	n := w.int()
	if n < 0 || n > len(w.b) {
		w.bad = true
		return ""
	}
	s := w.text[len(w.text)-len(w.b):][:n]
	w.b = w.b[n:]
	return s
}

func (w *wire) count() int {
	n := w.int()
	if n < 0 || n > len(w.b) {
		w.bad = true
		return 0
	}
	return n
}

func (w *wire) strings() []string {
	ss := make([]string, w.count())
	for i := range ss {
		ss[i] = w.string()
	}
	return ss
}

func (o *options) bits() (n int) {
	for i := range optionList {
		n |= b2i(*optionList[i].at(o)) << i
	}
	return n
}

func (o *options) setBits(n int) {
	for i := range optionList {
		*optionList[i].at(o) = n>>i&1 == 1
	}
}

// encode is the state for a subshell that is to run code.
func (s *Shell) encode(code string, line int, ignored pgroup.SignalSet) []byte {
	w := &wire{b: make([]byte, 0, 8<<10)}
	w.putString(s.name)
	w.putStrings(s.args)
	w.putStrings(s.foreign)
	w.putInt(len(s.vars))
	for name, v := range s.vars {
		w.putString(name)
		w.putInt(b2i(v.set) | b2i(v.export)<<1 | b2i(v.readonly)<<2)
		w.putString(v.value)
	}
	w.putInt(len(s.funcs))
	for name, f := range s.funcs {
		w.putString(name)
		w.putString(f.Source)
		w.putInt(f.Start.Line)
	}
	w.putInt(len(s.aliases))
	for name, value := range s.aliases {
		w.putString(name)
		w.putString(value)
	}
	opts := s.opts
	opts.monitor = false // 2.13: subshells have no job control of their own
	w.putInt(opts.bits())
	for _, n := range []int{s.status, s.pid, s.bgPid, b2i(s.hasBg), s.calls, s.loops, s.noErrexit, s.optionPos, s.line, b2i(s.typed)} {
		w.putInt(n)
	}
	gone := uint64(0)
	for n := 0; n < 10; n++ {
		if s.fds.at(n) == closed {
			gone |= 1 << n
		}
	}
	w.putInt(int(gone))
	w.putInt(int(ignored))
	w.putInt(int(s.traps.ignored()))
	w.putStrings(s.trapLines())
	w.putString(s.self())
	w.putInt(int(s.started.UnixNano()))
	limit := unix.Rlimit{}
	if s.noFile != nil {
		limit = *s.noFile
	}
	w.putInt(b2i(s.noFile != nil))
	w.putInt(int(limit.Cur))
	w.putInt(int(limit.Max))
	w.putInt(len(s.hashed))
	for name, path := range s.hashed {
		w.putString(name)
		w.putString(path)
	}
	snap := s.jobs.Snapshot()
	w.putInt(len(snap.Jobs))
	for _, e := range snap.Jobs {
		w.putInt(e.ID)
		w.putInt(e.Pgid)
		w.putString(e.Text)
		w.putInt(b2i(e.Monitor) | b2i(e.Pipefail)<<1 | b2i(e.Bang)<<2 | b2i(e.NoHup)<<3)
		w.putInt(len(e.Procs))
		for _, p := range e.Procs {
			w.putInt(p.Pid)
			w.putInt(int(p.State))
			w.putInt(p.Sig)
			w.putInt(p.Status)
			w.putInt(b2i(p.Killed) | b2i(p.Core)<<1)
			w.putString(p.Text)
		}
	}
	w.putInt(len(snap.Order))
	for _, n := range snap.Order {
		w.putInt(n)
	}
	w.putInt(line)
	w.putString(code)
	return w.b
}

func decode(b []byte) (*state, error) {
	w := &wire{b: b, text: string(b)}
	st := &state{aliases: map[string]string{}, funcs: map[string]*parser.FuncDef{}}
	st.name = w.string()
	st.args = w.strings()
	st.foreign = w.strings()
	vars := make([]variable, w.count())
	st.vars = make(map[string]*variable, len(vars))
	for i := range vars {
		name, bits, value := w.string(), w.int(), w.string()
		vars[i] = variable{value: value, set: bits&1 != 0, export: bits&2 != 0, readonly: bits&4 != 0}
		st.vars[name] = &vars[i]
	}
	for range w.count() {
		name, source, line := w.string(), w.string(), w.int()
		st.funcs[name] = &parser.FuncDef{Name: name, Source: source, Span: parser.Span{Start: parser.Pos{Line: line}}}
	}
	for range w.count() {
		name := w.string()
		st.aliases[name] = w.string()
	}
	st.opts.setBits(w.int())
	st.status, st.pid, st.bgPid, st.hasBg = w.int(), w.int(), w.int(), w.int() == 1
	st.calls, st.loops, st.noErrexit, st.optionPos, st.line = w.int(), w.int(), w.int(), w.int(), w.int()
	st.typed = w.int() == 1
	st.closed = uint64(w.int())
	st.ignored = pgroup.SignalSet(w.int())
	st.trapIgnored = pgroup.SignalSet(w.int())
	st.traps = w.strings()
	st.exe = w.string()
	st.started = time.Unix(0, int64(w.int()))
	if known, cur, most := w.int(), w.int(), w.int(); known == 1 {
		st.noFile = &unix.Rlimit{Cur: uint64(cur), Max: uint64(most)}
	}
	st.hashed = map[string]string{}
	for range w.count() {
		name := w.string()
		st.hashed[name] = w.string()
	}
	for range w.count() {
		e := jobs.Entry{ID: w.int(), Pgid: w.int(), Text: w.string()}
		bits := w.int()
		e.Monitor, e.Pipefail, e.Bang, e.NoHup = bits&1 != 0, bits&2 != 0, bits&4 != 0, bits&8 != 0
		for range w.count() {
			p := jobs.Proc{Pid: w.int(), State: jobs.State(w.int()), Sig: w.int(), Status: w.int()}
			bits := w.int()
			p.Killed, p.Core = bits&1 != 0, bits&2 != 0
			p.Text = w.string()
			e.Procs = append(e.Procs, p)
		}
		st.jobs.Jobs = append(st.jobs.Jobs, e)
	}
	for range w.count() {
		st.jobs.Order = append(st.jobs.Order, w.int())
	}
	st.codeLine = w.int()
	st.code = w.string()
	if w.bad {
		return nil, errors.New("the state of the subshell is damaged")
	}
	return st, nil
}

// spawnCode starts a subshell that runs node.
func (s *Shell) spawnCode(spec *pgroup.Spec, node any, ignored pgroup.SignalSet) (pgroup.Child, error) {
	if err := roomForSubshell(); err != nil {
		return pgroup.Child{}, err
	}
	code, line := parser.Handover(node)
	fd, err := memFile("jsh state", s.encode(code, line, ignored))
	if err != nil {
		return pgroup.Child{}, err
	}
	defer unix.Close(fd)
	spec.Path = s.self()
	spec.Argv = []string{SubshellName, itoa(fd), oneLine(code)}
	// The variables are in the state; the kernel limits what exec takes.
	spec.Env = nil
	spec.NoFile = nil // it needs high descriptors, as this shell does
	spec.Files = append(s.fds.files(), pgroup.File{Child: fd, From: fd})
	return s.spawnStage(spec)
}

func oneLine(code string) string {
	code, _, _ = strings.Cut(strings.TrimSpace(code), "\n")
	return code[:min(len(code), 200)]
}

// self is the path of this program, to be run again: the real one, so that
// the picture shows its name.
func (s *Shell) self() string {
	if s.exe == "" {
		buf := make([]byte, 4096)
		n, err := unix.Readlink("/proc/self/exe", buf)
		s.exe = string(buf[:max(n, 0)])
		if err != nil || unix.Access(s.exe, unix.X_OK) != nil {
			s.exe = "/proc/self/exe"
		}
	}
	return s.exe
}

// RunSubshell is the life of a re-executed jsh: it takes the state over from
// descriptor fd, runs the code and ends. It returns the exit status.
func RunSubshell(fd int, c Config) int {
	b, err := readAll(fd)
	unix.Close(fd)
	var st *state
	if err == nil {
		st, err = decode(b)
	}
	if err != nil {
		unix.Write(2, []byte("jsh: subshell: cannot take over the shell's state: "+errnoText(err)+"\n"))
		return 2
	}
	name := append([]byte(SubshellName), 0)
	setComm(name)
	s := newShell(c)
	s.subshell, s.mayExec = true, true
	s.name, s.args, s.vars, s.aliases, s.opts = st.name, st.args, st.vars, st.aliases, st.opts
	s.env, s.foreign = nil, st.foreign
	s.status, s.pid, s.bgPid, s.hasBg = st.status, st.pid, st.bgPid, st.hasBg
	s.typed = st.typed
	s.calls, s.noErrexit, s.optionPos, s.line, s.exe = st.calls, st.noErrexit, st.optionPos, st.line, st.exe
	s.outerLoops = st.loops
	s.noFile, s.hashed, s.started = st.noFile, st.hashed, st.started
	for n := 0; n < 10; n++ {
		if st.closed>>n&1 == 1 {
			s.fds.grow(n)
			s.fds.real[n] = closed
		}
	}
	s.jobs = jobs.Restore(st.jobs)
	s.traps.entry, s.traps.actions, s.traps.parent = st.ignored&^st.trapIgnored, map[unix.Signal]trapAction{}, st.traps
	for sig := unix.Signal(1); sig <= 64; sig++ {
		if st.trapIgnored.Has(sig) {
			s.traps.actions[sig] = trapAction{set: true}
		}
	}
	s.initSignals()
	s.funcs = st.funcs
	p := parser.New(parser.FromString(st.code), parser.Options{Name: st.name})
	p.SetLine(st.codeLine)
	u := uwNone
	var prog *parser.Program
	var all []*parser.Program
	for {
		prog, err = p.Next()
		if err != nil {
			break
		}
		all = append(all, prog)
	}
	if err != io.EOF {
		s.parseFailed(err)
	}
	if len(all) == 1 {
		// What was handed over is one ( … ): this process is it. Whatever else
		// holds, another process must not be started for it, and another …
		if c, ok := s.onlyCommand(all[0]).(*parser.Subshell); ok {
			s.runAsSubshell(c)
			return s.finish()
		}
	}
	for i, prog := range all {
		if u = s.runProgram(prog, i == len(all)-1); u != uwNone {
			break
		}
	}
	return s.finish()
}

// body is a function's body. One that was handed over as text is read when it
// is first called: most never are.
func (s *Shell) body(f *parser.FuncDef) parser.Command {
	if f.Body == nil {
		p := parser.New(parser.FromString(f.Source), parser.Options{Name: s.name})
		p.SetLine(f.Start.Line)
		if prog, err := p.Next(); err == nil {
			if def, ok := s.onlyCommand(prog).(*parser.FuncDef); ok {
				*f = *def
			}
		}
		if f.Body == nil {
			s.complain("internal error: the function " + f.Name + " cannot be read back")
			f.Body = &parser.Brace{Body: &parser.Program{}}
		}
	}
	return f.Body
}

// readAll reads a descriptor from its start to its end.
func readAll(fd int) ([]byte, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, err
	}
	b := make([]byte, st.Size)
	for off := 0; off < len(b); {
		n, err := unix.Pread(fd, b[off:], int64(off))
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return b[:off], nil
		}
		off += n
	}
	return b, nil
}

// trapLines are the lines that trap prints, in the order of the signals.
func (s *Shell) trapLines() []string {
	if s.traps.parent != nil {
		return s.traps.parent
	}
	var lines []string
	if s.traps.exit.set {
		lines = append(lines, trapLine(quoteAction(s.traps.exit.action), 0))
	}
	for n := 1; n <= jobs.MaxSig; n++ {
		a := s.traps.actions[unix.Signal(n)]
		if (a.set || s.traps.entry.Has(unix.Signal(n))) && jobs.SigName(n) != "" {
			lines = append(lines, trapLine(quoteAction(a.action), n))
		}
	}
	return lines
}

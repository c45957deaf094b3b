package shell

import (
	"math/rand/v2"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"jsh/pgroup/entry"
)

func itoa(n int) string { return strconv.Itoa(n) }

// variable is one shell variable. An exported or read-only name may have no
// value yet (set false).
type variable struct {
	value    string
	set      bool
	export   bool
	readonly bool
}

// readonlyError is the refusal to change a read-only variable.
type readonlyError struct{ name string }

func (e readonlyError) Error() string {
	return e.name + ": is read-only (readonly set it; only a new shell can change it)"
}

func isName(s string) bool {
	if s == "" {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// importEnv makes variables of the environment (POSIX 2.5.3). What is no name
// cannot become a variable; it is passed on to programs all the same.
func (s *Shell) importEnv(env []string) {
	for _, kv := range env {
		if name, value, ok := strings.Cut(kv, "="); ok && isName(name) {
			s.vars[name] = &variable{value: value, set: true, export: true}
		} else {
			s.foreign = append(s.foreign, kv)
		}
	}
	if _, ok := s.vars["PATH"]; !ok {
		// env -i sh -c … finds programs in every shell; POSIX leaves it open
		// (XBD 8.3). Not exported: nobody asked for it.
		s.vars["PATH"] = &variable{value: standardPath, set: true}
	}
	s.vars["IFS"] = &variable{value: " \t\n", set: true}
	s.vars["OPTIND"] = &variable{value: "1", set: true}
	s.vars["PPID"] = &variable{value: itoa(unix.Getppid()), set: true}
	if _, ok := s.vars["PS1"]; !ok {
		ps1 := "$ "
		if os.Geteuid() == 0 {
			ps1 = "# "
		}
		s.vars["PS1"] = &variable{value: ps1, set: true}
	}
	for name, value := range map[string]string{"PS2": "> ", "PS4": "+ "} {
		if _, ok := s.vars[name]; !ok {
			s.vars[name] = &variable{value: value, set: true}
		}
	}
	s.initPWD()
}

// initPWD keeps $PWD only where it names the working directory by an absolute
// path without dot or dot-dot (POSIX 2.5.3).
func (s *Shell) initPWD() {
	if v, ok := s.vars["PWD"]; ok && v.set && goodPWD(v.value) {
		return
	}
	wd, err := unix.Getwd()
	if err != nil {
		delete(s.vars, "PWD")
		return
	}
	s.vars["PWD"] = &variable{value: wd, set: true, export: s.vars["PWD"] != nil && s.vars["PWD"].export}
}

func goodPWD(p string) bool {
	if !strings.HasPrefix(p, "/") {
		return false
	}
	for part := range strings.SplitSeq(p, "/") {
		if part == "." || part == ".." {
			return false
		}
	}
	var a, b unix.Stat_t
	return unix.Stat(p, &a) == nil && unix.Stat(".", &b) == nil && a.Dev == b.Dev && a.Ino == b.Ino
}

// get is the value of a variable. Some are worked out when asked for.
func (s *Shell) get(name string) (string, bool) {
	v := s.vars[name]
	if v == nil || !v.set {
		switch name {
		case "LINENO":
			return itoa(s.line), true
		case "RANDOM":
			if s.random != nil {
				return itoa(s.random.IntN(32768)), true
			}
			return itoa(rand.IntN(32768)), true
		case "PIPESTATUS":
			return s.pipeStatusText(), true
		case "SECONDS":
			return itoa(int(time.Since(s.started) / time.Second)), true
		}
		return "", false
	}
	return v.value, true
}

// pipeStatusText is $PIPESTATUS: the statuses of the last pipeline's commands
// with blanks between them, as jsh has no arrays.
func (s *Shell) pipeStatusText() string {
	if len(s.pipeStatus) == 0 {
		return itoa(s.status)
	}
	text := ""
	for i, st := range s.pipeStatus {
		if i > 0 {
			text += " "
		}
		text += itoa(st)
	}
	return text
}

// set gives a variable a value.
func (s *Shell) set(name, value string) error {
	v := s.vars[name]
	if v == nil {
		v = &variable{}
		s.vars[name] = v
	}
	if v.readonly {
		return readonlyError{name}
	}
	v.value, v.set = value, true
	if v.export || s.opts.allexport {
		v.export = true
		s.env = nil
	}
	s.changed(name)
	return nil
}

// unset removes a variable.
func (s *Shell) unset(name string) error {
	v := s.vars[name]
	if v == nil {
		return nil
	}
	if v.readonly {
		return readonlyError{name}
	}
	if v.export {
		s.env = nil
	}
	delete(s.vars, name)
	s.changed(name)
	return nil
}

// changed lets a variable's new value act.
func (s *Shell) changed(name string) {
	switch name {
	case "PATH":
		clear(s.hashed)
	case "OPTIND":
		s.optionPos = 1
	case "SECONDS", "RANDOM":
		// From bash: a value sets the clock or the seed, and the variable
		// stays what it is.
		v := s.vars[name]
		if v == nil || !v.set || v.readonly {
			return
		}
		n, err := strconv.ParseInt(v.value, 10, 32)
		if err != nil {
			return
		}
		delete(s.vars, name)
		if name == "SECONDS" {
			s.started = time.Now().Add(-time.Duration(n) * time.Second)
		} else {
			s.random = rand.New(rand.NewPCG(uint64(n), 0))
		}
	}
}

// mark sets attributes of a name, creating it without a value where needed.
func (s *Shell) mark(name string, export, readonly bool) {
	v := s.vars[name]
	if v == nil {
		v = &variable{}
		s.vars[name] = v
	}
	v.export = v.export || export
	v.readonly = v.readonly || readonly
	s.env = nil
}

// environ is what programs get: the exported variables. It is made anew only
// after a change.
func (s *Shell) environ() []string {
	if s.env == nil {
		env := append(make([]string, 0, 64), s.foreign...)
		for name, v := range s.vars {
			if v.export && v.set {
				env = append(env, name+"="+v.value)
			}
		}
		sort.Strings(env)
		s.env = env
	}
	return s.env
}

// local hides a variable for the rest of the function call; leave brings it
// back.
func (s *Shell) local(name string) {
	f := s.frames[len(s.frames)-1]
	if _, done := f.saved[name]; done {
		return
	}
	if f.saved == nil {
		f.saved = map[string]*variable{}
	}
	old := s.vars[name]
	f.saved[name] = old
	if old != nil {
		// As in dash and bash's posix mode: the local starts with the value
		// and the export attribute of the one it hides.
		c := *old
		s.vars[name] = &c
	}
}

// unlocal brings back what local hid.
func (s *Shell) unlocal(f *frame) {
	for name, old := range f.saved {
		if old == nil {
			delete(s.vars, name)
		} else {
			s.vars[name] = old
		}
		s.env = nil
		s.changed(name)
	}
}

// originalNoFile is the limit on open files that programs get: the one that the
// shell was started with, not the one that the Go runtime raised it to.
func originalNoFile() *unix.Rlimit {
	if !entry.Known {
		return nil
	}
	return &unix.Rlimit{Cur: entry.NoFile.Cur, Max: entry.NoFile.Max}
}

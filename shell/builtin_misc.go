package shell

import (
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"jsh/shell/edit"
)

func builtinTimes(s *Shell, args []string) int {
	var self, kids unix.Rusage
	unix.Getrusage(unix.RUSAGE_SELF, &self)
	unix.Getrusage(unix.RUSAGE_CHILDREN, &kids)
	row := func(r *unix.Rusage) string {
		f := func(tv unix.Timeval) string {
			d := time.Duration(tv.Nano())
			return itoa(int(d/time.Minute)) + "m" + seconds(d%time.Minute, 3) + "s"
		}
		return f(r.Utime) + " " + f(r.Stime) + "\n"
	}
	return s.outString("times", row(&self)+row(&kids))
}

var reserved = map[string]bool{"!": true, "{": true, "}": true, "case": true, "do": true, "done": true,
	"elif": true, "else": true, "esac": true, "fi": true, "for": true, "if": true, "in": true,
	"then": true, "until": true, "while": true, "time": true, "[[": true, "]]": true}

// describe is command -v and, with words, command -V and type.
func (s *Shell) describe(as string, names []string, words bool, path string) int {
	status := 0
	var b strings.Builder
	for _, n := range names {
		kind, _, p := s.lookup(n)
		_, own := s.own[n]
		own = own && kind == external
		if kind == external && !own && !strings.Contains(n, "/") {
			p = s.search(n, path)
		}
		if kind == external && !isExecutable(p) {
			kind = notFound
		}
		alias, isAlias := s.aliases[n]
		line := ""
		switch {
		case isAlias && words:
			line = n + " is an alias for " + alias
		case isAlias:
			line = "alias " + n + "=" + quoteAlways(alias)
		case reserved[n] && words:
			line = n + " is a reserved word"
		case !words && (reserved[n] || kind == special || kind == ordinary || kind == function):
			line = n
		case kind == special:
			line = n + " is a special shell builtin"
		case kind == ordinary:
			line = n + " is a shell builtin"
		case kind == function:
			line = n + " is a function\n" + s.funcs[n].Source
		case own:
			line = n
			if words {
				line += " is a program that jsh itself is"
			}
		case kind == external:
			line = s.absolute(p)
			if words {
				line = n + " is " + line
			}
		default:
			status = 1
			if words {
				s.complain(n + ": not found")
				status = 127
			}
			continue
		}
		b.WriteString(line + "\n")
	}
	return max(s.outString(as, b.String()), status)
}

func (s *Shell) absolute(p string) string {
	if strings.HasPrefix(p, "/") {
		return p
	}
	return strings.TrimSuffix(s.Var("PWD"), "/") + "/" + strings.TrimPrefix(p, "./")
}

func builtinType(s *Shell, args []string) int {
	a := args[1:]
	if len(a) > 0 && a[0] == "--" {
		a = a[1:]
	}
	return s.describe("type", a, true, s.Var("PATH"))
}

func builtinHash(s *Shell, args []string) int {
	a := args[1:]
	if len(a) > 0 && a[0] == "-r" {
		clear(s.hashed)
		return 0
	}
	if len(a) == 0 {
		names := make([]string, 0, len(s.hashed))
		for n := range s.hashed {
			names = append(names, n)
		}
		sort.Strings(names)
		var b strings.Builder
		for _, n := range names {
			b.WriteString(s.hashed[n] + "\n")
		}
		return s.outString("hash", b.String())
	}
	status := 0
	for _, n := range a {
		if strings.Contains(n, "/") {
			continue
		}
		delete(s.hashed, n)
		if kind, _, _ := s.lookup(n); kind == notFound {
			s.complain("hash: " + n + ": not found")
			status = 1
		}
	}
	return status
}

func builtinUmask(s *Shell, args []string) int {
	a := args[1:]
	symbolic := false
	for len(a) > 0 && (a[0] == "-S" || a[0] == "--") {
		symbolic = symbolic || a[0] == "-S"
		a = a[1:]
	}
	old := unix.Umask(0)
	unix.Umask(old)
	if len(a) == 0 {
		text := "0000" + strconv.FormatInt(int64(old), 8)
		text = text[len(text)-4:]
		if symbolic {
			text = ""
			for i, who := range "ugo" {
				bits := ^old >> (6 - 3*i) & 7
				if i > 0 {
					text += ","
				}
				text += string(who) + "="
				for j, c := range "rwx" {
					if bits>>(2-j)&1 == 1 {
						text += string(c)
					}
				}
			}
		}
		return s.outString("umask", text+"\n")
	}
	if n, err := strconv.ParseUint(a[0], 8, 16); err == nil && n <= 0o777 {
		unix.Umask(int(n))
		return 0
	}
	mode, ok := symbolicMode(a[0], ^old&0o777)
	if !ok {
		return s.usage("umask", a[0]+": neither an octal mask (022) nor a symbolic mode (u=rwx,g-w)")
	}
	unix.Umask(^mode & 0o777)
	return 0
}

// symbolicMode applies a symbolic mode (chmod) to the permissions that a mask
// leaves.
func symbolicMode(text string, mode int) (int, bool) {
	for clause := range strings.SplitSeq(text, ",") {
		who := 0
		i := 0
		for ; i < len(clause) && strings.IndexByte("ugoa", clause[i]) >= 0; i++ {
			switch clause[i] {
			case 'u':
				who |= 0o700
			case 'g':
				who |= 0o070
			case 'o':
				who |= 0o007
			case 'a':
				who |= 0o777
			}
		}
		if who == 0 {
			who = 0o777
		}
		if i >= len(clause) {
			return 0, false
		}
		for i < len(clause) {
			op := clause[i]
			if strings.IndexByte("+-=", op) < 0 {
				return 0, false
			}
			bits := 0
			for i++; i < len(clause) && strings.IndexByte("+-=", clause[i]) < 0; i++ {
				switch clause[i] {
				case 'r':
					bits |= 0o444
				case 'w':
					bits |= 0o222
				case 'x', 'X':
					bits |= 0o111
				case 'u':
					bits |= mode >> 6 & 7 * 0o111
				case 'g':
					bits |= mode >> 3 & 7 * 0o111
				case 'o':
					bits |= mode & 7 * 0o111
				case 's', 't':
				default:
					return 0, false
				}
			}
			switch op {
			case '+':
				mode |= bits & who
			case '-':
				mode &^= bits & who
			case '=':
				mode = mode&^who | bits&who
			}
		}
	}
	return mode, true
}

// limits are the resources of ulimit: letter, kernel number, unit in bytes (1:
// a plain number), words.
var limits = [...]struct {
	letter byte
	which  int
	unit   uint64
	words  string
}{
	{'c', unix.RLIMIT_CORE, 512, "core file size (512-byte blocks)"},
	{'d', unix.RLIMIT_DATA, 1024, "data segment (KiB)"},
	{'f', unix.RLIMIT_FSIZE, 512, "file size (512-byte blocks)"},
	{'l', unix.RLIMIT_MEMLOCK, 1024, "locked memory (KiB)"},
	{'m', unix.RLIMIT_RSS, 1024, "resident memory (KiB)"},
	{'n', unix.RLIMIT_NOFILE, 1, "open files"},
	{'s', unix.RLIMIT_STACK, 1024, "stack (KiB)"},
	{'t', unix.RLIMIT_CPU, 1, "processor time (seconds)"},
	{'u', unix.RLIMIT_NPROC, 1, "processes of this user"},
	{'v', unix.RLIMIT_AS, 1024, "address space (KiB)"},
}

func builtinUlimit(s *Shell, args []string) int {
	a := args[1:]
	soft, hard, all := false, false, false
	letter := byte('f')
	for len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' {
		w := a[0]
		a = a[1:]
		if w == "--" {
			break
		}
		for i := 1; i < len(w); i++ {
			switch w[i] {
			case 'S':
				soft = true
			case 'H':
				hard = true
			case 'a':
				all = true
			default:
				letter = w[i]
			}
		}
	}
	get := func(which int) (r unix.Rlimit) {
		unix.Prlimit(0, which, nil, &r)
		if which == unix.RLIMIT_NOFILE && s.noFile != nil {
			r = *s.noFile
		}
		return r
	}
	show := func(n, unit uint64) string {
		if n == unix.RLIM_INFINITY {
			return "unlimited"
		}
		return strconv.FormatUint(n/unit, 10)
	}
	if all {
		var b strings.Builder
		for _, l := range limits {
			r := get(l.which)
			n := r.Cur
			if hard && !soft {
				n = r.Max
			}
			b.WriteString("-" + string(l.letter) + "  " + l.words + strings.Repeat(" ", 36-len(l.words)) + show(n, l.unit) + "\n")
		}
		return s.outString("ulimit", b.String())
	}
	for _, l := range limits {
		if l.letter != letter {
			continue
		}
		r := get(l.which)
		if len(a) == 0 {
			n := r.Cur
			if hard && !soft {
				n = r.Max
			}
			return s.outString("ulimit", show(n, l.unit)+"\n")
		}
		n := uint64(unix.RLIM_INFINITY)
		switch a[0] {
		case "unlimited":
		case "hard":
			n = r.Max
		case "soft":
			n = r.Cur
		default:
			v, err := strconv.ParseUint(a[0], 10, 64)
			if err != nil {
				return s.usage("ulimit", a[0]+": neither a number nor unlimited, hard or soft")
			}
			n = v * l.unit
		}
		if soft || !hard {
			r.Cur = n
		}
		if hard || !soft {
			r.Max = n
		}
		if err := s.setLimit(l.which, &r); err != nil {
			s.complain("ulimit: " + l.words + ": " + errnoText(err) + ": a soft limit cannot be above the hard one, and only root raises a hard one")
			return 1
		}
		return 0
	}
	return s.usage("ulimit", "-"+string(letter)+": no such limit (ulimit -a lists them)")
}

// setLimit sets a limit of this process, which its children inherit. That on
// open files is kept for the children only: the shell's own descriptors have
// high numbers.
func (s *Shell) setLimit(which int, r *unix.Rlimit) error {
	if which != unix.RLIMIT_NOFILE || s.noFile == nil {
		return unix.Prlimit(0, which, r, nil)
	}
	switch {
	case r.Cur > r.Max:
		return unix.EINVAL
	case r.Max > s.noFile.Max && unix.Geteuid() != 0:
		return unix.EPERM
	case r.Max > s.noFile.Max:
		// The kernel has a say too (fs.nr_open), and children can only be
		// given what this process may have.
		if err := unix.Prlimit(0, which, &unix.Rlimit{Cur: r.Max, Max: r.Max}, nil); err != nil {
			return err
		}
	}
	s.noFile = &unix.Rlimit{Cur: r.Cur, Max: r.Max}
	return nil
}

// builtinHistory is history (from bash): all entries, or the last N; -c forgets
// them (the file stays).
func builtinHistory(s *Shell, args []string) int {
	a := args[1:]
	if len(a) > 0 && a[0] == "--" {
		a = a[1:]
	}
	if len(a) == 1 && a[0] == "-c" {
		if s.repl != nil && s.repl.ed != nil {
			s.repl.ed.ClearHistory()
		}
		return 0
	}
	entries := s.history()
	if len(a) > 0 {
		n, err := strconv.Atoi(a[0])
		if err != nil || n < 0 || len(a) > 1 {
			return s.usage("history", strings.Join(a, " ")+": call it as history [N], or history -c to forget")
		}
		entries = entries[max(0, len(entries)-n):]
	}
	var b strings.Builder
	for _, e := range entries {
		n := itoa(e.Number)
		b.WriteString(strings.Repeat(" ", max(0, 5-len(n))) + n + "  " + strings.ReplaceAll(e.Line, "\n", "\n       ") + "\n")
	}
	return s.outString("history", b.String())
}

// history is what was typed. A subshell of an interactive shell reads the file:
// each entry stands there as soon as it was entered.
func (s *Shell) history() []edit.Entry {
	if s.repl != nil && s.repl.ed != nil {
		return s.repl.ed.Entries()
	}
	if !s.typed {
		return nil
	}
	path, size := s.historyFile()
	ed, err := edit.New(edit.Config{HistoryFile: path, HistorySize: size})
	if err != nil {
		s.complain(err.Error())
	}
	return ed.Entries()
}

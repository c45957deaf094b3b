package shell

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/shell/edit"
)

// fcRequest is how fc was called.
type fcRequest struct {
	list, bare, reverse, again bool
	editor                     string
	old, new                   string // -s old=new
	swap                       bool
	first, last                string
}

// builtinFc is fc (POSIX.1-2024): lists commands of the history, or runs them
// again, edited or not.
func builtinFc(s *Shell, args []string) int {
	q, status := s.fcOptions(args)
	if q == nil {
		return status
	}
	if s.repl == nil || s.repl.ed == nil {
		s.complain("fc: there is no history: this shell is not interactive")
		return 1
	}
	h := s.repl.ed.Entries()
	// The command that runs now is not part of it.
	typed := strings.TrimRight(s.repl.typed.String(), "\n")
	own := len(h) > 0 && h[len(h)-1].Line == typed
	if own {
		h = h[:len(h)-1]
	}
	if len(h) == 0 {
		s.complain("fc: the history is empty")
		return 1
	}
	part, ok := s.fcRange(h, q)
	if !ok {
		return 1
	}
	if q.list {
		return s.fcList(part, q.bare)
	}
	text := ""
	if q.again {
		text = part[0].Line
		if q.swap {
			text = strings.Replace(text, q.old, q.new, 1)
		}
	} else if text, ok = s.fcEdit(part, q.editor); !ok {
		return 1
	}
	text = strings.TrimRight(text, "\n")
	s.say(text)
	// What is run stands in the history in place of fc.
	if own {
		s.repl.ed.DeleteEntry(h[len(h)-1].Number + 1)
	}
	if err := s.repl.ed.AddHistory(text); err != nil {
		s.complain("fc: " + err.Error())
	}
	s.next = s.runText(text, s.name)
	return s.status
}

// fcOptions takes the command line of fc apart; a nil request failed with the
// status. An operand may look like an option: -5 is five commands back.
func (s *Shell) fcOptions(args []string) (*fcRequest, int) {
	q := &fcRequest{}
	a := args[1:]
options:
	for len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' && (a[0][1] < '0' || a[0][1] > '9') {
		w := a[0]
		a = a[1:]
		if w == "--" {
			break
		}
		for i := 1; i < len(w); i++ {
			switch w[i] {
			case 'l':
				q.list = true
			case 'n':
				q.bare = true
			case 'r':
				q.reverse = true
			case 's':
				q.again = true
			case 'e':
				q.editor = w[i+1:]
				if q.editor == "" {
					if len(a) == 0 {
						return nil, s.usage("fc", "-e: the name of an editor is missing")
					}
					q.editor, a = a[0], a[1:]
				}
				continue options
			default:
				return nil, s.usage("fc", "-"+string(rune(w[i]))+": no such option (there are -l list, -n without numbers, -r reversed, -e editor, -s run again)")
			}
		}
	}
	if q.editor == "-" {
		q.again = true // as in older shells
	}
	if q.again && len(a) > 0 {
		if q.old, q.new, q.swap = strings.Cut(a[0], "="); q.swap {
			a = a[1:]
		}
	}
	most := 2
	if q.again {
		most = 1
	}
	if len(a) > most {
		return nil, s.usage("fc", a[most]+": one command too many is named")
	}
	if len(a) > 0 {
		q.first = a[0]
	}
	if len(a) > 1 {
		q.last = a[1]
	}
	return q, 0
}

// fcRange is the commands from first to last, in the order asked for. Without
// first a listing shows the last 16, anything else takes the one before.
func (s *Shell) fcRange(h []edit.Entry, q *fcRequest) ([]edit.Entry, bool) {
	from, to := len(h)-1, len(h)-1
	if q.first == "" && q.list {
		from = max(0, len(h)-16)
	}
	find := func(spec string, def int) (int, bool) {
		if spec == "" {
			return def, true
		}
		i := fcFind(h, spec)
		if i < 0 {
			s.complain("fc: " + spec + ": no such command in the history (fc -l 1 lists it)")
		}
		return i, i >= 0
	}
	var ok bool
	if from, ok = find(q.first, from); !ok {
		return nil, false
	}
	if q.first != "" && !q.list {
		to = from
	}
	if to, ok = find(q.last, to); !ok {
		return nil, false
	}
	reverse := q.reverse
	if from > to {
		from, to, reverse = to, from, !reverse
	}
	part := append([]edit.Entry(nil), h[from:to+1]...)
	if reverse {
		for i, j := 0, len(part)-1; i < j; i, j = i+1, j-1 {
			part[i], part[j] = part[j], part[i]
		}
	}
	return part, true
}

// fcFind finds a command: a number, -n for n back, or how it begins; -1 if
// there is none. A number out of range means the nearest end.
func fcFind(h []edit.Entry, spec string) int {
	n, err := strconv.Atoi(spec)
	switch {
	case err == nil && n < 0:
		return max(0, len(h)+n)
	case err == nil:
		for i := range h {
			if h[i].Number >= n {
				return i
			}
		}
		return len(h) - 1
	}
	for i := len(h) - 1; i >= 0; i-- {
		if strings.HasPrefix(h[i].Line, spec) {
			return i
		}
	}
	return -1
}

func (s *Shell) fcList(part []edit.Entry, bare bool) int {
	var b strings.Builder
	for _, e := range part {
		if !bare {
			b.WriteString(itoa(e.Number))
		}
		b.WriteString("\t" + strings.ReplaceAll(e.Line, "\n", "\n\t") + "\n")
	}
	return s.outString("fc", b.String())
}

// fcEdit lets an editor change the commands: that of -e, $FCEDIT, $EDITOR, or
// ed. A failure of the editor means that nothing is to be run.
func (s *Shell) fcEdit(part []edit.Entry, editor string) (text string, ok bool) {
	for _, name := range []string{"FCEDIT", "EDITOR"} {
		if editor == "" {
			editor = s.Var(name)
		}
	}
	if editor == "" {
		editor = "ed"
	}
	dir := s.Var("TMPDIR")
	if dir == "" {
		dir = "/tmp"
	}
	file := dir + "/jsh-fc." + itoa(s.Kernel.Pid)
	fd, err := unix.Open(file, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC, 0o600)
	if err == nil {
		fd, err = own(fd)
	}
	if err != nil {
		s.complain("fc: " + file + ": cannot create: " + errnoText(err))
		return "", false
	}
	defer unix.Unlink(file)
	defer func() { unix.Close(fd) }()
	for _, e := range part {
		b := []byte(e.Line + "\n")
		if n, err := unix.Write(fd, b); err != nil || n < len(b) {
			s.complain("fc: " + file + ": cannot write: " + errnoText(err))
			return "", false
		}
	}
	if u := s.runText(editor+" "+Quote(file), s.name); u != uwNone {
		s.next = u
		return "", false
	}
	if s.status != 0 {
		return "", false
	}
	// An editor may have put another file in its place.
	unix.Close(fd)
	if fd, err = unix.Open(file, unix.O_RDONLY|unix.O_CLOEXEC, 0); err == nil {
		fd, err = own(fd)
	}
	var b []byte
	if err == nil {
		b, err = readAll(fd)
	}
	if err != nil {
		s.complain("fc: " + file + ": cannot read what was edited: " + errnoText(err))
		return "", false
	}
	return string(b), true
}

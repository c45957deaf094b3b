package explain

import (
	"strings"
	"unicode/utf8"

	"jsh/event"
)

// Style says how a plan is written.
type Style struct {
	Cols   int // no line is wider, where words allow it
	Colour bool
}

// Text writes a plan for a reader.
func (p *Plan) Text(st Style) string {
	w := &writer{cols: min(max(st.Cols, 40), 80) - 1, colour: st.Colour}
	if len(p.Steps) == 0 {
		return "Nothing would be run.\n"
	}
	w.steps(p.Steps, "", false)
	if len(p.Unknown) > 0 {
		w.line("", "", "Not known before:")
		for _, u := range p.Unknown {
			w.line("  ", "  ", u)
		}
	}
	return w.b.String()
}

type writer struct {
	b      strings.Builder
	cols   int
	colour bool
}

func (w *writer) bold(s string) string {
	if w.colour {
		return "\x1b[1m" + s + "\x1b[0m"
	}
	return s
}

// line writes text that is folded to the width; head stands before the first
// part, and indent before the others.
func (w *writer) line(head, indent, text string) {
	words := strings.Fields(event.Visible(text))
	line, n := head, utf8.RuneCountInString(head)
	empty := true
	for _, word := range words {
		k := utf8.RuneCountInString(word)
		if !empty && n+1+k > w.cols {
			w.b.WriteString(strings.TrimRight(line, " ") + "\n")
			line, n, empty = indent, utf8.RuneCountInString(indent), true
		}
		if !empty {
			line, n = line+" ", n+1
		}
		line, n, empty = line+word, n+k, false
	}
	w.b.WriteString(strings.TrimRight(line, " ") + "\n")
}

// title is a heading with the text of a command; a long text is cut.
func (w *writer) title(indent, number, what, text string) {
	text = event.Visible(text)
	room := w.cols - utf8.RuneCountInString(indent+number+what) - 2
	if r := []rune(text); len(r) > room && room > 4 {
		text = string(r[:room-3]) + "..."
	}
	w.b.WriteString(indent + number + what + "  " + w.bold(text) + "\n")
}

// steps writes steps below each other; inside says that a subshell runs them.
func (w *writer) steps(steps []Step, indent string, inside bool) {
	numbered := len(steps) > 1
	for i := range steps {
		s := &steps[i]
		number := ""
		if numbered {
			number = itoa(i+1) + ". "
		}
		in := indent + strings.Repeat(" ", len(number))
		switch s.Kind {
		case Foreground:
			w.title(indent, number, "A job in the foreground:", s.Text)
		case Background:
			w.title(indent, number, "A job in the background:", s.Text)
		case Subst:
			w.title(indent, number, "First, for its output:", s.Text)
		case Inside:
			w.title(indent, number, "In the same group:", s.Text)
		case Unknown:
			w.title(indent, number, "Not known before:", s.Text)
		default:
			who := "In the shell itself:"
			if inside {
				who = "In the subshell itself:"
			}
			w.title(indent, number, who, s.Text)
		}
		in += "  "
		if inside && s.Kind == InShell {
			s.What = strings.Replace(s.What, "the shell itself", "it", 1)
		}
		if s.When != "" {
			w.line(in, in, "When: "+s.When+".")
		}
		switch s.Kind {
		case Foreground:
			w.line(in, in, "A new process group gets the keyboard; the shell waits, and takes it back.")
		case Background:
			w.line(in, in, "A new process group; the keyboard stays with the shell, which goes on at once.")
		}
		if s.What != "" {
			w.line(in, in, strings.ToUpper(s.What[:1])+s.What[1:]+".")
		}
		w.fds(s.FDs, in)
		w.procs(s, in)
		w.steps(s.Inner, in, inside)
	}
}

func (w *writer) procs(s *Step, in string) {
	for i := range s.Procs {
		p := &s.Procs[i]
		word := "process " + itoa(i+1) + "  "
		note := p.Path
		switch {
		case p.Missing:
			note = "not there as of now: execve fails, and the process ends at once"
		case p.Shell && p.Becomes != "":
			note = "a re-executed jsh that becomes " + p.Becomes + " at its end"
		case p.Shell:
			note = "a re-executed jsh"
		}
		if i == 0 && (s.Kind == Foreground || s.Kind == Background) {
			note += ", leads the group"
		}
		w.line(in+word, in+strings.Repeat(" ", len(word)), strings.TrimSuffix(p.Name+": "+note, ": "))
		w.fds(p.FDs, in+"    ")
		w.steps(p.Inner, in+"    ", true)
	}
}

func (w *writer) fds(fds []FD, in string) {
	for _, fd := range fds {
		head := in + "descriptor " + itoa(fd.N) + ": "
		w.line(head, strings.Repeat(" ", len(head)), fd.To)
	}
}

// JSON writes a plan as one JSON object and a newline.
//
//	{"jobs": [{"text": "ls | wc", "keyboard": true,
//	   "processes": [{"name": "ls", "path": "/usr/bin/ls", "shell": false, "becomes": ""}]}],
//	 "unknown": ["…"]}
func (p *Plan) JSON() []byte {
	b := []byte(`{"jobs":[`)
	for i, j := range p.Jobs() {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"text":`...)
		b = event.AppendString(b, j.Text)
		b = append(b, `,"keyboard":`...)
		b = appendBool(b, j.Kind == Foreground)
		b = append(b, `,"processes":[`...)
		for k := range j.Procs {
			if k > 0 {
				b = append(b, ',')
			}
			q := &j.Procs[k]
			b = append(b, `{"name":`...)
			b = event.AppendString(b, q.Name)
			b = append(b, `,"path":`...)
			b = event.AppendString(b, q.Path)
			b = append(b, `,"shell":`...)
			b = appendBool(b, q.Shell)
			b = append(b, `,"becomes":`...)
			b = append(event.AppendString(b, q.Becomes), '}')
		}
		b = append(b, "]}"...)
	}
	b = append(b, `],"unknown":[`...)
	for i, u := range p.Unknown {
		if i > 0 {
			b = append(b, ',')
		}
		b = event.AppendString(b, u)
	}
	return append(b, "]}\n"...)
}

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, "true"...)
	}
	return append(b, "false"...)
}

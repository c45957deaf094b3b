package explain

import (
	"slices"
	"strconv"

	"jsh/parser"
)

// table follows descriptors through redirections, which are made from left to
// right (POSIX 2.7): 2>&1 copies what 1 is at that moment.
type table struct {
	p       *planner
	to      map[int]string
	touched []int
}

func newTable(p *planner) *table { return &table{p: p, to: map[int]string{}} }

func (t *table) put(n int, to string) {
	if _, ok := t.to[n]; !ok {
		t.touched = append(t.touched, n)
	}
	t.to[n] = to
}

// at is where descriptor n leads.
func (t *table) at(n int) string {
	if to, ok := t.to[n]; ok {
		return to
	}
	if to := t.p.sh.Descriptor(n); to != "" {
		return to
	}
	return "closed"
}

// list is all that differs from the shell's own.
func (t *table) list() (fds []FD) {
	slices.Sort(t.touched)
	for _, n := range t.touched {
		fds = append(fds, FD{n, t.to[n]})
	}
	return fds
}

func (t *table) redirect(rs []*parser.Redir) {
	for _, r := range rs {
		t.one(r)
	}
}

func (t *table) one(r *parser.Redir) {
	n := r.N
	name := ""
	if r.Word != nil {
		name = parser.String(r.Word)
		if f, ok := t.p.sh.Fields(r.Word); ok && len(f) == 1 && !t.p.wordDepends(r.Word) {
			name = f[0]
		}
	}
	in := func() int {
		if n < 0 {
			return 0
		}
		return n
	}
	out := func() int {
		if n < 0 {
			return 1
		}
		return n
	}
	switch r.Op {
	case parser.RedirIn:
		t.put(in(), name+", opened for reading")
	case parser.RedirOut:
		t.put(out(), name+", created or emptied")
	case parser.RedirClobber:
		t.put(out(), name+", created or emptied, whatever set -C says")
	case parser.RedirAppend:
		t.put(out(), name+", written at its end")
	case parser.RedirReadWrite:
		t.put(in(), name+", opened for reading and writing")
	case parser.RedirBoth:
		t.put(out(), name+", created or emptied")
		t.put(2, t.at(out()))
	case parser.RedirBothAppend:
		t.put(out(), name+", written at its end")
		t.put(2, t.at(out()))
	case parser.RedirHere:
		what := "a here-document"
		if r.Here != nil && !r.HereQuoted {
			what += ", expanded"
		}
		t.put(in(), what)
	case parser.RedirHereStr:
		t.put(in(), "a here-string")
	case parser.RedirDupIn, parser.RedirDupOut:
		at := out()
		if r.Op == parser.RedirDupIn {
			at = in()
		}
		if name == "-" {
			t.put(at, "closed")
			return
		}
		from, err := strconv.Atoi(name)
		if err != nil {
			t.put(at, "what "+name+" names")
			return
		}
		to := t.at(from)
		if to == "closed" {
			to = "an error: descriptor " + name + " is not open"
		}
		t.put(at, to)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

package check

import (
	"fmt"
	"go/ast"
	"strings"
)

// Predicate is one of the words of the language.
type Predicate struct {
	Name    string
	Args    string  // as an author writes them
	Text    string  // what it says, in a sentence
	Sources Sources // any one of them can prove it
	Source  string  // the same in words

	result kind
	// params are the kinds of the arguments: p a process, s a signal, n a number,
	// x a question, e happened(…), t a text; what stands after ? may be left out.
	params string
	eval   func(w *World, a []node) val
}

const watched = FromShell | FromProc | FromConnector | FromTracer

// predicates is the table of the language, but for happened (happened.go).
var predicates = [...]Predicate{
	{"running", "p", "p is there and not stopped", watched, "the shell, /proc", kBool, "p", running},
	{"stopped", "p, SIG?", "p is stopped; by SIG", watched, "the shell (of its own children), /proc (not by which signal), the tracer", kBool, "p?s", stopped},
	{"ended", "p", "p was there and has ended, however it did", watched, "the shell, /proc", kBool, "p", ended},
	{"exited", "p, n?", "p ended by itself; with status n", watched, "the shell (of its own children), the connector, the tracer", kBool, "p?n", exited},
	{"killed_by", "p, SIG", "p was killed by SIG", watched, "the shell (of its own children), the connector, the tracer", kBool, "ps", killedBy},
	{"alive", "p", "p is there, running or stopped", watched, "the shell, /proc", kBool, "p", alive},
	{"foreground", "p", "p's group has the keyboard of its terminal", watched, "the shell, /proc", kBool, "p", foreground},
	{"background", "p", "p has a terminal, and another group has its keyboard", watched, "the shell, /proc", kBool, "p", background},
	{"zombie", "p", "p has ended and waits to be reaped by its parent", watched &^ FromShell, "/proc", kBool, "p", zombie},
	{"orphaned", "p", "p's group is orphaned (POSIX.1-2024, 3.247)", watched &^ FromShell, "/proc", kBool, "p", orphaned},
	{"adopted", "p", "p's parent is not the process that forked it", watched &^ FromShell, "/proc, the tracer", kBool, "p", adopted},
	{"leads_group", "p", "p's pid is its group's number", watched, "the shell, /proc", kBool, "p", leadsGroup},
	{"leads_session", "p", "p's pid is its session's number", watched &^ FromShell, "/proc, the connector, the tracer", kBool, "p", leadsSession},
	{"pid", "p", "p's number", watched, "the shell, /proc", kNum, "p", pid},
	{"ppid", "p", "the number of p's parent", watched, "the shell, /proc", kNum, "p", ppid},
	{"pgid", "p", "the number of p's process group", watched, "the shell, /proc", kNum, "p", pgid},
	{"sid", "p", "the number of p's session", watched &^ FromShell, "/proc, the connector, the tracer", kNum, "p", sid},
	{"tty", "p", "p's controlling terminal, as \"pts/3\", or none", watched &^ FromShell, "/proc, the tracer", kStr, "p", tty},
	{"state", "p", "\"running\", \"stopped\", \"zombie\" or \"ended\"", watched, "the shell, /proc", kStr, "p", state},
	{"name", "p", "the name of p's program", watched, "the shell, /proc", kStr, "p", name},
	{"job", "p", "the number of the job that p belongs to, or none", FromShell, "the shell", kNum, "p", job},
	{"count", "p", "how many living processes p means; \"*\" is all that came from the shell", watched, "the shell, /proc", kNum, "p", count},
	{"processes", "p", "how many living processes p's group has", watched, "the shell, /proc", kNum, "p", processes},
	{"parent", "p", "p's parent, to be asked further: name(parent(p))", watched, "the shell, /proc", kNum, "p", ppid},
	{"group_of", "p", "the letter that the picture gives p's group", watched &^ FromShell, "/proc", kStr, "p", groupOf},
	{"ignores", "p, SIG", "p ignores SIG", FromFacts, "/proc/PID/status, while p lives", kBool, "ps", ignores},
	{"blocks", "p, SIG", "p blocks SIG", FromFacts, "/proc/PID/status, while p lives", kBool, "ps", blocks},
	{"catches", "p, SIG", "p has a handler for SIG", FromFacts, "/proc/PID/status, while p lives", kBool, "ps", catches},
	{"reads_tty", "p", "p sleeps in a read of its terminal", FromFacts, "/proc/PID/wchan and syscall, while p lives", kBool, "p", readsTTY},
	{"writes_tty", "p", "p sleeps in a write to its terminal, which ^S holds back", FromFacts, "/proc/PID/wchan and syscall, while p lives", kBool, "p", writesTTY},
	{"polls", "p", "p sleeps until a descriptor of its is ready, as editors and servers do", FromFacts, "/proc/PID/wchan, while p lives", kBool, "p", polls},
	{"waits", "p", "p sleeps until a child of its changes", FromFacts, "/proc/PID/wchan, while p lives", kBool, "p", waits},
	{"umask", "p", "p's umask: umask(p) == 022", FromFacts, "/proc/PID/status, while p lives", kNum, "p", umask},
	{"cwd", "p", "p's working directory", FromFacts, "/proc/PID/cwd, while p lives", kStr, "p", cwd},
	{"fd", "p, n", "what p's descriptor n leads to, as \"/dev/null\" or \"pipe:[123]\"; none if it is closed", FromFacts, "/proc/PID/fd, while p lives", kStr, "pn", fd},
	{"holds", "p, text", "p has a file open whose name or path is this one", FromFacts, "/proc/PID/fd, while p lives", kBool, "pt", holds},
	{"before", "happened(…), happened(…)", "both happened, and after the first one the second (also if it had happened before it, too)", watched | FromKeys | FromPuppet, "as for the two", kBool, "ee", before},
	{"status", "", "$? of the last command line", FromShell, "the shell", kNum, "", status},
	{"prompt", "", "the shell is at its prompt", FromShell, "the shell", kBool, "", prompt},
	{"line", "text", "the last command line was this one; for teaching how to type, never for an effect", FromShell, "the shell", kBool, "t", line},
	{"each", "p, QUESTION", "the question about it holds for each process that p means, and there is one", watched, "as for the question", kBool, "px", each},
	{"seen", "QUESTION", "the question is known to hold: false where nobody can tell, not unknown", watched, "as for the question, or nobody", kBool, "x", seen},
	{"once", "QUESTION", "the question held at a moment since the step began, or since the prediction was given", watched, "as for the question", kBool, "x", once},
	{"any", "p, QUESTION", "the question about it holds for a process that p means", watched, "as for the question", kBool, "px", anyOf},
}

// Predicates are the words of the language, happened with each of its kinds at
// the end.
func Predicates() []Predicate {
	all := append([]Predicate(nil), predicates[:]...)
	for i := range happenings {
		h := &happenings[i]
		args := h.name
		if h.args != "" {
			args += ", " + h.args
		}
		all = append(all, Predicate{Name: "happened", Args: args, Text: h.text, Sources: h.sources, Source: h.source})
	}
	return all
}

func names() string {
	var list []string
	for i := range predicates {
		list = append(list, predicates[i].Name)
	}
	return strings.Join(list, " ") + " happened"
}

// call is a predicate with its arguments, or happened(…).
type call struct {
	p        *Predicate
	happened *happening
	args     []node
}

func (c *call) kind() kind {
	if c.happened != nil {
		return kEvent
	}
	return c.p.result
}

func (c *call) eval(w *World) val {
	if c.happened != nil {
		return c.evalEvent(w)
	}
	return c.p.eval(w, c.args)
}

func (c *call) proved(have Sources) string {
	sources, what, who := Sources(0), "", ""
	if c.happened != nil {
		sources, what, who = c.happened.sources, "happened("+c.happened.name+", …)", c.happened.source
	} else {
		sources, what, who = c.p.Sources, c.p.Name+"(…)", c.p.Source
	}
	if sources&have == 0 {
		return what + " can only be told by: " + who
	}
	for _, a := range c.args {
		if m := a.proved(have); m != "" {
			return m
		}
	}
	return ""
}

func (c compiler) call(name string, x *ast.CallExpr) (node, error) {
	var p *Predicate
	for i := range predicates {
		if predicates[i].Name == name {
			p = &predicates[i]
		}
	}
	if p == nil {
		return nil, fmt.Errorf("there is no predicate %s; there are %s", name, names())
	}
	args, err := c.args(name+"("+p.Args+")", p.params, x.Args)
	if err != nil {
		return nil, err
	}
	return &call{p: p, args: args}, nil
}

// args reads arguments by the letters of params.
func (c compiler) args(usage, params string, given []ast.Expr) ([]node, error) {
	must, may, _ := strings.Cut(params, "?")
	kinds := must + may
	if len(given) < len(must) || len(given) > len(kinds) {
		return nil, fmt.Errorf("it is written %s", usage)
	}
	var args []node
	for i, x := range given {
		n, err := c.node(x)
		if err != nil {
			return nil, err
		}
		if kinds[i] == 'p' {
			if n, err = operand(n); err != nil {
				return nil, fmt.Errorf("%w; it is written %s", err, usage)
			}
		}
		want := map[byte]kind{'p': kProc, 's': kSig, 'n': kNum, 't': kStr, 'e': kEvent, 'x': kBool, 'g': kErrno}[kinds[i]]
		if k := n.kind(); k != want && !(want == kBool && k == kEvent) {
			return nil, fmt.Errorf("argument %d is %s, but should be %s; it is written %s", i+1, k, want, usage)
		}
		args = append(args, n)
	}
	return args, nil
}

// operand makes of a text, a number or a pid an operand that names processes.
func operand(n node) (node, error) {
	switch n.kind() {
	case kProc:
		return n, nil
	case kNum:
		return &process{n: n}, nil
	case kStr:
		k, ok := n.(*constant)
		if !ok || k.v.str == "" {
			return nil, fmt.Errorf("a process is named in \"quotes\", by a pid or by a job as \"%%1\"")
		}
		return &process{word: k.v.str}, nil
	}
	return nil, fmt.Errorf("%s names no process", n.kind())
}

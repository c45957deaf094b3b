package check

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Expr is a compiled expression.
type Expr struct {
	src  string
	root node
	uses map[string]bool // the names of the predicates in it
}

// node is a part of an expression.
type node interface {
	kind() kind
	eval(w *World) val
	// proved says what of it the sources in have cannot see; "" is nothing.
	proved(have Sources) string
}

// kind is the type of a part's value.
type kind uint8

const (
	kBool kind = iota
	kNum
	kStr
	kProc  // processes
	kSig   // a signal's number
	kErrno // an error's
	kEvent // happened(…): true or false, and a place in the log
	kNone  // none
	kWord  // the first word of happened
)

func (k kind) String() string {
	return [...]string{"a question", "a number", "a text", "a process", "a signal", "an error's name", "happened(…)", "none", "a word"}[k]
}

// val is the value of a part in a world.
type val struct {
	truth Truth // of kBool and kEvent
	known bool  // of the others: num or str or none is what it says
	none  bool
	num   int
	str   string
	who   []about // of kProc
	job   bool    // who are the members of a group
	why   string
}

// Compile reads an expression. The error says where it is wrong, and what there is.
func Compile(src string) (*Expr, error) {
	x, err := parser.ParseExpr(src)
	if err != nil {
		var list scanner.ErrorList
		if errors.As(err, &list) && len(list) > 0 {
			if list[0].Pos.Column > 0 {
				return nil, fmt.Errorf("column %d: %s", list[0].Pos.Column, list[0].Msg)
			}
			return nil, errors.New(list[0].Msg)
		}
		return nil, err
	}
	c := compiler{}
	root, err := c.node(x)
	if err != nil {
		return nil, err
	}
	uses := map[string]bool{}
	ast.Inspect(x, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			if id, ok := c.Fun.(*ast.Ident); ok {
				uses[id.Name] = true
			}
		}
		return true
	})
	return &Expr{src, root, uses}, nil
}

// String is the expression's text.
func (e *Expr) String() string { return e.src }

// Question says whether the expression is true or false, not a number or a text.
func (e *Expr) Question() bool { k := e.root.kind(); return k == kBool || k == kEvent }

// Number says whether its value is a number.
func (e *Expr) Number() bool { return e.root.kind() == kNum }

// IsEvent says whether it is happened(…), which has a place in the log.
func (e *Expr) IsEvent() bool { return e.root.kind() == kEvent }

// Eval says whether it is true in w, or what its value is.
func (e *Expr) Eval(w *World) Verdict {
	w.fold(len(w.Events))
	return e.verdict(w)
}

// EvalFor is Eval with "it" being the process pid.
func (e *Expr) EvalFor(w *World, pid int) Verdict {
	w.fold(len(w.Events))
	in := *w
	if in.it = w.byPid(pid); in.it == nil {
		return Verdict{Why: "there is no process " + strconv.Itoa(pid)}
	}
	return e.verdict(&in)
}

// EvalNamed is EvalFor with the newest process that a name means; its pid is 0
// if there is none.
func (e *Expr) EvalNamed(w *World, name string) (v Verdict, pid int) {
	w.fold(len(w.Events))
	who := w.named(name)
	if len(who) == 0 {
		return Verdict{Why: w.nobody(name)}, 0
	}
	in := *w
	in.it = who[len(who)-1].life
	return e.verdict(&in), in.it.pid
}

// Pid is the newest process that a name means; 0 if there is none, or if it has
// ended.
func (w *World) Pid(name string) int {
	if p := w.newest(name); p != nil && !p.ended {
		return p.pid
	}
	return 0
}

// LastPid is Pid of a process that may have ended.
func (w *World) LastPid(name string) int {
	if p := w.newest(name); p != nil {
		return p.pid
	}
	return 0
}

func (w *World) newest(name string) *about {
	w.fold(len(w.Events))
	who := w.named(name)
	if len(who) == 0 {
		return nil
	}
	return &who[len(who)-1]
}

func (e *Expr) verdict(w *World) Verdict {
	v := e.root.eval(w)
	if e.Question() {
		return Verdict{Truth: v.truth, Why: v.why}
	}
	out := Verdict{Why: v.why}
	if v.known {
		out.Truth = True // there is a value
		switch {
		case v.none:
		case e.root.kind() == kStr:
			out.Value = v.str
		default:
			out.Value = v.num
		}
	}
	return out
}

// First is where in the log the event of a happened(…) stands first, from w.From
// on; ok is false if it is not there.
func (e *Expr) First(w *World) (seq uint64, ok bool) {
	c, isCall := e.root.(*call)
	if !isCall || c.happened == nil {
		return 0, false
	}
	w.fold(len(w.Events))
	return c.first(w)
}

// ProvedBy says whether the sources in have can prove all that the expression
// asks; if not, missing says in a sentence what they cannot.
func (e *Expr) ProvedBy(have Sources) (missing string, ok bool) {
	missing = e.root.proved(have)
	return missing, missing == ""
}

// Lacks is the evidence of the first of several questions that does not hold, ""
// where all do. One that is nil was not compiled, and is not asked.
func Lacks(list []*Expr, w *World) string {
	for _, e := range list {
		if e == nil {
			continue
		}
		if v := e.Eval(w); !v.Holds() {
			return v.Explain()
		}
	}
	return ""
}

// Uses says whether a predicate of that name occurs in it.
func (e *Expr) Uses(name string) bool { return e.uses[name] }

// compiler makes nodes of Go's syntax tree.
type compiler struct{}

func (c compiler) node(x ast.Expr) (node, error) {
	switch x := x.(type) {
	case *ast.ParenExpr:
		return c.node(x.X)
	case *ast.BasicLit:
		return literal(x)
	case *ast.Ident:
		return c.ident(x)
	case *ast.UnaryExpr:
		n, err := c.node(x.X)
		if err != nil {
			return nil, err
		}
		switch {
		case x.Op == token.NOT:
			if err := question(n, "!"); err != nil {
				return nil, err
			}
			return &not{n}, nil
		case x.Op == token.SUB && n.kind() == kNum:
			if k, ok := n.(*constant); ok {
				k.v.num = -k.v.num
				return k, nil
			}
		}
		return nil, fmt.Errorf("%s is not known here", x.Op)
	case *ast.BinaryExpr:
		return c.binary(x)
	case *ast.CallExpr:
		id, ok := x.Fun.(*ast.Ident)
		if !ok {
			return nil, errors.New("what stands before ( is the name of a predicate")
		}
		if id.Name == "happened" {
			return c.happened(x)
		}
		return c.call(id.Name, x)
	}
	return nil, errors.New("an expression has predicates, && || ! ( ), comparisons, \"texts\" and numbers; nothing else")
}

func question(n node, op string) error {
	if k := n.kind(); k != kBool && k != kEvent {
		return fmt.Errorf("beside %s stands a question, which is true or false; this is %s", op, k)
	}
	return nil
}

func (c compiler) binary(x *ast.BinaryExpr) (node, error) {
	a, err := c.node(x.X)
	if err != nil {
		return nil, err
	}
	b, err := c.node(x.Y)
	if err != nil {
		return nil, err
	}
	switch x.Op {
	case token.LAND, token.LOR:
		for _, n := range []node{a, b} {
			if err := question(n, x.Op.String()); err != nil {
				return nil, err
			}
		}
		return &both{pair{a, b}, x.Op == token.LAND}, nil
	case token.EQL, token.NEQ, token.LSS, token.GTR, token.LEQ, token.GEQ:
		ka, kb := a.kind(), b.kind()
		if ka == kBool || kb == kBool || ka == kEvent || kb == kEvent {
			return nil, fmt.Errorf("a question is true or false and is not compared; write it alone, or with ! before it")
		}
		if ka == kProc || kb == kProc {
			return nil, errors.New("a process is not compared; compare its pid(…), pgid(…), name(…)")
		}
		if ka != kb && ka != kNone && kb != kNone {
			return nil, fmt.Errorf("%s is compared with %s", ka, kb)
		}
		if x.Op != token.EQL && x.Op != token.NEQ && (ka != kNum || kb != kNum) {
			return nil, fmt.Errorf("%s compares numbers", x.Op)
		}
		return &compare{pair{a, b}, x.Op}, nil
	case token.ADD, token.SUB:
		if a.kind() == kNum && b.kind() == kNum {
			return &sum{pair{a, b}, x.Op == token.SUB}, nil
		}
	}
	return nil, fmt.Errorf("%s is not known here; there are && || == != < <= > >= + -", x.Op)
}

func literal(x *ast.BasicLit) (node, error) {
	switch x.Kind {
	case token.INT:
		n, err := strconv.ParseInt(x.Value, 0, 0)
		if err != nil {
			return nil, fmt.Errorf("%s is too big a number", x.Value)
		}
		return &constant{kNum, val{known: true, num: int(n), why: x.Value}}, nil
	case token.STRING:
		s, err := strconv.Unquote(x.Value)
		if err != nil {
			return nil, err
		}
		return &constant{kStr, val{known: true, str: s, why: s}}, nil
	}
	return nil, fmt.Errorf("%s: only whole numbers and \"texts\" can be written", x.Value)
}

func (c compiler) ident(x *ast.Ident) (node, error) {
	switch x.Name {
	case "none":
		return &constant{kNone, val{known: true, none: true, why: "none"}}, nil
	case "true", "false":
		t := False
		if x.Name == "true" {
			t = True
		}
		return &constant{kBool, val{truth: t, why: x.Name}}, nil
	case "it", "shell":
		return &process{word: x.Name}, nil
	}
	if sig := SigNumber(x.Name); sig != 0 {
		return &constant{kSig, val{known: true, num: sig, why: x.Name}}, nil
	}
	if n := errnoNumber(x.Name); n != 0 {
		return &constant{kErrno, val{known: true, num: n, why: x.Name}}, nil
	}
	return nil, fmt.Errorf("%s is not known; a process is named in \"quotes\", a signal as SIGINT", x.Name)
}

// SigNumber is the signal with this name, SIG and all; 0 if there is none.
func SigNumber(name string) int {
	if !strings.HasPrefix(name, "SIG") {
		return 0
	}
	return int(unix.SignalNum(name))
}

func errnoNumber(name string) int {
	if !strings.HasPrefix(name, "E") {
		return 0
	}
	for n := 1; n < 134; n++ {
		if unix.ErrnoName(unix.Errno(n)) == name {
			return n
		}
	}
	return 0
}

package expand

import (
	"strconv"

	"jsh/parser"
)

// maxDepth is how deep the values of variables may be expressions that name
// variables; beyond it they are taken to go round in a circle.
const maxDepth = 1024

// maxNest is how deep all of that may nest in parentheses, signs and choices.
const maxNest = 10000

// arith evaluates one arithmetic expression (2.6.4) while it reads it: the
// integer operators of C, with its precedences, on 64 bits that wrap around;
// ++, --, the comma and base#digits as in bash. Branches that C does not
// evaluate are read with skip set, and then have no effect.
type arith struct {
	x    *Expander
	s    string
	i    int // the next byte to read
	skip int // how many branches deep in what is not evaluated
	err  *Error
}

// operand is a value, or a variable that has not been read yet: it must not be
// if it is only assigned to.
type operand struct {
	n    int64
	name string
	at   int // where it begins
}

// eval evaluates an expression; pos is the place of the $(( that it stood in.
func (x *Expander) eval(expr string, pos parser.Pos) (int64, error) {
	if n, ok := constant(expr); ok {
		return n, nil
	}
	a := arith{x: x, s: expr}
	if a.blank(); a.i == len(expr) {
		return 0, nil // as in bash
	}
	n := a.value(a.comma())
	if a.blank(); a.err == nil && a.i < len(expr) {
		a.fail("syntax error", a.i)
	}
	if a.err != nil {
		if a.err.Pos == (parser.Pos{}) {
			a.err.Pos = pos
		}
		return 0, a.err
	}
	return n, nil
}

// fail records the first error and ends the reading.
func (a *arith) fail(msg string, at int) {
	if a.err == nil {
		a.err = &Error{Kind: BadArith, Msg: msg, Expr: a.s, At: at}
	}
	a.i = len(a.s)
}

// enter goes one level deeper in the grammar, leave comes back.
func (a *arith) enter() {
	if a.x.nest++; a.x.nest > maxNest {
		a.fail("nested too deeply", a.i)
	}
}

func (a *arith) leave() { a.x.nest-- }

func (a *arith) blank() {
	for a.i < len(a.s) {
		switch a.s[a.i] {
		case ' ', '\t', '\n', '\r', '\v', '\f':
			a.i++
		default:
			return
		}
	}
}

// next gives the byte n after the next one, 0 beyond the end.
func (a *arith) next(n int) byte {
	if a.i+n < len(a.s) {
		return a.s[a.i+n]
	}
	return 0
}

// value reads the variable that an operand may be. A value that is not an
// integer constant is evaluated as an expression, as in bash.
func (a *arith) value(o operand) int64 {
	if o.name == "" || a.skip > 0 || a.err != nil {
		return o.n
	}
	v, set := a.x.Env.Get(o.name)
	if !set && a.x.Opts.NoUnset {
		a.err = &Error{Kind: Unset, Name: o.name, Msg: "parameter not set"}
		a.i = len(a.s)
		return 0
	}
	if n, ok := constant(v); ok {
		return n
	}
	if a.x.depth >= maxDepth {
		a.fail("the value of "+o.name+" leads back to itself", o.at)
		return 0
	}
	a.x.depth++
	n, err := a.x.eval(v, parser.Pos{})
	a.x.depth--
	if err != nil {
		a.err = err.(*Error)
		a.i = len(a.s)
	}
	return n
}

// assign sets the variable that o must be.
func (a *arith) assign(o operand, n int64) operand {
	if a.skip > 0 || a.err != nil {
		return operand{n: n, at: o.at}
	}
	if err := a.x.Env.Set(o.name, strconv.FormatInt(n, 10)); err != nil {
		a.err = &Error{Kind: NotSet, Name: o.name, Msg: err.Error(), Err: err}
		a.i = len(a.s)
	}
	return operand{n: n, at: o.at}
}

// comma is the lowest precedence: expression, expression.
func (a *arith) comma() operand {
	for {
		o := a.assignment()
		if a.blank(); a.next(0) != ',' {
			return o
		}
		a.value(o)
		a.i++
	}
}

// assignment is a conditional expression, or variable op= assignment.
func (a *arith) assignment() operand {
	a.enter()
	defer a.leave()
	o := a.conditional()
	a.blank()
	op, _, n := a.operator()
	if op == opNone && a.next(0) == '=' && a.next(1) != '=' {
		n = 1
	} else if op != opNone && a.assigns(op, n) {
		n++
	} else {
		return o
	}
	at := a.i
	if o.name == "" {
		a.fail("only a variable can be assigned to", at)
		return o
	}
	if a.i += n; op == opNone {
		return a.assign(o, a.value(a.assignment()))
	}
	l := a.value(o)
	return a.assign(o, a.binary(op, l, a.value(a.assignment()), at))
}

// conditional is a ? b : c.
func (a *arith) conditional() operand {
	a.enter()
	defer a.leave()
	c := a.binaries(precOr)
	if a.blank(); a.next(0) != '?' {
		return c
	}
	at := a.i
	a.i++
	yes := a.value(c) != 0
	if !yes {
		a.skip++
	}
	l := a.value(a.comma())
	if !yes {
		a.skip--
	}
	if a.blank(); a.next(0) != ':' {
		a.fail("this ? has no :", at)
		return c
	}
	a.i++
	if yes {
		a.skip++
	}
	r := a.value(a.conditional())
	if yes {
		a.skip--
		return operand{n: l, at: c.at}
	}
	return operand{n: r, at: c.at}
}

// binaries reads the binary operators of at least one precedence.
func (a *arith) binaries(least prec) operand {
	l := a.unary()
	for {
		a.blank()
		op, p, n := a.operator()
		if op == opNone || p < least || a.assigns(op, n) {
			return l
		}
		at := a.i
		a.i += n
		x := a.value(l)
		known := op == opAndAnd && x == 0 || op == opOrOr && x != 0
		if known {
			a.skip++
		}
		y := a.value(a.binaries(p + 1))
		if known {
			a.skip--
		}
		l = operand{n: a.binary(op, x, y, at), at: l.at}
	}
}

// unary is an operand with the operators before and after it.
func (a *arith) unary() operand {
	a.enter()
	defer a.leave()
	a.blank()
	at, c := a.i, a.next(0)
	switch c {
	case '+', '-':
		a.i++
		if a.next(0) == c {
			a.i++
			if a.blank(); isNameStart(a.next(0)) {
				o := a.primary()
				return a.assign(o, a.value(o)+step(c))
			}
			a.i = at + 1
		}
		n := a.value(a.unary())
		if c == '-' {
			n = -n
		}
		return operand{n: n, at: at}
	case '!':
		a.i++
		return operand{n: truth(a.value(a.unary()) == 0), at: at}
	case '~':
		a.i++
		return operand{n: ^a.value(a.unary()), at: at}
	}
	o := a.primary()
	if o.name == "" {
		return o
	}
	a.blank()
	if c = a.next(0); c != '+' && c != '-' || a.next(1) != c {
		return o
	}
	// x--1 is what $((x-$y)) makes with a negative y: there no operator of its
	// own stands between x and the 1.
	begin := a.i
	a.i += 2
	if a.blank(); a.operandBegins() {
		a.i = begin
		return o
	}
	n := a.value(o)
	a.assign(o, n+step(c))
	return operand{n: n, at: at}
}

func step(c byte) int64 {
	if c == '-' {
		return -1
	}
	return 1
}

func (a *arith) operandBegins() bool {
	c := a.next(0)
	return isName(c) || c == '(' || c == '~' || c == '!' && a.next(1) != '='
}

// primary is a number, a variable or a parenthesized expression.
func (a *arith) primary() operand {
	a.blank()
	at, c := a.i, a.next(0)
	switch {
	case isNameStart(c):
		for isName(a.next(0)) {
			a.i++
		}
		return operand{name: a.s[at:a.i], at: at}
	case '0' <= c && c <= '9':
		return operand{n: a.number(), at: at}
	case c == '(':
		a.i++
		n := a.value(a.comma())
		if a.blank(); a.next(0) != ')' {
			a.fail("this ( has no )", at)
		}
		a.i++
		return operand{n: n, at: at}
	}
	if a.i == len(a.s) {
		a.fail("an operand is missing", a.i)
	} else {
		a.fail("syntax error: an operand is wanted here", a.i)
	}
	return operand{at: at}
}

package check

import "errors"

// Expr is a compiled expression.
type Expr struct{ src string }

// Compile reads an expression; the error says what is wrong and what there is.
func Compile(src string) (*Expr, error) {
	if src == "" {
		return nil, errors.New("an empty expression")
	}
	return &Expr{src}, nil
}

// String is the expression's text.
func (e *Expr) String() string { return e.src }

// Eval says whether it is true in w.
func (e *Expr) Eval(w *World) Verdict { return Verdict{} }

// EvalFor is Eval with "it" being the process pid.
func (e *Expr) EvalFor(w *World, pid int) Verdict { return Verdict{} }

// First is where in the log the event of a happened(…) stands first, from w.From
// on; ok is false if it is not there.
func (e *Expr) First(w *World) (seq uint64, ok bool) { return 0, false }

// ProvedBy says whether the sources in have can prove all that the expression
// asks; if not, missing says what they cannot.
func (e *Expr) ProvedBy(have Sources) (missing string, ok bool) { return "", true }

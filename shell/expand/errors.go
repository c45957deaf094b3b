package expand

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"jsh/parser"
)

// Kind says what sort of Error it is: POSIX gives each its own consequences
// (2.8.1).
type Kind uint8

const (
	Message  Kind = iota // ${x?word} of an unset parameter
	Unset                // an unset parameter under set -u
	BadSubst             // a ${…} that means nothing, or that cannot be assigned to
	NotSet               // the shell refused an assignment (a readonly variable)
	BadArith             // an arithmetic expression that cannot be evaluated
)

// Error is an expansion error.
type Error struct {
	Kind Kind
	Pos  parser.Pos
	Name string // the parameter; empty where none is to blame
	Msg  string // what is wrong, without Pos and Name

	// Expr and At are for BadArith: the expression, and the byte in it
	// (counted from 0) where it went wrong.
	Expr string
	At   int
	// Err is what Env.Set answered, for NotSet.
	Err error
}

// Error gives one line: the parameter or the expression, then what is wrong.
func (e *Error) Error() string {
	switch {
	case e.Kind == BadArith && e.Expr != "":
		return e.Expr + ": " + e.Msg + " at character " + strconv.Itoa(e.column()+1)
	case e.Name != "":
		return e.Name + ": " + e.Msg
	}
	return e.Msg
}

// Caret gives two lines for a BadArith error: the expression, and a caret
// below the byte where it went wrong. It is empty for the other kinds and for
// an expression of more than one line.
func (e *Error) Caret() string {
	if e.Kind != BadArith || e.Expr == "" || strings.ContainsAny(e.Expr, "\n\t") {
		return ""
	}
	return e.Expr + "\n" + strings.Repeat(" ", e.column()) + "^"
}

// column is At in characters.
func (e *Error) column() int { return utf8.RuneCountInString(e.Expr[:e.At]) }

// Unwrap gives the error of Env.Set.
func (e *Error) Unwrap() error { return e.Err }

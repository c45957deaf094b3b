package shell

import (
	"jsh/parser"
	"jsh/shell/expand"
	"jsh/shell/plain"
)

// runCond is [[ … ]] (from bash): operands are not split and not matched
// against files; == and != match a pattern, =~ an extended regular expression.
// What the parentheses of one matched is not kept: that would be an array
// (BASH_REMATCH), and jsh has none.
func (s *Shell) runCond(c *parser.Cond) unwind {
	s.line = c.Start.Line
	s.syncOpts()
	ok, err := s.cond(c.X)
	if err != nil {
		if m, is := err.(condError); is {
			return s.fail(2, "[[: "+string(m), false)
		}
		return s.expansionFailed(err, 1, false)
	}
	s.status = b2i(!ok)
	return uwNone
}

type condError string

func (e condError) Error() string { return string(e) }

func (s *Shell) cond(x parser.CondExpr) (bool, error) {
	switch x := x.(type) {
	case *parser.CondNot:
		ok, err := s.cond(x.X)
		return !ok, err
	case *parser.CondLogic:
		ok, err := s.cond(x.X)
		if err != nil || ok == x.Or {
			return ok, err
		}
		return s.cond(x.Y)
	case *parser.CondWord:
		v, err := s.x.Field(x.X)
		return v != "", err
	case *parser.CondUnary:
		v, err := s.x.Field(x.X)
		if err != nil {
			return false, err
		}
		return s.condTest(x.Op, v)
	case *parser.CondBinary:
		l, err := s.x.Field(x.X)
		if err != nil {
			return false, err
		}
		switch x.Op {
		case "=", "==", "!=":
			p, err := s.x.Pattern(x.Y)
			return err == nil && p.Match(l) == (x.Op != "!="), err
		case "=~":
			re, err := s.x.Regex(x.Y)
			if m, is := err.(expand.RegexError); is {
				return false, condError("=~: " + string(m))
			}
			return err == nil && re.Match(l), err
		}
		r, err := s.x.Field(x.Y)
		if err != nil {
			return false, err
		}
		return s.condTest(l, x.Op, r)
	}
	return false, condError("unknown expression")
}

func (s *Shell) condTest(args ...string) (bool, error) {
	status, msg := plain.Test("test", args, testFS{s: s})
	if msg != "" {
		return false, condError(msg)
	}
	return status == 0, nil
}

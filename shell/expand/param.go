package expand

import (
	"strconv"
	"strings"

	"jsh/parser"
)

// param expands $x or ${…} (2.6.2). Its own text has kind k.
func (r *run) param(p *parser.Param, where place, k kind) error {
	if p.Name == "@" || p.Name == "*" {
		return r.list(p, where, k)
	}
	switch p.Op {
	case parser.ParamPlain, parser.ParamLength:
		v, err := r.x.value(p)
		if err != nil {
			return err
		}
		r.add(v, k)
		return nil
	case parser.ParamTrimSuffix, parser.ParamTrimSuffixLong, parser.ParamTrimPrefix, parser.ParamTrimPrefixLong:
		v, err := r.x.value(p)
		if err != nil {
			return err
		}
		pat, err := r.x.pattern(p.Arg, top)
		if err != nil {
			return err
		}
		r.add(trim(v, &pat, p.Op), k)
		return nil
	}
	v, set, err := r.x.lookup(p)
	if err != nil {
		return err
	}
	if p.Colon && v == "" {
		set = false
	}
	switch p.Op {
	case parser.ParamDefault, parser.ParamAlternative:
		if set == (p.Op == parser.ParamDefault) {
			if set {
				r.add(v, k)
			}
			return nil
		}
		return r.arg(p, where)
	case parser.ParamAssign:
		if !set {
			if v, err = r.x.assignDefault(p, where); err != nil {
				return err
			}
		}
	case parser.ParamError:
		if !set {
			return r.x.message(p, where)
		}
	default:
		return badSubst(p)
	}
	r.add(v, k)
	return nil
}

// arg expands the word of ${x-word} or ${x+word} in place of the parameter. In
// double-quotes a "$@" in it that makes no field does not make the whole vanish:
// so do bash, dash and mksh.
func (r *run) arg(p *parser.Param, where place) error {
	if where != inQuotes {
		return r.word(p.Arg, inBraces)
	}
	noArgs := r.noArgs
	err := r.word(p.Arg, where)
	r.noArgs = noArgs
	return err
}

// value tells the value of a parameter, or its length: what $x, ${#x}, and
// ${x%w} begin with. An unset one is empty, or under set -u an error.
func (x *Expander) value(p *parser.Param) (string, error) {
	v, set, err := x.lookup(p)
	if err != nil {
		return "", err
	}
	if !set && x.Opts.NoUnset {
		return "", &Error{Kind: Unset, Pos: p.Start, Name: p.Name, Msg: "parameter not set"}
	}
	if p.Op == parser.ParamLength {
		return strconv.Itoa(x.chars(v)), nil
	}
	return v, nil
}

// lookup finds the value of any parameter but @ and *.
func (x *Expander) lookup(p *parser.Param) (value string, set bool, err error) {
	if p.Name == "" {
		return "", false, badSubst(p)
	}
	switch c := p.Name[0]; {
	case isNameStart(c):
		value, set = x.Env.Get(p.Name)
	case '0' <= c && c <= '9':
		n := 0
		for i := 0; i < len(p.Name) && n < 1<<30; i++ {
			if d := p.Name[i] - '0'; d <= 9 {
				n = n*10 + int(d)
				continue
			}
			return "", false, badSubst(p)
		}
		if n == 0 {
			value, set = x.Env.Special('0')
		} else if args := x.Env.Args(); n <= len(args) {
			value, set = args[n-1], true
		}
	case len(p.Name) == 1 && strings.IndexByte("?-$!#", c) >= 0:
		value, set = x.Env.Special(c)
	default:
		return "", false, badSubst(p)
	}
	return value, set, nil
}

// assignDefault is ${x=word} where x has no value: word, without splitting and
// quotes, becomes the value.
func (x *Expander) assignDefault(p *parser.Param, where place) (string, error) {
	if p.Name == "" || !isNameStart(p.Name[0]) {
		return "", &Error{Kind: BadSubst, Pos: p.Start, Name: p.Name, Msg: "only a variable can be assigned to"}
	}
	v, err := x.str(p.Arg, where, false)
	if err != nil {
		return "", err
	}
	if err = x.Env.Set(p.Name, v); err != nil {
		return "", &Error{Kind: NotSet, Pos: p.Start, Name: p.Name, Msg: err.Error(), Err: err}
	}
	v, _ = x.Env.Get(p.Name)
	return v, nil
}

// message is ${x?word} where x has no value.
func (x *Expander) message(p *parser.Param, where place) error {
	msg, err := x.str(p.Arg, where, false)
	if err != nil {
		return err
	}
	if msg == "" {
		msg = "parameter not set"
		if p.Colon {
			msg = "parameter null or not set"
		}
	}
	return &Error{Kind: Message, Pos: p.Start, Name: p.Name, Msg: msg}
}

func badSubst(p *parser.Param) error {
	return &Error{Kind: BadSubst, Pos: p.Start, Name: p.Name, Msg: "bad substitution"}
}

// list expands $@, $*, and ${…} of them. Where fields are made, each parameter
// begins one, except in "$*". Where none are made, $* is joined by the first
// character of IFS (2.5.2); for $@ that is unspecified, and spaces join it as in
// bash. What 2.6.2 leaves unspecified is as in bash: ${#@} counts, the trims
// work on each parameter, and no parameters at all count as unset.
func (r *run) list(p *parser.Param, where place, k kind) error {
	args := r.x.Env.Args()
	switch p.Op {
	case parser.ParamPlain:
	case parser.ParamLength:
		r.add(strconv.Itoa(len(args)), k)
		return nil
	case parser.ParamTrimSuffix, parser.ParamTrimSuffixLong, parser.ParamTrimPrefix, parser.ParamTrimPrefixLong:
		pat, err := r.x.pattern(p.Arg, top)
		if err != nil {
			return err
		}
		trimmed := make([]string, len(args))
		for i, a := range args {
			trimmed[i] = trim(a, &pat, p.Op)
		}
		args = trimmed
	default:
		set := len(args) > 0 && !(p.Colon && len(args) == 1 && args[0] == "")
		switch p.Op {
		case parser.ParamDefault:
			if !set {
				return r.arg(p, where)
			}
		case parser.ParamAlternative:
			if set {
				return r.arg(p, where)
			}
			r.noArgs = r.noArgs || len(args) == 0 && p.Name == "@"
			return nil
		case parser.ParamAssign:
			if !set {
				_, err := r.x.assignDefault(p, where)
				return err
			}
		case parser.ParamError:
			if !set {
				return r.x.message(p, where)
			}
		default:
			return badSubst(p)
		}
	}
	if !r.split || k == quo && p.Name == "*" {
		sep := " "
		if p.Name == "*" {
			sep = r.x.ifsNow().first
		}
		for i, a := range args {
			if i > 0 {
				r.add(sep, k)
			}
			r.add(a, k)
		}
		return nil
	}
	r.noArgs = r.noArgs || len(args) == 0
	for i, a := range args {
		if i > 0 {
			r.mark(next)
		}
		if a == "" && k == quo {
			r.mark(null)
		}
		r.add(a, k)
	}
	return nil
}

// trim removes what pat matches at one end of s.
func trim(s string, pat *Pattern, op parser.ParamOp) string {
	switch op {
	case parser.ParamTrimPrefix, parser.ParamTrimPrefixLong:
		if n, ok := pat.prefix(s, op == parser.ParamTrimPrefixLong); ok {
			return s[n:]
		}
	default:
		if n, ok := pat.suffix(s, op == parser.ParamTrimSuffixLong); ok {
			return s[:n]
		}
	}
	return s
}

func isNameStart(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isName(c byte) bool { return isNameStart(c) || '0' <= c && c <= '9' }

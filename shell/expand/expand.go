// Package expand turns the words of the syntax tree into strings and fields,
// as POSIX.1-2024 XCU 2.6 says: tilde, parameter, command and arithmetic
// expansion, field splitting, pathname expansion, quote removal; and it matches
// patterns (2.14).
//
// It owns the order and the rules of the expansions. It never keeps variables,
// runs commands or writes messages: it asks its Env, and gives back an *Error
// that says what was wrong. The only system calls it makes are those that read
// directories for pathname expansion (glob.go).
//
// Invariants:
//   - Expansions happen from left to right, each exactly once, so that side
//     effects (${x:=w}, $((x+=1)), commands) come in the order written.
//   - Text is bytes. Bytes that are not UTF-8 pass through unchanged. What
//     counts characters (?, [...], ${#x}, IFS) takes one UTF-8 sequence for one
//     where the locale says UTF-8, and there counts a byte that is not part of
//     a valid sequence as one character; in other locales each byte is one.
//   - Only results of unquoted expansions are split; only unquoted text is
//     matched against file names.
//   - An Expander may be entered again from the Env's CmdSubst, Get and Set.
//
// Where POSIX leaves a result open it is bash's, with these exceptions: a tilde
// stays where HOME is unset, and unquoted $@ drops empty parameters with any
// IFS. Where bash or dash differs from the text, the text holds; the tests name
// each such place (the known answers of their tables).
package expand

import (
	"strings"

	"jsh/parser"
)

// Env is what expansion asks of the shell.
type Env interface {
	// Get tells the value of a variable (never of a special parameter).
	Get(name string) (value string, set bool)
	// Set is for ${x=w} and for assignment in arithmetic.
	Set(name, value string) error
	// Special tells a special parameter: one of ? - $ ! # 0. Only ! may be unset.
	Special(c byte) (value string, set bool)
	// Args are the positional parameters from $1 on. Expand only reads them.
	Args() []string
	// CmdSubst runs a command substitution and returns what it wrote, as it
	// came. An error ends the expansion and is handed on unchanged.
	CmdSubst(cs *parser.CmdSubst) (out []byte, err error)
	// HomeOf tells the initial working directory of a user (~user).
	HomeOf(user string) (dir string, ok bool)
}

// Options are the shell's options that bear on expansion.
type Options struct {
	NoGlob  bool // set -f: no pathname expansion
	NoUnset bool // set -u: expanding an unset parameter is an error
}

// Expander expands words. The zero value with an Env is ready for use. It keeps
// buffers from one call to the next; it is for one goroutine at a time.
type Expander struct {
	Env  Env
	Opts Options

	free  []*run // runs not in use
	ifs   ifsTable
	depth int // how deep arithmetic is in values that are expressions
	nest  int // how deep it is in its grammar
}

// Fields does every expansion (2.6): for the words of a command and of a for
// list. Pathnames come in the order of their bytes.
func (x *Expander) Fields(words []*parser.Word) ([]string, error) {
	out := make([]string, 0, len(words))
	for _, w := range words {
		if len(w.Parts) == 1 {
			if lit, ok := w.Parts[0].(*parser.Lit); ok && plainLit(lit.Text) {
				out = append(out, lit.Text)
				continue
			}
		}
		var err error
		if out, err = x.appendFields(out, w); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// appendFields is Fields for one word.
func (x *Expander) appendFields(out []string, w *parser.Word) ([]string, error) {
	v, how, err := x.alone(w)
	if err != nil {
		return nil, err
	}
	switch how {
	case aloneQuoted:
		return append(out, v), nil
	case aloneUnquoted:
		if v == "" {
			return out, nil
		}
		if !x.ifsNow().touches(v) {
			return append(out, v), nil
		}
	}
	if isQuotedArgs(w) {
		return append(out, x.Env.Args()...), nil
	}
	r := x.take()
	r.split = true
	if how == aloneUnquoted {
		r.add(v, exp)
	} else if err = r.word(w, top); err != nil {
		x.give(r)
		return nil, err
	}
	out = r.fields(out)
	x.give(r)
	return out, nil
}

// Field expands a word that stays one field: no splitting, no pathname
// expansion. It is for the word of case, a redirection's target, a here-string,
// the operands of [[ ]]. A tilde is expanded at the beginning only.
func (x *Expander) Field(w *parser.Word) (string, error) { return x.str(w, top, false) }

// Assign expands the value of an assignment: as Field, with a tilde after each
// unquoted colon expanded too (2.6.1).
func (x *Expander) Assign(w *parser.Word) (string, error) { return x.str(w, top, true) }

// HereDoc expands the body of a here-document (2.7.4): parameters, commands and
// arithmetic, as in double-quotes.
func (x *Expander) HereDoc(w *parser.Word) (string, error) { return x.str(w, inQuotes, false) }

// str expands a word to one string.
func (x *Expander) str(w *parser.Word, where place, assign bool) (string, error) {
	switch len(w.Parts) {
	case 0:
		return "", nil
	case 1:
		if v, how, err := x.alone(w); how != aloneNot || err != nil {
			return v, err
		}
		if lit, ok := w.Parts[0].(*parser.Lit); ok {
			if where == inQuotes || strings.IndexByte(lit.Text, '~') < 0 {
				return lit.Text, nil
			}
		}
	}
	r := x.take()
	r.plain, r.assign = true, assign
	err := r.word(w, where)
	s := ""
	if err == nil {
		s = string(r.buf)
	}
	x.give(r)
	return s, err
}

// Pattern expands a word to a pattern (2.14): in a case item and at the right
// of == in [[ ]]. Quoted characters in it stand for themselves.
func (x *Expander) Pattern(w *parser.Word) (Pattern, error) { return x.pattern(w, top) }

func (x *Expander) pattern(w *parser.Word, where place) (Pattern, error) {
	if len(w.Parts) == 1 {
		switch part := w.Parts[0].(type) {
		case *parser.Lit:
			if plainLit(part.Text) && isASCII(part.Text) {
				return Pattern{text: part.Text}, nil
			}
			if part.Text != "" && part.Text[0] != '~' {
				return compileRaw(part.Text, x), nil
			}
		case *parser.Quoted:
			if isASCII(part.Text) {
				return Pattern{text: part.Text}, nil
			}
		}
	}
	r := x.take()
	defer x.give(r)
	if err := r.word(w, where); err != nil {
		return Pattern{}, err
	}
	return compile(string(r.buf), r.masked(0, len(r.buf)), x), nil
}

// Arith evaluates an arithmetic expression (2.6.4) that has been expanded
// already.
func (x *Expander) Arith(expr string) (int64, error) { return x.eval(expr, parser.Pos{}) }

// plainLit says that unquoted literal text has nothing in it to expand. The
// name of the utility [ is plain.
func plainLit(s string) bool {
	if s == "" || s[0] == '~' {
		return false
	}
	open := false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '*', '?', '\\':
			return false
		case '[':
			open = true
		case ']':
			if open {
				return false
			}
		}
	}
	return true
}

// aloneness says what a word of a single part expanded to.
type aloneness uint8

const (
	aloneNot      aloneness = iota // nothing was expanded
	aloneQuoted                    // a single string that stays as it is
	aloneUnquoted                  // the result of an unquoted expansion
)

// isQuotedArgs says that w is "$@".
func isQuotedArgs(w *parser.Word) bool {
	if len(w.Parts) != 1 {
		return false
	}
	d, ok := w.Parts[0].(*parser.DblQuoted)
	if !ok || len(d.Parts) != 1 {
		return false
	}
	p, ok := d.Parts[0].(*parser.Param)
	return ok && p.Name == "@" && p.Op == parser.ParamPlain
}

// alone expands the words that most programs are made of, $x, "$x", $((e)),
// '…', without building anything. Where it answers aloneNot it has done nothing.
func (x *Expander) alone(w *parser.Word) (string, aloneness, error) {
	if len(w.Parts) != 1 {
		return "", aloneNot, nil
	}
	part, how := w.Parts[0], aloneUnquoted
	if d, ok := part.(*parser.DblQuoted); ok {
		how = aloneQuoted
		switch len(d.Parts) {
		case 0:
			return "", how, nil
		case 1:
			part = d.Parts[0]
			if lit, ok := part.(*parser.Lit); ok {
				return lit.Text, how, nil
			}
		default:
			return "", aloneNot, nil
		}
	}
	switch part := part.(type) {
	case *parser.Quoted:
		return part.Text, aloneQuoted, nil
	case *parser.Param:
		if part.Op != parser.ParamPlain || part.Name == "@" || part.Name == "*" {
			return "", aloneNot, nil
		}
		v, err := x.value(part)
		return v, how, err
	case *parser.Arith:
		v, err := x.arithText(part)
		return v, how, err
	}
	return "", aloneNot, nil
}

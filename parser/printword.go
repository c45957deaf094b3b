package parser

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

func (pr *printer) assign(a *Assign) {
	pr.str(a.Name)
	if a.Append {
		pr.str("+")
	}
	pr.str("=")
	pr.word(a.Value, mWord)
}

func (pr *printer) redir(r *Redir) {
	if r.N >= 0 {
		pr.b.WriteString(strconv.Itoa(r.N))
	}
	pr.str(r.Op.String())
	switch r.Op {
	case RedirHere:
		if r.Strip {
			pr.str("-")
		} else if d, _ := delimiter(r.Word); strings.HasPrefix(d, "-") {
			pr.str(" ")
		}
		if !pr.brief {
			pr.heres = append(pr.heres, r)
		}
	case RedirDupIn, RedirDupOut:
	default:
		pr.str(" ")
	}
	pr.word(r.Word, mWord)
}

func (pr *printer) word(w *Word, m mode) {
	if w == nil {
		return
	}
	for _, part := range w.Parts {
		pr.part(part, m)
	}
}

func (pr *printer) part(part WordPart, m mode) {
	switch x := part.(type) {
	case *Lit:
		pr.str(x.Text)
	case *Quoted:
		pr.quoted(x, m)
	case *DblQuoted:
		pr.str(`"`)
		for _, part := range x.Parts {
			pr.part(part, mDbl)
		}
		pr.str(`"`)
	case *Param:
		pr.param(x, m)
	case *CmdSubst:
		if !x.Backquote {
			pr.str("$(")
			pr.inParens(x.Body)
			return
		}
		body := &printer{brief: pr.brief, line: pr.line}
		body.program(x.Body)
		body.flush()
		pr.str("`")
		pr.str(backquoteEscaper.Replace(body.b.String()))
		pr.str("`")
	case *Arith:
		pr.str("$((")
		pr.word(x.Expr, mArith)
		pr.str("))")
	}
}

var backquoteEscaper = strings.NewReplacer("`", "\\`", `\`, `\\`)

func (pr *printer) param(x *Param, m mode) {
	pr.str("$")
	if !x.Braced && x.Op == ParamPlain {
		pr.str(x.Name)
		return
	}
	pr.str("{")
	if x.Op == ParamLength {
		pr.str("#")
	}
	pr.str(x.Name)
	if x.Colon {
		pr.str(":")
	}
	inner := mBrace
	switch x.Op {
	case ParamDefault:
		pr.str("-")
	case ParamAssign:
		pr.str("=")
	case ParamError:
		pr.str("?")
	case ParamAlternative:
		pr.str("+")
	case ParamTrimSuffix:
		pr.str("%")
	case ParamTrimSuffixLong:
		pr.str("%%")
	case ParamTrimPrefix:
		pr.str("#")
	case ParamTrimPrefixLong:
		pr.str("##")
	}
	if m.quoted() && x.Op <= ParamAlternative {
		inner = mDblBrace
	}
	pr.word(x.Arg, inner)
	pr.str("}")
}

// quoted writes quoted text in the form it had, where that form can hold it.
func (pr *printer) quoted(q *Quoted, m mode) {
	switch {
	case q.Form == '$':
		pr.str("$'")
		pr.escaped(q.Text)
		pr.str("'")
	case q.Form == '\\' && q.Text != "" && (m.quoted() || strings.IndexByte(q.Text, '\n') < 0):
		for s := q.Text; s != ""; {
			_, n := utf8.DecodeRuneInString(s)
			pr.str(`\`)
			pr.str(s[:n])
			s = s[n:]
		}
	default:
		pr.str("'")
		pr.str(strings.ReplaceAll(q.Text, "'", `'\''`))
		pr.str("'")
	}
}

// escaped writes the inside of $'…'.
func (pr *printer) escaped(s string) {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\'' || r == '\\':
			pr.str(`\`)
			pr.str(s[i : i+1])
		case r == '\n':
			pr.str(`\n`)
		case r == '\t':
			pr.str(`\t`)
		case r < ' ' || r == 0x7f || r == utf8.RuneError && n == 1:
			c := s[i]
			pr.b.Write([]byte{'\\', '0' + c>>6, '0' + c>>3&7, '0' + c&7})
		default:
			pr.str(s[i : i+n])
		}
		i += n
	}
}

package expand

import (
	"bytes"
	"strconv"

	"jsh/parser"
)

// place is where a word stands; it decides what its unquoted text is.
type place uint8

const (
	top      place = iota // a word of its own
	inBraces              // the word in an unquoted ${…}: part of that result
	inQuotes              // inside double-quotes or a here-document
)

// kind says where a stretch of a run's text came from.
type kind uint8

const (
	lit kind = iota // unquoted in the source: glob characters live, not split
	exp             // result of an unquoted expansion: live, and split
	quo             // quoted, or as if quoted: stands for itself

	// Marks have no text.
	null // a quoted empty string: keeps its field though it be empty
	next // a new field begins here (between the parameters of "$@")
)

// seg is a stretch of a run's text up to end.
type seg struct {
	end  int
	kind kind
}

// run is the expansion of one word on its way: its text so far, and where each
// stretch came from.
type run struct {
	x    *Expander
	buf  []byte
	segs []seg

	split  bool // fields are wanted: splitting would be performed here
	plain  bool // only the text is wanted: no segs
	assign bool // the value of an assignment: tildes after colons
	noArgs bool // "$@" was expanded to no field at all

	mask mask
}

// take gives an empty run; give takes it back.
func (x *Expander) take() *run {
	n := len(x.free)
	if n == 0 {
		return &run{x: x, buf: make([]byte, 0, 64), segs: make([]seg, 0, 8)}
	}
	r := x.free[n-1]
	x.free = x.free[:n-1]
	return r
}

func (x *Expander) give(r *run) {
	const most = 1 << 16 // let go of the memory of an unusual word
	if cap(r.buf) > most || cap(r.mask) > most || cap(r.segs) > most/16 {
		return
	}
	*r = run{x: x, buf: r.buf[:0], segs: r.segs[:0], mask: r.mask[:0]}
	x.free = append(x.free, r)
}

// add appends text of one kind.
func (r *run) add(s string, k kind) {
	if s != "" {
		r.buf = append(r.buf, s...)
		r.grown(k)
	}
}

// grown records that text of kind k was appended to buf.
func (r *run) grown(k kind) {
	if r.plain {
		return
	}
	if n := len(r.segs); n > 0 && r.segs[n-1].kind == k {
		r.segs[n-1].end = len(r.buf)
		return
	}
	r.segs = append(r.segs, seg{len(r.buf), k})
}

// mark appends a mark; marks matter only where fields are made.
func (r *run) mark(k kind) {
	if r.split {
		r.segs = append(r.segs, seg{len(r.buf), k})
	}
}

// masked tells the quoted bytes of a stretch of the text. The answer is good
// until the next call.
func (r *run) masked(from, to int) mask {
	r.mask = r.mask[:0]
	pos := from
	for _, s := range r.segs {
		if s.end <= pos || s.kind >= null {
			continue
		}
		for ; pos < s.end && pos < to; pos++ {
			r.mask = append(r.mask, s.kind == quo)
		}
	}
	return r.mask
}

// word expands the parts of a word in their order.
func (r *run) word(w *parser.Word, where place) error {
	tilde := where != inQuotes // a tilde here would begin a tilde-prefix
	for i, part := range w.Parts {
		switch part := part.(type) {
		case *parser.Lit:
			switch where {
			case inQuotes:
				r.add(part.Text, quo)
			default:
				k := lit
				if where == inBraces && r.split {
					k = exp
				}
				tilde = r.unquoted(part.Text, k, tilde, i == len(w.Parts)-1)
				continue
			}
		case *parser.Quoted:
			if part.Text == "" && where != inQuotes {
				r.mark(null)
			}
			r.add(part.Text, quo)
		case *parser.DblQuoted:
			if err := r.dblQuoted(part, where); err != nil {
				return err
			}
		default:
			if err := r.expansion(part, where); err != nil {
				return err
			}
		}
		tilde = false
	}
	return nil
}

// dblQuoted expands "…". Empty, it keeps a field, unless all that is in it is a
// "$@" without parameters (2.5.2).
func (r *run) dblQuoted(d *parser.DblQuoted, where place) error {
	segs, size := len(r.segs), len(r.buf)
	if where != inQuotes {
		r.noArgs = false
	}
	for _, part := range d.Parts {
		switch part := part.(type) {
		case *parser.Lit:
			r.add(part.Text, quo)
		case *parser.Quoted:
			r.add(part.Text, quo)
		case *parser.DblQuoted:
			if err := r.dblQuoted(part, inQuotes); err != nil {
				return err
			}
		default:
			if err := r.expansion(part, inQuotes); err != nil {
				return err
			}
		}
	}
	if where != inQuotes && len(r.segs) == segs && len(r.buf) == size && !r.noArgs {
		r.mark(null)
	}
	return nil
}

// expansion expands $x, $(…) or $((…)).
func (r *run) expansion(part parser.WordPart, where place) error {
	k := exp
	if where == inQuotes {
		k = quo
	}
	switch part := part.(type) {
	case *parser.Param:
		return r.param(part, where, k)
	case *parser.CmdSubst:
		out, err := r.x.Env.CmdSubst(part)
		if err != nil {
			return err
		}
		r.output(out, k)
	case *parser.Arith:
		v, err := r.x.arith(part)
		if err != nil {
			return err
		}
		r.buf = strconv.AppendInt(r.buf, v, 10)
		r.grown(k)
	}
	return nil
}

// output adds what a command wrote: without its last newlines (2.6.3), and
// without NUL bytes, which no string of the shell can hold.
func (r *run) output(out []byte, k kind) {
	end := len(out)
	for end > 0 && (out[end-1] == '\n' || out[end-1] == 0) {
		end--
	}
	out = out[:end]
	if len(out) == 0 {
		return
	}
	for len(out) > 0 {
		n := bytes.IndexByte(out, 0)
		if n < 0 {
			r.buf = append(r.buf, out...)
			break
		}
		r.buf = append(r.buf, out[:n]...)
		out = out[n+1:]
	}
	r.grown(k)
}

// arithText is the result of $((…)) as text.
func (x *Expander) arithText(a *parser.Arith) (string, error) {
	v, err := x.arith(a)
	if err != nil {
		return "", err
	}
	return strconv.FormatInt(v, 10), nil
}

func (x *Expander) arith(a *parser.Arith) (int64, error) {
	s, err := x.str(a.Expr, inQuotes, false)
	if err != nil {
		return 0, err
	}
	return x.eval(s, a.Start)
}

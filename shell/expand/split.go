package expand

import (
	"strings"
	"unicode/utf8"
)

// What a byte may be in the result of an expansion.
const (
	ifsSpace byte = 1 << iota // IFS white space: a delimiter that is merged
	ifsOther                  // another delimiter, of a single byte
	ifsWide                   // may begin a character of IFS: look
	special                   // * ? or [
)

// ifsTable is IFS read once and kept while it stays the same.
type ifsTable struct {
	made  bool
	value string
	set   bool
	utf8  bool // the locale, where value has bytes to which it matters
	wide  bool // it has such bytes

	class [256]byte
	chars []rune // the characters of IFS beyond ASCII, in UTF-8
	first string // what joins the fields of "$*"
}

// ifsNow gives the table for the present value of IFS.
func (x *Expander) ifsNow() *ifsTable {
	t := &x.ifs
	v, set := x.Env.Get("IFS")
	if t.made && t.set == set && t.value == v && (!t.wide || t.utf8 == x.isUTF8()) {
		return t
	}
	*t = ifsTable{made: true, value: v, set: set}
	t.utf8 = !isASCII(v) && x.isUTF8()
	if !set {
		v = " \t\n"
	}
	for s := v; s != ""; {
		c, n := char(s, t.utf8)
		switch {
		case c == ' ' || c == '\t' || c == '\n':
			t.class[c] |= ifsSpace
		case s[0] < utf8.RuneSelf:
			t.class[c] |= ifsOther
		case t.utf8:
			t.wide = true
			t.chars = append(t.chars, c)
		default:
			t.wide = true
			t.class[c] |= ifsOther
		}
		if t.first == "" {
			t.first = s[:n]
		}
		s = s[n:]
	}
	if len(t.chars) > 0 {
		// Every byte that is not ASCII must be looked at, so that a delimiter
		// is not found in the middle of another character.
		for b := utf8.RuneSelf; b < len(t.class); b++ {
			t.class[b] = ifsWide
		}
	}
	for _, c := range "*?[" {
		t.class[c] |= special
	}
	return t
}

// touches says that s has a delimiter or a glob character.
func (t *ifsTable) touches(s string) bool {
	for i := 0; i < len(s); i++ {
		if t.class[s[i]] != 0 {
			return true
		}
	}
	return false
}

// wideAt reads the character at the beginning of s and says whether it is a
// delimiter.
func (t *ifsTable) wideAt(s string) (width int, delim bool) {
	c, n := char(s, true)
	for _, d := range t.chars {
		if c == d {
			return n, true
		}
	}
	return n, false
}

// splitter makes the fields of one word.
type splitter struct {
	r     *run
	out   []string
	text  string
	start int  // where the field began that is being made
	open  bool // there is one
	live  bool // it has an unquoted glob character
	// white says that the field before was ended by IFS white space alone, so
	// that another delimiter that comes next belongs to the same end.
	white bool
}

func (p *splitter) begin(pos int) {
	if !p.open {
		p.open, p.start = true, pos
	}
	p.white = false
}

func (p *splitter) end(pos int) {
	if p.live && !p.r.x.Opts.NoGlob {
		n := len(p.out)
		if p.out = p.r.x.glob(p.out, p.text[p.start:pos], p.r.masked(p.start, pos)); len(p.out) > n {
			p.open, p.live = false, false
			return
		}
	}
	p.out = append(p.out, p.text[p.start:pos])
	p.open, p.live = false, false
}

// fields splits the text (2.6.5) and expands pathnames (2.6.6), and appends the
// fields to out. A delimiter ends a field and does not begin one; what comes
// after it does.
func (r *run) fields(out []string) []string {
	if len(r.segs) == 0 {
		return out
	}
	p := splitter{r: r, out: out, text: string(r.buf)}
	t := r.x.ifsNow()
	pos := 0
	for _, s := range r.segs {
		switch s.kind {
		case null:
			p.begin(pos)
		case next:
			if p.open {
				p.end(pos)
			}
			p.white = false
		case quo:
			p.begin(pos)
		case lit:
			p.begin(pos)
			p.live = p.live || strings.ContainsAny(p.text[pos:s.end], "*?[")
		case exp:
			p.expansion(t, pos, s.end)
		}
		pos = s.end
	}
	if p.open {
		p.end(pos)
	}
	return p.out
}

// expansion reads the result of an unquoted expansion.
func (p *splitter) expansion(t *ifsTable, pos, end int) {
	for pos < end {
		c := t.class[p.text[pos]]
		width := 1
		if c == ifsWide {
			var delim bool
			if width, delim = t.wideAt(p.text[pos:end]); delim {
				c = ifsOther
			}
		}
		switch {
		case c&ifsOther != 0:
			if !p.open && !p.white {
				p.begin(pos)
			}
			if p.open {
				p.end(pos)
			}
			p.white = false
		case c&ifsSpace != 0:
			if p.open {
				p.end(pos)
				p.white = true
			}
		default:
			p.begin(pos)
			p.live = p.live || c == special
		}
		pos += width
	}
}

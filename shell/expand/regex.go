package expand

import "jsh/parser"

// Regex is a compiled extended regular expression (XBD 9.4). It says whether a
// text matches and not where, so that all states can be followed at once: the
// time is proportional to text times expression, whatever the expression.
type Regex struct {
	prog []reInst
	utf8 bool
}

// RegexError says what is wrong with a regular expression.
type RegexError string

func (e RegexError) Error() string { return string(e) }

const (
	reDupMax  = 255   // RE_DUP_MAX, the least that limits.h(0p) allows
	reMaxProg = 10000 // instructions
	reMaxDeep = 1000  // parentheses
)

type reOp uint8

const (
	reChar  reOp = iota // the character c
	reAny               // any character
	reSet               // a character of set
	reBegin             // ^
	reEnd               // $
	reSplit             // go on at x and at y
	reMatch             // the end of the program
)

type reInst struct {
	op   reOp
	c    rune
	set  *charset
	x, y int
}

// Regex expands the word at the right of =~ in [[ ]] to a regular expression.
// Quoted characters in it stand for themselves.
func (x *Expander) Regex(w *parser.Word) (Regex, error) {
	for _, part := range w.Parts {
		if q, ok := part.(*parser.Quoted); ok && q.Form == '\\' && len(q.Text) == 1 && isAlnumByte(q.Text[0]) {
			return Regex{}, noEscape(q.Text[0])
		}
	}
	r := x.take()
	defer x.give(r)
	if err := r.word(w, top); err != nil {
		return Regex{}, err
	}
	return compileRegex(string(r.buf), r.masked(0, len(r.buf)), x.isUTF8())
}

func isAlnumByte(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

func noEscape(b byte) error {
	hint := ""
	switch b {
	case 'd':
		hint = ": write [0-9]"
	case 's':
		hint = ": write [[:space:]]"
	case 'w':
		hint = ": write [[:alnum:]_]"
	}
	return RegexError("\\" + string(rune(b)) + " is not in POSIX extended regular expressions" + hint)
}

// reParser translates an expression into a program as it reads it: what was
// written for an atom can be copied for its repetitions.
type reParser struct {
	text   string
	quoted mask
	utf8   bool
	pos    int
	deep   int
	prog   []reInst
}

func compileRegex(text string, quoted mask, isUTF8 bool) (Regex, error) {
	p := &reParser{text: text, quoted: quoted, utf8: isUTF8}
	if err := p.alternatives(); err != nil {
		return Regex{}, err
	}
	return Regex{append(p.prog, reInst{op: reMatch}), isUTF8}, nil
}

// at says that an unquoted c comes next.
func (p *reParser) at(c byte) bool {
	return p.pos < len(p.text) && p.text[p.pos] == c && !p.quoted.at(p.pos)
}

// insert makes room for an instruction at i; jumps within what moves go along.
func (p *reParser) insert(i int, in reInst) {
	p.prog = append(p.prog, reInst{})
	copy(p.prog[i+1:], p.prog[i:])
	p.prog[i] = in
	for j := i + 1; j < len(p.prog); j++ {
		if p.prog[j].op == reSplit {
			p.prog[j].x++
			p.prog[j].y++
		}
	}
}

// alternatives reads branches with | between them: each but the last is
// "split to it or to the next; branch; jump to the end".
func (p *reParser) alternatives() error {
	var jumps []int
	for {
		start := len(p.prog)
		if err := p.branch(); err != nil {
			return err
		}
		if !p.at('|') {
			break
		}
		p.pos++
		p.insert(start, reInst{op: reSplit, x: start + 1, y: len(p.prog) + 2})
		jumps = append(jumps, len(p.prog))
		p.prog = append(p.prog, reInst{op: reSplit})
	}
	for _, j := range jumps {
		p.prog[j].x, p.prog[j].y = len(p.prog), len(p.prog)
	}
	return nil
}

// branch reads atoms, each with its repetitions, up to | or ) or the end.
func (p *reParser) branch() error {
	repeatable := false // something stands before that * may repeat
	for p.pos < len(p.text) && !p.at('|') && !(p.at(')') && p.deep > 0) {
		start := len(p.prog)
		switch {
		case p.at('*') || p.at('+') || p.at('?') || p.at('{'):
			if !repeatable {
				return RegexError("nothing stands before the " + p.text[p.pos:p.pos+1] + " that it could repeat; \\" + p.text[p.pos:p.pos+1] + " stands for itself")
			}
		case p.at('^'):
			p.pos++
			p.prog = append(p.prog, reInst{op: reBegin})
			repeatable = false
			continue
		default:
			if err := p.atom(); err != nil {
				return err
			}
		}
		repeatable = true
		for p.at('*') || p.at('+') || p.at('?') || p.at('{') {
			if err := p.repeat(start); err != nil {
				return err
			}
		}
		if len(p.prog) > reMaxProg {
			return RegexError("the expression is too large")
		}
	}
	return nil
}

func (p *reParser) atom() error {
	switch {
	case p.at('('):
		p.pos++
		if p.deep++; p.deep > reMaxDeep {
			return RegexError("parentheses are nested too deep")
		}
		if err := p.alternatives(); err != nil {
			return err
		}
		p.deep--
		if !p.at(')') {
			return RegexError("a ( has no )")
		}
		p.pos++
	case p.at('.'):
		p.pos++
		p.prog = append(p.prog, reInst{op: reAny})
	case p.at('$'):
		p.pos++
		p.prog = append(p.prog, reInst{op: reEnd})
	case p.at('['):
		set, n := bracket(p.text[p.pos:], p.quoted.from(p.pos), p.utf8, "^")
		if n == 0 {
			return RegexError("a [ has no ]")
		}
		p.pos += n
		p.prog = append(p.prog, reInst{op: reSet, set: set})
	default:
		if p.at('\\') {
			p.pos++
			if p.pos == len(p.text) {
				return RegexError("a backslash at the end quotes nothing")
			}
			if isAlnumByte(p.text[p.pos]) && !p.quoted.at(p.pos) {
				return noEscape(p.text[p.pos])
			}
		}
		c, n := char(p.text[p.pos:], p.utf8)
		p.pos += n
		p.prog = append(p.prog, reInst{op: reChar, c: c})
	}
	return nil
}

// repeat reads one of * + ? {m} {m,} {m,n} and applies it to the program from
// start on.
func (p *reParser) repeat(start int) error {
	lo, hi := 0, -1
	switch c := p.text[p.pos]; c {
	case '+':
		lo = 1
	case '?':
		hi = 1
	case '{':
		var ok bool
		if lo, hi, ok = p.interval(); !ok {
			return RegexError("a { begins no interval {m}, {m,} or {m,n} with m <= n <= 255; \\{ stands for itself")
		}
	}
	p.pos++
	atom := append([]reInst(nil), p.prog[start:]...)
	if copies := max(lo, hi, 1); len(p.prog)+copies*(len(atom)+2) > reMaxProg {
		return RegexError("the expression is too large")
	}
	p.prog = p.prog[:start]
	// again writes the atom once more.
	again := func() {
		by := len(p.prog) - start
		for _, in := range atom {
			if in.op == reSplit {
				in.x, in.y = in.x+by, in.y+by
			}
			p.prog = append(p.prog, in)
		}
	}
	for range lo {
		again()
	}
	if hi < 0 {
		// Split over it and what follows; it jumps back.
		at := len(p.prog)
		p.prog = append(p.prog, reInst{op: reSplit, x: at + 1, y: at + len(atom) + 2})
		again()
		p.prog = append(p.prog, reInst{op: reSplit, x: at, y: at})
	}
	for range hi - lo {
		at := len(p.prog)
		p.prog = append(p.prog, reInst{op: reSplit, x: at + 1, y: at + len(atom) + 1})
		again()
	}
	return nil
}

// interval reads {m,n} up to the }.
func (p *reParser) interval() (lo, hi int, ok bool) {
	number := func() (n int, any bool) {
		for p.pos < len(p.text) && isDigit(rune(p.text[p.pos])) && n <= reDupMax {
			n, any = n*10+int(p.text[p.pos]-'0'), true
			p.pos++
		}
		return n, any
	}
	p.pos++
	lo, any := number()
	hi = lo
	if p.at(',') {
		p.pos++
		var bounded bool
		if hi, bounded = number(); !bounded {
			if !any {
				return 0, 0, false
			}
			return lo, -1, lo <= reDupMax && p.at('}')
		}
		any = true // {,n} is {0,n} elsewhere too
	}
	return lo, hi, any && lo <= hi && hi <= reDupMax && p.at('}')
}

// Match says that the expression matches somewhere in s.
func (re Regex) Match(s string) bool {
	now, next := newReStates(len(re.prog)), newReStates(len(re.prog))
	for i := 0; ; {
		re.follow(now, 0, i == 0, i == len(s))
		if now.has(len(re.prog) - 1) {
			return true
		}
		if i == len(s) {
			return false
		}
		c, n := char(s[i:], re.utf8)
		i += n
		next.members = next.members[:0]
		for _, pc := range now.members {
			in := &re.prog[pc]
			if in.op == reAny || in.op == reChar && in.c == c || in.op == reSet && in.set.has(c) {
				re.follow(next, pc+1, false, i == len(s))
			}
		}
		now, next = next, now
	}
}

// follow adds the state pc and all that can be reached from it without a
// character.
func (re Regex) follow(to *reStates, pc int, begin, end bool) {
	for to.add(pc) {
		switch in := &re.prog[pc]; {
		case in.op == reSplit:
			if in.y != in.x {
				re.follow(to, in.y, begin, end)
			}
			pc = in.x
		case in.op == reBegin && begin, in.op == reEnd && end:
			pc++
		default:
			return
		}
	}
}

// reStates is a set of instructions that is emptied at once.
type reStates struct {
	members []int
	where   []int
}

func newReStates(n int) *reStates { return &reStates{where: make([]int, n)} }

func (s *reStates) has(pc int) bool {
	i := s.where[pc]
	return i < len(s.members) && s.members[i] == pc
}

// add says whether pc is new.
func (s *reStates) add(pc int) bool {
	if s.has(pc) {
		return false
	}
	s.where[pc] = len(s.members)
	s.members = append(s.members, pc)
	return true
}

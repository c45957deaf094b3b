package parser

// tokKind is the kind of a token.
type tokKind uint8

const (
	tEOF tokKind = iota
	tNewline
	tWord
	tRedir   // token.op, token.n
	tAnd     // &&
	tOr      // ||
	tPipe    // |
	tPipeErr // |&
	tSemi    // ;
	tAmp     // &
	tDSemi   // ;;
	tSemiAmp // ;&
	tLParen
	tRParen
)

// token is what the grammar looks at. A word that is one literal stays text
// until the grammar takes it: reserved words never become a *Word.
type token struct {
	kind       tokKind
	op         RedirOp
	strip      bool // the operator was <<-
	aliasKnown bool // the word was looked up
	isLit      bool
	n          int // the number before a redirection, or -1
	start, end Pos
	lit        string
	word       *Word  // when not isLit
	guard      *frame // the aliases in whose values it began
}

// mode says by which rules text is read; it is also a bit in class.
type mode uint8

const (
	mWord     mode = 1 << iota // a word of a command
	mDbl                       // inside "…"
	mBrace                     // the word of ${…} outside double-quotes
	mDblBrace                  // the word of ${…} inside double-quotes
	mHere                      // a here-document
	mArith                     // $((…))
	mRegex                     // the right side of =~
)

// quoted says that m is read as inside double-quotes.
func (m mode) quoted() bool { return m&(mDbl|mDblBrace|mHere|mArith) != 0 }

const (
	mAll   = mWord | mDbl | mBrace | mDblBrace | mHere | mArith | mRegex
	mToken = mWord | mRegex
)

// class tells in which modes a byte is not plain text.
var class = [256]mode{
	'\\': mAll, '$': mAll, '`': mAll,
	'"':  mAll &^ mHere,
	'\'': mToken | mBrace,
	' ':  mToken, '\t': mToken, '\n': mToken, ';': mToken, '&': mToken,
	'|': mToken, '<': mToken, '>': mToken,
	'(': mToken | mArith, ')': mToken | mArith,
	'}': mBrace | mDblBrace,
}

func isBlank(c byte) bool    { return c == ' ' || c == '\t' }
func isDigit(c int) bool     { return c >= '0' && c <= '9' }
func isNameStart(c int) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
func isNameByte(c int) bool  { return isNameStart(c) || isDigit(c) }
func isDelimiter(c byte) bool {
	return class[c]&mWord != 0 && c != '\\' && c != '$' && c != '`' && c != '"' && c != '\''
}

// isName says whether s is a name (POSIX 3.216).
func isName(s string) bool {
	if s == "" || !isNameStart(int(s[0])) {
		return false
	}
	for i := 1; i < len(s); i++ {
		if !isNameByte(int(s[i])) {
			return false
		}
	}
	return true
}

// peek gives the next token without taking it.
func (p *Parser) peek() *token {
	if !p.have {
		p.scan()
		p.have = true
	}
	return &p.tok
}

// take takes the token that peek gave.
func (p *Parser) take() { p.have = false }

// scan reads the next token into p.tok (POSIX 2.3).
func (p *Parser) scan() {
	for {
		c := p.skipBlanks()
		afterBlank := p.aliasNext
		p.aliasNext = false
		t := token{start: p.here(), guard: p.frame, n: -1}
		switch c {
		case eof:
			t.kind = tEOF
			t.end = t.start
			if len(p.heres) > 0 {
				p.readHereDocs()
			}
		case '\n':
			t.kind = tNewline
			p.pos++
			t.end = p.here()
			if len(p.heres) > 0 {
				p.readHereDocs()
			}
		case ';', '&', '|', '<', '>', '(', ')':
			p.operator(c, &t)
			t.end = p.here()
		default:
			if !p.scanWord(&t) {
				continue
			}
			p.aliasNext = false
			if afterBlank && t.isLit && p.replaceByAlias(&t) {
				continue
			}
		}
		p.tok = t
		return
	}
}

// skipBlanks goes to the next byte that begins a token.
func (p *Parser) skipBlanks() int {
	for {
		c := p.cur()
		switch c {
		case ' ', '\t':
			p.pos++
		case '#':
			for c := p.raw(); c != '\n' && c != eof; c = p.raw() {
				p.pos++
			}
		default:
			return c
		}
	}
}

// operator reads the operator that begins with c.
func (p *Parser) operator(c int, t *token) {
	p.pos++
	switch c {
	case '(':
		t.kind = tLParen
	case ')':
		t.kind = tRParen
	case ';':
		t.kind = tSemi
		switch p.cur() {
		case ';':
			p.pos++
			t.kind = tDSemi
			if p.cur() == '&' {
				p.refuse(t.start, "jsh has no ;;& (POSIX.1-2024 has ;; and ;&)")
			}
		case '&':
			p.pos++
			t.kind = tSemiAmp
		}
	case '|':
		t.kind = tPipe
		switch p.cur() {
		case '|':
			p.pos++
			t.kind = tOr
		case '&':
			p.pos++
			t.kind = tPipeErr
		}
	case '&':
		t.kind = tAmp
		switch p.cur() {
		case '&':
			p.pos++
			t.kind = tAnd
		case '>':
			p.pos++
			t.kind, t.op = tRedir, RedirBoth
			if p.cur() == '>' {
				p.pos++
				t.op = RedirBothAppend
			}
		}
	case '<':
		t.kind, t.op = tRedir, RedirIn
		switch p.cur() {
		case '<':
			p.pos++
			t.op = RedirHere
			switch p.cur() {
			case '-':
				p.pos++
				t.strip = true
			case '<':
				p.pos++
				t.op = RedirHereStr
			}
		case '&':
			p.pos++
			t.op = RedirDupIn
		case '>':
			p.pos++
			t.op = RedirReadWrite
		case '(':
			p.refuse(t.start, "jsh has no process substitution <(…) (POSIX.1-2024 has none); use a pipe or a FIFO (mkfifo)")
		}
	case '>':
		t.kind, t.op = tRedir, RedirOut
		switch p.cur() {
		case '>':
			p.pos++
			t.op = RedirAppend
		case '|':
			p.pos++
			t.op = RedirClobber
		case '&':
			p.pos++
			t.op = RedirDupOut
		case '(':
			p.refuse(t.start, "jsh has no process substitution >(…) (POSIX.1-2024 has none); use a pipe or a FIFO (mkfifo)")
		}
	}
}

// scanWord reads a word, or a number with the redirection that follows it.
// False: what stood there was only a line continuation.
func (p *Parser) scanWord(t *token) bool {
	t.kind = tWord
	i := p.pos
	for i < p.lim && class[p.src[i]]&mWord == 0 {
		i++
	}
	if i < p.lim && i > p.pos && isDelimiter(p.src[i]) {
		t.isLit, t.lit = true, p.src[p.pos:i]
		p.pos = i
		t.end = p.here()
	} else {
		parts := p.parts(mWord)
		t.end = p.here()
		switch l := soleLit(parts); {
		case len(parts) == 0:
			return false
		case l != nil:
			t.isLit, t.lit = true, l.Text
		default:
			t.word = &Word{Span: Span{t.start, t.end}, Parts: parts}
			return true
		}
	}
	if c := p.cur(); c == '<' || c == '>' {
		// A number that ended an alias is not joined to what follows it, as
		// in bash (POSIX 2.3.1 leaves it open).
		if n, ok := ioNumber(t.lit); ok && p.frame == t.guard {
			t.isLit, t.lit, t.n = false, "", n
			p.operator(c, t)
			t.end = p.here()
			return true
		}
		if n := len(t.lit); n > 2 && t.lit[0] == '{' && t.lit[n-1] == '}' && isName(t.lit[1:n-1]) {
			p.refuse(t.start, "jsh has no "+t.lit+" before a redirection (from bash); write a number, as in 3>file")
		}
	}
	return true
}

func soleLit(parts []WordPart) *Lit {
	if len(parts) == 1 {
		if l, ok := parts[0].(*Lit); ok {
			return l
		}
	}
	return nil
}

// ioNumber reads the number that may stand before a redirection. A number too
// great for any descriptor is a plain word, as in bash.
func ioNumber(s string) (int, bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if !isDigit(int(s[i])) {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// makeWord gives the word of a tWord token.
func (t *token) makeWord() *Word {
	if !t.isLit {
		return t.word
	}
	w := &struct {
		w     Word
		l     Lit
		parts [1]WordPart
	}{}
	w.l.Text = t.lit
	w.parts[0] = &w.l
	w.w.Span = Span{t.start, t.end}
	w.w.Parts = w.parts[:]
	return &w.w
}

// replaceByAlias puts the value of the alias that t names, if there is one, in
// the place of t.
func (p *Parser) replaceByAlias(t *token) bool {
	if t.aliasKnown || p.opts.Alias == nil || !t.isLit {
		return false
	}
	t.aliasKnown = true
	value, ok := p.opts.Alias(t.lit)
	if !ok || aliasActive(t.guard, t.lit) {
		return false
	}
	p.src0.aliases = append(p.src0.aliases, t.start.Offset)
	p.pushAlias(t.lit, value, t.start, t.guard)
	return true
}

// peekCommand is peek where a command may begin: a word that is an alias is
// replaced, unless it is a reserved word.
func (p *Parser) peekCommand() *token {
	for {
		t := p.peek()
		if t.kind != tWord || !t.isLit || t.aliasKnown || p.opts.Alias == nil || reserved(t.lit) != rNone {
			return t
		}
		if p.replaceByAlias(t) {
			p.take()
		}
	}
}

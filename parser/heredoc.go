package parser

import (
	"slices"
	"strings"
)

// hereDoc is a here-document whose operator has been read.
type hereDoc struct {
	redir *Redir
	delim string
}

// addHereDoc notes the here-document of r, whose body begins after the next
// newline (POSIX 2.7.4).
func (p *Parser) addHereDoc(r *Redir) {
	h := &hereDoc{redir: r}
	h.delim, r.HereQuoted = delimiter(r.Word)
	if strings.IndexByte(h.delim, '\n') >= 0 {
		p.fail(r.Start, "the word that ends a here-document must stand in one line")
	}
	if slices.Contains(p.hereIn, h.delim) {
		p.fail(r.Start, "this here-document stands inside another that ends in the same word, "+h.delim)
	}
	p.heres = append(p.heres, h)
}

// delimiter gives what w is after quote removal, and whether some part of it
// was quoted. Expansions stand for their own text.
func delimiter(w *Word) (text string, quoted bool) {
	if l := soleLit(w.Parts); l != nil {
		return l.Text, false
	}
	var b strings.Builder
	for _, part := range w.Parts {
		switch x := part.(type) {
		case *Lit:
			b.WriteString(x.Text)
		case *Quoted:
			b.WriteString(x.Text)
			quoted = true
		case *DblQuoted:
			t, _ := delimiter(&Word{Parts: x.Parts})
			b.WriteString(t)
			quoted = true
		default:
			b.WriteString(String(&Word{Parts: []WordPart{part}}))
		}
	}
	return b.String(), quoted
}

// readHereDocs reads the bodies that are due, from the beginning of a line.
func (p *Parser) readHereDocs() {
	heres := p.heres
	p.heres = nil
	for _, h := range heres {
		p.readHereDoc(h)
	}
}

func (p *Parser) readHereDoc(h *hereDoc) {
	r := h.redir
	p.push("<<", r.Start)
	if p.pos >= p.lim && !p.inAlias() {
		p.more()
	}
	var (
		start, at = p.pos, p.here()
		lineStart = p.lineStart
		whole     = !p.inAlias() // the body is src[start:…] as it stands
		body      strings.Builder
		removed   []int
		found     bool
		end       = p.pos
	)
	for !found {
		end = p.pos
		line, ok := p.hereLine(r.Strip, !r.HereQuoted)
		if !ok {
			break
		}
		found = line.logical == h.delim
		if found {
			break
		}
		if whole && line.removed != nil {
			whole = false
			body.WriteString(p.src[start:end])
		}
		if !whole {
			for _, i := range line.removed {
				removed = append(removed, body.Len()+i)
			}
			body.WriteString(line.text)
		}
		end = p.pos
	}
	if !found && p.opts.Warn != nil {
		p.opts.Warn(r.Start, "the here-document is ended by the end of the input; a line with only "+h.delim+" was to end it")
	}
	text := body.String()
	if whole {
		text = p.src[start:end]
	}
	if !found {
		text = endLine(text, !r.HereQuoted)
	}
	if at.Line > 0 && p.pin == nil && !p.src0.cooked {
		p.src0.heres = append(p.src0.heres, hereSpan{op: r.Start.Offset, start: at.Offset, end: p.offset(p.pos), open: !found})
	}
	p.pop()
	r.Here = &Word{Span: Span{at, p.here()}}
	if r.HereQuoted {
		r.Here.Parts = []WordPart{&Quoted{Text: text, Form: '\''}}
		return
	}
	if !strings.ContainsAny(text, "$`\\") {
		if text != "" {
			r.Here.Parts = []WordPart{&Lit{text}}
		}
		return
	}
	p.push("<< text", r.Start)
	outer := p.nest(text, removed, at, lineStart)
	heres := p.heres
	p.heres = nil
	p.hereIn = append(p.hereIn, h.delim)
	r.Here.Parts = p.parts(mHere)
	if len(p.heres) > 0 {
		p.readHereDocs() // $(cat <<E) without a body
	}
	p.hereIn = p.hereIn[:len(p.hereIn)-1]
	p.input, p.heres = outer, heres
	p.pop()
}

// endLine gives the body of a here-document that the end of the input ended a
// newline at its end, as bash does (dash leaves the last line as it is). live
// says that a backslash in it is an escape.
func endLine(body string, live bool) string {
	switch {
	case body == "":
		return ""
	case live && continues(body):
		return body + "\n"
	case body[len(body)-1] == '\n':
		return body
	case live && continues(body+"\n"):
		return body + "\\\n"
	}
	return body + "\n"
}

// hereLine is one line of a here-document.
type hereLine struct {
	text    string // without leading tabs where they are stripped
	logical string // text without line continuations and without newline
	removed []int  // where in text a tab was taken out before a byte
}

// hereLine reads a line; with join, one that ends in a backslash goes on in
// the next.
func (p *Parser) hereLine(strip, join bool) (hereLine, bool) {
	var l hereLine
	raw, ok := p.rawLine()
	if !ok {
		return l, false
	}
	l.text = raw
	if strip {
		l.text = strings.TrimLeft(raw, "\t")
		if n := len(raw) - len(l.text); n > 0 {
			l.removed = make([]int, n)
		}
	}
	l.logical = strings.TrimSuffix(l.text, "\n")
	if !join {
		return l, true
	}
	joined := false
	for continues(l.text) {
		if raw, ok = p.rawLine(); !ok {
			// Joined to the nothing that follows, it may still be the delimiter.
			l.logical = l.logical[:len(l.logical)-1]
			break
		}
		if !joined {
			joined = true
			l.logical = l.text[:len(l.text)-2]
		} else {
			l.logical = l.logical[:len(l.logical)-1]
		}
		l.text += raw
		l.logical += strings.TrimSuffix(raw, "\n")
	}
	return l, true
}

// continues says that line ends in a backslash that takes the newline away.
func continues(line string) bool {
	if !strings.HasSuffix(line, "\\\n") {
		return false
	}
	n := 0
	for i := len(line) - 2; i >= 0 && line[i] == '\\'; i-- {
		n++
	}
	return n%2 == 1
}

// rawLine takes the rest of the current line.
func (p *Parser) rawLine() (string, bool) {
	if p.raw() == eof {
		return "", false
	}
	line := p.src[p.pos:p.lim]
	if !p.inAlias() {
		p.pos = p.lim
		return line, true
	}
	var b strings.Builder
	for c := p.raw(); c != eof; c = p.raw() {
		b.WriteByte(byte(c))
		p.pos++
		if c == '\n' {
			break
		}
	}
	return b.String(), true
}

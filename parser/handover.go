package parser

import "strings"

// source is the text that nodes were read from.
type source struct {
	text string
	base int // offset of text[0]
	// cooked says that the offsets of nodes do not index text.
	cooked  bool
	aliases []int // offsets at which an alias was replaced
	heres   []hereSpan
}

// hereSpan tells where the body of a here-document stands.
type hereSpan struct {
	op, start, end int
	open           bool // the end of the input ended it
}

// lateSource is a node whose Source can only be told when the whole command
// has been read.
type lateSource struct {
	fn    *FuncDef
	subst *CmdSubst
}

// verbatim says that what was read from start to here is what the tree says: no
// alias was replaced in it and no here-document of it waits for its body.
func (p *Parser) verbatim(start Pos) bool {
	if n := len(p.src0.aliases); n > 0 && p.src0.aliases[n-1] >= start.Offset {
		return false
	}
	n := len(p.heres)
	return n == 0 || p.heres[n-1].redir.Start.Offset < start.Offset
}

// fillSources sets the Source of the nodes that had to wait.
func (p *Parser) fillSources() {
	for _, l := range p.late {
		if l.fn != nil {
			l.fn.Source, _ = Handover(l.fn)
		} else {
			l.subst.Source = printLines(l.subst.Body, l.subst.Start.Line)
		}
	}
}

// Handover gives text for another shell; node is a *Program, *AndOr, *Pipeline,
// Command or *CmdSubst. Read by New with SetLine(line) and
// without aliases it gives the tree of node again. It is the text as it was
// read, so that every command keeps its line number; where an alias was
// replaced in it, it is as String writes it, with newlines put in so that the
// commands keep their lines as far as that can be. A background AndOr is given
// without its &: whoever is handed it is the background.
func Handover(node any) (text string, line int) {
	var s Span
	var src *source
	switch n := node.(type) {
	case *Program:
		s, src = n.Span, n.src
	case *AndOr:
		s, src = n.Span, n.src
	case *Pipeline:
		s, src = n.Span, n.src
	case *CmdSubst:
		return n.Source, n.Start.Line
	case Command:
		s, src = n.Where(), sourceOf(n)
	}
	if text, ok := src.slice(s); ok {
		if c, ok := node.(*Simple); ok && c.isTime() && c.Words[0].Start == c.Start {
			text = `\` + text
		}
		return text, s.Start.Line
	}
	line = max(s.Start.Line, 1)
	return printLines(foreground(node), line), line
}

func sourceOf(c Command) *source {
	switch c := c.(type) {
	case *Simple:
		return c.src
	case *Brace:
		return c.src
	case *Subshell:
		return c.src
	case *If:
		return c.src
	case *While:
		return c.src
	case *For:
		return c.src
	case *Case:
		return c.src
	case *FuncDef:
		return c.src
	case *Cond:
		return c.src
	}
	return nil
}

// slice gives the text that was read for s, with the here-documents that begin
// in it; false where the text does not say what the tree says.
func (src *source) slice(s Span) (string, bool) {
	if src == nil || src.cooked || src.text == "" || s.Start.Line == 0 {
		return "", false
	}
	if src.aliasIn(s.Start.Offset, s.End.Offset) {
		return "", false
	}
	from, to := s.Start.Offset-src.base, s.End.Offset-src.base
	if from < 0 || to > len(src.text) || from > to {
		return "", false
	}
	text := src.text[from:to]
	first := true
	for _, h := range src.heres {
		if h.op < s.Start.Offset || h.op >= s.End.Offset || h.start < s.End.Offset || h.start == h.end {
			continue
		}
		if src.aliasIn(h.start, h.end) { // in a $( ) of the body
			return "", false
		}
		if first {
			first = false
			text += "\n"
		} else if !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		text += src.text[h.start-src.base : h.end-src.base]
	}
	return text, true
}

// aliasIn says that an alias was replaced between two offsets.
func (src *source) aliasIn(from, to int) bool {
	for _, a := range src.aliases {
		if a >= from && a <= to {
			return true
		}
	}
	return false
}

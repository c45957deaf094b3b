package parser

import (
	"io"
	"slices"
	"strings"
)

// Lines gives the parser its input, one line at a time and never ahead:
// POSIX's sh must not read more of a script on standard input than the command
// it is about to run (sh, INPUT FILES). The line includes its newline; only
// the last may lack it. io.EOF ends the input (a line may come with it).
// continuation says that a command has been begun and is not complete: an
// interactive reader prompts with PS2 then. Any other error ends Next and is
// returned by it unchanged.
type Lines interface {
	ReadLine(continuation bool) (string, error)
}

// Options are what the parser asks of the shell while it reads.
type Options struct {
	// Name stands before the place in messages: the script's name, or "jsh".
	Name string
	// Alias tells the value of an alias; nil where aliases are off.
	Alias func(name string) (value string, ok bool)
	// Warn is told of text that was accepted although it is not right (a
	// here-document that the end of the input ended); nil says nothing.
	Warn func(at Pos, msg string)
}

// Parser reads complete commands from its Lines.
type Parser struct {
	input
	opts  Options
	lines Lines
	buf   strings.Builder // the text of the present command, where lines give it
	text  string          // the same as a string; or the whole fixed text
	root  int             // offset in the whole input of text[0]
	begun bool            // a line of the present command has been asked for
	atEOF bool
	// fetched is the number of the last line that lines gave.
	fetched int

	tok  token
	have bool // tok has been read and not been taken
	// aliasNext says that the value of an alias that ended in a blank has just
	// ended: the next word is looked up as well (POSIX 2.3.1).
	aliasNext bool

	open     []construct
	heres    []*hereDoc // here-documents whose body begins after the next newline
	hereIn   []string   // delimiters of the bodies that are being parsed
	src0     *source    // of the present command
	late     []lateSource
	notArith map[int]bool // offsets of $(( that have been found to be $( (
	strayEnd Pos          // a } that was taken as an operand
	leftover bool         // text of the present line waits for the next Next
	err      error
}

// New gives a parser that reads from in.
func New(in Lines, opts Options) *Parser {
	return &Parser{lines: in, opts: opts}
}

// FromString gives the lines of s.
func FromString(s string) Lines { return &stringLines{s} }

type stringLines struct{ rest string }

func (l *stringLines) ReadLine(bool) (string, error) {
	if l.rest == "" {
		return "", io.EOF
	}
	line := l.rest
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i+1]
	}
	l.rest = l.rest[len(line):]
	return line, nil
}

// SetLine makes n the number of the next line that is read.
func (p *Parser) SetLine(n int) { p.fetched = n - 1 }

// Next reads one complete command: up to and with the newline that ends it,
// and the here-documents that it needs. An empty line or a comment gives a
// Program without Stmts. At the end of the input the error is io.EOF. Other
// errors are *SyntaxError or come from Lines; Next returns the same again until
// Reset.
func (p *Parser) Next() (*Program, error) {
	if p.err != nil {
		return nil, p.err
	}
	switch {
	case p.leftover:
		p.beginLeftover()
	case p.atEOF:
		p.atEOF = false
		return nil, io.EOF
	default:
		p.begin()
	}
	prog, err := p.run((*Parser).completeCommand)
	p.leftover = false
	if err != nil {
		p.err = err
		return nil, err
	}
	// Only the value of an alias can hold a newline with more text after it.
	p.leftover = prog != nil && (p.inAlias() || p.pos < p.lim)
	if prog == nil {
		p.atEOF = false
		return nil, io.EOF
	}
	return prog, nil
}

// Reset makes the parser usable after an error: the rest of the line that was
// wrong is dropped.
func (p *Parser) Reset() {
	p.err = nil
	p.atEOF = false
}

// Parse reads the whole of src. The aliases of opts are those that hold now:
// text whose commands may define aliases for those that follow (eval, -c, a
// script) must be read with New(FromString(src), …), a command at a time.
func Parse(name, src string, opts Options) (*Program, error) {
	opts.Name = name
	src = dropNUL(src)
	p := &Parser{opts: opts}
	p.begin()
	p.text, p.src = src, src
	return p.run((*Parser).wholeText)
}

// Pending names the innermost construct that is open and so asks for another
// line: "quote", "dquote", "if", "then", "$(", "heredoc", "|" and so on; "" when
// none is. Lines may ask it while it prompts.
func (p *Parser) Pending() string {
	if len(p.open) == 0 {
		return ""
	}
	switch w := p.open[len(p.open)-1].word; w {
	case "'", "$'":
		return "quote"
	case `"`:
		return "dquote"
	case "`":
		return "backquote"
	case "<<":
		return "heredoc"
	default:
		return w
	}
}

// begin makes all ready for the next complete command.
func (p *Parser) begin() {
	base := p.root + len(p.text)
	p.root = base
	p.input = input{base: base, line: p.fetched, lineStart: base}
	p.buf = strings.Builder{}
	p.text = ""
	p.begun = false
	p.have = false
	p.aliasNext = false
	p.open = p.open[:0]
	p.heres, p.hereIn = nil, nil
	p.src0 = &source{base: base}
	p.late = p.late[:0]
	p.notArith = nil
	p.strayEnd = Pos{}
}

// beginLeftover goes on after a newline that stood in the value of an alias.
func (p *Parser) beginLeftover() {
	p.src0 = &source{base: p.root, aliases: slices.Clone(p.src0.aliases)}
	p.late = p.late[:0]
	p.strayEnd = Pos{}
}

// readError carries an error of Lines up through the grammar.
type readError struct{ err error }

// run calls f and turns what fail and fetch threw into an error.
func (p *Parser) run(f func(*Parser) *Program) (prog *Program, err error) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *SyntaxError:
			prog, err = nil, e
		case readError:
			prog, err = nil, e.err
		default:
			panic(e)
		}
	}()
	prog = f(p)
	p.src0.text = p.text
	p.fillSources()
	return prog, nil
}

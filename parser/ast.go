package parser

// Pos is a place in the input. Offset counts bytes from the start of the
// input; Line and Col count from 1, Col in bytes. The zero Pos means "not from
// the input" (a node that was built, not read). Text that came from an alias
// carries the position of the alias word.
type Pos struct {
	Offset int
	Line   int
	Col    int
}

// Span is the half-open range of the input that a node was read from.
type Span struct {
	Start, End Pos
}

// Program is a sequence of and-or lists: what POSIX calls a list (2.9.3), a
// compound-list or a complete command.
type Program struct {
	Span
	Stmts []*AndOr
	src   *source
}

// AndOrOp is what stands between two pipelines of an AndOr.
type AndOrOp uint8

const (
	OpAnd AndOrOp = iota // &&
	OpOr                 // ||
)

// AndOr is an AND-OR list (POSIX 2.9.3): pipelines joined by && and ||, all of
// equal precedence, associating to the left. Ops[i] stands before
// Pipelines[i+1]. Background says that it ended in &, which Span leaves out.
type AndOr struct {
	Span
	Pipelines  []*Pipeline
	Ops        []AndOrOp
	Background bool
	src        *source
}

// Pipeline is one or more commands joined by | (POSIX 2.9.2). MergeErr[i] says
// that Cmds[i] was joined to the next by |& (standard error goes into the pipe
// as well; from bash); it has len(Cmds)-1 elements. Cmds is empty only for the
// word time alone.
type Pipeline struct {
	Span
	Bang      bool // an odd number of ! stood before it
	Time      bool // the reserved word time stood before it (from bash)
	TimePOSIX bool // time -p
	Cmds      []Command
	MergeErr  []bool
	src       *source
}

// Command is one element of a pipeline: *Simple, *Brace, *Subshell, *If,
// *While, *For, *Case, *FuncDef or *Cond.
type Command interface {
	Where() Span
	// Redirections are those written on the command itself.
	Redirections() []*Redir
}

// Simple is a simple command (POSIX 2.9.1). Any of the three lists may be
// empty, not all.
type Simple struct {
	Span
	Assigns []*Assign
	Words   []*Word
	Redirs  []*Redir
	src     *source
}

// Assign is NAME=word before or as an operand of a command. Append is NAME+=word
// (from bash).
type Assign struct {
	Span
	Name   string
	Append bool
	Value  *Word // never nil; a Word without parts is the empty value
}

// Brace is { list; }.
type Brace struct {
	Span
	Body   *Program
	Redirs []*Redir
	src    *source
}

// Subshell is ( list ).
type Subshell struct {
	Span
	Body   *Program
	Redirs []*Redir
	src    *source
}

// If is if … then … elif … else … fi. Clauses has one element for if and one
// for each elif; Else is nil where there is none.
type If struct {
	Span
	Clauses []IfClause
	Else    *Program
	Redirs  []*Redir
	src     *source
}

// IfClause is one condition with what it guards.
type IfClause struct {
	Cond, Then *Program
}

// While is while or, with Until, until.
type While struct {
	Span
	Until      bool
	Cond, Body *Program
	Redirs     []*Redir
	src        *source
}

// For is for NAME [in words]; without in (HasIn false) it runs over "$@".
type For struct {
	Span
	Name   string
	HasIn  bool
	Words  []*Word
	Body   *Program
	Redirs []*Redir
	src    *source
}

// Case is case word in … esac.
type Case struct {
	Span
	Word   *Word
	Items  []*CaseItem
	Redirs []*Redir
	src    *source
}

// CaseItem is one patterns) list of a Case.
type CaseItem struct {
	Span
	Patterns    []*Word
	Body        *Program // without Stmts where the list is empty
	FallThrough bool     // it ended in ;& (POSIX.1-2024)
}

// FuncDef is NAME() compound-command. Body carries its own redirections, which
// are made at each call (POSIX 2.9.5). Source is the text of the whole
// definition as it was read, or, where an alias was expanded in it, as Print
// writes it: reading Source again gives the same function.
type FuncDef struct {
	Span
	Name   string
	Body   Command
	Source string
	src    *source
}

// Cond is [[ expression ]] (from bash).
type Cond struct {
	Span
	X      CondExpr
	Redirs []*Redir
	src    *source
}

// CondExpr is *CondUnary, *CondBinary, *CondNot, *CondLogic or *CondWord.
type CondExpr interface{ condExpr() }

// CondUnary is -op word.
type CondUnary struct {
	Op string
	X  *Word
}

// CondBinary is word op word, op one of = == != =~ < > -eq -ne -lt -le -gt -ge
// -nt -ot -ef.
type CondBinary struct {
	Op   string
	X, Y *Word
}

// CondNot is ! expr.
type CondNot struct{ X CondExpr }

// CondLogic is expr && expr or, with Or, expr || expr.
type CondLogic struct {
	Or   bool
	X, Y CondExpr
}

// CondWord is a word alone: true when it is not empty.
type CondWord struct{ X *Word }

func (*CondUnary) condExpr()  {}
func (*CondBinary) condExpr() {}
func (*CondNot) condExpr()    {}
func (*CondLogic) condExpr()  {}
func (*CondWord) condExpr()   {}

// RedirOp is the operator of a redirection.
type RedirOp uint8

const (
	RedirIn         RedirOp = iota // <
	RedirOut                       // >
	RedirAppend                    // >>
	RedirClobber                   // >|
	RedirReadWrite                 // <>
	RedirDupIn                     // <&
	RedirDupOut                    // >&
	RedirHere                      // << and <<-
	RedirHereStr                   // <<< (from bash)
	RedirBoth                      // &> (from bash): standard output and error
	RedirBothAppend                // &>> (from bash)
)

// Redir is one redirection. N is the descriptor that was written before the
// operator, or -1 where none was: then it is 0 for the operators that begin
// with < and 1 for the others. Word is the file name, the descriptor, the
// here-string, or the delimiter of a here-document as written.
type Redir struct {
	Span
	Op   RedirOp
	N    int
	Word *Word
	// Here is the body of a here-document: a single *Quoted part where the
	// delimiter was quoted, else text to expand as inside double-quotes
	// (leading tabs of <<- are already gone). Nil for other operators.
	Here *Word
	// Strip says that the operator was <<-; HereQuoted that some part of the
	// delimiter was quoted.
	Strip, HereQuoted bool
}

// Word is one word before expansion: its parts stand next to each other.
type Word struct {
	Span
	Parts []WordPart
}

// WordPart is *Lit, *Quoted, *DblQuoted, *Param, *CmdSubst or *Arith.
type WordPart interface{ wordPart() }

// Lit is text outside all quotes: glob characters in it are live, and in the
// places POSIX names so is a leading tilde. Bytes are kept as read, UTF-8 or
// not. Inside a DblQuoted or a here-document Lit is plain quoted text.
type Lit struct{ Text string }

// Quoted is text that was quoted with '…', $'…' or \: its bytes stand for
// themselves. Form is the quoting it was written with, for Print: '\” for
// '…', '$' for $'…', '\\' for a backslash.
type Quoted struct {
	Text string
	Form byte
}

// DblQuoted is "…". Parts are *Lit, *Quoted (a backslash escape), *Param,
// *CmdSubst and *Arith.
type DblQuoted struct{ Parts []WordPart }

// ParamOp is what a ${…} does with the parameter.
type ParamOp uint8

const (
	ParamPlain          ParamOp = iota // $x ${x}
	ParamLength                        // ${#x}
	ParamDefault                       // ${x-w} ${x:-w}
	ParamAssign                        // ${x=w} ${x:=w}
	ParamError                         // ${x?w} ${x:?w}
	ParamAlternative                   // ${x+w} ${x:+w}
	ParamTrimSuffix                    // ${x%w}
	ParamTrimSuffixLong                // ${x%%w}
	ParamTrimPrefix                    // ${x#w}
	ParamTrimPrefixLong                // ${x##w}
)

// Param is a parameter expansion (POSIX 2.6.2). Name is a variable name, the
// digits of a positional parameter, or one of @ * # ? - $ ! 0. Arg is the word
// after the operator (nil only for ParamPlain and ParamLength); it was read by
// the quoting rules that hold where the expansion stands.
type Param struct {
	Span
	Name   string
	Op     ParamOp
	Colon  bool
	Braced bool
	Arg    *Word
}

// CmdSubst is $(…) or, with Backquote, `…`. Source is the text of Body as it
// must be given to another shell: what stood between the parentheses, or the
// text between the backquotes with its backslashes taken off.
type CmdSubst struct {
	Span
	Body      *Program
	Source    string
	Backquote bool
}

// Arith is $((…)). Expr is the text inside, to be expanded as if inside
// double-quotes and then evaluated (POSIX 2.6.4).
type Arith struct {
	Span
	Expr *Word
}

func (*Lit) wordPart()       {}
func (*Quoted) wordPart()    {}
func (*DblQuoted) wordPart() {}
func (*Param) wordPart()     {}
func (*CmdSubst) wordPart()  {}
func (*Arith) wordPart()     {}

// Where makes every node that embeds a Span tell its place.
func (s Span) Where() Span { return s }

func (c *Simple) Redirections() []*Redir   { return c.Redirs }
func (c *Brace) Redirections() []*Redir    { return c.Redirs }
func (c *Subshell) Redirections() []*Redir { return c.Redirs }
func (c *If) Redirections() []*Redir       { return c.Redirs }
func (c *While) Redirections() []*Redir    { return c.Redirs }
func (c *For) Redirections() []*Redir      { return c.Redirs }
func (c *Case) Redirections() []*Redir     { return c.Redirs }
func (c *FuncDef) Redirections() []*Redir  { return nil }
func (c *Cond) Redirections() []*Redir     { return c.Redirs }

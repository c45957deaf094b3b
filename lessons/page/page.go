// Package page reads a lesson from its text file: Markdown with fenced blocks
// and a front matter of YAML.
//
// It owns the form of the file, and Lesson, what the file says. It judges no
// expression of a check (that is package check) and plays nothing (package
// play). It makes no system call.
//
// Invariants: a Problem names the line of the file that it is about; a Lesson is
// never changed once it was returned; the same file and seed give the same
// instance.
//
// The text outside of blocks is for the learner, line by line as it stands in the
// file. Of Markdown it may have **bold**, which marks a new term, and `code`.
package page

import (
	"slices"
	"strconv"
)

// Problem is what is wrong with a file, and where.
type Problem struct {
	File string
	Line int // from 1; 0: the file as a whole
	Text string
	Warn bool // the lesson can be played all the same
}

// String is file:line: text, as compilers write it.
func (p Problem) String() string {
	s := p.File
	if p.Line > 0 {
		s += ":" + strconv.Itoa(p.Line)
	}
	if p.Warn {
		return s + ": warning: " + p.Text
	}
	return s + ": " + p.Text
}

// Fatal says whether one of the problems is more than a warning.
func Fatal(problems []Problem) bool {
	for _, p := range problems {
		if !p.Warn {
			return true
		}
	}
	return false
}

// Lesson is what a file says. Random parts are filled in: those of Seed.
type Lesson struct {
	File    string
	ID      string
	Title   string
	Kind    string // lesson, question or scene
	Topic   string // of a question
	Minutes int
	Needs   []string // lessons that come before
	Claims  []string // of the course, that it proves
	Wants   []string // what the machine must be able to do
	Exact   bool     // it needs a source that misses no process: the connector or the tracer
	Vars    []Var
	Seed    uint64 // of this instance
	Steps   []Step
	Cleanup []string       // shell lines for when the lesson is left or over: those of all steps
	Lines   map[string]int // where a key of the front matter stands

	source string // the file, for another instance
}

// The kinds of lessons.
const (
	KindLesson   = "lesson"
	KindQuestion = "question"
	KindScene    = "scene"
)

// Var is a random part: one of Values stands for {{Name}}. A value that is a YAML
// mapping gives {{Name.key}} for each of its keys.
type Var struct {
	Name   string
	Line   int
	Values []map[string]string // of a plain value the only key is ""
	Chosen int                 // index into Values
}

// Step is a section of the file, under a heading of level two.
type Step struct {
	Title     string
	Line      int
	Text      []Line // what the learner reads first
	Given     []Line // expressions that must hold when the step is entered from elsewhere than from the step before
	Setup     []string
	Goal      string
	Predict   *Predict
	Do        []Line
	Checks    []Line   // expressions; all must hold at the same moment
	Proves    []string // claims that the check proves, by a remark in it: // proves C2 C3
	Hints     []Text   // growing
	Solutions []Script
	Wrongs    []Wrong
	Why       []Line
	Note      []Line // for the speaker
	Cleanup   []string
	Blocks    []Block // in the order of the file
}

// Line is one line of the file.
type Line struct {
	N    int // its number
	Text string
}

// Text is a block of lines for the learner.
type Text []Line

// Strings are the lines alone.
func (t Text) Strings() []string {
	var s []string
	for _, l := range t {
		s = append(s, l.Text)
	}
	return s
}

// Block says that a fenced block is there, and where.
type Block struct {
	Name string // check, hint …
	Line int
}

// Script is what a hand would type at the terminal.
type Script struct {
	Line   int
	Only   string // why there is no second way; "" is: there is one
	Inputs []Input
}

// InputKind is how a line of a script is typed.
type InputKind uint8

const (
	TypeLine InputKind = iota // Text, then Enter
	TypeRaw                   // Text without Enter
	TypeKey                   // the key alone: ^C ^Z ^\ ^D ^S ^Q
	Await                     // nothing: wait until the expression Text holds
)

// Input is one line of a script.
type Input struct {
	Kind InputKind
	N    int // line of the file
	Text string
}

// String is the input as it stands in the file.
func (in Input) String() string {
	switch in.Kind {
	case TypeRaw:
		return "!" + in.Text
	case Await:
		return "@ " + in.Text
	}
	return in.Text
}

// Wrong is a plausible way that does not lead to the goal.
type Wrong struct {
	Line int
	When string // an expression; "" never
	Seen string // what was seen, one line
	Try  string // what to try, one line
	Type []Input
}

// PredictKind is the form of a question.
type PredictKind uint8

const (
	Choice PredictKind = iota // one of Options
	Many                      // several of Options
	Marks                     // those of Items for which If holds
	Number                    // a number
	Order                     // Items, brought in the order of their events
	Typed                     // a command line that makes If hold
)

// Predict is a question whose answer is given before the experiment.
type Predict struct {
	Line     int
	Kind     PredictKind
	Question string
	Options  []Option // of Choice and Many
	Items    []Option // of Marks (If is empty) and Order (If is the event)
	If       string   // of Marks, about "it"; of Number, what is measured; of Typed
	Stored   string   // the answer, where no experiment decides: a letter, letters or a number
	Expect   string   // what the experiment gave where it was written, in the form of Stored; names of marks. It grades nobody
}

// Measured says that the kernel decides, not the file.
func (p *Predict) Measured() bool { return p.Stored == "" }

// About are the processes that the options of a choice are about, in their order.
func (p *Predict) About() []string {
	var names []string
	for i := range p.Options {
		for _, n := range p.Options[i].Who {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	return names
}

// Option is one possible answer.
type Option struct {
	Line int
	Key  string // A, B … or the name of what is ordered or marked
	Text string
	If   string // the expression that makes it right
	// Who are the processes of which a single choice says that it happens to them: naming
	// them is the same answer, and they are marked in the picture.
	Who []string
}

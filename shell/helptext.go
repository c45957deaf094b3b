package shell

import (
	_ "embed"
	"slices"
	"strings"
)

// helpPages holds a page for each builtin and each reserved word. A page begins
// with its title, "= " and the names it is for; a builtin's goes on with " -- "
// and what it does in a word or two. It is searched when somebody asks: at
// start it costs nothing.
//
//go:embed help.txt
var helpPages string

// helpPage is one page. brief is empty for what is no builtin.
type helpPage struct {
	names, brief, text string
}

// eachHelpPage goes through the pages in their order.
func eachHelpPage(yield func(helpPage) bool) {
	rest := strings.TrimPrefix(helpPages, "= ")
	for more := true; more; {
		var p helpPage
		p.text, rest, more = strings.Cut(rest, "\n= ")
		p.names, p.text, _ = strings.Cut(p.text, "\n")
		p.names, p.brief, _ = strings.Cut(p.names, " -- ")
		p.text = strings.TrimRight(p.text, "\n") + "\n"
		if !yield(p) {
			return
		}
	}
}

// builtinHelp is help (from bash): what to try first, or pages by name.
func builtinHelp(s *Shell, args []string) int {
	names := args[1:]
	if len(names) > 0 && names[0] == "--" {
		names = names[1:]
	}
	if len(names) == 0 {
		return s.outString("help", s.help)
	}
	status := 0
	for i, n := range names {
		if i > 0 {
			status = max(status, s.outString("help", "\n"))
		}
		status = max(status, s.helpAbout(n))
	}
	return status
}

// helpAbout is help NAME.
func (s *Shell) helpAbout(name string) int {
	switch name {
	case "builtins":
		return s.outString("help", s.builtinTable())
	case "--help":
		name = "help"
	}
	for p := range eachHelpPage {
		if slices.Contains(strings.Fields(p.names), name) {
			return s.outString("help", p.text)
		}
	}
	if b, ok := s.extra[name]; ok {
		return b(s, []string{name, "--help"})
	}
	if p, ok := s.own[name]; ok {
		return s.outString("help", p.Help)
	}
	s.complain("help: " + name + ": neither a builtin nor a reserved word (help builtins lists them; for programs: man " + name + ")")
	return 1
}

// The table of help builtins: two columns, and not more than a terminal of 24
// rows and 80 columns shows below the command.
const (
	tableColumn = 39
	tableNames  = 15
)

func (s *Shell) builtinTable() string {
	var cells []string
	for p := range eachHelpPage {
		if p.brief != "" {
			cells = append(cells, padded(p.names, tableNames)+p.brief)
		}
	}
	var b strings.Builder
	rows := (len(cells) + 1) / 2
	for i := range rows {
		if i+rows < len(cells) {
			b.WriteString(padded(cells[i], tableColumn) + cells[i+rows] + "\n")
		} else {
			b.WriteString(cells[i] + "\n")
		}
	}
	var extra []string
	for n := range s.extra {
		extra = append(extra, n)
	}
	for n := range s.own {
		extra = append(extra, n)
	}
	if slices.Sort(extra); len(extra) > 0 {
		line := padded("jsh's own:", tableNames)
		for i, n := range extra {
			if i < len(extra)-1 {
				n += ","
			}
			if len(line)+len(n) >= 2*tableColumn {
				b.WriteString(strings.TrimRight(line, " ") + "\n")
				line = padded("", tableNames)
			}
			line += n + " "
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	b.WriteString("help NAME tells more; so do help if, while, for, case, time, redirection\n")
	return b.String()
}

func padded(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-len(text)))
}

package quiz

import (
	"slices"
	"strconv"
	"strings"

	"jsh/lessons/page"
	"jsh/lessons/play"
	"jsh/typeset"
)

// For a projector: few words, from 60 columns on. The votes stand in columns
// beside the answers, and the kernel's mark before them.

// Band is play.Player.Band. Where there are few lines, the text before the
// question goes first; after the answer the question makes room for the why.
func (s *Show) Band(cols, rows int, st play.Style) play.Band {
	b := play.Band{Keys: s.phase != running}
	foot := s.footLines(cols)
	if s.because {
		why := append(paragraph(s.step().Why, cols), foot...)
		if b.Lines = append(s.board(cols, st, shares), why...); len(b.Lines) > rows {
			b.Lines = append(s.board(cols, st, oneLine), why...)
		}
		b.Lines = b.Lines[:min(len(b.Lines), rows)]
		return b
	}
	s.short = false
	for _, p := range []parts{
		{true, true, true, true, bars}, {true, false, true, true, bars}, {false, false, true, true, bars},
		{true, false, false, true, bars}, {false, false, false, true, bars},
		{false, false, true, false, shares}, {false, false, true, false, oneLine},
	} {
		if s.phase < answered && !p.question {
			continue
		}
		if s.phase == answered && !p.why && len(s.step().Why) > 0 {
			s.short = true
			foot = s.footLines(cols)
		}
		b.Lines = append(s.lines(cols, st, p), foot...)
		if len(b.Lines) <= rows {
			return b
		}
	}
	if above := rows - len(foot); above > 0 {
		b.Lines = append(b.Lines[:above:above], foot...)
	}
	return b
}

// footLines are the band's last lines: what was wrong with a vote may need two.
func (s *Show) footLines(cols int) []string {
	foot := s.foot(true)
	if typeset.Width(foot) <= cols {
		return []string{foot} // as it is, with its blanks
	}
	lines := typeset.Fold(foot, cols)
	for i := range lines {
		lines[i] = typeset.Cut(lines[i], cols, "~")
	}
	return lines
}

// Plain is play.Player.Plain: everything anew when the phase has changed.
func (s *Show) Plain(cols int) string {
	if s.told || !s.ready {
		return ""
	}
	s.told = true
	st := play.Style{Plain: true, ASCII: s.ascii}
	lines := append(s.lines(cols, st, parts{true, s.phase == first, true, true, bars}), typeset.Fold(s.foot(false), cols)...)
	return "\n" + strings.Join(lines, "\n") + "\n"
}

// parts are what is shown beside head and board.
type parts struct {
	head, text, question, why bool
	board                     board
}

// board is how much room the answers take.
type board uint8

const (
	bars    board = iota // each vote 12 columns
	shares               // each vote 5
	oneLine              // and each answer one line, cut
)

// lines are all but the foot.
func (s *Show) lines(cols int, st play.Style, show parts) []string {
	q, p := s.questions[s.at], s.predict()
	head := "QUESTION " + strconv.Itoa(s.at+1) + " of " + strconv.Itoa(len(s.questions)) + ": " + q.Title
	if !p.Measured() {
		head += " (stored answer)"
	}
	var out []string
	if show.head {
		out = append(out, bold(head, st))
	}
	if show.text {
		out = append(out, paragraph(s.step().Text, cols)...)
	}
	if show.question {
		out = append(out, typeset.Fold(p.Question, cols)...)
	}
	out = append(out, s.board(cols, st, show.board)...)
	if s.phase == answered && show.why {
		out = append(out, paragraph(s.step().Why, cols)...)
	}
	return out
}

// board is the answers with votes and marks.
func (s *Show) board(cols int, st play.Style, form board) []string {
	p := s.predict()
	list := answers(p, s.votes)
	if p.Kind == page.Number && s.phase == answered {
		for _, k := range s.kernel { // nobody may have said it
			found := false
			for _, o := range list {
				found = found || o.Key == k
			}
			if !found {
				list = append(list, page.Option{Key: k})
			}
		}
	}
	column, width := 12, cols-4
	if form != bars {
		column = 5
	}
	for _, v := range s.votes {
		if v != nil {
			width -= column
		}
	}
	var out []string
	for _, o := range list {
		if s.because && !slices.Contains(s.kernel, o.Key) {
			continue // there is room for the right ones
		}
		label, indent := o.Key, ""
		rows := []string{""}
		if o.Text != "" && o.Text != o.Key {
			label += "  "
			indent = strings.Repeat(" ", 3+typeset.Width(label))
			room := max(width, 16) - typeset.Width(label)
			rows = typeset.Fold(o.Text, room)
			if form == oneLine && len(rows) > 1 {
				rows = []string{typeset.Cut(o.Text, room, "~")}
			}
		}
		line := " " + s.mark(o.Key, st) + " " + typeset.Pad(label+rows[0], max(width, 16))
		for _, v := range s.votes {
			if v != nil {
				line += bar(v.share(o.Key, p), st, form)
			}
		}
		out = append(out, strings.TrimRight(line, " "))
		for _, r := range rows[1:] {
			out = append(out, indent+r)
		}
	}
	return out
}

// mark is the kernel's: a tick at what is right, a cross at all else. ASCII has +
// and x.
func (s *Show) mark(key string, st play.Style) string {
	if s.phase != answered || s.unsure {
		return " "
	}
	for _, k := range s.kernel {
		if k == key {
			if st.ASCII {
				return "+"
			}
			return "✓"
		}
	}
	if st.ASCII {
		return "x"
	}
	return "✗"
}

// bar is a share, 12 or 5 columns wide.
func bar(share int, st play.Style, form board) string {
	n := strconv.Itoa(share)
	if form != bars {
		return strings.Repeat(" ", 4-len(n)) + n + "%"
	}
	full := "█"
	if st.ASCII {
		full = "#"
	}
	k := min((share+8)/17, 6)
	return strings.Repeat(" ", 4-len(n)) + n + "% " + strings.Repeat(full, k) + strings.Repeat(" ", 6-k)
}

// foot says what comes next, and how.
func (s *Show) foot(band bool) string {
	enter := "Enter"
	if !band {
		enter = "Enter (or quiz next)"
	}
	how := "answer " + example(s.predict())
	if band {
		how = "type " + example(s.predict())
		if s.typed != "" {
			how = "> " + s.typed + "_"
		}
	}
	if s.wrong != "" && band {
		return s.wrong // with what to type
	}
	switch s.phase {
	case first:
		return "First vote: " + how + "   " + enter + ": no vote"
	case second:
		return "Talk it over. Second vote: " + how + "   " + enter + ": none"
	case before:
		if !s.predict().Measured() {
			return enter + ": the answer"
		}
		return enter + ": now the kernel is asked"
	case running:
		if band {
			return "The experiment runs: watch."
		}
		return "The experiment: " + strings.Join(page.Text(s.step().Do).Strings(), " ")
	}
	if s.unsure {
		return "No source could tell here how it ended.  " + enter + ": on"
	}
	if band && s.short && !s.because {
		return enter + ": why"
	}
	return enter + ": on"
}

func example(p *page.Predict) string {
	u := usage(p)
	return strings.TrimSpace(u[strings.LastIndex(u, ":")+1:])
}

func bold(s string, st play.Style) string {
	if st.Plain {
		return s
	}
	return "\x1b[1m" + s + "\x1b[0m"
}

// paragraph sets lines of a file anew: a projector has its own width.
func paragraph(lines []page.Line, cols int) []string {
	return typeset.Fold(strings.ReplaceAll(strings.Join(page.Text(lines).Strings(), " "), "**", ""), cols)
}

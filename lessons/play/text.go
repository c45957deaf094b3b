package play

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"jsh/lessons/page"
	"jsh/typeset"
)

func num(n int) string { return strconv.Itoa(n) }

// SGR that the band may hold.
const (
	bold   = "\x1b[1m"
	dim    = "\x1b[2m"
	invert = "\x1b[7m"
	reset  = "\x1b[0m"
)

// span is a piece of text with one look.
type span struct {
	text string
	look string // "", bold, dim or invert
}

// marked divides a line at **new terms** and `code`. A mark without its partner
// stays as it is.
func marked(line string) []span {
	var out []span
	plain := ""
	for line != "" {
		mark := ""
		switch {
		case strings.HasPrefix(line, "**"):
			mark = "**"
		case line[0] == '`':
			mark = "`"
		}
		if mark != "" {
			if end := strings.Index(line[len(mark):], mark); end > 0 {
				if plain != "" {
					out = append(out, span{plain, ""})
					plain = ""
				}
				out = append(out, span{line[len(mark) : len(mark)+end], bold})
				line = line[len(mark)+end+len(mark):]
				continue
			}
		}
		_, n := utf8.DecodeRuneInString(line)
		plain += line[:n]
		line = line[n:]
	}
	if plain != "" {
		out = append(out, span{plain, ""})
	}
	return out
}

// unmarked is a line without its marks: what is counted.
func unmarked(line string) string {
	s := ""
	for _, p := range marked(line) {
		s += p.text
	}
	return s
}

// quoted is a line for where there is no bold: `code` keeps its marks.
func quoted(line string) string {
	s := ""
	for i, part := range strings.Split(line, "`") {
		if i > 0 {
			s += "`"
		}
		s += unmarked(part)
	}
	return s
}

// styled is a line with its marks as SGR.
func styled(line string, st Style) string {
	if st.Plain {
		return quoted(line)
	}
	s := ""
	for _, p := range marked(line) {
		if p.look == "" {
			s += p.text
		} else {
			s += p.look + p.text + reset
		}
	}
	return s
}

// fold breaks a line so that it fits into cols columns; what is marked stays
// together with its marks, what is to be typed with itself. Continuations begin with
// indent. Two blanks in a row stay, since they set off what is to be typed. Where there is no bold (plain) the
// marks of code are to be seen, and count.
func fold(line string, cols int, indent string, plain bool) []string {
	if cols < 8 {
		cols = 8
	}
	var out []string
	for shown(line, plain) > cols {
		at, seen, inMark, last := 0, 0, false, 0
		whole := together(line)
		for i := 0; i < len(line); {
			if strings.HasPrefix(line[i:], "**") {
				inMark = !inMark
				i += 2
				continue
			}
			if line[i] == '`' {
				inMark = !inMark
				i++
				if plain {
					seen++
				}
				continue
			}
			if seen > cols {
				break
			}
			if line[i] == ' ' && !inMark && i > len(indent) && seen <= cols {
				if last = i; !whole[i] {
					at = i
				}
			}
			_, n := utf8.DecodeRuneInString(line[i:])
			seen += typeset.Width(line[i : i+n])
			i += n
		}
		if at == 0 {
			at = last
		}
		if at == 0 || strings.TrimSpace(line[:at]) == "" { // one long word
			at = len(typeset.Prefix(line, cols))
			if at == 0 {
				break
			}
		}
		out = append(out, strings.TrimRight(line[:at], " "))
		rest := strings.TrimLeft(line[at:], " ")
		if next := indent + rest; len(next) < len(line) {
			line = next
		} else {
			line = rest
		}
	}
	return append(out, line)
}

// longest is the widest command that is kept on one line.
const longest = 40

// together are the blanks of a line at which it is better not broken: those in
// what is set off by two blanks, to be typed, and those before a full stop.
func together(line string) map[int]bool {
	whole := map[int]bool{}
	for i := 0; i < len(line); i++ {
		if line[i] != ' ' {
			continue
		}
		if word, _, _ := strings.Cut(line[i+1:], " "); word != "" && strings.Trim(word, ".,;:!?)") == "" {
			whole[i] = true
		}
		if i == 0 || !strings.HasPrefix(line[i:], "  ") {
			continue
		}
		from := i + 2
		text := line[from:]
		for _, end := range []string{"  ", " ,", " .", " ;", " )"} {
			text, _, _ = strings.Cut(text, end)
		}
		i = from - 1
		if typeset.Width(text) > longest || strings.HasSuffix(text, ":") || strings.HasSuffix(text, ";") || strings.Contains(text, ". ") {
			continue // a sentence, after what was typed: the two blanks at its end begin the next
		}
		for k := range text {
			if text[k] == ' ' {
				whole[from+k] = true
			}
		}
		if i += len(text); strings.HasPrefix(line[i+1:], "  ") {
			i += 2 // the end of it, not the beginning of another
		} else if i+1 < len(line) {
			whole[i+1] = true // before , or .
		}
	}
	return whole
}

// shown is how many columns a marked line takes.
func shown(line string, plain bool) int {
	if plain {
		return typeset.Width(quoted(line))
	}
	return typeset.Width(unmarked(line))
}

// paragraph is lines of a lesson: they stay as the author broke them where they
// fit; where one does not, all of the paragraph is set anew.
func paragraph(lines []page.Line, cols int, plain bool) []string {
	var out, block []string
	flush := func() {
		fits := true
		for _, l := range block {
			fits = fits && shown(l, plain) <= cols
		}
		if fits {
			out = append(out, block...)
		} else {
			out = append(out, fold(strings.Join(block, " "), cols, "", plain)...)
		}
		block = nil
	}
	for _, l := range lines {
		if strings.TrimSpace(l.Text) == "" {
			flush()
			out = append(out, "")
			continue
		}
		block = append(block, l.Text)
	}
	flush()
	return out
}

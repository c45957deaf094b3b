package why

import (
	"strconv"
	"strings"

	"jsh/event"
	"jsh/typeset"
)

// Style says how an answer is written.
type Style struct {
	Cols   int  // no line is wider, where words allow it; below 40 it is taken as 40
	Colour bool // attributes may be used
}

// Text writes an answer for a reader: the head, the claims with their sources
// in brackets, and what to type.
func (a *Answer) Text(st Style) string {
	cols := min(max(st.Cols, 40), 80) - 1
	bold, dim, off := "", "", ""
	if st.Colour {
		bold, dim, off = "\x1b[1m", "\x1b[2m", "\x1b[0m"
	}
	var b strings.Builder
	for _, l := range typeset.Fold(a.Head, cols) {
		b.WriteString(bold + l + off + "\n")
	}
	for i := range a.Claims {
		c := &a.Claims[i]
		lines := typeset.Fold(c.Text, cols-2)
		for j, l := range lines {
			b.WriteString("  " + l)
			if j < len(lines)-1 {
				b.WriteByte('\n')
			}
		}
		source := "[" + c.Source + "]"
		if typeset.Width(lines[len(lines)-1])+4+typeset.Width(source) <= cols {
			b.WriteString("  " + dim + source + off + "\n")
			continue
		}
		b.WriteByte('\n')
		for _, l := range typeset.Fold(source, cols-4) {
			b.WriteString("    " + dim + l + off + "\n")
		}
	}
	if len(a.Do) > 0 {
		wide := 0
		for i := range a.Do {
			wide = max(wide, typeset.Width(a.Do[i].Type))
		}
		wide = min(wide, 24)
		b.WriteString("Type:\n")
		for i := range a.Do {
			d := &a.Do[i]
			head := "  " + bold + d.Type + off + strings.Repeat(" ", max(wide-typeset.Width(d.Type), 0)) + "  "
			lines := typeset.Fold(d.Effect, cols-wide-4)
			if typeset.Width(d.Type) > wide {
				b.WriteString(strings.TrimRight(head, " ") + "\n")
				head = strings.Repeat(" ", wide+4)
			}
			for j, l := range lines {
				if j > 0 {
					head = strings.Repeat(" ", wide+4)
				}
				b.WriteString(head + l + "\n")
			}
		}
	}
	return b.String()
}

// JSON writes answers as one JSON array and a newline. Keys may be added; none
// will change its meaning.
//
//	[{"pid": 812, "job": 1, "head": "…",
//	  "claims": [{"key": "stopped-ttin", "text": "…", "source": "log; …"}],
//	  "type": [{"command": "fg %1", "effect": "…"}]}]
func JSON(answers []Answer) []byte {
	b := []byte{'['}
	for i := range answers {
		a := &answers[i]
		if i > 0 {
			b = append(b, ",\n "...)
		}
		b = append(b, `{"pid":`...)
		b = strconv.AppendInt(b, int64(a.Pid), 10)
		b = append(b, `,"job":`...)
		b = strconv.AppendInt(b, int64(a.Job), 10)
		b = append(b, `,"head":`...)
		b = event.AppendString(b, a.Head)
		b = append(b, `,"claims":[`...)
		for j := range a.Claims {
			if j > 0 {
				b = append(b, ',')
			}
			b = append(b, `{"key":`...)
			b = event.AppendString(b, a.Claims[j].Key)
			b = append(b, `,"text":`...)
			b = event.AppendString(b, a.Claims[j].Text)
			b = append(b, `,"source":`...)
			b = append(event.AppendString(b, a.Claims[j].Source), '}')
		}
		b = append(b, `],"type":[`...)
		for j := range a.Do {
			if j > 0 {
				b = append(b, ',')
			}
			b = append(b, `{"command":`...)
			b = event.AppendString(b, a.Do[j].Type)
			b = append(b, `,"effect":`...)
			b = append(event.AppendString(b, a.Do[j].Effect), '}')
		}
		b = append(b, "]}"...)
	}
	return append(b, "]\n"...)
}

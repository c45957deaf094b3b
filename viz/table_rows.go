package viz

import (
	"slices"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/proc"
	"jsh/typeset"
)

// line is a process in the table, or the title of a session.
type line struct {
	p      *proc.Process
	title  string
	branch string // of the tree, before the name
}

// rows lays the table out: the columns as wide as they need, the last as wide
// as it likes.
func (t *table) rows(list []shown) []row {
	var lines []line
	if t.byParent {
		lines = t.descent(list)
	} else {
		lines = t.bySession(list)
	}
	n := len(t.columns)
	widths := make([]int, n)
	cells := make([]string, len(lines)*n)
	for k, c := range t.columns {
		widths[k] = len(c.name)
		for i := range lines {
			if p := lines[i].p; p != nil {
				cell := t.cell(c, p)
				if t.byParent && (c.name == "comm" || c.name == "args") {
					cell = lines[i].branch + cell
				}
				cells[i*n+k] = cell
				widths[k] = max(widths[k], typeset.Width(cell))
			}
		}
	}
	out := make([]row, 0, len(lines)+1)
	head := make([]string, n)
	for k, c := range t.columns {
		head[k] = strings.ToUpper(c.name)
	}
	out = append(out, row{{t.joined(head, widths), faint}})
	for i := range lines {
		l := &lines[i]
		if l.p == nil {
			out = append(out, row{{l.title, plain}})
			continue
		}
		c := plain
		_, _, state := state(l.p)
		switch {
		case l.p.Gone:
			c = faint
		case l.p.Group.Foreground:
			c = keyboard
		case state != plain:
			c = state
		}
		r := row{{t.joined(cells[i*n:(i+1)*n], widths), c}}
		if note := t.note(l.p); t.notes && note != "" {
			r = append(r, span{"  " + note, faint})
		}
		out = append(out, r)
	}
	return out
}

func (t *table) joined(cells []string, widths []int) string {
	var b strings.Builder
	for k, cell := range cells {
		blanks := strings.Repeat(" ", max(0, widths[k]-typeset.Width(cell)))
		switch {
		case t.columns[k].right:
			b.WriteString(blanks + cell)
		case k == len(cells)-1:
			b.WriteString(cell)
		default:
			b.WriteString(cell + blanks)
		}
		if k < len(cells)-1 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// note says what the tree of parents does not show: the shell, the keyboard,
// jobs, who was adopted, and a state that matters.
func (t *table) note(p *proc.Process) string {
	var notes []string
	if p == t.tree.Shell {
		notes = append(notes, "this shell")
	}
	if p.Group.Foreground && p == p.Group.Members[0] {
		notes = append(notes, "KEYBOARD")
	}
	if p.Group.Job != 0 && p == p.Group.Members[0] {
		notes = append(notes, "%"+strconv.Itoa(p.Group.Job))
	}
	if word, more, c := state(p); c != plain {
		notes = append(notes, word)
		if p.Gone && more != "" {
			notes = append(notes, more)
		}
	}
	if p.Adopted && p.Parent != nil && !p.Gone {
		notes = append(notes, "adopted by "+t.person(p.Parent))
	}
	return strings.Join(notes, ", ")
}

func (t *table) bySession(list []shown) []line {
	var lines []line
	for _, s := range list {
		if t.titles {
			lines = append(lines, line{title: t.title(s)})
		}
		for _, g := range s.groups {
			for _, p := range inOrder(g.members) {
				lines = append(lines, line{p: p})
			}
		}
	}
	return lines
}

// inOrder lists members with children after their parents.
func inOrder(members []*proc.Process) []*proc.Process {
	var d descent
	d.of(members)
	out := make([]*proc.Process, 0, len(members))
	d.walk(func(p *proc.Process, _ []bool) { out = append(out, p) })
	return out
}

// descent draws who is whose child.
func (t *table) descent(list []shown) []line {
	var all []*proc.Process
	for _, s := range list {
		for _, g := range s.groups {
			all = append(all, g.members...)
		}
	}
	slices.SortStableFunc(all, func(a, b *proc.Process) int {
		if a.Start != b.Start && a.Start != 0 && b.Start != 0 {
			if a.Start < b.Start {
				return -1
			}
			return 1
		}
		return a.Pid - b.Pid
	})
	var d descent
	d.of(all)
	trunk, tee, end, blank := "│ ", "├─", "└─", "  "
	if t.style.ASCII {
		trunk, tee, end = "| ", "|-", "`-"
	}
	var lines []line
	d.walk(func(p *proc.Process, last []bool) {
		var b strings.Builder
		for i, is := range last {
			switch at := i == len(last)-1; {
			case at && is:
				b.WriteString(end)
			case at:
				b.WriteString(tee)
			case is:
				b.WriteString(blank)
			default:
				b.WriteString(trunk)
			}
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		lines = append(lines, line{p: p, branch: b.String()})
	})
	return lines
}

// appendRows is the table as a JSON array of objects, one for each process.
// Numbers are numbers, what is not known is null.
func (t *table) appendRows(b []byte, list []shown) []byte {
	b = append(b, '[')
	n := 0
	lines := t.bySession
	if t.byParent {
		lines = t.descent
	}
	for _, l := range lines(list) {
		if l.p == nil {
			continue
		}
		b = comma(b, n)
		n++
		b = append(b, '{')
		for k, c := range t.columns {
			b = comma(b, k)
			b = event.AppendString(b, c.name)
			b = append(b, ':')
			switch cell := t.cell(c, l.p); {
			case c.right && cell != "-":
				b = append(b, cell...)
			case c.name == "comm":
				b = event.AppendString(b, l.p.Name)
			case c.name == "args" && t.told[l.p] != nil:
				b = event.AppendString(b, strings.Join(t.told[l.p].args, " "))
			case cell == "-" || cell == "?" || cell == "":
				b = append(b, "null"...)
			default:
				b = event.AppendString(b, cell)
			}
		}
		b = append(b, '}')
	}
	return append(b, ']', '\n')
}

// tableSVG is the table as a picture.
func (t *table) tableSVG(rows []row) []byte {
	var p picture
	p.dx, p.dy = border, border
	for i, r := range rows {
		x := 0
		for _, s := range r {
			lead := len(s.text) - len(strings.TrimLeft(s.text, " "))
			class := svgInk[s.ink]
			if i == 0 {
				class = "b"
			}
			p.text(class, float64(x+lead)*charWidth, 16+float64(i)*lineHeight, strings.TrimSpace(s.text))
			x += typeset.Width(s.text)
		}
	}
	return p.document("Processes, one a line")
}

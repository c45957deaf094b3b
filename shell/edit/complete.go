package edit

import (
	"strconv"
	"strings"
)

// complete is Tab: it inserts what all candidates have in common, and lists
// them when that is nothing more, the second time in a row.
func (e *Editor) complete() {
	if e.cfg.Complete == nil {
		e.bell = true
		return
	}
	line, pos := string(e.buf.text), e.buf.pos
	start, found := e.cfg.Complete(line, pos)
	if len(found) == 0 || start < 0 || start > pos {
		e.bell = true
		return
	}
	word, common := line[start:pos], found[0].Text
	if len(found) == 1 {
		if common+found[0].Suffix != word {
			e.buf.replace(start, pos, common+found[0].Suffix)
		}
		return
	}
	for _, c := range found[1:] {
		common = commonPrefix(common, c.Text)
	}
	if len(common) > len(word) || len(common) == len(word) && common != word {
		e.buf.replace(start, pos, common)
	} else if e.last == didComplete {
		e.list(found)
		return
	}
	e.bell = true
	e.this = didComplete
}

// commonPrefix ends between two clusters of a.
func commonPrefix(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for end := 0; end < n; {
		next := nextCluster([]byte(a), end)
		if next > n {
			return a[:end]
		}
		end = next
	}
	return a[:n]
}

// askAbove is how many candidates are listed without asking.
const askAbove = 100

// list shows the candidates below the line.
func (e *Editor) list(found []Candidate) {
	rows := columns(found, e.scr.cols, e.cfg.NoColor)
	e.scr.show(draw(e.prompt, e.buf.text, len(e.buf.text), e.scr.cols, e.cfg.NoColor))
	e.scr.below()
	p := &pager{rows: rows, count: len(found)}
	if len(found) <= askAbove && len(rows) < e.scr.rows {
		p.more(e, len(rows))
		return
	}
	p.asking = true
	e.modal = p
	e.show()
}

// pager shows a list by the screenful.
type pager struct {
	rows   [][]cell
	count  int
	asking bool
}

func (p *pager) key(e *Editor, k key) bool {
	c := k.code
	if c == keyText {
		c = rune(k.text[0])
	}
	if p.asking {
		switch c {
		case 'y', 'Y', ' ', tab:
			p.asking = false
			e.scr.erase()
			p.more(e, e.scr.rows-1)
			return true
		case 'n', 'N', del, ctrlH, ctrlG, 'q':
			p.stop(e)
			return true
		}
	} else {
		switch c {
		case ' ', 'y', 'Y', tab:
			e.scr.erase()
			p.more(e, e.scr.rows-1)
			return true
		case enter, ctrlJ, keyDown:
			e.scr.erase()
			p.more(e, 1)
			return true
		case 'q', 'Q', 'n', 'N', del, ctrlG:
			p.stop(e)
			return true
		}
	}
	if c == ctrlC {
		p.stop(e)
		return false
	}
	e.bell = true
	return true
}

// stop goes back to the line. The question stays where it is, as an answered
// one; --More-- goes.
func (p *pager) stop(e *Editor) {
	if p.asking {
		e.scr.below()
	} else {
		e.scr.erase()
	}
	e.modal = nil
}

// more shows up to n rows more.
func (p *pager) more(e *Editor, n int) {
	n = max(1, min(n, len(p.rows)))
	for _, r := range p.rows[:n] {
		e.scr.cells(r)
		e.scr.out = append(e.scr.out, "\r\n"...)
		e.scr.forget()
	}
	p.rows = p.rows[n:]
	if len(p.rows) > 0 {
		e.modal = p
	} else {
		e.modal = nil
	}
}

func (p *pager) view(e *Editor) (string, []byte, int) {
	s := "--More--"
	if p.asking {
		s = "Display all " + strconv.Itoa(p.count) + " possibilities? (y or n)"
	}
	return s, nil, 0
}

// columns sets names in columns, read downwards. A name too long for a row is
// cut.
func columns(found []Candidate, cols int, noColor bool) [][]cell {
	names := make([][]cell, len(found))
	widths := make([]int, len(found))
	widest := 1
	for i, c := range found {
		s := c.Show
		if s == "" {
			s = strings.TrimSuffix(c.Text, " ")
		}
		names[i], widths[i] = nameCells(s, cols, noColor)
		widest = max(widest, widths[i])
	}
	const gap = 2
	per := max(1, (cols+gap-1)/(widest+gap))
	height := (len(found) + per - 1) / per
	rows := make([][]cell, height)
	for i := range names {
		y := i % height
		rows[y] = append(rows[y], names[i]...)
		if i+height < len(names) {
			rows[y] = append(rows[y], cell{s: strings.Repeat(" ", widest+gap-widths[i]), w: widest + gap - widths[i]})
		}
	}
	return rows
}

// nameCells is a name on less than a full row.
func nameCells(s string, cols int, noColor bool) (cells []cell, w int) {
	l := layout{cols: cols, noColor: noColor}
	for b := []byte(s); len(b) > 0; {
		n := clusterLen(b)
		show := l.show(b[:n], false)
		if b[0] == '\n' {
			show = l.spelled("^J")
		}
		for _, c := range show {
			if w+c.w > cols-1 {
				return cells, w
			}
			cells = append(cells, c)
			w += c.w
		}
		b = b[n:]
	}
	return cells, w
}

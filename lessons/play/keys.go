package play

import (
	"slices"
	"strings"

	"jsh/lessons/page"
)

// Key is a key for the band, named as companion.Client.Keys does: up, down, left,
// right, space, enter, backspace, a, 1 … Other keys do nothing.
func (p *Player) Key(name string) Reply {
	if p.waiting || p.phase == left {
		return Reply{}
	}
	if p.phase == over {
		if name == "enter" || name == "space" || name == "right" {
			return p.tellNext()
		}
		return Reply{}
	}
	if p.phase != asking {
		return Reply{}
	}
	if p.reading {
		if name == "enter" || name == "space" || name == "right" || name == "down" {
			p.read, p.reading = true, false
		}
		return Reply{}
	}
	q := p.lesson.Steps[p.step].Predict
	switch q.Kind {
	case page.Number:
		return p.keyNumber(name)
	case page.Order:
		return p.keyOrder(q, name)
	}
	return p.keyPick(q, name)
}

func (p *Player) keyNumber(name string) Reply {
	d := &p.draft
	switch {
	case name == "backspace" && d.number != "":
		d.number = d.number[:len(d.number)-1]
	case len(name) == 1 && (name[0] >= '0' && name[0] <= '9' || name == "-" && d.number == "") && len(d.number) < 9:
		d.number += name
	case name == "up" || name == "down":
		n := 0
		for _, c := range d.number {
			if c >= '0' && c <= '9' {
				n = n*10 + int(c-'0')
			}
		}
		if name == "up" {
			n++
		} else {
			n = max(0, n-1)
		}
		d.number = num(n)
	case name == "enter" && strings.Trim(d.number, "-") != "":
		return p.Tell([]string{"answer", d.number})
	default:
		p.odd(name, "digits, then Enter")
		return Reply{}
	}
	p.remark = nil
	return Reply{}
}

// keyOrder takes items one after the other: space puts the one below the cursor
// next, backspace takes the last one back.
func (p *Player) keyOrder(q *page.Predict, name string) Reply {
	d := &p.draft
	p.move(name, len(q.Items))
	put := func(i int) {
		for _, have := range d.order {
			if have == i {
				return
			}
		}
		d.order = append(d.order, i)
	}
	switch {
	case name == "space":
		put(p.cursor)
	case name == "backspace" && len(d.order) > 0:
		d.order = d.order[:len(d.order)-1]
	case name == "enter" && len(d.order) < len(q.Items):
		put(p.cursor)
		if len(d.order) == len(q.Items)-1 { // only one is left
			for i := range q.Items {
				put(i)
			}
		}
	case name == "enter":
		return p.take(*d)
	case len(name) == 1 && name[0] >= '1' && int(name[0]-'1') < len(q.Items):
		put(int(name[0] - '1'))
	case p.odd(name, "arrows, space for the next one, Enter"):
		return Reply{}
	}
	p.remark = nil
	return Reply{}
}

func (p *Player) keyPick(q *page.Predict, name string) Reply {
	d := &p.draft
	list := q.Options
	if q.Kind == page.Marks {
		list = q.Items
	}
	if len(list) == 0 {
		return Reply{}
	}
	several := q.Kind != page.Choice
	p.move(name, len(list))
	sure, expected := p.sure, "arrows, space marks, Enter"
	if q.Kind != page.Marks {
		expected = "a letter of " + keys(list) + ", then Enter"
	}
	p.sure, p.remark = false, nil
	command := p.oddKeys > 1 // nobody slips twice: the 1 of kill %1 is no answer
	if len(name) == 1 && !command && (q.Kind != page.Marks || name[0] >= '1' && name[0] <= '9') {
		if i := find(list, name); i >= 0 {
			p.oddKeys = 0
			p.cursor = i
			if several {
				d.picked[i] = !d.picked[i]
			}
			return Reply{}
		}
	}
	if p.odd(name, expected) { // a command for the shell, most likely: what its letters chose is none
		p.oddKeys++
		clear(d.picked)
		if !several {
			p.cursor = -1
		}
		return Reply{}
	}
	if name != "space" { // between the words of a command
		p.oddKeys = 0
	}
	switch {
	case name == "space" && several:
		d.picked[p.cursor] = !d.picked[p.cursor]
	case name == "enter" && several:
		if !sure && !slices.Contains(d.picked, true) { // an Enter that was meant for the shell
			p.sure = true
			p.remark = []string{"None of them? Enter once more says so; space marks."}
			return Reply{}
		}
		return p.take(*d)
	case name == "enter" && p.cursor >= 0:
		clear(d.picked)
		d.picked[p.cursor] = true
		return p.take(*d)
	case name == "enter":
		p.remark = []string{"First " + expected + ".", "Esc gives the keyboard to the shell."}
	}
	return Reply{}
}

// odd says whether a key means nothing here, and then tells what is expected: keys
// that were meant for the shell are not dropped in silence.
func (p *Player) odd(name, expected string) bool {
	if len(name) != 1 || name == " " {
		return false
	}
	p.remark = []string{"The lesson has the keyboard: " + expected + ".", "Esc gives it to the shell."}
	return true
}

// move moves the cursor among n things.
func (p *Player) move(name string, n int) {
	switch name {
	case "up", "left":
		p.cursor = (max(p.cursor, 0) + n - 1) % n
	case "down", "right", "tab":
		p.cursor = (p.cursor + 1) % n
	}
}

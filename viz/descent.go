package viz

import (
	"jsh/proc"
)

// descent is a forest: parents and their children in the order given.
type descent struct {
	all      []*proc.Process
	children map[*proc.Process][]*proc.Process
	roots    []*proc.Process
}

func (d *descent) of(all []*proc.Process) {
	d.all = all
	if len(all) == 1 {
		d.roots = all
		return
	}
	inside := make(map[*proc.Process]bool, len(all))
	for _, p := range all {
		inside[p] = true
	}
	d.children = make(map[*proc.Process][]*proc.Process, len(all))
	for _, p := range all {
		if p.Parent != nil && p.Parent != p && inside[p.Parent] {
			d.children[p.Parent] = append(d.children[p.Parent], p)
		} else {
			d.roots = append(d.roots, p)
		}
	}
}

// walk visits each once, parents first. last says for each generation but the
// first whether this one is the last child. A snapshot is not of one instant:
// what only a ring of parents reaches comes at the end.
func (d *descent) walk(visit func(p *proc.Process, last []bool)) {
	if len(d.all) == 1 {
		visit(d.all[0], nil)
		return
	}
	done := make(map[*proc.Process]bool, len(d.all))
	var last []bool
	var down func(p *proc.Process)
	down = func(p *proc.Process) {
		if done[p] {
			return
		}
		done[p] = true
		visit(p, last)
		children := d.children[p]
		for i, child := range children {
			last = append(last, i == len(children)-1)
			down(child)
			last = last[:len(last)-1]
		}
	}
	for _, p := range d.roots {
		down(p)
	}
	for _, p := range d.all {
		down(p)
	}
}

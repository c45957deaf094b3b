package daemonize

import (
	"slices"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/lab/puppet"
)

// probe is one thing that was tried on both daemons of a twin, and what came of
// it: with the step, and without.
type probe struct {
	what    string
	results [2]string
}

// experiment is what is tried to see the consequence of leaving a step out.
type experiment struct {
	plain  bool
	before func(s *side) error                // in the shell, before the job
	after  func(s *side) ([][2]string, error) // what, result; the same whats on both sides
}

// twins is the result of a twin: both sides, and what became of them. reason is why
// it could not be measured, "" if it could.
type twins struct {
	step   string
	sides  [2]*side
	probes []probe
	reason string
}

// measure runs the recipe with and without a step, and tries the consequences.
func (c *command) measure(t *puppet.Troupe, step string) *twins {
	w := &twins{step: step}
	for i, e := range experiments(step) {
		from := len(w.probes)
		for j, left := range []string{"", step} {
			s := &side{t: t, left: left, plain: e.plain, twin: step}
			defer s.close()
			err := s.begin(e.before)
			if err == nil {
				err = s.recipe()
			}
			var got [][2]string
			if err == nil {
				got, err = e.after(s)
			}
			if err != nil {
				w.reason = err.Error()
				return w
			}
			for k, g := range got {
				if j == 0 {
					w.probes = append(w.probes, probe{what: g[0]})
				}
				w.probes[from+k].results[j] = g[1]
			}
			if i == 0 {
				w.sides[j] = s
			}
		}
	}
	return w
}

// difference is the index of the first row in which the sides differ, -1 if none.
func (w *twins) difference() int {
	for i := range w.sides[0].rows {
		if w.sides[0].rows[i] != w.sides[1].rows[i] {
			return i
		}
	}
	return -1
}

// stage opens a troupe for measured experiments. The learner's picture is not to be
// filled with them: nobody is told of their calls, and the variable by which
// a picture knows what came from its shell is not in their environment.
func (c *command) stage() (*puppet.Troupe, error) {
	env := slices.DeleteFunc(slices.Clone(c.Environ), func(v string) bool { return strings.HasPrefix(v, "JSH_COMPANION=") })
	return puppet.Open(puppet.Options{Exe: c.Exe, Environ: env})
}

// twin is daemonize --twin.
func (c *command) twin(step string) int {
	t, err := c.stage()
	if err != nil {
		c.Err("daemonize: " + err.Error() + "\n")
		return 1
	}
	defer t.Close()
	w := c.measure(t, step)
	s, _ := find(step)
	if w.reason != "" {
		c.Err(fold("daemonize: this twin cannot be measured here: "+w.reason, "  ", c.width()))
		return 1
	}
	c.Out(fold("The recipe with and without "+step+" ("+s.Title+"), each on real processes and a terminal of its own.", "", c.width()))
	first := w.difference()
	c.Out(c.columns("", "with "+step, "without "+step, true))
	for i, r := range w.sides[0].rows {
		other := w.sides[1].rows[i].text
		switch {
		case i == 0:
			continue // both begin alike
		case other == r.text:
			other = "the same"
		}
		text := c.columns(r.step, r.text, other, false)
		if i == first {
			text = c.Bold(mark(text, c.width()))
		}
		c.Out(text)
	}
	c.Out("\n" + c.Bold("What becomes of the daemon") + "\n")
	for _, p := range w.probes {
		c.Out(c.columns(p.what, p.results[0], p.results[1], false))
	}
	for i, s := range w.sides {
		lines := c.Timeline(s.events, event.Now(), c.width())
		if len(lines) > 0 {
			c.Out("\n" + c.Bold([...]string{"with ", "without "}[i]+step) + "\n" + strings.Join(lines, "\n") + "\n")
		}
	}
	return 0
}

// mark puts the sign of the first difference behind the first line of a row.
func mark(text string, width int) string {
	first, rest, _ := strings.Cut(text, "\n")
	const sign = "<- first difference"
	if runes(first)+1+len(sign) <= width {
		return first + " " + sign + "\n" + rest
	}
	return text + strings.Repeat(" ", max(0, width-len(sign)-4)) + "^^^ first difference\n"
}

const labelColumns = 19

// columns sets a row: a label and two texts beside each other.
func (c *command) columns(label, a, b string, head bool) string {
	width := (c.width() - labelColumns - 2) / 2
	indent := label[:len(label)-len(strings.TrimLeft(label, " "))]
	lines := [3][]string{
		strings.Split(strings.TrimSuffix(fold(label, "", labelColumns-1), "\n"), "\n"),
		strings.Split(strings.TrimSuffix(fold(a, "", width), "\n"), "\n"),
		strings.Split(strings.TrimSuffix(fold(b, "", width), "\n"), "\n"),
	}
	at := func(i, j int) string {
		if j < len(lines[i]) {
			return lines[i][j]
		}
		return ""
	}
	text := ""
	for j := range max(len(lines[0]), len(lines[1]), len(lines[2])) {
		row := pad(indent+at(0, j), labelColumns) + pad(at(1, j), width+2) + at(2, j)
		if head {
			row = c.Bold(strings.TrimRight(row, " "))
		}
		text += strings.TrimRight(row, " ") + "\n"
	}
	return text
}

// compare is daemonize --compare.
func (c *command) compare() int {
	began := event.Now()
	c.Out(fold("Every step left out once, on real processes, measured now. Each line is one thing that was tried on a daemon that took the step and on one that left it out.", "", c.width()))
	c.Out("\n" + c.columns("left out", "with the step", "without it", true))
	status := 0
	for _, s := range Steps() {
		t, err := c.stage()
		if err != nil {
			c.Err("daemonize: " + err.Error() + "\n")
			return 1
		}
		w := c.measure(t, s.Name)
		t.Close()
		c.Out(c.Bold(s.Name) + "\n")
		if w.reason != "" {
			c.Out(fold("not measured here: "+w.reason, "   ", c.width()))
			continue
		}
		for _, p := range w.probes {
			c.Out(c.columns("  "+p.what, p.results[0], p.results[1], false))
		}
	}
	ms := (event.Now() - began) / 1e6
	c.Out("\nMeasured in " + strconv.FormatInt(ms/1000, 10) + "." + strconv.FormatInt(ms%1000/100, 10) + " s.\n")
	return status
}

package homework

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
)

// CSV writes a line a step, with a line of headings first (RFC 4180).
func CSV(to io.Writer, class []Learner) error {
	w := csv.NewWriter(to)
	w.Write([]string{"learner", "lesson", "seed", "tries", "step", "title", "verdict", "wrong", "predicted", "right", "copy", "note"})
	copies := Copies(class)
	for i := range class {
		l := &class[i]
		for _, work := range l.Works {
			also := ""
			for _, c := range copies {
				for k, name := range c.Learners {
					if c.Lesson == work.ID && name == l.Name {
						also = strings.TrimSpace(also + " " + c.Learners[1-k])
					}
				}
			}
			for n := range work.Steps {
				s := &work.Steps[n]
				row := []string{l.Name, work.ID, strconv.FormatUint(work.Seed, 10), strconv.Itoa(work.Tries), strconv.Itoa(n + 1), s.Title, s.Verdict.String(),
					strconv.Itoa(s.Wrong), yes(s.Asked), yes(s.Right), also, s.Why}
				for k := range row {
					row[k] = tame(row[k])
				}
				w.Write(row)
			}
		}
		for _, note := range append(slices.Clone(l.Damage), l.Odd...) {
			w.Write([]string{tame(l.Name), "", "", "", "", "", "", "", "", "", "", tame(note)})
		}
	}
	w.Flush()
	return w.Error()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// tame keeps a spreadsheet from taking a learner's words for a formula.
func tame(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

package main

import (
	"slices"
	"strconv"
	"strings"
)

// row is one line of the table: the median of each shell, in the order of the
// columns.
type row struct {
	name, unit, goal string
	medians          []float64
}

// median is the middle value, or the mean of the two in the middle.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(v))
	mid := len(s) / 2
	if len(s)%2 == 1 {
		return s[mid]
	}
	return (s[mid-1] + s[mid]) / 2
}

// table is the Markdown table. The ratios divide jsh, the last column, by dash
// and by bash; one that is not there leaves its ratios empty.
func table(shells []string, rows []row) string {
	var b strings.Builder
	head := append([]string{"case"}, shells...)
	head = append(head, "jsh ÷ dash", "jsh ÷ bash", "goal (never worse than)")
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(head)
	b.WriteString("|---|" + strings.Repeat("---:|", len(head)-2) + "---|\n")
	for _, r := range rows {
		cells := []string{strings.ReplaceAll(r.name, "|", `\|`)}
		for _, m := range r.medians {
			cells = append(cells, figures(m)+" "+r.unit)
		}
		for _, other := range []string{"dash", "bash"} {
			ratio := ""
			if i := slices.Index(shells, other); i >= 0 && r.medians[i] > 0 {
				ratio = strconv.FormatFloat(r.medians[len(shells)-1]/r.medians[i], 'f', 2, 64)
			}
			cells = append(cells, ratio)
		}
		line(append(cells, r.goal))
	}
	return b.String()
}

// figures writes a number with three significant figures.
func figures(v float64) string {
	switch {
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

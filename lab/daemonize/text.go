package daemonize

import "strings"

// fold breaks a text between words into lines that are not wider than width; all
// but the first begin with indent, and the first too if indent is long.
func fold(text, indent string, width int) string {
	var b strings.Builder
	line := ""
	if len(indent) > 2 {
		line = indent
	}
	empty := true
	for word := range strings.FieldsSeq(text) {
		if !empty && runes(line)+1+runes(word) > width {
			b.WriteString(line + "\n")
			line, empty = indent, true
		}
		if !empty {
			line += " "
		}
		line += word
		empty = false
	}
	b.WriteString(line + "\n")
	return b.String()
}

func runes(s string) int { return len([]rune(s)) }

func pad(s string, n int) string { return s + strings.Repeat(" ", max(1, n-runes(s))) }

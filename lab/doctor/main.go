package doctor

import (
	"os"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/typeset"
)

// Help is what help doctor prints.
const Help = `usage: doctor [--json]
Looks at kernel, namespaces, tracing, terminal and locale, by really trying,
and says which parts of jsh will look different here. The last line is for
your teacher. Exit status: 0; 2 for a wrong operand.
`

// Main is doctor; args[0] is its name.
func Main(args []string, version string) int {
	json := false
	for _, a := range args[1:] {
		switch a {
		case "--json":
			json = true
		case "--help":
			os.Stdout.WriteString(Help)
			return 0
		default:
			os.Stderr.WriteString("doctor: " + a + ": no such operand (doctor [--json])\n")
			return 2
		}
	}
	exe, err := os.Executable()
	if err != nil {
		exe = "/proc/self/exe"
	}
	f := Look(exe, version)
	fs := Report(f)
	if json {
		os.Stdout.Write(JSON(f, fs))
		return 0
	}
	cols := 80
	if f.Cols > 0 {
		cols = f.Cols
	}
	os.Stdout.WriteString(Text(f, fs, cols, f.UTF8))
	return 0
}

// Text writes a report for a reader; no line but the teacher's is wider than
// cols, or 80.
func Text(f *Facts, fs []Finding, cols int, unicode bool) string {
	good, bad := "ok", "--"
	if unicode {
		good, bad = "✓ ", "✗ "
	}
	width := min(max(cols, 40), 80) - 1
	const indent = 15
	var b strings.Builder
	for _, x := range fs {
		mark := good
		if !x.Good {
			mark = bad
		}
		head := mark + " " + x.What + strings.Repeat(" ", max(indent-3-len(x.What), 1))
		for _, l := range typeset.Fold(event.Visible(x.Text), width-indent) {
			b.WriteString(head + l + "\n")
			head = strings.Repeat(" ", indent)
		}
		if x.Then == "" {
			continue
		}
		for _, l := range typeset.Fold(x.Then, width-indent-2) {
			b.WriteString(head + "  " + l + "\n")
		}
	}
	b.WriteString("\nFor your teacher, in one line:\n" + Line(f, fs) + "\n")
	return b.String()
}

// JSON writes a report as one JSON object and a newline.
//
//	{"version": "0.1", "kernel": "6.18.44", "line": "…", "findings":
//	 [{"key": "sandbox", "good": true, "what": "Namespaces", "text": "…", "then": "…"}]}
func JSON(f *Facts, fs []Finding) []byte {
	b := event.AppendString([]byte(`{"version":`), f.Version)
	b = event.AppendString(append(b, `,"kernel":`...), f.Release)
	b = event.AppendString(append(b, `,"line":`...), Line(f, fs))
	b = append(b, `,"findings":[`...)
	for i, x := range fs {
		if i > 0 {
			b = append(b, ',')
		}
		b = event.AppendString(append(b, `{"key":`...), x.Key)
		b = strconv.AppendBool(append(b, `,"good":`...), x.Good)
		b = event.AppendString(append(b, `,"what":`...), x.What)
		b = event.AppendString(append(b, `,"text":`...), x.Text)
		b = append(event.AppendString(append(b, `,"then":`...), x.Then), '}')
	}
	return append(b, "]}\n"...)
}

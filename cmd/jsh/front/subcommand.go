package front

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"
)

// subcommand is the first word of the command line if it names something that
// jsh does besides running commands, as in jsh ps-tree: "" if not. A script
// of such a name is run by jsh ./ps-tree. Under the name sh there are none:
// POSIX has sh FILE run the file.
func subcommand(args []string) string {
	if len(args) < 2 || strings.TrimPrefix(filepath.Base(args[0]), "-") == "sh" {
		return ""
	}
	switch args[1] {
	case "explain", "ps-tree", "replay", "timeline", "viz", "why":
		return args[1]
	}
	return ""
}

// runSubcommand runs what subcommand found.
func runSubcommand(args []string) int {
	switch args[1] {
	case "explain":
		return runExplain(args[1:])
	case "ps-tree":
		return runPSTree(args[2:])
	case "timeline":
		return runTimeline(args[2:])
	case "replay":
		return runReplay(args[1:])
	case "viz":
		return runViz(args[1:])
	}
	return runWhy(args[1:])
}

// outside is what a command that is no builtin knows of its output.
type outside struct {
	cols          int // 0: no terminal
	colour, ascii bool
}

func lookOutside() outside {
	o := outside{ascii: true}
	for _, n := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := os.Getenv(n); v != "" {
			v = strings.ToUpper(v)
			o.ascii = !strings.Contains(v, "UTF-8") && !strings.Contains(v, "UTF8")
			break
		}
	}
	if term.IsTerminal(1) {
		o.cols = columns(1)
		t := os.Getenv("TERM")
		o.colour = os.Getenv("NO_COLOR") == "" && t != "" && t != "dumb"
	}
	return o
}

func toStdout(b []byte) { os.Stdout.Write(b) }
func toStderr(b []byte) { os.Stderr.Write(b) }

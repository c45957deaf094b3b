package front

import (
	"os"
	"strconv"
	"strings"

	"jsh/companion"
	"jsh/screen/viewer"
	"jsh/shell"
	"jsh/viz"
)

const vizHelp = `usage: viz
       viz on | off | full                  in the split screen
       viz --attach [PID | SOCKET]
       jsh viz --attach [PID | SOCKET]      in any terminal
The picture of this shell's processes: sessions as frames, process groups
as boxes, KEYBOARD on the one that gets the keys. viz draws it once, and
says how to see it move: in a second terminal or a tmux split. There it
looks back too: left and right go by event, PgUp and PgDn by command line,
End is now, ? tells the keys, q leaves. PID is a jsh's; it is needed only
where there are several.
The first viz starts a companion: a process that keeps the log, for as long
as this shell or something started from it lives.
`

// builtinViz is viz in the shell.
func builtinViz(s *shell.Shell, args []string) int {
	switch a := args[1:]; {
	case len(a) == 0:
		return vizHere(s)
	case a[0] == "--help":
		s.WriteOut([]byte(vizHelp))
		return 0
	case a[0] == "--attach" && len(a) <= 2:
		return vizAttach(s, a[1:])
	case len(a) == 1 && (a[0] == "on" || a[0] == "off" || a[0] == "full"):
		return vizScreen(s, a[0])
	}
	s.Complain("viz: " + args[1] + ": no such option (help viz)")
	return 2
}

// vizScreen asks the screen around this shell to show less or more of the
// picture.
func vizScreen(s *shell.Shell, what string) int {
	err := companion.ErrNoScreen
	if link.Check() && s.Pid() == s.ShellPid() {
		err = link.Screen(what)
	}
	if err != nil {
		s.Complain("viz " + what + ": " + err.Error())
		return 1
	}
	return 0
}

func vizHere(s *shell.Shell) int {
	if !s.Interactive() || s.Pid() != s.ShellPid() { // in a pipeline: the picture alone
		return drawNow(s)
	}
	if !needCompanion(s, "viz") {
		drawNow(s)
		return 1
	}
	status := drawNow(s)
	attach := s.Exe() + " viz --attach"
	if outer && link.Shell() != s.Pid() {
		attach += " " + link.Path
	} else {
		attach += " " + strconv.Itoa(s.Pid())
	}
	text := ""
	if outer {
		if err := link.Screen("shown"); err != nil && err.Error() == companion.ErrHidden.Error() {
			text = "To see it move here, above the prompt:\n    viz on\n"
		}
	}
	text += "To see it move, and to look back, in a second terminal:\n    " + attach + "\n"
	if s.Var("TMUX") != "" {
		text += "or here beside the shell:\n    tmux split-window -h '" + attach + "'\n"
	}
	s.Say(text + "or in this terminal until you type q:\n    viz --attach")
	return status
}

func drawNow(s *shell.Shell) int {
	lines, err := pictureNow(s)
	if err != nil {
		s.Complain("viz: " + err.Error())
		return 1
	}
	s.WriteOut([]byte(strings.Join(lines, "\n") + "\n"))
	return 0
}

// vizAttach runs the viewer as a job of this shell.
func vizAttach(s *shell.Shell, operand []string) int {
	if !s.Interactive() || s.Pid() != s.ShellPid() {
		s.Complain("viz --attach draws on the terminal: type it alone, in no pipeline or ( )")
		return 1
	}
	target := ""
	if len(operand) == 1 {
		target = operand[0]
	} else {
		if !needCompanion(s, "viz") {
			return 1
		}
		target = link.Path
	}
	return s.RunLine("command -- " + quoted(s.Exe()) + " viz --attach " + quoted(target))
}

// quoted is a word for the shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// runViz is jsh viz, in any terminal: a process of its own.
func runViz(args []string) int {
	complain := func(msg string) { os.Stderr.WriteString("jsh viz: " + msg + "\n") }
	switch a := args[1:]; {
	case len(a) > 0 && a[len(a)-1] == "--help":
		os.Stdout.WriteString(vizHelp)
		return 0
	case len(a) == 0:
		complain("jsh viz --attach [PID | SOCKET] shows the picture of a jsh in another terminal; in jsh itself type viz")
		return 2
	case a[0] != "--attach":
		complain(a[0] + ": no such option (jsh viz --help)")
		return 2
	case len(a) > 2:
		complain("one PID or SOCKET is enough")
		return 2
	}
	if !guarded {
		return guard(args)
	}
	word := ""
	if len(args) == 3 {
		word = args[2]
	}
	found, err := companion.Named(word)
	if several, ok := err.(*companion.AmbiguousError); ok {
		complain("there are several; say which:\n" + list(several.Found))
		return 1
	}
	if err == nil {
		var client *companion.Client
		if client, err = companion.Dial(found.Path); err == nil {
			defer client.Close()
			return view(client, viewer.Options{Style: EnvStyle()}, complain)
		}
	}
	complain(err.Error())
	return 1
}

// list says what there is to attach to.
func list(found []companion.Found) string {
	var b strings.Builder
	for _, f := range found {
		if f.Shell == 0 {
			b.WriteString("    jsh viz --attach " + f.Path + "\n")
			continue
		}
		over := ""
		if f.Over {
			over = ", its shell has ended"
		}
		lines := " command lines"
		if f.Lines == 1 {
			lines = " command line"
		}
		b.WriteString("    jsh viz --attach " + strconv.Itoa(f.Shell) + "    " + strconv.Itoa(f.Lines) + lines + over + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// guarded says that another process waits for this one and puts the terminal in
// order whatever happens.
var guarded bool

// guard runs a subcommand that takes the whole terminal.
func guard(args []string) int {
	exe, err := os.Executable()
	if err != nil {
		exe = "/proc/self/exe"
	}
	return viewer.Guard(exe, args)
}

func view(src companion.Moments, o viewer.Options, complain func(string)) int {
	status, last, err := viewer.Run(src, o)
	if err != nil {
		complain(err.Error())
	}
	if last != "" {
		os.Stderr.WriteString(last + "\n")
	}
	return status
}

// EnvStyle says how to draw by the environment alone.
func EnvStyle() viz.Style {
	o := lookOutside()
	t := os.Getenv("TERM")
	return viz.Style{ASCII: o.ascii, Colour: os.Getenv("NO_COLOR") == "" && t != "" && t != "dumb"}
}

package shell

import "sort"

// summaries say in a line what each builtin is for.
var summaries = map[string]string{
	":": "does nothing, successfully", ".": "runs a file in this shell", "source": "runs a file in this shell",
	"break": "leaves a loop", "continue": "begins the next round of a loop", "eval": "runs its arguments as a command",
	"exec": "replaces the shell by a program, or keeps redirections", "exit": "ends the shell",
	"export": "passes variables on to programs", "readonly": "keeps variables from being changed",
	"return": "leaves a function", "set": "sets options and positional parameters", "shift": "drops positional parameters",
	"times": "processor time of the shell and its children", "trap": "says what to do when a signal comes",
	"unset": "removes variables or functions", "alias": "gives a command another name",
	"bg": "continues a stopped job in the background: bg [%job…]", "cd": "changes the working directory",
	"command": "runs a command that no function hides", "disown": "takes a job off the list: no SIGHUP when the shell exits",
	"echo": "writes its arguments", "false": "fails",
	"fc":      "lists, edits and runs earlier commands: fc -l, fc -s [old=new] [first], fc [-e editor] [first [last]]",
	"fg":      "brings a job into the foreground and continues it: fg [%job]",
	"getopts": "takes options apart", "hash": "where programs were found", "help": "this help",
	"history": "the lines typed", "jobs": "lists jobs: jobs [-l] [-p] [-r] [-s] [%job…]",
	"kill": "sends a signal: kill [-SIGNAL] pid|-pgid|%job…; kill -l lists signals", "local": "makes variables of a function",
	"printf": "writes by a format", "pwd": "the working directory", "read": "reads a line into variables",
	"suspend": "stops this shell (its parent continues it)", "test": "asks about files, strings and numbers",
	"[": "asks about files, strings and numbers", "true": "succeeds", "type": "what a command name means",
	"ulimit": "limits on resources", "umask": "permissions that new files do not get", "unalias": "removes aliases",
	"wait": "waits for background jobs: wait [-n] [pid|%job…]",
}

// helpAbout is help NAME.
func (s *Shell) helpAbout(name string) int {
	if t, ok := summaries[name]; ok {
		return s.outString("help", name+": "+t+"\n")
	}
	if name == "builtins" {
		names := make([]string, 0, len(summaries))
		for n := range summaries {
			names = append(names, n)
		}
		sort.Strings(names)
		text := ""
		for _, n := range names {
			text += n + "            "[min(len(n), 10):] + summaries[n] + "\n"
		}
		return s.outString("help", text)
	}
	if b, ok := s.extra[name]; ok {
		return b(s, []string{name, "--help"})
	}
	s.complain("help: " + name + ": not a builtin (help builtins lists them; for programs: man " + name + ")")
	return 1
}

// Package front is jsh's face: the command line, the choice of mode, the hidden
// entries by which jsh re-executes itself, and the builtins that the shell does
// not know: ps-tree, viz, timeline, trace, quiz.
//
// It never interprets a command by itself and never draws: it puts together what
// the packages below it own.
package front

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/lab/check"
	"jsh/lab/doctor"
	"jsh/lab/puppet"
	"jsh/lab/sandbox"
	"jsh/lab/trace"
	"jsh/pgroup"
	"jsh/screen"
	"jsh/screen/viewer"
	"jsh/shell"
)

// Version is set by the linker for releases.
var Version = "0.1"

// growStack has the runtime make the stack large enough for most commands at
// once, for its frame alone: by doubling it would be copied four times, each
// time to pages that are touched for this only.
//
//go:noinline
func growStack(use bool) byte {
	if !use {
		return 0
	}
	var frame [20 << 10]byte
	frame[len(os.Args)] = 1
	return frame[1]
}

// looksLikeScript says that this is to run jsh -c COMMAND or jsh FILE, which one
// processor is enough for. It need not be right about anything unusual.
func looksLikeScript(args []string) bool {
	if len(args) < 2 || args[1] == "" {
		return false
	}
	if name := strings.TrimPrefix(filepath.Base(args[0]), "-"); name != "jsh" && name != "sh" {
		return false
	}
	if first := args[1]; first[0] == '-' {
		return len(first) > 1 && first[1] != '-' && strings.IndexByte(first, 'c') > 0
	}
	return unix.Access(args[1], unix.R_OK) == nil
}

// Run is the whole of jsh, for a process that was started with args. It returns
// the exit status. It wants to be called on the main thread during init (see
// package begin).
func Run(args []string) int {
	growStack(false)
	if len(args) == 3 && args[0] == shell.SubshellName {
		fd, err := strconv.Atoi(args[1])
		if err != nil {
			return 2
		}
		return shell.RunSubshell(fd, shell.Config{Name: "jsh", Builtins: builtins(), Programs: programs()})
	}
	if !looksLikeScript(args) {
		pgroup.AllProcessors()
	}
	switch {
	case len(args) == 3 && args[0] == shell.GateName:
		return shell.RunGate(args)
	case len(args) > 1 && args[0] == viewer.ProcessName:
		guarded = true
		callSelf(viewer.ProcessName)
		return runSubcommand(args)
	case len(args) > 0 && args[0] == screen.ProcessName:
		return screen.Main(args)
	case isStandIn(args):
		return standIn(args)
	case len(args) > 0 && args[0] == doctor.TracedName:
		return 0
	case sandbox.IsEntry(args):
		return sandbox.Entry(args)
	case puppet.IsHelper(args):
		return puppet.Helper()
	case isLabCommand(args):
		return labCommand(args)
	}
	if len(args) == 3 && args[0] == companion.ProcessName {
		return companion.Run(args)
	}
	if trace.IsEntry(args) {
		return trace.Entry(args, tracerLog)
	}
	if check.IsEntry(args) {
		return check.Entry(args)
	}
	if own, rest := ownProgram(args); own != nil {
		callSelf(own.name)
		return own.main(rest)
	}
	if subcommand(args) != "" {
		return runSubcommand(args)
	}
	inv, msg := parseArgs(args)
	if msg != "" {
		os.Stderr.WriteString("jsh: " + msg + "\n")
		return 2
	}
	switch {
	case inv.help:
		os.Stdout.WriteString(usageText)
		return 0
	case inv.version:
		os.Stdout.WriteString("jsh " + Version + "\n")
		return 0
	}
	if inv.sandbox {
		if status, done := runSandbox(inv.sandboxed, inv.plain); done {
			return status
		}
		if len(inv.sandboxed) > 0 {
			inv.hasCommand, inv.command, inv.args = true, `"$@"`, inv.sandboxed
		}
	}
	if inv.screen || inv.record != "" || wantsScreen(&inv) {
		if status, ok := runScreen(&inv); ok {
			return status
		}
	}
	s := shell.New(shell.Config{Name: inv.name, Args: inv.args, Interactive: inv.interactive,
		Login: inv.login, Builtins: builtins(), Programs: programs(), Help: helpText, Without: inv.without})
	for _, o := range inv.options {
		if o.name != "" {
			s.SetNamed(o.name, o.on)
		} else {
			s.SetFlag(o.letter, o.on)
		}
	}
	switch {
	case inv.hasCommand:
		return s.RunString(inv.command, inv.monitor)
	case inv.interactive && inv.script == "":
		offerWhy(s)
		joinOuter(s)
		joinTutor(s)
		tellOfInit(s)
		text := welcome()
		if o := offer(s, &inv); o != "" {
			text += o
			greet(s)
		}
		return s.RunInteractive(inv.monitor, text)
	case inv.script != "":
		return s.RunScript(inv.script)
	}
	return s.RunStdin()
}

// withoutEnv tells the shell in a screen which rule it lacks.
const withoutEnv = "JSH_WITHOUT_RULE"

// optionSetting is one option of the command line.
type optionSetting struct {
	letter byte
	name   string
	on     bool
}

// invocation is what the command line asks for (POSIX, sh, OPTIONS).
type invocation struct {
	name          string // $0
	args          []string
	command       string
	hasCommand    bool
	script        string
	interactive   bool
	login         bool
	help, version bool
	monitor       bool
	without       shell.Rule
	bare          bool   // nothing but --login was asked for
	screen        bool   // --screen
	record        string // the file for an asciicast of the screen
	recordShell   bool   // of the shell's part alone
	sandbox       bool
	plain         bool     // no screen
	sandboxed     []string // the command to run there
	options       []optionSetting
}

// parseArgs reads the command line; msg is an error for the user.
func parseArgs(args []string) (inv invocation, msg string) {
	inv.name = "jsh"
	if len(args) > 0 && args[0] != "" {
		inv.name = args[0]
		if strings.HasPrefix(inv.name, "-") {
			inv.login = true
		}
	}
	var fromStdin, forced, notInteractive, plain bool
	inv.monitor = true
	a := args[min(1, len(args)):]
	for len(a) > 0 {
		w := a[0]
		if w == "-" || w == "--" {
			a = a[1:]
			break
		}
		if len(w) < 2 || w[0] != '-' && w[0] != '+' {
			break
		}
		a = a[1:]
		if strings.HasPrefix(w, "--") {
			switch w {
			case "--help":
				inv.help = true
			case "--version":
				inv.version = true
			case "--login":
				inv.login = true
			case "--plain":
				plain = true
			case "--screen":
				inv.screen = true
			case "--sandbox":
				inv.sandbox, inv.sandboxed, a = true, a, nil
				continue
			case "--record":
				if len(a) == 0 || a[0] == "" {
					return inv, "--record: into which file?"
				}
				inv.record, a = a[0], a[1:]
			case "--record-shell":
				if len(a) == 0 || a[0] == "" {
					return inv, "--record-shell: into which file?"
				}
				inv.record, inv.recordShell, a = a[0], true, a[1:]
			case "--without":
				if len(a) == 0 {
					return inv, "--without: which rule? own-group, tcsetpgrp, restore-modes or reap"
				}
				w, a = w+"="+a[0], a[1:]
				fallthrough
			default:
				if name, ok := strings.CutPrefix(w, "--record="); ok && name != "" {
					inv.record = name
					continue
				}
				if name, ok := strings.CutPrefix(w, "--without="); ok {
					if inv.without = shell.RuleNamed(name); inv.without == 0 {
						return inv, "--without: " + name + ": no such rule (own-group, tcsetpgrp, restore-modes, reap)"
					}
					continue
				}
				return inv, w + ": no such option (jsh --help lists them)"
			}
			continue
		}
		on := w[0] == '-'
		for i := 1; i < len(w); i++ {
			switch c := w[i]; {
			case c == 'c' && on:
				inv.hasCommand = true
			case c == 's' && on:
				fromStdin = true
			case c == 'i':
				forced, notInteractive = on, !on
			case c == 'l' && on:
				inv.login = true
			case c == 'o':
				if len(a) == 0 {
					return inv, w[:1] + "o: the name of an option is missing (set -o in jsh lists them)"
				}
				if !shell.KnownOption(a[0]) {
					return inv, w[:1] + "o " + a[0] + ": no such option (set -o in jsh lists them)"
				}
				if a[0] == "monitor" {
					inv.monitor = on
				}
				inv.options = append(inv.options, optionSetting{name: a[0], on: on})
				a = a[1:]
			case shell.KnownFlag(c):
				if c == 'm' {
					inv.monitor = on
				}
				inv.options = append(inv.options, optionSetting{letter: c, on: on})
			default:
				return inv, w[:1] + string(c) + ": no such option (jsh --help lists them)"
			}
		}
	}
	if inv.hasCommand {
		if len(a) == 0 {
			return inv, "-c: the command is missing"
		}
		inv.command, a = a[0], a[1:]
		if len(a) > 0 {
			inv.name, a = a[0], a[1:]
		}
	} else if len(a) > 0 && !fromStdin {
		inv.script, inv.name, a = a[0], a[0], a[1:]
	}
	inv.args = a
	if !inv.hasCommand && inv.script == "" && !notInteractive {
		inv.interactive = pgroup.IsTerminal(0) && pgroup.IsTerminal(2)
	}
	inv.plain = plain
	inv.bare = !plain && !forced && !notInteractive && !fromStdin && !inv.hasCommand && inv.script == "" &&
		len(inv.options) == 0 && len(a) == 0 && inv.monitor && inv.without == 0
	if forced {
		inv.interactive = true
	}
	if name := os.Getenv(withoutEnv); name != "" {
		os.Unsetenv(withoutEnv) // it is for this shell alone
		if inv.interactive && inv.without == 0 {
			inv.without = shell.RuleNamed(name)
		}
	}
	if inv.record != "" && (!inv.interactive || plain || inv.hasCommand || inv.sandbox) {
		return inv, "--record: it records the split screen, so not with --plain, --sandbox, -c or a file"
	}
	if inv.without != 0 && !inv.interactive {
		return inv, "--without: only an interactive shell can lack a rule of job control"
	}
	return inv, ""
}

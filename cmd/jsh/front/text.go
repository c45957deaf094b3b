package front

import (
	"os"

	"jsh/lab/sandbox"
)

// The texts are ASCII, for every locale, and no line is wider than 76 columns.

// usageText is jsh --help.
const usageText = `jsh: a POSIX shell that shows how UNIX runs programs

  jsh                            an interactive shell; from 80x24 on with
                                 the picture of its processes
  jsh --plain                    the same without the picture
  jsh FILE [ARG...]              runs a script
  jsh -c COMMAND [NAME ARG...]   runs a command
  jsh -s [ARG...]                runs what standard input gives
  jsh NAME [ARG...]              one of jsh's own builtins, from any shell:
                                 ps-tree, explain, why, timeline, viz,
                                 trace, check-daemon, daemonize, ...
                                 (a script called so: jsh ./ps-tree)
  -i  interactive    -l  login shell    +m  no job control
  -abCefhmnuvx, -o NAME          as set takes them (+ turns off); -h is
                                 one of them, and does not mean help
  --help  --version
  --record FILE     records what the screen shows (asciicast)
  --sandbox [CMD...]  a shell, or CMD, in namespaces of its own: no root
  --without RULE    lacks a rule of job control, to see what it is for:
                    own-group, tcsetpgrp, restore-modes or reap

Inside: help tells what to type first.
`

// helpText is what the builtin help prints.
const helpText = `jsh runs commands as any shell does, and shows what the kernel makes of
them. lesson leads you through that; answer says what you predict there.
Or try this, a line at a time:
  sleep 100      then press ^Z (Ctrl-Z): it stops, and the prompt is back
  jobs, bg       what this shell has started; bg continues it
  ps-tree        the kernel's view: session, process groups, processes,
                 and who has the keyboard
  narrate on     from now on jsh says what it asks of the kernel
  fg             brings the job back to the keyboard; ^C ends it
  timeline       draws in time what the last line did
  why            why the last program stopped or died, and what to type
  quiz ctrl-c    who dies of ^C? Predict it, press it, see; quiz: 27 more
Keys:  ^C ends (SIGINT), ^Z stops (SIGTSTP), ^\ ends with a core dump
       (SIGQUIT): they go to the foreground process group. ^D at an empty
       line leaves the shell. A job that ^C ended or ^Z stopped takes the
       rest of the typed line with it.
Jobs:  fg, bg, kill and wait take %1, %+ (current job), %- (previous one).
Also:  explain 'LINE' (runs nothing), viz (a live picture), record, replay,
       demo (a teacher's scenes)
Lab:   daemonize, puppet, trace PROGRAM, trace-jobs, check-daemon PROGRAM,
       spare-tty, setpgid, slow on, tickd, doctor (what can be shown here)
More:  help builtins    help NAME    man NAME.  To begin with:  lesson
`

// welcome is what a newcomer reads above the first prompt.
func welcome() string {
	if in := inSandbox(); in != "" {
		return sandbox.Welcome(in)
	}
	if os.Getenv(windowVar) != "" {
		return "A window of its own, with a shell in it.  kill $PPID  closes it."
	}
	return "jsh " + Version + ": a shell as usual. lesson teaches, help tells more, ^D leaves"
}

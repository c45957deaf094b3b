package main

// usageText is jsh --help.
const usageText = `jsh: a POSIX shell that shows how UNIX runs programs

  jsh                          an interactive shell
  jsh FILE [ARG…]              runs a script
  jsh -c COMMAND [NAME ARG…]   runs a command
  jsh -s [ARG…]                runs what standard input gives

  -i  interactive    -l  login shell    +m  no job control
  -abCefhmnuvx, -o NAME        as set takes them (+ turns off)
  --help  --version

Inside: help tells what to type first.
`

// helpText is what the builtin help prints.
const helpText = `jsh runs commands as any shell does, and shows what the kernel makes of them.

Try this, a line at a time:
  sleep 100        then press ^Z (Ctrl-Z): it stops, and you get the prompt back
  jobs             what this shell has started: its jobs
  bg               continues the stopped job in the background
  ps-tree          the kernel's view: session, process groups, processes,
                   and who has the keyboard
  narrate on       from now on jsh says what it asks of the kernel
  fg               brings the job back to the keyboard; ^C ends it
  quiz ctrl-c      who dies of ^C? Predict it, press it, see

Keys:  ^C ends (SIGINT), ^Z stops (SIGTSTP), ^\ ends with a core dump (SIGQUIT),
       ^D at an empty line leaves the shell. They go to the foreground group.
       A job that ^C ended or ^Z stopped takes the rest of the typed line with it.
Jobs:  fg, bg, kill and wait take %1, %+ (the current job), %- (the previous one).
More:  help builtins    help NAME    man NAME
`

// welcome is what a newcomer reads above the first prompt.
func welcome() string {
	return "jsh " + version + ". Commands run as usual; help tells what else there is; ^D leaves."
}

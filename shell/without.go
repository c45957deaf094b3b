package shell

import (
	"golang.org/x/sys/unix"

	"jsh/jobs"
	"jsh/pgroup"
)

// A shell with one rule missing, for learners to meet what the rule is for
// (jsh --without RULE). Each is a fault that shells really had. docs/without.md
// tells of each what to type and what one sees.

// Rule is a rule of job control that can be left out.
type Rule uint8

const (
	_            Rule = iota
	OwnGroup          // each pipeline gets a process group of its own
	GiveTerminal      // a foreground job gets the terminal (tcsetpgrp)
	RestoreModes      // the terminal's modes are put right after a job that stopped or was killed
	Reap              // children that ended in the background are waited for
)

// ruleNames are in the order of the rules.
var ruleNames = [...]string{OwnGroup: "own-group", GiveTerminal: "tcsetpgrp", RestoreModes: "restore-modes", Reap: "reap"}

// RuleNamed is the rule with that name; 0 is none.
func RuleNamed(name string) Rule {
	for r, n := range ruleNames {
		if n == name && n != "" {
			return Rule(r)
		}
	}
	return 0
}

// String is the rule's name.
func (r Rule) String() string { return ruleNames[r] }

// ruleTexts is what the banner says of a shell that lacks the rule.
var ruleTexts = [...]string{
	OwnGroup: "This jsh lacks a rule: jobs get no process group of their own. They share\n" +
		"the shell's, so ^C and ^Z reach all of them. Try: sleep 100 & then sleep 50,\n" +
		"^C, jobs. kill -CONT %1 continues a stopped job.",
	GiveTerminal: "This jsh lacks a rule: jobs in the foreground are not given the terminal\n" +
		"(tcsetpgrp). Try: cat. Then: sleep 100, ^C. ^C three times is the way out.",
	RestoreModes: "This jsh lacks a rule: after a job that stopped or was killed the\n" +
		"terminal's modes are not put right. Try: sh -c 'stty -echo; kill -9 $$'\n" +
		"and then cat. stty sane is the way out. (^C, ^Z and ^\\ stay signals.)",
	Reap: "This jsh lacks a rule: it waits for no child in the background. Try: sleep 1 &\n" +
		"and then, a second later, ps-tree and jobs. wait is the way out.",
}

// missingRule is the state of a shell that lacks a rule; nil in all others.
type missingRule struct {
	rule  Rule
	modes *pgroup.Modes // of the terminal when the shell began
	job   *jobs.Job     // the foreground job
	keys  int           // how often ^C came to the shell while it waited for it
}

// lacks tells whether this shell lacks a rule.
func (s *Shell) lacks(r Rule) bool { return s.missing != nil && s.missing.rule == r }

// Lacks tells whether the shell was started without that rule.
func (s *Shell) Lacks(r Rule) bool { return s.lacks(r) }

// label stands before the prompt of a shell that lacks a rule.
func (m *missingRule) label() string {
	if m == nil {
		return ""
	}
	return "[without " + ruleNames[m.rule] + "] "
}

// keysToHelp is how many ^C end a job that cannot get them.
const keysToHelp = 3

// interruptedInstead counts the ^C that came to the shell because the job in the
// foreground does not have the terminal. Nobody could end that job otherwise.
func (s *Shell) interruptedInstead() {
	m := s.missing
	if m.rule != GiveTerminal || m.job == nil {
		return
	}
	m.keys++
	switch {
	case m.keys == 1:
		s.announce("\njsh: that ^C came to the shell, for the job was not given the terminal. Two\n" +
			"more, and the shell kills the job, which no real shell would do.")
	case m.keys == keysToHelp:
		s.announce("")
		s.Kernel.KillGroup(m.job.Pgid, unix.SIGKILL)
	}
}

// waitedPid is the child that the wait for a foreground job looks at: any, or in
// a shell that does not reap one of the job's own.
func (s *Shell) waitedPid(j *jobs.Job) int {
	if s.lacks(Reap) {
		for i := range j.Procs {
			if j.Procs[i].State == jobs.Running {
				return j.Procs[i].Pid
			}
		}
	}
	return -1
}

// neglectModes is settleModes of a shell that does not restore them: what the
// job left is how it stays, but for the signal keys.
func (s *Shell) neglectModes() {
	m, err := pgroup.GetModes(s.tty)
	if err != nil {
		return
	}
	if m.Lflag&unix.ISIG == 0 {
		m.Lflag |= unix.ISIG
		s.Kernel.SetModes(s.tty, m, 0)
	}
	s.modes = m
}

package front

import (
	"testing"

	"jsh/ptytest"
)

// What ^C and ^Z mean for the rest of the command line (POSIX.1-2024 XCU 2.11;
// the first is the shells' custom, POSIX leaves it open).
func TestRestOfTheLine(t *testing.T) {
	rule(t, "^C ends the whole line when the job died of SIGINT", bashToo, func(s *session) {
		// dash goes on with the next command.
		s.Line("sleep 1000; echo second")
		s.interrupt("sleep")
		s.Run("true")
		s.notWritten("^second")
		s.noneLeft()
	})
	rule(t, "the line goes on after ^C when the program handled SIGINT", all, func(s *session) {
		s.Line("polite; echo status $?")
		s.WaitText("^handling")
		s.interrupt("polite")
		s.WaitText("status 3$")
	})
	rule(t, "the line goes on after ^C when the pipeline's last program outlives it", onlyJsh, func(s *session) {
		// less shows what there is until q. In bash one process that died of
		// SIGINT ends the line.
		s.Line("sleep 1000 | outlive; echo status $?")
		s.WaitText("^outliving")
		pgid := s.WaitForegroundJob("outlive")
		s.Key(ptytest.CtrlC)
		s.waitGroup(pgid, "outlive")
		s.kill(s.find("outlive").Pid, 10)
		s.WaitText("status 4$")
		s.WaitPrompt()
	})
	rule(t, "^C ends the line though the pipeline's last program had ended before", onlyJsh, func(s *session) {
		s.Line("while :; do sleep 1000 | true; done; echo second")
		pgid := s.WaitForegroundJob("sleep")
		s.waitGroup(pgid, "sleep")
		s.interrupt("sleep")
		s.Run("true")
		s.notWritten("^second")
		s.noneLeft()
	})
	rule(t, "^C leaves a loop when the job died of SIGINT", bashToo, func(s *session) {
		s.Line("while true; do sleep 1000; done; echo second")
		s.interrupt("sleep")
		s.expect("echo $?", "130")
		s.notWritten("^second")
	})
	rule(t, "^C leaves a loop of builtins", bashToo, func(s *session) {
		s.Line("echo be''gins; while :; do :; done")
		s.WaitText("^begins")
		s.Key(ptytest.CtrlC)
		s.WaitPrompt()
		s.expect("echo $?", "130")
	})
	rule(t, "^C leaves a function", bashToo, func(s *session) {
		s.Run("f() { sleep 1000; echo second; }")
		s.Line("f; echo third")
		s.interrupt("sleep")
		s.Run("true")
		s.notWritten("^second")
		s.notWritten("^third")
	})

	// 2.11 lets a shell put the rest of the list into the suspended job or
	// discard it; jsh discards. bash and dash run it at once, which 2.11 does
	// not allow.
	rule(t, "a stop discards the rest of the list", onlyJsh, func(s *session) {
		s.Line("sleep 1000; echo second")
		s.stop("sleep")
		s.expect("echo $?", "148")
		s.notWritten("^second")
		s.expect("jobs", "[1]+ Stopped (SIGTSTP)  sleep 1000")
	})
	rule(t, "a stop discards what && would have run", all, func(s *session) {
		s.Line("sleep 1000 && echo second")
		s.stop("sleep")
		s.expect("echo $?", "148")
		s.notWritten("^second")
	})
	rule(t, "a stop discards what || would have run", onlyJsh, func(s *session) {
		s.Line("sleep 1000 || echo second")
		s.stop("sleep")
		s.expect("echo $?", "148")
		s.notWritten("^second")
	})
	rule(t, "a stop that left something out says so, another does not", onlyJsh, func(s *session) {
		for line, dropped := range map[string]bool{
			"x=1; sleep 1000":                                     false,
			"true && sleep 1000":                                  false,
			"{ sleep 1000; }":                                     false,
			"sleep 1000; true":                                    true,
			"sleep 1000 && true":                                  true,
			"if sleep 1000; then true; fi":                        true,
			"if true; then sleep 1000; fi":                        false,
			"while sleep 1000; do true; done":                     true,
			"{ { sleep 1000; true; }; }":                          true,
			"f() { sleep 1000; true; }; f":                        true,
			"g() { true; sleep 1000; }; g":                        false,
			"case x in x) sleep 1000;; esac":                      false,
			"(sleep 1000; true)":                                  false,
			"sleep 1000 | { cat; true; }":                         false,
			"eval 'sleep 1000; true'":                             true,
			"for i in 1 2; do if true; then sleep 1000; fi; done": true,
		} {
			s.Line(line)
			s.stop("sleep")
			if said := grep(s.Screen(), "rest of the line is dropped") != ""; said != dropped {
				s.t.Errorf("%s: said %v:\n%s", line, said, s.Screen())
			}
			s.Run("kill -9 %%; wait; clear")
			s.Run("clear")
		}
	})
	rule(t, "a stop leaves loops and functions", onlyJsh, func(s *session) {
		s.Run("f() { for i in 1 2 3; do sleep 1000; echo again; done; echo second; }")
		s.Line("f; echo third")
		s.stop("sleep")
		s.Run("true")
		s.notWritten("^(again|second|third)")
		s.match("jobs", `\[1\]\+ Stopped \(SIGTSTP\)  sleep 1000`)
	})
	rule(t, "a list in the background stays whole over a stop", bashToo, func(s *session) {
		// 2.11's note: "command1 && command2 & fg" is how to keep it.
		s.Line("sleep 1000 && echo second & fg")
		pgid := s.WaitForegroundJob("sleep")
		s.Key(ptytest.CtrlZ)
		s.WaitPrompt()
		s.waitStopped(pgid)
		s.Line("fg")
		s.WaitForegroundJob("sleep")
		for _, p := range s.living(pgid) {
			if p.Comm == "sleep" {
				s.kill(p.Pid, 15)
			}
		}
		s.WaitPrompt()
		s.noneLeft()
	})
	rule(t, "the notice of a stop is seen though the job's standard error is redirected", bashToo, func(s *session) {
		s.Line("sleep 1000 2> errors")
		s.stop("sleep")
		s.WaitText(`^\[1\]\+ +Stopped.*sleep 1000`)
		s.expect("cat errors", "")
		s.Run("kill -9 %1; wait")
		s.Line("{ sleep 1000; } 2> errors")
		s.stop("sleep")
		if s.jsh() { // bash writes it to the file
			s.expect("cat errors", "")
		}
	})
	rule(t, "fg of a job that dies of SIGINT ends the line too", bashToo, func(s *session) {
		s.Line("sleep 1000")
		s.stop("sleep")
		s.Line("fg; echo second")
		s.interrupt("sleep")
		s.Run("true")
		s.notWritten("^second")
	})
}

// notWritten checks that no line of the screen matches.
func (s *session) notWritten(re string) {
	s.t.Helper()
	if m := grep(s.Screen(), re); m != "" {
		s.t.Errorf("%s: %q was written:\n%s", s.shell, m, s.Screen())
	}
}

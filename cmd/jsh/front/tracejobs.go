package front

import (
	"strings"

	"jsh/companion"
	"jsh/lab/trace"
	"jsh/shell"
)

const traceJobsHelp = `usage: trace-jobs [on | off]
With trace-jobs on a silent tracer follows all that this shell starts, and the
picture, timeline and lessons read what it sees: every fork, exec, setsid,
setpgid, stop and end, in causal order, however short the process lives, also
in a container, where the kernel's proc connector is silent. Groups, terminal,
signals and statuses are what they are without. Set-user-ID programs, and
tracers such as strace, are let go unfollowed; but before exec of one in place
of this shell, type trace-jobs off. trace PROGRAM shows the same call by call.
`

// following is the silent tracer of this shell, nil where there is none.
var following *trace.Following

// builtinTraceJobs is trace-jobs.
func builtinTraceJobs(s *shell.Shell, args []string) int {
	word := strings.Join(args[1:], " ")
	switch word {
	case "":
		state := "off"
		if following != nil && following.Alive() {
			state = "on"
		}
		s.WriteOut([]byte("trace-jobs is " + state + "\n"))
	case "on":
		if msg := followJobs(s); msg != "" {
			s.Complain("trace-jobs: " + msg)
			return 1
		}
	case "off":
		unfollowJobs()
	case "--help":
		s.WriteOut([]byte(traceJobsHelp))
	default:
		s.Complain("trace-jobs: " + word + ": on or off")
		return 2
	}
	return 0
}

// followJobs has all that the shell starts followed by a silent tracer, if it is
// not yet. msg says why that cannot be.
func followJobs(s *shell.Shell) (msg string) {
	if following != nil && following.Alive() {
		return ""
	}
	if !s.Interactive() || s.Pid() != s.ShellPid() {
		return "only an interactive shell has its jobs followed, and not in a pipeline or ( )"
	}
	unfollowJobs()
	path := s.Var(companion.EnvName)
	if link.Check() {
		path = link.Path
	}
	if path == "" {
		return "nobody keeps what a tracer sees: type viz or record FILE first"
	}
	following, msg = trace.Follow(s.Exe(), []string{companion.EnvName + "=" + path})
	return msg
}

// unfollowJobs ends that.
func unfollowJobs() {
	if following != nil {
		following.Stop()
		following = nil
	}
}

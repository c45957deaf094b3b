package daemonize

import (
	"errors"
	"strconv"

	"golang.org/x/sys/unix"

	"jsh/lab/puppet"
)

// Recipe does the steps on a process. Cur is the one that goes on; a fork
// replaces it by its child.
type Recipe struct {
	Cur *puppet.Puppet
	Log []Entry // the calls so far
	gen int
}

// Entry is a call that the recipe had made.
type Entry struct {
	Step   string
	Pid    int
	Answer puppet.Answer
}

// The puppets of a recipe are named by generation: ps shows it.
var generations = [...]string{"parent", "child", "grandchild"}

// Do does one step. The kernel's refusals are in the log that it returns, and end
// nothing: the error says that the process is not there any more.
func (r *Recipe) Do(step string) ([]Entry, error) {
	from := len(r.Log)
	call := func(c puppet.Call) puppet.Answer {
		a := r.Cur.Do(c)
		r.Log = append(r.Log, Entry{step, r.Cur.Pid, a})
		return a
	}
	var a puppet.Answer
	switch step {
	case Fork, SecondFork:
		r.gen = min(r.gen+1, len(generations)-1)
		if a = call(puppet.Fork(generations[r.gen])); a.Child != nil {
			call(puppet.Exit(0))
			r.Cur = a.Child
			a = puppet.Answer{}
		}
	case Setsid:
		a = call(puppet.Setsid())
	case DevNull:
		if a = call(puppet.OpenFile("/dev/null", unix.O_RDWR, 0)); a.Errno == 0 && a.State == puppet.Idle {
			null := a.Ret
			for fd := range 3 {
				a = call(puppet.Dup2(null, fd))
			}
			if null > 2 {
				a = call(puppet.Close(null))
			}
		}
	case Chdir:
		a = call(puppet.Chdir("/"))
	case Umask:
		a = call(puppet.Umask(0))
	case CloseFDs:
		a = call(puppet.CloseFrom(3))
	case ResetSignals:
		for sig := unix.Signal(1); sig <= 64; sig++ {
			if sig != unix.SIGKILL && sig != unix.SIGSTOP {
				c := puppet.Sigaction(sig, puppet.Default)
				if sig > 1 {
					c = c.Quiet()
				}
				if a = call(c); a.State != puppet.Idle {
					break
				}
			}
		}
		a = call(puppet.Sigprocmask(puppet.SetMask, 0))
	}
	if a.State != puppet.Idle {
		return r.Log[from:], errors.New(step + ": process " + strconv.Itoa(r.Cur.Pid) + " " + stateWord(a.State))
	}
	return r.Log[from:], nil
}

func stateWord(s puppet.State) string {
	switch s {
	case puppet.Busy:
		return "does not come back from the call"
	case puppet.Stopped:
		return "was stopped by a signal"
	case puppet.Became:
		return "is another program already"
	}
	return "was ended by somebody else"
}

package front

import (
	"errors"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/lab/puppet"
	"jsh/pgroup"
	"jsh/shell"
)

const setpgidHelp = `usage: setpgid [PGID|%JOB] CMD [ARG...]
Starts CMD in the process group PGID, which must be one of this session;
with 0 or without a number in a group of its own. setpgid(2) is called in
the new process, before exec. Its status is CMD's. While CMD is in another
group than the one that has the keyboard it is in the background: ^C does
not reach it, and a read from the terminal stops it.
`

// builtinSetpgid knows the shell's jobs, and starts the program.
func builtinSetpgid(s *shell.Shell, args []string) int {
	if len(args) > 2 && strings.HasPrefix(args[1], "%") {
		pgid, err := s.GroupOfJob(args[1])
		if err != nil {
			s.Complain("setpgid: " + err.Error())
			return 1
		}
		args = append([]string{args[0], strconv.Itoa(pgid)}, args[2:]...)
	}
	return builtinLab(s, args)
}

// setpgidCommand is the program jsh setpgid.
func setpgidCommand(args []string) int {
	complain := func(status int, text string) int {
		writeAll(2, foldWords("setpgid: "+text, 76))
		return status
	}
	if len(args) == 1 && args[0] == "--help" {
		writeAll(1, setpgidHelp)
		return 0
	}
	pgid := 0
	if len(args) > 0 {
		if n, err := strconv.Atoi(args[0]); err == nil {
			pgid, args = n, args[1:]
		}
	}
	switch {
	case len(args) > 0 && args[0] == "--":
		args = args[1:]
	case len(args) > 0 && strings.HasPrefix(args[0], "-"):
		return complain(2, args[0]+": no such option (setpgid --help tells more)\n")
	}
	if pgid < 0 {
		return complain(2, strconv.Itoa(pgid)+": a process group has a positive number; 0 makes a new one\n")
	}
	if len(args) == 0 {
		return complain(2, "the command is missing: setpgid 0 sleep 100\n")
	}
	path, err := puppet.Look(args[0], os.Getenv("PATH"))
	if err != nil {
		if errors.Is(err, unix.ENOENT) {
			return complain(127, args[0]+": "+reason(err)+"\n")
		}
		return complain(126, args[0]+": "+reason(err)+"\n")
	}
	k := pgroup.New(nil)
	spec := &pgroup.Spec{Path: path, Argv: args, Env: os.Environ(), Group: pgroup.Group(pgid), Ignore: pgroup.IgnoredAtEntry()}
	if pgid == 0 || pgid == k.Pgid {
		// A leader of a group that calls setpgid(0, 0) is where it was.
		if err := unix.Setpgid(0, pgid); err != nil && err != unix.EPERM {
			return complain(1, "setpgid(0, "+strconv.Itoa(pgid)+"): "+reason(err)+"\n")
		}
		if err := k.Exec(spec); err != nil {
			return complain(126, err.Error()+"\n")
		}
	}
	c, err := k.Spawn(spec)
	if err != nil {
		var se *pgroup.SpawnError
		if errors.As(err, &se) && se.Step == "setpgid" {
			return complain(1, "setpgid(0, "+strconv.Itoa(pgid)+"): "+unix.ErrnoName(se.Errno)+": "+whyNoGroup(pgid, se.Errno)+"\n")
		}
		return complain(126, err.Error()+"\n")
	}
	writeAll(2, strconv.Itoa(c.Pid)+" "+args[0]+" runs in group "+strconv.Itoa(pgid)+"\n")
	for {
		change, ok, err := k.WaitFor(c.Pid, 0)
		switch {
		case err == unix.EINTR:
		case err != nil || !ok:
			return 1
		case change.Status.Signaled():
			return 128 + int(change.Status.Signal())
		default:
			return change.Status.ExitStatus()
		}
	}
}

// whyNoGroup says why a process group could not be joined (setpgid(2)).
func whyNoGroup(pgid int, e unix.Errno) string {
	if e != unix.EPERM {
		return e.Error()
	}
	sid, err := unix.Getsid(0)
	if other, gerr := unix.Getsid(pgid); gerr == nil && err == nil && other != sid {
		return "group " + strconv.Itoa(pgid) + " is in session " + strconv.Itoa(other) + ", and this process in session " +
			strconv.Itoa(sid) + ": only groups of one's own session can be joined"
	}
	return "there is no process group " + strconv.Itoa(pgid) + " in this session (ps-tree shows them; a group is gone with its last member)"
}

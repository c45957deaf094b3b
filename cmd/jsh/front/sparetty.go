package front

import (
	"bytes"
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/pgroup"
	"jsh/shell"
)

const spareTTYHelp = `usage: spare-tty
Lends a free terminal: a new pty whose slave belongs to no session. Its path
is printed. A keeper, a job in the background, holds the master and shows
what is written to the terminal; it hangs up when the keeper ends: kill %N,
or the end of this shell.
A session leader without a terminal that opens the path acquires it as its
controlling terminal; with O_NOCTTY it does not: daemonize --twin
second-fork shows that.
`

// keeperArg says that descriptor 3 is the master of a pty to keep.
const keeperArg = "--keep"

// builtinSpareTTY makes the pty and starts its keeper as a job.
func builtinSpareTTY(s *shell.Shell, args []string) int {
	if len(args) > 1 {
		return builtinLab(s, args)
	}
	master, name, err := newPty()
	if err != nil {
		s.Complain("spare-tty: " + err.Error())
		return 1
	}
	defer unix.Close(master)
	if err := s.StartProgram(s.Exe(), []string{"jsh", "spare-tty", keeperArg}, args, master); err != nil {
		s.Complain("spare-tty: " + err.Error())
		return 1
	}
	s.WriteOut([]byte(name + "\n"))
	return 0
}

// newPty makes a pty; name is the slave's path.
func newPty() (master int, name string, err error) {
	master, err = unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, "", &os.PathError{Op: "open", Path: "/dev/ptmx", Err: err}
	}
	n, err := unix.IoctlGetInt(master, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(master, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		unix.Close(master)
		return -1, "", err
	}
	return master, "/dev/pts/" + strconv.Itoa(n), nil
}

// spareTTYCommand is the program jsh spare-tty: the keeper, or both in one for
// other shells.
func spareTTYCommand(args []string) int {
	var master int
	var name string
	switch {
	case len(args) == 0:
		var err error
		if master, name, err = newPty(); err != nil {
			writeAll(2, "spare-tty: "+reason(err)+"\n")
			return 1
		}
		writeAll(1, name+"\n")
	case len(args) == 1 && args[0] == keeperArg:
		master = 3
		n, err := unix.IoctlGetInt(master, unix.TIOCGPTN)
		if err != nil {
			writeAll(2, "spare-tty: descriptor 3 is no terminal's master\n")
			return 2
		}
		name = "/dev/pts/" + strconv.Itoa(n)
	case args[0] == "--help":
		writeAll(1, spareTTYHelp)
		return 0
	default:
		writeAll(2, "spare-tty: it takes no operand (spare-tty --help tells more)\n")
		return 2
	}
	// Held open here too, so that the last close of somebody else is no hang-up.
	slave, err := unix.Open(name, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		writeAll(2, "spare-tty: "+name+": "+reason(err)+"\n")
		return 1
	}
	defer unix.Close(slave)
	return keepTTY(master, name)
}

// keepTTY shows what is written to the terminal, a line at a time.
func keepTTY(master int, name string) int {
	var line []byte
	var b [1024]byte
	for {
		n, err := unix.Read(master, b[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return 0
		}
		line = append(line, b[:n]...)
		for {
			i := bytes.IndexByte(line, '\n')
			if i < 0 && len(line) < 200 {
				break
			}
			if i < 0 {
				i = len(line) - 1
			}
			text := event.Visible(string(bytes.TrimRight(line[:i], "\r")))
			line = line[i+1:]
			pgroup.WithTTOUBlocked(func() { writeAll(1, name[len("/dev/"):]+"| "+text+"\n") })
		}
	}
}

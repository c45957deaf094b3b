package trace

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// console stops before each call and asks the person at the terminal.
//
// It reads the terminal only while the traced job has it in the foreground, or
// while the shell says that it waits for the tracer (keeper). Otherwise it
// would take what is typed for somebody else.
type console struct {
	*report
	t      *Tracer
	keeper *keeper
	end    func() // ends the tracer
	first  int    // the pid that the shell started
	pgid   int    // its group and session at the start
	sid    int

	free    bool // run on, ask no more
	until   Kind // run on to a call of this family; 0: ask at each
	hinted  bool
	waiting bool // told that it waits for the keyboard

	mu    sync.Mutex // modes, for who ends the tracer may be another thread
	modes *unix.Termios
}

func newConsole(r *report) *console { return &console{report: r} }

func (c *console) Calling(call *Call) Order {
	if c.pgid == 0 {
		c.pgid, c.sid = c.place()
	}
	if c.free || c.until != 0 && call.Kind.family() != c.until || searches(call) || !c.mayAsk() {
		return c.report.Calling(call)
	}
	c.until = 0
	c.flush()
	c.head(call, call.Text)
	c.line(call.Says)
	o := c.ask(call)
	c.pending, c.report.open = nil, call
	return o
}

// searches tells whether an execve is one of a search along PATH (execvp(3))
// whose file is not there: it is told, but nobody wants to stop at each.
func searches(c *Call) bool {
	return c.Kind == Execve && strings.HasPrefix(c.Path, "/") && unix.Access(c.Path, unix.F_OK) == unix.ENOENT
}

// place is the group and the session of the process that the shell started.
func (c *console) place() (pgid, sid int) {
	p := c.t.place(c.first)
	return p.Pgid, p.Sid
}

// Happened learns the job's place when the program begins: later it may have
// moved away.
func (c *console) Happened(h *Happening) {
	if h.What == Became && c.pgid == 0 && h.Pid == c.first {
		c.pgid, c.sid = h.Place.Pgid, h.Place.Sid
	}
	c.report.Happened(h)
}

// patience is how long after it took the terminal back from a job that is over
// the shell may leave the tracer without word that it waits.
const patience = 2 * time.Second

// mayAsk waits until the terminal is the tracer's to read; false where that
// will not come, and from then on nothing is asked.
func (c *console) mayAsk() bool {
	var over, since time.Time // the job's end was seen, the terminal was still its own
	for {
		if c.keyboard() {
			c.waiting = false
			return true
		}
		if c.t.procs[c.first] == nil {
			if over.IsZero() {
				over, since = time.Now(), time.Now()
			}
			if c.t.place(c.sid).Tpgid == c.pgid && time.Since(over) < 5*patience {
				since = time.Now() // its shell, if there is one with job control, has not taken the terminal back yet
			} else if time.Since(since) > patience {
				c.free = true
				c.write("\n") // that shell's prompt may stand in this line
				c.put("trace: ", "the shell has its terminal back, so nothing can be asked any more; what follows is only told (under jsh, trace goes on asking)", 7)
				return false
			}
		} else if !c.waiting && !c.stoppedOrGone() {
			c.waiting = true
			c.put("trace: ", "waits for the keyboard to ask: bring the job to the foreground (fg)", 7)
		}
		time.Sleep(30 * time.Millisecond)
	}
}

func (c *console) stoppedOrGone() bool {
	p := c.t.procs[c.first]
	return p == nil || p.stopped
}

// keyboard tells whether what is typed now is meant for the tracer: a traced
// process's group has the terminal, or the shell waits for the tracer.
func (c *console) keyboard() bool {
	if c.keeper != nil && c.keeper.present.Load() {
		return true
	}
	if c.t.procs[c.first] == nil {
		return false
	}
	p := c.t.place(c.sid)
	if !p.Known {
		p = c.t.place(c.first)
	}
	if !p.Known || p.Tpgid <= 0 {
		return false
	}
	if p.Tpgid == c.pgid {
		return true
	}
	// A traced shell has given the terminal to a job of its own.
	for _, q := range c.t.procs {
		if q.place.Sid == c.sid && q.place.Pgid == p.Tpgid {
			return true
		}
	}
	return false
}

// ask reads what is to become of a call.
func (c *console) ask(call *Call) Order {
	for {
		prompt := "      > "
		if !c.hinted {
			c.hinted = true
			prompt = "      Enter makes this call, ? lists the keys > "
		}
		line, ok := c.readLine(prompt, call.Pid)
		if !ok {
			return Order{}
		}
		word, operand, _ := strings.Cut(strings.TrimSpace(line), " ")
		operand = strings.TrimSpace(operand)
		switch word {
		case "", "n", "next":
			return Order{}
		case "c", "continue":
			c.free = true
			if c.keeper != nil && c.keeper.present.Load() {
				c.line("the shell waits until all that is traced has ended; ^C detaches")
			}
			return Order{}
		case "r", "run":
			k := KindNamed(operand)
			if k == 0 {
				c.line("r CALL: run on to which call? fork, execve, setsid, setpgid, dup2, open, chdir, umask, sigaction, kill, wait, exit …")
				continue
			}
			c.until = k.family()
			return Order{}
		case "s", "skip":
			if why := CanSkip(call); why != "" {
				c.line(why + "; f ERROR lets it fail")
				continue
			}
			return Order{Do: Skip}
		case "f", "fail":
			e := errnoNamed(operand)
			if e == 0 {
				c.line("f ERROR: with which error? EPERM, EACCES, EAGAIN, ENOMEM, ENOENT, ECHILD … (errno(3))")
				continue
			}
			if call.Kind.family() == ExitGroup {
				c.line("exit cannot fail: the program has nothing after it")
				continue
			}
			return Order{Do: Fail, Errno: e}
		case "d", "detach":
			c.line("detached: the programs run on untraced")
			c.end()
		case "q", "quit":
			c.t.KillAll()
			return Order{}
		case "?", "h", "help":
			c.write(keysHelp)
		default:
			c.line("? lists the keys")
		}
	}
}

const keysHelp = `      Enter  make this call, stop at the next     r CALL   run on to CALL
      c      run on, asking no more               s        skip this call
      f E    let it fail with error E             d        detach
      q      kill all and leave                   ^C, ^Z   go to the job
`

// readLine reads a line from the terminal. ok is false when there is no answer,
// and the call is to be made: a signal key was pressed, whose signal waits at the
// stopped process, or nothing can be asked any more.
func (c *console) readLine(prompt string, pid int) (line string, ok bool) {
	if !c.enter() {
		c.free = true
		return "", false
	}
	defer c.restore()
	before := c.keys(pid)
	c.write(prompt)
	for {
		p := []unix.PollFd{{Fd: fdTTY, Events: unix.POLLIN}}
		n, err := unix.Poll(p, 50)
		if err == unix.EINTR {
			continue
		}
		if n == 0 {
			if c.keys(pid)&^before != 0 {
				c.write("\n")
				return "", false
			}
			if c.keyboard() {
				continue
			}
			// The job was taken from the keyboard meanwhile.
			c.write("\n")
			if !c.mayAsk() {
				return "", false
			}
			c.write(prompt)
			continue
		}
		var b [1024]byte
		n, err = unix.Read(fdTTY, b[:])
		if err == unix.EINTR || err == unix.EAGAIN {
			continue
		}
		if n <= 0 || err != nil {
			if err == nil && p[0].Revents&unix.POLLHUP == 0 {
				c.write("\n")
				c.line("^D: detached, the programs run on untraced")
			}
			c.restore()
			c.end()
		}
		return strings.TrimSuffix(string(b[:n]), "\n"), true
	}
}

// keys are the signals of the signal keys that wait at a stopped process or at
// the one that the shell started (proc_pid_status(5): SigPnd, ShdPnd). The
// terminal sends them to the job as ever; no call returns them to the tracer.
func (c *console) keys(pid int) (set uint64) {
	for _, p := range []int{pid, c.first} {
		for _, field := range []string{"SigPnd", "ShdPnd"} {
			n, _ := strconv.ParseUint(statusField(p, field), 16, 64)
			set |= n
		}
	}
	const keys = 1<<(unix.SIGINT-1) | 1<<(unix.SIGQUIT-1) | 1<<(unix.SIGTSTP-1) | 1<<(unix.SIGHUP-1)
	return set & keys
}

// enter sees to it that a line can be typed and edited whatever the program has
// set. Where the modes are the usual ones it leaves them alone, so that nothing is
// to be put back if the tracer is killed.
func (c *console) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	old, err := unix.IoctlGetTermios(fdTTY, unix.TCGETS)
	if err != nil {
		return false
	}
	m := *old
	m.Iflag |= unix.ICRNL
	m.Oflag |= unix.OPOST | unix.ONLCR
	m.Lflag |= unix.ISIG | unix.ICANON | unix.ECHO | unix.ECHOE
	if m == *old {
		return true
	}
	if unix.IoctlSetTermios(fdTTY, unix.TCSETS, &m) != nil {
		return false
	}
	c.modes = old
	return true
}

// restore puts the modes back that the program or the shell had.
func (c *console) restore() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.modes != nil {
		unix.IoctlSetTermios(fdTTY, unix.TCSETS, c.modes)
		c.modes = nil
	}
}

package servers

import (
	"os"
	"runtime"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"jsh/pgroup"
)

// workers is how many pre-fork forks.
const workers = 2

// life bounds a server's, whatever becomes of the lesson.
const life = 20 * time.Minute

// serve is a server. It ends of a signal, or with the shell.
func serve(dir, name string) int {
	runtime.LockOSThread()
	parent := os.Getppid()
	unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0)
	if os.Getppid() != parent {
		return 1
	}
	for _, sig := range []unix.Signal{unix.SIGINT, unix.SIGQUIT, unix.SIGHUP, unix.SIGTERM, unix.SIGALRM} {
		pgroup.Default(sig)
	}
	pgroup.Ignore(unix.SIGCHLD) // the kernel reaps the children
	unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	unix.Setitimer(unix.ITIMER_REAL, unix.Itimerval{Value: unix.NsecToTimeval(int64(life))})
	fail := func(what string, err error) int {
		say(2, name+": "+what+": "+reason(err)+"\n")
		return 1
	}
	to, err := address(dir, name)
	if err != nil {
		return fail(dir, err)
	}
	listener, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fail("socket", err)
	}
	// Nobody can connect before it has its name: the workers are there before that.
	early := &unix.SockaddrUnix{Name: to.Name + ".early"}
	unix.Unlink(early.Name) // an earlier one's
	if err := unix.Bind(listener, early); err != nil {
		return fail("bind", err)
	}
	if err := unix.Listen(listener, 16); err != nil {
		return fail("listen", err)
	}
	if name == PreFork {
		c := newChild("worker", listener)
		for range workers {
			if _, err := begin(c); err != nil {
				return fail("fork", err)
			}
		}
	}
	if err := unix.Rename(early.Name, to.Name); err != nil {
		return fail("rename", err)
	}
	if name == PreFork {
		for {
			unix.Pause()
		}
	}
	c := newChild("handler", listener)
	c.once = true
	for {
		conn, _, err := unix.Accept4(listener, 0)
		if err == unix.EINTR || err == unix.ECONNABORTED {
			continue
		}
		if err != nil {
			return fail("accept", err)
		}
		c.conn = conn
		if _, err := begin(c); err != nil {
			say(2, name+": fork: "+reason(err)+"\n")
		}
		unix.Close(conn)
	}
}

func newChild(name string, listener int) *child {
	c := &child{listener: listener, conn: -1}
	copy(c.name[:15], name)
	return c
}

func begin(c *child) (pid int, err error) {
	return withSignalsBlocked(func() (uintptr, uintptr) { return fork(c) })
}

// asked is one request as the client saw it.
type asked struct {
	fd   int
	from time.Time
	took time.Duration // until somebody took the connection
	reply
}

// client asks a server four times, two at once, and tells who answered and after
// how long. Its status is the highest count of requests that an answer told.
func client(args []string, dir string) int {
	if len(args) != 1 || args[0] != PerRequest && args[0] != PreFork {
		say(2, "usage: client per-request|pre-fork (a server that runs: "+PreFork+" & begins one)\n")
		return 64
	}
	server, most := args[0], int32(0)
	who := Children[0]
	if server == PreFork {
		who = Children[1]
	}
	to, err := address(dir, server)
	if err != nil {
		say(2, "client: "+dir+": "+reason(err)+"\n")
		return 65
	}
	for range 2 {
		var two [2]asked
		for i := range two {
			if err := two[i].open(to); err != nil {
				say(2, "client: no server "+server+" answers: "+reason(err)+"; begin it first:  "+server+" &\n")
				return 65
			}
		}
		// Both are taken before one is asked: so two workers have one each.
		for i := range two {
			err := two[i].read()
			two[i].took = time.Since(two[i].from)
			if err != nil {
				say(2, "client: "+server+" does not take the connection: "+reason(err)+"\n")
				return 65
			}
		}
		for i := range two {
			err := unix.Sendto(two[i].fd, []byte{'?'}, unix.MSG_NOSIGNAL, nil)
			if err == nil {
				err = two[i].read()
			}
			if err != nil {
				say(2, "client: "+server+" took the request and did not answer: "+reason(err)+"\n")
				return 65
			}
		}
		for i := range two {
			a := &two[i]
			most = max(most, a.total)
			say(1, "taken after "+strconv.FormatInt(a.took.Microseconds(), 10)+" us by "+who+" "+strconv.Itoa(int(a.pid))+", its request number "+strconv.Itoa(int(a.total))+"\n")
		}
	}
	if server == PerRequest { // the handlers stay as long, and so those see them who only look at /proc
		nap := unix.NsecToTimespec(int64(400 * time.Millisecond))
		unix.Nanosleep(&nap, nil)
	}
	return int(most) // which closes the connections
}

// open connects, and waits for a server that is being started.
func (a *asked) open(to *unix.SockaddrUnix) (err error) {
	if a.fd, err = unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
		return err
	}
	unix.SetsockoptTimeval(a.fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 10})
	for end := time.Now().Add(2 * time.Second); ; {
		a.from = time.Now()
		err = unix.Connect(a.fd, to)
		if err == nil || err != unix.ENOENT && err != unix.ECONNREFUSED && err != unix.EINTR || time.Now().After(end) {
			return err
		}
		nap := unix.NsecToTimespec(int64(5 * time.Millisecond))
		unix.Nanosleep(&nap, nil)
	}
}

// read reads what the server's child says.
func (a *asked) read() error {
	buf := (*[unsafe.Sizeof(a.reply)]byte)(unsafe.Pointer(&a.reply))
	for n := 0; n < len(buf); {
		m, err := unix.Read(a.fd, buf[n:])
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return err
		case m == 0:
			return unix.ECONNRESET
		}
		n += m
	}
	return nil
}

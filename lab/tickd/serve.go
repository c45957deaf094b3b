package tickd

import (
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/pgroup"
)

// daemon is the one that ticks.
type daemon struct {
	path  string
	c     config
	out   int // ticks
	log   int
	own   int // the pid file, locked
	ticks int
	deaf  bool // that a tick could not be written was told
	front bool // -f
}

// serve is the life of the daemon. news is where to tell that it is ready, -1: in
// the foreground, on standard error.
func serve(path string, news int) int {
	d := &daemon{path: path, out: -1, log: -1, own: -1, front: news < 0}
	fail := func(msg string) int {
		if news >= 0 {
			unix.Write(news, []byte(msg+"\n"))
			return 1
		}
		return complain(1, msg)
	}
	// First the signals: from here on SIGHUP is a request and no end.
	wake, err := pgroup.OpenWake()
	if err != nil {
		return fail("eventfd: " + errText(err))
	}
	for _, sig := range []unix.Signal{unix.SIGHUP, unix.SIGTERM, unix.SIGINT} {
		pgroup.Catch(sig)
	}
	text, msg := read(path)
	if msg != "" {
		return fail(msg)
	}
	if d.c, err = parse(path, text); err != nil {
		return fail(event.Visible(err.Error()))
	}
	if msg := d.open(&d.c); msg != "" {
		return fail(msg)
	}
	if msg := d.claim(); msg != "" {
		return fail(msg)
	}
	d.say("begins: pid " + strconv.Itoa(os.Getpid()) + ", " + d.c.String())
	if news >= 0 {
		unix.Write(news, []byte(ready))
		unix.Close(news)
	}
	d.run(wake)
	unix.Unlink(d.c.pidFile)
	return 0
}

// run ticks until SIGTERM or SIGINT.
func (d *daemon) run(wake int) {
	next := time.Now()
	for {
		left := time.Until(next)
		if left <= 0 {
			d.tick()
			if next = next.Add(d.c.interval); time.Until(next) < 0 {
				next = time.Now().Add(d.c.interval) // it was stopped, or the machine slept
			}
			continue
		}
		fds := []unix.PollFd{{Fd: int32(wake), Events: unix.POLLIN}}
		unix.Poll(fds, int((left+time.Millisecond-1)/time.Millisecond))
		set := pgroup.Pending()
		for _, sig := range []unix.Signal{unix.SIGTERM, unix.SIGINT} {
			if set.Has(sig) {
				d.say(event.SigName(int(sig)) + ": ends after " + strconv.Itoa(d.ticks) + " ticks")
				return
			}
		}
		if set.Has(unix.SIGHUP) {
			d.reload()
			next = time.Now().Add(d.c.interval)
		}
	}
}

func (d *daemon) tick() {
	d.ticks++
	line := "tick " + strconv.Itoa(d.ticks) + " " + time.Now().Format("15:04:05.000") + "\n"
	if _, err := unix.Write(d.out, []byte(line)); err != nil {
		if !d.deaf {
			d.say(d.c.file + ": write: " + errText(err) + "; it goes on trying")
		}
		d.deaf = true
		return
	}
	d.deaf = false
}

// reload takes a new configuration, whole or not at all.
func (d *daemon) reload() {
	text, msg := read(d.path)
	var c config
	if msg == "" {
		var err error
		if c, err = parse(d.path, text); err != nil {
			msg = event.Visible(err.Error())
		}
	}
	if msg == "" {
		msg = d.open(&c)
	}
	if msg != "" {
		d.say("SIGHUP: " + msg)
		d.say("SIGHUP: the old configuration stays: " + d.c.String())
		return
	}
	if c.pidFile != d.c.pidFile {
		d.say("SIGHUP: another pidfile takes a new start; it stays " + d.c.pidFile)
		c.pidFile = d.c.pidFile
	}
	d.c, d.deaf = c, false
	d.say("SIGHUP: the configuration is read again: " + c.String())
}

// open opens the files of a configuration, in place of the old ones if that
// works. It says what went wrong.
func (d *daemon) open(c *config) (msg string) {
	const flags = unix.O_WRONLY | unix.O_CREAT | unix.O_APPEND | unix.O_CLOEXEC | unix.O_NOCTTY | unix.O_NONBLOCK
	out, err := unix.Open(c.file, flags, 0o644)
	if err != nil {
		return event.Visible(c.file) + ": " + errText(err)
	}
	log, err := unix.Open(c.log, flags, 0o644)
	if err != nil {
		unix.Close(out)
		return event.Visible(c.log) + ": " + errText(err)
	}
	if d.out >= 0 {
		unix.Close(d.out)
		unix.Close(d.log)
	}
	d.out, d.log = out, log
	return ""
}

// claim writes the pid file and locks it. The lock is the kernel's word that this
// daemon runs: a number alone outlives its process (F_SETLK, fcntl(2)).
func (d *daemon) claim() (msg string) {
	name := event.Visible(d.c.pidFile)
	fd, err := unix.Open(d.c.pidFile, unix.O_RDWR|unix.O_CREAT|unix.O_CLOEXEC|unix.O_NOCTTY, 0o644)
	if err != nil {
		return name + ": " + errText(err)
	}
	lock := unix.Flock_t{Type: unix.F_WRLCK}
	if err := unix.FcntlFlock(uintptr(fd), unix.F_SETLK, &lock); err != nil {
		if err == unix.EAGAIN || err == unix.EACCES {
			holder := unix.Flock_t{Type: unix.F_WRLCK}
			unix.FcntlFlock(uintptr(fd), unix.F_GETLK, &holder)
			unix.Close(fd)
			return "runs already: process " + strconv.Itoa(int(holder.Pid)) + " holds the lock on " + name
		}
		unix.Close(fd)
		return name + ": lock: " + errText(err)
	}
	if err = unix.Ftruncate(fd, 0); err == nil {
		_, err = unix.Write(fd, []byte(strconv.Itoa(os.Getpid())+"\n"))
	}
	if err != nil {
		return name + ": write: " + errText(err)
	}
	d.own = fd
	return ""
}

func (d *daemon) say(text string) {
	line := time.Now().Format("15:04:05") + " tickd: " + text + "\n"
	unix.Write(d.log, []byte(line))
	if d.front {
		os.Stderr.WriteString(line)
	}
}

// read reads a configuration file of at most 64 KiB; msg says what went wrong. A
// FIFO or a terminal is refused: it would make the daemon wait.
func read(path string) (text, msg string) {
	name := event.Visible(path)
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return "", name + ": " + errText(err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil || st.Mode&unix.S_IFMT != unix.S_IFREG {
		return "", name + ": not an ordinary file"
	}
	b := make([]byte, 64<<10)
	n := 0
	for n < len(b) {
		k, err := unix.Read(fd, b[n:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return "", name + ": " + errText(err)
		}
		if k == 0 {
			return string(b[:n]), ""
		}
		n += k
	}
	return "", name + ": longer than 64 KiB"
}

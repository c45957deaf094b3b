package screen

import (
	"errors"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/pgroup"
	"jsh/screen/grid"
)

// Main is the screen's process, started by Guard with argv[0] ProcessName. It
// returns the exit status. It must be called on the main thread.
func Main(args []string) int {
	if len(args) != 5 {
		return 2
	}
	s := &screen{exe: args[1], name: args[2], above: args[3] == "1", k: pgroup.New(nil), line: lineFD, master: -1}
	unix.CloseOnExec(s.line)
	if args[4] != "0" {
		unix.CloseOnExec(castFD)
	}
	switch args[4] {
	case tapesAll:
		s.tape = &tape{fd: castFD}
	case tapesShell:
		s.inner = &tape{fd: castFD}
	}
	pgroup.CollectSeldom(24 << 20) // a picture is garbage when the next one is made
	// The loop always finds a processor of the runtime's free, however busy the
	// goroutines are that watch and draw: a key must not wait for them.
	runtime.GOMAXPROCS(runtime.NumCPU() + 2)
	if err := s.open(); err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		return cannot
	}
	return s.run()
}

// screen is the state of the loop. Only the loop's goroutine touches it.
type screen struct {
	exe, name string
	above     bool // a shell is above, which can continue us if we stop
	k         *pgroup.Kernel

	tty   int              // the learner's terminal, a description of our own
	saved *pgroup.Modes    // its modes as we found them
	wake  int              // readable when a signal was caught
	post  int              // eventfd: another goroutine has something for us
	line  int              // to the guard
	entry pgroup.SignalSet // ignored at the start; the shell ignores them too

	master    int       // of the shell's terminal; -1: hung up
	deaf      time.Time // when nobody had the shell's terminal open
	shellPid  int       // 0: there is none
	stopped   bool      // it was stopped from outside
	replacing bool      // another one is about to take its place
	status    int       // its exit status
	toShell   []byte
	answers   int       // bytes of the grid's that went into toShell since it was empty
	typed     time.Time // when the learner last pressed a key
	synced    time.Time // when a program began a redraw that is to be shown whole

	grid     *grid.Grid
	lay      layout
	want     wish
	keys     keys
	keyName  string
	panel    panel
	pasting  bool // between the marks of a paste that began with a panel open, or before
	back     int  // lines scrolled back
	pics     *pictures
	band     lesson
	contrast bool
	tape     *tape // nil: nothing is recorded
	inner    *tape // the same of the shell's terminal

	paint   painter
	out     outer
	pending []byte // drawn, not yet taken by the terminal
	dirty   bool   // something other than the shell's rows changed
	fresh   bool   // the shell's grid changed
	drawn   time.Time
	drained bool // the shell's terminal had no more output when it was read last
	row     []grid.Cell

	mu    sync.Mutex
	queue []func() // what other goroutines want done

	hidden atomic.Bool // the learner has turned the picture off

	away bool // another group has the terminal, or we are about to stop
	quit bool
	code int
}

// maxAnswers is how many bytes of answers may wait for a program that does not
// read them. One that asks and asks (yes "$(tput u7)") must not have the memory,
// nor the place of the keys that would end it.
const maxAnswers = 4096

// reply answers a program that asked its terminal something.
func (s *screen) reply(b []byte) {
	if s.answers+len(b) <= maxAnswers {
		s.answers += len(b)
		s.toShell = append(s.toShell, b...)
	}
}

// scrollback is how many lines of the shell's output are remembered.
const scrollback = 5000

func (s *screen) open() (err error) {
	if s.tty, err = openOuter(); err != nil {
		return errors.New("the terminal cannot be opened: " + err.Error())
	}
	if s.saved, err = pgroup.GetModes(s.tty); err != nil {
		return errors.New("the terminal's modes cannot be read: " + err.Error())
	}
	s.entry = pgroup.IgnoredAtEntry()
	if s.wake, err = pgroup.OpenWake(); err != nil {
		return err
	}
	if s.post, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return err
	}
	for _, sig := range []unix.Signal{unix.SIGWINCH, unix.SIGCHLD, unix.SIGTERM, unix.SIGHUP, unix.SIGINT,
		unix.SIGQUIT, unix.SIGTSTP, unix.SIGCONT} {
		if !s.entry.Has(sig) || sig == unix.SIGCHLD || sig == unix.SIGWINCH || sig == unix.SIGCONT {
			pgroup.Catch(sig)
		}
	}
	var name string
	s.keys.menu, name = menuKeys(os.Getenv("JSH_MENU_KEY"))
	s.keyName = name
	s.paint.depth = depthOf(os.Getenv("TERM"), os.Getenv("COLORTERM"))
	cols, rows := sizeOf(s.tty)
	s.want = wish{picture: true, high: usualHeight(rows)}
	s.lay = arrange(cols, rows, s.want)
	s.grid = grid.New(s.lay.shell.w, s.lay.shell.h, grid.Options{
		Scrollback: scrollback,
		Reply:      s.reply,
	})
	s.pics = newPictures(s.post, s.request, s.typeFor, s.bandFor, unix.Getppid())
	s.pics.size(s.lay.picture.w, s.lay.picture.h)
	s.pics.room(cols, bandRoom(rows))
	return s.newShell()
}

// newShell starts a shell on a new terminal.
func (s *screen) newShell() error {
	master, slave, err := openInner(s.saved, s.lay.shell.w, s.lay.shell.h)
	if err != nil {
		return errors.New("no terminal for the shell: " + err.Error())
	}
	defer unix.Close(slave)
	argv := []string{s.name, "-i"}
	pid, err := s.startShell(argv, slave)
	if err != nil {
		unix.Close(master)
		return errors.New("the shell cannot be started: " + s.exe + ": " + err.Error())
	}
	s.inner.resize(s.lay.shell.w, s.lay.shell.h)
	s.master, s.shellPid, s.stopped, s.toShell, s.answers = master, pid, false, nil, 0
	s.pics.shell(pid)
	return nil
}

// environ is the shell's environment: ours, and the way to the companion, by
// which the shell tells what it does and a jsh inside knows where it is.
func (s *screen) environ() []string {
	const name = companion.EnvName + "="
	env := slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, name) })
	if s.pics.path != "" {
		env = append(env, name+s.pics.path)
	}
	return env
}

// depthOf tells how many colours a terminal has, by what it says of itself.
func depthOf(term, colorterm string) depth {
	switch {
	case colorterm == "truecolor" || colorterm == "24bit":
		return full
	case hasSuffixAny(term, "-direct", "-kitty", "alacritty", "foot", "ghostty"):
		return full
	case hasSuffixAny(term, "256color"):
		return palette
	case hasSuffixAny(term, "-m", "-mono", "vt100", "vt102", "vt220"):
		return mono
	case hasSuffixAny(term, "xterm", "screen", "tmux", "rxvt"):
		return palette // for years they all have had 256
	}
	return few
}

func hasSuffixAny(s string, ends ...string) bool {
	return slices.ContainsFunc(ends, func(e string) bool { return strings.HasSuffix(s, e) })
}

// enter takes the learner's terminal.
func (s *screen) enter() {
	// From the background this stops us by SIGTTOU, as it should.
	unix.IoctlSetTermios(s.tty, unix.TCSETS, raw(*s.saved))
	s.tell(tellsEntered)
	s.away = false
	s.tape.resize(s.lay.cols, s.lay.rows)
	s.pending = append(s.pending[:0], seqEnter...)
	s.out = entered()
	s.out.bells = s.grid.Bells()
	s.redraw()
	s.resize()
}

// leave gives the terminal back as it was.
func (s *screen) leave() {
	s.away = true
	s.pending = nil
	if s.out.shapeWasSet {
		pgroup.WithTTOUBlocked(func() { writeAll(s.tty, "\x18"+seqPlainCursor) })
	}
	restoreTerminal(s.tty, s.saved)
	s.tell(tellsLeft)
}

func (s *screen) tell(what byte) {
	unix.Sendto(s.line, []byte{what}, unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT, nil)
}

// redraw draws everything anew.
func (s *screen) redraw() {
	s.paint.out = s.paint.out[:0]
	s.paint.reset(s.lay.cols, s.lay.rows)
	s.dirty = true
}

// resize fits everything to the terminal's size and to what is wanted.
func (s *screen) resize() {
	cols, rows := sizeOf(s.tty)
	if cols != s.lay.cols || rows != s.lay.rows {
		s.want.high = usualHeight(rows)
		s.pics.room(cols, bandRoom(rows))
	}
	s.want.alt = s.grid.Modes().Alternate
	lay := arrange(cols, rows, s.want)
	if lay == s.lay && len(s.paint.front) == cols*rows {
		return
	}
	if cols != s.paint.cols || rows != s.paint.rows {
		s.tape.resize(cols, rows)
		s.lay = lay
		s.redraw()
	}
	if w, h := s.grid.Size(); w != lay.shell.w || h != lay.shell.h {
		s.grid.Resize(lay.shell.w, lay.shell.h)
		s.inner.resize(lay.shell.w, lay.shell.h)
		if s.master >= 0 {
			setSize(s.master, lay.shell.w, lay.shell.h) // the kernel sends SIGWINCH
		}
	}
	s.lay = lay
	s.back = 0
	s.dirty = true
	s.pics.size(lay.picture.w, lay.picture.h)
}

// later has f called by the loop.
func (s *screen) later(f func()) {
	s.mu.Lock()
	s.queue = append(s.queue, f)
	s.mu.Unlock()
	unix.Write(s.post, []byte{1, 0, 0, 0, 0, 0, 0, 0})
}

// queued takes what later was given.
func (s *screen) queued() []func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queue
	s.queue = nil
	return q
}

// request is what the shell asks for, on another goroutine.
func (s *screen) request(what string) error {
	switch what {
	case "on":
		s.later(func() { s.setView(true, false) })
	case "off":
		s.later(func() { s.setView(false, false) })
	case "full":
		s.later(s.showFull)
	case "shown":
		if s.hidden.Load() {
			return companion.ErrHidden
		}
	case "suspend":
		if !s.above {
			return errors.New("no shell is above the screen that could continue it")
		}
		s.later(s.suspend)
	default:
		return errors.New(what + ": the screen does not know that")
	}
	return nil
}

// typeFor types what a lesson shows, on another goroutine.
func (s *screen) typeFor(text string) { s.later(func() { s.type_([]byte(text)) }) }

// suspend stops the whole job, the terminal in order, until somebody
// continues it.
func (s *screen) suspend() {
	s.leave()
	pgroup.Default(unix.SIGTSTP)
	unix.Kill(unix.Getpid(), unix.SIGTSTP)
	// Discarded in an orphaned group: then we come here at once.
	pgroup.Catch(unix.SIGTSTP)
	s.enter()
}

// hangUp closes the shell's terminal: the kernel sends SIGHUP and SIGCONT to
// its session.
func (s *screen) hangUp() {
	if s.master >= 0 {
		unix.Close(s.master)
		s.master = -1
	}
}

// end leaves with a status, after what is inside was hung up.
func (s *screen) end(status int) {
	s.quit, s.code = true, status
}

// waitShell waits a while for the shell to end after a hang-up. It hangs up
// its jobs before that.
func (s *screen) waitShell(limit time.Duration) {
	for end := time.Now().Add(limit); s.shellPid > 0 && time.Now().Before(end); {
		unix.Poll([]unix.PollFd{{Fd: int32(s.wake), Events: unix.POLLIN}}, 50)
		pgroup.Pending()
		s.reap()
	}
}

package trial

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/event"
	"jsh/lessons/check"
	"jsh/lessons/page"
	"jsh/tutor/wire"
	"jsh/tutor/world"
)

// learner is somebody at a fresh jsh, with a home of his own, who can type and who
// sees the log.
type learner struct {
	o    *Options
	dir  string
	mark string // in the environment of all that he starts
	term *terminal
	cl   *companion.Client
	log  *world.Follower

	world   *check.World  // as of the last look
	awaited []*check.Expr // what the script waits for
	asks    bool          // the step's checks ask what /proc alone tells
	place   wire.Place
	told    bool   // the place is known
	lines   uint64 // Seq of the newest LineBegin
	ended   uint64 // … LineEnd
	escaped bool   // the lesson's keyboard was given back
	begun   bool   // a line was entered at the prompt and has not begun to run yet
}

// sit starts jsh and waits for its prompt.
func sit(o *Options) (*learner, error) {
	l := &learner{o: o, mark: "JSH_LESSON_TEST=" + strconv.FormatUint(rand.Uint64(), 36)}
	var err error
	if l.dir, err = os.MkdirTemp("", "jsh-lesson-"); err != nil {
		return nil, err
	}
	for _, d := range []string{"home", "run", "state"} {
		if err := os.Mkdir(filepath.Join(l.dir, d), 0o700); err != nil {
			l.leave()
			return nil, err
		}
	}
	env := []string{l.mark, "TMPDIR=" + l.dir, "HOME=" + l.dir + "/home", "XDG_RUNTIME_DIR=" + l.dir + "/run", "XDG_STATE_HOME=" + l.dir + "/state",
		"PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "LC_ALL=C.UTF-8", "PS1=$ ", "SHELL=" + o.Exe, "HISTFILE="}
	argv := []string{o.Exe, "--plain"}
	if o.Screen {
		argv = argv[:1]
	}
	cols, rows := 100, 30
	if o.argv != nil {
		argv, cols, rows = o.argv, o.cols, o.rows
	}
	if l.term, err = open(argv, env, l.dir+"/home", cols, rows); err != nil {
		l.leave()
		return nil, err
	}
	return l, nil
}

// leave hangs up, and ends all that is left of what was started.
func (l *learner) leave() {
	if l.cl != nil {
		l.cl.Close()
	}
	if l.term != nil {
		l.term.hangUp()
		select {
		case <-l.term.exited:
		case <-time.After(5 * time.Second):
		}
		l.sweep()
		select {
		case <-l.term.exited:
		case <-time.After(time.Second):
		}
	}
	os.RemoveAll(l.dir)
}

// sweep kills those that carry the mark: a daemon that a lesson had made, and a
// shell that does not end.
func (l *learner) sweep() {
	for range 3 {
		entries, err := os.ReadDir("/proc")
		if err != nil {
			return
		}
		found := false
		for _, e := range entries {
			pid, err := strconv.Atoi(e.Name())
			if err != nil {
				continue
			}
			env, err := os.ReadFile("/proc/" + e.Name() + "/environ")
			if err == nil && strings.Contains("\x00"+string(env), "\x00"+l.mark+"\x00") {
				found = unix.Kill(pid, unix.SIGKILL) == nil || found
			}
		}
		if !found {
			return
		}
	}
}

// connect follows the log of the jsh's companion, once there is one.
func (l *learner) connect() error {
	return l.until("the companion's socket", func() bool {
		paths, _ := filepath.Glob(l.dir + "/run/jsh/*.sock")
		for _, p := range paths {
			if cl, err := companion.Dial(p); err == nil {
				l.cl, l.log = cl, world.Follow(cl)
				return true
			}
		}
		return false
	})
}

// until waits for a condition. Output and events wake it; what announces nothing
// (the terminal's modes and its foreground group) is looked at every few
// milliseconds.
func (l *learner) until(what string, ok func() bool) error {
	end := time.NewTimer(l.o.Limit)
	defer end.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		var updates <-chan struct{}
		if l.cl != nil {
			updates = l.cl.Updates()
			l.follow()
			// What a script waits for later may be about a process that lives now.
			for _, e := range l.awaited {
				e.Eval(l.see())
			}
		}
		if ok() {
			return nil
		}
		select {
		case <-updates:
		case <-l.term.moved:
		case <-tick.C:
		case <-l.term.exited:
			return errors.New("jsh ended")
		case <-end.C:
			return errors.New("waited in vain for " + what)
		}
	}
}

// follow takes what is new in the log.
func (l *learner) follow() {
	for _, e := range l.log.Next() {
		if (e.Kind == event.LineBegin || e.Kind == event.LineEnd) && e.Pid != 0 && e.Pid != l.log.Story.Shell {
			continue // of a jsh within the shell
		}
		switch e.Kind {
		case event.LineBegin:
			l.lines, l.begun = e.Seq, false
		case event.LineEnd:
			l.ended = e.Seq
		case event.Told:
			l.escaped = l.escaped || e.Text == "key esc"
			if p, ok := wire.ParsePlace(e.Text); ok {
				if p.Step != l.place.Step {
					l.log.From = e.Seq
				}
				l.place, l.told = p, true
			}
		}
	}
}

// see is what there is to know now.
func (l *learner) see() *check.World {
	w := l.log.World()
	w.Follow(l.world)
	l.world = w
	return w
}

// moment is longer than the tutor's interval between two looks at /proc.
const moment = 300 * time.Millisecond

// ofProc says that an expression asks what /proc alone tells.
func ofProc(e *check.Expr) bool {
	_, ok := e.ProvedBy(^check.FromFacts)
	return !ok
}

// asksProc says that a check of the step does.
func asksProc(s *page.Step) bool {
	return slices.ContainsFunc(s.Checks, func(c page.Line) bool {
		e, err := check.Compile(c.Text)
		return err == nil && ofProc(e)
	})
}

// atPrompt says that the shell reads a command line.
func (l *learner) atPrompt() bool {
	if l.o.Screen {
		// The inner terminal cannot be asked: its shell reads when nothing more comes.
		return !l.begun && l.log != nil && (l.lines == 0 || l.ended > l.lines) && l.log.Rests(glance)
	}
	return !l.begun && l.term.editing() && l.term.foreground() == l.term.pid && l.ended >= l.lines
}

// busy says that a job has the terminal.
func (l *learner) busy() bool {
	if l.o.Screen {
		return l.lines > l.ended && l.foregroundJob()
	}
	fg := l.term.foreground()
	return fg != 0 && fg != l.term.pid && l.lines > l.ended
}

// foregroundJob says that the tree has a job in the foreground.
func (l *learner) foregroundJob() bool {
	t := l.log.Story.Tree
	return t != nil && t.Shell != nil && t.Shell.Tpgid > 0 && t.Shell.Tpgid != t.Shell.Pgid
}

// line types a command at the prompt.
func (l *learner) line(text string) error {
	if err := l.until("a prompt for: "+text, l.atPrompt); err != nil {
		return err
	}
	l.enter(text)
	return nil
}

func (l *learner) enter(text string) {
	l.begun = strings.TrimSpace(text) != "" && l.log != nil
	l.term.write(text + "\r")
}

// do types a script.
func (l *learner) do(inputs []page.Input) error {
	l.awaited = nil
	for _, in := range inputs {
		if in.Kind == page.Await {
			e, err := check.Compile(in.Text)
			if err != nil {
				return err
			}
			l.awaited = append(l.awaited, e)
		}
	}
	for i, in := range inputs {
		switch in.Kind {
		case page.Await:
			e := l.awaited[0]
			l.awaited = l.awaited[1:]
			why := ""
			if err := l.until("@ "+in.Text, func() bool {
				v := e.Eval(l.see())
				why = v.Why
				return v.Holds()
			}); err != nil {
				return errors.New(err.Error() + " (" + why + ")")
			}
			// What /proc alone tells, the tutor asks at intervals. A learner takes longer to
			// see it, too.
			if seen := time.Now(); l.asks && ofProc(e) {
				if err := l.until("a moment", func() bool { return time.Since(seen) > moment }); err != nil {
					return err
				}
			}
		case page.TypeKey:
			// A signal key flushes what waits in the terminal: whoever is to have
			// got the text before must have it.
			if err := l.until("somebody to take "+in.Text+": the shell at its prompt, or another group with the keyboard", func() bool { return l.atPrompt() || l.busy() }); err != nil {
				return err
			}
			l.term.write(string(rune(in.Text[len(in.Text)-1] & 0x1f)))
		default:
			if err := l.until("somebody to take: "+in.Text, func() bool { return l.atPrompt() || l.busy() && (i > 0) }); err != nil {
				return err
			}
			switch {
			case in.Kind == page.TypeRaw:
				l.term.write(in.Text)
			case l.atPrompt():
				l.enter(in.Text)
			default:
				l.term.write(in.Text + "\r")
			}
		}
	}
	return nil
}

// kept is the log that was kept of the lesson, up to the place that is known.
func (l *learner) kept() (log []byte, err error) {
	err = l.until("the log that is kept", func() bool {
		files, _ := filepath.Glob(l.dir + "/state/jsh/lessons/*.log")
		if len(files) == 0 {
			return false
		}
		log, err = os.ReadFile(files[len(files)-1])
		return err == nil && strings.Contains(string(log), `"text":"`+l.place.String()+`"`)
	})
	return log, err
}

package front

import (
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/lessons"
	"jsh/pgroup"
	"jsh/proc"
	"jsh/shell"
	"jsh/viz"
)

const quizHelp = `usage: quiz [TOPIC|QUESTION|all] [--seed N]
       quiz present [TOPIC|QUESTION|all] [--seed N]
       quiz hint|show|skip|next|restart|where|quit
       quiz export --gift|--moodle [FILE]
A quiz runs experiments in this shell: you predict how one ends, you type
it, and what the kernel did is the grade. quiz alone lists the topics and
the questions, with your score. The seed is that of a quiz that you want
again: the same questions in the same order.
  answer B, answer 3, answer find ls   what you predict
Enter on an empty line goes on when a question is answered.
quiz present is for a class: it votes (answer A 10 B 60), talks, votes
again, and then the experiment is run. quiz export writes all questions for
a learning platform; it runs from any shell as jsh quiz export.
  status: 0; 1 not possible here; 2 wrong usage, or no such topic
`

// builtinQuiz is quiz.
func builtinQuiz(s *shell.Shell, args []string) int {
	switch a := args[1:]; {
	case len(a) > 0 && a[0] == "--help":
		s.WriteOut([]byte(quizHelp))
		return 0
	case len(a) == 0 || a[0] == "export" || a[0] == "list":
		return s.RunProgram(s.Exe(), append([]string{"jsh", "quiz"}, a...), args)
	case len(a) == 1 && a[0] == "ctrl-c":
	default:
		return tellTutor(s, args)
	}
	h := &quizHost{s: s}
	defer h.close()
	return lessons.Quiz(args, h)
}

// quizHost lends the learner's shell to package lessons.
type quizHost struct {
	s      *shell.Shell
	reader *proc.Reader
	told   string // the directory in which stand-ins tell that they are ready
}

func (h *quizHost) close() {
	if h.reader != nil {
		h.reader.Close()
	}
}

func (h *quizHost) Ready() error {
	switch {
	case !h.s.Interactive():
		return errors.New("nobody can press ^C here; start jsh and type the quiz there")
	case h.s.Terminal() < 0:
		return errors.New("no terminal, so no ^C; start jsh in a terminal window")
	case h.s.RunLine("case $- in *m*) ;; *) false ;; esac") != 0:
		return errors.New("job control is off, and ^C goes otherwise then; set -m turns it on")
	}
	if h.reader == nil {
		r, err := proc.Open()
		if err != nil {
			return err
		}
		h.reader = r
	}
	return nil
}

func (h *quizHost) Out(text string)      { h.s.WriteOut([]byte(text)) }
func (h *quizHost) Complain(text string) { h.s.Complain(text) }
func (h *quizHost) Log() *event.Log      { return h.s.Log }
func (h *quizHost) ShellPid() int        { return h.s.Pid() }
func (h *quizHost) ASCII() bool          { return !h.s.UTF8() }

// Say may be called while a job has the keyboard: under stty tostop the write
// would stop the shell.
func (h *quizHost) Say(text string) {
	text = foldWords(text, columns(h.s.Terminal()))
	pgroup.WithTTOUBlocked(func() { h.s.Say(text) })
}

func (h *quizHost) Ask(prompt string) (string, error) { return h.s.Ask(prompt) }

// Run hooks into the narrator, which the shell calls first when a foreground
// job is started and not waited for yet.
func (h *quizHost) Run(line string, running func()) {
	narrator := h.s.Narrator
	h.s.Narrator = func() {
		if narrator != nil {
			narrator()
		}
		if f := running; f != nil {
			running = nil
			f()
		}
	}
	h.s.RunLine(line)
	h.s.Narrator = narrator
}

func (h *quizHost) Process(pid int) (proc.Proc, bool) {
	p, err := h.reader.ReadOne(pid)
	return p, err == nil
}

func (h *quizHost) Picture(marks map[int]string) string {
	var snap proc.Snapshot
	if err := h.reader.Read(&snap); err != nil {
		return err.Error() + "\n"
	}
	for i := range snap.Procs {
		if m := marks[snap.Procs[i].Pid]; m != "" {
			snap.Procs[i].Name += " " + m
		}
	}
	tree := proc.Next(nil, &snap, proc.World{Shell: h.s.Pid(), Jobs: h.s.JobOfGroup()})
	for p := range tree.All {
		if p.State == 'S' && p.Ours {
			p.Waits = h.reader.Waits(p.Pid)
		}
	}
	style := viz.Style{Width: columns(h.s.Terminal()), ASCII: h.ASCII(), Colour: h.s.Colour()}
	return strings.Join(viz.Tree(tree, style), "\n") + "\n"
}

// StandIns puts up a stage with stand-ins of these names.
func (h *quizHost) StandIns(names ...string) (undo func(), err error) {
	st, err := newStage(h.s)
	if err != nil {
		return nil, err
	}
	if err := st.add(names); err != nil {
		st.strike()
		return nil, errors.New("the stand-ins cannot be set up: " + err.Error())
	}
	h.told = st.told
	return st.strike, nil
}

func (h *quizHost) StandsIn(pid int, name string) bool {
	return unix.Access(filepath.Join(h.told, standInFile(name, pid)), unix.F_OK) == nil
}

// reason is an error with its errno by name, where it has one.
func reason(err error) string {
	var e unix.Errno
	if errors.As(err, &e) {
		return err.Error() + " (" + unix.ErrnoName(e) + ")"
	}
	return err.Error()
}

// End drops the job from the table before it kills a running one, so that there
// is no notice; a stopped one after, because the shell warns when a stopped job
// is dropped.
func (h *quizHost) End(pgid int) {
	h.s.RunLine(":") // takes a ^C that is pending, and reaps
	job := h.s.JobOfGroup()[pgid]
	if job == 0 {
		return // it has ended, and the number may be another's by now
	}
	drop := "command disown %" + strconv.Itoa(job)
	members := h.members(pgid)
	stopped := slices.ContainsFunc(members, func(p proc.Proc) bool { return p.State == 'T' })
	if !stopped {
		h.s.RunLine(drop)
	}
	h.s.Kernel.KillGroup(pgid, unix.SIGKILL)
	for _, p := range members {
		awaitEnd(p.Pid)
	}
	if stopped {
		h.s.RunLine(drop)
	}
	h.s.RunLine(":")
}

// members are the processes of a group that have not ended.
func (h *quizHost) members(pgid int) []proc.Proc {
	var snap proc.Snapshot
	if h.reader.Read(&snap) != nil {
		return nil
	}
	var ms []proc.Proc
	for _, p := range snap.Procs {
		if p.Pgid == pgid && !p.Exited() {
			ms = append(ms, p)
		}
	}
	return ms
}

// awaitEnd waits until a process that was killed has ended, without reaping it.
func awaitEnd(pid int) {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	for {
		_, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 2000)
		if err != unix.EINTR {
			return
		}
	}
}

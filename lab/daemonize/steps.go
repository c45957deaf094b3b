package daemonize

// Step is one step of a daemon's birth.
type Step struct {
	Name     string // as --without, --twin and --list have it
	Kind     string // required, good idea, or daemon(7)
	Title    string
	Will     string // what it does
	Why      string
	Mistaken string // what goes wrong without it, in a line
}

// The names of the steps.
const (
	Fork         = "fork"
	Setsid       = "setsid"
	DevNull      = "dev-null"
	Chdir        = "chdir"
	Umask        = "umask"
	SecondFork   = "second-fork"
	CloseFDs     = "close-fds"
	ResetSignals = "reset-signals"
)

// Steps are the steps in the order of the course. They are made anew for each
// caller: a shell that daemonizes nothing does not have them in its memory.
func Steps() []Step {
	return []Step{
		{Fork, "required", "fork(), and the parent exits",
			"fork() makes a copy of this process. The copy goes on; the parent calls _exit(0).",
			"The shell waits for the parent only, so the prompt comes back. The child is an orphan, and another process adopts it. And it leads no process group: the parent did. So setsid() will work.",
			"setsid() is refused with EPERM: a group leader cannot found a session"},
		{Setsid, "required", "setsid(): a session of its own",
			"setsid() founds a new session and a new process group; this process leads both, and has no controlling terminal.",
			"A session that has no terminal gets no ^C, no ^Z and no hang-up from one, and no shell's job control reaches it.",
			"it stays in the shell's session: it keeps the terminal, and loses it with an error at hang-up"},
		{DevNull, "required", "/dev/null on 0, 1 and 2",
			`open("/dev/null"), and dup2() puts it on standard input, output and error.`,
			"setsid() took the controlling terminal, but the descriptors still lead to it: a read would steal what the learner types, and output would land on the screen. Closed they must not be either: the next open() would become descriptor 1.",
			"it still reads the learner's keyboard, and steals what is typed"},
		{Chdir, "required", `chdir("/")`,
			"chdir(\"/\") leaves the directory in which it was started.",
			"A working directory keeps its file system in use: nobody could unmount it for as long as the daemon lives. / is in use anyway.",
			"its file system cannot be unmounted: EBUSY"},
		{Umask, "good idea", "umask(0)",
			"umask(0) takes no permission away from the files that it will make.",
			"The mask of whoever started it would decide over the daemon's files: a file gets mode & ~umask. With 0 the mode that the program asks for is the one that it gets.",
			"its files get other modes than it asked for"},
		{SecondFork, "good idea", "fork() again, and the parent exits",
			"fork(); the session leader calls _exit(0), and the child, which leads nothing, goes on.",
			"A session leader without a terminal that opens a free terminal acquires it, and is back under ^C and hang-up. A process that leads no session never does.",
			"it leads its session: when it opens a free terminal, it acquires it"},
		{CloseFDs, "daemon(7)", "close all other descriptors",
			"close_range(3, ~0) closes whatever else was inherited.",
			"An inherited end of a pipe, a lock or a socket would stay in use for as long as the daemon lives, and somebody may wait for its end.",
			"it keeps an inherited pipe open, and its reader never sees the end"},
		{ResetSignals, "daemon(7)", "all signals back to their defaults",
			"sigaction(SIG_DFL) for each signal, and an empty mask.",
			"Ignored signals stay ignored through fork and exec, and so does the mask: a daemon that was started with SIGTERM ignored could not be ended by it.",
			"a signal that its starter ignored stays ignored"},
	}
}

// find is the step of that name.
func find(name string) (Step, bool) {
	for _, s := range Steps() {
		if s.Name == name {
			return s, true
		}
	}
	return Step{}, false
}

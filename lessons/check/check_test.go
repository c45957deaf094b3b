package check

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/proc"
)

const shellPid = 100

// log is a scene as the shell tells it: events get numbers and times.
type log []event.Event

func (l *log) add(e event.Event) {
	e.Seq = uint64(len(*l)) + 1
	e.At = int64(e.Seq) * 1000
	if e.Source == 0 {
		e.Source = event.Shell
	}
	*l = append(*l, e)
}

func (l *log) begin(line string) {
	l.add(event.Event{Kind: event.LineBegin, Pid: shellPid, Pgid: shellPid, Text: line})
}
func (l *log) end(status int) {
	l.add(event.Event{Kind: event.LineEnd, Pid: shellPid, Status: status})
}
func (l *log) spawn(pid, pgid int, fg bool, argv ...string) {
	l.add(event.Event{Kind: event.Spawn, Pid: pid, Pgid: pgid, Fg: fg, Path: "/usr/bin/" + argv[0], Argv: argv})
}

// pain is: sleep 100 & ; cat | grep y ; ^Z ; fg ; ^C.
func pain() log {
	var l log
	l.begin("sleep 100 &")
	l.spawn(200, 200, false, "sleep", "100")
	l.add(event.Event{Kind: event.JobNew, Job: 1, Pgid: 200})
	l.end(0) // 4
	l.begin("cat | grep y")
	l.spawn(300, 300, true, "cat")
	l.spawn(301, 300, true, "grep", "y")
	l.add(event.Event{Kind: event.JobNew, Job: 2, Pgid: 300}) // 8
	l.add(event.Event{Kind: event.Key, Source: event.Keyboard, Text: "^Z", Pgid: 300})
	l.add(event.Event{Kind: event.Stopped, Pid: 300, Sig: int(unix.SIGTSTP)}) // 10
	l.add(event.Event{Kind: event.Stopped, Pid: 301, Sig: int(unix.SIGTSTP)})
	l.add(event.Event{Kind: event.SetFg, Pgid: shellPid})
	l.end(148) // 13
	l.begin("fg")
	l.add(event.Event{Kind: event.SetFg, Pgid: 300}) // 15
	l.add(event.Event{Kind: event.Kill, Pgid: 300, Sig: int(unix.SIGCONT)})
	l.add(event.Event{Kind: event.Continued, Pid: 300})
	l.add(event.Event{Kind: event.Continued, Pid: 301}) // 18
	l.add(event.Event{Kind: event.Killed, Pid: 300, Sig: int(unix.SIGINT)})
	l.add(event.Event{Kind: event.Killed, Pid: 301, Sig: int(unix.SIGINT)}) // 20
	l.add(event.Event{Kind: event.SetFg, Pgid: shellPid})
	l.end(130) // 22
	l.begin("answer B")
	l.end(2)
	return l
}

func eval(t *testing.T, w *World, src string) Verdict {
	t.Helper()
	e, err := Compile(src)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return e.Eval(w)
}

func TestWhatTheShellToldIsTrueAtItsMoment(t *testing.T) {
	all := pain()
	at := func(n int) *World { return &World{Events: all[:n], Shell: shellPid, Sources: Plain} }
	for _, c := range []struct {
		n    int
		src  string
		want Truth
	}{
		{4, `running("sleep")`, True},
		{4, `background("sleep")`, Unknown}, // nobody told yet who has the keyboard
		{4, `leads_group("sleep")`, True},
		{4, `alive("cat")`, False},
		{8, `foreground("cat")`, True},
		{8, `foreground("grep") && background("sleep")`, True},
		{8, `pgid("cat") == pgid("grep")`, True},
		{8, `pgid("cat") == pgid("sleep")`, False},
		{8, `pgid("cat") != pgid(shell)`, True},
		{8, `leads_group("grep")`, False},
		{8, `job("cat") == 2`, True},
		{8, `processes("cat") == 2`, True},
		{8, `count("*") == 3`, True},
		{8, `pid("%2") == pid("cat") && pgid("%2") == 300`, True},
		{8, `prompt()`, False},
		{11, `stopped("cat")`, True},
		{11, `stopped("cat", SIGTSTP)`, True},
		{11, `stopped("cat", SIGTTIN)`, False},
		{11, `stopped("%2") && stopped("%+") && running("%-")`, True},
		{10, `stopped("%2")`, False}, // grep runs still
		{11, `each("*", stopped(it))`, False},
		{11, `any("*", stopped(it))`, True},
		{11, `each("%2", stopped(it, SIGTSTP))`, True},
		{13, `prompt() && status() == 148`, True},
		{13, `state("cat") == "stopped"`, True},
		{18, `running("%2") && foreground("%2")`, True},
		{18, `happened(fg)`, True},
		{18, `happened(fg, "grep")`, True},
		{18, `happened(fg, "sleep")`, False},
		{18, `happened(bg)`, False},
		{22, `killed_by("cat", SIGINT)`, True},
		{22, `killed_by("%2", SIGINT) && !killed_by("%1", SIGINT)`, True},
		{22, `killed_by("cat", SIGTERM)`, False},
		{22, `exited("cat", 0)`, False},
		{22, `ended("cat") && alive("sleep")`, True},
		{22, `happened(stop, "cat") && happened(stop, "cat", SIGTSTP)`, True},
		{22, `happened(stop, SIGTTIN)`, False},
		{22, `happened(stop, "sleep")`, False},
		{22, `before(happened(stop, "cat"), happened(killed, "cat"))`, True},
		{22, `before(happened(killed, "cat"), happened(stop, "cat"))`, False},
		{22, `happened(kill, SIGCONT, "cat")`, True},
		{22, `happened(kill, SIGTERM)`, Unknown}, // /bin/kill would not be seen
		{22, `happened(key, "^Z")`, True},
		{22, `happened(key, "^C")`, Unknown}, // nobody relays keys
		{22, `seen(happened(key, "^C"))`, False},
		{22, `seen(killed_by("cat", SIGINT))`, True},
		{22, `running("sleep 100")`, True},
		{22, `running("sleep 10")`, False},
		{22, `zombie("cat")`, False},
		{22, `sid("cat") == sid(shell)`, Unknown},
		{22, `tty("cat") == none`, Unknown},
		{22, `ignores("sleep", SIGINT)`, Unknown},
		{24, `status() == 130`, True}, // what is said to the lesson is no line of it
		{24, `line("fg")`, True},
		{24, `parent("cat") == pid(shell)`, True},
		{24, `job("nobody") == none`, Unknown},
		{24, `!(1 + 1 == 3) || false`, True},
	} {
		if v := eval(t, at(c.n), c.src); v.Truth != c.want {
			t.Errorf("after event %d: %s is %s (%s), not %s", c.n, c.src, v.Truth, v.Why, c.want)
		}
	}
}

func TestHappenedLooksAtTheStepOnly(t *testing.T) {
	w := &World{Events: pain(), Shell: shellPid, Sources: Plain, From: 14}
	if v := eval(t, w, `happened(stop, "cat")`); v.Truth != False {
		t.Error(v)
	}
	if v := eval(t, w, `happened(killed, "cat", SIGINT)`); v.Truth != True || v.Why != "300 cat was killed by SIGINT" {
		t.Error(v)
	}
}

func TestAGapMakesTheUnseenUnknownAndTheSeenStays(t *testing.T) {
	l := pain()
	l.add(event.Event{Kind: event.Gap, Text: "3 events"})
	w := &World{Events: l, Shell: shellPid, Sources: Plain}
	for src, want := range map[string]Truth{
		`killed_by("cat", SIGINT)`: True,
		`happened(stop, "cat")`:    True,
		`happened(stop, "sleep")`:  Unknown,
		`alive("nobody")`:          Unknown,
		`killed_by("x", SIGINT)`:   Unknown,
	} {
		if v := eval(t, w, src); v.Truth != want {
			t.Errorf("%s: %s, %s", src, v.Truth, v.Why)
		}
	}
}

func TestWhatAWatcherMissedHidesNothingThatTheShellTells(t *testing.T) {
	l := pain()
	l.add(event.Event{Kind: event.Gap, Source: event.Proc, Text: "3 short lives"})
	w := &World{Events: l, Shell: shellPid, Sources: Plain}
	for src, want := range map[string]Truth{
		`happened(stop, "sleep")`: False,
		`happened(bg)`:            False,
		`happened(start, "vi")`:   Unknown,
	} {
		if v := eval(t, w, src); v.Truth != want {
			t.Errorf("%s: %s, %s", src, v.Truth, v.Why)
		}
	}
}

func TestOfAPuppetIsKnownWhatItDidNotDo(t *testing.T) {
	l := pain()
	l.add(event.Event{Kind: event.Seen, Source: event.Puppet, Pid: 901, PPid: shellPid, Text: "p1"})
	l.add(event.Event{Kind: event.Seen, Source: event.Puppet, Pid: 902, PPid: shellPid, Text: "p2"})
	l.add(event.Event{Kind: event.Call, Source: event.Puppet, Pid: 901, Text: "exit(0)"})
	l.add(event.Event{Kind: event.Gap, Source: event.Proc, Text: "3 short lives"})
	w := &World{Events: l, Shell: shellPid, Sources: Plain | FromPuppet}
	for src, want := range map[string]Truth{
		`happened(call, "p1", "exit")`:   True,
		`happened(fork, "p1")`:           False,
		`happened(fork, "p2")`:           False,
		`happened(call, "p2", "setsid")`: False,
		`happened(fork, "sleep")`:        Unknown,
	} {
		if v := eval(t, w, src); v.Truth != want {
			t.Errorf("%s: %s, %s", src, v.Truth, v.Why)
		}
	}
}

func TestOnceRemembersWhatHeldAndForgetsItWithTheStep(t *testing.T) {
	all := pain()
	e, err := Compile(`ended("cat") && once(stopped("cat"))`)
	if err != nil {
		t.Fatal(err)
	}
	w := &World{Events: all, Shell: shellPid, Sources: Plain}
	var held []uint64
	w.Moments(0, func(at *World) bool {
		if e.Eval(at).Holds() {
			held = append(held, at.Events[len(at.Events)-1].Seq)
		}
		return true
	})
	if len(held) == 0 || held[0] < 19 {
		t.Errorf("held at %v", held)
	}
	w.From = all[len(all)-1].Seq + 1
	if e.Eval(w).Holds() {
		t.Error("what held in the step before holds in this one")
	}
	if v := eval(t, &World{Events: all, Shell: shellPid, Sources: Plain}, `once(stopped("cat"))`); v.Holds() {
		t.Error("nobody looked at that moment, and it is known all the same")
	}
	for src := range map[string]bool{`once("cat")`: true, `once()`: true} {
		if _, err := Compile(src); err == nil {
			t.Errorf("%s is taken", src)
		}
	}
}

func TestTheEvidenceIsASentence(t *testing.T) {
	all := pain()
	for _, c := range []struct {
		n         int
		src, want string
	}{
		{11, `stopped("cat", SIGTTIN)`, "cat was stopped by SIGTSTP"},
		{8, `stopped("cat")`, "cat runs"},
		{22, `exited("cat", 0)`, "cat was killed by SIGINT"},
		{8, `pgid("cat") == pgid("sleep")`, "the group of cat is 300, the group of sleep is 200"},
		{8, `alive("vi")`, "no process vi was seen since the lesson began"},
		{8, `happened(stop, "cat")`, "cat was not stopped by a signal in this step"},
		{8, `happened(stop, "cat", SIGTTIN)`, "cat was not stopped by SIGTTIN in this step"},
		{1, `happened(kill, SIGHUP, "tickd")`, "SIGHUP was not sent to tickd in this step, as far as the shell knows"},
		{8, `foreground("sleep")`, "sleep is in the background"},
		{8, `name(parent("cat")) == "init"`, "the parent of cat is 100, jsh"},
		{8, `running("%7")`, "there is no job %7"},
	} {
		e, err := Compile(c.src)
		if err != nil {
			t.Fatal(err)
		}
		if v := e.Eval(&World{Events: all[:c.n], Shell: shellPid, Sources: Plain}); v.Why != c.want {
			t.Errorf("%s: %q, not %q", c.src, v.Why, c.want)
		}
	}
}

// tree folds a snapshot after events.
func tree(events []event.Event, procs ...proc.Proc) *proc.Tree {
	s := &proc.Snapshot{At: 1 << 40, Procs: procs}
	return proc.Next(nil, s, proc.World{Shell: shellPid, Events: events})
}

func TestTheTreeTellsWhatEventsDoNot(t *testing.T) {
	var l log
	l.begin("daemon; setsid sleep 9")
	l.spawn(200, 200, true, "daemon")
	l.add(event.Event{Kind: event.Seen, Source: event.Proc, Pid: 201, PPid: 200, Pgid: 200, Sid: shellPid, TTY: 34816, Text: "daemon"})
	l.add(event.Event{Kind: event.Moved, Source: event.Proc, Pid: 201, PPid: 200, Pgid: 201, Sid: 201, Text: "session"})
	l.add(event.Event{Kind: event.Exited, Pid: 200})
	l.add(event.Event{Kind: event.Moved, Source: event.Proc, Pid: 201, PPid: 1, Pgid: 201, Sid: 201, Text: "parent"})
	l.add(event.Event{Kind: event.SetFg, Pgid: shellPid})
	l.end(0)
	w := &World{Events: l, Shell: shellPid, Sources: Plain, Tree: tree(l,
		proc.Proc{Pid: 1, Name: "init", State: 'S', Pgid: 1, Sid: 1, Threads: 1, Start: 1},
		proc.Proc{Pid: shellPid, PPid: 1, Name: "jsh", State: 'S', Pgid: shellPid, Sid: shellPid, TTY: 34816, Tpgid: shellPid, Threads: 1, Start: 10},
		proc.Proc{Pid: 201, PPid: 1, Name: "daemon", State: 'S', Pgid: 201, Sid: 201, Tpgid: -1, Threads: 1, Start: 20}),
		Facts: func(pid int, _ string) (Facts, bool) {
			return Facts{Ignored: 1 << (unix.SIGHUP - 1), Umask: 0o22, Cwd: "/", Fds: map[int]string{0: "/dev/null"}, Waits: "waits for a child"}, pid == 201
		}}
	for src, want := range map[string]Truth{
		`tty("daemon") == none`:                                   True,
		`tty(shell) == "pts/0"`:                                   True,
		`sid("daemon") != sid(shell)`:                             True,
		`leads_session("daemon") && leads_group("daemon")`:        True,
		`adopted("daemon")`:                                       True,
		`ppid("daemon") == 1 && name(parent("daemon")) == "init"`: True,
		`foreground("daemon") || background("daemon")`:            False,
		`foreground("shell")`:                                     True,
		`happened(setsid, "daemon")`:                              True,
		`happened(adopt, "daemon")`:                               True,
		`happened(fork, "daemon")`:                                True,
		`before(happened(setsid), happened(adopt))`:               True,
		`orphaned("daemon")`:                                      True,
		`ignores("daemon", SIGHUP) && !blocks("daemon", SIGHUP) && !catches("daemon", SIGHUP)`: True,
		`umask("daemon") == 022 && cwd("daemon") == "/"`:                                       True,
		`fd("daemon", 0) == "/dev/null" && fd("daemon", 1) == none`:                            True,
		`holds("daemon", "/dev/null") && holds("daemon", "null")`:                              True,
		`holds("daemon", "zero")`:                                                              False,
		`waits("daemon")`:                                                                      True,
		`reads_tty("daemon")`:                                                                  False,
		`happened(call, "daemon", "setsid", EPERM)`:                                            Unknown,
		`alive("nobody")`:                                                                      False,
		`count("daemon") == 1`:                                                                 True,
	} {
		if v := eval(t, w, src); v.Truth != want {
			t.Errorf("%s: %s (%s), not %s", src, v.Truth, v.Why, want)
		}
	}
}

func TestADaemonIsOursIfItsEnvironmentSaysSo(t *testing.T) {
	for path, want := range map[string]Truth{"environ": True, "": False} {
		var l log
		l.begin("setsid -f d")
		l.add(event.Event{Kind: event.Seen, Source: event.Proc, Pid: 300, PPid: 1, Pgid: 300, Sid: 300, Text: "d", Path: path})
		l.end(0)
		w := &World{Events: l, Shell: shellPid, Sources: Plain, Tree: tree(l,
			proc.Proc{Pid: shellPid, PPid: 1, Name: "jsh", State: 'S', Pgid: shellPid, Sid: shellPid, TTY: 34816, Tpgid: shellPid, Threads: 1, Start: 10},
			proc.Proc{Pid: 300, PPid: 1, Name: "d", State: 'S', Pgid: 300, Sid: 300, Tpgid: -1, Threads: 1, Start: 20})}
		if v := eval(t, w, `alive("d") && leads_session("d")`); v.Truth != want {
			t.Errorf("%q: %s (%s)", path, v.Truth, v.Why)
		}
	}
}

func TestCallsOfTracerAndPuppetsAreFound(t *testing.T) {
	var l log
	l.begin("trace d")
	l.spawn(200, 200, true, "d")
	l.add(event.Event{Kind: event.Call, Source: event.Tracer, Pid: 200, Text: "setsid()", Errno: int(unix.EPERM)})
	l.add(event.Event{Kind: event.Seen, Source: event.Tracer, Pid: 201, PPid: 200, Pgid: 200, Sid: shellPid, Text: "d"})
	l.add(event.Event{Kind: event.Call, Source: event.Tracer, Pid: 201, Text: "setsid() = 201"})
	l.add(event.Event{Kind: event.Call, Source: event.Tracer, Pid: 201, Text: "kill(-300, SIGTERM) = 0"})
	w := &World{Events: l, Shell: shellPid, Sources: Plain | FromTracer}
	for src, want := range map[string]Truth{
		`happened(call, "d", "setsid", EPERM)`:                              True,
		`happened(call, "d", "setsid")`:                                     True,
		`happened(call, "d", "chdir")`:                                      False,
		`happened(call, 200, "setsid")`:                                     False,
		`happened(setsid, 201)`:                                             True,
		`happened(kill, SIGTERM)`:                                           True,
		`happened(kill, SIGTERM, 300)`:                                      False, // nobody of ours has that number
		`before(happened(call, "d", "setsid", EPERM), happened(fork, "d"))`: True,
	} {
		if v := eval(t, w, src); v.Truth != want {
			t.Errorf("%s: %s (%s), not %s", src, v.Truth, v.Why, want)
		}
	}
}

func TestTheTerminalOfASessionLeaderThatOpenedSomethingIsNotKnownUntilSomebodyLooks(t *testing.T) {
	var l log
	l.begin("puppet")
	l.spawn(200, 200, true, "puppet")
	l.add(event.Event{Kind: event.Seen, Source: event.Puppet, Pid: 201, PPid: 200, Pgid: 200, Sid: shellPid, Text: "p1"})
	l.add(event.Event{Kind: event.Call, Source: event.Puppet, Pid: 201, Text: `open("spare", O_RDWR) = 3`})
	l.add(event.Event{Kind: event.Call, Source: event.Puppet, Pid: 201, Text: "setsid() = 201"})
	order := `before(happened(call, "p1", "setsid"), happened(call, "p1", "open"))`
	ask := func(src string, want Truth) {
		t.Helper()
		w := &World{Events: l, Shell: shellPid, Sources: Plain | FromPuppet}
		if v := eval(t, w, src); v.Truth != want {
			t.Errorf("%s: %s (%s), not %s", src, v.Truth, v.Why, want)
		}
	}
	ask(`tty("p1") == none`, True)
	ask(order, False)
	l.add(event.Event{Kind: event.Call, Source: event.Puppet, Pid: 201, Text: `open("spare", O_RDWR|O_NOCTTY) = 4`})
	ask(`tty("p1") == none`, True)
	l.add(event.Event{Kind: event.Call, Source: event.Puppet, Pid: 201, Text: `open("spare", O_RDWR) = 5`})
	ask(`tty("p1") == none`, Unknown)
	ask(order, True) // the right order counts, also after the wrong one
	l.add(event.Event{Kind: event.Moved, Source: event.Proc, Pid: 201, PPid: 200, Pgid: 201, Sid: 201, TTY: 34817})
	ask(`tty("p1") == none`, False)
}

func TestAWrongExpressionIsRefusedWithWhatThereIs(t *testing.T) {
	for src, want := range map[string]string{
		``:                                     "expected",
		`stoped("cat")`:                        "there is no predicate stoped; there are running stopped",
		`stopped(cat)`:                         `cat is not known; a process is named in "quotes"`,
		`stopped("cat"`:                        "column",
		`stopped()`:                            "it is written stopped(p, SIG?)",
		`killed_by("cat")`:                     "it is written killed_by(p, SIG)",
		`killed_by("cat", "SIGINT")`:           "argument 2 is a text, but should be a signal",
		`stopped("cat") == true`:               "is not compared",
		`pgid("cat") == "x"`:                   "a number is compared with a text",
		`pgid("cat") && true`:                  "beside && stands a question",
		`"cat" == "cat" && shell == it`:        "a process is not compared",
		`happened("stop", "cat")`:              "happened begins with a kind, without quotes: start fork",
		`happened(stopp)`:                      "happened(stopp, …) is not known",
		`happened(stop, 3, 4, 5)`:              "does not belong here",
		`before(stopped("a"), happened(stop))`: "argument 1 is a question, but should be happened(…)",
		`func() {}`:                            "nothing else",
		`tty("cat") < 3`:                       "is compared with",
	} {
		if _, err := Compile(src); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, not %s", src, err, want)
		}
	}
}

func TestAProgramThatMadeWayForAnotherBeforeTheShellToldOfItIsTheOther(t *testing.T) {
	var l log
	l.begin("sh -c 'exec tail -f x' &")
	l.add(event.Event{Kind: event.Seen, Source: event.Connector, Pid: 200, PPid: shellPid, Pgid: shellPid, Sid: shellPid, Text: "jsh"})
	l.add(event.Event{Kind: event.Exec, Source: event.Connector, Pid: 200, Text: "sh"})
	l.add(event.Event{Kind: event.Exec, Source: event.Connector, Pid: 200, Text: "tail"})
	l.spawn(200, 200, false, "sh", "-c", "exec tail -f x")
	w := &World{Events: l, Shell: shellPid, Sources: Plain}
	if v := eval(t, w, `alive("tail") && !alive("sh") && running(200)`); v.Truth != True {
		t.Error(v)
	}
	l = nil
	l.begin("a-name-that-is-longer-than-that")
	l.add(event.Event{Kind: event.Seen, Source: event.Connector, Pid: 200, PPid: shellPid, Pgid: shellPid, Sid: shellPid, Text: "jsh"})
	l.add(event.Event{Kind: event.Exec, Source: event.Connector, Pid: 200, Text: "a-name-that-is-"})
	l.spawn(200, 200, false, "a-name-that-is-longer-than-that")
	w = &World{Events: l, Shell: shellPid, Sources: Plain}
	if v := eval(t, w, `name("a-name-that-is-longer-than-that") == "a-name-that-is-longer-than-that"`); v.Truth != True {
		t.Error(v)
	}
}

func TestAChildThatEndedBeforeTheShellToldOfItsStartIsOneLife(t *testing.T) {
	var l log
	l.begin("d")
	l.add(event.Event{Kind: event.Seen, Source: event.Connector, Pid: 200, PPid: shellPid, Pgid: 200, Sid: shellPid, TTY: 34816, Text: "jsh"})
	l.add(event.Event{Kind: event.Exec, Source: event.Connector, Pid: 200, Text: "d"})
	l.add(event.Event{Kind: event.Seen, Source: event.Connector, Pid: 201, PPid: 200, Pgid: 200, Sid: shellPid, TTY: 34816, Text: "d"})
	l.add(event.Event{Kind: event.Exited, Source: event.Connector, Pid: 200})
	l.spawn(200, 200, true, "d")
	l.add(event.Event{Kind: event.Exited, Pid: 200})
	w := &World{Events: l, Shell: shellPid, Sources: Plain}
	if v := eval(t, w, `pid("d") == 201 && count("d") == 1 && exited(200, 0)`); v.Truth != True {
		t.Error(v)
	}
	l.spawn(200, 200, true, "d") // the number is used again
	w = &World{Events: l, Shell: shellPid, Sources: Plain}
	if v := eval(t, w, `pid("d") == 200 && count("d") == 2`); v.Truth != True {
		t.Error(v)
	}
}

func TestTheStopOfWhatIsNoChildOfTheShellIsNotGuessed(t *testing.T) {
	var l log
	l.begin("sh -c 'tail & kill -STOP $!'")
	l.spawn(200, 200, true, "sh")
	l.add(event.Event{Kind: event.Seen, Source: event.Proc, Pid: 201, PPid: 200, Pgid: 200, Sid: shellPid, TTY: 34816, Text: "tail"})
	l.add(event.Event{Kind: event.Exited, Pid: 200})
	w := &World{Events: l, Shell: shellPid, Sources: Plain}
	stopped := &World{Events: l, Shell: shellPid, Sources: Plain, Tree: tree(l,
		proc.Proc{Pid: shellPid, PPid: 1, Name: "jsh", State: 'S', Pgid: shellPid, Sid: shellPid},
		proc.Proc{Pid: 201, PPid: 1, Name: "tail", State: 'T', Pgid: 200, Sid: shellPid})}
	for src, want := range map[string][2]Truth{
		`running("tail")`:            {Unknown, False},
		`stopped("tail")`:            {Unknown, True},
		`alive("tail")`:              {True, True},
		`state("tail") == "stopped"`: {Unknown, True},
		`exited("sh", 0)`:            {True, True},
	} {
		for i, w := range []*World{w, stopped} {
			if v := eval(t, w, src); v.Truth != want[i] {
				t.Errorf("%s in world %d: %s (%s), not %s", src, i, v.Truth, v.Why, want[i])
			}
		}
	}
}

func TestAPuppetsCallTellsItsSession(t *testing.T) {
	var l log
	l.begin("puppet")
	l.add(event.Event{Kind: event.Seen, Source: event.Proc, Pid: 201, PPid: shellPid, Pgid: 200, Sid: shellPid, TTY: 34816, Text: "p1"})
	l.add(event.Event{Kind: event.Call, Source: event.Puppet, Pid: 201, Text: "setsid()", Errno: int(unix.EPERM)})
	w := &World{Events: l, Shell: shellPid}
	if v := eval(t, w, `leads_session("p1")`); v.Truth != False {
		t.Error(v)
	}
	l.add(event.Event{Kind: event.Call, Source: event.Puppet, Pid: 201, Text: "setsid()"})
	w = &World{Events: l, Shell: shellPid}
	if v := eval(t, w, `leads_session("p1") && tty("p1") == none`); v.Truth != True {
		t.Error(v)
	}
}

func TestAPredicateWithoutASourceIsRefused(t *testing.T) {
	for src, want := range map[string]string{
		`happened(key, "^C")`:                                     "happened(key, …) can only be told by: the screen",
		`happened(call, "x", "setsid")`:                           "happened(call, …) can only be told by: the tracer, puppets",
		`stopped("x") && tty(it) == none && ignores("x", SIGHUP)`: "",
		`!before(happened(stop), happened(meets, "x"))`:           "happened(meets, …)",
	} {
		e, err := Compile(src)
		if err != nil {
			t.Fatal(err)
		}
		missing, ok := e.ProvedBy(Plain)
		if ok != (want == "") || !strings.HasPrefix(missing, want) {
			t.Errorf("%s: %q", src, missing)
		}
	}
}

func TestMomentsBetweenTwoLooksAreSeen(t *testing.T) {
	// The whole scene comes at once: cat was stopped only for a while.
	all := pain()
	e, err := Compile(`stopped("cat") && running("sleep")`)
	if err != nil {
		t.Fatal(err)
	}
	w := &World{Events: all, Shell: shellPid, Sources: Plain, Tree: tree(nil, proc.Proc{Pid: shellPid, Name: "jsh", State: 'S'})}
	var held []uint64
	last := w.Moments(0, func(at *World) bool {
		if e.Eval(at).Holds() {
			held = append(held, at.Events[len(at.Events)-1].Seq)
		}
		return true
	})
	if last != 24 || len(held) == 0 || held[0] != 10 || held[len(held)-1] != 16 {
		t.Error(last, held)
	}
	// What came later goes on from there.
	next := &World{Events: append(all, event.Event{Seq: 25, Kind: event.Exited, Pid: 200, Source: event.Shell, At: 25000}), Shell: shellPid, Sources: Plain}
	next.Follow(w)
	if next.story == nil || next.story.n != 24 {
		t.Fatal("the story was not taken over")
	}
	n := 0
	next.Moments(last, func(at *World) bool { n++; return true })
	if n != 1 || eval(t, next, `exited("sleep", 0)`).Truth != True {
		t.Error(n)
	}
}

func TestOldProcessesAreMeantOnlyWhereTheLessonWasResumed(t *testing.T) {
	tr := proc.Next(nil, &proc.Snapshot{At: 1 << 40, Procs: []proc.Proc{
		{Pid: shellPid, PPid: 1, Name: "jsh", State: 'S', Pgid: shellPid, Sid: shellPid, TTY: 34816, Tpgid: shellPid, Threads: 1, Start: 1},
		{Pid: 150, PPid: shellPid, Name: "cat", State: 'T', Pgid: 150, Sid: shellPid, TTY: 34816, Tpgid: shellPid, Threads: 1, Start: 2},
	}}, proc.World{Shell: shellPid})
	for old, want := range map[bool]Truth{false: False, true: True} {
		w := &World{Shell: shellPid, Tree: tr, Sources: Plain}
		if old {
			w.Old = tr
		}
		if v := eval(t, w, `stopped("cat")`); v.Truth != want {
			t.Error(old, v)
		}
	}
}

func TestOfAnOlderProcessIsKnownHowItEnded(t *testing.T) {
	was := proc.Next(nil, &proc.Snapshot{At: 1, Procs: []proc.Proc{
		{Pid: shellPid, PPid: 1, Name: "jsh", State: 'S', Pgid: shellPid, Sid: shellPid, Threads: 1, Start: 1},
		{Pid: 150, PPid: shellPid, Name: "cat", State: 'S', Pgid: 150, Sid: shellPid, Threads: 1, Start: 2},
	}}, proc.World{Shell: shellPid})
	killed := event.Event{Seq: 1, At: 9, Kind: event.Killed, Source: event.Shell, Pid: 150, Sig: 9}
	now := proc.Next(was, &proc.Snapshot{At: 10, Procs: []proc.Proc{was.Process(shellPid).Proc}}, proc.World{Shell: shellPid})
	for src, want := range map[string]Truth{`killed_by("cat", SIGKILL)`: True, `ended("cat")`: True, `killed_by("cat", SIGINT)`: False, `alive("cat")`: False} {
		w := &World{Events: []event.Event{killed}, Shell: shellPid, Tree: now, Sources: Plain, Old: was}
		if v := eval(t, w, src); v.Truth != want {
			t.Error(src, v)
		}
	}
	// One that the lesson has started is meant first.
	young := &World{Events: append([]event.Event{killed}, event.Event{Seq: 2, At: 11, Kind: event.Spawn, Source: event.Shell, Pid: 151, Pgid: 151, Path: "/bin/cat"}),
		Shell: shellPid, Tree: now, Sources: Plain, Old: was}
	if v := eval(t, young, `killed_by("cat", SIGKILL)`); v.Truth != False {
		t.Error(v)
	}
}

func TestTheOrderOfEventsHasNumbers(t *testing.T) {
	w := &World{Events: pain(), Shell: shellPid, Sources: Plain}
	for src, want := range map[string]uint64{`happened(stop, "grep")`: 11, `happened(fg)`: 15, `happened(setsid)`: 0} {
		e, err := Compile(src)
		if err != nil {
			t.Fatal(err)
		}
		if seq, ok := e.First(w); seq != want || ok != (want != 0) {
			t.Error(src, seq, ok)
		}
	}
}

func TestItIsTheProcessThatIsAskedAbout(t *testing.T) {
	w := &World{Events: pain(), Shell: shellPid, Sources: Plain}
	e, err := Compile(`killed_by(it, SIGINT)`)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]Truth{"cat": True, "sleep": False, "vi": Unknown} {
		if v, _ := e.EvalNamed(w, name); v.Truth != want {
			t.Error(name, v)
		}
	}
	if v := e.EvalFor(w, 301); v.Truth != True {
		t.Error(v)
	}
	if v := e.EvalFor(w, 4711); v.Truth != Unknown {
		t.Error(v)
	}
	v := eval(t, w, `each("*", killed_by(it, SIGINT))`)
	if v.Truth != False || v.Why != "sleep runs" {
		t.Error(v)
	}
}

// recorded is a session at a terminal, told by the shell, the proc connector and
// /proc: sleep 100 | cat, ^Z, bg, fg, ^C; cat &, kill -KILL %1; (setsid sleep 50 &);
// sh -c 'exit 3'; (trap ” HUP; sleep 51 & sleep 0.5).
func recorded(t *testing.T) []event.Event {
	text, err := os.ReadFile("testdata/session.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var l []event.Event
	for line := range strings.Lines(string(text)) {
		e, err := event.ParseJSON([]byte(strings.TrimSpace(line)))
		if err != nil {
			t.Fatal(err)
		}
		l = append(l, e)
	}
	return l
}

func TestARecordedSessionIsGradedFromItsLogAlone(t *testing.T) {
	l := recorded(t)
	ever := map[string]bool{ // whether it is true at any moment
		`foreground("cat") && pgid("cat") == pgid("sleep")`: true,
		`stopped("%1", SIGTSTP)`:                            true,
		`running("%1") && background("%1")`:                 true,
		`happened(bg, "sleep")`:                             true,
		`happened(fg, "cat")`:                               true,
		`before(happened(bg), happened(fg))`:                true,
		`before(happened(fg), happened(bg))`:                false,
		`killed_by("%1", SIGINT)`:                           true,
		`killed_by("sleep 100", SIGINT)`:                    true,
		`stopped("cat", SIGTTIN)`:                           true,
		`killed_by("cat", SIGKILL)`:                         true,
		`happened(kill, SIGKILL, "cat")`:                    true,
		`happened(setsid, "sleep")`:                         true,
		`leads_session("sleep") && tty("sleep") == none`:    true,
		`adopted("sleep")`:                                  true,
		`exited("sh", 3) && status() == 3`:                  true,
		`exited("sh", 0)`:                                   false,
		`count("jsh: subshell") == 1`:                       true,
		`count("*") > 3`:                                    false,
		`before(happened(setsid), happened(adopt))`:         true,
		`killed_by("shell", SIGINT)`:                        false,
		`any("*", stopped(it)) && prompt()`:                 true,
	}
	for src, want := range ever {
		e, err := Compile(src)
		if err != nil {
			t.Fatal(err)
		}
		w := &World{Events: l, Shell: 15283, Sources: Plain | FromConnector}
		got := false
		w.Moments(0, func(at *World) bool { got = got || e.Eval(at).Holds(); return true })
		if got != want {
			t.Errorf("%s: at some moment %v, not %v; at last: %v", src, got, want, e.Eval(w))
		}
	}
}

func TestTheManualForAuthorsHasEveryPredicateAndItsSources(t *testing.T) {
	manual, err := os.ReadFile("../../docs/authoring.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Predicates() {
		if row := "| `" + p.Name + "(" + p.Args + ")` | " + p.Text + " | " + p.Source + " |"; !strings.Contains(string(manual), row+"\n") {
			t.Errorf("docs/authoring.md lacks\n%s", row)
		}
	}
}

func FuzzNoExpressionBringsTheEvaluatorDown(f *testing.F) {
	for i := range predicates {
		f.Add(predicates[i].Name + `("cat", SIGINT)`)
	}
	f.Add(`happened(kill, SIGTERM, "cat") && !before(happened(exit, "a", 1), happened(key, "^C")) || pid(parent("%1")) + 1 > 0x7f`)
	f.Add(`each("*", any("%+", it == none)) || fd("cat", -1) == "x"`)
	l := pain()
	tr := tree(l, proc.Proc{Pid: shellPid, Name: "jsh", State: 'S'}, proc.Proc{Pid: 200, PPid: shellPid, Name: "sleep", State: 'Z'})
	f.Fuzz(func(t *testing.T, src string) {
		e, err := Compile(src)
		if err != nil {
			return
		}
		w := &World{Events: l, Shell: shellPid, Sources: Plain, Tree: tr, Facts: func(int, string) (Facts, bool) { return Facts{}, true }}
		a, b := e.Eval(w), e.Eval(w)
		if a != b {
			t.Errorf("%s: %v, then %v", src, a, b)
		}
		e.EvalFor(w, 200)
		e.EvalFor(&World{}, 1)
		e.First(w)
		e.ProvedBy(0)
		e.Uses("line")
	})
}

func TestAProgramKeepsItsNewNameWhenTheShellTellsLateThatItStartedAnother(t *testing.T) {
	var l log
	l.begin("nohup tail -f /dev/null &")
	l.add(event.Event{Kind: event.Seen, Source: event.Connector, Pid: 200, PPid: shellPid, Pgid: shellPid, Text: "jsh"})
	l.add(event.Event{Kind: event.Exec, Source: event.Connector, Pid: 200, Text: "nohup"})
	l.add(event.Event{Kind: event.Exec, Source: event.Connector, Pid: 200, Text: "tail"})
	l.spawn(200, 200, false, "nohup", "tail", "-f", "/dev/null")
	l.end(0)
	for src, want := range map[string]Truth{`alive("tail")`: True, `alive("nohup")`: False} {
		e, err := Compile(src)
		if err != nil {
			t.Fatal(err)
		}
		v := e.Eval(&World{Events: l, Shell: shellPid, Sources: Plain | FromConnector})
		if v.Truth != want {
			t.Errorf("%s is %v: %s", src, v.Truth, v.Why)
		}
	}
}

func TestALookThatSawANewerProgramThanTheShellToldOfIsBelieved(t *testing.T) {
	for _, c := range []struct{ seen, want string }{
		{"sleep", "sleep"}, // sh became it before the shell told of sh
		{"jsh", "sh"},      // the fork was seen before it became sh
	} {
		var l log
		l.begin("sh -c 'exec sleep 60' &")
		l.add(event.Event{Kind: event.Seen, Source: event.Proc, Pid: 200, PPid: shellPid, Pgid: 200, Text: c.seen})
		l.spawn(200, 200, false, "sh", "-c", "exec sleep 60")
		w := &World{Events: l, Shell: shellPid, Sources: Plain}
		if v := eval(t, w, `running("`+c.want+`")`); v.Truth != True {
			t.Errorf("seen as %s: %s", c.seen, v.Why)
		}
	}
}

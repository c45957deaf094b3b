package companion

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"jsh/event"
	"jsh/proc"
)

// The test binary is also the companion, a child that sleeps, and another user.
func TestMain(m *testing.M) {
	if os.Args[0] == ProcessName {
		os.Exit(Run(os.Args))
	}
	if len(os.Args) > 1 && os.Args[1] == "sleeper" {
		for {
			time.Sleep(time.Hour)
		}
	}
	if len(os.Args) > 2 && os.Args[1] == "stranger" {
		os.Exit(stranger(os.Args[2]))
	}
	os.Exit(m.Run())
}

// await waits until a condition holds, which updates announce.
func await(t *testing.T, what string, updates <-chan struct{}, ok func() bool) {
	t.Helper()
	end := time.After(20 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond) // for what announces nothing
	defer tick.Stop()
	for !ok() {
		select {
		case <-updates:
		case <-tick.C:
		case <-end:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func newHub(t *testing.T, o Options) *Hub {
	t.Helper()
	t.Setenv("XDG_RUNTIME_DIR", runtimeDir(t))
	h, err := NewHub(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return h
}

func runtimeDir(t *testing.T) string {
	dir, err := os.MkdirTemp("", "jc") // t.TempDir is too long for a socket's path
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func join(t *testing.T, h *Hub, log *event.Log) *Sender {
	t.Helper()
	s, err := Join(h.Path(), os.Getpid(), log, map[int]int{4711: 3})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func tell(log *event.Log, s *Sender, e event.Event) {
	e.At, e.Source = event.Now(), event.Shell
	log.Append(e)
	s.Flush()
}

func child(t *testing.T) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe, "sleeper")
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	return c
}

func find(t *proc.Tree, pid int) *proc.Process {
	if t == nil {
		return nil
	}
	for p := range t.All {
		if p.Pid == pid {
			return p
		}
	}
	return nil
}

func TestTheHubSeesWhatTheShellStartsAndViewersSeeTheSame(t *testing.T) {
	h := newHub(t, Options{Socket: true})
	log := event.NewLog(1000)
	s := join(t, h, log)
	tell(log, s, event.Event{Kind: event.LineBegin, Pid: os.Getpid(), Text: "sleeper &"})
	c := child(t)
	tell(log, s, event.Event{Kind: event.Spawn, Pid: c.Process.Pid, Pgid: c.Process.Pid, Path: "/sleeper", Argv: []string{"sleeper"}})
	tell(log, s, event.Event{Kind: event.JobNew, Job: 1, Pgid: c.Process.Pid})
	tell(log, s, event.Event{Kind: event.LineEnd, Pid: os.Getpid()})
	var m Moment
	seen := func(of Moments) func() bool {
		return func() bool {
			m = of.Moment(Place{})
			p := find(m.Tree, c.Process.Pid)
			return p != nil && p.Ours && p.Group.Job == 1 && m.Steps >= 4
		}
	}
	await(t, "the child in the hub's tree", h.Updates(), seen(h))
	if m.Line != "sleeper &" || m.Episode != 1 || m.Past {
		t.Errorf("live: %q, episode %d of %d, past %v", m.Line, m.Episode, m.Episodes, m.Past)
	}
	cl, err := Dial(h.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	await(t, "the child in the viewer's tree", cl.Updates(), seen(cl))
	if m.Line != "sleeper &" || m.Episode != 1 {
		t.Errorf("viewer: %q, episode %d of %d", m.Line, m.Episode, m.Episodes)
	}
	if name := m.Context.Name(c.Process.Pid); name == "" {
		t.Error("the viewer does not know the child's name")
	}
	h.Close()
	await(t, "the viewer to be told of the end", cl.Updates(), func() bool { return cl.Moment(Place{}).Gone != "" })
}

func TestPlacesLeadBackAndForthByEventAndByEpisode(t *testing.T) {
	h := newHub(t, Options{Socket: true})
	log := event.NewLog(1000)
	s := join(t, h, log)
	for i, line := range []string{"one", "two", "three"} {
		tell(log, s, event.Event{Kind: event.LineBegin, Pid: os.Getpid(), Text: line})
		for range i + 1 {
			tell(log, s, event.Event{Kind: event.Signal, Sig: 1})
		}
		tell(log, s, event.Event{Kind: event.LineEnd, Pid: os.Getpid()})
	}
	// What the watcher says of this very process may stand after the line's end.
	ended := func(e event.Event) bool { return e.Kind == event.LineEnd }
	await(t, "three episodes", h.Updates(), func() bool {
		m := h.Moment(Place{})
		return m.Episodes == 3 && slices.ContainsFunc(m.Events, ended)
	})
	var lines []string
	var at Place
	for range 100 {
		next := h.Prev(at)
		if next == at {
			break
		}
		at = next
		m := h.Moment(at)
		if m.Place != at || !m.Past || m.Step != at.Step || len(m.Events) != m.Step {
			t.Fatalf("%v: the moment is of %v, step %d, %d events", at, m.Place, m.Step, len(m.Events))
		}
		lines = append(lines, m.Line)
	}
	if at != h.First() {
		t.Errorf("back as far as it goes is %v, the first is %v", at, h.First())
	}
	for range 100 {
		if at = h.Next(at); at.Live() {
			break
		}
		lines = lines[:max(len(lines)-1, 0)]
	}
	if !at.Live() || len(lines) > 1 {
		t.Errorf("forward ends at %v, %d steps are missing", at, len(lines)-1)
	}
	at = h.PrevEpisode(Place{})
	if m := h.Moment(at); m.Line != "two" || m.Step != m.Steps {
		t.Errorf("an episode back: %q, step %d of %d", m.Line, m.Step, m.Steps)
	}
	if at = h.NextEpisode(h.NextEpisode(at)); !at.Live() {
		t.Errorf("two episodes on: %v", at)
	}
	if m := h.Moment(Place{77, 5}); m.Line != "three" {
		t.Errorf("a place that does not exist shows %q", m.Line)
	}
}

func TestAStoppedCompanionCostsEventsAndNoTime(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", runtimeDir(t))
	log := event.NewLog(1000)
	exe, _ := os.Executable()
	s, err := Start(exe, os.Getpid(), log, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	pid, err := peerOf(s.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Kill(pid, unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	await(t, "the stop", nil, func() bool { return state(pid) == 'T' })
	for i := range 10_000 { // were one of them to wait, this would never end
		tell(log, s, event.Event{Kind: event.Signal, Sig: 1 + i%30})
	}
	if !s.Alive() {
		t.Fatal("the connection is gone")
	}
	unix.Kill(pid, unix.SIGCONT)
	cl, err := Dial(s.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	last := log.Last()
	await(t, "the newest event and the gap", cl.Updates(), func() bool {
		s.Flush()
		if cl.Moment(Place{}).Lost == 0 || s.sent != last {
			return false
		}
		return slices.ContainsFunc(cl.Since(0).Events, func(e event.Event) bool { return e.Kind == event.Gap })
	})
	unix.Kill(pid, unix.SIGTERM)
	await(t, "the sender to notice the end", nil, func() bool { return !s.Check() })
}

func peerOf(path string) (int, error) {
	f, err := ask(path)
	return f.Pid, err
}

func state(pid int) byte {
	r, err := proc.Open()
	if err != nil {
		return 0
	}
	defer r.Close()
	p, _ := r.ReadOne(pid)
	return p.State
}

func TestTheSocketIsItsUsersAlone(t *testing.T) {
	h := newHub(t, Options{Socket: true})
	var st unix.Stat_t
	if err := unix.Stat(h.Path(), &st); err != nil || st.Mode&0o7777 != 0o600 {
		t.Errorf("the socket has mode %o, %v", st.Mode&0o7777, err)
	}
	if err := unix.Stat(filepath.Dir(h.Path()), &st); err != nil || st.Mode&0o7777 != 0o700 {
		t.Errorf("its directory has mode %o, %v", st.Mode&0o7777, err)
	}
	h.Close()
	if unix.Stat(h.Path(), &st) == nil {
		t.Error("the socket is still there after Close")
	}
}

// stranger tries to reach a hub as another user. 0: it was refused.
func stranger(path string) int {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_SEQPACKET, 0)
	if err != nil {
		return 10
	}
	if unix.Connect(fd, &unix.SockaddrUnix{Name: path}) != nil {
		return 11
	}
	unix.Write(fd, []byte{msgViewer})
	buf := make([]byte, maxMessage)
	if n, _ := unix.Read(fd, buf); n > 0 {
		return 12 // it was told something
	}
	return 0
}

func TestAnotherUserIsRefused(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can be another user")
	}
	h := newHub(t, Options{Socket: true, ShellPid: os.Getpid()})
	// The modes of directory and socket keep others out; here the credentials
	// must do it alone.
	for dir := filepath.Dir(h.Path()); dir != "/tmp"; dir = filepath.Dir(dir) {
		os.Chmod(dir, 0o755)
	}
	os.Chmod(h.Path(), 0o777)
	exe := filepath.Join(runtimeDir(t), "stranger")
	os.Chmod(filepath.Dir(exe), 0o755)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(self)
	if err == nil {
		err = os.WriteFile(exe, text, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe, "stranger", h.Path())
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("the other user: %v %s", err, out)
	}
	// And the other way round: a hub of somebody else is not trusted.
	pair, err := unix.Socketpair(unix.AF_UNIX, socketFlags, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(pair[0])
	defer unix.Close(pair[1])
	if _, err := peer(pair[0]); err != nil {
		t.Errorf("our own end: %v", err)
	}
}

func TestADirectoryThatIsNotOursAloneIsRefused(t *testing.T) {
	top := runtimeDir(t)
	uid := os.Getuid()
	for _, c := range []struct {
		rule string
		make func(dir string) error
		ok   bool
	}{
		{"a new one is made", func(dir string) error { return nil }, true},
		{"one that is ours alone is taken", func(dir string) error { return os.Mkdir(dir, 0o700) }, true},
		{"one that others may enter", func(dir string) error { os.Mkdir(dir, 0o700); return os.Chmod(dir, 0o711) }, false},
		{"a symbolic link, even to our own", func(dir string) error { os.Mkdir(dir+"-real", 0o700); return os.Symlink(dir+"-real", dir) }, false},
		{"a file", func(dir string) error { return os.WriteFile(dir, nil, 0o600) }, false},
	} {
		t.Run(c.rule, func(t *testing.T) {
			dir := filepath.Join(top, "d")
			defer func() { os.RemoveAll(dir); os.RemoveAll(dir + "-real") }()
			if err := c.make(dir); err != nil {
				t.Fatal(err)
			}
			if _, err := makeDir(dir, uid); (err == nil) != c.ok {
				t.Errorf("%v", err)
			}
		})
	}
	if err := ownDir(top, uid+1, 0o077); err == nil {
		t.Error("a directory of another user is taken")
	}
}

func TestASlowViewerLosesAndIsBroughtUpToDate(t *testing.T) {
	h := newHub(t, Options{Socket: true, ShellPid: os.Getpid()})
	c := child(t)
	await(t, "a first look", h.Updates(), func() bool { return h.Moment(Place{}).Tree.Shell != nil })
	// The viewer takes the first messages and then nothing, until more waits than
	// the hub keeps.
	fd, err := connect(h.Path())
	if err != nil {
		t.Fatal(err)
	}
	if err := send(fd, []byte{msgViewer}); err != nil {
		t.Fatal(err)
	}
	await(t, "the viewer to be known", nil, func() bool { h.mu.Lock(); defer h.mu.Unlock(); return len(h.sinks) == 1 })
	long := event.Event{Kind: event.Signal, Sig: 1, Text: string(make([]byte, 3000))}
	behind := func() (b bool) {
		h.mu.Lock()
		defer h.mu.Unlock()
		for s := range h.sinks {
			s.mu.Lock()
			b = s.behind
			s.mu.Unlock()
		}
		return b
	}
	for n := 0; !behind(); n++ {
		if n > 100_000 {
			t.Fatal("the hub keeps everything for a viewer that takes nothing")
		}
		h.Append(long)
		if n%500 == 0 { // the hub merges at its own pace
			await(t, "the hub to take what was told", nil, func() bool { h.mu.Lock(); defer h.mu.Unlock(); return len(h.told) == 0 })
		}
	}
	h.Append(event.Event{Kind: event.LineBegin, Text: "lost on it"})
	b := newBook(1 << 20)
	r := reader{b: b}
	buf := make([]byte, maxMessage)
	await(t, "a gap and a tree with the child", nil, func() bool {
		for {
			n, _, err := receive(fd, buf)
			if err != nil {
				break
			}
			if err := r.bytes(buf[1:n]); err != nil {
				t.Fatal(err)
			}
		}
		m := b.Moment(Place{})
		last := event.Event{}
		if len(m.Events) > 0 {
			last = m.Events[len(m.Events)-1]
		}
		return m.Lost > 0 && (last.Kind == event.Gap || m.Steps > 0) && find(m.Tree, c.Process.Pid) != nil && !behind()
	})
	unix.Close(fd)
}

func TestASignalKeyAsksFirstHowItsGroupIsSet(t *testing.T) {
	h := newHub(t, Options{ShellPid: os.Getpid()})
	c := child(t)
	h.Append(event.Event{Kind: event.Key, Text: "^C", Pgid: c.Process.Pid})
	await(t, "the key", h.Updates(), func() bool { return h.Moment(Place{}).Keys })
	m := h.Moment(Place{})
	var met []event.Event
	for _, e := range m.Events {
		if e.Kind == event.Meets {
			met = append(met, e)
		}
	}
	if len(met) != 1 || met[0].Pid != c.Process.Pid || met[0].Sig != int(unix.SIGINT) || met[0].Text == "" || !m.Keys {
		t.Errorf("keys %v: %+v", m.Keys, met)
	}
}

func TestAConnectionThatSaysNothingDoesNotKeepTheHub(t *testing.T) {
	h := newHub(t, Options{Socket: true})
	fd, err := connect(h.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	await(t, "the connection to be taken", nil, func() bool { h.mu.Lock(); defer h.mu.Unlock(); return len(h.conns) == 1 })
	h.Close() // returns
}

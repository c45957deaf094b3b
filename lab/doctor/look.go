package doctor

import (
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"jsh/lab/sandbox"
	"jsh/pgroup"
	"jsh/pgroup/entry"
	"jsh/proc"
)

// TracedName is argv[0] of the child that is traced to see whether it may be; it
// ends at once.
const TracedName = "jsh: doctor's child"

// Look finds out, by trying. exe is this program, version its version.
func Look(exe, version string) *Facts {
	f := &Facts{Version: version, Uid: os.Geteuid(), Signals: entry.SignalsKnown}
	var u unix.Utsname
	if unix.Uname(&u) == nil {
		f.Release, f.Machine = unix.ByteSliceToString(u.Release[:]), unix.ByteSliceToString(u.Machine[:])
	}
	f.Pid1 = strings.TrimSpace(read("/proc/1/comm"))
	f.Sandbox = os.Getenv(sandbox.EnvName)
	f.Contain = container()
	f.Seccomp = strings.Contains(read("/proc/self/status"), "\nSeccomp:\t2")
	lookAtProc(f)
	f.BoxIDs = sandbox.IDs()
	if err := sandbox.Try(exe); err != nil {
		f.Box = err.Error()
		if r, ok := err.(*sandbox.Refusal); ok {
			f.BoxText = strings.Join(strings.Fields(r.Cause()), " ")
		}
	}
	f.Yama = strings.TrimSpace(read("/proc/sys/kernel/yama/ptrace_scope"))
	f.Trace = tryTrace(exe)
	lookAtTerminal(f)
	f.Compiler, f.Pty = compiler(), tryPty()
	return f
}

func compiler() string {
	for _, cc := range []string{"cc", "gcc", "clang", "tcc"} {
		if p := onPath(cc); p != "" {
			return p
		}
	}
	return ""
}

func read(name string) string {
	b, _ := os.ReadFile(name)
	return string(b)
}

// container names the container around, by the marks that the usual ones leave.
func container() string {
	switch {
	case exists("/.dockerenv"):
		return "docker"
	case exists("/run/.containerenv"):
		return "podman"
	case os.Getenv("KUBERNETES_SERVICE_HOST") != "":
		return "kubernetes"
	case os.Getenv("container") != "":
		return os.Getenv("container")
	case strings.Contains(strings.ToLower(read("/proc/version")), "microsoft"):
		return "WSL"
	}
	return ""
}

func exists(name string) bool { return unix.Access(name, unix.F_OK) == nil }

// lookAtProc tries /proc and who would watch.
func lookAtProc(f *Facts) {
	r, err := proc.Open()
	if err != nil {
		f.Proc, f.Source = err.Error(), "nothing can be seen"
		return
	}
	var s proc.Snapshot
	if err := r.Read(&s); err != nil {
		f.Proc = err.Error()
	} else {
		f.Proc = r.Limits(&s)
	}
	r.Close()
	f.Calls = read("/proc/self/syscall") != ""
	w, err := proc.Watch(proc.WatchOptions{Shell: os.Getpid()})
	if err != nil {
		f.Source = err.Error()
		return
	}
	settle(w)
	f.Source, f.Exact = w.Source(), watchesExactly(w)
	w.Close()
}

// settle waits until the pace of polling is known: after the first look.
func settle(w *proc.Watcher) {
	select {
	case <-w.Batches():
	case <-time.After(time.Second):
	}
}

func watchesExactly(w *proc.Watcher) bool {
	s := w.Source()
	return strings.Contains(s, "connector") && !strings.HasPrefix(s, "/proc")
}

// tryTrace starts a child that asks to be traced, and says why that fails.
func tryTrace(exe string) string {
	runtime.LockOSThread() // ptrace(2) is a matter of threads
	defer runtime.UnlockOSThread()
	pid, err := syscall.ForkExec(exe, []string{TracedName}, &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{Ptrace: true}})
	if err != nil {
		return "a child cannot be traced: " + err.Error()
	}
	why := "a child that is traced does not stop at its exec"
	for {
		var ws unix.WaitStatus
		_, err := unix.Wait4(pid, &ws, 0, nil)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil || ws.Exited() || ws.Signaled():
			return why
		case ws.Stopped():
			why = ""
			unix.Kill(pid, unix.SIGKILL)
		}
	}
}

func lookAtTerminal(f *Facts) {
	f.Term = os.Getenv("TERM")
	for _, fd := range []int{1, 0, 2} {
		if !pgroup.IsTerminal(fd) {
			continue
		}
		f.Terminal = true
		if ws, err := unix.IoctlGetWinsize(fd, unix.TIOCGWINSZ); err == nil {
			f.Cols, f.Rows = int(ws.Col), int(ws.Row)
		}
		break
	}
	f.Screen = os.Getenv("JSH_COMPANION") != ""
	f.NoColour = os.Getenv("NO_COLOR") != ""
	f.Colours = colours(f.Term, os.Getenv("COLORTERM"))
	for _, n := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := os.Getenv(n); v != "" {
			f.Locale = n + "=" + v
			v = strings.ToUpper(v)
			f.UTF8 = strings.Contains(v, "UTF-8") || strings.Contains(v, "UTF8")
			break
		}
	}
}

// colours is how many a terminal is said to have.
func colours(term, colorterm string) int {
	switch {
	case term == "" || term == "dumb" || strings.HasPrefix(term, "vt1") || strings.HasPrefix(term, "vt2"):
		return 0
	case colorterm == "truecolor" || colorterm == "24bit" || strings.HasSuffix(term, "-direct"):
		return 1 << 24
	case strings.Contains(term, "256"):
		return 256
	}
	return 8
}

func onPath(name string) string {
	for dir := range strings.SplitSeq(os.Getenv("PATH"), ":") {
		if p := dir + "/" + name; dir != "" && unix.Access(p, unix.X_OK) == nil {
			return p
		}
	}
	return ""
}

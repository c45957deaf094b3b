package sandbox

import (
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Explain tells what a refusal means and which setting makes it, in lines of at
// most 76 columns.
func (r *Refusal) Explain() string {
	return explain(r, readSetting)
}

// explain is pure: setting reads a file of /proc, "" where there is none.
func explain(r *Refusal, setting func(name string) string) string {
	text := "No sandbox here. " + r.Stage + ":\n" + unix.ErrnoName(r.Errno) + ", " + r.Errno.Error() + ".\n"
	return text + cause(r, setting)
}

// Cause is the part of Explain that tells which setting refuses.
func (r *Refusal) Cause() string { return cause(r, readSetting) }

func cause(r *Refusal, setting func(string) string) string {
	appArmor := setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1"
	switch {
	case r.Errno == syscall.ENOSPC && setting("/proc/sys/user/max_user_namespaces") == "0":
		return "/proc/sys/user/max_user_namespaces is 0: user namespaces are turned off.\n" +
			"root turns them on: sysctl user.max_user_namespaces=10000\n"
	case r.Errno == syscall.ENOSPC:
		return "A limit in /proc/sys/user/max_*_namespaces is reached, or namespaces are\nnested too deeply.\n"
	case r.Stage == stageUser && setting("/proc/sys/kernel/unprivileged_userns_clone") == "0":
		return "/proc/sys/kernel/unprivileged_userns_clone is 0: only root may.\n" +
			"root allows it: sysctl kernel.unprivileged_userns_clone=1\n"
	case appArmor && (r.Stage == stageMap || r.Stage == stageRoot || r.Stage == stageProc || r.Stage == stageHome || r.Stage == stageClone):
		return "AppArmor allows user namespaces, but no privilege in them (Ubuntu 23.10 on).\n" +
			"root allows it: sysctl kernel.apparmor_restrict_unprivileged_userns=0\n"
	case r.Stage == stageUser && setting("seccomp") == "2":
		return "A seccomp filter refuses the call, as in Docker and the like. Such a\n" +
			"container must be started so that it may (docker run --security-opt\n" +
			"seccomp=unconfined).\n"
	case r.Stage == stageProc && r.Errno == syscall.EPERM:
		return "Parts of /proc are covered by other mounts, as in containers: then the\n" +
			"kernel lets nobody mount an uncovered one (mount_namespaces(7)).\n"
	case r.Stage == stageUser && r.Errno == syscall.EINVAL:
		return "This kernel has no user namespaces (CONFIG_USER_NS).\n"
	case r.Stage == stageUser && r.Errno == syscall.EPERM:
		return "The call is refused inside a chroot, and by some security modules\n(user_namespaces(7)).\n"
	}
	return "user_namespaces(7) and mount_namespaces(7) tell when that is so.\n"
}

func readSetting(name string) string {
	if name == "seccomp" {
		b, _ := os.ReadFile("/proc/self/status")
		for line := range strings.Lines(string(b)) {
			if v, ok := strings.CutPrefix(line, "Seccomp:"); ok {
				return strings.TrimSpace(v)
			}
		}
		return ""
	}
	b, _ := os.ReadFile(name)
	return strings.TrimSpace(string(b))
}

// Instead is what looks different in a shell that goes on as a subreaper where
// there is no sandbox.
const Instead = `jsh goes on without. It adopts orphans itself (PR_SET_CHILD_SUBREAPER), so:
  a daemon's parent is this shell, not pid 1; its status comes here
  numbers, users, /proc, home and network are the machine's own
  what you start can outlive this shell, and nothing holds a fork bomb
`

// Subreap makes this process adopt the orphans among its descendants (prctl(2)).
func Subreap() error { return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// Welcome is what a shell inside says at its start; value is that of EnvName.
func Welcome(value string) string {
	ids, held, _ := strings.Cut(value, " ")
	who := "You are root of one user ID here."
	if ids != "1" {
		who = "You are root of " + ids + " user IDs here."
	}
	bomb := "Fork bombs are held: no more than 512 processes."
	switch held {
	case "limit":
		bomb = "Fork bombs are held: no more than 512 processes (RLIMIT_NPROC)."
	case "nothing":
		bomb = "Fork bombs are NOT held here (root outside, Linux before 6.14)."
	}
	return "Sandbox: pid 1 is jsh's own init; it adopts orphans and reaps them.\n" + who +
		" Home is empty, lo is all the network.\n" + bomb + "\nexit ends all that runs in it. The files outside are the real ones."
}

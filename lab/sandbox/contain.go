package sandbox

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"jsh/pgroup"
)

// A container is the lesser sandbox, for a program that is watched, not typed
// into: who runs in it is who runs it outside, sees the same files at the same
// places, and has the caller's descriptors. What it changes goes to a scratch
// layer (overlayfs) in memory, or is refused with EROFS where the kernel makes
// no layer. What runs in it is pid 1 itself, so whoever uses this adopts orphans.

// containName is pid 1 before it becomes what is to run.
const containName = "jsh: init of a container"

// The stages of a container, besides those of a sandbox.
const (
	stageReadOnly = "mount_setattr: all that is mounted read-only"
	stageScratch  = "mount of a scratch layer (tmpfs)"
)

// Contain runs argv by this program's file exe as pid 1 of a container, waits,
// and returns its status, 128 and the signal's number if one ended it. The
// process should call BeInit first. It must be called on the main thread. The error
// is a *Refusal, and nothing has been run then.
func Contain(exe string, argv []string) (status int, err error) {
	home, err := newHome()
	if err != nil {
		return 0, err
	}
	defer home.Remove()
	var report [2]int
	if err := unix.Pipe2(report[:], unix.O_CLOEXEC); err != nil {
		return 0, refusal(stageUser, err)
	}
	defer unix.Close(report[0])
	sys := &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNS |
		unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWNET}
	uid, gid := unix.Getuid(), unix.Getgid()
	same := func(id int) []syscall.SysProcIDMap {
		return []syscall.SysProcIDMap{{ContainerID: id, HostID: id, Size: 1}}
	}
	sys.UidMappings, sys.GidMappings = same(uid), same(gid)
	if uid == 0 {
		sys.UidMappings[0].Size = own(0)[0].count
		sys.GidMappings, sys.GidMappingsEnableSetgroups = sys.UidMappings, true
	} else {
		// Who is not root keeps no privilege through exec but these.
		sys.AmbientCaps = []uintptr{unix.CAP_CHOWN, unix.CAP_DAC_OVERRIDE, unix.CAP_FOWNER, unix.CAP_FSETID,
			unix.CAP_NET_ADMIN, unix.CAP_SYS_ADMIN}
	}
	pid, err := syscall.ForkExec(exe, append([]string{containName, home.Path, exe}, argv...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2, uintptr(report[1])}, Sys: sys})
	unix.Close(report[1])
	if err != nil {
		return 0, refusal(stageUser, err)
	}
	b := &box{pid}
	if r := readReport(report[0]); r != nil {
		unix.Kill(pid, unix.SIGKILL)
		b.wait()
		return 0, r
	}
	home.Remove() // the layers hold what they need: nothing is left whatever ends this process
	return b.wait()
}

// containMain furnishes the container and becomes what is to run.
func containMain(a []string) int {
	runtime.LockOSThread()
	unix.CloseOnExec(reportFD)
	unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0)
	if stage, err := layers(a[0]); err != nil {
		return tellRefusal(stage, err)
	}
	loopbackUp()
	unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	// Who hears nothing of it has ended before it was to take us along.
	if _, err := unix.Write(reportFD, []byte("ok")); err != nil {
		return 1
	}
	unix.Exec(a[1], a[2:], os.Environ())
	return 126
}

// BeInit has pid 1 of a container end with whoever made it, and do nothing at
// the signals of what runs in it.
func BeInit() {
	unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0)
	ignored := pgroup.IgnoredAtEntry()
	deafen(func(sig unix.Signal) bool { return ignored.Has(sig) })
}

// layers makes everything read-only and puts a scratch layer on each directory
// of / that takes one. Devices and the kernel's own file systems have none.
func layers(scratch string) (stage string, err error) {
	cwd, cwdErr := unix.Getwd()
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return stageRoot, err
	}
	if err := unix.MountSetattr(unix.AT_FDCWD, "/", unix.AT_RECURSIVE, &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY}); err != nil {
		return stageReadOnly, err
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return stageProc, err
	}
	for _, name := range []string{"/proc/sys", "/proc/sysrq-trigger"} { // root's, and the machine's
		if unix.Mount(name, name, "", unix.MS_BIND, "") == nil {
			err := unix.MountSetattr(unix.AT_FDCWD, name, 0, &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY})
			if err != nil {
				return stageReadOnly, err
			}
		}
	}
	if err := unix.Mount("scratch", scratch, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "size=256m,mode=0755"); err != nil {
		return stageScratch, err
	}
	// The layers' own places are named from here: the way here will be covered.
	if err := unix.Chdir(scratch); err != nil {
		return stageScratch, err
	}
	l := &layering{scratch: scratch}
	for _, name := range subdirectories("/") {
		if name != "/proc" && name != "/sys" && name != "/dev" {
			l.cover(name)
		}
	}
	l.cover("/dev/shm")
	if unix.Getuid() != 0 {
		// Directories of others, in which all may write: the layer above cannot take
		// them over, for their owner is nobody in here (EOVERFLOW).
		l.cover("/var/tmp")
		var st unix.Stat_t
		if cwdErr == nil && unix.Stat(cwd, &st) == nil && (int(st.Uid) != unix.Getuid() || st.Uid == overflowID) {
			l.cover(cwd)
		}
	}
	if cwdErr != nil || unix.Chdir(cwd) != nil {
		unix.Chdir("/")
	}
	return "", nil
}

// overflowID is what an ID that is not mapped looks like (user_namespaces(7)).
const overflowID = 65534

type layering struct {
	scratch string
	made    int
	mounts  []string // where file systems were mounted at first
}

// cover puts a scratch layer on a directory. The kernel makes none above what
// has other mounts in it that are locked to us (mount_namespaces(7)): then the
// directories in it are tried one by one.
func (l *layering) cover(dir string) {
	var st unix.Stat_t
	if dir == l.scratch || unix.Stat(dir, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFDIR || strings.ContainsAny(dir, `:,\`) {
		return
	}
	l.made++
	place := strconv.Itoa(l.made)
	upper, work := place+"/upper", place+"/work"
	unix.Mkdir(place, 0o700)
	unix.Mkdir(upper, 0o700)
	unix.Mkdir(work, 0o700)
	mode := st.Mode & 0o7777
	if unix.Getuid() != 0 && st.Uid == overflowID || unix.Chown(upper, int(st.Uid), int(st.Gid)) != nil {
		// It belongs to somebody who is not in here: what we may do stays.
		mode &= unix.S_ISVTX
		for _, bit := range []uint32{unix.R_OK, unix.W_OK, unix.X_OK} {
			// By now all is read-only; that is said only to who might write else.
			if err := unix.Access(dir, bit); err == nil || err == unix.EROFS {
				mode |= bit * 0o111
			}
		}
	}
	unix.Chmod(upper, mode)
	data := "lowerdir=" + dir + ",upperdir=" + upper + ",workdir=" + work
	if unix.Mount("scratch", dir, "overlay", unix.MS_NOSUID|unix.MS_NODEV, data+",userxattr") == nil ||
		unix.Mount("scratch", dir, "overlay", unix.MS_NOSUID|unix.MS_NODEV, data) == nil {
		return
	}
	if l.mounts == nil {
		l.mounts = mountPoints()
	}
	for _, m := range l.mounts {
		if strings.HasPrefix(m, dir+"/") {
			for _, name := range subdirectories(dir) {
				l.cover(name)
			}
			return
		}
	}
}

// subdirectories are the directories in dir, with their paths.
func subdirectories(dir string) (names []string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, strings.TrimSuffix(dir, "/")+"/"+e.Name())
		}
	}
	return names
}

// mountPoints are the fifth fields of /proc/self/mountinfo (proc_pid_mountinfo(5)).
func mountPoints() (points []string) {
	b, _ := os.ReadFile("/proc/self/mountinfo")
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 4 {
			points = append(points, f[4])
		}
	}
	return points
}

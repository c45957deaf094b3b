package sandbox

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// userMain is the process in the new user namespace. First it waits until its
// IDs are mapped, then it executes itself anew: exec gives root its privileges in
// the namespace, which the first exec, unmapped, had lost. Then it starts the
// init in the other namespaces, and ends as that ends.
//
// Arguments: wait or go, this program, the home, the descriptor of the terminal
// or -1, the number of user IDs, and what to run.
func userMain(a []string) int {
	if len(a) < 6 {
		return 2
	}
	runtime.LockOSThread() // Pdeathsig is the thread's
	if a[0] == "wait" {
		var b [1]byte
		for {
			n, err := unix.Read(mappedFD, b[:])
			if err == unix.EINTR {
				continue
			}
			if n != 1 {
				return 1
			}
			break
		}
		unix.CloseOnExec(mappedFD)
		argv := append([]string{userName, "go"}, a[1:]...)
		return tellRefusal(stageExec, unix.Exec(a[1], argv, os.Environ()))
	}
	unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0) // an exec that gains privileges clears it
	unix.CloseOnExec(reportFD)
	pid, err := syscall.ForkExec(a[1], []string{initName}, &syscall.ProcAttr{
		Env:   hide(a[2:]),
		Files: []uintptr{0, 1, 2, reportFD},
		Sys: &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWUTS |
			unix.CLONE_NEWIPC | unix.CLONE_NEWNET},
	})
	if err != nil {
		return tellRefusal(stageClone, err)
	}
	unix.Close(reportFD)
	for fd := range 3 { // the pty must hang up when the inner ones close it
		unix.Close(fd)
	}
	status, _ := (&box{pid}).wait()
	return status
}

// initMain is pid 1: it finishes the set-up from within, starts what is to run,
// and reaps until that ends.
//
// It is told the home, the terminal's descriptor or -1, the number of user IDs,
// what to run: in the environment, so that ps shows a plain name.
func initMain() int {
	a := hidden()
	if len(a) < 4 {
		return 2
	}
	runtime.LockOSThread()
	unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0)
	name := []byte(initName + "\x00")
	unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&name[0])), 0, 0, 0)
	home, ids, run := a[0], a[2], a[3:]
	tty, err := strconv.Atoi(a[1])
	if err != nil {
		return 2
	}
	if stage, err := furnish(home); err != nil {
		return tellRefusal(stage, err)
	}
	held := holdForkBombs()
	if run[0] == "" {
		unix.Write(reportFD, []byte("ok"))
		return 0
	}
	unix.Setsid()
	deafen(nil)
	attr := &syscall.ProcAttr{
		Dir:   home,
		Env:   environment(home, ids+" "+held),
		Files: []uintptr{0, 1, 2},
		Sys:   &syscall.SysProcAttr{Setsid: true, Setctty: tty >= 0, Ctty: max(tty, 0)},
	}
	unix.CloseOnExec(reportFD)
	pid, err := syscall.ForkExec(run[0], run[1:], attr)
	if err != nil {
		return tellRefusal(stageStart, err)
	}
	unix.Write(reportFD, []byte("ok"))
	unix.Close(reportFD)
	for fd := range 3 {
		unix.Close(fd) // neither a pipe nor the pty is to be held open by us
	}
	return reap(pid, home)
}

// hiddenName begins the names of the variables that carry the init's arguments.
const hiddenName = "JSH_SANDBOX_ARG"

func hide(args []string) []string {
	env := os.Environ()
	for i, a := range args {
		env = append(env, hiddenName+strconv.Itoa(i)+"="+a)
	}
	return env
}

func hidden() (args []string) {
	for {
		a, ok := os.LookupEnv(hiddenName + strconv.Itoa(len(args)))
		if !ok {
			return args
		}
		args = append(args, a)
	}
}

// furnish makes the file systems and the name of the sandbox.
func furnish(home string) (stage string, err error) {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return stageRoot, err
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return stageProc, err
	}
	if err := unix.Mount("home", home, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "size=64m,mode=0755"); err != nil {
		return stageHome, err
	}
	if err := unix.Mkdir(home+runtimeDir, 0o700); err != nil {
		return stageHome, err
	}
	if err := unix.Sethostname([]byte("sandbox")); err != nil {
		return stageHost, err
	}
	loopbackUp()
	return "", nil
}

// runtimeDir is where sockets belong, below the home: those in /tmp are the
// outside's, of users with the same numbers.
const runtimeDir = "/.run"

// loopbackUp brings up the only network there is (netdevice(7)). Without it
// 127.0.0.1 is unreachable, which is no reason to refuse.
func loopbackUp() {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	ifr, err := unix.NewIfreq("lo")
	if err != nil {
		return
	}
	ifr.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, ifr)
}

const (
	mostProcesses = 512 // of an ordinary user
	mostPids      = 512 // in all; the kernel takes no less than 301
)

// holdForkBombs bounds the number of processes inside, and says by what:
// pid_max is the namespace's own from Linux 6.14 on, and holds root too;
// RLIMIT_NPROC holds whoever is not root outside.
func holdForkBombs() string {
	held := "nothing"
	if unix.Getuid() == 0 && !rootOutside() {
		unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{Cur: mostProcesses, Max: mostProcesses})
		held = "limit"
	}
	// On older kernels the number is the whole machine's, and not to be touched:
	// there it cannot be written from here.
	if writeFile("/proc/sys/kernel/pid_max", strconv.Itoa(mostPids)) == nil {
		held = "pid_max"
	}
	return held
}

// rootOutside tells whether root inside is root outside, by the map.
func rootOutside() bool {
	b, _ := os.ReadFile("/proc/self/uid_map")
	f := strings.Fields(string(b))
	return len(f) > 1 && f[0] == "0" && f[1] == "0"
}

func environment(home, sandbox string) []string {
	var env []string
	for _, kv := range os.Environ() {
		if name, _, _ := strings.Cut(kv, "="); strings.HasPrefix(name, hiddenName) || name == "HOME" || name == "PWD" || name == "OLDPWD" || name == "ENV" ||
			name == "HISTFILE" || name == "JSH_COMPANION" || name == "XDG_RUNTIME_DIR" || name == EnvName || name == "HOSTNAME" {
			continue
		}
		env = append(env, kv)
	}
	return append(env, "HOME="+home, "PWD="+home, "HOSTNAME=sandbox",
		"XDG_RUNTIME_DIR="+home+runtimeDir, EnvName+"="+sandbox)
}

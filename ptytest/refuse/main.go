// Command refuse runs a program where the kernel refuses what many containers
// refuse, so that jsh can be tried there on any machine:
//
//	go run ./ptytest/refuse namespaces ptrace connector -- PROGRAM [WORD...]
//
// namespaces refuses unshare, setns and the clone of a namespace with EPERM, as the
// seccomp filter of Docker does; ptrace refuses ptrace with EPERM, as the older ones
// did; connector refuses the socket of the kernel's proc connector with
// EPROTONOSUPPORT, as a kernel does that is built without it.
//
// It changes nothing but the program that it becomes and what that starts.
package main

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const usage = "usage: refuse [namespaces] [ptrace] [connector] -- PROGRAM [WORD...]\n"

// newSpaces are the flags of clone(2) that make a namespace.
const newSpaces = unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWNET | unix.CLONE_NEWCGROUP

// Offsets in struct seccomp_data (linux/seccomp.h), on machines that are little-endian.
const (
	offNumber = 0
	offArg0   = 16
	offArg2   = 32
)

func main() {
	what := map[string]bool{}
	args := os.Args[1:]
	for ; len(args) > 0 && args[0] != "--"; args = args[1:] {
		switch args[0] {
		case "namespaces", "ptrace", "connector":
			what[args[0]] = true
		default:
			fail(2, args[0]+": no such thing to refuse\n"+usage)
		}
	}
	if len(args) < 2 {
		fail(2, "which program?\n"+usage)
	}
	path, err := exec.LookPath(args[1])
	if err != nil {
		fail(127, err.Error()+"\n")
	}
	runtime.LockOSThread() // a filter is a thread's; exec keeps this thread's
	if err := install(filter(what)); err != nil {
		fail(1, "seccomp: "+unix.ErrnoName(err.(unix.Errno))+" ("+err.Error()+")\n")
	}
	err = syscall.Exec(path, args[1:], os.Environ())
	fail(126, path+": "+err.Error()+"\n")
}

func fail(status int, text string) {
	os.Stderr.WriteString("refuse: " + text)
	os.Exit(status)
}

// filter is the program that the kernel asks at each system call (seccomp(2)).
func filter(what map[string]bool) (prog []unix.SockFilter) {
	const number = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
	load := func(off uint32) { prog = append(prog, unix.SockFilter{Code: number, K: off}) }
	// unless goes over the next n instructions where the value is not k.
	unless := func(k uint32, n int) {
		prog = append(prog, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: k, Jf: uint8(n)})
	}
	answer := func(k uint32) { prog = append(prog, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k}) }
	errno := func(e unix.Errno) { answer(unix.SECCOMP_RET_ERRNO | uint32(e)) }
	refuse := func(call int, e unix.Errno) {
		load(offNumber)
		unless(uint32(call), 1)
		errno(e)
	}
	if what["ptrace"] {
		refuse(unix.SYS_PTRACE, unix.EPERM)
	}
	if what["namespaces"] {
		refuse(unix.SYS_SETNS, unix.EPERM)
		refuse(unix.SYS_CLONE3, unix.ENOSYS) // its flags are in memory, which no filter sees: clone is tried next
		for _, call := range []uint32{unix.SYS_UNSHARE, unix.SYS_CLONE} {
			load(offNumber)
			unless(call, 3)
			load(offArg0)
			prog = append(prog, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, K: newSpaces, Jf: 1})
			errno(unix.EPERM)
		}
	}
	if what["connector"] {
		load(offNumber)
		unless(unix.SYS_SOCKET, 5)
		load(offArg0)
		unless(unix.AF_NETLINK, 3)
		load(offArg2)
		unless(unix.NETLINK_CONNECTOR, 1)
		errno(unix.EPROTONOSUPPORT)
	}
	answer(unix.SECCOMP_RET_ALLOW)
	return prog
}

func install(prog []unix.SockFilter) error {
	f := unix.SockFprog{Len: uint16(len(prog)), Filter: &prog[0]}
	set := func() unix.Errno {
		_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&f)))
		runtime.KeepAlive(prog)
		return errno
	}
	errno := set()
	if errno == unix.EACCES { // who has no privilege may filter only what cannot gain any
		if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
			return err
		}
		errno = set()
	}
	if errno != 0 {
		return errno
	}
	return nil
}

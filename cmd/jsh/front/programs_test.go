package front

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"

	"jsh/ptytest"
)

// The programs that the shells under test run, besides those of the system.
var (
	// whoreads tells whether its group is the terminal's foreground group as
	// it starts.
	_ = ptytest.Register("whoreads", func() {
		fd, err := unix.Open("/dev/tty", unix.O_RDWR, 0)
		if err != nil {
			fmt.Println(err)
			return
		}
		if fg, _ := unix.IoctlGetInt(fd, unix.TIOCGPGRP); fg == unix.Getpgrp() {
			fmt.Println("mine")
		} else {
			fmt.Println("not mine")
		}
	})

	// rawstop makes the terminal raw, stops itself with the signal that its
	// argument names (STOP or TSTP), and tells at once when it is continued
	// whether the modes are those that it had left; then it waits to be
	// killed, the terminal raw.
	_ = ptytest.Register("rawstop", func() {
		runtime.LockOSThread()
		old, _ := unix.IoctlGetTermios(0, unix.TCGETS)
		raw := *old
		raw.Lflag &^= unix.ICANON | unix.ECHO
		raw.Oflag &^= unix.OPOST
		unix.IoctlSetTermios(0, unix.TCSETS, &raw)
		if len(os.Args) > 1 {
			unix.Kill(0, unix.SignalNum("SIG"+os.Args[1]))
			now, _ := unix.IoctlGetTermios(0, unix.TCGETS)
			if *now == raw {
				fmt.Print("\ras left\r\n")
			} else {
				fmt.Print("\rchanged\r\n")
			}
		}
		fmt.Print("\rwaiting\r\n")
		for {
			unix.Pause()
		}
	})

	// outlive ignores SIGINT and ends with status 4 at SIGUSR1.
	_ = ptytest.Register("outlive", func() {
		c := make(chan os.Signal, 1)
		signal.Ignore(syscall.SIGINT)
		signal.Notify(c, syscall.SIGUSR1)
		fmt.Println("outliving")
		<-c
		os.Exit(4)
	})

	// polite handles SIGINT and ends with status 3.
	_ = ptytest.Register("polite", func() {
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGINT)
		fmt.Println("handling")
		<-c
		os.Exit(3)
	})
)

package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/event"
	"jsh/proc"
	"jsh/viz"
)

// picture measures what the picture costs, beside ps and pstree, and prints a
// table of its own. The processes that it makes for that all wait in read(2).
func picture(dir, jsh, tiny string, runs int, sizes []int, seconds int) error {
	var b strings.Builder
	b.WriteString("| case | ps | pstree | jsh | jsh ÷ ps | jsh ÷ pstree | goal |\n|---|---:|---:|---:|---:|---:|---|\n")
	defer func() { fmt.Print(b.String()) }() // also what was measured before an error
	waiting := filepath.Join(dir, "waiting")
	if err := writeWaiting(waiting); err != nil {
		return err
	}
	for _, n := range sizes {
		c, err := startCrowd(waiting, n)
		if err != nil {
			return err
		}
		err = lookAtCrowd(&b, jsh, runs, n)
		if err == nil && n == sizes[0] {
			err = watchCrowd(&b, tiny, seconds)
		}
		c.end()
		if err != nil {
			return err
		}
	}
	return nil
}

// lookAtCrowd measures one look at the machine.
func lookAtCrowd(b *strings.Builder, jsh string, runs, n int) error {
	r, err := proc.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	var s proc.Snapshot
	command := func(name string, args ...string) func() error {
		path, err := exec.LookPath(name)
		if err != nil {
			return nil
		}
		return func() error { return toNull(path, append([]string{name}, args...)) }
	}
	r.Hurry() // as ps-tree does, for which somebody waits
	snapshot := func() error { return r.Read(&s) }
	rows := []struct {
		name, goal string
		ps, pstree func() error
		jsh        func() error
	}{
		{"a snapshot of %s processes", "1/6 of ps, 1/20 of pstree",
			command("ps", "-eo", "pid,ppid,pgid,sid,tty,tpgid,stat,comm"), command("pstree", "-apgs"), snapshot},
		{"`jsh ps-tree -a` beside `ps -ejH`, %s", "1/3 of ps", command("ps", "-ejH"), nil, command(jsh, "ps-tree", "-a")},
	}
	for _, row := range rows {
		times := make([][]float64, 3)
		for turn := -1; turn < runs; turn++ {
			for i, run := range []func() error{row.ps, row.pstree, row.jsh} {
				if run == nil {
					continue
				}
				start := time.Now()
				if err := run(); err != nil {
					return fmt.Errorf(row.name+": %w", fmt.Sprint(n), err)
				}
				if turn >= 0 {
					times[i] = append(times[i], float64(time.Since(start).Nanoseconds())/1e6)
				}
			}
		}
		ps, pstree, own := median(times[0]), median(times[1]), median(times[2])
		fmt.Fprintf(b, "| "+row.name+" | %s | %s | %s | %s | %s | %s |\n", thousands(n),
			inMs(ps), inMs(pstree), inMs(own), ratio(own, ps), ratio(own, pstree), row.goal)
	}
	return nil
}

// watchCrowd measures the share of a core that it takes to watch, alone, and
// with the log and the drawing of what changed, ten times a second at most.
func watchCrowd(b *strings.Builder, tiny string, seconds int) error {
	for _, c := range []struct {
		name, goal       string
		poll, busy, draw bool
	}{
		{"watching, 50 events a second", "2 % of a core", false, true, false},
		{"the same without the proc connector", "2 % of a core", true, true, false},
		{"the live picture, 50 events a second", "2 % of a core", false, true, true},
		{"the same without the proc connector", "2 % of a core", true, true, true},
		{"the live picture, idle", "0.5 % of a core", false, false, true},
		{"the same without the proc connector", "0.5 % of a core", true, false, true},
	} {
		m, err := liveShare(tiny, c.poll, c.busy, c.draw, seconds)
		if err != nil {
			return err
		}
		if !c.poll && !strings.Contains(m.source, "kernel") {
			continue // it does not answer here
		}
		name := c.name
		if c.busy {
			name += " (" + strconv.Itoa(m.events/seconds) + " were told)"
		}
		fmt.Fprintf(b, "| %s | | | %.2f %% of a core | | | %s |\n", name, 100*m.share, c.goal)
	}
	return nil
}

// liveCost is what one measurement of watchCrowd gave.
type liveCost struct {
	share  float64 // of a core
	source string
	events int
}

func liveShare(tiny string, poll, busy, drawn bool, seconds int) (m liveCost, err error) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the screen's process has it
	// The shell of the picture is a process that starts others; it is not
	// counted.
	script := "read x"
	if busy {
		script = "while read x; do " + tiny + "; done"
	}
	shell := exec.Command("sh", "-c", script)
	in, err := shell.StdinPipe()
	if err != nil {
		return m, err
	}
	shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := shell.Start(); err != nil {
		return m, err
	}
	defer shell.Wait()
	defer in.Close()
	pid := shell.Process.Pid
	var events atomic.Int64
	var source func() string
	var started func() // the shell tells of each program too, as jsh does
	if drawn {
		hub, err := companion.NewHub(companion.Options{ShellPid: pid, Poll: poll})
		if err != nil {
			return m, err
		}
		defer hub.Close()
		stop := make(chan struct{})
		defer close(stop)
		go drawChanges(hub, stop)
		hub.Append(event.Event{Kind: event.LineBegin, Source: event.Shell, Pid: pid, Text: script})
		started = func() {
			hub.Append(event.Event{Kind: event.Signal, Source: event.Shell, Pid: pid, Sig: int(unix.SIGCHLD)})
		}
		source = func() string {
			m := hub.Moment(companion.Place{})
			events.Store(int64(m.Steps))
			return m.Source
		}
	} else {
		w, err := proc.Watch(proc.WatchOptions{Shell: pid, Poll: poll, Tell: func(_ *proc.Watcher, b proc.Batch) int64 {
			events.Add(int64(len(b.Events)))
			return 0
		}})
		if err != nil {
			return m, err
		}
		defer w.Close()
		started, source = w.Poke, w.Source
	}
	time.Sleep(4 * time.Second) // until it takes this for idle
	source()
	before := events.Load()
	// Three events come of each program: fork, exec, exit.
	const perSecond = 17
	ticks := time.NewTicker(time.Second / perSecond)
	defer ticks.Stop()
	if !busy {
		ticks.Stop()
	}
	over := time.After(time.Duration(seconds) * time.Second)
	began := ownTime()
	for {
		select {
		case <-ticks.C:
			in.Write([]byte("\n"))
			started()
		case <-over:
			m.share = float64(ownTime()-began) / float64(seconds) / 1e9
			m.source = source()
			m.events = int(events.Load() - before)
			return m, nil
		}
	}
}

// drawChanges draws what is new, as the screen does.
func drawChanges(hub *companion.Hub, stop <-chan struct{}) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-stop:
			return
		case <-hub.Updates():
		}
		select {
		case <-stop:
			return
		case <-pause.C:
		}
		m := hub.Moment(companion.Place{})
		viz.Live(viz.Moment{Tree: m.Tree, Events: m.Events, Context: m.Context, Line: m.Line, Source: m.Source}, viz.Style{}, 100, 30)
		pause.Reset(100 * time.Millisecond)
	}
}

// ownTime is the CPU time of this process in ns.
func ownTime() int64 {
	var u unix.Rusage
	unix.Getrusage(unix.RUSAGE_SELF, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}

// crowd is a number of processes that wait until it ends.
type crowd struct {
	hold *os.File
	pids []int
}

// startCrowd adds as many as are missing to n.
func startCrowd(path string, n int) (*crowd, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	c := &crowd{hold: w}
	have, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	for _, entry := range have {
		if entry.Name()[0] >= '1' && entry.Name()[0] <= '9' {
			n--
		}
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	for i := range n {
		attr := &syscall.ProcAttr{Files: []uintptr{r.Fd(), null.Fd(), null.Fd()}}
		if i%10 == 0 {
			attr.Sys = &syscall.SysProcAttr{Setpgid: true}
		}
		pid, err := syscall.ForkExec(path, []string{"waiting"}, attr)
		if err != nil {
			c.end()
			return nil, fmt.Errorf("process %d of the crowd: %w", i, err)
		}
		c.pids = append(c.pids, pid)
	}
	return c, nil
}

func (c *crowd) end() {
	c.hold.Close()
	for _, pid := range c.pids {
		syscall.Wait4(pid, nil, 0, nil)
	}
}

// toNull runs a program whose output nobody reads.
func toNull(path string, argv []string) error {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer null.Close()
	return startAndWait(path, argv, &syscall.ProcAttr{Env: append(os.Environ(), "LC_ALL=C.UTF-8"), Files: []uintptr{null.Fd(), null.Fd(), null.Fd()}})
}

// writeWaiting writes the smallest program that reads its standard input and
// exits when that ends.
func writeWaiting(path string) error {
	image, err := tinyELF(runtime.GOARCH)
	if err != nil {
		return err
	}
	image = image[:64+56]
	switch runtime.GOARCH {
	case "amd64":
		image = append(image,
			0x31, 0xc0, // xor eax, eax (read)
			0x31, 0xff, // xor edi, edi
			0x48, 0x89, 0xe6, // mov rsi, rsp
			0x6a, 1, 0x5a, // push 1; pop rdx
			0x0f, 0x05, // syscall
			0x31, 0xff, 0x6a, 60, 0x58, 0x0f, 0x05) // exit(0)
	case "arm64":
		for _, word := range []uint32{
			0xd2800000, // mov x0, #0
			0x910003e1, // mov x1, sp
			0xd2800022, // mov x2, #1
			0xd28007e8, // mov x8, #63 (read)
			0xd4000001, // svc #0
			0xd2800000, // mov x0, #0
			0xd2800ba8, // mov x8, #93 (exit)
			0xd4000001,
		} {
			image = binary.LittleEndian.AppendUint32(image, word)
		}
	}
	size := uint64(len(image))
	binary.LittleEndian.PutUint64(image[64+32:], size) // p_filesz
	binary.LittleEndian.PutUint64(image[64+40:], size) // p_memsz
	return os.WriteFile(path, image, 0o700)
}

func inMs(v float64) string {
	if v == 0 {
		return ""
	}
	return figures(v) + " ms"
}

func ratio(own, other float64) string {
	if other == 0 {
		return ""
	}
	return strconv.FormatFloat(own/other, 'f', 3, 64)
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	if len(s) > 3 {
		s = s[:len(s)-3] + "," + s[len(s)-3:]
	}
	return s
}

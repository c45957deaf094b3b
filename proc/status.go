package proc

import (
	"bytes"
	"strconv"
)

// Status is what /proc/PID/status says beyond stat (proc_pid_status(5)).
type Status struct {
	Uid     [4]int // real, effective, saved, file system
	Blocked SigSet // of the first thread
	Ignored SigSet
	Caught  SigSet
}

// SigSet is a set of signals: bit n-1 is signal n.
type SigSet uint64

// Has says whether the set holds signal sig.
func (s SigSet) Has(sig int) bool { return sig >= 1 && sig <= 64 && s>>(sig-1)&1 == 1 }

// Status reads /proc/PID/status; the error is ErrGone if there is no such
// process.
func (r *Reader) Status(pid int) (Status, error) {
	b, err := r.file(pid, "status")
	if err != nil {
		return Status{}, err
	}
	return parseStatus(b), nil
}

// Cmdline reads the argument list, nil for a zombie and a kernel thread; the
// error is ErrGone if there is no such process. A process can overwrite it.
func (r *Reader) Cmdline(pid int) ([]string, error) {
	b, err := r.file(pid, "cmdline")
	if err != nil || len(b) == 0 {
		return nil, err
	}
	var argv []string
	for arg := range bytes.SplitSeq(bytes.TrimSuffix(b, []byte{0}), []byte{0}) {
		argv = append(argv, string(arg))
	}
	return argv, nil
}

// hasVariable says whether NAME=VALUE stood in the environment with which pid executed its
// program (proc_pid_environ(5)). What may not be read has nothing.
func (r *Reader) hasVariable(pid int, variable string) bool {
	b, err := r.file(pid, "environ")
	if err != nil {
		return false
	}
	for v := range bytes.SplitSeq(b, []byte{0}) {
		if string(v) == variable {
			return true
		}
	}
	return false
}

func (r *Reader) file(pid int, name string) ([]byte, error) {
	r.path = strconv.AppendInt(r.path[:0], int64(pid), 10)
	r.path = append(r.path, '/')
	r.path = append(r.path, name...)
	r.path = append(r.path, 0)
	read := r.readSlow
	if name == "wchan" {
		read = r.readPath
	}
	b, err := read()
	if err != nil {
		return nil, r.gone(pid, name, err)
	}
	return b, nil
}

func parseStatus(b []byte) Status {
	var s Status
	for line := range bytes.Lines(b) {
		key, value, _ := bytes.Cut(line, []byte(":"))
		switch string(key) {
		case "Uid":
			for i, f := range bytes.Fields(value) {
				if i < len(s.Uid) {
					s.Uid[i], _ = strconv.Atoi(string(f))
				}
			}
		case "SigBlk":
			s.Blocked = sigSet(value)
		case "SigIgn":
			s.Ignored = sigSet(value)
		case "SigCgt":
			s.Caught = sigSet(value)
		}
	}
	return s
}

func sigSet(hex []byte) SigSet {
	v, _ := strconv.ParseUint(string(bytes.TrimSpace(hex)), 16, 64)
	return SigSet(v)
}

// NSpid reads which pid a process has in each pid namespace that it is in,
// from ours inwards: two numbers for one in a container that is seen from
// outside. The error is ErrGone if there is no such process.
func (r *Reader) NSpid(pid int) ([]int, error) {
	b, err := r.file(pid, "status")
	if err != nil {
		return nil, err
	}
	var pids []int
	for line := range bytes.Lines(b) {
		if value, ok := bytes.CutPrefix(line, []byte("NSpid:")); ok {
			for _, f := range bytes.Fields(value) {
				if n, err := strconv.Atoi(string(f)); err == nil {
					pids = append(pids, n)
				}
			}
		}
	}
	return pids, nil
}

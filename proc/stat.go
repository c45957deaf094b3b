package proc

import "bytes"

// parseStat reads one line of /proc/PID/stat into p and says whether it had
// the expected form. The name is returned apart, still in line's memory: it
// may hold blanks, parentheses and newlines, so it ends at the *last* ")".
func parseStat(line []byte, p *Proc) (name []byte, ok bool) {
	open := bytes.IndexByte(line, '(')
	closing := bytes.LastIndexByte(line, ')')
	if open < 2 || closing < open || closing+4 > len(line) || line[open-1] != ' ' || line[closing+1] != ' ' {
		return nil, false
	}
	pid, rest, ok := number(line[:open])
	if !ok || len(rest) != 0 || pid <= 0 {
		return nil, false
	}
	p.Pid = int(pid)
	p.State = line[closing+2]
	if line[closing+3] != ' ' {
		return nil, false
	}
	rest = line[closing+4:]

	var v int64
	// Fields 4–8, then 20 (num_threads) and 22 (starttime): proc_pid_stat(5).
	for field := 4; field <= 22; field++ {
		if v, rest, ok = number(rest); !ok {
			return nil, false
		}
		switch field {
		case 4:
			p.PPid = int(v)
		case 5:
			p.Pgid = int(v)
		case 6:
			p.Sid = int(v)
		case 7:
			p.TTY = int(v)
		case 8:
			p.Tpgid = int(v)
		case 20:
			p.Threads = int(v)
		case 22:
			p.Start = uint64(v)
		}
	}
	return line[open+1 : closing], true
}

// number reads a decimal number that a blank, a newline or the end follows,
// and returns what stands after that.
func number(b []byte) (v int64, rest []byte, ok bool) {
	i, neg := 0, false
	if i < len(b) && b[i] == '-' {
		neg = true
		i++
	}
	first := i
	var u uint64 // some fields are unsigned and may pass 1<<63: let them wrap
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		u = u*10 + uint64(b[i]-'0')
		i++
	}
	if i == first || i < len(b) && b[i] != ' ' && b[i] != '\n' {
		return 0, nil, false
	}
	v = int64(u)
	if neg {
		v = -v
	}
	return v, b[min(i+1, len(b)):], true
}

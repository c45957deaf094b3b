package viz

import (
	"strconv"

	"jsh/event"
	"jsh/proc"
)

// JSON writes the tree as one JSON object and a newline. The same sessions are
// in scope as in Tree. The schema is stable: keys may be added, none will
// change its meaning.
//
//	{
//	  "shell": 812,               pid of the shell, or null
//	  "sessions": [{
//	    "sid": 812,
//	    "leader": 812,            pid of the leader, or null: it has ended
//	    "tty": "pts/3",           the controlling terminal, or null
//	    "foreground_pgid": 834,   or null
//	    "groups": [{
//	      "pgid": 834,
//	      "job": 2,               the shell's job number, or null
//	      "foreground": true,
//	      "orphaned": false,      as POSIX defines it
//	      "leader": 834,          pid of the leader, or null: it has ended
//	      "processes": [{
//	        "pid": 834,
//	        "ppid": 812,
//	        "name": "ls",
//	        "state": "running",   running, waiting, stopped, zombie, ended, idle, dead
//	        "kernel_state": "R",  the letter of /proc, "" for ended
//	        "waits": null,          "reads a pipe" and the like, where known
//	        "start": 12345,       clock ticks after boot, 0 if not known
//	        "from_shell": true,   the shell, or started from it
//	        "adopted": false,     the parent is not the process that forked it
//	        "forker": null,       that process's pid where adopted, if known
//	        "status": null,       of an ended one, if known
//	        "signal": null        that killed it, if known
//	      }]
//	    }]
//	  }]
//	}
//
// In names a byte that is not UTF-8 is the lone surrogate \udc80–\udcff, as in
// package event's JSON.
func JSON(t *proc.Tree, all bool) []byte {
	return appendTree(nil, t, scope(t, all, func(*proc.Process) bool { return true }))
}

func appendTree(b []byte, t *proc.Tree, sessions []shown) []byte {
	b = append(b, `{"shell":`...)
	b = appendPid(b, t.Shell)
	b = append(b, `,"sessions":[`...)
	for i, s := range sessions {
		b = comma(b, i)
		b = append(b, `{"sid":`...)
		b = strconv.AppendInt(b, int64(s.Sid), 10)
		b = append(b, `,"leader":`...)
		b = appendPid(b, s.Leader)
		b = append(b, `,"tty":`...)
		if s.TTY == 0 {
			b = append(b, "null"...)
		} else {
			b = event.AppendString(b, event.TTYName(s.TTY))
		}
		b = append(b, `,"foreground_pgid":`...)
		b = appendNumber(b, s.Foreground, s.Foreground != 0)
		b = append(b, `,"groups":[`...)
		for j, g := range s.groups {
			b = appendGroup(comma(b, j), t, g)
		}
		b = append(b, "]}"...)
	}
	return append(b, "]}\n"...)
}

func appendGroup(b []byte, t *proc.Tree, g shownGroup) []byte {
	b = append(b, `{"pgid":`...)
	b = strconv.AppendInt(b, int64(g.Pgid), 10)
	b = append(b, `,"job":`...)
	b = appendNumber(b, g.Job, g.Job != 0)
	b = append(b, `,"foreground":`...)
	b = strconv.AppendBool(b, g.Foreground)
	b = append(b, `,"orphaned":`...)
	b = strconv.AppendBool(b, g.Orphaned)
	b = append(b, `,"leader":`...)
	b = appendPid(b, t.Process(g.Pgid))
	b = append(b, `,"processes":[`...)
	for i, p := range g.members {
		b = appendProcess(comma(b, i), p)
	}
	return append(b, "]}"...)
}

func appendProcess(b []byte, p *proc.Process) []byte {
	word, _, _ := state(p)
	letter := string(rune(p.State))
	if p.Gone {
		letter = ""
	}
	b = append(b, `{"pid":`...)
	b = strconv.AppendInt(b, int64(p.Pid), 10)
	b = append(b, `,"ppid":`...)
	b = strconv.AppendInt(b, int64(p.PPid), 10)
	b = append(b, `,"name":`...)
	b = event.AppendString(b, p.Name)
	b = append(b, `,"state":`...)
	b = event.AppendString(b, word)
	b = append(b, `,"kernel_state":`...)
	b = event.AppendString(b, letter)
	b = append(b, `,"waits":`...)
	if p.Waits == "" || p.Gone {
		b = append(b, "null"...)
	} else {
		b = event.AppendString(b, p.Waits)
	}
	b = append(b, `,"start":`...)
	b = strconv.AppendUint(b, p.Start, 10)
	b = append(b, `,"from_shell":`...)
	b = strconv.AppendBool(b, p.Ours)
	b = append(b, `,"adopted":`...)
	b = strconv.AppendBool(b, p.Adopted)
	b = append(b, `,"forker":`...)
	b = appendNumber(b, p.Forker, p.Adopted && p.Forker != 0)
	b = append(b, `,"status":`...)
	b = appendNumber(b, p.Status, p.Gone && p.Told && p.Sig == 0)
	b = append(b, `,"signal":`...)
	b = appendNumber(b, p.Sig, p.Gone && p.Told && p.Sig != 0)
	return append(b, '}')
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return b
}

func appendPid(b []byte, p *proc.Process) []byte {
	if p == nil {
		return append(b, "null"...)
	}
	return strconv.AppendInt(b, int64(p.Pid), 10)
}

func appendNumber(b []byte, n int, known bool) []byte {
	if !known {
		return append(b, "null"...)
	}
	return strconv.AppendInt(b, int64(n), 10)
}

package shell

import (
	"errors"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/pgroup"
	"jsh/shell/expand"
)

// errnoText tells what the kernel said: its words and the errno by name.
func errnoText(err error) string {
	var e unix.Errno
	if !errors.As(err, &e) {
		return err.Error()
	}
	text := e.Error()
	if name := unix.ErrnoName(e); name != "" {
		text += " (" + name + ")"
	}
	return text
}

// expansionText is the message of an expansion error; one of arithmetic shows
// its place.
func expansionText(err error) string {
	var xe *expand.Error
	if !errors.As(err, &xe) || xe.Kind != expand.BadArith || xe.Expr == "" {
		return err.Error()
	}
	short := *xe
	const most = 60
	if len(xe.Expr) > most {
		// Only what stands around the place.
		from := max(0, xe.At-most/2)
		to := min(len(xe.Expr), from+most)
		short.Expr, short.At = xe.Expr[from:to], xe.At-from
		if from > 0 {
			short.Expr, short.At = "…"+short.Expr, short.At+1
		}
		if to < len(xe.Expr) {
			short.Expr += "…"
		}
	}
	msg := short.Error()
	if caret := short.Caret(); caret != "" {
		msg += "\n  " + strings.ReplaceAll(caret, "\n", "\n  ")
	}
	return msg
}

// advice is what to do next about an errno met while doing what; "" where
// nothing general helps.
func advice(err error) string {
	switch {
	case errors.Is(err, unix.EMFILE):
		return "too many descriptors are open; close some (exec 3>&-) or raise ulimit -n"
	case errors.Is(err, unix.EAGAIN):
		return "no more processes may be started; end some jobs, or see ulimit -u"
	case errors.Is(err, unix.ENOMEM):
		return "the machine is out of memory"
	case errors.Is(err, unix.E2BIG):
		return "arguments and environment are too long together; xargs splits them"
	case errors.Is(err, unix.ENOSPC):
		return "the disk is full"
	case errors.Is(err, unix.ETXTBSY):
		return "somebody has the program open for writing"
	}
	return ""
}

// spawnText says why a program could not be started, for a learner, and gives
// the status that POSIX 2.8.2 wants: 127 not found, 126 found but not run.
func spawnText(name string, err error) (text string, status int) {
	var se *pgroup.SpawnError
	text, status = name+": "+errnoText(err), 126
	if errors.As(err, &se) {
		switch {
		case se.Step == "clone":
			text = name + ": cannot start a process: " + errnoText(err)
		case se.Step != "execve":
			text = name + ": " + se.Step + " was refused: " + errnoText(err)
		case se.Errno == unix.ENOENT:
			text, status = name+": cannot be run: the file is there, but the interpreter that its first line (#!) names, or its loader, is not", 126
			if unix.Access(se.Path, unix.F_OK) != nil {
				text, status = name+": no such file (ENOENT)", 127
			}
		case se.Errno == unix.EACCES:
			text = name + ": not executable: " + whyNotExecutable(se.Path)
		}
	}
	if a := advice(err); a != "" {
		text += ": " + a
	}
	return text, status
}

// whyNotExecutable looks at what execve refused with EACCES.
func whyNotExecutable(path string) string {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return errnoText(err)
	}
	switch {
	case st.Mode&unix.S_IFMT == unix.S_IFDIR:
		return "it is a directory; cd goes there"
	case st.Mode&unix.S_IFMT != unix.S_IFREG:
		return "it is not a regular file"
	case st.Mode&0o111 == 0:
		return "no x permission; chmod +x " + path + " would give it"
	}
	return "permission denied (EACCES)"
}

// didYouMean finds a command name near the one typed; "" if none is near. A
// guess that is not likely what was meant is worse than none: one slip is
// allowed, two in a name of 5 letters or more that begins and ends the same.
func (s *Shell) didYouMean(name string) string {
	const far = 3
	best, bestCost := "", far
	try := func(cand string) {
		if d := len(cand) - len(name); d > 2 || d < -2 || cand == name {
			return
		}
		c := 0 // a difference of case alone, as caps lock makes it
		if !strings.EqualFold(name, cand) {
			c = slips(name, cand)
			if c == 1 && !oneSlip(name, cand) || c == 2 && !twoSlips(name, cand) {
				return
			}
		}
		if c < bestCost || c == bestCost && c < far && cand < best {
			best, bestCost = cand, c
		}
	}
	for n := range builtins {
		try(n)
	}
	for n := range s.extra {
		try(n)
	}
	for n := range s.own {
		try(n)
	}
	for n := range s.funcs {
		try(n)
	}
	for n := range s.aliases {
		try(n)
	}
	for dir := range strings.SplitSeq(s.Var("PATH"), ":") {
		for _, n := range listDir(dir) {
			try(n)
		}
	}
	return best
}

// oneSlip tells whether two names one slip apart are likely meant to be one. Of
// a name of two letters a slip leaves too little, but for a swap (sl) or a letter
// doubled (lss); of three letters the first must be right.
func oneSlip(name, cand string) bool {
	switch short := min(len(name), len(cand)); {
	case swapped(name, cand):
		return true
	case short < 2:
		return false
	case short == 2:
		return len(name) == 3 && (name[1] == name[0] || name[1] == name[2]) && len(cand) == 2
	case short == 3:
		return name[0] == cand[0]
	}
	return true
}

// twoSlips tells it of two names two slips apart.
func twoSlips(name, cand string) bool {
	return len(name) >= 5 && len(cand) >= 5 && name[0] == cand[0] && name[len(name)-1] == cand[len(cand)-1]
}

// swapped tells whether the names differ by two neighbours that changed places.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// notOurs says what to use in place of a builtin of bash that jsh does not have,
// or of a [ without blanks around it.
func notOurs(name string) string {
	if before, _, is := strings.Cut(name, "["); is {
		switch before {
		case "if", "elif", "while", "until":
			return "put a blank before the [: " + before + " [ … ]"
		case "":
			return "[ is a command: put a blank after it: [ … ]"
		}
	}
	use := ""
	switch name {
	case "declare", "typeset":
		use = "use NAME=value, export, readonly, or local in a function"
	case "let":
		use = "use NAME=$((…)), or [ … ]"
	case "shopt":
		use = "set -o lists the options there are"
	case "mapfile", "readarray":
		use = "use while read -r line; do …; done"
	case "pushd", "popd", "dirs":
		use = "use cd, and cd - to go back"
	case "builtin":
		use = "use command"
	case "compgen", "complete", "compopt", "bind", "enable", "caller":
	default:
		return ""
	}
	text := "jsh has no " + name + " (it is bash's)"
	if use != "" {
		text += "; " + use
	}
	return text
}

// slips counts the letters to insert, delete, change or swap (the optimal
// string alignment distance).
func slips(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 99
	}
	var rows [3][66]int
	for j := 0; j <= len(b); j++ {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur, prev, prev2 := &rows[(i+1)%3], &rows[i%3], &rows[(i+2)%3]
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
	}
	return rows[(len(a)+1)%3][len(b)]
}

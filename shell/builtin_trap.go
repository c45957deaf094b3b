package shell

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/jobs"
)

// builtinTrap is trap (POSIX.1-2024, 2.15).
func builtinTrap(s *Shell, args []string) int {
	a := args[1:]
	printing := false
	if len(a) > 0 && a[0] == "-p" {
		printing, a = true, a[1:]
	}
	if len(a) > 0 && a[0] == "--" {
		a = a[1:]
	} else if !printing && len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' {
		return s.usage("trap", a[0]+": no such option (there is -p)")
	}
	if len(a) == 0 || printing {
		return s.printTraps(a)
	}
	// trap N …: an unsigned number first resets all that are named.
	action := trapAction{set: true, action: a[0]}
	if _, err := strconv.ParseUint(a[0], 10, 16); err == nil {
		action = trapAction{}
	} else if a[0] == "-" {
		action, a = trapAction{}, a[1:]
	} else {
		a = a[1:]
	}
	if len(a) == 0 {
		return s.usage("trap", "for which signals? trap ACTION SIGNAL… (EXIT is one; kill -l lists them)")
	}
	status := 0
	for _, w := range a {
		n, ok := conditionNumber(w)
		if !ok {
			s.complain("trap: " + w + ": no such signal (kill -l lists them)")
			status = 1
			continue
		}
		if n == 0 {
			s.traps.exit = action
			s.traps.parent = nil
			continue
		}
		sig := unix.Signal(n)
		if sig == unix.SIGKILL || sig == unix.SIGSTOP {
			s.complain("trap: " + jobs.SigName(n) + ": the kernel lets no program catch or ignore it")
			status = 1
			continue
		}
		s.setTrap(sig, action)
	}
	return status
}

// conditionNumber is the number of a trap's condition; 0 is EXIT.
func conditionNumber(w string) (int, bool) {
	if strings.EqualFold(w, "EXIT") {
		return 0, true
	}
	return jobs.SigNumber(w)
}

func (s *Shell) printTraps(only []string) int {
	lines := s.trapLines()
	if len(only) > 0 {
		var some []string
		for _, w := range only {
			n, ok := conditionNumber(w)
			if !ok {
				return s.usage("trap", w+": no such signal (kill -l lists them)")
			}
			name := "EXIT"
			if n > 0 {
				name = strings.TrimPrefix(jobs.SigName(n), "SIG")
			}
			line := "trap -- - " + name
			if n > 0 && s.traps.entry.Has(unix.Signal(n)) {
				line = "trap -- '' " + name
			}
			for _, l := range lines {
				if strings.HasSuffix(l, " "+name) {
					line = l
				}
			}
			some = append(some, line)
		}
		lines = some
	}
	if len(lines) == 0 {
		return 0
	}
	return s.outString("trap", strings.Join(lines, "\n")+"\n")
}

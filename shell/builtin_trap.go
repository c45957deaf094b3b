package shell

import (
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
	switch {
	case printing:
		return s.printTraps(a)
	case len(a) == 0:
		if lines := s.trapLines(); len(lines) > 0 {
			return s.outString("trap", strings.Join(lines, "\n")+"\n")
		}
		return 0
	}
	s.traps.parent = nil
	action := trapAction{set: true, action: a[0]}
	switch {
	case isUnsigned(a[0]):
		// trap N …: all operands are conditions, to be reset.
		action = trapAction{}
	case a[0] == "-":
		action, a = trapAction{}, a[1:]
	default:
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

func isUnsigned(w string) bool { return w != "" && strings.Trim(w, "0123456789") == "" }

// conditionNumber is the number of a trap's condition; 0 is EXIT.
func conditionNumber(w string) (int, bool) {
	if strings.EqualFold(w, "EXIT") {
		return 0, true
	}
	return jobs.SigNumber(w)
}

// conditionName is its name as trap writes it.
func conditionName(n int) string {
	if n == 0 {
		return "EXIT"
	}
	return strings.TrimPrefix(jobs.SigName(n), "SIG")
}

// trapLine is a command that sets a trap again; action is quoted already.
func trapLine(action string, n int) string { return "trap -- " + action + " " + conditionName(n) }

// quoteAction quotes an action always, as other shells do.
func quoteAction(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// printTraps is trap -p: the conditions named, or all there are, with those that
// have their default action.
func (s *Shell) printTraps(conditions []string) int {
	var numbers []int
	for _, w := range conditions {
		n, ok := conditionNumber(w)
		if !ok {
			return s.usage("trap", w+": no such signal (kill -l lists them)")
		}
		numbers = append(numbers, n)
	}
	if len(conditions) == 0 {
		for n := 0; n <= jobs.MaxSig; n++ {
			if n != int(unix.SIGKILL) && n != int(unix.SIGSTOP) && conditionName(n) != "" {
				numbers = append(numbers, n)
			}
		}
	}
	set := s.trapLines()
	var b strings.Builder
	for _, n := range numbers {
		line := trapLine("-", n)
		for _, l := range set {
			if strings.HasSuffix(l, " "+conditionName(n)) {
				line = l
			}
		}
		b.WriteString(line + "\n")
	}
	return s.outString("trap", b.String())
}

package plain

import "strings"

// Echo appends to out what echo writes for args (without the name), and
// returns the longer buffer. echo always succeeds.
//
// POSIX leaves to the shell what a first operand -n or a backslash does; this
// is bash's choice. Leading operands made only of the letters n, e and E are
// options: n leaves out the newline, e reads backslash escapes, E does not,
// and of e and E the later one counts. Nothing else is an option, "--" neither.
func Echo(args []string, out []byte) []byte {
	newline, escapes := true, false
	for len(args) > 0 && isEchoOption(args[0]) {
		for i := 1; i < len(args[0]); i++ {
			switch args[0][i] {
			case 'n':
				newline = false
			case 'e':
				escapes = true
			case 'E':
				escapes = false
			}
		}
		args = args[1:]
	}
	return writeOperands(args, out, newline, escapes)
}

// XSIEcho is Echo for a shell that follows the XSI option of POSIX: there are
// no options, "-n" is written, and escapes are always read.
func XSIEcho(args []string, out []byte) []byte {
	return writeOperands(args, out, true, true)
}

func isEchoOption(s string) bool {
	if len(s) < 2 || s[0] != '-' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if s[i] != 'n' && s[i] != 'e' && s[i] != 'E' {
			return false
		}
	}
	return true
}

func writeOperands(args []string, out []byte, newline, escapes bool) []byte {
	for i, arg := range args {
		if i > 0 {
			out = append(out, ' ')
		}
		if !escapes || strings.IndexByte(arg, '\\') < 0 {
			out = append(out, arg...)
			continue
		}
		var stop bool
		if out, stop = appendEscaped(out, arg, inEcho); stop {
			return out
		}
	}
	if newline {
		out = append(out, '\n')
	}
	return out
}

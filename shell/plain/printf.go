package plain

import "strconv"

// Printf appends to out what printf writes for args (without the name), and
// returns the longer buffer.
//
// The status is 0 if all went well; 1 if an argument was not the number it
// should be (the output goes on with what could be read) or the format is
// wrong (the output ends there); 2 if there is no format or an unknown option.
// errs has a message for each.
//
// The conversions are POSIX.1-2024's, with numbered arguments (%2$s), and
// bash's %q; a format may also use the length letters of C, which mean
// nothing here. Field width and precision count bytes. Floating-point numbers
// are doubles. An argument beyond the limits of a number makes the status 1,
// as POSIX wants and dash does; bash warns and says 0.
//
// -v needs a variable to write to, %n and %(…)T too or a clock: all three are
// refused by name.
func Printf(args []string, out []byte) (newOut []byte, status int, errs []string) {
	p := printer{out: out, maxField: maxField}
	status = p.printf(args)
	return p.out, status, p.errs
}

// maxField is the largest width or precision in bytes. The output is built in
// memory, so a slip of the keyboard must not ask for all of it.
const maxField = 1 << 28

// printer is one call of printf.
type printer struct {
	out      []byte
	args     []string // after the format
	first    int      // the argument that %1$ means in this pass
	next     int      // the next unnumbered argument
	beyond   int      // one after the highest numbered argument of this pass
	maxField int
	scratch  []byte // %b and %q before they are cut and padded
	errs     []string
}

func (p *printer) fail(err string) {
	p.errs = append(p.errs, "printf: "+err)
}

func (p *printer) printf(args []string) (status int) {
	if len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		switch option := args[0]; {
		case option == "--":
			args = args[1:]
		case option[1] == 'v':
			p.fail("-v: cannot write to a variable here; use NAME=$(printf …)")
			return 2
		default:
			p.fail(option + ": unknown option; write -- before a format that begins with -")
			return 2
		}
	}
	if len(args) == 0 {
		p.fail("expected a format, as in printf '%s\\n' hello")
		return 2
	}
	format := args[0]
	p.args = args[1:]
	for {
		if goOn := p.pass(format); !goOn {
			break
		}
		p.next = max(p.next, p.beyond)
		if p.next == p.first || p.next >= len(p.args) {
			break // no conversion takes an argument, or none is left
		}
		p.first = p.next
	}
	if len(p.errs) > 0 {
		return 1
	}
	return 0
}

// pass writes the format once. goOn is false after \c in an argument of %b
// and after a mistake in the format.
func (p *printer) pass(format string) (goOn bool) {
	copied := 0
	for i := 0; i < len(format); {
		c := format[i]
		if c != '%' && c != '\\' {
			i++
			continue
		}
		p.out = append(p.out, format[copied:i]...)
		n := 0
		switch {
		case c == '\\':
			p.out, n, _ = appendEscape(p.out, format[i:], inFormat)
		case i+1 < len(format) && format[i+1] == '%':
			p.out = append(p.out, '%')
			n = 2
		default:
			d, length, err := p.directive(format[i:])
			if err != "" {
				p.fail(format[i:i+length] + ": " + err)
				return false
			}
			if stop := p.convert(d); stop {
				return false
			}
			n = length
		}
		i += n
		copied = i
	}
	p.out = append(p.out, format[copied:]...)
	return true
}

// argument gives the argument with this number in the pass, or the next one
// for 0. There may be none: ok is false.
func (p *printer) argument(number int) (arg string, ok bool) {
	i := p.next
	if number > 0 {
		i = p.first + number - 1
		p.beyond = max(p.beyond, i+1)
	} else {
		p.next++
	}
	if i < len(p.args) {
		return p.args[i], true
	}
	if number > 0 {
		// POSIX.1-2024, printf, EXTENDED DESCRIPTION: a missing argument is
		// null or zero, but one asked for by number is worth a diagnostic.
		p.fail("%" + strconv.Itoa(number) + "$: there is no such argument")
	}
	return "", false
}

// convert writes one conversion. stop says that \c ended the output.
func (p *printer) convert(d directive) (stop bool) {
	arg, _ := p.argument(d.number)
	start := len(p.out)
	switch d.letter {
	case 's':
		text(p, d, arg)
	case 'b':
		p.scratch, stop = appendEscaped(p.scratch[:0], arg, inB)
		text(p, d, p.scratch)
	case 'q':
		p.scratch = appendQuoted(p.scratch[:0], arg)
		text(p, d, p.scratch)
	case 'c':
		if arg == "" {
			p.out = append(p.out, 0) // as bash and dash; POSIX leaves it open
		} else {
			p.out = append(p.out, arg[0])
		}
		p.pad(d, start)
	case 'd', 'i':
		v, f := readSigned(arg)
		p.report(arg, f)
		size := uint64(v)
		if v < 0 {
			size = -size
		}
		p.integer(d, size, v < 0)
	case 'o', 'u', 'x', 'X':
		v, f := readUnsigned(arg)
		p.report(arg, f)
		d.plus, d.space = false, false // flags of signed conversions only
		p.integer(d, v, false)
	default:
		v, f := readFloat(arg)
		p.report(arg, f)
		p.float(d, v)
	}
	return stop
}

func (p *printer) report(arg string, f fault) {
	if f != fine {
		p.fail(arg + ": " + string(f))
	}
}

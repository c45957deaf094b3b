package plain

// The statuses of test: POSIX, test, EXIT STATUS.
const (
	isTrue  = 0
	isFalse = 1
	isError = 2
)

// Test decides the expression in args (without the name) for the utility
// called name, "test" or "[". For "[" the last argument must be "]".
//
// The status is 0 for true, 1 for false, and 2 for an expression that cannot
// be decided; only then err says why. Up to four arguments it follows the
// table of POSIX.1-2024 by their number, so no operand is ever taken for an
// operator by accident. Where POSIX says nothing (-a, -o, parentheses, more
// than four arguments) it reads the expression as bash does. Strings are
// compared byte by byte.
//
// -v, -R and -o as a unary primary ask about variables and options of the
// shell; they are refused by name.
func Test(name string, args []string, fs FS) (status int, err string) {
	if name == "[" {
		if len(args) == 0 || args[len(args)-1] != "]" {
			return isError, "[: missing ]"
		}
		args = args[:len(args)-1]
	}
	e := expression{args: args, fs: fs}
	value := e.decide()
	switch {
	case e.err != "":
		return isError, name + ": " + e.err
	case value:
		return isTrue, ""
	}
	return isFalse, ""
}

// expression is one call of test. err is the first thing that went wrong,
// without the name; once it is set, values no longer matter.
type expression struct {
	args []string
	pos  int // of the next argument, when there are too many for the table
	fs   FS
	err  string
}

func (e *expression) fail(err string) bool {
	if e.err == "" {
		e.err = err
	}
	return false
}

// decide is POSIX's table by the number of arguments.
func (e *expression) decide() bool {
	a := e.args
	switch len(a) {
	case 0:
		return false
	case 1:
		return a[0] != ""
	case 2:
		return e.two(a)
	case 3:
		return e.three(a)
	case 4:
		if a[0] == "!" {
			return !e.three(a[1:])
		}
		if a[0] == "(" && a[3] == ")" {
			return e.two(a[1:3])
		}
	}
	value := e.or()
	if e.err == "" && e.pos < len(a) {
		return e.fail("too many arguments: the expression already ended before " + a[e.pos])
	}
	return value
}

func (e *expression) two(a []string) bool {
	if a[0] == "!" {
		return a[1] == ""
	}
	if op := unaryOperator(a[0]); op != 0 {
		return e.unary(op, a[1])
	}
	if binaryOperator(a[0]) != opNone {
		return e.fail(a[0] + ": nothing stands to its left: an empty variable? Quote it: \"$x\"")
	}
	if binaryOperator(a[1]) != opNone {
		return e.fail(a[1] + ": nothing stands to its right: an empty variable? Quote it: \"$x\"")
	}
	return e.fail(a[0] + ": expected a unary operator, such as -n or -f")
}

func (e *expression) three(a []string) bool {
	if op := binaryOperator(a[1]); op != opNone {
		return e.binary(op, a[0], a[1], a[2])
	}
	switch {
	case a[1] == "-a":
		return a[0] != "" && a[2] != ""
	case a[1] == "-o":
		return a[0] != "" || a[2] != ""
	case a[0] == "!":
		return !e.two(a[1:])
	case a[0] == "(" && a[2] == ")":
		return a[1] != ""
	}
	return e.fail(a[1] + ": expected a binary operator, such as = or -lt")
}

// or, and and term read what the table does not cover: -a binds tighter than
// -o, ! negates one term. Both sides are always decided, so that an error on
// the right is seen whatever the left is.
func (e *expression) or() bool {
	value := e.and()
	for e.at("-o") {
		right := e.and()
		value = value || right
	}
	return value
}

func (e *expression) and() bool {
	value := e.term()
	for e.at("-a") {
		right := e.term()
		value = value && right
	}
	return value
}

func (e *expression) term() bool {
	negate := false
	for e.at("!") {
		negate = !negate
	}
	rest := e.args[e.pos:]
	if len(rest) == 0 {
		return e.fail("expected another argument after " + e.args[e.pos-1])
	}
	if rest[0] == "(" {
		return e.group() != negate
	}
	if len(rest) >= 3 {
		if op := binaryOperator(rest[1]); op != opNone {
			e.pos += 3
			return e.binary(op, rest[0], rest[1], rest[2]) != negate
		}
	}
	if len(rest) >= 2 {
		if op := unaryOperator(rest[0]); op != 0 {
			if _, number := decimal(rest[1]); op == 't' && !number {
				// The old -t without an operand; bash still reads it here.
				e.pos++
				return negate
			}
			e.pos += 2
			return e.unary(op, rest[1]) != negate
		}
	}
	e.pos++
	return (rest[0] != "") != negate
}

// group reads "(", an expression and ")".
func (e *expression) group() bool {
	e.pos++
	value := e.or()
	if e.err == "" && !e.at(")") {
		if e.pos == len(e.args) {
			return e.fail("expected a ) at the end")
		}
		return e.fail("expected a ) before " + e.args[e.pos])
	}
	return value
}

// at steps over the next argument if it is word. After an error it steps over
// nothing, so the reading ends.
func (e *expression) at(word string) bool {
	if e.err != "" || e.pos == len(e.args) || e.args[e.pos] != word {
		return false
	}
	e.pos++
	return true
}

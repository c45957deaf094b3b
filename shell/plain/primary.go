package plain

import "golang.org/x/sys/unix"

// operator is a binary primary of test.
type operator uint8

const (
	opNone operator = iota
	opSame
	opDiffers
	opBefore
	opAfter
	opEQ
	opNE
	opLT
	opLE
	opGT
	opGE
	opNewer
	opOlder
	opSameFile
)

func binaryOperator(s string) operator {
	switch s {
	case "=", "==":
		return opSame
	case "!=":
		return opDiffers
	case "<":
		return opBefore
	case ">":
		return opAfter
	case "-eq":
		return opEQ
	case "-ne":
		return opNE
	case "-lt":
		return opLT
	case "-le":
		return opLE
	case "-gt":
		return opGT
	case "-ge":
		return opGE
	case "-nt":
		return opNewer
	case "-ot":
		return opOlder
	case "-ef":
		return opSameFile
	}
	return opNone
}

func (e *expression) binary(op operator, left, word, right string) bool {
	switch op {
	case opSame:
		return left == right
	case opDiffers:
		return left != right
	case opBefore:
		return left < right
	case opAfter:
		return left > right
	case opNewer, opOlder:
		if op == opOlder {
			left, right = right, left
		}
		a, haveA := e.fs.Stat(left)
		b, haveB := e.fs.Stat(right)
		return haveA && (!haveB || a.Mtime.After(b.Mtime))
	case opSameFile:
		a, haveA := e.fs.Stat(left)
		b, haveB := e.fs.Stat(right)
		return haveA && haveB && a.Dev == b.Dev && a.Ino == b.Ino
	}
	a, ok := decimal(left)
	if !ok {
		return e.fail(left + ": integer expected (as in " + word + "'s left side)")
	}
	b, ok := decimal(right)
	if !ok {
		return e.fail(right + ": integer expected (as in " + word + "'s right side)")
	}
	switch op {
	case opEQ:
		return a == b
	case opNE:
		return a != b
	case opLT:
		return a < b
	case opLE:
		return a <= b
	case opGT:
		return a > b
	default:
		return a >= b
	}
}

// decimal reads an integer as bash's test does: white space before, a sign,
// decimal digits, blanks after; nothing beyond 64 bits. A leading 0 does not
// make it octal, and 0x is no number.
func decimal(s string) (v int64, ok bool) {
	i := skipSpace(s)
	negative := false
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		negative = s[i] == '-'
		i++
	}
	var size uint64
	start := i
	for ; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
		if size > 1<<63/10 {
			return 0, false
		}
		size = size*10 + uint64(s[i]-'0')
	}
	if i == start {
		return 0, false
	}
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	if i < len(s) {
		return 0, false
	}
	if negative {
		return -int64(size), size <= 1<<63
	}
	return int64(size), size < 1<<63
}

// unaryOperator is the letter of a unary primary, or 0.
func unaryOperator(s string) byte {
	if len(s) != 2 || s[0] != '-' {
		return 0
	}
	switch s[1] {
	case 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'k', 'n', 'o', 'p', 'r', 's', 't', 'u', 'v', 'w', 'x', 'z',
		'G', 'L', 'N', 'O', 'R', 'S':
		return s[1]
	}
	return 0
}

func (e *expression) unary(op byte, arg string) bool {
	switch op {
	case 'n':
		return arg != ""
	case 'z':
		return arg == ""
	case 't':
		fd, ok := decimal(arg)
		// No terminal has a number that is none, so this is false, not an
		// error: bash's answer, which lets an unset variable pass.
		return ok && fd >= 0 && fd <= 1<<31-1 && e.fs.IsTerminal(int(fd))
	case 'r':
		return e.fs.Access(arg, unix.R_OK)
	case 'w':
		return e.fs.Access(arg, unix.W_OK)
	case 'x':
		return e.fs.Access(arg, unix.X_OK)
	case 'v':
		return e.fail("-v: cannot look at variables here; use [ -n \"${NAME+set}\" ]")
	case 'R':
		return e.fail("-R: there are no name references here")
	case 'o':
		return e.fail("-o: cannot look at the shell's options here; use case $- in")
	case 'h', 'L':
		info, ok := e.fs.Lstat(arg)
		return ok && info.Mode&unix.S_IFMT == unix.S_IFLNK
	}
	info, ok := e.fs.Stat(arg)
	if !ok {
		return false
	}
	format := info.Mode & unix.S_IFMT
	switch op {
	case 'b':
		return format == unix.S_IFBLK
	case 'c':
		return format == unix.S_IFCHR
	case 'd':
		return format == unix.S_IFDIR
	case 'f':
		return format == unix.S_IFREG
	case 'p':
		return format == unix.S_IFIFO
	case 'S':
		return format == unix.S_IFSOCK
	case 'g':
		return info.Mode&unix.S_ISGID != 0
	case 'k':
		return info.Mode&unix.S_ISVTX != 0
	case 'u':
		return info.Mode&unix.S_ISUID != 0
	case 's':
		return info.Size > 0
	case 'N':
		return info.Mtime.After(info.Atime)
	case 'O':
		uid, _ := e.fs.EffectiveIDs()
		return info.UID == uid
	case 'G':
		_, gid := e.fs.EffectiveIDs()
		return info.GID == gid
	}
	return true // -e, and -a, its old name
}

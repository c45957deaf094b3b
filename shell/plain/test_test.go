package plain

import (
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// fakeFS answers from tables, so that deciding is tested without a kernel.
type fakeFS struct {
	files     map[string]FileInfo // what Stat says
	links     map[string]FileInfo // what Lstat says where it differs
	access    map[string]uint32   // the modes that are allowed
	terminals map[int]bool
}

func (f fakeFS) Stat(path string) (FileInfo, bool) {
	info, ok := f.files[path]
	return info, ok
}

func (f fakeFS) Lstat(path string) (FileInfo, bool) {
	if info, ok := f.links[path]; ok {
		return info, true
	}
	return f.Stat(path)
}

func (f fakeFS) Access(path string, mode uint32) bool { return f.access[path]&mode == mode }
func (f fakeFS) IsTerminal(fd int) bool               { return f.terminals[fd] }
func (f fakeFS) EffectiveIDs() (uid, gid uint32)      { return 1000, 100 }

var (
	noon   = time.Unix(43200, 0)
	later  = noon.Add(time.Nanosecond)
	someFS = fakeFS{
		files: map[string]FileInfo{
			"file":    {Mode: unix.S_IFREG | 0o644, UID: 1000, GID: 100, Size: 1, Dev: 1, Ino: 1, Mtime: noon, Atime: noon},
			"same":    {Mode: unix.S_IFREG | 0o644, UID: 1000, GID: 100, Size: 1, Dev: 1, Ino: 1, Mtime: noon, Atime: noon},
			"empty":   {Mode: unix.S_IFREG | 0o644, Dev: 2, Ino: 1, Mtime: later, Atime: noon},
			"dir":     {Mode: unix.S_IFDIR | unix.S_ISVTX | 0o777, Dev: 1, Ino: 3},
			"fifo":    {Mode: unix.S_IFIFO},
			"socket":  {Mode: unix.S_IFSOCK},
			"block":   {Mode: unix.S_IFBLK},
			"char":    {Mode: unix.S_IFCHR},
			"setuid":  {Mode: unix.S_IFREG | unix.S_ISUID | 0o755},
			"setgid":  {Mode: unix.S_IFREG | unix.S_ISGID | 0o755},
			"symlink": {Mode: unix.S_IFREG},
		},
		links: map[string]FileInfo{
			"symlink":  {Mode: unix.S_IFLNK},
			"dangling": {Mode: unix.S_IFLNK},
		},
		access:    map[string]uint32{"file": unix.R_OK, "empty": unix.W_OK, "dir": unix.R_OK | unix.X_OK},
		terminals: map[int]bool{0: true},
	}
)

func TestFilePrimaries(t *testing.T) {
	yes := map[string]string{ // the files for which a primary is true
		"-e": "block char dir empty fifo file same setgid setuid socket symlink",
		"-a": "block char dir empty fifo file same setgid setuid socket symlink",
		"-b": "block", "-c": "char", "-d": "dir", "-p": "fifo", "-S": "socket",
		"-f": "empty file same setgid setuid symlink",
		"-h": "dangling symlink", "-L": "dangling symlink",
		"-g": "setgid", "-u": "setuid", "-k": "dir",
		"-s": "file same", "-r": "dir file", "-w": "empty", "-x": "dir",
		"-N": "empty", "-O": "file same", "-G": "file same",
	}
	all := strings.Fields("block char dangling dir empty fifo file missing same setgid setuid socket symlink")
	for op, names := range yes {
		for _, name := range all {
			want := isFalse
			if strings.Contains(" "+names+" ", " "+name+" ") {
				want = isTrue
			}
			if got, err := Test("test", words(op, name), someFS); got != want || err != "" {
				t.Errorf("test %s %s: status %d %s, want %d", op, name, got, err, want)
			}
		}
	}
}

var deciding = []struct {
	rule string
	args []string
	want int
	err  string // without "test: "
	bash string // why bash differs; it must agree if this is empty
	dash string
}{
	{rule: "no argument is false", want: 1},
	{rule: "one argument is true unless it is empty", args: words("a")},
	{rule: "one empty argument is false", args: words(""), want: 1},
	{rule: "one argument is never an operator", args: words("-n")},
	{rule: "a lone ! is a string", args: words("!")},
	{rule: "a lone ( is a string", args: words("(")},

	{rule: "! before one argument", args: words("!", "a"), want: 1},
	{rule: "! before an empty argument", args: words("!", "")},
	{rule: "! before ! is a string", args: words("!", "!"), want: 1},
	{rule: "! before -n is a string", args: words("!", "-n"), want: 1},
	{rule: "-n", args: words("-n", ""), want: 1},
	{rule: "-n takes any string", args: words("-n", "=")},
	{rule: "-z", args: words("-z", "")},
	{rule: "two arguments need a unary operator", args: words("a", "b"), want: 2, err: "a: expected a unary operator, such as -n or -f"},
	{rule: "an operator without a left side hints at an empty variable", args: words("=", "3"), want: 2, err: "=: nothing stands to its left: an empty variable? Quote it: \"$x\""},
	{rule: "an operator without a right side hints at an empty variable", args: words("3", "-eq"), want: 2, err: "-eq: nothing stands to its right: an empty variable? Quote it: \"$x\""},
	{rule: "an unknown letter", args: words("-q", "b"), want: 2, err: "-q: expected a unary operator, such as -n or -f"},
	{rule: "two parentheses", args: words("(", ")"), want: 2, err: "(: expected a unary operator, such as -n or -f", dash: open},
	{rule: "-t of what is no number is false", args: words("-t", "abc"), want: 1, dash: "calls it an error; POSIX leaves it open"},
	{rule: "-t of a number beyond all descriptors is false", args: words("-t", "99999999999"), want: 1, dash: "cuts the number"},
	{rule: "-v is refused by name", args: words("-v", "x"), want: 2, err: `-v: cannot look at variables here; use [ -n "${NAME+set}" ]`, bash: "has variables"},
	{rule: "-o is refused by name", args: words("-o", "posix"), want: 2, err: "-o: cannot look at the shell's options here; use case $- in", bash: "has options"},
	{rule: "-R is refused by name", args: words("-R", "x"), want: 2, err: "-R: there are no name references here", bash: "has variables"},

	{rule: "= of equal strings", args: words("a", "=", "a")},
	{rule: "= of other strings", args: words("a", "=", "b"), want: 1},
	{rule: "== is bash's =", args: words("a", "==", "a"), dash: bashOnly},
	{rule: "!=", args: words("a", "!=", "b")},
	{rule: "strings are in the order of their bytes", args: words("B", "<", "a")},
	{rule: "nothing is before itself", args: words("a", "<", "a"), want: 1},
	{rule: ">", args: words("b", ">", "a")},
	{rule: "=~ is not for test", args: words("a", "=~", "a"), want: 2, err: "=~: expected a binary operator, such as = or -lt"},
	{rule: "the middle operator comes first: ! = !", args: words("!", "=", "!")},
	{rule: "the middle operator comes first: ( = )", args: words("(", "=", ")"), want: 1},
	{rule: "the middle operator comes first: -n = -n", args: words("-n", "=", "-n")},
	{rule: "! before two arguments", args: words("!", "-n", "a"), want: 1},
	{rule: "! before a mistake is a mistake", args: words("!", "a", "b"), want: 2, err: "a: expected a unary operator, such as -n or -f"},
	{rule: "parentheses around one argument", args: words("(", "a", ")")},
	{rule: "parentheses around an empty argument", args: words("(", "", ")"), want: 1},
	{rule: "parentheses around an operator", args: words("(", "!", ")")},
	{rule: "three arguments need a binary operator", args: words("a", "b", "c"), want: 2, err: "b: expected a binary operator, such as = or -lt"},
	{rule: "-a between two strings", args: words("a", "-a", ""), want: 1},
	{rule: "-o between two strings", args: words("", "-o", "b")},
	{rule: "-a is an operator before ! is", args: words("!", "-a", "x"), dash: open},

	{rule: "-eq", args: words("7", "-eq", "7")},
	{rule: "-ne", args: words("7", "-ne", "7"), want: 1},
	{rule: "-lt", args: words("-3", "-lt", "2")},
	{rule: "-le", args: words("2", "-le", "2")},
	{rule: "-gt", args: words("10", "-gt", "9")},
	{rule: "-ge", args: words("1", "-ge", "2"), want: 1},
	{rule: "numbers are decimal, whatever they begin with", args: words("010", "-eq", "10")},
	{rule: "a sign and blanks around a number", args: words(" +5", "-eq", "5 \t")},
	{rule: "minus zero is zero", args: words("-0", "-eq", "0")},
	{rule: "the limits of 64 bits", args: words("-9223372036854775808", "-lt", "9223372036854775807")},
	{rule: "a number beyond 64 bits", args: words("9223372036854775808", "-gt", "1"), want: 2, err: "9223372036854775808: integer expected (as in -gt's left side)"},
	{rule: "a number far beyond 64 bits", args: words("1", "-gt", "99999999999999999999999"), want: 2, err: "99999999999999999999999: integer expected (as in -gt's right side)"},
	{rule: "a number that wraps round to a small one", args: words("18446744073709551617", "-eq", "1"), want: 2, err: "18446744073709551617: integer expected (as in -eq's left side)"},
	{rule: "no number on the right", args: words("1", "-lt", "abc"), want: 2, err: "abc: integer expected (as in -lt's right side)"},
	{rule: "an empty string is no number", args: words("", "-eq", "0"), want: 2, err: ": integer expected (as in -eq's left side)"},
	{rule: "hexadecimal is no number", args: words("0x10", "-eq", "16"), want: 2, err: "0x10: integer expected (as in -eq's left side)"},
	{rule: "a sign alone is no number", args: words("-", "-eq", "0"), want: 2, err: "-: integer expected (as in -eq's left side)"},
	{rule: "a blank after the sign is no number", args: words("- 5", "-eq", "0"), want: 2, err: "- 5: integer expected (as in -eq's left side)"},
	{rule: "a newline after a number is no blank", args: words("5\n", "-eq", "5"), want: 2, err: "5\n: integer expected (as in -eq's left side)", dash: open},

	{rule: "! before three arguments", args: words("!", "a", "=", "b")},
	{rule: "( ) around two arguments", args: words("(", "-n", "a", ")")},
	{rule: "( ) around ! and a string", args: words("(", "!", "a", ")"), want: 1},
	{rule: "! before ( )", args: words("!", "(", "a", ")"), want: 1},
	{rule: "two !", args: words("!", "!", "-n", "a"), dash: "gives false; POSIX negates the test of three arguments (test, OPERANDS, 4 arguments)"},
	{rule: "four arguments that fit nothing", args: words("a", "=", "b", "c"), want: 2, err: "too many arguments: the expression already ended before c"},
	{rule: "-a binds tighter than -o", args: words("a", "-o", "a", "-a", "")},
	{rule: "-a binds tighter than -o on the left too", args: words("", "-a", "a", "-o", "a")},
	{rule: "parentheses bind tightest", args: words("(", "a", "-o", "a", ")", "-a", ""), want: 1},
	{rule: "primaries joined by -o", args: words("a", "=", "b", "-o", "c", "=", "c")},
	{rule: "nested parentheses", args: words("(", "(", "a", ")", ")")},
	{rule: "! negates one term", args: words("!", "", "-a", "", "=", "b"), want: 1},
	{rule: "an operand like an operator, among five arguments", args: words("-n", "=", "-n", "-a", "x")},
	{rule: "an error on the right is seen though the left is true", args: words("a", "-o", "x", "-eq", "1"), want: 2, err: "x: integer expected (as in -eq's left side)", dash: "leaves out the right side"},
	{rule: "a parenthesis that is not closed", args: words("(", "a", "=", "b"), want: 2, err: "expected a ) at the end"},
	{rule: "a parenthesis that is closed too late", args: words("(", "a", "b", "c", "d"), want: 2, err: "expected a ) before b"},
	{rule: "nothing after -a", args: words("-n", "a", "-a", "b", "-a"), want: 2, err: "expected another argument after -a", dash: "reads past the end of its arguments, and may crash"},
	{rule: "-t without a number, among five arguments, is the old -t without an operand", args: words("-t", "-o", "a", "=", "a"), dash: open},
	{rule: "nothing but !", args: words("!", "!", "!", "!", "!"), want: 2, err: "expected another argument after !", dash: open},

	{rule: "-ef", args: words("file", "-ef", "same"), bash: "has other files", dash: "has other files"},
	{rule: "-ef needs the same device", args: words("file", "-ef", "empty"), want: 1, bash: "has other files", dash: "has other files"},
	{rule: "-ef of missing files", args: words("missing", "-ef", "missing"), want: 1},
	{rule: "-nt sees a nanosecond", args: words("empty", "-nt", "file"), bash: "has other files", dash: "has other files"},
	{rule: "-ot sees a nanosecond", args: words("file", "-ot", "empty"), bash: "has other files", dash: "has other files"},
	{rule: "nothing is newer than itself", args: words("file", "-nt", "same"), want: 1},
	{rule: "a file is newer than none", args: words("file", "-nt", "missing"), bash: "has other files", dash: "has other files"},
	{rule: "no file is older than a file", args: words("missing", "-ot", "file"), bash: "has other files", dash: "has other files"},
	{rule: "no file is newer than none", args: words("missing", "-nt", "missing"), want: 1},
	{rule: "-t of a terminal", args: words("-t", " 0 "), bash: "has other descriptors", dash: "has other descriptors"},
	{rule: "-t of a closed descriptor", args: words("-t", "77"), want: 1},
}

func TestTest(t *testing.T) {
	for _, c := range deciding {
		t.Run(c.rule, func(t *testing.T) {
			wantErr := c.err
			if wantErr != "" {
				wantErr = "test: " + wantErr
			}
			if got, err := Test("test", c.args, someFS); got != c.want || err != wantErr {
				t.Errorf("test %q\n got %d %q\nwant %d %q", c.args, got, err, c.want, wantErr)
			}
			if got, _ := Test("[", append(words(c.args...), "]"), someFS); got != c.want {
				t.Errorf("[ %q ]: got %d, want %d", c.args, got, c.want)
			}
		})
	}
}

func TestTestAgreesWithOtherShells(t *testing.T) {
	for _, shell := range []string{"bash", "dash"} {
		t.Run(shell, func(t *testing.T) {
			var commands [][]string
			var asked []int
			for i, c := range deciding {
				differs := c.bash
				if shell == "dash" {
					differs = c.dash
				}
				if differs == "" {
					commands = append(commands, append(words("test"), c.args...))
					asked = append(asked, i)
				}
			}
			for i, v := range ask(t, shell, commands) {
				if c := deciding[asked[i]]; v.status != c.want {
					t.Errorf("%s: %s gave %d for test %q, want %d", c.rule, shell, v.status, c.args, c.want)
				}
			}
		})
	}
}

func TestBracketNeedsItsClosingBracket(t *testing.T) {
	for _, args := range [][]string{nil, words("a"), words("]", "a")} {
		if got, err := Test("[", args, someFS); got != isError || err != "[: missing ]" {
			t.Errorf("[ %q: got %d %q", args, got, err)
		}
	}
	if got, err := Test("[", words("]"), someFS); got != isFalse || err != "" {
		t.Errorf("[ ]: got %d %q, want false", got, err)
	}
	if got, err := Test("[", words("a", "-lt", "1", "]"), someFS); got != isError || err != "[: a: integer expected (as in -lt's left side)" {
		t.Errorf("a message names the utility: got %d %q", got, err)
	}
}

// operands are the words that a random expression is made of: every kind of
// operator, and strings that look like one. Files that may exist are left out.
var operands = words("a", "", "1", "x y", "!", "(", ")", "-a", "-o", "-n", "-z", "-e", "-t", "-q", "--", "-", "=", "!=", "<", "==", "-eq", "-lt", "-nt", "-ef", "-5")

func TestRandomExpressionsAgreeWithBash(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var commands [][]string
	for range 20000 {
		args := words("test")
		for range random.IntN(8) {
			args = append(args, operands[random.IntN(len(operands))])
		}
		if !asksForOption(args[1:]) {
			commands = append(commands, args)
		}
	}
	t.Chdir(t.TempDir())
	for i, v := range ask(t, "bash", commands) {
		if got, err := Test("test", commands[i][1:], Kernel{}); got != v.status {
			t.Errorf("test %q: got %d %s, bash %d", commands[i][1:], got, err, v.status)
		}
	}
}

// asksForOption says that -o may stand as a unary primary, which is refused.
func asksForOption(args []string) bool {
	_, err := Test("test", args, fakeFS{})
	return strings.HasPrefix(err, "test: -o: cannot")
}

func TestKernelAgreesWithBashAboutFiles(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.WriteFile("file", []byte("x"), 0o640))
	must(os.WriteFile("empty", nil, 0o4755))
	must(os.Chmod("empty", 0o755|os.ModeSetuid|os.ModeSetgid))
	must(os.WriteFile("closed", []byte("x"), 0))
	must(os.Mkdir("dir", 0o755))
	must(os.Chmod("dir", 0o755|os.ModeSticky))
	must(os.Symlink("file", "link"))
	must(os.Symlink("nowhere", "dangling"))
	must(os.Link("file", "hard"))
	must(unix.Mkfifo("fifo", 0o600))
	must(os.Chtimes("empty", time.Unix(1000, 5), time.Unix(1000, 6)))
	must(os.Chtimes("closed", time.Unix(1000, 5), time.Unix(1000, 5)))
	must(os.Chtimes("fifo", time.Unix(20_000_000_000, 0), time.Unix(16_000_000_000, 0)))
	listener, err := net.Listen("unix", filepath.Join(dir, "socket"))
	must(err)
	defer listener.Close()

	files := words("file", "empty", "closed", "dir", "link", "dangling", "hard", "fifo", "socket", "missing", "", "file/x", "/dev/null", "/proc/self/exe")
	var commands [][]string
	for _, a := range files {
		for _, letter := range "abcdefghkprsuwxGLNOS" {
			commands = append(commands, words("test", "-"+string(letter), a))
		}
		for _, b := range files {
			for _, op := range words("-nt", "-ot", "-ef") {
				commands = append(commands, words("test", a, op, b))
			}
		}
	}
	for i, v := range ask(t, "bash", commands) {
		if strings.Contains(strings.Join(commands[i], " "), "/proc") && len(commands[i]) == 4 {
			continue // /proc/self/exe is another program in bash
		}
		if got, err := Test("test", commands[i][1:], Kernel{}); got != v.status {
			t.Errorf("%q: got %d %s, bash %d", commands[i], got, err, v.status)
		}
	}
}

func TestKernelKnowsATerminal(t *testing.T) {
	master, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skipf("no pty: %v", err)
	}
	if !(Kernel{}).IsTerminal(master) {
		t.Errorf("a pty is no terminal")
	}
	unix.Close(master)
	null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(null)
	if (Kernel{}).IsTerminal(null) {
		t.Errorf("/dev/null is a terminal")
	}
	if (Kernel{}).IsTerminal(1 << 20) {
		t.Errorf("a closed descriptor is a terminal")
	}
}

func TestComparingNumbersAllocatesNothing(t *testing.T) {
	args := words("99999", "-lt", "100000", "]")
	if n := testing.AllocsPerRun(100, func() { Test("[", args, Kernel{}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzTest(f *testing.F) {
	for _, c := range deciding {
		f.Add(strings.Join(c.args, "\x00"))
	}
	f.Fuzz(func(t *testing.T, joined string) {
		args := strings.Split(joined, "\x00")
		status, err := Test("test", args, someFS)
		if status < isTrue || status > isError || (status == isError) != (err != "") {
			t.Errorf("test %q: status %d with message %q", args, status, err)
		}
		if len(args) > 3 {
			return
		}
		// The table of POSIX: ! before at most three arguments negates them.
		if negated, _ := Test("test", append(words("!"), args...), someFS); len(args) == 3 || len(args) == 1 {
			if want := [...]int{isFalse, isTrue, isError}[status]; negated != want {
				t.Errorf("test ! %q: status %d, without the ! %d", args, negated, status)
			}
		}
	})
}

func BenchmarkTest(b *testing.B) {
	args := words("99999", "-lt", "100000", "]")
	b.ReportAllocs()
	for b.Loop() {
		Test("[", args, Kernel{})
	}
}

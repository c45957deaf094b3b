package plain

import "testing"

// words makes a list of arguments readable in a table.
func words(w ...string) []string { return w }

var echoCases = []struct {
	rule string
	args []string
	want string
}{
	{"no operand writes a newline", nil, "\n"},
	{"operands are joined by one space", words("a", "", "b"), "a  b\n"},
	{"-n leaves out the newline", words("-n", "a"), "a"},
	{"option letters stand together", words("-ne", `a\tb`), "a\tb"},
	{"the later of -e and -E counts", words("-e", "-E", `a\tb`), "a\\tb\n"},
	{"the later of -E and -e counts within one word", words("-Ee", `a\tb`), "a\tb\n"},
	{"a word with another letter is an operand", words("-nx", "a"), "-nx a\n"},
	{"an option after an operand is an operand", words("a", "-n"), "a -n\n"},
	{"a lone - is an operand", words("-", "a"), "- a\n"},
	{"-- is an operand", words("--", "-n"), "-- -n\n"},
	{"an empty operand ends the options", words("", "-n"), " -n\n"},
	{"escapes are not read without -e", words(`a\n\c`), "a\\n\\c\n"},
	{"-e reads the escapes of one letter", words("-e", `\a\b\e\E\f\n\r\t\v\\`), "\a\b\x1b\x1b\f\n\r\t\v\\\n"},
	{"-e reads octal numbers after \\0", words("-e", `\0101\012\08\0`), "A\n\x008\x00\n"},
	{"-e leaves octal numbers without the 0", words("-e", `\101\7`), "\\101\\7\n"},
	{"an octal number above 255 is cut to a byte", words("-e", `\0777`), "\xff\n"},
	{"-e reads bytes and characters in hexadecimal", words("-e", `\x41\x4G\u263a\U1F600\xfff`), "A\x04G☺😀\xfff\n"},
	{"an escape without its digits stands as it is", words("-e", `\x\xg\u\U`), "\\x\\xg\\u\\U\n"},
	{"an unknown escape stands as it is", words("-e", `\q\"\'\?`), "\\q\\\"\\'\\?\n"},
	{"a backslash at the end stands as it is", words("-e", `a\`), "a\\\n"},
	{"\\c ends the output, newline and all", words("-e", `a\cb`, "c"), "a"},
	{"bytes that are not UTF-8 are kept", words("-e", "\xff\x80\\t"), "\xff\x80\t\n"},
}

func TestEcho(t *testing.T) {
	for _, c := range echoCases {
		t.Run(c.rule, func(t *testing.T) {
			if got := string(Echo(c.args, nil)); got != c.want {
				t.Errorf("echo %q\n got %q\nwant %q", c.args, got, c.want)
			}
		})
	}
}

func TestEchoAgreesWithBash(t *testing.T) {
	var commands [][]string
	for _, c := range echoCases {
		commands = append(commands, append(words("echo"), c.args...))
	}
	for i, v := range ask(t, "bash", commands) {
		if want := echoCases[i].want; v.out != want || v.status != 0 {
			t.Errorf("%s: bash wrote %q with status %d, want %q", echoCases[i].rule, v.out, v.status, want)
		}
	}
}

func TestEchoAppends(t *testing.T) {
	if got := string(Echo(words("b"), []byte("a"))); got != "ab\n" {
		t.Errorf("got %q", got)
	}
}

// The rows hold in dash as well, whose echo follows XSI but for -n.
var xsiCases = []struct {
	rule string
	args []string
	want string
}{
	{"escapes are always read", words(`a\tb\0101`), "a\tbA\n"},
	{"-e is an operand", words("-e", "a"), "-e a\n"},
	{"\\c ends the output", words(`a\c`, "b"), "a"},
}

func TestXSIEcho(t *testing.T) {
	var commands [][]string
	for _, c := range xsiCases {
		if got := string(XSIEcho(c.args, nil)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.rule, got, c.want)
		}
		commands = append(commands, append(words("echo"), c.args...))
	}
	if got, want := string(XSIEcho(words("-n", "a"), nil)), "-n a\n"; got != want {
		t.Errorf("-n is an operand: got %q", got)
	}
	for i, v := range ask(t, "dash", commands) {
		if v.out != xsiCases[i].want {
			t.Errorf("%s: dash wrote %q, want %q", xsiCases[i].rule, v.out, xsiCases[i].want)
		}
	}
}

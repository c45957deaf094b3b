package edit

import (
	"errors"
	"io"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// session is an editor on a pty, whose lines come one by one.
type session struct {
	*ptyPair
	e      *Editor
	m      *model
	prompt string
	result chan result
	again  chan bool
	wake   [2]int
}

type result struct {
	line string
	err  error
}

// start runs ReadLine in a goroutine; line starts the next one.
func start(t testing.TB, cols, rows int, cfg Config) *session {
	t.Helper()
	m := newModel(cols, rows, false)
	s := &session{ptyPair: openPTY(t, cols, rows, m), m: m, prompt: "$ ", result: make(chan result, 1), again: make(chan bool)}
	if err := unix.Pipe2(s.wake[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	cfg.TTY, cfg.Out, cfg.Wake = s.slave, s.slave, s.wake[0]
	e, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.e = e
	stopped := make(chan bool)
	go func() {
		defer close(stopped)
		for range s.again {
			line, err := e.ReadLine(s.prompt)
			s.result <- result{line, err}
		}
	}()
	t.Cleanup(func() {
		close(s.again)
		s.master.Close()
		<-stopped
		unix.Close(s.wake[0])
		unix.Close(s.wake[1])
	})
	return s
}

func TestAKeyLongAfterEscIsTheKeyItself(t *testing.T) {
	s := start(t, 20, 8, Config{})
	lone := make(chan bool)
	s.e.lone = func() { lone <- true }
	s.begin()
	s.typeKeys("one two\x1bbX\x1b")
	<-lone
	s.typeKeys("b\r")
	if r := s.end(); r.line != "one Xbtwo" {
		t.Errorf("got %q", r.line)
	}
}

// line starts reading a line and waits for the prompt.
func (s *session) begin() {
	s.t.Helper()
	s.mu.Lock()
	s.raw = nil
	s.mu.Unlock()
	s.again <- true
	last := s.prompt[strings.LastIndexByte(s.prompt, '\n')+1:]
	if !s.await(func() bool { return strings.Contains(string(s.raw), last) }) {
		s.t.Fatalf("no prompt; the screen is\n%s", s.text())
	}
}

func (s *session) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.m.text()
}

func (s *session) end() result {
	s.t.Helper()
	select {
	case r := <-s.result:
		return r
	case <-deadline():
		s.t.Fatalf("ReadLine did not return; the screen is\n%s", s.text())
	}
	return result{}
}

// shows waits until the screen's text is want.
func (s *session) shows(want string) {
	s.t.Helper()
	if !s.await(func() bool { return s.m.text() == want }) {
		s.t.Fatalf("the screen shows\n%s\nwant\n%s\nraw %q", s.text(), want, s.raw)
	}
}

func TestKeys(t *testing.T) {
	const hist = "echo one\nls -l 'two words'\nmake"
	for _, c := range []struct{ name, keys, want string }{
		{"what is typed is returned", "ls -l", "ls -l"},
		{"^A goes to the start and ^E to the end", "b\x01a\x05c", "abc"},
		{"^B and ^F move by a character", "ac\x02b\x06d", "abcd"},
		{"the arrow keys move", "ac\x1b[Db\x1bOCd", "abcd"},
		{"Home and End move, whatever the terminal sends", "b\x1b[Ha\x1b[Fc\x1b[1~0\x1b[4~d\x1bOH-\x1bOF+", "-0abcd+"},
		{"Delete and ^D remove the character under the cursor", "abc\x01\x1b[3~\x04", "c"},
		{"Backspace and ^H remove the character before the cursor", "abcd\x7f\x08", "ab"},
		{"^D at the end of a line removes nothing", "ab\x04", "ab"},
		{"M-f stops behind a word, M-b at its start", "one two\x1bb\x1bbX\x1bfY", "XoneY two"},
		{"Ctrl and Alt with arrows move by words", "one two\x1b[1;5DX\x1b[1;3D\x1b[1;5DY\x1b[1;5CZ", "YoneZ Xtwo"},
		{"^W kills to a blank, M-DEL to the start of a word", "a /usr/bin\x1b\x7f", "a /usr/"},
		{"^W kills a path whole", "a /usr/bin\x17", "a "},
		{"M-d kills to the end of a word", "one two\x01\x1bd", " two"},
		{"^K ^Y brings back what was killed", "one two\x01\x1bf\x0b\x01\x19", " twoone"},
		{"kills in a row are brought back together", "one two three\x17\x17\x01\x19", "two threeone "},
		{"M-y brings back the kill before", "one\x15two\x15\x19\x1by", "one"},
		{"^U kills to the start", "one two\x1bb\x15", "two"},
		{"^T swaps the last two at the end", "ab\x14", "ba"},
		{"^T swaps and passes in the middle", "abc\x02\x02\x14\x14", "bca"},
		{"^_ takes back a word", "one two\x1f", "one"},
		{"^X^U takes back a kill", "one two\x17\x18\x15", "one two"},
		{"M-r takes everything back", "one two\x17x\x1br", ""},
		{"^V inserts what follows as it is", "a\x16\x03\x16\x1bb", "a\x03\x1bb"},
		{"^P and ^N walk through the history, and the new line stays", "new\x10\x10\x0e\x0e!", "new!"},
		{"the up arrow brings the last line", "\x1b[A", "make"},
		{"M-< brings the first line and M-> the new one", "x\x1b<\x1b>y", "xy"},
		{"a line changed on the way keeps its change", "\x10 all\x10\x0e", "make all"},
		{"M-. brings the last argument, and again one further back", "cd \x1b.\x1b.", "cd 'two words'"},
		{"^R finds the newest line that holds a pattern", "\x12o", "ls -l 'two words'"},
		{"^R again finds an older one", "\x12o\x12", "echo one"},
		{"^R and a key edit the line found", "\x12ls\x05x", "ls -l 'two words'x"},
		{"^G gives the line from before the search back", "mine\x12echo\x07", "mine"},
		{"^R Backspace goes back to the match before", "\x12ec\x7f\x7fma", "make"},
		{"^R that finds nothing keeps the last match", "\x12make zzz", "make"},
		{"ESC ends a search", "\x12ls\x1bb!", "!ls -l 'two words'"},
		{"M-u, M-l and M-c change the case of a word", "aB cD eF\x01\x1bu\x1bl\x1bc", "AB cd Ef"},
		{"^Z and ^\\ do nothing", "a\x1a\x1cb", "ab"},
		{"an unknown key does nothing", "a\x1b[15~\x1b[[A\x1b[1;2Pb\x1b[I", "ab"},
		{"a paste is inserted as it is, ^C in it too", "\x1b[200~a\x03b\tc\x1b[201~", "a\x03b\tc"},
		{"a paste of three lines is one edit", "\x1b[200~a\rb\rc\x1b[201~d", "a\nb\ncd"},
		{"^_ takes a paste back whole", "x\x1b[200~a b\rc\x1b[201~\x1f", "x"},
		{"arrows move between the lines of one edit", "\x1b[200~abc\rdef\x1b[201~\x1b[AX\x1b[BY", "abcX\ndefY"},
		{"^A and ^K stay in their line of several", "\x1b[200~abc\rdef\x1b[201~\x1b[A\x01\x0b", "\ndef"},
		{"bytes that are not UTF-8 are returned as they are", "a\xffb\xe6\xbc\xc3(\x02\x02", "a\xffb\xe6\xbc\xc3("},
		{"a wide character is one step", "漢字\x02x", "漢x字"},
		{"a character with its marks is one step", "e\u0301a\x02\x02x", "xe\u0301a"},
		{"an emoji of several parts is one step", "👨‍👩‍👧a\x02\x02x\x05\x7f", "x👨‍👩‍👧"},
		{"NUL is dropped", "a\x00b", "ab"},
		{"what follows ESC O and is no key is typed", "a\x1bO9", "a9"},
		{"M-Enter is a newline in the line", "a\x1b\rb", "a\nb"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, 40, 10, Config{})
			for _, h := range strings.Split(hist, "\n") {
				s.e.AddHistory(h)
			}
			s.begin()
			s.typeKeys(c.keys + "\r")
			if r := s.end(); r.line != c.want || r.err != nil {
				t.Errorf("got %q, %v; want %q", r.line, r.err, c.want)
			}
		})
	}
}

func TestEnds(t *testing.T) {
	for _, c := range []struct {
		name, keys, line string
		err              error
	}{
		{"^C drops the line and tells it", "abc\x03", "abc", ErrInterrupt},
		{"^C ends a search and the line", "\x12abc\x03", "", ErrInterrupt},
		{"^C after ESC is ^C", "ab\x1b\x03", "ab", ErrInterrupt},
		{"^C after ^X is ^C", "ab\x18\x03", "ab", ErrInterrupt},
		{"^C within a broken sequence is ^C", "ab\x1b[1;\x03", "ab", ErrInterrupt},
		{"^D on an empty line is the end", "\x04", "", io.EOF},
		{"^D on a line that was emptied is the end", "a\x7f\x04", "", io.EOF},
		{"^G in a search of an empty history gives the line back", "ab\x12x\x07\r", "ab", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, 40, 10, Config{})
			var before, after unix.Termios
			getModes(t, s.slave, &before)
			s.begin()
			s.typeKeys(c.keys)
			r := s.end()
			if r.line != c.line || !errors.Is(r.err, c.err) {
				t.Errorf("got %q, %v; want %q, %v", r.line, r.err, c.line, c.err)
			}
			getModes(t, s.slave, &after)
			if before != after {
				t.Errorf("the modes are %+v, were %+v", after, before)
			}
			if !s.await(func() bool { return !s.m.paste }) {
				t.Error("bracketed paste is still on")
			}
		})
	}
}

func getModes(t testing.TB, fd int, m *unix.Termios) {
	t.Helper()
	got, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	*m = *got
}

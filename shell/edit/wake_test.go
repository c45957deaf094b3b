package edit

import (
	"errors"
	"io"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// waking is a session whose wake-ups answer with what is sent.
func waking(t *testing.T, cfg Config) (*session, func(notice string, a Action)) {
	type answer struct {
		notice string
		action Action
	}
	var s *session
	answers := make(chan answer, 8)
	cfg.OnWake = func() (string, Action) {
		var b [1]byte
		unix.Read(s.wake[0], b[:])
		a := <-answers
		return a.notice, a.action
	}
	s = start(t, 20, 8, cfg)
	return s, func(notice string, a Action) {
		answers <- answer{notice, a}
		unix.Write(s.wake[1], []byte{0})
	}
}

func TestWake(t *testing.T) {
	t.Run("a notice is printed above the line being typed", func(t *testing.T) {
		s, wake := waking(t, Config{})
		s.begin()
		s.typeKeys("echo a long line that wraps\x02\x02")
		s.shows("$ echo a long line t\nhat wraps")
		wake("[1]+  Done", Continue)
		s.shows("[1]+  Done\n$ echo a long line t\nhat wraps")
		s.typeKeys("X\r")
		if r := s.end(); r.line != "echo a long line that wraXps" {
			t.Errorf("got %q", r.line)
		}
	})
	t.Run("a notice comes above a search too", func(t *testing.T) {
		s, wake := waking(t, Config{})
		s.e.AddHistory("make")
		s.begin()
		s.typeKeys("\x12ma")
		s.shows("(reverse-i-search)`m\na': make")
		wake("a\nb\n", Continue)
		s.shows("a\nb\n(reverse-i-search)`m\na': make")
		s.typeKeys("\r")
		if r := s.end(); r.line != "make" {
			t.Errorf("got %q", r.line)
		}
	})
	t.Run("Interrupt drops the line", func(t *testing.T) {
		s, wake := waking(t, Config{})
		s.begin()
		s.typeKeys("abc")
		s.shows("$ abc")
		wake("", Interrupt)
		if r := s.end(); r.line != "abc" || r.err != ErrInterrupt {
			t.Errorf("got %q, %v", r.line, r.err)
		}
		s.shows("$ abc^C")
	})
	t.Run("Quit is a hang-up", func(t *testing.T) {
		s, wake := waking(t, Config{})
		s.begin()
		wake("", Quit)
		if r := s.end(); r.err != ErrHangup {
			t.Errorf("got %q, %v", r.line, r.err)
		}
	})
	t.Run("Pause puts the terminal back, and the next ReadLine goes on with the line", func(t *testing.T) {
		s, wake := waking(t, Config{})
		var before, within unix.Termios
		getModes(t, s.slave, &before)
		s.begin()
		s.typeKeys("ac\x02")
		s.await(func() bool { return s.m.text() == "$ ac" && s.m.x == 3 })
		wake("", Pause)
		if r := s.end(); r.err != ErrPaused {
			t.Fatalf("got %q, %v", r.line, r.err)
		}
		getModes(t, s.slave, &within)
		if before != within {
			t.Error("the modes are still the editor's")
		}
		unix.Write(s.slave, []byte("trap\n"))
		s.begin()
		s.shows("trap\n$ ac")
		s.typeKeys("b\r")
		if r := s.end(); r.line != "abc" || r.err != nil {
			t.Errorf("got %q, %v", r.line, r.err)
		}
	})
	t.Run("modes that someone changed while the shell was stopped are set again", func(t *testing.T) {
		s, wake := waking(t, Config{})
		s.begin()
		s.typeKeys("ab")
		s.shows("$ ab")
		var m unix.Termios
		getModes(t, s.slave, &m)
		m.Lflag |= unix.ICANON | unix.ECHO
		unix.IoctlSetTermios(s.slave, unix.TCSETS, &m)
		wake("", Continue)
		s.shows("$ ab\n$ ab")
		s.typeKeys("\x01x\r")
		if r := s.end(); r.line != "xab" {
			t.Errorf("got %q, %v", r.line, r.err)
		}
	})
	t.Run("without an editor a wake-up interrupts too", func(t *testing.T) {
		s, wake := waking(t, Config{Dumb: true})
		s.begin()
		wake("[1]+  Done", Continue)
		s.shows("$\n[1]+  Done\n$")
		wake("", Interrupt)
		if r := s.end(); r.err != ErrInterrupt {
			t.Errorf("got %q, %v", r.line, r.err)
		}
	})
}

func TestResize(t *testing.T) {
	const typed = "a line of more than twenty columns"
	for _, c := range []struct {
		name       string
		noRewrap   bool
		cols, rows int
		want       string
	}{
		{"a wider terminal that does not rewrap shows the line where it was", true, 60, 8, "out\n$ " + typed},
		{"where it may rewrap nothing above is erased", false, 60, 8, "out\n$ a line of more tha\n$ " + typed},
		{"a lower terminal shows the line around the cursor", true, 20, 1, "n twenty columns"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, wake := waking(t, Config{NoRewrap: c.noRewrap})
			s.e.cfg.OnWake = func(next func() (string, Action)) func() (string, Action) {
				return func() (string, Action) { s.e.Resize(); return next() }
			}(s.e.cfg.OnWake)
			unix.Write(s.slave, []byte("out\n"))
			s.begin()
			s.typeKeys(typed)
			s.shows("out\n$ a line of more tha\nn twenty columns")
			s.resize(c.cols, c.rows)
			wake("", Continue)
			s.shows(c.want)
			if c.rows == 1 {
				s.typeKeys("\x01")
				s.shows("$ a line of more tha")
			}
			s.typeKeys("\r")
			if r := s.end(); r.line != typed {
				t.Errorf("got %q", r.line)
			}
		})
	}
}

func TestHangup(t *testing.T) {
	for _, dumb := range []bool{false, true} {
		s := start(t, 20, 5, Config{Dumb: dumb})
		s.begin()
		s.master.Close()
		if r := s.end(); r.err != ErrHangup && !(dumb && r.err == io.EOF) {
			t.Errorf("dumb %v: got %q, %v; want ErrHangup", dumb, r.line, r.err)
		}
		s.again <- true
		if r := s.end(); r.err == nil {
			t.Errorf("dumb %v: a line came from a terminal that hung up", dumb)
		}
	}
}

func TestPanicIsCaught(t *testing.T) {
	s := start(t, 20, 5, Config{Complete: func(string, int) (int, []Candidate) { panic("a defect") }})
	var before, after unix.Termios
	getModes(t, s.slave, &before)
	s.begin()
	s.typeKeys("ls \t")
	r := s.end()
	var p *PanicError
	if !errors.As(r.err, &p) || p.Line != "ls " || !strings.Contains(string(p.Stack), "complete") {
		t.Errorf("got %q, %v", r.line, r.err)
	}
	getModes(t, s.slave, &after)
	if before != after {
		t.Error("the modes are not those from before")
	}
	s.begin()
	s.typeKeys("ok\r")
	if r := s.end(); r.line != "ok" || r.err != nil {
		t.Errorf("afterwards: got %q, %v", r.line, r.err)
	}
}

func TestMark(t *testing.T) {
	for _, c := range []struct{ name, out, want string }{
		{"output that ends its line gets no mark", "one\n", "one\n$"},
		{"output without a newline gets a mark", "one", "one%\n$"},
		{"output that fills a row needs no mark", strings.Repeat("x", 20), strings.Repeat("x", 20) + "\n$"},
		{"output that leaves one column gets the mark there", strings.Repeat("x", 19), strings.Repeat("x", 19) + "%\n$"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, 20, 8, Config{})
			unix.Write(s.slave, []byte(c.out))
			s.begin()
			s.shows(c.want)
			s.typeKeys("\r")
			s.end()
		})
	}
}

func TestPlain(t *testing.T) {
	t.Run("a dumb terminal gets no escape sequence", func(t *testing.T) {
		s := start(t, 20, 5, Config{Dumb: true})
		s.prompt = "\x1b[1m$\x1b[m \x01\x1b[0m\x02"
		s.again <- true
		s.shows("$")
		s.typeKeys("ab\xff\nnext\n")
		if r := s.end(); r.line != "ab\xff" || r.err != nil {
			t.Errorf("got %q, %v", r.line, r.err)
		}
		s.mu.Lock()
		if strings.Contains(string(s.raw), "\x1b") {
			t.Errorf("the terminal got %q", s.raw)
		}
		s.mu.Unlock()
		buf := make([]byte, 100)
		if n, _ := unix.Read(s.slave, buf); string(buf[:n]) != "next\n" {
			t.Errorf("the next job gets %q", buf[:n])
		}
	})
	t.Run("^D on an empty line is the end, behind text it ends the wait for more", func(t *testing.T) {
		s := start(t, 20, 5, Config{Dumb: true})
		s.begin()
		s.typeKeys("ab\x04\x04")
		if r := s.end(); r.line != "ab" || r.err != nil {
			t.Errorf("got %q, %v", r.line, r.err)
		}
		s.begin()
		s.typeKeys("\x04")
		if r := s.end(); r.err != io.EOF {
			t.Errorf("got %q, %v", r.line, r.err)
		}
	})
	t.Run("a pipe is read a line at a time and no further", func(t *testing.T) {
		var p [2]int
		unix.Pipe2(p[:], unix.O_CLOEXEC)
		defer unix.Close(p[0])
		unix.Write(p[1], []byte("one\ntwo\nrest"))
		unix.Close(p[1])
		null, _ := unix.Open("/dev/null", unix.O_WRONLY|unix.O_CLOEXEC, 0)
		defer unix.Close(null)
		e, _ := New(Config{TTY: p[0], Out: null, Wake: -1})
		if line, err := e.ReadLine("$ "); line != "one" || err != nil {
			t.Errorf("got %q, %v", line, err)
		}
		var b [4]byte
		if unix.Read(p[0], b[:]); string(b[:]) != "two\n" {
			t.Errorf("somebody else reads %q", b)
		}
		if line, err := e.ReadLine("$ "); line != "rest" || err != nil {
			t.Errorf("got %q, %v", line, err)
		}
		if line, err := e.ReadLine("$ "); err != io.EOF {
			t.Errorf("got %q, %v", line, err)
		}
	})
}

package screen_test

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/event"
	"jsh/ptytest"
	"jsh/screen/grid"
)

// rawread writes its first argument, reads as many bytes as the second says with
// the terminal in raw mode, and prints them quoted.
var _ = ptytest.Register("rawread", func() {
	modes, err := unix.IoctlGetTermios(0, unix.TCGETS)
	if err != nil {
		fmt.Println(err)
		return
	}
	before := *modes
	modes.Lflag &^= unix.ICANON | unix.ECHO | unix.ISIG | unix.IEXTEN
	modes.Iflag &^= unix.ICRNL | unix.IXON
	unix.IoctlSetTermios(0, unix.TCSETS, modes)
	var want int
	fmt.Sscan(os.Args[2], &want)
	fmt.Print(strings.ReplaceAll(os.Args[1], "^[", "\x1b") + "ready to read\n")
	var got []byte
	for len(got) < want {
		var b [64]byte
		n, err := os.Stdin.Read(b[:])
		if err != nil {
			break
		}
		got = append(got, b[:n]...)
	}
	unix.IoctlSetTermios(0, unix.TCSETS, &before)
	if len(got) > 100 {
		fmt.Printf("got %d bytes, %x\n", len(got), crc32.ChecksumIEEE(got))
		return
	}
	fmt.Printf("got %q\n", got)
})

// picture is true while the band or column of the picture is to be seen.
func picture(g *grid.Grid) bool { return strings.Contains(g.Text(), "KEYBOARD") }

// noPicture: the border is there before the first process is.
func noPicture(g *grid.Grid) bool { return !picture(g) && !strings.Contains(g.Text(), "live, from") }

func TestTheMenuKeyPressedTwiceGoesToTheProgram(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key  ptytest.Key
		want string
	}{{ptytest.F2, `\x1bOQ`}, {ptytest.CtrlSquare, `\x1d`}} {
		s := open(t, ptytest.Options{})
		s.line(fmt.Sprintf("rawread '' %d", len(c.key)+1))
		s.WaitText("^ready to read$")
		s.Key(c.key)
		s.WaitText("MENU")
		s.Key(c.key)
		s.WaitScreen("the menu to go", func(g *grid.Grid) bool { return !strings.Contains(g.Text(), "MENU") })
		s.Type("x")
		s.WaitText(`^got "` + regexpQuote(c.want) + `x"$`)
	}
}

func TestTheMenuTurnsThePictureOffAndOn(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	s.WaitScreen("the picture", picture)
	s.Key(ptytest.F2)
	s.WaitText("MENU")
	s.Type("v")
	s.WaitScreen("no picture", noPicture)
	s.line("stty size")
	s.WaitText("^24 80$")
	s.Key(ptytest.F2)
	s.WaitText("MENU")
	s.Type("v")
	s.WaitScreen("the picture", picture)
	s.line("stty size")
	s.WaitText("^14 80$")
}

func TestThePastIsLookedAtAndLeft(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	s.line("/bin/true")
	s.WaitText("line 1: |line 1 of 1")
	s.line("sleep 1000")
	s.WaitText("line 2: |line 2 of 2")
	s.WaitText(`sleep(.|\n)*KEYBOARD`)
	s.Key(ptytest.F2)
	s.WaitText("MENU")
	s.Type("\x1b[5~") // PgUp
	s.WaitText("PAST")
	s.WaitText("LOOKING BACK(.|\n)*/bin/true")
	s.Key(ptytest.Esc)
	s.WaitText("live, from")
	s.Key(ptytest.CtrlC)
	s.WaitText("ready>$")
}

func TestAProgramOnTheAlternateScreenGetsTheWholeTerminal(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	os.WriteFile(s.Home()+"/alt", []byte("printf '\\033[?1049h'; read x; stty size > size; read x; printf '\\033[?1049l'"), 0o600)
	s.line(". ./alt")
	s.WaitScreen("no picture", noPicture)
	s.Type("\r\r")
	s.WaitScreen("the picture", picture)
	s.line("cat size; stty size")
	s.WaitText("^24 80\n14 80$")
}

func TestAStormOfResizesEndsAtTheRightSize(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	s.line("sleep 1000 &")
	for range 5 {
		for _, size := range [][2]int{{1, 1}, {5, 3}, {39, 9}, {40, 10}, {200, 60}, {119, 24}, {120, 24}, {80, 5}, {2, 50}, {300, 100}} {
			s.Resize(size[0], size[1])
		}
	}
	s.Resize(80, 24)
	s.WaitScreen("the picture", picture)
	s.Type("\x15clear; stty size\r")
	s.WaitText("^14 80$")
	s.WaitText("ready>$")
	s.Resize(160, 48)
	s.Type("stty size\r")
	s.WaitText("^48 80 ")
	s.Resize(30, 8)
	s.WaitScreen("no picture", noPicture)
	s.Type("stty size\r")
	s.WaitText("^8 30$")
}

func TestTheMouseIsTranslatedIntoTheShellsPart(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	want := "\x1b[<0;5;4M\x1b[<0;5;4m"
	s.line(fmt.Sprintf("rawread '^[[?1000h^[[?1006h' %d; printf '\\033[?1000l'", len(want)))
	s.WaitText("^ready to read$")
	s.Type("\x1b[<0;5;3M\x1b[<0;5;3m") // on the picture
	s.Type("\x1b[<0;5;14M\x1b[<0;5;14m")
	s.WaitText(`^got "` + regexpQuote(`\x1b[<0;5;4M\x1b[<0;5;4m`) + `"$`)
	s.WaitText("ready>$")
	out := s.Transcript()
	if !strings.Contains(out, "\x1b[?1000h") || !strings.Contains(out, "\x1b[?1006h") {
		t.Error("the terminal was not asked for the mouse")
	}
	if strings.LastIndex(out, "\x1b[?1000l") < strings.LastIndex(out, "\x1b[?1000h") {
		t.Error("the terminal still reports the mouse")
	}
}

func TestAPasteGoesThroughWhole(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	text := "\x1b[200~" + strings.Repeat("a line with \x1d and \x1bOQ in it\r", 100) + "\x1b[201~"
	s.line(fmt.Sprintf("rawread '' %d", len(text)))
	s.WaitText("^ready to read$")
	s.Type(text)
	s.WaitText(fmt.Sprintf("^got %d bytes, %x$", len(text), crc32.ChecksumIEEE([]byte(text))))
}

func TestTitleAndBellReachTheTerminal(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	s.line(`printf '\033]0;a t\303\251tle\007\007'; echo do''ne`)
	s.WaitText("^done$")
	s.WaitFor("title and bell", func() bool {
		_, rest, ok := strings.Cut(s.Transcript(), "\x1b]2;a tétle\a")
		return ok && strings.Contains(rest, "\a")
	})
}

func TestWideCharactersDoNotReachOverTheEdge(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{Cols: 160, Rows: 30})
	s.line(`printf '%79s世界\n' ''; echo do''ne`)
	s.WaitText("^done ")
	s.WaitScreen("a straight rule", func(g *grid.Grid) bool {
		_, rows := g.Size()
		for y := range rows {
			if g.Cluster(g.Cell(80, y)) != "│" {
				return false
			}
		}
		return strings.Contains(g.Text(), "世界")
	})
}

// What the log holds of the keyboard: the names of signal keys, and no text but
// the command lines that the shell ran.
func TestSignalKeysAreRecordedAndTypedTextIsNot(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	log, err := companion.Dial(s.companion())
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	s.line("cat")
	s.WaitText(`cat(.|\n)*KEYBOARD`)
	s.Type("hunter2\r")
	s.WaitText("hunter2\nhunter2$")
	s.Key(ptytest.CtrlZ)
	s.WaitText("Stopped")
	s.WaitFor("the key in the log", func() bool {
		for _, e := range log.Moment(companion.Place{}).Events {
			if e.Kind == event.Key {
				return e.Text == "^Z" && e.Sig == int(unix.SIGTSTP) && e.Source == event.Keyboard && e.Pgid != 0 && e.Pgid != s.shell
			}
		}
		return false
	})
	for _, e := range log.Moment(companion.Place{}).Events {
		if bytes.Contains(event.AppendJSON(nil, &e), []byte("hunter2")) {
			t.Errorf("%+v tells what was typed", e)
		}
	}
}

func TestVizTurnsThePictureOffOnAndFull(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	s.line("viz off")
	s.WaitScreen("no picture", noPicture)
	s.line("stty size")
	s.WaitText("^24 80$")
	s.line("viz")
	s.WaitText("To see it move here")
	s.line("viz on")
	s.WaitScreen("the picture", picture)
	s.line("viz full")
	s.WaitText("any key: back to the shell")
	s.WaitScreen("the picture alone", func(g *grid.Grid) bool { return picture(g) && !strings.Contains(g.Text(), "ready>") })
	s.Type("x")
	s.line("stty size")
	s.WaitText("^14 80$")
}

// tutor is a lesson's connection to the screen's companion, which the shell has
// vouched for.
func (s *opened) tutor() (*companion.Client, *companion.Sender) {
	s.t.Helper()
	shell, err := companion.Join(s.companion(), os.Getpid(), event.NewLog(10), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(shell.Close)
	if err := shell.Vouch(os.Getpid()); err != nil {
		s.t.Fatal(err)
	}
	cl, err := companion.Dial(s.companion())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(cl.Close)
	return cl, shell
}

func (s *opened) band(cl *companion.Client, b companion.Band) {
	s.t.Helper()
	if err := cl.SetBand(b); err != nil {
		s.t.Fatal(err)
	}
}

// pressed checks which keys the lesson gets next.
func (s *opened) pressed(cl *companion.Client, want ...string) {
	s.t.Helper()
	for _, w := range want {
		select {
		case got := <-cl.Keys():
			if got != w {
				s.t.Errorf("the key %q came, want %q", got, w)
			}
		case <-time.After(20 * time.Second):
			s.t.Fatalf("the key %q did not come", w)
		}
	}
}

func TestALessonsBandStandsAtTheFootUntilItIsTakenAway(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	cl, shell := s.tutor()
	s.band(cl, companion.Band{Lines: []string{"Press ^Z now.", "\x1b[2Jno \x1b[1mharm\x1b[0m"}})
	s.WaitText(`LESSON ─+\nPress \^Z now\.\n\\e\[2Jno harm$`)
	s.line("stty size")
	s.WaitText("^11 80$")
	s.band(cl, companion.Band{Lines: []string{"Less."}})
	s.WaitText(`^Less\.$`)
	s.line("clear; stty size")
	s.WaitText("^11 80$") // a shell that changes its size all the time cannot be read
	cl.Close()
	s.WaitScreen("no band", func(g *grid.Grid) bool { return !strings.Contains(g.Text(), "Less") })
	s.line("clear; stty size")
	s.WaitText("^14 80$")
	if err := shell.Screen("nonsense"); err == nil {
		t.Error("nonsense was understood")
	}
}

func TestALessonGetsKeysWhileItsRuleSaysSoAndNoLonger(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	cl, _ := s.tutor()
	for cols, _ := cl.Size(); cols == 0; cols, _ = cl.Size() {
		<-cl.Updates()
	}
	if cols, rows := cl.Size(); cols != 80 || rows != 8 || !cl.Screen() {
		t.Errorf("a band may have %d columns, %d lines", cols, rows)
	}
	ask := companion.Band{Lines: []string{"Who dies?"}, Keys: true}
	s.Type("echo a")
	s.WaitText("^ready> echo a$")
	s.band(cl, ask)
	s.WaitText("keys: lesson")
	s.Type("\x1b[A \tx\r")
	s.pressed(cl, "up", "space", "tab", "x", "enter")
	s.Key(ptytest.Esc)
	s.pressed(cl, "esc")
	s.WaitText("keys: shell")
	s.Type("b\r")
	s.WaitText("^ab$") // what had been typed is still there
	s.band(cl, ask)    // asking again changes nothing: the learner has said no
	s.line("echo c$((1+1))d")
	s.WaitText("^c2d$")
	s.Type("\x1bOQ")
	s.WaitText("l keys to the lesson")
	s.Type("l")
	s.WaitText("keys: lesson")
	s.Type("y")
	s.pressed(cl, "y")
	s.Key(ptytest.CtrlC)
	s.pressed(cl, "esc")
	s.WaitText("keys: shell")
	s.band(cl, companion.Band{Lines: ask.Lines})
	s.band(cl, ask)
	s.WaitText("keys: lesson")
	s.Type("\x1b[200~echo pasted\x1b[201~")
	s.pressed(cl, "esc")
	s.WaitText("^ready> echo pasted$")
	s.Type("\r")
	s.band(cl, companion.Band{Lines: ask.Lines})
	s.band(cl, ask)
	s.WaitText("keys: lesson")
	cl.Close()
	s.WaitScreen("no band", func(g *grid.Grid) bool { return !strings.Contains(g.Text(), "LESSON") })
	s.line("echo e$((2+2))f")
	s.WaitText("^e4f$")
}

func TestAProgramOnTheAlternateScreenHasTheKeysThoughALessonAsks(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	cl, _ := s.tutor()
	s.Type(`printf '\033[?1049h'; read x; printf '\033[?1049l'; echo "got $x"` + "\r")
	s.WaitScreen("the alternate screen", func(g *grid.Grid) bool { return !strings.Contains(g.Text(), "menu") })
	s.band(cl, companion.Band{Lines: []string{"Who dies?"}, Keys: true})
	s.Type("abc\r")
	s.WaitText("^got abc$")
	s.WaitText("keys: lesson")
	s.Type("q")
	s.pressed(cl, "q")
}

func TestALessonThatFloodsItsBandDelaysNoKeyAndMovesNothing(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	cl, _ := s.tutor()
	long := strings.Repeat("wide 漢字 \x1b[7m", 500)
	s.band(cl, companion.Band{Lines: []string{long, "\t\x00\x9b2J\xff"}})
	s.WaitText(`^wide 漢字 wide`)
	stop, flooded := make(chan struct{}), make(chan error)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				flooded <- nil
				return
			default:
			}
			b := companion.Band{Lines: []string{long, fmt.Sprint(i)}, Marks: map[int]string{s.shell: fmt.Sprint(i % 2)}}
			if err := cl.SetBand(b); err != nil {
				flooded <- err
				return
			}
		}
	}()
	s.line("echo $((40+2))")
	s.WaitText("^42$")
	s.line("stty size")
	s.WaitText("^11 80$")
	close(stop)
	if err := <-flooded; err != nil {
		t.Fatal(err)
	}
	s.band(cl, companion.Band{Lines: []string{"the last"}})
	s.WaitText("^the last$")
}

func TestMarksStandBesideProcessesInThePicture(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	cl, _ := s.tutor()
	s.band(cl, companion.Band{Marks: map[int]string{s.shell: "lives?"}})
	s.WaitText("lives\\?")
	s.band(cl, companion.Band{})
	s.WaitScreen("no mark", func(g *grid.Grid) bool { return !strings.Contains(g.Text(), "lives") })
}

func TestOnlyAProcessThatTheShellVouchedForHasABand(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	cl, shell := s.tutor()
	if err := shell.Vouch(1); err != nil {
		t.Fatal(err)
	}
	s.band(cl, companion.Band{Lines: []string{"a stranger"}, Keys: true})
	if err := shell.Vouch(os.Getpid()); err != nil {
		t.Fatal(err)
	}
	s.band(cl, companion.Band{Lines: []string{"a friend"}})
	s.WaitText("^a friend$")
	if strings.Contains(s.Screen(), "stranger") {
		t.Error(s.Screen())
	}
}

func TestWhatLeftAtTheTopIsScrolledBackTo(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	s.line("seq 1 200")
	s.WaitText("^200$")
	s.WaitText("ready>$")
	s.Type("\x1b[5;2~")
	s.WaitText("^SCROLL|^ SCROLL")
	for range 20 {
		s.Type("\x1b[5~")
	}
	s.WaitText("^ready> seq 1 200$")
	s.Key(ptytest.Esc)
	s.WaitText("^200\nready>$")
	s.line("echo $((40+2))")
	s.WaitText("^42$")
}

func TestTheScrollbackIsSearched(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	s.line("seq -f 'Line %g.' 1 300")
	s.WaitText("^Line 300\\.$")
	s.WaitText("ready>$")
	s.Type("\x1b[5;2~/\x1b[200~line 77.\x1b[201~\r")
	s.WaitText("^Line 77\\.$")
	s.Type("/ine 7\r") // from the row seen last: 79, then 78, …
	s.WaitText("n N find")
	s.Type("nnnnnnnnn")
	s.WaitText("^Line 70\\.$")
	s.Type("n")
	s.WaitText("^Line 7\\.$")
	s.Type("n")
	s.WaitText("no more above")
	s.Type("N")
	s.WaitText("^Line 70\\.$")
	s.Type("\x1b[HN") // from the top of what is seen
	s.WaitText("^ready> seq(.|\n)*\nLine 7\\.\n")
	s.Type("/LINE\r")
	s.WaitText("no more above") // a capital in the text: only such
	s.Key(ptytest.Esc)
	s.WaitText("^Line 300\\.\nready>$")
}

func TestAShellThatBecameAProgramWithoutATerminalIsNotHungUp(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	s.line("exec sleep 1000 </dev/null >/dev/null 2>&1")
	s.WaitFor("exec", func() bool { p, _ := ptytest.Proc(s.shell); return p.Comm == "sleep" })
	s.Key(ptytest.F2)
	s.WaitText("MENU")
	if p, ok := ptytest.Proc(s.shell); !ok || p.Zombie() {
		t.Error("it has ended")
	}
	s.Type("q")
	s.WaitText("hang up and leave")
	s.Type("y")
	s.WaitExit()
	s.gone("the program", s.shell)
}

// ignoring starts a program with some signals ignored.
var _ = ptytest.Register("ignoring", func() {
	signal.Ignore(unix.SIGUSR1, unix.SIGPIPE, unix.SIGTERM, unix.SIGWINCH)
	path, err := exec.LookPath(os.Args[1])
	if err == nil {
		err = unix.Exec(path, os.Args[1:], os.Environ())
	}
	fmt.Println(err)
})

func TestWhatWasIgnoredAtTheStartIsIgnoredInside(t *testing.T) {
	t.Parallel()
	s := openInWith(t, "bash", "ignoring")
	s.line("grep SigIgn /proc/self/status")
	s.WaitText(`^SigIgn:\s+0000000008005200$`)
	s.Resize(100, 30) // which the screen hears of all the same
	s.WaitText(`^╭.{98}╮$`)
	s.line("stty size")
	s.WaitText(" 100$")
}

func TestAnEndOfFileTypedInForeignModesIsNoHangUp(t *testing.T) {
	t.Parallel()
	s := open(t, ptytest.Options{})
	modes := s.Modes()
	foreign := modes
	foreign.Lflag |= unix.ICANON
	foreign.Cc[unix.VEOF] = 4
	fd, err := unix.Open(fmt.Sprintf("/proc/%d/fd/0", s.guard), unix.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, &foreign); err != nil {
		t.Fatal(err)
	}
	s.Type("\x04")
	s.WaitFor("the screen's own modes", func() bool { return s.Modes() == modes })
	s.line("echo still")
	s.WaitText("^still$")
}

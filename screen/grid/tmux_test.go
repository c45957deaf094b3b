package grid_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"jsh/screen/grid"
)

// tmux is a private tmux server with one pane that shows files byte by byte.
type tmux struct {
	t      *testing.T
	socket string
	files  *os.File // names of files to show, one a line
	count  int
	dir    string
}

const (
	tmuxCols = 80
	tmuxRows = 24
)

// startTmux needs tmux; without it the test is skipped.
func startTmux(t *testing.T) *tmux {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux is not installed")
	}
	tm := &tmux{t: t, socket: fmt.Sprintf("jshtest%d", os.Getpid()), dir: t.TempDir()}
	fifo := filepath.Join(tm.dir, "files")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	// Open for reading and writing: it neither blocks nor ends.
	files, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	tm.files = files
	// The pane asks the terminal for its status after each file: the answer
	// (ESC [ 0 n) says that tmux has understood all that was before it.
	script := `stty raw -echo
while read -r f <&3; do
	printf '\033[?1049l\033c'
	cat "$f"
	printf '\033[5n'
	while c=$(dd bs=1 count=1 2>/dev/null) && [ "$c" != n ]; do :; done
	tmux -L ` + tm.socket + ` wait-for -S shown
done 3<` + fifo
	tm.run("-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(tmuxCols), "-y", fmt.Sprint(tmuxRows),
		"exec sh -c '"+strings.ReplaceAll(script, "'", `'\''`)+"'", ";",
		"set-option", "-g", "status", "off")
	t.Cleanup(func() {
		tm.run("kill-server")
		files.Close()
	})
	return tm
}

func (tm *tmux) run(args ...string) string {
	tm.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-L", tm.socket}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "TMUX=", "TMUX_TMPDIR="+tm.dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		tm.t.Fatalf("tmux %q: %v\n%s", args, err, out)
	}
	return string(out)
}

// show returns the lines of the screen after the stream, and the cursor.
func (tm *tmux) show(stream []byte) (lines []string, x, y int) {
	tm.t.Helper()
	tm.write(stream)
	out := tm.run("display-message", "-p", "#{cursor_x} #{cursor_y}", ";", "capture-pane", "-p")
	first, rest, _ := strings.Cut(out, "\n")
	fmt.Sscan(first, &x, &y)
	for line := range strings.Lines(rest) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	return lines, x, y
}

// write has the pane show the stream.
func (tm *tmux) write(stream []byte) {
	tm.t.Helper()
	tm.count++
	name := filepath.Join(tm.dir, fmt.Sprint("stream", tm.count))
	if err := os.WriteFile(name, stream, 0o600); err != nil {
		tm.t.Fatal(err)
	}
	fmt.Fprintln(tm.files, name)
	tm.run("wait-for", "shown")
}

func (tm *tmux) compare(name string, stream []byte) {
	tm.t.Helper()
	want, x, y := tm.show(stream)
	g := grid.New(tmuxCols, tmuxRows, grid.Options{Scrollback: 100})
	g.Write(stream)
	var diff strings.Builder
	for i := range tmuxRows {
		w := ""
		if i < len(want) {
			w = want[i]
		}
		// tmux keeps the letters of line drawing as letters.
		if got := undraw(g.Line(i)); got != undraw(w) {
			fmt.Fprintf(&diff, "row %d\n  tmux %q\n  grid %q\n", i, w, got)
		}
	}
	c := g.Cursor()
	cx := c.X
	if c.PendingWrap {
		cx = tmuxCols // where tmux has it then
	}
	if cx != x || c.Y != y {
		fmt.Fprintf(&diff, "cursor: tmux %d,%d, grid %d,%d\n", x, y, cx, c.Y)
	}
	if diff.Len() > 0 {
		tm.t.Errorf("%s: differs from tmux\n%s", name, diff.String())
	}
}

var undraw = strings.NewReplacer("─", "q", "│", "x", "┌", "l", "┐", "k", "└", "m", "┘", "j", "┼", "n").Replace

func TestAsTmux(t *testing.T) {
	tm := startTmux(t)
	streams, _ := filepath.Glob("testdata/*.bytes")
	for _, file := range streams {
		stream, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tm.compare(file, stream)
	}
	n := uint64(60)
	if v := os.Getenv("GRID_STREAMS"); v != "" {
		fmt.Sscan(v, &n)
	}
	for seed := range n {
		tm.compare(fmt.Sprintf("random stream %d", seed), saneStream(seed))
		if t.Failed() {
			t.Logf("stream %d: %q", seed, shrink(tm, seed))
			return
		}
	}
}

// shrink removes operations from a stream for as long as it still differs.
func shrink(tm *tmux, seed uint64) []byte {
	ops := saneOps(seed)
	differs := func(ops [][]byte) bool {
		stream := bytes.Join(ops, nil)
		want, x, y := tm.show(stream)
		g := grid.New(tmuxCols, tmuxRows, grid.Options{Scrollback: 100})
		g.Write(stream)
		c := g.Cursor()
		cx := c.X
		if c.PendingWrap {
			cx = tmuxCols
		}
		for i := range tmuxRows {
			if w := append(want, make([]string, tmuxRows)...)[i]; undraw(w) != undraw(g.Line(i)) {
				return true
			}
		}
		return cx != x || c.Y != y
	}
	for size := len(ops) / 2; size > 0; size /= 2 {
		for i := 0; i+size <= len(ops); {
			if bytes.Contains(bytes.Join(ops[i:i+size], nil), []byte("1049")) {
				i += size // one without the other is not sane
				continue
			}
			less := append(append([][]byte{}, ops[:i]...), ops[i+size:]...)
			if differs(less) {
				ops = less
			} else {
				i += size
			}
		}
	}
	return bytes.Join(ops, nil)
}

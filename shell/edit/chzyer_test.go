package edit

import (
	"flag"
	"fmt"
	"io"
	"math/rand"
	"strings"
	"testing"
	"time"

	"github.com/chzyer/readline"
	"github.com/rivo/uniseg"
	"golang.org/x/sys/unix"
)

var chzyer = flag.Bool("chzyer", false, "measure github.com/chzyer/readline with the same sessions")

// oneByte is the guarded input that a program would give chzyer/readline: it
// reads ahead of nothing.
type oneByte struct{ fd int }

func (o oneByte) Read(b []byte) (int, error) {
	for {
		n, err := unix.Read(o.fd, b[:1])
		if err == unix.EINTR {
			continue
		}
		if err != nil || n == 0 {
			return 0, io.EOF
		}
		if b[0] == 0 {
			continue
		}
		return n, nil
	}
}
func (o oneByte) Close() error { return nil }

type fdWriter int

func (f fdWriter) Write(b []byte) (int, error) { return unix.Write(int(f), b) }

// TestChzyer is the evidence in the package's documentation. Keys that make
// the library panic in a goroutine of its own (^T ^K, its menus, ^R on an
// empty history) are kept from it already.
func TestChzyer(t *testing.T) {
	if !*chzyer {
		t.Skip("a measurement, run with -chzyer")
	}
	classes := []struct {
		name string
		keys []string
		size int
	}{
		{"ASCII, one row", []string{"a", "b", " ", "\x01", "\x05", "\x02", "\x06", "\x7f"}, 20},
		{"ASCII, wrapping", []string{"a", "b", "c ", "dddd", "\x01", "\x05", "\x02", "\x06", "\x7f"}, 90},
		{"wide characters, one row", []string{"漢", "字", "a", "\x01", "\x05", "\x02", "\x06", "\x7f"}, 12},
		{"wide characters, wrapping", []string{"漢", "字", "a", "\x01", "\x05", "\x02", "\x06", "\x7f"}, 60},
		{"combining marks and emoji", []string{"e\u0301", "👍🏽", "a", "\x01", "\x05", "\x02", "\x06", "\x7f"}, 12},
		{"bytes that are not UTF-8", []string{"\xff", "\xc3", "a", "\x02"}, 12},
		{"paste of two lines", []string{"a", "\x1b[200~x\ny\x1b[201~"}, 4},
	}
	for _, c := range classes {
		rng := rand.New(rand.NewSource(1))
		lines, screens, n := 0, 0, 0
		for session := 0; session < 10; session++ {
			m := newModel(40, 12, false)
			p := openPTY(t, 40, 12, m)
			old, _ := unix.IoctlGetTermios(p.slave, unix.TCGETS)
			raw := *old
			raw.Lflag &^= unix.ICANON | unix.ECHO | unix.ISIG
			raw.Iflag &^= unix.ICRNL
			unix.IoctlSetTermios(p.slave, unix.TCSETS, &raw)
			rl, err := readline.NewEx(&readline.Config{
				Prompt: "$ ", Stdin: oneByte{p.slave}, Stdout: fdWriter(p.slave), Stderr: fdWriter(p.slave),
				FuncMakeRaw: func() error { return nil }, FuncExitRaw: func() error { return nil },
				FuncGetWidth: func() int { return 40 }, FuncOnWidthChanged: func(func()) {},
				ForceUseInteractive: true, HistoryLimit: -1,
			})
			if err != nil {
				t.Fatal(err)
			}
			got := make(chan string, 4)
			go func() {
				for {
					s, err := rl.Readline()
					if err != nil {
						close(got)
						return
					}
					got <- s
				}
			}()
			for line := 0; line < 10; line++ {
				n++
				naive := &naiveLine{}
				for i := 0; i < c.size; i++ {
					k := c.keys[rng.Intn(len(c.keys))]
					p.typeKeys(k)
					naive.key(k)
				}
				p.typeKeys("\x1b[C\x1b[D\x1b[C") // ends with a known redraw
				naive.key("\x06")
				naive.key("\x02")
				naive.key("\x06")
				want, wx := naive.shown("$ ", 40)
				ok := p.awaitFor(300*time.Millisecond, func() bool { return m.endsWith(want, wx) })
				if !ok {
					screens++
				}
				p.typeKeys("\r")
				select {
				case s := <-got:
					if s != naive.text() {
						lines++
					}
				case <-time.After(time.Second):
					lines++
				}
				for len(got) > 0 {
					<-got
				}
			}
			unix.IoctlSetTermios(p.slave, unix.TCSETS, old)
		}
		fmt.Printf("%-28s %3d lines: %3d returned wrong, %3d shown wrong\n", c.name, n, lines, screens)
	}
}

// naiveLine is a line as a list of clusters: slow and plain.
type naiveLine struct {
	unit []string
	pos  int
}

func (l *naiveLine) text() string { return strings.Join(l.unit, "") }

func (l *naiveLine) key(k string) {
	switch k {
	case "\x01":
		l.pos = 0
	case "\x05":
		l.pos = len(l.unit)
	case "\x02":
		l.pos = max(0, l.pos-1)
	case "\x06":
		l.pos = min(len(l.unit), l.pos+1)
	case "\x7f":
		if l.pos > 0 {
			l.unit = append(l.unit[:l.pos-1:l.pos-1], l.unit[l.pos:]...)
			l.pos--
		}
	default:
		k = strings.TrimSuffix(strings.TrimPrefix(k, "\x1b[200~"), "\x1b[201~")
		var add []string
		if strings.Contains(k, "\u0301") || strings.Contains(k, "🏽") {
			add = []string{k}
		} else {
			for len(k) > 0 {
				n := 1
				if k[0] >= 0xe0 {
					n = 3
				}
				n = min(n, len(k))
				add = append(add, k[:n])
				k = k[n:]
			}
		}
		l.unit = append(l.unit[:l.pos:l.pos], append(add, l.unit[l.pos:]...)...)
		l.pos += len(add)
	}
}

// shown gives the rows of prompt and line, and the cursor's place in them.
func (l *naiveLine) shown(prompt string, cols int) (rows []string, cur [2]int) {
	row, w := prompt, len(prompt)
	for i, u := range append(append([]string(nil), l.unit...), "") {
		uw := uniseg.StringWidth(u)
		if w+uw > cols || i == len(l.unit) && w == cols {
			rows, row, w = append(rows, row), "", 0
		}
		if i == l.pos {
			cur = [2]int{w, len(rows)}
			if w == cols {
				cur = [2]int{0, len(rows) + 1}
			}
		}
		row += u
		w += uw
	}
	return append(rows, row), cur
}

func (m *model) endsWith(rows []string, cur [2]int) bool {
	top := m.y - cur[1]
	if top < 0 || top+len(rows) > m.rows || m.x != cur[0] {
		return false
	}
	for i, r := range rows {
		if strings.TrimRight(r, " ") != m.line(top+i) {
			return false
		}
	}
	return true
}

func (p *ptyPair) awaitFor(d time.Duration, ok func() bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.late = false
	timer := time.AfterFunc(d, func() {
		p.mu.Lock()
		p.late = true
		p.change.Broadcast()
		p.mu.Unlock()
	})
	defer timer.Stop()
	for {
		if ok() {
			return true
		}
		if p.late {
			return false
		}
		p.change.Wait()
	}
}

package grid_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"jsh/ptytest"
	"jsh/screen/grid"
)

var record = flag.Bool("record", false, "write testdata/*.bytes anew from the programs that are installed")

// TestRecord makes the streams of real programs that the other tests read. Each
// stands in the middle of its work at the end, with a full screen.
func TestRecord(t *testing.T) {
	if !*record {
		t.Skip("only with -record")
	}
	sessions := []struct {
		name string
		env  []string
		play func(*ptytest.Term)
	}{
		{"bash", nil, func(term *ptytest.Term) {
			term.Run("seq 100 | column -c 80")
			term.Run("ls --color=always -la /etc/apt /etc/default")
			term.Type("echo a long line that is edited, so long that it does not fit into the eighty columns of the screen")
			term.WaitText("columns of the screen$|the screen$")
			term.Key(ptytest.CtrlA)
			term.Type("echo ")
			for range 6 {
				term.Key(ptytest.Right)
			}
			term.Type("MIDDLE ")
			term.WaitText("MIDDLE")
			term.Key(ptytest.CtrlK)
			term.Type("世界 é e\u0301 end")
			term.WaitText("end$")
		}},
		{"vim", nil, vim},
		{"vim-screen", []string{"TERM=screen-256color"}, vim},
		{"less", nil, func(term *ptytest.Term) {
			term.Run("seq -f '%g the quick brown fox' 500 > text")
			term.Line("less text")
			term.WaitText("^23 the")
			term.Type(" jjjjkk")
			term.WaitText("^47 the")
			term.Type("/^1.7\r")
			term.WaitText("^107 the")
			term.Type("nn")
			term.WaitText("^127 the")
			term.Type("\x02k")
			term.WaitText("^103 the")
		}},
		{"top", nil, func(term *ptytest.Term) {
			term.Line("top -p $$ -d 60")
			term.WaitText("bash *$")
			term.Type("zxc")
			term.WaitText("bash *$")
		}},
		{"tmux", nil, func(term *ptytest.Term) {
			term.Line(`tmux -L inner -f /dev/null new-session 'sh -i' ';' set status-right '' ';' set -g assume-paste-time 0 ';' set default-command "env PS1='two> ' sh -i"`)
			term.WaitText(`^\[0\] `)
			term.Type("seq 50\r")
			term.WaitText("^50$")
			term.Type("\x02\"")
			term.WaitText("──")
			term.WaitText("^two> $|^two>$")
			term.Type("echo second\r")
			term.WaitText("^second$")
			term.Type("\x02%")
			term.WaitText("│")
			term.Type("seq 30\r")
			term.WaitText("│30 *$")
		}},
	}
	for _, s := range sessions {
		t.Run(s.name, func(t *testing.T) {
			term := ptytest.Start(t, ptytest.Options{
				Argv:    ptytest.FindShell(t, "bash").Argv,
				Env:     append(s.env, "LANG=C.UTF-8", "TMUX_TMPDIR="+t.TempDir()),
				MayStay: func(ptytest.ProcInfo) bool { return true }, // tmux's server and its panes
			})
			s.play(term)
			file := filepath.Join("testdata", s.name+".bytes")
			if err := os.WriteFile(file, []byte(term.Transcript()), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func vim(term *ptytest.Term) {
	term.Run(`seq -f 'func f%g() { return "text of a line" } // world' 200 > long.go`)
	term.Line("vim -u NONE -N -c 'syntax on' -c 'set number ruler' long.go")
	term.WaitText("^ *22 func")
	term.Type("\x06\x05\x05\x19")
	term.WaitText("^ *22 func")
	term.Type("40Gdd5Oinserted 世界 text\x1b")
	term.WaitText("inserted")
	term.Type(":vsplit\r")
	term.WaitText("inserted.*[|│]")
	term.Type("20Gzt5dd:set nowrap\r30|")
	term.Type("gg=G:echo 'all ' . 'done'\r")
	term.WaitScreen("the message", func(g *grid.Grid) bool { return g.Line(23) == "all done" || contains(g, "all done") })
}

func contains(g *grid.Grid, s string) bool {
	_, rows := g.Size()
	for y := range rows {
		if line := g.Line(y); len(line) >= len(s) && line[:len(s)] == s {
			return true
		}
	}
	return false
}

package grid_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
		{"htop", nil, func(term *ptytest.Term) {
			term.Line("htop -p $$ -d 100")
			term.WaitText("F10Quit")
			term.Key(ptytest.Key("\x1b[15~")) // F5: as a tree
			term.WaitText("F5List|F5Sorted")
			term.Type("jjj")
			term.Key(ptytest.Key("\x1bOP")) // F1: help
			term.WaitText("Released under")
		}},
		{"watch", nil, func(term *ptytest.Term) {
			term.Line("n=0; watch -d -n 0.2 -c 'printf \"\\033[1;32mgreen\\033[m %s\\n\" $(date +%N); seq -s, 60; echo 世界 end'")
			term.WaitText("end")
			seen := term.Screen()
			term.WaitFor("watch to draw anew", func() bool { return term.Screen() != seen })
		}},
		{"man", []string{"MANPAGER=less -X", "MANWIDTH=80", "GROFF_NO_SGR="}, func(term *ptytest.Term) {
			term.Run("printf '.TH WALK 7\\n.SH NAME\\nwalk \\\\- a page of many parts\\n' > walk.7; for i in $(seq 60); do printf '.SH PART %d\\n.B bold\\nand\\n.I underlined\\ntext of part %d, long enough to be filled over more than one line of the screen.\\n.TP\\n.BI \\\\-x \" arg\"\\nAn option.\\n' $i $i; done >> walk.7")
			term.Line("man ./walk.7")
			term.WaitText("^NAME")
			term.Type("  ")
			term.WaitText("PART 7|PART 8")
			term.Type("/option\r")
			term.Type("nnk")
			term.WaitText("An option")
		}},
		{"progress", nil, func(term *ptytest.Term) {
			// As apt shows an installation: the last line is kept out of the
			// scrolling region and redrawn after each line of output.
			term.Run(`printf '\n\0337\033[0;23r\0338\033[1A'; for i in $(seq 0 5 100); do ` +
				`printf 'Setting up package-%d (1.0-%d) ...\n' $i $i; ` +
				`printf '\0337\033[24;0f\033[42m\033[30mProgress: [%3d%%]\033[49m\033[39m [%s] \0338' $i "$(printf '%*s' $((i / 2)) '' | tr ' ' '#')"; done; ` +
				`for i in $(seq 0 20 100); do printf '\rdownload %3d%% \033[K' $i; done; echo`)
		}},
		{"paste", nil, func(term *ptytest.Term) {
			term.Line("cat > pasted")
			term.WaitForegroundJob("cat")
			for i := range 100 {
				term.Type(fmt.Sprintf("line %d of a paste with 世界, tabs\tand a tail that is long enough to wrap at the edge\r", i))
			}
			term.WaitText("line 99 .*")
			term.Key(ptytest.CtrlD)
			term.WaitPrompt()
			// The same into the line editor, in brackets.
			var text strings.Builder
			for i := range 100 {
				fmt.Fprintf(&text, "echo pasted %d\r", i)
			}
			term.Type("\x1b[200~" + text.String() + "\x1b[201~")
			term.WaitText("echo pasted 99")
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

package viz

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"jsh/proc"
)

// tableOf draws a story's tree as a table.
func tableOf(t *testing.T, tree *proc.Tree, columns string, style Style, byParent bool) []string {
	t.Helper()
	c, message := parseColumns(columns)
	if message != "" {
		t.Fatal(message)
	}
	tb := &table{drawing: newDrawing(tree, style), columns: c, byParent: byParent, notes: byParent}
	var lines []string
	for _, r := range tb.rows(scope(tree, style.All, func(*proc.Process) bool { return true })) {
		lines = append(lines, strings.TrimRight(tb.render(r), " "))
	}
	return lines
}

func story0(t *testing.T, name string) *proc.Tree {
	t.Helper()
	for _, s := range stories {
		if s.name == name {
			return s.tree()
		}
	}
	t.Fatal(name)
	return nil
}

func TestTables(t *testing.T) {
	for _, c := range []struct {
		rule, story, columns string
		style                Style
		byParent             bool
		want                 string
	}{
		{"a row for each process, numbers to the right", "pipeline", "pid,pgid,job,tty,stat,comm", Style{}, false, `
PID PGID JOB TTY   STAT COMM
812  812 -   pts/3 Ss   jsh
830  830 %1  pts/3 T    find
834  834 %2  pts/3 R+   ls
835  834 %2  pts/3 S+   grep`},
		{"by parent the name shows who started whom, and words say the rest", "pipeline", "pid,pgid,comm", Style{}, true, `
PID PGID COMM
812  812 jsh  this shell
830  830 ├─ find  %1, stopped
834  834 ├─ ls  KEYBOARD, %2
835  834 └─ grep`},
		{"an adopted process stands alone, with who adopted it", "daemon", "pid,ppid,sid,comm", Style{ASCII: true}, true, `
PID PPID SID COMM
812  300 812 jsh  this shell, KEYBOARD
820  812 812 |- sh  %1
821  820 812 | ` + "`" + `- true  zombie
830  812 812 ` + "`" + `- served  ended, status 0
825    1 812 cat  stopped, adopted by 1 systemd
831    1 831 served  adopted by 1 systemd
832  831 831 ` + "`" + `- served`},
	} {
		t.Run(c.rule, func(t *testing.T) {
			got := strings.Join(tableOf(t, story0(t, c.story), c.columns, c.style, c.byParent), "\n")
			if got != strings.TrimPrefix(c.want, "\n") {
				t.Errorf("got\n%s\nwant%s", got, c.want)
			}
		})
	}
}

func TestATableHoldsEachProcessOnceAndNoControlCharacter(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	for range 500 {
		m := randomMoment(r, r.IntN(40))
		for _, byParent := range []bool{false, true} {
			lines := tableOf(t, m.Tree, "pid,ppid,state,comm", Style{All: true, ASCII: true}, byParent)
			count := map[string]int{}
			for _, line := range lines[1:] {
				count[strings.Fields(line)[0]]++
				for _, c := range line {
					if c < ' ' || c > '~' {
						t.Fatalf("%q in %q", c, line)
					}
				}
			}
			n := 0
			for p := range m.Tree.All {
				n++
				if count[strconv.Itoa(p.Pid)] != 1 {
					t.Fatalf("%d is there %d times\n%s", p.Pid, count[strconv.Itoa(p.Pid)], strings.Join(lines, "\n"))
				}
			}
			if n != len(lines)-1 {
				t.Fatalf("%d processes, %d lines", n, len(lines)-1)
			}
		}
	}
}

func TestAsAnArrayOfRowsATableIsJSON(t *testing.T) {
	tree := story0(t, "names")
	columns, _ := parseColumns("pid,tpgid,tty,job,comm,args,ignored")
	tb := &table{drawing: newDrawing(tree, Style{}), columns: columns, told: map[*proc.Process]*told{
		tree.Shell: {args: []string{"jsh", "-l"}, known: true, status: proc.Status{Ignored: 1<<1 | 1<<31}},
	}}
	var rows []map[string]any
	if err := json.Unmarshal(tb.appendRows(nil, scope(tree, true, func(*proc.Process) bool { return true })), &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 6 || rows[0]["args"] != "jsh -l" || rows[0]["ignored"] != "INT,32" || rows[0]["pid"] != 4000001.0 ||
		rows[1]["job"] != "%12" || rows[1]["args"] != nil || rows[1]["comm"] != "\x1b[31mred\x07" {
		t.Errorf("%v", rows)
	}
}

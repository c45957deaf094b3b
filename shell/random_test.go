package shell_test

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"jsh/ptytest"
)

// TestRandomScripts runs random scripts in jsh, bash and dash. Where bash and
// dash agree on output and exit status jsh must do the same; jsh must never
// panic, whatever they do.
func TestRandomScripts(t *testing.T) {
	n := 120
	if *soak > 0 {
		n = *soak
	}
	randomScripts(t, 1, n)
}

func randomScripts(t *testing.T, seed uint64, n int) {
	jsh := ptytest.JSH(t)
	for _, sh := range []string{"bash", "dash"} {
		if _, err := exec.LookPath(sh); err != nil {
			t.Skip(sh, "is not installed")
		}
	}
	compared := 0
	for i := range n {
		g := &scriptMaker{Rand: rand.New(rand.NewPCG(seed, uint64(i)))}
		c := &scriptCase{name: fmt.Sprint(i), script: g.script(), mayHang: true}
		got := c.run(t, "jsh", jsh)
		if strings.Contains(got.stderr, "goroutine ") || strings.Contains(got.stderr, "internal error") {
			t.Fatalf("script %d: jsh crashed: %v\nscript:\n%s", i, got, c.script)
		}
		bash := c.run(t, "bash", "bash", "--posix")
		dash := c.run(t, "dash", "dash")
		if dash.hung && bash.hung || got.hung != dash.hung {
			if !dash.hung || !got.hung {
				t.Errorf("script %d: endless in jsh: %v, in dash: %v\nscript:\n%s", i, got.hung, dash.hung, c.script)
			}
			continue
		}
		if bash.stdout != dash.stdout || bash.status != dash.status {
			continue
		}
		compared++
		if got.stdout != dash.stdout || got.status != dash.status {
			t.Errorf("script %d: jsh: %v\nbash and dash: %v\nscript:\n%s", i, got, dash, c.script)
		}
	}
	if compared < n/3 {
		t.Errorf("only %d of %d scripts could be compared", compared, n)
	}
}

// scriptMaker makes random scripts of builtins and cat, which end.
type scriptMaker struct {
	*rand.Rand
	b      strings.Builder
	depth  int
	loops  int
	funcs  int
	inFunc bool
}

func (g *scriptMaker) pick(ss ...string) string { return ss[g.IntN(len(ss))] }

func (g *scriptMaker) script() string {
	if g.IntN(4) == 0 {
		g.b.WriteString("set " + g.pick("-e", "-u", "-f", "-eu", "-C", "-a") + "\n")
	}
	if g.IntN(6) == 0 {
		g.b.WriteString("trap 'echo bye $?' EXIT\n")
	}
	g.b.WriteString("a=1 b='x y' c= n=0; set -- p 'q r' ''\n")
	for g.funcs = 0; g.funcs < g.IntN(3); {
		g.b.WriteString(fmt.Sprintf("f%d() ", g.funcs))
		g.depth++
		g.inFunc = true
		g.b.WriteString("{ ")
		g.list(1 + g.IntN(3))
		g.b.WriteString("; }\n")
		g.inFunc = false
		g.depth--
		g.funcs++
	}
	for range 2 + g.IntN(6) {
		g.list(1)
		g.b.WriteString("\n")
	}
	g.b.WriteString("echo $? \"$a\" \"$b\" \"$c\" $n $#\n")
	return g.b.String()
}

func (g *scriptMaker) list(n int) {
	for i := range n {
		if i > 0 {
			g.b.WriteString(g.pick("; ", "; ", "; ", " && ", " || "))
		}
		if g.IntN(8) == 0 {
			g.b.WriteString("! ")
		}
		g.command()
		if g.IntN(10) == 0 {
			g.b.WriteString(" | cat")
		}
	}
}

func (g *scriptMaker) word() string {
	switch g.IntN(24) {
	case 0:
		return `"$@"`
	case 1:
		return "$*"
	case 2:
		return `"$*"`
	case 3:
		return "$#"
	case 4:
		return "${" + g.name() + g.pick("-", ":-", "+", ":+", "=", ":=", "%", "%%", "#", "##") + g.pick("x", "y z", "'q'", "*", "?", `"$a"`, "${c:-d}", "x*") + "}"
	case 5:
		return `"${` + g.name() + g.pick("-", ":-", "+", ":+", "%", "#") + g.pick("x", "y z", "*", `$a`, "${c:-d}") + `}"`
	case 6:
		return "$((" + g.pick("n", "n+1", "n*2-3", "a<n", "n==1?4:5", "(n|1)&3", "n%3") + "))"
	case 7, 8:
		if g.depth < 4 {
			g.depth++
			s := g.within(func() { g.list(1 + g.IntN(2)) })
			g.depth--
			return g.pick("$( "+s+")", `"$( `+s+`)"`)
		}
	case 9:
		return "'a  b'"
	case 10:
		return `"$b"`
	case 11:
		return "$b"
	case 12:
		return "${#b}"
	case 13:
		return "$?"
	case 14:
		return g.pick("*.none", "[a", "~none_", `\*`, `a\ b`, `\\`, "=", "-n")
	case 15:
		return "$1"
	case 16:
		return `"$2"x`
	}
	return g.pick("a", "b", "foo", "x=1", "1", "0", "", "''") + g.pick("", "$a", "$c", "z")
}

// within gives what f writes, instead of adding it to the script.
func (g *scriptMaker) within(f func()) string {
	before := g.b.String()
	g.b.Reset()
	f()
	s := g.b.String()
	g.b.Reset()
	g.b.WriteString(before)
	return s
}

func (g *scriptMaker) name() string { return g.pick("a", "b", "c", "n", "u") }

func (g *scriptMaker) command() {
	w := g.b.WriteString
	if g.depth >= 5 {
		w("echo " + g.pick("deep", "$a", "$?"))
		return
	}
	g.depth++
	defer func() { g.depth-- }()
	switch g.IntN(27) {
	case 0:
		w("if ")
		g.list(1)
		w("; then ")
		g.list(1 + g.IntN(2))
		if g.IntN(2) == 0 {
			w("; else ")
			g.list(1)
		}
		w("; fi")
	case 1:
		w("for a in " + g.word() + " " + g.word() + "; do ")
		g.loops++
		g.list(1 + g.IntN(2))
		g.loops--
		w("; done")
	case 2:
		v := fmt.Sprintf("i%d", g.depth)
		w(v + "=0; " + g.pick("while [ $"+v+" -lt 2 ]", "until [ $"+v+" -ge 2 ]") + "; do " + v + "=$((" + v + "+1)); ")
		g.loops++
		g.list(1)
		g.loops--
		w("; done")
	case 3:
		w("case " + g.word() + " in " + g.pick("a*", "*x", "?", "'a  b'|foo", "[0-9]*", "$a") + ") ")
		g.list(1)
		w(";; *) ")
		g.list(1)
		w(";; esac")
	case 4, 5:
		// jsh, too, takes (( for arithmetic, and refuses it.
		w("( ")
		g.list(1 + g.IntN(2))
		w(" )")
	case 6, 7:
		w("{ ")
		g.list(1 + g.IntN(2))
		w("; }")
	case 8:
		if g.funcs > 0 {
			w(fmt.Sprintf("f%d %s", g.IntN(g.funcs), g.word()))
			return
		}
		w("true")
	case 9:
		w(g.pick("true", "false", ":", "(exit 3)", "test a = b", "[ -n x ]"))
	case 10:
		if g.loops > 0 {
			w(g.pick("break", "continue", "break 2", "continue 2"))
			return
		}
		w("false")
	case 11:
		if g.inFunc {
			w(g.pick("return", "return 4"))
			return
		}
		w(g.pick("exit 5", "exit"))
	case 12:
		w("eval '" + strings.ReplaceAll(g.within(func() { g.list(1) }), "'", `'\''`) + "'")
	case 13:
		w("shift 2>/dev/null")
	case 14:
		w("set -- " + g.word() + " " + g.word())
	case 15:
		w("unset " + g.name())
	case 16:
		w("n=$((n+1))")
	case 17, 18:
		w(g.name() + "=" + g.word())
	case 19:
		w("echo " + g.word() + " >" + g.pick("f", "g") + "; cat f 2>/dev/null")
	case 20:
		w("read " + g.pick("a", "a b", "b c n") + " <<E\n" + g.pick("one two three", "$b", "  x\\ y ", "") + "\nE\n:")
	case 21:
		w("set " + g.pick("-e", "+e", "-f", "+f", "+u"))
	case 22:
		w("printf '[%s]' " + g.word() + " " + g.word())
	case 23:
		w("n=" + g.word() + " printf '%s\\n' " + g.word())
	default:
		w("echo " + g.word() + " " + g.word())
	}
}

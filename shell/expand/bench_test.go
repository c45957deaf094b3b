package expand

import (
	"fmt"
	"strings"
	"testing"

	"jsh/parser"
)

// benchWords reads the words of a command.
func benchWords(t testing.TB, src string) []*parser.Word {
	t.Helper()
	prog, err := parser.Parse("test", "n "+src, parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return prog.Stmts[0].Pipelines[0].Cmds[0].(*parser.Simple).Words[1:]
}

func benchEnv() *fakeEnv {
	e := newEnv()
	e.vars["i"], e.vars["f"], e.vars["list"], e.vars["HOME"] = "4711", "/usr/lib/file.tar.gz", strings.Repeat("word ", 20), "/home/me"
	e.args = []string{"a", "b", "c"}
	return e
}

func BenchmarkFields(b *testing.B) {
	for _, src := range []string{
		`echo hello world`,
		`$i -lt 100000 ]`,
		`"$i" "$f" 'a b'`,
		`"$@"`,
		`a$i-"$f"`,
		`$list`,
		`${f##*/} ${f%.*}`,
		`${x:-default} ${#f}`,
		`~/file`,
	} {
		words := benchWords(b, src)
		x := &Expander{Env: benchEnv()}
		b.Run(src, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := x.Fields(words); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAssign(b *testing.B) {
	for _, src := range []string{`$((i+1))`, `$((i += 1))`, `$(( (i * 3 + 7) % 1000 ))`, `$i`, `a$i`, `${f##*/}`} {
		w := benchWords(b, src)[0]
		x := &Expander{Env: benchEnv()}
		b.Run(src, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := x.Assign(w); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCase(b *testing.B) {
	for _, src := range []string{`abc`, `*.gz`, `[a-z]*.t?r.*`} {
		w := benchWords(b, src)[0]
		x := &Expander{Env: benchEnv()}
		b.Run(src, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p, err := x.Pattern(w)
				if err != nil {
					b.Fatal(err)
				}
				p.Match("/usr/lib/file.tar.gz")
			}
		})
	}
}

func BenchmarkSplitLarge(b *testing.B) {
	e := benchEnv()
	e.vars["big"] = strings.Repeat("some words of text\n", 50000)
	w := benchWords(b, `$big`)
	x := &Expander{Env: e}
	b.SetBytes(int64(len(e.vars["big"])))
	b.ReportAllocs()
	for b.Loop() {
		if got, err := x.Fields(w); err != nil || len(got) != 200000 {
			b.Fatal(len(got), err)
		}
	}
}

// Words without expansions cost no more than the slice that holds them.
func TestAllocations(t *testing.T) {
	for _, c := range []struct {
		src  string
		most float64
	}{
		{`[ a -lt 'b c' "d" ]`, 1},
		{`$i "$i" "$f"`, 1},
		{`$((1+1)) $((i+1))`, 2},
		{`"$@"`, 2},
		{`a$i`, 2},
		{`${f%.gz}`, 2},
	} {
		t.Run(fmt.Sprintf("%s takes at most %v", c.src, c.most), func(t *testing.T) {
			words := benchWords(t, c.src)
			x := &Expander{Env: benchEnv()}
			got := testing.AllocsPerRun(100, func() {
				if _, err := x.Fields(words); err != nil {
					t.Fatal(err)
				}
			})
			if got > c.most {
				t.Errorf("%v allocations", got)
			}
		})
	}
}

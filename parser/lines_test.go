package parser

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"
)

// recorder gives lines and notes what it was asked.
type recorder struct {
	lines   []string
	asked   []bool
	pending []string
	p       *Parser
}

func (r *recorder) ReadLine(continuation bool) (string, error) {
	r.asked = append(r.asked, continuation)
	r.pending = append(r.pending, r.p.Pending())
	if len(r.lines) == 0 {
		return "", io.EOF
	}
	l := r.lines[0]
	r.lines = r.lines[1:]
	return l, nil
}

func TestNextReadsNoLineMoreThanItsCommandNeeds(t *testing.T) {
	for _, c := range []struct {
		src     string
		pending string // what is open each time a further line is asked for
	}{
		{"echo a\n", ""},
		{"\n", ""},
		{"# a\n", ""},
		{"a; b & c && d\n", ""},
		{"if a\nthen\nb\nfi\n", "if if if"},
		{"echo 'a\nb\"\n' \"\n\"\n", "quote quote dquote"},
		{"cat <<A <<B\na\nA\nb\nB\n", "heredoc heredoc heredoc heredoc"},
		{"a |\nb &&\n\nc\n", "| && &&"},
		{"echo $(a\n) ${x-\n} $((1\n)) `\n`\n", "$( ${ $(( backquote"},
		{"echo a\\\nb\n", ""},
		{"f()\n{\na\n}\n", "() { {"},
		{"for i in a\ndo b\ndone\n", "for for"},
		{"while a\ndo b\ndone\n", "while while"},
		{"case a in\na)\nb;;\nesac\n", "case case case"},
		{"(\na\n)\n", "( ("},
		{"[[ a\n]]\n", "[["},
	} {
		t.Run(strconv.Quote(c.src), func(t *testing.T) {
			lines := strings.SplitAfter(strings.TrimSuffix(c.src, "\n"), "\n")
			lines[len(lines)-1] += "\n"
			n := len(lines)
			r := &recorder{lines: append(lines, "next\n")}
			p := New(r, Options{})
			r.p = p
			if _, err := p.Next(); err != nil {
				t.Fatal(err)
			}
			if len(r.asked) != n {
				t.Fatalf("asked for %d lines, needs %d", len(r.asked), n)
			}
			for i, cont := range r.asked {
				if cont != (i > 0) {
					t.Errorf("line %d: continuation = %v", i+1, cont)
				}
			}
			if got := strings.TrimSpace(strings.Join(r.pending[1:], " ")); got != c.pending {
				t.Errorf("pending %q, want %q", got, c.pending)
			}
		})
	}
}

func TestAfterAnErrorTheRestOfTheLineIsDropped(t *testing.T) {
	p := New(FromString("a; fi; b\nc\n"), Options{})
	_, err := p.Next()
	var s *SyntaxError
	if !errors.As(err, &s) {
		t.Fatal(err)
	}
	if _, again := p.Next(); again != err {
		t.Errorf("without Reset: %v", again)
	}
	p.Reset()
	prog, err := p.Next()
	if err != nil || String(prog) != "c" || prog.Start.Line != 2 || prog.Start.Offset != 9 {
		t.Errorf("%q at %+v, %v", String(prog), prog.Start, err)
	}
	if _, err := p.Next(); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

func TestAnErrorOfLinesIsReturnedUnchanged(t *testing.T) {
	boom := errors.New("boom")
	p := New(failing{boom}, Options{})
	if _, err := p.Next(); err != boom {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) ReadLine(bool) (string, error) { return "", f.err }

func TestPositionsCountLinesColumnsAndBytes(t *testing.T) {
	src := "a\n\n  if b; then\n\tc $(\n d) `e \\`f\\``\nfi\n"
	want := map[string]Pos{"b": {8, 3, 6}, "d": {23, 5, 2}, "f": {31, 5, 10}}
	p := New(FromString(src), Options{})
	seen := 0
	for {
		prog, err := p.Next()
		if err != nil {
			break
		}
		walk(prog, func(n any) {
			if s, ok := n.(*Simple); ok {
				if w, ok := want[String(s)]; ok {
					seen++
					if s.Start != w {
						t.Errorf("%s at %+v, want %+v", String(s), s.Start, w)
					}
				}
			}
		})
	}
	if seen != len(want) {
		t.Errorf("saw %d of %d", seen, len(want))
	}
	p = New(FromString("a\nb\n"), Options{})
	p.SetLine(41)
	p.Next()
	if prog, _ := p.Next(); prog.Start.Line != 42 {
		t.Errorf("line %d after SetLine(41) and one line", prog.Start.Line)
	}
}

func TestDeepNestingIsRefusedNotDiedOf(t *testing.T) {
	const n = 10_000
	for _, open := range []string{"( ", "$(", "((", "$((", "{ ", "if ", "${x-", "\"${x-", "! ", "! ! [[ ! ", "[[ (", "<<E $(", "f() ", "while ", "case x in x) ", "\"$("} {
		src := "echo " + strings.Repeat(open, n)
		if open[0] != '$' && open[0] != '"' && open[0] != '`' {
			src = strings.Repeat(open, n)
		}
		_, err := Parse("", src, Options{})
		if err == nil {
			t.Errorf("%s: no error", open)
		}
	}
	ok := strings.Repeat("( ", 500) + "a" + strings.Repeat(" )", 500)
	checkRoundTrip(t, "500 levels", mustParse(t, ok))
	_, err := Parse("", strings.Repeat("( ", n), Options{})
	if err == nil || !strings.Contains(err.Error(), "nested deeper than 2000 levels") {
		t.Errorf("got %v", err)
	}
}

func TestTimeIsLinear(t *testing.T) {
	for _, unit := range []string{"a ", "'b' ", "\"$c\" ", "a; ", "$(a) ", "`a` ", "x=1 ", "\\a", "$x", ">f ", "a && ", "a | ", "${x-y}", "\\\n", "\n", "#", "(", "$((", "{ a; }; ", "'\n"} {
		src := strings.Repeat(unit, 1<<20/len(unit))
		start := time.Now()
		p := New(FromString(src), Options{})
		for {
			if _, err := p.Next(); err != nil {
				break
			}
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("1 MB of %q took %v", unit, d)
		}
	}
}

func TestTheExcerptShowsThePlace(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"a; fi\n", "  a; fi\n     ^\n"},
		{"\ta; fi\n", "      a; fi\n         ^\n"},
		{"\xff; fi\n", "  ?; fi\n     ^\n"},
		{"日; fi\n", "  日; fi\n      ^\n"},
		{strings.Repeat("a", 100) + "; fi; " + strings.Repeat("b", 100) + "\n",
			"  ..." + strings.Repeat("a", 32) + "; fi; " + strings.Repeat("b", 30) + "...\n" + strings.Repeat(" ", 39) + "^\n"},
	} {
		_, err := Parse("x", c.src, Options{})
		var s *SyntaxError
		if !errors.As(err, &s) {
			t.Fatal(err)
		}
		if s.Excerpt() != c.want {
			t.Errorf("%q:\n%swant\n%s", c.src, s.Excerpt(), c.want)
		}
	}
}

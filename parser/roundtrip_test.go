package parser

import (
	"strings"
	"testing"
)

// checkRoundTrip proves that what String writes is read as the same tree.
func checkRoundTrip(t *testing.T, src string, p *Program) {
	t.Helper()
	want := tree(p)
	text := String(p)
	q, err := Parse("again", text, Options{})
	if err != nil {
		t.Fatalf("%q\nis printed as %q\nwhich is refused: %v", src, text, err)
	}
	if got := tree(q); got != want {
		t.Fatalf("%q\nis printed as %q\n got %s\nwant %s", src, text, got, want)
	}
}

// line is a command and the line it must have.
type line struct {
	node string
	line int
}

func lines(n any) (ls []line) {
	walk(n, func(n any) {
		if c, ok := n.(Command); ok {
			ls = append(ls, line{tree(c), c.Where().Start.Line})
		}
	})
	return ls
}

// checkHandover proves that text handed over gives the same tree in the same
// lines, for every node of p.
func checkHandover(t *testing.T, src string, p *Program, exactLines bool) {
	t.Helper()
	budget := 50 // it is quadratic
	walk(p, func(n any) {
		var body any = n
		switch n := n.(type) {
		case *Program, *AndOr, *Pipeline, Command:
		case *CmdSubst:
			body = n.Body
		default:
			return
		}
		if budget--; budget < 0 {
			return
		}
		text, at := Handover(n)
		q, err := parseAt(text, at)
		if err != nil {
			t.Fatalf("%q\nis handed over as %q\nwhich is refused: %v", src, text, err)
		}
		if c, ok := n.(*Simple); ok && c.isTime() {
			return // \time is another tree for the same command
		}
		want, got := lines(foreground(body)), lines(q)
		if len(want) != len(got) {
			t.Fatalf("%q\nis handed over as %q\n got %v\nwant %v", src, text, got, want)
		}
		for i := range want {
			if want[i].node != got[i].node || exactLines && want[i].line != got[i].line {
				t.Fatalf("%q\nis handed over as %q (line %d)\n got %v\nwant %v", src, text, at, got[i], want[i])
			}
		}
	})
}

// parseAt reads text as a re-executed subshell does.
func parseAt(text string, at int) (*Program, error) {
	p := New(FromString(text), Options{})
	p.SetLine(at)
	all := &Program{}
	for {
		prog, err := p.Next()
		if err != nil {
			if prog == nil && err.Error() == "EOF" {
				return all, nil
			}
			return nil, err
		}
		all.Stmts = append(all.Stmts, prog.Stmts...)
	}
}

func TestPrintedTextIsReadAsTheSameTree(t *testing.T) {
	for _, c := range good {
		p := mustParse(t, c.src)
		checkRoundTrip(t, c.src, p)
		checkHandover(t, c.src, p, !strings.Contains(c.src, "`"))
	}
}

func FuzzRoundTrip(f *testing.F) {
	for _, c := range good {
		f.Add(c.src)
	}
	for _, c := range bad {
		f.Add(c.src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		p, err := Parse("fuzz", src, Options{})
		if err != nil {
			return
		}
		checkRoundTrip(t, src, p)
		checkHandover(t, src, p, false)
		if JobText(p) != "" && strings.ContainsAny(JobText(p), "\n\x1b") {
			t.Fatalf("JobText(%q) = %q", src, JobText(p))
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, c := range good {
		f.Add(c.src, "if ", "a b ")
	}
	for _, c := range bad {
		f.Add(c.src, "a\nb<<E ", "'")
	}
	f.Fuzz(func(t *testing.T, src, one, two string) {
		if len(src)*(len(one)+1)*(len(two)+1) > 20000 {
			return // aliases multiply the text
		}
		opts := Options{Alias: aliases("a", one, "b", two, "c", "a ")}
		p := New(FromString(src), opts)
		// Aliases bring newlines of their own.
		for range (len(src)+1)*(len(one)+1)*(len(two)+1) + 2 {
			prog, err := p.Next()
			if err != nil {
				if err.Error() == "EOF" {
					return
				}
				s := err.(*SyntaxError)
				if s.Msg == "" || s.Pos.Line < 1 {
					t.Fatalf("%q: %+v", src, s)
				}
				for _, l := range strings.SplitAfter(s.Excerpt(), "\n") {
					width := 0
					for _, r := range strings.TrimSuffix(l, "\n") {
						width += runeWidth(r)
					}
					if width > excerptWidth {
						t.Fatalf("%q: excerpt line too long: %q", src, l)
					}
				}
				p.Reset()
				continue
			}
			checkRoundTrip(t, src, prog)
			checkHandover(t, src, prog, false)
		}
		t.Fatalf("%q: Next does not come to an end", src)
	})
}

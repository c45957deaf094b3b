package parser

import "testing"

func TestAliasesAreTokens(t *testing.T) {
	for _, c := range []struct {
		name    string
		aliases []string
		src     string
		want    string // without aliases it must give the same tree
	}{
		{"a value is read in the place of the word", []string{"ll", "ls -l"}, "ll x\n", "ls -l x\n"},
		{"a quoted word is no alias", []string{"ll", "ls -l"}, "\\ll; 'll'; l\"l\"\n", "\\ll; 'll'; l\"l\"\n"},
		{"an operand is no alias", []string{"ll", "ls"}, "echo ll\n", "echo ll\n"},
		{"a value may be a reserved word", []string{"x", "if"}, "x true; then a; fi\n", "if true; then a; fi\n"},
		{"a value may end a construct", []string{"x", "fi"}, "if a; then b; x\n", "if a; then b; fi\n"},
		{"a value may hold operators", []string{"x", "a | b &&"}, "x c\n", "a | b && c\n"},
		{"a value may hold newlines", []string{"x", "a\nb"}, "x c\n", "a; b c\n"},
		{"a value may open a quote", []string{"x", "echo 'a "}, "x b'\n", "echo 'a  b'\n"},
		{"a value may begin a comment", []string{"x", "a #"}, "x b c\n", "a\n"},
		{"a value may be a redirection", []string{"x", ">f"}, "x a\n", ">f a\n"},
		{"a value may hold a here-document", []string{"x", "cat <<E\nbody\nE\n"}, "x a\n", "cat <<E\nbody\nE\na\n"},
		{"a value may ask for a here-document", []string{"x", "cat <<E"}, "x\nbody\nE\n", "cat <<E\nbody\nE\n"},
		{"a value may be empty", []string{"x", ""}, "x a\n", "a\n"},
		{"an alias in its own value is left alone", []string{"ls", "ls -l"}, "ls x\n", "ls -l x\n"},
		{"so it is where it is all of the value", []string{"ls", "ls"}, "ls x\n", "ls x\n"},
		{"two that name each other come to an end", []string{"a", "b", "b", "a"}, "a; b\n", "a; b\n"},
		{"a blank at the end lets the next word be one", []string{"n", "nice ", "ll", "ls -l"}, "n ll ll\n", "nice ls -l ll\n"},
		{"and the next, while values end in a blank", []string{"n", "nice ", "m", "env ", "ll", "ls"}, "n m ll ll\n", "nice env ls ll\n"},
		{"a reserved word is no alias", []string{"if", "a"}, "if b; then c; fi\n", "if b; then c; fi\n"},
		{"the command word after an assignment is one", []string{"ll", "ls -l"}, "a=1 ll\n", "a=1 ls -l\n"},
		{"the command word after a redirection is one", []string{"ll", "ls -l"}, ">f ll\n", ">f ls -l\n"},
		{"each command of a pipeline begins with one", []string{"x", "y z"}, "x | x && ! x; ( x ); { x; }\n", "y z | y z && ! y z; ( y z ); { y z; }\n"},
		{"a command in a substitution begins with one", []string{"x", "y z"}, "echo $(x) `x`\n", "echo $(y z) `y z`\n"},
		{"a pattern of case is no alias", []string{"x", "y"}, "case x in x) x;; esac\n", "case x in x) y;; esac\n"},
		{"a number at the end of a value is not joined to a redirection", []string{"x", "echo 2"}, "x>f\n", "echo 2 >f\n"},
		{"an alias within an alias is guarded by both", []string{"a", "b 1", "b", "a 2"}, "a\n", "a 2 1\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := readAll(t, c.src, Options{Alias: aliases(c.aliases...)})
			want := readAll(t, c.want, Options{})
			if tree(got) != tree(want) {
				t.Errorf("%q\n got %s\nwant %s", c.src, String(got), String(want))
			}
			checkRoundTrip(t, c.src, got)
		})
	}
}

// readAll reads all commands of src into one Program.
func readAll(t *testing.T, src string, opts Options) *Program {
	t.Helper()
	p := New(FromString(src), opts)
	all := &Program{}
	for {
		prog, err := p.Next()
		if prog == nil {
			if err.Error() != "EOF" {
				t.Fatalf("%q: %v", src, err)
			}
			return all
		}
		all.Stmts = append(all.Stmts, prog.Stmts...)
	}
}

func TestSourceOfAnAliasedTextIsWhatWasRun(t *testing.T) {
	opts := Options{Alias: aliases("x", "y z")}
	p := readAll(t, "f() {\n x\n a\n}\n", opts)
	f := p.Stmts[0].Pipelines[0].Cmds[0].(*FuncDef)
	if want := "f() { \ny z\na; }"; f.Source != want {
		t.Errorf("Source = %q, want %q", f.Source, want)
	}
	p = readAll(t, "f() {  a;\n  b; }\n", opts)
	f = p.Stmts[0].Pipelines[0].Cmds[0].(*FuncDef)
	if want := "f() {  a;\n  b; }"; f.Source != want {
		t.Errorf("Source = %q, want %q", f.Source, want)
	}
}

package expand

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jsh/parser"
)

// 2.7.4 Here-Document.
func TestHereDocument(t *testing.T) {
	check(t, []rule{
		{"parameters, commands and arithmetic are expanded",
			"x='a  b'\ncat <<E\n$x ${x#a} $(echo 1) `echo 2` $((1+2))\nE\n", "a  b   b 1 2 3\n", nil},
		{"quotes are ordinary", "x=1\ncat <<E\n\"$x\" '$x' \"a\nE\n", "\"1\" '1' \"a\n", nil},
		{"a backslash quotes $ ` \\ and newline only", "x=1\ncat <<E\n\\$x \\\\ \\a \\\"\\`\na\\\nb\nE\n", "$x \\ \\a \\\"`\nab\n", nil},
		{"a quoted delimiter keeps all as it is", "x=1\ncat <<'E'\n$x \\$x `echo`\nE\n", "$x \\$x `echo`\n", nil},
		{"nothing is split, matched or home", "x='/de*  a'\ncat <<E\n$x ~ * ${u-~}\nE\n", "/de*  a ~ * ~\n", nil},
		{"$* joins by the first character of IFS", "set -- a b\nIFS=:\ncat <<E\n$*\nE\n", "a:b\n", map[string]string{"bash": "a b\n"}},
		{"$@ joins by spaces (unspecified; as bash)", "set -- a b\nIFS=:\ncat <<E\n$@ ${u-$@}\nE\n", "a b a b\n", map[string]string{"dash": "a:b a:b\n"}},
		{"bytes that are no characters pass through", "x='\xff'\ncat <<E\n$x\xc3\nE\n", "\xff\xc3\n", nil},
	})
}

func TestFieldOfWord(t *testing.T) {
	e := newEnv()
	e.vars["HOME"], e.vars["x"] = "/h", "a  *"
	e.args = []string{"1", "2"}
	x := &Expander{Env: e}
	for _, c := range []struct{ name, word, want string }{
		{"nothing is split or matched", `$x"$x"*`, "a  *a  **"},
		{"a tilde is expanded at the beginning", `~/a:~`, "/h/a:~"},
		{"quotes go", `'a'"b"\c`, "abc"},
		{"an empty word is the empty string", `""`, ""},
		{"an expansion to nothing is the empty string", `$u`, ""},
		{"$@ joins by spaces", `$@`, "1 2"},
		{"a tilde in quotes stays", `"~"`, "~"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := x.Field(word(t, c.word))
			if got != c.want || err != nil {
				t.Errorf("%s: %q, %v; want %q", c.word, got, err, c.want)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		name, word string
		kind       Kind
		param      string
		want       string
	}{
		{"${x?word} of an unset parameter", `${u?not "here" $v}`, Message, "u", "u: not here value"},
		{"${x?} has a message of its own", `${u?}`, Message, "u", "u: parameter not set"},
		{"${x:?} says null too", `${e:?}`, Message, "e", "e: parameter null or not set"},
		{"${1?word}", `${1?gone}`, Message, "1", "1: gone"},
		{"${@?word} without parameters", `"${@?none}"`, Message, "@", "@: none"},
		{"an unset variable under set -u", `a$u`, Unset, "u", "u: parameter not set"},
		{"alone under set -u", `$u`, Unset, "u", "u: parameter not set"},
		{"in quotes under set -u", `"$u"`, Unset, "u", "u: parameter not set"},
		{"its length under set -u", `${#u}`, Unset, "u", "u: parameter not set"},
		{"a trim of it under set -u", `${u%x}`, Unset, "u", "u: parameter not set"},
		{"an unset positional parameter under set -u", `$1`, Unset, "1", "1: parameter not set"},
		{"$! unset under set -u", `$!`, Unset, "!", "!: parameter not set"},
		{"in arithmetic under set -u", `$((u + 1))`, Unset, "u", "u: parameter not set"},
		{"assignment to a positional parameter", `${1=x}`, BadSubst, "1", "1: only a variable can be assigned to"},
		{"assignment to @", `${@=x}`, BadSubst, "@", "@: only a variable can be assigned to"},
		{"assignment to a readonly variable", `${ro=x}`, NotSet, "ro", "ro: is read only"},
		{"assignment to a readonly variable in arithmetic", `$((ro = 1))`, NotSet, "ro", "ro: is read only"},
		{"arithmetic that is none", `$((1 +))`, BadArith, "", "1 +: an operand is missing at character 4"},
		{"in the pattern of a trim", `${v#$u}`, Unset, "u", "u: parameter not set"},
		{"in the word of an expansion", `${u-${w?inner}}`, Message, "w", "w: inner"},
		{"in double-quotes in a word", `a"b${u?x}"`, Message, "u", "u: x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newEnv()
			e.vars["e"], e.vars["v"] = "", "value"
			e.readonly["ro"] = true
			x := &Expander{Env: e, Opts: Options{NoUnset: true}}
			w := word(t, c.word)
			_, err := x.Fields([]*parser.Word{w})
			var got *Error
			if !errors.As(err, &got) {
				t.Fatalf("%s: %v", c.word, err)
			}
			if got.Kind != c.kind || got.Name != c.param || got.Error() != c.want {
				t.Errorf("%s: kind %d, %q, %q; want kind %d, %q, %q", c.word, got.Kind, got.Name, got.Error(), c.kind, c.param, c.want)
			}
			if got.Pos.Line != 1 || got.Pos.Col < 3 {
				t.Errorf("%s: the error has no place: %+v", c.word, got.Pos)
			}
			if _, err = x.Field(w); !errors.As(err, &got) || got.Kind != c.kind {
				t.Errorf("Field(%s): %v", c.word, err)
			}
		})
	}
	t.Run("these are no error under set -u", func(t *testing.T) {
		for _, src := range []string{`$@`, `$*`, `"$@"`, `${u-}`, `${u+x}`, `${u:=}`, `$#`, `${#@}`, `${*%x}`, `${u-$@}`} {
			x := &Expander{Env: newEnv(), Opts: Options{NoUnset: true}}
			if _, err := x.Fields([]*parser.Word{word(t, src)}); err != nil {
				t.Errorf("%s: %v", src, err)
			}
		}
	})
	t.Run("without set -u an unset parameter is empty", func(t *testing.T) {
		x := &Expander{Env: newEnv()}
		if got, err := x.Fields([]*parser.Word{word(t, `a$u"$1"${#u}$!`)}); err != nil || !cmp.Equal(got, []string{"a0"}) {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("the error of a command substitution comes back unchanged", func(t *testing.T) {
		e := newEnv()
		gone := errors.New("gone")
		e.subst = func(*parser.CmdSubst) ([]byte, error) { return nil, gone }
		x := &Expander{Env: e}
		if _, err := x.Fields([]*parser.Word{word(t, `a$(b)`)}); err != gone {
			t.Errorf("%v", err)
		}
	})
	t.Run("what stands after an error is not expanded", func(t *testing.T) {
		e := newEnv()
		x := &Expander{Env: e}
		if _, err := x.Fields(benchWords(t, `${a=1} ${u?} ${b=2}`)); err == nil || e.vars["a"] != "1" || e.vars["b"] != "" {
			t.Errorf("%v, %v", err, e.vars)
		}
	})
}

// An Env that expands again from within must not disturb the expansion that
// goes on.
func TestExpanderIsReentrant(t *testing.T) {
	e := newEnv()
	e.vars["x"] = "a b"
	x := &Expander{Env: e}
	inner := benchWords(t, `p$x"q r"$(deep)$((n += 1))`)
	e.subst = func(cs *parser.CmdSubst) ([]byte, error) {
		if cs.Source == "deep" {
			return []byte("z\n"), nil
		}
		got, err := x.Fields(inner)
		return []byte(strings.Join(got, ",") + "\n"), err
	}
	got, err := x.Fields(benchWords(t, `1$x$(first)2"$x$(first)" $x`))
	want := []string{"1a", "bpa,bq", "rz12a bpa,bq rz2", "a", "b"}
	if err != nil || !cmp.Equal(got, want) {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}

func TestCommandSubstitutionOutput(t *testing.T) {
	for _, c := range []struct{ name, out, quoted, unquoted string }{
		{"the last newlines go", "a\n\n\n", `["a"]`, `["a"]`},
		{"newlines inside stay in quotes", "a\nb\n", `["a\nb"]`, `["a" "b"]`},
		{"a carriage return is no newline", "a\r\n", `["a\r"]`, `["a\r"]`},
		{"NUL bytes go", "a\x00b\x00\n\x00", `["ab"]`, `["ab"]`},
		{"nothing is an empty string in quotes, and no field outside", "\n\n", `[""]`, `[]`},
		{"only NUL is nothing", "\x00\x00", `[""]`, `[]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newEnv()
			e.subst = func(*parser.CmdSubst) ([]byte, error) { return []byte(c.out), nil }
			x := &Expander{Env: e}
			for src, want := range map[string]string{`"$(c)"`: c.quoted, `$(c)`: c.unquoted} {
				got, err := x.Fields([]*parser.Word{word(t, src)})
				if fmt.Sprintf("%q", got) != want || err != nil {
					t.Errorf("%s: %q, %v; want %s", src, got, err, want)
				}
			}
		})
	}
}

// FuzzFields expands whatever the parser accepts: it must not panic, and what
// stands in quotes must come out as one field.
func FuzzFields(f *testing.F) {
	for _, s := range []string{`"$@"$x`, `${x:-a "b c"}`, `${f##*/}`, `~/a:~`, `$((x+1))`, `[!a-]*$y`, "${x#\xff?}", `"${u-"$@"}"`} {
		f.Add(s, " :", "a b:c\xff")
	}
	f.Fuzz(func(t *testing.T, src, ifs, x string) {
		if len(src) > 60 {
			return
		}
		prog, err := parser.Parse("test", "n "+src, parser.Options{})
		if err != nil || len(prog.Stmts) != 1 {
			return
		}
		c, ok := prog.Stmts[0].Pipelines[0].Cmds[0].(*parser.Simple)
		if !ok {
			return
		}
		e := newEnv()
		e.subst = func(*parser.CmdSubst) ([]byte, error) { return []byte(x), nil }
		e.vars["IFS"], e.vars["x"], e.vars["y"], e.vars["LC_ALL"] = ifs, x, "*", "C.UTF-8"
		e.args = []string{x, "", "a"}
		ex := &Expander{Env: e, Opts: Options{NoGlob: true}}
		ex.Fields(c.Words)
		for _, w := range c.Words {
			ex.Field(w)
			ex.Assign(w)
			ex.HereDoc(w)
			if p, err := ex.Pattern(w); err == nil {
				p.Match(x)
			}
		}
		quoted := &parser.Word{Parts: []parser.WordPart{&parser.DblQuoted{Parts: []parser.WordPart{&parser.Param{Name: "x"}}}}}
		if got, err := ex.Fields([]*parser.Word{quoted}); err != nil || len(got) != 1 || got[0] != e.vars["x"] {
			t.Fatalf("%q, %v from %q", got, err, e.vars["x"])
		}
	})
}

package parser

import "testing"

func TestJobTextIsOneLine(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"find / -name xyz >tmp 2>&1 &\n", "find / -name xyz > tmp 2>&1"},
		{"cat <<E | wc\na\nE\n", "cat <<E | wc"},
		{"while a\ndo b; c & done\n", "while a; do b; c & done"},
		{"echo 'a\nb' \"c\td\"\n", "echo 'a b' \"c d\""},
		{"a && ! b || { c; } &\n", "a && ! b || { c; }"},
	} {
		if got := JobText(mustParse(t, c.src).Stmts[0]); got != c.want {
			t.Errorf("%q: got %q, want %q", c.src, got, c.want)
		}
	}
}

func TestAnOperandCanBeReadAsAnAssignment(t *testing.T) {
	for _, c := range []struct {
		word, name, value string
		add, ok           bool
	}{
		{"a=b", "a", "b", false, true},
		{"a=", "a", "", false, true},
		{"a+=$b\"c\"", "a", "$b\"c\"", true, true},
		{"a", "", "", false, false},
		{"=b", "", "", false, false},
		{"1=b", "", "", false, false},
		{"$a=b", "", "", false, false},
		{"\\a=b", "", "", false, false},
		{"a\"=\"b", "", "", false, false},
	} {
		w := mustParse(t, "export "+c.word+"\n").Stmts[0].Pipelines[0].Cmds[0].(*Simple).Words[1]
		a, ok := w.AsAssign()
		if ok != c.ok {
			t.Errorf("%s: %v", c.word, ok)
			continue
		}
		if ok && (a.Name != c.name || a.Append != c.add || String(a.Value) != c.value) {
			t.Errorf("%s: %q += %v, %q", c.word, a.Name, a.Append, String(a.Value))
		}
		if String(w) != c.word {
			t.Errorf("AsAssign changed %s to %s", c.word, String(w))
		}
	}
}

func TestDollarQuotesAreReadAsBashReadsThem(t *testing.T) {
	for src, want := range map[string]string{
		`\a\b\e\f\n\r\t\v`: "\a\b\x1b\f\n\r\t\v",
		`\\\'\"`:           `\'"`,
		`\x41\x4\101\18`:   "A\x04A\x018",
		`\cA\c?`:           "\x01\x7f",
		`\q\xg`:            `\q\xg`,
		`a\0b`:             "a",
		`\u00e9`:           "é",
	} {
		p := mustParse(t, "$'"+src+"'\n")
		q := p.Stmts[0].Pipelines[0].Cmds[0].(*Simple).Words[0].Parts[0].(*Quoted)
		if q.Text != want {
			t.Errorf("$'%s' = %q, want %q", src, q.Text, want)
		}
	}
}

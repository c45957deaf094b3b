package expand

import (
	"context"
	"math/rand"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"jsh/parser"
)

// XBD 9.4 Extended Regular Expressions.
func TestRegularExpressions(t *testing.T) {
	for _, c := range []struct {
		rule, re, text string
		want           bool
	}{
		{"an ordinary character matches itself, anywhere", "b", "abc", true},
		{"an empty expression matches all", "", "a", true},
		{"a period matches any character", "^a.c$", "abc", true},
		{"but not none", "^a.c$", "ac", false},
		{"a period matches a newline", "^a.c$", "a\nc", true},
		{"one character of several bytes", "^.$", "ä", true},
		{"a byte that is no character is one", "^..$", "\xff\xc3", true},
		{"a bracket", "^[ab]+$", "abba", true},
		{"! is ordinary in a bracket", "^[!a]$", "!", true},
		{"a bracket that excludes", "^[^ab]$", "c", true},
		{"a ] that comes first", "^[]a]$", "]", true},
		{"a backslash is ordinary in a bracket", `^[\.]$`, `\`, true},
		{"special characters are ordinary in a bracket", "^[.*+?(){}|$^]{13}$", ".*+?(){}|$^.*", true},
		{"a class", "^[[:digit:]]+$", "2024", true},
		{"a class of letters beyond ASCII", "^[[:alpha:]]+$", "äöß", true},
		{"a backslash quotes", `^a\.c$`, "abc", false},
		{"and what it quotes matches", `^\.\[\\\(\)\*\+\?\{\|\^\$$`, `.[\()*+?{|^$`, true},
		{"a star matches none", "^ab*c$", "ac", true},
		{"and many", "^ab*c$", "abbbc", true},
		{"a plus does not match none", "^ab+c$", "ac", false},
		{"a question mark matches one at most", "^ab?c$", "abbc", false},
		{"an interval", "^a{2,3}$", "aaa", true},
		{"and no more", "^a{2,3}$", "aaaa", false},
		{"an interval without an end", "^a{2,}$", "aaaaaa", true},
		{"an exact interval", "^a{2}$", "aaa", false},
		{"an interval of none", "^a{0}b$", "b", true},
		{"repetitions of repetitions", "^(a{2}){2}$", "aaaa", true},
		{"a group", "^(ab)+$", "abab", true},
		{"an alternative", "^(a|b|cd)$", "cd", true},
		{"alternatives have the lowest precedence", "^a|b$", "xb", true},
		{"an alternative of a repetition", "^(a|b*c)+$", "abbcc", true},
		{"an anchor in a group", "(^a|b)c", "xac", false},
		{"a circumflex in the middle never matches", "a^b", "a^b", false},
		{"a dollar in the middle never matches", "a$b", "a$b", false},
		{"a ) without a ( is ordinary", "^a)$", "a)", true},
		{"a } alone is ordinary", "^a}$", "a}", true},
		{"loops over nothing end", "^(a*)*(|b)*$", "aab", true},
		{"no expression takes exponential time", "^(a|aa)+$", strings.Repeat("a", 5000) + "b", false},
	} {
		t.Run(c.rule, func(t *testing.T) {
			re, err := compileRegex(c.re, nil, true)
			if err != nil {
				t.Fatal(err)
			}
			if got := re.Match(c.text); got != c.want {
				t.Errorf("%q matches %q: %v", c.re, c.text, got)
			}
		})
	}
	for _, bad := range []string{"*a", "a|*", "(+)", "{1}", "^*", "a{", "a{1", "a{2,1}", "a{256}", "a{,}", "a{1,2", "(a", "[a", "[[:alpha:]", `a\`, `\d`, `\w+`,
		"((((a{200}){200}){200}){200})", strings.Repeat("(", 2000)} {
		if re, err := compileRegex(bad, nil, true); err == nil {
			t.Errorf("%.40q is taken: %d instructions", bad, len(re.prog))
		} else if _, is := err.(RegexError); !is {
			t.Errorf("%.40q: %v", bad, err)
		}
	}
}

// TestQuotedCharactersOfARegularExpressionStandForThemselves is a rule of
// bash's [[ ]].
func TestQuotedCharactersOfARegularExpressionStandForThemselves(t *testing.T) {
	for _, c := range []struct {
		word, text string
		want       bool
	}{
		{`a.c`, "abc", true}, {`a'.'c`, "abc", false}, {`a"."c`, "a.c", true}, {`a\.c`, "abc", false},
		{`$x`, "aaa", true}, {`"$x"`, "aaa", false}, {`"$x"`, "xa+x", true}, {`^"$x"$`, "a+", true},
		{`['$x']`, "$", true}, {`[$x]`, "+", true}, {`$y`, "a.b", true}, {`$y`, "axb", false},
	} {
		e := newEnv()
		e.vars["x"], e.vars["y"] = "a+", `^a\.b$`
		re, err := (&Expander{Env: e}).Regex(word(t, c.word))
		if err != nil || re.Match(c.text) != c.want {
			t.Errorf("%s matches %q: %v (%v)", c.word, c.text, !c.want, err)
		}
	}
	prog, err := parser.Parse("test", `[[ a =~ \d+ ]]`, parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := prog.Stmts[0].Pipelines[0].Cmds[0].(*parser.Cond).X.(*parser.CondBinary).Y
	if _, err := (&Expander{Env: newEnv()}).Regex(w); err == nil || !strings.Contains(err.Error(), "[0-9]") {
		t.Errorf(`\d: %v`, err)
	}
}

// randomRegex makes expressions that are specified, mostly.
func randomRegex(r *rand.Rand, depth int) string {
	var b strings.Builder
	for range 1 + r.Intn(3) {
		switch k := r.Intn(10); {
		case k < 3 && depth > 0:
			b.WriteString("(" + randomRegex(r, depth-1) + ")")
		case k < 4:
			b.WriteString([]string{"[ab]", "[^a]", "[a-c]", "[[:digit:]b]"}[r.Intn(4)])
		case k < 5:
			b.WriteString(".")
		default:
			b.WriteByte("abc1"[r.Intn(4)])
		}
		b.WriteString([]string{"", "", "", "*", "+", "?", "{2}", "{0,1}", "{1,}"}[r.Intn(9)])
		if r.Intn(6) == 0 {
			b.WriteString("|")
			b.WriteString(randomRegex(r, depth-1))
		}
	}
	return b.String()
}

// TestRegularExpressionsLikeBash asks the C library, by way of bash.
func TestRegularExpressionsLikeBash(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not here to be asked")
	}
	r := rand.New(rand.NewSource(*seed))
	n := 1000
	if *soak > 0 {
		n = *soak
	}
	var script strings.Builder
	script.WriteString(`t() { [[ $2 =~ $1 ]]; printf %s $?; }` + "\n")
	var res, texts []string
	for range n {
		re, text := randomRegex(r, 1), "" // deeper ones take the C library for ever
		// The C library is wrong about anchors in what is repeated: (^.)+ does
		// not match ab there.
		if r.Intn(4) == 0 {
			re = "^" + re
		}
		if r.Intn(4) == 0 {
			re += "$"
		}
		for range r.Intn(7) {
			text += string("abc1"[r.Intn(4)])
		}
		res, texts = append(res, re), append(texts, text)
		script.WriteString("t '" + re + "' '" + text + "'\n")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, bash)
	cmd.Stdin = strings.NewReader(script.String())
	out, err := cmd.Output()
	if ctx.Err() != nil {
		t.Logf("the C library took too long over %q =~ %q", texts[len(out)], res[len(out)])
	} else if err != nil || len(out) != n {
		t.Fatalf("bash gave %d answers: %v", len(out), err)
	}
	for i, re := range res[:len(out)] {
		got := byte('2')
		if x, err := compileRegex(re, nil, true); err == nil {
			got = '1'
			if x.Match(texts[i]) {
				got = '0'
			}
		}
		if got != out[i] {
			t.Errorf("%q =~ %q: %c, bash %c", texts[i], re, got, out[i])
		}
	}
}

// FuzzRegex compares with Go's package where that takes the expression too and
// means the same by it.
func FuzzRegex(f *testing.F) {
	f.Add("^(a|b*)+[^c-d]{2,3}$", "aabx")
	f.Add("[[:alpha:]]?.", "é")
	f.Fuzz(func(t *testing.T, re, text string) {
		if len(re) > 40 || len(text) > 40 {
			return
		}
		x, err := compileRegex(re, nil, true)
		if err != nil {
			return
		}
		got := x.Match(text)
		if strings.ContainsAny(re, "\\[{") || !utf8.ValidString(re) || !utf8.ValidString(text) || strings.ContainsRune(text, '\n') {
			return // Go's brackets, escapes and newlines differ
		}
		if o, err := regexp.CompilePOSIX(re); err == nil && o.MatchString(text) != got {
			t.Errorf("%q =~ %q: %v", text, re, got)
		}
	})
}

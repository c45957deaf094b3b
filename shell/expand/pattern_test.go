package expand

import (
	"fmt"
	"strings"
	"testing"
)

// 2.14 Pattern Matching Notation: what a case pattern matches that comes from
// an expansion, so that a backslash in it escapes.
func TestPatterns(t *testing.T) {
	cases := []struct {
		name, pattern, s string
		want             bool
		known            string // the shells that say otherwise
	}{
		{"an ordinary character matches itself", "abc", "abc", true, ""},
		{"a pattern matches all of the string", "b", "abc", false, ""},
		{"the empty pattern matches the empty string", "", "", true, ""},
		{"the empty pattern matches nothing else", "", "a", false, ""},
		{"? matches one character", "a?c", "abc", true, ""},
		{"? does not match nothing", "a?", "a", false, ""},
		{"? matches a character of several bytes", "?", "é", true, "dash"},
		{"? does not match half a character", "??", "é", false, "dash"},
		{"? matches a byte that is no character", "?", "\xff", true, ""},
		{"? matches a slash here", "a?b", "a/b", true, ""},
		{"* matches nothing", "*", "", true, ""},
		{"* matches anything", "*", "a/.b\n", true, ""},
		{"stars in between", "a*b*c", "axbxbxc", true, ""},
		{"stars cannot share text", "ab*ba", "aba", false, ""},
		{"adjacent stars are one", "a**c", "abc", true, ""},
		{"a middle part is found more than once", "*ab*ab*", "xabxab", true, ""},
		{"a middle part is wanted twice", "*ab*ab*", "xab", false, ""},
		{"a star gives back", "*a?b", "aaab", true, ""},
		{"a backslash quotes", `\*`, "*", true, ""},
		{"a quoted star is no star", `\*`, "a", false, ""},
		{"a backslash before an ordinary character is dropped", `\a`, "a", true, ""},
		{"two backslashes are one", `\\`, `\`, true, ""},
		{"a backslash at the end stands for itself", `a\`, `a\`, true, ""},
		{"a set", "[abc]", "b", true, ""},
		{"a set matches one character", "[abc]", "bb", false, ""},
		{"a range", "[a-c]x", "bx", true, ""},
		{"outside a range", "[a-c]", "d", false, ""},
		{"two ranges", "[a-cx-z]", "y", true, ""},
		{"a range that goes backwards is empty", "[z-a]", "m", false, ""},
		{"a minus at the end of a set", "[a-]", "-", true, ""},
		{"a minus at its beginning", "[-a]", "-", true, ""},
		{"a range that ends in a minus", "[%--]", "+", true, ""},
		{"after a range a minus is one", "[a-c-e]", "-", true, ""},
		{"and begins no other", "[a-c-e]", "d", false, ""},
		{"! negates", "[!a]", "b", true, ""},
		{"! negates what is there", "[!a]", "a", false, ""},
		{"^ negates as well", "[^a]", "b", true, "dash"},
		{"^ elsewhere is ordinary", "[a^]", "^", true, ""},
		{"a ] comes first in a set", "[]a]", "]", true, ""},
		{"a ] comes first in a negated set", "[!]a]", "b", true, ""},
		{"a negated ] is out", "[!]a]", "]", false, ""},
		{"a negated set wants a character", "[!a]", "", false, ""},
		{"[ that is not closed is ordinary", "[a", "[a", true, ""},
		{"and other characters stay special then", "[a*", "[abc", true, ""},
		{"[] is ordinary", "[]", "[]", true, ""},
		{"[!] is ordinary", "[!]", "[!]", true, ""},
		{"[ in a set is ordinary", "[[a]", "[", true, ""},
		{"a set that ends early", "[[b]]", "b]", true, ""},
		{"a backslash quotes in a set", `[\]]`, "]", true, ""},
		{"a quoted ] does not end a set", `[\]]`, `\]`, false, ""},
		{"the backslash is not in the set", `[\a]`, `\`, false, ""},
		{"two backslashes in a set are one", `[\\]`, `\`, true, ""},
		{"a quoted ! does not negate", `[\!a]`, "!", true, ""},
		{"a quoted minus makes no range", `[a\-c]`, "b", false, ""},
		{"a quoted minus is in the set", `[a\-c]`, "-", true, ""},
		{"a set whose only ] is quoted is ordinary", `[\]`, `[]`, true, ""},
		{"[:alpha:]", "[[:alpha:]]", "q", true, ""},
		{"[:alpha:] has no digit", "[[:alpha:]]", "1", false, ""},
		{"[:alpha:] with others", "[_[:alpha:]-]", "-", true, ""},
		{"[:alpha:] beyond ASCII", "[[:alpha:]]", "é", true, "dash"},
		{"[:upper:] beyond ASCII", "[[:upper:]]", "é", false, ""},
		{"[:lower:] beyond ASCII", "[[:lower:]]", "λ", true, "dash"},
		{"[:digit:]", "[[:digit:]]", "7", true, ""},
		{"[:digit:] is ASCII", "[[:digit:]]", "٣", false, ""},
		{"[:alnum:]", "[![:alnum:]]", "_", true, ""},
		{"[:space:]", "[[:space:]]", "\n", true, ""},
		{"[:blank:]", "[[:blank:]]", "\t", true, ""},
		{"[:blank:] has no newline", "[[:blank:]]", "\n", false, ""},
		{"[:punct:]", "[[:punct:]]", "+", true, ""},
		{"[:punct:] has no letter", "[[:punct:]]", "a", false, ""},
		{"[:punct:] has no space", "[[:punct:]]", " ", false, ""},
		{"[:cntrl:]", "[[:cntrl:]]", "\x01", true, ""},
		{"[:print:]", "[[:print:]]", " ", true, ""},
		{"[:print:] has no control", "[[:print:]]", "\t", false, ""},
		{"[:graph:]", "[[:graph:]]", "~", true, ""},
		{"[:graph:] has no space", "[[:graph:]]", " ", false, ""},
		{"[:xdigit:]", "[[:xdigit:]]", "F", true, ""},
		{"[:xdigit:] has no g", "[[:xdigit:]]", "g", false, ""},
		{"[:alpha:] without its second bracket is a set", "[[:alpha:]", "a", false, ""},
		{"an unknown class has nothing", "[[:foo:]]", "f", false, ""},
		{"a class does not end at its name's first character", "[[:alpha]", "l", true, ""},
		{"[=a=] is a", "[[=a=]]", "a", true, "dash"},
		{"[.a.] is a", "[[.a.]]", "a", true, "dash"},
		{"[.-.] begins a range", "[[.+.]-a]", "A", true, "dash"},
		{"[.a.] ends a range", "[A-[.a.]]", "B", true, "dash"},
		{"a set of characters beyond ASCII", "[éà]", "à", true, "dash"},
		{"a range beyond ASCII", "[α-ω]", "λ", true, "dash"},
		{"a range from ASCII on", "[a-ω]", "é", true, "dash"},
		{"a negated set takes a whole character", "[!a]", "é", true, "dash"},
		{"a negated set takes a byte that is no character", "[!a]", "\xff", true, ""},
		{"a byte that is no character in a set", "[\xff]", "\xff", true, ""},
		{"a text after a star", "*.go", "x.go", true, ""},
		{"a text after a star that is not there", "*.go", "x.gone", false, ""},
		{"a text of several bytes after a star", "*é", "xé", true, ""},
	}
	var script strings.Builder
	for _, c := range cases {
		fmt.Fprintf(&script, "p=%s\ncase %s in $p) printf y;; *) printf n;; esac\n", quote(c.pattern), quote(c.s))
	}
	answers := map[string]string{}
	for _, shell := range []string{"bash", "dash"} {
		if a := ask(t, shell, []string{script.String()}); a != nil {
			answers[shell] = a[0]
		}
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Match(c.pattern, c.s); got != c.want {
				t.Errorf("Match(%q, %q) = %v", c.pattern, c.s, got)
			}
			for shell, a := range answers {
				differs := strings.Contains(c.known, shell)
				if (a[i] == 'y') != (c.want != differs) {
					t.Errorf("%s says %c to %q for %q", shell, a[i], c.pattern, c.s)
				}
			}
		})
	}
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func TestPatternOfWord(t *testing.T) {
	e := newEnv()
	e.vars["LC_ALL"] = "C.UTF-8"
	e.vars["star"], e.vars["esc"] = "*", `\*`
	e.vars["HOME"] = "/home/*"
	x := &Expander{Env: e}
	for _, c := range []struct {
		name, word, s string
		want          bool
	}{
		{"a star in the word is special", `a*`, "abc", true},
		{"a star in double-quotes stands for itself", `a"*"`, "abc", false},
		{"a star in double-quotes matches a star", `a"*"`, "a*", true},
		{"a star in single-quotes stands for itself", `a'*'`, "abc", false},
		{"a star after a backslash stands for itself", `a\*`, "abc", false},
		{"a star from an unquoted expansion is special", `a$star`, "abc", true},
		{"a star from a quoted expansion stands for itself", `a"$star"`, "abc", false},
		{"a backslash from an unquoted expansion escapes", `a$esc`, "a*", true},
		{"a backslash from a quoted expansion stands for itself", `a"$esc"`, `a\*`, true},
		{"a quoted character in a set is in it", `["!"a]`, "!", true},
		{"a quoted ] does not close a set", `[a"]"b]`, "]", true},
		{"a quoted minus makes no range", `[a"-"c]`, "b", false},
		{"a quoted [ begins no set", `"["a]`, "[a]", true},
		{"a set goes through quotes and expansions", `["a"b$star]`, "*", true},
		{"the home directory is as if quoted", `~`, "/home/me", false},
		{"the home directory matches itself", `~/?`, "/home/*/a", true},
		{"a quoted word is text", `'a*b'`, "a*b", true},
		{"an empty word matches nothing but the empty string", `""`, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := x.Pattern(word(t, c.word))
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Match(c.s); got != c.want {
				t.Errorf("%s for %q: %v", c.word, c.s, got)
			}
		})
	}
	t.Run("in the C locale ? matches a byte", func(t *testing.T) {
		e.vars["LC_ALL"] = "C"
		defer func() { e.vars["LC_ALL"] = "C.UTF-8" }()
		p, err := x.Pattern(word(t, "??"))
		if err != nil || !p.Match("é") || p.Match("e") {
			t.Errorf("?? is not two bytes: %v", err)
		}
	})
	t.Run("LC_ALL goes before LC_CTYPE, that before LANG", func(t *testing.T) {
		for _, c := range []struct {
			all, ctype, lang string
			want             bool
		}{
			{"", "", "", false},
			{"", "", "en_US.UTF-8", true},
			{"", "", "en_US.utf8@euro", true},
			{"", "", "en_US.ISO-8859-1", false},
			{"", "", "en_US", false},
			{"", "C", "C.UTF-8", false},
			{"", "C.UTF-8", "C", true},
			{"POSIX", "C.UTF-8", "C.UTF-8", false},
			{"C.utf8", "C", "C", true},
		} {
			e := newEnv()
			e.vars["LC_ALL"], e.vars["LC_CTYPE"], e.vars["LANG"] = c.all, c.ctype, c.lang
			if got := (&Expander{Env: e}).isUTF8(); got != c.want {
				t.Errorf("%+v: %v", c, got)
			}
		}
	})
}

// FuzzMatch compares with a matcher that is plainly right: it tries all.
func FuzzMatch(f *testing.F) {
	f.Add("a*b?c[d-f]", "axxbycd")
	f.Add("*[!a]*é?", "xé\xffé\xc3")
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if len(pattern) > 12 || len(s) > 12 {
			return
		}
		p := compileRaw(pattern, nil)
		want := slowMatch(&p, p.elems, s)
		if p.elems == nil {
			want = s == p.text
		}
		if got := p.match(s); got != want {
			t.Fatalf("match(%q, %q) = %v", pattern, s, got)
		}
		for _, longest := range []bool{false, true} {
			if got, want := trimmed(p.prefix(s, longest)), slowTrim(&p, s, longest, true); got != want {
				t.Fatalf("prefix(%q, %q, %v) = %d, want %d", pattern, s, longest, got, want)
			}
			if got, want := trimmed(p.suffix(s, longest)), slowTrim(&p, s, longest, false); got != want {
				t.Fatalf("suffix(%q, %q, %v) = %d, want %d", pattern, s, longest, got, want)
			}
		}
	})
}

func trimmed(n int, ok bool) int {
	if !ok {
		return -1
	}
	return n
}

func slowMatch(p *Pattern, elems []elem, s string) bool {
	if len(elems) == 0 {
		return s == ""
	}
	switch e := elems[0]; e.kind {
	case elemText:
		for text := e.text; text != ""; {
			if s == "" {
				return false
			}
			c, n := char(s, p.utf8)
			if d, _ := char(text, p.utf8); c != d {
				return false
			}
			s, text = s[n:], text[n:]
		}
		return slowMatch(p, elems[1:], s)
	case elemStar:
		for i := 0; ; {
			if slowMatch(p, elems[1:], s[i:]) {
				return true
			}
			if i == len(s) {
				return false
			}
			_, n := char(s[i:], p.utf8)
			i += n
		}
	default:
		if s == "" {
			return false
		}
		c, n := char(s, p.utf8)
		return (e.kind == elemAny || e.set.has(c)) && slowMatch(p, elems[1:], s[n:])
	}
}

// slowTrim tries every beginning, or end, of s.
func slowTrim(p *Pattern, s string, longest, prefix bool) int {
	best := -1
	for i := 0; ; {
		part := s[i:]
		if prefix {
			part = s[:i]
		}
		if p.elems == nil && part == p.text || p.elems != nil && slowMatch(p, p.elems, part) {
			if best < 0 || longest == prefix {
				best = i
			}
		}
		if i == len(s) {
			return best
		}
		n := 1
		if p.elems != nil {
			_, n = char(s[i:], p.utf8)
		}
		i += n
	}
}

package expand

import (
	"math/rand"
	"strings"
	"testing"

	"jsh/parser"
)

// TestExpansionLikeOtherShells makes scripts at random and asks bash and dash.
// Where both say the same, so must we; where they differ, we must side with one
// of them. The words are of those whose result POSIX specifies.
func TestExpansionLikeOtherShells(t *testing.T) {
	src := &source{Rand: rand.New(rand.NewSource(*seed))}
	n := 300
	if *soak > 0 {
		n = *soak
	}
	scripts := make([]string, n)
	for i := range scripts {
		scripts[i] = src.script()
	}
	if differ := likeOtherShells(t, scripts); differ > n/4 {
		t.Errorf("bash and dash differ in %d of %d scripts: the comparison proves little", differ, n)
	}
}

// FuzzExpansion is the same with the fuzzer as the source of chance, so that it
// looks for words which take new ways through the code.
func FuzzExpansion(f *testing.F) {
	f.Add([]byte("expansion"))
	f.Add([]byte{7, 3, 250, 9, 1, 1, 200, 180, 33, 64, 17, 5, 99, 128, 254, 3, 77, 12})
	f.Fuzz(func(t *testing.T, chance []byte) {
		src := &source{Rand: rand.New(&bytesAsChance{chance})}
		likeOtherShells(t, []string{src.script()})
	})
}

// bytesAsChance gives a number for each byte, then 0 for ever.
type bytesAsChance struct{ rest []byte }

func (b *bytesAsChance) Seed(int64) {}

func (b *bytesAsChance) Int63() int64 {
	if len(b.rest) == 0 {
		return 0
	}
	n := int64(b.rest[0])
	b.rest = b.rest[1:]
	return n * 0x0101010101010101 & (1<<63 - 1)
}

// likeOtherShells tells in how many scripts bash and dash differ.
func likeOtherShells(t *testing.T, scripts []string) (differ int) {
	bash, dash := ask(t, "bash", scripts), ask(t, "dash", scripts)
	if bash == nil || dash == nil {
		t.Skip("bash and dash are wanted")
	}
	for i, script := range scripts {
		e := newEnv()
		e.subst = func(cs *parser.CmdSubst) ([]byte, error) { return []byte(outputs[cs.Source]), nil }
		got, err := runScript(e, script)
		if err != nil {
			t.Errorf("%s\n%v", script, err)
			continue
		}
		if bash[i] != dash[i] {
			differ++
		}
		ours, theirs, others := strings.Split(got, "\n"), strings.Split(bash[i], "\n"), strings.Split(dash[i], "\n")
		if len(theirs) != len(ours) || len(others) != len(ours) {
			t.Errorf("%s\n got %q\nbash %q\ndash %q", script, got, bash[i], dash[i])
			continue
		}
		for j, line := range ours {
			if line != theirs[j] && line != others[j] && !onlyAdjacent(line, others[j]) {
				t.Errorf("%s\nline %d\n got %q\nbash %q\ndash %q", script, j, line, theirs[j], others[j])
			}
		}
	}
	return differ
}

// onlyAdjacent says that line has the fields of dash's, but for empty ones that
// dash makes of white space at the end of one expansion and a delimiter at the
// beginning of the next: they are one delimiter (2.6.5: adjacent in the input).
func onlyAdjacent(line, dash string) bool {
	filled := func(s string) string {
		_, fields, _ := strings.Cut(s, ":")
		return strings.ReplaceAll(fields, "<>", "")
	}
	return strings.Count(line, "<>") < strings.Count(dash, "<>") && filled(line) == filled(dash)
}

// outputs are the commands of the random scripts, and what they write.
var outputs = map[string]string{"echo 'a b'": "a b\n", "printf ':a '": ":a ", "true": ""}

// source makes random scripts. What a script may not have, because POSIX leaves
// its result open and the shells differ, depends on where it stands.
type source struct {
	*rand.Rand
	plainIFS bool // no delimiters but white space: unquoted $@ is specified
}

func (r *source) pick(from ...string) string { return from[r.Intn(len(from))] }

func (r *source) script() string {
	var b strings.Builder
	b.WriteString("set -f\n")
	text := func() string {
		var s strings.Builder
		for range r.Intn(6) {
			s.WriteString(r.pick("a", "b", " ", ":", ",", "\t", `\`, "*", "a", " "))
		}
		return "'" + s.String() + "'"
	}
	for _, v := range []string{"x", "y", "z"} {
		if r.Intn(5) > 0 {
			b.WriteString(v + "=" + text() + "\n")
		}
	}
	ifs := r.pick("", "IFS=\n", "unset IFS\n", "IFS=:\n", "IFS=': '\n", "IFS=' :,'\n", "IFS=,\n", `IFS='\'`+"\n", "IFS='a '\n")
	b.WriteString(ifs)
	r.plainIFS = ifs == "" || ifs == "IFS=\n" || ifs == "unset IFS\n"
	b.WriteString("set --")
	for range r.Intn(4) {
		b.WriteString(" " + text())
	}
	b.WriteString("\n")
	for range 3 {
		b.WriteString("n")
		for range 1 + r.Intn(2) {
			b.WriteString(" " + r.word(3, inFields))
		}
		b.WriteString("\n")
	}
	b.WriteString("v=" + r.word(2, inAssign) + "; n \"$v\"\n")
	b.WriteString("n \"$x\" \"$y\" \"$z\" \"$w\"\n")
	return b.String()
}

// Where a random word stands: bits.
const (
	inFields = 0
	inAssign = 1
	inQuoted = 2
)

func (r *source) word(depth, where int) string {
	var b strings.Builder
	for range 1 + r.Intn(3) {
		name := r.pick("x", "y", "z", "u")
		switch k := r.Intn(14); {
		case k == 0:
			b.WriteString(r.pick("a", "b:", "c,", ":"))
		case k == 1 && where&inQuoted == 0:
			b.WriteString(r.pick(`''`, `""`, `\:`, `'a b'`, `\\`, `"\\"`))
		case k == 2 && where&inQuoted == 0 && depth > 0:
			b.WriteString(`"` + r.word(depth-1, where|inQuoted) + `"`)
		case k == 3 && depth > 0:
			b.WriteString("${" + name + r.pick("-", ":-", "+", ":+") + r.word(depth-1, where) + "}")
		case k == 4 && depth > 0:
			b.WriteString("${" + r.pick("x", "u", "w") + r.pick("=", ":=") + r.word(depth-1, where|inAssign) + "}")
		case k == 5:
			b.WriteString("${" + name + r.pick("#", "##", "%", "%%") + r.pick("*", "?", "a", "*b", "b*", "*:*", `\\`, `"*"`, `\*`, "[a:]", "[!b]*") + "}")
		case k == 6:
			b.WriteString("${#" + r.pick("x", "y", "u") + "}")
		case k == 7:
			b.WriteString("$((" + r.pick("1 + 2", "i += 1", "10 / 3", "-5") + "))")
		case k == 8:
			b.WriteString("$(" + r.pick("echo 'a b'", "printf ':a '", "true") + ")")
		case k == 9:
			b.WriteString(r.pick("$1", "${2}", "$#"))
		case k == 10 && where == inFields:
			b.WriteString(r.pick(`"$@"`, `a"$@"`, `"$@"b`, `${1+"$@"}`, `"a$@"`))
		case k == 11 && where&inQuoted == 0:
			b.WriteString(`"$*"`)
		case k == 12 && where == inFields && r.plainIFS:
			b.WriteString(r.pick("$@", "$*"))
		default:
			b.WriteString("$" + name + r.pick("", "", "-", ".", "$x", "$y"))
		}
	}
	return b.String()
}

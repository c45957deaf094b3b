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
	rnd := rand.New(rand.NewSource(*seed))
	n := 300
	if *soak > 0 {
		n = *soak
	}
	scripts := make([]string, n)
	for i := range scripts {
		scripts[i] = randomScript(rnd)
	}
	bash, dash := ask(t, "bash", scripts), ask(t, "dash", scripts)
	if bash == nil || dash == nil {
		t.Skip("bash and dash are wanted")
	}
	differ := 0
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
		if got != bash[i] && got != dash[i] {
			t.Errorf("%s\n got %q\nbash %q\ndash %q", script, got, bash[i], dash[i])
		}
	}
	if differ > n/4 {
		t.Errorf("bash and dash differ in %d of %d scripts: the comparison proves little", differ, n)
	}
}

// outputs are the commands of the random scripts, and what they write.
var outputs = map[string]string{"echo 'a b'": "a b\n", "printf ':a '": ":a ", "true": ""}

func pick(rnd *rand.Rand, from ...string) string { return from[rnd.Intn(len(from))] }

func randomScript(rnd *rand.Rand) string {
	var b strings.Builder
	b.WriteString("set -f\n")
	text := func() string {
		var s strings.Builder
		for range rnd.Intn(6) {
			s.WriteString(pick(rnd, "a", "b", " ", ":", ",", "\t", "\n", `\`, "*", "a", " "))
		}
		return "'" + s.String() + "'"
	}
	for _, v := range []string{"x", "y", "z"} {
		if rnd.Intn(5) > 0 {
			b.WriteString(v + "=" + text() + "\n")
		}
	}
	b.WriteString(pick(rnd, "", "IFS=\n", "IFS=:\n", "IFS=': '\n", "IFS=' :,'\n", "IFS=,\n", `IFS='\'`+"\n", "IFS='a '\n", "unset IFS\n"))
	for range 3 {
		b.WriteString("n")
		for range 1 + rnd.Intn(2) {
			b.WriteString(" " + randomWord(rnd, 3, false))
		}
		b.WriteString("\n")
	}
	b.WriteString("v=" + randomWord(rnd, 2, false) + "; n \"$v\"\n")
	b.WriteString("n \"$x\" \"$y\" \"$z\" \"$w\"\n")
	return b.String()
}

func randomWord(rnd *rand.Rand, depth int, quoted bool) string {
	var b strings.Builder
	for range 1 + rnd.Intn(3) {
		name := pick(rnd, "x", "y", "z", "u")
		switch k := rnd.Intn(11); {
		case k == 0:
			b.WriteString(pick(rnd, "a", "b:", "c,", ":"))
		case k == 1 && !quoted:
			b.WriteString(pick(rnd, `''`, `""`, `\:`, `'a b'`, `\\`, `"\\"`))
		case k == 2 && !quoted && depth > 0:
			b.WriteString(`"` + randomWord(rnd, depth-1, true) + `"`)
		case k == 3 && depth > 0:
			op := pick(rnd, "-", ":-", "+", ":+")
			b.WriteString("${" + name + op + randomWord(rnd, depth-1, quoted) + "}")
		case k == 4 && depth > 0:
			b.WriteString("${" + pick(rnd, "x", "u", "w") + pick(rnd, "=", ":=") + randomWord(rnd, depth-1, quoted) + "}")
		case k == 5:
			b.WriteString("${" + name + pick(rnd, "#", "##", "%", "%%") + pick(rnd, "*", "?", "a", "*b", "b*", "*:*", `\\`, `"*"`, `\*`, "[a:]", "[!b]*") + "}")
		case k == 6:
			b.WriteString("${#" + pick(rnd, "x", "y", "u") + "}")
		case k == 7:
			b.WriteString("$((" + pick(rnd, "1 + 2", "i += 1", "10 / 3", "-5") + "))")
		case k == 8:
			b.WriteString("$(" + pick(rnd, "echo 'a b'", "printf ':a '", "true") + ")")
		default:
			b.WriteString("$" + name + pick(rnd, "", "", "-", ".", "$x", "$y"))
		}
	}
	return b.String()
}

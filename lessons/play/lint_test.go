package play

import (
	"os"
	"strings"
	"testing"

	"jsh/lessons/page"
)

const sound = `## One
Some text with one **term**.
'''do
Type  cat .
'''
'''check
stopped("cat")
'''
'''hint
^Z
'''
'''solution
cat
^Z
'''
'''solution
cat &
'''
'''wrong
when: ended("cat")
seen: cat ended.
try: again
type: [cat, ^D]
'''
'''why
It stops.
'''
`

func lintOf(t *testing.T, text string) string {
	t.Helper()
	l, problems := page.Parse("f", []byte(fenced(text)))
	if l == nil {
		t.Fatal(problems)
	}
	all := ""
	for _, p := range append(problems, Lint(l, func(id string) bool { return id == "known" })...) {
		all += p.String() + "\n"
	}
	return all
}

func TestASoundLessonHasNoProblems(t *testing.T) {
	if got := lintOf(t, "---\nid: a\ntitle: b\nminutes: 3\nneeds: [known]\nclaims: [C2]\nwants: [trace]\n---\n"+strings.Replace(sound, `stopped("cat")`, `stopped("cat") // proves C2`, 1)); got != "" {
		t.Error(got)
	}
}

func TestLintFindsWhatLeadsNowhereAndWhatDoesNotFit(t *testing.T) {
	replaced := func(old, new string) string { return strings.Replace(sound, old, new, 1) }
	for _, c := range []struct{ name, front, body, want string }{
		{"unknown need", "needs: [x]\n", sound, "needs: there is no lesson x"},
		{"needs itself", "needs: [a]\n", sound, "needs itself"},
		{"unknown want", "wants: [luck]\n", sound, "wants: luck is not known; there are compiler"},
		{"no claim", "claims: [Z1]\n", sound, "claims: Z1 is no claim"},
		{"unproved claim", "claims: [C2]\n", "## One\nText.\n", "nothing in the lesson proves them"},
		{"unnamed claim", "claims: [C2]\n", sound, "warning: claims: no check says that it proves C2"},
		{"by name", "", replaced("cat &\n", "cat &\npkill -x cat\n"), "warning: pkill takes every process of that name"},
		{"four lines", "", replaced("Some text", "a\nb\nc\nSome text"), "f:7: the text has 4 lines; 3 at most"},
		{"long line", "", replaced("Some text", strings.Repeat("x", 70)), "columns; 76 fit"},
		{"two terms", "", replaced("It stops", "It **stops**"), "a second **new term**"},
		{"unknown predicate", "", replaced(`stopped("cat")`, `stoped("cat")`), "check: there is no predicate stoped"},
		{"no question", "", replaced(`stopped("cat")`, `pid("cat")`), "neither true nor false"},
		{"unseen", "", replaced(`stopped("cat")`, `happened(call, "cat", "setsid")`), "can only be told by: the tracer, puppets"},
		{"typed text", "", replaced(`stopped("cat")`, `line("cat")`), "warning: line(…) looks at what was typed"},
		{"no do", "", replaced("'''do\nType  cat .\n'''\n", ""), "a check without do or goal"},
		{"no check", "", replaced("'''check\nstopped(\"cat\")\n'''\n", ""), "a do without a check"},
		{"no hint", "", replaced("'''hint\n^Z\n'''\n", ""), "a check without a hint"},
		{"no wrong", "", sound[:strings.Index(sound, "'''wrong")], "a check without a wrong"},
		{"one solution", "", replaced("'''solution\ncat &\n'''\n", ""), "one solution only"},
		{"twice the same", "", replaced("cat &\n", "cat\n^Z\n"), "the same solution twice"},
		{"unknown key", "", replaced("cat\n^Z", "cat\n^A"), "^A is no key that can be typed"},
		{"bad wait", "", replaced("cat\n^Z", "cat\n@ foo(1)"), "@: there is no predicate foo"},
		{"empty step", "", "## One\n", "the step is empty"},
		{"first given", "", "## One\nx\n'''given\nalive(\"x\")\n'''\n", "the first step has a given"},
		{"never measured", "", "## One\nx\n'''predict\nquestion: q\nnumber: count(\"*\")\n'''\n", "the prediction is never measured"},
		{"one option", "", "## One\nx\n'''predict\nquestion: q\noptions: {A: x}\nstored: A\n'''\n", "two options at least"},
		{"stored nonsense", "", "## One\nx\n'''predict\nquestion: q\noptions: {A: x, B: y}\nstored: Q\n'''\n", "stored: Q is none of A and B"},
		{"no event", "", "## One\nx\n'''predict\nquestion: q\norder: {a: 'alive(\"x\")', b: 'happened(stop)'}\n'''\n", "what is ordered is happened"},
		{"in one instance only", "vars: {p: [stopped, stoped]}\n", replaced(`stopped("cat")`, `{{p}}("cat")`), "there is no predicate stoped"},
	} {
		if got := lintOf(t, "---\nid: a\ntitle: b\nminutes: 1\n"+c.front+"---\n"+c.body); !strings.Contains(got, c.want) {
			t.Errorf("%s: no %q in\n%s", c.name, c.want, got)
		}
	}
}

func TestTheLessonInTheManualForAuthorsIsSound(t *testing.T) {
	manual, err := os.ReadFile("../../docs/authoring.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(manual), "````markdown\n")
	lesson, _, ok2 := strings.Cut(rest, "````\n")
	if !ok || !ok2 {
		t.Fatal("docs/authoring.md has no lesson")
	}
	if got := lintOf(t, lesson); got != "" {
		t.Error(got)
	}
}

func TestTheManualForAuthorsNamesEveryWantAndBlock(t *testing.T) {
	manual, err := os.ReadFile("../../docs/authoring.md")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, w := range wants {
		names = append(names, w.name)
	}
	if list := strings.Join(names, ", "); !strings.Contains(string(manual), list) {
		t.Errorf("wants: are %s", list)
	}
	for _, b := range page.BlockNames() {
		if !strings.Contains(string(manual), "| `"+b+"` |") {
			t.Errorf("no block %s", b)
		}
	}
}

package page

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sample = `---
id: pipeline
title: One pipeline, one process group
minutes: 8
needs: [mysteries]
claims: [D1, D4]
vars: {n: [2, 3, 4], prog: [{name: cat, arg: -n}, {name: sleep, arg: 99}]}
---
<!-- a remark of the author -->

## A pipeline
It has **one** group.
Really {{n}}.

` + "```" + `setup
cd /tmp
` + "```" + `
` + "```" + `predict
question: Who dies of ^C?
many: true
options:
  A: {text: "find, ls and grep", who: [find, ls], if: killed_by("find", SIGINT) && !alive("ls")}
  B: {text: nobody, if: '!killed_by("find", SIGINT)'}
  C:
    text: it's {{prog.name}}
    if: !alive("x{{n}}")
` + "```" + `
` + "```" + `do
Type a pipeline.
` + "```" + `
` + "```" + `check
// proves D1, D2
happened(stop, "cat")
pgid("ls") == pgid("grep")
` + "```" + `
` + "```" + `solution
sleep 100 | cat
@ running("sleep")
^Z
!no enter
` + "```" + `
` + "```" + `solution only
# the keyboard alone does it
^C
` + "```" + `
` + "```" + `wrong
when: happened(exit, "cat", 1)
seen: "cat ended: it was not stopped"
try: "^Z, not ^D"
type: [cat, "^D"]
` + "```" + `
` + "```" + `cleanup
kill %1
` + "```" + `

## The end
Bye.
` + "```" + `predict
question: Which type?
options: {A: int, B: void}
stored: B
` + "```" + `
`

func TestAFileIsReadToTheLetter(t *testing.T) {
	l, problems := Parse("x.md", []byte(sample))
	if len(problems) != 0 {
		t.Fatal(problems)
	}
	l.source = ""
	want := &Lesson{File: "x.md", ID: "pipeline", Title: "One pipeline, one process group", Kind: "lesson", Minutes: 8,
		Needs: []string{"mysteries"}, Claims: []string{"D1", "D4"},
		Lines: map[string]int{"id": 2, "title": 3, "minutes": 4, "needs": 5, "claims": 6, "vars": 7},
		Vars: []Var{{"n", 7, []map[string]string{{"": "2"}, {"": "3"}, {"": "4"}}, 0},
			{"prog", 7, []map[string]string{{"name": "cat", "arg": "-n"}, {"name": "sleep", "arg": "99"}}, 0}},
		Cleanup: []string{"kill %1"},
		Steps: []Step{{
			Title: "A pipeline", Line: 11, Text: []Line{{12, "It has **one** group."}, {13, "Really 2."}}, Setup: []string{"cd /tmp"},
			Predict: &Predict{Line: 18, Kind: Many, Question: "Who dies of ^C?", Options: []Option{
				{22, "A", "find, ls and grep", `killed_by("find", SIGINT) && !alive("ls")`, []string{"find", "ls"}},
				{23, "B", "nobody", `!killed_by("find", SIGINT)`, nil},
				{24, "C", "it's cat", `!alive("x2")`, nil}}},
			Do:     []Line{{29, "Type a pipeline."}},
			Checks: []Line{{33, `happened(stop, "cat")`}, {34, `pgid("ls") == pgid("grep")`}},
			Proves: []string{"D1", "D2"},
			Solutions: []Script{
				{Line: 36, Inputs: []Input{{TypeLine, 37, "sleep 100 | cat"}, {Await, 38, `running("sleep")`}, {TypeKey, 39, "^Z"}, {TypeRaw, 40, "no enter"}}},
				{Line: 42, Only: "the keyboard alone does it", Inputs: []Input{{TypeKey, 44, "^C"}}}},
			Wrongs:  []Wrong{{46, `happened(exit, "cat", 1)`, "cat ended: it was not stopped", "^Z, not ^D", []Input{{TypeLine, 50, "cat"}, {TypeKey, 50, "^D"}}}},
			Cleanup: []string{"kill %1"},
			Blocks:  []Block{{"setup", 15}, {"predict", 18}, {"do", 28}, {"check", 31}, {"solution", 36}, {"solution", 42}, {"wrong", 46}, {"cleanup", 52}},
		}, {
			Title: "The end", Line: 56, Text: []Line{{57, "Bye."}},
			Predict: &Predict{Line: 58, Question: "Which type?", Stored: "B", Options: []Option{{60, "A", "int", "", nil}, {60, "B", "void", "", nil}}},
			Blocks:  []Block{{"predict", 58}},
		}}}
	if d := cmp.Diff(want, l, cmp.AllowUnexported(Lesson{})); d != "" {
		t.Error(d)
	}
}

func TestASeedAlwaysGivesTheSameInstance(t *testing.T) {
	l, _ := Parse("x.md", []byte(sample))
	seen := map[string]bool{}
	for seed := range uint64(40) {
		a, b := l.Instance(seed), l.Instance(seed)
		if d := cmp.Diff(a, b, cmp.AllowUnexported(Lesson{})); d != "" {
			t.Fatal(d)
		}
		seen[a.Steps[0].Text[1].Text+a.Steps[0].Predict.Options[2].Text] = true
	}
	if len(seen) != 6 {
		t.Errorf("40 seeds gave %d of 6 instances: %v", len(seen), seen)
	}
	if n := len(l.Variants()); n != 3 {
		t.Errorf("%d variants", n)
	}
}

func TestAProblemHasItsPlaceAndSaysWhatToDo(t *testing.T) {
	head := "---\nid: a\ntitle: b\n---\n"
	for _, c := range []struct{ name, text, want string }{
		{"no front matter", "## x\n", "f:1: the file begins with a front matter"},
		{"no id", "---\ntitle: b\n---\n## x\n", "f: id: is needed"},
		{"unknown key", "---\nid: a\ntitle: b\nauthor: me\n---\n## x\n", "f:4: unknown key author; there are id, title"},
		{"broken yaml", "---\nid: a\ntitle: [b\n---\n## x\n", "f:3: this is no YAML"},
		{"no step", head + "text\n", "f:5: there is no step"},
		{"text before", head + "text\n\n## x\n", "f:5: a text before the first step"},
		{"unknown block", head + "## x\n\n```chekc\na\n```\n", "f:7: unknown block chekc; there are given, setup"},
		{"no name", head + "## x\n```\na\n```\n", "f:6: a block without a name"},
		{"empty", head + "## x\n```do\n```\n", "f:6: the block is empty"},
		{"two goals", head + "## x\n```goal\na\n```\n```goal\nb\n```\n", "f:9: a second goal"},
		{"unknown name", head + "## x\nhere {{n}}\n", "f:6: {{n}}: there is no such name"},
		{"not closed", head + "## x\n```do\na\n", "f:6: the block is not closed"},
		{"only without a reason", head + "## x\n```solution only\n^C\n```\n", "f:6: solution only: its first line"},
		{"stored and expected", head + "## x\n```predict\nquestion: q\nnumber: status()\nstored: 3\nexpect: 4\n```\n", "f:6: stored: and expect: in one predict"},
		{"two forms", head + "## x\n```predict\nquestion: q\nmarks: [a]\nnumber: 'count(\"a\")'\n```\n", "f:6: a predict has one of"},
		{"wrong level", head + "# x\n", "f:5: a step's heading is written ## Title"},
		{"bare yaml", head + "## x\n```wrong\nfoo\n```\n", "f:7: key: value is expected"},
		{"option's comma", head + "## x\n```predict\nquestion: q\noptions:\n  A: {text: a, b}\n```\n", "f:9: unknown key b in option A"},
	} {
		_, problems := Parse("f", []byte(c.text))
		all := ""
		for _, p := range problems {
			all += p.String() + "\n"
		}
		if !strings.Contains(all, c.want) {
			t.Errorf("%s: got\n%swant %s", c.name, all, c.want)
		}
	}
}

func FuzzNoFileBringsTheReaderDown(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte("---\nid: a\ntitle: b\n---\n## x\n```"))
	f.Add([]byte("---\nid: a\ntitle: b\nvars: {a: [{b: c}, 3]}\n---\n## {{a.b}}\n``````\n```x\n"))
	f.Add([]byte("---\n? [a]\n: b\n*x : 3\n---\n##\n> ```do\n> x\n\n- ```do\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, _ := Parse("f", text)
		if l != nil {
			l.Instance(7)
			l.Variants()
		}
	})
}

func TestASetupIsMadeOfCompleteCommands(t *testing.T) {
	text := "---\nid: a\ntitle: A\n---\n## S\n```setup\n%s\n```\n"
	l, problems := Parse("a.md", []byte(strings.Replace(text, "%s", "cd /tmp\n\n# why\nfor x in 1 2\ndo\n  echo $x\ndone\ncat >f <<END\none\n\ntwo\nEND\necho a \\\n  b; echo n", 1)))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := []string{"cd /tmp", "for x in 1 2\ndo\n  echo $x\ndone", "cat >f <<END\none\n\ntwo\nEND", "echo a \\\n  b; echo n"}
	if d := cmp.Diff(want, l.Steps[0].Setup); d != "" {
		t.Error(d)
	}
	for bad, line := range map[string]int{"cd /tmp\ndone": 8, "cat <<END": 7, "x=(a b)": 7} {
		_, problems := Parse("a.md", []byte(strings.Replace(text, "%s", bad, 1)))
		if len(problems) != 1 || problems[0].Line != line || !strings.Contains(problems[0].Text, "the shell cannot read") {
			t.Errorf("%q: %v", bad, problems)
		}
	}
}

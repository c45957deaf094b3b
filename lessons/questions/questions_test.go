package questions

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"jsh/lessons/check"
	"jsh/lessons/page"
)

func TestEachQuestionIsReadWithoutAProblem(t *testing.T) {
	entries, err := files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, _ := files.ReadFile(e.Name())
		q, problems := page.Parse(e.Name(), text)
		for _, p := range problems {
			t.Error(p)
		}
		if q == nil {
			continue
		}
		if q.ID+".md" != e.Name() || q.Kind != page.KindQuestion || rank(q.Topic) == len(Topics) || len(q.Steps) != 1 {
			t.Errorf("%s: id %q, kind %q, topic %q, %d steps", e.Name(), q.ID, q.Kind, q.Topic, len(q.Steps))
		}
		if Named(q.ID) == nil {
			t.Errorf("%s is not found by its name", q.ID)
		}
	}
	if n := len(All()); n < 20 || n != len(entries) {
		t.Errorf("%d questions of %d files; 20 at least are promised", n, len(entries))
	}
	for _, id := range []string{"", "nosuch", "../page/page", "questions.go"} {
		if Named(id) != nil {
			t.Errorf("%q is a question", id)
		}
	}
}

func TestEachInstanceOfAQuestionHasAnAnswerThatItsFormAllows(t *testing.T) {
	for _, q := range All() {
		for _, v := range q.Variants() {
			p := v.Steps[0].Predict
			if p == nil {
				t.Errorf("%s asks nothing", v.File)
				continue
			}
			answer := p.Expect
			if !p.Measured() {
				answer = p.Stored
			}
			var keys []string
			for _, o := range append(slices.Clone(p.Options), p.Items...) {
				keys = append(keys, o.Key)
				if p.Kind == page.Choice && p.Measured() && o.If == "" {
					t.Errorf("%s: option %s is measured by nothing", v.File, o.Key)
				}
			}
			words := strings.Fields(answer)
			if len(words) == 0 || p.Kind == page.Choice && len(words) != 1 {
				t.Errorf("%s: the answer is %q", v.File, answer)
			}
			for _, w := range words {
				if p.Kind != page.Number && !slices.Contains(keys, w) {
					t.Errorf("%s: the answer %q is none of %q", v.File, w, keys)
				}
			}
			if p.Measured() && len(v.Steps[0].Checks) == 0 {
				t.Errorf("%s: an experiment decides, and nothing tells when it is over", v.File)
			}
		}
	}
}

func TestWhatIsReadFitsAScreen(t *testing.T) {
	for _, q := range All() {
		for _, v := range q.Variants() {
			s := &v.Steps[0]
			for what, lines := range map[string][]page.Line{"text": s.Text, "do": s.Do, "why": s.Why} {
				if len(lines) > 3 || len(lines) > 2 && what == "do" {
					t.Errorf("%s: %s has %d lines", v.File, what, len(lines))
				}
				for _, l := range lines {
					if n := utf8.RuneCountInString(strings.ReplaceAll(l.Text, "**", "")); n > 76 {
						t.Errorf("%s:%d: %d columns", v.File, l.N, n)
					}
				}
			}
			if len(s.Why) == 0 || len(s.Hints) < 2 {
				t.Errorf("%s: %d lines of why, %d hints", v.File, len(s.Why), len(s.Hints))
			}
			if p := s.Predict; p != nil && p.Measured() && (len(s.Wrongs) == 0 || len(s.Solutions) == 0) {
				t.Errorf("%s: %d solutions, %d wrong ways", v.File, len(s.Solutions), len(s.Wrongs))
			}
		}
	}
}

func TestTheDecksQuestionsHaveItsOptionsInItsOrder(t *testing.T) {
	for id, want := range map[string]string{
		"ctrl-c":           "find, ls and grep|ls and grep|find|all four, with the shell",
		"setsid":           "it leads a process group|it leads a session|it has a controlling terminal|none of them is false",
		"sa-handler":       "int|int *|void *|void (*)(int)",
		"fork-per-request": "low overhead|easy to share state|isolation|none of these",
		"pre-fork":         "lower overhead|easier to share state|stronger isolation|none of these",
		"root":             "to write its log|so that its children can setuid to any student|so that it can call daemon()|to reach the database",
	} {
		var texts []string
		for i, o := range Named(id).Steps[0].Predict.Options {
			if o.Key != string(rune('A'+i)) {
				t.Errorf("%s: option %d is called %s", id, i+1, o.Key)
			}
			texts = append(texts, o.Text)
		}
		if got := strings.Join(texts, "|"); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}

func TestEachTopicHasThreeQuestionsAtLeast(t *testing.T) {
	n := map[string]int{}
	for _, q := range All() {
		n[q.Topic]++
	}
	for _, topic := range Topics {
		if n[topic.Name] < 3 {
			t.Errorf("%s has %d", topic.Name, n[topic.Name])
		}
	}
}

func TestWhatAQuestionAsksOfTheKernelCanBeAskedAndProved(t *testing.T) {
	for _, q := range All() {
		for _, v := range q.Variants() {
			s := &v.Steps[0]
			compile := func(line int, src string) *check.Expr {
				e, err := check.Compile(src)
				if err != nil {
					t.Errorf("%s:%d: %s: %v", v.File, line, src, err)
				}
				return e
			}
			question := func(line int, src string, have check.Sources) {
				if e := compile(line, src); e != nil {
					if !e.Question() {
						t.Errorf("%s:%d: %s is no question", v.File, line, src)
					}
					if missing, ok := e.ProvedBy(have); !ok {
						t.Errorf("%s:%d: %s: %s", v.File, line, src, missing)
					}
				}
			}
			have := check.Plain | check.FromPuppet
			for _, l := range s.Checks {
				question(l.N, l.Text, have)
			}
			for _, w := range s.Wrongs {
				question(w.Line, w.When, have|check.FromKeys)
			}
			for _, script := range s.Solutions {
				for _, in := range script.Inputs {
					if in.Kind == page.Await {
						question(in.N, in.Text, have)
					}
				}
			}
			p := s.Predict
			if !p.Measured() {
				continue
			}
			switch p.Kind {
			case page.Number:
				if e := compile(p.Line, p.If); e != nil && !e.Number() {
					t.Errorf("%s:%d: %s is no number", v.File, p.Line, p.If)
				}
			case page.Marks:
				question(p.Line, p.If, have)
			default:
				for _, o := range p.Options {
					question(o.Line, o.If, have)
				}
			}
		}
	}
}

package export

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jsh/lessons/page"
	"jsh/lessons/questions"
)

// made are questions of every form, with all that a format could stumble over.
func made(t *testing.T) []*page.Lesson {
	t.Helper()
	var all []*page.Lesson
	for _, predict := range []string{
		"question: 'Which? {a} = ~b~ # c: \\n & <d> \"e\"'\noptions: {A: 'a = {b}', B: '~c # %50%', C: '-> \\ : ]]>'}\nexpect: B",
		"question: Several?\nmany: true\noptions: {A: x, B: y, C: z}\nstored: A C",
		"question: Mark.\nmarks: [find, ls, grep, jsh]\nif: ended(it)\nexpect: ls grep jsh",
		"question: How many?\nnumber: status()\nexpect: '{{n}}'",
		"question: In which order?\norder: {fork: happened(fork), exec: happened(exec)}\nexpect: fork exec",
		"question: What was typed?\ntyped: happened(fork)",
	} {
		vars := ""
		if strings.Contains(predict, "{{n}}") {
			vars = "vars: {n: [3, 4]}\n"
		}
		id := "q" + strconv.Itoa(len(all))
		text := "---\nid: " + id + "\ntitle: 'A: title'\nkind: question\ntopic: keys\n" + vars + "---\n## T\nOne **term**,\ntwo lines.\n\n// Another.\n\n" +
			"```predict\n" + predict + "\n```\n```do\ntype { x=~; }\n```\n```why\nBecause:\nit #is.\n```\n"
		q, problems := page.Parse(id, []byte(text))
		if page.Fatal(problems) {
			t.Fatal(problems)
		}
		all = append(all, q)
	}
	return all
}

// The two readers below are written from Moodle's documentation and know of the
// writers only what it says.

// readGIFT reads what GIFT writes: by blank lines into questions, comments out,
// escapes taken as placeholders first, as Moodle's reader does.
func readGIFT(t *testing.T, text string) []item {
	t.Helper()
	var all []item
	topic := ""
	for _, part := range strings.Split(text, "\n\n") {
		var lines []string
		for _, l := range strings.Split(part, "\n") {
			if !strings.HasPrefix(strings.TrimSpace(l), "//") {
				lines = append(lines, l)
			}
		}
		q := strings.TrimSpace(strings.Join(lines, "\n"))
		for i, c := range []string{`\\`, `\:`, `\#`, `\=`, `\{`, `\}`, `\~`, `\n`} {
			q = strings.ReplaceAll(q, c, "\x00"+string(rune('a'+i)))
		}
		back := func(s string) string {
			for i, c := range []string{`\`, ":", "#", "=", "{", "}", "~", "\n"} {
				s = strings.ReplaceAll(s, "\x00"+string(rune('a'+i)), c)
			}
			return strings.TrimSpace(s)
		}
		if q == "" {
			continue
		}
		if c, ok := strings.CutPrefix(q, "$CATEGORY: "); ok {
			topic = back(c[strings.LastIndex(c, "/")+1:])
			continue
		}
		q, ok := strings.CutPrefix(q, "::")
		name, rest, ok2 := strings.Cut(q, "::")
		question, answers, ok3 := strings.Cut(rest, "{")
		answers, tail, ok4 := strings.Cut(answers, "}")
		question, ok5 := strings.CutPrefix(question, "[plain]")
		i := strings.LastIndex(answers, "####")
		if !ok || !ok2 || !ok3 || !ok4 || !ok5 || i < 0 || tail != "" {
			t.Fatalf("no question: %q", part)
		}
		it := item{name: back(name), topic: topic, text: back(question), why: back(answers[i+4:])}
		switch answers = strings.TrimSpace(answers[:i]); {
		case answers[0] == '#':
			it.form, it.number = numerical, strings.TrimSuffix(answers[1:], ":0")
		case strings.Contains(answers, "~"):
			it.many = !strings.Contains(answers, "=")
			for _, a := range strings.Split(strings.ReplaceAll(answers, "=", "~="), "~")[1:] {
				a = strings.TrimSpace(a)
				if a == "" {
					continue
				}
				one := answer{weight: "0"}
				if w := regexp.MustCompile(`^%(-?[0-9]{1,3}\.?[0-9]*)%`).FindStringSubmatch(a); w != nil {
					one.weight, a = w[1], a[len(w[0]):]
				} else if a[0] == '=' {
					one.weight, a = "100", a[1:]
				}
				one.right = one.weight[0] != '-' && one.weight != "0"
				one.text = back(a)
				it.answer = append(it.answer, one)
			}
		default:
			it.form = matching
			for _, a := range strings.Split(answers, "=")[1:] {
				what, place, ok := strings.Cut(a, "->")
				if !ok {
					t.Fatalf("no pair: %q", a)
				}
				it.answer = append(it.answer, answer{text: back(what), place: back(place)})
			}
		}
		all = append(all, it)
	}
	return all
}

func readMoodle(t *testing.T, text string) []item {
	t.Helper()
	type plainText struct {
		Format string `xml:"format,attr"`
		Text   string `xml:"text"`
	}
	var quiz struct {
		Questions []struct {
			Type     string    `xml:"type,attr"`
			Category string    `xml:"category>text"`
			Name     string    `xml:"name>text"`
			Text     plainText `xml:"questiontext"`
			Why      plainText `xml:"generalfeedback"`
			Single   string    `xml:"single"`
			Answers  []struct {
				Fraction  string `xml:"fraction,attr"`
				Text      string `xml:"text"`
				Tolerance string `xml:"tolerance"`
			} `xml:"answer"`
			Pairs []struct {
				Text  string `xml:"text"`
				Place string `xml:"answer>text"`
			} `xml:"subquestion"`
		} `xml:"question"`
	}
	if err := xml.Unmarshal([]byte(text), &quiz); err != nil {
		t.Fatal(err)
	}
	var all []item
	topic := ""
	for _, q := range quiz.Questions {
		it := item{name: q.Name, topic: topic, text: q.Text.Text, why: q.Why.Text, many: q.Single == "false"}
		switch q.Type {
		case "category":
			topic = q.Category[strings.LastIndex(q.Category, "/")+1:]
			continue
		case "numerical":
			it.form, it.number = numerical, q.Answers[0].Text
			if q.Answers[0].Tolerance != "0" || q.Answers[0].Fraction != "100" {
				t.Errorf("%s: %+v", q.Name, q.Answers[0])
			}
		case "matching":
			it.form = matching
			for _, p := range q.Pairs {
				it.answer = append(it.answer, answer{text: p.Text, place: p.Place})
			}
		case "multichoice":
			for _, a := range q.Answers {
				it.answer = append(it.answer, answer{text: a.Text, weight: a.Fraction, right: a.Fraction[0] != '-' && a.Fraction != "0"})
			}
		default:
			t.Errorf("type %q", q.Type)
		}
		if q.Text.Format != "plain_text" || q.Why.Format != "plain_text" {
			t.Errorf("%s: formats %q, %q", q.Name, q.Text.Format, q.Why.Format)
		}
		all = append(all, it)
	}
	return all
}

func TestWhatIsExportedIsReadBackTheSame(t *testing.T) {
	for what, qs := range map[string][]*page.Lesson{"every form": made(t), "the quiz": questions.All()} {
		want, _ := items(qs)
		gift, left := GIFT(qs)
		if d := cmp.Diff(want, readGIFT(t, gift), cmp.AllowUnexported(item{}, answer{})); d != "" {
			t.Errorf("%s as GIFT: %s", what, d)
		}
		moodle, left2 := Moodle(qs)
		if d := cmp.Diff(want, readMoodle(t, moodle), cmp.AllowUnexported(item{}, answer{})); d != "" {
			t.Errorf("%s as Moodle XML: %s", what, d)
		}
		if what == "the quiz" && len(left)+len(left2) > 0 {
			t.Errorf("left out: %v, %v", left, left2)
		}
		if what == "every form" && (len(left) != 1 || left[0] != "q5" || len(left2) != 1) {
			t.Errorf("a command line to be typed cannot be asked on paper; left out: %v, %v", left, left2)
		}
	}
}

func TestEachInstanceIsAQuestionOfItsOwnAndEveryNameIsThereOnce(t *testing.T) {
	seen := map[string]bool{}
	all, _ := items(questions.All())
	for _, it := range all {
		if seen[it.name] {
			t.Errorf("%s is there twice", it.name)
		}
		seen[it.name] = true
		if strings.Contains(it.text, "{{") || strings.Contains(it.text, "**") {
			t.Errorf("%s: %s", it.name, it.text)
		}
	}
	for _, name := range []string{"tostop: Writing from the background (1)", "tostop: Writing from the background (2)", "ctrl-c: Who dies of ^C?"} {
		if !seen[name] {
			t.Errorf("no %q", name)
		}
	}
}

func TestToMarkEverythingIsWorthNothing(t *testing.T) {
	all, _ := items(append(made(t), questions.All()...))
	for _, it := range all {
		if it.form != choice {
			continue
		}
		good, bad := 0.0, 0.0
		for _, a := range it.answer {
			w, err := strconv.ParseFloat(a.weight, 64)
			if err != nil {
				t.Fatal(it.name, err)
			}
			if w > 0 {
				good += w
			} else {
				bad += w
			}
		}
		if good < 99.9 || good > 100.1 || it.many && bad != 0 && (bad > -99.9 || bad < -100.1) {
			t.Errorf("%s: %v and %v", it.name, good, bad)
		}
	}
}

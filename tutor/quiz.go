package tutor

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"

	"jsh/event"
	"jsh/lessons/check"
	"jsh/lessons/export"
	"jsh/lessons/page"
	"jsh/lessons/play"
	"jsh/lessons/questions"
	"jsh/lessons/quiz"
	"jsh/tutor/wire"
)

// player is what is played: a lesson, a round of the quiz, or the quiz before a
// class.
type player interface {
	Begin() play.Reply
	Ran(seq uint64)
	See(w *check.World) bool
	Tell(words []string) play.Reply
	Key(name string) play.Reply
	Band(cols, rows int, st play.Style) play.Band
	Plain(cols int) string
	Rest() bool
	Waits() bool
	Progress() play.Progress
}

// quizWanted is what the words after quiz ask for.
type quizWanted struct {
	name    string // all, a topic, a question
	present bool
	seed    uint64
	ours    []*page.Lesson
}

// errUsage marks what was typed wrongly: status 2.
type errUsage struct{ error }

// askedQuiz reads the words after quiz.
func askedQuiz(w []string) (q quizWanted, err error) {
	q.seed = rand.Uint64() >> 33
	for i := 0; i < len(w); i++ {
		switch {
		case w[i] == "--seed":
			if i++; i == len(w) {
				return q, errUsage{errors.New("--seed wants a number: that of a quiz which you want again")}
			}
			if q.seed, err = strconv.ParseUint(w[i], 10, 64); err != nil {
				return q, errUsage{errors.New(event.Visible(w[i]) + ": a seed is a number")}
			}
		case strings.HasPrefix(w[i], "-"):
			return q, errUsage{errors.New(event.Visible(w[i]) + ": no such option; there are --help and --seed N")}
		case w[i] == "present" && !q.present && q.name == "":
			q.present = true
		case q.name == "":
			q.name = w[i]
		default:
			return q, errUsage{errors.New("one topic at a time")}
		}
	}
	if q.name == "" {
		q.name = "all"
	}
	for _, one := range quiz.Find(questions.All(), q.name) {
		if wanting(one) == nil {
			q.ours = append(q.ours, one)
		}
	}
	if len(q.ours) == 0 {
		if one := questions.Named(q.name); one != nil {
			return q, wanting(one)
		}
		return q, errUsage{errors.New(event.Visible(q.name) + ": no such topic; quiz alone lists them")}
	}
	return q, nil
}

// chooseQuiz makes a quiz what is played.
func (t *tutor) chooseQuiz(w []string) (say wire.Say, ok bool) {
	q, err := askedQuiz(w)
	if err != nil {
		status := 1
		if errors.As(err, &errUsage{}) {
			status = 2
		}
		return wire.Say{Text: "quiz: " + err.Error(), Status: status}, false
	}
	dealt := quiz.Deal(q.ours, q.seed)
	if q.present {
		t.play(dealt[0], quiz.NewShow(dealt, t.terms.ASCII), false)
	} else {
		t.play(dealt[0], quiz.NewRound(dealt, q.name, q.seed), false)
	}
	return wire.Say{}, true
}

const quizUsage = "usage: quiz | quiz TOPIC|QUESTION|all [--seed N] | quiz present [TOPIC] | quiz export --gift|--moodle [FILE]"

// quizCommand is the program quiz: what needs no shell.
func quizCommand(args []string, out, errs io.Writer) int {
	complain := func(text string) int {
		fmt.Fprintln(errs, "quiz: "+text)
		return 2
	}
	switch {
	case len(args) == 0 || args[0] == "list":
		return quizList(out, errs)
	case args[0] == "--help":
		fmt.Fprintln(out, quizUsage)
		return 0
	case args[0] != "export":
		return complain(event.Visible(args[0]) + ": type it inside jsh: the experiments run in your shell")
	}
	var text string
	var left []string
	switch {
	case len(args) < 2 || len(args) > 3:
		return complain(quizUsage)
	case args[1] == "--gift":
		text, left = export.GIFT(questions.All())
	case args[1] == "--moodle":
		text, left = export.Moodle(questions.All())
	default:
		return complain(event.Visible(args[1]) + ": the formats are --gift and --moodle")
	}
	if len(left) > 0 {
		fmt.Fprintln(errs, "quiz export: left out, for they cannot be asked on paper: "+strings.Join(left, ", "))
	}
	if len(args) == 2 {
		if _, err := io.WriteString(out, text); err != nil {
			fmt.Fprintln(errs, "quiz export: "+err.Error())
			return 1
		}
		return 0
	}
	f, err := os.OpenFile(args[2], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, os.ErrExist) {
		fmt.Fprintln(errs, "quiz export: "+args[2]+" is there already; remove it first, or name another file")
		return 1
	}
	if err == nil {
		_, err = f.WriteString(text)
		if err2 := f.Close(); err == nil {
			err = err2
		}
	}
	if err != nil {
		fmt.Fprintln(errs, "quiz export: "+err.Error())
		return 1
	}
	return 0
}

// quizList shows the topics with what was predicted right, as last time.
func quizList(out, errs io.Writer) int {
	lines, err := readProgress(progressFile())
	if err != nil {
		fmt.Fprintln(errs, "quiz: "+err.Error())
		return 1
	}
	known := map[string]record{}
	for _, r := range records(lines) {
		known[r.id] = r
	}
	all := questions.All()
	fmt.Fprintln(out, "quiz TOPIC, quiz QUESTION or quiz all: you predict, the kernel answers.")
	for _, topic := range questions.Topics {
		var names []string
		right, asked := 0, 0
		for _, q := range quiz.Find(all, topic.Name) {
			names = append(names, q.ID)
			r := known[quiz.IDPrefix+q.ID]
			right += r.right
			asked += r.asked
		}
		score := ""
		if asked > 0 {
			score = fmt.Sprintf("%d of %d right", right, asked)
		}
		fmt.Fprintf(out, "  %-9s %-48s %s\n", topic.Name, topic.About, score)
		for line := ""; len(names) > 0; names = names[1:] {
			line += " " + names[0]
			if len(names) == 1 || len(line)+len(names[1]) > 62 {
				fmt.Fprintln(out, "           "+line)
				line = ""
			}
		}
	}
	return 0
}

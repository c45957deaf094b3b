// Package questions owns the questions of the quiz: one text file each, in the
// form of a lesson (package page), built into the program.
//
// A question has one step: a prediction, the experiment that decides it, and one
// paragraph of why. Where no experiment can decide, the answer is stored, and the
// player says so. It reads no file when it runs and plays nothing.
//
// Invariants: the name of a file is the question's id; each question has one of
// Topics; each has an answer that can be exported, measured (expect:) where an
// experiment decides, else stored.
package questions

import (
	"embed"
	"slices"
	"strings"

	"jsh/lessons/page"
)

//go:embed *.md
var files embed.FS

// Topics are the topics with what each is about, in the order of the course.
var Topics = [...]struct{ Name, About string }{
	{"keys", "what ^C and ^Z reach"},
	{"groups", "process groups: pipelines, kill, orphans"},
	{"sessions", "sessions, the terminal, the background"},
	{"daemons", "the steps of a daemon's birth"},
	{"signals", "what signals do, and what becomes of a process"},
	{"servers", "descriptors, pipes, a process for each request"},
}

// All are the questions, by topic and then as the names of their files stand in
// the alphabet. A file with a problem is not among them; the tests see to it that
// there is none.
func All() []*page.Lesson {
	entries, _ := files.ReadDir(".")
	var all []*page.Lesson
	for _, e := range entries {
		text, _ := files.ReadFile(e.Name())
		if q, problems := page.Parse(e.Name(), text); q != nil && !page.Fatal(problems) {
			all = append(all, q)
		}
	}
	slices.SortStableFunc(all, func(a, b *page.Lesson) int { return rank(a.Topic) - rank(b.Topic) })
	return all
}

// Texts are the files as they are, by name.
func Texts() map[string][]byte {
	entries, _ := files.ReadDir(".")
	texts := map[string][]byte{}
	for _, e := range entries {
		texts[e.Name()], _ = files.ReadFile(e.Name())
	}
	return texts
}

// rank is a topic's place in Topics.
func rank(topic string) int {
	for i := range Topics {
		if Topics[i].Name == topic {
			return i
		}
	}
	return len(Topics)
}

// Named is the question of an id, nil if there is none.
func Named(id string) *page.Lesson {
	text, err := files.ReadFile(id + ".md")
	if err != nil || strings.ContainsAny(id, "/.") {
		return nil
	}
	q, problems := page.Parse(id+".md", text)
	if page.Fatal(problems) {
		return nil
	}
	return q
}

// Package scenes owns the teacher's scenes: one text file each, in the form of a
// lesson (package page) of kind scene, built into the program, and the player that
// shows them one key at a time.
//
// A scene asks nothing. Each of its steps has a few words for the class, what is
// typed at the learner's shell with real keystrokes (its solution), a check that
// says that it happened, what it shows (why), and a note for the speaker. It makes
// no system call: its host types, and looks.
//
// Invariants: what is shown happens: a step counts as done only when its check
// holds; whatever way a scene ends, what it started is ended by its cleanup.
package scenes

import (
	"embed"
	"errors"
	"strings"

	"jsh/lessons/page"
	"jsh/lessons/scenes/reel"
)

//go:embed *.md recorded
var files embed.FS

// All are the scenes in the order of their files' names: that of the course. A
// file with a problem is not among them; the tests see to it that there is none.
func All() (all []*page.Lesson) {
	entries, _ := files.ReadDir(".")
	for _, e := range entries {
		text, _ := files.ReadFile(e.Name())
		if l, problems := page.Parse(e.Name(), text); l != nil && !page.Fatal(problems) {
			all = append(all, l)
		}
	}
	return all
}

// Named is the scene that a word means: its id, or its place, from 1. Nil if there
// is none.
func Named(word string) *page.Lesson {
	for i, l := range All() {
		if l.ID == word || itoa(i+1) == word {
			return l
		}
	}
	return nil
}

// Note is what the speaker is to know at a step, counted from 1.
func Note(l *page.Lesson, step int) []string {
	if step < 1 || step > len(l.Steps) {
		return nil
	}
	var lines []string
	for _, line := range l.Steps[step-1].Note {
		lines = append(lines, strings.TrimRight(line.Text, " "))
	}
	return lines
}

// ReelName is the name of the file with a scene's recording.
func ReelName(id string) string { return id + ".reel" }

// Recorded is the recording of a scene that comes with the program. One of other
// steps than the scene has now is an error: it would show something else than is said.
func Recorded(l *page.Lesson) (*reel.Reel, error) {
	file, err := files.ReadFile("recorded/" + ReelName(l.ID))
	if err != nil {
		return nil, errors.New("there is no recording of it in this jsh")
	}
	r, err := reel.Read(file)
	switch {
	case err != nil:
		return nil, errors.New("its recording cannot be read: " + err.Error())
	case r.Scene != l.ID || r.Steps != reel.Steps(l) || len(r.Marks) != len(l.Steps):
		return nil, errors.New("its recording is of other steps than the scene has now; demo --make-recordings makes it again")
	}
	return r, nil
}

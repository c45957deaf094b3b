// Package course holds the lessons that come with jsh, as the text files that
// they are.
//
// It owns the files and their order, and reads nothing in them but what package
// page parses.
package course

import (
	"embed"
	"slices"
	"strings"

	"jsh/lessons/page"
)

//go:embed *
var files embed.FS

// Entry is one lesson.
type Entry struct {
	Lesson   *page.Lesson // nil where the file cannot be read
	Name     string       // of the file
	Text     []byte
	Problems []page.Problem
	Embedded bool // it came with jsh
}

// All are the lessons, each behind those that it needs, else in the order of
// their files' names.
func All() []Entry {
	names, err := files.ReadDir(".")
	if err != nil {
		return nil
	}
	var list []Entry
	for _, n := range names {
		if strings.HasSuffix(n.Name(), ".md") {
			text, _ := files.ReadFile(n.Name())
			e := Read(n.Name(), text)
			e.Embedded = true
			list = append(list, e)
		}
	}
	return Sorted(list)
}

// Read is the lesson of one file.
func Read(name string, text []byte) Entry {
	e := Entry{Name: name, Text: text}
	e.Lesson, e.Problems = page.Parse(name, text)
	return e
}

// Sorted puts each lesson behind those that it needs. Lessons that need each
// other stay where they are.
func Sorted(list []Entry) []Entry {
	var sorted []Entry
	placed := map[string]bool{}
	here := map[string]bool{}
	for _, e := range list {
		if e.Lesson != nil {
			here[e.Lesson.ID] = true
		}
	}
	for rest := slices.Clone(list); len(rest) > 0; {
		next := 0
		for i, e := range rest {
			if e.Lesson == nil || !slices.ContainsFunc(e.Lesson.Needs, func(id string) bool { return here[id] && !placed[id] }) {
				next = i
				break
			}
		}
		if e := rest[next]; e.Lesson != nil {
			placed[e.Lesson.ID] = true
		}
		sorted = append(sorted, rest[next])
		rest = slices.Delete(rest, next, next+1)
	}
	return sorted
}

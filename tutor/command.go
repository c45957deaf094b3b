package tutor

import (
	"fmt"
	"io"
	"os"
	"strings"

	"jsh/lessons/course"
	"jsh/lessons/page"
	"jsh/lessons/play"
)

// command is the program lesson: what needs no lesson that runs. It returns the
// exit status.
func command(args []string, out, errs io.Writer) int {
	complain := func(text string) int {
		fmt.Fprintln(errs, "lesson: "+text)
		return 2
	}
	if len(args) == 0 {
		return complain("type it inside jsh; from any other shell there are list, lint, test, new, claims and export")
	}
	name, rest := args[0], args[1:]
	switch name {
	case "list":
		return list(out, errs)
	case "lint":
		return lint(rest, out, errs)
	case "export":
		return export(out, errs)
	}
	return complain(name + ": type it inside jsh (help lesson)")
}

// list shows the lessons with what was reached in each.
func list(out, errs io.Writer) int {
	lines, err := readProgress(progressFile())
	if err != nil {
		fmt.Fprintln(errs, "lesson: "+err.Error())
		return 1
	}
	known := map[string]record{}
	for _, r := range records(lines) {
		known[r.id] = r
	}
	for _, e := range course.All() {
		l := e.Lesson
		if l == nil || l.Kind != page.KindLesson {
			continue
		}
		state := ""
		if r, ok := known[l.ID]; ok {
			state = fmt.Sprintf("step %d of %d", r.step, len(l.Steps))
			if r.done {
				state = "done"
			}
			if r.asked > 0 {
				state += fmt.Sprintf(", %d of %d predicted", r.right, r.asked)
			}
		}
		fmt.Fprintf(out, "  %-14s %-36s %3s  %s\n", l.ID, l.Title, minutes(l.Minutes), state)
	}
	fmt.Fprintln(out, "lesson NAME begins one; lesson goes on where you were.")
	return 0
}

func minutes(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d'", n)
}

// export writes the file of progress as it is.
func export(out, errs io.Writer) int {
	file := progressFile()
	lines, err := readProgress(file)
	if err != nil {
		fmt.Fprintln(errs, "lesson export: "+err.Error())
		return 1
	}
	for _, l := range lines {
		fmt.Fprintln(out, l)
	}
	return 0
}

// entries reads the files named, or, for --all, the lessons that come with jsh.
func entries(args []string) (list []course.Entry, err error) {
	for _, a := range args {
		if a == "--all" {
			list = append(list, course.All()...)
			continue
		}
		text, err := os.ReadFile(a)
		if err != nil {
			return nil, err
		}
		list = append(list, course.Read(a, text))
	}
	return list, nil
}

// lint judges files. The status is 1 where one cannot be played.
func lint(args []string, out, errs io.Writer) int {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") && args[0] != "--all" {
		fmt.Fprintln(errs, "usage: lesson lint FILE... | --all")
		return 2
	}
	list, err := entries(args)
	if err != nil {
		fmt.Fprintln(errs, "lesson lint: "+err.Error())
		return 2
	}
	ids := map[string]bool{}
	for _, e := range append(course.All(), list...) {
		if e.Lesson != nil {
			ids[e.Lesson.ID] = true
		}
	}
	status := 0
	for _, e := range list {
		problems := e.Problems
		if e.Lesson != nil {
			problems = append(problems, play.Lint(e.Lesson, func(id string) bool { return ids[id] })...)
		}
		for _, p := range problems {
			fmt.Fprintln(out, p)
			if !p.Warn {
				status = 1
			}
		}
	}
	return status
}

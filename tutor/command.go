package tutor

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"jsh/lab/doctor"
	"jsh/lessons/course"
	"jsh/lessons/page"
	"jsh/lessons/play"
	"jsh/lessons/questions"
	"jsh/tutor/trial"
)

// command is the program lesson: what needs no lesson that runs. It returns the
// exit status.
func command(args []string, out, errs io.Writer) int {
	complain := func(text string) int {
		fmt.Fprintln(errs, "lesson: "+text)
		return 2
	}
	if len(args) == 0 {
		return complain("type it inside jsh; from any other shell there are list, lint, test, new, claims, export, hand-in and verify")
	}
	name, rest := args[0], args[1:]
	switch name {
	case "list":
		return list(out, errs)
	case "lint":
		return lint(rest, out, errs)
	case "test":
		exe, err := os.Executable()
		if err != nil {
			return complain(err.Error())
		}
		return test(rest, exe, out, errs)
	case "new":
		return newLesson(rest, out, errs)
	case "claims":
		return claims(out, errs)
	case "export":
		return exportProgress(out, errs)
	case "hand-in":
		return handIn(rest, time.Now(), out, errs)
	case "verify":
		return verify(rest, out, errs)
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
		if names := lacks(l); names != nil {
			state = strings.TrimPrefix(state+"; not here: needs "+strings.Join(names, ", "), "; ")
		}
		line := fmt.Sprintf("  %-14s %-38s %3s  %s", l.ID, l.Title, minutes(l.Minutes), state)
		fmt.Fprintln(out, strings.TrimRight(line, " "))
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

// exportProgress writes the file of progress as it is.
func exportProgress(out, errs io.Writer) int {
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

// shipped are the lessons and the questions that come with jsh.
func shipped() []course.Entry {
	list := course.All()
	texts := questions.Texts()
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		e := course.Read(name, texts[name])
		e.Embedded = true
		list = append(list, e)
	}
	return list
}

// entries reads the files named, or, for --all, what comes with jsh.
func entries(args []string) (list []course.Entry, err error) {
	for _, a := range args {
		if a == "--all" {
			list = append(list, shipped()...)
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

const testUsage = "usage: lesson test [--screen] [--again] [--seed N] [-json] [-j N] FILE... | --all"

// test tries lessons on real terminals.
func test(args []string, exe string, out, errs io.Writer) int {
	complain := func(text string) int {
		fmt.Fprintln(errs, "lesson test: "+text)
		return 2
	}
	o := trial.Options{Exe: exe, Parallel: 2}
	asJSON := false
	var files []string
	for i := 0; i < len(args); i++ {
		switch a := args[i]; a {
		case "--screen":
			o.Screen = true
		case "--again":
			o.Again = true
		case "-json", "--json":
			asJSON = true
		case "--seed":
			i++
			if i == len(args) {
				return complain("--seed wants a number")
			}
			n, err := strconv.ParseUint(args[i], 10, 32)
			if err != nil {
				return complain(args[i] + ": the seed is a number")
			}
			o.Seed = n
		case "-j":
			i++
			n := 0
			if i < len(args) {
				n, _ = strconv.Atoi(args[i])
			}
			if n < 1 {
				return complain("-j wants a number of tries at the same time")
			}
			o.Parallel = n
		default:
			if strings.HasPrefix(a, "-") && a != "--all" {
				return complain(a + ": no such option\n" + testUsage)
			}
			files = append(files, a)
		}
	}
	if len(files) == 0 {
		return complain("which?\n" + testUsage)
	}
	list, err := entries(files)
	if err != nil {
		return complain(err.Error())
	}
	dir, err := os.MkdirTemp("", "jsh-lesson-")
	if err != nil {
		return complain(err.Error())
	}
	defer os.RemoveAll(dir)
	var lessons []trial.Lesson
	status, skipped := 0, 0
	for _, e := range list {
		if err := sound(e); err != nil {
			fmt.Fprintln(errs, e.Name+": "+err.Error())
			status = 1
			continue
		}
		if why := unplayable(e.Lesson, o.Screen); why != "" {
			skipped++
			if asJSON {
				b, _ := json.Marshal(trial.Result{File: e.Name, Line: 1, Skipped: why})
				fmt.Fprintln(out, string(b))
			} else {
				fmt.Fprintln(out, e.Name+": skipped: "+why)
			}
			continue
		}
		path, err := filepath.Abs(e.Name)
		if e.Embedded {
			path = filepath.Join(dir, e.Name)
			err = os.WriteFile(path, e.Text, 0o600)
		}
		if err != nil {
			return complain(err.Error())
		}
		lessons = append(lessons, trial.Lesson{Lesson: e.Lesson, Path: path})
	}
	failed := trial.Run(lessons, o, func(r trial.Result) {
		if asJSON {
			b, _ := json.Marshal(r)
			fmt.Fprintln(out, string(b))
			return
		}
		fmt.Fprintln(out, r.String())
	})
	if skipped > 0 {
		fmt.Fprintf(errs, "lesson test: %d skipped\n", skipped)
	}
	if failed > 0 {
		fmt.Fprintf(errs, "lesson test: %d failed\n", failed)
		return 1
	}
	return status
}

// unplayable says why a lesson cannot be tried; "": it can.
func unplayable(l *page.Lesson, screen bool) string {
	if err := wanting(l); err != nil {
		return err.Error()
	}
	for _, w := range l.Wants {
		if !screen && (w == doctor.Screen || w == doctor.Keys) {
			return l.ID + " is played in the split screen: lesson test --screen"
		}
	}
	return ""
}

package tutor

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"jsh/companion"
	"jsh/event"
	"jsh/lessons/course"
	"jsh/lessons/page"
	"jsh/tutor/homework"
)

const verifyUsage = `usage: lesson verify [--json] [--with FILE]... DIR|FILE...
Plays the lessons in recordings (record FILE) again: each step's checks decide anew.
  --with FILE   a lesson that does not come with jsh
  status: 0; 1 a log says of a step that it was done, and its check does not hold, or a
  file cannot be read; 2 wrong usage`

// verify grades the recordings of a class.
func verify(args []string, out, errs io.Writer) int {
	complain := func(text string) int {
		fmt.Fprintln(errs, "lesson verify: "+text)
		return 2
	}
	asJSON := false
	var places []string
	lessons := course.All()
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "--help":
			fmt.Fprintln(out, verifyUsage)
			return 0
		case a == "--json":
			asJSON = true
		case a == "--with":
			if i++; i == len(args) {
				return complain("--with wants a lesson's file")
			}
			text, err := os.ReadFile(args[i])
			if err != nil {
				return complain(err.Error())
			}
			e := course.Read(args[i], text)
			if err := sound(e); err != nil {
				return complain(err.Error())
			}
			lessons = append([]course.Entry{e}, lessons...)
		case strings.HasPrefix(a, "-"):
			return complain(event.Visible(a) + ": no such option\n" + verifyUsage)
		default:
			places = append(places, a)
		}
	}
	if len(places) == 0 {
		return complain("which recordings?\n" + verifyUsage)
	}
	files, err := recordings(places)
	if err != nil {
		return complain(err.Error())
	}
	if len(files) == 0 {
		return complain("no file is there")
	}
	find := func(id string) (*page.Lesson, string) {
		for _, e := range lessons {
			if e.Lesson != nil && e.Lesson.ID == id {
				return e.Lesson, printOf(e.Text)
			}
		}
		return nil, ""
	}
	status := 0
	var class []homework.Learner
	for _, f := range files {
		l := graded(f, find)
		if l.Damage != "" {
			status = 1
		}
		for _, w := range l.Works {
			for i := range w.Steps {
				if w.Steps[i].Verdict == homework.Refuted {
					status = 1
				}
			}
		}
		class = append(class, l)
	}
	if !asJSON {
		fmt.Fprint(out, homework.Table(class))
		return status
	}
	b, err := json.MarshalIndent(struct {
		Class   []homework.Learner `json:"class"`
		Hardest *homework.Hard     `json:"most_failed"`
	}{class, homework.Hardest(class)}, "", "  ")
	if err != nil {
		return complain(err.Error())
	}
	fmt.Fprintln(out, string(b))
	return status
}

// recordings are the files meant: those named, and in a directory all but the
// hidden ones.
func recordings(places []string) (files []string, err error) {
	for _, p := range places {
		entries, err := os.ReadDir(p)
		if err != nil {
			if st, e := os.Stat(p); e != nil || st.IsDir() {
				return nil, err
			}
			files = append(files, p)
			continue
		}
		for _, e := range entries {
			if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
				files = append(files, filepath.Join(p, e.Name()))
			}
		}
	}
	return files, nil
}

// graded is one learner's recording, called by its file's name.
func graded(file string, find homework.Find) (l homework.Learner) {
	base := filepath.Base(file)
	l.Name = event.Visible(strings.TrimSuffix(base, filepath.Ext(base)))
	f, err := os.Open(file)
	if err != nil {
		l.Damage = err.Error()
		return l
	}
	defer f.Close()
	rec, err := companion.Read(f)
	if err != nil {
		l.Damage = event.Visible(err.Error())
		return l
	}
	if rec.Damage != "" {
		l.Damage = "cut off at " + event.Visible(rec.Damage)
	}
	l.Works, l.Strangers = homework.Grade(logs(rec), find)
	if len(l.Works) == 0 && len(l.Strangers) == 0 && l.Damage == "" {
		l.Damage = "no lesson was played while it was recorded; record FILE comes first, then lesson NAME"
	}
	return l
}

// logs are the parts of a recording.
func logs(rec *companion.Recording) (list []*homework.Log) {
	events := rec.Since(0).Events
	for _, p := range rec.Parts {
		log := &homework.Log{Tree: rec.Tree, Exact: strings.HasPrefix(p.Source, "the kernel"), Keys: p.Keys || p.Cols > 0,
			Cols: p.Cols, Rows: p.Rows}
		for len(events) > 0 && events[0].Seq < p.First {
			events = events[1:]
		}
		n := 0
		for n < len(events) && events[n].Seq <= p.Last {
			n++
		}
		log.Events, events = events[:n:n], events[n:]
		log.Shell = func(seq uint64) (pid int) {
			for _, s := range p.Shells {
				if pid == 0 || s.Seq <= seq {
					pid = s.Pid
				}
			}
			return pid
		}
		list = append(list, log)
	}
	return list
}

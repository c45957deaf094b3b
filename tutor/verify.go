package tutor

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"jsh/companion"
	"jsh/event"
	"jsh/lessons/course"
	"jsh/lessons/page"
	"jsh/tutor/homework"
)

const verifyUsage = `usage: lesson verify [--json|--csv] [--with FILE]... DIR|FILE...
Plays what a class handed in (lesson hand-in, record FILE) again: each
step's checks decide anew. A file's name is the learner's, and so is that of
a directory in DIR.
  --json, --csv   each step, for programs
  --with FILE     a lesson that does not come with jsh
  status: 0; 1 something is to be looked at: a step whose check does not
  hold, a file that cannot be read to its end, a copy, another version of a
  lesson; 2 wrong usage`

// verify grades the recordings of a class.
func verify(args []string, out, errs io.Writer) int {
	complain := func(text string) int {
		fmt.Fprintln(errs, "lesson verify: "+text)
		return 2
	}
	asJSON, asCSV := false, false
	var places []string
	lessons := course.All()
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "--help":
			fmt.Fprintln(out, verifyUsage)
			return 0
		case a == "--json":
			asJSON = true
		case a == "--csv":
			asCSV = true
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
	if asJSON && asCSV {
		return complain("--json or --csv, not both")
	}
	files, lacking := recordings(places)
	status := 0
	for _, text := range lacking {
		fmt.Fprintln(errs, "lesson verify: "+text)
		status = 1
	}
	if len(files) == 0 {
		return 2
	}
	find := func(id string) (*page.Lesson, string) {
		for _, e := range lessons {
			if e.Lesson != nil && e.Lesson.ID == id {
				return e.Lesson, printOf(e.Text)
			}
		}
		return nil, ""
	}
	var class []homework.Learner
	for len(files) > 0 {
		n := 1
		for n < len(files) && files[n].learner == files[0].learner {
			n++
		}
		l := graded(files[:n], find)
		files = files[n:]
		if l.Doubtful() {
			status = 1
		}
		class = append(class, l)
	}
	copies := homework.Copies(class)
	if len(copies) > 0 {
		status = 1
	}
	switch {
	case asCSV:
		if err := homework.CSV(out, class); err != nil {
			return complain(err.Error())
		}
	case asJSON:
		b, err := json.MarshalIndent(struct {
			Class   []homework.Learner `json:"class"`
			Copies  []homework.Copy    `json:"copies"`
			Hardest *homework.Hard     `json:"most_failed"`
		}{class, copies, homework.Hardest(class)}, "", "  ")
		if err != nil {
			return complain(err.Error())
		}
		fmt.Fprintln(out, string(b))
	default:
		fmt.Fprint(out, homework.Table(class))
	}
	return status
}

// handed is one file.
type handed struct{ learner, path string }

// recordings are the files meant, a learner's together: those named, and in a
// directory all but the hidden ones. A directory in it is a learner's. lacking tells of
// places where there is nothing to be read.
func recordings(places []string) (files []handed, lacking []string) {
	lack := func(path, why string) { lacking = append(lacking, event.Visible(path)+": "+why) }
	for _, p := range places {
		st, err := os.Stat(p)
		switch {
		case err != nil:
			lack(p, reason(err))
			continue
		case !st.IsDir():
			if !st.Mode().IsRegular() {
				lack(p, "this is no ordinary file")
				continue
			}
			files = append(files, handed{homework.NameOf(p), p})
			continue
		}
		entries, err := visible(p)
		if err != nil {
			lack(p, reason(err))
			continue
		}
		if len(entries) == 0 {
			lack(p, "no file is there; put what the class handed in into it")
		}
		for _, name := range entries {
			path := filepath.Join(p, name)
			if regular(path) {
				files = append(files, handed{homework.NameOf(path), path})
				continue
			}
			inner, err := visible(path)
			if err != nil {
				lack(path, "neither a file that can be read nor a learner's directory: "+reason(err))
				continue
			}
			n := len(files)
			for _, f := range inner {
				if file := filepath.Join(path, f); regular(file) {
					files = append(files, handed{name, file})
				}
			}
			if len(files) == n {
				files = append(files, handed{name, ""})
			}
		}
	}
	slices.SortStableFunc(files, func(a, b handed) int { return strings.Compare(a.learner, b.learner) })
	return files, lacking
}

// visible are the names in a directory but the hidden ones.
func visible(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// reason is an error without the path, which is told already.
func reason(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Op + ": " + at.Err.Error()
	}
	return err.Error()
}

func regular(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.Mode().IsRegular()
}

// largest is how large a file may be.
const largest = 256 << 20

// graded is what one learner handed in.
func graded(files []handed, find homework.Find) (l homework.Learner) {
	l.Name = event.Visible(files[0].learner)
	var all []*homework.Log
	for _, f := range files {
		if f.path == "" {
			l.Damage = append(l.Damage, "no file is in the directory")
			continue
		}
		place := event.Visible(filepath.Base(f.path))
		l.Files = append(l.Files, event.Visible(f.path))
		rec, err := read(f.path, &l, place)
		if err != nil {
			l.Damage = append(l.Damage, place+": "+event.Visible(err.Error()))
			continue
		}
		if rec.Damage != "" {
			l.Damage = append(l.Damage, place+": cut off at "+event.Visible(rec.Damage))
		}
		list := logs(rec)
		for _, p := range rec.Parts {
			for _, o := range p.Odd {
				l.Odd = append(l.Odd, place+", "+event.Visible(o))
			}
		}
		l.Add(list)
		all = append(all, list...)
	}
	defer func() { // a file that is not jsh's may hold anything
		if v := recover(); v != nil {
			l.Damage = append(l.Damage, fmt.Sprintf("jsh stumbled over it: %v", v))
		}
	}()
	l.Works, l.Strangers = homework.Grade(homework.Unique(all), find)
	if len(l.Works) == 0 && len(l.Strangers) == 0 && len(l.Damage) == 0 {
		l.Damage = append(l.Damage, "no lesson was played while it was recorded; lesson hand-in makes the file")
	}
	return l
}

// read reads a file. Whether the end is there that lesson hand-in writes is told to l.
func read(path string, l *homework.Learner, place string) (*companion.Recording, error) {
	if st, err := os.Stat(path); err == nil && st.Size() > largest {
		return nil, fmt.Errorf("it is larger than %d MiB and is not read", largest>>20)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	rec, err := companion.Read(bytes.NewReader(text))
	if err != nil || rec.Damage != "" || !bytes.Contains(text, []byte(`"path":"`+event.FactHandIn+`"`)) {
		return rec, err
	}
	head, last := text, []byte(nil)
	if n := bytes.LastIndexByte(bytes.TrimSuffix(text, []byte("\n")), '\n'); n >= 0 {
		head, last = text[:n+1], text[n+1:]
	}
	e, err := event.ParseJSON(last)
	switch {
	case err != nil || e.Kind != event.Fact || e.Path != event.FactSum:
		l.Damage = append(l.Damage, place+": cut short: the last line that lesson hand-in writes is missing")
	case e.Value("sum") != printOf(head):
		l.Odd = append(l.Odd, place+": it was changed after lesson hand-in had written it")
	}
	return rec, nil
}

// logs are the parts of a recording.
func logs(rec *companion.Recording) (list []*homework.Log) {
	events := rec.Since(0).Events
	for _, p := range rec.Parts {
		log := &homework.Log{Tree: rec.Tree, Early: rec.Early, Exact: strings.HasPrefix(p.Source, "the kernel"), Keys: p.Keys || p.Cols > 0,
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

package tutor

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"jsh/companion"
	"jsh/event"
	"jsh/tutor/homework"
	"jsh/tutor/wire"
)

const handInUsage = `usage: lesson hand-in [FILE|DIR]
Puts the logs of the lessons that you played into one file for your teacher,
here or where FILE says. Nothing is sent anywhere.
  status: 0; 1 there is nothing to hand in, or it cannot be written; 2 usage`

// handInEnd is how the file's name ends; homework.NameOf reads it.
const handInEnd = ".jsh-log"

// handIn makes one file of what was kept.
func handIn(args []string, now time.Time, out, errs io.Writer) int {
	complain := func(status int, text string) int {
		fmt.Fprintln(errs, "lesson hand-in: "+text)
		return status
	}
	switch {
	case len(args) == 1 && args[0] == "--help":
		fmt.Fprintln(out, handInUsage)
		return 0
	case len(args) > 0 && args[0] == "--":
		args = args[1:]
	case len(args) > 0 && strings.HasPrefix(args[0], "-"):
		return complain(2, event.Visible(args[0])+": no such option\n"+handInUsage)
	}
	if len(args) > 1 {
		return complain(2, "one FILE at a time\n"+handInUsage)
	}
	progress := progressFile()
	dir := keptDir(progress)
	if dir == "" {
		return complain(1, "there is no HOME, so no lesson's log was kept")
	}
	files, err := keptFiles(dir)
	if err != nil {
		return complain(1, "the logs of your lessons cannot be read: "+err.Error())
	}
	lines, _ := readProgress(progress)
	known := records(lines)
	j := &companion.Joiner{}
	j.Head(event.Event{Kind: event.Fact, Source: event.Lesson, Path: event.FactHandIn, Argv: []string{
		"user=" + userName(), "date=" + now.UTC().Format(time.RFC3339), "jsh=" + version}})
	sum := &summary{}
	unread := ""
	for _, k := range files {
		text, err := os.ReadFile(k.path)
		if err != nil {
			unread = err.Error()
			continue
		}
		if sum.take(text) {
			j.Add(text)
		}
	}
	if len(sum.works) == 0 {
		return complain(1, nothingYet(dir, known, len(files), unread))
	}
	j.Tell(event.Event{Kind: event.Fact, Source: event.Lesson, Path: event.FactSum, Argv: []string{"sum=" + printOf(j.Bytes())}})

	base := handInName(userName(), sum.ids(), now)
	place := "."
	exact := false
	if len(args) == 1 {
		place = args[0]
		st, err := os.Stat(place)
		exact = (err != nil || !st.IsDir()) && !strings.HasSuffix(place, "/")
	}
	path, err := write(place, base, exact, j.Bytes())
	if err != nil {
		return complain(1, err.Error())
	}
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	fmt.Fprint(out, sum.text(known, path, len(j.Bytes()), unread))
	return 0
}

// nothingYet says why there is nothing to hand in, and what to do.
func nothingYet(dir string, known []record, files int, unread string) string {
	switch {
	case unread != "":
		return "the logs of your lessons cannot be read: " + unread
	case files > 0:
		return "no step of a lesson is done yet; lesson goes on where you were.\nThe log is kept by itself, in " + dir
	case len(known) > 0:
		return "the lessons that you played are in no log: an older jsh played them, or the files\nin " + dir + " were removed. Play them again: lesson NAME"
	}
	return "you have not played a lesson yet; lesson begins the first.\nIts log is kept by itself, in " + dir
}

// handInName is the name of the file: USER_LESSON_DATE.
func handInName(user string, ids []string, now time.Time) string {
	what := ids[0]
	if len(ids) > 1 {
		what = strconv.Itoa(len(ids)) + "-lessons"
	}
	user = strings.Map(func(r rune) rune {
		if r == '/' || r <= ' ' || r == 0x7f {
			return '-'
		}
		return r
	}, strings.TrimLeft(user, ".-"))
	if user == "" {
		user = "learner"
	}
	return user + "_" + what + "_" + now.Format("2006-01-02")
}

// write makes the file, for its owner alone; none that exists is written over. A name
// that was chosen here gets a number where it is taken.
func write(place, base string, exact bool, text []byte) (path string, err error) {
	for n := 1; ; n++ {
		path = place
		if !exact {
			path = filepath.Join(place, base+handInEnd)
			if n > 1 {
				path = filepath.Join(place, base+"-"+strconv.Itoa(n)+handInEnd)
			}
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) && !exact && n < 1000 {
			continue
		}
		if errors.Is(err, fs.ErrExist) {
			return "", errors.New(path + " is there already; name another file")
		}
		if err != nil {
			return "", errors.New(err.Error() + "; name another place: lesson hand-in DIR")
		}
		_, err = f.Write(text)
		if bad := f.Close(); err == nil {
			err = bad
		}
		if err != nil {
			os.Remove(path)
			return "", errors.New("not all of it could be written: " + err.Error())
		}
		return path, nil
	}
}

// summary is what the logs themselves say of what was done.
type summary struct{ works []*done }

// done is what was done of one lesson, in all tries.
type done struct {
	id    string
	steps map[int]bool // done: true by the learner, false by lesson show
	of    int          // steps; 0: not known
	ended bool
	tries int
}

// take reads one kept log. It says whether a step was done in it, or the lesson went
// on: what was only looked at is not handed in.
func (s *summary) take(text []byte) bool {
	w := &done{steps: map[int]bool{}}
	step, shown := 0, 0
	over := func(n int) { w.steps[n] = w.steps[n] || shown != n }
	for line := range strings.Lines(string(text)) {
		if !strings.Contains(line, `"source":"lesson"`) {
			continue
		}
		e, err := event.ParseJSON([]byte(line))
		if err != nil || e.Source != event.Lesson {
			continue
		}
		if e.Kind == event.Fact && e.Path == event.FactLesson {
			w.of, _ = strconv.Atoi(e.Value("steps"))
			continue
		}
		if e.Kind != event.Told {
			continue
		}
		if id, first, ok := homework.Begins(e.Text); ok {
			w.id, step = id, first
			continue
		}
		at, ok := wire.ParsePlace(e.Text)
		if !ok {
			if e.Text == "show" {
				shown = step
			}
			continue
		}
		switch {
		case at.End && at.Done:
			w.ended = true
			over(max(w.of, step))
		case at.End:
		case at.Done:
			over(at.Step)
		}
		step = max(at.Step, step)
	}
	if w.id == "" || len(w.steps) == 0 {
		return false
	}
	w.tries = 1
	i := slices.IndexFunc(s.works, func(o *done) bool { return o.id == w.id })
	if i < 0 {
		s.works = append(s.works, w)
		return true
	}
	o := s.works[i]
	o.tries++
	o.of = w.of
	o.ended = o.ended || w.ended
	for n, own := range w.steps {
		o.steps[n] = o.steps[n] || own
	}
	return true
}

func (s *summary) ids() (ids []string) {
	for _, w := range s.works {
		ids = append(ids, w.id)
	}
	return ids
}

// text tells what is in the file, in five lines at most.
func (s *summary) text(known []record, path string, size int, unread string) string {
	steps, of, tries, shown := 0, 0, 0, 0
	var words []string
	for _, w := range s.works {
		steps += len(w.steps)
		of += max(w.of, len(w.steps))
		tries += w.tries
		for _, own := range w.steps {
			if !own {
				shown++
			}
		}
		words = append(words, fmt.Sprintf("%s %d/%d", w.id, len(w.steps), max(w.of, len(w.steps))))
	}
	const most = 4
	if n := len(words); n > most {
		words = append(words[:most-1], "and "+strconv.Itoa(n-most+1)+" more")
	}
	much := strconv.Itoa(steps) + " of " + count(of, "step") + " done"
	if shown > 0 {
		much += " (" + strconv.Itoa(shown) + " by lesson show)"
	}
	text := count(len(s.works), "lesson") + ", " + much + ", in " + count(tries, "try") + ": " + strings.Join(words, ", ") + "\n"
	text += "In it: each command line that you typed during these lessons, the processes,\n" +
		"your answers, their times and the name " + event.Visible(userName()) + "; nothing that you typed at programs.\n"
	text += "File:  " + event.Visible(path) + " (" + strconv.Itoa((size+1023)>>10) + " KB)\n"
	lacking := ""
	for _, r := range known {
		if r.done && !strings.ContainsAny(r.id, ":/") && !slices.ContainsFunc(s.works, func(w *done) bool { return w.id == r.id && w.ended }) {
			lacking += " " + r.id
		}
	}
	switch {
	case unread != "":
		text += "Not in it: " + event.Visible(unread) + "\n"
	case lacking != "":
		text += "Give it to your teacher. The log of these is not kept, play them again:" + lacking + "\n"
	default:
		text += "Give it to your teacher: nothing was sent. replay FILE shows what is in it.\n"
	}
	return text
}

// count is "1 step", "2 steps", "3 tries".
func count(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case strings.HasSuffix(what, "y"):
		return strconv.Itoa(n) + " " + strings.TrimSuffix(what, "y") + "ies"
	}
	return strconv.Itoa(n) + " " + what + "s"
}

package tutor

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"jsh/companion"
	"jsh/event"
	"jsh/lessons/page"
	"jsh/lessons/scenes"
	"jsh/lessons/scenes/reel"
	"jsh/proc"
	"jsh/tutor/trial"
	"jsh/tutor/wire"
)

// Showing is a recorded scene that is to be shown.
type Showing struct {
	Lesson  *page.Lesson
	Reel    *reel.Reel
	Step    int    // to begin with, from 0
	Because string // why it is not played; "" the recording was asked for
	Tell    func(step int, done, end bool)
}

// recordedWord stands in the log behind a scene that is shown from a recording.
const recordedWord = "recorded"

// showRecorded is demo --recorded [--step N] [--because TEXT] [SCENE|FILE]: without a
// scene all of them, one after the other.
func showRecorded(args []string, guarded bool, host Host, errs io.Writer) int {
	complain := func(text string, status int) int {
		fmt.Fprintln(errs, "demo --recorded: "+text)
		return status
	}
	s := Showing{}
	a := args[1:]
	for len(a) >= 2 && strings.HasPrefix(a[0], "--") {
		n, err := strconv.Atoi(a[1])
		switch {
		case a[0] == "--because":
			s.Because = a[1]
		case a[0] == "--step" && err == nil && n >= 1:
			s.Step = n - 1
		default:
			return complain(event.Visible(a[0])+" "+event.Visible(a[1])+": no such option, or no step\n"+demoUsage, 2)
		}
		a = a[2:]
	}
	var list []Showing
	switch {
	case len(a) > 1 || len(a) == 1 && strings.HasPrefix(a[0], "-"):
		return complain("one scene, one file, or none for all\n"+demoUsage, 2)
	case len(a) == 1:
		var err error
		if s.Lesson, s.Reel, err = recorded(a[0]); err != nil {
			return complain(event.Visible(a[0])+": "+err.Error(), 1)
		}
		if s.Step >= len(s.Lesson.Steps) {
			return complain("the steps are 1 to "+strconv.Itoa(len(s.Lesson.Steps)), 2)
		}
		list = append(list, s)
	default:
		for _, l := range scenes.All() {
			r, err := scenes.Recorded(l)
			if err != nil {
				return complain(l.ID+": "+err.Error(), 1)
			}
			list = append(list, Showing{Lesson: l, Reel: r, Because: s.Because})
		}
	}
	if !guarded {
		return host.Guard(append([]string{"demo"}, args...))
	}
	os.WriteFile("/proc/self/comm", []byte(proc.ViewerName), 0) // the picture leaves out who is called so
	cl := speaker()
	for i := range list {
		s := &list[i]
		s.Tell = func(step int, done, end bool) {
			tell(cl, wire.Place{Step: step, Done: done, End: end}.String())
		}
		tell(cl, "lesson "+sceneID+s.Lesson.ID+" "+recordedWord+" step "+strconv.Itoa(s.Step+1))
		status, err := host.Project(*s)
		if err != nil {
			return complain(err.Error(), 1)
		}
		if status != 0 {
			return status
		}
	}
	return 0
}

// recorded is the scene and the recording that a word means.
func recorded(word string) (*page.Lesson, *reel.Reel, error) {
	if l := scenes.Named(word); l != nil {
		r, err := scenes.Recorded(l)
		return l, r, err
	}
	if filepath.Ext(word) != filepath.Ext(scenes.ReelName("")) {
		return nil, nil, errors.New("no such scene; demo alone lists them")
	}
	text, err := os.ReadFile(word)
	if err != nil {
		return nil, nil, err
	}
	r, err := reel.Read(text)
	if err != nil {
		return nil, nil, err
	}
	l := scenes.Named(r.Scene)
	if l == nil || r.Steps != reel.Steps(l) || len(r.Marks) != len(l.Steps) {
		return nil, nil, errors.New("it is a recording of " + event.Visible(r.Scene) + " with other steps than this jsh's (" + event.Visible(r.Made()) + ")")
	}
	return l, r, nil
}

// speaker leads to the notes in another terminal, where this process was started from a
// shell that has a companion. Nil: nobody follows.
func speaker() *companion.Client {
	path := os.Getenv(companion.EnvName)
	if path == "" || !companion.Alive(path) {
		return nil
	}
	cl, err := companion.Dial(path)
	if err != nil {
		return nil
	}
	return cl
}

func tell(cl *companion.Client, text string) {
	if cl != nil {
		cl.Tell(event.Event{Kind: event.Told, Text: text})
	}
}

// makeRecordings plays scenes on real terminals and keeps what happens.
func makeRecordings(dir string, names []string, host Host, out, errs io.Writer) int {
	complain := func(text string, status int) int {
		fmt.Fprintln(errs, "demo --make-recordings: "+text)
		return status
	}
	list := scenes.All()
	if len(names) > 0 {
		list = nil
		for _, n := range names {
			l := scenes.Named(n)
			if l == nil {
				return complain(event.Visible(n)+": no such scene; demo alone lists them", 2)
			}
			list = append(list, l)
		}
	}
	exe, err := os.Executable()
	if err == nil {
		err = os.MkdirAll(dir, 0o777)
	}
	if err != nil {
		return complain(err.Error(), 1)
	}
	status := 0
	for _, l := range list {
		if err := wanting(l); err != nil {
			status = complain(err.Error(), 1)
			continue
		}
		r, shown, err := trial.Film(exe, host.Version, l)
		if err != nil {
			status = complain(l.ID+": "+err.Error()+"\n"+shown, 1)
			continue
		}
		file := filepath.Join(dir, scenes.ReelName(l.ID))
		text := r.Bytes()
		if err := os.WriteFile(file, text, 0o666); err != nil {
			return complain(err.Error(), 1)
		}
		fmt.Fprintf(out, "%s: %d steps, %d bytes\n", file, len(r.Marks), len(text))
	}
	return status
}

package trial

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/event"
	"jsh/lessons/page"
	"jsh/lessons/scenes/reel"
)

// The terminal on which a scene is recorded. It is narrower than those where the
// picture stands at the side, so that the shell has all of its width.
const filmCols, filmRows = 80, 48

// after is how long a step goes on when it has happened: so long a class looks.
const after = 1500 * time.Millisecond

// Film plays a scene on a real terminal in a fresh jsh, as a teacher would, and
// returns what happened. What was shown at the end comes with an error.
func Film(exe, version string, l *page.Lesson) (r *reel.Reel, shown string, err error) {
	dir, err := os.MkdirTemp("", "jsh-film-")
	if err != nil {
		return nil, "", err
	}
	defer os.RemoveAll(dir)
	cast, log := filepath.Join(dir, "shown"), filepath.Join(dir, "log")
	o := &Options{Exe: exe, Screen: true, Limit: 30 * time.Second, argv: []string{exe, "--record-shell", cast}, cols: filmCols, rows: filmRows}
	t, err := sit(o)
	if err != nil {
		return nil, "", err
	}
	defer t.leave()
	r = &reel.Reel{Scene: l.ID, Steps: reel.Steps(l), Version: version, Date: time.Now().UTC().Format("2006-01-02")}
	var u unix.Utsname
	if unix.Uname(&u) == nil {
		r.Kernel, _, _ = strings.Cut(unix.ByteSliceToString(u.Release[:]), "-") // of what the distribution adds nobody knows anything
		r.Machine = unix.ByteSliceToString(u.Machine[:])
	}
	begin, err := t.film(l, log, r)
	if err != nil {
		return nil, t.term.text(), err
	}
	text, err := os.ReadFile(log)
	if err != nil {
		return nil, "", err
	}
	lines, err := companion.Near(text[:bytes.LastIndexByte(text, '\n')+1])
	if err != nil {
		return nil, "", err
	}
	for _, line := range lines {
		if line.At <= r.Marks[len(r.Marks)-1].End {
			r.Log = append(r.Log, reel.Line(line))
		}
	}
	if r.Shown, err = pieces(cast, begin, r.Marks[len(r.Marks)-1].End); err != nil {
		return nil, "", err
	}
	return r, "", nil
}

// film plays the scene; begin is when the shell was told to.
func (l *learner) film(scene *page.Lesson, log string, r *reel.Reel) (begin int64, err error) {
	if err := l.connect(); err != nil {
		return 0, err
	}
	prompt := func() error { return l.until("the prompt", l.atPrompt) }
	line := func(text string) error {
		l.begun = true
		l.term.write(text + "\r")
		return prompt()
	}
	if err := prompt(); err != nil {
		return 0, err
	}
	if err := line("record " + log); err != nil {
		return 0, err
	}
	l.term.write("demo " + scene.ID)
	if err := l.until("the line to be typed", func() bool { return l.log.Rests(glance) }); err != nil {
		return 0, err
	}
	l.term.write("\r")
	at := func(step int, done bool) func() bool {
		return func() bool { return l.told && l.place.Step == step && l.place.Done == done }
	}
	for i := range scene.Steps {
		what := "step " + scene.Steps[i].Title
		if err := l.until(what+" to be ready", at(i+1, true)); err != nil {
			return 0, err
		}
		time.Sleep(after)
		l.follow()
		if i == 0 {
			begin = l.ended0()
		}
		m := reel.Mark{Begin: event.Now()}
		l.term.write("\r")
		if err := l.until(what+" to be typed", func() bool { return l.place.Step == i+1 && !l.place.Done && !l.place.End }); err != nil {
			return 0, err
		}
		if err := l.until(what+" to happen", func() bool { return l.place.Done }); err != nil {
			return 0, err
		}
		m.Done = event.Now()
		time.Sleep(after)
		l.follow()
		m.End = event.Now()
		r.Marks = append(r.Marks, m)
		l.term.write("\r")
	}
	time.Sleep(after) // the scene cleans up, and the recording is written meanwhile
	l.follow()
	return begin, nil
}

// ended0 is when the line that began the scene was over: with the prompt after
// it the terminal's recording begins.
func (l *learner) ended0() int64 {
	events := l.cl.Since(0).Events
	for i := len(events) - 1; i >= 0; i-- {
		if e := &events[i]; e.Kind == event.LineEnd && e.Pid == l.log.Story.Shell {
			return e.At
		}
	}
	return 0
}

// pieces reads the asciicast of the shell's part: what was shown between two
// times.
func pieces(file string, from, to int64) (list []reel.Piece, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var head struct {
		Width, Height int
		Monotonic     int64
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &head) != nil || head.Monotonic == 0 {
		return nil, errors.New("the terminal was not recorded")
	}
	size := reel.Piece{Cols: head.Width, Rows: head.Height}
	for lines.Scan() {
		var e []any
		if json.Unmarshal(lines.Bytes(), &e) != nil || len(e) != 3 {
			return nil, errors.New("the terminal's recording makes no sense")
		}
		seconds, _ := e[0].(float64)
		kind, _ := e[1].(string)
		data, _ := e[2].(string)
		p := reel.Piece{At: head.Monotonic + int64(seconds*1e9)}
		if kind == "r" {
			if _, rows, ok := strings.Cut(data, "x"); ok {
				p.Cols, p.Rows = head.Width, number(rows)
			}
		} else if kind == "o" {
			p.Text = data
		}
		switch {
		case p.At > to:
			return list, nil
		case p.At < from && p.Text == "":
			size = p
		case p.At >= from:
			if len(list) == 0 {
				size.At = p.At
				list = append(list, size)
			}
			list = append(list, p)
		}
	}
	return list, nil
}

func number(s string) (n int) {
	for _, c := range s {
		if c < '0' || c > '9' {
			return n
		}
		n = n*10 + int(c-'0')
	}
	return n
}

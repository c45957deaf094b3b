package tutor

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"jsh/lessons/play"
)

// The file of progress is text, a lesson a line, the one that was played last at
// the end:
//
//	id step/steps seed time right/asked [done]
//
// time is that of the last change, in RFC 3339. Lines that make no sense are kept.

// record is a line of it.
type record struct {
	id           string
	step, steps  int // step counts from 1
	seed         uint64
	at           time.Time
	right, asked int
	done         bool
}

func recordOf(p play.Progress, at time.Time) record {
	return record{id: p.ID, step: p.Step + 1, steps: p.Steps, seed: p.Seed, at: at.UTC().Truncate(time.Second), right: p.Right, asked: p.Asked, done: p.Done}
}

func (r *record) String() string {
	s := r.id + " " + strconv.Itoa(r.step) + "/" + strconv.Itoa(r.steps) + " " + strconv.FormatUint(r.seed, 10) + " " +
		r.at.Format(time.RFC3339) + " " + strconv.Itoa(r.right) + "/" + strconv.Itoa(r.asked)
	if r.done {
		s += " done"
	}
	return s
}

func parseRecord(line string) (r record, ok bool) {
	f := strings.Fields(line)
	if len(f) == 6 && f[5] == "done" {
		r.done, f = true, f[:5]
	}
	if len(f) != 5 {
		return r, false
	}
	var err [3]error
	r.id = f[0]
	r.step, r.steps, ok = ratio(f[1])
	r.seed, err[0] = strconv.ParseUint(f[2], 10, 64)
	r.at, err[1] = time.Parse(time.RFC3339, f[3])
	var ok2 bool
	r.right, r.asked, ok2 = ratio(f[4])
	return r, ok && ok2 && errors.Join(err[:]...) == nil
}

func ratio(s string) (a, b int, ok bool) {
	x, y, _ := strings.Cut(s, "/")
	a, err := strconv.Atoi(x)
	b, err2 := strconv.Atoi(y)
	return a, b, err == nil && err2 == nil && a >= 0 && b >= 0
}

// progressFile is where progress is kept: below $XDG_STATE_HOME, or
// ~/.local/state; "" where there is neither.
func progressFile() string {
	dir := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) { // as the XDG base directory specification says
		home := os.Getenv("HOME")
		if home == "" {
			return ""
		}
		dir = home + "/.local/state"
	}
	return dir + "/jsh/progress"
}

// readProgress reads the file; one that is not there is empty.
func readProgress(path string) (lines []string, err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) || path == "" {
		return nil, nil
	}
	for l := range strings.Lines(string(b)) {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	return lines, err
}

// records are the lines that make sense, the last one of each lesson.
func records(lines []string) []record {
	var list []record
	for _, l := range lines {
		r, ok := parseRecord(l)
		if !ok {
			continue
		}
		for i := range list {
			if list[i].id == r.id {
				list = append(list[:i], list[i+1:]...)
				break
			}
		}
		list = append(list, r)
	}
	return list
}

// saveProgress puts one lesson's line at the end of the file. Two shells may do
// that at once: they take turns by a lock, and the file is replaced as a whole.
func saveProgress(path string, r record) error {
	if path == "" {
		return errors.New("there is no HOME to keep it in")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	lock, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		return err
	}
	old, err := readProgress(path)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, l := range old {
		if q, ok := parseRecord(l); !ok || q.id != r.id {
			b.WriteString(l + "\n")
		}
	}
	b.WriteString(r.String() + "\n")
	if err := os.WriteFile(path+".new", []byte(b.String()), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

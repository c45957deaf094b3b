package tutor

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"jsh/event"
	"jsh/tutor/wire"
)

// Each time a lesson is begun or gone on with, its log is kept in a file of its own,
// for lesson hand-in. The files lie beside the file of progress, in the directory
// lessons, and are called
//
//	ID.TIME.PID.log
//
// TIME is in UTC, as 20261125T201503.

const (
	keptLimit = 4 << 20  // bytes of one; see companion.Client.Keep
	keptTotal = 48 << 20 // of all: before a new one the oldest are removed
	keptMost  = 400      // files
	keptEnd   = ".log"
	keptTime  = "20060102T150405"
)

// keptDir is where they are; "" where there is no place.
func keptDir(progress string) string {
	if progress == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(progress), "lessons")
}

// kept is one of them.
type kept struct {
	path string
	id   string
	at   time.Time
	size int64
}

// keptFiles are all, the oldest first; there may be none.
func keptFiles(dir string) (list []kept, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || dir == "" {
		return nil, nil
	}
	for _, e := range entries {
		f := strings.Split(e.Name(), ".")
		if len(f) != 4 || "."+f[3] != keptEnd || !e.Type().IsRegular() {
			continue
		}
		at, bad := time.Parse(keptTime, f[1])
		info, gone := e.Info()
		if bad == nil && gone == nil {
			list = append(list, kept{filepath.Join(dir, e.Name()), f[0], at, info.Size()})
		}
	}
	slices.SortStableFunc(list, func(a, b kept) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.path, b.path)) })
	return list, err
}

// makeRoom removes the oldest until there is room for one more.
func makeRoom(dir string) {
	list, _ := keptFiles(dir)
	total := int64(keptLimit)
	for _, k := range list {
		total += k.size
	}
	for n := len(list); n > 0 && (total > keptTotal || n >= keptMost); n-- {
		k := list[len(list)-n]
		os.Remove(k.path)
		total -= k.size
	}
}

// keeper is the file of the lesson that runs.
type keeper struct {
	file   *os.File
	failed atomic.Pointer[string] // why it could not be written
}

// write is called by the goroutine that follows the log.
func (k *keeper) write(lines []byte) error {
	_, err := k.file.Write(lines)
	if err != nil {
		text := err.Error()
		k.failed.Store(&text)
	}
	return err
}

// keep begins the record of the lesson that is about to begin.
func (t *tutor) keep() {
	t.keepNoMore()
	if t.print == "" { // the quiz and the scenes are no homework
		return
	}
	dir := keptDir(t.file)
	if dir == "" {
		return // that nothing can be kept is told where progress is saved
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.unkept(err.Error())
		return
	}
	makeRoom(dir)
	name := t.lesson.ID + "." + t.now().UTC().Format(keptTime) + "." + strconv.Itoa(os.Getpid())
	f, err := os.OpenFile(filepath.Join(dir, name+keptEnd), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		t.unkept(err.Error())
		return
	}
	t.keeper = &keeper{file: f}
	t.cl.Keep(keptLimit, t.keeper.write)
}

// keepNoMore ends it.
func (t *tutor) keepNoMore() {
	if t.keeper != nil {
		t.cl.KeepNoMore()
		t.keeper.file.Close()
		t.keeper = nil
	}
}

// lastWord waits until what the log was told last has come back from it, into the
// record, half a second at most.
func (t *tutor) lastWord() {
	if t.keeper == nil {
		return
	}
	word := event.Event{Kind: event.Told, Text: t.place.String()}
	late := time.After(500 * time.Millisecond)
	for t.log.Story.Gone == "" && !slices.ContainsFunc(t.log.Story.Events, func(e event.Event) bool { return e.Kind == word.Kind && e.Text == word.Text }) {
		select {
		case <-t.cl.Updates():
			t.log.Next()
		case <-late:
			return
		}
	}
}

// unkept tells the learner once that there will be nothing to hand in.
func (t *tutor) unkept(why string) {
	if !t.lost {
		t.lost = true
		t.unasked(wire.Say{Text: "This lesson cannot be kept for lesson hand-in: " + event.Visible(why) + "\n"})
	}
}

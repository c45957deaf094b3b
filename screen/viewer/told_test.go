package viewer

import (
	"os"
	"strings"
	"testing"

	"jsh/companion"
	"jsh/event"
	"jsh/viz"
)

// Each recording is of a real run in the split screen, watched by the proc
// connector; other processes of the machine were taken out. Whoever did not see
// the typing must be able to tell from the picture what happened, in the three
// sizes that the screen gives to it, without colour and in ASCII too.
func TestWhoDidNotSeeTheTypingCanTellWhatHappened(t *testing.T) {
	for _, c := range []struct {
		name, file string
		place      func(r *companion.Recording) companion.Place
		tells      []string
	}{
		{"a pipeline in the background", "pipe", endOf(2), []string{
			"keys you type go to: A", "%1", "sleep  waiting", "cat    reads a pipe", "sleep: new group B, in the background"}},
		{"a session of its own", "setsid", endOf(2), []string{
			"keys you type go to: A", "setsid  ended, status 0", "session 10618, no terminal", "10618 sleep", "adopted by 1 init",
			"10618 sleep leads a new session"}},
		{"a daemon that forked twice", "served", endOf(2), []string{
			"keys you type go to: A", "served  ended, status 0", "session 11017, no terminal", "11018 served", "adopted by 1 init",
			"11017 served leads a new session"}},
		{"daemonize", "daemonize", endOf(2), []string{
			"keys you type go to: A", "14138 parent", "session 14140, no terminal", "14141 sleep", "adopted by 1 init",
			"14140 child leads a new session"}},
		{"^Z", "fg", endOf(2), []string{
			"keys you type go to: A", "%1", "sleep  stopped by SIGTSTP", "cat    stopped by SIGTSTP",
			"^Z: the terminal sends SIGTSTP to group B: sleep, cat stopped"}},
		{"fg", "fg", before(3, event.Key), []string{
			"keys you type go to: B", "%1", "sleep  waiting", "cat    reads a pipe"}},
		{"^C", "fg", endOf(3), []string{
			"keys you type go to: A", "sleep  killed by SIGINT", "cat    killed by SIGINT",
			"^C: the terminal sends SIGINT to group B: sleep, cat died"}},
		{"a pipeline that is over", "lswc", endOf(2), []string{
			"keys you type go to: A", "ls  ended, status 0", "wc  ended, status 0", "the keyboard goes back to the shell's group A"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := recording(t, c.file)
			m := Moment(r.Moment(c.place(r)))
			m.Past = false // as it was when it was live
			for _, size := range []struct{ w, h int }{{80, 10}, {100, 11}, {79, 48}} {
				for _, style := range []viz.Style{{}, {ASCII: true}, {Colour: true}} {
					picture := plainText(viz.Live(m, style, size.w, size.h))
					for _, want := range c.tells {
						if !strings.Contains(picture, want) {
							t.Errorf("%d × %d does not say %q:\n%s", size.w, size.h, want, picture)
						}
					}
				}
			}
		})
	}
}

func TestFgIsToldByWhatTheShellDid(t *testing.T) {
	r := recording(t, "fg")
	m := Moment(r.Moment(before(3, event.Key)(r)))
	m.Past = false
	picture := plainText(viz.Live(m, viz.Style{}, 80, 10))
	for _, want := range []string{"the keyboard goes to group B", "sent SIGCONT to group B"} {
		if !strings.Contains(picture, want) {
			t.Errorf("it does not say %q:\n%s", want, picture)
		}
	}
}

func TestOneCanGoBackToTheMomentBetweenTwoForks(t *testing.T) {
	r := recording(t, "served")
	for at := endOf(2)(r); at.Episode == 2; at = r.Prev(at) {
		m := r.Moment(at)
		picture := plainText(viz.Live(Moment(m), viz.Style{}, 80, 10))
		if e := m.Events[len(m.Events)-1]; e.Kind != event.Seen || e.Pid != 11017 {
			if at == r.Prev(at) {
				break
			}
			continue
		}
		for _, want := range []string{"11016 served", "11017 └ served", "forked: 11017 served is its child", "LOOKING BACK"} {
			if !strings.Contains(picture, want) {
				t.Errorf("the moment between the forks does not show %q:\n%s", want, picture)
			}
		}
		if strings.Contains(picture, "11018") {
			t.Errorf("it shows the child of the second fork:\n%s", picture)
		}
		if next := plainText(viz.Live(Moment(r.Moment(after(r, at, 11018))), viz.Style{}, 80, 10)); !strings.Contains(next, "11018") {
			t.Errorf("and later there is none:\n%s", next)
		}
		return
	}
	t.Error("the recording has no such moment")
}

func recording(t *testing.T, name string) *companion.Recording {
	t.Helper()
	f, err := os.Open("testdata/told/" + name + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := companion.Read(f)
	if err != nil || r.Damage != "" {
		t.Fatal(err, r.Damage)
	}
	return r
}

// endOf is the last moment of a command line.
func endOf(episode int) func(*companion.Recording) companion.Place {
	return func(r *companion.Recording) companion.Place {
		return companion.Place{Episode: episode, Step: r.Moment(companion.Place{Episode: episode, Step: 1}).Steps}
	}
}

// before is the moment before the first event of a kind in a command line.
func before(episode int, kind event.Kind) func(*companion.Recording) companion.Place {
	return func(r *companion.Recording) companion.Place {
		end := endOf(episode)(r)
		for i, e := range r.Moment(end).Events {
			if e.Kind == kind {
				return companion.Place{Episode: episode, Step: i}
			}
		}
		return end
	}
}

// after is the moment at which pid was seen first.
func after(r *companion.Recording, at companion.Place, pid int) companion.Place {
	for ; !at.Live(); at = r.Next(at) {
		m := r.Moment(at)
		if e := m.Events[len(m.Events)-1]; e.Kind == event.Seen && e.Pid == pid {
			break
		}
	}
	return at
}

// plainText is a picture without colours.
func plainText(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		for line != "" {
			if rest, ok := strings.CutPrefix(line, "\x1b["); ok {
				_, line, _ = strings.Cut(rest, "m")
				continue
			}
			b.WriteByte(line[0])
			line = line[1:]
		}
		b.WriteByte('\n')
	}
	return b.String()
}

package play

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

const twoGroups = `
## Who dies?
One in the background, one in the foreground.
'''predict
question: Who dies of ^C?
options:
  A: {text: both, who: [find, ls], if: killed_by("find", SIGINT) && killed_by("ls", SIGINT)}
  B: {text: the one in the foreground, who: [ls], if: killed_by("ls", SIGINT) && alive("find")}
  C: {text: nobody, if: alive("ls")}
'''
'''do
Press ^C.
'''
'''check
killed_by("ls", SIGINT)
'''
'''hint
Who has the keyboard?
'''
'''solution only
# one key
ls
'''
'''wrong
when: ended("find")
seen: find has ended.
try: restart
'''
'''why
The foreground group gets it.
'''
`

func TestNamingTheProcessesOfAnOptionIsThatAnswer(t *testing.T) {
	for _, c := range []struct{ said, want, wrong string }{
		{"answer B", "You say: B.", ""},
		{"answer 2", "You say: B.", ""},
		{"answer ls", "You say: B.", ""},
		{"answer ls, find", "You say: A.", ""},
		{"answer find and ls", "You say: A.", ""},
		{"answer find find ls", "You say: A.", ""},
		{"answer find", "", "none of the answers says just that; one is expected of A, B and C"},
		{"answer cat", "", "cat is none of A, B and C"},
		{"answer A B", "", "one is expected of A, B and C"},
		{"answer and", "", "and is none of A, B and C"},
		{"answer", "", "one is expected of A, B and C"},
	} {
		d, _ := sit(t, twoGroups, Options{})
		d.want("PREDICT")
		r := d.p.Tell(strings.Fields(c.said))
		if !strings.HasPrefix(r.Err, c.wrong) || (r.Err == "") != (c.wrong == "") {
			t.Errorf("%s: %q, want %q", c.said, r.Err, c.wrong)
		}
		if c.want != "" {
			d.want(c.want)
		}
	}
}

func TestTheProcessesOfAnOptionAreMarkedInThePictureAndThenTheKernelsMarksStandThere(t *testing.T) {
	d, _ := sit(t, twoGroups, Options{})
	d.begin("find & ls")
	d.spawn(200, 200, "find")
	d.spawn(201, 201, "ls")
	d.see()
	marks := func(want map[int]string) {
		t.Helper()
		got := d.p.Band(80, 20, Style{ASCII: true}).Marks
		for _, pid := range []int{200, 201} {
			if got[pid] != want[pid] {
				t.Errorf("marks %v, want %v", got, want)
			}
		}
	}
	marks(nil)
	d.p.Key("down") // before it is said, the picture shows what would be said
	marks(map[int]string{200: "?", 201: "?"})
	d.p.Key("c")
	marks(nil)
	d.p.Key("a")
	d.p.Key("enter")
	marks(map[int]string{200: "?", 201: "?"})
	d.killed(201, unix.SIGINT)
	d.end()
	d.see()
	marks(map[int]string{200: "x", 201: "+"})
	d.want("You said: A", "not so", "B, the one in the foreground")
}

package tutor

import (
	_ "embed"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"jsh/lessons/course"
	"jsh/lessons/page"
)

//go:embed skeleton.md
var skeleton string

// newLesson writes a skeleton that can be played, into a file that must not be there.
func newLesson(args []string, out, errs io.Writer) int {
	complain := func(status int, text string) int {
		fmt.Fprintln(errs, "lesson new: "+text)
		return status
	}
	if len(args) != 1 {
		return complain(2, "what is it to be called? lesson new NAME writes NAME.md")
	}
	name := strings.TrimSuffix(args[0], ".md")
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-') }) {
		return complain(2, args[0]+": a name is made of small letters, digits and -, as one-pipeline")
	}
	f, err := os.OpenFile(name+".md", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return complain(1, err.Error())
	}
	_, err = f.WriteString(strings.Replace(skeleton, "NAME", name, 1))
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return complain(1, err.Error())
	}
	fmt.Fprintf(out, `%[1]s.md is there, and can be played:
  jsh lesson lint %[1]s.md   what is missing or too long
  jsh lesson test %[1]s.md   types its solutions and wrong ways on a terminal
  lesson run %[1]s.md        in jsh: plays it
docs/authoring.md tells of every block and predicate.
`, name)
	return 0
}

// claims lists each claim of the course with the lessons and the checks that prove
// it. The status is 1 where one has none.
func claims(out, errs io.Writer) int {
	entries := course.All()
	status := 0
	for _, c := range course.Claims() {
		fmt.Fprintf(out, "%s  %s\n", c.ID, c.Text)
		proved := false
		for _, e := range entries {
			l := e.Lesson
			if l == nil {
				continue
			}
			found := false
			for i, s := range l.Steps {
				if slices.Contains(s.Proves, c.ID) {
					found, proved = true, true
					fmt.Fprintf(out, "    %s, step %d: %s\n", l.ID, i+1, checkText(&s))
				}
			}
			if !found && slices.Contains(l.Claims, c.ID) {
				fmt.Fprintf(out, "    %s: no check of it says  // proves %s\n", l.ID, c.ID)
			}
		}
		if !proved {
			fmt.Fprintf(errs, "lesson claims: %s: no check proves it\n", c.ID)
			status = 1
		}
	}
	return status
}

// checkText are a step's checks on one line.
func checkText(s *page.Step) string {
	var all []string
	for _, c := range s.Checks {
		all = append(all, c.Text)
	}
	return strings.Join(all, "; ")
}

package viz

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// ask calls RunTimeline as the shell would, with files that only live here.
func ask(in TimelineInput, files map[string]string, args ...string) (status int, out, errOut string) {
	var o, e []byte
	in.Files = Files{
		Read: func(name string) ([]byte, error) {
			text, ok := files[name]
			if !ok {
				return nil, errors.New(name + ": no such file or directory")
			}
			return []byte(text), nil
		},
		Write: func(name string, contents []byte) error {
			if strings.Contains(name, "/") {
				return errors.New(name + ": permission denied")
			}
			files[name] = string(contents)
			return nil
		},
	}
	status = RunTimeline(args, in, func(b []byte) { o = append(o, b...) }, func(b []byte) { e = append(e, b...) })
	return status, string(o), string(e)
}

func TestTimelineArguments(t *testing.T) {
	in := TimelineInput{Events: tales[0].events, Now: ms(9000)}
	files := map[string]string{"bad": "\n{\"kind\":\"spawn\"\n", "still": `{"kind":"line-begin"}`}
	for _, c := range []struct {
		name   string
		args   []string
		status int
		err    string
	}{
		{"an unknown option is named", []string{"-x"}, 2, `unknown option "-x"; timeline --help lists what there is`},
		{"an option cannot act on the terminal", []string{"-\x1b[2J"}, 2, `unknown option "-\x1b[2J"; timeline --help lists what there is`},
		{"zero lines are none", []string{"0"}, 2, `"0" is no number of command lines: 1 or more`},
		{"a negative number is no option", []string{"-3"}, 2, `unknown option "-3"; timeline --help lists what there is`},
		{"a word is a recording", []string{"none"}, 1, `none: no such file or directory`},
		{"an empty word is no file", []string{""}, 2, `"" is no file`},
		{"-n wants a number", []string{"-n", "x"}, 2, `-n needs a number of command lines, 1 or more, not "x"`},
		{"-n alone", []string{"-n"}, 2, `-n needs a number of command lines, 1 or more`},
		{"one recording", []string{"a", "b"}, 2, `one recording at a time, not both "a" and "b"`},
		{"one number", []string{"1", "2"}, 2, `one number of command lines is enough`},
		{"--svg wants a file", []string{"--svg"}, 2, `--svg needs the name of a file`},
		{"--from wants a file", []string{"--from", ""}, 2, `--from needs the name of a file`},
		{"--json and --svg", []string{"--json", "--svg", "x"}, 2, `--json and --svg are two different things: one at a time`},
		{"a recording that is not there", []string{"--from", "none"}, 1, `none: no such file or directory`},
		{"a damaged recording is told by its line", []string{"--from", "bad"}, 2, `"bad", line 2: event, column 16: expected "}"`},
		{"a recording in which nothing happens", []string{"--from", "still"}, 1, `"still" tells of no process`},
		{"a picture that cannot be written", []string{"--svg", "/etc/x"}, 1, `/etc/x: permission denied`},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, out, errOut := ask(in, files, c.args...)
			if status != c.status || errOut != "timeline: "+c.err+"\n" || out != "" {
				t.Errorf("status %d, %q, %q", status, out, errOut)
			}
		})
	}
	t.Run("where nothing has run yet it says what to do", func(t *testing.T) {
		status, out, errOut := ask(TimelineInput{}, nil)
		if status != 1 || out != "" || !strings.HasPrefix(errOut, "timeline: nothing has run yet") {
			t.Errorf("status %d, %q, %q", status, out, errOut)
		}
	})
	t.Run("help fits 80 columns and names every option", func(t *testing.T) {
		status, out, errOut := ask(in, nil, "--help")
		if status != 0 || errOut != "" {
			t.Errorf("status %d, %q", status, errOut)
		}
		for line := range strings.Lines(out) {
			if len(line) > 81 {
				t.Errorf("%d columns: %s", len(line)-1, line)
			}
		}
		for _, option := range []string{"-a", "--all", "--ascii", "--json", "--svg FILE", "FILE", "--help", "-n N"} {
			if !strings.Contains(out, option) {
				t.Errorf("%s is missing", option)
			}
		}
	})
	t.Run("--svg writes the picture, and nothing else", func(t *testing.T) {
		status, out, errOut := ask(in, files, "--svg", "p.svg")
		if status != 0 || out != "" || errOut != "" || files["p.svg"] != string(TimelineSVG(in.Events, 1, in.Now)) {
			t.Errorf("status %d, %q, %q, %q", status, out, errOut, files["p.svg"])
		}
	})
	t.Run("--ascii draws with ASCII", func(t *testing.T) {
		if _, out, _ := ask(in, nil, "--ascii"); strings.ContainsFunc(out, func(r rune) bool { return r > '~' }) || !strings.Contains(out, "####") {
			t.Error(out)
		}
	})
}

func TestRecordings(t *testing.T) {
	t.Run("one that broke off is drawn as far as it goes, and that is said", func(t *testing.T) {
		_, text, _ := ask(TimelineInput{Events: tales[0].events}, nil, "--json", "9")
		_, want, _ := ask(TimelineInput{}, map[string]string{"r": text}, "r")
		status, got, errOut := ask(TimelineInput{}, map[string]string{"r": text + `{"seq":99,"at":12`}, "r")
		n := strings.Count(text, "\n") + 1
		if said := fmt.Sprintf("timeline: \"r\", line %d, the last one, is not whole: the recording broke off there; this is what came before\n", n); status != 0 || got != want || errOut != said {
			t.Errorf("status %d, %q\n%s\n%s", status, errOut, got, want)
		}
	})
	t.Run("frames and what a recording says of itself are passed over", func(t *testing.T) {
		_, text, _ := ask(TimelineInput{Events: tales[0].events}, nil, "--json", "9")
		_, want, _ := ask(TimelineInput{}, map[string]string{"r": text}, "r")
		text = `{"about":{"version":1}}` + "\n" + `{"frame":{"at":1}}` + "\n" + text
		if status, got, errOut := ask(TimelineInput{}, map[string]string{"r": text}, "r"); status != 0 || got != want || errOut != "" {
			t.Errorf("status %d, %q\n%s\n%s", status, errOut, got, want)
		}
	})
	t.Run("from outside a shell a recording is needed", func(t *testing.T) {
		if status, _, errOut := ask(TimelineInput{Outside: true}, nil); status != 2 || !strings.Contains(errOut, "jsh timeline FILE") {
			t.Errorf("status %d, %q", status, errOut)
		}
	})
	for _, tl := range tales {
		t.Run("what --json tells of "+tl.name+", --from draws again", func(t *testing.T) {
			in := TimelineInput{Events: tl.events, Now: 0}
			_, want, _ := ask(in, nil, "9")
			_, text, _ := ask(in, nil, "--json", "9")
			_, got, errOut := ask(TimelineInput{}, map[string]string{"r": text}, "--from", "r", "9")
			if got != want || errOut != "" {
				t.Errorf("%s\n%s\n%s", errOut, got, want)
			}
		})
	}
	t.Run("a recording holds what tells of those that lived before its first line", func(t *testing.T) {
		events := tale(`0 line
			1 spawn 7 7 old
			1 job 2 7 old &
			1 spawn 6 6 ended
			2 exited 6 0
			2 stopped 7 20
			3 line
			4 spawn 8 8 new
			5 exited 8 0`)
		got := recording(events, 6)
		if want := []int{1, 2, 5, 6, 7, 8}; !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

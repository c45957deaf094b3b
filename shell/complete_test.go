package shell

import (
	"os"
	"strings"
	"testing"

	"jsh/jobs"
)

func TestComplete(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, d := range []string{"apples", "apricots", "bin", "with blank"} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{"apple.txt", "axe", "bin/jtool"} {
		if err := os.WriteFile(f, nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("apples", "alink"); err != nil {
		t.Fatal(err)
	}
	table := jobs.New()
	for i, text := range []string{"sleep 100", "sleep 200", "vim notes", "(cd /; ls)"} {
		pid := 1000 + i
		table.Add(&jobs.Job{Pgid: pid, Text: text, Procs: []jobs.Proc{{Pid: pid}}})
	}
	s := &Shell{jobs: table, vars: map[string]*variable{
		"PATH": {value: dir + "/bin", set: true}, "PWD": {value: dir, set: true}, "POLITE": {set: true}, "GONE": {}},
		aliases: map[string]string{"ll": "ls -l"}, extra: map[string]Builtin{"narrate": nil}}
	r := &repl{s: s}
	for _, c := range []struct{ rule, line, want string }{
		{"cd takes directories, links to them too", "cd a", "alink/ apples/ apricots/"},
		{"cd takes directories after && and an assignment", "true && X=1 cd apr", "apricots/"},
		{"cd takes directories inside a compound command", "if cd apr", "apricots/"},
		{"a redirection of cd takes files", "cd 2>ap", "apple.txt apples/ apricots/"},
		{"another command takes files", "ls ap", "apple.txt apples/ apricots/"},
		{"a quoted command is the command", "'cd' apr", "apricots/"},
		{"fg without a word offers the jobs by number", "fg ", "%1 %2 %3 %4"},
		{"% offers the jobs by number", "kill %", "%1 %2 %3 %4"},
		{"a number stays one", "bg %3", "%3"},
		{"a name that one job has is offered", "fg %v", "%vim"},
		{"a name that two jobs have becomes their numbers", "fg %sl", "%1 %2"},
		{"a job is nothing to another command", "printf %", ""},
		{"help knows its pages", "help na", "narrate"},
		{"help knows reserved words", "help wh", "while"},
		{"set -o knows the options", "set -o no", "noclobber noexec noglob nolog notify nounset"},
		{"set +o as well", "set +o pip", "pipefail"},
		{"kill - knows the signals", "kill -T", "-TRAP -TERM -TSTP -TTIN -TTOU"},
		{"kill -s as well", "kill -s HU", "HUP"},
		{"an option of kill is only its first word", "kill -9 -T", ""},
		{"kill of EXIT is nothing", "kill -s EX", ""},
		{"trap knows EXIT and the signals", "trap '' EX", "EXIT"},
		{"the action of a trap is not a signal", "trap I", ""},
		{"unset takes variables that are set", "unset P", "PATH POLITE PWD"},
		{"unset forgets none", "unset GO", ""},
		{"export as well", "export PO", "POLITE"},
		{"unalias takes aliases", "unalias l", "ll"},
		{"type takes commands", "type jt", "jtool"},
		{"the value of an assignment is a file", "export X=", ""},
		{"a command completes as before", "jt", "jtool"},
		{"a variable completes anywhere", "cd $POL", "$POLITE"},
		{"an operator ends the command before", "cd x; ls ap", "apple.txt apples/ apricots/"},
		{"2>&1 does not", "cd 2>&1 apr", "apricots/"},
	} {
		t.Run(c.rule+": "+c.line, func(t *testing.T) {
			_, found := r.complete(c.line, len(c.line))
			var texts []string
			for _, f := range found {
				texts = append(texts, f.Text+strings.TrimSpace(f.Suffix))
			}
			if got := strings.Join(texts, " "); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	t.Run("a job is shown with its command line", func(t *testing.T) {
		_, found := r.complete("fg %2", 5)
		if len(found) != 1 || found[0].Show != "%2 (sleep 200)" {
			t.Errorf("%+v", found)
		}
	})
}

func FuzzComplete(f *testing.F) {
	for _, l := range []string{"cd a", "a=b cd 'x", `kill -"\`, "if x; then help 2>&1 <", "fg %", "set -o "} {
		f.Add(l, len(l))
	}
	s := &Shell{jobs: jobs.New(), vars: map[string]*variable{}}
	r := &repl{s: s}
	f.Fuzz(func(t *testing.T, line string, cursor int) {
		if cursor < 0 || cursor > len(line) || strings.Contains(line, "/") || strings.Contains(line, "~") {
			return
		}
		if start, _ := r.complete(line, cursor); start < 0 || start > cursor {
			t.Errorf("start %d of %d", start, cursor)
		}
	})
}

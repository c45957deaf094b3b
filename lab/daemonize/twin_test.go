package daemonize

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"jsh/lab/puppet"
)

// What each twin must show: the step at which the sides begin to differ, and of
// each thing that was tried what came of it with the step and without.
var twinRules = []struct {
	step string
	rows [2]string // the row of the step, with it and without
	want [][3]string
}{
	{Fork, [2]string{`^process child, parent init.*; the prompt is back$`, `^left out$`}, [][3]string{
		{"the prompt", `back at step fork`, `back at step second-fork`},
		{"session", `its own`, `the shell's: setsid\(\) = -1 EPERM`},
		{"terminal", `none`, `the shell's, pts/\d+`},
	}},
	{Setsid, [2]string{`^group its own, session its own, tty none$`, `^left out$`}, [][3]string{
		{"open /dev/tty", `-1 ENXIO`, `= \d+: it has it still`},
		{"read it", `no terminal`, `-1 EIO: an orphaned group`},
		{"^C there", `not in that session`, `does not reach it: its group is in the background`},
		{"hang-up", `no SIGHUP, it lives$`, `no SIGHUP, it lives, but it has lost the terminal`},
		{"write then", `no terminal`, `-1 EIO`},
		{"^C, by a script", `^lives$`, `^\^C kills it`},
	}},
	{DevNull, [2]string{`^0-2 null$`, `^left out$`}, [][3]string{
		{"ls is typed: it", `end of the file`, `^got "ls\\n": stolen$`},
		{".. the shell", `^got "ls\\n"$`, `^got nothing$`},
		{"it logs: screen", `clean`, `daemon: I log here`},
		{"hang-up: its read", `^= 0$`, `^= -1 EIO$`},
		{".. the next read", `^= 0$`, `^= 0$`},
		{".. a write", `^= 4$`, `^= -1 EIO$`},
	}},
	{Chdir, [2]string{`^dir /$`, `^left out$`}, [][3]string{{"umount", `^= 0: unmounted$`, `-1 EBUSY`}}},
	{Umask, [2]string{`^umask 000$`, `^left out$`}, [][3]string{{"open(.., 0666)", `mode 0666$`, `mode 0600$`}}},
	{SecondFork, [2]string{`^process grandchild`, `^left out$`}, [][3]string{
		{"free tty, NOCTTY", `^not acquired`, `^not acquired`},
		{"free tty, opened", `^not acquired`, `^acquired: its terminal is pts/\d+$`},
		{"^C on that tty", `^does not reach it$`, `^kills it$`},
	}},
	{CloseFDs, [2]string{`^other fds none$`, `^left out$`}, [][3]string{{"a pipe's reader", `^= 0: the end$`, `^waits for ever`}}},
	{ResetSignals, [2]string{`^ignores none$`, `^left out$`}, [][3]string{{"kill -TERM", `^ends it$`, `^lives`}}},
}

func TestATwinDiffersFirstAtItsStepAndHasTheConsequence(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if len(twinRules) != len(Steps()) {
		t.Error("a step without a rule")
	}
	for _, rule := range twinRules {
		t.Run(rule.step, func(t *testing.T) {
			tr, err := puppet.Open(puppet.Options{Exe: exe})
			if err != nil {
				t.Fatal(err)
			}
			defer tr.Close()
			w := (&command{&Host{Cols: 80}}).measure(tr, rule.step)
			if w.reason != "" {
				if rule.step == Chdir && strings.Contains(w.reason, "takes root or a user namespace") {
					t.Skip(w.reason)
				}
				t.Fatal(w.reason)
			}
			first := w.difference()
			if first < 0 || w.sides[0].rows[first].step != rule.step {
				t.Fatalf("the first difference is row %d: %v, %v", first, w.sides[0].rows, w.sides[1].rows)
			}
			for i, want := range rule.rows {
				if got := w.sides[i].rows[first].text; !regexp.MustCompile(want).MatchString(got) {
					t.Errorf("side %d, row %s: %q, want a match of %s", i, rule.step, got, want)
				}
			}
			if len(w.probes) != len(rule.want) {
				t.Fatalf("%d probes, want %d: %v", len(w.probes), len(rule.want), w.probes)
			}
			for i, want := range rule.want {
				p := w.probes[i]
				if p.what != want[0] {
					t.Errorf("probe %q, want %q", p.what, want[0])
				}
				for j := range 2 {
					if !regexp.MustCompile(want[j+1]).MatchString(p.results[j]) {
						t.Errorf("%s, side %d: %q, want a match of %s", p.what, j, p.results[j], want[j+1])
					}
				}
			}
		})
	}
}

func TestATwinIsShownInTwoColumnsWithTheFirstDifferenceMarked(t *testing.T) {
	out, errOut, status := transcript(t, "", "--twin", Setsid)
	if status != 0 || errOut != "" {
		t.Fatalf("status %d: %s", status, errOut)
	}
	for _, want := range []string{
		`(?m)^ +with setsid +without setsid$`, `(?m)^setsid .*left out <- first difference$`,
		`(?m)^What becomes of the daemon$`, `(?m)^open /dev/tty +`,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("%s is missing in\n%s", want, out)
		}
	}
}

func TestTheTableHasEveryStep(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	out, errOut, status := transcript(t, "", "--compare")
	if status != 0 || errOut != "" {
		t.Fatalf("status %d: %s", status, errOut)
	}
	for _, s := range Steps() {
		if !regexp.MustCompile(`(?m)^` + s.Name + "\n  ").MatchString(out) {
			t.Errorf("nothing of %s in\n%s", s.Name, out)
		}
	}
	if left, _ := os.ReadDir(os.TempDir()); strings.Contains(names(left), "jsh-twin-") {
		t.Error("a directory is left behind")
	}
}

func names(entries []os.DirEntry) (s string) {
	for _, e := range entries {
		s += e.Name() + "\n"
	}
	return s
}

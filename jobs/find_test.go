package jobs

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
)

// five returns a table with %1 sleep 10, %2 sleep 20 (stopped), %3 make -j2 all,
// %4 "3dtool x", and vi in the foreground as number 5.
func five() *Table {
	tab := New()
	for i, text := range []string{"sleep 10", "sleep 20", "make -j2 all", "3dtool x"} {
		tab.Add(background(text, 101+i))
	}
	tab.Add(foreground("vi notes", 105))
	tab.Update(102, StoppedBy(sigTSTP))
	return tab
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		rule, spec string
		id         int // 0: the error is…
		reason     Reason
		err        string
	}{
		{"%n is job number n", "%3", 3, 0, ""},
		{"leading zeros do not matter", "%03", 3, 0, ""},
		{"%% is the current job", "%%", 2, 0, ""},
		{"%+ is the current job", "%+", 2, 0, ""},
		{"a lone % is the current job", "%", 2, 0, ""},
		{"%- is the previous job", "%-", 4, 0, ""},
		{"%text is the job that begins with text", "%mak", 3, 0, ""},
		{"%text may hold blanks", "%sleep 1", 1, 0, ""},
		{"%?text is the job that contains text", "%?j2", 3, 0, ""},
		{"%text does not look inside", "%all", 0, NoSuchJob, "%all: no such job (there are %1, %2, %3, %4)"},
		{"digits and more are text", "%3d", 4, 0, ""},
		{"a sign and more are text", "%+1", 0, NoSuchJob, "%+1: no such job (there are %1, %2, %3, %4)"},
		{"a number in no use is an error that says what there is", "%9", 0, NoSuchJob, "%9: no such job (there are %1, %2, %3, %4)"},
		{"there is no job 0", "%0", 0, NoSuchJob, "%0: no such job (there are %1, %2, %3, %4)"},
		{"a number beyond every integer is one in no use", "%99999999999999999999999", 0, NoSuchJob,
			"%99999999999999999999999: no such job (there are %1, %2, %3, %4)"},
		{"a foreground job has no job ID", "%5", 0, NoSuchJob, "%5: no such job (there are %1, %2, %3, %4)"},
		{"a foreground job is not found by text", "%vi", 0, NoSuchJob, "%vi: no such job (there are %1, %2, %3, %4)"},
		{"text that fits two jobs is ambiguous and names both", "%sleep", 0, Ambiguous, "%sleep: ambiguous (%1 is sleep 10, %2 is sleep 20)"},
		{"contained text that fits two jobs is ambiguous", "%?ee", 0, Ambiguous, "%?ee: ambiguous (%1 is sleep 10, %2 is sleep 20)"},
		{"%? alone fits every job", "%?", 0, Ambiguous, "%?: ambiguous (%1 is sleep 10, %2 is sleep 20, %3 is make -j2 all, %4 is 3dtool x)"},
		{"a word without % is no job ID", "3", 0, NotAJobSpec, "3: not a job ID: write %1, %+, %-, %name or %?text"},
		{"an empty word is no job ID", "", 0, NotAJobSpec, ": not a job ID: write %1, %+, %-, %name or %?text"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			j, err := five().Find(c.spec)
			if c.id != 0 {
				if err != nil || j.ID() != c.id {
					t.Fatalf("got %v, %v, want job %d", j, err, c.id)
				}
				return
			}
			var e *SpecError
			if !errors.As(err, &e) {
				t.Fatalf("got %v, %v, want an error", j, err)
			}
			equal(t, "reason", e.Reason, c.reason)
			equal(t, "text", e.Error(), c.err)
		})
	}
	for _, c := range []struct {
		rule string
		jobs int
		spec string
		err  string
	}{
		{"without jobs none is current", 0, "%%", "%%: no current job (there are no jobs)"},
		{"without jobs none is previous", 0, "%-", "%-: no previous job"},
		{"one job is not previous, as in dash and zsh", 1, "%-", "%-: no previous job"},
		{"an error can say that there are no jobs", 0, "%1", "%1: no such job (there are no jobs)"},
		{"an error can name the only job", 1, "%2", "%2: no such job (there is %1)"},
		{"an error names no more than eight jobs", 11, "%12",
			"%12: no such job (there are %1, %2, %3, %4, %5, %6, %7, %8 and 3 more)"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			tab := New()
			add(tab, c.jobs)
			_, err := tab.Find(c.spec)
			if err == nil {
				t.Fatal("found")
			}
			equal(t, "text", err.Error(), c.err)
		})
	}
}

func TestFindLoose(t *testing.T) {
	for spec, want := range map[string]int{"3": 3, "make": 3, "%3": 3, "-": 4, "+": 2, "?j2": 3} {
		if j, err := five().FindLoose(spec); err != nil || j.ID() != want {
			t.Errorf("%q: got %v, %v, want job %d", spec, j, err, want)
		}
	}
	if _, err := five().FindLoose("9"); err == nil || !strings.HasPrefix(err.Error(), "9: ") {
		t.Errorf("an error does not begin with the word that was typed: %v", err)
	}
}

// What bash and dash say of the same job IDs: jobs fails for one that names no
// job.
func TestFindAsOthers(t *testing.T) {
	specs := []string{"%1", "%2", "%3", "%9", "%0", "%%", "%+", "%-", "%sleep", "%sleep 6", "%tail", "%?-f", "%?e", "%nothing"}
	tab := New()
	for i, text := range []string{"sleep 60", "sleep 70", "tail -f /dev/null"} {
		tab.Add(background(text, 101+i))
	}
	for _, name := range []string{"bash", "dash"} {
		t.Run(name, func(t *testing.T) {
			shell, err := exec.LookPath(name)
			if err != nil {
				t.Skip("not here: ", err)
			}
			// The jobs do not hold the pipe that Output reads.
			script := "p=; sleep 60 >/dev/null 2>&1 & p=$!; sleep 70 >/dev/null 2>&1 & p=\"$p $!\"\n" +
				"tail -f /dev/null >/dev/null 2>&1 & p=\"$p $!\"\n" +
				"for s; do jobs \"$s\" >/dev/null 2>&1 && printf y || printf n; done\n" +
				"kill -9 $p"
			out, err := exec.Command(shell, append([]string{"-c", script, "x"}, specs...)...).Output()
			if err != nil {
				t.Fatal(err)
			}
			if len(out) != len(specs) {
				t.Fatalf("%s answered %q", name, out)
			}
			for i, spec := range specs {
				if name == "dash" && strings.ContainsAny(spec, "abcdefghijklmnopqrstuvwxyz") {
					continue // dash keeps the text of jobs under job control only
				}
				_, err := tab.Find(spec)
				if (err == nil) != (out[i] == 'y') {
					t.Errorf("%s: we say %v, %s says %c", spec, err, name, out[i])
				}
			}
		})
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"%", "%%", "%-", "%1", "%?", "%?sl", "%sleep", "1", "", "%99999999999999999999"} {
		f.Add(s)
	}
	tab := five()
	f.Fuzz(func(t *testing.T, spec string) {
		j, err := tab.Find(spec)
		switch {
		case (j == nil) == (err == nil):
			t.Fatalf("%q: both or neither: %v, %v", spec, j, err)
		case err != nil && !strings.HasPrefix(err.Error(), spec+": "):
			t.Fatalf("%q: the error does not begin with it: %v", spec, err)
		case err == nil && (!j.Listed() || !strings.HasPrefix(spec, "%")):
			t.Fatalf("%q found %v", spec, j)
		}
	})
}

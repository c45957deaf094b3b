package viz

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"jsh/proc"
)

// run calls PSTree as the shell would.
func run(in Input, args ...string) (status int, out, errOut string) {
	var o, e []byte
	status = PSTree(args, in, func(b []byte) { o = append(o, b...) }, func(b []byte) { e = append(e, b...) })
	return status, string(o), string(e)
}

func TestPSTreeArguments(t *testing.T) {
	in := Input{ShellPid: os.Getpid(), Jobs: map[int]int{1 << 30: 3}}
	for _, c := range []struct {
		name   string
		args   []string
		status int
		err    string
	}{
		{"an unknown option is named", []string{"-x"}, 2, `ps-tree: unknown option "-x"; ps-tree --help lists what there is`},
		{"an option cannot act on the terminal", []string{"-\x1b[2J"}, 2, `ps-tree: unknown option "-\x1b[2J"; ps-tree --help lists what there is`},
		{"one operand at a time", []string{"1", "2"}, 2, `ps-tree: one PID or %JOB at a time, not both "1" and "2"`},
		{"an operand is a number or a job", []string{"vi"}, 2, `ps-tree: "vi" is neither a PID nor a %JOB`},
		{"an empty operand is none", []string{""}, 2, `ps-tree: "" is neither a PID nor a %JOB`},
		{"zero is no process", []string{"0"}, 2, `ps-tree: "0" is neither a PID nor a %JOB`},
		{"a process that is not there", []string{"1073741824"}, 1, `ps-tree: no process 1073741824`},
		{"a job that is not there", []string{"%9"}, 1, `ps-tree: no job "%9"`},
		{"a job that has ended", []string{"%3"}, 1, `ps-tree: no process is left in job "%3"`},
		{"--svg wants a file", []string{"--svg"}, 2, `ps-tree: --svg needs the name of a file`},
		{"--json and --svg", []string{"--json", "--svg", "x"}, 2, `ps-tree: --json and --svg are two different things: one at a time`},
		{"--by has two values", []string{"--by", "age"}, 2, `ps-tree: --by "age": there are session (boxes in frames) and parent (who started whom)`},
		{"--by wants one", []string{"--by"}, 2, `ps-tree: --by needs session or parent`},
		{"an unknown column is named, and what there is", []string{"--columns", "pid,nice"}, 2, `ps-tree: no column "nice"; there are: ` + columnNames()},
		{"a column twice", []string{"--columns=pid,pid"}, 2, `ps-tree: column pid is there twice`},
		{"--columns wants names", []string{"--columns"}, 2, `ps-tree: --columns needs names, as pid,pgid,comm; there are: ` + columnNames()},
		{"after -- an operand is an operand", []string{"--", "-7"}, 2, `ps-tree: "-7" is neither a PID nor a %JOB`},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, out, errOut := run(in, c.args...)
			if status != c.status || errOut != c.err+"\n" || out != "" {
				t.Errorf("status %d, %q, %q", status, out, errOut)
			}
		})
	}
	t.Run("the shell's own job specs are asked for, and its refusal is passed on", func(t *testing.T) {
		in := in
		in.JobSpec = func(spec string) (int, error) { return 0, errors.New(spec + ": ambiguous job spec") }
		if status, _, errOut := run(in, "%v"); status != 1 || errOut != "ps-tree: %v: ambiguous job spec\n" {
			t.Errorf("status %d, %q", status, errOut)
		}
	})
	t.Run("help fits 80 columns and names every option", func(t *testing.T) {
		status, out, errOut := run(in, "--help")
		if status != 0 || errOut != "" {
			t.Errorf("status %d, %q", status, errOut)
		}
		for line := range strings.Lines(out) {
			if len(line) > 81 {
				t.Errorf("%d columns: %s", len(line)-1, line)
			}
		}
		for _, option := range []string{"-a", "--all", "--ascii", "--json", "--svg FILE", "--by", "session|parent", "--columns LIST", "tpgid", "args", "--help", "PID", "%JOB"} {
			if !strings.Contains(out, option) {
				t.Errorf("%s is missing", option)
			}
		}
	})
}

// decoded is the documented schema; a field of another type or name fails.
type decoded struct {
	Shell    *int
	Sessions []struct {
		Sid            int
		Leader         *int
		TTY            *string `json:"tty"`
		ForegroundPgid *int    `json:"foreground_pgid"`
		Groups         []struct {
			Pgid       int
			Job        *int
			Foreground bool
			Orphaned   bool
			Leader     *int
			Processes  []struct {
				Pid, Ppid   int
				Name, State string
				KernelState string `json:"kernel_state"`
				Waits       *string
				Start       uint64
				FromShell   bool `json:"from_shell"`
				Adopted     bool
				Forker      *int
				Status      *int
				Signal      *int
			}
		}
	}
}

func decode(t *testing.T, b []byte) decoded {
	t.Helper()
	var d decoded
	dec := json.NewDecoder(strings.NewReader(string(b)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	if dec.More() || b[len(b)-1] != '\n' || strings.Count(string(b), "\n") != 1 {
		t.Fatalf("not one line: %q", b)
	}
	return d
}

func TestJSON(t *testing.T) {
	for _, s := range stories {
		t.Run("the JSON of story "+s.name+" says what the tree says", func(t *testing.T) {
			tree := s.tree()
			d := decode(t, JSON(tree, true))
			var p *proc.Process
			var all []*proc.Process
			for p = range tree.All {
				all = append(all, p)
			}
			i := 0
			for _, ses := range d.Sessions {
				for _, g := range ses.Groups {
					for _, got := range g.Processes {
						p, i = all[i], i+1
						if got.Pid != p.Pid || got.Ppid != p.PPid || got.Start != p.Start || got.FromShell != p.Ours ||
							got.Adopted != p.Adopted || ses.Sid != p.Sid || g.Pgid != p.Pgid ||
							g.Orphaned != p.Group.Orphaned || g.Foreground != p.Group.Foreground ||
							(got.State == "ended") != p.Gone || got.Name != p.Name && strings.ToValidUTF8(p.Name, "") == p.Name {
							t.Errorf("%+v is not %+v", got, p)
						}
						if (got.Status != nil) != (p.Told && p.Sig == 0) || (got.Signal != nil) != (p.Told && p.Sig != 0) {
							t.Errorf("%d ended with %v, %v", got.Pid, got.Status, got.Signal)
						}
					}
				}
			}
			if i != len(all) {
				t.Errorf("%d of %d processes", i, len(all))
			}
		})
	}
	t.Run("what is not there is null", func(t *testing.T) {
		d := decode(t, JSON(stories[len(stories)-1].tree(), true))
		own, lost := d.Sessions[0], d.Sessions[1]
		if *own.TTY != "pts/3" || *own.ForegroundPgid != 999 || *own.Leader != 812 || own.Groups[0].Job != nil {
			t.Errorf("%+v", own)
		}
		if lost.TTY != nil || lost.ForegroundPgid != nil || lost.Leader != nil || *lost.Groups[0].Leader != 830 {
			t.Errorf("%+v", lost)
		}
	})
}

// TestPSTreeReal draws real processes: a session of its own with two groups.
func TestPSTreeReal(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip(err)
	}
	cmd := exec.Command("bash", "--norc", "-c", "set -m; sh -c 'echo; read x' <&0 & echo; wait")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		in.Close() // both read the end of it, or wait for who does
		cmd.Wait()
	}()
	for got := 0; got < 2; { // both are up
		n, err := out.Read(make([]byte, 2))
		if err != nil {
			t.Fatal(err)
		}
		got += n
	}
	shell := cmd.Process.Pid

	status, text, errOut := run(Input{ShellPid: shell}, "--json")
	if status != 0 {
		t.Skip(errOut)
	}
	d := decode(t, []byte(text))
	if len(d.Sessions) != 1 || d.Sessions[0].Sid != shell || d.Sessions[0].TTY != nil || len(d.Sessions[0].Groups) != 2 {
		t.Fatalf("%s", text)
	}
	job := d.Sessions[0].Groups[1]
	if job.Orphaned || len(job.Processes) != 1 || job.Processes[0].Ppid != shell || !job.Processes[0].FromShell {
		t.Errorf("%+v", job)
	}

	jobs := map[int]int{job.Pgid: 1}
	t.Run("--svg writes a picture of the same processes", func(t *testing.T) {
		var doc []byte
		in := Input{ShellPid: shell, Jobs: jobs, Files: Files{Write: func(_ string, b []byte) error { doc = b; return nil }}}
		if status, out, errOut := run(in, "--svg", "x"); status != 0 || out+errOut != "" {
			t.Fatalf("status %d, %q, %q", status, out, errOut)
		}
		read := texts(checkSVG(t, doc))
		for _, pid := range []int{shell, job.Pgid} {
			if !strings.Contains(read, "\n"+strconv.Itoa(pid)+"\n") {
				t.Errorf("%d is missing in %s", pid, read)
			}
		}
		in.Files.Write = func(string, []byte) error { return errors.New("x: no space left on device") }
		if status, _, errOut := run(in, "--svg", "x"); status != 1 || errOut != "ps-tree: x: no space left on device\n" {
			t.Errorf("status %d, %q", status, errOut)
		}
	})
	for _, operand := range []string{"%1", strconv.Itoa(job.Pgid)} {
		t.Run("of "+operand+" alone the rest is left out", func(t *testing.T) {
			status, text, errOut := run(Input{ShellPid: shell, Jobs: jobs, Cols: 60}, operand)
			lines := strings.Split(text, "\n")
			if status != 0 || pidCount(lines, shell) != 0 || pidCount(lines, job.Pgid) != 1 || !strings.Contains(text, "%1") {
				t.Errorf("status %d, %s\n%s", status, errOut, text)
			}
		})
	}
	t.Run("the shell with all that descends from it is everything", func(t *testing.T) {
		status, text, _ := run(Input{ShellPid: shell, Cols: 60}, "--ascii", strconv.Itoa(shell))
		lines := strings.Split(text, "\n")
		if status != 0 || pidCount(lines, shell) != 1 || pidCount(lines, job.Pgid) != 1 {
			t.Errorf("status %d\n%s", status, text)
		}
	})
	t.Run("ps-tree in a process of its own leaves itself out, unless all is asked for", func(t *testing.T) {
		self := os.Getpid()
		_, text, _ := run(Input{ShellPid: os.Getppid()})
		if pidCount(strings.Split(text, "\n"), self) != 0 {
			t.Errorf("it shows itself\n%s", text)
		}
		_, text, _ = run(Input{ShellPid: os.Getppid()}, "-a")
		if pidCount(strings.Split(text, "\n"), self) != 1 {
			t.Errorf("-a does not show it\n%s", text)
		}
	})
	t.Run("a shell that is not there is an error", func(t *testing.T) {
		status, text, errOut := run(Input{ShellPid: 1 << 30})
		if status != 1 || text != "" || !strings.Contains(errOut, "is not in /proc") {
			t.Errorf("status %d, %q, %q", status, text, errOut)
		}
	})
}

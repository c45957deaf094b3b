package front

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"jsh/ptytest"
)

// TestPSTreeFromAnyShell runs jsh ps-tree as a program.
func TestPSTreeFromAnyShell(t *testing.T) {
	jsh := ptytest.JSH(t)
	rule(t, "jsh ps-tree draws the shell that called it, with its background group, and not itself", all, func(s *session) {
		pgid := s.background("sleep 1001 &")
		s.waitGroup(pgid, "sleep")
		shell := strconv.Itoa(s.Pid())
		out := s.Run("LC_ALL=C " + jsh + " ps-tree --columns pid,ppid,pgid,sid,comm | cat")
		lines := strings.Split(out, "\n")
		if f := strings.Fields(lines[0]); strings.Join(f, " ") != "PID PPID PGID SID COMM" {
			s.t.Fatalf("%s", out)
		}
		rows := map[string]string{}
		for _, l := range lines[1:] {
			rows[strings.Fields(l)[0]] = l
		}
		sleep := strings.Fields(rows[strconv.Itoa(pgid)])
		if rows[shell] == "" || len(sleep) != 5 || sleep[1] != shell || sleep[3] != shell || sleep[4] != "sleep" {
			s.t.Errorf("%s", out)
		}
		if grep(out, "ps-tree|jsh ps") != "" {
			s.t.Errorf("it shows itself:\n%s", out)
		}
	})
	rule(t, "jsh ps-tree --by parent says which is this shell, and that the keyboard is elsewhere", []string{"bash", "dash"}, func(s *session) {
		out := s.Run("LC_ALL=C " + jsh + " ps-tree --by parent")
		if grep(out, `^ *`+strconv.Itoa(s.Pid())+` .*`+s.shell+`  this shell$`) == "" {
			s.t.Errorf("%s", out)
		}
		if out := s.Run("LC_ALL=C " + jsh + " ps-tree"); !strings.Contains(out, "the keyboard is with this ps-tree as long as it runs") {
			s.t.Errorf("%s", out)
		}
	})
	t.Run("a job is its shell's word: from outside it is refused with what to do", func(t *testing.T) {
		out, err := exec.Command(jsh, "ps-tree", "%1").CombinedOutput()
		if err == nil || !strings.Contains(string(out), "give a PID, or type ps-tree inside jsh") {
			t.Errorf("%v, %s", err, out)
		}
	})
	t.Run("a script named ps-tree is run by jsh ./ps-tree, and by sh ps-tree under the name sh", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "ps-tree"), []byte("echo the script\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(jsh, filepath.Join(dir, "sh")); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			argv []string
			want bool
		}{{[]string{jsh, "ps-tree", "--help"}, false}, {[]string{jsh, "./ps-tree"}, true}, {[]string{"./sh", "ps-tree"}, true}} {
			cmd := exec.Command(c.argv[0], c.argv[1:]...)
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if err != nil || (string(out) == "the script\n") != c.want {
				t.Errorf("%v: %v, %s", c.argv, err, out)
			}
		}
	})
}

// What its parents left behind in a session of its own cannot be told from a
// stranger by /proc alone; who watched knows.
func TestACompanionKeepsTrackOfWhatLeftTheSession(t *testing.T) {
	watched(t, "ps-tree shows it, and timeline where it went", func(s *session, run string) {
		s.Run("viz")
		// Until the watcher has looked once, it tells of no start.
		for n := 0; n < 50 && strings.TrimSpace(s.Run("sh -c :; timeline --json > log; grep -c '\"seen\"' log")) == "0"; n++ {
		}
		// The parent stays long enough for a watcher that only looks now and then.
		sid := strings.TrimSpace(s.Run(`sh -c '(setsid sh -c "echo \$\$; exec sleep 1001" & sleep 1)'`))
		left, err := strconv.Atoi(sid)
		if err != nil {
			s.t.Fatal(err)
		}
		defer s.kill(left, syscall.SIGKILL)
		if out := s.Run("ps-tree"); !strings.Contains(out, "session "+sid+", no terminal") || grep(out, sid+` sleep `) == "" {
			s.t.Errorf("%s", out)
		}
		if out := s.Run("timeline"); !strings.Contains(out, "a session of its own") || grep(out, `^  `+sid+` sleep .*lives$`) == "" {
			s.t.Errorf("%s", out)
		}
		if out := s.Run("LC_ALL=C " + ptytest.JSH(s.t) + " ps-tree " + sid); grep(out, sid+` sleep`) == "" {
			s.t.Errorf("%s", out)
		}
	})
}

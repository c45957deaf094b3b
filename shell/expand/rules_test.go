package expand

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// soak, where it is not 0, is how many random cases the tests that ask other
// shells make; seed begins them.
var (
	soak = flag.Int("soak", 0, "number of random cases to compare with other shells")
	seed = flag.Int64("seed", 1, "seed of the random cases")
)

// rule is one rule of expansion with a script that shows it. Bash (as
// bash --posix) and dash run the script too: where one differs, known says what
// it writes.
type rule struct {
	name   string
	script string
	want   string
	known  map[string]string
}

// check runs the rules here and in the shells, in an empty environment with
// HOME=/home/me and the locale C.UTF-8.
func check(t *testing.T, rules []rule) {
	t.Helper()
	scripts := make([]string, len(rules))
	for i, r := range rules {
		scripts[i] = r.script
	}
	answers := map[string][]string{}
	for _, shell := range []string{"bash", "dash"} {
		answers[shell] = ask(t, shell, scripts)
	}
	for i, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			e := newEnv()
			e.vars["HOME"] = "/home/me"
			e.vars["LC_ALL"] = "C.UTF-8"
			got, err := runScript(e, r.script)
			if err != nil {
				got += "error: " + err.Error() + "\n"
			}
			if got != r.want {
				t.Errorf("%s\n got %q\nwant %q", r.script, got, r.want)
			}
			for shell, all := range answers {
				if all == nil {
					continue
				}
				want := r.want
				if w, ok := r.known[shell]; ok {
					want = w
				}
				if all[i] != want {
					t.Errorf("%s\n%s says %q\n    want %q", r.script, shell, all[i], want)
				}
			}
		})
	}
}

// ask runs each script in a subshell of one shell and returns what each wrote.
// It returns nil where the machine has no such shell.
func ask(t testing.TB, shell string, scripts []string) []string {
	t.Helper()
	path, err := exec.LookPath(shell)
	if err != nil {
		t.Logf("%s is not here to be asked", shell)
		return nil
	}
	var all bytes.Buffer
	all.WriteString("n() { printf '%s:' \"$#\"; for _a do printf '<%s>' \"$_a\"; done; echo; }\n")
	const end = "\x01end\x01"
	for _, s := range scripts {
		all.WriteString("(\n" + s + "\n)\nprintf '%s' '" + end + "'\n")
	}
	f := t.TempDir() + "/script"
	if err := os.WriteFile(f, all.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{f}
	if shell == "bash" {
		args = []string{"--posix", f}
	}
	cmd := exec.Command(path, args...)
	cmd.Env = []string{"HOME=/home/me", "LC_ALL=C.UTF-8", "PATH=" + os.Getenv("PATH")}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", shell, err)
	}
	answers := strings.Split(string(out), end)
	if len(answers) != len(scripts)+1 {
		t.Fatalf("%s gave %d answers to %d scripts", shell, len(answers)-1, len(scripts))
	}
	return answers[:len(scripts)]
}

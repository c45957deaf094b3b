package plain

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// verdict is what a shell made of one command.
type verdict struct {
	out    string
	status int
}

// ask gives every command to one process of the shell, and returns what each
// wrote to its standard output and its status. Messages are dropped.
func ask(t testing.TB, shell string, commands [][]string) []verdict {
	t.Helper()
	path, err := exec.LookPath(shell)
	if err != nil {
		t.Skipf("%s is not installed, so it cannot be asked", shell)
	}
	const mark = "\x01end of one command\x01"
	var script bytes.Buffer
	for _, words := range commands {
		for _, word := range words {
			script.WriteString(singleQuoted(word))
			script.WriteByte(' ')
		}
		script.WriteString("2>/dev/null; s=$?; printf '" + mark + "%d\\n' $s\n")
	}
	cmd := exec.Command(path)
	cmd.Stdin = &script
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", shell, err)
	}
	verdicts := make([]verdict, 0, len(commands))
	rest := string(out)
	for range commands {
		text, after, found := strings.Cut(rest, mark)
		line, next, _ := strings.Cut(after, "\n")
		status, err := strconv.Atoi(line)
		if !found || err != nil {
			t.Fatalf("%s: no answer to command %d, %q", shell, len(verdicts), commands[len(verdicts)])
		}
		verdicts = append(verdicts, verdict{text, status})
		rest = next
	}
	return verdicts
}

func singleQuoted(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func TestTrueAndFalseIgnoreTheirArguments(t *testing.T) {
	if got := True([]string{"--help"}); got != 0 {
		t.Errorf("true: status %d", got)
	}
	if got := False([]string{"--help"}); got != 1 {
		t.Errorf("false: status %d", got)
	}
}

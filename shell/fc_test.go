package shell_test

import (
	"testing"

	"jsh/ptytest"
)

// fc (POSIX.1-2024 XCU, fc) in a shell on a terminal.
func TestFc(t *testing.T) {
	for _, c := range []struct{ rule, line, want string }{
		{"fc -l lists with numbers", "fc -l", `1\s+echo one 1\n2\s+echo two 2\n`},
		{"fc -ln lists without numbers", "fc -ln 1 2", `\n\s+echo one 1\n\s+echo two 2\n`},
		{"fc -lr reverses", "fc -lr 1 2", `2\s+echo two 2\n1\s+echo one 1\n`},
		{"a command may be named by its beginning", "fc -l 'echo o' 'echo o'", `\n1\s+echo one 1\n`},
		{"a command may be counted back", "fc -l -2 -2", `\n1\s+echo one 1\n`},
		{"fc -s runs the command before again", "fc -s", `\necho two 2\ntwo 2\n`},
		{"fc -s old=new replaces the first", "fc -s o=O 1", `\nechO one 1\n`},
		{"fc -s names a command", "fc -s one=uno 'echo o'", `\necho uno 1\nuno 1\n`},
		{"fc -e lets an editor change the command", "fc -e 'sed -i s/two/zwei/'", `\necho zwei 2\nzwei 2\n`},
		{"an editor that fails runs nothing", "fc -e false; echo status $?", `\nstatus 1\n`},
		{"an unknown command is told", "fc -s nosuch", `fc: nosuch: no such command in the history`},
	} {
		t.Run(c.rule, func(t *testing.T) {
			term := ptytest.Start(t, ptytest.Options{Argv: ptytest.FindShell(t, "jsh").Argv, Env: []string{"PATH=/usr/bin:/bin"}})
			term.WaitPrompt()
			term.Run("echo one 1")
			term.Run("echo two 2")
			term.Line(c.line)
			term.WaitText(c.want)
			term.WaitPrompt()
		})
	}
}

package front

import (
	"strings"

	"jsh/shell"
)

const demoHelp = `usage: demo                    lists the scenes
       demo SCENE              by name or number
       demo --notes [PID]      the speaker's notes, in another terminal
       demo next|back|restart|quit
A teacher's scene: a few words at the foot of the screen, and at each key
the next lines are typed into this shell, as hands would type them. What is
seen is what happens.
  Enter, space, right   go on      left   the step before
  r   anew: ends what the scene has started, and begins it again
  q   leave    Esc   the keyboard to the shell (F2 l: back to the scene)
`

// builtinDemo is demo.
func builtinDemo(s *shell.Shell, args []string) int {
	switch a := args[1:]; {
	case len(a) > 0 && a[0] == "--help":
		s.WriteOut([]byte(demoHelp))
		return 0
	case len(a) == 0 || a[0] == "--notes":
		return s.RunProgram(s.Exe(), append([]string{"jsh", "demo"}, a...), args)
	case strings.HasPrefix(a[0], "-"):
		s.Complain("demo: " + a[0] + ": no such option (help demo)")
		return 2
	}
	return tellTutor(s, args)
}

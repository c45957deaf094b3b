package front

import (
	"slices"
	"strings"

	"jsh/shell"
	"jsh/tutor/wire"
)

const demoHelp = `usage: demo                    lists the scenes
       demo SCENE              by name or number
       demo --check            which are live here, which recorded, and why
       demo --notes [PID]      the speaker's notes, in another terminal
       demo --recorded [SCENE | FILE.reel]
       demo --make-recordings DIR [SCENE...]
       demo next|back|restart|quit
A teacher's scene: a few words at the foot of the screen, and at each key
the next lines are typed into this shell, as hands would type them. What is
seen is what happens.
  Enter, space, right   go on      left   the step before
  r   anew: ends what the scene has started, and begins it again
  q   leave    Esc   the keyboard to the shell (F2 l: back to the scene)
Where the machine refuses what a scene needs, or it does not come out, a
recording of it is shown or offered instead: what happened on another day.
Its first line says RECORDING, where and when. The keys are the same.
--recorded shows it on purpose; without a scene, all of them.
`

// demoTells are the words after demo that are for the scene that runs.
var demoTells = [...]string{"next", "back", "restart", "where", "quit"}

// builtinDemo is demo.
func builtinDemo(s *shell.Shell, args []string) int {
	switch a := args[1:]; {
	case len(a) > 0 && a[0] == "--help":
		s.WriteOut([]byte(demoHelp))
		return 0
	case len(a) == 0 || strings.HasPrefix(a[0], "--") && slices.Contains(demoPrograms[:], a[0]):
		return s.RunProgram(s.Exe(), append([]string{"jsh", "demo"}, a...), args)
	case strings.HasPrefix(a[0], "-"):
		s.Complain("demo: " + a[0] + ": no such option (help demo)")
		return 2
	case len(a) == 1 && !slices.Contains(demoTells[:], a[0]):
		return demoScene(s, args)
	}
	return tellTutor(s, args)
}

// demoPrograms are the options that are a program's work.
var demoPrograms = [...]string{"--check", "--notes", "--recorded", "--make-recordings"}

// demoScene plays a scene, or shows its recording where it is refused.
func demoScene(s *shell.Shell, words []string) int {
	if status := mayBeTutored(s, words[0]); status != 0 {
		return status
	}
	if !needCompanion(s, words[0]) {
		return demoRecorded(s, words[1], "the picture cannot be had: no companion can be started")
	}
	say, status := askTutor(s, words)
	switch {
	case say == nil:
		return demoRecorded(s, words[1], "the process that plays it cannot be started")
	case status == wire.Refused:
		return demoRecorded(s, words[1], say.Text)
	}
	if status = doSay(s, words[0], say); status != 0 && tutor == nil && status != 2 { // it was left at once
		return demoRecorded(s, words[1], "the files and programs that it needs cannot be put up")
	}
	return status
}

// demoRecorded shows a scene's recording, and says why.
func demoRecorded(s *shell.Shell, scene, why string) int {
	s.Complain("demo: " + scene + " is refused here:\n" + foldWords("    "+why, columns(s.Terminal())) +
		"\nIts recording is shown instead; its first line says where and when it was made.")
	argv := []string{"jsh", "demo", "--recorded", "--because", why, scene}
	return s.RunProgram(s.Exe(), argv, []string{"demo", scene})
}

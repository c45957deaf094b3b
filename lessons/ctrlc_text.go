package lessons

import (
	"fmt"
	"strconv"
)

// What the topic ctrl-c says. No line is wider than 76 columns, and each step
// brings one new term: stopped, background, process group, and then the rule.

const ctrlCIntro = `
WHO DIES OF ^C?  You predict, then you press it, and the kernel answers.
First find runs and you stop it; then ls | grep runs and you press ^C.
find, ls and grep are slow stand-ins, to give you time; all else is real.

`

const pressZ = `find runs and has the keyboard; the shell waits.
Now press ^Z (hold Ctrl and press z).`

const bgText = `
^Z stopped find: it is still there, but it does nothing. bg lets it run on
in the background, where it does not have the keyboard.

$ bg`

const bgFailed = `
Seen: bg did not make find run on. Was ^C pressed before it?`

// ctrlCQuestion asks for the prediction, below the picture. ls and grep are not
// there yet: the pipeline that gets the ^C must run while it is pressed, and
// then nothing can be asked.
func ctrlCQuestion(actors []actor) string {
	return fmt.Sprintf(`Each inner box is a process group: processes that belong together.

PREDICT. The next line is  %s  and while it runs you press ^C.
Which of the four will ^C kill?
   [1] jsh   %-7d              [3] ls    not started yet
   [2] find  %-7d              [4] grep  not started yet
 A  %-22s  C  %s
 B  %-22s  D  %s`,
		lsLine, actors[0].pid, actors[1].pid,
		ctrlCOptions[0].text, ctrlCOptions[2].text, ctrlCOptions[1].text, ctrlCOptions[3].text)
}

const askWho = "A letter, or names, or numbers; or quit: "

const ctrlCHint = `
Answer with a letter from A to D, or with those that will die: find 4
A thought that helps: who has the keyboard at the moment you press ^C?
`

const pressC = "Now press ^C (hold Ctrl and press c)."

const askAgain = "Enter to start over; or quit: "

const leftText = `
You left the quiz. What it started has ended; your jobs are as they were.`

// foretold repeats a prediction in words.
func foretold(actors []actor, p prediction) string {
	die, live := p.split(actors)
	switch {
	case len(die) == 0:
		return "You say: nobody dies."
	case len(live) == 0:
		return "You say: all of them die."
	}
	return "You say: " + enumerate(die) + verb(len(die), " die", " dies") + "; " +
		enumerate(live) + verb(len(live), " live.", " lives.")
}

func verb(n int, plural, singular string) string {
	if n == 1 {
		return singular
	}
	return plural
}

// ctrlCReport is the grade as the learner reads it: the prediction beside the
// kernel's answer for each process, with the proof, and why it came so.
func ctrlCReport(g *grades, p prediction, ascii bool) string {
	tick, cross := "✓", "✗"
	if ascii {
		tick, cross = "+", "x"
	}
	word := func(dies bool) string {
		if dies {
			return "dies"
		}
		return "lives"
	}
	text := "\n   process        group            you    kernel  the proof\n"
	actors := make([]actor, len(g.fates))
	for i := range g.fates {
		f := &g.fates[i]
		actors[i] = f.actor
		mark, keyboard := tick, ""
		if !f.right() {
			mark = cross
		}
		if f.pgid == g.foreground {
			keyboard = "KEYBOARD"
		}
		text += fmt.Sprintf(" %s %-5s %-7d  %-7d %-8s %-5s  %-6s  %s\n",
			mark, f.name, f.pid, f.pgid, keyboard, word(f.foretold), word(f.died), f.proof)
	}
	if g.right() {
		text += "Right. It was " + answerText(actors, g.died, true) + ".\n\n"
	} else {
		text += "Not this time. You said " + answerText(actors, p, false) + "; it was " +
			answerText(actors, g.died, true) + ".\n\n"
	}
	return text + ctrlCWhy(g, actors)
}

// answerText names the option that says p, and with long its words; where no
// option says it, those that p holds.
func answerText(actors []actor, p prediction, long bool) string {
	o := optionOf(p, ctrlCOptions)
	switch {
	case o == nil:
		die, _ := p.split(actors)
		return enumerate(die)
	case long:
		return o.letter + ": " + o.text
	}
	return o.letter
}

// ctrlCWhy gives the rule with the numbers of this run.
func ctrlCWhy(g *grades, actors []actor) string {
	var inside, outside []string
	for _, a := range actors {
		if a.pgid == g.foreground {
			inside = append(inside, a.name)
		} else {
			outside = append(outside, a.name)
		}
	}
	rule := "Why: the terminal makes ^C into SIGINT, and the kernel sends it to one group\n" +
		"only, the foreground process group: the one with the KEYBOARD, here " + strconv.Itoa(g.foreground) + ".\n"
	if !g.asByRule() {
		return rule + "That is " + enumerate(inside) + ". Somebody else must have sent a SIGINT as well."
	}
	return rule + "One pipeline is one group: " + enumerate(inside) + ". To " + enumerate(outside) + " it sent nothing."
}

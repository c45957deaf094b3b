package export

import (
	"strings"

	"jsh/lessons/page"
)

// GIFT is the questions in the GIFT format, UTF-8. left names questions that
// cannot be asked on paper.
//
// A blank line ends a question, so texts have \n in the place of newlines; they
// are marked as plain text.
func GIFT(questions []*page.Lesson) (text string, left []string) {
	var b strings.Builder
	b.WriteString("// Questions of jsh. The answers are those that the kernel gave to the experiments.\n")
	left = write(questions, func(topic string) {
		b.WriteString("\n$CATEGORY: $course$/jsh/" + giftText(topic) + "\n")
	}, func(it *item) {
		b.WriteString("\n::" + giftText(it.name) + "::[plain]" + giftText(it.text) + " {" + giftAnswers(it) + "\n  ####" + giftText(it.why) + "\n}\n")
	})
	return b.String(), left
}

func giftAnswers(it *item) (text string) {
	if it.form == numerical {
		return "#" + it.number + ":0"
	}
	for _, a := range it.answer {
		switch {
		case it.form == matching:
			text += "\n  =" + giftText(a.text) + " -> " + giftText(a.place)
		case it.many:
			text += "\n  ~%" + a.weight + "%" + giftText(a.text)
		case a.right:
			text += "\n  =" + giftText(a.text)
		default:
			text += "\n  ~" + giftText(a.text)
		}
	}
	return text
}

// giftText hides what has a meaning in GIFT behind a backslash.
func giftText(s string) string { return giftEscapes.Replace(s) }

var giftEscapes = strings.NewReplacer(
	`\`, `\\`, ":", `\:`, "#", `\#`, "=", `\=`, "{", `\{`, "}", `\}`, "~", `\~`, "\n", `\n`)

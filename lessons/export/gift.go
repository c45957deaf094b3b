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
	all, left := items(questions)
	var b strings.Builder
	b.WriteString("// Questions of jsh. The answers are those that the kernel gave to the experiments.\n")
	topic := ""
	for i, it := range all {
		if i == 0 || it.topic != topic {
			topic = it.topic
			b.WriteString("\n$CATEGORY: $course$/jsh/" + giftText(topic) + "\n")
		}
		b.WriteString("\n::" + giftText(it.name) + "::[plain]" + giftText(it.text) + " {")
		switch it.form {
		case numerical:
			b.WriteString("#" + it.number + ":0")
		case matching:
			for _, a := range it.answer {
				b.WriteString("\n  =" + giftText(a.text) + " -> " + giftText(a.place))
			}
		default:
			for _, a := range it.answer {
				switch {
				case it.many:
					b.WriteString("\n  ~%" + a.weight + "%" + giftText(a.text))
				case a.right:
					b.WriteString("\n  =" + giftText(a.text))
				default:
					b.WriteString("\n  ~" + giftText(a.text))
				}
			}
		}
		b.WriteString("\n  ####" + giftText(it.why) + "\n}\n")
	}
	return b.String(), left
}

// giftText hides what has a meaning in GIFT behind a backslash.
func giftText(s string) string { return giftEscapes.Replace(s) }

var giftEscapes = strings.NewReplacer(
	`\`, `\\`, ":", `\:`, "#", `\#`, "=", `\=`, "{", `\{`, "}", `\}`, "~", `\~`, "\n", `\n`)

package export

import (
	"strings"

	"jsh/lessons/page"
)

// Moodle is the questions as Moodle XML, UTF-8. left names questions that cannot
// be asked on paper.
func Moodle(questions []*page.Lesson) (text string, left []string) {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n")
	left = write(questions, func(topic string) {
		b.WriteString("<question type=\"category\"><category><text>$course$/jsh/" + xmlText(topic) + "</text></category></question>\n")
	}, func(it *item) {
		b.WriteString("<question type=\"" + [...]string{"multichoice", "numerical", "matching"}[it.form] + "\">\n" +
			"  <name><text>" + xmlText(it.name) + "</text></name>\n" +
			plainTag("  ", "questiontext", it.text) +
			plainTag("  ", "generalfeedback", it.why) +
			"  <defaultgrade>1</defaultgrade>\n  <penalty>0.3333333</penalty>\n  <hidden>0</hidden>\n" +
			moodleAnswers(it) + "</question>\n")
	})
	b.WriteString("</quiz>\n")
	return b.String(), left
}

func moodleAnswers(it *item) (text string) {
	switch it.form {
	case numerical:
		return "  <answer fraction=\"100\"><text>" + xmlText(it.number) + "</text><tolerance>0</tolerance></answer>\n"
	case matching:
		text = "  <shuffleanswers>true</shuffleanswers>\n"
		for _, a := range it.answer {
			text += "  <subquestion format=\"plain_text\"><text>" + xmlText(a.text) + "</text><answer><text>" + xmlText(a.place) + "</text></answer></subquestion>\n"
		}
		return text
	}
	single := "true"
	if it.many {
		single = "false"
	}
	// Not shuffled: an option may be "none of these".
	text = "  <single>" + single + "</single>\n  <shuffleanswers>false</shuffleanswers>\n  <answernumbering>ABCD</answernumbering>\n"
	for _, a := range it.answer {
		text += "  <answer fraction=\"" + a.weight + "\" format=\"plain_text\"><text>" + xmlText(a.text) + "</text></answer>\n"
	}
	return text
}

func plainTag(indent, tag, text string) string {
	return indent + "<" + tag + " format=\"plain_text\"><text>" + xmlText(text) + "</text></" + tag + ">\n"
}

// xmlText is text between tags. (Package encoding/xml would be initialised in
// every shell, before it reads its first line.)
func xmlText(s string) string { return xmlEscapes.Replace(s) }

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

package export

import (
	"strings"

	"jsh/lessons/page"
)

// Moodle is the questions as Moodle XML, UTF-8. left names questions that cannot
// be asked on paper.
func Moodle(questions []*page.Lesson) (text string, left []string) {
	all, left := items(questions)
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n")
	topic := ""
	for i, it := range all {
		if i == 0 || it.topic != topic {
			topic = it.topic
			b.WriteString("<question type=\"category\"><category><text>$course$/jsh/" + xmlText(topic) + "</text></category></question>\n")
		}
		b.WriteString("<question type=\"" + [...]string{"multichoice", "numerical", "matching"}[it.form] + "\">\n" +
			"  <name><text>" + xmlText(it.name) + "</text></name>\n" +
			plainTag("  ", "questiontext", it.text) +
			plainTag("  ", "generalfeedback", it.why) +
			"  <defaultgrade>1</defaultgrade>\n  <penalty>0.3333333</penalty>\n  <hidden>0</hidden>\n")
		switch it.form {
		case numerical:
			b.WriteString("  <answer fraction=\"100\"><text>" + xmlText(it.number) + "</text><tolerance>0</tolerance></answer>\n")
		case matching:
			b.WriteString("  <shuffleanswers>true</shuffleanswers>\n")
			for _, a := range it.answer {
				b.WriteString("  <subquestion format=\"plain_text\"><text>" + xmlText(a.text) + "</text><answer><text>" + xmlText(a.place) + "</text></answer></subquestion>\n")
			}
		default: // not shuffled: an option may be "none of these"
			single := "true"
			if it.many {
				single = "false"
			}
			b.WriteString("  <single>" + single + "</single>\n  <shuffleanswers>false</shuffleanswers>\n  <answernumbering>ABCD</answernumbering>\n")
			for _, a := range it.answer {
				b.WriteString("  <answer fraction=\"" + a.weight + "\" format=\"plain_text\"><text>" + xmlText(a.text) + "</text></answer>\n")
			}
		}
		b.WriteString("</question>\n")
	}
	b.WriteString("</quiz>\n")
	return b.String(), left
}

func plainTag(indent, tag, text string) string {
	return indent + "<" + tag + " format=\"plain_text\"><text>" + xmlText(text) + "</text></" + tag + ">\n"
}

// xmlText is text between tags. (Package encoding/xml would be initialised in
// every shell, before it reads its first line.)
func xmlText(s string) string { return xmlEscapes.Replace(s) }

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

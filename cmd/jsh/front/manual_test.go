package front

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// outsideNames are what jsh NAME runs from any shell.
func outsideNames() (names []string) {
	names = append(names, "demo", "lesson", "quiz") // package tutor's
	for _, p := range ownPrograms() {
		names = append(names, p.name)
	}
	for n := range builtins() {
		if subcommand([]string{"jsh", n}) != "" {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return names
}

func TestTheManualNamesEveryOptionAndCommand(t *testing.T) {
	text, err := os.ReadFile("../../../docs/jsh.1")
	if err != nil {
		t.Fatal(err)
	}
	page := strings.ReplaceAll(string(text), `\-`, "-")
	var want []string
	want = append(want, regexp.MustCompile(`--[a-z]+`).FindAllString(usageText, -1)...)
	want = append(want, outsideNames()...)
	for n := range builtins() {
		want = append(want, n)
	}
	for _, w := range want {
		if !regexp.MustCompile(`(^|[^a-z-])` + w + `([^a-z-]|$)`).MatchString(page) {
			t.Errorf("docs/jsh.1 lacks %s", w)
		}
	}
	for _, m := range regexp.MustCompile(`--[a-z]+`).FindAllString(page, -1) {
		if !slices.Contains([]string{"--attach", "--notes", "--check", "--recorded", "--make"}, m) && !strings.Contains(usageText, m) {
			t.Errorf("docs/jsh.1 has %s, which --help does not know", m)
		}
	}
}

func TestCompletionsKnowEveryCommandOptionAndRule(t *testing.T) {
	const rules = "own-group tcsetpgrp restore-modes reap"
	for r := range strings.FieldsSeq(rules) {
		if _, msg := parseArgs([]string{"jsh", "-i", "--without", r}); msg != "" {
			t.Error(msg)
		}
	}
	for _, file := range []string{"jsh.bash", "_jsh", "jsh.fish"} {
		text, err := os.ReadFile("../../../completions/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if names := strings.Join(outsideNames(), " "); !strings.Contains(string(text), names) {
			t.Errorf("%s does not complete %q", file, names)
		}
		for _, m := range regexp.MustCompile(`--([a-z]+)`).FindAllStringSubmatch(usageText, -1) {
			if !regexp.MustCompile(`(--|-l )` + m[1] + `\b`).Match(text) {
				t.Errorf("%s does not complete --%s", file, m[1])
			}
		}
		if !strings.Contains(string(text), rules) {
			t.Errorf("%s does not complete the rules %s", file, rules)
		}
	}
}

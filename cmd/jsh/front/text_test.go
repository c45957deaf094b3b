package front

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jsh/lab/daemonize"
	"jsh/lab/puppet"
)

func TestTexts(t *testing.T) {
	texts := map[string]string{"jsh --help": usageText, "help": helpText, "narrate --help": narrateHelp, "slow --help": slowHelp, "setpgid --help": setpgidHelp,
		"spare-tty --help": spareTTYHelp, "daemonize --help": daemonize.Usage, "puppet --help": puppet.Usage, "why --help": whyHelp, "viz --help": vizHelp, "lesson --help": lessonHelp, "demo --help": demoHelp, "answer --help": answerHelp, "record --help": recordHelp, "replay --help": replayHelp, "welcome": welcome()}
	for _, p := range ownPrograms() {
		texts[p.name+" --help"] = p.help
	}
	for name, text := range texts {
		t.Run(name+" is ASCII, on at most 22 lines of at most 76 columns", func(t *testing.T) {
			if n := strings.Count(text, "\n"); n > 22 {
				t.Errorf("%d lines", n)
			}
			for l := range strings.SplitSeq(text, "\n") {
				if len(l) > 76 || strings.ContainsFunc(l, func(r rune) bool { return r > '~' }) {
					t.Errorf("%d bytes: %s", len(l), l)
				}
			}
		})
	}
	t.Run("help tells of each builtin that jsh adds", func(t *testing.T) {
		names := slices.Collect(maps.Keys(builtins()))
		for _, n := range slices.Concat(names, slices.Collect(maps.Keys(programs()))) {
			if n == "lesson-stage" {
				continue // nobody types it
			}
			if !regexp.MustCompile(`(^|[ \n])` + n + `($|[ ,.:\n])`).MatchString(helpText) {
				t.Errorf("nothing of %s", n)
			}
		}
	})
	t.Run("the welcome keeps within 76 columns whatever the version is", func(t *testing.T) {
		if n := len(welcome()) - len(Version); n > 76-len("10.20.30") {
			t.Errorf("%d columns without the version", n)
		}
	})
}

package lessons

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// bystander is a host on which nothing can be played. What it does not define
// must not be called.
type bystander struct {
	Host
	out, err string
}

func (b *bystander) Ready() error         { return errors.New("no terminal here") }
func (b *bystander) Out(text string)      { b.out += text }
func (b *bystander) Complain(text string) { b.err += text }

func TestQuizArguments(t *testing.T) {
	tests := []struct {
		rule     string
		args     string
		status   int
		out, err string // what is written holds this
	}{
		{"quiz alone lists the topics, a line each", "", 0, "\n  ctrl-c    which processes does ^C kill?", ""},
		{"--help tells the usage and the topics", "--help", 0, "usage: quiz [TOPIC]\n", ""},
		{"a topic that cannot be played says why", "ctrl-c", 1, "", "quiz: no terminal here"},
		{"-- ends the options", "-- ctrl-c", 1, "", "quiz: no terminal here"},
		{"a topic that is not there", "ctrl-x", 2, "", "quiz: ctrl-x: no such topic"},
		{"two topics", "ctrl-c ctrl-c", 2, "", "quiz: one topic at a time"},
		{"an option that is not there", "-x", 2, "", "quiz: -x: no such option"},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			b := &bystander{}
			status := Quiz(append([]string{"quiz"}, strings.Fields(tt.args)...), b)
			if status != tt.status {
				t.Errorf("status %d, want %d", status, tt.status)
			}
			if !strings.Contains(b.out, tt.out) || !strings.Contains(b.err, tt.err) || (b.err == "") != (tt.err == "") {
				t.Errorf("wrote %q and %q; want %q and %q in them", b.out, b.err, tt.out, tt.err)
			}
		})
	}
}

// Screens of 80 columns are the rule; a step is to be read at a glance.
func TestTextFits(t *testing.T) {
	big := []actor{{"jsh", 4194301, 4194301}, {"find", 4194302, 4194302}, {"ls", 4194303, 4194303}, {"grep", 4194304, 4194303}}
	g := grades{died: predicted("ls", "grep"), foreground: 4194303}
	for _, a := range big {
		g.fates = append(g.fates, fate{actor: a, proof: "wait(): killed by SIGINT"})
	}
	steps := map[string]string{
		"intro": ctrlCIntro, "^Z": pressZ, "bg": bgText, "bg failed": bgFailed, "question": ctrlCQuestion(big),
		"hint": ctrlCHint, "^C": pressC, "left": leftText,
		"foretold":  foretold(big, predicted("ls", "grep")),
		"report":    ctrlCReport(&g, predicted("find", "jsh", "ls"), false),
		"why":       ctrlCWhy(&g, big),
		"ask":       askWho + "find, ls and grep",
		"ask again": askAgain,
		"list":      topicList(),
		"help":      quizHelp,
	}
	for name, text := range steps {
		t.Run(name+" is no wider than 76 columns", func(t *testing.T) {
			for line := range strings.SplitSeq(text, "\n") {
				if n := utf8.RuneCountInString(line); n > 76 {
					t.Errorf("%d columns: %s", n, line)
				}
			}
		})
	}
	t.Run("the intro names what will be run before it says anything of it", func(t *testing.T) {
		find, pipeline, standIns := strings.Index(ctrlCIntro, "find"), strings.Index(ctrlCIntro, "ls | grep"), strings.Index(ctrlCIntro, "stand-ins")
		if find < 0 || pipeline < find || standIns < pipeline {
			t.Error(ctrlCIntro)
		}
	})
	t.Run("quit is offered where it is understood alone: at a question", func(t *testing.T) {
		for name, text := range steps {
			question := strings.HasPrefix(name, "ask")
			if name != "help" && strings.Contains(text, "quit") != question {
				t.Errorf("%s: %s", name, text)
			}
		}
	})
	for _, name := range []string{"intro", "^Z", "bg failed", "hint", "^C", "left", "why"} {
		t.Run(name+" has at most three lines", func(t *testing.T) {
			if n := len(strings.Split(strings.Trim(steps[name], "\n"), "\n")); n > 3 {
				t.Error(fmt.Sprint(n, " lines:\n", steps[name]))
			}
		})
	}
	t.Run("no text but the proof's ticks needs more than ASCII", func(t *testing.T) {
		for name, text := range steps {
			for _, r := range strings.NewReplacer("✓", "", "✗", "").Replace(text) {
				if r > 126 {
					t.Errorf("%s: %q", name, r)
				}
			}
		}
	})
}

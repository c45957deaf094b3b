package lessons

import (
	"errors"
	"testing"
)

func TestParsePrediction(t *testing.T) {
	actors := []actor{{name: "jsh", pid: 812}, {name: "find", pid: 830}, {name: "ls"}, {name: "grep"}}
	tests := []struct {
		rule, answer string
		want         prediction
	}{
		{"a letter is the option's set", "B", predicted("ls", "grep")},
		{"letters may be small", "a", predicted("find", "ls", "grep")},
		{"D holds the shell too", "D", predicted("jsh", "find", "ls", "grep")},
		{"names are marks", "ls grep", predicted("ls", "grep")},
		{"their order does not matter, nor does saying one twice", "grep, ls,grep", predicted("ls", "grep")},
		{"as in a sentence", "find, ls and grep", predicted("find", "ls", "grep")},
		{"numbers are marks", "2 3", predicted("find", "ls")},
		{"with their brackets too", "[3] [4]", predicted("ls", "grep")},
		{"pids are marks", "830", predicted("find")},
		{"kinds may be mixed", "830 ls 4", predicted("find", "ls", "grep")},
		{"all", "all", predicted("jsh", "find", "ls", "grep")},
		{"none", "none", predicted()},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			p, err := parsePrediction(tt.answer, actors, ctrlCOptions)
			if err != nil || !p.equal(tt.want) {
				t.Errorf("%q is %v, %v; want %v", tt.answer, p, err, tt.want)
			}
		})
	}

	for _, answer := range []string{"", "  ", ",", "?", "help", "and"} {
		t.Run("no answer: "+answer, func(t *testing.T) {
			if p, err := parsePrediction(answer, actors, ctrlCOptions); !errors.Is(err, errNoAnswer) {
				t.Errorf("%q is %v, %v", answer, p, err)
			}
		})
	}
	wrong := []struct{ answer, says string }{
		{"cat", "cat is none of them"},
		{"ls cat", "cat is none of them"},
		{"E", "E is none of them"},
		{"B C", "B is none of them"},
		{"0", "0 is none of them"},
		{"5", "5 is none of them"},
		{"\x1b[2J", `\e[2J is none of them`},
	}
	for _, tt := range wrong {
		t.Run("a word that names nobody is told: "+tt.answer, func(t *testing.T) {
			p, err := parsePrediction(tt.answer, actors, ctrlCOptions)
			if err == nil || errors.Is(err, errNoAnswer) {
				t.Fatalf("%q is %v, %v", tt.answer, p, err)
			}
			if tt.answer[0] != '\x1b' && err.Error() != tt.says {
				t.Errorf("says %q, want %q", err, tt.says)
			}
			for _, c := range err.Error() {
				if c < ' ' {
					t.Errorf("%q holds a control character", err)
				}
			}
		})
	}

	t.Run("a small number is a mark even where it is a pid", func(t *testing.T) {
		init := []actor{{name: "jsh", pid: 2}, {name: "find", pid: 1}}
		if p, err := parsePrediction("1", init, ctrlCOptions); err != nil || !p.equal(predicted("jsh")) {
			t.Errorf("1 is %v, %v", p, err)
		}
	})
	t.Run("a process that is not started yet has no pid to name it by", func(t *testing.T) {
		if p, err := parsePrediction("-0", actors, ctrlCOptions); err == nil {
			t.Errorf("-0 is %v", p)
		}
	})
}

// Every answer either is a set of actors or says why it is none.
func FuzzParsePrediction(f *testing.F) {
	for _, s := range []string{"B", "ls grep", "2 3", "", "none", "[3],830", "and"} {
		f.Add(s)
	}
	actors := []actor{{name: "jsh", pid: 812}, {name: "find", pid: 830}, {name: "ls"}, {name: "grep"}}
	f.Fuzz(func(t *testing.T, answer string) {
		p, err := parsePrediction(answer, actors, ctrlCOptions)
		if (p == nil) == (err == nil) {
			t.Fatalf("%q: %v, %v", answer, p, err)
		}
		in, out := p.split(actors)
		if err == nil && (len(in) != len(p) || len(in)+len(out) != len(actors)) {
			t.Fatalf("%q names somebody else: %v", answer, p)
		}
	})
}

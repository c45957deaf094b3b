package quiz

import (
	"strconv"
	"strings"
	"testing"

	"jsh/event"
	"jsh/lessons/check"
	"jsh/lessons/page"
	"jsh/lessons/play"
	"jsh/lessons/questions"
	"jsh/typeset"
)

func question(t *testing.T, id, predict, rest string) *page.Lesson {
	t.Helper()
	q, problems := page.Parse(id, []byte("---\nid: "+id+"\ntitle: Title of "+id+"\nkind: question\ntopic: keys\n---\n## T\nSome text.\n"+
		"```setup\nsetup "+id+"\n```\n```predict\n"+predict+"\n```\n"+rest+"```why\nBecause.\n```\n```cleanup\ncleanup "+id+"\n```\n"))
	if page.Fatal(problems) {
		t.Fatal(problems)
	}
	return q
}

func exitStatus(t *testing.T) *page.Lesson {
	return question(t, "exit", "question: Which status?\noptions: {A: {text: three, if: status() == 3}, B: {text: four, if: status() == 4}}\nexpect: A",
		"```do\nType (exit 3)\n```\n```check\nstatus() > 0\n```\n```solution only\n# it is the question\n(exit 3)\n```\n")
}

func stored(t *testing.T) *page.Lesson {
	return question(t, "stored", "question: Which?\noptions: {A: int, B: void}\nstored: B", "")
}

// ran is a world in which one line was run.
func ran(from uint64, status int) *check.World {
	return &check.World{Shell: 10, Sources: check.Plain, Events: []event.Event{
		{Seq: from - 1, Source: event.Shell, Pid: 10, Kind: event.LineBegin, Text: "(exit 9)"},
		{Seq: from, Source: event.Shell, Pid: 10, Kind: event.LineEnd, Status: 9},
		{Seq: from + 1, Source: event.Shell, Pid: 10, Kind: event.LineBegin, Text: "(exit)"},
		{Seq: from + 2, Source: event.Shell, Pid: 10, Kind: event.LineEnd, Status: status},
	}}
}

func tell(t *testing.T, p interface{ Tell([]string) play.Reply }, line string) play.Reply {
	t.Helper()
	r := p.Tell(strings.Fields(line))
	if r.Err != "" {
		t.Fatalf("%s: %s", line, r.Err)
	}
	return r
}

func TestAClassVotesTwiceAndThenTheKernelAnswers(t *testing.T) {
	s := NewShow([]*page.Lesson{exitStatus(t), stored(t)}, false)
	if r := s.Begin(); strings.Join(r.Run, ";") != "setup exit" {
		t.Fatalf("begins with %+v", r)
	}
	s.Ran(5)
	if text := s.Plain(60); !strings.Contains(text, "Some text.") || !strings.Contains(text, "First vote") {
		t.Errorf("it asks:\n%s", text)
	}
	if text := s.Plain(60); text != "" {
		t.Errorf("it says it twice: %q", text)
	}
	tell(t, s, "answer A 10 B 30")
	if text := s.Plain(60); !strings.Contains(text, "Second vote") || !strings.Contains(text, "25%") {
		t.Errorf("after the first vote:\n%s", text)
	}
	if s.See(ran(5, 3)) {
		t.Error("an experiment before the second vote counts")
	}
	tell(t, s, "answer a=50, b=50")
	s.Plain(60)
	r := tell(t, s, "next")
	if len(r.Type) != 1 || r.Type[0].Text != "(exit 3)" || s.Waits() {
		t.Errorf("the experiment: %+v", r)
	}
	if s.See(ran(9, 0)) {
		t.Error("the experiment is over before its check holds")
	}
	if !s.See(ran(9, 3)) {
		t.Fatal("the experiment is not seen to be over")
	}
	text := s.Plain(60)
	for _, want := range []string{" ✓ A  three", " ✗ B  four", "25%", "75%", "50%", "Because."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the answer:\n%s", want, text)
		}
	}
	if r := s.Tell([]string{"answer", "A", "100"}); r.Err == "" {
		t.Error("a vote is taken after the answer")
	}
	r = tell(t, s, "next")
	if got := strings.Join(r.Run, ";"); got != "cleanup exit;setup stored" || r.Done {
		t.Errorf("between two questions runs %q", got)
	}
	s.Ran(20)
	for range 3 { // no votes
		tell(t, s, "next")
	}
	if text := s.Plain(60); !strings.Contains(text, "(stored answer)") || !strings.Contains(text, " ✓ B  void") || strings.Contains(text, "%") {
		t.Errorf("a stored answer:\n%s", text)
	}
	if r := tell(t, s, "next"); !r.Done || strings.Join(r.Run, ";") != "cleanup stored" {
		t.Errorf("the end: %+v", r)
	}
}

func TestVotesAreReadHoweverTheyAreTyped(t *testing.T) {
	choice := exitStatus(t).Steps[0].Predict
	marks := &page.Predict{Kind: page.Marks, Items: []page.Option{{Key: "find"}, {Key: "ls"}}}
	num := &page.Predict{Kind: page.Number}
	for _, c := range []struct {
		p    *page.Predict
		text string
		want string
	}{
		{choice, "A 10 B 30", "A=25 B=75"},
		{choice, "b30 a10", "A=25 B=75"},
		{choice, "a10b30", "A=25 B=75"},
		{choice, "A: 10 %, B: 30 %", "A=25 B=75"},
		{choice, "A 1 A 1 B 2", "A=50 B=50"},
		{choice, "A 0", "A=0 B=0"},
		{marks, "ls 80 find 20", "find=20 ls=80"},
		{marks, "ls 150 find 75", "find=50 ls=100"},
		{num, "143 2 130 6", "130=75 143=25"},
		{choice, "", "type shares or hands: A 10 B 60"},
		{choice, "A", "how many for A? type shares or hands: A 10 B 60"},
		{choice, "E 10", "E is none of the answers; type shares or hands: A 10 B 60"},
		{choice, "A -3", "-3 is no share; type shares or hands: A 10 B 60"},
		{choice, "A 1 B 99999999999999999999", "99999999999999999999 is no share; type shares or hands: A 10 B 60"},
		{num, "many 3", "many is none of the answers; type the numbers said, each with its share: 1 60 2 20"},
	} {
		v, err := parseVote(c.text, c.p)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			for _, o := range answers(c.p, [2]vote{v}) {
				got += " " + o.Key + "=" + strconv.Itoa(v.share(o.Key, c.p))
			}
		}
		if strings.TrimSpace(got) != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

func TestTheBandIsTypedAtWithKeys(t *testing.T) {
	s := NewShow([]*page.Lesson{exitStatus(t)}, false)
	s.Begin()
	s.Ran(1)
	keys := func(names ...string) {
		for _, k := range names {
			s.Key(k)
		}
	}
	keys("c", "space", "1", "enter")
	b := s.Band(60, 12, play.Style{})
	if !b.Keys || !strings.Contains(strings.Join(b.Lines, " "), "c is none of the answers; type shares or hands: A 10 B 60") {
		t.Errorf("a wrong vote: %q", b.Lines)
	}
	for _, l := range b.Lines {
		if typeset.Width(l) > 60 {
			t.Errorf("%d columns: %q", typeset.Width(l), l)
		}
	}
	for range 20 {
		keys("backspace")
	}
	keys("a", "space", "1", "0", "enter", "enter")
	if s.phase != before || s.votes[0]["A"] != 10 || s.votes[1] != nil {
		t.Errorf("phase %d, votes %v", s.phase, s.votes)
	}
	if r := s.Key("enter"); len(r.Type) == 0 || s.Band(60, 12, play.Style{}).Keys {
		t.Error("Enter does not begin the experiment, or the band keeps the keys")
	}
	keys("b", "enter", "x", "backspace")
	if s.phase != running {
		t.Error("keys end the experiment")
	}
}

func TestEachQuestionFitsAProjectorOf60Columns(t *testing.T) {
	for _, q := range questions.All() {
		for _, v := range q.Variants() {
			s := NewShow([]*page.Lesson{v}, true)
			s.Begin()
			s.Ran(1)
			for _, line := range []string{"", "next", "", "next"} {
				if line != "" {
					tell(t, s, line)
				}
				if s.phase < before { // a vote for everything there is
					text := "answer"
					for _, o := range answers(s.predict(), s.votes) {
						text += " " + o.Key + " 7"
					}
					if s.predict().Kind == page.Number {
						text += " 1 5 130 50 131 9"
					}
					tell(t, s, text)
				}
				b := s.Band(60, 8, play.Style{ASCII: true}) // of 18 rows
				all := strings.Join(b.Lines, "\n")
				for _, o := range s.predict().Options {
					if !strings.Contains(all, " "+o.Key+"  "+o.Text[:3]) {
						t.Errorf("%s, phase %d: answer %s is missing:\n%s", v.ID, s.phase, o.Key, all)
					}
				}
				fits(t, v.ID, b)
			}
			s.kernel = []string{"A"} // and what the kernel said
			s.move(answered)
			var said string
			for range 2 {
				b := s.Band(60, 8, play.Style{ASCII: true})
				fits(t, v.ID, b)
				said += strings.Join(b.Lines, " ")
				if !s.short {
					break
				}
				s.Key("enter")
			}
			if why := strings.Join(paragraph(s.step().Why, 60), " "); !strings.Contains(said, why) || !strings.HasSuffix(said, "Enter: on") {
				t.Errorf("%s: the why is not to be read:\n%s", v.ID, said)
			}
		}
	}
}

// fits says whether a band in ASCII has no more than 60 columns and 8 lines.
func fits(t *testing.T, id string, b play.Band) {
	t.Helper()
	if len(b.Lines) > 8 {
		t.Errorf("%s: %d lines", id, len(b.Lines))
	}
	for _, l := range b.Lines {
		if n := typeset.Width(l); n > 60 {
			t.Errorf("%s: %d columns: %s", id, n, l)
		}
		if strings.ContainsAny(l, "█✓✗") {
			t.Errorf("%s: not ASCII: %s", id, l)
		}
	}
}

func TestWhereTheWhyHasNoRoomBesideTheAnswersItComesNext(t *testing.T) {
	s := NewShow([]*page.Lesson{stored(t)}, true)
	s.Begin()
	s.Ran(1)
	for _, line := range []string{"answer A 1 B 2", "answer A 3", "next"} {
		tell(t, s, line)
	}
	look := func(rows int) string {
		return strings.Join(s.Band(60, rows, play.Style{ASCII: true}).Lines, "\n")
	}
	if all := look(20); !strings.Contains(all, "Enter: on") {
		t.Errorf("with room:\n%s", all)
	}
	why := page.Text(s.step().Why).Strings()[0]
	small := look(3)
	if strings.Contains(small, why) || !strings.HasSuffix(small, "Enter: why") {
		t.Errorf("without:\n%s", small)
	}
	if r := s.Key("enter"); r.Done {
		t.Error("Enter left the question")
	}
	if all := look(5); !strings.Contains(all, why) || !strings.Contains(all, "+ "+s.kernel[0]) || !strings.HasSuffix(all, "Enter: on") {
		t.Errorf("the why alone:\n%s", all)
	}
	if r := s.Key("enter"); !r.Done {
		t.Error("Enter does not go on")
	}
}

func TestWhateverIsTypedAShowNeverPanicsAndCanBeLeft(t *testing.T) {
	lines := []string{"next", "back", "show", "hint", "where", "restart", "skip", "answer A 1", "answer", "answer x y z", "bogus", "see"}
	for seed := range 300 {
		s := NewShow([]*page.Lesson{exitStatus(t), stored(t), exitStatus(t)}, false)
		s.Begin()
		x := uint32(seed*2654435761 + 1)
		for step := range 60 {
			x = x*1664525 + 1013904223
			line := lines[int(x>>16)%len(lines)]
			if line == "see" {
				s.Ran(uint64(step))
				s.See(ran(uint64(step)+1, 3))
			} else if s.Tell(strings.Fields(line)).Done {
				s.Begin()
			}
			s.Key([]string{"enter", "a", "1", "esc", "up"}[step%5])
			s.Plain(60)
			s.Band(60, 1+step%14, play.Style{})
			s.Progress()
		}
		if !s.Tell([]string{"quit"}).Done {
			t.Fatal("quit does not leave")
		}
	}
}

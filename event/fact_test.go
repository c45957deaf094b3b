package event

import "testing"

func TestAFactSaysWhatWasAskedAndWhatWasAnswered(t *testing.T) {
	for _, c := range []struct {
		e          Event
		json, text string
	}{
		{Event{Kind: Fact, Source: Lesson, Pid: 7, Path: FactStatus, Text: "SigBlk 0 SigIgn 1 SigCgt 4002 Umask 022"},
			`{"kind":"fact","source":"lesson","pid":7,"path":"status","text":"SigBlk 0 SigIgn 1 SigCgt 4002 Umask 022"}`,
			"7 ignores SIGHUP, catches SIGINT SIGTERM, umask 022  [/proc/7/status]"},
		{Event{Kind: Fact, Source: Lesson, Pid: 7, Path: FactStatus, Text: "SigBlk 0 SigIgn 0 SigCgt ffff x"},
			`{"kind":"fact","source":"lesson","pid":7,"path":"status","text":"SigBlk 0 SigIgn 0 SigCgt ffff x"}`,
			"7 catches 16 signals  [/proc/7/status]"},
		{Event{Kind: Fact, Source: Lesson, Pid: 7, Path: FactFd, Argv: []string{"0 /dev/null"}},
			`{"kind":"fact","source":"lesson","pid":7,"path":"fd","argv":["0 /dev/null"]}`,
			"7 has descriptors 0 /dev/null  [/proc/7/fd]"},
		{Event{Kind: Fact, Source: Lesson, Pid: 7, Errno: 3, Path: FactCwd},
			`{"kind":"fact","source":"lesson","pid":7,"errno":3,"path":"cwd"}`,
			"the lesson asked about 7, in vain: ESRCH  [/proc/7/cwd]"},
		{Event{Kind: Fact, Source: Lesson, Path: FactMachine, Argv: []string{"user=ada", "jsh=0.1\x1b"}},
			`{"kind":"fact","source":"lesson","path":"machine","argv":["user=ada","jsh=0.1\u001b"]}`,
			`played by user=ada, jsh=0.1\e`},
	} {
		if got := string(AppendJSON(nil, &c.e)); got != c.json {
			t.Errorf("JSON\n%s, not\n%s", got, c.json)
		}
		if got := c.e.String(); got != c.text {
			t.Errorf("%q, not %q", got, c.text)
		}
	}
	if e := (Event{Argv: []string{"user=ada", "x"}}); e.Value("user") != "ada" || e.Value("x") != "" {
		t.Error("the values")
	}
}

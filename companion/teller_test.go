package companion

import (
	"os"
	"slices"
	"testing"

	"jsh/event"
)

func TestAProcessThatIsNoShellTellsWhatItMadeAPuppetDo(t *testing.T) {
	h := newHub(t, Options{Socket: true})
	log := event.NewLog(100)
	s := join(t, h, log)
	tell(log, s, event.Event{Kind: event.LineBegin, Pid: os.Getpid(), Text: "daemonize"})
	say, err := Teller(h.Path())
	if err != nil {
		t.Fatal(err)
	}
	say(event.Event{At: event.Now(), Kind: event.Call, Source: event.Puppet, Pid: 4712, Text: "setsid() = 4712"})
	await(t, "the call in the log", h.Updates(), func() bool {
		return slices.ContainsFunc(h.Moment(Place{}).Events, func(e event.Event) bool {
			return e.Kind == event.Call && e.Source == event.Puppet && e.Pid == 4712 && e.Text == "setsid() = 4712"
		})
	})
	h.Close()
	say(event.Event{At: event.Now(), Kind: event.Call, Source: event.Puppet, Pid: 4712, Text: "exit(0)"}) // nobody hears it
}

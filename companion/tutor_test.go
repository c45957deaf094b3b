package companion

import (
	"os"
	"strconv"
	"testing"

	"jsh/event"
)

func TestWhatTheLearnerToldTheLessonIsInTheLog(t *testing.T) {
	h := newHub(t, Options{Socket: true})
	cl, err := Dial(h.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	if err := cl.Tell(event.Event{Kind: event.Told, Text: "answer B"}); err != nil {
		t.Fatal(err)
	}
	for {
		for _, e := range cl.Since(0).Events {
			if e.Kind == event.Told {
				if e.Text != "answer B" || e.Source != event.Lesson {
					t.Errorf("%+v", e)
				}
				return
			}
		}
		<-cl.Updates()
	}
}

func TestOnlyWhoTheShellVouchedForMayType(t *testing.T) {
	typed := make(chan string, 10)
	h := newHub(t, Options{Socket: true, Type: func(text string) { typed <- text }})
	cl, err := Dial(h.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	cl.Type("before")
	cl.Tell(event.Event{Kind: event.Told, Text: "x"}) // passes the hub after it
	for len(cl.Since(0).Events) == 0 {
		<-cl.Updates()
	}
	self := os.Getpid()
	s, err := Join(h.Path(), self, event.NewLog(10), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Vouch(self); err != nil {
		t.Fatal(err)
	}
	cl.Type("after")
	if got := <-typed; got != "after" {
		t.Error("typed", strconv.Quote(got))
	}
}

package companion

import (
	"bytes"
	"sync"
)

// sink takes the stream to one reader: a viewer's socket or a file. Lines wait
// in its queue; a goroutine of its own writes them, and may wait as long as the
// reader likes. When too many wait they are dropped, and the reader gets a Gap
// and a whole frame once it reads again.
type sink struct {
	write func([]byte) error
	close func()
	// again makes the lines that bring the reader up to date, after so many
	// events were dropped. It is called without any lock.
	again func(s *sink, lost uint64)

	mu     sync.Mutex
	wake   chan struct{} // capacity 1
	queue  []byte
	limit  int
	behind bool
	lost   uint64
	events uint64 // written or waiting
	ending bool   // no more will come
	err    error  // of write: nothing is written after it
	over   chan struct{}
}

// queueLimit is how much may wait for a slow reader.
const queueLimit = 4 << 20

func newSink(write func([]byte) error, close func()) *sink {
	return &sink{write: write, close: close, limit: queueLimit, wake: make(chan struct{}, 1), over: make(chan struct{})}
}

// push adds whole lines. It never waits.
func (s *sink) push(lines []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ending || s.err != nil:
		return
	case s.behind:
		s.lost += countEvents(lines)
		return
	case len(s.queue)+len(lines) > s.limit:
		dropped := countEvents(s.queue)
		s.events -= dropped
		s.lost += dropped + countEvents(lines)
		s.queue, s.behind = nil, true
	default:
		s.events += countEvents(lines)
		s.queue = append(s.queue, lines...)
	}
	s.poke()
}

func (s *sink) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// resume ends being behind, with lines that make up for what was lost.
func (s *sink) resume(lines []byte) {
	s.mu.Lock()
	s.behind, s.lost = false, 0
	s.queue = append(s.queue, lines...)
	s.mu.Unlock()
	s.poke()
}

// run writes until finish, or until the reader is gone. It closes the sink.
func (s *sink) run() {
	defer close(s.over)
	defer s.close()
	for range s.wake {
		for {
			s.mu.Lock()
			lines, behind, lost, ending := s.queue, s.behind, s.lost, s.ending
			s.queue = nil
			s.mu.Unlock()
			if len(lines) == 0 {
				if behind && !ending {
					s.again(s, lost)
					continue
				}
				if ending {
					return
				}
				break
			}
			if err := s.write(lines); err != nil {
				s.mu.Lock()
				s.err = err
				s.mu.Unlock()
				return
			}
		}
	}
}

// finish lets the sink write what waits, and then end.
func (s *sink) finish() {
	s.mu.Lock()
	s.ending = true
	s.mu.Unlock()
	s.poke()
}

// countEvents counts the lines that are events: the others say so in their
// first key.
func countEvents(lines []byte) uint64 {
	n := bytes.Count(lines, []byte("\n"))
	for _, other := range [...]string{`{"frame"`, `{"about"`} {
		if bytes.HasPrefix(lines, []byte(other)) {
			n--
		}
		n -= bytes.Count(lines, []byte("\n"+other))
	}
	return uint64(max(n, 0))
}

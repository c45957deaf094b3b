// Package wire is what passes between a shell and the lesson's process, jsh:
// tutor: the names by which that is started, the socket's path, the messages, and
// the shell's end of it.
//
// It never knows what a lesson is, and never waits longer than it says: a tutor
// that is stopped or dead costs the shell 300 ms once.
//
// # Messages
//
// AF_UNIX, SOCK_SEQPACKET. A message is fields with NUL between them. The first
// is its kind; the second of a request is a number, which its answer repeats, so
// that an answer that came too late is known as such.
package wire

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ProcessName is argv[0] of the lesson's process. argv[1] is "start" or "run",
// argv[2] the descriptor of the shell's connection, argv[3] the companion's
// socket.
const ProcessName = "jsh: tutor"

// Programs are the words after lesson that are a program's work: they need no
// lesson that runs.
var programs = [...]string{"claims", "export", "hand-in", "lint", "list", "new", "test", "verify"}

// IsProgram says that lesson WORD is a program's work.
func IsProgram(word string) bool { return slices.Contains(programs[:], word) }

// words are what is said after lesson to the lesson that runs.
var words = [...]string{"hint", "show", "skip", "next", "again", "back", "restart", "where", "quit"}

// ForLesson says that lesson WORD, with no more behind it, is for the lesson that runs.
func ForLesson(word string) bool { return slices.Contains(words[:], word) }

// IsEntry says that a process that was started with args is not a shell but
// package tutor's to run.
func IsEntry(args []string) bool {
	if len(args) == 0 {
		return false
	}
	if args[0] == ProcessName {
		return true
	}
	return len(args) > 1 && (args[1] == "lesson" || args[1] == "quiz" || args[1] == "demo") && strings.TrimPrefix(filepath.Base(args[0]), "-") != "sh"
}

// Refused is the status of a Say that refuses a scene of which there is a recording:
// Text is why.
const Refused = 3

// PathBeside is where the tutor of a companion listens.
func PathBeside(companion string) string {
	return strings.TrimSuffix(companion, ".sock") + ".lesson"
}

// Kinds of messages.
const (
	Hello  = "hello"  // shell → tutor: its Shell
	Words  = "words"  // shell → tutor: what the learner typed at lesson or answer
	Prompt = "prompt" // shell → tutor: it is about to prompt
	Ran    = "ran"    // shell → tutor: the lines of a Say have been run; no answer
	answer = "answer" // tutor → shell: a Say
	news   = "news"   // tutor → shell, unasked: a Say
)

// Shell is what a shell says of itself and its terminal.
type Shell struct {
	Pid           int
	Cols          int
	ASCII, Colour bool
}

// Say is what a shell is to do: print Text, run the lines, return Status.
type Say struct {
	Text   string
	Run    []string
	Typed  string // a line to be run as if it had been typed; "" none
	Status int
	Over   bool // the lesson is over: nothing more will come
}

// Request is what a shell sends.
type Request struct {
	Kind   string
	Number int
	Shell  Shell    // of Hello
	Words  []string // of Words
	At     int64    // of Prompt and Ran: the time of the shell's newest event (CLOCK_MONOTONIC, ns)
	Empty  bool     // of Prompt: Enter alone was typed at the one before
}

var errMessage = errors.New("a message that makes no sense")

// Bytes is the message.
func (r *Request) Bytes() []byte {
	f := []string{r.Kind, strconv.Itoa(r.Number)}
	switch r.Kind {
	case Hello:
		f = append(f, strconv.Itoa(r.Shell.Pid), strconv.Itoa(r.Shell.Cols), truth(r.Shell.ASCII), truth(r.Shell.Colour))
	case Words:
		f = append(f, r.Words...)
	case Prompt:
		f = append(f, strconv.FormatInt(r.At, 10), truth(r.Empty))
	case Ran:
		f = append(f, strconv.FormatInt(r.At, 10))
	}
	return []byte(strings.Join(f, "\x00"))
}

// ParseRequest reads what Bytes made.
func ParseRequest(msg []byte) (*Request, error) {
	f := strings.Split(string(msg), "\x00")
	if len(f) < 2 {
		return nil, errMessage
	}
	r := &Request{Kind: f[0]}
	var bad bool
	number := func(s string) int64 {
		n, err := strconv.ParseInt(s, 10, 64)
		bad = bad || err != nil
		return n
	}
	r.Number = int(number(f[1]))
	f = f[2:]
	switch {
	case r.Kind == Hello && len(f) == 4:
		r.Shell = Shell{int(number(f[0])), int(number(f[1])), f[2] == "1", f[3] == "1"}
	case r.Kind == Words && len(f) > 0:
		r.Words = f
	case r.Kind == Prompt && len(f) == 2:
		r.At, r.Empty = number(f[0]), f[1] == "1"
	case r.Kind == Ran && len(f) == 1:
		r.At = number(f[0])
	default:
		bad = true
	}
	if bad {
		return nil, errMessage
	}
	return r, nil
}

// Answer is the message that answers request number; 0: nobody asked. A text that
// is too long for a message is cut.
func (s *Say) Answer(number int) []byte {
	kind := answer
	if number == 0 {
		kind = news
	}
	const longest = 40 << 10
	text := s.Text
	if len(text) > longest {
		text = text[:longest] + "\n(cut)\n"
	}
	f := append([]string{kind, strconv.Itoa(number), text, strconv.Itoa(s.Status), truth(s.Over), s.Typed}, s.Run...)
	return []byte(strings.Join(f, "\x00"))
}

// parseSay reads what Answer made; number is 0 for news.
func parseSay(msg []byte) (s Say, number int, err error) {
	f := strings.Split(string(msg), "\x00")
	if len(f) < 6 || f[0] != answer && f[0] != news {
		return s, 0, errMessage
	}
	number, err = strconv.Atoi(f[1])
	status, err2 := strconv.Atoi(f[3])
	if err != nil || err2 != nil {
		return s, 0, errMessage
	}
	return Say{Text: f[2], Status: status, Over: f[4] == "1", Typed: f[5], Run: f[6:]}, number, nil
}

func truth(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// environ is what the tutor needs of the shell's environment.
func environ() (env []string) {
	for _, n := range [...]string{"HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "LC_ALL", "LC_CTYPE", "LANG", "NO_COLOR", "TERM", "PATH", "LOGNAME", "USER"} {
		if v, ok := os.LookupEnv(n); ok {
			env = append(env, n+"="+v)
		}
	}
	return env
}

package companion

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Client is a viewer's connection to a hub. It keeps a log of its own, which the
// hub's stream fills.
type Client struct {
	*book
	c      *conn
	r      *reader // mu guards what Keep asks of it
	heard  bool    // something came; mu guards it
	teller bool    // Tell was used

	keyNames chan string
	done     chan struct{}
}

// Dial connects to the hub at path. Errors say what to do.
func Dial(path string) (*Client, error) {
	fd, err := connect(path)
	if err != nil {
		return nil, errors.New(path + ": " + explain(err))
	}
	c, err := newConn(fd)
	if err != nil {
		return nil, err
	}
	if err := c.send([]byte{msgViewer}); err != nil {
		c.close()
		return nil, errors.New(path + ": " + explain(err))
	}
	cl := &Client{book: newBook(defaultMemory), c: c, done: make(chan struct{}), keyNames: make(chan string, 64)}
	cl.r = &reader{b: cl.book}
	pid, _ := peer(fd)
	cl.source = "the companion"
	go cl.read()
	time.AfterFunc(2*time.Second, func() {
		cl.mu.Lock()
		if !cl.heard {
			cl.source = "a companion that does not answer; is it stopped? kill -CONT " + strconv.Itoa(pid)
		}
		cl.mu.Unlock()
		cl.changed()
	})
	return cl, nil
}

// explain says what the refusal of a connection means.
func explain(err error) string {
	switch {
	case errors.Is(err, unix.ECONNREFUSED):
		return "nobody listens there any more (ECONNREFUSED): the companion has ended"
	case errors.Is(err, unix.ENOENT):
		return "there is no such socket (ENOENT)"
	case errors.Is(err, unix.EACCES):
		return "not permitted (EACCES): a companion serves its own user only"
	case errors.Is(err, unix.EAGAIN):
		return "the companion takes no connection now (EAGAIN): it may be stopped"
	case errors.Is(err, unix.EPROTOTYPE):
		return "a socket, but not a companion's (EPROTOTYPE)"
	case errors.Is(err, unix.ENOTSOCK), errors.Is(err, errStranger):
		return err.Error()
	}
	return errText(err)
}

func (cl *Client) read() {
	defer close(cl.done)
	defer cl.c.close()
	r := cl.r
	buf := make([]byte, maxMessage)
	why := "the companion has ended"
	for {
		n, file, err := cl.c.receive(buf)
		if file >= 0 {
			unix.Close(file)
		}
		if err != nil || n == 0 {
			break
		}
		if buf[0] == msgKey {
			select {
			case cl.keyNames <- string(buf[1:n]):
			default:
			}
			continue
		}
		if buf[0] != msgStream {
			continue
		}
		cl.mu.Lock()
		cl.heard = true
		cl.mu.Unlock()
		if err := r.bytes(buf[1:n]); err != nil {
			why = "the companion sent what this viewer does not understand: " + err.Error()
			break
		}
		cl.flush()
		cl.changed()
	}
	cl.mu.Lock()
	cl.gone = why
	cl.mu.Unlock()
	cl.changed()
}

// Close ends the connection. What came is still there to be read.
func (cl *Client) Close() {
	cl.c.close()
	<-cl.done
}

// Found is a hub of this user.
type Found struct {
	Path  string
	Pid   int  // of the hub; 0: not known
	Shell int  // whose picture it shows; 0: none yet
	Lines int  // command lines so far
	Over  bool // the shell has ended; something that it started lives on
}

// Alive tells whether a companion answers at a socket: EnvName may lead to one
// that is gone.
func Alive(path string) bool {
	fd, err := connect(path)
	if err != nil {
		return false
	}
	unix.Close(fd)
	return true
}

// Find lists the hubs of this user. Sockets without a hub are removed.
func Find() ([]Found, error) {
	dir, err := Dir()
	if err != nil {
		return nil, err
	}
	sweepDir(dir)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var list []Found
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".sock") {
			continue
		}
		if f, err := ask(dir + "/" + e.Name()); err == nil {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b Found) int { return a.Shell - b.Shell })
	return list, nil
}

// ask asks a hub who it is; one that does not answer at once (it is stopped) is
// found all the same.
func ask(path string) (Found, error) {
	fd, err := connect(path)
	if err != nil {
		return Found{Path: path}, err
	}
	f := Found{Path: path}
	f.Pid, _ = peer(fd)
	s := &Sender{fd: fd, Path: path}
	defer s.Close()
	if send(fd, []byte{msgWho}) != nil {
		return f, nil
	}
	const patience = 500e6
	kind, text, err := s.answer(nowPlus(patience))
	if err == nil && kind == msgYes {
		if r, err := parseLine([]byte(strings.TrimSpace(text))); err == nil && r.about != nil {
			f.Shell, f.Lines = r.about.shell, r.about.episodes
			f.Over = f.Shell != 0 && unix.Kill(f.Shell, 0) == unix.ESRCH
		}
	}
	return f, nil
}

// Named finds the hub that a word means: a socket's path, the pid of a shell or
// of its companion. "" is the only one there is, or the only one whose shell
// lives. Errors name what there is.
func Named(word string) (Found, error) {
	if strings.Contains(word, "/") {
		return Found{Path: word}, nil
	}
	list, err := Find()
	if err != nil {
		return Found{}, err
	}
	pid, err := strconv.Atoi(word)
	if word != "" && err != nil {
		return Found{}, errors.New(word + ": this is no PID; a socket's path has a / in it")
	}
	live := 0
	for _, f := range list {
		if !f.Over {
			live++
		}
	}
	for _, f := range list {
		if word == "" && (len(list) == 1 || live == 1 && !f.Over) || pid != 0 && (f.Shell == pid || f.Pid == pid) {
			return f, nil
		}
	}
	switch {
	case len(list) == 0:
		return Found{}, errors.New("no jsh of yours has a companion yet: type viz in one, then try again")
	case word == "":
		return Found{}, &AmbiguousError{list}
	}
	if len(list) == 1 {
		return Found{}, errors.New(word + ": no jsh with this PID has a companion; the only one that has is " + listed(list))
	}
	return Found{}, errors.New(word + ": no jsh with this PID has a companion; those that have are " + listed(list))
}

// AmbiguousError says that there are several hubs.
type AmbiguousError struct{ Found []Found }

func (e *AmbiguousError) Error() string {
	return "there are several; say which: " + listed(e.Found)
}

func listed(list []Found) string {
	var words []string
	for _, f := range list {
		if f.Shell == 0 {
			words = append(words, f.Path)
		} else {
			words = append(words, strconv.Itoa(f.Shell))
		}
	}
	return strings.Join(words, ", ")
}

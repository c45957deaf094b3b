package companion

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"jsh/event"
)

// Band is the place of a lesson in the picture: lines at the foot of the screen,
// the keyboard while it asks for it, and marks beside processes.
type Band struct {
	Lines []string // no Lines: no band. The screen cuts what does not fit Client.Size
	// Keys asks for the keyboard. Keys come over Client.Keys until the learner
	// gives it back ("esc"), or a Band without Keys comes.
	Keys  bool
	Marks map[int]string // pid → "?", "✓", "dies?": beside the process in every picture
}

// none tells whether there is nothing to show.
func (b *Band) none() bool { return len(b.Lines) == 0 && !b.Keys && len(b.Marks) == 0 }

// SetBand shows a band in the picture of the shell; the newest is shown. Only a
// process that the shell has vouched for has one (Sender.Vouch), and it is gone
// when the client is. An error says that the companion is.
func (cl *Client) SetBand(b Band) error {
	msg := []byte{msgBand}
	msg = strconv.AppendBool(msg, b.Keys)
	msg = append(append(msg, '\n'), marksText(b.Marks)...)
	for _, l := range b.Lines {
		msg = append(append(msg, '\n'), strings.ReplaceAll(l, "\n", " ")...)
	}
	if len(msg) > maxMessage {
		return errors.New("the band is too long")
	}
	return cl.c.send(msg)
}

// Keys are the names of keys that the learner pressed while the band had the
// keyboard: "up" "down" "left" "right" "space" "enter" "tab" "backspace" "home"
// "end" "pgup" "pgdn", or the character; "esc" says that it was given back. A
// reader that is slow loses keys.
func (cl *Client) Keys() <-chan string { return cl.keyNames }

// Screen tells whether a screen shows bands; without one SetBand sets marks only.
func (cl *Client) Screen() bool { cols, _ := cl.Size(); return cols > 0 }

// Size is how many columns and lines a band may have, 0 where nobody shows it.
// Updates tells when it changes.
func (cl *Client) Size() (cols, rows int) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	return cl.room[0], cl.room[1]
}

func marksText(marks map[int]string) string {
	pids := make([]int, 0, len(marks))
	for pid := range marks {
		pids = append(pids, pid)
	}
	slices.Sort(pids)
	var b strings.Builder
	for _, pid := range pids {
		b.WriteString(strconv.Itoa(pid) + "\t" + event.Visible(marks[pid]) + "\t")
	}
	return b.String()
}

func parseMarks(text string) map[int]string {
	words := strings.Split(text, "\t")
	marks := make(map[int]string)
	for i := 0; i+1 < len(words); i += 2 {
		if pid, err := strconv.Atoi(words[i]); err == nil && pid > 0 {
			marks[pid] = words[i+1]
		}
	}
	if len(marks) == 0 {
		return nil
	}
	return marks
}

// bandOf takes a band of a process that the shell has vouched for.
func (h *Hub) bandOf(c *conn, text string) {
	lines := strings.Split(text, "\n")
	if len(lines) < 2 {
		return
	}
	b := Band{Keys: lines[0] == "true", Marks: parseMarks(lines[1]), Lines: lines[2:]}
	h.mu.Lock()
	ok := c.pid != 0 && c.pid == h.typer
	h.mu.Unlock()
	if ok {
		h.setBand(c, b)
	}
}

func (h *Hub) setBand(c *conn, b Band) {
	h.mu.Lock()
	if b.none() {
		if h.bandBy != nil && h.bandBy != c {
			h.mu.Unlock()
			return // it has another's already
		}
		c = nil
	}
	h.bandBy = c
	if marksText(b.Marks) != marksText(h.marks) {
		h.marks = b.Marks
		h.tellAbout()
	}
	show := h.bander
	h.mu.Unlock()
	if show != nil {
		show(b)
	}
	h.changed()
}

// SetRoom says how large a band may be, when the screen's size has changed.
func (h *Hub) SetRoom(cols, rows int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now := [2]int{cols, rows}; h.room != now {
		h.room = now
		h.tellAbout()
	}
}

// BandKey gives a key to whoever has the band. It never waits: to one that takes
// nothing the key is lost.
func (h *Hub) BandKey(name string) {
	h.mu.Lock()
	c := h.bandBy
	h.mu.Unlock()
	if c != nil {
		c.answer(msgKey, name)
	}
}

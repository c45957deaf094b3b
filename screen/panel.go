package screen

import (
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"jsh/companion"
	"jsh/event"
)

// panel is what stands at the foot for a while and takes the keys: the menu,
// the scrollback, a question.
type panel interface {
	lines(s *screen, w int) []string
	key(s *screen, name string)
}

// show opens a panel; nil closes the one that is open.
func (s *screen) show(p panel) {
	s.panel = p
	s.dirty = true
}

// footLines are the lines of the open panel.
func (s *screen) footLines() []string {
	if s.panel == nil {
		return nil
	}
	lines := s.panel.lines(s, s.lay.cols)
	if over := len(lines) - max(1, s.lay.rows-1); over > 0 {
		lines = lines[:len(lines)-over]
	}
	out := make([]string, len(lines))
	for i, l := range lines {
		fill := max(0, s.lay.cols-textLen(l))
		out[i] = s.style(inverseOn) + l + strings.Repeat(" ", fill)
	}
	return out
}

// pressMenu is the menu key: it opens the menu; a second press passes it on.
func (s *screen) pressMenu(b []byte) {
	s.dirty = true
	switch s.panel.(type) {
	case nil:
		if s.want.full {
			s.setView(true, false)
		}
		s.show(&menu{})
	case *menu:
		s.show(nil)
		s.type_(b)
	case *stoppedPanel, *endedPanel:
	default:
		s.back = 0
		s.pics.look(func(companion.Moments, companion.Place) companion.Place { return companion.Place{} })
		s.show(&menu{})
	}
}

// setView says how much of the picture is wanted.
func (s *screen) setView(picture, full bool) {
	s.want.picture, s.want.full = picture, full
	s.hidden.Store(!picture)
	s.dirty = true
	s.resize()
}

type menu struct{}

func (*menu) lines(s *screen, w int) []string {
	key := s.keyName
	if w < 79 {
		if s.band.Keys && s.bandShown() {
			return []string{" l keys to the lesson  v picture  f full",
				" <- past  s scroll  r redraw  q  Esc"}
		}
		return []string{" v picture  f full  <- past  s scroll",
			" r redraw  h help  q quit  Esc close"}
	}
	if s.band.Keys && s.bandShown() {
		return []string{
			" MENU  l keys to the lesson  v picture  f full picture  <- look back  s scroll",
			"       c contrast     r redraw        z suspend  q quit  Esc closes  " + key + " sends it",
		}
	}
	view := "v picture off"
	if !s.want.picture {
		view = "v picture on "
	}
	return []string{
		" MENU  " + view + "  f full picture  <- look back   s scroll back  h help",
		"       c contrast     r redraw        z suspend  q quit  Esc closes  " + key + " sends it",
	}
}

func (*menu) key(s *screen, name string) {
	s.show(nil)
	switch name {
	case "v":
		s.setView(!s.want.picture, false)
	case "f":
		s.showFull()
	case "l":
		s.band.focus = s.band.Keys
	case "left", "pgup":
		if s.lay.picture.empty() {
			s.setView(true, false)
		}
		s.show(&pastPanel{})
		s.panel.key(s, name)
	case "s", "up":
		s.scroll(1)
		s.show(&scrollPanel{})
	case "c":
		s.contrast = !s.contrast
		s.pics.contrast(s.contrast)
	case "h", "?":
		s.show(&helpPanel{})
	case "r", "^L":
		s.redraw()
	case "z":
		if err := s.request("suspend"); err != nil {
			s.show(&sayPanel{" " + err.Error()})
		}
	case "q":
		s.show(&quitPanel{})
	case "esc", "enter", "^C", "^G", "space":
	default:
		s.show(&menu{})
	}
}

// pastPanel looks back: the picture goes through what is remembered, the shell
// goes on as it does.
type pastPanel struct{}

func (*pastPanel) lines(s *screen, w int) []string {
	if w < 76 {
		return []string{" PAST  <- -> event  PgUp PgDn line  q now"}
	}
	return []string{" PAST  <- -> by event   PgUp PgDn by command line   Home the oldest   End now"}
}

func (*pastPanel) key(s *screen, name string) {
	type (
		moments = companion.Moments
		place   = companion.Place
	)
	switch name {
	case "left":
		s.pics.look(func(m moments, p place) place { return m.Prev(p) })
	case "right":
		s.pics.look(func(m moments, p place) place { return m.Next(p) })
	case "pgup", "up":
		s.pics.look(func(m moments, p place) place { return m.PrevEpisode(p) })
	case "pgdn", "down":
		s.pics.look(func(m moments, p place) place { return m.NextEpisode(p) })
	case "home":
		s.pics.look(func(m moments, _ place) place { return m.First() })
	case "":
		return
	default:
		s.pics.look(func(moments, place) place { return place{} })
	}
	if s.pics.where().Live() {
		s.show(nil)
	}
}

// showFull shows the picture alone, until a key is pressed.
func (s *screen) showFull() {
	if !s.want.alt {
		s.setView(true, true)
		s.show(&fullPanel{})
	}
}

// fullPanel is open while the picture covers the shell: any key ends that.
type fullPanel struct{}

func (*fullPanel) lines(*screen, int) []string { return nil }

func (*fullPanel) key(s *screen, name string) {
	s.show(nil)
	s.setView(true, false)
}

type helpPanel struct{}

func (*helpPanel) lines(s *screen, w int) []string {
	return []string{
		" What you type goes to the shell, or to the program that has the keyboard.",
		" The picture is what the kernel says: the outer frame is a session, a box",
		" a process group, KEYBOARD the foreground process group of the terminal.",
		" 4711=5 is a process that has pid 5 in a pid namespace of its own (sandbox).",
		" vim, less and the like get the whole terminal while they run.",
		" " + s.keyName + " opens the menu; pressed twice it goes to the program. JSH_MENU_KEY",
		" names another key (F1 to F12, ^A to ^_, none). jsh --plain has no screen.",
		" Any key closes this.",
	}
}

func (*helpPanel) key(s *screen, _ string) { s.show(nil) }

// sayPanel tells something until a key is pressed.
type sayPanel struct{ text string }

func (p *sayPanel) lines(*screen, int) []string { return []string{p.text} }

func (*sayPanel) key(s *screen, _ string) { s.show(nil) }

type quitPanel struct{}

func (*quitPanel) lines(*screen, int) []string {
	return []string{" Quit hangs up the shell: it and its jobs get SIGHUP. (Or type exit there.)",
		" y  hang up and leave     any other key  stay"}
}

func (*quitPanel) key(s *screen, name string) {
	s.show(nil)
	if name == "y" || name == "Y" {
		s.end(128 + int(unix.SIGHUP))
	}
}

// scrollPanel looks at what left at the top of the shell's part.
type scrollPanel struct{ search search }

func (p *scrollPanel) lines(s *screen, w int) []string {
	f := &p.search
	if f.asking {
		return []string{" / " + f.typed + "_   Enter: look above   Esc: leave it"}
	}
	said := f.said
	if said != "" {
		said += "   "
	}
	if w < 76 {
		return []string{" " + said + itoa(s.back) + " back  arrows PgUp PgDn  / find  q end"}
	}
	more := "/ find"
	if f.text != "" {
		more = "/ n N find"
	}
	keys := "arrows PgUp PgDn Home  "
	if said != "" {
		keys = ""
	}
	return []string{" SCROLL  " + said + itoa(s.back) + " of " + itoa(s.grid.Scrollback()) + " back  " + keys + more + "  Esc: to the end"}
}

func (p *scrollPanel) key(s *screen, name string) {
	f := &p.search
	page := max(1, s.lay.shell.h-2)
	switch {
	case f.asking:
		if f.key(name) {
			f.hit = s.lay.shell.h - s.back // above what is seen, its last row first
			s.find(f, -1)
		}
		return
	case name == "/" || name == "?":
		f.asking, f.typed, f.said = true, "", ""
		return
	case (name == "n" || name == "N") && f.text != "":
		step := -1
		if name == "N" {
			step = 1
		}
		s.find(f, step)
		return
	}
	f.said = ""
	switch name {
	case "up", "k":
		s.scroll(1)
	case "down", "j":
		s.scroll(-1)
	case "pgup", "b":
		s.scroll(page)
	case "pgdn", "space":
		s.scroll(-page)
	case "home", "g":
		s.scroll(s.grid.Scrollback())
	case "":
		return
	default:
		s.back = 0
	}
	if s.back == 0 {
		s.show(nil)
	}
}

// scroll moves n lines back, or towards the end where n is below 0.
func (s *screen) scroll(n int) {
	s.back = max(0, min(s.back+n, s.grid.Scrollback()))
	s.dirty = true
}

// shellStopped is for a shell that was stopped from outside: an interactive
// shell never stops itself.
func (s *screen) shellStopped(sig unix.Signal) {
	s.stopped = true
	s.show(&stoppedPanel{sig})
}

type stoppedPanel struct{ sig unix.Signal }

func (p *stoppedPanel) lines(s *screen, w int) []string {
	return []string{
		" Somebody stopped the shell, " + itoa(s.shellPid) + ", by " + event.SigName(int(p.sig)) + ": it reads no keys.",
		" c continue it (SIGCONT)   n hang it up, start a new one   q hang it up, leave",
	}
}

func (p *stoppedPanel) key(s *screen, name string) {
	switch name {
	case "c", "enter":
		unix.Kill(s.shellPid, unix.SIGCONT)
		s.show(nil)
	case "n":
		s.replaceShell()
	case "q":
		s.end(128 + int(unix.SIGHUP))
	}
}

// shellKilled is for a shell that a signal ended.
func (s *screen) shellKilled(sig unix.Signal) {
	s.hangUp() // its jobs
	s.status = 128 + int(sig)
	s.show(&endedPanel{"The shell was killed by " + event.SigName(int(sig)) + "; its terminal was hung up (SIGHUP)."})
}

type endedPanel struct{ what string }

func (p *endedPanel) lines(*screen, int) []string {
	return []string{" " + p.what, " n or Enter  a new shell    q  leave"}
}

func (p *endedPanel) key(s *screen, name string) {
	switch name {
	case "n", "enter":
		s.replaceShell()
	case "q", "^D":
		s.end(s.status)
	}
}

// replaceShell hangs up the shell that there is and starts another one.
func (s *screen) replaceShell() {
	s.show(nil)
	s.hangUp()
	s.replacing = true // that it ends now, even of itself, is no reason to leave
	if s.shellPid > 0 {
		unix.Kill(s.shellPid, unix.SIGCONT)
		s.waitShell(500 * time.Millisecond)
		if s.shellPid > 0 {
			unix.Kill(s.shellPid, unix.SIGKILL)
			s.waitShell(500 * time.Millisecond)
		}
	}
	s.replacing = false
	s.panel = nil
	// What the old programs set of the terminal's modes goes; its text stays.
	s.grid.Write([]byte("\x18"))
	if s.grid.Modes().Alternate {
		s.grid.Write([]byte("\x1b[?1049l"))
	}
	s.grid.Write([]byte("\x1b[?9;1000;1002;1003;1006;1004;2004;2026l\x1b[!p\x1b[0m\r\n"))
	s.resize()
	if err := s.newShell(); err != nil {
		s.status = 1
		s.show(&endedPanel{err.Error()})
	}
}

package edit

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// Editor reads lines. It belongs to one goroutine.
type Editor struct {
	cfg  Config
	term term
	hist history

	visitor    int  // a second descriptor to be woken by; -1: none
	histFailed bool // the history file's failure was told
	kills      killRing
	pattern    string // the last one searched for
	lone       func() // tests wait for an Esc that was pressed for itself; nil

	// Of the line being read:
	prompt  string
	buf     buffer
	keys    decoder
	scr     screen
	recall  recall
	modal   modal // takes the keys, where the line does not
	prefix  bool  // ^X was pressed
	this    class // of the command being done
	last    class // of the one before
	paused  bool  // the line is kept for the next ReadLine
	resized bool
	bell    bool
	done    bool
	err     error
}

// class is what a command must know of the one before it.
type class uint8

const (
	didOther class = iota
	didKill
	didYank
	didLastArg
	didComplete // and there was more than one candidate
)

// modal takes the keys while something else than the line is edited: a
// search, or a list of candidates.
type modal interface {
	// key handles a key. It reports false to leave the key to the line, after
	// it has ended itself.
	key(e *Editor, k key) bool
	// view is what is shown in the place of prompt and line.
	view(e *Editor) (prompt string, text []byte, pos int)
}

const defaultHistorySize = 1000

// New makes an Editor and reads the history file. If that fails the Editor
// works all the same, and the error says what is wrong with the file.
func New(cfg Config) (*Editor, error) {
	if cfg.HistorySize <= 0 {
		cfg.HistorySize = defaultHistorySize
	}
	if cfg.Mark == "" {
		cfg.Mark = "%"
	}
	e := &Editor{cfg: cfg, visitor: -1, term: term{in: cfg.TTY, out: cfg.Out}}
	e.hist = history{next: 1, max: cfg.HistorySize}
	if cfg.HistoryFile == "" {
		return e, nil
	}
	lines, err := readHistory(cfg.HistoryFile, cfg.HistorySize)
	for _, l := range lines {
		e.hist.add(l)
	}
	return e, err
}

// Watch has OnWake called too when descriptor fd can be read or is hung up; -1
// ends that.
func (e *Editor) Watch(fd int) { e.visitor = fd }

// Resize tells that the terminal has, or may have, another size. Call it
// from OnWake after SIGWINCH.
func (e *Editor) Resize() { e.resized = true }

// ReadLine reads one line, shown behind prompt, and returns it without its
// newline. A pasted text of several lines is one line with newlines in it.
// prompt may have several lines and escape sequences; what stands between \001
// and \002 takes no columns.
//
// Errors: io.EOF for ^D on an empty line, or at the end of the input (the
// cursor stays behind the prompt); ErrInterrupt, ErrHangup, ErrPaused,
// ErrBackground; *PanicError; or what read(2) and write(2) said.
func (e *Editor) ReadLine(prompt string) (line string, err error) {
	if e.cfg.Dumb {
		return e.readPlain(prompt)
	}
	switch err := e.term.enter(); err {
	case nil:
	case unix.EIO:
		return "", ErrHangup
	default:
		return e.readPlain(prompt)
	}
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: stack(), Line: string(e.buf.text)}
			line = ""
			write(e.cfg.Out, []byte("\x1b[m\x1b[?2004l\r\n"))
			e.paused = false
		}
		e.term.leave()
	}()
	e.begin(prompt)
	for !e.done {
		e.step()
	}
	return e.finish()
}

// stack is this goroutine's, as debug.Stack gives it: see pgroup.CollectSeldom.
func stack() []byte {
	buf := make([]byte, 16<<10)
	return buf[:runtime.Stack(buf, false)]
}

func (e *Editor) begin(prompt string) {
	e.prompt = prompt
	if !e.paused {
		e.buf.reset("")
		e.recall = recall{at: len(e.hist.entries)}
		e.modal, e.prefix = nil, false
		e.this, e.last = didOther, didOther
		e.keys = decoder{}
	}
	e.paused, e.done, e.err = false, false, nil
	e.scr.forget()
	e.scr.out = e.scr.out[:0]
	e.scr.noRewrap = e.cfg.NoRewrap
	e.resized = false
	e.scr.resize(e.size())
	e.mark()
	e.scr.out = append(e.scr.out, "\x1b[?2004h"...)
}

func (e *Editor) size() (cols, rows int) {
	if e.cfg.Size != nil {
		cols, rows = e.cfg.Size()
	} else {
		cols, rows = e.term.size()
	}
	if cols <= 0 {
		cols = 80
	}
	if rows <= 0 {
		rows = 24
	}
	return cols, rows
}

// mark makes the prompt start a row, and shows a mark where the last output
// did not end its own. Where the cursor stands is not known: the mark and as
// many blanks as fill a row wrap exactly if it does not stand at a row's
// start, and CR then goes to the row where the blanks ended.
func (e *Editor) mark() {
	cells := (&layout{cols: e.scr.cols, noColor: true}).show([]byte(e.cfg.Mark[:clusterLen([]byte(e.cfg.Mark))]), false)
	if len(cells) == 0 || cells[0].w >= e.scr.cols {
		e.scr.out = append(e.scr.out, "\r\n"...)
		return
	}
	if e.cfg.NoColor {
		e.scr.out = append(e.scr.out, cells[0].s...)
	} else {
		e.scr.out = append(append(append(e.scr.out, "\x1b[7m"...), cells[0].s...), "\x1b[27m"...)
	}
	for i := cells[0].w; i < e.scr.cols; i++ {
		e.scr.out = append(e.scr.out, ' ')
	}
	e.scr.out = append(e.scr.out, '\r')
}

// burst is how many bytes that are already there are taken before the screen
// is drawn all the same.
const burst = 8192

// escTime is for how many milliseconds a key that follows Esc belongs to it.
// Terminals send the bytes of a key at once; Esc as Alt is typed within that.
// Afterwards Esc was pressed for itself, and means nothing.
const escTime = 600

// step draws, waits and handles what came.
func (e *Editor) step() {
	if e.resized {
		e.resized = false
		e.scr.resize(e.size())
	}
	e.refresh()
	patience := -1
	if e.keys.state == inEsc {
		patience = escTime
	}
	r := await(e.cfg.TTY, e.cfg.Wake, e.visitor, patience)
	if r == 0 {
		e.keys.state = ground
		if e.lone != nil {
			e.lone()
		}
		return
	}
	if r&wakeReady != 0 {
		e.wake()
		return
	}
	for n := 0; n < burst && !e.done; n++ {
		e.input()
		if await(e.cfg.TTY, -1, -1, 0)&inputReady == 0 {
			return
		}
	}
}

// input reads one byte, and does what it completes.
func (e *Editor) input() {
	b, ok, err := readByte(e.cfg.TTY)
	switch {
	case err == unix.EINTR || err == unix.EAGAIN:
		return
	case err == unix.EIO && !e.term.foreground():
		e.end(ErrBackground)
		return
	case err == unix.EIO || err == nil && !ok:
		e.end(ErrHangup)
		return
	case err != nil:
		e.end(err)
		return
	}
	quoted := e.keys.literal
	var space [4]key
	for _, k := range e.keys.feed(b, space[:0]) {
		e.press(k)
	}
	if quoted && !e.keys.literal {
		e.term.exactly(false)
	}
	if s, ok := e.modal.(*search); ok && e.keys.state == inEsc {
		s.accept(e) // ESC ends a search at once, not with the key after it
	}
}

// press does what a key means.
func (e *Editor) press(k key) {
	if e.done {
		return
	}
	if e.modal != nil && e.modal.key(e, k) {
		return
	}
	e.this = didOther
	e.command(k)
	e.last = e.this
}

func (e *Editor) end(err error) { e.done, e.err = true, err }

// wake asks the shell what there is.
func (e *Editor) wake() {
	notice, action := "", Continue
	if e.cfg.OnWake != nil {
		notice, action = e.cfg.OnWake()
	}
	if e.term.again() { // stopped and continued, by someone who set other modes
		e.scr.out = append(e.scr.out, "\x1b[?2004h"...)
		e.scr.below()
	}
	if notice != "" {
		e.scr.erase()
		e.scr.out = appendLines(e.scr.out, notice)
	}
	switch action {
	case Interrupt:
		e.end(ErrInterrupt)
	case Quit:
		e.end(ErrHangup)
	case Pause:
		e.paused = true
		e.end(ErrPaused)
	}
}

// appendLines appends text whose lines end in CR LF, the last one too.
func appendLines(out []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			out = append(out, '\r')
		}
		out = append(out, text[i])
	}
	if text[len(text)-1] != '\n' {
		out = append(out, "\r\n"...)
	}
	return out
}

// show draws what has changed.
func (e *Editor) show() {
	prompt, text, pos := e.prompt, e.buf.text, e.buf.pos
	if e.modal != nil {
		prompt, text, pos = e.modal.view(e)
	}
	e.scr.show(draw(prompt, text, pos, e.scr.cols, e.cfg.NoColor))
}

// refresh makes the terminal show it, and rings the bell if it should.
func (e *Editor) refresh() {
	e.show()
	if e.bell {
		e.bell = false
		e.scr.out = append(e.scr.out, 7)
	}
	e.flush()
}

func (e *Editor) flush() {
	if err := write(e.cfg.Out, e.scr.out); err != nil && !e.done {
		if err == unix.EIO {
			err = ErrHangup
		}
		e.end(err)
	}
	e.scr.out = e.scr.out[:0]
}

// finish leaves the terminal to the shell, and tells how the line ended.
func (e *Editor) finish() (string, error) {
	line := string(e.buf.text)
	if e.err == ErrHangup {
		return line, e.err
	}
	if e.err == ErrPaused {
		e.scr.erase()
		e.scr.out = append(e.scr.out, "\x1b[?2004l"...)
		e.term.restore()
		e.flush()
		return "", e.err
	}
	e.modal = nil
	e.scr.show(draw(e.prompt, e.buf.text, len(e.buf.text), e.scr.cols, e.cfg.NoColor))
	switch e.err {
	case ErrInterrupt:
		e.scr.out = append(e.scr.out, "^C\r\n"...)
	case nil:
		e.scr.out = append(e.scr.out, "\r\n"...)
	}
	e.scr.out = append(e.scr.out, "\x1b[?2004l"...)
	// First the modes: who sees the new row may type to the next program.
	e.term.restore()
	e.flush()
	return line, e.err
}

package edit

// buffer is the text being edited and the cursor, a byte offset. It stands
// between two clusters, but while one is being typed: its parts come one by
// one, and may for a moment join with what follows. It can undo.
type buffer struct {
	text   []byte
	pos    int
	undo   []snapshot
	bytes  int // held by undo
	typing bool
}

type snapshot struct {
	text string
	pos  int
}

// maxUndo bounds the memory that undo takes.
const maxUndo = 4 << 20

func (b *buffer) reset(text string) {
	*b = buffer{text: append(b.text[:0], text...), pos: len(text), undo: b.undo[:0]}
}

// checkpoint is called before a change that undo takes back in one step.
func (b *buffer) checkpoint() {
	b.typing = false
	b.undo = append(b.undo, snapshot{string(b.text), b.pos})
	b.bytes += len(b.text)
	for b.bytes > maxUndo && len(b.undo) > 1 {
		b.bytes -= len(b.undo[0].text)
		b.undo = b.undo[1:]
	}
}

// back takes the last change back. It reports false when there is none.
func (b *buffer) back() bool {
	b.typing = false
	if len(b.undo) == 0 {
		return false
	}
	s := b.undo[len(b.undo)-1]
	b.undo = b.undo[:len(b.undo)-1]
	b.bytes -= len(s.text)
	b.text = append(b.text[:0], s.text...)
	b.pos = s.pos
	return true
}

// typed inserts what a key stands for. Undo takes back a word at a time.
func (b *buffer) typed(text []byte) {
	newWord := isBlank(text[0]) && b.pos > 0 && !isBlank(b.text[b.pos-1])
	if !b.typing || newWord {
		b.checkpoint()
	}
	b.put(text)
	b.typing = true
}

// insert inserts text as one change.
func (b *buffer) insert(text []byte) {
	if len(text) > 0 {
		b.checkpoint()
		b.put(text)
	}
}

func (b *buffer) put(text []byte) {
	n := len(b.text)
	b.text = append(b.text, text...)
	if b.pos < n {
		added := append([]byte(nil), text...)
		copy(b.text[b.pos+len(added):], b.text[b.pos:n])
		copy(b.text[b.pos:], added)
	}
	b.pos += len(text)
}

// rest is called before anything but typing: no cluster is being typed.
func (b *buffer) rest() {
	b.typing = false
	b.pos = snap(b.text, b.pos)
}

// replace puts text in the place of [from, to) and the cursor behind it.
func (b *buffer) replace(from, to int, text string) {
	b.checkpoint()
	tail := string(b.text[to:])
	b.text = append(append(b.text[:from], text...), tail...)
	b.pos = snap(b.text, from+len(text))
}

// cut removes [from, to) and returns it. The cursor ends at from.
func (b *buffer) cut(from, to int) []byte {
	if from >= to {
		return nil
	}
	b.checkpoint()
	out := append([]byte(nil), b.text[from:to]...)
	b.text = append(b.text[:from], b.text[to:]...)
	b.pos = snap(b.text, from)
	return out
}

// transpose swaps the two clusters before the cursor at the end of a line,
// and elsewhere those on both sides of it, which it then passes.
func (b *buffer) transpose() bool {
	mid, end := b.pos, nextCluster(b.text, b.pos)
	if mid == len(b.text) || b.text[mid] == '\n' {
		end = mid
		mid = prevCluster(b.text, end)
	}
	start := prevCluster(b.text, mid)
	if start == mid || mid == end || b.text[start] == '\n' || b.text[mid] == '\n' {
		return false
	}
	b.replace(start, end, string(b.text[mid:end])+string(b.text[start:mid]))
	return true
}

// killRing keeps what was cut. Kills that follow each other make one entry.
type killRing struct {
	entries []string
	at      int // the entry that M-y inserted last, counted from the newest
}

const maxKills = 60

func (k *killRing) add(s string, more, before bool) {
	k.at = 0
	n := len(k.entries)
	switch {
	case !more || n == 0:
		if n == maxKills {
			k.entries = append(k.entries[:0], k.entries[1:]...)
		}
		k.entries = append(k.entries, s)
	case before:
		k.entries[n-1] = s + k.entries[n-1]
	default:
		k.entries[n-1] += s
	}
}

// text is the entry that is to be inserted; empty if there is none.
func (k *killRing) text() string {
	if len(k.entries) == 0 {
		return ""
	}
	return k.entries[len(k.entries)-1-k.at]
}

func (k *killRing) rotate() { k.at = (k.at + 1) % max(1, len(k.entries)) }

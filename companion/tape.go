package companion

// tape keeps the newest part of the stream, for readers that come later. It is
// cut into pieces that each begin with a whole frame, so that the oldest can be
// dropped.
type tape struct {
	limit  int
	size   int
	pieces []piece
}

type piece struct {
	lines    []byte
	episodes int // command lines before it
}

// pieceSize is when a new piece begins: several whole frames of an ordinary
// machine.
const pieceSize = 256 << 10

// full says that a new piece is to begin.
func (t *tape) full() bool {
	n := len(t.pieces)
	return n == 0 || len(t.pieces[n-1].lines) >= min(pieceSize, t.limit/4)
}

func (t *tape) begin(whole []byte, episodes int) {
	t.pieces = append(t.pieces, piece{whole, episodes})
	t.size += len(whole)
}

func (t *tape) add(line []byte) {
	p := &t.pieces[len(t.pieces)-1]
	p.lines = append(p.lines, line...)
	t.size += len(line)
	for t.size > t.limit && len(t.pieces) > 1 {
		t.size -= len(t.pieces[0].lines)
		t.pieces[0].lines = nil
		t.pieces = t.pieces[1:]
	}
}

// all is everything that is kept, and how many command lines came before.
func (t *tape) all() (lines []byte, episodes int) {
	if len(t.pieces) == 0 {
		return nil, 0
	}
	lines = make([]byte, 0, t.size)
	for _, p := range t.pieces {
		lines = append(lines, p.lines...)
	}
	return lines, t.pieces[0].episodes
}

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
	whole    int // bytes of the frame that it begins with
	episodes int // command lines before it
}

// pieceSize is how much follows a whole frame before the next one. On a machine
// with thousands of processes it is as much as the frame itself: else each line
// would cost one.
const pieceSize = 256 << 10

// full says that a new piece is to begin.
func (t *tape) full() bool {
	if len(t.pieces) == 0 {
		return true
	}
	p := &t.pieces[len(t.pieces)-1]
	return len(p.lines)-p.whole >= max(min(pieceSize, t.limit/4), p.whole)
}

func (t *tape) begin(whole []byte, episodes int) {
	t.pieces = append(t.pieces, piece{whole, len(whole), episodes})
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

package edit

import (
	"math/rand"
	"testing"
)

// TestScreen changes from one random picture to another, without a terminal:
// two models must show each as the naive editor says.
func TestScreen(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for round := range 2000 {
		cols, rows := 1+rng.Intn(14), 1+rng.Intn(7)
		plain, joined := newModel(cols, rows, false), newModel(cols, rows, true)
		s := screen{cols: cols, rows: rows}
		prompt := prompts[rng.Intn(len(prompts))]
		n := newNaive(nil)
		for change := range 12 {
			for range rng.Intn(4) {
				from := texts
				switch rng.Intn(4) {
				case 0:
					from = moves
				case 1:
					from = cuts
				}
				n.press(from[rng.Intn(len(from))])
			}
			switch rng.Intn(20) {
			case 0:
				prompt = prompts[rng.Intn(len(prompts))]
			case 1:
				s.out = append(s.out, "\x1b[H\x1b[2J"...)
				s.forget()
			}
			at := 0
			for _, u := range n.unit[:n.pos] {
				at += len(u)
			}
			s.show(draw(prompt, []byte(n.text()), at, cols, round%2 == 0))
			for _, m := range []*model{plain, joined} {
				m.write(s.out)
				m.paste = true
				if !matches(m, n, PlainPrompt(prompt), "", true) {
					want, y, x := n.shown(PlainPrompt(prompt), cols, m.clusters)
					t.Fatalf("round %d, change %d, %d×%d, clusters %v: shown, cursor %d,%d:\n%s\nwant %q, cursor %d,%d\nwritten %q",
						round, change, cols, rows, m.clusters, m.y, m.x, m.text(), want, y, x, s.out)
				}
			}
			s.out = s.out[:0]
		}
	}
}
